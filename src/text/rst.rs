//! reStructuredText to what a reader sees: the parts of the language that posts use. Knows no other markup.

mod directives;
mod inline;
mod names;
mod tables;

use self::names::Names;
use super::builder::{Builder, Key, MAX_DEPTH, Role};
use super::readable::{Flaw, Head};
use crate::model::Body;

/// Reads a document.
pub fn read(source: &str, line_of: impl Fn(usize) -> u32) -> (Body, Head, Vec<Flaw>) {
    let lines = lines_of(source);
    let mut reader = Reader {
        names: Names::of(&lines),
        builder: Builder::new(),
        head: Head::default(),
        lines,
        at: 0,
        scopes: Vec::new(),
        styles: Vec::new(),
        in_head: true,
    };
    while let Some(&line) = reader.lines.get(reader.at) {
        reader.builder.at(line.offset);
        reader.element(line);
    }
    let (body, flaws) = reader.builder.finish(line_of);
    (body, reader.head, flaws)
}

/// A line of the source.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Where it begins.
    offset: usize,
    /// How far it is indented, in columns.
    indent: usize,
    /// Without its indentation and the white space at its end.
    text: &'a str,
}

fn lines_of(source: &str) -> Vec<Line<'_>> {
    let mut offset = 0;
    let mut lines = Vec::new();
    for line in source.split_inclusive('\n') {
        let text = line.trim();
        let width = |c: char| if c == '\t' { 8 } else { 1 };
        let indent = line.chars().take_while(|c| c.is_whitespace()).map(width).sum();
        lines.push(Line { offset, indent: if text.is_empty() { 0 } else { indent }, text });
        offset += line.len();
    }
    lines
}

/// Something whose lines are indented as far.
#[derive(Debug)]
struct Scope {
    indent: usize,
    /// The kind of marker, for a list.
    list: Option<char>,
}

struct Reader<'a> {
    names: Names,
    builder: Builder,
    head: Head,
    lines: Vec<Line<'a>>,
    at: usize,
    scopes: Vec<Scope>,
    /// The kinds of lines under titles, and whether one is over them too, in order of first use.
    styles: Vec<(char, bool)>,
    /// Whether no text has been read yet.
    in_head: bool,
}

impl<'a> Reader<'a> {
    fn peek(&self, ahead: usize) -> Option<Line<'a>> {
        self.lines.get(self.at + ahead).copied()
    }

    /// Reads what begins at the current line.
    fn element(&mut self, line: Line<'a>) {
        if line.text.is_empty() {
            self.at += 1;
            return;
        }
        self.leave(line.indent, marker(line.text).map(|(kind, _)| kind));
        if line.indent > self.indent() {
            self.enter(line.indent, None, Role::Quote);
        }
        if self.scopes.is_empty() && self.title(line) {
            return;
        }
        if line.text == ".." || line.text.starts_with(".. ") {
            return self.explicit(line);
        }
        if let Some((name, value)) = field(line.text) {
            return self.field(name, value);
        }
        self.in_head = false;
        if is_transition(line.text) {
            self.at += 1;
        } else if let Some((kind, width)) = marker(line.text) {
            self.item(line, kind, width);
        } else if let Some(rows) = tables::read(&self.lines[self.at..]) {
            self.table(&rows);
        } else if line.text.starts_with(">>> ") {
            self.doctest();
        } else {
            self.paragraph(line);
        }
    }

    fn indent(&self) -> usize {
        self.scopes.last().map_or(0, |scope| scope.indent)
    }

    fn enter(&mut self, indent: usize, list: Option<char>, role: Role) {
        self.builder.open(Key::Own, role);
        self.scopes.push(Scope { indent, list });
        if self.scopes.len() > usize::from(MAX_DEPTH) {
            // Deeper than the builder goes: the place of this one is the place of the one around it.
            self.scopes.pop();
            self.builder.close();
            if let Some(scope) = self.scopes.last_mut() {
                scope.indent = indent;
            }
        }
    }

    /// Ends what a line does not belong to.
    fn leave(&mut self, indent: usize, marker: Option<char>) {
        while let Some(scope) = self.scopes.last() {
            let stays = match scope.list {
                Some(kind) => scope.indent < indent || (scope.indent == indent && marker == Some(kind)),
                None => scope.indent <= indent,
            };
            if stays {
                break;
            }
            self.scopes.pop();
            self.builder.close();
        }
    }

    /// A title with a line under it, and perhaps one over it.
    fn title(&mut self, line: Line<'a>) -> bool {
        let next = self.peek(1).map_or("", |next| next.text);
        let (text, under, over) = match rule(line.text) {
            Some(_) => (next, self.peek(2).map_or("", |line| line.text), true),
            None => (line.text, next, false),
        };
        let Some(mark) = rule(under) else { return false };
        let wide = under.len() >= text.chars().count().min(4) && !text.is_empty();
        if !wide || rule(text).is_some() || (over && rule(line.text) != Some(mark)) || line.indent > 0 {
            return false;
        }
        let known = self.styles.iter().position(|style| *style == (mark, over));
        let level = known.unwrap_or_else(|| {
            self.styles.push((mark, over));
            self.styles.len() - 1
        });
        if self.in_head && self.head.title.is_none() {
            self.head.title = Some(inline::plain(text, &self.names));
        } else {
            self.in_head = false;
        }
        self.run(Role::Heading(u8::try_from(level + 1).unwrap_or(6).min(6)), text);
        self.at += if over { 3 } else { 2 };
        true
    }

    fn run(&mut self, role: Role, text: &str) {
        self.builder.open(Key::Own, role);
        inline::read(&mut self.builder, text, &self.names);
        self.builder.close();
    }

    /// `:name: value`: in the head about the document, elsewhere a line of text.
    fn field(&mut self, name: &str, value: &str) {
        let indent = self.peek(0).map_or(0, |line| line.indent);
        let mut value = value.to_owned();
        self.at += 1;
        while let Some(more) = self.peek(0).filter(|more| !more.text.is_empty() && more.indent > indent) {
            value.push(' ');
            value.push_str(more.text);
            self.at += 1;
        }
        if self.in_head && self.scopes.is_empty() {
            let value = inline::plain(&value, &self.names);
            self.head.fields.push((name.to_lowercase(), value));
        } else {
            inline::read(&mut self.builder, &format!("{name}: {value}"), &self.names);
            self.builder.break_block();
        }
    }

    fn item(&mut self, line: Line<'a>, kind: char, width: usize) {
        let in_list =
            self.scopes.last().is_some_and(|scope| scope.list == Some(kind) && scope.indent == line.indent);
        if !in_list {
            self.enter(line.indent, Some(kind), Role::List);
        }
        let rest = line.text.get(width..).unwrap_or_default();
        let text = rest.trim_start();
        let indent = line.indent + width + (rest.len() - text.len());
        self.enter(indent, None, Role::Item);
        // What stands behind the marker is a line of its own.
        if let Some(line) = self.lines.get_mut(self.at) {
            *line = Line { indent, text, ..*line };
        }
    }

    fn paragraph(&mut self, first: Line<'a>) {
        let indented = |line: Line| !line.text.is_empty() && line.indent > first.indent;
        if first.text.starts_with("| ") {
            return self.line_block();
        }
        if self.peek(1).is_some_and(indented) && !first.text.ends_with("::") {
            return self.definition(first);
        }
        let mut text = String::new();
        while let Some(line) =
            self.peek(0).filter(|line| !line.text.is_empty() && line.indent == first.indent)
        {
            if !text.is_empty() {
                if line.text.starts_with(".. ") {
                    break;
                }
                text.push('\n');
            }
            text.push_str(line.text);
            self.at += 1;
        }
        let is_literal = text.ends_with("::");
        let words = match text.strip_suffix("::") {
            Some(before) if before.is_empty() || before.ends_with(char::is_whitespace) => before,
            Some(_) => &text[..text.len() - 1],
            None => &text,
        };
        inline::read(&mut self.builder, words, &self.names);
        self.builder.break_block();
        if is_literal {
            self.literal(first.indent);
        }
    }

    /// A term, and what is said about it in the indented lines below.
    fn definition(&mut self, term: Line<'a>) {
        let in_list =
            self.scopes.last().is_some_and(|scope| scope.list == Some(':') && scope.indent == term.indent);
        if !in_list {
            self.enter(term.indent, Some(':'), Role::List);
        }
        self.run(Role::Term, term.text);
        self.at += 1;
        let indent = self.peek(0).map_or(term.indent + 1, |line| line.indent);
        self.enter(indent, None, Role::Item);
    }

    fn line_block(&mut self) {
        while let Some(line) = self.peek(0).filter(|line| line.text.starts_with('|')) {
            inline::read(&mut self.builder, line.text[1..].trim(), &self.names);
            self.builder.newline();
            self.at += 1;
        }
        self.builder.break_block();
    }

    /// The lines that are indented further than `indent`, as code.
    fn literal(&mut self, indent: usize) {
        let lines = self.indented(indent);
        self.builder.code(&dedented(&lines));
    }

    /// Goes past the lines that are indented further than `indent`, and gives them.
    fn indented(&mut self, indent: usize) -> Vec<Line<'a>> {
        let start = self.at;
        while self.peek(0).is_some_and(|line| line.text.is_empty() || line.indent > indent) {
            self.at += 1;
        }
        self.lines[start..self.at].to_vec()
    }

    fn doctest(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(|line| !line.text.is_empty()) {
            self.at += 1;
        }
        let code = dedented(&self.lines[start..self.at]);
        self.builder.code(&code);
    }

    fn table(&mut self, table: &tables::Table) {
        self.builder.open(Key::Own, Role::Table);
        for row in &table.rows {
            self.builder.open(Key::Own, Role::Row);
            for cell in row {
                self.builder.cell();
                inline::read(&mut self.builder, cell, &self.names);
            }
            self.builder.close();
        }
        self.builder.close();
        self.at += table.lines;
    }
}

/// Lines with the indentation that all of them have taken off.
fn dedented(lines: &[Line]) -> String {
    let indent = lines.iter().filter(|line| !line.text.is_empty()).map(|line| line.indent).min().unwrap_or(0);
    let mut code = String::new();
    for line in lines {
        // A line indented by megabytes is no code.
        code.extend(std::iter::repeat_n(' ', line.indent.saturating_sub(indent).min(200)));
        code.push_str(line.text);
        code.push('\n');
    }
    code
}

/// The character of a line that is nothing but it.
fn rule(text: &str) -> Option<char> {
    let first = text.chars().next().filter(char::is_ascii_punctuation)?;
    (text.len() >= 2 && text.chars().all(|c| c == first)).then_some(first)
}

fn is_transition(text: &str) -> bool {
    text.len() >= 4 && rule(text).is_some()
}

/// The kind of a list item's marker and how long it is with one space behind it.
fn marker(text: &str) -> Option<(char, usize)> {
    let (mark, _) = text.split_once([' ', '\t'])?;
    if matches!(mark, "-" | "*" | "+" | "•" | "‣") {
        return Some(('-', mark.len() + 1));
    }
    let number = mark.strip_prefix('(').unwrap_or(mark).strip_suffix(['.', ')'])?;
    let counts = number == "#" || number.chars().all(|c| c.is_ascii_digit()) || is_letter_or_roman(number);
    ((1..=5).contains(&number.len()) && counts).then_some(('1', mark.len() + 1))
}

fn is_letter_or_roman(number: &str) -> bool {
    let is_letter = number.len() == 1 && number.chars().all(|c| c.is_ascii_alphabetic());
    is_letter || number.chars().all(|c| "ivx".contains(c))
}

/// The name and the value of a field.
fn field(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.strip_prefix(':')?.split_once(':')?;
    let apart = value.is_empty() || value.starts_with([' ', '\t']);
    let is_name = !name.is_empty() && name.len() <= 80 && !name.starts_with(' ') && !name.contains('`');
    (apart && is_name).then_some((name, value.trim()))
}
