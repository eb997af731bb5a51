//! Questions with known answers, judged by people who have read the posts.

use std::collections::{BTreeSet, HashMap};

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::lines::{LineProblem, parse_lines};
use takeaways_text::model::{Excerpt, Question};

/// The kind of unanswerable questions.
pub const UNANSWERABLE: &str = "none";

/// A question and its right answer.
#[derive(Debug, Clone)]
pub struct JudgedQuestion {
    /// The id, unique among all questions that are asked together. A line without one has its number as the id, after
    /// the name of its file if there are several files.
    pub id: String,
    /// The kind, as its author calls it; [`UNANSWERABLE`] if no post answers the question.
    pub kind: String,
    /// The question itself.
    pub question: Question,
    /// The names of the files that answer it, without folders; empty exactly if the question is unanswerable.
    pub posts: BTreeSet<String>,
    /// The patterns of which at least one matches the quote of a right answer; empty if `posts` is.
    pub any: Vec<Regex>,
    /// Whether an unanswerable question is near the posts' topics; `None` if its author did not say.
    pub near: Option<bool>,
    /// The group for cross-validation; questions of one group share a fold. It is the first file in `posts`, else the
    /// file in `near`, else the id.
    pub group: String,
}

/// A line of a question file. Other fields are ignored.
#[derive(Deserialize)]
struct QuestionLine {
    id: Option<String>,
    kind: String,
    q: String,
    #[serde(default)]
    posts: Vec<String>,
    #[serde(default)]
    any: Vec<String>,
    near: Option<Near>,
}

/// What an unanswerable question is near to: whether to anything, or the name of the file.
#[derive(Deserialize)]
#[serde(untagged)]
enum Near {
    Flag(bool),
    File(String),
}

/// Parses question files, given by name and text, with one question per line of JSON. Blank lines are skipped.
///
/// # Errors
/// If lines are wrong. The error has every problem of every file.
pub fn parse_questions(files: &[(String, String)]) -> Result<Vec<JudgedQuestion>, Vec<LineProblem>> {
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    let mut lines_by_id: HashMap<String, String> = HashMap::new();
    for (file, text) in files {
        let parsed = parse_lines(file, text, |number, line| {
            let place = format!("{file}:{number}");
            let own_id = if files.len() == 1 { number.to_string() } else { place.clone() };
            let judged = JudgedQuestion::parse(line, own_id)?;
            match lines_by_id.insert(judged.id.clone(), place) {
                Some(before) => Err(format!("the id {:?} was given before, at {before}", judged.id)),
                None => Ok(judged),
            }
        });
        match parsed {
            Ok(mut judged) => all.append(&mut judged),
            Err(mut found) => problems.append(&mut found),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

impl JudgedQuestion {
    /// Parses a line. `own_id` is the id of a line that names none.
    fn parse(line: &str, own_id: String) -> Result<Self, String> {
        let fields: Map<String, Value> = serde_json::from_str(line).map_err(|error| json_problem(&error))?;
        let line = serde_json::from_value(fields.into()).map_err(|error| error.to_string())?;
        let QuestionLine { id, kind, q, posts, any, near } = line;
        let id = id.unwrap_or(own_id);
        if id.trim().is_empty() {
            return Err("\"id\" is empty".into());
        }
        if kind.trim().is_empty() {
            return Err(format!(
                "\"kind\" is empty; write {UNANSWERABLE:?} where no post answers the question"
            ));
        }
        let question = q.parse().map_err(|error| format!("\"q\": {error}"))?;
        let (is_near, near_file) = match near {
            None => (None, None),
            Some(Near::Flag(is_near)) => (Some(is_near), None),
            Some(Near::File(name)) => (Some(!name.is_empty()), Some(name).filter(|name| !name.is_empty())),
        };
        let group = posts.first().or(near_file.as_ref()).unwrap_or(&id).clone();
        let posts = BTreeSet::from_iter(posts);
        check_judgment(&kind, &posts, &any)?;
        let any = any.iter().map(|pattern| compile_pattern(pattern)).collect::<Result<_, _>>()?;
        Ok(Self { id, kind, question, posts, any, near: is_near, group })
    }

    /// Returns whether a post answers the question.
    pub fn is_answerable(&self) -> bool {
        self.kind != UNANSWERABLE
    }

    /// Returns whether an excerpt is of the right file and its quote answers the question.
    pub fn is_answered_by(&self, excerpt: &Excerpt) -> bool {
        self.posts.contains(file_name(&excerpt.citation.path)) && self.matches_answer(&excerpt.quote.text)
    }

    /// Returns whether a text matches the answer.
    pub fn matches_answer(&self, text: &str) -> bool {
        self.any.iter().any(|pattern| pattern.is_match(text))
    }
}

/// Returns the last part of a path whose parts are separated by `/`.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn check_judgment(kind: &str, posts: &BTreeSet<String>, any: &[String]) -> Result<(), String> {
    if kind == UNANSWERABLE {
        if posts.is_empty() && any.is_empty() {
            return Ok(());
        }
        return Err(format!("a question of the kind {UNANSWERABLE:?} has neither \"posts\" nor \"any\""));
    }
    if posts.is_empty() {
        return Err(format!(
            "\"posts\" is missing or empty: name the files that answer it, or the kind {UNANSWERABLE:?}"
        ));
    }
    if let Some(path) = posts.iter().find(|name| name.contains('/')) {
        return Err(format!("\"posts\" names files without their folders, not {path:?}"));
    }
    if any.is_empty() {
        return Err("\"any\" is missing or empty: write what a right excerpt matches".into());
    }
    Ok(())
}

fn compile_pattern(pattern: &str) -> Result<Regex, String> {
    let result = RegexBuilder::new(pattern).case_insensitive(true).dot_matches_new_line(true).build();
    let regex = result.map_err(|error| {
        // The message shows the pattern over several lines; its last line has the reason.
        let message = error.to_string();
        let reason = message.lines().last().unwrap_or_default().trim_start_matches("error: ");
        format!("\"any\": {pattern:?} is no regular expression: {reason}")
    })?;
    // A pattern that matches the empty text matches in every text.
    if regex.is_match("") {
        return Err(format!("\"any\": {pattern:?} matches every text"));
    }
    Ok(regex)
}

fn json_problem(error: &serde_json::Error) -> String {
    if error.is_data() {
        return "the line is not a JSON object".to_owned();
    }
    format!("the line is not JSON (column {})", error.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<JudgedQuestion, String> {
        JudgedQuestion::parse(line, "7".into())
    }

    fn files(texts: &[&str]) -> Vec<(String, String)> {
        texts.iter().enumerate().map(|(at, text)| (format!("{at}.jsonl"), (*text).to_owned())).collect()
    }

    #[test]
    fn a_question_and_one_without_an_answer() {
        let fact = r#"{"id":"a","kind":"fact","q":"who?","posts":["x.md"],"any":["Ada.+Byron"],"by":1}"#;
        let none = r#"{"id":"b","kind":"none","q":"why?","posts":[],"any":[],"near":true}"#;
        let all =
            parse_questions(&files(&[&format!("\u{feff}{fact}\r\n\n{none}\n")])).expect("two questions");
        let [fact, none] = all.as_slice() else { panic!("{all:?}") };
        assert!(fact.is_answerable() && fact.near.is_none());
        assert!(fact.matches_answer("It was ADA\nking byron."), "patterns ignore case and line breaks");
        assert!(!none.is_answerable() && none.near == Some(true));
        assert_eq!(file_name("2019/x.md"), "x.md");
    }

    #[test]
    fn a_line_without_an_id_has_its_number() {
        let text = "\n{\"kind\":\"none\",\"q\":\"x\"}\n{\"id\":\"a\",\"kind\":\"none\",\"q\":\"x\"}\n";
        let ids = |texts: &[&str]| -> Vec<String> {
            let all = parse_questions(&files(texts)).expect("questions");
            all.into_iter().map(|judged| judged.id).collect()
        };
        assert_eq!(ids(&[text]), ["2", "a"]);
        assert_eq!(ids(&[text, "{\"kind\":\"none\",\"q\":\"x\"}"]), ["0.jsonl:2", "a", "1.jsonl:1"]);
    }

    #[test]
    fn the_group_is_the_first_named_file() {
        for (line, group) in [
            (r#"{"id":"a","kind":"fact","q":"x","posts":["b.md","a.md"],"any":["y"]}"#, "b.md"),
            (r#"{"id":"a","kind":"none","q":"x","near":"c.md"}"#, "c.md"),
            (r#"{"id":"a","kind":"none","q":"x","near":true}"#, "a"),
        ] {
            assert_eq!(parse(line).map(|judged| judged.group), Ok(group.to_owned()), "{line}");
        }
    }

    #[test]
    fn problems_name_their_reason() {
        for (line, expected) in [
            ("{\"id\":", "the line is not JSON (column 6)"),
            ("[1]", "the line is not a JSON object"),
            (r#"{"id":"a","q":"x"}"#, "missing field `kind`"),
            (r#"{"id":7,"kind":"fact","q":"x"}"#, "invalid type: integer `7`, expected a string"),
            (r#"{"id":" ","kind":"fact","q":"x"}"#, "\"id\" is empty"),
            (r#"{"id":"a","kind":"fact","q":" "}"#, "\"q\": the question is empty"),
            (
                r#"{"id":"a","kind":"fact","q":"x","any":["y"]}"#,
                "\"posts\" is missing or empty: name the files that answer it, or the kind \"none\"",
            ),
            (
                r#"{"id":"a","kind":"fact","q":"x","posts":["a/b.md"],"any":["y"]}"#,
                "\"posts\" names files without their folders, not \"a/b.md\"",
            ),
            (
                r#"{"id":"a","kind":"fact","q":"x","posts":["b.md"]}"#,
                "\"any\" is missing or empty: write what a right excerpt matches",
            ),
            (
                r#"{"id":"a","kind":"fact","q":"x","posts":["b.md"],"any":["(y"]}"#,
                "\"any\": \"(y\" is no regular expression: unclosed group",
            ),
            (
                r#"{"id":"a","kind":"fact","q":"x","posts":["b.md"],"any":["y*"]}"#,
                "\"any\": \"y*\" matches every text",
            ),
            (
                r#"{"id":"a","kind":"none","q":"x","posts":["b.md"]}"#,
                "a question of the kind \"none\" has neither \"posts\" nor \"any\"",
            ),
        ] {
            assert_eq!(parse(line).map(|_| ()), Err(expected.to_owned()), "{line}");
        }
    }

    #[test]
    fn all_problems_are_found_at_once_with_file_and_line() {
        let right = r#"{"id":"a","kind":"none","q":"x"}"#;
        let problems = parse_questions(&files(&[&format!("{right}\n\n{{}}\n"), &format!("\n{right}\n")]))
            .expect_err("two");
        let messages: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            messages,
            ["0.jsonl:3: missing field `kind`", "1.jsonl:2: the id \"a\" was given before, at 0.jsonl:1"]
        );
    }
}
