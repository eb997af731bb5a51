//! How much the scope of a question matters for its confidence.

use crate::concepts::inverse_frequency;
use takeaways_search::{Facets, fold_name};
use takeaways_text::model::Scope;

/// Returns how much a scope matters, as the importance of a concept that only its posts have. A question that names an event
/// with one recap has said most of what it asks. 0 without an event, a year or an author.
pub(crate) fn scope_importance(scope: &Scope, facets: &Facets, posts: u64) -> f32 {
    let of_events = facets.events.iter().filter(|(event, _)| scope.events.contains(&event.id));
    let of_years =
        facets.years.iter().filter(|(year, _)| scope.years.is_some_and(|years| years.contains(*year)));
    let names: Vec<String> = scope.authors.iter().map(|author| fold_name(author)).collect();
    let of_authors = facets.authors.iter().filter(|author| names.contains(&author.folded));
    let counts = [
        (!scope.events.is_empty()).then(|| of_events.map(|(_, count)| count).sum()),
        scope.years.map(|_| of_years.map(|(_, count)| count).sum()),
        (!scope.authors.is_empty()).then(|| of_authors.map(|author| author.posts).sum()),
    ];
    let fewest: Option<u64> = counts.into_iter().flatten().min();
    fewest.map_or(0.0, |count| inverse_frequency(count.min(posts), posts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_search::AuthorFacet;

    #[test]
    fn a_scope_with_few_posts_matters_more() {
        let facets = Facets {
            authors: vec![AuthorFacet::new("Ann Lee", 1), AuthorFacet::new("Bo Chen", 40)],
            ..Facets::default()
        };
        let of = |authors: &[&str]| {
            let authors = authors.iter().map(|name| (*name).to_owned()).collect();
            scope_importance(&Scope { authors, ..Scope::default() }, &facets, 100)
        };
        let all = [of(&["ann lee"]), of(&["Bo Chen"]), of(&[])];
        assert!(all.is_sorted_by(|a, b| a > b), "{all:?}");
        assert!(all[2].abs() < f32::EPSILON);
    }
}
