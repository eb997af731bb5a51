//! The names of people in a post: by their shape, by what stands around them, and by how else the post uses their words.

use super::name_index::{MAX_NAME, NameIndex, capitalised_runs};
use crate::folded_text::FoldedText;
use crate::metadata::author::{is_full_name, is_person_name};
use std::cell::OnceCell;
use std::collections::HashSet;
use takeaways_text::language::{SpeakerWords, WordList};
use takeaways_text::model::Language;
use takeaways_text::person_names::handle_form;
use takeaways_text::tokens::strip_genitive;

/// Maximum length of a line that holds nothing but a person and what they do, in bytes.
const MAX_PERSON_LINE: usize = 160;
/// Minimum length of a name that is looked for in the host of an address, in bytes.
const MIN_HOST_NAME: usize = 8;
/// Maximum number of letters before a capital within a name: `MacArthur`.
const MAX_NAME_PREFIX: usize = 3;
/// Maximum number of capitalised words in a name. More are a name with a company or a title before it.
const MAX_NAME_WORDS: usize = 3;

/// The people of one post.
pub(super) struct People<'t> {
    texts: [&'t str; 2],
    authors: &'t [String],
    /// The letters of the host of the post's address.
    host: String,
    languages: [&'static SpeakerWords; 2],
    /// Whether nouns have a capital in the language of the post.
    pub(super) has_capital_nouns: bool,
    index: OnceCell<NameIndex>,
}

/// A line that holds a person: `Jane Doe, Engineer at Acme`.
pub(super) struct PersonLine {
    pub(super) name: String,
    /// Whether something follows the name, such as an employer.
    pub(super) has_details: bool,
}

impl<'t> People<'t> {
    /// Prepares the people of a post.
    pub(super) fn new(
        title: &'t str,
        text: &'t str,
        authors: &'t [String],
        url: Option<&str>,
        language: Language,
    ) -> Self {
        let host =
            url.and_then(|url| url.split_once("://")?.1.split('/').next()).map(letters).unwrap_or_default();
        let languages = [&language.words().speakers, &Language::En.words().speakers];
        let has_capital_nouns = language.words().writing.capital_nouns;
        let index = OnceCell::new();
        Self { texts: [title, text], authors, host, languages, has_capital_nouns, index }
    }

    /// Whether a text has one of the words of a list.
    pub(super) fn has_word(&self, text: &str, list: fn(&SpeakerWords) -> &WordList) -> bool {
        let folded = FoldedText::fold(text);
        self.words(list).any(|word| folded.has(word))
    }

    /// The words of a list, in the language of the post and in English.
    pub(super) fn words(&self, list: fn(&SpeakerWords) -> &WordList) -> impl Iterator<Item = &'static str> {
        self.languages.into_iter().flat_map(move |words| list(words).iter())
    }

    /// Whether a label such as `Q` stands in a list.
    pub(super) fn is_listed(&self, label: &str, list: fn(&SpeakerWords) -> &WordList) -> bool {
        let label = label.to_lowercase();
        self.languages.iter().any(|words| list(words).contains(&label))
    }

    /// Whether a name is that of an author: the same letters, a handle, or a last name cut to its initial. A site with
    /// the name of a person is that person's.
    pub(super) fn is_author(&self, name: &str) -> bool {
        self.is_host(&letters(name)) || self.authors.iter().any(|author| is_same_person(author, name))
    }

    fn is_host(&self, letters: &str) -> bool {
        letters.len() >= MIN_HOST_NAME && self.host.contains(letters)
    }

    /// Whether a handle is that of an author. It has all letters of the name, since others share the first name.
    fn is_handle_of_author(&self, handle: &str) -> bool {
        let handle = letters(handle);
        let is_of = |author: &String| letters(author) == handle || is_short_form(author, &handle);
        self.is_host(&handle) || self.authors.iter().any(is_of)
    }

    /// Whether a text is the full name of a person. Words that the post also writes in lower case are in no name, nor are topics and
    /// projects.
    pub(super) fn is_person(&self, text: &str) -> bool {
        text.len() <= MAX_NAME
            && is_full_name(text)
            && !text.split(' ').any(is_joined)
            && text.split(' ').filter(|word| word.starts_with(char::is_uppercase)).count() <= MAX_NAME_WORDS
            && text.split_whitespace().filter(|word| !self.is_common(word)).count() >= 2
            && is_person_name(text)
    }

    /// Parses a line with a person and, after a separator, what they do.
    pub(super) fn person_line(&self, text: &str) -> Option<PersonLine> {
        let text = text.trim().trim_start_matches(['*', '_', '~']).trim();
        if text.len() > MAX_PERSON_LINE
            || text.ends_with(['?', '!', ':'])
            || text.contains(['“', '"', '„', '«'])
        {
            return None;
        }
        let end = end_of_name(text);
        let (name, rest) = text.split_at(end);
        let name = name.trim().trim_end_matches(['-', '–', '—']).trim();
        let has_details = rest.chars().any(char::is_alphanumeric);
        let name = self.spelled(self.without_word_before(name));
        self.is_person(&name).then_some(PersonLine { name, has_details })
    }

    /// Parses the name in an attribution, without the dash before it: `Jane Doe (@jane) May 1, 2019`. Behind a dash a
    /// single name or a handle counts too.
    pub(super) fn attributed_name(&self, text: &str) -> Option<String> {
        let text = text.trim().trim_start_matches(['*', '_', '~']).trim();
        if text.is_empty() || text.len() > MAX_PERSON_LINE {
            return None;
        }
        let (name, rest) = text.split_at(end_of_name(text));
        let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '.').trim();
        let handle = rest.split(['(', ')', ' ', ',']).find(|part| is_handle(part));
        // Authors embed their own messages, under whatever name.
        if let Some(handle) = handle.filter(|handle| self.is_handle_of_author(handle)) {
            return Some(handle.to_owned());
        }
        let name = self.without_word_before(name);
        if is_full_name(name) && name.len() <= MAX_NAME {
            return Some(self.spelled(self.without_common_end(name)));
        }
        let in_post = || self.name_of_handle(name).or_else(|| self.name_of_handle(handle?));
        match handle {
            Some(_) if in_post().is_some() => in_post(),
            // In an embedded message any name may stand before the handle.
            Some(_) if name.chars().filter(|c| c.is_alphabetic()).count() >= 3 && name.len() <= MAX_NAME => {
                Some(name.to_owned())
            }
            Some(handle) => Some(handle.to_owned()),
            None => self.full_name_of(name),
        }
    }

    /// Returns the full name of the post with this word; of several, the one that is clearly the most frequent.
    pub(super) fn full_name_of(&self, word: &str) -> Option<String> {
        let word = strip_genitive(word);
        if !word.starts_with(char::is_uppercase) || word.contains(' ') || self.is_common(word) {
            return None;
        }
        self.index().full_name_of(&word.to_lowercase()).map(str::to_owned)
    }

    /// Returns the full name of the post that a handle is made of.
    fn name_of_handle(&self, handle: &str) -> Option<String> {
        let letters = letters(handle);
        let index = self.index();
        index.full_name_of(&letters).or_else(|| index.name_of_handle(&letters)).map(str::to_owned)
    }

    /// Removes a word before a name: `By Jane Doe`.
    fn without_word_before<'n>(&self, name: &'n str) -> &'n str {
        let (first, rest) = name.split_once(' ').unwrap_or_default();
        if rest.contains(' ') && self.is_listed(first, |words| &words.before_names) { rest } else { name }
    }

    /// Removes words behind a name: `Jane Doe Yesterday`.
    fn without_common_end<'n>(&self, mut name: &'n str) -> &'n str {
        while let Some((before, last)) = name.rsplit_once(' ') {
            if !before.contains(' ') || !self.is_common(last) {
                break;
            }
            name = before;
        }
        name
    }

    /// Returns the only full name of the post with these initials.
    pub(super) fn name_with_initials(&self, initials: &str) -> Option<String> {
        let is_initials =
            (2..=3).contains(&initials.len()) && initials.chars().all(|c| c.is_ascii_uppercase());
        let name = if is_initials { self.index().name_with_initials(initials) } else { None };
        name.map(str::to_owned)
    }

    /// Returns the full names in a text, each once.
    pub(super) fn full_names(&self, text: &str) -> Vec<String> {
        let name = |run: Vec<&str>| strip_genitive(&self.index().without_common(&run).join(" ")).to_owned();
        let mut known: HashSet<String> = HashSet::new();
        let names = capitalised_runs(text).into_iter().map(name);
        names.filter(|name| self.is_person(name) && known.insert(name.clone())).collect()
    }

    /// Returns the people with whom a text announces an interview. A name there may have a word that the post also writes in
    /// lower case: "Interview with Jim Heron".
    pub(super) fn interviewed(&self, text: &str) -> Vec<String> {
        let mut names = self.full_names(text);
        if names.is_empty() && self.has_word(text, |words| &words.interviews) {
            let is_name = |run: &&Vec<&str>| {
                run.len() <= MAX_NAME_WORDS
                    && run.first().is_some_and(|first| !self.is_common(first))
                    && is_full_name(&run.join(" "))
                    && !run.iter().any(|word| is_joined(word))
            };
            let runs = capitalised_runs(text);
            names.extend(runs.iter().filter(is_name).map(|run| strip_genitive(&run.join(" ")).to_owned()));
        }
        names.retain(|name| !self.is_author(name));
        names
    }

    /// Returns the people whom a text names by one word of their names, or by all.
    pub(super) fn mentioned(&self, text: &str) -> Vec<String> {
        let mut names = self.full_names(text);
        if names.is_empty() {
            let mut known: HashSet<String> = HashSet::new();
            let words = capitalised_runs(text).concat();
            let of_words = words.into_iter().filter_map(|word| self.full_name_of(word));
            names.extend(of_words.filter(|name| known.insert(name.clone())));
        }
        names
    }

    /// Returns a name that is written in capitals as the post spells it elsewhere, else with small letters.
    fn spelled(&self, name: &str) -> String {
        if name.chars().any(char::is_lowercase) || !name.chars().any(char::is_uppercase) {
            return name.to_owned();
        }
        let small_letters = || {
            let words = name.split(' ').map(|word| {
                let mut chars = word.chars();
                chars
                    .next()
                    .map(|first| first.to_string() + &chars.as_str().to_lowercase())
                    .unwrap_or_default()
            });
            words.collect::<Vec<_>>().join(" ")
        };
        let known = self.index().spelling(&name.to_lowercase());
        known.map_or_else(small_letters, str::to_owned)
    }

    fn is_common(&self, word: &str) -> bool {
        self.index().is_common(&word.to_lowercase())
    }

    fn index(&self) -> &NameIndex {
        self.index.get_or_init(|| {
            let common = self.words(|words| &words.before_names).map(str::to_owned).collect();
            NameIndex::new(&self.texts, common)
        })
    }
}

/// Whether a word is made of several as those of products and events are: `CloudNativeCon`, but not `McDonald`.
pub(super) fn is_joined(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    letters.windows(2).skip(MAX_NAME_PREFIX).any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
}

/// Returns where the name at the start of a line ends.
fn end_of_name(text: &str) -> usize {
    const SEPARATORS: [&str; 22] = [
        "'s ", "’s ", ",", "(", "|", " – ", " — ", "—", " - ", " @", "/", ":", ";", "·", "•", " at ",
        " from ", " of ", " to ", " on ", " via ", "\n",
    ];
    let ends = SEPARATORS.iter().filter_map(|separator| text.find(separator));
    let digit = text.find(|c: char| c.is_ascii_digit());
    ends.chain(digit).min().unwrap_or(text.len())
}

fn is_handle(part: &str) -> bool {
    let name = part.strip_prefix('@');
    name.is_some_and(|name| {
        name.len() >= 2 && name.chars().all(|c| c.is_alphanumeric() || "_@.-".contains(c))
    })
}

/// Whether two names mean the same person: the same letters, a handle of the name, or an initial for a name.
pub(super) fn is_same_person(left: &str, right: &str) -> bool {
    let (a, b) = (letters(left), letters(right));
    if a == b || is_short_form(left, &b) || is_short_form(right, &a) {
        return true;
    }
    let words = |name: &str| -> Vec<String> { name.split_whitespace().map(letters).collect() };
    let (a, b) = (words(left), words(right));
    // A first name alone is how some sites name their authors.
    if let ([one], others) | (others, [one]) = (a.as_slice(), b.as_slice()) {
        return others.contains(one);
    }
    let (Some((a_first, a_last)), Some((b_first, b_last))) =
        (a.first().zip(a.last()), b.first().zip(b.last()))
    else {
        return false;
    };
    let is_initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    a_first == b_first && (a_last == b_last || is_initial(a_last, b_last) || is_initial(b_last, a_last))
}

pub(super) fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether some letters are a handle of a name of several words: `jdoe` or `janedoe` of `Jane Doe`.
fn is_short_form(name: &str, handle: &str) -> bool {
    let lower = name.to_lowercase();
    let mut words = lower.split_whitespace();
    let (Some(first), Some(last)) = (words.next(), words.next_back()) else { return false };
    handle_form(handle, first, last).is_some()
}
