//! Finds what an abbreviation stands for: words whose first letters spell it, as "Custom Resource Definition" does "CRD".

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use crate::concepts::Concept;
use takeaways_text::language::all_words;
use takeaways_text::tokens::{folding::fold, is_any_stop_word};

/// The maximum number of letters of an abbreviation.
const MAX_LETTERS: usize = 8;
/// The maximum number of small words of an expansion that spell no letter. A text may have only such words.
const MAX_SMALL_WORDS: usize = 2;
/// The maximum number of bytes between two words of an expansion: a space, a hyphen or a mark of emphasis.
const MAX_GAP: usize = 3;

/// The forms of questions for an expansion, in all languages: `what does * stand for`.
static FORMS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.expansion));

/// Whether a concept is one of the words with which questions ask what something means: `stand for`.
pub(crate) fn is_word_of_request(concept: &Concept) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let meaning = all_words(|words| &words.questions.meaning);
        FORMS.iter().copied().chain(meaning).flat_map(str::split_whitespace).collect()
    });
    let mut words = concept.text.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| WORDS.contains(word.to_lowercase().as_str()))
}

/// The minimum number of letters of an abbreviation that is told by its capitals: KIND.
const MIN_LETTERS: usize = 3;

/// Whether a word is in capitals, as abbreviations are.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    word.len() >= MIN_LETTERS && word.chars().all(char::is_uppercase)
}

/// Whether the words for an abbreviation are told by their first letters: SMI, SLOs. Digits mean more than one thing.
pub(crate) fn is_spelled_by_words(abbreviation: &str) -> bool {
    !spellings(abbreviation).is_empty()
}

/// The letters that an abbreviation may stand for; none if it has other signs, or too few or too many letters.
fn spellings(abbreviation: &str) -> Vec<Vec<char>> {
    let mut letters: Vec<char> = fold(abbreviation).chars().collect();
    if !letters.iter().all(|c| c.is_alphabetic()) {
        return Vec::new();
    }
    let mut spellings = vec![letters.clone()];
    // "SLOs" are several; the S of DNS is a letter of its own.
    if letters.last() == Some(&'s') && !abbreviation.ends_with('S') {
        letters.pop();
        spellings.push(letters);
    }
    spellings.retain(|letters| (2..=MAX_LETTERS).contains(&letters.len()));
    spellings
}

/// Whether a text tells what an abbreviation stands for. Words with capitals do so wherever they stand; others only beside the
/// abbreviation: "service-level objectives (SLOs)".
pub(crate) fn has_expansion(text: &str, abbreviation: &str) -> bool {
    let spellings = spellings(abbreviation);
    if spellings.is_empty() {
        return false;
    }
    let (words, abbreviation) = (words_of(text), fold(abbreviation));
    let expands = |start: usize, letters: &[char]| {
        let len = spelled_len(text, &words[start..], letters, MAX_SMALL_WORDS)?;
        let spelling = words.get(start..start + len)?;
        let range = spelling.first()?.start..spelling.last()?.end;
        let has_capitals = spelling.iter().enumerate().all(|(at, word)| {
            let word = &text[word.clone()];
            // "Infrastructure as Code", but not "CD is".
            let is_inside = at > 0 && at + 1 < len;
            word.starts_with(char::is_uppercase) || is_inside && is_any_stop_word(word)
        });
        // "CI in CD" does not expand CI.
        let has_itself = spelling.iter().any(|word| fold(&text[word.clone()]) == abbreviation);
        Some(len > 1 && !has_itself && (has_capitals || is_beside(text, &range, &abbreviation)))
    };
    spellings.iter().any(|letters| (0..words.len()).any(|start| expands(start, letters) == Some(true)))
}

/// The words of a text. `HorizontalPodAutoscaler` is three.
fn words_of(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let goes_on = before.is_alphanumeric() && !(before.is_lowercase() && c.is_uppercase());
        match words.last_mut() {
            _ if !c.is_alphanumeric() => {}
            Some(word) if goes_on => word.end = at + c.len_utf8(),
            _ => words.push(at..at + c.len_utf8()),
        }
        before = c;
    }
    words
}

/// The number of words from the first one on that spell these letters, each by its first letter. Small words may spell none, "Mean
/// Time *to* Repair", at most `small` of them, and words in capitals all of theirs: "Kubernetes IN Docker" is KIND.
fn spelled_len(text: &str, words: &[Range<usize>], letters: &[char], small: usize) -> Option<usize> {
    let (word, rest) = words.split_first()?;
    let are_near = |next: &Range<usize>| {
        let gap = &text[word.end..next.start];
        gap.len() <= MAX_GAP && !gap.contains(['.', ',', ';', ':', '!', '?', '(', ')', '\n'])
    };
    let rest = if rest.first().is_some_and(are_near) { rest } else { &[] };
    let word = &text[word.clone()];
    let own: Vec<char> = fold(word).chars().collect();
    // An abbreviation does not expand itself.
    let is_in_capitals = own.len() < letters.len() && word.chars().all(char::is_uppercase);
    let is_small = small > 0 && is_any_stop_word(&word.to_lowercase());
    let counts = [Some(1), is_in_capitals.then_some(own.len()), is_small.then_some(0)];
    counts.into_iter().flatten().find_map(|count| {
        let left = letters.strip_prefix(own.get(..count)?)?;
        let small = if count == 0 { small - 1 } else { small };
        if left.is_empty() { Some(1) } else { spelled_len(text, rest, left, small).map(|len| len + 1) }
    })
}

/// Whether an abbreviation stands in brackets after some words, or before them with brackets around them, or is said to stand for
/// them.
fn is_beside(text: &str, words: &Range<usize>, abbreviation: &str) -> bool {
    let quotes = ['"', '“', '”', '*', '_', ' '];
    let is_it = |word: &str| {
        let word = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
        singular(&word) == singular(abbreviation)
    };
    let after = text[words.end..].trim_start_matches(quotes).strip_prefix('(');
    let before = text[..words.start].trim_end_matches(quotes);
    let bracketed = before.strip_suffix('(').map(str::trim_end);
    let said = || {
        let rest_before =
            |form: &&str| before.len().checked_sub(form.len()).and_then(|at| before.split_at_checked(at));
        let forms = FORMS.iter().filter_map(|form| Some((form, rest_before(form)?)));
        forms.into_iter().find(|(form, (_, end))| end.eq_ignore_ascii_case(form)).map(|(_, (start, _))| start)
    };
    after.is_some_and(|after| after.split([')', ' ', ',', ';']).next().is_some_and(is_it))
        || bracketed
            .map_or_else(|| said().map(str::trim_end), Some)
            .is_some_and(|before| before.split_whitespace().next_back().is_some_and(is_it))
}

/// A folded word without the ending of a plural.
fn singular(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_letters_spell_an_abbreviation() {
        for (text, abbreviation, expected) in [
            ("They announced the Service Mesh Interface today.", "SMI", true),
            ("The KIND (Kubernetes IN Docker) team gave two talks.", "kind", true),
            ("Kind of nice in Dublin.", "KIND", false),
            ("We set service-level objectives (SLOs) for it.", "SLO", true),
            ("We set service-level objectives for it.", "SLO", false),
            ("SLO stands for service level objective.", "SLO", true),
            ("An SLO (a service level objective) is a promise.", "SLO", true),
            ("An SLO (service level objective) is a promise.", "SLOs", true),
            ("It scales with a HorizontalPodAutoscaler.", "HPA", true),
            ("The Mean Time to Repair fell.", "MTTR", true),
            ("The Mean Time to Repair fell.", "MTR", true),
            ("Infrastructure as Code is old.", "IaC", true),
            ("Service Mesh. Interface", "SMI", false),
            ("The mesh is young.", "SMI", false),
            ("Ada", "A", false),
            ("The talk was about eBPF and SMI.", "eBPF", false),
            ("With SMI they built it.", "SMI", false),
            ("But CD is not easy.", "CI", false),
            ("An instance of Elastic Compute Cloud", "EC2", false),
            ("It went well. The SPOS group met.", "SPOS", false),
            ("The Special Purpose Operating group met.", "SPOS", false),
            ("The Special Purpose Operating System group met.", "SPOS", true),
            ("extended Berkeley Packet Filter (eBPF)", "ebpf", true),
        ] {
            assert_eq!(has_expansion(text, abbreviation), expected, "{text}: {abbreviation}");
        }
    }
}
