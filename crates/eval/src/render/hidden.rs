//! The report on questions whose answers were taken away.

use super::exam::heading;
use super::line;
use super::misses::misses;
use super::numbers::{maybe, share};
use crate::hidden::Hidden;
use takeaways_render::clean::one_line;

/// The page: lines that end with a line feed.
#[must_use]
pub fn hidden(hidden: &Hidden) -> String {
    let mut page = heading(&hidden.setting);
    page.push('\n');
    let (asked, dropped) = (hidden.rows.len(), hidden.dropped.len());
    line(
        &mut page,
        &format!("{asked} asked with their answers taken away; {dropped} left out, answered elsewhere too"),
    );
    page.push('\n');
    let mut shares = hidden.by_kind.iter().map(|(kind, found)| (format!("  {}", one_line(kind)), found));
    let all = hidden.answered.iter().map(|found| ("answered all the same".to_owned(), found));
    for (what, found) in all.chain(shares.by_ref()) {
        line(&mut page, &format!("{what:<24} {}", share(found)));
    }
    page.push('\n');
    line(
        &mut page,
        &format!("AUROC of the confidence, with or without the answers: {}", maybe(hidden.auroc.as_ref())),
    );
    page.push('\n');
    line(&mut page, "part of the questions   below, without   below, with the answers");
    for spread in &hidden.spread {
        line(&mut page, &format!("{:<23.2} {:<16.3} {:.3}", spread.below, spread.hidden, spread.there));
    }
    misses(&mut page, &hidden.misses);
    page
}
