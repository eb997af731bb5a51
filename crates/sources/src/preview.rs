//! What would be taken in of a source, before anything is written.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::about::{is_excluded_by_head, judge};
use crate::listing::{Listed, Listing};
use crate::markdown::fragment_markdown;
use crate::post_file::NewPost;
use crate::source_list::Source;

/// What would be taken in of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// The number of posts that it lists.
    pub total: usize,
    /// The number of posts that would be taken in, by the event that they are about; `""` without an event.
    pub events: BTreeMap<String, usize>,
    /// Posts that would be taken in: title and event.
    pub taken: Vec<(String, Option<String>)>,
    /// Posts that would be left out: title and reason.
    pub left_out: Vec<(String, String)>,
    /// The number of posts whose pages must be read first.
    pub unread: usize,
}

impl Preview {
    /// Judges the posts of a listing whose text is known.
    #[must_use]
    pub fn new(listing: &Listing, source: &Source, now: Timestamp) -> Self {
        let mut preview = Self { total: listing.entries.len(), ..Self::default() };
        for listed in &listing.entries {
            let title = listed.title.clone().unwrap_or_else(|| listed.url.to_string());
            if let Some(reason) = is_excluded_by_head(listed, source) {
                preview.left_out.push((title, reason));
                continue;
            }
            let Some(markdown) = known_text(listed) else {
                preview.unread += 1;
                continue;
            };
            let post = NewPost {
                url: listed.url.clone(),
                title: listed.title.clone(),
                authors: listed.authors.clone(),
                date: listed.date,
                licence: listed.licence.clone(),
                markdown,
            };
            let judged = judge(&post, source, now);
            if let Some(reason) = judged.reason {
                preview.left_out.push((title, reason));
                continue;
            }
            let event = judged.event.map(|event| event.name);
            *preview.events.entry(event.clone().unwrap_or_default()).or_default() += 1;
            preview.taken.push((title, event));
        }
        preview
    }

    /// The number of posts that would be taken in, as far as it is known.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.taken.len()
    }
}

fn known_text(listed: &Listed) -> Option<String> {
    let from_html =
        || listed.html.as_deref().map(|html| fragment_markdown(html, &listed.url).unwrap_or_default());
    listed.markdown.clone().or_else(from_html)
}
