//! What changed between two reports.

use super::line;
use crate::comparison::{Comparison, Difference};
use takeaways_render::clean::one_line;

/// So many questions are named; the JSON has all.
const NAMED: usize = 12;

/// The page: lines that end with a line feed.
#[must_use]
pub fn comparison(comparison: &Comparison) -> String {
    let mut page = String::new();
    line(&mut page, &format!("{} questions in both reports", comparison.common));
    for (which, ids) in [("first", &comparison.only_before), ("second", &comparison.only_after)] {
        if !ids.is_empty() {
            line(&mut page, &format!("only in the {which}: {}", named(ids)));
        }
    }
    page.push('\n');
    line(&mut page, "metric           n   before    after   change      p   rose   fell");
    for found in &comparison.metrics {
        let Difference { questions, before, after, difference, p, .. } = found;
        let (name, rose, fell) = (one_line(&found.metric), found.rose.len(), found.fell.len());
        line(
            &mut page,
            &format!(
                "{name:<13} {questions:>4}   {before:>6.4}   {after:>6.4}  {difference:>+7.4}  {p:>5.3}   {rose:>4}   {fell:>4}"
            ),
        );
    }
    page.push('\n');
    line(
        &mut page,
        "p: two-sided, by 10,000 random signs of the differences; one metric in twenty is below 0.05 by luck",
    );
    for found in &comparison.metrics {
        for (how, ids) in [("rose", &found.rose), ("fell", &found.fell)] {
            if !ids.is_empty() {
                line(&mut page, &format!("{} {how}: {}", one_line(&found.metric), named(ids)));
            }
        }
    }
    page
}

fn named(ids: &[String]) -> String {
    let mut names: Vec<String> = ids.iter().take(NAMED).map(|id| one_line(id)).collect();
    let more = ids.len().saturating_sub(NAMED);
    names.extend((more > 0).then(|| format!("and {more} more")));
    names.join(", ")
}
