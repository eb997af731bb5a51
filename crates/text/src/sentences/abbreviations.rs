//! Words that end with a full stop of their own.

use crate::language::{Abbreviations, WordList};
use crate::model::Language;

/// What the full stop after a word may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FullStopMeaning {
    /// Never the end of a sentence: something always follows (`Dr.`).
    Never,
    /// Not the end where a number follows (`No. 5`).
    NotBeforeNumber,
    /// Either (`etc.`).
    Maybe,
    /// Always: the word is no abbreviation.
    EndsSentence,
}

/// What the full stop after `word` may be; without that full stop, any case.
#[must_use]
pub fn full_stop_after(word: &str, language: Language) -> FullStopMeaning {
    let is_acronym = word.len() > 1 && word.chars().all(char::is_uppercase);
    if is_acronym && !language.words().writing.full_stop_after_acronyms {
        return FullStopMeaning::EndsSentence;
    }
    let lower = word.to_lowercase();
    // English words are found in texts of every language.
    let lists = [Language::En, language].map(|language| &language.words().abbreviations);
    let in_list = |list: fn(&Abbreviations) -> &WordList| lists.iter().any(|own| list(own).contains(&lower));
    let is_title = word.starts_with(char::is_uppercase) && in_list(|own| &own.titles);
    if is_title || in_list(|own| &own.never_ending) {
        FullStopMeaning::Never
    } else if in_list(|own| &own.before_numbers) {
        FullStopMeaning::NotBeforeNumber
    } else if in_list(|own| &own.maybe_ending) {
        FullStopMeaning::Maybe
    } else {
        FullStopMeaning::EndsSentence
    }
}

/// Names that end with an exclamation mark.
#[must_use]
pub fn is_name_with_mark(word: &str) -> bool {
    ["yahoo", "jeopardy", "joomla"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// What follows the full stop in the names of hosts and files, in lower case.
#[must_use]
pub fn is_name_ending(word: &str) -> bool {
    const ENDINGS: &str = "app asp bat blog cfg cloud com conf css csv dev dll doc docx edu env exe gif git gov html \
        info ini ipynb jar java jpeg jpg json jsx key lock log mod net org pdf php png ppt pptx proto rst svg tar tech \
        toml tsx txt vue wasm xls xlsx xml yaml yml zip";
    ENDINGS.split_ascii_whitespace().any(|ending| word.eq_ignore_ascii_case(ending))
}
