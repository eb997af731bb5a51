//! Picks lines fairly: none twice, and few of one author.

use std::collections::HashMap;
use std::sync::Arc;

use super::lines::{Line, author_key};
use crate::select::ContentFingerprint;
use takeaways_text::model::{Post, Span};

/// The lines that are already shown.
#[derive(Default)]
pub(super) struct PickedLines {
    shown: Vec<ContentFingerprint>,
    places: Vec<(Arc<Post>, Span)>,
    by_author: HashMap<String, usize>,
}

impl PickedLines {
    /// Picks at most `limit` lines, the best first: at most two of an author, and more only if there are not enough.
    pub fn pick_fairly(&mut self, lines: &[Line], limit: usize) -> Vec<Line> {
        let mut picked = self.pick(lines, limit, 2);
        for per_author in [3, limit] {
            let room = limit.saturating_sub(picked.len());
            picked.extend(self.pick(lines, room, per_author));
        }
        picked
    }

    /// Lets each author have as many lines as before: another side, thing or year begins.
    pub fn begin_group(&mut self) {
        self.by_author.clear();
    }

    /// Picks at most `limit` lines of some, the best first: none twice, and at most `per_author` of an author in the
    /// group.
    pub fn pick(&mut self, lines: &[Line], limit: usize, per_author: usize) -> Vec<Line> {
        let mut picked = Vec::new();
        for line in lines {
            if picked.len() == limit {
                break;
            }
            let author = author_key(&line.post);
            if self.by_author.get(&author).is_some_and(|count| *count >= per_author)
                || self.places.iter().any(|(post, span)| line.overlaps(&post.id, *span))
            {
                continue;
            }
            let fingerprint = ContentFingerprint::new(&line.post, line.span);
            if self.shown.iter().any(|shown| fingerprint.is_duplicate_of(shown)) {
                continue;
            }
            self.shown.push(fingerprint);
            self.places.push((Arc::clone(&line.post), line.span));
            *self.by_author.entry(author).or_default() += 1;
            picked.push(line.clone());
        }
        picked
    }
}
