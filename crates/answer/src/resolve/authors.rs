//! The authors and speakers that the words of a question name: "by Jane Doe", "Doe's view", "Mike G.", "@jdoe".

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::neighbours::with_negations;
use super::writers::{is_opening, phrases_before};
use super::{NameRole, ResolvedQuestion, words_in};
use crate::people::{is_given_name, other_given_names};
use crate::question_syntax::{QuestionSyntax, QuestionWord, overlap};
use crate::shape_words::is_done_word;
use takeaways_corpus::{entities::EntityTable, events::EventTable, topics::TopicTable};
use takeaways_search::{AuthorFacet, Facets};
use takeaways_text::calendar::month_from_name;
use takeaways_text::language;
use takeaways_text::model::{Language, Missing, Scope};
use takeaways_text::nearest::are_one_person_misspelt;
use takeaways_text::person_names::{HandleForm, handle_form};
use takeaways_text::script::is_cjk;
use takeaways_text::tokens::folding::{fold, fold_words, folded_words};
use takeaways_text::tokens::{is_any_stop_word, is_boilerplate, is_stop_word};

/// Adds the authors that the words name, also if the posts only have a handle made of the name ("jdoe"). For a person who
/// wrote no post, most of what posts say about them are words of others, so the question must ask for what the person said.
/// A part of a name counts only where it is used as one. If several have it, nothing is guessed: each is a choice. The posts of authors
/// after "not by" are left out.
pub(super) fn add_authors(
    resolved: &mut ResolvedQuestion,
    syntax: &QuestionSyntax,
    role: NameRole,
    facets: &Facets,
) {
    let mut words = NameWords::new(syntax, &resolved.consumed_words);
    words.asks_for_words &= role != NameRole::Report;
    let named = facets.authors.iter().filter(|author| words.may_name(author));
    let people: Vec<Person<'_>> = named.map(|author| Person::new(author, facets)).collect();
    let mut found: Vec<(Vec<&str>, Range<usize>)> = Vec::new();
    for person in people.iter().filter(|person| words.asks_for_words || !person.is_speaker) {
        let whole = words.find_whole(person).filter(|range| !words.is_topic(range));
        found.extend(whole.map(|range| (vec![person.name], range)));
    }
    let whole: Vec<Range<usize>> = found.iter().map(|(_, range)| range.clone()).collect();
    let is_free = |range: &Range<usize>| !whole.iter().any(|it| overlap(it, range));
    let parts = words.find_parts(&people).into_iter();
    for (range, namesakes) in parts.filter(|(range, _)| is_free(range) && !words.is_topic(range)) {
        if let [one, others @ ..] = namesakes.as_slice()
            && others.iter().all(|other| are_one_person_misspelt(one.name, other.name))
        {
            found.push((namesakes.iter().map(|person| person.name).collect(), range));
        } else {
            add_choices(resolved, syntax, &range, &namesakes);
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    let mentions: Vec<Range<usize>> =
        found.iter().map(|(_, range)| syntax.bytes_of(range).unwrap_or_default()).collect();
    for ((names, range), unwanted) in found.into_iter().zip(with_negations(&mentions, syntax)) {
        let Scope { authors, excluded_authors, .. } = &mut resolved.scope;
        let list = if unwanted.is_some() { excluded_authors } else { authors };
        list.extend(names.into_iter().map(str::to_owned));
        resolved.consumed_words.push(unwanted.map_or(range, |bytes| words_in(&bytes, &syntax.words)));
    }
    for names in [&mut resolved.scope.authors, &mut resolved.scope.excluded_authors] {
        names.sort();
        names.dedup();
    }
}

/// The maximum number of words of a name from which a handle is made: "cecile.hui.bon.hoa".
const MAX_HANDLE_WORDS: usize = 5;
/// The maximum number of people of one name that are offered.
const MAX_CHOICES: usize = 5;

/// Adds the question with the whole name of each person that a part of a name may mean.
fn add_choices(
    resolved: &mut ResolvedQuestion,
    syntax: &QuestionSyntax,
    range: &Range<usize>,
    namesakes: &[&Person<'_>],
) {
    let Some(bytes) = syntax.bytes_of(range) else { return };
    let typed = syntax.text.get(bytes.clone()).unwrap_or_default();
    let (typed, genitive) = typed.strip_suffix("'s").map_or((typed, ""), |name| (name, "'s"));
    resolved.missing.push(Missing::Namesakes(typed.to_owned()));
    for person in namesakes.iter().take(MAX_CHOICES) {
        let name = if person.is_handle() { format!("@{}", person.name) } else { person.name.to_owned() };
        let mut question = syntax.text.clone();
        question.replace_range(bytes.clone(), &format!("{name}{genitive}"));
        resolved.choices.push(question.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

/// An author or a speaker.
struct Person<'f> {
    name: &'f str,
    /// The words of the name, folded.
    parts: Vec<&'f str>,
    /// Whether the person wrote no post.
    is_speaker: bool,
}

impl<'f> Person<'f> {
    fn new(author: &'f AuthorFacet, facets: &Facets) -> Self {
        let is_speaker = facets.speakers.binary_search(&author.name).is_ok();
        Self { name: &author.name, parts: author.parts().collect(), is_speaker }
    }

    /// Whether the name is one word as accounts have it: `slowe`, `@alexdmoss`, `v_gallissot`.
    fn is_handle(&self) -> bool {
        !self.name.contains(char::is_whitespace)
    }

    /// The letters and digits of a handle.
    fn handle(&self) -> Option<String> {
        self.is_handle().then(|| self.parts.concat())
    }
}

/// The words of a question, as names are compared with them.
struct NameWords<'a> {
    words: &'a [QuestionWord],
    text: &'a str,
    /// Each word, folded and without a genitive: the parts that punctuation separates.
    folded: Vec<Vec<String>>,
    /// The same without what separates the parts.
    joined: Vec<String>,
    /// The other spellings of the parts that are given names.
    other_names: HashMap<String, Vec<String>>,
    /// Whether a word names an event or a time.
    is_used: Vec<bool>,
    asks_for_words: bool,
}

impl<'a> NameWords<'a> {
    fn new(syntax: &'a QuestionSyntax, consumed: &[Range<usize>]) -> Self {
        let folded = |word: &QuestionWord| {
            let mut parts = folded_words(&word.text);
            if parts.len() > 1 && parts.last().is_some_and(|last| last == "s") && word.text.ends_with("'s") {
                parts.pop();
            }
            parts
        };
        let is_used = |at: usize| consumed.iter().any(|range| range.contains(&at));
        let folded: Vec<Vec<String>> = syntax.words.iter().map(folded).collect();
        let other_names = folded.iter().flatten().map(|part| (part.clone(), other_given_names(part)));
        Self {
            words: &syntax.words,
            text: &syntax.text,
            joined: folded.iter().map(|parts| parts.concat()).collect(),
            other_names: other_names.filter(|(_, others)| !others.is_empty()).collect(),
            folded,
            is_used: (0..syntax.words.len()).map(is_used).collect(),
            asks_for_words: asks_for_words(syntax),
        }
    }

    /// Whether a part of a name may be among the words, by its first letters. Most names of a large corpus are not, and the
    /// others cost more.
    fn may_name(&self, author: &AuthorFacet) -> bool {
        // A handle may be made of an initial and a name.
        let count = if author.name.contains(char::is_whitespace) { 2 } else { 1 };
        author.parts().any(|part| {
            let begins = &part.as_bytes()[..count.min(part.len())];
            self.folded.iter().flatten().any(|word| word.as_bytes().starts_with(begins))
        })
    }

    /// Whether a name stands after a word that makes it what is told of: "what was said about Jane Doe?"
    fn is_topic(&self, name: &Range<usize>) -> bool {
        let before = name.start.checked_sub(1).and_then(|at| self.words.get(at));
        let prepositions = &language::all().questions.topic_prepositions;
        before.is_some_and(|word| prepositions.contains(word.text.to_lowercase().as_str()))
    }

    /// Returns the words that are the whole name of a person, or from which their handle is made.
    fn find_whole(&self, person: &Person<'_>) -> Option<Range<usize>> {
        if let Some(handle) = person.handle() {
            let pair = self.words.windows(2).zip(0..).find_map(|(pair, at)| {
                let is_free = !self.is_used[at] && !self.is_used[at + 1];
                (is_free && self.is_handle_of(&handle, at, pair)).then_some(at..at + 2)
            });
            let run = || {
                let runs = (3..=MAX_HANDLE_WORDS).flat_map(|len| {
                    (0..(self.words.len() + 1).saturating_sub(len)).map(move |at| at..at + len)
                });
                let is_free = |run: &Range<usize>| !run.clone().any(|at| self.is_used[at]);
                let is_made = |run: &Range<usize>| are_joined_as(&self.joined[run.clone()], &handle);
                runs.into_iter().find(|run| is_free(run) && is_made(run))
            };
            return pair.or_else(run).or_else(|| {
                let at = self.joined.iter().position(|word| *word == handle)?;
                self.is_used_as_handle(at, person).then_some(at..at + 1)
            });
        }
        let is_same = |at: usize, parts: &[&str]| {
            self.folded.get(at..).is_some_and(|words| {
                let mut words = words.iter().take(parts.len()).flatten();
                parts.iter().all(|part| words.next().is_some_and(|word| self.is_name_part(word, part)))
            })
        };
        let width = |at: usize, parts: usize| {
            let mut left = parts;
            let end = (at..self.words.len()).find(|word| {
                left = left.saturating_sub(self.folded[*word].len());
                left == 0
            });
            at..end.map_or(self.words.len(), |end| end + 1)
        };
        let parts = &person.parts;
        let whole = (0..self.words.len()).find(|at| is_same(*at, parts)).map(|at| width(at, parts.len()));
        // "alexellis" is Alex Ellis.
        let is_joined = |at: &usize| self.folded[*at].len() == 1 && are_joined_as(parts, &self.joined[*at]);
        let joined =
            || (0..self.words.len()).find(is_joined).filter(|_| parts.len() > 1).map(|at| at..at + 1);
        let whole = whole.or_else(joined);
        whole.or_else(|| {
            let ends = [*parts.first()?, *parts.last().filter(|_| parts.len() > 2)?];
            (0..self.words.len()).find(|at| is_same(*at, &ends)).map(|at| width(at, 2))
        })
    }

    /// Whether a handle is made of two words: "jdoe", "janedoe", "janeqdoe", "jane.doe", "doej". Without capitals only
    /// the whole names count.
    fn is_handle_of(&self, handle: &str, at: usize, pair: &[QuestionWord]) -> bool {
        let (first, last) = (self.joined[at].as_str(), self.joined[at + 1].as_str());
        if last.chars().count() <= 2 {
            return false;
        }
        // "scott lowe" is a name in lower case, too.
        let is_capital =
            pair.iter().all(|word| word.text.starts_with(char::is_uppercase)) || is_given_name(first);
        // "Jane Does" has no apostrophe.
        let endings = language::all().speakers.name_endings.iter();
        let mut names = endings.filter_map(|ending| last.strip_suffix(ending)).chain([last]);
        match names.find_map(|last| handle_form(handle, first, last)) {
            Some(HandleForm::Whole) => is_capital || first.chars().count() > 2,
            Some(HandleForm::Initial) => is_capital,
            None => false,
        }
    }

    /// Whether a word is used as the handle that it is: after `@`, by its form, or because it is no other word.
    fn is_used_as_handle(&self, at: usize, person: &Person<'_>) -> bool {
        const MIN_CHARS: usize = 5;
        let Some(word) = self.words.get(at).filter(|_| !self.is_used[at]) else { return false };
        // "According to Nick Young" names another person than "nick", and so does "jason mcgee" than "jason".
        let has_capital = |next: &QuestionWord| next.text.starts_with(char::is_uppercase);
        let has_surname = is_given_name(&fold(&word.text)) && self.may_be_surname(at + 1);
        let is_first_name = has_surname || self.words.get(at + 1).is_some_and(has_capital);
        if self.text[..word.range.start].ends_with('@') || self.follows_source_opening(at) && !is_first_name {
            return true;
        }
        let (name, typed) = (person.name.trim_start_matches('@'), word.text.trim_end_matches("'s"));
        let has_form =
            name.contains(|c: char| c.is_ascii_digit() || "_-.".contains(c)) && name.len() >= MIN_CHARS;
        has_form
            || (name == typed
                && !has_surname
                && name.len() >= MIN_CHARS
                && name.chars().all(char::is_lowercase)
                && !is_common(name))
    }

    /// Whether a word may be the last name after a first name: one that is no common word, as the "mcgee" of "jason mcgee".
    fn may_be_surname(&self, at: usize) -> bool {
        let is_after = || at.checked_sub(1).and_then(|first| self.text.get(self.words[first].range.end..));
        let is_beside = is_after().is_some_and(|rest| rest.starts_with(' '));
        self.words.get(at).is_some_and(|word| {
            let word = word.text.to_lowercase();
            is_beside && !self.is_used[at] && !is_common(&word) && !is_request(&word) && !is_done_word(&word)
        })
    }

    /// Whether words such as "according to" stand right before a word.
    fn follows_source_opening(&self, at: usize) -> bool {
        let openings = &language::all().questions.source_openings;
        phrases_before(self.words, at).any(|(_, phrase)| is_opening(openings, &phrase))
    }

    /// Returns the parts of names that are used as names, each with all who have it: a first or last name of which the
    /// question asks what they said, or "Mike G.".
    fn find_parts<'p, 'f>(&self, people: &'p [Person<'f>]) -> Vec<(Range<usize>, Vec<&'p Person<'f>>)> {
        let mut found = Vec::new();
        for at in (0..self.words.len()).filter(|at| !self.is_used[*at]) {
            let [part] = self.folded[at].as_slice() else { continue };
            let with_initial = self.initial_at(at + 1).map(|initial| {
                let is_meant = |person: &&Person<'_>| {
                    person.parts.len() > 1
                        && person.parts.first() == Some(&part.as_str())
                        && person.parts.last().is_some_and(|last| last.starts_with(initial))
                };
                (at..at + 2, people.iter().filter(is_meant).collect::<Vec<_>>())
            });
            if let Some(found_here) = with_initial.filter(|(_, people)| !people.is_empty()) {
                found.push(found_here);
            } else if self.is_speaking(at) && self.is_name(at) {
                let has_part = |person: &&Person<'_>| {
                    let ends = [person.parts.first(), person.parts.last()].into_iter().flatten();
                    (self.asks_for_words || !person.is_speaker)
                        && ends.into_iter().any(|of_name| self.is_name_part(part, of_name))
                };
                let namesakes: Vec<&Person<'_>> = people.iter().filter(has_part).collect();
                // A handle alone may be that of a team: "Bedrock" is a company, `bedrock` its account. "Fanny" is a person.
                if namesakes.iter().any(|person| !person.is_handle())
                    || is_given_name(part) && !namesakes.is_empty()
                {
                    found.push((at..at + 1, namesakes));
                }
            }
        }
        found
    }

    /// The initial that a word is: "G." with its capital.
    fn initial_at(&self, at: usize) -> Option<char> {
        let [initial] = self.folded.get(at)?.as_slice() else { return None };
        let is_capital = self.words.get(at)?.text.starts_with(char::is_uppercase);
        let mut chars = initial.chars();
        chars.next().filter(|_| is_capital && chars.next().is_none())
    }

    /// Whether a word may be a name: it has a capital and is not a part of another name, or it is no common word.
    fn is_name(&self, at: usize) -> bool {
        const MIN_CHARS: usize = 5;
        let word = &self.words[at];
        let is_capital = |word: &QuestionWord| word.text.starts_with(char::is_uppercase);
        // Where nouns have capitals too, "Meinung" is beside a name and no part of it.
        let is_part = |beside: usize, gap: Range<usize>| {
            self.text.get(gap) == Some(" ")
                && self.words.get(beside).is_some_and(|word| is_capital(word) && !is_title(&word.text))
                && self.folded.get(beside).is_some_and(|word| !is_request(&word.join(" ")))
        };
        let next = self.words.get(at + 1).map(|next| word.range.end..next.range.start);
        // The first word of a question has a capital whatever it is.
        let before = at.checked_sub(1).filter(|before| *before > 0);
        let before =
            before.and_then(|before| Some((before, self.words.get(before)?.range.end..word.range.start)));
        let has_neighbour = next.is_some_and(|gap| is_part(at + 1, gap))
            || before.is_some_and(|(before, gap)| is_part(before, gap));
        if is_capital(word) {
            return !has_neighbour && !is_stop_word(&word.text.to_lowercase(), Language::En);
        }
        let is_long = word.text.chars().count() >= MIN_CHARS;
        (is_long || is_given_name(&fold(&word.text))) && !is_common(&word.text.to_lowercase())
    }

    /// Whether a folded word is a part of a name, in another spelling or with an ending: "Trosts Meinung".
    fn is_name_part(&self, word: &str, part: &str) -> bool {
        word == part
            || self.other_names.get(word).is_some_and(|others| others.iter().any(|other| other == part))
            || word
                .strip_prefix(part)
                .is_some_and(|ending| language::all().speakers.name_endings.contains(ending))
    }

    /// Whether a word stands where a question names whose words it asks for: "Doe's view", "did Doe say", "by Doe".
    fn is_speaking(&self, at: usize) -> bool {
        let text = &self.words[at].text;
        let before = |count: usize| {
            let from = at.checked_sub(count)?;
            Some(self.folded.get(from..at)?.concat().join(" "))
        };
        let is_by =
            (1..=2).filter_map(before).any(|words| language::all().speakers.before_speakers.has_word(&words));
        let is_request = |at: Option<usize>| {
            at.and_then(|at| self.folded.get(at)).is_some_and(|word| is_request(&word.join(" ")))
        };
        let is_beside_request = is_request(at.checked_sub(1)) || is_request(Some(at + 1));
        // "Doe's recap", but not "Doe's shift".
        let next = self.folded.get(at + 1).and_then(|word| word.first());
        let is_genitive = text.ends_with("'s") && next.is_some_and(|next| is_boilerplate(next));
        let is_capital = text.starts_with(char::is_uppercase);
        // "Alexander" is all that is asked.
        let is_alone = self.words.len() == 1 && is_capital && is_given_name(&fold(text));
        is_alone
            || is_beside_request && (is_capital || self.asks_for_words)
            || is_by
            || (is_genitive && is_capital)
    }
}

/// Whether parts make up a word.
fn are_joined_as(parts: &[impl AsRef<str>], word: &str) -> bool {
    parts.iter().try_fold(word, |rest, part| rest.strip_prefix(part.as_ref())) == Some("")
}

/// Whether a word is a form of address or a degree, which stands before a name: `Ms`, `Dr`.
fn is_title(word: &str) -> bool {
    language::all().abbreviations.titles.has_word(word)
}

/// Whether a word is one of a language, a topic, a thing, a place or a month, and so mostly no name of a person.
pub(super) fn is_common(word: &str) -> bool {
    is_any_stop_word(word)
        || is_boilerplate(word)
        || month_from_name(word).is_some()
        || TopicTable::builtin().topic_of_tag(word).is_some()
        || !EntityTable::builtin().mentions(word).is_empty()
        || !EventTable::builtin().mentions(word).is_empty()
        || !EventTable::builtin().lone_places(word).is_empty()
}

/// The index of the last word of a question that asks what somebody said or thinks.
pub(crate) fn last_request(syntax: &QuestionSyntax) -> Option<usize> {
    syntax.words.iter().rposition(|word| is_request(&fold(&word.text)))
}

/// Whether a word asks what somebody said or thinks.
pub(super) fn is_request(word: &str) -> bool {
    language::all().speakers.requests.contains(word)
}

/// Whether a question asks what somebody said or thinks.
pub(crate) fn asks_for_words(syntax: &QuestionSyntax) -> bool {
    static REQUESTS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let requests = language::all().speakers.requests.iter();
        let whole_words = |it: &str| if it.contains(is_cjk) { it.to_owned() } else { format!(" {it} ") };
        requests.map(whole_words).collect()
    });
    let text = format!(" {} ", fold_words(&syntax.text));
    REQUESTS.iter().any(|request| text.contains(request))
}
