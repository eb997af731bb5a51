//! Picks lines fairly: none twice, and few of one author.

use std::collections::HashMap;
use std::sync::Arc;

use super::lines::Line;
use crate::{engine::AnswerLimits, select::ContentFingerprint};
use takeaways_corpus::points::width;
use takeaways_search::fold_name;
use takeaways_text::model::{Post, Span};

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
        Self::with_max_width(limits.line.into())
    }

    /// No lines yet, of any length.
    pub fn of_any_length() -> Self {
        Self::with_max_width(f32::INFINITY)
    }

    fn with_max_width(max_width: f32) -> Self {
        Self { max_width, shown: Vec::new(), places: Vec::new(), by_author: HashMap::new() }
    }

    /// Picks at most `limit` lines, the best first: at most two of an author, and more only if there are not enough.
    pub fn pick_fairly(&mut self, lines: &[Line], limit: usize) -> Vec<Line> {
        let mut picked = Vec::new();
        for per_author in [2, 3, limit] {
            let room = limit.saturating_sub(picked.len());
            picked.extend(self.pick_short(lines, room, per_author, limit));
        }
        picked
    }

    /// Lets each author have as many lines as before: another side, thing or year begins.
    pub fn begin_group(&mut self) {
        self.by_author.clear();
    }

    /// Picks at most `limit` lines of some, the best first: none twice, none that is too long but for the first line of the
    /// answer, and at most `per_author` of an author in the group.
    pub fn pick(&mut self, lines: &[Line], limit: usize, per_author: usize) -> Vec<Line> {
        self.pick_short(lines, limit, per_author, limit)
    }

    /// Picks lines like [`Self::pick`] for a group that would be missed, such as a side: the shortest of its best lines if
    /// they are too long, also of an author with enough lines.
    pub fn pick_or_shortest(&mut self, lines: &[Line], limit: usize, per_author: usize) -> Vec<Line> {
        let picked = self.pick(lines, limit, per_author);
        if !picked.is_empty() {
            return picked;
        }
        let long = lines.iter().filter(|line| self.is_too_long(line));
        let new = long.filter_map(|line| Some((line, self.fingerprint(line)?))).take(limit);
        let shortest = new.min_by(|a, b| width(a.0.text()).total_cmp(&width(b.0.text())));
        let Some((line, fingerprint)) = shortest else { return picked };
        self.add(line, fingerprint);
        vec![line.clone()]
    }

    /// Picks lines that are short enough. It goes on after at most `max_long` others: a short line far below the best ones
    /// is worse than none.
    fn pick_short(&mut self, lines: &[Line], limit: usize, per_author: usize, max_long: usize) -> Vec<Line> {
        let (mut picked, mut long) = (Vec::new(), 0);
        for line in lines {
            if picked.len() == limit || long > max_long {
                break;
            }
            if self.by_author.get(&author_key(&line.post)).is_some_and(|count| *count >= per_author) {
                continue;
            }
            let Some(fingerprint) = self.fingerprint(line) else { continue };
            // The first line of an answer is the best one: it may be long.
            if self.is_too_long(line) && !self.shown.is_empty() {
                long += 1;
                continue;
            }
            self.add(line, fingerprint);
            picked.push(line.clone());
        }
        picked
    }

    fn is_too_long(&self, line: &Line) -> bool {
        width(line.text()) > self.max_width
    }

    /// The fingerprint of a line; `None` if it is shown, or one that says the same.
    fn fingerprint(&self, line: &Line) -> Option<ContentFingerprint> {
        if self.places.iter().any(|(post, span)| line.overlaps(&post.id, *span)) {
            return None;
        }
        let fingerprint = ContentFingerprint::new(&line.post, line.span);
        let is_shown = self.shown.iter().any(|shown| fingerprint.is_duplicate_of(shown));
        (!is_shown).then_some(fingerprint)
    }

    fn add(&mut self, line: &Line, fingerprint: ContentFingerprint) {
        self.shown.push(fingerprint);
        self.places.push((Arc::clone(&line.post), line.span));
        *self.by_author.entry(author_key(&line.post)).or_default() += 1;
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

/// The lines of several lists in turn: the first of each, then the second of each.
pub(super) fn in_turn(lists: impl IntoIterator<Item = Vec<Line>>) -> Vec<Line> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut lines = Vec::new();
    loop {
        let before = lines.len();
        lines.extend(lists.iter_mut().filter_map(Iterator::next));
        if lines.len() == before {
            return lines;
        }
    }
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
    fn long_lines_are_shown_only_first_and_where_all_are() {
        let limits = AnswerLimits { excerpts: 3, line: 200 };
        let after_first = || {
            let mut picked = PickedLines::new(limits);
            assert_eq!(lengths(&picked.pick(&lines(&[100, 150]), 1, 1)), [100]);
            picked
        };
        let some = lines(&[290, 150, 250, 200, 201]);
        let mut picked = after_first();
        assert_eq!(lengths(&picked.pick_fairly(&some, 5)), [150, 200]);
        assert_eq!(lengths(&picked.pick_fairly(&some, 3)), [0; 0], "the others would not be missed");
        assert_eq!(lengths(&picked.pick_or_shortest(&some, 3, 1)), [201], "a side would be missed");
        let far = lines(&[290, 250, 270, 150]);
        assert_eq!(lengths(&after_first().pick(&far, 1, 1)), [0; 0], "it is not as good");
        assert_eq!(lengths(&after_first().pick(&far, 3, 1)), [150]);
        let long = lines(&[290, 250, 270]);
        assert_eq!(lengths(&after_first().pick(&long, 3, 3)), [0; 0]);
        assert_eq!(lengths(&after_first().pick_or_shortest(&long, 3, 3)), [250]);
        assert_eq!(lengths(&PickedLines::new(limits).pick_fairly(&some, 5)), [290, 150, 200], "the best");
        assert_eq!(lengths(&PickedLines::of_any_length().pick_fairly(&some, 5)), [290, 150, 250, 200, 201]);
    }
}
