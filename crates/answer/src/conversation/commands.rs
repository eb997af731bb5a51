//! Commands on the answer of a turn: more of it, the text around an excerpt, another order, language or time.

use super::scope::ConversationEvents;
use super::side_questions::list_events;
use super::turn::{event_of, keep_shown, mentions_person, voice};
use super::{AnswerHeading, Command, Notice, Reply, Turn, TurnAnswer, within_scope};
use crate::{
    engine::{AnswerError, MAX_EXCERPTS, Request, events_of, excerpt_limit},
    excerpt_place::ExcerptPlace,
    handle::{HandleError, Snapshot, VerifiedAnswer},
    named_overview::{CardSubject, Subject},
    people::people_of_heading,
    resolve::ScopeOptions,
    verify::verify_answer,
};
use takeaways_text::model::{Answer, Excerpt, Language, Years};

impl Snapshot {
    /// Does what a command asks for; `None` if it needs excerpts and there are none, so that the message is a question.
    pub(super) fn run_command(
        &self,
        command: Command,
        previous: &Turn,
        request: &Request,
    ) -> Result<Option<Reply>, HandleError> {
        let count = previous.shown.len();
        let reply = match command {
            Command::NewTopic => Reply::Notice(Notice::NewTopic),
            Command::First(0) => Reply::Notice(Notice::NoMore),
            // After a refusal, the excerpts are those of the turn before it.
            Command::First(_) | Command::Shorter | Command::OneSentence | Command::Rewording
                if count == 0 || previous.found_nothing =>
            {
                Reply::Notice(Notice::NothingShown)
            }
            // "Why?" has nothing to explain.
            Command::Context(0) if previous.found_nothing => Reply::Notice(Notice::NothingShown),
            // More of nothing is not what else posts say.
            Command::More if count == 0 && previous.was_refused() => Reply::Notice(Notice::NothingShown),
            Command::More
            | Command::Context(_)
            | Command::ContextOfLast
            | Command::Source(_)
            | Command::Sources
            | Command::Speakers
            | Command::Events
                if count == 0 =>
            {
                return Ok(None);
            }
            Command::Again => self.again(previous, request)?,
            Command::More => self.more(previous, request)?,
            // With one excerpt, "the second one" is an event or a talk.
            Command::Context(at) if at >= count && count == 1 => return Ok(None),
            Command::First(limit) => self.first(limit, previous, request)?,
            Command::Shorter => self.shorter(previous, request)?,
            Command::OneSentence => self.one_sentence(previous, request)?,
            Command::Speakers => self.speakers(previous, request)?,
            Command::Changes => return self.changes(previous, request),
            Command::Events => self.events(previous, request)?,
            Command::EventsKept => return self.events_kept(previous, request),
            Command::Rewording => self.in_own_words(previous, request)?,
            Command::NewestFirst => self.newest_first(previous, request)?,
            Command::Context(at) => self.context(at, previous, request)?,
            Command::ContextOfLast => self.context(count - 1, previous, request)?,
            Command::Source(at) => self.source(at, previous, request)?,
            Command::Sources => self.sources(previous, request)?,
            Command::Newer | Command::Older => {
                let facets = self.engine().index().facets(request.now)?;
                let is_after = command == Command::Newer;
                let events = ConversationEvents::new(previous, &facets).with_recaps_beside(is_after);
                let Some(years) = self.years_beside(command, previous, request)? else { return Ok(None) };
                if years.first > years.last && events.is_empty() {
                    return Ok(Some(Reply::Notice(Notice::NoMore)));
                }
                let Ok(question) = previous.question.parse() else { return Ok(None) };
                let authors = previous.scope.authors.clone();
                // Of a conference the editions with recaps are meant.
                let years = Some(years).filter(|_| events.is_empty());
                let scope_options = ScopeOptions { events, years, authors };
                self.ask_turn(&Request { question, scope_options, ..request.clone() }, Some(previous), true)?
            }
            Command::WithoutScope => {
                // Without its words there is nothing to ask.
                let Ok(question) = previous.question.parse() else {
                    return Ok(Some(Reply::Notice(Notice::PostGone)));
                };
                let request = Request { question, scope_options: ScopeOptions::default(), ..request.clone() };
                self.converse(None, &request)?
            }
            Command::OpenTheme(at) => {
                let Some(Ok(question)) = previous.themes.get(at).map(|theme| theme.parse()) else {
                    return Ok(Some(Reply::Notice(Notice::PostGone)));
                };
                // The posts of a theme are those of its card, which words in its name need not be in.
                let subject = Some(Subject::Card(CardSubject::Thing));
                let request = Request { question, subject, ..within_scope(previous, request) };
                self.ask_turn(&request, Some(previous), true)?
            }
            Command::Recaps => self.recaps(previous, 0, request)?,
            Command::Compare => {
                let compared = self.compare_with_one_before(previous, request)?;
                compared.unwrap_or(Reply::Notice(Notice::NothingBefore))
            }
            Command::InLanguage(language) => self.in_language(language, previous, request)?,
        };
        Ok(Some(reply))
    }

    /// Asks the question of a turn again within its scope. If the answer is another one by now, or the words are gone, it
    /// shows the excerpts of the turn.
    fn again(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let reply = self.ask_turn(&within_scope(previous, request), Some(previous), false)?;
        match &reply {
            Reply::Answer(answered) if answered.turn.shown == previous.shown => Ok(reply),
            _ => {
                let limit = excerpt_limit(request).min(previous.shown.len());
                self.show(previous.shown.get(..limit).unwrap_or_default(), None, previous, request)
            }
        }
    }

    /// Shows what was found beside the excerpts of a turn.
    fn more(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let mut further = previous.further.clone();
        if further.is_empty() && previous.is_overview() {
            let request = within_scope(previous, request);
            further = self.engine().further_lines(&request, &previous.shown)?;
        }
        self.show_first(&further, previous, request)
    }

    /// Tells where all excerpts of a turn are from: the first of each post, or of many posts a list
    /// with the numbers of the excerpts.
    fn sources(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let mut places: Vec<ExcerptPlace> = Vec::new();
        for place in &previous.shown {
            if !places.iter().any(|it| it.post == place.post) {
                places.push(place.clone());
            }
        }
        if places.len() < 2 {
            return self.source(0, previous, request);
        }
        if places.len() > MAX_EXCERPTS {
            return self.source_list(previous, request);
        }
        let reply = keep_shown(self.show(&places, None, previous, request)?, previous);
        Ok(reply.with_heading(AnswerHeading::Sources))
    }

    /// Lists the events of the conferences that a turn is about, else all; `None` if there are not several.
    fn events_kept(&self, previous: &Turn, request: &Request) -> Result<Option<Reply>, HandleError> {
        let facets = self.engine().index().facets(request.now)?;
        let events = ConversationEvents::new(previous, &facets).all_editions();
        if events.len() == 1 {
            return Ok(None);
        }
        self.list(events, previous, request).map(Some)
    }

    /// Lists events. The next message goes on with the turn before.
    pub(super) fn list(
        &self,
        events: Vec<String>,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let mut answer = self.answer_turn(&list_events(request, events), Some(previous), true)?;
        // The topic of the turn is not that of the list.
        answer.is_follow_up = false;
        answer.turn = previous.clone();
        Ok(Reply::Answer(Box::new(answer)))
    }

    /// Tells where an excerpt of a turn is from.
    fn source(&self, at: usize, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let Some(place) = previous.shown.get(at..=at) else {
            return Ok(Reply::Notice(Notice::NoSuchExcerpt(previous.shown.len())));
        };
        Ok(naming_source(keep_shown(self.show(place, None, previous, request)?, previous)))
    }

    /// Lists the events that a turn is about, else those of its excerpts. If it is about one, its first excerpt tells which.
    fn events(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let facets = self.engine().index().facets(request.now)?;
        let mut events = ConversationEvents::new(previous, &facets).all();
        let is_of_excerpts = events.is_empty();
        if is_of_excerpts {
            events = self.events_shown(previous, request)?;
        }
        if !is_of_excerpts && !previous.is_overview() || events.len() < 2 {
            return self.source(0, previous, request);
        }
        self.list(events, previous, request)
    }

    /// The events that the excerpts of a turn are about.
    fn events_shown(&self, turn: &Turn, request: &Request) -> Result<Vec<String>, HandleError> {
        let mut events: Vec<String> = Vec::new();
        for place in &turn.shown {
            let excerpt = self.engine().excerpt_at(place, &turn.cited_for(request.now))?;
            let event = excerpt.as_ref().and_then(event_of).map(|id| id.0);
            events.extend(event.filter(|event| !events.contains(event)));
        }
        Ok(events)
    }

    /// Shows what a turn found, the newest posts first.
    fn newest_first(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let mut dated = Vec::new();
        for place in previous.shown.iter().chain(&previous.further) {
            let post = self.engine().index().post(&place.post)?;
            // An undated post is as old as its event.
            let date = post.and_then(|post| post.date.or(post.events.first().and_then(|event| event.end)));
            dated.push((date, place.clone()));
        }
        dated.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
        let places: Vec<ExcerptPlace> = dated.into_iter().map(|(_, place)| place).collect();
        self.show_first(&places, previous, request)
    }

    /// Shows what a turn found in posts of a language; if that is nothing, what it has shown, as it is.
    fn in_language(
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
        let turn = Turn { language, ..previous.clone() };
        if !places.is_empty() || previous.shown.is_empty() {
            return self.show_first(&places, &turn, request);
        }
        self.in_own_words(&turn, request)
    }

    /// Shows what a turn has shown, and says that posts are quoted in their own words.
    fn in_own_words(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let reply = keep_shown(self.first(excerpt_limit(request), previous, request)?, previous);
        Ok(reply.with_heading(AnswerHeading::OwnWords))
    }

    /// The years after or before those that a turn is about: of its scope, else of what it shows. The first is after the last if
    /// there are none.
    fn years_beside(
        &self,
        command: Command,
        previous: &Turn,
        request: &Request,
    ) -> Result<Option<Years>, AnswerError> {
        let index = self.engine().index();
        let facets = index.facets(request.now)?;
        let events = events_of(&previous.scope.events, &facets).into_iter();
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
        let this_year = request.today().year();
        Ok(if command == Command::Newer {
            years.into_iter().max().map(|last| Years { first: last + 1, last: this_year })
        } else {
            years.into_iter().min().map(|first| Years { first: Years::FIRST, last: first - 1 })
        })
    }

    /// Returns a reply without the excerpts that the conversation has shown.
    pub(super) fn without_shown(
        &self,
        reply: Reply,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let Reply::Answer(answer) = &reply else { return Ok(reply) };
        // At another event it may be shown again.
        let is_there = answer.turn.scope.events == previous.scope.events;
        let shown = if is_there { previous.all_shown() } else { previous.shown.clone() };
        let was_shown = |place: &&ExcerptPlace| {
            shown.iter().any(|it| it.post == place.post && it.span.overlaps(place.span))
        };
        let all = answer.turn.shown.iter().chain(&answer.turn.further);
        let new: Vec<ExcerptPlace> = all.filter(|place| !was_shown(place)).cloned().collect();
        if new.len() == answer.turn.shown.len() + answer.turn.further.len() {
            return Ok(reply);
        }
        if new.is_empty() {
            return self.what_follows(previous, &answer.turn, request);
        }
        self.show_first(&new, &answer.turn, request)
    }

    /// Shows as many excerpts as may be shown at a time; the next turn has the rest.
    pub(super) fn show_first(
        &self,
        places: &[ExcerptPlace],
        turn: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        if places.is_empty() {
            return Ok(Reply::Notice(Notice::NoMore));
        }
        let (now, later) = places.split_at(excerpt_limit(request).min(places.len()));
        self.show(now, Some(later), turn, request)
    }

    /// Shows the text after the last excerpt that a turn has shown, if there is one.
    fn what_follows(&self, shown: &Turn, turn: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let Some(place) = shown.shown.last() else { return Ok(Reply::Notice(Notice::NoMore)) };
        // The words of somebody else may come next.
        let is_of_person =
            |next: &Excerpt| turn.person.as_ref().is_none_or(|person| mentions_person(next, person));
        let next = self.engine().context_of(place, 1, &turn.cited_for(request.now))?;
        match next.filter(is_of_person) {
            Some(next) => self.show_excerpts(vec![next], Vec::new(), turn, request),
            None => Ok(Reply::Notice(Notice::NoMore)),
        }
    }

    /// Shows excerpts of a turn. The next turn has them and `further`, or what the turn had.
    fn show(
        &self,
        places: &[ExcerptPlace],
        further: Option<&[ExcerptPlace]>,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let cited_for = previous.cited_for(request.now);
        let excerpts = places.iter().map(|place| self.engine().excerpt_at(place, &cited_for));
        let excerpts: Vec<Excerpt> = excerpts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let further = further.unwrap_or(&previous.further).to_vec();
        self.show_excerpts(excerpts, further, previous, request)
    }

    /// Shows the text around an excerpt of a turn.
    fn context(&self, at: usize, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let Some(place) = previous.shown.get(at) else {
            return Ok(Reply::Notice(Notice::NoSuchExcerpt(previous.shown.len())));
        };
        let cited_for = previous.cited_for(request.now);
        let mut context = self.engine().context_of(place, 0, &cited_for)?;
        if context.as_ref().is_some_and(|context| context.quote.span == place.span) {
            // All of it was shown.
            context = self.engine().context_of(place, 1, &cited_for)?;
            if context.is_none() {
                return Ok(Reply::Notice(Notice::NoMore));
            }
        }
        // What stands around it may be the words of somebody else.
        let authors = &previous.scope.authors;
        let is_of_other = context.as_ref().and_then(voice).is_some_and(|voice| !authors.contains(&voice));
        let reply =
            self.show_excerpts(context.into_iter().collect(), previous.further.clone(), previous, request)?;
        let reply = keep_shown(reply, previous);
        Ok(if is_of_other && !authors.is_empty() { naming_source(reply) } else { reply })
    }

    /// Shows excerpts as an answer to the question of a turn.
    pub(super) fn show_excerpts(
        &self,
        excerpts: Vec<Excerpt>,
        further: Vec<ExcerptPlace>,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        if excerpts.is_empty() {
            return Ok(Reply::Notice(Notice::PostGone));
        }
        let index = self.engine().index();
        let turn = Turn {
            shown: excerpts.iter().map(ExcerptPlace::from).collect(),
            whole: Vec::new(),
            further: further.clone(),
            shown_event: excerpts.first().and_then(event_of),
            person: previous
                .named_person
                .clone()
                .or_else(|| excerpts.first().and_then(voice))
                .or_else(|| previous.person.clone()),
            overview: None,
            themes: Vec::new(),
            offers: Vec::new(),
            found_nothing: false,
            ..previous.clone()
        };
        let (scope, language) = (previous.scope_of_shown().clone(), previous.language);
        let facets = index.facets(request.now)?;
        let events = events_of(&scope.events, &facets).into_iter().cloned().collect();
        let answer =
            Answer::Cited { listed: Vec::new(), excerpts, scope, newest: None, confidence: 1.0, language };
        verify_answer(&answer, index)?;
        let question = previous.question.parse().unwrap_or_else(|_| request.question.clone());
        let verified = VerifiedAnswer { further, ..VerifiedAnswer::new(answer, events) };
        Ok(Reply::Answer(Box::new(TurnAnswer {
            question,
            verified,
            is_follow_up: true,
            heading: None,
            compare_with: None,
            turn,
        })))
    }
}

/// The same, with whose words the excerpt is above it.
fn naming_source(reply: Reply) -> Reply {
    let Reply::Answer(answer) = &reply else { return reply };
    let heading = answer.verified.answer.excerpts().first().and_then(|it| it.citation.section.last());
    let people = heading.into_iter().flat_map(|heading| people_of_heading(heading)).collect();
    reply.with_heading(AnswerHeading::Source(people))
}
