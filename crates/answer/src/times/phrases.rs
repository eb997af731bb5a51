//! The words for times in all languages, from `[times]` in `config/languages/`.

use std::sync::LazyLock;

use takeaways_text::{
    language::{LanguageWords, WordList, all_groups, all_words},
    phrases::Words,
};

/// A phrase of a list; `#` in it is a slot, for a number, a year or a time, as the list says.
#[derive(Debug)]
pub(super) struct Pattern(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    /// A folded word, and whether it follows the slot without a blank: `#s`.
    Word(String, bool),
    Slot,
}

impl Pattern {
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
pub(super) fn find_phrase<T>(
    patterns: &[Pattern],
    words: &Words<'_>,
    at: usize,
    slot: &dyn Fn(usize) -> Option<(T, usize)>,
) -> Option<(Option<T>, usize)> {
    patterns.iter().filter_map(|pattern| pattern.match_at(words, at, slot)).max_by_key(|(_, end)| *end)
}

/// Returns the end of the longest phrase of a list without slots.
pub(super) fn find_end(patterns: &[Pattern], words: &Words<'_>, at: usize) -> Option<usize> {
    find_phrase(patterns, words, at, &|_| None::<((), usize)>).map(|(_, end)| end)
}

/// Returns the group of lists that has a phrase at a word, and the end of the phrase.
pub(super) fn find_group<const N: usize>(
    groups: &[Vec<Pattern>; N],
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

/// The lists of all languages.
pub(super) struct TimePhrases {
    pub(super) last_year: Vec<Pattern>,
    pub(super) this_year: Vec<Pattern>,
    pub(super) years_ago: Vec<Pattern>,
    pub(super) since_years: Vec<Pattern>,
    pub(super) last_years: Vec<Pattern>,
    pub(super) decades: Vec<Pattern>,
    pub(super) since: Vec<Pattern>,
    pub(super) after: Vec<Pattern>,
    pub(super) before: Vec<Pattern>,
    pub(super) until: Vec<Pattern>,
    pub(super) between: Vec<Pattern>,
    pub(super) from: Vec<Pattern>,
    pub(super) to: Vec<Pattern>,
    pub(super) and: Vec<Pattern>,
    pub(super) during: Vec<Pattern>,
    pub(super) fillers: Vec<Pattern>,
    pub(super) of: Vec<Pattern>,
    pub(super) this: Vec<Pattern>,
    pub(super) last: Vec<Pattern>,
    pub(super) last_after: Vec<Pattern>,
    pub(super) other_meanings: Vec<Pattern>,
    pub(super) seasons: [Vec<Pattern>; 4],
    pub(super) quarters: [Vec<Pattern>; 4],
    pub(super) halves: [Vec<Pattern>; 2],
    pub(super) numbers: [Vec<Pattern>; 10],
    pub(super) pandemic: Vec<Pattern>,
    pub(super) pandemic_start: Vec<Pattern>,
    pub(super) before_pandemic: Vec<Pattern>,
    pub(super) during_pandemic: Vec<Pattern>,
    pub(super) after_pandemic: Vec<Pattern>,
    pub(super) latest: Vec<Pattern>,
    pub(super) latest_after: Vec<Pattern>,
    pub(super) second_latest: Vec<Pattern>,
    pub(super) first: Vec<Pattern>,
    pub(super) edition: Vec<Pattern>,
}

pub(super) static PHRASES: LazyLock<TimePhrases> = LazyLock::new(|| TimePhrases {
    last_year: list(|words| &words.times.last_year),
    this_year: list(|words| &words.times.this_year),
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

fn list(words: fn(&LanguageWords) -> &WordList) -> Vec<Pattern> {
    all_words(words).into_iter().map(Pattern::parse).collect()
}

fn groups<const N: usize>(groups: [Vec<&'static str>; N]) -> [Vec<Pattern>; N] {
    groups.map(|group| group.into_iter().map(Pattern::parse).collect())
}
