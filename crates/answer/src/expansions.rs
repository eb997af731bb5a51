//! Finds what an abbreviation stands for: words whose first letters spell it, as "Custom Resource Definition" does "CRD".

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use crate::answer_type::detect_answer_type;
use crate::concepts::Concept;
use crate::question_syntax::{QuestionSyntax, is_question_word};
use takeaways_text::language::all_words;
use takeaways_text::script::is_cjk;
use takeaways_text::tokens::{
    folding::{fold, trim_punctuation},
    is_any_stop_word,
};

/// The maximum number of letters of an abbreviation.
const MAX_LETTERS: usize = 8;
/// The fewest letters of an abbreviation that capitals alone expand: any two words in capitals may spell "CI".
const MIN_LETTERS_OF_CAPITALS: usize = 3;
/// The maximum number of small words of an expansion that spell no letter: "Mean Time *to* Repair".
const MAX_SMALL_WORDS: usize = 2;
/// The maximum number of bytes between two words of an expansion: a space, a hyphen or a mark of emphasis.
const MAX_GAP: usize = 3;
/// The minimum number of letters of an abbreviation that is told by its capitals: KIND.
const MIN_LETTERS: usize = 3;
/// Signs after a name or an abbreviation that introduce what it means, in every language.
pub(crate) const DEFINITION_SIGNS: [&str; 5] = ["(", "- ", "– ", "— ", ": "];

/// The forms of questions for an expansion, in all languages: `what does * stand for`.
static FORMS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.expansion));

/// Whether a concept is one of the words with which questions ask what something means: `stand for`.
pub(crate) fn is_word_of_request(concept: &Concept) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let meaning = all_words(|words| &words.questions.meaning);
        FORMS.iter().copied().chain(meaning).flat_map(str::split_whitespace).collect()
    });
    let is_one = |word: &str| WORDS.contains(word.to_lowercase().as_str());
    // Without blanks a form is more than a word: の略.
    let is_part = |word: &str| word.contains(is_cjk) && FORMS.iter().any(|form| form.contains(word));
    let mut words = concept.text.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| is_one(word) || is_part(word))
}

/// Whether a word is in capitals, as abbreviations are.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    word.len() >= MIN_LETTERS && word.chars().all(char::is_uppercase)
}

/// Whether a stop word of a question is an abbreviation whose meaning it asks for: "what is KIND?" A question word may be stressed so,
/// and a question may be in capitals.
pub(crate) fn is_stressed_abbreviation(at: usize, syntax: &QuestionSyntax) -> bool {
    let Some(word) = syntax.words.get(at).map(|word| word.text.as_str()) else { return false };
    let asks_for_meaning = || detect_answer_type(&syntax.words, &syntax.text).is_meaning();
    is_abbreviation(word)
        && !is_question_word(&fold(word))
        && syntax.text.contains(char::is_lowercase)
        && asks_for_meaning()
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
/// abbreviation: "service-level objectives (SLOs)". One with digits needs words right after it: "N2WS – Nightly …".
pub(crate) fn has_expansion(text: &str, abbreviation: &str) -> bool {
    let spellings = spellings(abbreviation);
    if spellings.is_empty() {
        return is_explained(text, abbreviation);
    }
    let (words, abbreviation) = (words_of(text), fold(abbreviation));
    spellings.iter().any(|letters| {
        let mut speller = Speller { words: &words, letters, known: HashMap::new() };
        (0..words.len()).any(|start| {
            let Some(len) = speller.len_from(start, 0, MAX_SMALL_WORDS) else { return false };
            let Some(spelling) = words.get(start..start + len).filter(|_| len > 1) else { return false };
            let (Some(first), Some(last)) = (spelling.first(), spelling.last()) else { return false };
            let has_capitals = || {
                let is_inside = |at: usize| at > 0 && at + 1 < len;
                // "Infrastructure as Code", but not "CD is", nor the `Con` of "KubeCon", nor "I".
                let counts = |(at, word): (usize, &Word<'_>)| {
                    word.text.starts_with(char::is_uppercase) && word.folded != ['i']
                        || is_inside(at) && word.is_small
                };
                letters.len() >= MIN_LETTERS_OF_CAPITALS
                    && first.begins
                    && spelling.iter().enumerate().all(counts)
            };
            // "CI in CD" does not expand CI.
            let has_itself =
                || spelling.iter().any(|word| word.folded.iter().copied().eq(abbreviation.chars()));
            let range = first.range.start..last.range.end;
            !has_itself() && (has_capitals() || is_beside(text, &range, &abbreviation))
        })
    })
}

/// A word of a text, or a part of one: `HorizontalPodAutoscaler` has three.
struct Word<'t> {
    text: &'t str,
    range: Range<usize>,
    folded: Vec<char>,
    is_small: bool,
    /// Whether it is no later part of a word.
    begins: bool,
    /// Whether it is near the word before it, with no sign between that ends a phrase.
    goes_on: bool,
}

fn words_of(text: &str) -> Vec<Word<'_>> {
    let mut ranges: Vec<(Range<usize>, bool)> = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let is_inside = before.is_alphanumeric();
        let goes_on = is_inside && !(before.is_lowercase() && c.is_uppercase());
        match ranges.last_mut() {
            _ if !c.is_alphanumeric() => {}
            Some((word, _)) if goes_on => word.end = at + c.len_utf8(),
            _ => ranges.push((at..at + c.len_utf8(), !is_inside)),
        }
        before = c;
    }
    let mut end = 0;
    let word = |(range, begins): (Range<usize>, bool)| {
        let (word, gap) = (&text[range.clone()], &text[end..range.start]);
        let ends_phrase = gap.contains(['.', ',', ';', ':', '!', '?', '(', ')', '\n']);
        end = range.end;
        Word {
            text: word,
            folded: fold(word).chars().collect(),
            is_small: is_any_stop_word(&word.to_lowercase()),
            begins,
            goes_on: gap.len() <= MAX_GAP && !ends_phrase,
            range,
        }
    };
    ranges.into_iter().map(word).collect()
}

/// Spells an abbreviation with the words of a text.
struct Speller<'t> {
    words: &'t [Word<'t>],
    letters: &'t [char],
    /// What is known of a word, the letters before it, and the small words that may follow. Without it a text of letters would take
    /// exponential time.
    known: HashMap<(usize, usize, usize), Option<usize>>,
}

impl Speller<'_> {
    /// The number of words from one on that spell the letters after the first `done`, each by its first letter. At most `small` small
    /// words spell none, "Mean Time *to* Repair", and words in capitals may spell all of theirs: "Kubernetes IN Docker" is KIND.
    fn len_from(&mut self, at: usize, done: usize, small: usize) -> Option<usize> {
        if let Some(known) = self.known.get(&(at, done, small)) {
            return *known;
        }
        let (word, left) = (self.words.get(at)?, self.letters.get(done..)?);
        // An abbreviation does not expand itself.
        let is_in_capitals = word.text.chars().all(char::is_uppercase);
        let all = Some(word.folded.len()).filter(|len| is_in_capitals && (2..left.len()).contains(len));
        let skipped = (small > 0 && word.is_small).then_some(0);
        let counts = [Some(1), all, skipped].into_iter().flatten();
        let mut found = None;
        for count in counts.filter(|count| word.folded.get(..*count).is_some_and(|own| left.starts_with(own)))
        {
            if count == left.len() {
                found = Some(1);
                break;
            }
            if self.words.get(at + 1).is_some_and(|next| next.goes_on) {
                let small = if count == 0 { small - 1 } else { small };
                found = self.len_from(at + 1, done + count, small).map(|len| len + 1);
            }
            if found.is_some() {
                break;
            }
        }
        self.known.insert((at, done, small), found);
        found
    }
}

/// Whether an abbreviation stands in brackets after some words, or before them with brackets around them, or is said to stand for
/// them.
fn is_beside(text: &str, words: &Range<usize>, abbreviation: &str) -> bool {
    let quotes = ['"', '“', '”', '*', '_', ' '];
    let is_it = |word: &str| {
        let word = fold(trim_punctuation(word));
        word == abbreviation
            || word.strip_suffix('s') == Some(abbreviation)
            || abbreviation.strip_suffix('s') == Some(&word)
    };
    let after = text[words.end..].trim_start_matches(quotes).strip_prefix('(');
    let before = text[..words.start].trim_end_matches(quotes);
    let bracketed = before.strip_suffix('(').map(str::trim_end);
    let said = || {
        let forms = FORMS.iter().filter(|form| !form.contains('*'));
        let mut rests = forms.filter_map(|form| {
            let (rest, end) = before.split_at_checked(before.len().checked_sub(form.len())?)?;
            end.eq_ignore_ascii_case(form).then_some(rest.trim_end())
        });
        rests.next()
    };
    after.is_some_and(|after| after.split([')', ' ', ',', ';']).next().is_some_and(is_it))
        || bracketed
            .or_else(said)
            .is_some_and(|before| before.split_whitespace().next_back().is_some_and(is_it))
}

/// Whether a sign and a word with the same first letter stand after an abbreviation: "k8s (Kubernetes)".
fn is_explained(text: &str, abbreviation: &str) -> bool {
    let first = fold(abbreviation).chars().next();
    text.match_indices(abbreviation).any(|(at, name)| {
        let after = text[at + name.len()..].trim_start();
        let words = DEFINITION_SIGNS.iter().find_map(|sign| after.strip_prefix(sign));
        words.is_some_and(|words| {
            words.starts_with(char::is_uppercase)
                && fold(words.split(' ').next().unwrap_or_default()).chars().next() == first
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_letters_takes_no_long_time() {
        assert!(!has_expansion(&"A ".repeat(20_000), "AAAAAAAB"));
    }

    #[test]
    fn first_letters_spell_an_abbreviation() {
        for (text, abbreviation, expected) in [
            ("They announced the Service Mesh Interface today.", "SMI", true),
            ("They ran KIND (Kubernetes IN Docker) at home.", "kind", true),
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
            ("They have N2WS – Nightly Weather Service – now.", "N2WS", true),
            ("YES!! Rook again on a slide.", "k8s", false),
            ("At KubeCon I was glad.", "CI", false),
            ("The Open Container Initiative met.", "CI", false),
            ("Continuous Integration (CI) is old.", "CI", true),
            ("It went well. The SPOS group met.", "SPOS", false),
            ("The Special Purpose Operating group met.", "SPOS", false),
            ("The Special Purpose Operating System group met.", "SPOS", true),
            ("extended Berkeley Packet Filter (eBPF)", "ebpf", true),
        ] {
            assert_eq!(has_expansion(text, abbreviation), expected, "{text}: {abbreviation}");
        }
    }
}
