//! What a person reads above and between the lines of an overview, in the language of the question.

use serde::Deserialize;

use super::Template;
use crate::model::Language;

/// The headings of an overview, and what is said of its posts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverviewWords {
    /// It is drawn from this number of `{posts}` by this number of `{authors}`.
    pub recaps: Template,
    /// It is drawn from this number of `{posts}` by one author.
    pub recaps_of_one: Template,
    /// Over strong points without a theme.
    pub also: Template,
    /// Over opinions.
    pub views: Template,
    /// Over advice.
    pub advice: Template,
    /// So many `{posts}` of `{all}`.
    pub share: Template,
    /// So many `{posts}` of `{all}` name the `{topic}`.
    pub naming: Template,
    /// A year has too few recaps to tell a share.
    pub few_in_year: Template,
    /// There are too few recaps for a comparison.
    pub too_few: Template,
}

impl Language {
    /// The words of an overview in this language; in English for [`Language::Other`].
    #[must_use]
    pub fn overviews(self) -> &'static OverviewWords {
        let language = if self == Self::Other { Self::En } else { self };
        &language.words().overviews
    }
}
