//! Problems with the markup of a source text.

/// A part of a source text that was not read as intended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkupProblem {
    /// The line in the source text, from 1.
    pub line: Option<u32>,
    /// What is wrong.
    pub kind: MarkupProblemKind,
}

/// The kinds of problems with markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkupProblemKind {
    /// Nested deeper than the limit; the rest was read as if it stood at the limit.
    TooDeep {
        /// The limit.
        limit: u8,
    },
    /// More blocks than the limit; the rest was left out.
    TooManyBlocks {
        /// The limit.
        limit: u32,
    },
}
