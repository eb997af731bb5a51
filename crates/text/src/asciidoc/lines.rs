//! The kinds of lines of `AsciiDoc`.

use crate::readable::split_field;

/// A line of `AsciiDoc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AsciiDocLine<'a> {
    /// An empty line, a break or a block macro without text: ends a paragraph.
    Blank,
    /// A comment, a condition or an attribute: it is not text.
    Invisible,
    /// The level and the words of a heading.
    Heading(u8, &'a str),
    /// The first or last line of a block.
    Delimiter(Delimiter),
    /// `[…]` above a block.
    Style(&'a str),
    /// `.Title` above a block.
    Title(&'a str),
    /// An item of a list.
    Item(ListMarker, &'a str),
    /// A term of a description list and the text after it.
    Term(ListMarker, &'a str, &'a str),
    /// `+` alone.
    Continuation,
    /// The alternative text of an image.
    Image(&'a str),
    /// An indented line.
    Indented,
    /// Anything else.
    Text,
}

/// The kind of a block between two delimiters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// Code or literal text.
    Code,
    /// HTML.
    Html,
    /// A comment.
    Comment,
    /// A table.
    Table,
    /// A quotation.
    Quote,
    /// An example, a sidebar or an open block.
    Container,
}

/// The marker of a list's items: items with the same marker belong to the same list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListMarker {
    /// The number of `*` or `.`.
    Level(char, usize),
    /// `-` or a bullet.
    Dash,
    /// `1.` or `a.`
    Number,
    /// The number of `:` or `;` after a term.
    Term(char, usize),
}

impl<'a> AsciiDocLine<'a> {
    /// Returns the kind of a line, from its text and its place.
    pub(crate) fn parse(line: &'a str, in_paragraph: bool, in_list: bool) -> Self {
        if line.is_empty() {
            return Self::Blank;
        }
        if let Some(delimiter) = parse_delimiter(line) {
            return Self::Delimiter(delimiter);
        }
        if is_comment(line) {
            return Self::Invisible;
        }
        if line == "+" {
            return Self::Continuation;
        }
        if !in_paragraph && let Some(kind) = parse_block_line(line) {
            return kind;
        }
        if (!in_paragraph || in_list)
            && let Some(kind) = parse_list_line(line)
        {
            return kind;
        }
        if line.starts_with([' ', '\t']) { Self::Indented } else { Self::Text }
    }
}

/// Whether the line is a comment or a condition. The lines that a condition encloses are read.
pub(crate) fn is_comment(line: &str) -> bool {
    let is_condition =
        ["ifdef::", "ifndef::", "ifeval::", "endif::"].iter().any(|name| line.starts_with(name));
    is_condition || (line.starts_with("//") && !line.starts_with("///"))
}

fn parse_delimiter(line: &str) -> Option<Delimiter> {
    let first = line.chars().next()?;
    let is_repeated = line.len() >= 4 && line.chars().all(|c| c == first);
    Some(match first {
        '-' if line == "--" => Delimiter::Container,
        '`' if line.starts_with("```") && !line[3..].contains('`') => Delimiter::Code,
        '|' if line.len() >= 4 && line[1..].chars().all(|c| c == '=') => Delimiter::Table,
        '-' | '.' if is_repeated => Delimiter::Code,
        '+' if is_repeated => Delimiter::Html,
        '/' if is_repeated => Delimiter::Comment,
        '_' if is_repeated => Delimiter::Quote,
        '=' | '*' if is_repeated => Delimiter::Container,
        _ => return None,
    })
}

/// Returns the level of the heading that a line of marks makes of the line above it; `None` for another line.
pub(crate) fn underline_level(line: &str) -> Option<u8> {
    let first = line.chars().next()?;
    let level = (1..).zip("=-~^+".chars()).find(|(_, mark)| *mark == first)?.0;
    (line.len() >= 3 && line.chars().all(|c| c == first)).then_some(level)
}

fn parse_block_line(line: &str) -> Option<AsciiDocLine<'_>> {
    if matches!(line, "'''" | "---" | "***" | "<<<") {
        return Some(AsciiDocLine::Blank);
    }
    match line.chars().next()? {
        ':' => parse_attribute(line).map(|_| AsciiDocLine::Invisible),
        '=' | '#' => parse_heading(line),
        '[' => parse_style(line),
        '.' => parse_block_title(line),
        _ => parse_block_macro(line),
    }
}

/// Parses `:name: value`, or `:!name:`, which unsets an attribute.
pub(crate) fn parse_attribute(line: &str) -> Option<(&str, &str)> {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-!".contains(c));
    split_field(line).filter(|(name, _)| is_name(name))
}

fn parse_heading(line: &str) -> Option<AsciiDocLine<'_>> {
    let title = line.trim_start_matches(line.chars().next()?);
    let marks = &line[..line.len() - title.len()];
    let title = title.strip_prefix(' ')?.trim();
    let title = title.strip_suffix(marks).filter(|title| title.ends_with(' ')).unwrap_or(title).trim();
    let level = u8::try_from(marks.len()).ok().filter(|level| *level <= 6 && !title.is_empty())?;
    Some(AsciiDocLine::Heading(level, title))
}

fn parse_style(line: &str) -> Option<AsciiDocLine<'_>> {
    let inside = line.strip_prefix('[')?.strip_suffix(']')?;
    let is_style = inside.chars().next().is_none_or(|c| c.is_alphabetic() || "_{,.#\"'%[".contains(c));
    is_style.then_some(AsciiDocLine::Style(inside))
}

fn parse_block_title(line: &str) -> Option<AsciiDocLine<'_>> {
    let title = line.strip_prefix('.')?;
    title.starts_with(|c: char| !c.is_whitespace() && c != '.').then_some(AsciiDocLine::Title(title))
}

fn parse_block_macro(line: &str) -> Option<AsciiDocLine<'_>> {
    let (name, rest) = line.split_once("::")?;
    let (_, inside) = rest.strip_suffix(']')?.split_once('[')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    is_name.then(|| match name {
        "image" => AsciiDocLine::Image(alternative_text(inside)),
        _ => AsciiDocLine::Blank,
    })
}

/// Returns the alternative text among an image's attributes.
pub(crate) fn alternative_text(attributes: &str) -> &str {
    let value = attributes.split_once("alt=").map_or(attributes, |(_, value)| value).trim();
    if let Some(quoted) = value.strip_prefix('"') {
        return quoted.split('"').next().unwrap_or(quoted);
    }
    let first = value.split(',').next().unwrap_or(value).trim();
    if first.contains('=') { "" } else { first }
}

fn parse_list_line(line: &str) -> Option<AsciiDocLine<'_>> {
    let text = line.trim_start();
    if let Some((marker, rest)) = text.split_once([' ', '\t'])
        && let Some(marker) = parse_marker(marker)
    {
        return Some(AsciiDocLine::Item(marker, rest.trim_start()));
    }
    parse_term(text)
}

fn parse_marker(marker: &str) -> Option<ListMarker> {
    let first = marker.chars().next()?;
    if matches!(marker, "-" | "•") {
        return Some(ListMarker::Dash);
    }
    if matches!(first, '*' | '.') && marker.len() <= 6 && marker.chars().all(|c| c == first) {
        return Some(ListMarker::Level(first, marker.len()));
    }
    let number = marker.strip_suffix('.')?;
    let is_letter = number.len() == 1 && first.is_ascii_alphabetic();
    let is_number = (1..=4).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
    (is_letter || is_number).then_some(ListMarker::Number)
}

fn parse_term(text: &str) -> Option<AsciiDocLine<'_>> {
    let mark = if text.contains(":: ") || text.ends_with("::") { ':' } else { ';' };
    let double = if mark == ':' { "::" } else { ";;" };
    let at = match text.find(&format!("{double} ")) {
        Some(at) => at,
        None => text.strip_suffix(double)?.len(),
    };
    let term = text[..at].trim_end_matches(mark);
    let description = text[at..].trim_start_matches(mark);
    let marks = text.len() - term.len() - description.len();
    let is_term = !term.trim().is_empty() && marks <= 4 && term.len() <= 200;
    is_term.then(|| AsciiDocLine::Term(ListMarker::Term(mark, marks), term.trim(), description.trim()))
}

/// Returns the names in `Ann Lee <ann@example.org>; Bo Yu`.
pub(crate) fn authors(line: &str) -> Option<String> {
    let names = line.split(';').map(|author| author.split('<').next().unwrap_or_default().trim());
    let names = names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ").replace('_', " ");
    let is_name = |word: &str| word.starts_with(|c: char| c.is_uppercase() || !c.is_ascii());
    let is_short = names.split_whitespace().count() <= 6 && names.split_whitespace().any(is_name);
    (line.contains('<') || is_short).then_some(names)
}

/// Returns the date in `v1.0, 2024-05-07: remark`.
pub(crate) fn revision_date(line: &str) -> Option<String> {
    let has_version = line.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let date = match line.split_once(", ") {
        Some((version, date)) if has_version && !version.contains('-') => date,
        _ => line,
    };
    let date = date.split(": ").next().unwrap_or(date).trim();
    line.contains(|c: char| c.is_ascii_digit()).then(|| date.to_owned())
}
