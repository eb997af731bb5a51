//! Understands a message that goes on with a conversation: which parts of the question before it replaces, which it keeps,
//! and what its pronouns stand for.

use std::ops::Range;
use std::sync::LazyLock;

use super::Turn;
use super::message::{Phrases, Word, split_words};
use super::scope::{OwnScope, TalkedAbout};
use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    parse::parse,
    plan::{QuestionNames, find_names},
    resolve::{EventRole, ScopeOptions},
};
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_text::language::{LanguageWords, WordList, all_words};
use takeaways_text::model::{Language, Question, QuestionShape, Shape};
use takeaways_text::question_shape::find_shape;
use takeaways_text::tokens::{folding::fold, is_boilerplate, is_stop_word};

/// A longer message has a topic of its own.
const MAX_WORDS: usize = 64;

/// The phrases of the conversation lists of one language.
struct ConversationPhrases {
    connectors: Phrases,
    corrections: Phrases,
    fillers: Phrases,
    persons: Phrases,
    things: Phrases,
    closing_things: Phrases,
    people_things: Phrases,
    places: Phrases,
    expletives: Phrases,
    clause_words: Phrases,
    year_before: Phrases,
    year_after: Phrases,
    years_earlier: Phrases,
    years_later: Phrases,
}

impl ConversationPhrases {
    /// The lists of these languages. Each word counts in its language only: `la` is an article in some and a place in
    /// others.
    fn of(languages: &[Language]) -> Self {
        let phrases = |list: fn(&LanguageWords) -> &WordList| {
            Phrases::new(languages.iter().flat_map(|language| list(language.words()).iter()))
        };
        Self {
            connectors: phrases(|words| &words.conversation.connectors),
            corrections: phrases(|words| &words.conversation.corrections),
            fillers: Phrases::new(languages.iter().flat_map(|language| {
                let words = language.words();
                words.messages.chatter.iter().chain(words.conversation.yes.iter()).chain(["pls"])
            })),
            persons: phrases(|words| &words.conversation.persons),
            things: phrases(|words| &words.conversation.things),
            closing_things: phrases(|words| &words.conversation.closing_things),
            people_things: phrases(|words| &words.conversation.people_things),
            places: phrases(|words| &words.conversation.places),
            expletives: phrases(|words| &words.conversation.expletives),
            clause_words: phrases(|words| &words.conversation.clause_words),
            year_before: phrases(|words| &words.conversation.year_before),
            year_after: phrases(|words| &words.conversation.year_after),
            years_earlier: phrases(|words| &words.conversation.years_earlier),
            years_later: phrases(|words| &words.conversation.years_later),
        }
    }
}

/// A message after its connectors.
struct FollowUp {
    text: String,
    /// The text without words for an event or a year that was named before.
    plain: String,
    /// Whether it began with a connector or a correction.
    is_led: bool,
    /// How many years after the events talked about it asks for; negative for years before.
    years_away: Option<i16>,
    pointers: Vec<Pointer>,
}

/// Words that stand for something named before.
struct Pointer {
    kind: PointerKind,
    /// In bytes of the text.
    range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PointerKind {
    Person,
    Thing,
    People,
    Place,
}

impl FollowUp {
    fn new(message: &str, phrases: &ConversationPhrases) -> Self {
        let (years_away, year_words) = phrases.years_away(&split_words(message));
        let mut message = message.to_owned();
        if let Some(range) = year_words {
            message.replace_range(range.clone(), &" ".repeat(range.len()));
        }
        let words = split_words(&message);
        let mut start = 0;
        let mut is_led = years_away.is_some();
        while start < words.len() {
            let lead = phrases.connectors.match_at(&words, start);
            let lead = lead.max(phrases.corrections.match_at(&words, start));
            let Some(len) = lead.or_else(|| phrases.fillers.match_at(&words, start)) else { break };
            is_led |= lead.is_some();
            start += len;
        }
        let rest = words.get(start..).unwrap_or_default();
        // "please" at the end is no topic.
        let is_filler = |word: &Word| phrases.fillers.is(std::slice::from_ref(word));
        let end = rest.iter().rposition(|word| !is_filler(word)).map_or(0, |last| last + 1);
        let rest = rest.get(..end).unwrap_or_default();
        let text = match (rest.first(), rest.last()) {
            (Some(first), Some(last)) => {
                let tail = message[last.range.end..]
                    .chars()
                    .take_while(|c| matches!(c, '?' | '"' | '”'))
                    .map(char::len_utf8);
                message[first.range.start..last.range.end + tail.sum::<usize>()].to_owned()
            }
            _ => String::new(),
        };
        let words = split_words(&text);
        let pointers = pointers(&words, phrases);
        let places = pointers.iter().filter(|pointer| pointer.kind == PointerKind::Place);
        let mut plain = text.clone();
        for Pointer { range, .. } in places {
            plain.replace_range(range.clone(), &" ".repeat(range.len()));
        }
        Self { text, plain, is_led, years_away, pointers }
    }

    fn points_at(&self, kind: PointerKind) -> bool {
        self.pointers.iter().any(|pointer| pointer.kind == kind)
    }

    /// Returns the message with all pointers of a kind replaced by a name.
    fn with(&self, kind: PointerKind, name: &str) -> String {
        let mut replaced = self.text.clone();
        for pointer in self.pointers.iter().filter(|pointer| pointer.kind == kind).rev() {
            replaced.replace_range(pointer.range.clone(), name);
        }
        replaced
    }
}

impl ConversationPhrases {
    /// Returns how many years away a message asks for, and the words that say so: `the year before`, `two years later`.
    fn years_away(&self, words: &[Word]) -> (Option<i16>, Option<Range<usize>>) {
        let range = |from: usize, len: usize| {
            let last = words.get(from + len - 1).map_or(0, |word| word.range.end);
            words.get(from).map(|first| first.range.start..last)
        };
        for at in 0..words.len() {
            let number = number(&words[at].folded);
            let after = |phrases: &Phrases| phrases.match_at(words, at + 1);
            if let (Some(number), Some(len)) = (number, after(&self.years_later)) {
                return (Some(number), range(at, len + 1));
            }
            if let (Some(number), Some(len)) = (number, after(&self.years_earlier)) {
                return (Some(-number), range(at, len + 1));
            }
            if let Some(len) = self.year_before.match_at(words, at) {
                return (Some(-1), range(at, len));
            }
            if let Some(len) = self.year_after.match_at(words, at) {
                return (Some(1), range(at, len));
            }
        }
        (None, None)
    }
}

/// A small number, in digits or in words.
fn number(word: &str) -> Option<i16> {
    let in_words = || {
        let find = |language: Language| {
            language.words().answers.number_words.iter().position(|known| fold(known) == word)
        };
        // The lists begin with two.
        Language::ALL.into_iter().find_map(find).and_then(|at| i16::try_from(at + 2).ok())
    };
    word.parse().ok().or_else(in_words).filter(|number| (1..=10).contains(number))
}

fn pointers(words: &[Word], phrases: &ConversationPhrases) -> Vec<Pointer> {
    let mut pointers = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some(len) = phrases.expletives.match_at(words, at) {
            at += len;
            continue;
        }
        let closing = phrases.closing_things.match_at(words, at).filter(|len| at + len == words.len());
        let found = [
            (phrases.places.match_at(words, at), PointerKind::Place),
            (phrases.persons.match_at(words, at), PointerKind::Person),
            (phrases.things.match_at(words, at).max(closing), PointerKind::Thing),
            (phrases.people_things.match_at(words, at), PointerKind::People),
        ];
        let longest =
            found.into_iter().filter_map(|(len, kind)| Some((len?, kind))).max_by_key(|(len, _)| *len);
        match longest {
            Some((len, kind)) => {
                // "Is it hard to run Kafka?" points at nothing.
                let has_clause =
                    (at + len..words.len()).any(|at| phrases.clause_words.match_at(words, at).is_some());
                if kind != PointerKind::Thing || at > 1 || !has_clause {
                    pointers
                        .push(Pointer { kind, range: words[at].range.start..words[at + len - 1].range.end });
                }
                at += len;
            }
            None => at += 1,
        }
    }
    pointers
}

/// Returns the question that a message asks after another one; `None` if it is a new one, with all that it needs.
pub(super) fn understand(
    engine: &Engine,
    previous: &Turn,
    request: &Request,
) -> Result<Option<Request>, AnswerError> {
    let text = request.question.text();
    if split_words(text).len() > MAX_WORDS {
        return Ok(None);
    }
    let language = parse(&request.question).language;
    let phrases = ConversationPhrases::of(&[language, previous.language, Language::En]);
    let follow_up = FollowUp::new(text, &phrases);
    let facets = engine.index().facets(request.now)?;
    let talked_about = TalkedAbout::new(previous, &facets);
    let Ok(rest) = follow_up.plain.parse::<Question>() else {
        // Nothing is left beside the words for another time, such as "and the year before?"
        let own = follow_up.years_away.and_then(|years| talked_about.editions_away(years));
        return Ok(own.map(|own| with_options(request, &previous.question, own.over(&previous.scope))));
    };
    let names = find_names(&rest, &ScopeOptions::default(), EventRole::Subject, engine.index(), request.now)?;
    let shape = find_shape(&names.parsed.syntax.text);
    let own = match follow_up.years_away {
        Some(years) if names.resolved.scope.is_everything() => talked_about.editions_away(years),
        _ => OwnScope::new(&names, &talked_about),
    };
    let names_scope = own.is_some();
    let topic = topic(&names, &shape);
    if names_scope && topic.is_empty() && shape.shape == Shape::Fact && is_only_scope(&names) {
        let scope_options = own.unwrap_or_default().over(&previous.scope);
        return Ok(Some(with_options(request, &previous.question, scope_options)));
    }
    let has_subject = subject(&names, &shape).is_some();
    let points = follow_up.points_at(PointerKind::Person)
        || follow_up.points_at(PointerKind::Place)
        || follow_up.points_at(PointerKind::Thing)
        || follow_up.points_at(PointerKind::People) && !names_scope;
    let names_series = !names.resolved.series.is_empty();
    let is_about_events = !names_series && is_about_events(&names, &topic);
    let stands_alone = names_scope || names_series || has_subject && !is_about_events;
    if stands_alone && !follow_up.is_led && !points {
        return Ok(None);
    }
    let names_person = follow_up.points_at(PointerKind::Person);
    let drops_people = own.as_ref().is_some_and(OwnScope::names_time) && !topic.is_empty() && !names_person;
    let mut scope_options = own.unwrap_or_default().over(&previous.scope);
    if drops_people {
        scope_options.authors.retain(|name| names.resolved.scope.authors.contains(name));
    }
    let asked = if let (Some(person), true) = (&previous.person, names_person) {
        // Whether these are the words of the person or words about them, the question tells.
        if previous.scope.authors.iter().any(|author| author != person) {
            scope_options.authors.clear();
        }
        follow_up.with(PointerKind::Person, person)
    } else if let (Some(subject), true) = (&previous.subject, follow_up.points_at(PointerKind::Thing)) {
        follow_up.with(PointerKind::Thing, subject)
    } else if !topic.is_empty() && follow_up.is_led && is_only_topic(&names, &topic) {
        in_frame(engine, previous, request, &rest, &topic)?.unwrap_or_else(|| follow_up.plain.clone())
    } else if topic.is_empty() && shape.shape == Shape::Fact && !asks(&names) {
        previous.question.clone()
    } else {
        follow_up.plain.clone()
    };
    Ok(Some(with_options(request, &asked, scope_options)))
}

/// Returns the request for a question within a scope. What options set stays.
fn with_options(request: &Request, text: &str, scope: ScopeOptions) -> Request {
    let set = &request.scope_options;
    let or = |set: &[String], found: Vec<String>| if set.is_empty() { found } else { set.to_vec() };
    let scope_options = ScopeOptions {
        events: or(&set.events, scope.events),
        years: set.years.or(scope.years),
        authors: or(&set.authors, scope.authors),
    };
    let question = text.parse().unwrap_or_else(|_| request.question.clone());
    Request { question, scope_options, ..request.clone() }
}

/// The concepts of a question's topic: neither boilerplate nor words that tell its shape.
pub(super) fn topic<'n>(names: &'n QuestionNames, shape: &QuestionShape) -> Vec<&'n Concept> {
    let tells_shape = |concept: &Concept| {
        let range = words_range(names, &concept.words);
        shape.words.iter().any(|words| overlaps(words, &range))
    };
    let concepts = names.concepts.iter().filter(|concept| {
        let is_weak = !concept.is_name && is_boilerplate(&concept.text);
        !concept.text.is_empty() && !is_weak && !tells_shape(concept)
    });
    concepts.collect()
}

/// The maximum number of words of a subject. A longer one is a sentence.
const MAX_SUBJECT_WORDS: usize = 4;

/// The names and known topics of a question, as it writes them; `None` if it has none, or too many. What posts tell of
/// every event (keynotes, booths) is none.
pub(super) fn subject(names: &QuestionNames, shape: &QuestionShape) -> Option<String> {
    let table = TopicTable::builtin();
    let is_known_topic = |concept: &&&Concept| {
        let topics = table.positions_in_text(&concept.text);
        concept.is_name || topics.into_iter().any(|at| table.id_at(at).is_some_and(|id| !is_event_topic(id)))
    };
    let topic = topic(names, shape);
    let words: Vec<&str> = topic.iter().filter(is_known_topic).map(|concept| concept.text.as_str()).collect();
    let text = words.join(" ");
    (!text.is_empty() && text.split(' ').count() <= MAX_SUBJECT_WORDS).then_some(text)
}

/// The bytes of some words of a question.
fn words_range(names: &QuestionNames, words: &Range<usize>) -> Range<usize> {
    let all = &names.parsed.syntax.words;
    let start = all.get(words.start).map_or(0, |word| word.range.start);
    let end = words.end.checked_sub(1).and_then(|last| all.get(last)).map_or(start, |word| word.range.end);
    start..end
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The words that name no scope.
fn other_words(names: &QuestionNames) -> impl Iterator<Item = (usize, &str)> {
    let is_scope = |at: usize| {
        let resolved = &names.resolved;
        let ranges =
            resolved.consumed_words.iter().chain(&resolved.mentioned_events).chain(&resolved.mentioned_years);
        ranges.into_iter().any(|range| range.contains(&at))
    };
    let words = names.parsed.syntax.words.iter().enumerate();
    words.filter(move |(at, _)| !is_scope(*at)).map(|(at, word)| (at, word.text.as_str()))
}

/// Whether a word only joins others: a stop word or boilerplate, but no question word.
fn is_joining(word: &str, language: Language) -> bool {
    static LEAD_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.lead_words));
    let folded = fold(word);
    let joins =
        is_stop_word(&folded, language) || LEAD_WORDS.contains(&folded.as_str()) || is_boilerplate(&folded);
    joins && !is_question_word(&folded)
}

/// Whether a question may begin with this word: `who`, `how`.
fn is_question_word(word: &str) -> bool {
    static FIRST_WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let lists = [
            all_words(|words| &words.questions.who),
            all_words(|words| &words.questions.when),
            all_words(|words| &words.questions.r#where),
            all_words(|words| &words.questions.why),
        ];
        let firsts = lists.into_iter().flatten().filter_map(|phrase| phrase.split(' ').next());
        firsts.map(fold).collect()
    });
    FIRST_WORDS.iter().any(|first| first == word)
}

/// Whether a question is about what there is at an event, such as talks and booths, so that it needs one.
fn is_about_events(names: &QuestionNames, topic: &[&Concept]) -> bool {
    static EVENT_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.points.event_words));
    let table = TopicTable::builtin();
    let is_event_word = |word: &str| {
        let folded = fold(word);
        EVENT_WORDS.iter().any(|known| match known.strip_suffix('*') {
            Some(stem) => folded.starts_with(stem),
            None => folded == *known,
        })
    };
    let is_event_topic = |concept: &&Concept| {
        let topics = table.positions_in_text(&concept.text);
        topics.into_iter().any(|at| table.id_at(at).is_some_and(is_event_topic))
    };
    names.parsed.answer_type != AnswerType::Meaning
        && (other_words(names).any(|(_, word)| is_event_word(word)) || topic.iter().any(is_event_topic))
}

/// Whether the words only name a scope: `in Barcelona?`
fn is_only_scope(names: &QuestionNames) -> bool {
    other_words(names).all(|(_, word)| is_joining(word, names.parsed.language))
}

/// Whether the words only name a topic, and perhaps a scope: `security in Barcelona?`
fn is_only_topic(names: &QuestionNames, topic: &[&Concept]) -> bool {
    other_words(names).all(|(at, word)| {
        topic.iter().any(|concept| concept.words.contains(&at)) || is_joining(word, names.parsed.language)
    })
}

/// Whether the words ask for something of their own: `how many came?`
fn asks(names: &QuestionNames) -> bool {
    names.parsed.syntax.words.iter().any(|word| is_question_word(&fold(&word.text)))
}

/// Returns the question before with another topic; `None` if its topic is not one run of words.
fn in_frame(
    engine: &Engine,
    previous: &Turn,
    request: &Request,
    rest: &Question,
    topic_words: &[&Concept],
) -> Result<Option<String>, AnswerError> {
    let Ok(frame) = previous.question.parse::<Question>() else { return Ok(None) };
    let names =
        find_names(&frame, &ScopeOptions::default(), EventRole::Subject, engine.index(), request.now)?;
    let text = &names.parsed.syntax.text;
    let old = topic(&names, &find_shape(text));
    let is_run = old.windows(2).all(|pair| pair[0].words.end == pair[1].words.start);
    let (Some(first), Some(last), true) = (old.first(), old.last(), is_run) else { return Ok(None) };
    let rest_names =
        find_names(rest, &ScopeOptions::default(), EventRole::Subject, engine.index(), request.now)?;
    let (Some(from), Some(to)) = (topic_words.first(), topic_words.last()) else { return Ok(None) };
    let new = words_range(&rest_names, &(from.words.start..to.words.end));
    let Some(new) = rest_names.parsed.syntax.text.get(new) else { return Ok(None) };
    let old = words_range(&names, &(first.words.start..last.words.end));
    let mut framed = text.clone();
    framed.replace_range(old, new);
    Ok(Some(framed))
}
