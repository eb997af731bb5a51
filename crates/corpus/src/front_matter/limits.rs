//! Counts what front matter holds while it is taken in.

use super::{Fault, FaultKind, MAX_DEPTH, MAX_KEYS};

/// What is left of the limits.
pub(super) struct Limits {
    values: usize,
    depth: usize,
}

impl Limits {
    pub(super) fn new() -> Self {
        Self { values: 0, depth: 0 }
    }

    /// Before a name or an item of a list.
    pub(super) fn value(&mut self) -> Result<(), Fault> {
        self.values += 1;
        // Items of lists are cheap next to maps; a list of tags may be long.
        if self.values > 8 * MAX_KEYS { Err(too(FaultKind::TooMany)) } else { Ok(()) }
    }

    /// Before a map of so many names.
    pub(super) fn map(&mut self, names: usize) -> Result<(), Fault> {
        self.values += 8 * names;
        if self.values > 8 * MAX_KEYS { Err(too(FaultKind::TooMany)) } else { Ok(()) }
    }

    /// Around what stands in a list or map.
    pub(super) fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(too(FaultKind::TooDeep));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }
}

fn too(kind: FaultKind) -> Fault {
    Fault { line: 1, kind }
}
