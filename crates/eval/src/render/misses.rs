//! What went wrong, question by question.

use super::line;
use crate::miss::{Miss, Wanted};
use takeaways_render::clean::one_line;

/// What was asked, wanted and shown.
pub(super) fn misses(page: &mut String, misses: &[Miss]) {
    for miss in misses {
        page.push('\n');
        line(
            page,
            &format!("{} ({}) {}", one_line(&miss.id), one_line(&miss.kind), one_line(&miss.question)),
        );
        line(page, &format!("  wanted  {}", wanted(&miss.wanted)));
        line(page, &format!("  {} with a confidence of {:.3}", verdict(miss), miss.confidence));
        for (at, shown) in miss.shown.iter().enumerate() {
            let mark = if miss.best_rank == Some(at + 1) { "right →" } else { "" };
            let place = format!("{mark:>7} {}.", at + 1);
            line(page, &format!("{place} {}: {}", one_line(&shown.file), one_line(&shown.quote)));
        }
    }
}

fn wanted(wanted: &Wanted) -> String {
    if wanted.posts.is_empty() {
        return "no answer".to_owned();
    }
    let one = |pattern: &String| format!("/{}/", one_line(pattern));
    let any: Vec<String> = wanted.any.iter().map(one).collect();
    format!("{} of {}", any.join(" or "), one_line(&wanted.posts.join(" or ")))
}

fn verdict(miss: &Miss) -> &'static str {
    match (miss.refused, miss.shown.is_empty()) {
        (true, true) => "refused, with nothing to show,",
        (true, false) => "refused",
        (false, _) => "shown",
    }
}
