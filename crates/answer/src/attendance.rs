//! How many people came to an event, as sentences say it.

use std::ops::RangeInclusive;

use takeaways_text::language::{self, WordList};
use takeaways_text::tokens::folding::{fold, trim_punctuation};

/// Fewer people make no conference: smaller numbers count something else.
const MIN_PEOPLE: u32 = 40;
/// A number of people that is the size of an event is no smaller.
const MIN_SIZE: u32 = 100;
/// The maximum number of words between a number and the word for those who came.
const MAX_DISTANCE: usize = 12;
/// A number counts those for whom a word stands at most as many words after it.
const MAX_TO_NOUN: usize = 4;
/// A word for those who were not on site stands at most as many words after their number.
const MAX_TO_ONLINE: usize = 3;
/// A word for a part of an event stands at most as many words after the number of those who came to it.
const MAX_TO_PART: usize = 6;
/// A year belongs to a number at most as many words away.
const MAX_TO_YEAR: usize = 4;
/// The numbers of words of what asks for the event with the most people.
const MOST_ATTENDED_WORDS: [usize; 2] = [2, 3];
/// The numbers that may be years.
const YEARS: RangeInclusive<i16> = 1990..=2100;

/// The words for the people at an event and the verbs for their coming, in all languages.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    let facts = &language::all().event_facts;
    facts.attendance_words.iter().chain(facts.attendance_verbs.iter())
}

/// Whether words of a question ask for the number of attendees: `showed up`.
pub(crate) fn is_asked_for(asked: &str) -> bool {
    let of_questions = &language::all().event_facts.attendance_question_words;
    is_attendance_word(asked) || of_questions.has_word(asked)
}

/// Whether a folded word asks which of two events was larger: `bigger`.
pub(crate) fn is_size(word: &str) -> bool {
    language::all().event_facts.size_words.contains_folded(word)
}

/// Whether folded words ask for the event with the most people: `most attendees`, `plus de visiteurs`.
pub(crate) fn asks_for_most(words: &[String]) -> bool {
    let most = &language::all().event_facts.most_attended;
    let is_most = |run: &[String]| most.contains_folded(&run.join(" "));
    MOST_ATTENDED_WORDS.into_iter().any(|length| words.windows(length).any(is_most))
}

/// Whether a folded word compares two things: `bigger`, but not `biggest`.
pub(crate) fn is_comparative(word: &str) -> bool {
    language::all().event_facts.comparatives.contains_folded(word)
}

/// A number of people who came, as a text has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attendance<'t> {
    /// As written: `7,500+`, `hundred`.
    pub text: &'t str,
    /// `None` if it is written as a word.
    pub value: Option<u32>,
    /// What is counted, as written, if it stands right after the number: `attendees`.
    pub noun: Option<&'t str>,
    /// The year that the clause of the number names: 2016 of "1500 in 2016 and 8000 in 2018".
    pub year: Option<i16>,
    /// Whether they were not on site: "5000 virtual attendees".
    pub is_online: bool,
    /// Whether they came to one part of the event: "350 visitors to the booth".
    pub is_of_part: bool,
}

impl<'t> Attendance<'t> {
    /// The numbers of people who came that a text has: each stands in a sentence with a word for them or their coming.
    pub fn find_in(text: &'t str) -> Vec<Self> {
        let is_between = |c: char| c.is_whitespace() || matches!(c, '—' | '–' | '/');
        let words: Vec<&str> = text.split(is_between).filter(|word| !word.is_empty()).collect();
        let ends = |word: &&str| word.ends_with(['.', '!', '?', ':']);
        let facts = &language::all().event_facts;
        let mut found = Vec::new();
        for sentence in words.split_inclusive(ends) {
            for at in (0..sentence.len()).filter(|at| counts_people(sentence, *at)) {
                let near = at.saturating_sub(MAX_DISTANCE)..sentence.len().min(at + MAX_DISTANCE + 1);
                if sentence.get(near).is_some_and(|near| near.iter().any(|word| is_attendance_word(word))) {
                    let text = without_marks(sentence[at]);
                    let noun = noun_after(sentence, at);
                    found.push(Self {
                        text,
                        value: number_of_people(text),
                        noun,
                        year: year_beside(sentence, at),
                        is_online: is_followed_by(sentence, at, MAX_TO_ONLINE, &facts.online_words),
                        is_of_part: is_followed_by(sentence, at, MAX_TO_PART, &facts.part_words),
                    });
                }
            }
        }
        found
    }

    /// The value, if it may be the size of an event.
    pub fn size(&self) -> Option<u32> {
        self.value.filter(|value| *value >= MIN_SIZE)
    }
}

/// The size of an event of a year, as a text has it: of the numbers that stand with this year, else of those with none, the largest
/// right before a word for those who came, else the largest. A number of another year or of a part of it is not its size, and
/// those who were not on site count only if nobody else is counted.
pub(crate) fn size_of_event(text: &str, year: Option<i16>) -> Option<u32> {
    attendance_of_event(text, year)?.size()
}

/// The number of people of which [`size_of_event`] is the value.
pub(crate) fn attendance_of_event(text: &str, year: Option<i16>) -> Option<Attendance<'_>> {
    let is_of_year = |it: &Attendance| it.year.is_some() && it.year == year;
    let is_of_other = |it: &Attendance| year.is_some() && it.year.is_some() && it.year != year;
    let mut found = Attendance::find_in(text);
    found.retain(|it| !is_of_other(it) && !it.is_of_part);
    found
        .into_iter()
        .max_by_key(|it| (it.size().map(|_| (!it.is_online, is_of_year(it), it.noun.is_some())), it.size()))
}

/// Whether one of the next words after a number in a sentence is one of these, before another number, a comma or a semicolon.
fn is_followed_by(sentence: &[&str], at: usize, limit: usize, words: &WordList) -> bool {
    let after = sentence.iter().skip(at + 1).take(limit);
    let ends = |word: &&str| word.ends_with([',', ';']);
    let length = sentence.iter().skip(at).position(ends).unwrap_or(limit);
    let clause = after.take(length);
    let mut clause = clause.take_while(|word| !word.starts_with(|c: char| c.is_ascii_digit() || c == '('));
    clause.any(|word| words.has_word(without_marks(word)))
}

/// The year that stands with a number of people: in the few words before it, or after it in its clause.
fn year_beside(sentence: &[&str], at: usize) -> Option<i16> {
    let year = |word: &&str| {
        let year = without_marks(word).parse::<i16>().ok()?;
        YEARS.contains(&year).then_some(year)
    };
    let is_number = |word: &&str| counts_people(&[word], 0);
    let before = sentence.get(at.saturating_sub(MAX_TO_YEAR)..at).unwrap_or_default();
    let mut before = before.iter().rev().take_while(|word| !is_number(word));
    // "In 2016, 1500 came."
    let in_front = before.next().and_then(year);
    let after = sentence.get(at..).unwrap_or_default().iter().take(MAX_TO_YEAR + 1);
    let ends = |word: &&&str| word.ends_with([',', ';', ':']);
    let clause = after.clone().position(|word| ends(&word)).map_or(MAX_TO_YEAR + 1, |end| end + 1);
    let mut after = after.take(clause).skip(1).take_while(|word| !is_number(word));
    in_front.or_else(|| after.find_map(year)).or_else(|| before.find_map(year))
}

/// The word for those who came that a number in a sentence counts: "8,000 happy cloud native attendees".
fn noun_after<'t>(sentence: &[&'t str], at: usize) -> Option<&'t str> {
    let after = sentence.iter().skip(at + 1).take(MAX_TO_NOUN).map(|word| without_marks(word));
    let mut words = after.take_while(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    words.find(|word| language::all().event_facts.attendance_words.has_word(word))
}

/// A word without the punctuation around it: `8,000+` of `(8,000+)`.
fn without_marks(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+')
}

/// Whether a word of a sentence is a number that may count people, and no share, sum or year.
fn counts_people(sentence: &[&str], at: usize) -> bool {
    let Some(word) = sentence.get(at) else { return false };
    let plain = without_marks(word);
    if language::all().event_facts.large_numbers.has_word(plain) {
        return true;
    }
    let marks = ['%', '$', '€', '£'];
    let is_share_or_sum =
        word.contains(marks) || sentence.get(at + 1).is_some_and(|next| next.starts_with(marks));
    !is_share_or_sum && number_of_people(plain).is_some_and(|value| value >= MIN_PEOPLE)
}

/// Whether a word is for those who came, or for their coming.
pub(crate) fn is_attendance_word(word: &str) -> bool {
    let word = fold(trim_punctuation(word));
    let facts = &language::all().event_facts;
    facts.attendance_words.contains_folded(&word) || facts.attendance_verbs.contains_folded(&word)
}

/// The number of people that a word gives: `8,000`, `7.500`, `12000+`, `8k`. No year.
fn number_of_people(word: &str) -> Option<u32> {
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
    let may_be_year = i16::try_from(value).is_ok_and(|value| YEARS.contains(&value));
    let is_year = groups.len() == 1 && factor == 1 && may_be_year && !word.ends_with('+');
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
            ("It is small, with around a hundred people.", true),
            ("It was small: about eighty users came.", true),
            ("We counted 1,250 attendees—more than ever.", true),
            ("Only 17% of the people work there.", false),
            ("People paid 500 $ for it.", false),
            ("In 2019 people came from everywhere.", false),
            ("A workshop with 12 attendees.", false),
            ("They have 350 clusters. People came.", false),
        ] {
            assert_eq!(!Attendance::find_in(text).is_empty(), expected, "{text}");
        }
    }

    #[test]
    fn numbers_of_attendees_are_read_as_written() {
        for (text, expected) in [
            ("More than 8,000 attendees came.", Some((8_000, "8,000", "attendees"))),
            ("with 7,500+ happy cloud native participants", Some((7_500, "7,500+", "participants"))),
            ("about 12k attendees, they say", Some((12_000, "12k", "attendees"))),
            ("In 2019 attendees came from everywhere.", None),
            ("over 30 attendees at the workshop", None),
            ("version 1.16 for attendees", None),
            ("It was great.", None),
        ] {
            let all = Attendance::find_in(text);
            let found = all.iter().find_map(|it| Some((it.size()?, it.text, it.noun?)));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn few_people_are_no_size_of_an_event() {
        for (text, expected) in [
            ("In all, 1400 of them joined.", Some(1_400)),
            ("1400 joined, and 1300 attendees stayed.", Some(1_300)),
            ("40 attendees at the workshop.", None),
            ("Some 60 gophers came.", None),
            ("Over 350 visitors came to our small booth.", None),
            ("In all, 1400 attendees came to a 30 minute session.", Some(1_400)),
            ("There were 1400 attendees, and each saw a session.", Some(1_400)),
        ] {
            assert_eq!(size_of_event(text, None), expected, "{text}");
        }
    }

    #[test]
    fn the_size_of_an_event_is_that_of_its_year() {
        let growth = "It grew from 1500 people in 2016 to 8000 in 2018.";
        let list = "In 2016, 1500 attendees came; in 2018 there were 8000 of them.";
        for (text, year, expected) in [
            (growth, Some(2018), Some(8_000)),
            (growth, Some(2016), Some(1_500)),
            (list, Some(2016), Some(1_500)),
            (list, Some(2018), Some(8_000)),
            (list, Some(2017), None),
            ("About 10,000 in-person attendees and 12,000 virtual participants.", Some(2018), Some(10_000)),
            ("There were 8,000 attendees here (more of them online).", Some(2018), Some(8_000)),
            ("Some 20,000 people joined virtually.", Some(2018), Some(20_000)),
            ("From 1500 attendees to over 8000 attendees.", Some(2018), Some(8_000)),
        ] {
            assert_eq!(size_of_event(text, year), expected, "{text} {year:?}");
        }
    }
}
