//! Why an answer is what it is, as people read it on a terminal.

use anstyle::Style;

use super::{TerminalStyle, TextPage, display_width, wording};
use crate::terminal_text::MarkedText;
use crate::terminal_text::clean_line;
use takeaways_answer::{ExplainedCandidate, ExplainedConcept, Explanation};
use takeaways_text::model::Event;

/// The most letters that are shown of a stretch of a post: enough to know it by.
const MAX_QUOTE_CHARS: usize = 200;
/// What adds less to a score is summed up in one line.
const MIN_CONTRIBUTION: f32 = 0.05;
/// How wide a part of a sum is, in columns, with the gap to its neighbour.
const CELL_WIDTH: usize = 38;

/// Name, value and weight of what adds up.
type Contribution = (&'static str, f32, f32);

/// The page: lines that end with a line feed. `events` are those of the scope, as far as they are known.
#[must_use]
pub fn explanation(why: &Explanation, events: &[Event], look: TerminalStyle) -> String {
    let mut page = TextPage { style: look, events, lines: Vec::new() };
    page.query_plan(why);
    page.sought(&why.concepts);
    page.candidates(why);
    page.confidence(why);
    page.lines.join("\n") + "\n"
}

impl TextPage<'_> {
    fn query_plan(&mut self, why: &Explanation) {
        self.heading("Understood as");
        self.item(&format!("a question for: {}", why.answer_type));
        let everywhere = why.scope.is_everything();
        let place = if everywhere { "all recaps".to_owned() } else { self.scope_text(&why.scope) };
        self.item(&format!("looked in: {place}"));
        if !why.series.is_empty() {
            self.item(&format!("told of, whichever year: {}", why.series.join(", ")));
        }
        for sentence in wording::missing(&why.missing, &why.scope) {
            self.item(&sentence);
        }
    }

    fn sought(&mut self, sought: &[ExplainedConcept]) {
        self.heading("Looked for, with how much it says; × is what another way to say it counts");
        if sought.is_empty() {
            self.item("nothing: no word of the question says anything by itself");
        }
        for sought in sought {
            self.item(&looked_for(sought));
        }
    }

    fn candidates(&mut self, why: &Explanation) {
        self.heading("The best of what was weighed: value × weight = what it adds to the score");
        if why.candidates.is_empty() {
            self.item("nothing: no sentence fits");
        }
        for (at, window) in why.candidates.iter().enumerate() {
            if at > 0 {
                self.lines.push(String::new());
            }
            let before = &why.candidates[..at];
            let is_known =
                before.iter().any(|other| (&other.post, other.span) == (&window.post, window.span));
            self.window(window, is_known, why.is_confident_enough());
        }
    }

    /// Different stretches may be shown with the same words around them; those are not said twice.
    fn window(&mut self, window: &ExplainedCandidate, is_known: bool, is_answered: bool) {
        let fate = wording::fate(window.decision, is_answered);
        self.push_wrapped("  ", &format!("{:.2}  {fate}", window.score), self.bold());
        let span = window.span;
        self.push_wrapped(
            "    ",
            &format!("{}, bytes {} to {}", clean_line(&window.path), span.start(), span.end()),
            self.dim(),
        );
        if !is_known {
            self.push_wrapped("    │ ", &shorten_quote(&window.quote), Style::new());
        }
        self.contributions(&window.features);
    }

    fn confidence(&mut self, why: &Explanation) {
        let told =
            if why.is_confident_enough() { "answered, for it is not below" } else { "refused, for it takes" };
        let (confidence, threshold) = (why.confidence, why.threshold);
        self.heading(&format!("Confidence {confidence:.2}: {told} {threshold:.2}"));
        if why.candidates.is_empty() {
            return;
        }
        self.lines.push(format!("    {}", total_cell("bias", why.bias)));
        self.contributions(&why.signals);
        let sum = total_cell("sum", why.log_odds());
        self.lines.push(format!("    {sum}"));
        self.item(&format!("1 / (1 + e^-sum) = {confidence:.2}"));
    }

    /// The parts of a sum, the biggest first, in as many columns as there is room for.
    fn contributions(&mut self, parts: &[Contribution]) {
        let adds = |(_, value, weight): &Contribution| value * weight;
        let (mut shown, tiny): (Vec<&Contribution>, Vec<&Contribution>) =
            parts.iter().partition(|part| adds(part).abs() >= MIN_CONTRIBUTION);
        shown.sort_by(|a, b| adds(b).abs().total_cmp(&adds(a).abs()));
        let mut cells: Vec<String> = shown.into_iter().map(contribution_cell).collect();
        let rest: f32 = tiny.into_iter().map(adds).sum();
        if rest.abs() >= 0.005 {
            cells.push(total_cell("the others", rest));
        }
        let columns = (self.width_after("    ") + 2).div_euclid(CELL_WIDTH).max(1);
        for row in cells.chunks(columns) {
            let row: Vec<String> = row.iter().map(|cell| format!("{cell:<36}")).collect();
            self.lines.push(format!("    {}", row.join("  ").trim_end()));
        }
    }

    fn heading(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.push_wrapped("", text, self.bold());
    }

    /// A line of a list; where it has to be cut, the rest stands further in.
    fn item(&mut self, text: &str) {
        let inner = self.style.width.saturating_sub(display_width("    ")).max(1);
        let lines = MarkedText::new(&clean_line(text), &[]).lines(inner, Style::new(), Style::new());
        let leads = std::iter::once("  ").chain(std::iter::repeat("    "));
        self.lines.extend(lines.into_iter().zip(leads).map(|(line, lead)| format!("{lead}{line}")));
    }
}

/// `service mesh 2.31, a name: servic mesh, istio ×0.60`.
fn looked_for(sought: &ExplainedConcept) -> String {
    let text = if sought.text.is_empty() { "(told from the question as a whole)" } else { &sought.text };
    let mut said = format!("{text} {:.2}", sought.importance);
    if sought.is_name {
        said.push_str(", a name");
    }
    if !sought.is_known {
        said.push_str(", in no recap");
    }
    let ways = sought
        .alternatives
        .iter()
        .map(|(terms, weight)| if *weight < 1.0 { format!("{terms} ×{weight:.2}") } else { terms.clone() });
    let ways: Vec<String> = ways.collect();
    if ways.is_empty() { said } else { format!("{said}: {}", ways.join(", ")) }
}

/// `coverage        1.00 ×  3.30 =  +3.30`: 36 columns.
fn contribution_cell((name, value, weight): &Contribution) -> String {
    format!("{name:<14} {value:>5.2} × {weight:>5.2} = {:>+5.2}", value * weight)
}

/// In the column of what a part adds.
fn total_cell(name: &str, number: f32) -> String {
    format!("{name:<14}               = {number:>+5.2}")
}

/// Its beginning in one line.
fn shorten_quote(quote: &str) -> String {
    let line = clean_line(quote).split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_QUOTE_CHARS) {
        Some((end, _)) => {
            format!("{} …", line[..end].rsplit_once(' ').map_or(&line[..end], |(words, _)| words))
        }
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::samples::{empty_explanation, event, explanation as sample};

    fn page(why: &Explanation, width: usize) -> String {
        explanation(why, &[event()], TerminalStyle { width, colour: false })
    }

    #[test]
    fn an_explanation_at_eighty_columns() {
        assert_snapshot!(page(&sample(), 80), @"
        Understood as
          a question for: how many
          looked in: KubeCon NA 2019, San Diego
          told of, whichever year: KubeCon
          There is no recap by nobody.

        Looked for, with how much it says; × is what another way to say it counts
          meshes 2.35: mesh, servic mesh ×0.80, istio ×0.50
          Ansible 2.35, a name, in no recap
          (told from the question as a whole) 0.50: mesh, servic mesh ×0.80, istio
            ×0.50

        The best of what was weighed: value × weight = what it adds to the score
          7.91  taken: shown first
            2019/mesh-notes.md, bytes 24 to 51
            │ Service mesh[31m is still young, and most teams that I met run a mesh for
            │ one cluster only, Service mesh[31m is still young, and most teams that I
            │ met run a mesh for one cluster only, Service …
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  other_language  1.00 × -0.40 = -0.40
            the others                   = +0.02

          7.91  left: says the same as what is shown first
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  other_language  1.00 × -0.40 = -0.40
            the others                   = +0.02

          7.91  left: shares words with what is shown second
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  other_language  1.00 × -0.40 = -0.40
            the others                   = +0.02

          7.91  left: says less of the question than the best
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  other_language  1.00 × -0.40 = -0.40
            the others                   = +0.02

          7.91  left: two others of its post are shown
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  other_language  1.00 × -0.40 = -0.40
            the others                   = +0.02

          7.91  left: as many are shown as were asked for
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  other_language  1.00 × -0.40 = -0.40
            the others                   = +0.02

          7.91  left: too far behind the best
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  other_language  1.00 × -0.40 = -0.40
            the others                   = +0.02

        Confidence 0.88: answered, for it is not below 0.28
            bias                         = -2.04
            margin          1.00 ×  2.28 = +2.28  asks            1.60 ×  1.16 = +1.86
            coverage       -0.10 ×  1.57 = -0.16
            sum                          = +1.94
          1 / (1 + e^-sum) = 0.88
        ");
    }

    #[test]
    fn nothing_weighed() {
        assert_snapshot!(page(&empty_explanation(), 80), @"
        Understood as
          a question for: anything
          looked in: all recaps

        Looked for, with how much it says; × is what another way to say it counts
          nothing: no word of the question says anything by itself

        The best of what was weighed: value × weight = what it adds to the score
          nothing: no sentence fits

        Confidence 0.00: refused, for it takes 0.28
        ");
    }

    #[test]
    fn no_line_is_wider_than_the_page_and_none_holds_what_a_terminal_obeys() {
        for width in [40, 60, 80, 100] {
            for line in page(&sample(), width).lines() {
                assert!(super::display_width(line) <= width, "{width}: {line}");
                assert!(!line.chars().any(char::is_control), "{line:?}");
            }
        }
    }
}
