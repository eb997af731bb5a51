//! Lists of talks: the sections of posts that tell of one each, the items of programmes, and other lines that tell of a talk.

mod items;
mod judged;
mod sections;

use std::collections::HashSet;
use std::sync::Arc;

use super::lines::{Line, is_in_scope, is_short_enough, sort_best_first, topic_lines};
use super::lists::{ThingList, Things, asks_for_users, is_on_use, keep_only, names_in, put_first};
use super::on_topic::Topic;
use super::scoped_posts::ScopedPosts;
use super::several::{choices_listed, posts_naming_any};
use super::topic_line::MIN_CHARS;
use super::weak_lines::keep_if_enough;
use super::{MAX_LINES, to_u32};
use crate::{
    answer_type::AnswerType,
    candidates::begins_with_reference,
    concepts::{Concept, find_concepts},
    engine::{AnswerError, Engine},
    people::{heading_names_person, people_of_heading},
    plan::{QueryPlan, names_thing},
    question_syntax::QuestionWord,
    shape_words::{
        is_done_word, is_judgement, is_mention_word, is_person_word, is_preference, is_word_for_speaker,
        is_word_of_attendee, is_word_of_speaking,
    },
};
use items::{gain_of_item, line_of_item};
pub use sections::speakers_of_talks;
pub(super) use sections::talks_of;
use sections::{Talk, sentences_of, title_key};
use takeaways_text::language;
use takeaways_text::model::{BlockKind, Post, PostId, ReasonKind, Shape, Span, Stance};
use takeaways_text::phrases::Words;
use takeaways_text::tokens::{is_boilerplate, is_stop_word};

/// The maximum number of posts whose sentences are read where headings tell of few talks: the newest ones.
const MAX_POSTS_WITHOUT_HEADINGS: usize = 100;
/// A list has at most as many talks, the best ones: each is compared with all before it.
const MAX_TALKS: usize = 100;
/// With fewer lines, none of them under a title that names the topic, the answer is another one.
const MIN_TALKS: usize = 2;
/// With as many talks whose speakers are named, "who spoke about" shows only these.
const ENOUGH_WITH_SPEAKERS: usize = 2;
/// The words of a question among which it says that it asks for talks.
const MAX_WORDS_BEFORE_TALKS: usize = 6;
/// So many sentences of a section that name all of a topic make it one on the topic.
const ENOUGH_SENTENCES: usize = 2;
/// What the place that names the topic adds to the score of a talk.
const NAMED_IN_TITLE: f32 = 3.0;
const NAMED_ABOVE: f32 = 2.0;
const NAMED_IN_TEXT: f32 = 1.0;
/// What it adds to the score of a line of a talk that it names the topic.
const MARKS_GAIN: f32 = 0.5;
/// What it adds that it has at most so many characters: under a title less is needed, and a message has room for no more.
const SHORT_GAIN: f32 = 0.5;
const MAX_SHORT: usize = 200;
/// What it adds that it names a person, if that is asked for and the heading names none.
const NAME_GAIN: f32 = 2.0;
/// With as many sentences that judge talks as the question asks, there are no other lines.
const ENOUGH_JUDGED: usize = 2;
/// With as many talks that somebody liked most or least, who asks for these gets no others.
const ENOUGH_FAVOURITES: usize = 3;

/// The list of the talks that a question asks for; `None` if it asks for something else, or posts tell of too few.
pub(super) fn list(engine: &Engine, plan: &QueryPlan) -> Result<Option<ThingList>, AnswerError> {
    let list = |(scoped, lines)| ThingList { plan: plan.clone(), scoped, things: Things::Lines(lines) };
    Ok(all_talks(engine, plan)?.map(list))
}

/// The talks that somebody liked most or least, if a question asks for these: "what was the best talk?" `None` if no post tells.
pub(super) fn favourites(engine: &Engine, plan: &QueryPlan) -> Result<Option<ThingList>, AnswerError> {
    if !judged::names_favourite(&plan.question.syntax.text) {
        return Ok(None);
    }
    // Of those on a topic, most are nobody's favourite. Others are all judged.
    let names_topic = !plan_for_talks(plan).concepts.iter().all(|concept| has_word_for_talk(&concept.text));
    Ok(list(engine, plan)?.filter(|list| !names_topic || list.has_line(judged::is_favourite)))
}

/// Whether a question asks for talks, or who gave them: `which talks on eBPF were there?`, `who spoke about eBPF?`
pub(super) fn are_asked_for(plan: &QueryPlan) -> bool {
    let text = &plan.question.syntax.text;
    let asks_who_spoke = || Words::new(text).has_any(&language::all().questions.speaks);
    match plan.answer_type {
        AnswerType::Who => !asks_for_users(plan) && asks_who_spoke(),
        AnswerType::Company => asks_who_spoke(),
        AnswerType::Anything | AnswerType::Impression => {
            let names_person = !plan.scope.people.is_empty() || !plan.scope.authors.is_empty();
            begins_with(plan, has_word_for_talk)
                || begins_with(plan, is_word_for_speaker)
                // "What has Jane Doe talked about?"
                || names_person && asks_who_spoke()
        }
        _ => false,
    }
}

/// Whether a question asks which companies spoke, and not which ones were talked about, or which ones speakers named.
pub(super) fn asks_for_companies(plan: &QueryPlan) -> bool {
    let words = &plan.question.syntax.words;
    let is_subject = |pair: &[QuestionWord]| {
        is_word_of_speaking(&pair[1].text) && !is_stop_word(&pair[0].text, plan.language)
    };
    plan.answer_type == AnswerType::Company && words.windows(2).any(is_subject)
}

/// Whether a question has such a word soon after the word that asks which, or in its beginning: "which databases were asked about
/// after the talk" does not ask for talks.
fn begins_with(plan: &QueryPlan, is_such: fn(&str) -> bool) -> bool {
    let (words, questions) = (&plan.question.syntax.words, &language::all().questions);
    let is_which = |word: &QuestionWord| questions.which.contains(word.text.to_lowercase().as_str());
    let start = words.iter().position(is_which).unwrap_or_default();
    let first = words.get(start..).unwrap_or_default().iter().take(MAX_WORDS_BEFORE_TALKS);
    first.map(|word| word.text.as_str()).any(is_such)
}

/// Whether a text has a word for a talk.
pub(super) fn has_word_for_talk(text: &str) -> bool {
    Words::new(text).has_any(&language::all().questions.talks)
}

/// Whether a part of a topic is a word for talks of one kind: `keynotes`.
fn is_kind_of_talk(concept: &Concept) -> bool {
    Words::new(&concept.text).has_any(&language::all().questions.talk_kinds)
}

/// A plan without the concepts that say nothing of the talks: `which talks did the writers attend?` A question for speakers asks who.
fn plan_for_talks(plan: &QueryPlan) -> QueryPlan {
    let says_nothing = [
        is_boilerplate,
        is_done_word,
        is_judgement,
        is_preference,
        is_mention_word,
        is_person_word,
        is_word_of_attendee,
        is_word_of_speaking,
    ];
    let mut plan = plan.clone();
    plan.concepts.retain(|concept| !concept.has_only(|word| says_nothing.into_iter().any(|is| is(word))));
    if begins_with(&plan, is_word_for_speaker) {
        plan.answer_type = AnswerType::Who;
    }
    plan
}

/// The talks that a question asks for, the best first, and the posts of its scope.
fn all_talks(engine: &Engine, plan: &QueryPlan) -> Result<Option<(ScopedPosts, Vec<Line>)>, AnswerError> {
    if !are_asked_for(plan) {
        return Ok(None);
    }
    let side = judged::asked_side(plan);
    let mut plan = plan_for_talks(plan);
    let is_kind = plan.concepts.iter().all(|concept| has_word_for_talk(&concept.text));
    if is_kind {
        // "Who keynoted" asks for a shape with the same word.
        plan.concepts = find_concepts(&plan.question.syntax, &|_| false, plan.language, engine.index())?;
        plan.concepts.retain(is_kind_of_talk);
    }
    let plan = &plan;
    let topic = (!plan.concepts.is_empty()).then(|| Topic::new(&plan.concepts));
    let found = match (&topic, side) {
        (Some(topic), _) if !is_kind => Some(talks_on_any(engine, plan, topic)?),
        (kind, side) if plan.names_scope() => talks_of_scope(engine, plan, side, kind.as_ref())?,
        (kind, Some(side)) => judged_talks_of_all(engine, plan, side, kind.as_ref())?,
        (Some(kind), None) => Some(talks_on_topic(engine, plan, kind)?),
        (None, None) => None,
    };
    let Some((scoped, mut lines)) = found else { return Ok(None) };
    let mut titles = HashSet::new();
    lines.retain(|line| {
        line.lead_in.is_none_or(|title| titles.insert(title_key(line.post.body.slice(title))))
    });
    keep_named(&mut lines, plan);
    let asks_for_favourites = judged::names_favourite(&plan.question.syntax.text);
    if asks_for_favourites {
        lines.sort_by_key(|line| !judged::is_favourite(line));
        keep_if_enough(&mut lines, ENOUGH_FAVOURITES, judged::is_favourite);
    }
    let names_topic = |line: &Line| {
        let heading = line.lead_in.map(|heading| line.post.body.slice(heading));
        let is_named = |text| topic.as_ref().is_none_or(|it| it.is_named_by([text], line.post.language));
        heading.is_some_and(is_named)
    };
    let is_asked = |line: &Line| names_topic(line) || asks_for_favourites && judged::is_favourite(line);
    let is_enough = lines.len() >= MIN_TALKS || lines.iter().any(is_asked);
    Ok(is_enough.then_some((scoped, lines)))
}

/// The talks on a topic, or on each thing of one that offers a choice: "on eBPF or WebAssembly".
fn talks_on_any(
    engine: &Engine,
    plan: &QueryPlan,
    topic: &Topic<'_>,
) -> Result<(ScopedPosts, Vec<Line>), AnswerError> {
    let choices = choices_listed(plan);
    let is_thing = |concepts: &Vec<Concept>| concepts.iter().any(|concept| names_thing(&concept.text));
    if choices.is_empty() || !choices.iter().all(is_thing) {
        return talks_on_topic(engine, plan, topic);
    }
    let mut lines: Vec<Line> = Vec::new();
    for concepts in choices {
        let plan = QueryPlan { concepts, ..plan.clone() };
        let (_, of_choice) = talks_on_topic(engine, &plan, &Topic::new(&plan.concepts))?;
        let is_new = |line: &Line| !line.overlaps_any(&lines);
        let new: Vec<Line> = of_choice.into_iter().filter(is_new).collect();
        lines.extend(new);
    }
    sort_best_first(&mut lines);
    Ok((posts_on_topic(engine, plan)?, lines))
}

/// The talks on a topic, and other lines on it that tell of a talk.
fn talks_on_topic(
    engine: &Engine,
    plan: &QueryPlan,
    topic: &Topic<'_>,
) -> Result<(ScopedPosts, Vec<Line>), AnswerError> {
    let scoped = posts_on_topic(engine, plan)?;
    let mut lines = best_of(scoped.posts.iter().flat_map(|post| lines_of_post(post, plan, Some(topic))));
    let mut told: HashSet<(PostId, u32)> =
        lines.iter().map(|line| (line.post.id.clone(), line.section)).collect();
    let others = topic_lines(engine, plan, Shape::List)?.into_iter();
    let tells = |line: &Line| has_word_for_talk(line.text()) && topic.is_whole_at(line);
    let is_new = |line: &Line| told.insert((line.post.id.clone(), line.section));
    lines.extend(others.filter(tells).filter(is_new));
    Ok((scoped, lines))
}

/// Whether a line is on a talk of a kind, such as a keynote, if one is asked for.
fn is_of_kind(line: &Line, kind: Option<&Topic<'_>>) -> bool {
    kind.is_none_or(|kind| kind.is_whole_in_list(line))
}

/// The points of all posts that judge talks, or those of a kind: "which talks were praised most?" `None` if there are too few.
fn judged_talks_of_all(
    engine: &Engine,
    plan: &QueryPlan,
    side: Stance,
    kind: Option<&Topic<'_>>,
) -> Result<Option<(ScopedPosts, Vec<Line>)>, AnswerError> {
    let scoped = ScopedPosts::read(engine.index(), plan)?;
    let points = scoped.posts.iter().flat_map(|post| judged::points_on_side(post, side, plan));
    let lines = best_of(points.filter(|line| is_of_kind(line, kind)));
    let is_enough = lines.len() >= ENOUGH_JUDGED || lines.iter().any(judged::is_favourite);
    Ok(is_enough.then_some((scoped, lines)))
}

/// The talks of a scope, or those of a kind; where the question asks for a side, those that writers judge so if there are any. `None`
/// without talks of the kind.
fn talks_of_scope(
    engine: &Engine,
    plan: &QueryPlan,
    side: Option<Stance>,
    kind: Option<&Topic<'_>>,
) -> Result<Option<(ScopedPosts, Vec<Line>)>, AnswerError> {
    let scoped = ScopedPosts::read(engine.index(), plan)?;
    let posts = || scoped.posts.iter();
    let is_of_kind = |line: &Line| is_of_kind(line, kind);
    let mut lines = best_of(posts().flat_map(|post| lines_of_post(post, plan, None)).filter(is_of_kind));
    if let Some(side) = side {
        let mut judged = judged_talks(&scoped.posts, &lines, side, plan);
        judged.retain(is_of_kind);
        if judged.len() >= ENOUGH_JUDGED || judged.iter().any(judged::is_favourite) {
            return Ok(Some((scoped, judged)));
        }
        if side == Stance::Against || judged::names_favourite(&plan.question.syntax.text) {
            return Ok(None); // Other talks are not bad, and nobody's favourite.
        }
    }
    if lines.len() < MAX_LINES {
        let sentences =
            posts().take(MAX_POSTS_WITHOUT_HEADINGS).flat_map(|post| sentences_telling_of_talks(post, plan));
        lines.extend(best_of(sentences.filter(is_of_kind)));
    }
    let is_found = kind.is_none() || lines.len() >= MIN_TALKS;
    Ok(is_found.then_some((scoped, lines)))
}

/// The lines of talks that stand under a heading that judges, and the sentences of the posts that judge talks.
fn judged_talks(posts: &[Arc<Post>], lines: &[Line], side: Stance, plan: &QueryPlan) -> Vec<Line> {
    let listed = lines.iter().filter(|line| judged::is_under_judgement(line, side)).cloned();
    let judging = |post| judged::sentences_on_side(post, &talks_of(&post.body), side, plan);
    let mut judging = best_of(posts.iter().flat_map(judging));
    judging.retain(|line| plan.answer_type != AnswerType::Who || names_speaker(line));
    listed.chain(judging).collect()
}

/// The posts of the scope that name the topic of a plan; of many the newest ones.
pub(super) fn posts_on_topic(engine: &Engine, plan: &QueryPlan) -> Result<ScopedPosts, AnswerError> {
    let naming = posts_naming_any(engine.index(), plan)?;
    let of = to_u32(naming.len());
    ScopedPosts::read_naming(engine.index(), plan, naming, of)
}

/// The best of some lines, as many as a list has at most.
fn best_of(lines: impl Iterator<Item = Line>) -> Vec<Line> {
    let mut lines: Vec<Line> = lines.collect();
    sort_best_first(&mut lines);
    lines.truncate(MAX_TALKS);
    lines
}

/// Leaves the lines that name what a question asks for: a company, or a person if there are any. Lines that tell of the use of a
/// thing come first where it is asked for.
fn keep_named(lines: &mut Vec<Line>, plan: &QueryPlan) {
    match plan.answer_type {
        AnswerType::Who if !lines.iter().any(names_speaker) => lines.clear(),
        AnswerType::Who => keep_if_enough(lines, ENOUGH_WITH_SPEAKERS, names_speaker),
        AnswerType::Company => {
            lines.retain(|line| names_company(line, &plan.question.syntax.text));
            if asks_for_users(plan) {
                put_first(lines, is_on_use);
                keep_only(lines, is_on_use);
            }
        }
        _ => {}
    }
}

/// The sentences of a post that tell of a talk and name a person.
fn sentences_telling_of_talks(post: &Arc<Post>, plan: &QueryPlan) -> Vec<Line> {
    let body = &post.body;
    let tells = |span: &Span| {
        let text = body.slice(*span);
        // "This was followed by a keynote by Ann Lee" tells who spoke.
        has_length_of_line(text) && has_word_for_talk(text) && names_person(text)
    };
    let spans = body.sentences.iter().map(|sentence| sentence.span).filter(tells);
    let lines = spans.map(|span| Line::graded_at(post, span));
    lines.filter(|line| is_in_scope(post, line.section, line.span, plan)).collect()
}

/// Whether a line, or the heading above it, names a person.
fn names_speaker(line: &Line) -> bool {
    let body = &line.post.body;
    let heading = line.lead_in.map(|heading| body.slice(heading));
    let is_named = |text| heading_names_person(text) || names_person(text);
    heading.is_some_and(is_named) || names_person(body.slice(line.span))
}

/// Whether a line, or the heading above it, names a company that the question does not.
fn names_company(line: &Line, question: &str) -> bool {
    let body = &line.post.body;
    let texts = line.lead_in.into_iter().chain([line.span]).map(|span| body.slice(span));
    let asked = names_in(question, AnswerType::Company);
    texts.flat_map(|text| names_in(text, AnswerType::Company)).any(|name| !asked.contains(&name))
}

fn names_person(text: &str) -> bool {
    !people_of_heading(text).is_empty()
}

/// A line for each talk of a post, and for each item that names one with its speaker. With a topic only those on it.
fn lines_of_post(post: &Arc<Post>, plan: &QueryPlan, topic: Option<&Topic<'_>>) -> Vec<Line> {
    let body = &post.body;
    let talks = talks_of(body);
    let mut lines: Vec<Line> = talks
        .iter()
        .filter_map(|talk| {
            let gain = topic.map_or(Some(0.0), |topic| gain_of_talk(post, talk, topic))?;
            let mut line = line_of_talk(post, talk, topic, plan.answer_type == AnswerType::Who);
            line.add(ReasonKind::Kind, gain);
            is_in_scope(post, talk.section, line.span, plan).then_some(line)
        })
        .collect();
    for (at, item) in body.blocks.iter().enumerate().filter(|(_, block)| block.kind == BlockKind::ListItem) {
        let Some(mut line) = line_of_item(post, at, item) else { continue };
        let shown = line.lead_in.map_or(line.span, |title| title.cover(line.span));
        let Some(gain) = topic.map_or(Some(0.0), |topic| gain_of_item(post, item, shown, topic)) else {
            continue;
        };
        if !is_in_scope(post, item.section, shown, plan) {
            continue;
        }
        line.marks = topic.map_or_else(Vec::new, |topic| topic.marks_of(post, line.span));
        line.add(ReasonKind::Kind, gain);
        lines.push(line);
    }
    lines
}

/// What it adds to the score of a talk where it names the topic; `None` if it is not on it.
fn gain_of_talk(post: &Post, talk: &Talk, topic: &Topic<'_>) -> Option<f32> {
    let body = &post.body;
    if topic.is_named_by([body.slice(talk.heading)], post.language) {
        return Some(NAMED_IN_TITLE);
    }
    let above = body.heading_path(talk.section).into_iter();
    let events = post.events.iter().map(|event| &*event.name);
    if topic.is_named_by(above.chain(events), post.language) {
        return Some(NAMED_ABOVE);
    }
    let sentences = sentences_of(body, talk, BlockKind::Paragraph);
    let naming = sentences.filter(|sentence| !topic.marks_of(post, *sentence).is_empty()).count();
    // The title of a post may name one of its themes.
    let is_in_title = || naming > 0 && topic.is_named_by(post.title.as_deref(), post.language);
    if is_in_title() {
        return Some(NAMED_ABOVE);
    }
    (naming >= ENOUGH_SENTENCES).then_some(NAMED_IN_TEXT)
}

/// The best line of a talk: a point on the topic, else a point, else its first sentence, else its title.
fn line_of_talk(post: &Arc<Post>, talk: &Talk, topic: Option<&Topic<'_>>, asks_who: bool) -> Line {
    let body = &post.body;
    let from = body.points.partition_point(|point| point.span.start() < talk.heading.start());
    let points = body.points.get(from..).unwrap_or_default().iter();
    let points = points.take_while(|point| point.span.start() < talk.end);
    let mut lines: Vec<Line> = points.map(|point| Line::new(post, point)).collect();
    let needs_name = asks_who && !heading_names_person(body.slice(talk.heading));
    for line in &mut lines {
        line.marks = topic.map_or_else(Vec::new, |topic| topic.marks_of(post, line.span));
        let is_named = needs_name && names_person(body.slice(line.span));
        line.add(ReasonKind::Rank, MARKS_GAIN * f32::from(!line.marks.is_empty()));
        line.add(ReasonKind::Kind, NAME_GAIN * f32::from(is_named));
        let is_short = body.slice(line.span).chars().count() <= MAX_SHORT;
        line.add(ReasonKind::Rank, SHORT_GAIN * f32::from(is_short));
    }
    sort_best_first(&mut lines);
    let first_sentence = || {
        let is_line = |span: &Span| can_be_line(body.slice(*span));
        sentences_of(body, talk, BlockKind::Paragraph)
            .find(is_line)
            .or_else(|| sentences_of(body, talk, BlockKind::ListItem).find(is_line))
    };
    let best = lines.into_iter().next().or_else(|| first_sentence().map(|span| Line::at(post, span)));
    match best {
        Some(line) => Line { lead_in: Some(talk.heading), section: talk.section, ..line },
        None => Line { section: talk.section, ..Line::at(post, talk.heading) },
    }
}

/// Whether a sentence that is no point may be a line.
pub(super) fn can_be_line(text: &str) -> bool {
    has_length_of_line(text) && !begins_with_reference(text)
}

fn has_length_of_line(text: &str) -> bool {
    is_short_enough(text) && text.chars().count() >= MIN_CHARS
}

#[cfg(test)]
mod tests;
