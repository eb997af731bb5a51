//! `takeaways ask "QUESTION"`.

use anyhow::{Context, Result, bail};
use serde_json::value::RawValue;

use super::args::{Ask, AskFormat};
use super::exit::Exit;
use super::session::{Asker, Session};
use super::terminal;
use takeaways_render::{discord, json, plain};
use takeaways_text::model::{Answer, Question};

/// Asks one question and prints the page.
pub fn run(session: &Session, ask: &Ask) -> Result<Exit> {
    if ask.explain.is_some() && ask.format == Some(AskFormat::Discord) {
        bail!("a message of the bot holds no explanation; leave out --explain or --format discord");
    }
    let question: Question = ask
        .question
        .join(" ")
        .parse()
        .context("ask something, for example `takeaways ask \"service mesh\"`")?;
    let asker = Asker::open(session, &ask.wish)?;
    let (answer, took) = asker.ask(&question, None)?;
    let why = ask.explain.map(|most| asker.explain(&question, None, most)).transpose()?;
    let page = match ask.format.unwrap_or(AskFormat::Plain) {
        AskFormat::Plain => {
            let (events, look) = (asker.events(answer.scope())?, terminal::look());
            let why = why.map(|why| "\n".to_owned() + &plain::explanation(&why, &events, look));
            plain::answer(&question, &answer, &events, look) + &why.unwrap_or_default()
        }
        AskFormat::Json => json::answer(RawValue::NULL, question.text(), &answer, took, why.as_ref())? + "\n",
        AskFormat::Discord => {
            let page = discord::answer(&question, &answer, &asker.events(answer.scope())?);
            serde_json::to_string(&page)? + "\n"
        }
    };
    terminal::print(&page)?;
    Ok(Exit::from_yes(matches!(answer, Answer::Cited { .. })))
}
