//! How many people came to an event, as sentences tell it.

use takeaways_text::language::{self, WordList};
use takeaways_text::script::is_cjk;
use takeaways_text::tokens::folding::fold;

/// Fewer people make no conference: smaller numbers count something else.
const MIN_PEOPLE: u32 = 40;
/// The maximum number of words between a number and the word for those who came.
const MAX_DISTANCE: usize = 12;

/// The words for the people at an event, in all languages.
pub(crate) fn nouns() -> &'static WordList {
    &language::all().event_facts.attendance_words
}

/// The words for the people at an event and the verbs for their coming, in all languages.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    nouns().iter().chain(language::all().event_facts.attendance_verbs.iter())
}

/// Whether words of a question ask for the number of attendees: `showed up`.
pub(crate) fn is_asked_for(asked: &str) -> bool {
    let facts = &language::all().event_facts;
    let lists = [&facts.attendance_words, &facts.attendance_verbs, &facts.attendance_question_words];
    lists.into_iter().any(|list| list.contains_folded(&fold(asked)))
}

/// Whether a folded word asks which of two events was larger: `bigger`.
pub(crate) fn is_size(word: &str) -> bool {
    language::all().event_facts.size_words.contains_folded(word)
}

/// Whether a folded word compares two things: `bigger`, but not `biggest`.
pub(crate) fn is_comparative(word: &str) -> bool {
    language::all().event_facts.comparatives.contains_folded(word)
}

/// Whether a text tells how many people came: a sentence with a number of them and a word for them or their coming. A text
/// that is written without blanks always may.
pub(crate) fn may_tell_attendance(text: &str) -> bool {
    if text.contains(is_cjk) {
        return true;
    }
    !numbers_told(text).is_empty()
}

/// The largest number of people who came that a text gives in digits.
pub(crate) fn largest_number(text: &str) -> Option<u32> {
    numbers_told(text).into_iter().filter_map(number_of_people).max()
}

/// The words of a text for how many people came, each beside a word for them or their coming.
fn numbers_told(text: &str) -> Vec<&str> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '—' | '–' | '/');
    let words: Vec<&str> = text.split(is_between).filter(|word| !word.is_empty()).collect();
    let ends = |word: &&str| word.ends_with(['.', '!', '?', ':']);
    let mut told = Vec::new();
    for sentence in words.split_inclusive(ends) {
        for at in (0..sentence.len()).filter(|at| counts_people(sentence, *at)) {
            let near = at.saturating_sub(MAX_DISTANCE)..sentence.len().min(at + MAX_DISTANCE + 1);
            if sentence.get(near).is_some_and(|near| near.iter().any(|word| is_attendance_word(word))) {
                told.push(without_marks(sentence[at]));
            }
        }
    }
    told
}

/// A word without the punctuation around it: `8,000+` of `(8,000+)`.
fn without_marks(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+')
}

/// Whether a word of a sentence is a number that may count people, and no share, sum or year.
fn counts_people(sentence: &[&str], at: usize) -> bool {
    let Some(word) = sentence.get(at) else { return false };
    let plain = without_marks(word);
    if language::all().event_facts.large_numbers.contains(plain.to_lowercase().as_str()) {
        return true;
    }
    let marks = ['%', '$', '€', '£'];
    let is_share_or_sum =
        word.contains(marks) || sentence.get(at + 1).is_some_and(|next| next.starts_with(marks));
    !is_share_or_sum && number_of_people(plain).is_some_and(|value| value >= MIN_PEOPLE)
}

/// Whether a word is for those who came, or for their coming.
pub(crate) fn is_attendance_word(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    words().any(|known| known == word)
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
