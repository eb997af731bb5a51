//! Labelled questions and conversations: whether a question is limited to the events, years and people that it means,
//! and whether a reply holds one of the right places.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use takeaways_answer::{
    AnswerError, Engine, EngineHandle, HandleError, Notice, ReopenedEngine, Reply, Request, Turn,
};
use takeaways_text::model::{Answer, Excerpt, Missing, Question, Scope, Years};
use takeaways_text::tokens::folding::fold;

use crate::fit::fnv_1a;
use crate::lines::{LineProblem, parse_lines};
use crate::metrics::Share;

/// The half that rules are chosen on. Only its misses are listed.
pub const CHOOSING: &str = "choosing";

/// The number of excerpts that are asked for.
const EXCERPTS: usize = 3;

/// A question with what it means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeQuestion {
    lang: String,
    #[serde(rename = "q", deserialize_with = "question")]
    question: Question,
    events: Vec<String>,
    first: Option<i16>,
    last: Option<i16>,
    authors: Vec<String>,
    /// Whether it names an event or a time that no post is about.
    #[serde(default)]
    missing: bool,
    half: String,
}

/// A conversation with what its turns mean.
#[derive(Debug, Deserialize)]
pub struct LabelledConversation {
    id: String,
    half: String,
    turns: Vec<LabelledTurn>,
}

/// A message with its scope and what a right reply is.
#[derive(Debug, Deserialize)]
struct LabelledTurn {
    #[serde(rename = "q", deserialize_with = "question")]
    message: Question,
    #[serde(flatten)]
    scope: LabelledScope,
    /// Other scopes that it may mean just as well.
    #[serde(default)]
    also: Vec<LabelledScope>,
    expects: Expected,
    #[serde(default)]
    right: Vec<RightWords>,
}

/// The events, the years and the people that a message is limited to.
#[derive(Debug, Deserialize)]
struct LabelledScope {
    events: Vec<String>,
    first: Option<i16>,
    last: Option<i16>,
    authors: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expected {
    /// An excerpt with one of the right words.
    Answer,
    /// A refusal.
    Nothing,
    /// No excerpts: the message is no question.
    Talk,
}

/// Words of a post, by their number and a hash (FNV-1a) of their folded form, so that the file holds none of them.
#[derive(Debug, Deserialize)]
struct RightWords {
    post: String,
    words: std::num::NonZeroUsize,
    hash: String,
}

/// How many labels were met.
#[derive(Debug, Clone, Serialize)]
pub struct LabelReport {
    /// By the half, and by the language or what was right.
    pub rows: Vec<LabelRow>,
    /// What was wrong in the half [`CHOOSING`].
    pub misses: Vec<String>,
}

/// The share of right ones among some labels.
#[derive(Debug, Clone, Serialize)]
pub struct LabelRow {
    /// The half of the labels.
    pub half: String,
    /// What was counted.
    pub what: String,
    /// How many are right.
    pub right: Share,
}

/// Whether each label was met, by half and by what is counted.
#[derive(Default)]
struct LabelFlags(BTreeMap<(String, String), Vec<bool>>);

impl LabelFlags {
    fn add(&mut self, half: &str, what: &str, is_right: bool) {
        self.0.entry((half.to_owned(), what.to_owned())).or_default().push(is_right);
    }

    fn report(self, misses: Vec<String>) -> LabelReport {
        let row = |((half, what), flags): (_, Vec<bool>)| {
            Some(LabelRow { half, what, right: Share::from_flags(flags.into_iter())? })
        };
        LabelReport { rows: self.0.into_iter().filter_map(row).collect(), misses }
    }
}

/// Parses a file of [`ScopeQuestion`]s or [`LabelledConversation`]s, one in a line of JSON.
///
/// # Errors
/// If lines are wrong. The error has every problem.
pub fn parse_labels<T: DeserializeOwned>(file: &str, text: &str) -> Result<Vec<T>, Vec<LineProblem>> {
    parse_lines(file, text, |_, line| serde_json::from_str(line).map_err(|error| error.to_string()))
}

fn question<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Question, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// Asks for the scopes of questions and compares them with those that are meant.
///
/// # Errors
/// If the index can't be read.
pub fn ask_scopes(
    engine: &Engine,
    questions: &[ScopeQuestion],
    now: Timestamp,
) -> Result<LabelReport, AnswerError> {
    let (mut flags, mut misses) = (LabelFlags::default(), Vec::new());
    for labelled in questions {
        let (scope, missing) = engine.scope(&Request::new(labelled.question.clone(), EXCERPTS, now))?;
        let is_right = labelled.means(&scope, &missing);
        if !is_right && labelled.half == CHOOSING {
            misses.push(format!("{} {}: {scope:?} {missing:?}", labelled.lang, labelled.question.text()));
        }
        for what in ["all", &labelled.lang] {
            flags.add(&labelled.half, what, is_right);
        }
    }
    Ok(flags.report(misses))
}

/// Holds conversations and compares the scope of each turn and its excerpts with those that are right.
///
/// # Errors
/// As [`EngineHandle::converse`].
pub fn hold_conversations(
    engine: Engine,
    conversations: &[LabelledConversation],
    now: Timestamp,
) -> Result<LabelReport, HandleError> {
    let reopen = |_: Option<&Engine>| Ok(ReopenedEngine { engine: None, unread: Vec::new() });
    let handle = EngineHandle::new(engine, Box::new(reopen), EXCERPTS);
    let (mut flags, mut misses) = (LabelFlags::default(), Vec::new());
    for LabelledConversation { id, half, turns } in conversations {
        let mut turn = None;
        for (at, labelled) in turns.iter().enumerate() {
            let request = Request::new(labelled.message.clone(), EXCERPTS, now);
            let (scope, excerpts, next) = take_turn(&handle, turn, &request)?;
            turn = next;
            let (has_scope, is_answered) = (labelled.has_scope(&scope), labelled.is_answered(&excerpts));
            flags.add(half, "scope", has_scope);
            flags.add(half, "answer", is_answered);
            if half == CHOOSING && !(has_scope && is_answered) {
                let message = labelled.message.text();
                misses.push(format!("{id} {} {message:?}: scope {has_scope}, answer {is_answered}", at + 1));
            }
        }
    }
    Ok(flags.report(misses))
}

/// The scope and the excerpts of a reply; the turn after it.
fn take_turn(
    handle: &EngineHandle,
    previous: Option<Turn>,
    request: &Request,
) -> Result<(Scope, Vec<Excerpt>, Option<Turn>), HandleError> {
    let scope = previous.as_ref().map(|turn| turn.scope.clone()).unwrap_or_default();
    Ok(match handle.converse(previous.as_ref(), request)? {
        Reply::Answer(answered) => {
            let excerpts = match &answered.verified.answer {
                Answer::NothingFound { .. } => Vec::new(),
                answer => answer.excerpts().to_vec(),
            };
            (answered.verified.answer.scope().clone(), excerpts, Some(answered.turn))
        }
        // What follows is a new question; until then the scope is the one before.
        Reply::Notice(Notice::NewTopic) => (scope, Vec::new(), None),
        Reply::SmallTalk(..) | Reply::Recaps(_) | Reply::Notice(_) => (scope, Vec::new(), previous),
    })
}

impl ScopeQuestion {
    fn means(&self, scope: &Scope, missing: &[Missing]) -> bool {
        if self.missing {
            return scope.events.is_empty() && !missing.is_empty();
        }
        missing.is_empty()
            && scope.years == years(self.first, self.last)
            && sorted(event_ids(scope)) == sorted(self.events.clone())
            && sorted(scope.authors.clone()) == sorted(self.authors.clone())
    }
}

impl LabelledTurn {
    fn has_scope(&self, scope: &Scope) -> bool {
        self.scope.is(scope) || self.also.iter().any(|also| also.is(scope))
    }

    fn is_answered(&self, excerpts: &[Excerpt]) -> bool {
        match self.expects {
            Expected::Answer => excerpts.iter().any(|excerpt| self.right.iter().any(|it| it.are_in(excerpt))),
            Expected::Nothing | Expected::Talk => excerpts.is_empty(),
        }
    }
}

impl LabelledScope {
    fn is(&self, scope: &Scope) -> bool {
        let letters = |name: &String| fold(&name.chars().filter(|c| c.is_alphanumeric()).collect::<String>());
        let keys = |names: &[String]| sorted(names.iter().map(letters).collect());
        let years = years(self.first, self.last);
        keys(&event_ids(scope)) == keys(&self.events)
            && (scope.years == years || years.is_none() && !self.events.is_empty())
            && keys(&[scope.authors.clone(), scope.people.clone()].concat()) == keys(&self.authors)
    }
}

impl RightWords {
    fn are_in(&self, excerpt: &Excerpt) -> bool {
        let citation = &excerpt.citation;
        let shown = excerpt.lead_in.iter().chain([&excerpt.quote]).map(|quote| quote.text.as_str());
        let shown: Vec<&str> = shown.chain(citation.section.last().map(String::as_str)).collect();
        let folded = fold(&shown.join(" "));
        let words: Vec<&str> =
            folded.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
        let is_it = |words: &[&str]| format!("{:016x}", fnv_1a(&words.join(" "))) == self.hash;
        citation.post.0 == self.post && words.windows(self.words.get()).any(is_it)
    }
}

fn years(first: Option<i16>, last: Option<i16>) -> Option<Years> {
    last.map(|last| Years::between(first.unwrap_or(Years::FIRST), last))
}

fn event_ids(scope: &Scope) -> Vec<String> {
    scope.events.iter().map(|event| event.0.clone()).collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}
