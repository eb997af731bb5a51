//! The lines that an overview may show, and which of them it shows.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::listed::item_of;
use super::on_topic::{Topic, describes_events, is_on_events};
use super::points_on_topic::{judging_points, points_of_sections};
use super::shape::names_a_thing;
use super::topic_line::topic_line;
use super::weak_lines::{is_abstract, is_biography, keep_if_enough, language_gain};
use crate::{
    candidates::Candidate,
    confidence::confidence,
    engine::{AnswerError, Engine, are_words_of},
    features::Feature,
    matcher::Matcher,
    plan::{QueryPlan, names_thing},
    section_event::may_be_about,
    select::QuotedPart,
};
use takeaways_corpus::points::{MAX_POINT_WIDTH, is_advertisement, width};
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_text::model::{
    Block, BlockKind, Body, Excerpt, Point, PointKind, Post, PostId, Reason, ReasonKind, Shape, Span, Stance,
};

/// The number of passages whose sentences may be lines on a topic. The best quotes on one that many posts name need not be in the
/// passages that name it most often.
pub(super) const MAX_PASSAGES: usize = 128;
/// How much of the topic a line and its context must cover, and what share of that of the one that covers most: the larger share if
/// enough lines do. Not for a trend, since years with few lines need theirs.
const MIN_COVERAGE: f32 = 0.3;
const MIN_COVERAGE_SHARES: [f32; 2] = [0.6, 0.4];
const ENOUGH_COVERING: usize = 5;
/// The grade of a line that is no point.
pub(super) const NO_POINT: f32 = 0.0;
/// What the score of the ranking, and the right kind of point, count for the order of lines.
pub(super) const RANK_WEIGHT: f32 = 0.7;
pub(super) const KIND_GAIN: f32 = 0.4;
/// What each sign of advice adds to the score of a line where advice is asked for.
const CLARITY_WEIGHT: f32 = 0.4;
pub(super) const STANCE_GAIN: f32 = 0.2;
/// What it adds to the score of a line that it is about the topic.
pub(super) const SUBJECT_GAIN: f32 = 0.3;
/// What it adds that the headings above it name the topic; less if they name a part of it.
const HEADING_GAIN: f32 = 0.6;
/// A line of less width that takes no side is hardly ever an answer (by readers' grades one in sixteen is), and goes where there are
/// as many others.
const MIN_WIDTH: f32 = 60.0;
const ENOUGH_LONG: usize = 3;
/// Where the topic describes events, with as many lines on events others are left out.
const ENOUGH_WITH_EVENT_WORDS: usize = 3;
/// With as many lines that name all of the topic, or stand under headings that do, others are left out: by readers' grades twice as
/// many of those are bad.
const ENOUGH_ON_WHOLE: usize = 5;
/// What it adds to the score of a takeaway that its writer sums up there, and that many spoke of it (by readers' grades).
const SUMMARY_GAIN: f32 = 0.5;
const PREVALENCE_GAIN: f32 = 0.5;
/// The maximum width of a sentence that is the title of an item of a list.
const MAX_ITEM_TITLE: f32 = 60.0;
/// Of more phrases that say the latter, as many count.
const MAX_PREVALENCE: u8 = 2;
/// A point that may be a line.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub post: Arc<Post>,
    pub span: Span,
    /// The heading that is shown above it.
    pub lead_in: Option<Span>,
    /// The sentences that answer, if there are others around them.
    pub answer: Option<Span>,
    pub section: u32,
    /// The positions of its topics in the table.
    pub topics: Vec<u16>,
    /// The positions of the topics that it is about, the likeliest first.
    pub about: Vec<u16>,
    /// The positions of its projects and companies in their table.
    pub entities: Vec<u16>,
    pub kind: PointKind,
    /// The side that it takes on what is asked for; only of lines that give opinions.
    pub stance: Option<Stance>,
    /// Whether it is nothing that somebody took away; see [`put_takeaways_first`](super::weak_lines::put_takeaways_first).
    pub is_aside: bool,
    /// The words of the topic in it.
    pub marks: Vec<Span>,
    /// Its grade, with what speaks for it as an answer.
    pub score: f32,
    /// What the score adds up from.
    pub reasons: Vec<Reason>,
}

impl Line {
    pub fn new(post: &Arc<Post>, point: &Point) -> Self {
        let mut line = Self {
            post: Arc::clone(post),
            span: point.span,
            lead_in: None,
            answer: None,
            section: post.body.section_at(point.span),
            topics: point.topics.clone(),
            about: point.about.clone(),
            entities: point.entities.clone(),
            kind: point.kind,
            stance: None,
            is_aside: false,
            marks: Vec::new(),
            score: 0.0,
            reasons: Vec::new(),
        };
        line.add(ReasonKind::Grade, point.grade());
        line
    }

    /// A line of a post that is no point, by its place.
    pub fn at(post: &Arc<Post>, span: Span) -> Self {
        Self::new(post, &Point::new(span, 0.0, PointKind::default(), Vec::new(), Vec::new()))
    }

    /// A line of a post by its place, with the grade of the best point in it.
    pub fn graded_at(post: &Arc<Post>, span: Span) -> Self {
        let mut line = Self::at(post, span);
        line.add(ReasonKind::Grade, line.best_grade());
        line
    }

    /// Its words.
    pub fn text(&self) -> &str {
        self.post.body.slice(self.span)
    }

    /// Whether it has a part of a place in a post.
    pub fn overlaps(&self, post: &PostId, span: Span) -> bool {
        self.post.id == *post && self.span.overlaps(span)
    }

    /// Whether it shares text with one of some lines.
    pub fn overlaps_any(&self, others: &[Self]) -> bool {
        others.iter().any(|other| other.overlaps(&self.post.id, self.span))
    }

    /// Adds to the score.
    pub fn add(&mut self, kind: ReasonKind, value: f32) {
        if value != 0.0 {
            self.score += value;
            self.reasons.push(Reason { kind, value });
        }
    }

    /// Whether it is an item of a list.
    pub fn is_list_item(&self) -> bool {
        let body = &self.post.body;
        let kinds = body.blocks_at(self.span).filter_map(|block| Some(body.blocks.get(block as usize)?.kind));
        kinds.into_iter().any(|kind| kind == BlockKind::ListItem)
    }

    /// Whether it is an item of a list in which its writer sums up.
    pub fn is_listed_takeaway(&self) -> bool {
        self.kind.sums_up && self.is_list_item()
    }

    /// The grade of the best point in it; 0 if there is none.
    pub fn best_grade(&self) -> f32 {
        let points = self.post.body.points.iter().filter(|point| self.span.overlaps(point.span));
        points.map(Point::grade).fold(0.0, f32::max)
    }

    /// The short sentence that an item of a list begins with, before the line: "**Subtitles first.** Few players turn them on."
    fn title_of_item(&self) -> Option<Span> {
        let body = &self.post.body;
        let (at, block) = item_of(self)?;
        let first = body.sentences.partition_point(|sentence| sentence.block < at);
        let title = body.sentences.get(first)?.span;
        let is_before = block.span.contains(title) && title.end() <= self.span.start();
        (is_before && width(body.slice(title)) <= MAX_ITEM_TITLE).then_some(title)
    }

    /// Returns its excerpt.
    pub fn excerpt(&self, plan: &QueryPlan) -> Option<Excerpt> {
        let Self { post, span, section, .. } = self;
        // The heading above a line may be the line itself.
        let lead_in =
            self.lead_in.or_else(|| self.title_of_item()).filter(|lead_in| !lead_in.overlaps(*span));
        let quoted = QuotedPart { post, span: *span, section: *section, lead_in };
        Some(Excerpt {
            marks: self.marks.clone(),
            answer: self.answer,
            score: self.score,
            ..quoted.excerpt(&plan.cited_for())?
        })
    }
}

/// Whether a line names a topic of events, such as travel, and not of their content.
pub(super) fn is_on_event_topic(line: &Line) -> bool {
    let table = TopicTable::builtin();
    line.topics.iter().any(|topic| table.id_at(*topic).is_some_and(is_event_topic))
}

/// Raises the lines in which a writer sums up, or says that many spoke of something: they say what the writer took away.
pub(super) fn raise_summaries(lines: &mut [Line]) {
    for line in lines.iter_mut().filter(|line| !line.is_aside) {
        let PointKind { sums_up, prevalence, .. } = line.kind;
        line.add(ReasonKind::Kind, gain_of_summary(sums_up, prevalence));
    }
}

pub(super) fn gain_of_summary(sums_up: bool, prevalence: u8) -> f32 {
    SUMMARY_GAIN * f32::from(sums_up) + PREVALENCE_GAIN * f32::from(prevalence.min(MAX_PREVALENCE))
}

/// Whether a place in a post belongs to the scope of a plan. Posts with words of a speaker have words of others.
pub(super) fn is_in_scope(post: &Post, section: u32, span: Span, plan: &QueryPlan) -> bool {
    may_be_about(post, section, &plan.scope.events)
        && are_words_of(post, span, &plan.scope.authors)
        && plan.is_in_parts(post, span)
}

/// The points of some posts, the best first, as [`lines_of_points`] takes them.
pub(super) fn points_of_posts(posts: &[Arc<Post>], plan: &QueryPlan) -> Vec<Line> {
    let points = posts.iter().flat_map(|post| post.body.points.iter().map(move |point| (post, point)));
    let mut lines = lines_of_points(points, plan);
    sort_best_first(&mut lines);
    lines
}

/// The lines of some points of posts, in their order. Left out are biographies and abstracts of talks, and what stands under a heading of
/// another event than those of the scope, is in other people's words, or is on a topic that the question does not want.
pub(super) fn lines_of_points<'p>(
    points: impl Iterator<Item = (&'p Arc<Post>, &'p Point)>,
    plan: &QueryPlan,
) -> Vec<Line> {
    let mut lines: Vec<Line> = points
        .map(|(post, point)| Line::new(post, point))
        .filter(|line| is_in_scope(&line.post, line.section, line.span, plan) && !is_biography(line))
        .filter(|line| !is_abstract(&line.post.body, line.span))
        .collect();
    leave_out_excluded_topics(&mut lines, plan);
    for line in &mut lines {
        line.add(ReasonKind::Language, language_gain(line.post.language, plan.language));
    }
    lines
}

/// Leaves out the lines on topics that a question does not want: those that name one, also in the headings above them.
fn leave_out_excluded_topics(lines: &mut Vec<Line>, plan: &QueryPlan) {
    if plan.excluded_topics.is_empty() {
        return;
    }
    let (table, ids) = (TopicTable::builtin(), plan.excluded_topic_ids());
    let matcher = Matcher::new(&plan.excluded_topics);
    lines.retain(|line| {
        let body = &line.post.body;
        let texts = body.heading_path(line.section).into_iter().chain([body.slice(line.span)]);
        let is_named = texts.into_iter().any(|text| !matcher.scan(text, line.post.language).is_empty());
        !is_named && !line.topics.iter().filter_map(|topic| table.id_at(*topic)).any(|id| ids.contains(&id))
    });
}

/// The candidates for lines on the topic of a plan, the best first; none if the best one is not sure to be on it.
pub(super) fn topic_candidates(
    engine: &Engine,
    plan: &QueryPlan,
    shape: Shape,
) -> Result<Vec<Candidate>, AnswerError> {
    let candidates = engine.candidates(plan, MAX_PASSAGES)?;
    // What is counted need not be answered.
    let needs_answer = shape != Shape::Count && !(shape == Shape::List && plan.asks_what_was_done());
    let is_sure = |best: &Candidate| !needs_answer || engine.is_confident_enough(confidence(plan, best).1);
    Ok(if candidates.first().is_some_and(is_sure) { candidates } else { Vec::new() })
}

/// The posts of some candidates, each once, in their order.
pub(super) fn posts_of(candidates: &[Candidate]) -> impl Iterator<Item = &Arc<Post>> {
    let mut seen: HashSet<&PostId> = HashSet::new();
    candidates.iter().map(|candidate| &candidate.post).filter(move |post| seen.insert(&post.id))
}

/// How much of the topic of a question some candidates for lines must cover.
fn least_coverage(candidates: &[Candidate], shape: Shape) -> f32 {
    let coverage = |candidate: &Candidate| candidate.features.get(Feature::Coverage);
    let most = candidates.iter().map(coverage).fold(0.0, f32::max);
    let [strict, lenient] = MIN_COVERAGE_SHARES.map(|share| MIN_COVERAGE.max(share * most));
    let covering = candidates.iter().filter(|candidate| coverage(candidate) >= strict).count();
    if shape != Shape::Trend && covering >= ENOUGH_COVERING { strict } else { lenient }
}

/// The lines of some candidates on the topic of a plan, the best first.
pub(super) fn lines_of_candidates(candidates: &[Candidate], plan: &QueryPlan, shape: Shape) -> Vec<Line> {
    let Some(best) = candidates.first() else { return Vec::new() };
    let least = least_coverage(candidates, shape);
    // "Problems with service meshes" are not problems with other things.
    let things: Vec<bool> = plan.concepts.iter().map(|concept| names_thing(&concept.text)).collect();
    let mentions_thing = |candidate: &&Candidate| {
        let pairs = things.iter().zip(&candidate.concept_coverage);
        !things.contains(&true) || pairs.into_iter().any(|(is_thing, coverage)| *is_thing && *coverage > 0.0)
    };
    let mut lines: Vec<Line> = candidates
        .iter()
        .filter(|candidate| candidate.features.get(Feature::Coverage) >= least)
        .filter(mentions_thing)
        .filter(|candidate| !is_advertisement(&candidate.post.body, candidate.span))
        .filter(|candidate| !is_abstract(&candidate.post.body, candidate.span))
        .filter_map(|candidate| topic_line(candidate, best.score, shape, plan))
        .collect();
    leave_out_excluded_topics(&mut lines, plan);
    let topic = Topic::new(&plan.concepts);
    // What people think of a thing, and what they once did, stands beside its name too.
    let needs_whole = !matches!(shape, Shape::Opinions | Shape::Trend | Shape::Comparison);
    if needs_whole {
        keep_if_enough(&mut lines, ENOUGH_ON_WHOLE, |line| topic.is_whole_at(line));
    }
    if shape == Shape::Opinions {
        lines.extend(judging_points(candidates, plan, &topic));
    }
    if matches!(shape, Shape::Takeaways) {
        lines.extend(points_of_sections(candidates, plan, &topic));
    }
    // Who asks for one side gets all that take it.
    if describes_events(plan) && plan.question.asked_side.is_none() {
        keep_if_enough(&mut lines, ENOUGH_WITH_EVENT_WORDS, is_on_events);
    }
    // What is listed may be a name.
    if shape != Shape::List {
        keep_if_enough(&mut lines, ENOUGH_LONG, |line| {
            line.stance.is_some() || width(line.text()) >= MIN_WIDTH
        });
    }
    for line in &mut lines {
        line.add(ReasonKind::Kind, SUBJECT_GAIN * f32::from(topic.is_subject_of(line)));
        line.add(ReasonKind::Heading, HEADING_GAIN * topic.share_in_headings(line));
    }
    if shape == Shape::Advice && !names_a_thing(plan) {
        prefer_attendee_advice(&mut lines);
    }
    sort_best_first(&mut lines);
    lines
}

/// The lines on the topic of a plan, the best first.
pub(super) fn topic_lines(engine: &Engine, plan: &QueryPlan, shape: Shape) -> Result<Vec<Line>, AnswerError> {
    let candidates = topic_candidates(engine, plan, shape)?;
    Ok(lines_of_candidates(&candidates, plan, shape))
}

/// Lifts lines that advise people who go to events.
pub(super) fn prefer_attendee_advice(lines: &mut [Line]) {
    for line in lines {
        line.add(ReasonKind::Kind, CLARITY_WEIGHT * f32::from(line.kind.attendee_advice));
    }
}

/// Whether a text is short enough for a line.
pub(super) fn is_short_enough(text: &str) -> bool {
    width(text) <= MAX_POINT_WIDTH
}

/// The first sentences of a block that fit into a line; `None` if not even one does.
pub(super) fn beginning_of(body: &Body, block: &Block) -> Option<Span> {
    let first = body.sentences.partition_point(|sentence| sentence.span.start() < block.span.start());
    let sentences = body.sentences.get(first..)?.iter().map(|sentence| sentence.span);
    let start = sentences.clone().next()?;
    let within = sentences.take_while(|sentence| block.span.contains(*sentence));
    within.map(|sentence| start.cover(sentence)).take_while(|span| is_short_enough(body.slice(*span))).last()
}

/// Leaves out the lines of a post after the first `limit`.
pub(super) fn at_most_of_post(mut lines: Vec<Line>, limit: usize) -> Vec<Line> {
    let mut counts: HashMap<PostId, usize> = HashMap::new();
    lines.retain(|line| {
        let count = counts.entry(line.post.id.clone()).or_default();
        *count += 1;
        *count <= limit
    });
    lines
}

pub(super) fn sort_best_first(lines: &mut [Line]) {
    lines.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| (&a.post.id, a.span).cmp(&(&b.post.id, b.span)))
    });
}
