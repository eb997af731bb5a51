//! Replies to messages, and what is said above an answer.

use super::{Origin, RecapList, Turn};
use crate::{handle::VerifiedAnswer, small_talk::SmallTalk};
use takeaways_text::model::{Citation, Excerpt, Language, Question, Scope};
use takeaways_text::tokens::folding::fold_words;

/// The reply to a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// An answer or a refusal.
    Answer(Box<TurnAnswer>),
    /// The message is not a question, and in this language. The conversation stays as it was.
    SmallTalk(SmallTalk, Language),
    /// The posts that the answer before rests on. The conversation stays as it was.
    Recaps(Box<RecapList>),
    /// There is nothing to show. The conversation stays as it was, but for [`Notice::NewTopic`].
    Notice(Notice),
}

impl Reply {
    /// Whether it is an answer without an excerpt.
    pub(super) fn shows_nothing(&self) -> bool {
        let Self::Answer(it) = self else { return false };
        it.verified.answer.excerpts().is_empty() && it.verified.answer.listed().is_empty()
    }

    /// The same with a heading above an answer.
    pub(super) fn with_heading(mut self, heading: AnswerHeading) -> Self {
        if let Self::Answer(answer) = &mut self {
            answer.heading = Some(heading);
        }
        self
    }

    /// The same, after which the conversation goes on with the question before. What it is about, the answer tells itself.
    pub(super) fn beside(mut self, previous: &Turn) -> Self {
        if let Self::Answer(answer) = &mut self {
            answer.is_follow_up = false;
            let Turn { question, topic, subject, scope, series, broad_series, .. } = previous.clone();
            // There is no more of it.
            let shown_scope = Some(answer.turn.scope.clone()).filter(|it| *it != scope);
            let shown = Turn { overview: None, shown_scope, ..answer.turn.clone() };
            answer.turn = Turn { question, topic, subject, scope, series, broad_series, ..shown };
        }
        self
    }

    /// The people whose words alone it is of.
    pub(super) fn authors(&self) -> &[String] {
        let Self::Answer(answer) = self else { return &[] };
        &answer.verified.answer.scope().authors
    }

    /// Whether an excerpt has the whole name of one of some people, or the words of one.
    pub(super) fn names_any(&self, people: &[String]) -> bool {
        let Self::Answer(answer) = self else { return false };
        let names = |excerpt: &Excerpt, person: &String| {
            let Citation { speaker, author, section, title, .. } = &excerpt.citation;
            let quotes = excerpt.lead_in.iter().chain([&excerpt.quote]).map(|quote| &quote.text);
            let mut texts = quotes.chain(section).chain([title]).chain(speaker).chain(author);
            texts.any(|text| format!(" {} ", fold_words(text)).contains(&format!(" {} ", fold_words(person))))
        };
        answer.verified.answer.excerpts().iter().any(|excerpt| people.iter().any(|it| names(excerpt, it)))
    }

    /// The same, with the scope above it in which nothing was found, unless an excerpt is from there.
    pub(super) fn answered_from_elsewhere(mut self, refused: &Self) -> Self {
        if let (Self::Answer(answer), Self::Answer(refused)) = (&mut self, refused) {
            let mut scope = refused.verified.answer.scope().clone();
            let excerpts = answer.verified.answer.excerpts();
            let origin = refused.turn.origin.as_ref();
            let is_of = |origin: &&Origin| excerpts.iter().any(|it| origin.posts.contains(&it.citation.post));
            // A blog or a group is asked as an author is.
            scope.authors.extend(origin.filter(|origin| !is_of(origin)).map(|origin| origin.name.clone()));
            let is_from_there = |excerpt: &Excerpt| {
                let event = excerpt.citation.event.as_ref();
                event.is_some_and(|event| scope.events.contains(&event.id))
            };
            let is_theirs = |Excerpt { citation, .. }: &Excerpt| {
                let people = citation.speaker.iter().chain(&citation.author);
                people.into_iter().any(|person| scope.authors.contains(person))
            };
            let is_there = scope.events.is_empty() || excerpts.iter().any(is_from_there);
            answer.heading = if scope.authors.is_empty() || excerpts.iter().any(is_theirs) {
                let is_elsewhere = !is_there || !scope.authors.is_empty();
                is_elsewhere.then(|| AnswerHeading::Elsewhere(scope.clone()))
            } else if is_there {
                Some(AnswerHeading::ByOthers(scope.clone()))
            } else {
                Some(AnswerHeading::Elsewhere(scope.clone()))
            };
        }
        self
    }

    /// The same, but a refusal repeats the message as it was typed: the question that was made of it may have gaps.
    pub(super) fn refusing(mut self, typed: &Question) -> Self {
        if self.shows_nothing()
            && let Self::Answer(answer) = &mut self
        {
            answer.question = typed.clone();
        }
        self
    }
}

/// An answer within a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnAnswer {
    /// The question as it was understood; that of a refusal as it was typed.
    pub question: Question,
    /// The answer.
    pub verified: VerifiedAnswer,
    /// Whether the message went on with the turn before.
    pub is_follow_up: bool,
    /// What is said above it in place of what was understood.
    pub heading: Option<AnswerHeading>,
    /// The event or the year before, with which the takeaways of one may be compared ([`super::Command::Compare`]).
    pub compare_with: Option<String>,
    /// What the conversation keeps.
    pub turn: Turn,
}

/// What is said above an answer in place of what was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerHeading {
    /// Where the first excerpt is from, with the people whom the heading over it names.
    Source(Vec<String>),
    /// Where all excerpts are from.
    Sources,
    /// The scope in which nothing was found, so that it is an answer from elsewhere.
    Elsewhere(Scope),
    /// The scope whose people said nothing on it, so that it is an answer by others.
    ByOthers(Scope),
    /// Who gave the talks that the excerpts are about.
    Speakers(Vec<String>),
    /// The event that is asked for, which no post is about, so that it is an answer on others.
    NoSuchEvent(String),
    /// The second question of a message. It is an answer to the first.
    OneOfTwo(String),
    /// Posts are quoted in their own words.
    OwnWords,
}

impl AnswerHeading {
    /// The second question of a message whose first one is answered.
    pub(crate) fn second_question(&self) -> Option<&str> {
        if let Self::OneOfTwo(second) = self { Some(second) } else { None }
    }
}

/// Why there is nothing to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Everything on the topic was shown.
    NoMore,
    /// The question had no answer.
    NothingShown,
    /// The answer has fewer excerpts: so many.
    NoSuchExcerpt(usize),
    /// No excerpt of the answer names who gave the talk that it is about.
    NoSpeaker,
    /// The post of the excerpt is gone or was edited.
    PostGone,
    /// None of the posts is there any more.
    RecapsGone,
    /// There is no event or year before with which the answer may be compared.
    NothingBefore,
    /// The conversation begins anew.
    NewTopic,
}
