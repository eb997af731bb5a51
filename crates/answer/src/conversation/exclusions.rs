//! What a message does not want of a scope: `KubeCon, not the eBPF Summit`, `not 2025, 2026`, `except 2019`.

use std::ops::Range;
use std::sync::LazyLock;

use super::editions::{narrows, year_of};
use super::follow_up::Message;
use super::pointers::ConversationPhrases;
use super::scope::NamedScope;
use super::topic::is_only_scope;
use super::words::{Phrases, Word, bytes_of, phrases_of, split_words};
use crate::{
    engine::{AnswerError, Engine, Request},
    question_names::QuestionNames,
    resolve::NameRole,
};
use takeaways_corpus::events::EventTable;
use takeaways_text::model::Question;
use takeaways_text::tokens::is_any_stop_word;

/// What stands before what is not wanted, in all languages.
pub(super) static EXCLUSIONS: LazyLock<Phrases> =
    LazyLock::new(|| phrases_of(|words| &words.questions.exclusions));

/// The maximum number of words that a message does not want: only a name or two can be meant.
const MAX_EXCLUDED: usize = 4;

/// Signs that set what a message does not want off from what it wants.
const SET_OFF: [char; 5] = [',', ';', ':', '–', '—'];

impl ConversationPhrases {
    /// Splits off what a message does not want: `KubeCon, not the eBPF Summit`, and at its beginning: `not 2025, 2026`, `not 2026 but
    /// 2025`.
    /// After a wanted name, it must go on with something: `which tools are not written in Go?` asks for them.
    pub(super) fn split_excluded<'w>(
        &self,
        text: &str,
        words: &'w [Word],
        goes_on: bool,
    ) -> (&'w [Word], Option<Range<usize>>) {
        if let Some(split) = self.split_excluded_first(text, words) {
            return split;
        }
        if !goes_on {
            return (words, None);
        }
        let is_stop = |word: &Word| is_any_stop_word(&word.folded);
        let at = (1..words.len()).find(|at| exclusion_at(&self.exclusions, words, *at).is_some());
        let split = at.map(|at| words.split_at(at)).filter(|(wanted, others)| {
            !wanted.iter().all(is_stop) && (2..=MAX_EXCLUDED + 1).contains(&others.len())
        });
        match split {
            Some((wanted, [_, others @ ..])) => (wanted, bytes_of(others)),
            _ => (words, None),
        }
    }

    fn split_excluded_first<'w>(
        &self,
        text: &str,
        words: &'w [Word],
    ) -> Option<(&'w [Word], Option<Range<usize>>)> {
        let from = exclusion_at(&self.exclusions, words, 0)?;
        let last = (from + MAX_EXCLUDED).min(words.len().checked_sub(1)?);
        let (end, start) = (from + 1..=last).find_map(|at| {
            let gap = text.get(words[at - 1].range.end..words[at].range.start)?;
            let contrast = self.contrasts.match_at(words, at);
            (contrast.is_some() || gap.contains(SET_OFF)).then(|| (at, at + contrast.unwrap_or_default()))
        })?;
        let wanted = words.get(start..).filter(|words| !words.is_empty())?;
        let unwanted = bytes_of(words.get(from..end)?)?;
        // "Without a service mesh, how do services talk to each other?"
        text.get(unwanted.clone()).filter(|text| names_event_or_year(text))?;
        Some((wanted, Some(unwanted)))
    }
}

/// The number of words at a place that exclude what follows; `None` in `not only in 2019 but also in 2020`.
fn exclusion_at(exclusions: &Phrases, words: &[Word], at: usize) -> Option<usize> {
    exclusions.match_at(words, at).filter(|len| !words.get(at + len..).is_some_and(narrows))
}

/// Whether words after a text would be what it does not want.
pub(super) fn ends_with_exclusion(text: &str) -> bool {
    split_words(text).last().is_some_and(|last| EXCLUSIONS.is_word(last))
}

/// Whether a text names a conference, a place or a year.
fn names_event_or_year(text: &str) -> bool {
    let table = EventTable::builtin();
    !table.mentions(text).is_empty() || !table.lone_places(text).is_empty() || year_of(text).is_some()
}

impl Message<'_> {
    /// Leaves out the events and years that the message does not want. Returns whether any are left.
    pub(super) fn exclude(&mut self, engine: &Engine) -> Result<bool, AnswerError> {
        let find = |text: &str| -> Result<Option<(QuestionNames, NamedScope)>, AnswerError> {
            let Ok(unwanted) = text.parse::<Question>() else { return Ok(None) };
            let names = engine.find_names(&Request::new(unwanted, 1, self.request.now), NameRole::Subject)?;
            Ok(NamedScope::new(&names, self.conversation_events).map(|scope| (names, scope)))
        };
        if let Some(excluded) = &self.follow_up.excluded {
            if let Some((_, other)) = find(excluded)? {
                self.own = self.own.take().map(|own| own.without(&other));
            }
            return Ok(true);
        }
        // "Not 2019", "except Barcelona".
        let words = split_words(&self.follow_up.plain);
        let first = exclusion_at(&EXCLUSIONS, &words, 0).and_then(|len| words.get(len));
        let unwanted = first.and_then(|first| self.follow_up.plain.get(first.range.start..));
        if let Some((names, unwanted)) = unwanted.map(find).transpose()?.flatten()
            && unwanted.names_events_or_years()
            && is_only_scope(&names)
            && let Some(rest) = self.conversation_events.rest_of(&self.previous.scope, &unwanted)
        {
            let is_left = rest.names_events_or_years();
            self.shape = names.parsed.told_shape();
            (self.names, self.own) = (names, Some(rest));
            return Ok(is_left);
        }
        Ok(true)
    }
}
