//! How many people came to an event, as sentences tell it.

use std::sync::LazyLock;

use crate::question_syntax::Script;
use takeaways_text::language::all_words;

/// Fewer people make no conference: smaller numbers count something else.
const MIN_PEOPLE: u32 = 40;
/// The maximum number of words between a number and the word for those who came.
const MAX_DISTANCE: usize = 12;

/// The words for the people at an event, in all languages.
pub(crate) fn nouns() -> &'static Vec<&'static str> {
    static NOUNS: LazyLock<Vec<&str>> =
        LazyLock::new(|| all_words(|words| &words.event_facts.attendance_words));
    &NOUNS
}

/// The verbs of sentences about their number, in all languages.
pub(crate) fn verbs() -> &'static [&'static str] {
    static VERBS: LazyLock<Vec<&str>> =
        LazyLock::new(|| all_words(|words| &words.event_facts.attendance_verbs));
    &VERBS
}

/// Numbers from [`MIN_PEOPLE`] on in words, in all languages.
fn large_numbers() -> &'static [&'static str] {
    static NUMBERS: LazyLock<Vec<&str>> =
        LazyLock::new(|| all_words(|words| &words.event_facts.large_numbers));
    &NUMBERS
}

/// Whether a text tells how many people came: a sentence with a number of them and a word for them or their coming. A text
/// that is written without blanks always may.
pub(crate) fn may_tell_attendance(text: &str) -> bool {
    if text.chars().any(|c| Script::of_char(c).uses_bigrams()) {
        return true;
    }
    let is_between = |c: char| c.is_whitespace() || matches!(c, '—' | '–' | '/');
    let words: Vec<&str> = text.split(is_between).filter(|word| !word.is_empty()).collect();
    let ends = |word: &&str| word.ends_with(['.', '!', '?', ':']);
    words.split_inclusive(ends).any(|sentence| {
        let counts = places_of(sentence, |at| counts_people(sentence, at));
        let people = places_of(sentence, |at| is_attendance_word(sentence, at));
        counts.iter().any(|count| people.iter().any(|it| it.abs_diff(*count) <= MAX_DISTANCE))
    })
}

fn places_of(words: &[&str], is_one: impl Fn(usize) -> bool) -> Vec<usize> {
    (0..words.len()).filter(|at| is_one(*at)).collect()
}

/// Whether a word of a sentence is a number that may count people, and no share, sum or year.
fn counts_people(words: &[&str], at: usize) -> bool {
    let Some(word) = words.get(at) else { return false };
    let is_mark = |c: char| !c.is_alphanumeric() && c != '+';
    let plain = word.trim_matches(is_mark);
    if large_numbers().contains(&plain.to_lowercase().as_str()) {
        return true;
    }
    let is_share_or_sum = word.contains(['%', '$', '€', '£']);
    let is_of_unit = words.get(at + 1).is_some_and(|next| next.starts_with(['%', '$', '€', '£']));
    !is_share_or_sum && !is_of_unit && number_of_people(plain).is_some_and(|value| value >= MIN_PEOPLE)
}

/// Whether words at a place of a sentence are for those who came, or for their coming.
fn is_attendance_word(words: &[&str], at: usize) -> bool {
    let plain = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_here = |phrase: &&str| {
        let mut here = words.iter().skip(at);
        phrase.split(' ').all(|part| here.next().is_some_and(|word| plain(word) == part))
    };
    nouns().iter().chain(verbs()).any(is_here)
}

/// The number of people that a word gives: `8,000`, `7.500`, `12000+`, `8k`. No year.
pub(crate) fn number_of_people(word: &str) -> Option<u32> {
    let plain = word.trim_end_matches('+');
    let (digits, factor) = match plain.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1_000),
        None => (plain, 1),
    };
    let groups: Vec<&str> = digits.split([',', '.', '\u{202f}', '\'']).collect();
    let is_number =
        groups.iter().all(|group| !group.is_empty() && group.bytes().all(|it| it.is_ascii_digit()));
    let is_grouped = groups.iter().skip(1).all(|group| group.len() == 3);
    if !is_number || !is_grouped {
        return None;
    }
    let value = groups.concat().parse::<u32>().ok()?.checked_mul(factor)?;
    let is_year = groups.len() == 1 && factor == 1 && (1990..=2100).contains(&value) && !word.ends_with('+');
    (!is_year).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_about_attendance() {
        for (text, expected) in [
            ("Some 700 coders travelled far to attend it.", true),
            ("In all, 1400 of them joined, twice the number of before.", true),
            ("Mit etwa 1200 Besuchern war sie groß.", true),
            ("Elle fut grande, avec 1000 participants environ.", true),
            ("Asistieron más de 60,000 personas.", true),
            ("参加者は1,000人でした。", true),
            ("It is small, with around a hundred people.", true),
            ("It was small: about eighty users came.", true),
            ("We counted 1,250 attendees—more than ever.", true),
            ("Only 17% of the people work there.", false),
            ("People paid 500 $ for it.", false),
            ("In 2019 people came from everywhere.", false),
            ("A workshop with 12 attendees.", false),
            ("They have 350 clusters. People came.", false),
        ] {
            assert_eq!(may_tell_attendance(text), expected, "{text}");
        }
    }
}
