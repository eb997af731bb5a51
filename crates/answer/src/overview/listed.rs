//! The items of lists whose heading or introduction names what a question asks for: of `Tools we want to try` all are wanted.
//! Sections under one heading are such a list too, each with how it begins.

use std::cell::{LazyCell, OnceCell};
use std::collections::{BTreeMap, HashSet};
use std::iter;
use std::sync::Arc;

use super::lines::{Line, beginning_of, is_in_scope, is_short_enough, posts_of};
use super::on_topic::Topic;
use super::talks::talks_of;
use super::themes::ratio;
use super::weak_lines::language_gain;
use crate::{
    answer_type::AnswerType,
    candidates::{Candidate, has_at_most},
    plan::QueryPlan,
};
use takeaways_corpus::points::{asked_side, shows_side};
use takeaways_text::model::{Block, BlockKind, Body, Language, Post, ReasonKind, Shape, Span, Stance};

/// An answer has at most as many items, the best ones: each is compared with all before it.
const MAX_LISTED: usize = 100;
/// A list that is the best answer where none is asked for is in one of as many of the best posts: it saves the time for the others.
const MAX_POSTS: usize = 12;
/// Fewer items are no list, unless a sentence announces them.
const MIN_ITEMS: usize = 3;
const MIN_ITEMS_ANNOUNCED: usize = 2;
/// An introduction of a list has at most as many characters: a longer paragraph tells of more than the list.
const MAX_INTRODUCTION: usize = 200;
/// How many of the words of the heading or the introduction the question has.
const MIN_SHARE_OF_HEAD: f32 = 0.5;
/// How many of the words of the question must stand above the list.
const MIN_SHARE_OF_QUESTION: f32 = 0.5;
/// The same where they lack a part of the topic.
const MIN_SHARE_OF_QUESTION_IN_PART: f32 = 0.3;
/// With as many words of the question in the heading or the introduction, the others need not be there.
const ENOUGH_WORDS_OF_HEAD: usize = 2;
/// What it adds to the score of a line that it is an item of such a list.
const LISTED_GAIN: f32 = 1.5;

/// The items of such lists in the posts of some candidates for lines on the topic of a plan, list by list, those with most of the
/// question first. `asked` is the plan with all words of the question, also that for the kind of a list.
pub(super) fn listed_lines(candidates: &[Candidate], plan: &QueryPlan, asked: &QueryPlan) -> Vec<Line> {
    let lists = lists(candidates, plan, asked, usize::MAX);
    let mut lines: Vec<Line> = lists.into_iter().flat_map(|list| list.lines).collect();
    lines.truncate(MAX_LISTED);
    lines
}

/// The items of the list that is headed by most of the question, if several of its words stand there; none if there is no such list.
/// Advice and views are a list that is announced: figures under a heading are none. `asked` is as in [`listed_lines`].
pub(super) fn lines_of_best_list(
    candidates: &[Candidate],
    plan: &QueryPlan,
    asked: &QueryPlan,
    shape: Shape,
) -> Vec<Line> {
    // What is headed "Virtual conferences" need not be their downsides.
    let is_on_side = |list: &List| plan.question.asked_side.is_none_or(|side| list.is_on_side(side));
    let is_wanted = |list: &List| {
        list.head.is_sure && (shape == Shape::Takeaways || list.head.is_announced && is_on_side(list))
    };
    let best = lists(candidates, plan, asked, MAX_POSTS).into_iter().find(is_wanted);
    best.map(|list| list.lines).unwrap_or_default()
}

/// The lists that are headed by what is asked for in the first `max_posts` of the posts of some candidates, those with most of the
/// question first.
fn lists(candidates: &[Candidate], plan: &QueryPlan, asked: &QueryPlan, max_posts: usize) -> Vec<List> {
    if !matches!(plan.answer_type, AnswerType::Anything | AnswerType::Project) {
        return Vec::new(); // What names a company or a person may be told in any list.
    }
    let (topic, asked) = (Topic::new(&plan.concepts), Topic::new(&asked.concepts));
    let posts = posts_of(candidates).take(max_posts);
    let mut lists: Vec<List> = posts.flat_map(|post| lists_of_post(post, &topic, &asked, plan)).collect();
    lists.sort_by(|a, b| b.head.share.total_cmp(&a.head.share));
    lists
}

/// A list that is headed by what is asked for.
struct List {
    head: Head,
    /// Its items, in order.
    lines: Vec<Line>,
}

impl List {
    /// Whether its head tells of this side, or more of its items do than of the other one.
    fn is_on_side(&self, side: Stance) -> bool {
        let head = self.lines.first().map(|line| line.post.body.slice(self.head.span));
        let shown = |side: Stance| {
            self.lines.iter().filter(|line| shows_side(line.text(), line.post.language, side)).count()
        };
        let other = if side == Stance::For { Stance::Against } else { Stance::For };
        head.and_then(asked_side) == Some(side) || shown(side) > shown(other)
    }
}

/// What stands above a list.
struct Head {
    span: Span,
    /// How much of the question stands there: 0 to 1.
    share: f32,
    /// Whether it names several words of the question, and all of the topic with the other headings.
    is_sure: bool,
    /// Whether it announces the list, or names a word of the question that is not of its topic: "tips".
    is_announced: bool,
}

/// The lists of a post that are headed by what is asked for.
fn lists_of_post(post: &Arc<Post>, topic: &Topic<'_>, asked: &Topic<'_>, plan: &QueryPlan) -> Vec<List> {
    let body = &post.body;
    let items = body.blocks.iter().filter(|block| block.kind == BlockKind::ListItem).collect::<Vec<&Block>>();
    // Few posts have a list that is headed by what is asked for.
    let talks: LazyCell<HashSet<u32>, _> =
        LazyCell::new(|| talks_of(body).iter().map(|talk| talk.section).collect());
    let is_talk = |section: u32| talks.contains(&section);
    let whole_lists =
        items.chunk_by(|a, b| (a.section, introduction_of(body, a)) == (b.section, introduction_of(body, b)));
    let mut lists_of_post = Vec::new();
    // A section may have thousands of lists.
    let mut of_section_before = None;
    for whole in whole_lists.filter(|items| items.len() >= MIN_ITEMS_ANNOUNCED) {
        let Some(first) = whole.first() else { continue };
        let headings = match of_section_before.take() {
            Some((section, headings)) if section == first.section => headings,
            _ => Headings::above(post, first.section, topic, asked),
        };
        let list_under = |items: &[&Block], introduction: Option<Span>| {
            let head = headings.head_of(post, introduction, &is_talk, topic, asked)?;
            if items.len() < MIN_ITEMS && !is_open(body.slice(head.span)) {
                return None;
            }
            let mut lines: Vec<Line> =
                items.iter().filter_map(|item| line_of_item(post, item, plan)).collect();
            lines.first_mut()?.lead_in = Some(head.span);
            Some(List { head, lines })
        };
        // An item may introduce those that are nested in it: "Popular questions:".
        let nested = whole.chunk_by(|a, b| a.lead_in == b.lead_in);
        let nested = nested.filter(|items| items.len() >= MIN_ITEMS_ANNOUNCED);
        let introduced = nested.filter_map(|items| {
            let above = body.lead_in_of(items.first()?).filter(|above| above.kind == BlockKind::ListItem)?;
            let is_named = || asked.count_named_by([body.slice(above.span)], post.language) > 0;
            let list = list_under(items, Some(above.span))?;
            (list.head.span == above.span || is_named()).then_some(list)
        });
        let introduced: Vec<List> = introduced.collect();
        if introduced.is_empty() {
            lists_of_post.extend(list_under(whole, introduction_of(body, first)));
        }
        lists_of_post.extend(introduced);
        of_section_before = Some((first.section, headings));
    }
    lists_of_post.extend(lists_of_sections(post, topic, asked, plan));
    lists_of_post
}

/// The item of a list that a line begins in, with its position among the blocks.
pub(super) fn item_of(line: &Line) -> Option<(u32, &Block)> {
    let body = &line.post.body;
    let at = body.blocks_at(line.span).next()?;
    body.blocks.get(at as usize).filter(|block| block.kind == BlockKind::ListItem).map(|block| (at, block))
}

/// What introduces the list of an item, or the list that it is nested in.
pub(super) fn introduction_of(body: &Body, item: &Block) -> Option<Span> {
    let above = iter::successors(body.lead_in_of(item), |above| {
        body.lead_in_of(above).filter(|_| above.kind == BlockKind::ListItem)
    });
    above.last().filter(|above| above.kind != BlockKind::ListItem).map(|above| above.span)
}

/// The lists that the sections under the headings of a post are.
fn lists_of_sections(post: &Arc<Post>, topic: &Topic<'_>, asked: &Topic<'_>, plan: &QueryPlan) -> Vec<List> {
    let body = &post.body;
    let mut below: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (at, section) in (0..).zip(&body.sections) {
        if let Some(parent) = section.parent {
            below.entry(parent).or_default().push(at);
        }
    }
    let lists = below.into_iter().filter(|(_, sections)| sections.len() >= MIN_ITEMS);
    let list = |(parent, sections): (u32, Vec<u32>)| {
        let headings = Headings::above(post, parent, topic, asked);
        let paragraphs = body.blocks_of_section(parent).filter(|block| block.kind == BlockKind::Paragraph);
        let above = paragraphs.last();
        let head = headings.head_of(post, above.map(|block| block.span), &|_| false, topic, asked)?;
        let lines = sections.into_iter().filter_map(|section| line_of_section(post, section, plan)).collect();
        head.is_sure.then_some(List { head, lines })
    };
    lists.filter_map(list).collect()
}

/// The line of a section: how its first text begins, under its heading; `None` without text, or if it is not in the scope.
fn line_of_section(post: &Arc<Post>, section: u32, plan: &QueryPlan) -> Option<Line> {
    let body = &post.body;
    let is_text =
        |block: &&Block| matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote);
    let first = body.blocks_of_section(section).find(is_text)?;
    let mut line = line_of_item(post, first, plan)?;
    line.lead_in = body.sections.get(section as usize)?.heading;
    Some(line)
}

/// The line of an item of a list, or of its first sentences if it is too long; `None` if it announces what is not shown, or is not in
/// the scope.
fn line_of_item(post: &Arc<Post>, item: &Block, plan: &QueryPlan) -> Option<Line> {
    let body = &post.body;
    let span = if is_short_enough(body.slice(item.span)) { item.span } else { beginning_of(body, item)? };
    if is_open(body.slice(span)) || !is_in_scope(post, item.section, span, plan) {
        return None;
    }
    let mut line = Line::at(post, span);
    line.add(ReasonKind::Heading, LISTED_GAIN);
    line.add(ReasonKind::Language, language_gain(post.language, plan.language));
    Some(line)
}

/// Whether a text announces what comes after it.
fn is_open(text: &str) -> bool {
    text.ends_with([':', '：'])
}

/// How the headings of a section, those above them and the title of the post name what is asked for.
struct Headings {
    section: u32,
    /// The parts of the topic that they name.
    topic: Vec<bool>,
    /// The parts of the question that they name.
    asked: Vec<bool>,
    /// The heading right above the section, and how well it agrees with the question, found when it is first needed. The notes on a
    /// talk are no list of its title.
    heading: OnceCell<Option<(Span, HeadMatch)>>,
}

/// How well a heading or an introduction agrees with a question.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum HeadMatch {
    /// It says more than what is asked for.
    None,
    /// It names one part of the question.
    One,
    /// It names several parts of the question.
    Several,
}

impl HeadMatch {
    /// `end` is the part of the head that may announce the list, and say little more, by itself.
    fn of(head: &str, end: &str, asked: &Topic<'_>, language: Language) -> Self {
        let says_little = |part: &str| asked.share_of_words(part, language) >= MIN_SHARE_OF_HEAD;
        if !says_little(head) && !says_little(end) {
            Self::None
        } else if asked.count_named_by([head], language) >= ENOUGH_WORDS_OF_HEAD {
            Self::Several
        } else {
            Self::One
        }
    }
}

/// The last clause of a text.
fn last_clause(text: &str) -> &str {
    let end = text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    let clauses = text.get(..end).unwrap_or(text).rsplit([',', ';', ':', '.', '!', '?', '–', '—']);
    clauses.into_iter().next().unwrap_or(text)
}

impl Headings {
    fn above(post: &Post, section: u32, topic: &Topic<'_>, asked: &Topic<'_>) -> Self {
        let texts = || post.body.heading_path(section).into_iter().chain(post.title.as_deref());
        Self {
            section,
            topic: topic.named_by(texts(), post.language),
            asked: asked.named_by(texts(), post.language),
            heading: OnceCell::new(),
        }
    }

    /// The introduction of a list, or the heading right above it, if it says little more than what is asked for, and names with the
    /// other headings and the title all of the topic and most of the question; or the known things and less of the question, if it
    /// has several of its words itself. Of a long introduction, its last sentence.
    fn head_of(
        &self,
        post: &Post,
        introduction: Option<Span>,
        is_talk: &dyn Fn(u32) -> bool,
        topic: &Topic<'_>,
        asked: &Topic<'_>,
    ) -> Option<Head> {
        let (body, language) = (&post.body, post.language);
        let introduction = introduction
            .and_then(|span| {
                if has_at_most(body, span, MAX_INTRODUCTION) {
                    Some(span)
                } else {
                    body.last_sentence_in(span).map(|sentence| sentence.span)
                }
            })
            .filter(|span| has_at_most(body, *span, MAX_INTRODUCTION));
        let with_introduction = |topic: &Topic<'_>, above: &[bool]| -> Vec<bool> {
            let own = topic.named_by(introduction.map(|span| body.slice(span)), language);
            own.iter().zip(above).map(|(own, above)| *own || *above).collect()
        };
        let named = with_introduction(asked, &self.asked);
        let share = ratio(named.iter().filter(|is_named| **is_named).count(), named.len());
        if share < MIN_SHARE_OF_QUESTION_IN_PART || !asked.has_things(&named) {
            return None;
        }
        let is_whole = !with_introduction(topic, &self.topic).contains(&false);
        let (least, enough) = if is_whole {
            (MIN_SHARE_OF_QUESTION, HeadMatch::One)
        } else {
            (MIN_SHARE_OF_QUESTION_IN_PART, HeadMatch::Several)
        };
        if share < least {
            return None;
        }
        let introduction = introduction.map(|span| {
            let text = body.slice(span);
            // "She began with storage, starting with the following new disks:" announces disks.
            let end = if is_whole { last_clause(text) } else { text };
            (span, HeadMatch::of(text, end, asked, language))
        });
        let heading = || {
            let span = body.headings_above(self.section).next().filter(|_| !is_talk(self.section))?;
            let text = body.slice(span);
            Some((span, HeadMatch::of(text, text, asked, language)))
        };
        let heading = iter::once_with(|| *self.heading.get_or_init(heading)).flatten();
        let mut heads = introduction.into_iter().chain(heading);
        let (span, head_match) = heads.find(|(_, head_match)| *head_match >= enough)?;
        let text = body.slice(span);
        let names_more = asked.count_named_by([text], language) > topic.count_named_by([text], language);
        let is_announced = names_more || is_open(text);
        Some(Head { span, share, is_sure: is_whole && head_match == HeadMatch::Several, is_announced })
    }
}

#[cfg(test)]
mod tests;
