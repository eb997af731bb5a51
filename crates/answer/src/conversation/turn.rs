//! What a turn keeps of a question and its answer.

use std::sync::LazyLock;

use super::scope::ConversationEvents;
use super::topic::{is_about_events, is_only_topic, subject, topic};
use super::words::{Phrases, phrases_of, split_words};
use super::{Origin, Reply, Turn, TurnAnswer};
use crate::{
    answer_type::AnswerType,
    engine::{AnswerError, Request},
    excerpt_place::ExcerptPlace,
    handle::{Snapshot, VerifiedAnswer},
    named_overview::Subject,
    people::{capitalised_pairs, full_name, is_given_name, may_be_person, name_people},
    question_names::{QuestionNames, resolve_names},
    question_syntax::blank_out,
    resolve::{NameRole, ScopeOptions, asks_for_words},
};
use takeaways_corpus::events::EventTable;
use takeaways_search::Facets;
use takeaways_text::model::{Answer, EventId, Excerpt, Group, GroupTitle, Missing, QuestionShape, Shape};
use takeaways_text::tokens::{
    folding::{fold, fold_words},
    is_any_stop_word, is_boilerplate,
};

impl Snapshot {
    /// Returns what a conversation keeps of a question and its answer. `names` are those of the question, as its subject.
    pub(super) fn turn(
        &self,
        request: &Request,
        mut names: QuestionNames,
        verified: &VerifiedAnswer,
        previous: Option<&Turn>,
        is_follow_up: bool,
    ) -> Result<Turn, AnswerError> {
        let index = self.engine().index();
        if verified.answer.scope().authors.is_empty() && !names.resolved.scope.authors.is_empty() {
            // Others report what the speaker said, so the name is a part of the question.
            names = resolve_names(names.parsed, request, NameRole::Report, index)?;
        }
        let shape = match &request.subject {
            // The sides of a comparison that is asked for by their names may have a topic.
            Some(Subject::Overview(QuestionShape { sides: Some([_, right]), shape, .. })) => {
                let behind = right.end..names.parsed.syntax.text.len();
                QuestionShape { shape: *shape, words: vec![behind], ..QuestionShape::default() }
            }
            Some(Subject::Overview(shape)) => shape.clone(),
            _ => names.parsed.shape().clone(),
        };
        let kept = previous.and_then(|it| it.origin.clone()).filter(|it| it.posts == request.posts);
        let origin = match kept {
            Some(kept) => Some(kept),
            None => self.engine().origin_of(&names, request)?,
        };
        // Where others answered, it goes on with those. A refusal stays one of the same posts.
        let excerpts = verified.answer.excerpts();
        let is_from = |origin: &Origin| excerpts.iter().all(|it| origin.posts.contains(&it.citation.post));
        let origin = origin.filter(is_from);
        let is_of_origin =
            |word: &str| origin.as_ref().is_some_and(|origin| origin.name.split(' ').any(|it| it == word));
        let mut own_topic = topic(&names, &shape);
        own_topic.retain(|concept| !is_of_origin(&concept.text));
        let words: Vec<&str> = own_topic.iter().map(|concept| concept.text.as_str()).collect();
        // "Argo?" is another thing, though no known one. "How many came?" is not.
        let is_other_topic = !words.is_empty() && is_only_topic(&names, &topic(&names, &shape));
        let offers = match &verified.answer {
            Answer::NothingFound { suggestions, .. } => {
                suggestions.iter().map(|it| it.question.clone()).collect()
            }
            _ => Vec::new(),
        };
        let facets = index.facets(request.now)?;
        // An answer from posts about anything is still one to a question about its event.
        let mut scope = verified.answer.scope().clone();
        if scope.is_everything() {
            scope.clone_from(&names.resolved.scope);
        }
        // A blog, of which an overview takes posts that name other authors.
        if scope.authors.is_empty() && matches!(verified.answer, Answer::Overview(_)) {
            let is_account = |name: &&String| !name.contains(char::is_whitespace);
            scope.authors = names.resolved.scope.authors.iter().filter(is_account).cloned().collect();
        }
        let is_everywhere = scope.events.is_empty() && scope.years.is_none();
        let mut series = names.resolved.series.clone();
        series.extend(missing_series(&verified.answer));
        if let Some(previous) = previous.filter(|_| is_follow_up && scope.events.is_empty()) {
            series.extend(ConversationEvents::new(previous, &facets).into_series());
            series.sort();
            series.dedup();
        }
        let own_person = named_person(&names, verified, &facets);
        // Who is asked for is talked about next. Else pronouns mean the person whom somebody named last.
        let is_asked_for = own_person.is_none() && names.parsed.answer_type == AnswerType::Who;
        let named_person = own_person.or_else(|| previous.filter(|_| is_follow_up)?.named_person.clone());
        let shown_person = shown_person(verified, &facets);
        let person = if is_asked_for {
            shown_person.or_else(|| named_person.clone())
        } else {
            named_person.clone().or(shown_person)
        };
        let person = person.or_else(|| previous?.person.clone());
        let own_subject = subject(&own_topic);
        let is_typed = !matches!(names.parsed.answer_type, AnswerType::Anything | AnswerType::Meaning);
        let names_thing =
            own_subject.is_some() || is_typed || is_about_events(&names, &topic(&names, &shape));
        // What events are compared on is asked of the next one.
        let is_on_topic = shape.shape == Shape::Comparison && !words.is_empty() && scope.events.len() > 1;
        let question = if is_on_topic { Some(words.join(" ")) } else { without_scope(&names) };
        Ok(Turn {
            question: question.unwrap_or_else(|| request.question.text().to_owned()),
            topic: words.join(" "),
            is_unanswered: is_refused(&verified.answer, names_thing) && !words.is_empty(),
            subject: own_subject
                .or_else(|| previous.filter(|_| is_follow_up && !is_other_topic)?.subject.clone()),
            series,
            events_before: Vec::new(),
            topics_before: Vec::new(),
            shown_event: verified.answer.excerpts().first().and_then(event_of),
            scope,
            person,
            named_person,
            origin,
            shown_scope: None,
            shown: verified.answer.quoted().map(ExcerptPlace::from).collect(),
            whole: Vec::new(),
            shown_before: Vec::new(),
            further: verified.further.clone(),
            overview: match &verified.answer {
                Answer::Overview(overview) => Some(overview.shape),
                _ => None,
            },
            themes: themes(&verified.answer),
            broad_series: names.resolved.series.first().filter(|_| is_everywhere).cloned(),
            found_nothing: verified.answer.excerpts().is_empty(),
            offers,
            language: names.parsed.language,
        })
    }
}

/// The reply, which shows a part of the answer of the turn before: more of that can be asked for, and its excerpts can be named
/// by number.
pub(super) fn keep_shown(mut reply: Reply, previous: &Turn) -> Reply {
    if let Reply::Answer(answer) = &mut reply {
        let whole = if previous.whole.is_empty() { &previous.shown } else { &previous.whole };
        answer.turn.whole.clone_from(whole);
        answer.turn.overview = previous.overview;
        answer.turn.themes.clone_from(&previous.themes);
    }
    reply
}

/// Keeps what was talked about before the turn of an answer.
pub(super) fn keep_history(answer: &mut TurnAnswer, previous: &Turn) {
    answer.turn.events_before = previous.events_talked_about();
    answer.turn.topics_before = previous.topics_talked_about();
    answer.turn.shown_before = previous.all_shown();
}

/// Keeps the excerpts of the turn before if an answer shows none, not even one that comes near: the next message may be about what
/// is still to be seen.
pub(super) fn keep_answer(answer: &mut TurnAnswer, previous: &Turn) {
    let is_listed = !answer.verified.answer.listed().is_empty();
    if answer.turn.shown.is_empty() && !previous.shown.is_empty() && !is_listed {
        answer.turn.shown.clone_from(&previous.shown);
        answer.turn.shown_scope.clone_from(&previous.shown_scope);
        answer.turn.whole.clone_from(&previous.whole);
        answer.turn.further.clone_from(&previous.further);
    }
}

/// Keeps the scope and the topic of the turn before if no post is about the event that was asked for, the name of which would be
/// a topic, or if the question before has no answer in the several events of a message that asks nothing else.
pub(super) fn keep_scope(answer: &mut TurnAnswer, previous: &Turn) {
    if let Answer::NothingFound { missing, .. } = &answer.verified.answer
        && (missing.iter().any(|it| matches!(it, Missing::Event(_) | Missing::Years(_)))
            // "And Marie?", whom no post names
            || answer.is_follow_up && has_name_before_topic(&answer.turn, previous)
            || answer.is_follow_up
                && answer.turn.found_nothing
                && !previous.found_nothing
                && answer.turn.scope.events.len() > 1
                && previous.topic().is_some()
                && answer.turn.topic == previous.topic)
    {
        answer.turn.topic.clone_from(&previous.topic);
        answer.turn.subject.clone_from(&previous.subject);
        answer.turn.question.clone_from(&previous.question);
        answer.turn.scope.clone_from(&previous.scope);
        // "RustConf 2023?" has none, and "2017?" after it is one of that conference.
        let missing = std::mem::take(&mut answer.turn.series);
        answer.turn.series = previous.series.iter().cloned().chain(missing).collect();
        answer.turn.broad_series.clone_from(&previous.broad_series);
    }
}

/// Whether the topic of a turn is that of the turn before with a given name before it: `Marie Istio`.
fn has_name_before_topic(turn: &Turn, previous: &Turn) -> bool {
    let name = previous.topic().and_then(|topic| turn.topic.strip_suffix(topic)).map(str::trim_end);
    name.is_some_and(|name| name.starts_with(char::is_uppercase) && is_given_name(&fold(name)))
}

/// The conferences of the editions that no post is about: the next message may name another edition.
fn missing_series(answer: &Answer) -> impl Iterator<Item = String> {
    let missing = match answer {
        Answer::NothingFound { missing, .. } => missing.as_slice(),
        _ => &[],
    };
    let events = missing.iter().filter(|it| matches!(it, Missing::Event(_)));
    let mentions = events.flat_map(|missing| EventTable::builtin().mentions(missing.words()));
    mentions.filter_map(|mention| Some(mention.series?.name.clone()))
}

/// Whether nothing was found, and it is no known thing on which it was looked for, or cannot be known.
fn is_refused(answer: &Answer, names_thing: bool) -> bool {
    let cannot_be_known = matches!(answer, Answer::NothingFound { unanswerable: Some(_), .. });
    answer.excerpts().is_empty() && (!names_thing || cannot_be_known)
}

/// The themes of an overview; none of another answer.
pub(super) fn themes(answer: &Answer) -> Vec<String> {
    let Answer::Overview(overview) = answer else { return Vec::new() };
    let theme = |group: &Group| match &group.title {
        GroupTitle::Theme(name) => Some(name.clone()),
        _ => None,
    };
    overview.groups.iter().filter_map(theme).collect()
}

/// Returns the request for words about the people whose own words alone a request asks for; `None` if it asks for nobody's.
pub(super) fn about_people(request: &Request) -> Option<Request> {
    let people = &request.scope_options.authors;
    let mut text = request.question.text().to_owned();
    let question = format!(" {} ", fold(&text));
    for person in people.iter().filter(|person| !question.contains(&format!(" {} ", fold(person)))) {
        text.push(' ');
        text.push_str(person);
    }
    let scope_options = ScopeOptions { authors: Vec::new(), ..request.scope_options.clone() };
    let question = text.parse().ok().filter(|_| !people.is_empty())?;
    Some(Request { question, scope_options, ..request.clone() })
}

static OTHER: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.conversation.other));

/// Whether a message asks for what was not shown: `what else did she say?`
pub(super) fn asks_for_other(text: &str) -> bool {
    let words = split_words(text);
    (0..words.len()).any(|at| OTHER.match_at(&words, at).is_some())
}

/// Whether a question asks for another edition of a conference: `another FOSDEM`, but not `any other news from FOSDEM` or `any other
/// FOSDEM talks`.
pub(super) fn asks_for_other_edition(text: &str) -> bool {
    let words = split_words(text);
    EventTable::builtin().mentions(text).iter().filter(|mention| mention.series.is_some()).any(|mention| {
        let start = words.iter().position(|word| word.range.start >= mention.range.start);
        let is_before = |at: usize, start: usize| OTHER.match_at(&words, at) == Some(start - at);
        let next = words.iter().find(|word| word.range.start >= mention.range.end);
        start.is_some_and(|start| (0..start).any(|at| is_before(at, start)))
            && next.is_none_or(|next| !is_boilerplate(&next.folded))
    })
}

/// Returns a question without the words that name its scope; `None` if nothing is left.
pub(super) fn without_scope(names: &QuestionNames) -> Option<String> {
    let syntax = &names.parsed.syntax;
    let mut text = syntax.text.clone();
    for words in names.resolved.consumed_words.iter().chain(&names.resolved.edition_words) {
        if let Some(bytes) = syntax.bytes_of(words) {
            blank_out(&mut text, bytes);
        }
    }
    let has_words = !split_words(&text).is_empty();
    let kept = text.split_whitespace().map(str::to_owned);
    let excluded = syntax
        .excluded
        .iter()
        .map(|words| if words.contains(' ') { format!("-\"{words}\"") } else { format!("-{words}") });
    has_words.then(|| kept.chain(excluded).collect::<Vec<_>>().join(" "))
}

/// Whose words an excerpt is.
pub(super) fn voice(excerpt: &Excerpt) -> Option<String> {
    let citation = &excerpt.citation;
    citation.speaker.clone().or_else(|| citation.author.clone())
}

/// Whether an excerpt names a person by the last name, or has that person's words.
pub(super) fn mentions_person(excerpt: &Excerpt, person: &str) -> bool {
    let citation = &excerpt.citation;
    let quotes = excerpt.lead_in.iter().chain([&excerpt.quote]).map(|quote| quote.text.as_str());
    let headings = citation.section.iter().map(String::as_str);
    let names = [&citation.speaker, &citation.author].into_iter().flatten().map(String::as_str);
    name_people(quotes.chain(headings).chain(names), &[person.to_owned()])
}

/// The event that an excerpt is about.
pub(super) fn event_of(excerpt: &Excerpt) -> Option<EventId> {
    excerpt.citation.event.as_ref().map(|event| event.id.clone())
}

/// The person whom a question names.
fn named_person(names: &QuestionNames, verified: &VerifiedAnswer, facets: &Facets) -> Option<String> {
    if let [author] = names.resolved.scope.authors.as_slice() {
        return Some(author.clone());
    }
    if let [person] = names.resolved.scope.people.as_slice() {
        return Some(person.clone());
    }
    let question = &names.parsed.syntax.text;
    let asked_about =
        || asks_for_words(&names.parsed.syntax).then(|| capitalised_pairs(question).next()).flatten();
    if let Some(name) = known_person(question, facets).or_else(asked_about) {
        return Some(name);
    }
    // A name that the question may write in lower case.
    let folded = fold(&without_scope(names).unwrap_or_default());
    // "Am Samstag" is no name.
    let has_stop_word = |name: &str| name.split(' ').any(|word| is_any_stop_word(&fold(word)));
    let in_question = |excerpt: &Excerpt| {
        capitalised_pairs(&excerpt.quote.text)
            .filter(|name| folded.contains(fold(name).as_str()))
            .find(|name| may_be_person(name) && !has_stop_word(name))
    };
    verified.answer.excerpts().iter().find_map(in_question)
}

/// The person whom an answer is about: the first excerpt names that person, or has the own words. An overview is of many.
fn shown_person(verified: &VerifiedAnswer, facets: &Facets) -> Option<String> {
    let excerpts = verified.answer.excerpts();
    let first = excerpts.first()?;
    if matches!(verified.answer, Answer::Overview(_)) {
        return voice(first).filter(|name| excerpts.iter().all(|it| voice(it).as_ref() == Some(name)));
    }
    // Nobody writes the own name: who is named is somebody else.
    let shown = first.lead_in.iter().chain([&first.quote]).map(|quote| quote.text.as_str());
    let headings = first.citation.section.last().map(String::as_str);
    shown
        .chain(headings)
        .find_map(|text| known_person(text, facets).or_else(|| full_name(text)))
        .or_else(|| voice(first))
}

/// The first person of the corpus whose full name a text has.
pub(super) fn known_person(text: &str, facets: &Facets) -> Option<String> {
    let text = fold_words(text);
    let full_names = facets.authors.iter().filter(|author| author.name.contains(' '));
    let places = full_names.filter_map(|author| Some((text.find(&author.folded)?, &author.name)));
    places.min().map(|(_, name)| name.clone())
}
