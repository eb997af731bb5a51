//! What a person typed, taken apart: words, phrases in quotes, words to leave out, prefixes.
//!
//! Words in quotes, that have to stand in an excerpt as they were typed.

use crate::parse::{Script, split_by_script};
use std::ops::Range;
use takeaways_text::{
    model::{Post, Span},
    tokens::{folding::fold, strip_elision},
};

/// A typed question in parts. Ranges count bytes of the normalised text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuestionSyntax {
    /// The question with typographic quotes and odd white space made plain; prefixes and left-out words
    /// are blanked, so that ranges stay true.
    pub text: String,
    /// Words in order, phrases' words included.
    pub words: Vec<QuestionWord>,
    /// Runs of words that stood in quotes, as indices into `words`.
    pub phrases: Vec<Range<usize>>,
    /// Words and phrases behind a minus.
    pub excluded: Vec<String>,
    /// `author:` values.
    pub authors: Vec<String>,
    /// `event:` values.
    pub events: Vec<String>,
    /// `year:` values.
    pub years: Vec<String>,
}

/// A word as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionWord {
    /// Without punctuation at its ends.
    pub text: String,
    /// Where it stands.
    pub range: Range<usize>,
}

/// The most words of a question that are read. A pasted page asks no more than its beginning does, and the
/// cost of a search grows with them.
const MAX_WORDS: usize = 64;

/// Takes a typed question apart. Never fails: an unbalanced quote or a lone minus is just punctuation.
#[must_use]
pub fn parse_syntax(question: &str) -> QuestionSyntax {
    let mut typed = QuestionSyntax { text: normalise(question), ..QuestionSyntax::default() };
    take_prefixes(&mut typed);
    take_without(&mut typed);
    let quotes = quoted_ranges(&typed.text);
    typed.words = split_words(&typed.text);
    typed.phrases = quotes.iter().filter_map(|range| words_within(&typed.words, range)).collect();
    typed
}

/// Curly and other quotes become straight ones, every white space a blank.
fn normalise(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」' | '『' | '』' | '＂' => '"',
            '‘' | '’' | '‚' | '‛' | '＇' => '\'',
            '–' | '—' | '−' => '-',
            c if c.is_whitespace() || c.is_control() => ' ',
            c => c,
        })
        .collect()
}

/// Takes `author:`, `event:` and `year:` with their values out of the text.
fn take_prefixes(typed: &mut QuestionSyntax) {
    let mut from = 0;
    while let Some((start, name, value_at)) = next_prefix(&typed.text, from) {
        let (value, end) = prefix_value(&typed.text, value_at);
        from = end.max(value_at);
        if value.is_empty() {
            continue;
        }
        match name {
            "author" => typed.authors.push(value),
            "event" => typed.events.push(value),
            _ => typed.years.push(value),
        }
        blank_out(&mut typed.text, start..end);
    }
}

/// The next known prefix at or after `from`: where it starts, its name, and where its value starts.
fn next_prefix(text: &str, from: usize) -> Option<(usize, &'static str, usize)> {
    text.match_indices(':').filter(|&(colon, _)| colon >= from).find_map(|(colon, _)| {
        let head = &text[..colon];
        ["author", "event", "year"].into_iter().find_map(|name| {
            let start = colon.checked_sub(name.len())?;
            let typed = head.get(start..)?;
            let free = start == 0 || text[..start].ends_with(' ');
            (free && typed.eq_ignore_ascii_case(name)).then_some((start, name, colon + 1))
        })
    })
}

/// A value in quotes, else up to the next blank; and where it ends.
fn prefix_value(text: &str, at: usize) -> (String, usize) {
    let rest = &text[at..];
    if let Some(inside) = rest.strip_prefix('"')
        && let Some(close) = inside.find('"')
    {
        return (inside[..close].trim().to_owned(), at + close + 2);
    }
    let end = rest.find(' ').unwrap_or(rest.len());
    (rest[..end].trim_matches(['"', ',', '?']).to_owned(), at + end)
}

/// Takes words and phrases with a minus before them out of the text: `-docker` and `-"access control"`, but not
/// `co-located` and not ` - `.
fn take_without(typed: &mut QuestionSyntax) {
    let mut from = 0;
    while let Some(at) = typed.text.get(from..).and_then(|rest| rest.find('-')).map(|at| from + at) {
        from = at + 1;
        let is_free = at == 0 || typed.text[..at].ends_with(' ');
        let rest = &typed.text[at + 1..];
        if !is_free || !rest.starts_with(|c: char| c.is_alphanumeric() || c == '"') {
            continue;
        }
        let (said, end) = prefix_value(&typed.text, at + 1);
        let said = said.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        if !said.is_empty() {
            blank_out(&mut typed.text, at..end);
            typed.excluded.push(said);
            from = end;
        }
    }
}

/// Overwrites a range with blanks, so that all other ranges stay true.
fn blank_out(text: &mut String, range: Range<usize>) {
    let blanks = " ".repeat(range.len());
    text.replace_range(range, &blanks);
}

/// What stands between two straight double quotes.
fn quoted_ranges(text: &str) -> Vec<Range<usize>> {
    let marks: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    marks.chunks_exact(2).map(|pair| pair[0] + 1..pair[1]).collect()
}

/// Words at white space and at punctuation that joins none; `k8s.af`, `CI/CD`, `C++`, `1&1` stay whole.
fn split_words(text: &str) -> Vec<QuestionWord> {
    let mut out = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || SEPARATORS.contains(&c)) {
        let inner = piece.trim_end_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c));
        let trimmed = trim_word(inner);
        if trimmed.contains(char::is_alphanumeric) {
            let start = at + offset_in(inner, trimmed);
            out.extend(split_by_script(trimmed).into_iter().map(|part| {
                let word = strip_elision(&trimmed[part.clone()]);
                let end = start + part.end;
                QuestionWord { text: word.to_owned(), range: end - word.len()..end }
            }));
        }
        at += piece.len();
        if out.len() >= MAX_WORDS {
            break;
        }
    }
    out.truncate(MAX_WORDS);
    out
}

const SEPARATORS: &[char] = &[
    '"', '(', ')', '[', ']', '{', '}', '<', '>', ',', ';', '?', '!', '|', '、', '。', '？', '！', '，', '：',
    '（', '）', '・', '…', '*', '`', '~', '^',
];

/// Takes punctuation off the ends; `C++`, `C#` and `.NET` keep theirs, and `Bob's` and `KubeCon'19` their middle.
fn trim_word(word: &str) -> &str {
    let start = word.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let start = match start.strip_prefix('.') {
        Some(rest) if !rest.starts_with(char::is_alphabetic) => rest.trim_start_matches('.'),
        _ => start,
    };
    start.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#')
}

/// Where `inner`, a slice of `outer`, starts in it.
fn offset_in(outer: &str, inner: &str) -> usize {
    inner.as_ptr() as usize - outer.as_ptr() as usize
}

/// The words that lie within a range of bytes, as a range of indices; `None` where there are none.
fn words_within(words: &[QuestionWord], range: &Range<usize>) -> Option<Range<usize>> {
    let first = words.iter().position(|word| word.range.start >= range.start)?;
    let end = words.iter().rposition(|word| word.range.end <= range.end)? + 1;
    (first < end).then_some(first..end)
}

/// Words that have to stand side by side, whatever their case, accents and punctuation; the last one may go on
/// ("service mesh" is in "service meshes").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedPhrase(String);

impl QuotedPhrase {
    /// Of the words of a question at some places; `None` for a single word, which counts in all its forms.
    #[must_use]
    pub fn new(typed: &QuestionSyntax, words: &Range<usize>) -> Option<Self> {
        let words = typed.words.get(words.clone()).filter(|words| words.len() > 1)?;
        let text = folded_words(typed.text.get(words.first()?.range.start..words.last()?.range.end)?);
        // A stretch without blanks may begin anywhere.
        let is_stretch = text.chars().nth(1).is_some_and(|c| Script::of_char(c).uses_bigrams());
        Some(Self(if is_stretch { text.trim_start().to_owned() } else { text }))
    }

    /// Whether it stands in what is shown of a post: in one of these spans, the title, or a heading over the section.
    #[must_use]
    pub fn is_shown_in(&self, post: &Post, section: u32, spans: &[Span]) -> bool {
        let body = &post.body;
        let shown = spans.iter().map(|span| body.slice(*span)).chain(post.title.as_deref());
        shown.chain(body.heading_path(section)).any(|text| self.is_in(text))
    }

    fn is_in(&self, text: &str) -> bool {
        folded_words(text).contains(&self.0)
    }
}

/// A text's words without case, accents and punctuation, a blank before each.
fn folded_words(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.flat_map(|word| [" ", word]).collect()
}

#[cfg(test)]
mod tests {
    use super::{parse_syntax, *};

    fn texts(typed: &QuestionSyntax) -> Vec<&str> {
        typed.words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn words_keep_what_belongs_to_them() {
        for (question, expected) in [
            ("what is k8s.af?", vec!["what", "is", "k8s.af"]),
            ("CI/CD, C++ & C#!", vec!["CI/CD", "C++", "C#"]),
            ("1&1 and KubeCon'19", vec!["1&1", "and", "KubeCon'19"]),
            ("v1.16... or .NET", vec!["v1.16", "or", ".NET"]),
            ("会場はどこですか？", vec!["会場", "はどこですか"]),
            ("qu'est-ce qu'on dit d'Istio", vec!["est-ce", "on", "dit", "Istio"]),
            ("what's O'Reilly's view?", vec!["what's", "O'Reilly's", "view"]),
            ("🎉 !!!", vec![]),
        ] {
            assert_eq!(texts(&parse_syntax(question)), expected, "{question}");
        }
    }

    #[test]
    fn every_word_stands_where_its_range_says() {
        let typed = parse_syntax("“Was läuft” – bei k8s.af, -Docker author:\"Mike Garuccio\" 、日本");
        for word in &typed.words {
            assert_eq!(typed.text.get(word.range.clone()), Some(word.text.as_str()));
        }
        assert_eq!(typed.excluded, ["Docker"]);
        assert_eq!(typed.authors, ["Mike Garuccio"]);
    }

    #[test]
    fn phrases_are_runs_of_words() {
        let typed = parse_syntax("who said “very, very boring” there");
        assert_eq!(typed.phrases, vec![2..5]);
        assert_eq!(parse_syntax("an \"unbalanced quote").phrases, Vec::<Range<usize>>::new());
        assert_eq!(parse_syntax("\"\" empty").phrases, Vec::<Range<usize>>::new());
    }

    #[test]
    fn a_minus_leaves_a_word_out_only_before_a_word() {
        for (question, excluded) in [
            ("mesh -istio", vec!["istio"]),
            ("co-located events", vec![]),
            ("mesh - and more", vec![]),
            ("-istio", vec!["istio"]),
            ("mesh -\"access control\", -\"a b", vec!["access control", "a"]),
        ] {
            assert_eq!(parse_syntax(question).excluded, excluded, "{question}");
        }
    }

    #[test]
    fn prefixes_are_taken_out() {
        let typed = parse_syntax("event:kubecon-na-2019 year:2019 AUTHOR:lowe what was new re:Invent");
        assert_eq!(typed.events, ["kubecon-na-2019"]);
        assert_eq!(typed.years, ["2019"]);
        assert_eq!(typed.authors, ["lowe"]);
        assert_eq!(texts(&typed), ["what", "was", "new", "re:Invent"]);
    }

    #[test]
    fn words_stand_as_they_were_typed() {
        let phrase = |question: &str| {
            let typed = parse_syntax(question);
            typed.phrases.first().and_then(|words| QuotedPhrase::new(&typed, words))
        };
        let held = |question: &str, text: &str| phrase(question).expect(question).is_in(text);
        assert!(held("\"service mesh\"", "All Service-Meshes, they said"));
        assert!(held("\"talked about all\"", "we talked about all of it"));
        assert!(!held("\"talked about all\"", "we talked about it"));
        assert!(!held("\"mesh of\"", "meshes of"));
        assert!(held("\"会場はどこ\"", "その会場はどこですか"));
        assert_eq!(phrase("\"mesh\""), None);
    }
}
