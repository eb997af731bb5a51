//! Parses the syntax of a question: words, quoted phrases, excluded words, and prefixes such as `event:`.

use std::ops::Range;
use std::sync::LazyLock;
use takeaways_text::{
    language::{self, QuestionWords, WordList},
    model::{Post, Span},
    script::{Script, is_cjk},
    tokens::{
        folding::{fold, fold_words, trim_punctuation},
        strip_elision,
    },
};

/// The parts of a question. Ranges count bytes of the normalised text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuestionSyntax {
    /// The question with plain quotes and blanks. Prefixes and excluded words are blanked out, so that ranges stay
    /// valid.
    pub text: String,
    /// Words in order, with those of phrases.
    pub words: Vec<QuestionWord>,
    /// Quoted runs of words, as indices into `words`.
    pub phrases: Vec<Range<usize>>,
    /// Words and phrases after a minus.
    pub excluded: Vec<String>,
    /// `author:` values.
    pub authors: Vec<String>,
    /// `event:` values.
    pub events: Vec<String>,
    /// `year:` values.
    pub years: Vec<String>,
}

impl QuestionSyntax {
    /// The text up to the last word that is read.
    pub fn read_text(&self) -> &str {
        let end = self.words.last().map_or(0, |word| word.range.end);
        self.text.get(..end).unwrap_or_default()
    }

    /// The runs of words that begin where `begins` tells, each up to the next one.
    pub(crate) fn runs(&self, begins: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
        let starts: Vec<usize> = (0..self.words.len()).filter(|at| begins(*at)).collect();
        let ends = starts.iter().copied().skip(1).chain([self.words.len()]);
        starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
    }

    /// The bytes of some words, from the first to the last; `None` if there are none.
    pub fn bytes_of(&self, words: &Range<usize>) -> Option<Range<usize>> {
        let words = self.words.get(words.clone())?;
        Some(words.first()?.range.start..words.last()?.range.end)
    }

    /// The text from the first of some words to the last; `None` if there are no such words.
    pub fn text_of(&self, words: &Range<usize>) -> Option<&str> {
        self.text.get(self.bytes_of(words)?)
    }
}

/// A word as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionWord {
    /// Without punctuation at its ends.
    pub text: String,
    /// Its place.
    pub range: Range<usize>,
}

/// The maximum number of words that are read. The cost of a search grows with them, and the rest of a pasted page adds
/// nothing to the question.
const MAX_WORDS: usize = 64;
/// The maximum number of characters of a word; the rest is ignored. The longest words of posts are addresses. A joined
/// word such as `a_a_a` becomes a phrase of all its parts, and the work for a phrase grows with the square of its length.
const MAX_WORD_CHARS: usize = 200;

/// Parses the syntax of a question. Never fails: an unbalanced quote or a lone minus is punctuation.
pub fn parse_syntax(question: &str) -> QuestionSyntax {
    let mut syntax = QuestionSyntax { text: normalise(question), ..QuestionSyntax::default() };
    take_prefixes(&mut syntax);
    take_exclusions(&mut syntax);
    let quotes = quoted_ranges(&syntax.text);
    syntax.words = split_words(&syntax.text);
    syntax.phrases = quotes.iter().filter_map(|range| words_within(&syntax.words, range)).collect();
    syntax
}

/// Replaces all kinds of quotes by straight ones, and all white space by blanks.
pub(crate) fn normalise(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if is_quotation_mark(c) => '"',
            '‘' | '’' | '‚' | '‛' | '＇' => '\'',
            '–' | '—' | '−' => '-',
            c if c.is_whitespace() || c.is_control() => ' ',
            c => c,
        })
        .collect()
}

/// Whether this is a quotation mark of any language. Single ones are not, since they are apostrophes too.
pub(crate) fn is_quotation_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」' | '『' | '』' | '＂')
}

/// Moves `author:`, `event:` and `year:` with their values out of the text.
fn take_prefixes(syntax: &mut QuestionSyntax) {
    let mut from = 0;
    while let Some((start, name, value_at)) = next_prefix(&syntax.text, from) {
        let (value, end) = prefix_value(&syntax.text, value_at);
        from = end.max(value_at);
        if value.is_empty() {
            continue;
        }
        match name {
            "author" => syntax.authors.push(value),
            "event" => syntax.events.push(value),
            _ => syntax.years.push(value),
        }
        blank_out(&mut syntax.text, start..end);
    }
}

/// Returns the next known prefix after `from`: its start, its name, and the start of its value.
fn next_prefix(text: &str, from: usize) -> Option<(usize, &'static str, usize)> {
    text.match_indices(':').filter(|&(colon, _)| colon >= from).find_map(|(colon, _)| {
        let head = &text[..colon];
        ["author", "event", "year"].into_iter().find_map(|name| {
            let start = colon.checked_sub(name.len())?;
            let prefix = head.get(start..)?;
            let is_free = start == 0 || text[..start].ends_with(' ');
            (is_free && prefix.eq_ignore_ascii_case(name)).then_some((start, name, colon + 1))
        })
    })
}

/// Returns the value at `at`, in quotes or up to the next blank, and its end.
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

/// Moves words and phrases after a minus out of the text: `-docker` and `-"access control"`, but not `co-located` and
/// not ` - `.
fn take_exclusions(syntax: &mut QuestionSyntax) {
    let mut from = 0;
    while let Some(at) = syntax.text.get(from..).and_then(|rest| rest.find('-')).map(|at| from + at) {
        from = at + 1;
        let is_free = at == 0 || syntax.text[..at].ends_with(' ');
        let rest = &syntax.text[at + 1..];
        if !is_free || !rest.starts_with(|c: char| c.is_alphanumeric() || c == '"') {
            continue;
        }
        let (value, end) = prefix_value(&syntax.text, at + 1);
        let excluded = trim_punctuation(&value);
        if !excluded.is_empty() {
            blank_out(&mut syntax.text, at..end);
            syntax.excluded.push(excluded.to_owned());
            from = end;
        }
    }
}

/// Overwrites a range with blanks, so that all other ranges stay valid.
pub(crate) fn blank_out(text: &mut String, range: Range<usize>) {
    let blanks = " ".repeat(range.len());
    text.replace_range(range, &blanks);
}

/// Returns the ranges between pairs of straight double quotes.
fn quoted_ranges(text: &str) -> Vec<Range<usize>> {
    let marks: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    marks.chunks_exact(2).map(|pair| pair[0] + 1..pair[1]).collect()
}

/// Splits a text at white space and at separators; `k8s.af`, `CI/CD`, `C++` and `1&1` stay whole.
fn split_words(text: &str) -> Vec<QuestionWord> {
    let mut out = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || SEPARATORS.contains(&c)) {
        let inner = piece.trim_end_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c));
        let trimmed = trim_word(inner);
        if trimmed.contains(char::is_alphanumeric) {
            let start = at + offset_in(inner, trimmed);
            let parts = split_by_script(trimmed).into_iter().flat_map(|part| split_compound(trimmed, part));
            out.extend(parts.map(|part| {
                let word = strip_elision(&trimmed[part.clone()]);
                let from = start + part.end - word.len();
                let word = truncate_chars(word, MAX_WORD_CHARS);
                QuestionWord { text: word.to_owned(), range: from..from + word.len() }
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

/// Returns the first `max` characters.
fn truncate_chars(text: &str, max: usize) -> &str {
    text.char_indices().nth(max).map_or(text, |(end, _)| &text[..end])
}

const SEPARATORS: &[char] = &[
    '"', '(', ')', '[', ']', '{', '}', '<', '>', ',', ';', '?', '!', '|', '、', '。', '？', '！', '，', '：',
    '（', '）', '・', '…', '*', '`', '~', '^',
];

/// Trims punctuation from both ends, except that of `C++`, `C#` and `.NET`.
fn trim_word(word: &str) -> &str {
    let start = word.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let start = match start.strip_prefix('.') {
        Some(rest) if !rest.starts_with(char::is_alphabetic) => rest.trim_start_matches('.'),
        _ => start,
    };
    start.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#')
}

/// Returns the offset of `inner`, which is a slice of `outer`.
fn offset_in(outer: &str, inner: &str) -> usize {
    inner.as_ptr() as usize - outer.as_ptr() as usize
}

/// Returns the indices of the words within a range of bytes; `None` if there are none.
fn words_within(words: &[QuestionWord], range: &Range<usize>) -> Option<Range<usize>> {
    let first = words.iter().position(|word| word.range.start >= range.start)?;
    let end = words.iter().rposition(|word| word.range.end <= range.end)? + 1;
    (first < end).then_some(first..end)
}

/// Splits a word into its runs of one script, because questions in some scripts have no blanks.
fn split_by_script(word: &str) -> Vec<Range<usize>> {
    let mut parts: Vec<(Option<Script>, Range<usize>)> = Vec::new();
    for (at, c) in word.char_indices() {
        let (script, end) = (Script::of(c).filter(|script| script.is_cjk()), at + c.len_utf8());
        match parts.last_mut() {
            Some((last, part)) if *last == script => part.end = end,
            _ => parts.push((script, at..end)),
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// The fewest letters of each part of a compound, and of the last one.
const MIN_PART: usize = 2;
const MIN_LAST_PART: usize = 3;

/// Splits a part of a text at its hyphens if it joins names and a noun: `KI-Hype`, `GitOps-Werkzeuge`, `AI-hype`, but not `add-on`, `E-Mail`
/// or `Wi-Fi`. Each is a word for itself, since posts may have them apart.
fn split_compound(text: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let word = text.get(part.clone()).unwrap_or_default();
    let Some((first, last)) = word.rsplit_once('-') else { return vec![part] };
    let has_letters = |it: &str, fewest: usize| it.chars().nth(fewest - 1).is_some();
    let is_name = |it: &str| it.starts_with(char::is_uppercase) && has_letters(it, MIN_PART);
    // A sentence begins with a capital too: "Open-source tools".
    let is_noun = |it: &str| {
        it.chars().skip(1).all(char::is_lowercase)
            && has_letters(it, MIN_LAST_PART)
            && (it.starts_with(char::is_uppercase) || first.chars().skip(1).any(char::is_uppercase))
    };
    if !is_noun(last) || !first.split('-').all(is_name) {
        return vec![part];
    }
    let places = word.split('-').map(|it| (part.start + offset_in(word, it), it.len()));
    places.map(|(start, len)| start..start + len).collect()
}

/// Quoted words, which an excerpt must contain side by side. Case, accents and punctuation don't matter, and the last
/// word may be longer: "service mesh" is in "service meshes".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedPhrase(String);

impl QuotedPhrase {
    /// Returns the phrase of these words of a question; `None` for a single word, which matches in all its forms.
    pub fn new(syntax: &QuestionSyntax, words: &Range<usize>) -> Option<Self> {
        let text = folded_text(syntax.text_of(words).filter(|_| words.len() > 1)?);
        // In a text without blanks a phrase may start inside of a run.
        let is_unspaced = text.chars().nth(1).is_some_and(is_cjk);
        Some(Self(if is_unspaced { text.trim_start().to_owned() } else { text }))
    }

    /// Whether it is in the shown part of a post: these spans, the title, or a heading over the section.
    pub fn is_shown_in(&self, post: &Post, section: u32, spans: &[Span]) -> bool {
        let body = &post.body;
        let shown = spans.iter().map(|span| body.slice(*span)).chain(post.title.as_deref());
        shown.chain(body.heading_path(section)).any(|text| self.is_in(text))
    }

    fn is_in(&self, text: &str) -> bool {
        folded_text(text).contains(&self.0)
    }
}

/// Whether a range has all of another one.
pub(crate) fn contains(range: &Range<usize>, other: &Range<usize>) -> bool {
    range.start <= other.start && other.end <= range.end
}

/// Whether two ranges have something in common.
pub(crate) fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The folded words of a text, with a blank before each.
fn folded_text(text: &str) -> String {
    format!(" {}", fold_words(text))
}

/// Whether a question may begin with this word: `who`, `how`.
pub(crate) fn is_question_word(word: &str) -> bool {
    static FIRST_WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
        // "dates of" and "in which city" begin with other words.
        let QuestionWords { who, why, how, when, r#where, how_many, .. } = &language::all().questions;
        let whole = [who, why, how].into_iter().flat_map(WordList::iter).chain(["what", "which"]);
        let lone = [when, r#where, how_many].into_iter().flat_map(WordList::iter);
        let phrases = whole.chain(lone.filter(|phrase| !phrase.contains(' ')));
        phrases.filter_map(|phrase| phrase.split(' ').next()).map(fold).collect()
    });
    FIRST_WORDS.iter().any(|first| first == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(syntax: &QuestionSyntax) -> Vec<&str> {
        syntax.words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn words_keep_their_inner_punctuation() {
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
    fn nouns_that_hyphens_join_are_words_for_themselves() {
        for (question, expected) in [
            ("der KI-Hype, Open-Source-Tools", vec!["der", "KI", "Hype", "Open", "Source", "Tools"]),
            ("GitOps-based and AI-hype", vec!["GitOps", "based", "and", "AI", "hype"]),
            ("Open-source add-ons, cert-manager", vec!["Open-source", "add-ons", "cert-manager"]),
            ("E-Mail per Wi-Fi am Day-2", vec!["E-Mail", "per", "Wi-Fi", "am", "Day-2"]),
        ] {
            assert_eq!(texts(&parse_syntax(question)), expected, "{question}");
        }
    }

    #[test]
    fn ranges_point_at_their_words() {
        let syntax =
            parse_syntax("“Was läuft” – beim KI-Hype, bei k8s.af, -Docker author:\"Mike Garuccio\" 、日本");
        for word in &syntax.words {
            assert_eq!(syntax.text.get(word.range.clone()), Some(word.text.as_str()));
        }
        assert_eq!(syntax.excluded, ["Docker"]);
        assert_eq!(syntax.authors, ["Mike Garuccio"]);
    }

    #[test]
    fn phrases_are_runs_of_words() {
        let syntax = parse_syntax("who said “very, very boring” there");
        assert_eq!(syntax.phrases, vec![2..5]);
        assert_eq!(parse_syntax("an \"unbalanced quote").phrases, Vec::<Range<usize>>::new());
        assert_eq!(parse_syntax("\"\" empty").phrases, Vec::<Range<usize>>::new());
    }

    #[test]
    fn a_minus_excludes_only_before_a_word() {
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
    fn prefixes_are_moved_out() {
        let syntax = parse_syntax("event:kubecon-na-2019 year:2019 AUTHOR:lowe what was new re:Invent");
        assert_eq!(syntax.events, ["kubecon-na-2019"]);
        assert_eq!(syntax.years, ["2019"]);
        assert_eq!(syntax.authors, ["lowe"]);
        assert_eq!(texts(&syntax), ["what", "was", "new", "re:Invent"]);
    }

    #[test]
    fn phrases_match_adjacent_words() {
        let phrase = |question: &str| {
            let syntax = parse_syntax(question);
            syntax.phrases.first().and_then(|words| QuotedPhrase::new(&syntax, words))
        };
        let is_in = |question: &str, text: &str| phrase(question).expect(question).is_in(text);
        assert!(is_in("\"service mesh\"", "All Service-Meshes, they said"));
        assert!(is_in("\"talked about all\"", "we talked about all of it"));
        assert!(!is_in("\"talked about all\"", "we talked about it"));
        assert!(!is_in("\"mesh of\"", "meshes of"));
        assert!(is_in("\"会場はどこ\"", "その会場はどこですか"));
        assert_eq!(phrase("\"mesh\""), None);
    }

    #[test]
    fn words_are_split_where_the_script_changes() {
        for (word, expected) in [
            ("会場はどこですか", vec!["会場", "はどこですか"]),
            ("RubyKaigi2019の開催日は", vec!["RubyKaigi2019", "の", "開催日", "は"]),
            ("re:Invent", vec!["re:Invent"]),
            ("파이콘", vec!["파이콘"]),
        ] {
            let parts: Vec<&str> = split_by_script(word).into_iter().map(|part| &word[part]).collect();
            assert_eq!(parts, expected, "{word}");
        }
    }
}
