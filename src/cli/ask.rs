//! `takeaways ask "QUESTION"`.

use anyhow::{Context, Result, bail};
use serde_json::value::RawValue;

use super::args::{AskArgs, AskFormat};
use super::context::{Asker, RunContext, TimedAnswer};
use super::exit::Exit;
use super::terminal;
use takeaways_answer::VerifiedAnswer;
use takeaways_render::json::{self, AskedQuestion};
use takeaways_render::{discord, plain};
use takeaways_text::model::{Answer, Question};

/// Asks one question and prints the page.
pub fn run(session: &RunContext, ask: &AskArgs) -> Result<Exit> {
    if ask.explain.is_some() && ask.format == Some(AskFormat::Discord) {
        bail!("a message of the bot has no explanation; leave out --explain or --format discord");
    }
    let question: Question = ask
        .question
        .join(" ")
        .parse()
        .context("ask a question, for example `takeaways ask \"service mesh\"`")?;
    let asker = Asker::open(session, &ask.query)?;
    let TimedAnswer { verified, took, explanation } = asker.ask(&question, None, ask.explain)?;
    let VerifiedAnswer { answer, events, .. } = verified;
    let page = match ask.format.unwrap_or(AskFormat::Plain) {
        AskFormat::Plain => {
            let style = terminal::terminal_style();
            let explained = explanation.map(|it| "\n".to_owned() + &plain::explanation(&it, &events, style));
            plain::answer(&question, &answer, &events, style) + &explained.unwrap_or_default()
        }
        AskFormat::Json => {
            let (id, question) = (RawValue::NULL, question.text());
            json::answer(
                AskedQuestion { id, question, understood: None, took },
                &answer,
                explanation.as_ref(),
            )? + "\n"
        }
        AskFormat::Discord => serde_json::to_string(&discord::answer(&question, &answer, &events))? + "\n",
    };
    terminal::print(&page)?;
    Ok(Exit::from_success(!matches!(answer, Answer::NothingFound { .. })))
}
