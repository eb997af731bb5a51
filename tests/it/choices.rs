//! Every autocomplete choice is understood as the value that it names.

use std::sync::Arc;
use takeaways_testing::time;

use jiff::{Timestamp, tz::TimeZone};
use takeaways_answer::{Engine, Request, ScopeOptions, completion};
use takeaways_render::discord::{Choice, author_choices, event_choices, year_choices};
use takeaways_search::{AuthorFacet, Facets};
use takeaways_text::model::{Answer, Missing, Overview, Scope, Years};

use crate::harness::{engine_over, shared_posts};

struct ChoiceCase {
    engine: Engine,
    now: Timestamp,
}

impl ChoiceCase {
    /// Opens the posts of these folders, or the compiled-in notes without folders.
    fn over(folders: &[&str]) -> Option<Self> {
        let shared = shared_posts();
        let folders = match (folders, shared) {
            ([], _) => Vec::new(),
            (_, None) => return None,
            (folders, Some(shared)) => folders.iter().map(|folder| shared.join(folder)).collect(),
        };
        let now: Timestamp = time("2026-11-20T00:00:00Z");
        Some(Self { engine: engine_over(folders, now), now })
    }

    fn facets(&self) -> Arc<Facets> {
        self.engine.index().facets(self.now).expect("facets")
    }

    /// Returns the interpretation of a choice.
    fn understood(&self, wish: ScopeOptions) -> (Scope, Vec<Missing>) {
        let question = "otters?".parse().expect("a question");
        let request = Request { scope_options: wish, ..Request::new(question, 1, self.now) };
        match self.engine.answer(&request).expect("an answer") {
            Answer::Cited { scope, .. } | Answer::Overview(Overview { scope, .. }) => (scope, Vec::new()),
            Answer::NothingFound { scope, mut missing, .. } => {
                missing.retain(|missing| !matches!(missing, Missing::Words(_)));
                (scope, missing)
            }
        }
    }

    #[track_caller]
    fn assert(&self, choices: &[Choice], wish: ScopeOptions, scope: &Scope) {
        assert_eq!(choices.len(), 1, "no choice for {scope:?}");
        assert_eq!(self.understood(wish), (scope.clone(), Vec::new()), "{choices:?}");
    }

    fn check(&self) {
        let facets = self.facets();
        for (event, posts) in &facets.events {
            let choices = event_choices(&[(event, *posts)]);
            let wish = ScopeOptions { events: values(&choices), ..ScopeOptions::default() };
            self.assert(&choices, wish, &Scope { events: vec![event.id.clone()], ..Scope::default() });
            let found =
                completion::complete_events(&event.label(), &facets, self.now.to_zoned(TimeZone::UTC).date());
            assert!(found.iter().any(|(found, _)| found.id == event.id), "{} is not found", event.label());
        }
        for AuthorFacet { name: author, posts, .. } in &facets.authors {
            let choices = author_choices(&[(author, *posts)]);
            let wish = ScopeOptions { authors: values(&choices), ..ScopeOptions::default() };
            self.assert(&choices, wish, &Scope { authors: vec![author.clone()], ..Scope::default() });
            let found = completion::complete_authors(author, &facets);
            assert!(found.iter().any(|(found, _)| found == author), "{author} is not found");
        }
        let years = completion::complete_years("", &facets, self.now.to_zoned(TimeZone::UTC).date());
        assert_eq!(years.len(), facets.years.len());
        for (year, posts) in years {
            let choices = year_choices(&[(year, posts)]);
            let typed = choices.first().and_then(|choice| choice.value.parse::<Years>().ok());
            let wish = ScopeOptions { years: typed, ..ScopeOptions::default() };
            self.assert(&choices, wish, &Scope { years: Some(year), ..Scope::default() });
        }
    }
}

fn values(choices: &[Choice]) -> Vec<String> {
    choices.iter().map(|choice| choice.value.clone()).collect()
}

#[test]
fn choices_of_the_compiled_in_notes_are_understood() {
    ChoiceCase::over(&[]).expect("they are always there").check();
}

#[test]
fn choices_of_all_posts_are_understood() {
    if let Some(asked) = ChoiceCase::over(&["seeds", "real"]) {
        asked.check();
    }
}
