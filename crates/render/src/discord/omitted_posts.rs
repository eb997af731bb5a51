//! What a preview leaves out, and why: how many for each reason, and the first of them.

use super::help::pluralise;
use super::message::{Embed, MAX_DESCRIPTION, MessagePayload, utf16_length};
use super::subscriptions::capitalise;
use super::{escape_name, escape_truncated};
use crate::wording;
use takeaways_digest::{OmissionReason, OmittedPost};

/// The edge of what is not in a digest: grey.
const EMBED_COLOR: u32 = 0x8A_8F_98;
/// So many posts are named for each reason.
const MAX_NAMED: usize = 5;

/// Each post that a digest leaves out with its reason, as far as there is room: the posts of a reason together, those of the
/// rarest reason first, since they tell most.
#[must_use]
pub fn omitted_posts(all: &[OmittedPost]) -> MessagePayload {
    if all.is_empty() {
        return MessagePayload::from_text("Nothing is left out.".to_owned(), None);
    }
    let mut reasons: Vec<(String, Vec<&OmittedPost>)> = Vec::new();
    for post in all {
        let why = reason_heading(&post.reason);
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, posts)) => posts.push(post),
            None => reasons.push((why, vec![post])),
        }
    }
    reasons.sort_by_key(|(_, posts)| posts.len());
    let content = format!("Left out: {}.", pluralise(all.len() as u64, "post"));
    let mut named = MAX_NAMED;
    loop {
        let description = reason_lines(&reasons, named);
        if utf16_length(&description) <= MAX_DESCRIPTION || named == 0 {
            return MessagePayload {
                content,
                embeds: vec![Embed { description, color: EMBED_COLOR }],
                ..MessagePayload::default()
            };
        }
        named -= 1;
    }
}

/// Each reason with its number of posts and the first of them.
fn reason_lines(reasons: &[(String, Vec<&OmittedPost>)], named: usize) -> String {
    let mut lines = Vec::new();
    for (why, posts) in reasons {
        lines.push(format!("**{}** – {}", pluralise(posts.len() as u64, "post"), escape_truncated(why)));
        lines.extend(posts.iter().take(named).map(|post| post_line(post)));
        let more = posts.len().saturating_sub(named);
        lines.extend((more > 0 && named > 0).then(|| format!("- and {more} more")));
    }
    lines.join("\n")
}

fn post_line(post: &OmittedPost) -> String {
    let title = escape_name(post.post.metadata.display_title());
    match &post.reason {
        OmissionReason::SameAs(other) => format!("- {title}: as {}", escape_name(&other.to_string())),
        OmissionReason::Scheduled(from) => format!("- {title}: <t:{}:D>", from.as_second()),
        _ => format!("- {title}"),
    }
}

/// A reason without what differs from post to post.
fn reason_heading(why: &OmissionReason) -> String {
    capitalise(&match why {
        OmissionReason::SameAs(_) => "it says the same as another one that the digest holds".to_owned(),
        OmissionReason::Scheduled(_) => "it is not published yet".to_owned(),
        other => wording::omission_reason(other),
    })
}
