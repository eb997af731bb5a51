//! Headings that state something themselves, such as "Security is an unsolved problem". They are shown above a line under them, since
//! many who write down what they took away put it into the headings.

use std::collections::HashSet;

use super::lines::Line;
use super::talks::talks_of;
use crate::candidates::{MAX_HEADING, has_at_most};
use takeaways_text::language;
use takeaways_text::model::{Language, Post, PostId, Span};
use takeaways_text::sentences::ends_with_question;
use takeaways_text::tokens::folding::{fold, trim_punctuation};

/// A heading with fewer words states nothing.
const MIN_WORDS: usize = 3;

/// Shows the headings above lines that state something, each once: none that is shown above a line already.
pub(super) fn show_claims<'l>(lines: impl Iterator<Item = &'l mut Line>) {
    let (shown, others): (Vec<&mut Line>, Vec<&mut Line>) = lines.partition(|line| line.lead_in.is_some());
    let place = |line: &Line, heading: Span| (line.post.id.clone(), heading);
    let mut shown: HashSet<(PostId, Span)> =
        shown.iter().filter_map(|line| Some(place(line, line.lead_in?))).collect();
    for line in others {
        line.lead_in =
            claim_above(&line.post, line.section).filter(|claim| shown.insert(place(line, *claim)));
    }
}

/// The heading right above a section if it states something. Titles of talks are in the words of their speakers.
fn claim_above(post: &Post, section: u32) -> Option<Span> {
    let body = &post.body;
    let heading = body.headings_above(section).next()?;
    let is_talk = || talks_of(body).iter().any(|talk| talk.heading == heading);
    let may_be_shown =
        has_at_most(body, heading, MAX_HEADING) && post.title.as_deref() != Some(body.slice(heading));
    (may_be_shown && states_something(body.slice(heading), post.language) && !is_talk()).then_some(heading)
}

/// Whether a heading in a language is a sentence, and no question: it has a finite verb after its first word, and begins with no word
/// that asks.
fn states_something(heading: &str, language: Language) -> bool {
    let (verbs, questions) = (&language.words().points.statement_verbs, &language::all().questions);
    let words: Vec<String> = heading.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
    let asks = |word: &String| {
        [
            &questions.which,
            &questions.who,
            &questions.why,
            &questions.how,
            &questions.when,
            &questions.r#where,
        ]
        .iter()
        .any(|asking| asking.contains_folded(word))
    };
    let has_verb = words.iter().skip(1).any(|word| verbs.contains_folded(word));
    words.len() >= MIN_WORDS && has_verb && !words.first().is_some_and(asks) && !ends_with_question(heading)
}

/// A word without the signs around it, folded.
fn bare(word: &str) -> String {
    fold(trim_punctuation(word)).replace('’', "'")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};
    use super::*;

    #[test]
    fn a_heading_that_is_a_sentence_states_something() {
        for (heading, language, expected) in [
            ("Security is an unsolved problem", Language::En, true),
            ("DX still needs work", Language::En, true),
            ("The API isn’t stable", Language::En, true),
            ("Kubernetes ist noch nicht fertig", Language::De, true),
            ("What it is about", Language::En, false),
            ("Is Kubernetes ready?", Language::En, false),
            ("Running a service mesh", Language::En, false),
            ("It is", Language::En, false),
        ] {
            assert_eq!(states_something(heading, language), expected, "{heading}");
        }
    }

    #[test]
    fn a_heading_that_states_something_is_shown_once() {
        let text = "## Security is an unsolved problem\n\nMost teams should look at keys first, because they are lost most often.\n\n\
            We think that scanning is not enough, because most attacks begin with a person.\n\n\
            ## Other things\n\nMost teams need months to learn Istio, because it is complex.\n";
        let others = ["Istio", "Helm", "etcd"]
            .map(|it| format!("Most teams need months to learn {it}, because it is complex."));
        let [b, c, d] = &others;
        let engine = engine_of_recaps(&[("Ann", text), ("Bo", b), ("Cy", c), ("Di", d)]);
        let overview = overview_of(&engine, "takeaways of KubeCon EU 2018").expect("an overview");
        assert_sound(&overview);
        let lead_ins: Vec<&str> =
            overview.excerpts.iter().filter_map(|line| Some(line.lead_in.as_ref()?.text.as_str())).collect();
        assert_eq!(lead_ins, ["Security is an unsolved problem"]);
    }

    #[test]
    fn a_summary_shows_a_heading_that_states_something_once() {
        let text = "## Security is an unsolved problem\n\nMost teams should look at keys first, because they are lost most often.\n\n\
            We think that scanning is not enough, because most attacks begin with a person.\n";
        let overview = overview_of(&engine_of_recaps(&[("Ann", text)]), "KubeCon EU 2018 recap");
        let overview = overview.expect("a summary");
        let lead_ins: Vec<Option<&str>> = overview
            .excerpts
            .iter()
            .map(|line| line.lead_in.as_ref().map(|lead_in| lead_in.text.as_str()))
            .collect();
        assert_eq!(lead_ins, [Some("Security is an unsolved problem"), None]);
    }
}
