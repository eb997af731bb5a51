//! Renders the choices of an option while it is typed.
//!
//! `takeaways_answer::autocomplete` selects and sorts them; this module has their wording and Discord's limits.

use serde::Serialize;

use super::{truncate_line, utf16_length};
use crate::wording::pluralise;
use takeaways_text::model::{Event, Years};

/// How many choices an option may have. Source of both limits: Discord's documentation of application
/// commands.
pub const MAX_CHOICES: usize = 25;
/// The length limit of a choice's name and of its value.
pub const MAX_CHOICE: usize = 100;

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The visible name, as plain text.
    pub name: String,
    /// The value of the option if it is chosen.
    pub value: String,
}

/// Events with their numbers of posts: "KubeCon NA 2019, San Diego · 3 posts". The value is the event's id.
pub fn event_choices(events: &[(&Event, u64)]) -> Vec<Choice> {
    fitting_choices(
        events.iter().map(|(event, posts)| (choice_name(&event.label(), *posts), event.id.0.clone())),
    )
}

/// Years with their numbers of posts: "2019 · 6 posts".
pub fn year_choices(years: &[(Years, u64)]) -> Vec<Choice> {
    let choice = |years: &Years, posts| (choice_name(&years.to_string(), posts), years.to_string());
    fitting_choices(years.iter().map(|(years, posts)| choice(years, *posts)))
}

/// Authors with their numbers of posts: "Ada Lovelace · 1 post".
pub fn author_choices(authors: &[(&str, u64)]) -> Vec<Choice> {
    fitting_choices(authors.iter().map(|(author, posts)| (choice_name(author, *posts), (*author).to_owned())))
}

/// Names without a number of posts, each with its value.
pub fn name_choices<'n>(names: impl Iterator<Item = (&'n str, &'n str)>) -> Vec<Choice> {
    fitting_choices(names.map(|(name, value)| (truncate_line(name, MAX_CHOICE), value.to_owned())))
}

/// The choices that Discord accepts, from names and values. A value that is too long is left out: a cut value would mean
/// something else.
fn fitting_choices(all: impl Iterator<Item = (String, String)>) -> Vec<Choice> {
    let fits = |value: &str| !value.trim().is_empty() && utf16_length(value) <= MAX_CHOICE;
    let choices = all.filter(|(_, value)| fits(value)).map(|(name, value)| Choice { name, value });
    choices.take(MAX_CHOICES).collect()
}

/// The label in one line, cut to leave room for the number of posts.
fn choice_name(label: &str, posts: u64) -> String {
    let posts = format!(" · {}", pluralise(posts, "post"));
    truncate_line(label, MAX_CHOICE.saturating_sub(utf16_length(&posts))) + &posts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::event;

    fn pairs(choices: &[Choice]) -> Vec<(&str, &str)> {
        choices.iter().map(|choice| (choice.name.as_str(), choice.value.as_str())).collect()
    }

    #[test]
    fn names_say_how_many_posts_there_are() {
        let event = event();
        let choices = event_choices(&[(&event, 3)]);
        assert_eq!(pairs(&choices), [("KubeCon NA 2019, San Diego · 3 posts", "kubecon-na-2019")]);
        assert_eq!(
            pairs(&author_choices(&[("Ada\nLovelace", 1)])),
            [("Ada Lovelace · 1 post", "Ada\nLovelace")]
        );
        let years = year_choices(&[(Years::single(2019), 6), (Years::between(2018, 2020), 9)]);
        assert_eq!(pairs(&years), [("2019 · 6 posts", "2019"), ("2018-2020 · 9 posts", "2018-2020")]);
    }

    #[test]
    fn what_is_too_long_is_cut_in_the_name_and_left_out_as_a_value() {
        let mut long = event();
        long.name = "🦦".repeat(80);
        long.city = None;
        let choices = event_choices(&[(&long, 12)]);
        assert_eq!(choices[0].name, format!("{}… · 12 posts", "🦦".repeat(44)));
        assert_eq!(utf16_length(&choices[0].name), MAX_CHOICE);
        assert_eq!(author_choices(&[(&"x".repeat(101), 1), (" ", 1)]), []);
        assert_eq!(
            year_choices(&(0..40).map(|at| (Years::single(1990 + at), 1)).collect::<Vec<_>>()).len(),
            MAX_CHOICES
        );
    }

    proptest! {
        #[test]
        fn every_choice_is_within_the_limits(names in prop::collection::vec("\\PC{0,120}", 0..40), posts in any::<u64>()) {
            let authors: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), posts)).collect();
            let choices = author_choices(&authors);
            prop_assert!(choices.len() <= MAX_CHOICES);
            for Choice { name, value } in &choices {
                prop_assert!((1..=MAX_CHOICE).contains(&utf16_length(name)) && (1..=MAX_CHOICE).contains(&utf16_length(value)));
                prop_assert!(names.contains(value) && !name.contains('\n'));
            }
        }
    }
}
