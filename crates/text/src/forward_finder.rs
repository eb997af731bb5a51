//! Finds closing marks from increasing positions, in linear time altogether.

/// Finds the next place of a mark. The positions must not decrease.
#[derive(Debug, Clone)]
pub(crate) struct ForwardFinder<'a> {
    text: &'a str,
    mark: &'static str,
    from: usize,
    found: Option<usize>,
}

impl<'a> ForwardFinder<'a> {
    /// A finder of `mark` in `text`.
    pub(crate) fn new(text: &'a str, mark: &'static str) -> Self {
        Self { text, mark, from: 0, found: text.find(mark) }
    }

    /// The first place of the mark at or after `from`.
    pub(crate) fn find_from(&mut self, from: usize) -> Option<usize> {
        if from < self.from || self.found.is_some_and(|found| found < from) {
            self.found = self.text.get(from..).and_then(|rest| rest.find(self.mark)).map(|at| from + at);
            self.from = from;
        }
        self.found
    }

    /// The mark.
    pub(crate) fn mark(&self) -> &'static str {
        self.mark
    }
}
