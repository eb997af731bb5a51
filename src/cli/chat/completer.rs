//! Completes what is typed in `chat`: commands, the values of `event:`, `author:` and `year:`, and names of topics,
//! projects and companies.

use jiff::civil::Date;
use rustyline::{
    Context, Helper, completion::Completer, highlight::Highlighter, hint::Hinter, validate::Validator,
};
use std::sync::Arc;
use takeaways_answer::completion;
use takeaways_search::Facets;

/// The commands of `chat` with their colon.
pub const COMMANDS: [&str; 11] = [
    ":compare",
    ":context",
    ":help",
    ":more",
    ":new",
    ":newest",
    ":next",
    ":open",
    ":previous",
    ":quit",
    ":recaps",
];

/// The most completions that are listed.
const MAX_COMPLETIONS: usize = 12;
/// A word is completed from this many characters on.
const MIN_WORD: usize = 2;

/// Completes lines of `chat`.
pub struct ChatCompleter {
    /// The names in the corpus.
    pub facets: Arc<Facets>,
    /// The day by which "last year" counts.
    pub today: Date,
}

impl ChatCompleter {
    /// Returns the place in the line that is replaced, and what may stand there instead.
    fn completions(&self, line: &str, pos: usize) -> (usize, Vec<String>) {
        let typed = line.get(..pos).unwrap_or(line);
        if typed.starts_with(':') && !typed.contains(' ') {
            let fitting = COMMANDS.iter().filter(|command| command.starts_with(typed));
            return (0, fitting.map(ToString::to_string).collect());
        }
        // The value of a prefix may have blanks after a quotation mark.
        let open_quote = typed.rfind(":\"").filter(|at| !typed[at + 2..].contains('"'));
        let before = open_quote.map_or(typed, |at| &typed[..at]);
        let start = before.rfind(' ').map_or(0, |space| space + 1);
        let word = &typed[start..];
        let names: Vec<String> = match word.split_once(':') {
            Some(("event", value)) => {
                let events = completion::complete_events(value, &self.facets, self.today).into_iter();
                events.map(|(event, _)| format!("event:{}", event.id)).collect()
            }
            Some(("author", value)) => {
                let authors = completion::complete_authors(value.trim_start_matches('"'), &self.facets);
                authors.into_iter().map(|(author, _)| format!("author:{}", quoted(author))).collect()
            }
            Some(("year", value)) => {
                let years = completion::complete_years(value, &self.facets, self.today).into_iter();
                years.map(|(years, _)| format!("year:{years}")).collect()
            }
            None if word.chars().count() >= MIN_WORD => {
                let things = completion::complete_things(word, &self.facets).into_iter();
                let things: Vec<String> = things.map(|(name, _)| name.to_owned()).collect();
                let typed = word.to_lowercase();
                let begins = |name: &&String| name.to_lowercase().starts_with(&typed);
                let whole: Vec<String> = things.iter().filter(begins).cloned().collect();
                let people = || -> Vec<String> {
                    let people = completion::complete_authors(word, &self.facets).into_iter();
                    let names = people.map(|(name, _)| name.to_owned());
                    let has_word =
                        |name: &String| name.to_lowercase().split(' ').any(|part| part.starts_with(&typed));
                    names.filter(has_word).collect()
                };
                // A name that begins so is meant, before one with other words that do.
                [whole, people(), things].into_iter().find(|names| !names.is_empty()).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        (start, names.into_iter().take(MAX_COMPLETIONS).collect())
    }
}

/// A name as the value of a prefix: in quotes if it has blanks.
fn quoted(name: &str) -> String {
    if name.contains(' ') { format!("\"{}\"", name.replace('"', "")) } else { name.to_owned() }
}

impl Completer for ChatCompleter {
    type Candidate = String;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.completions(line, pos))
    }
}

impl Hinter for ChatCompleter {
    type Hint = String;
}

impl Highlighter for ChatCompleter {}
impl Validator for ChatCompleter {}
impl Helper for ChatCompleter {}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::{CorpusFiles, Index, IndexOptions};

    fn completer() -> ChatCompleter {
        let now = "2026-11-20T00:00:00Z".parse().expect("a time");
        let corpus = Corpus::new(CorpusSettings::default());
        let files = CorpusFiles::list(&corpus, now);
        let (index, _) = Index::open(None, &files, now, &IndexOptions::default()).expect("an index");
        let facets = index.facets(now).expect("facets");
        ChatCompleter { facets, today: jiff::civil::date(2026, 11, 20) }
    }

    #[test]
    fn commands_prefixes_and_names_are_completed_where_they_stand() {
        let completer = completer();
        for (line, start, first) in [
            (":con", 0, ":context"),
            (":new", 0, ":new"),
            ("what was new? event:kubecon-na-201", 14, "event:kubecon-na-2019"),
            ("what? author:\"Mike G", 6, "author:\"Mike Garuccio\""),
            ("author:\"Mike Garuccio\" serv", 23, "Service mesh"),
            ("author:garuc", 0, "author:\"Mike Garuccio\""),
            ("year:2019", 0, "year:2019"),
            ("what about service m", 19, ""),
            ("what about serv", 11, "Service mesh"),
            ("what about Ist", 11, "Istio"),
            ("what did garu", 9, "Mike Garuccio"),
            ("what about sbo", 11, "Supply chain security"),
            ("what about ", 11, ""),
            (":context 1", 9, ""),
        ] {
            let (at, names) = completer.completions(line, line.len());
            assert_eq!((at, names.first().map_or("", String::as_str)), (start, first), "{line}: {names:?}");
        }
    }

    #[test]
    fn a_line_of_any_letters_is_completed_without_fault() {
        let completer = completer();
        for line in ["é", "日本語 日", "event:é", "author:\"", "a:b:c", "🦦 :"] {
            for pos in 0..=line.len() {
                let (start, _) = completer.completions(line, pos);
                assert!(start <= line.len(), "{line} {pos}");
            }
        }
    }
}
