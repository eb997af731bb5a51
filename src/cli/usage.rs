//! What a person probably means by arguments that clap refuses.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use takeaways_text::nearest::misspelt;

use super::args;

/// Where digests are made: people look for it here.
pub const HINT_FOR_DIGEST: &str = "Digests are added, changed and removed on Discord: /digest add";

/// How a question is asked.
pub const HINT_FOR_QUESTION: &str = "To ask a question: takeaways ask \"what about service mesh?\"";

/// How many words at least follow the first word of a question that is not in quotation marks.
const MIN_WORDS_AFTER: usize = 2;

/// Returns the arguments with `ask` before a question that stands in the place of a command. A question has a blank or a
/// question mark, or it is several words; a single word is more often a misspelt command.
pub fn as_question(arguments: &[OsString], error: &clap::Error) -> Option<Vec<OsString>> {
    let word = context(error, ErrorKind::InvalidSubcommand, ContextKind::InvalidSubcommand)?;
    let at = arguments.iter().skip(1).position(|argument| argument == word)? + 1;
    let is_word = |argument: &&OsString| argument.to_str().is_some_and(|word| !word.starts_with('-'));
    let after = arguments.iter().skip(at + 1).take_while(is_word).count();
    let commands = args::command();
    // "takeaways digest add weekly" names a command.
    let is_command = |argument: &OsString| argument == "help" || commands.find_subcommand(argument).is_some();
    if arguments[1..at].iter().any(is_command) {
        return None;
    }
    let is_misspelt = || misspelt(word, commands.get_subcommands().map(Command::get_name)).is_some();
    let is_question = word.trim().contains(char::is_whitespace)
        || word.ends_with('?')
        || after >= MIN_WORDS_AFTER && !is_misspelt();
    if !is_question {
        return None;
    }
    let mut with_ask = arguments.to_vec();
    with_ask.insert(at, "ask".into());
    Some(with_ask)
}

/// Returns what to write instead of `--json`, as many other programs have it.
pub fn advice_for_json(error: &clap::Error) -> Option<&'static str> {
    let option = context(error, ErrorKind::UnknownArgument, ContextKind::InvalidArg)?;
    (option == "--json").then_some("there is no option --json; write --format json")
}

/// Returns what to do about a word with a dash in a question, which clap takes for options.
pub fn advice_for_dash(arguments: &[OsString], error: &clap::Error) -> Option<String> {
    let option = context(error, ErrorKind::UnknownArgument, ContextKind::InvalidArg)?;
    let letter = option.strip_prefix('-').filter(|letter| !letter.starts_with('-'))?;
    let mut after_ask = arguments.iter().skip_while(|argument| *argument != "ask").skip(1);
    let word = after_ask.find_map(|argument| {
        let word = argument.to_str()?.strip_prefix('-')?;
        (word.len() > 1 && !word.starts_with('-') && word.contains(letter)).then_some(word)
    })?;
    let first = word.split_whitespace().next().unwrap_or(word);
    Some(format!(
        "-{first} looks like an option; write `--` before the question: `takeaways ask -- -{first} …`, put the question \
         in quotation marks with another word first: `takeaways ask \"… -{first}\"`, or leave the dash out"
    ))
}

/// The text that an error of this kind is about.
fn context(error: &clap::Error, kind: ErrorKind, context: ContextKind) -> Option<&str> {
    match error.get(context) {
        Some(ContextValue::String(text)) if error.kind() == kind => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<OsString> {
        ["takeaways"].iter().chain(words).map(OsString::from).collect()
    }

    #[test]
    fn json_is_a_format() {
        for (given, expected) in [
            (words(&["ask", "what is new?", "--json"]), true),
            (words(&["ask", "what is new?", "--jsonl"]), false),
        ] {
            let error = args::parse(&given).expect_err("no such option");
            assert_eq!(advice_for_json(&error).is_some(), expected, "{given:?}");
        }
    }

    #[test]
    fn only_a_question_is_asked() {
        for (given, expected) in [
            (&["what about meshes?"][..], Some(&["ask", "what about meshes?"][..])),
            (&["meshes?", "--limit", "1"], Some(&["ask", "meshes?", "--limit", "1"])),
            (&["--corpus", "x y", "a b"], Some(&["--corpus", "x y", "ask", "a b"])),
            (&["what", "about", "meshes"], Some(&["ask", "what", "about", "meshes"])),
            (
                &["what", "about", "meshes", "--limit", "1"],
                Some(&["ask", "what", "about", "meshes", "--limit", "1"]),
            ),
            (&["asc"], None),
            (&["service", "mesh"], None),
            (&["corpsu", "text", "a"], None),
            (&["digest", "add", "a", "b"], None),
            (&["help", "me", "with", "meshes"], None),
            (&["meshes "], None),
            (&["corpus", "what about it?"], None),
        ] {
            let error = args::command().try_get_matches_from(words(given)).expect_err("it is no command");
            assert_eq!(as_question(&words(given), &error), expected.map(words), "{given:?}");
        }
    }

    #[test]
    fn a_dash_in_a_question_is_explained() {
        for (given, word) in [
            (&["ask", "-docker", "engine"][..], Some("-docker looks like")),
            (&["ask", "engine", "-docker"], Some("-docker looks like")),
            (&["ask", "-docker engine"], Some("-docker looks like")),
            (&["ask", "mesh", "-queues"], Some("-queues looks like")),
            (&["ask", "mesh", "-x"], None),
            (&["ask", "mesh", "--docker"], None),
            (&["chat", "-docker"], None),
        ] {
            let error = args::parse(&words(given)).expect_err("it is no option");
            let advice = advice_for_dash(&words(given), &error);
            assert_eq!(
                advice.as_deref().map(|advice| advice.starts_with(word.unwrap_or("?"))),
                word.map(|_| true)
            );
        }
    }
}
