//! Parses the mentions of events in a text: their names, places and years.

use super::grammar::{MentionedPlace, ParsedMention};
use super::lexicon::{Lexeme, PlaceId, PlaceKind, SeriesName};
use super::table::EventTable;
use crate::topics::TopicTable;
use std::ops::Range;
use takeaways_text::{language, phrases::Words, tokens::is_any_stop_word};

/// Recognises names, places and years at the words of one text.
pub(super) struct MentionParser<'a, 't> {
    pub(super) table: &'a EventTable,
    pub(super) words: &'a Words<'t>,
}

impl<'a> MentionParser<'a, '_> {
    /// Returns the longest name of a series or edition that begins at a word, after its number of words.
    pub(super) fn name_at(&self, at: usize) -> Option<(usize, &'a SeriesName)> {
        // The iterator borrows the words too, but its items borrow only the table.
        let table: &'a EventTable = self.table;
        if self.words.is_glued(at) || self.is_behind_dot(at) {
            return None;
        }
        table.lexicon.matches_at(self.words, at).find_map(|(len, lexeme)| {
            let Lexeme::Name(name) = lexeme else { return None };
            let is_name = self.is_end(at + len) && name.matches_spelling(self.words.slice(at..at + len));
            is_name.then_some((len, name))
        })
    }

    /// Whether a word is the end of a name with a dot: `js` in `Vue.js Conf`. A name with one capital there begins a sentence
    /// whose space is missing.
    fn is_behind_dot(&self, at: usize) -> bool {
        let word = self.words.original(at);
        let is_capitalised = word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase);
        at > 0
            && self.words.gap(at) == "."
            && self.words.original(at - 1).ends_with(char::is_alphabetic)
            && !is_capitalised
    }

    /// Returns the longest known place that begins at a word, after its number of words.
    pub(super) fn place_at(&self, at: usize) -> Option<(usize, PlaceId)> {
        self.place_with_spelling(at, |exact, spelling| {
            exact == spelling || exact.trim_end_matches('.') == spelling
        })
    }

    /// Whether a name may end before a word: the word is separate, or it is a number.
    fn is_end(&self, at: usize) -> bool {
        !self.words.is_glued(at) || self.words.is_number(at)
    }

    /// Returns the longest known place at a word. `is_same` compares the spelling of a short form with the text.
    fn place_with_spelling(
        &self,
        at: usize,
        is_same: impl Fn(&str, &str) -> bool,
    ) -> Option<(usize, PlaceId)> {
        if self.words.is_glued(at) {
            return None;
        }
        self.table.lexicon.matches_at(self.words, at).find_map(|(len, lexeme)| {
            let Lexeme::Place { id, exact } = lexeme else { return None };
            let spelling = self.words.slice(at..at + len);
            let is_written = exact.as_deref().is_none_or(|exact| is_same(exact, spelling));
            (self.is_end(at + len) && is_written).then_some((len, *id))
        })
    }

    /// Returns the place at a word after a mention. Directly after the name of a series a short form counts in lower
    /// case too: `kubecon na 2019`, `pycon us`. But no place may follow that of a region, because `na` is a preposition
    /// in Portuguese, and that of a country that is also a word of grammar (`us`) must end the mention or precede a year.
    pub(super) fn place_after_name(&self, at: usize, mention: &ParsedMention) -> Option<(usize, PlaceId)> {
        self.place_at(at).or_else(|| {
            if mention.words.end != at
                || mention.region.is_some()
                || mention.place.is_some()
                || !self.follows_plainly(at)
            {
                return None;
            }
            // `nas` is Portuguese too.
            let in_any_case = |exact: &str, spelling: &str| {
                exact.eq_ignore_ascii_case(spelling) && (exact == spelling || !exact.ends_with('s'))
            };
            let (len, id) = self.place_with_spelling(at, in_any_case)?;
            let next = at + len;
            let is_place = match self.table.places.get(id)?.kind {
                PlaceKind::Region => self.place_at(next).is_none(),
                _ => {
                    !is_any_stop_word(self.words.folded(at))
                        || next >= self.words.len()
                        || !self.follows_plainly(next)
                        || self.year_at(next, true).is_some()
                }
            };
            is_place.then_some((len, id))
        })
    }

    /// Returns the year that a word stands for: `2019`, or `19` after an apostrophe. With `allows_two_digits` it may be
    /// `19` without an apostrophe.
    pub(super) fn year_at(&self, at: usize, allows_two_digits: bool) -> Option<i16> {
        let digits = self.words.folded(at);
        if !self.words.is_number(at) || self.words.is_glued(at + 1) {
            return None;
        }
        let number: i16 = digits.parse().ok()?;
        let gap = self.words.gap(at);
        match digits.len() {
            // 2000 is usually a number of people.
            4 if (1990..2100).contains(&number) && number != 2000 => Some(number),
            2 if gap.ends_with(['\'', '’', '‘', '`']) => {
                Some(if number < 90 { 2000 } else { 1900 } + number)
            }
            2 if allows_two_digits
                && (5..50).contains(&number)
                && matches!(gap, " " | "")
                && !self.continues_as_number(at) =>
            {
                Some(2000 + number)
            }
            _ => None,
        }
    }

    /// Whether a word that is not in the table may be a place or a part of its name.
    pub(super) fn can_name_a_place(&self, at: usize) -> bool {
        let word = self.words.folded(at);
        let is_code = || self.words.original(at).chars().all(char::is_uppercase);
        self.words.is_capitalised(at)
            && (word.chars().count() > 2 || (word.len() == 2 && is_code()))
            && !language::all().events.not_places.contains(word)
            && self.name_at(at).is_none()
            && TopicTable::builtin().topic_of_tag(word).is_none()
    }

    /// Whether a word is in capitals and the word before it is not, as `DE` in `PyCon DE`.
    pub(super) fn is_emphasised(&self, at: usize) -> bool {
        let is_in_capitals = |word: &str| word.len() > 1 && word.chars().all(char::is_uppercase);
        at > 0 && is_in_capitals(self.words.original(at)) && !is_in_capitals(self.words.original(at - 1))
    }

    /// Whether the text before a word may separate two parts of one mention.
    pub(super) fn may_separate_parts(&self, at: usize, gap: &str) -> bool {
        let after_initial = gap == ". " && at > 0 && self.words.original(at - 1).len() == 1;
        after_initial
            || (gap.chars().count() <= 6
                && gap.matches('\n').count() <= 1
                && gap.chars().all(|c| c.is_whitespace() || "-–—,()/|@·&+'’‘`*_~#、（）".contains(c)))
    }

    /// Whether at most one space, line end, hyphen or underscore precedes a word.
    pub(super) fn follows_plainly(&self, at: usize) -> bool {
        matches!(self.words.gap(at), "" | " " | "\n" | "\u{a0}" | "-" | "_")
    }

    /// Whether a word joins a place to its conference: `Detroit's KubeCon`.
    pub(super) fn is_genitive(&self, at: usize) -> bool {
        language::all().events.genitives.contains(self.words.folded(at))
            && matches!(self.words.gap(at), "'" | "’" | "")
    }

    /// Whether a number is only a part of one, or counts something, as in `10:30`, `10.5` and `10 years`.
    fn continues_as_number(&self, at: usize) -> bool {
        self.words.is_number(at + 1) && matches!(self.words.gap(at + 1), "." | ":" | "," | "/")
            || self.words.gap(at + 1).starts_with('%')
            || (self.follows_plainly(at + 1)
                && language::all().events.counted.contains(self.words.folded(at + 1)))
    }
}

/// Maximum number of mentions in a text. Only a hostile text has more.
pub(super) const MAX_MENTIONS: usize = 1_000;

/// Maximum length, in bytes, of a question or title. In such a text a city counts in lower case too.
const SHORT_TEXT: usize = 300;

impl EventTable {
    /// Returns the mentions of events in a text, in its order.
    pub(super) fn parse_mentions(&self, words: &Words<'_>) -> Vec<ParsedMention> {
        let parser = MentionParser { table: self, words };
        let mut mentions: Vec<ParsedMention> = Vec::new();
        let mut place: Option<(Range<usize>, PlaceId)> = None;
        let mut at = 0;
        while at < words.len() && mentions.len() < MAX_MENTIONS {
            if let Some((mention, further)) = Self::parse_mention_at(&parser, at, &mentions, place.as_ref()) {
                // A place before the name that belongs to it was already added as a mention of its own.
                while mentions.last().is_some_and(|last| last.words.end > mention.words.start) {
                    mentions.pop();
                }
                at = further.last().map_or(mention.words.end, |last| last.words.end).max(at + 1);
                self.merge_or_push(words, &mut mentions, mention);
                mentions.extend(further);
            } else if let Some((len, id)) = parser.place_at(at) {
                place = Some((at..at + len, id));
                let floor = mentions.last().map_or(0, |last| last.words.end);
                let city = self.parse_lone_city(&parser, floor, at..at + len, id);
                at = city.as_ref().map_or(at + len, |mention| mention.words.end);
                mentions.extend(city);
            } else {
                at += 1;
            }
        }
        mentions
    }

    /// Returns the countries and parts of the world that a text names outside of `mentions`, each with its words.
    pub(super) fn parse_lone_places(
        &self,
        words: &Words<'_>,
        mentions: &[ParsedMention],
    ) -> Vec<(Range<usize>, PlaceId)> {
        let parser = MentionParser { table: self, words };
        let mut places = Vec::new();
        let mut at = 0;
        while at < words.len() && places.len() < MAX_MENTIONS {
            let is_in_mention = mentions.iter().any(|mention| mention.words.contains(&at));
            let found = parser.place_at(at).filter(|_| !is_in_mention);
            let is_city = |id| self.places.get(id).is_none_or(|place| place.kind == PlaceKind::City);
            if let Some((len, id)) = found.filter(|(_, id)| !is_city(*id)) {
                places.push((at..at + len, id));
            }
            at += found.map_or(1, |(len, _)| len);
        }
        places
    }

    fn parse_mention_at(
        parser: &MentionParser<'_, '_>,
        at: usize,
        mentions: &[ParsedMention],
        place: Option<&(Range<usize>, PlaceId)>,
    ) -> Option<(ParsedMention, Vec<ParsedMention>)> {
        let (len, name) = parser.name_at(at)?;
        let mut mention = parser.start_mention(at..at + len, name);
        let floor = mentions
            .iter()
            .rev()
            .find(|mention| mention.series.is_some())
            .map_or(0, |mention| mention.words.end);
        parser.extend_left(&mut mention, floor, place);
        let further = parser.extend_right(&mut mention);
        (!name.needs_detail || mention.has_detail()).then_some((mention, further))
    }

    /// Parses a city without a conference: `Barcelona 2019`, `in Berlin in 2016`.
    fn parse_lone_city(
        &self,
        parser: &MentionParser<'_, '_>,
        floor: usize,
        range: Range<usize>,
        id: PlaceId,
    ) -> Option<ParsedMention> {
        let words = parser.words;
        let is_city = self.places.get(id).is_some_and(|place| place.kind == PlaceKind::City);
        let is_name = words.is_capitalised(range.start)
            || !words.original(range.start).is_ascii()
            || words.byte_range(0..words.len()).len() <= SHORT_TEXT;
        let editions = self.editions.iter().filter(|edition| edition.place == Some(id));
        let years: Vec<_> = editions.map(|edition| edition.event.year).collect();
        let mut mention = ParsedMention {
            words: range,
            place: Some(MentionedPlace::Known(id)),
            ..ParsedMention::default()
        };
        parser.attach_year(&mut mention, floor, |year| years.contains(&Some(year)));
        (is_city && is_name && !years.is_empty()).then_some(mention)
    }

    /// Adds a mention. Merges it with the last one if both are joined and name one edition, as in `KubeCon EU /
    /// CloudNativeCon EU 2023`. If the last one is joined and names another edition, it gets the year of this one if it
    /// has none, and the region if it has no detail: `Rejekts + KubeCon NA 2024`.
    fn merge_or_push(&self, words: &Words<'_>, mentions: &mut Vec<ParsedMention>, mention: ParsedMention) {
        let last =
            mentions.last_mut().filter(|last| last.series.is_some() && are_joined(words, last, &mention));
        if let Some(last) = last {
            let agrees = last.year.is_none_or(|year| mention.year.is_none_or(|next| next == year))
                && last.region.is_none_or(|region| mention.region.is_none_or(|next| next == region))
                && (last.place.is_none() || mention.place.is_none() || last.place == mention.place);
            if last.series == mention.series && agrees {
                let merged = ParsedMention {
                    words: last.words.start..mention.words.end,
                    year: last.year.or(mention.year),
                    region: last.region.or(mention.region),
                    place: last.place.clone().or_else(|| mention.place.clone()),
                    edition: last.edition.or(mention.edition),
                    ..last.clone()
                };
                // "KubeCon EU 2022, KubeCon Detroit" names two editions.
                if self.has_edition(&merged) || !(self.has_edition(last) && self.has_edition(&mention)) {
                    *last = merged;
                    return;
                }
            }
            let region = if last.has_detail() { last.region } else { mention.region };
            let with_year = ParsedMention { year: last.year.or(mention.year), region, ..last.clone() };
            if self.has_edition(&with_year) || !last.has_detail() {
                *last = with_year;
            }
        }
        mentions.push(mention);
    }
}

/// Whether only a sign that joins words, or one `and`, separates two mentions.
fn are_joined(words: &Words<'_>, last: &ParsedMention, next: &ParsedMention) -> bool {
    let between = last.words.end..next.words.start;
    let gap = words.gap(next.words.start);
    match between.len() {
        0 => gap.chars().count() <= 3 && gap.chars().all(|c| c.is_whitespace() || "+/&,|-".contains(c)),
        1 => language::all().events.conjunctions.contains(words.folded(between.start)),
        _ => false,
    }
}
