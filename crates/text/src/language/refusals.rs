//! What a person reads whose question has no answer, in the language of the question.

use serde::Deserialize;

use crate::lists::join;
use crate::model::Language;

/// What a person reads whose question has no answer. The page is in the language of the question, and in
/// English if that language has no file. These are texts, not lists. A text has the placeholders of its row,
/// each once.
///
/// All words of the suggested questions but the topic must be stop words or boilerplate, and must show their
/// language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusalWords {
    /// No recap answers the `{question}`.
    pub nothing_found: Template,
    /// The question was limited to this `{scope}`: events, years and authors.
    pub searched_in: Template,
    /// No recap is by one of the `{names}`.
    pub no_author: Template,
    /// No recap within the scope is by one of the `{names}`.
    pub no_author_there: Template,
    /// Several people have the name `{names}`.
    pub namesakes: Template,
    /// No recap is about one of the events `{names}`.
    pub no_event: Template,
    /// No recap is from one of the years `{names}`.
    pub no_year: Template,
    /// No recap has one of the words `{names}`.
    pub no_mention: Template,
    /// No recap within the scope has one of the words `{names}`.
    pub no_mention_there: Template,
    /// An `{event}` with its place and days, which are from the table of events and no quote.
    pub listed: Template,
    /// Above excerpts that may not answer the question.
    pub unsure: Template,
    /// Before the excerpt that comes nearest to an answer.
    pub nearest: Template,
    /// Before an answer from outside of a `{scope}` that has none.
    pub elsewhere: Template,
    /// Before an answer by others than the people of a `{scope}` who said nothing on it.
    pub by_others: Template,
    /// Before the suggested questions.
    pub try_instead: Template,
    /// A word of the question, as it was `{typed}`, is read as another one, `{read}`.
    pub respelled: Template,
    /// A message holds two questions, and this `{question}` was not answered.
    pub other_question: Template,
    /// What to do if no question is suggested. `{help}` and `{about}` are commands.
    pub no_suggestion: Template,
    /// In a conversation: nothing more was found.
    pub no_more: Template,
    /// There is nothing to show of a question that had no answer.
    pub nothing_shown: Template,
    /// In a conversation: an excerpt is asked for by a number above this `{number}`.
    pub no_such_excerpt: Template,
    /// In a conversation: the post of an excerpt was deleted or edited.
    pub post_gone: Template,
    /// All posts of a list are gone.
    pub recaps_gone: Template,
    /// There is no event or year before with which an answer may be compared.
    pub nothing_before: Template,
    /// In a conversation: it begins anew.
    pub new_topic: Template,
    /// In a conversation: the reply to thanks.
    pub welcome: Template,
    /// The reply to small talk, and to the refusal of an offer.
    pub acknowledged: Template,
    /// Who wrote an excerpt, if its post names nobody.
    pub unnamed_author: Template,
    /// The people whom the heading over some words names: `{names}`.
    pub heading_names: Template,
    /// Who gave the talks that excerpts are about, as their posts name them: `{names}`.
    pub speakers: Template,
    /// Nobody is named who gave the talks that excerpts are about.
    pub no_speaker: Template,
    /// The day on which a post came out: `{date}`.
    pub posted: Template,
    /// Why a person who asks for other words, or for another language, reads the same excerpts.
    pub own_words: Template,
    /// Between names, but before the last one, with blanks.
    pub comma: Template,
    /// After words that name what follows, with the blank that the language has before it.
    pub colon: Template,
    /// Before the last of several names of which one is meant, with blanks.
    pub or: Template,
    /// Before the last of several names that are all meant, with blanks.
    pub and: Template,
    /// The `{number}` of events.
    pub events: Template,
    /// The years up to the `{last}`.
    pub years_until: Template,
    /// The years from the `{first}` to the `{last}`.
    pub year_range: Template,
    /// The words of one of the `{names}`.
    pub words_of: Template,
    /// The words of others than one of the `{names}`.
    pub not_by: Template,
    /// A suggested question: what recaps say about the `{topic}`.
    pub about_topic: Template,
    /// A suggested question: what recaps of the `{event}` say about the `{topic}`.
    pub about_topic_at: Template,
    /// A suggested question: how the `{event}` was.
    pub about_event: Template,
    /// A suggested question: what an `{author}` writes about.
    pub about_author: Template,
    /// A question: what a `{person}` said about a `{topic}`.
    pub said_about: Template,
    /// Why recaps can't answer what has not happened yet.
    pub future: Template,
    /// After that, from which `{date}` the newest recap is.
    pub newest_recap: Template,
    /// Why recaps can't answer what the best of all is.
    pub best: Template,
    /// Why recaps can't answer what a ticket costs.
    pub price: Template,
    /// Why recaps can't answer what the programme or the opening hours are.
    pub schedule: Template,
    /// Why recaps can't answer how the weather is.
    pub weather: Template,
    /// Why recaps can't answer private facts about a person.
    pub personal: Template,
    /// Why recaps can't answer anything else that they do not tell.
    pub unanswerable: Template,
    /// What can be asked instead.
    pub can_ask: Template,
}

/// What a person is told without having asked. These are texts, as in `[refusals]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeWords {
    /// The `{source}` that the person added can't be read `{since}` a time, for a `{reason}`.
    pub source_failed: Template,
}

/// A text with placeholders, such as `{topic}`.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Template(String);

impl Language {
    /// The words of a refusal in this language; in English for [`Language::Other`].
    pub fn refusals(self) -> &'static RefusalWords {
        &self.words_to_write_in().refusals
    }

    /// The words of a notice in this language; in English for [`Language::Other`].
    pub fn notices(self) -> &'static NoticeWords {
        &self.words_to_write_in().notices
    }
}

impl RefusalWords {
    /// Joins names: `a`, `a or b`, `a, b or c`.
    pub fn any_of(&self, names: &[String]) -> String {
        join(names, &self.comma.0, &self.or.0)
    }

    /// Joins names: `a`, `a and b`, `a, b and c`.
    pub fn all_of(&self, names: &[String]) -> String {
        join(names, &self.comma.0, &self.and.0)
    }
}

impl Template {
    /// Returns the text with the values of its placeholders. A value is never read as a placeholder.
    pub fn fill(&self, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.0.as_str();
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            let value = values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            filled.extend([before, value.unwrap_or_default()]);
            rest = after;
        }
        filled + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::detect_question_language;

    #[test]
    fn a_suggested_question_is_in_its_language() {
        for language in Language::ALL {
            let words = language.refusals();
            for question in [
                words.about_topic.fill(&[("topic", "Istio")]),
                words.about_topic.fill(&[("topic", "Security")]),
                words.about_event.fill(&[("event", "KubeCon EU 2019")]),
                words.about_author.fill(&[("author", "Ann Lee")]),
            ] {
                assert_eq!(detect_question_language(&question), language, "{question}");
            }
        }
    }

    #[test]
    fn values_are_filled_in_once() {
        let template = Template("{first} to {last}, {unknown}{".into());
        assert_eq!(template.fill(&[("first", "{last}"), ("last", "2")]), "{last} to 2, {");
        assert_eq!(Template("or".into()).fill(&[("or", "x")]), "or");
    }

    #[test]
    fn names_are_joined() {
        let names = ["a", "b", "c"].map(str::to_owned);
        let words = Language::En.refusals();
        for (count, joined) in [(0, ""), (1, "a"), (2, "a or b"), (3, "a, b or c")] {
            assert_eq!(words.any_of(&names[..count]), joined);
        }
        assert_eq!(Language::Ja.refusals().any_of(&names), "a、bまたはc");
        assert_eq!(Language::Other.refusals().any_of(&names), "a, b or c");
    }
}
