//! Finds the authors of a post, and splits a text into the names of people.

use super::MetadataSources;
use crate::entities::EntityTable;
use crate::front_matter::{FieldMap, FieldValue};
use crate::topics::TopicTable;
use std::{iter, sync::LazyLock};
use takeaways_text::{
    invisible::clean_line,
    language,
    person_names::{is_given_name, is_initial, is_name_word},
    plain_text,
    script::is_cjk,
    tokens::folding::fold,
};

/// The fields of front matter with authors.
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

/// The fields of a page's head with authors.
const HEAD_NAMES: &[&str] =
    &["author", "authors", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl"];

/// Returns the authors in front matter.
pub(super) fn declared_authors(fields: &FieldMap) -> Vec<String> {
    let names_in_field = |name: &&str| {
        let value = fields.get(name)?;
        // `author` names one person, `authors` may name two.
        let inverted = value.as_text().filter(|_| !name.ends_with('s')).and_then(parse_inverted_name);
        Some(inverted.map_or_else(|| names_in_value(value), |name| vec![name]))
    };
    let names = FIELD_NAMES.iter().filter_map(names_in_field).find(|names| !names.is_empty());
    names.or_else(|| misplaced_author(fields)).unwrap_or_default()
}

/// Returns the author of an empty `author:` whose `name:` lacks its indentation and became a field.
fn misplaced_author(fields: &FieldMap) -> Option<Vec<String>> {
    let is_empty = ["author", "authors"].iter().any(|name| fields.get(name) == Some(&FieldValue::Null));
    fields.first_text(&["name"]).filter(|_| is_empty).map(people_in_text)
}

/// Returns the authors in the rest of the file.
pub(super) fn inferred_authors(sources: &MetadataSources<'_>) -> Vec<String> {
    let MetadataSources { head_fields, json_ld, byline, .. } = sources;
    let in_head = head_fields.texts(HEAD_NAMES).map(people_in_text);
    let in_json_ld = || json_ld.authors.iter().flat_map(|name| people_in_text(name)).collect();
    let in_page = || head_fields.first_text(&["p-author"]).map(people_in_text);
    let mut in_file = in_head.chain(iter::once_with(in_json_ld)).chain(iter::once_with(in_page).flatten());
    in_file.find(|names| !names.is_empty()).unwrap_or_else(|| byline.authors.clone())
}

/// Maximum length of a name, in characters.
pub(crate) const MAX_CHARS: usize = 100;
/// Maximum number of names.
const MAX_NAMES: usize = 20;

/// Returns the names in a value of front matter: a text, a map with `name`, or a list of these.
fn names_in_value(value: &FieldValue) -> Vec<String> {
    let mut names = Vec::new();
    for item in value.items().iter().take(2 * MAX_NAMES) {
        match item {
            FieldValue::Map(fields) => names.extend(names_in_map(fields)),
            scalar => {
                // An item of a list is one person; a text may name two.
                let is_item = matches!(value, FieldValue::List(_));
                let text = scalar.as_text().unwrap_or_default();
                let inverted = parse_inverted_name(text).filter(|_| is_item);
                names.extend(inverted.map_or_else(|| people_in_text(text), |name| vec![name]));
            }
        }
    }
    unique_names(names)
}

/// Returns the names in a map: a first and a last name, or a `name`, which may be such a map itself.
fn names_in_map(fields: &FieldMap) -> Vec<String> {
    const NAMES: &[&str] =
        &["name", "full_name", "display_name", "title", "nickname", "login", "github", "id", "key"];
    let fields = fields.get("name").and_then(FieldValue::as_map).unwrap_or(fields);
    let given = fields.first_text(&["first_name", "given", "given_name"]);
    if let Some((given, family)) = given.zip(fields.first_text(&["last_name", "family", "family_name"])) {
        return people_in_text(&format!("{given} {family}"));
    }
    let text = fields.first_text(NAMES).unwrap_or_default();
    parse_inverted_name(text).map_or_else(|| people_in_text(text), |name| vec![name])
}

/// Returns the names of people or groups in a text: `A (X), B (Y)`, `A and B`, `[A](https://…)`, `A, Company`,
/// `A <mail@…>`.
pub(crate) fn people_in_text(text: &str) -> Vec<String> {
    if text.contains("://") && !text.contains(['<', '[', ' ']) {
        return Vec::new(); // an address does not contain the name
    }
    if let Some(name) = name_behind_address(text) {
        return people_in_text(name);
    }
    let text = without_asides(&plain_text(&without_asides(text, '<', '>', is_mail)), '(', ')', |_| true);
    let text = without_asides(&text, '（', '）', |_| true);
    let text = clean_line(&text, 4 * MAX_CHARS * MAX_NAMES);
    let parts = without_byline_opening(&text)
        .split([',', ';', '、', '，', '；', '/', '|'])
        .flat_map(split_at_conjunctions);
    let parts: Vec<&str> =
        parts.map(trim_name).filter(|part| part.chars().any(char::is_alphabetic)).collect();
    let Some(first) = parts.first() else { return Vec::new() };
    let is_full = first.contains(' ');
    let mut names = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        // After a full name, a single word or a group is the employer of that person.
        let is_employer = is_full && (!part.contains(' ') && !part.contains(is_cjk) || is_group(part));
        if at > 0 && (is_role(part) || is_employer) {
            continue;
        }
        names.push(clean_line(part.split(" at ").next().unwrap_or(part), MAX_CHARS));
    }
    unique_names(names)
}

/// Parses a name with the last name first: `Doe, Jane`. Each name is one word with a capital; initials may follow.
fn parse_inverted_name(text: &str) -> Option<String> {
    let (last, first) = text.split_once(',')?;
    let (last, first) = (last.trim(), first.trim());
    let mut given = first.split_whitespace();
    let is_given = given.next().is_some_and(|word| is_name_word(word) || is_initial(word));
    let name = format!("{first} {last}");
    let (particles, word) = last.rsplit_once(' ').unwrap_or(("", last));
    let is_family = is_name_word(word)
        && particles.split_whitespace().all(|word| language::all().names.particles.contains(word));
    (is_family && is_given && given.all(is_initial) && !is_role(&name) && !is_group(&name)).then_some(name)
}

/// Returns the name in brackets behind a mail address, as feeds write it: `jane@example.org (Jane Doe)`.
fn name_behind_address(text: &str) -> Option<&str> {
    let (address, name) = text.trim().strip_suffix(')')?.split_once('(')?;
    let is_address = address.trim().split_once('@').is_some_and(|(local, _)| !local.is_empty());
    (is_address && is_mail(address.trim())).then_some(name).filter(|name| !name.contains(['(', '@']))
}

/// Removes the words that a byline begins with.
fn without_byline_opening(text: &str) -> &str {
    let text = text.trim_start();
    let is_prefix =
        |opening: &&str| text.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening));
    let opening = language::all().bylines.name_openings.iter().find(|opening| is_prefix(opening));
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

/// Removes the asides between `open` and `close` for which `is_removed` is true.
fn without_asides(text: &str, open: char, close: char, is_removed: impl Fn(&str) -> bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once(open) {
        let Some((aside, after)) = inside.split_once(close) else { break };
        out.push_str(before);
        if !is_removed(aside) {
            out.push(open);
            out.push_str(aside);
            out.push(close);
        }
        rest = after;
    }
    out + rest
}

fn is_mail(text: &str) -> bool {
    text.contains('@') && !text.contains([' ', '"', '='])
}

const ENGLISH_CONJUNCTIONS: [&str; 4] = [" and ", " And ", " AND ", " & "];

/// Conjunctions of all languages, with spaces around them.
static CONJUNCTIONS: LazyLock<Vec<String>> =
    LazyLock::new(|| language::all().names.conjunctions.iter().map(|word| format!(" {word} ")).collect());

/// Splits at "and" and "&". Splits at a conjunction of another language only between two full names, because "y"
/// and "e" also occur inside names.
fn split_at_conjunctions(part: &str) -> Vec<&str> {
    let mut parts = vec![part];
    let foreign = CONJUNCTIONS.iter().map(|word| (word.as_str(), true));
    for (word, needs_full_names) in ENGLISH_CONJUNCTIONS.map(|word| (word, false)).into_iter().chain(foreign)
    {
        parts = parts
            .into_iter()
            .flat_map(|part| {
                let pieces: Vec<&str> = part.split(word).collect();
                let is_full = |piece: &&str| piece.trim().contains(' ');
                if needs_full_names && !pieces.iter().all(is_full) { vec![part] } else { pieces }
            })
            .collect();
    }
    parts
}

fn trim_name(part: &str) -> &str {
    let part = part.trim_matches(|c: char| c.is_whitespace() || "*_\"'`:-–—•·".contains(c));
    // Removes the full stop of a sentence, but not that of an initial.
    match part.strip_suffix('.') {
        Some(rest) if rest.rsplit(' ').next().is_some_and(|word| word.chars().count() > 3) => rest,
        _ => part.strip_prefix("and ").unwrap_or(part),
    }
}

fn lowercase_words(part: &str) -> impl Iterator<Item = String> {
    part.split_whitespace().map(|word| word.trim_matches(['.', ',']).to_lowercase())
}

fn is_group(part: &str) -> bool {
    lowercase_words(part).any(|word| language::all().names.groups.contains(word.as_str()))
}

/// Whether a text has a word for what somebody does.
pub(super) fn is_role(text: &str) -> bool {
    lowercase_words(text).any(|word| language::all().names.roles.contains(word.as_str()))
}

/// Whether a text looks like the full name of one person: two to five words, at least two of them with a capital,
/// or two to eight Chinese, Japanese or Korean characters.
pub(crate) fn is_full_name(text: &str) -> bool {
    if lowercase_words(text).any(|word| language::all().names.not_names.contains(word.as_str())) {
        return false;
    }
    if text.contains(is_cjk) {
        return (2..=8).contains(&text.chars().count())
            && text.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '・');
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_capitalised = |word: &&&str| word.starts_with(char::is_uppercase);
    let is_letters =
        |word: &&str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'));
    (2..=5).contains(&words.len())
        && words.iter().filter(is_capitalised).count() >= 2
        && words.iter().all(|word| {
            is_letters(word) && (is_capitalised(&word) || language::all().names.particles.contains(word))
        })
        && !is_role(text)
        && !is_group(text)
}

/// Whether a text is the name of a person by itself, where little else says so: a given name stands first, or it is Chinese,
/// Japanese or Korean.
pub(super) fn is_evident_name(text: &str) -> bool {
    is_person_name(text) && (has_given_name(text) || text.contains(is_cjk))
}

/// Whether a text begins with a given name.
pub(super) fn has_given_name(text: &str) -> bool {
    text.split(' ').next().is_some_and(|first| is_given_name(&fold(first)))
}

/// Whether a text looks like the full name of a person, and is not that of a project, a company, a topic or a numbered part:
/// "Dynamic Autoscaling", "Acte II". After a given name a word of a topic is a family name: "Adam Jenkins".
pub fn is_person_name(text: &str) -> bool {
    let is_numeral =
        |word: &str| word.starts_with(['I', 'V', 'X']) && word.chars().all(|c| "IVX".contains(c));
    let is_part = || matches!(text.split(' ').collect::<Vec<_>>()[..], [_, second] if is_numeral(second));
    is_full_name(text)
        && !is_part()
        && !EntityTable::builtin().knows(text)
        && (has_given_name(text) || TopicTable::builtin().ids_in_text(text).next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_something_else_is_no_persons_name() {
        for (text, expected) in [
            ("Ada Ito", true),
            ("Ada de la Cruz", true),
            ("Adam Jenkins", true),
            ("John Smith III", true),
            ("Dynamic Autoscaling", false),
            ("Acte II", false),
            ("Red Hat", false),
            ("Mic", false),
            ("Gordon the Turtle", false),
        ] {
            assert_eq!(is_person_name(text), expected, "{text}");
        }
    }

    #[test]
    fn one_text_to_names() {
        for (text, names) in [
            ("Mike Garuccio", vec!["Mike Garuccio"]),
            ("Paris Pittman (Google), Jonas Rosland (VMware)", vec!["Paris Pittman", "Jonas Rosland"]),
            ("Paco Xu and Michael Yao (DaoCloud)", vec!["Paco Xu", "Michael Yao"]),
            ("A B, C D, and E F", vec!["A B", "C D", "E F"]),
            ("Bill Mulligan, Isovalent", vec!["Bill Mulligan"]),
            ("Darja Jovanovic, Scala Center", vec!["Darja Jovanovic"]),
            ("Jane Doe, CTO, Acme", vec!["Jane Doe"]),
            ("Jane Doe, Senior Engineer at Acme", vec!["Jane Doe"]),
            ("Jane Doe at Acme", vec!["Jane Doe"]),
            (
                "Leonard Pahlke, Kristina Devochko, Niki Manoledaki",
                vec!["Leonard Pahlke", "Kristina Devochko", "Niki Manoledaki"],
            ),
            ("Kenny Dits et Fabien de Saint pern", vec!["Kenny Dits", "Fabien de Saint pern"]),
            ("João Souza e Silva", vec!["João Souza e Silva"]),
            ("José Ortega y Gasset", vec!["José Ortega y Gasset"]),
            ("Julio Molina Soler <a3c97@outlook.com>", vec!["Julio Molina Soler"]),
            ("Emanuele “Lele” Calò", vec!["Emanuele “Lele” Calò"]),
            ("Christian Kö.", vec!["Christian Kö."]),
            ("By Jane Doe", vec!["Jane Doe"]),
            ("written by Jane Doe and John Roe", vec!["Jane Doe", "John Roe"]),
            ("Bya Doe", vec!["Bya Doe"]),
            ("dan", vec!["dan"]),
            ("pepite, galder", vec!["pepite", "galder"]),
            ("@alexdmoss", vec!["@alexdmoss"]),
            ("CloudOps", vec!["CloudOps"]),
            ("たかめろん", vec!["たかめろん"]),
            ("张三、李四", vec!["张三", "李四"]),
            ("Jane Doe, jane doe", vec!["Jane Doe"]),
            (" , ", vec![]),
            ("", vec![]),
            ("https://example.org/jane", vec![]),
        ] {
            assert_eq!(people_in_text(text), names, "{text}");
        }
    }

    #[test]
    fn names_are_cut_and_counted() {
        assert_eq!(people_in_text(&"x".repeat(5_000)).first().map(String::len), Some(MAX_CHARS));
        let many: Vec<String> = (0..100).map(|n| format!("Jane Doe{n}")).collect();
        assert_eq!(people_in_text(&many.join(", ")).len(), MAX_NAMES);
    }

    #[test]
    fn a_full_name_is_one_of_a_person() {
        for (text, is) in [
            ("Jane Doe", true),
            ("Jane van der Doe", true),
            ("J. R. Doe-Smith", true),
            ("Cécile HUI BON HOA", true),
            ("山田太郎", true),
            ("Jane", false),
            ("the way", false),
            ("The next one is here", false),
            ("Jane Doe 2", false),
            ("Scala Center", false),
            ("Software Engineer", false),
            ("The End", false),
            ("Happy Hacking", false),
            ("San Diego", false),
            ("Thank You", false),
        ] {
            assert_eq!(is_full_name(text), is, "{text}");
        }
    }
}
