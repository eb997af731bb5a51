//! Numbers of people that recaps of one event give differently.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::lines::{Line, MAX_CHARS, NO_POINT, author_key};
use crate::attendance::{largest_number, nouns, number_of_people};
use crate::plan::QueryPlan;
use crate::section_event::tells_of;
use takeaways_text::model::{Point, PointKind, Post};

/// The maximum number of numbers that stand side by side.
const MAX_NUMBERS: usize = 3;
/// Smaller numbers mostly count something else in a recap.
const MIN_PEOPLE: u32 = 100;
/// The maximum number of words from a number to what it counts: "8,000 happy cloud native attendees".
const MAX_DISTANCE: usize = 3;

/// A number as a recap gives it.
struct Attendance {
    value: u32,
    /// As written: `7,500+`.
    text: String,
    /// What is counted, as written: `attendees`.
    noun: String,
}

/// Returns the numbers of attendees that the lines give, as one text (`8,000 · 7,500+ attendees`), and a line for each;
/// `None` if different authors give the same or none. `lines` must be the best first.
pub(super) fn differing_numbers(lines: &[Line]) -> Option<(String, Vec<Line>)> {
    let mut by_value: BTreeMap<u32, (Attendance, &Line)> = BTreeMap::new();
    let mut authors = HashSet::new();
    for line in lines {
        if by_value.len() == MAX_NUMBERS {
            break;
        }
        let Some(found) = attendance(line.post.body.slice(line.span)) else { continue };
        if !by_value.contains_key(&found.value) && authors.insert(author_key(&line.post)) {
            by_value.insert(found.value, (found, line));
        }
    }
    if by_value.len() < 2 {
        return None;
    }
    let numbers: Vec<&str> = by_value.values().rev().map(|(found, _)| found.text.as_str()).collect();
    let noun = by_value.values().next().map(|(found, _)| found.noun.clone()).unwrap_or_default();
    let lines = by_value.values().rev().map(|(_, line)| (*line).clone()).collect();
    Some((format!("{} {noun}", numbers.join(" · ")), lines))
}

/// The sentences of some posts that give a number of attendees, the largest first: one of each post.
pub(super) fn attendance_lines(posts: &[Arc<Post>], plan: &QueryPlan) -> Vec<Line> {
    let largest = |post: &Arc<Post>| {
        let sentences = post.body.sentences.iter().filter_map(|sentence| {
            let text = post.body.slice(sentence.span);
            let found = attendance(text).filter(|_| text.chars().count() <= MAX_CHARS)?;
            let point = Point::new(sentence.span, NO_POINT, PointKind::default(), Vec::new(), Vec::new());
            Some((found.value, Line::new(post, &point)))
        });
        let of_event = sentences.filter(|(_, line)| tells_of(post, line.section, &plan.scope.events));
        of_event.max_by_key(|(value, _)| *value)
    };
    let mut lines: Vec<(u32, Line)> = posts.iter().filter_map(largest).collect();
    lines.sort_by_key(|(value, _)| Reverse(*value));
    lines.into_iter().map(|(_, line)| line).collect()
}

/// How many people came, as a text tells it: the first number right before a word for them, else the largest one near a word for
/// them or their coming.
pub(crate) fn people_counted(text: &str) -> Option<u32> {
    let near = || largest_number(text).filter(|value| *value >= MIN_PEOPLE);
    attendance(text).map(|found| found.value).or_else(near)
}

/// The first number of attendees in a text.
fn attendance(text: &str) -> Option<Attendance> {
    let is_mark = |c: char| !c.is_alphanumeric() && c != '+';
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(is_mark)).collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let value = number_of_people(word).filter(|value| *value >= MIN_PEOPLE)?;
        let after = words.iter().skip(at + 1).take(MAX_DISTANCE + 1);
        let noun = after.take_while(|it| !it.starts_with(|c: char| c.is_ascii_digit()));
        let noun = noun.copied().find(|it| nouns().contains(&it.to_lowercase()))?;
        Some(Attendance { value, text: (*word).to_owned(), noun: noun.to_owned() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let found = attendance(text);
            let found = found.as_ref().map(|it| (it.value, it.text.as_str(), it.noun.as_str()));
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
        ] {
            assert_eq!(people_counted(text), expected, "{text}");
        }
    }
}
