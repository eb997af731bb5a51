//! `takeaways ask "QUESTION"`.

use anyhow::{Context, Result, bail};
use serde_json::value::RawValue;

use super::args::{AskArgs, AskFormat};
use super::context::{Asker, Reply, RunContext};
use super::exit::Exit;
use super::terminal;
use takeaways_answer::VerifiedAnswer;
use takeaways_render::{discord, json, plain};
use takeaways_text::model::{Answer, Question};

/// Asks one question and prints the page.
pub fn run(session: &RunContext, ask: &AskArgs) -> Result<Exit> {
    if ask.explain.is_some() && ask.format == Some(AskFormat::Discord) {
        bail!("a message of the bot holds no explanation; leave out --explain or --format discord");
    }
    let question: Question = ask
        .question
        .join(" ")
        .parse()
        .context("ask something, for example `takeaways ask \"service mesh\"`")?;
    let asker = Asker::open(session, &ask.query)?;
    let Reply { verified, took, explanation } = asker.ask(&question, None, ask.explain)?;
    let VerifiedAnswer { answer, events } = verified;
    let page = match ask.format.unwrap_or(AskFormat::Plain) {
        AskFormat::Plain => {
            let look = terminal::terminal_style();
            let why = explanation.map(|why| "\n".to_owned() + &plain::explanation(&why, &events, look));
            plain::answer(&question, &answer, &events, look) + &why.unwrap_or_default()
        }
        AskFormat::Json => {
            json::answer(RawValue::NULL, question.text(), &answer, took, explanation.as_ref())? + "\n"
        }
        AskFormat::Discord => serde_json::to_string(&discord::answer(&question, &answer, &events))? + "\n",
    };
    terminal::print(&page)?;
    Ok(Exit::from_success(matches!(answer, Answer::Cited { .. })))
}
