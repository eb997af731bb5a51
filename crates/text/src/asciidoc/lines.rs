//! What one line of `AsciiDoc` is.

/// A line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// Nothing on it.
    Blank,
    /// `// …`
    Comment,
    /// `:name: value`
    Attribute(&'a str, &'a str),
    /// A heading's level and words.
    Heading(u8, &'a str),
    /// The first or last line of a block.
    Delimiter(Delimiter),
    /// `[…]` above a block.
    Style(&'a str),
    /// `.Title` above a block.
    Title(&'a str),
    /// An item of a list.
    Item(Marker, &'a str),
    /// A term of a description list and what follows on it.
    Term(Marker, &'a str, &'a str),
    /// `+` alone.
    Continuation,
    /// An image and its alternative text.
    Image(&'a str),
    /// Another block macro.
    Macro,
    /// A thematic or page break.
    Break,
    /// An indented line.
    Literal,
    /// Anything else.
    Text,
}

/// What stands between two delimiters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// Code or literal text.
    Listing,
    /// HTML.
    Pass,
    /// A comment.
    Comment,
    /// A table.
    Table,
    /// A quotation.
    Quote,
    /// An example, a sidebar or an open block.
    Open,
}

/// The marker of a list's items: two lists with the same one are the same list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// `*` or `.`, and how many.
    Level(char, usize),
    /// `-` or a bullet.
    Dash,
    /// `1.`, `a.`
    Number,
    /// `<1>`
    Callout,
    /// `::` and its kin: how long, and which character.
    Term(char, usize),
}

impl<'a> Line<'a> {
    /// What a line is that follows on text of a paragraph or stands in a list.
    pub fn of(line: &'a str, in_paragraph: bool, in_list: bool) -> Self {
        if line.is_empty() {
            return Self::Blank;
        }
        if let Some(delimiter) = delimiter(line) {
            return Self::Delimiter(delimiter);
        }
        if line.starts_with("//") && !line.starts_with("///") {
            return Self::Comment;
        }
        if line == "+" {
            return Self::Continuation;
        }
        if !in_paragraph && let Some(kind) = block_line(line) {
            return kind;
        }
        if (!in_paragraph || in_list)
            && let Some(kind) = list_line(line)
        {
            return kind;
        }
        if line.starts_with([' ', '\t']) { Self::Literal } else { Self::Text }
    }
}

fn delimiter(line: &str) -> Option<Delimiter> {
    let all = |c: char| line.len() >= 4 && line.chars().all(|other| other == c);
    Some(match line.chars().next()? {
        '-' if all('-') => Delimiter::Listing,
        '.' if all('.') => Delimiter::Listing,
        '`' if line.starts_with("```") && !line[3..].contains('`') => Delimiter::Listing,
        '+' if all('+') => Delimiter::Pass,
        '/' if all('/') => Delimiter::Comment,
        '_' if all('_') => Delimiter::Quote,
        '=' if all('=') => Delimiter::Open,
        '*' if all('*') => Delimiter::Open,
        '-' if line == "--" => Delimiter::Open,
        '|' | ',' | ':' | '!' if line.len() >= 4 && line[1..].chars().all(|c| c == '=') => Delimiter::Table,
        _ => return None,
    })
}

fn block_line(line: &str) -> Option<Line<'_>> {
    if matches!(line, "'''" | "---" | "***" | "- - -" | "* * *" | "<<<") {
        return Some(Line::Break);
    }
    match line.chars().next()? {
        ':' => attribute(line),
        '=' | '#' => heading(line),
        '[' => style(line),
        '.' => title(line),
        _ => block_macro(line),
    }
}

fn attribute(line: &str) -> Option<Line<'_>> {
    let (name, value) = line[1..].split_once(':')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-!".contains(c));
    let apart = value.is_empty() || value.starts_with([' ', '\t']);
    (is_name && apart).then(|| Line::Attribute(name, value.trim()))
}

fn heading(line: &str) -> Option<Line<'_>> {
    let mark = line.chars().next()?;
    let title = line.trim_start_matches(mark);
    let level = line.len() - title.len();
    let words = title.strip_prefix(' ')?.trim();
    let closing = &line[..level];
    let words = words.strip_suffix(closing).filter(|words| words.ends_with(' ')).unwrap_or(words).trim();
    (level <= 6 && !words.is_empty()).then(|| Line::Heading(u8::try_from(level).unwrap_or(6), words))
}

fn style(line: &str) -> Option<Line<'_>> {
    let inside = line.strip_prefix('[')?.strip_suffix(']')?;
    let begins = inside.chars().next().is_none_or(|c| c.is_alphabetic() || "_{,.#\"'%[".contains(c));
    begins.then_some(Line::Style(inside))
}

fn title(line: &str) -> Option<Line<'_>> {
    let words = line.strip_prefix('.')?;
    words.starts_with(|c: char| !c.is_whitespace() && c != '.').then_some(Line::Title(words))
}

fn block_macro(line: &str) -> Option<Line<'_>> {
    let (name, rest) = line.split_once("::")?;
    let (target, inside) = rest.strip_suffix(']')?.split_once('[')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if !is_name || target.contains(char::is_whitespace) && name != "include" {
        return None;
    }
    Some(if name == "image" { Line::Image(alt(inside)) } else { Line::Macro })
}

/// The alternative text among an image's attributes.
pub fn alt(inside: &str) -> &str {
    let inside = inside.trim();
    if let Some(quoted) = inside.strip_prefix('"') {
        return quoted.split('"').next().unwrap_or(quoted);
    }
    if let Some(at) = inside.find("alt=") {
        let value = inside[at + 4..].trim_start();
        let quoted = value.strip_prefix('"').map(|value| value.split('"').next().unwrap_or(value));
        return quoted.unwrap_or_else(|| value.split(',').next().unwrap_or(value));
    }
    let first = inside.split(',').next().unwrap_or(inside).trim();
    if first.contains('=') { "" } else { first }
}

fn list_line(line: &str) -> Option<Line<'_>> {
    let text = line.trim_start();
    let (marker, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    let rest = rest.trim_start();
    if let Some(kind) = marker_of(marker).filter(|_| !rest.is_empty()) {
        return Some(Line::Item(kind, without_box(rest)));
    }
    term(text)
}

fn marker_of(marker: &str) -> Option<Marker> {
    let first = marker.chars().next()?;
    let same = marker.chars().all(|c| c == first);
    Some(match first {
        '*' | '.' if same && marker.len() <= 6 => Marker::Level(first, marker.len()),
        '-' | '•' if same && marker.chars().count() == 1 => Marker::Dash,
        '<' if marker.len() <= 5 && marker.ends_with('>') => {
            let inside = &marker[1..marker.len() - 1];
            let counts = inside == "." || (!inside.is_empty() && inside.chars().all(|c| c.is_ascii_digit()));
            counts.then_some(Marker::Callout)?
        }
        _ => {
            let number = marker.strip_suffix('.')?;
            let is_letter = number.len() == 1 && first.is_ascii_alphabetic();
            let is_number = (1..=4).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
            (is_letter || is_number).then_some(Marker::Number)?
        }
    })
}

/// Without the box of a checklist.
fn without_box(text: &str) -> &str {
    let boxes = ["[ ] ", "[x] ", "[*] ", "[X] "];
    boxes.iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text).trim_start()
}

fn term(text: &str) -> Option<Line<'_>> {
    let mark = if text.contains(":: ") || text.ends_with("::") { ':' } else { ';' };
    let double = if mark == ':' { "::" } else { ";;" };
    let at = match text.find(&format!("{double} ")) {
        Some(at) => at,
        None => text.strip_suffix(double)?.len(),
    };
    let before = text[..at].trim_end_matches(mark);
    let after = text[at..].trim_start_matches(mark);
    let len = text.len() - before.len() - after.len();
    let is_term = !before.trim().is_empty() && len <= 4 && before.len() <= 200;
    is_term.then(|| Line::Term(Marker::Term(mark, len), before.trim(), after.trim()))
}

/// A paragraph without the label that makes it an admonition.
pub fn without_label(text: &str) -> &str {
    let labels = ["NOTE: ", "TIP: ", "IMPORTANT: ", "WARNING: ", "CAUTION: "];
    labels.iter().find_map(|label| text.strip_prefix(label)).unwrap_or(text)
}

/// How many columns `cols=` names.
pub fn columns(style: &str) -> Option<usize> {
    let value = style.split_once("cols=")?.1;
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => value.split(',').next()?,
    };
    let repeat =
        |column: &str| column.split_once('*').and_then(|(times, _)| times.trim().parse().ok()).unwrap_or(1);
    let columns: usize = value.split([',', ';']).map(repeat).fold(0, usize::saturating_add);
    (1..=1_000).contains(&columns).then_some(columns)
}

/// The cells of a table, row by row.
pub fn rows(text: &str, columns: Option<usize>) -> Vec<Vec<String>> {
    let mut cells: Vec<String> = Vec::new();
    let mut columns = columns;
    for line in text.lines() {
        let before = cells.len();
        let mut pieces = line.split('|');
        let spec_ends = line.contains('|');
        if let (Some(first), Some(cell)) = (pieces.next(), cells.last_mut()) {
            cell.push(' ');
            cell.push_str(if spec_ends { without_spec(first) } else { first });
        }
        cells.extend(pieces.map(str::to_owned));
        trim_specs(&mut cells[before..]);
        if columns.is_none() && cells.len() > before {
            columns = Some(cells.len() - before);
        }
    }
    cells.chunks(columns.unwrap_or(1).max(1)).map(<[String]>::to_vec).collect()
}

/// What stands before a `|` of a line may end with the format of the cell that begins there.
fn trim_specs(cells: &mut [String]) {
    let Some((_, but_last)) = cells.split_last_mut() else { return };
    for cell in but_last {
        cell.truncate(without_spec(cell).len());
    }
}

fn without_spec(cell: &str) -> &str {
    let words = cell.trim_end_matches(|c: char| c.is_ascii_digit() || ".+*<>^aehlmdsv".contains(c));
    let spec = &cell[words.len()..];
    let apart = words.is_empty() || words.ends_with(char::is_whitespace);
    let formats = spec.len() == 1 && !spec.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if apart && (formats || spec.contains(['+', '*'])) { words } else { cell }
}
