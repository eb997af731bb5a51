//! Why an answer is what it is, as people read it on a terminal.

use anstyle::Style;

use super::{Look, Page, said, width};
use crate::clean::one_line;
use crate::wrapped::Wrapped;
use takeaways_answer::{ExplainedCandidate, ExplainedConcept, Explanation};
use takeaways_text::model::Event;

/// The most letters that are shown of a stretch of a post: enough to know it by.
const LETTERS: usize = 200;
/// What adds less to a score is summed up in one line.
const TINY: f32 = 0.05;
/// How wide a part of a sum is, in columns, with the gap to its neighbour.
const CELL: usize = 38;

/// Name, value and weight of what adds up.
type Part = (&'static str, f32, f32);

/// The page: lines that end with a line feed. `events` are those of the scope, as far as they are known.
#[must_use]
pub fn explanation(why: &Explanation, events: &[Event], look: Look) -> String {
    let mut page = Page { look, events, lines: Vec::new() };
    page.understood(why);
    page.sought(&why.concepts);
    page.windows(why);
    page.confidence(why);
    page.lines.join("\n") + "\n"
}

impl Page<'_> {
    fn understood(&mut self, why: &Explanation) {
        self.heading("Understood as");
        self.item(&format!("a question for: {}", why.answer_type));
        let everywhere = why.scope.is_everything();
        let place = if everywhere { "all recaps".to_owned() } else { self.described(&why.scope) };
        self.item(&format!("looked in: {place}"));
        if !why.series.is_empty() {
            self.item(&format!("told of, whichever year: {}", why.series.join(", ")));
        }
        for sentence in said::missing(&why.missing, &why.scope) {
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

    fn windows(&mut self, why: &Explanation) {
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
            self.window(window, is_known, why.suffices());
        }
    }

    /// Different stretches may be shown with the same words around them; those are not said twice.
    fn window(&mut self, window: &ExplainedCandidate, is_known: bool, is_answered: bool) {
        let fate = said::fate(window.decision, is_answered);
        self.text("  ", &format!("{:.2}  {fate}", window.score), self.bold());
        let span = window.span;
        self.text(
            "    ",
            &format!("{}, bytes {} to {}", one_line(&window.path), span.start(), span.end()),
            self.dim(),
        );
        if !is_known {
            self.text("    │ ", &cut(&window.quote), Style::new());
        }
        self.sum(&window.features);
    }

    fn confidence(&mut self, why: &Explanation) {
        let told = if why.suffices() { "answered, for it is not below" } else { "refused, for it takes" };
        let (confidence, threshold) = (why.confidence, why.threshold);
        self.heading(&format!("Confidence {confidence:.2}: {told} {threshold:.2}"));
        if why.candidates.is_empty() {
            return;
        }
        self.lines.push(format!("    {}", total("bias", why.bias)));
        self.sum(&why.signals);
        let sum = total("sum", why.sum());
        self.lines.push(format!("    {sum}"));
        self.item(&format!("1 / (1 + e^-sum) = {confidence:.2}"));
    }

    /// The parts of a sum, the biggest first, in as many columns as there is room for.
    fn sum(&mut self, parts: &[Part]) {
        let adds = |(_, value, weight): &Part| value * weight;
        let (mut shown, tiny): (Vec<&Part>, Vec<&Part>) =
            parts.iter().partition(|part| adds(part).abs() >= TINY);
        shown.sort_by(|a, b| adds(b).abs().total_cmp(&adds(a).abs()));
        let mut cells: Vec<String> = shown.into_iter().map(cell).collect();
        let rest: f32 = tiny.into_iter().map(adds).sum();
        if rest.abs() >= 0.005 {
            cells.push(total("the others", rest));
        }
        let columns = (self.width_after("    ") + 2).div_euclid(CELL).max(1);
        for row in cells.chunks(columns) {
            let row: Vec<String> = row.iter().map(|cell| format!("{cell:<36}")).collect();
            self.lines.push(format!("    {}", row.join("  ").trim_end()));
        }
    }

    fn heading(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.text("", text, self.bold());
    }

    /// A line of a list; where it has to be cut, the rest stands further in.
    fn item(&mut self, text: &str) {
        let inner = self.look.width.saturating_sub(width("    ")).max(1);
        let lines = Wrapped::new(&one_line(text), &[]).lines(inner, Style::new(), Style::new());
        let leads = std::iter::once("  ").chain(std::iter::repeat("    "));
        self.lines.extend(lines.into_iter().zip(leads).map(|(line, lead)| format!("{lead}{line}")));
    }
}

/// `service mesh 2.31, a name: servic mesh, istio ×0.60`.
fn looked_for(sought: &ExplainedConcept) -> String {
    let text = if sought.text.is_empty() { "(told from the question as a whole)" } else { &sought.text };
    let mut said = format!("{text} {:.2}", sought.importance);
    if sought.name {
        said.push_str(", a name");
    }
    if !sought.known {
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
fn cell((name, value, weight): &Part) -> String {
    format!("{name:<14} {value:>5.2} × {weight:>5.2} = {:>+5.2}", value * weight)
}

/// In the column of what a part adds.
fn total(name: &str, number: f32) -> String {
    format!("{name:<14}               = {number:>+5.2}")
}

/// Its beginning in one line.
fn cut(quote: &str) -> String {
    let line = one_line(quote).split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LETTERS) {
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
    use crate::samples::{event, explanation as sample, unexplained};

    fn page(why: &Explanation, width: usize) -> String {
        explanation(why, &[event()], Look { width, colour: false })
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
        assert_snapshot!(page(&unexplained(), 80), @"
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
                assert!(super::width(line) <= width, "{width}: {line}");
                assert!(!line.chars().any(char::is_control), "{line:?}");
            }
        }
    }
}
