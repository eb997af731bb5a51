//! Who wrote a post, in the order of how plainly the file says it.
//!
//! People's names as they stand in front matter and bylines: one text to the names in it.

use super::{MetadataSources, byline::Byline, web_page::JsonLd};
use crate::front_matter::{FieldMap, FieldValue};
use std::sync::LazyLock;
use takeaways_text::{invisible::clean_line, language::all_words, plain_text};

/// The names that front matter has for authors.
const FIELD_NAMES: &[&str] = &[
    "authors",
    "author",
    "author_name",
    "author_names",
    "by",
    "byline",
    "contributors",
    "writers",
    "writer",
    "creator",
    "params.authors",
    "params.author",
    "extra.authors",
    "extra.author",
    "taxonomies.authors",
    "author_staff_member",
    "post_author",
    "primary_author",
    "posted_by",
];

/// The names that a page's head has for them.
const HEAD_NAMES: &[&str] =
    &["author", "authors", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl"];

/// The authors that front matter names.
pub(super) fn declared_authors(fields: &FieldMap) -> Vec<String> {
    let of_field = |name: &&str| {
        let value = fields.get(name)?;
        // `author` is one person, `authors` may be two.
        let inverted = value.as_text().filter(|_| !name.ends_with('s')).and_then(parse_inverted_name);
        Some(inverted.map_or_else(|| names_in_value(value), |name| vec![name]))
    };
    let named = FIELD_NAMES.iter().filter_map(of_field).find(|names| !names.is_empty());
    named.or_else(|| misplaced_author(fields)).unwrap_or_default()
}

/// An empty `author:` whose `name:` slid to the left and became a field of its own.
fn misplaced_author(fields: &FieldMap) -> Option<Vec<String>> {
    let empty = ["author", "authors"].iter().any(|name| fields.get(name) == Some(&FieldValue::Null));
    fields.first_text(&["name"]).filter(|_| empty).map(names_in_text)
}

/// The authors that the rest of the file names.
pub(super) fn inferred_authors(
    source: &MetadataSources<'_>,
    json_ld: &JsonLd,
    byline: &Byline,
) -> Vec<String> {
    let in_head = source
        .head
        .non_empty_values(HEAD_NAMES)
        .filter_map(FieldValue::as_text)
        .map(names_in_text)
        .find(|names| !names.is_empty());
    let in_script = || Some(json_ld.authors.iter().flat_map(|name| names_in_text(name)).collect::<Vec<_>>());
    in_head
        .or_else(|| in_script().filter(|names| !names.is_empty()))
        .unwrap_or_else(|| byline.authors.clone())
}

/// Longest name, in characters.
pub const MAX_CHARS: usize = 100;
/// Most names that are kept.
pub const MAX_NAMES: usize = 20;

static GROUPS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.names.groups));

static ROLES: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.names.roles));

static NO_NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.names.not_names));

/// The names in a value of front matter: a text, a list, a map with `name`, or lists of those.
pub(super) fn names_in_value(value: &FieldValue) -> Vec<String> {
    let mut names = Vec::new();
    for item in value.items().iter().take(2 * MAX_NAMES) {
        match item {
            FieldValue::Map(fields) => {
                const NAMES: &[&str] = &[
                    "name",
                    "full_name",
                    "display_name",
                    "title",
                    "nickname",
                    "login",
                    "github",
                    "id",
                    "key",
                ];
                let whole = fields.first_text(&["first_name"]).zip(fields.first_text(&["last_name"]));
                match whole.map(|(first, last)| format!("{first} {last}")) {
                    Some(name) => names.extend(names_in_text(&name)),
                    None => names.extend(fields.first_text(NAMES).map(names_in_text).unwrap_or_default()),
                }
            }
            scalar => names.extend(scalar.as_text().map(names_in_text).unwrap_or_default()),
        }
    }
    unique_names(names)
}

/// The names in a text: `A (X), B (Y)`, `A and B`, `[A](https://…)`, `A, Company`, `A <mail@…>`.
pub(super) fn names_in_text(text: &str) -> Vec<String> {
    if text.contains("://") && !text.contains(['<', '[', ' ']) {
        return Vec::new(); // an address says where the author can be found, not the name
    }
    let text = without_asides(&plain_text(&without_asides(text, '<', '>', is_mail)), '(', ')', |_| true);
    let text = without_asides(&text, '（', '）', |_| true);
    let text = clean_line(&text, 4 * MAX_CHARS * MAX_NAMES);
    let parts =
        without_opening(&text).split([',', ';', '、', '，', '；', '/', '|']).flat_map(split_at_conjunctions);
    let parts: Vec<&str> =
        parts.map(trim_name).filter(|part| part.chars().any(char::is_alphanumeric)).collect();
    let Some(first) = parts.first() else { return Vec::new() };
    let whole_name = first.contains(' ');
    let mut names = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        // Behind a full name, a single word or a group is where that person works.
        if at > 0 && (is_role(part) || whole_name && (!part.contains(' ') && !is_cjk(part) || is_group(part)))
        {
            continue;
        }
        names.push(clean_line(part.split(" at ").next().unwrap_or(part), MAX_CHARS));
    }
    unique_names(names)
}

/// A name that is written last name first: `Doe, Jane`, one word each with a capital, initials aside.
pub(super) fn parse_inverted_name(text: &str) -> Option<String> {
    let (last, first) = text.split_once(',')?;
    let (last, first) = (last.trim(), first.trim());
    let is_initial = |word: &&str| word.ends_with('.') && word.chars().count() <= 3;
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word.chars().any(char::is_lowercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
    };
    let mut given = first.split_whitespace();
    let is_given = given.next().is_some_and(|word| is_name(word) || is_initial(&word));
    let whole = format!("{first} {last}");
    (is_name(last)
        && is_given
        && given.all(|word| is_initial(&word))
        && !is_role(&whole)
        && !is_group(&whole))
    .then_some(whole)
}

/// Without the words that a byline begins with.
fn without_opening(text: &str) -> &str {
    static OPENINGS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.name_openings));
    let text = text.trim_start();
    let begins =
        |opening: &&str| text.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening));
    let opening = OPENINGS.iter().find(|opening| begins(opening));
    opening.and_then(|opening| text.get(opening.len()..)).unwrap_or(text)
}

fn unique_names(names: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in names {
        if out.len() < MAX_NAMES && !out.iter().any(|known| known.to_lowercase() == name.to_lowercase()) {
            out.push(name);
        }
    }
    out
}

/// Takes out what stands between `open` and `close` where `drop` says so.
fn without_asides(text: &str, open: char, close: char, drop: impl Fn(&str) -> bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once(open) {
        let Some((aside, after)) = inside.split_once(close) else { break };
        out.push_str(before);
        if !drop(aside) {
            out.extend([open]);
            out.push_str(aside);
            out.extend([close]);
        }
        rest = after;
    }
    out + rest
}

fn is_mail(text: &str) -> bool {
    text.contains('@') && !text.contains([' ', '"', '='])
}

const AND: [&str; 4] = [" and ", " And ", " AND ", " & "];

/// The words for it in other languages, with blanks around them.
static CONJUNCTIONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    all_words(|words| &words.names.conjunctions).into_iter().map(|word| format!(" {word} ")).collect()
});

/// Cut at "and" and "&"; at the word of another language only between two full names, since "y" and "e" also
/// stand in names.
fn split_at_conjunctions(part: &str) -> Vec<&str> {
    let mut parts = vec![part];
    let of_languages = CONJUNCTIONS.iter().map(|word| (word.as_str(), false));
    for (word, any) in AND.map(|word| (word, true)).into_iter().chain(of_languages) {
        parts = parts
            .into_iter()
            .flat_map(|part| {
                let pieces: Vec<&str> = part.split(word).collect();
                let full = |piece: &&str| piece.trim().contains(' ');
                if pieces.len() > 1 && (any || pieces.iter().all(full)) { pieces } else { vec![part] }
            })
            .collect();
    }
    parts
}

fn trim_name(part: &str) -> &str {
    let part = part.trim_matches(|c: char| c.is_whitespace() || "*_\"'`:-–—•·".contains(c));
    // A sentence's full stop, but not that of an initial.
    match part.strip_suffix('.') {
        Some(rest) if rest.rsplit(' ').next().is_some_and(|word| word.chars().count() > 3) => rest,
        _ => part.strip_prefix("and ").unwrap_or(part),
    }
}

fn lowercase_words(part: &str) -> impl Iterator<Item = String> {
    part.split_whitespace().map(|word| word.trim_matches(['.', ',']).to_lowercase())
}

fn is_group(part: &str) -> bool {
    lowercase_words(part).any(|word| GROUPS.contains(&word.as_str()))
}

fn is_role(part: &str) -> bool {
    lowercase_words(part).any(|word| ROLES.contains(&word.as_str()))
}

/// Whether a text tells what somebody does.
pub(super) fn names_role(text: &str) -> bool {
    is_role(text)
}

fn is_cjk(part: &str) -> bool {
    part.chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
}

/// Whether a text looks like one person's full name: two to four words that begin with capitals, or two to five
/// Chinese, Japanese or Korean characters.
pub(super) fn is_full_name(text: &str) -> bool {
    static SMALL: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.names.particles));
    if lowercase_words(text).any(|word| NO_NAMES.contains(&word.as_str())) {
        return false;
    }
    if is_cjk(text) {
        return (2..=8).contains(&text.chars().count())
            && text.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '・');
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &&&str| word.chars().next().is_some_and(char::is_uppercase);
    let letters =
        |word: &&str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'));
    (2..=5).contains(&words.len())
        && words.iter().filter(capital).count() >= 2
        && words.iter().all(|word| letters(word) && (capital(&word) || SMALL.contains(word)))
        && !is_role(text)
        && !is_group(text)
}

#[cfg(test)]
mod tests;
