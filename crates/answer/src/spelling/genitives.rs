//! Names of people whose apostrophe is missing.

use std::collections::BTreeSet;

use super::{Replacement, find_words};
use crate::{
    engine::{AnswerError, Engine, Request},
    people::full_names,
};
use takeaways_search::{Alternative, Clause, ClauseRole, Filter, Query};
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
        let clauses = vec![Clause::new(Alternative::new(terms), ClauseRole::Must)];
        let filter = Filter { visible_at: request.now, ..Filter::default() };
        let hits = engine.index().search(&Query { clauses, filter }, MAX_PASSAGES)?;
        let texts = hits.iter().filter_map(|hit| {
            let passage = hit.post.body.passages.get(hit.passage)?;
            Some(hit.post.body.slice(passage.span))
        });
        let texts: Vec<&str> = texts.collect();
        let is_named = |name: &str| texts.iter().any(|text| find_words(text, name).next().is_some());
        if is_named(owner) && !is_named(&name) {
            let places = find_words(text, &name);
            replacements.extend(places.map(|start| (start..start + name.len(), format!("{owner}'s"))));
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
            ("what did Chris Jones say?", "what did Chris Jones say?"),
            ("what did Chris Jone say?", "what did Chris Jone say?"),
            ("Ann Lake Lees \"Ann Lees\"", "Ann Lake Lees \"Ann Lees\""),
        ] {
            assert_eq!(read(&engine, typed).0, expected, "{typed}");
        }
    }
}
