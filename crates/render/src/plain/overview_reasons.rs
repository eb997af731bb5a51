//! Renders why an overview has its themes and its lines.

use anstyle::Style;

use super::{TerminalStyle, TextPage, wording};
use crate::terminal_text::clean_line;
use takeaways_text::model::{Overview, Reason};

/// Renders why each theme and each line of an overview was taken: what its score adds up from.
pub fn overview_reasons(overview: &Overview, style: TerminalStyle) -> String {
    let mut page = TextPage::new(style, &[], overview.language);
    page.push_wrapped("", "Why these lines: what their scores add up from.", page.bold());
    for group in &overview.groups {
        let title = wording::group_title(group, overview).map(|title| clean_line(&title));
        let sum = (!group.reasons.is_empty()).then(|| sum_of(&group.reasons));
        let head: Vec<String> = title.into_iter().chain(sum).collect();
        if !head.is_empty() {
            page.lines.push(String::new());
            page.push_wrapped("", &head.join(": "), Style::new());
        }
        for at in group.lines.clone() {
            let Some(reasons) = overview.reasons.get(at) else { continue };
            page.push_wrapped("  ", &format!("{}. {}", at + 1, sum_of(reasons)), Style::new());
        }
    }
    page.lines.join("\n") + "\n"
}

/// A sum with its terms: `2.10 = 1.70 a good quote + 0.40 mentions the event`.
fn sum_of(reasons: &[Reason]) -> String {
    let sum: f32 = reasons.iter().map(|reason| reason.value).sum();
    let term = |reason: &Reason| format!("{:.2} {}", reason.value, reason.kind.meaning());
    format!("{sum:.2} = {}", reasons.iter().map(term).collect::<Vec<_>>().join(" + "))
}
