//! Reports of measurements as people read them: plain text in columns, at most 100 wide but for long names.

mod collection;
mod comparison;
mod exam;
mod fit;
mod hidden;
mod misses;
mod numbers;

use std::fmt::Write;

pub use collection::collection;
pub use comparison::comparison;
pub use exam::exam;
pub use fit::fit;
pub use hidden::hidden;

/// Adds a line to a page.
fn line(page: &mut String, text: &str) {
    // Writing to a `String` does not fail.
    let _ = writeln!(page, "{}", text.trim_end());
}
