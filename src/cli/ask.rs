//! `takeaways ask "QUESTION"`.

use anyhow::{Context, Result};
use serde_json::value::RawValue;

use super::args::{Ask, AskFormat};
use super::exit::Exit;
use super::session::Session;
use super::terminal;
use crate::model::{Answer, Question};
use crate::render::{discord, json, plain};

/// Asks one question and prints the page.
pub fn run(session: &Session, ask: &Ask) -> Result<Exit> {
    let question: Question = ask
        .question
        .join(" ")
        .parse()
        .context("ask something, for example `takeaways ask \"service mesh\"`")?;
    let asker = session.asker(&ask.wish)?;
    let (answer, took) = asker.ask(&question, None)?;
    let page = match ask.format.unwrap_or(AskFormat::Plain) {
        AskFormat::Plain => {
            plain::answer(&question, &answer, &asker.events(answer.scope())?, terminal::look())
        }
        AskFormat::Json => json::answer(RawValue::NULL, question.text(), &answer, took)? + "\n",
        AskFormat::Discord => {
            let page = discord::answer(&question, &answer, &asker.events(answer.scope())?);
            serde_json::to_string(&page)? + "\n"
        }
    };
    terminal::print(&page)?;
    Ok(Exit::from_yes(matches!(answer, Answer::Cited { .. })))
}
