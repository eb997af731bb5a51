//! The words for times in all languages, from `[times]` in `config/languages/`.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use takeaways_text::{
    calendar::{month_from_short_name, month_names},
    language::{all_groups, all_words},
    phrases::Words,
};

/// A phrase of a list; `#` in it is a slot, for a number, a year or a time, as the list says.
#[derive(Debug)]
struct Phrase(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    /// A folded word, and whether it follows the slot without a blank: `#s`.
    Word(String, bool),
    Slot,
}

/// The phrases of a list. A text is compared only with those that begin with its word.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    by_first_word: HashMap<String, Vec<Phrase>>,
    with_slot_first: Vec<Phrase>,
}

impl Phrases {
    fn new(list: &[&str]) -> Self {
        let mut phrases = Self::default();
        for phrase in list.iter().map(|phrase| Phrase::parse(phrase)) {
            match phrase.0.first() {
                Some(Piece::Word(word, _)) => {
                    phrases.by_first_word.entry(word.clone()).or_default().push(phrase);
                }
                Some(Piece::Slot) => phrases.with_slot_first.push(phrase),
                None => {}
            }
        }
        phrases
    }
}

impl Phrase {
    fn parse(phrase: &str) -> Self {
        let mut pieces = Vec::new();
        for (at, part) in phrase.split('#').enumerate() {
            if at > 0 {
                pieces.push(Piece::Slot);
            }
            let words = Words::new(part);
            pieces.extend((0..words.len()).map(|word| {
                Piece::Word(words.folded(word).to_owned(), at > 0 && word == 0 && !part.starts_with(' '))
            }));
        }
        Self(pieces)
    }

    /// Returns the end of the phrase at a word, with what stands in its slot.
    fn match_at<T>(
        &self,
        words: &Words<'_>,
        at: usize,
        slot: &dyn Fn(usize) -> Option<(T, usize)>,
    ) -> Option<(Option<T>, usize)> {
        let (mut next, mut value) = (at, None);
        for piece in &self.0 {
            if next > at && !are_joined(words, next) {
                return None;
            }
            match piece {
                Piece::Word(word, is_glued) => {
                    if words.folded(next) != word || (*is_glued && !words.gap(next).is_empty()) {
                        return None;
                    }
                    next += 1;
                }
                Piece::Slot => {
                    let (found, end) = slot(next)?;
                    value = Some(found);
                    next = end;
                }
            }
        }
        Some((value, next))
    }
}

/// Whether a word and the one before may belong to one phrase: `pre-covid`, `2. Quartal`, `jusqu'en`.
pub(super) fn are_joined(words: &Words<'_>, at: usize) -> bool {
    let gap = words.gap(at);
    at < words.len()
        && gap.chars().count() <= 3
        && gap.chars().all(|c| c.is_whitespace() || "-'./".contains(c))
}

/// Returns the longest phrase of a list at a word: its end, with what stands in its slot.
pub(super) fn find_phrase<T: Copy>(
    phrases: &Phrases,
    words: &Words<'_>,
    at: usize,
    slot: &dyn Fn(usize) -> Option<(T, usize)>,
) -> Option<(Option<T>, usize)> {
    let by_word = phrases.by_first_word.get(words.folded(at)).map(Vec::as_slice).unwrap_or_default();
    let by_word = by_word.iter().filter_map(|phrase| phrase.match_at(words, at, slot));
    // What stands in the slot is the same for all of them.
    let first = if phrases.with_slot_first.is_empty() { None } else { slot(at) };
    let in_slot = |next: usize| first.filter(|_| next == at);
    let with_slot = phrases.with_slot_first.iter().filter(|_| first.is_some());
    let with_slot = with_slot.filter_map(|phrase| phrase.match_at(words, at, &in_slot));
    by_word.chain(with_slot).max_by_key(|(_, end)| *end)
}

/// Returns the end of the longest phrase of a list without slots.
pub(super) fn find_end(phrases: &Phrases, words: &Words<'_>, at: usize) -> Option<usize> {
    find_phrase(phrases, words, at, &|_| None::<((), usize)>).map(|(_, end)| end)
}

/// Returns the group of lists that has a phrase at a word, and the end of the phrase.
pub(super) fn find_group<const N: usize>(
    groups: &[Phrases; N],
    words: &Words<'_>,
    at: usize,
) -> Option<(usize, usize)> {
    let ends =
        groups.iter().enumerate().filter_map(|(group, list)| Some((group, find_end(list, words, at)?)));
    ends.max_by_key(|(_, end)| *end)
}

/// Returns the number at a word, in digits or letters, and its end.
pub(super) fn number_at(words: &Words<'_>, at: usize) -> Option<(i16, usize)> {
    let digits = Some(words.folded(at)).filter(|digits| digits.len() <= 2 && words.is_number(at));
    let number = digits.and_then(|digits| digits.parse().ok()).filter(|number| *number > 0);
    number.map(|number| (number, at + 1)).or_else(|| {
        let (group, end) = find_group(&PHRASES.numbers, words, at)?;
        Some((i16::try_from(group + 1).ok()?, end))
    })
}

/// Whether a period of time may begin with a word: a number, a month, or the first word of a phrase. Few words do, so that
/// the others cost little.
pub(super) fn may_begin_period(words: &Words<'_>, at: usize) -> bool {
    static STARTS: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let lists = [
            &PHRASES.last_year,
            &PHRASES.this_year,
            &PHRASES.yesterday,
            &PHRASES.this_week,
            &PHRASES.last_week,
            &PHRASES.this_month,
            &PHRASES.last_month,
            &PHRASES.last_months,
            &PHRASES.year_before_last,
            &PHRASES.years_ago,
            &PHRASES.since_years,
            &PHRASES.last_years,
            &PHRASES.decades,
            &PHRASES.this,
            &PHRASES.last,
        ];
        let parts =
            PHRASES.seasons.iter().chain(&PHRASES.quarters).chain(&PHRASES.halves).chain(&PHRASES.thirds);
        let groups = parts.chain(&PHRASES.numbers);
        let phrases = lists.into_iter().chain(groups).flat_map(|list| list.by_first_word.keys().cloned());
        let months = (1..=12)
            .flat_map(|month| month_names(month).iter())
            .map(|name| Words::new(name).folded(0).to_owned());
        phrases.chain(months).collect()
    });
    words.is_number(at)
        || STARTS.contains(words.folded(at))
        // Short names of months.
        || (words.folded(at).chars().count() <= 5 && month_from_short_name(words.original(at)).is_some())
}

/// Defines the lists of all languages, with their names in the files of the languages.
macro_rules! time_phrases {
    (lists: $($list:ident)*; groups: $($group:ident: $count:literal)*;) => {
        /// The lists of all languages.
        pub(super) struct TimePhrases {
            $(pub(super) $list: Phrases,)*
            $(pub(super) $group: [Phrases; $count],)*
        }

        pub(super) static PHRASES: LazyLock<TimePhrases> = LazyLock::new(|| TimePhrases {
            $($list: Phrases::new(&all_words(|words| &words.times.$list)),)*
            $($group: all_groups(|words| &words.times.$group).map(|group| Phrases::new(&group)),)*
        });
    };
}

time_phrases! {
    lists:
        last_year this_year yesterday this_week last_week this_month last_month last_months
        year_before_last years_ago since_years last_years decades
        since after before until between from to and during
        fillers of this last last_after other_meanings
        pandemic pandemic_start before_pandemic during_pandemic after_pandemic
        latest latest_after second_latest first edition;
    groups: seasons: 4 quarters: 4 halves: 2 thirds: 3 numbers: 10;
}
