//! Pages through open rows and skips those that were visited in this round, so that rows that stay open do not loop for
//! ever.

use std::collections::HashSet;
use std::hash::Hash;

/// The most unvisited rows in a page.
const PAGE_SIZE: usize = 200;

/// The rows that were visited.
#[derive(Debug)]
pub struct UnvisitedPages<T> {
    visited: HashSet<T>,
    /// The number of visited rows that each page reads again.
    still_open: usize,
}

impl<T> Default for UnvisitedPages<T> {
    fn default() -> Self {
        Self { visited: HashSet::new(), still_open: 0 }
    }
}

impl<T: Copy + Eq + Hash> UnvisitedPages<T> {
    /// The number of rows to read.
    pub fn limit(&self) -> u32 {
        u32::try_from(PAGE_SIZE + self.still_open).unwrap_or(u32::MAX)
    }

    /// Returns the unvisited rows of a page and marks them as visited. `None` if there are no more.
    pub fn take_unvisited<R>(&mut self, rows: Vec<R>, id: impl Fn(&R) -> T) -> Option<Vec<R>> {
        let is_all = rows.len() < PAGE_SIZE + self.still_open;
        let read = rows.len();
        let unvisited: Vec<R> = rows.into_iter().filter(|row| self.visited.insert(id(row))).collect();
        self.still_open = read - unvisited.len();
        (!(unvisited.is_empty() && is_all)).then_some(unvisited)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_stay_hide_no_others() {
        // 450 rows, of which every second one is closed when it is visited.
        let mut rows: Vec<u32> = (0..450).collect();
        let (mut pages, mut looked, mut most) = (UnvisitedPages::default(), Vec::new(), 0);
        loop {
            let page: Vec<u32> = rows.iter().copied().take(pages.limit() as usize).collect();
            most = most.max(page.len());
            let Some(page) = pages.take_unvisited(page, |row| *row) else { break };
            rows.retain(|row| row % 2 == 0 || !page.contains(row));
            looked.extend(page);
        }
        assert_eq!(looked, (0..450).collect::<Vec<_>>());
        assert!(most <= PAGE_SIZE + 225, "{most}");
    }
}
