//! Questions with known answers over a collection: does the answer stand in an excerpt?

use super::qrels::Grades;
use takeaways_text::model::Excerpt;

/// The place of the first excerpt that is of a relevant document and holds one of the spans, whatever the case.
pub(super) fn place_of(spans: &[String], grades: &Grades, excerpts: &[Excerpt]) -> Option<usize> {
    let spans: Vec<String> = spans.iter().map(|span| folded(span)).collect();
    excerpts.iter().position(|excerpt| {
        let is_relevant = grades.get(&excerpt.citation.post.0).is_some_and(|grade| *grade > 0);
        let quote = folded(&excerpt.quoted.quote);
        is_relevant && spans.iter().any(|span| quote.contains(span.as_str()))
    })
}

/// In lower case and with single blanks: a page shows no others.
fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::excerpt;

    #[test]
    fn a_span_counts_in_an_excerpt_of_a_relevant_document() {
        let of = |document: &str, quote: &str| {
            let mut excerpt = excerpt(document, quote, None);
            excerpt.citation.post.0 = document.to_owned();
            excerpt
        };
        let excerpts = [of("x", "in October 1973"), of("a", "The Embargo"), of("a", "in October  1973")];
        let grades: Grades = [("a".to_owned(), 1), ("x".to_owned(), 0)].into_iter().collect();
        for (spans, place) in [
            (&["october 1973"][..], Some(2)),
            (&["none", "EMBARGO"], Some(1)),
            (&["in  october"], Some(2)),
            (&["1974"], None),
            (&[], None),
        ] {
            let spans: Vec<String> = spans.iter().map(|&span| span.to_owned()).collect();
            assert_eq!(place_of(&spans, &grades, &excerpts), place, "{spans:?}");
        }
    }
}
