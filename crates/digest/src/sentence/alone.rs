//! Whether a sentence can be read by itself.

use std::sync::LazyLock;

use super::words::{Folded, Phrases, is_unspaced};
use takeaways_text::model::{Block, Language, Post, Sentence};

/// How long a sentence may be, in characters: shorter ones say little, longer ones are no single thing to read.
const LENGTH: std::ops::RangeInclusive<usize> = 50..=240;
/// The same where a character is a syllable or a word.
const LENGTH_UNSPACED: std::ops::RangeInclusive<usize> = 20..=120;
/// The fewest words of a sentence.
const WORDS: usize = 8;
/// A list of so many commas is not read.
const COMMAS: usize = 5;

/// A link of so many bytes is a title, a shorter one a name.
const HEADING_LINK: usize = 25;

/// Words that point at what stands before, where they begin a sentence.
static POINTING: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(|words| &words.digest.leaning_openings));
/// What points outside of the sentence wherever it stands.
static ELSEWHERE: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::of(|words| &words.digest.references_elsewhere));

/// Whether a sentence stands for itself: of readable length, whole, no question, and not leaning on its neighbours.
pub(super) fn is_whole(post: &Post, block: &Block, sentence: &Sentence, folded: &Folded) -> bool {
    let text = post.body.slice(sentence.span);
    has_length(text, post.language)
        && has_form(text)
        && !leans(folded)
        && !is_list_that_is_led_into(block)
        && !is_mostly_links(post, sentence)
}

fn has_length(text: &str, language: Language) -> bool {
    let chars = text.chars().count();
    if text.chars().filter(|c| is_unspaced(*c)).count() * 3 > chars && language != Language::Ko {
        return LENGTH_UNSPACED.contains(&chars);
    }
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let fewest = if language == Language::Ko { WORDS / 2 } else { WORDS };
    let shortest = if language == Language::Ko { LENGTH_UNSPACED } else { LENGTH };
    (*shortest.start()..=*LENGTH.end()).contains(&chars) && words >= fewest
}

/// Begins as a sentence does and ends as a statement does, with its brackets and quotation marks closed, and nothing in
/// it that belongs to code or to addresses.
fn has_form(text: &str) -> bool {
    let first = text.trim_start_matches(['"', '“', '„', '«', '「', '\'', '‘']).chars().next();
    let begins =
        first.is_some_and(|c| c.is_uppercase() || c.is_numeric() || c.is_alphabetic() && !c.is_lowercase());
    let last = text.trim_end_matches(['"', '”', '“', '»', '」', '\'', '’', ')', '）']).chars().next_back();
    let ends = last.is_some_and(|c| matches!(c, '.' | '!' | '。' | '！' | '．'));
    let is_cut = text.ends_with("...")
        || text.contains('…')
        || text.contains("://")
        || text.contains("www.")
        || text.contains("---")
        || text.starts_with('‘');
    let is_code = text.contains(['{', '}', '<', '>', '|', '\\', '=', '$', '`', '#']) || text.contains("->");
    let asks = text.contains(['?', '？']);
    let commas = text.matches([',', '、', '，', ';']).count();
    begins && ends && !is_cut && !is_code && !asks && commas < COMMAS && is_balanced(text)
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
    // „…“ of German closes with what opens “…”.
    let quotes = text.matches(['“', '”', '„']).count().is_multiple_of(2);
    text.matches('"').count().is_multiple_of(2)
        && quotes
        && [pairs[0], pairs[1], pairs[3]].into_iter().all(closes)
}

/// Whether it points at something that stands elsewhere.
fn leans(folded: &Folded) -> bool {
    POINTING.begin(folded) || ELSEWHERE.any(folded)
}

/// An item that its list's first line has to introduce is no sentence of its own.
fn is_list_that_is_led_into(block: &Block) -> bool {
    block.lead_in.is_some() && block.depth > 1
}

/// Whether half of it or more is link text, or it begins with a longer one, as in a list of links with comments: it is there
/// to be followed.
fn is_mostly_links(post: &Post, sentence: &Sentence) -> bool {
    let links = &post.body.links;
    let from = links.partition_point(|link| link.span.end() <= sentence.span.start());
    let inside = links[from..].iter().take_while(|link| link.span.start() < sentence.span.end());
    let linked: usize = inside.map(|link| link.span.len()).sum();
    let begins_with_one = links
        .get(from)
        .is_some_and(|link| link.span.start() <= sentence.span.start() && link.span.len() >= HEADING_LINK);
    begins_with_one || linked * 2 >= sentence.span.len()
}
