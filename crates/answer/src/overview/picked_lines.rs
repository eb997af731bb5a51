//! Picks lines fairly: none twice, and few of one author.

use std::collections::HashMap;
use std::sync::Arc;

use super::lines::Line;
use crate::{engine::AnswerLimits, select::ContentFingerprint};
use takeaways_corpus::points::width;
use takeaways_search::fold_name;
use takeaways_text::model::{Post, Span};

/// How many lines are looked at for each that is wanted, where some are too long.
const LINES_FOR_EACH: usize = 2;

/// The lines that are already shown.
pub(super) struct PickedLines {
    /// The maximum width of a line; see [`AnswerLimits::line`].
    max_width: f32,
    shown: Vec<ContentFingerprint>,
    places: Vec<(Arc<Post>, Span)>,
    by_author: HashMap<String, usize>,
}

impl PickedLines {
    /// No lines yet, for an answer with these limits.
    pub fn new(limits: AnswerLimits) -> Self {
        let max_width = limits.line.into();
        Self { max_width, shown: Vec::new(), places: Vec::new(), by_author: HashMap::new() }
    }

    /// No lines yet, of any length.
    pub fn of_any_length() -> Self {
        Self::new(usize::MAX.into())
    }

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

    /// Picks at most `limit` lines of some, the best first: none twice, none that is too long, and at most `per_author` of
    /// an author in the group. Only the best [`LINES_FOR_EACH`] times as many are looked at, since a short line is no better
    /// than a long one.
    pub fn pick(&mut self, lines: &[Line], limit: usize, per_author: usize) -> Vec<Line> {
        self.pick_from(lines, limit, per_author, self.max_width)
    }

    /// Picks lines like [`Self::pick`] for a group that would be missed, such as a side: the shortest of its best lines if
    /// they are too long.
    pub fn pick_some(&mut self, lines: &[Line], limit: usize, per_author: usize) -> Vec<Line> {
        let picked = self.pick(lines, limit, per_author);
        if !picked.is_empty() {
            return picked;
        }
        let mut by_width: Vec<&Line> = lines.iter().take(LINES_FOR_EACH * limit).collect();
        by_width.sort_by(|a, b| width(a.text()).total_cmp(&width(b.text())));
        self.pick_from(by_width, limit.min(1), per_author, f32::INFINITY)
    }

    fn pick_from<'l>(
        &mut self,
        lines: impl IntoIterator<Item = &'l Line>,
        limit: usize,
        per_author: usize,
        max_width: f32,
    ) -> Vec<Line> {
        let (mut picked, mut seen) = (Vec::new(), 0);
        for line in lines {
            if picked.len() == limit || seen == LINES_FOR_EACH * limit {
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
            seen += 1;
            if width(line.text()) > max_width {
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

/// The name of the authors of a post, as it is compared.
pub(super) fn author_name(post: &Post) -> Option<String> {
    post.byline().map(|byline| fold_name(&byline))
}

/// What stands for the authors of a post. Posts without an author are of different ones.
pub(super) fn author_key(post: &Arc<Post>) -> String {
    author_name(post).unwrap_or_else(|| post.id.0.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::post;

    /// A line for each number of characters, each of another author, in this order.
    fn lines(lengths: &[usize]) -> Vec<Line> {
        let line = |length: &usize| {
            let words = "Meshes are a lot of work for everyone in every team. ".repeat(9);
            let text = format!("{}{length}.", &words[..length - 4]);
            let post = post(&format!("{length}.md"), &text);
            Line::at(&post, post.body.blocks[0].span)
        };
        lengths.iter().map(line).collect()
    }

    fn lengths(lines: &[Line]) -> Vec<usize> {
        lines.iter().map(|line| line.text().len()).collect()
    }

    #[test]
    fn long_lines_are_shown_only_where_all_are() {
        let limits = AnswerLimits { excerpts: 3, line: 200 };
        let some = lines(&[290, 150, 250, 200, 201]);
        let mut picked = PickedLines::new(limits);
        assert_eq!(lengths(&picked.pick_fairly(&some, 5)), [150, 200]);
        assert_eq!(lengths(&picked.pick_fairly(&some, 3)), [0; 0], "the others would not be missed");
        assert_eq!(lengths(&picked.pick_some(&some, 3, 1)), [201], "a side would be missed");
        let far = lines(&[290, 250, 270, 150]);
        assert_eq!(lengths(&PickedLines::new(limits).pick(&far, 1, 1)), [0; 0], "it is not as good");
        assert_eq!(lengths(&PickedLines::new(limits).pick(&far, 2, 1)), [150]);
        let long = lines(&[290, 250, 270]);
        assert_eq!(lengths(&PickedLines::new(limits).pick(&long, 3, 3)), [0; 0]);
        assert_eq!(lengths(&PickedLines::new(limits).pick_some(&long, 3, 3)), [250]);
        assert_eq!(lengths(&PickedLines::of_any_length().pick_fairly(&some, 5)), [290, 150, 250, 200, 201]);
    }
}
