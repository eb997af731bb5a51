//! Understands a message that goes on with a conversation: which parts of the question before it replaces, which it keeps,
//! and what its pronouns stand for.

use std::ops::Range;
use std::sync::LazyLock;

use super::Turn;
use super::message::{find_edition, find_edition_within, split_words};
use super::pointers::{ConversationPhrases, FollowUp, PointerKind};
use super::scope::{OwnScope, TalkedAbout};
use super::turn::{full_name, may_be_person};
use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    parse::parse,
    plan::{QuestionNames, find_names},
    resolve::{NameRole, ScopeOptions},
};
use takeaways_corpus::entities::EntityTable;
use takeaways_corpus::events::EventTable;
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_text::language::all_words;
use takeaways_text::model::{Language, Question, QuestionShape, Scope, Shape};
use takeaways_text::question_shape::find_shape;
use takeaways_text::tokens::{folding::fold, is_boilerplate, is_stop_word};

/// A longer message has a topic of its own.
const MAX_WORDS: usize = 64;

/// The question that a message asks after another one.
pub(super) struct Understood {
    pub request: Request,
    /// Whether it is a new question if its scope, that of the turn before, holds no answer.
    pub is_tried: bool,
}

impl From<Request> for Understood {
    fn from(request: Request) -> Self {
        Self { request, is_tried: false }
    }
}

/// Returns the question that a message asks after another one; `None` if it is a new one, with all that it needs.
pub(super) fn understand(
    engine: &Engine,
    previous: &Turn,
    request: &Request,
) -> Result<Option<Understood>, AnswerError> {
    let text = request.question.text();
    if split_words(text).len() > MAX_WORDS {
        return Ok(None);
    }
    let language = parse(&request.question).language;
    let phrases = ConversationPhrases::of(&[language, previous.language, Language::En]);
    let facets = engine.index().facets(request.now)?;
    let talked_about = TalkedAbout::new(previous, &facets);
    // "What did they eat at the first one?"
    let edition = find_edition_within(&split_words(text))
        .and_then(|(wanted, range)| Some((talked_about.edition(wanted)?, range)));
    let mut without_edition = text.to_owned();
    if let Some((_, range)) = &edition {
        without_edition.replace_range(range.clone(), &" ".repeat(range.len()));
    }
    let follow_up = FollowUp::new(&without_edition, &phrases, |series| talked_about.is_of(series));
    let again_in = |own: OwnScope| with_options(request, &previous.question, own.over(&previous.scope));
    let edition = edition.map(|(own, _)| own);
    if let Some(own) = scope_alone(text, language, &follow_up, edition.as_ref(), &talked_about) {
        return Ok(Some(again_in(own).into()));
    }
    let Ok(rest) = follow_up.plain.parse::<Question>() else { return Ok(None) };
    let names = find_names(&rest, &ScopeOptions::default(), NameRole::Subject, engine.index(), request.now)?;
    let shape = find_shape(&names.parsed.syntax.text);
    let is_of_edition = edition.is_some();
    let said = edition.or_else(|| OwnScope::new(&names, &talked_about));
    let own = match follow_up.years_away.and_then(|years| talked_about.editions_away(years)) {
        Some(away) => Some(away.of(said)),
        None => said,
    };
    let has_subject = subject(&names, &shape).is_some();
    // "And three years later, was eBPF still a topic?"
    let own = own.map(|own| if has_subject { own.of_any_event() } else { own });
    let names_scope = own.is_some();
    let topic = topic(&names, &shape);
    if shape.shape == Shape::Comparison
        && topic.is_empty()
        && let Some(own) = own
    {
        // "How does that compare to Barcelona?"
        let names = talked_about.event_name().zip(own.event_name(&facets));
        let both =
            names.filter(|_| previous.topic.is_empty()).map(|(one, other)| format!("{one} vs {other}"));
        let compared = both.map(|both| with_options(request, &both, ScopeOptions::default()));
        return Ok(Some(compared.unwrap_or_else(|| again_in(own)).into()));
    }
    if names_scope && topic.is_empty() && shape.shape == Shape::Fact && is_only_scope(&names) {
        return Ok(own.map(again_in).map(Understood::from));
    }
    let points = follow_up.points_at(PointerKind::Person)
        || follow_up.points_at(PointerKind::Place)
        || follow_up.points_at(PointerKind::Thing)
        || follow_up.points_at(PointerKind::People) && !names_scope
        || is_of_edition;
    let names_series = !names.resolved.series.is_empty();
    let is_about_events = !names_series && is_about_events(&names, &topic);
    let stands_alone = names_scope || names_series || has_subject && !is_about_events;
    let is_meaning = names.parsed.answer_type == AnswerType::Meaning && !topic.is_empty();
    // A place alone, or the talks of a year, are those of the conferences talked about.
    let whole = |own: Option<OwnScope>| {
        let narrowed =
            own.filter(|own| own.is_narrowed() || own.is_of_years() && (is_about_events || !has_subject));
        Ok(narrowed.map(|own| with_options(request, text, own.over(&Scope::default())).into()))
    };
    if (stands_alone || is_meaning) && !follow_up.is_led && !points {
        if !names_scope && !names_series && !is_meaning && !previous.scope.events.is_empty() {
            // "What was said about diversity?" may well be about the event talked about.
            let scope = Scope { authors: Vec::new(), ..previous.scope.clone() };
            let request = with_options(request, text, OwnScope::default().over(&scope));
            return Ok(Some(Understood { request, is_tried: true }));
        }
        return whole(own);
    }
    // "What about security in Barcelona?" has all that a question needs.
    let is_whole = has_subject && own.as_ref().is_some_and(OwnScope::names_time) && !points;
    if is_whole && follow_up.years_away.is_none() {
        return whole(own);
    }
    let names_person = follow_up.points_at(PointerKind::Person);
    let drops_people = own.as_ref().is_some_and(OwnScope::names_time) && !topic.is_empty() && !names_person;
    let base = talked_about.base_scope(&previous.scope, follow_up.points_at(PointerKind::Place));
    let mut scope_options = own.unwrap_or_default().over(&base);
    if !previous.scope.authors.is_empty() && follow_up.is_led && is_only_person(&names, &topic) {
        // "And Daniel Borkmann?", of whom the recaps have no words of their own.
        scope_options.authors.clear();
        let asked = format!("{} {}", follow_up.plain, previous.topic);
        return Ok(Some(with_options(request, asked.trim(), scope_options).into()));
    }
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
        in_frame(engine, previous, request, &names, &topic)?.unwrap_or_else(|| follow_up.plain.clone())
    } else if topic.is_empty() && shape.shape == Shape::Fact && !asks(&names) {
        previous.question.clone()
    } else {
        follow_up.plain.clone()
    };
    Ok(Some(with_options(request, &asked, scope_options).into()))
}

/// Returns the scope of a message that only names one, so that the question before it is asked again: `and the year before?`
fn scope_alone(
    text: &str,
    language: Language,
    follow_up: &FollowUp,
    edition: Option<&OwnScope>,
    talked_about: &TalkedAbout<'_>,
) -> Option<OwnScope> {
    let named = find_edition(&split_words(text)).and_then(|wanted| talked_about.edition(wanted));
    if named.is_some() {
        return named;
    }
    let years_away = follow_up.years_away;
    if split_words(&follow_up.plain).is_empty() {
        return edition.cloned().or_else(|| talked_about.editions_away(years_away?));
    }
    let place = only_place(&follow_up.plain, language)?;
    talked_about.editions_at(place, years_away.unwrap_or_default())
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

/// The concepts of a question's topic.
pub(super) fn topic<'n>(names: &'n QuestionNames, shape: &QuestionShape) -> Vec<&'n Concept> {
    let words = &names.parsed.syntax.words;
    names.concepts.iter().filter(|concept| concept.is_of_topic(words, shape)).collect()
}

/// The maximum number of words of a subject. A longer one is a sentence.
const MAX_SUBJECT_WORDS: usize = 4;

/// The names and known topics of a question, as it writes them; `None` if it has none, or too many. What posts tell of
/// every event (keynotes, booths) is none.
pub(super) fn subject(names: &QuestionNames, shape: &QuestionShape) -> Option<String> {
    let table = TopicTable::builtin();
    // Names of projects and companies count in any case: people write `helm`.
    let is_known_topic = |concept: &&&Concept| {
        concept.is_name
            || EntityTable::builtin().knows(&concept.text)
            || table.ids_in_text(&concept.text).any(|id| !is_event_topic(id))
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

/// The words that name no scope.
fn other_words(names: &QuestionNames) -> impl Iterator<Item = (usize, &str)> {
    let is_scope = |at: usize| {
        let resolved = &names.resolved;
        let ranges = [
            &resolved.consumed_words,
            &resolved.edition_words,
            &resolved.mentioned_events,
            &resolved.mentioned_years,
        ];
        ranges.into_iter().flatten().any(|range| range.contains(&at))
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
            all_words(|words| &words.questions.how),
            all_words(|words| &words.questions.how_many).into_iter().filter(|it| !it.contains(' ')).collect(),
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
    let is_event_topic = |concept: &&Concept| table.ids_in_text(&concept.text).any(is_event_topic);
    names.parsed.answer_type != AnswerType::Meaning
        && (other_words(names).any(|(_, word)| is_event_word(word)) || topic.iter().any(is_event_topic))
}

/// Whether the words only name a scope: `in Barcelona?`
fn is_only_scope(names: &QuestionNames) -> bool {
    other_words(names).all(|(_, word)| is_joining(word, names.parsed.language))
}

/// The country or part of the world that is all that a text names: `in India?`
fn only_place(text: &str, language: Language) -> Option<&'static str> {
    let places = EventTable::builtin().lone_places(text);
    let [(range, place)] = places.as_slice() else { return None };
    let words = split_words(text);
    let mut others =
        words.iter().filter(|word| word.range.end <= range.start || word.range.start >= range.end);
    others.all(|word| is_joining(&word.folded, language)).then_some(*place)
}

/// Whether the words only name a person: their first and last name, which are no known topic.
fn is_only_person(names: &QuestionNames, topic: &[&Concept]) -> bool {
    let text = &names.parsed.syntax.text;
    full_name(text).is_some() && is_only_topic(names, topic) && may_be_person(text)
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
    message: &QuestionNames,
    topic_words: &[&Concept],
) -> Result<Option<String>, AnswerError> {
    let Ok(frame) = previous.question.parse::<Question>() else { return Ok(None) };
    let names = find_names(&frame, &ScopeOptions::default(), NameRole::Subject, engine.index(), request.now)?;
    if previous.subject.is_none() && names.parsed.answer_type != AnswerType::Anything {
        // "How many people attended?" has no thing in it for which another could stand.
        return Ok(None);
    }
    let text = &names.parsed.syntax.text;
    let old = topic(&names, &find_shape(text));
    let is_run = old.windows(2).all(|pair| pair[0].words.end == pair[1].words.start);
    let (Some(first), Some(last), true) = (old.first(), old.last(), is_run) else { return Ok(None) };
    let (Some(from), Some(to)) = (topic_words.first(), topic_words.last()) else { return Ok(None) };
    let new = words_range(message, &(from.words.start..to.words.end));
    let Some(new) = message.parsed.syntax.text.get(new) else { return Ok(None) };
    let old = words_range(&names, &(first.words.start..last.words.end));
    let mut framed = text.clone();
    framed.replace_range(old, new);
    Ok(Some(framed))
}
