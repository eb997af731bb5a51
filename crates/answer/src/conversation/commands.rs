//! Commands on the answer of a turn: its excerpts in another order or language, and the years before and after it.

use super::{Command, Notice, Reply, Turn};
use crate::{
    engine::{AnswerError, MAX_EXCERPTS, Request},
    excerpt_place::ExcerptPlace,
    handle::{HandleError, Snapshot},
};
use takeaways_text::model::{Event, Language, Years};

impl Snapshot {
    /// Shows what a turn found, the newest posts first.
    pub(super) fn newest_first(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let mut dated = Vec::new();
        for place in previous.shown.iter().chain(&previous.further) {
            let post = self.engine().index().post(&place.post)?;
            // An undated post is as old as its event.
            let date = post.and_then(|post| post.date.or(post.events.first().and_then(|event| event.end)));
            dated.push((date, place.clone()));
        }
        dated.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
        let places: Vec<ExcerptPlace> = dated.into_iter().map(|(_, place)| place).collect();
        let (now, later) = places.split_at(places.len().min(request.limit.clamp(1, MAX_EXCERPTS)));
        self.show(now, Some(later), previous, request)
    }

    /// Shows what a turn found in posts of a language.
    pub(super) fn in_language(
        &self,
        language: Language,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let mut places = Vec::new();
        for place in previous.shown.iter().chain(&previous.further) {
            let post = self.engine().index().post(&place.post)?;
            if post.is_some_and(|post| post.language == language) {
                places.push(place.clone());
            }
        }
        if places.is_empty() {
            return Ok(Reply::Notice(Notice::NoMore));
        }
        let (now, later) = places.split_at(places.len().min(request.limit.clamp(1, MAX_EXCERPTS)));
        self.show(now, Some(later), &Turn { language, ..previous.clone() }, request)
    }

    /// The years after or before those that a turn is about: of its scope, else of what it shows.
    pub(super) fn years_beside(
        &self,
        command: Command,
        previous: &Turn,
        request: &Request,
    ) -> Result<Option<Years>, AnswerError> {
        let index = self.engine().index();
        let facets = index.facets(request.now)?;
        let in_scope = |event: &&Event| previous.scope.events.contains(&event.id);
        let events = facets.events.iter().map(|(event, _)| event).filter(in_scope);
        let mut years: Vec<i16> = events.filter_map(|event| event.year).collect();
        years.extend(previous.scope.years.iter().flat_map(|years| [years.first, years.last]));
        if years.is_empty() {
            for place in &previous.shown {
                let post = index.post(&place.post)?;
                years.extend(post.and_then(|post| {
                    let of_event = post.events.first().and_then(|event| event.year);
                    of_event.or(post.date.map(jiff::civil::Date::year))
                }));
            }
        }
        let this_year = request.now.to_zoned(jiff::tz::TimeZone::UTC).year();
        Ok(if command == Command::Newer {
            years.into_iter().max().map(|last| Years { first: (last + 1).min(this_year), last: this_year })
        } else {
            years
                .into_iter()
                .min()
                .map(|first| Years { first: Years::FIRST, last: (first - 1).max(Years::FIRST) })
        })
    }

    /// Returns a reply without the excerpts that the turn before has shown.
    pub(super) fn without_shown(
        &self,
        reply: Reply,
        previous: Option<&Turn>,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let (Reply::Answer(answer), Some(previous)) = (&reply, previous) else { return Ok(reply) };
        let was_shown = |place: &&ExcerptPlace| {
            previous.shown.iter().any(|it| it.post == place.post && it.span.overlaps(place.span))
        };
        let all = answer.turn.shown.iter().chain(&answer.turn.further);
        let new: Vec<ExcerptPlace> = all.filter(|place| !was_shown(place)).cloned().collect();
        if new.len() == answer.turn.shown.len() + answer.turn.further.len() {
            return Ok(reply);
        }
        let (now, later) = new.split_at(new.len().min(request.limit.clamp(1, MAX_EXCERPTS)));
        if now.is_empty() {
            return Ok(Reply::Notice(Notice::NoMore));
        }
        self.show(now, Some(later), &answer.turn, request)
    }
}
