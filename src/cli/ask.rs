//! `takeaways ask "QUESTION"`: answers one question, or a text that is no question.

use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use serde_json::value::RawValue;

use super::args::{AskArgs, PageFormat};
use super::batch::unanswered;
use super::chat::{NEWEST_POSTS, small_talk};
use super::context::{Asker, Session, TimedAnswer};
use super::exit::Exit;
use super::terminal;
use takeaways_answer::{SmallTalk, VerifiedAnswer, find_newest_since, find_small_talk, small_talk_language};
use takeaways_render::discord::{self, MessagePayload};
use takeaways_render::json::{self, AskedQuestion};
use takeaways_render::plain;
use takeaways_text::model::{Answer, Language, Missing, Question, QuestionError};

/// Asks one question and prints the page.
pub fn run(session: &Session, ask: &AskArgs) -> Result<Exit> {
    if ask.explain.is_some() && ask.format == Some(PageFormat::Discord) {
        bail!("a message of the bot has no explanation; leave out --explain or --format discord");
    }
    let question: Question = ask.question.join(" ").parse().map_err(|error| match error {
        QuestionError::Empty => anyhow!("ask a question, for example `takeaways ask \"service mesh\"`"),
        other => other.into(),
    })?;
    let asker = Asker::open(session, &ask.query)?.for_page(ask.format);
    let small_talk_kind =
        find_small_talk(question.text()).or_else(|| find_newest_since(question.text(), asker.today()));
    if let Some(kind) = small_talk_kind {
        let language = small_talk_language(question.text(), None);
        let page = match ask.format.unwrap_or(PageFormat::Plain) {
            PageFormat::Plain => small_talk(&asker, kind, language)?,
            PageFormat::Discord => {
                serde_json::to_string(&discord_small_talk(&asker, kind, language)?)? + "\n"
            }
            PageFormat::Json => {
                let (id, question, took) = (RawValue::NULL, question.text(), Duration::ZERO);
                let message = AskedQuestion { id, question, understood: None, took };
                json::answer(message, &unanswered(None), None, false)? + "\n"
            }
        };
        terminal::print(&page)?;
        // What is no question needs no answer.
        return Ok(Exit::Done);
    }
    let answered = asker.ask(&question, None, ask.explain)?;
    print_answer(&asker, &question, answered, ask.format)
}

/// The message of the bot to a text that is no question. What it knows by its commands is left out.
fn discord_small_talk(asker: &Asker, kind: SmallTalk, language: Language) -> Result<MessagePayload> {
    Ok(match kind {
        SmallTalk::Thanks => discord::welcome(language),
        SmallTalk::Wordless => discord::no_question(),
        SmallTalk::NewestPosts { since } => {
            discord::newest_posts(&asker.newest_posts(since, NEWEST_POSTS)?, since)
        }
        SmallTalk::Chatter => discord::small_talk(language),
        SmallTalk::HelpRequest | SmallTalk::Greeting => discord::can_ask(language),
    })
}

/// Where to look after a refusal, if nothing near is offered for the name that is unknown.
fn next_step(asker: &Asker, answer: &Answer) -> Option<&'static str> {
    let Answer::NothingFound { missing, suggestions, .. } = answer else { return None };
    if !asker.has_posts() {
        return Some("There are no recaps here: `takeaways corpus check` says why.");
    }
    missing.iter().find_map(|missing| match missing {
        Missing::Author(_) => Some("`takeaways corpus people` shows whom the recaps are by."),
        Missing::Event(_) => Some("`takeaways corpus list` shows which events the recaps are about."),
        Missing::Words(_) if suggestions.is_empty() => {
            Some("`takeaways corpus topics` shows what the recaps are about.")
        }
        _ => None,
    })
}

/// Prints the page of an answer. The exit is negative without one.
pub fn print_answer(
    asker: &Asker,
    question: &Question,
    answered: TimedAnswer,
    format: Option<PageFormat>,
) -> Result<Exit> {
    let TimedAnswer { verified, took, explanation, explains } = answered;
    let VerifiedAnswer { answer, events, .. } = &verified;
    let page = match format.unwrap_or(PageFormat::Plain) {
        PageFormat::Plain => {
            let style = terminal::terminal_style();
            let next_step = next_step(asker, answer).map(|hint| format!("\n{hint}\n")).unwrap_or_default();
            let explained = match (&explanation, answer) {
                (Some(explanation), _) => Some(plain::explanation(explanation, events, style)),
                (None, Answer::Overview(overview)) if explains => {
                    Some(plain::overview_reasons(overview, style))
                }
                _ => None,
            };
            let explained = explained.map(|text| "\n".to_owned() + &text);
            plain::answer(question, &verified, style) + &next_step + &explained.unwrap_or_default()
        }
        PageFormat::Json => {
            let (id, question) = (RawValue::NULL, question.text());
            let message = AskedQuestion { id, question, understood: None, took };
            json::answer(message, &verified, explanation.as_ref(), explains)? + "\n"
        }
        PageFormat::Discord => serde_json::to_string(&discord::answer(question, &verified))? + "\n",
    };
    terminal::print(&page)?;
    Ok(Exit::from_success(!matches!(answer, Answer::NothingFound { .. })))
}
