//! The third step: plans the query of a resolved question, from its concepts and the vocabulary of the index.
//!
//! A question that names little but an event ("how was it?") looks for the words with which posts describe events:
//! dates, places, attendance, impressions.

use std::ops::Range;
use std::sync::Arc;

use crate::{
    amount::{Amount, asked_amount, is_percent_word},
    answer_type::{AnswerType, words_of_form},
    attendance,
    concepts::{BOILERPLATE_FACTOR, Concept},
    counted::counts_other_than_people,
    engine::Request,
    event_facts::{asks_for_event_facts, event_facts, listed_events, scope_name},
    excerpt_place::CitedFor,
    freshness::{AskedTime, asked_time},
    parse::ParsedQuestion,
    post_part::PostPart,
    question_names::{QuestionNames, is_within},
    question_syntax::{QuestionWord, overlap},
    resolve::{ExplicitScope, ResolvedQuestion, is_next_word},
    scope_importance::scope_importance,
    shape_words::{
        is_done_word, is_event_word, is_kind_of_name, is_mention_word, is_person_word, is_word_of_shape,
        is_word_of_speaking, names_kind_of_company,
    },
};
use takeaways_corpus::entities::EntityTable;
use takeaways_corpus::events::EventTable;
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_search::{Clause, ClauseRole, Facets, Filter, Index, Query, SearchError};
use takeaways_text::model::{
    Event, EventId, Language, Missing, Post, QuestionShape, Scope, Shape, Span, Years,
};
use takeaways_text::tokens::{is_any_stop_word, is_boilerplate, is_stop_word};

/// The weight of boilerplate words in the search. BM25 already applies the inverse document frequency.
const BOILERPLATE_WEIGHT: f32 = 0.3;

/// What is searched for a question, and what its answer must contain.
#[derive(Debug, Clone)]
pub struct QueryPlan {
    /// What is asked for; of a part of a question, the request for that part.
    pub request: Arc<Request>,
    /// The parsed question.
    pub question: Arc<ParsedQuestion>,
    /// The posts to search.
    pub scope: Scope,
    /// The events of the scope, as posts name them.
    pub events: Vec<Event>,
    /// Whether options or prefixes set the scope.
    pub explicit_scope: ExplicitScope,
    /// The only parts of posts to search, if there are any: those on the day that the question names.
    pub parts: Vec<PostPart>,
    /// The conferences that the question names without an edition. Posts about other conferences only can't answer.
    pub series: Vec<String>,
    /// Events, years and authors of the question that no post is about or by.
    pub missing: Vec<Missing>,
    /// Questions to choose from, because the question names a person by a name that several have. Then nothing is searched.
    pub choices: Vec<String>,
    /// Whether an event of the question only tells a time: "before San Diego".
    pub has_landmarks: bool,
    /// Whether all that limits the posts is what came after an event.
    pub is_after_event: bool,
    /// Indices of the words that stand where a writer is named. They need not be a name.
    pub writer_words: Option<Range<usize>>,
    /// The language of the question.
    pub language: Language,
    /// The concepts, in the question's order.
    pub concepts: Vec<Concept>,
    /// Topics that the question does not want, as concepts. Only lines of overviews leave them out.
    pub excluded_topics: Vec<Concept>,
    /// The kind of answer that is asked for, as the names of the question tell it.
    pub answer_type: AnswerType,
    /// How much the scope matters, as the importance of a concept that only its posts have; 0 if it has none.
    pub scope_importance: f32,
    /// The amount that the question asks for.
    pub amount: Option<Amount>,
    /// Whether the question asks for the place or the days of an event, and for nothing else.
    pub asks_for_place_or_days: bool,
    /// The events whose place and days the question asks for, and nothing else.
    pub listed: Vec<Event>,
}

/// Plans the query of a request with resolved names.
///
/// # Errors
/// If the index can't be read.
pub(crate) fn plan_query(
    names: QuestionNames,
    request: Arc<Request>,
    index: &Index,
) -> Result<QueryPlan, SearchError> {
    let facets = index.facets(request.now)?;
    let mut plan = build_plan(names, request, index);
    plan.scope_importance = scope_importance(&plan.scope, &facets, index.posts());
    Ok(plan)
}

/// Builds the plan. A question with only weak concepts also looks for the words of event facts.
fn build_plan(names: QuestionNames, request: Arc<Request>, index: &Index) -> QueryPlan {
    let QuestionNames { parsed, resolved, mut concepts } = names;
    let (syntax, language, mut answer_type) = (&parsed.syntax, parsed.language, parsed.answer_type);
    let ResolvedQuestion {
        scope,
        events,
        consumed_words,
        series,
        missing,
        choices,
        has_landmarks,
        is_after_event,
        explicit_scope,
        writer_words,
        mentioned_events,
        edition_words,
        ..
    } = resolved;
    let is_missing_event = !missing.is_empty()
        && !mentioned_events.is_empty()
        && answer_type == AnswerType::Anything
        && concepts.iter().all(|concept| is_within(concept, &mentioned_events) || concept.is_weak());
    if is_missing_event {
        // A sentence that only mentions the event does not tell what it was like.
        concepts.clear();
    }
    if matches!(answer_type, AnswerType::Company | AnswerType::Project) {
        // An answer names the company, and need not say that it is one.
        let form = words_of_form(&syntax.words, answer_type);
        // That it is a bank, it may say.
        let is_general = |it: &&mut Concept| !names_kind_of_company(&it.text);
        let asked = concepts.iter_mut().filter(|it| form.contains(&it.words.start)).filter(is_general);
        asked.for_each(|concept| concept.importance *= BOILERPLATE_FACTOR);
    }
    let mut amount = asked_amount(syntax, language);
    if amount == Some(Amount::Percent) {
        // Most answers have the sign.
        let asked = concepts.iter_mut().filter(|concept| is_percent_word(&concept.text));
        asked.for_each(|concept| concept.importance *= BOILERPLATE_FACTOR);
    }
    let counts_other =
        answer_type == AnswerType::HowMany && counts_other_than_people(&mut concepts, syntax, language);
    let has_content = !scope.is_everything() || !concepts.is_empty() || !consumed_words.is_empty();
    let facts = asks_for_event_facts(answer_type).then(|| event_facts(answer_type, &events, index));
    let is_fact = |concept: &Concept| {
        let is_event_fact =
            facts.as_ref().is_some_and(|facts| !concept.is_required && facts.shares_a_form_with(concept));
        is_event_fact
            || answer_type == AnswerType::HowMany && attendance::is_asked_for(&concept.text)
            || facts.is_some() && is_within(concept, &edition_words)
    };
    let shape = parsed.shape();
    // "What was FOSDEM 2019 about?" asks what it was like, for the case that no post has points. An overview has its own search.
    let is_of_shape = |concept: &Concept| {
        matches!(shape.shape, Shape::Takeaways | Shape::Summary)
            && !shape.is_estimated
            && !events.is_empty()
            && !concept.is_of_topic(&syntax.words, shape)
    };
    let is_about_event = |it: &Concept| {
        it.is_weak() || is_fact(it) || is_within(it, &mentioned_events) || is_next_word(&it.text)
    };
    let asks_for_place_or_days =
        matches!(answer_type, AnswerType::When | AnswerType::Where) && concepts.iter().all(is_about_event);
    let listed =
        if asks_for_place_or_days { listed_events(syntax, &events, request.today()) } else { Vec::new() };
    if !is_missing_event
        && !counts_other
        && has_content
        && concepts.iter().all(|concept| concept.is_weak() || is_fact(concept) || is_of_shape(concept))
    {
        concepts.retain(|concept| !is_fact(concept) && !is_of_shape(concept));
        let named_events = if facts.is_some() { events.as_slice() } else { &[] };
        concepts.extend(scope_name(syntax, &consumed_words, named_events, index));
        if matches!(answer_type, AnswerType::Anything | AnswerType::Meaning) {
            answer_type = AnswerType::Impression;
        }
        if answer_type == AnswerType::HowMany {
            amount = Some(Amount::Attendance);
        }
        concepts.push(facts.unwrap_or_else(|| event_facts(answer_type, &events, index)));
    }
    QueryPlan {
        scope_importance: 0.0,
        amount,
        request,
        question: parsed,
        scope,
        events,
        explicit_scope,
        parts: Vec::new(),
        series,
        missing,
        choices,
        has_landmarks,
        is_after_event,
        writer_words,
        language,
        concepts,
        excluded_topics: Vec::new(),
        answer_type,
        asks_for_place_or_days,
        listed,
    }
}

impl QueryPlan {
    /// Whether there is nothing to search: no concept, a scope without posts, or a name of several people.
    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty() || !self.choices.is_empty() || self.explicit_scope == ExplicitScope::Empty
    }

    /// Whether the question names a topic, a project or a company that recaps mention, and not only what people do at events.
    pub fn names_a_topic(&self) -> bool {
        // The words of `platform engineering` are two concepts.
        let words: Vec<&str> = self.concepts.iter().map(|concept| concept.text.as_str()).collect();
        words.iter().any(|word| names_thing(word)) || names_thing(&words.join(" "))
    }

    /// Whether a place in a post belongs to the parts of posts that are searched.
    pub(crate) fn is_in_parts(&self, post: &Post, span: Span) -> bool {
        let is_of = |part: &PostPart| part.post().id == post.id && part.contains(span);
        self.parts.is_empty() || self.parts.iter().any(is_of)
    }

    /// Returns how its excerpts are cited.
    pub fn cited_for(&self) -> CitedFor<'_> {
        CitedFor { scope: &self.scope, language: self.language, now: self.request.now }
    }

    /// The time that the question asks about without a date.
    pub fn asked_time(&self) -> Option<AskedTime> {
        asked_time(&self.question.syntax, &self.request.scope_options, self.request.today())
    }

    /// Whether the question has words of a topic beside those of its shape and its scope.
    pub(crate) fn has_topic_beside(&self, shape: &QuestionShape) -> bool {
        let words = &self.question.syntax.words;
        self.concepts.iter().any(|concept| concept.is_of_topic(words, shape))
    }

    /// Whether a question is nothing but a topic and the event where it was: "food at KubeCon", "community KubeCon 2019". Options may name
    /// the event.
    pub(crate) fn is_label(&self) -> bool {
        let syntax = &self.question.syntax;
        let mut end = 0;
        let is_next = |it: &Concept| it.words.start == std::mem::replace(&mut end, it.words.end);
        if self.concepts.is_empty() || !self.concepts.iter().all(is_next) {
            return false;
        }
        let rest = syntax.words.get(end..).unwrap_or_default();
        let skipped = rest.first().is_some_and(|before| is_any_stop_word(&before.text));
        let rest = &rest[usize::from(skipped)..];
        let events = EventTable::builtin().mentions(&syntax.text);
        let is_of_event = |word: &QuestionWord| {
            events.iter().any(|event| overlap(&event.range, &word.range))
                || word.text.parse::<Years>().is_ok()
        };
        rest.iter().all(is_of_event) && (!rest.is_empty() || !self.request.scope_options.events.is_empty())
    }

    /// Keeps only the concepts of the topic. Where a list has no other topic, it is what the list is of, the "books" of "which books
    /// were signed?", or else what was done. What a command names is the topic with all its words.
    pub(crate) fn keep_topic(&mut self, shape: &QuestionShape) {
        let words = &self.question.syntax.words;
        if self.request.subject.is_some() {
            let is_of_shape = |word: &QuestionWord| shape.words.iter().any(|it| overlap(it, &word.range));
            // Default words are none of the name.
            let is_named = |concept: &Concept| {
                !concept.text.is_empty() && !words[concept.words.clone()].iter().any(is_of_shape)
            };
            self.concepts.retain(is_named);
            return;
        }
        // Without its phrase, so that the words of the phrase may be of the topic too.
        let bare = QuestionShape { shape: shape.shape, ..QuestionShape::default() };
        if shape.is_estimated && self.is_label() {
            self.concepts.retain(|concept| concept.is_of_topic(words, &bare));
            return;
        }
        let all = std::mem::take(&mut self.concepts);
        let (topic, others): (Vec<Concept>, Vec<Concept>) =
            all.into_iter().partition(|concept| concept.is_of_topic(words, shape));
        let says_what_was_done = |concept: &Concept| !concept.is_name && is_done_word(&concept.text);
        self.concepts = topic;
        if shape.asks_for_posts() {
            // The "deal with" of "all posts that deal with accessibility" is no topic.
            self.concepts.retain(|concept| concept.is_name || !is_mention_word(&concept.text));
            return;
        }
        if shape.shape == Shape::Advice {
            // The phrase may hold what the advice is on: "how do I become a speaker", "where should I eat".
            let is_object =
                |concept: &Concept| concept.is_of_topic(words, &bare) || is_word_of_speaking(&concept.text);
            self.concepts.extend(others.into_iter().filter(is_object));
            self.concepts.sort_by_key(|concept| concept.words.start);
        } else if shape.shape == Shape::List && !self.concepts.iter().all(says_what_was_done) {
            // The phrase holds the kind of a list: of "which banks use Kubernetes" banks are asked for, and announcements of "what did
            // AWS announce".
            let is_kind = |concept: &Concept| {
                let is_general = |is: fn(&str) -> bool| is(&concept.text);
                let general = [is_done_word, is_mention_word, is_kind_of_name, is_person_word, is_event_word];
                concept.is_of_topic(words, &bare)
                    && !general.into_iter().any(is_general)
                    && !is_word_of_shape(&concept.text, Shape::Takeaways)
            };
            self.concepts.extend(others.into_iter().filter(is_kind));
            self.concepts.sort_by_key(|concept| concept.words.start);
        } else if shape.shape == Shape::List {
            // "Who gave keynotes?" asks for people, and not for everything that is said of keynotes.
            let asks_for_people = self.answer_type == AnswerType::Who;
            let is_item = |concept: &Concept| {
                let is_of_topic = concept.is_of_topic(words, &bare) || asks_for_people;
                let is_other = concept.text.is_empty()
                    || is_done_word(&concept.text)
                    || is_kind_of_name(&concept.text)
                    || is_word_of_shape(&concept.text, Shape::Takeaways);
                is_of_topic && !is_other
            };
            let (mut items, others): (Vec<Concept>, Vec<Concept>) = others.into_iter().partition(is_item);
            if !items.is_empty() {
                // Much may be signed that is no book.
                for item in &mut items {
                    item.is_required = true;
                }
                items.append(&mut self.concepts);
                items.sort_by_key(|concept| concept.words.start);
                self.concepts = items;
            } else if self.concepts.is_empty() && self.answer_type == AnswerType::Anything {
                // "What was announced?" has no item.
                self.concepts = others.into_iter().filter(says_what_was_done).collect();
            }
        }
    }

    /// Whether the question only asks what was done at events: "what was announced at KubeCon?" and "who gave keynotes?" have many
    /// answers.
    pub(crate) fn asks_what_was_done(&self) -> bool {
        let is_of_events = self.names_events();
        let is_of_question = |it: &Concept| is_done_word(&it.text) || is_boilerplate(&it.text);
        is_of_events && self.concepts.iter().all(is_of_question)
    }

    /// Leaves out the words right after names of the scope: the "team" of "by the Jane Doe team" is no topic.
    pub(crate) fn leave_out_nouns_of_names(&mut self) {
        let words = &self.question.syntax.words;
        let used: Vec<Range<usize>> = self.concepts.iter().map(|concept| concept.words.clone()).collect();
        let is_of_scope = |at: usize| {
            let is_used = used.iter().any(|words| words.contains(&at));
            !is_used && words.get(at).is_some_and(|word| !is_stop_word(&word.text, self.language))
        };
        self.concepts.retain(|concept| !concept.words.start.checked_sub(1).is_some_and(is_of_scope));
    }

    /// The events of the conferences that the question names without an edition.
    pub(crate) fn editions(&self, facets: &Facets) -> Vec<EventId> {
        let events = facets.events.iter().map(|(event, _)| event);
        events.filter(|event| self.series.contains(&event.series)).map(|event| event.id.clone()).collect()
    }

    /// Whether it names events or a conference.
    pub fn names_events(&self) -> bool {
        !self.scope.events.is_empty() || !self.series.is_empty()
    }

    /// Whether it names a conference and none of its events. The name is no filter of a search for one fact.
    pub fn is_of_series(&self) -> bool {
        self.scope.events.is_empty() && !self.series.is_empty()
    }

    /// Whether it names events, a conference, years or authors.
    pub fn names_scope(&self) -> bool {
        !self.scope.is_everything() || !self.series.is_empty()
    }

    /// Returns the query for the posts that are visible when it is asked.
    pub fn query(&self) -> Query {
        let mut clauses: Vec<Clause> = self.concepts.iter().map(clause).collect();
        let excluded = self.question.excluded_forms.iter().cloned();
        clauses.extend(excluded.map(|form| Clause::new(form, ClauseRole::MustNot)));
        Query { clauses, filter: self.filter() }
    }

    /// Returns the filter of the posts in its scope that are visible when it is asked. The people of the scope are no filter.
    pub fn filter(&self) -> Filter {
        let Scope { events, years, authors, excluded_authors, .. } = self.scope.clone();
        let (posts, visible_at) = (self.request.posts.clone(), self.request.now);
        Filter { events, years, authors, excluded_authors, posts, visible_at, ..Filter::default() }
    }

    /// The words of a question of which posts contain none.
    pub fn unknown_words(&self) -> Vec<String> {
        let words = || self.concepts.iter().filter(|concept| !concept.text.is_empty());
        let is_unknown = |concept: &Concept| !concept.is_known && !concept.is_known_otherwise;
        if words().all(is_unknown) { words().map(|it| it.text.clone()).collect() } else { Vec::new() }
    }

    /// Returns the names in the question, each with whether posts contain it. Adjacent words are one name, which is
    /// known if all of its words are.
    pub fn names(&self) -> Vec<(String, bool)> {
        let mut names: Vec<(String, bool, usize)> = Vec::new();
        for concept in self.concepts.iter().filter(|concept| concept.is_name && !concept.text.is_empty()) {
            match names.last_mut() {
                Some((text, is_known, end)) if *end == concept.words.start => {
                    *text = format!("{text} {}", concept.text);
                    *is_known &= concept.is_known;
                    *end = concept.words.end;
                }
                _ => names.push((concept.text.clone(), concept.is_known, concept.words.end)),
            }
        }
        names.into_iter().map(|(text, is_known, _)| (text, is_known)).collect()
    }
}

fn clause(concept: &Concept) -> Clause {
    let weight = if is_boilerplate(&concept.text) { BOILERPLATE_WEIGHT } else { 1.0 };
    Clause {
        alternatives: concept.alternatives.clone(),
        weight: (1.0 + f32::from(concept.repeats)) * weight,
        role: if concept.is_required { ClauseRole::Must } else { ClauseRole::Should },
    }
}

/// Whether words name a topic that is not what people do at every event, a project or a company.
pub(crate) fn names_thing(words: &str) -> bool {
    TopicTable::builtin().ids_in_text(words).any(|id| !is_event_topic(id))
        || !EntityTable::builtin().mentions(words).is_empty()
}

#[cfg(test)]
mod tests;
