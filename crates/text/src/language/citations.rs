//! What a person reads about the source of an excerpt, in the language of the question.

use serde::Deserialize;

use super::{Template, WordList};
use crate::model::Language;

/// What a person reads about the source of an excerpt. These are texts, as in `[refusals]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CitationWords {
    /// The names of the twelve months, as they stand within a date.
    pub months: WordList,
    /// The `{day}` of a `{month}` of a `{year}`.
    pub day: Template,
    /// The `{month}` of a `{year}`.
    pub month: Template,
    /// The `{day}` of a `{month}`, where the year stands elsewhere.
    pub day_of_year: Template,
    /// The days of an event from the `{first}` to the `{last}`, each with its year.
    pub days: Template,
    /// The same within one `{month}` of a `{year}`: the `{first}` and the `{last}` are numbers.
    pub days_of_month: Template,
    /// The same within one `{year}`: the `{first}` and the `{last}` are as in `day_of_year`.
    pub days_of_year: Template,
    /// When something was: in a `{month}`, as `month` has it.
    pub in_month: Template,
    /// The same if only the `{year}` is known.
    pub in_year: Template,
    /// In which language a post is: in English, German, French, Spanish, Portuguese, Italian, Dutch, Japanese, Chinese,
    /// Korean, another one.
    pub languages: WordList,
    /// Before the title of the post that a note is about.
    pub notes_on: Template,
    /// Before the title of the post that holds the words of a `{speaker}`.
    pub speaker_in: Template,
    /// After a title: its `{author}`.
    pub by: Template,
    /// One other post says the same.
    pub same_post: Template,
    /// This `{number}` of other posts says the same.
    pub same_posts: Template,
    /// The `{path}` of a post and the `{line}` of the excerpt.
    pub place: Template,
    /// A link to the rest of a list.
    pub see_rest: Template,
    /// The `{date}` of the newest excerpt of an answer about the present: a month or a year.
    pub age: Template,
}

impl Language {
    /// The words of a citation in this language; in English for [`Language::Other`].
    pub fn citations(self) -> &'static CitationWords {
        &self.words_to_write_in().citations
    }
}

impl CitationWords {
    /// The name of a month, 1 to 12, within a date; empty for another number.
    pub fn month_name(&self, month: i8) -> &str {
        let at = usize::try_from(month - 1).ok();
        at.and_then(|at| self.months.iter().nth(at)).unwrap_or_default()
    }

    /// Says in which language a post is.
    pub fn in_language(&self, language: Language) -> &str {
        let known = Language::ALL.iter().position(|it| *it == language);
        self.languages.iter().nth(known.unwrap_or(Language::ALL.len())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_all_months_and_languages() {
        for language in Language::ALL {
            let words = language.citations();
            assert_eq!(words.months.iter().count(), 12, "{language:?}");
            assert_eq!(words.languages.iter().count(), Language::ALL.len() + 1, "{language:?}");
        }
        assert_eq!(Language::De.citations().month_name(3), "März");
        assert_eq!(Language::Fr.citations().in_language(Language::En), "en anglais");
        assert_eq!(Language::En.citations().in_language(Language::Other), "in another language");
    }
}
