//! `takeaways ask --batch`: answers each line of JSON with a line of JSON, in the same order.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::args::{AskArgs, PageFormat};
use super::context::{Asker, Session, TimedAnswer};
use super::exit::Exit;
use super::terminal;
use takeaways_answer::{Notice, Reply, Turn, VerifiedAnswer};
use takeaways_cli::input_lines::{BatchError, BatchQuestion, LineReader};
use takeaways_render::json::{self, AskedQuestion};
use takeaways_render::understood_answer;
use takeaways_text::model::{Answer, Language};

/// Answers every line. The exit is negative if a line could not be read.
pub fn run(session: &Session, ask: &AskArgs) -> Result<Exit> {
    if !matches!(ask.format, None | Some(PageFormat::Json)) {
        bail!("a batch is answered in JSON; leave out --format");
    }
    let input = open_input(ask.batch.as_deref().unwrap_or(Path::new("-")))?;
    let asker = Asker::open(session, &ask.query)?;
    let out = &mut io::stdout().lock();
    let mut conversations = Conversations { asker: &asker, explain: ask.explain, turns: HashMap::new() };
    let all_answered = answer_all(input, out, |batch| conversations.answer(batch))?;
    Ok(Exit::from_success(all_answered))
}

/// The answer to a line.
struct BatchAnswer {
    answered: TimedAnswer,
    /// In a conversation: what was understood, in words.
    understood: Option<String>,
}

/// Answers the lines. Lines with the same conversation are its turns, which are kept only in memory.
struct Conversations<'a> {
    asker: &'a Asker,
    explain: Option<usize>,
    turns: HashMap<String, Turn>,
}

impl Conversations<'_> {
    fn answer(&mut self, batch: &BatchQuestion) -> Result<BatchAnswer> {
        let Some(conversation) = &batch.conversation else {
            let answered = self.asker.ask(&batch.question, batch.now, self.explain)?;
            return Ok(BatchAnswer { answered, understood: None });
        };
        let previous = self.turns.get(conversation);
        let (reply, took) = self.asker.converse(previous, &batch.question, batch.now)?;
        let (verified, turn) = match reply {
            Reply::Answer(answered) => (answered.verified, Some(answered.turn)),
            Reply::Notice(Notice::NewTopic) => (unanswered(None), None),
            Reply::SmallTalk(..) | Reply::Recaps(_) | Reply::Notice(_) => {
                (unanswered(previous), previous.cloned())
            }
        };
        let understood = turn.as_ref().and_then(|turn| understood_answer(turn, &verified));
        match turn {
            Some(turn) => self.turns.insert(conversation.clone(), turn),
            None => self.turns.remove(conversation),
        };
        Ok(BatchAnswer {
            answered: TimedAnswer { verified, took, explanation: None, explains: false },
            understood,
        })
    }
}

/// The answer to a message that is not a question: nothing, in the scope of the conversation.
pub fn unanswered(previous: Option<&Turn>) -> VerifiedAnswer {
    let answer = Answer::NothingFound {
        listed: Vec::new(),
        scope: previous.map(|turn| turn.scope.clone()).unwrap_or_default(),
        confidence: 0.0,
        missing: Vec::new(),
        newest: None,
        unanswerable: None,
        nearest: None,
        suggestions: Vec::new(),
        language: previous.map_or(Language::En, |turn| turn.language),
    };
    VerifiedAnswer::new(answer, Vec::new())
}

fn open_input(path: &Path) -> Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    if path.is_dir() {
        bail!("{} is a folder; name a file with one question per line", path.display());
    }
    let file =
        File::open(path).with_context(|| format!("the questions in {} can't be read", path.display()))?;
    Ok(Box::new(BufReader::new(file)))
}

/// Answers every line; returns whether all were answered. Each answer is written before the next line is read, so that
/// a program can ask one question at a time.
fn answer_all(
    input: impl BufRead,
    out: &mut impl Write,
    mut ask: impl FnMut(&BatchQuestion) -> Result<BatchAnswer>,
) -> Result<bool> {
    let mut lines = LineReader::new(input);
    let mut all_answered = true;
    while let Some(line) = lines.next_line().context("the rest of the questions can't be read")? {
        let answered = BatchQuestion::from_line(line).and_then(|batch| match ask(&batch) {
            Ok(answer) => Ok((batch, answer)),
            Err(error) => Err(BatchError { id: batch.id, why: format!("{error:#}") }),
        });
        let line = match &answered {
            Ok((batch, BatchAnswer { answered, understood })) => {
                let TimedAnswer { verified, took, explanation, explains } = answered;
                let (question, understood) = (batch.question.text(), understood.as_deref());
                let asked = AskedQuestion { id: &batch.id, question, understood, took: *took };
                json::answer(asked, verified, explanation.as_ref(), *explains)?
            }
            Err(error) => json::error(&error.id, &error.why)?,
        };
        all_answered &= answered.is_ok();
        terminal::print_to(out, &(line + "\n"))?;
    }
    Ok(all_answered)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use insta::assert_snapshot;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use serde_json::Value;
    use takeaways_text::model::{Missing, Scope};

    /// Answers with the question itself.
    fn echo(batch: &BatchQuestion) -> Result<BatchAnswer> {
        if batch.question.text() == "fail" {
            bail!("the index is gone");
        }
        let missing = batch.now.map(|now| Missing::Words(now.to_string())).into_iter().collect();
        let answer = Answer::NothingFound {
            listed: Vec::new(),
            newest: None,
            unanswerable: None,
            nearest: None,
            scope: Scope::default(),
            confidence: 0.0,
            missing,
            suggestions: Vec::new(),
            language: Language::En,
        };
        let verified = VerifiedAnswer::new(answer, Vec::new());
        let took = Duration::from_micros(1);
        let answered = TimedAnswer { verified, took, explanation: None, explains: false };
        Ok(BatchAnswer { answered, understood: batch.conversation.clone() })
    }

    fn batch(input: &str) -> (String, bool) {
        let mut out = Vec::new();
        let all_read = answer_all(input.as_bytes(), &mut out, echo).expect("memory can be written");
        let lines = String::from_utf8(out).expect("UTF-8");
        let short = lines.replace(
            r#","answered":false,"shape":"fact","verdict":null,"confidence":0.0,"scope":{"events":[],"years":[],"authors":[],"excluded_authors":[],"people":[]},"excerpts":[],"groups":[],"series":[],"newest":null,"nearest":null,"try_instead":[],"elapsed_us":1}"#,
            " …}",
        );
        (short, all_read)
    }

    #[test]
    fn each_line_is_answered_in_its_place() {
        let (lines, all_read) = batch(
            "{\"id\":\"a\",\"q\":\"one\",\"kind\":\"fact\"}\r\n\n{\"id\":2,\"q\":\" two \"}\n{\"q\":\"three\"}",
        );
        assert!(all_read);
        assert_snapshot!(lines, @r#"
        {"id":"a","question":"one" …}
        {"id":2,"question":"two" …}
        {"id":null,"question":"three" …}
        "#);
    }

    #[test]
    fn an_id_comes_back_as_it_was_typed() {
        for id in
            ["12345678901234567890123", "-0", "1e2", "0.10", "18446744073709551615", "\"a\\\"b\"", "null"]
        {
            let (line, all_read) = batch(&format!(r#"{{"id":{id},"q":"one"}}"#));
            assert!(all_read && line.starts_with(&format!(r#"{{"id":{id},"#)), "{id}: {line}");
        }
        assert!(batch(r#"{"id":"\ud800","q":"one"}"#).0.contains("must be a string or a number"));
    }

    #[test]
    fn a_broken_line_does_not_stop_the_rest() {
        let (lines, all_read) = batch(
            r#"
            {"id":"a","q":"one"
            {"id":"b"}
            {"id":"c","q":7}
            {"id":"d","q":"  "}
            {"id":["e"],"q":"one"}
            {"id":"f","q":"one","now":"soon"}
            {"id":"g","q":"one","now":7}
            {"id":"h","q":"fail"}
            [1]
            {"id":"z","q":"last","now":"2020-01-31"}"#,
        );
        assert!(!all_read);
        assert_snapshot!(lines, @r#"
        {"id":null,"error":"the line is not JSON (column 31)"}
        {"id":"b","error":"\"q\" is missing"}
        {"id":"c","error":"\"q\" must be a string"}
        {"id":"d","error":"\"q\": the question is empty"}
        {"id":null,"error":"\"id\" must be a string or a number"}
        {"id":"f","error":"\"now\": write a day like 2020-01-31, or a time with a zone like 2020-01-31T09:00Z"}
        {"id":"g","error":"\"now\" must be a string"}
        {"id":"h","error":"the index is gone"}
        {"id":null,"error":"the line is not a JSON object"}
        {"id":"z","question":"last" …}
        "#);
    }

    proptest! {
        /// Nearly valid lines, and arbitrary bytes.
        #[test]
        fn every_line_gets_one_line_of_json(
            lines in vec(
                prop_oneof![
                    any::<Vec<u8>>().prop_map(|bytes| bytes.into_iter().filter(|b| *b != b'\n').collect()),
                    r#"\{"id": ?("[a-z]{0,3}"|-?[0-9]{1,20}|null|\[\]), ?"q": ?"[^"\\\n]{0,20}"\}"#.prop_map(String::into_bytes),
                ],
                0..8,
            )
        ) {
            let mut out = Vec::new();
            let input = lines.join(&b'\n');
            answer_all(input.as_slice(), &mut out, echo).expect("memory can be written");
            let mut read = LineReader::new(input.as_slice());
            let expected = std::iter::from_fn(|| read.next_line().expect("memory can be read")).count();
            let out = String::from_utf8(out).expect("UTF-8");
            prop_assert_eq!(out.lines().count(), expected);
            for line in out.lines() {
                let line: Value = serde_json::from_str(line).expect("JSON");
                prop_assert!(line.get("id").is_some() && (line.get("error").is_some() || line.get("answered").is_some()));
            }
        }
    }

    #[test]
    fn nesting_without_end_is_a_broken_line() {
        let closed = format!("{{\"q\":\"one\",\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(batch(&closed).1, "an unknown field is not parsed");
        let deep = format!("{{\"id\":\"a\",\"x\":{}", "[".repeat(100_000));
        assert!(!batch(&deep).1);
    }
}
