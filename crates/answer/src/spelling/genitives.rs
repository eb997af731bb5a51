//! Names of people whose apostrophe is missing.

use std::collections::BTreeSet;

use super::{Replacement, find_passages, find_words, text_of};
use crate::{
    engine::{AnswerError, Engine, Request},
    people::full_names,
};
use takeaways_search::Alternative;
use takeaways_text::{model::Language, tokens::tokenize};

/// The number of passages that are read to see how posts write a name.
const MAX_PASSAGES: usize = 4;

/// Returns the names that lack an apostrophe, with it: "Ann Lees talk" is Ann Lee's, if posts name her and nobody called Lees.
pub(super) fn misspelt(engine: &Engine, request: &Request) -> Result<Vec<Replacement>, AnswerError> {
    let text = request.question.text();
    let names: BTreeSet<String> = full_names(text).collect();
    let mut replacements = Vec::new();
    for name in names {
        let Some(owner) = name.strip_suffix('s').filter(|owner| !owner.ends_with('s')) else { continue };
        // The words of both have the same stems.
        let terms = tokenize(owner, Language::En).into_iter().map(|token| token.term).collect();
        let hits = find_passages(engine, request, vec![Alternative::new(terms)], MAX_PASSAGES)?;
        let is_named = |name: &str| hits.iter().any(|hit| find_words(text_of(hit), name).next().is_some());
        if is_named(owner) && !is_named(&name) {
            replacements.extend(find_words(text, &name).map(|start| {
                let end = start + name.len();
                let after = text.get(end..).unwrap_or_default();
                // "Liz Rices' talk" and "Liz Rices's talk".
                let mut marks = ["'s", "’s", "'", "’"].into_iter();
                let apostrophe = marks.find(|mark| after.starts_with(mark)).map_or(0, str::len);
                (start..end + apostrophe, format!("{owner}'s"))
            }));
        }
    }
    Ok(replacements)
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use crate::samples::engine_over;

    #[test]
    fn a_name_with_an_s_but_no_apostrophe_has_it() {
        let posts = ["Ann Lee said that meshes are hard.", "Chris Jones said that they are not."];
        let engine = engine_over(&[("a.md", posts[0]), ("b.md", posts[1])]);
        for (typed, expected) in [
            ("Ann Lees advice on meshes", "Ann Lee's advice on meshes"),
            ("Ann Lees' and Ann Lees’ advice", "Ann Lee's and Ann Lee's advice"),
            ("Ann Lees's advice", "Ann Lee's advice"),
            ("what did Chris Jones say?", "what did Chris Jones say?"),
            ("what did Chris Jone say?", "what did Chris Jone say?"),
            ("Ann Lake Lees \"Ann Lees\"", "Ann Lake Lees \"Ann Lees\""),
        ] {
            assert_eq!(read(&engine, typed).0, expected, "{typed}");
        }
    }
}
