//! Renders the explanation of an answer as plain text.

use std::collections::BTreeSet;

use anstyle::Style;

use super::glossary::meaning;
use super::{TerminalStyle, TextPage, display_width, wording};
use crate::terminal_text::StyledText;
use crate::terminal_text::clean_line;
use takeaways_answer::{ExplainedCandidate, ExplainedConcept, Explanation};
use takeaways_text::model::{Event, Language};
use takeaways_text::tokens::folding::collapse_whitespace;

/// How many characters of a candidate are shown.
const MAX_QUOTE_CHARS: usize = 200;
/// Smaller contributions to a score are added up in one line.
const MIN_CONTRIBUTION: f32 = 0.05;
/// The width of a contribution in columns, with the gap to the next one.
const CELL_WIDTH: usize = 38;

/// The name, value and weight of a term of a sum.
type ScoreContribution = (&'static str, f32, f32);

fn contribution((_, value, weight): &ScoreContribution) -> f32 {
    value * weight
}

/// Renders an explanation. `events` are the known events of the scope.
pub fn explanation(explanation: &Explanation, events: &[Event], style: TerminalStyle) -> String {
    let mut page = TextPage::new(style, events, Language::En);
    page.query_plan(explanation);
    page.concepts(&explanation.concepts);
    page.candidates(explanation);
    page.confidence(explanation);
    page.glossary(explanation);
    page.lines.join("\n") + "\n"
}

impl TextPage<'_> {
    fn query_plan(&mut self, explanation: &Explanation) {
        self.heading("Understood as");
        self.item(&format!("answer type: {}", explanation.answer_type));
        let scope = &explanation.scope;
        let searched = if scope.is_everything() {
            "all recaps".to_owned()
        } else {
            self.scope_text(scope, Language::En)
        };
        self.item(&format!("searched in: {searched}"));
        if !explanation.series.is_empty() {
            self.item(&format!("event of any year: {}", explanation.series.join(", ")));
        }
        for sentence in wording::missing(&explanation.missing, scope, Language::En.refusals()) {
            self.item(&sentence);
        }
    }

    fn concepts(&mut self, concepts: &[ExplainedConcept]) {
        self.heading("Search terms with their importance; × is the weight of another word");
        if concepts.is_empty() {
            self.item("none: the question has only common words");
        }
        for concept in concepts {
            self.item(&concept_text(concept));
        }
    }

    fn candidates(&mut self, explanation: &Explanation) {
        self.heading("Best candidates with their scores; value × weight = contribution to the score");
        if explanation.candidates.is_empty() {
            self.item("none: no sentence matches");
        }
        for (at, candidate) in explanation.candidates.iter().enumerate() {
            if at > 0 {
                self.lines.push(String::new());
            }
            let key = |it: &ExplainedCandidate| (it.post.clone(), it.span);
            let is_repeated = explanation.candidates[..at].iter().any(|other| key(other) == key(candidate));
            self.candidate(candidate, is_repeated, explanation.is_answered());
        }
    }

    /// Different candidates may have the same quote; it is shown once.
    fn candidate(&mut self, candidate: &ExplainedCandidate, is_repeated: bool, is_answered: bool) {
        let decision = wording::decision(candidate.decision, is_answered);
        self.push_wrapped("  ", &format!("{:.2}  {decision}", candidate.score), self.bold());
        let span = candidate.span;
        self.push_wrapped(
            "    ",
            &format!("{}, bytes {} to {}", clean_line(&candidate.path), span.start(), span.end()),
            self.dim(),
        );
        if !is_repeated {
            self.push_wrapped("    │ ", &shorten_quote(&candidate.quote), Style::new());
        }
        self.contributions(&candidate.features);
    }

    fn confidence(&mut self, explanation: &Explanation) {
        let Explanation { confidence, threshold, .. } = explanation;
        let result = if explanation.is_answered() { "answered" } else { "refused" };
        self.heading(&format!("Confidence {confidence:.2}: {result}, the threshold is {threshold:.2}"));
        if explanation.candidates.is_empty() {
            return;
        }
        self.lines.push(format!("    {}", total_cell("bias", explanation.bias)));
        self.contributions(&explanation.signals);
        let sum = total_cell("sum", explanation.log_odds());
        self.lines.push(format!("    {sum}"));
        let from_sum = 1.0 / (1.0 + (-explanation.log_odds()).exp());
        let is_limited = from_sum > confidence + 0.01;
        let shown = if is_limited { from_sum } else { *confidence };
        self.item(&format!("1 / (1 + e^-sum) = {shown:.2}"));
        if is_limited {
            self.item(&format!(
                "at most {confidence:.2}, because the best candidate covers little of the question"
            ));
        }
    }

    /// What the names of the contributions mean, for those that are shown.
    fn glossary(&mut self, explanation: &Explanation) {
        let candidates = explanation.candidates.iter().flat_map(|candidate| &candidate.features);
        let signals = explanation.signals.iter().filter(|_| !explanation.candidates.is_empty());
        let shown = candidates.chain(signals).filter(|part| contribution(part).abs() >= MIN_CONTRIBUTION);
        let names: BTreeSet<&str> = shown.map(|(name, ..)| *name).collect();
        let meanings: Vec<String> =
            names.into_iter().filter_map(|name| Some(format!("{name}: {}", meaning(name)?))).collect();
        if !meanings.is_empty() {
            self.heading("What the names mean; it is the candidate");
        }
        for meaning in meanings {
            self.item(&meaning);
        }
    }

    /// The terms of a sum, the largest first, in as many columns as fit.
    fn contributions(&mut self, parts: &[ScoreContribution]) {
        let (mut shown, tiny): (Vec<&ScoreContribution>, Vec<&ScoreContribution>) =
            parts.iter().partition(|part| contribution(part).abs() >= MIN_CONTRIBUTION);
        shown.sort_by(|a, b| contribution(b).abs().total_cmp(&contribution(a).abs()));
        let mut cells: Vec<String> = shown.into_iter().map(contribution_cell).collect();
        let rest: f32 = tiny.into_iter().map(contribution).sum();
        if rest.abs() >= 0.005 {
            cells.push(total_cell("others", rest));
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

    /// A list item; its further lines are indented.
    fn item(&mut self, text: &str) {
        let inner = self.style.width.saturating_sub(display_width("    ")).max(1);
        let lines = StyledText::new(&clean_line(text), Style::new()).lines(inner);
        let leads = std::iter::once("  ").chain(std::iter::repeat("    "));
        self.lines.extend(lines.into_iter().zip(leads).map(|(line, lead)| format!("{lead}{line}")));
    }
}

/// `service mesh 2.31, a name: istio ×0.60`. Stems are left out: nobody writes them.
fn concept_text(concept: &ExplainedConcept) -> String {
    let words = if concept.text.is_empty() { "(implied by the question)" } else { &concept.text };
    let mut text = format!("{words} {:.2}", concept.importance);
    if concept.is_name {
        text.push_str(", a name");
    }
    if !concept.is_known {
        text.push_str(", in no recap");
    }
    let others = concept
        .other_words
        .iter()
        .map(|(words, weight)| if *weight < 1.0 { format!("{words} ×{weight:.2}") } else { words.clone() });
    let others: Vec<String> = others.collect();
    if others.is_empty() { text } else { format!("{text}: {}", others.join(", ")) }
}

/// `coverage        1.00 ×  3.30 =  +3.30`: 36 columns.
fn contribution_cell((name, value, weight): &ScoreContribution) -> String {
    format!("{name:<14} {value:>5.2} × {weight:>5.2} = {:>+5.2}", value * weight)
}

/// A total in the column of the contributions.
fn total_cell(name: &str, number: f32) -> String {
    format!("{name:<14}               = {number:>+5.2}")
}

/// The beginning of a quote in one line.
fn shorten_quote(quote: &str) -> String {
    let line = collapse_whitespace(&clean_line(quote));
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

    fn page(sample: &Explanation, width: usize) -> String {
        explanation(
            sample,
            &[event()],
            TerminalStyle { width, colour: false, hyperlinks: false, program: "takeaways" },
        )
    }

    #[test]
    fn an_explanation_at_eighty_columns() {
        assert_snapshot!(page(&sample(), 80), @"
        Understood as
          answer type: how many
          searched in: KubeCon NA 2019, San Diego
          event of any year: KubeCon
          There is no recap by nobody there.

        Search terms with their importance; × is the weight of another word
          meshes 2.35: service mesh ×0.80, istio ×0.50
          Ansible 2.35, a name, in no recap
          (implied by the question) 0.50: service mesh ×0.80, istio ×0.50

        Best candidates with their scores; value × weight = contribution to the score
          7.91  shown first
            2019/mesh-notes.md, bytes 24 to 51
            │ Service mesh[31m is still young, and most teams that I met run a mesh for
            │ one cluster only, Service mesh[31m is still young, and most teams that I
            │ met run a mesh for one cluster only, Service …
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  third_language  1.00 × -0.40 = -0.40
            others                       = +0.02

          7.91  left out: says the same as the first excerpt
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  third_language  1.00 × -0.40 = -0.40
            others                       = +0.02

          7.91  left out: overlaps the second excerpt
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  third_language  1.00 × -0.40 = -0.40
            others                       = +0.02

          7.91  left out: covers too little of the question
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  third_language  1.00 × -0.40 = -0.40
            others                       = +0.02

          7.91  left out: its post has two better excerpts
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  third_language  1.00 × -0.40 = -0.40
            others                       = +0.02

          7.91  left out: the number of excerpts is reached
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  third_language  1.00 × -0.40 = -0.40
            others                       = +0.02

          7.91  left out: its score is too far below the best
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  third_language  1.00 × -0.40 = -0.40
            others                       = +0.02

          7.91  left out: it is of another post, and not sure enough by itself
            2019/mesh-notes.md, bytes 24 to 51
            coverage        1.00 ×  3.30 = +3.30  passage         0.93 ×  2.80 = +2.62
            names_unsaid    1.00 × -1.50 = -1.50  third_language  1.00 × -0.40 = -0.40
            others                       = +0.02

        Confidence 0.88: answered, the threshold is 0.28
            bias                         = -2.04
            margin          1.00 ×  2.28 = +2.28  asks            1.60 ×  1.16 = +1.86
            coverage       -0.10 ×  1.57 = -0.16
            sum                          = +1.94
          1 / (1 + e^-sum) = 0.88

        What the names mean; it is the candidate
          coverage: share of the question that it and its context (title, section,
            sentences around) cover
          names_unsaid: names in the question that neither it nor its context has
          passage: how well its passage was found, compared with the best
          third_language: its post is in neither the question's language nor English
        ");
    }

    #[test]
    fn an_explanation_without_candidates() {
        assert_snapshot!(page(&empty_explanation(), 80), @"
        Understood as
          answer type: anything
          searched in: all recaps

        Search terms with their importance; × is the weight of another word
          none: the question has only common words

        Best candidates with their scores; value × weight = contribution to the score
          none: no sentence matches

        Confidence 0.00: refused, the threshold is 0.28
        ");
    }

    #[test]
    fn no_line_is_too_wide_or_has_control_characters() {
        for width in [40, 60, 80, 100] {
            for line in page(&sample(), width).lines() {
                assert!(super::display_width(line) <= width, "{width}: {line}");
                assert!(!line.chars().any(char::is_control), "{line:?}");
            }
        }
    }
}
