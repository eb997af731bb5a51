//! What else an overview offers: all posts that it rests on, and a comparison with the event or the year before.

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

use super::scope::ConversationEvents;
use super::side_questions::compare_topics;
use super::{Notice, Reply, Turn, question_of, within_scope};
use crate::{
    engine::{Request, events_of},
    handle::{EngineHandle, HandleError, Snapshot},
    named_overview::NamedOverview,
    resolve::ScopeOptions,
    select::citation,
};
use takeaways_search::Facets;
use takeaways_text::model::{Answer, Citation, Event, Excerpt, Post, Shape};

/// The maximum number of posts that are listed at a time.
const MAX_RECAPS: usize = 25;

/// A post of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedRecap {
    /// The post; where the list tells whose words excerpts are, as these cite it.
    pub citation: Citation,
    /// The numbers of those excerpts, counted from 1.
    pub excerpts: Vec<usize>,
}

/// A part of the posts that an answer rests on, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct RecapList {
    /// The posts. There is at least one.
    pub recaps: Vec<ListedRecap>,
    /// The number of posts before them.
    pub first: usize,
    /// The number of all posts.
    pub all: usize,
    /// The known events of the scope.
    pub events: Vec<Event>,
    /// The turn of the answer. The conversation stays there.
    pub turn: Turn,
}

impl EngineHandle {
    /// Returns the posts that the answer of a turn rests on, from one on, counted from 0. The reply is [`Reply::Recaps`] or a
    /// notice.
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn recaps(&self, turn: &Turn, first: usize, now: Timestamp) -> Result<Reply, HandleError> {
        let Some(question) = question_of(turn) else { return Ok(Reply::Notice(Notice::RecapsGone)) };
        let request = Request::new(question, 1, now);
        self.with_repair(|snapshot| snapshot.recaps(turn, first, &request))
    }
}

impl Snapshot {
    pub(super) fn recaps(&self, turn: &Turn, first: usize, request: &Request) -> Result<Reply, HandleError> {
        // A number without a line rests on recaps too.
        if turn.found_nothing && !turn.is_overview() {
            return Ok(Reply::Notice(Notice::NothingShown));
        }
        let request = within_scope(turn, request);
        let limit = first.saturating_add(MAX_RECAPS);
        let (posts, all) = self.engine().posts_of_overview(&request, &turn.scope, limit)?;
        let posts: Vec<Arc<Post>> = posts.into_iter().skip(first).collect();
        let cite = |post: &Arc<Post>| ListedRecap {
            citation: citation(post, 0, &turn.scope, request.now),
            excerpts: Vec::new(),
        };
        self.recap_list(posts.iter().map(cite).collect(), first..all, turn, &request)
    }

    /// Lists where the excerpts of a turn are from, with their numbers: each post once for each event and speaker.
    pub(super) fn source_list(&self, turn: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let cited_for = turn.cited_for(request.now);
        let mut sources: Vec<ListedRecap> = Vec::new();
        for (number, place) in (1..).zip(&turn.shown) {
            let Some(Excerpt { citation, .. }) = self.engine().excerpt_at(place, &cited_for)? else {
                continue;
            };
            let is_same = |it: &&mut ListedRecap| {
                let known = &it.citation;
                (&known.post, &known.event, &known.speaker)
                    == (&citation.post, &citation.event, &citation.speaker)
            };
            match sources.iter_mut().find(is_same) {
                Some(known) => known.excerpts.push(number),
                None => sources.push(ListedRecap { citation, excerpts: vec![number] }),
            }
        }
        let all = sources.len();
        self.recap_list(sources, 0..all, turn, request)
    }

    /// Lists the posts at the beginning of a range of all.
    fn recap_list(
        &self,
        recaps: Vec<ListedRecap>,
        range: Range<usize>,
        turn: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let Range { start: first, end: all } = range;
        if recaps.is_empty() {
            return Ok(Reply::Notice(if all > 0 { Notice::NoMore } else { Notice::RecapsGone }));
        }
        let facets = self.engine().index().facets(request.now)?;
        let events = events_of(&turn.scope.events, &facets).into_iter().cloned().collect();
        Ok(Reply::Recaps(Box::new(RecapList { recaps, first, all, events, turn: turn.clone() })))
    }

    /// Compares the event or the year of an overview with the one before, as the command for comparisons does, or its topic with the
    /// one talked about before, or what was said of it at the event before; `None` if there is none.
    pub(super) fn compare_with_one_before(
        &self,
        turn: &Turn,
        request: &Request,
    ) -> Result<Option<Reply>, HandleError> {
        let facets = self.engine().index().facets(request.now)?;
        let sides = match (with_one_before(turn, &facets), compare_topics(request, turn)) {
            (Some(sides), _) => sides,
            (None, Some(topics)) => return self.ask_turn(&topics, Some(turn), true).map(Some),
            (None, None) => match topic_with_one_before(turn, &facets) {
                Some(sides) => sides,
                None => return Ok(None),
            },
        };
        let comparison = NamedOverview::Comparison { sides };
        let Ok(compared) = comparison.request(ScopeOptions::default(), request.limits, request.now) else {
            return Ok(None);
        };
        let question = compared.question.in_conversation(Some(turn.language));
        self.ask_turn(&Request { question, ..compared }, Some(turn), true).map(Some)
    }
}

/// The names of the event or the year of a turn and of the one before. There are none if the turn has a topic or an author: a comparison
/// would be on something else.
fn with_one_before(turn: &Turn, facets: &Facets) -> Option<[String; 2]> {
    if !turn.topic.is_empty() || !is_of_all(turn) {
        return None;
    }
    ConversationEvents::new(turn, facets).with_one_before()
}

/// The names of the event or the year of a turn and of the one before, each after the topic of the turn; none if it has an author.
fn topic_with_one_before(turn: &Turn, facets: &Facets) -> Option<[String; 2]> {
    let thing = turn.thing().filter(|_| is_of_all(turn))?;
    Some(ConversationEvents::new(turn, facets).with_one_before()?.map(|name| format!("{thing} {name}")))
}

fn is_of_all(turn: &Turn) -> bool {
    turn.scope.authors.is_empty() && turn.scope.people.is_empty()
}

/// The name of what the takeaways of an event or a year may be compared with; `None` for another answer.
pub(super) fn may_compare_with(answer: &Answer, turn: &Turn, facets: &Facets) -> Option<String> {
    let Answer::Overview(overview) = answer else { return None };
    let is_of_scope =
        overview.shape == Shape::Takeaways && overview.topic.is_none() && overview.card.is_none();
    is_of_scope.then(|| with_one_before(turn, facets)).flatten().map(|[_, before]| before)
}
