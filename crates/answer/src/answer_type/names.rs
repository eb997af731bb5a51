//! Names of people and companies in a text, as far as letters and lists of names tell them.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::people::is_given_name;
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_text::calendar::{is_weekday, month_from_name};
use takeaways_text::tokens::{
    folding::{fold, trim_punctuation},
    strip_genitive,
};
use takeaways_text::translations::is_english_word;

/// The maximum number of words that a thread keeps.
const MAX_KNOWN: usize = 10_000;

/// Whether there is a given name with another capitalised word after it, or two such words that mean nothing else, or a handle.
pub(super) fn has_person(words: &[&str]) -> bool {
    words.windows(2).any(|pair| {
        is_capitalised(pair[0])
            && is_capitalised(pair[1])
            && !pair[0].ends_with(['.', ',', ':', ';', '!', '?'])
            && (is_given(pair[0]) || !means_something_else(pair[0]) && !means_something_else(pair[1]))
    }) || words.iter().any(|word| word.len() > 2 && word.starts_with('@'))
}

/// Whether there is a company that is known, or a word that does not begin a sentence, has a capital and means nothing else.
pub(super) fn has_company(words: &[&str]) -> bool {
    let is_company = |word: &&str| {
        let mentions = EntityTable::builtin().mentions(strip_genitive(trim_punctuation(word)));
        mentions.iter().any(|mention| mention.kind == EntityKind::Company)
    };
    let may_be_company = |pair: &[&str]| {
        let [before, word] = pair else { return false };
        let begins_sentence = before.ends_with(['.', '!', '?', ':']);
        let is_name = trim_punctuation(word).starts_with(char::is_uppercase) && word.len() > 2;
        is_name && !begins_sentence && !is_given(word) && !is_given(before) && !means_something_else(word)
    };
    words.windows(2).any(may_be_company)
        || words.iter().filter(|word| word.contains(char::is_uppercase)).any(is_company)
}

/// Whether a word has a capital and small letters after it.
fn is_capitalised(word: &str) -> bool {
    let word = trim_punctuation(word);
    word.starts_with(char::is_uppercase) && word.chars().skip(1).any(char::is_lowercase)
}

fn is_given(word: &str) -> bool {
    is_capitalised(word) && is_given_name(&fold(strip_genitive(trim_punctuation(word))))
}

/// Whether a word is an ordinary one, or the name of a project, a company or a day. Each thread keeps the words that it has looked
/// up, since the sentences of a corpus repeat them.
fn means_something_else(word: &str) -> bool {
    thread_local! {
        static KNOWN: RefCell<HashMap<String, bool>> = RefCell::default();
    }
    let word = strip_genitive(trim_punctuation(word));
    KNOWN.with_borrow_mut(|known| {
        if let Some(means) = known.get(word) {
            return *means;
        }
        let means = month_from_name(word).is_some()
            || is_weekday(word)
            || is_english_word(&word.to_lowercase())
            || EntityTable::builtin().knows(word);
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(word.to_owned(), means);
        means
    })
}
