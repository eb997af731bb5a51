//! Posts that a digest does not hold, and why.

use std::sync::Arc;

use jiff::Timestamp;

use super::DigestPost;
use takeaways_text::model::PostId;

/// A post that a digest does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct OmittedPost {
    /// The post.
    pub post: Arc<DigestPost>,
    /// Why it is not in the digest.
    pub reason: OmissionReason,
}

impl OmittedPost {
    /// A post that may not be posted at a time; `None` for one that may.
    #[must_use]
    pub fn unpublished(recap: &Arc<DigestPost>, now: Timestamp) -> Option<Self> {
        Some(Self { reason: recap.unpublished_reason(now)?, post: Arc::clone(recap) })
    }
}

/// Why a digest does not hold a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OmissionReason {
    /// A digest before held it, or passed it over.
    Delivered,
    /// It was there before the subscription was made.
    SeenBefore,
    /// It is about another event.
    OtherEvent,
    /// It is not about the topic.
    OtherTopic,
    /// Somebody else wrote it.
    OtherAuthor,
    /// It is in another language.
    OtherLanguage,
    /// It is none of several things that somebody follows.
    NotFollowed,
    /// It is a draft.
    Draft,
    /// It is not out before this time.
    Scheduled(Timestamp),
    /// It says the same as another post that the digest holds.
    SameAs(PostId),
    /// It was not first seen, or is not dated, within the days that were asked for.
    OtherDays,
    /// It has no date, and days were asked for.
    Undated,
    /// It is in the digest, behind the button.
    BehindButton,
}
