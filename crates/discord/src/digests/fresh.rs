//! Rows that are read page by page until none is left that was not looked at, however many stay as they are.

use std::collections::HashSet;
use std::hash::Hash;

/// So many rows are held in memory at a time.
const PAGE: usize = 200;

/// Which rows were looked at.
#[derive(Debug)]
pub struct Fresh<T> {
    seen: HashSet<T>,
    /// So many of those that were looked at are still read.
    stuck: usize,
}

impl<T> Default for Fresh<T> {
    fn default() -> Self {
        Self { seen: HashSet::new(), stuck: 0 }
    }
}

impl<T: Copy + Eq + Hash> Fresh<T> {
    /// How many rows to read.
    pub fn limit(&self) -> u32 {
        u32::try_from(PAGE + self.stuck).unwrap_or(u32::MAX)
    }

    /// Those of the rows that were read that nobody has looked at, and that count as looked at from now on. `None` where
    /// there are no more.
    pub fn of<R>(&mut self, rows: Vec<R>, name: impl Fn(&R) -> T) -> Option<Vec<R>> {
        let is_all = rows.len() < PAGE + self.stuck;
        let read = rows.len();
        let fresh: Vec<R> = rows.into_iter().filter(|row| self.seen.insert(name(row))).collect();
        self.stuck = read - fresh.len();
        (!(fresh.is_empty() && is_all)).then_some(fresh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_stay_hide_no_others() {
        // 450 rows, of which every second goes away when it is looked at.
        let mut rows: Vec<u32> = (0..450).collect();
        let (mut fresh, mut looked, mut most) = (Fresh::default(), Vec::new(), 0);
        loop {
            let page: Vec<u32> = rows.iter().copied().take(fresh.limit() as usize).collect();
            most = most.max(page.len());
            let Some(page) = fresh.of(page, |row| *row) else { break };
            rows.retain(|row| row % 2 == 0 || !page.contains(row));
            looked.extend(page);
        }
        assert_eq!(looked, (0..450).collect::<Vec<_>>());
        assert!(most <= PAGE + 225, "{most}");
    }
}
