//! Labelled conversations: which scope each turn has, and whether its answer holds one of the right places.

use std::collections::BTreeMap;
use std::fs;

use jiff::Timestamp;
use serde::Deserialize;
use takeaways_answer::{Engine, EngineHandle, Notice, ReopenedEngine, Reply, Request, Turn};
use takeaways_testing::time;
use takeaways_text::model::{Answer, Excerpt, Scope, Years};
use takeaways_text::tokens::folding::fold;

use crate::harness::{engine_over, root, shared_posts};

/// The least shares of the half `choosing`: what was measured when the words were chosen, less three turns.
const MIN_SCOPES: f64 = 0.79;
const MIN_ANSWERS: f64 = 0.70;

#[derive(Deserialize)]
struct Conversation {
    id: String,
    half: String,
    turns: Vec<LabelledTurn>,
}

/// A message with its scope and what a right reply is.
#[derive(Deserialize)]
struct LabelledTurn {
    #[serde(rename = "q")]
    message: String,
    events: Vec<String>,
    first: Option<i16>,
    last: Option<i16>,
    authors: Vec<String>,
    expects: Expected,
    #[serde(default)]
    right: Vec<RightWords>,
}

#[derive(Deserialize, PartialEq)]
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
#[derive(Deserialize)]
struct RightWords {
    post: String,
    words: usize,
    hash: String,
}

impl LabelledTurn {
    fn has_scope(&self, scope: &Scope) -> bool {
        let sorted = |names: Vec<String>| {
            let letters = |name: String| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let mut names: Vec<String> = names.into_iter().map(|name| fold(&letters(name))).collect();
            names.sort();
            names
        };
        let events = scope.events.iter().map(|event| event.0.clone()).collect();
        let years = self.last.map(|last| Years::between(self.first.unwrap_or(Years::FIRST), last));
        sorted(events) == sorted(self.events.clone())
            && (scope.years == years || years.is_none() && !self.events.is_empty())
            && sorted([scope.authors.clone(), scope.people.clone()].concat()) == sorted(self.authors.clone())
    }

    fn is_answered(&self, excerpts: &[Excerpt]) -> bool {
        match self.expects {
            Expected::Answer => excerpts.iter().any(|excerpt| self.right.iter().any(|it| it.are_in(excerpt))),
            Expected::Nothing | Expected::Talk => excerpts.is_empty(),
        }
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
        citation.post.0 == self.post
            && words
                .windows(self.words)
                .any(|window| format!("{:016x}", fnv_1a(&window.join(" "))) == self.hash)
    }
}

fn fnv_1a(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The scope and the excerpts of a reply; the turn after it.
fn take_turn(
    handle: &EngineHandle,
    previous: Option<Turn>,
    request: &Request,
) -> (Scope, Vec<Excerpt>, Option<Turn>) {
    let scope = previous.as_ref().map(|turn| turn.scope.clone()).unwrap_or_default();
    match handle.converse(previous.as_ref(), request).expect("a reply") {
        Reply::Answer(answered) => {
            let excerpts = match &answered.verified.answer {
                Answer::NothingFound { .. } => Vec::new(),
                answer => answer.excerpts().to_vec(),
            };
            (answered.verified.answer.scope().clone(), excerpts, Some(answered.turn))
        }
        // What follows is a new question; until then the scope is the one before.
        Reply::Notice(Notice::NewTopic) => (scope, Vec::new(), None),
        Reply::SmallTalk(..) | Reply::Notice(_) => (scope, Vec::new(), previous),
    }
}

#[test]
fn labelled_conversations_go_on() {
    let Some(shared) = shared_posts() else { return };
    let now: Timestamp = time("2026-11-21T00:00:00Z");
    let folders = ["seeds", "real"].map(|folder| shared.join(folder)).to_vec();
    let engine = engine_over(folders, now);
    let reopen = |_: Option<&Engine>| Ok(ReopenedEngine { engine: None, unread: Vec::new() });
    let handle = EngineHandle::new(engine, Box::new(reopen), 3);
    let mut counts: BTreeMap<String, [u32; 3]> = BTreeMap::new();
    let text =
        fs::read_to_string(root().join("tests/questions/conversations.jsonl")).expect("they are there");
    for line in text.lines() {
        let Conversation { id, half, turns } = serde_json::from_str(line).expect(line);
        let mut turn = None;
        for (at, labelled) in turns.iter().enumerate() {
            let question = labelled.message.parse().expect("a message");
            let request = Request::new(question, 3, now);
            let (scope, excerpts, next) = take_turn(&handle, turn, &request);
            turn = next;
            let (has_scope, is_answered) = (labelled.has_scope(&scope), labelled.is_answered(&excerpts));
            if half == "choosing" && !(has_scope && is_answered) {
                println!("{id} {} {:?}: scope {has_scope}, answer {is_answered}", at + 1, labelled.message);
            }
            let [all, in_scope, answered] = counts.entry(half.clone()).or_default();
            *all += 1;
            *in_scope += u32::from(has_scope);
            *answered += u32::from(is_answered);
        }
    }
    for (half, [all, in_scope, answered]) in counts {
        let share = |count: u32| f64::from(count) / f64::from(all);
        println!(
            "{half}: {all} turns, right scope {:.3}, right answer {:.3}",
            share(in_scope),
            share(answered)
        );
        if half == "choosing" {
            assert!(share(in_scope) >= MIN_SCOPES && share(answered) >= MIN_ANSWERS, "{half}");
        }
    }
}
