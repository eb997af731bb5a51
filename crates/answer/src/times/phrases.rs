//! The words for times in all languages, from `[times]` in `config/languages/`.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use takeaways_text::{
    calendar::{month_from_short_name, month_names},
    language::{LanguageWords, WordList, all_groups, all_words},
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

/// The lists of all languages.
pub(super) struct TimePhrases {
    pub(super) last_year: Phrases,
    pub(super) this_year: Phrases,
    pub(super) yesterday: Phrases,
    pub(super) this_week: Phrases,
    pub(super) last_week: Phrases,
    pub(super) this_month: Phrases,
    pub(super) last_month: Phrases,
    pub(super) last_months: Phrases,
    pub(super) year_before_last: Phrases,
    pub(super) years_ago: Phrases,
    pub(super) since_years: Phrases,
    pub(super) last_years: Phrases,
    pub(super) decades: Phrases,
    pub(super) since: Phrases,
    pub(super) after: Phrases,
    pub(super) before: Phrases,
    pub(super) until: Phrases,
    pub(super) between: Phrases,
    pub(super) from: Phrases,
    pub(super) to: Phrases,
    pub(super) and: Phrases,
    pub(super) during: Phrases,
    pub(super) fillers: Phrases,
    pub(super) of: Phrases,
    pub(super) this: Phrases,
    pub(super) last: Phrases,
    pub(super) last_after: Phrases,
    pub(super) other_meanings: Phrases,
    pub(super) seasons: [Phrases; 4],
    pub(super) quarters: [Phrases; 4],
    pub(super) halves: [Phrases; 2],
    pub(super) thirds: [Phrases; 3],
    pub(super) numbers: [Phrases; 10],
    pub(super) pandemic: Phrases,
    pub(super) pandemic_start: Phrases,
    pub(super) before_pandemic: Phrases,
    pub(super) during_pandemic: Phrases,
    pub(super) after_pandemic: Phrases,
    pub(super) latest: Phrases,
    pub(super) latest_after: Phrases,
    pub(super) second_latest: Phrases,
    pub(super) first: Phrases,
    pub(super) edition: Phrases,
}

pub(super) static PHRASES: LazyLock<TimePhrases> = LazyLock::new(|| TimePhrases {
    last_year: list(|words| &words.times.last_year),
    this_year: list(|words| &words.times.this_year),
    yesterday: list(|words| &words.times.yesterday),
    this_week: list(|words| &words.times.this_week),
    last_week: list(|words| &words.times.last_week),
    this_month: list(|words| &words.times.this_month),
    last_month: list(|words| &words.times.last_month),
    last_months: list(|words| &words.times.last_months),
    year_before_last: list(|words| &words.times.year_before_last),
    years_ago: list(|words| &words.times.years_ago),
    since_years: list(|words| &words.times.since_years),
    last_years: list(|words| &words.times.last_years),
    decades: list(|words| &words.times.decades),
    since: list(|words| &words.times.since),
    after: list(|words| &words.times.after),
    before: list(|words| &words.times.before),
    until: list(|words| &words.times.until),
    between: list(|words| &words.times.between),
    from: list(|words| &words.times.from),
    to: list(|words| &words.times.to),
    and: list(|words| &words.times.and),
    during: list(|words| &words.times.during),
    fillers: list(|words| &words.times.fillers),
    of: list(|words| &words.times.of),
    this: list(|words| &words.times.this),
    last: list(|words| &words.times.last),
    last_after: list(|words| &words.times.last_after),
    other_meanings: list(|words| &words.times.other_meanings),
    seasons: groups(all_groups(|words| &words.times.seasons)),
    quarters: groups(all_groups(|words| &words.times.quarters)),
    halves: groups(all_groups(|words| &words.times.halves)),
    thirds: groups(all_groups(|words| &words.times.thirds)),
    numbers: groups(all_groups(|words| &words.times.numbers)),
    pandemic: list(|words| &words.times.pandemic),
    pandemic_start: list(|words| &words.times.pandemic_start),
    before_pandemic: list(|words| &words.times.before_pandemic),
    during_pandemic: list(|words| &words.times.during_pandemic),
    after_pandemic: list(|words| &words.times.after_pandemic),
    latest: list(|words| &words.times.latest),
    latest_after: list(|words| &words.times.latest_after),
    second_latest: list(|words| &words.times.second_latest),
    first: list(|words| &words.times.first),
    edition: list(|words| &words.times.edition),
});

fn list(words: fn(&LanguageWords) -> &WordList) -> Phrases {
    Phrases::new(&all_words(words))
}

fn groups<const N: usize>(groups: [Vec<&'static str>; N]) -> [Phrases; N] {
    groups.map(|group| Phrases::new(&group))
}
