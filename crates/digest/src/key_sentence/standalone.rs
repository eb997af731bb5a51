//! Decides whether a sentence can be read by itself.

use std::sync::LazyLock;

use super::phrase_match::{FoldedText, PhraseSet, is_unspaced};
use takeaways_text::model::{Block, Language, Post, Sentence};

/// Length of a readable sentence, in characters.
const CHARS: std::ops::RangeInclusive<usize> = 50..=240;
/// The same for scripts in which a character is a syllable or a word.
const UNSPACED_CHARS: std::ops::RangeInclusive<usize> = 20..=120;
/// The fewest words of a sentence.
const MIN_WORDS: usize = 8;
/// A sentence with this number of commas is a list.
const MAX_COMMAS: usize = 5;

/// A link of at least this length is a title, a shorter one a name.
const LONG_LINK_BYTES: usize = 25;

/// Words that refer to the text before if they begin a sentence.
static LEANING_OPENINGS: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.leaning_openings));
/// Words that refer to other text, anywhere in a sentence.
static REFERENCES_ELSEWHERE: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.references_elsewhere));

/// Whether a sentence can be read by itself: it has a readable length and is a whole statement without references to
/// other text.
pub(super) fn is_standalone(post: &Post, block: &Block, sentence: &Sentence, folded: &FoldedText) -> bool {
    let text = post.body.slice(sentence.span);
    has_readable_length(text, post.language)
        && has_statement_form(text)
        && !has_dangling_reference(folded)
        && !is_nested_list_item(block)
        && !is_mostly_links(post, sentence)
}

fn has_readable_length(text: &str, language: Language) -> bool {
    let chars = text.chars().count();
    if text.chars().filter(|c| is_unspaced(*c)).count() * 3 > chars && language != Language::Ko {
        return UNSPACED_CHARS.contains(&chars);
    }
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let fewest = if language == Language::Ko { MIN_WORDS / 2 } else { MIN_WORDS };
    let shortest = if language == Language::Ko { UNSPACED_CHARS } else { CHARS };
    (*shortest.start()..=*CHARS.end()).contains(&chars) && words >= fewest
}

/// Whether a text begins as a sentence and ends as a statement, with its brackets and quotation marks closed and
/// without code, questions or addresses.
fn has_statement_form(text: &str) -> bool {
    let first = text.trim_start_matches(['"', '“', '„', '«', '「', '\'', '‘']).chars().next();
    let has_start =
        first.is_some_and(|c| c.is_uppercase() || c.is_numeric() || c.is_alphabetic() && !c.is_lowercase());
    let last = text.trim_end_matches(['"', '”', '“', '»', '」', '\'', '’', ')', '）']).chars().next_back();
    let has_end = last.is_some_and(|c| matches!(c, '.' | '!' | '。' | '！' | '．'));
    let is_cut = text.ends_with("...")
        || text.contains('…')
        || text.contains("://")
        || text.contains("www.")
        || text.contains("---")
        || text.starts_with('‘');
    let is_code = text.contains(['{', '}', '<', '>', '|', '\\', '=', '$', '`', '#']) || text.contains("->");
    let is_question = text.contains(['?', '？']);
    let commas = text.matches([',', '、', '，', ';']).count();
    has_start && has_end && !is_cut && !is_code && !is_question && commas < MAX_COMMAS && is_balanced(text)
}

fn is_balanced(text: &str) -> bool {
    let count = |marks: [char; 2]| text.matches(marks).count();
    let pairs = [
        (['(', '（'], [')', '）']),
        (['[', '「'], [']', '」']),
        (['“', '„'], ['”', '”']),
        (['«', '«'], ['»', '»']),
    ];
    let closes = |(open, close): ([char; 2], [char; 2])| count(open) == count(close);
    // German „…“ closes with the mark that opens “…”.
    let quotes = text.matches(['“', '”', '„']).count().is_multiple_of(2);
    text.matches('"').count().is_multiple_of(2)
        && quotes
        && [pairs[0], pairs[1], pairs[3]].into_iter().all(closes)
}

/// Whether a sentence refers to other text.
fn has_dangling_reference(folded: &FoldedText) -> bool {
    LEANING_OPENINGS.begins(folded) || REFERENCES_ELSEWHERE.is_in(folded)
}

/// Whether a block is an item of a nested list, which needs the line that introduces it.
fn is_nested_list_item(block: &Block) -> bool {
    block.lead_in.is_some() && block.depth > 1
}

/// Whether a sentence is mostly link text, or begins with a long link as in a list of links with comments.
fn is_mostly_links(post: &Post, sentence: &Sentence) -> bool {
    let links = &post.body.links;
    let first = links.partition_point(|link| link.span.end() <= sentence.span.start());
    let inside = links[first..].iter().take_while(|link| link.span.start() < sentence.span.end());
    let linked: usize = inside.map(|link| link.span.len()).sum();
    let begins_with_one = links
        .get(first)
        .is_some_and(|link| link.span.start() <= sentence.span.start() && link.span.len() >= LONG_LINK_BYTES);
    begins_with_one || linked * 2 >= sentence.span.len()
}
