//! What a person reads above and between the lines of an overview, in the language of the question.

use serde::Deserialize;

use super::Template;
use crate::model::Language;

/// What a person reads above and between the lines of an overview. These are texts, as in `[refusals]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverviewWords {
    /// It is drawn from this number of `{posts}` by this number of `{authors}`.
    pub recaps: Template,
    /// It is drawn from this number of `{posts}` by one author.
    pub recaps_of_one: Template,
    /// It is drawn from this number of `{posts}`. Some name no author; the others name this number of `{authors}`.
    pub recaps_of_some_named: Template,
    /// It is drawn from this number of `{posts}`. Some name no author, and the others at most one.
    pub recaps_of_unnamed: Template,
    /// Over strong points without a theme.
    pub also: Template,
    /// Over opinions.
    pub views: Template,
    /// Over opinions for something.
    pub views_for: Template,
    /// Over opinions against something.
    pub views_against: Template,
    /// Over opinions where praise is asked for and none is clear.
    pub views_without_praise: Template,
    /// Over opinions where criticism is asked for and none is clear.
    pub views_without_criticism: Template,
    /// Over other opinions, below those that take a side.
    pub other_views: Template,
    /// Over advice.
    pub advice: Template,
    /// Over what writers advise not to do, or would not do again.
    pub warnings: Template,
    /// So many `{posts}` of `{all}`.
    pub share: Template,
    /// So many `{posts}` of `{all}` name the `{topic}`.
    pub naming: Template,
    /// One of `{all}` names the `{topic}`.
    pub naming_one: Template,
    /// A year has too few recaps to tell a share.
    pub few_in_year: Template,
    /// No line names all that the question asks about.
    pub partial: Template,
    /// No line names any of these `{names}`.
    pub unmentioned: Template,
    /// There are too few recaps for a comparison.
    pub too_few: Template,
    /// A list shows the first `{shown}` lines of `{all}`.
    pub first_of_list: Template,
    /// How to see the next ones, where no button shows them.
    pub more_in_chat: Template,
    /// No recap is by a person, `{name}`, whose recap is asked for; the lines are what others say.
    pub none_by: Template,
    /// When the `{first}` and the `{last}` recap were that tell of something.
    pub first_and_last: Template,
    /// The same if all were then, at the `{first}`.
    pub mentioned_once: Template,
    /// Over the `{year}` that names a topic first.
    pub first_year: Template,
    /// Over the `{year}` of which the largest share of recaps names a topic.
    pub peak_year: Template,
    /// Over a `{year}` of which a clearly larger share does than at the turn before.
    pub rising_year: Template,
    /// Over a `{year}` of which a clearly smaller share does than at the turn before.
    pub falling_year: Template,
    /// What a chart shows to who can't see it: the `{shares}` of recaps of each year that name the `{topic}`.
    pub chart: Template,
    /// Over what both sides of a comparison tell of.
    pub both: Template,
    /// Over what only one `{side}` of a comparison tells of.
    pub only: Template,
    /// Over what one `{side}` of a comparison tells more of.
    pub more_in: Template,
}

impl Language {
    /// The words of an overview in this language; in English for [`Language::Other`].
    pub fn overviews(self) -> &'static OverviewWords {
        &self.words_to_write_in().overviews
    }
}
