//! Converts reStructuredText to visible text.
//!
//! Reads header fields, headings, paragraphs, lists, links, images, quotations and code. Leaves out comments and
//! unknown directives; the rest of the language is read as text.

mod inline;

use self::inline::LinkTargets;
use super::builder::{BodyBuilder, ElementRole, MAX_DEPTH};
use super::readable::{DocumentHead, ReadableText, split_field};

/// Reads a document.
pub(crate) fn read_rst(source: &str, line_of: impl Fn(usize) -> u32) -> ReadableText {
    let lines = split_lines(source);
    let mut reader = RstReader {
        targets: LinkTargets::collect(&lines),
        builder: BodyBuilder::new(),
        head: DocumentHead::default(),
        lines,
        at: 0,
        scopes: Vec::new(),
        title_styles: Vec::new(),
        in_head: true,
    };
    while let Some(&line) = reader.lines.get(reader.at) {
        reader.builder.set_source_offset(line.offset);
        reader.read_element(line);
    }
    reader.builder.finish(reader.head, line_of)
}

/// A line of the source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RstLine<'a> {
    /// The byte of the source where it begins.
    offset: usize,
    /// Its indentation, in columns.
    indent: usize,
    /// The trimmed line.
    text: &'a str,
}

fn split_lines(source: &str) -> Vec<RstLine<'_>> {
    let mut offset = 0;
    let mut lines = Vec::new();
    for line in source.split_inclusive('\n') {
        let text = line.trim();
        let width = |c: char| if c == '\t' { 8 } else { 1 };
        let indent = line.chars().take_while(|c| c.is_whitespace()).map(width).sum();
        lines.push(RstLine { offset, indent: if text.is_empty() { 0 } else { indent }, text });
        offset += line.len();
    }
    lines
}

/// An element that continues as long as its lines are indented.
#[derive(Debug)]
struct IndentScope {
    indent: usize,
    /// The kind of marker, for a list.
    list: Option<char>,
}

struct RstReader<'a> {
    targets: LinkTargets,
    builder: BodyBuilder,
    head: DocumentHead,
    lines: Vec<RstLine<'a>>,
    at: usize,
    scopes: Vec<IndentScope>,
    /// The characters that underline titles, and whether they also overline them, in order of first use.
    title_styles: Vec<(char, bool)>,
    /// Whether no text has been read yet.
    in_head: bool,
}

impl<'a> RstReader<'a> {
    fn peek(&self, ahead: usize) -> Option<RstLine<'a>> {
        self.lines.get(self.at + ahead).copied()
    }

    /// Reads the element that begins at the current line.
    fn read_element(&mut self, line: RstLine<'a>) {
        if line.text.is_empty() {
            self.at += 1;
            return;
        }
        let marker = parse_marker(line.text);
        self.leave_scopes(line.indent, marker.map(|(kind, _)| kind));
        if line.indent > self.scopes.last().map_or(0, |scope| scope.indent) {
            self.enter_scope(line.indent, None, ElementRole::Quote);
        }
        if self.scopes.is_empty() && self.read_title(line) {
            return;
        }
        if line.text == ".." || line.text.starts_with(".. ") {
            return self.read_explicit_markup(line);
        }
        if let Some((name, value)) = parse_field(line.text) {
            return self.read_field(line, name, value);
        }
        self.in_head = false;
        if line.text.len() >= 4 && repeated_char(line.text).is_some() {
            self.at += 1;
        } else if let Some((kind, width)) = marker {
            self.begin_item(line, kind, width);
        } else if is_preformatted(line.text) {
            let lines = self.take_lines(|line| !line.text.is_empty());
            self.builder.push_code_block(&dedent(&lines));
        } else {
            self.read_paragraph(line);
        }
    }

    fn enter_scope(&mut self, indent: usize, list: Option<char>, role: ElementRole) {
        if self.scopes.len() < usize::from(MAX_DEPTH) {
            self.builder.open(role);
            self.scopes.push(IndentScope { indent, list });
        } else if let Some(scope) = self.scopes.last_mut() {
            scope.indent = indent;
        }
    }

    /// Ends the scopes that a line does not belong to.
    fn leave_scopes(&mut self, indent: usize, marker: Option<char>) {
        while let Some(scope) = self.scopes.last() {
            let is_inside = match scope.list {
                Some(kind) => scope.indent < indent || (scope.indent == indent && marker == Some(kind)),
                None => scope.indent <= indent,
            };
            if is_inside {
                break;
            }
            self.scopes.pop();
            self.builder.close();
        }
    }

    /// Reads a title with a line of marks below it, and perhaps one above it. Returns whether there is one.
    fn read_title(&mut self, line: RstLine<'a>) -> bool {
        let next = self.peek(1).map_or("", |next| next.text);
        let overline = repeated_char(line.text);
        let (text, underline) = match overline {
            Some(_) => (next, self.peek(2).map_or("", |line| line.text)),
            None => (line.text, next),
        };
        let Some(mark) = repeated_char(underline) else { return false };
        let is_wide = underline.len() >= text.chars().count().min(4) && !text.is_empty();
        if !is_wide
            || repeated_char(text).is_some()
            || overline.is_some_and(|over| over != mark)
            || line.indent > 0
        {
            return false;
        }
        let style = (mark, overline.is_some());
        let level = self.title_styles.iter().position(|known| *known == style).unwrap_or_else(|| {
            self.title_styles.push(style);
            self.title_styles.len() - 1
        });
        if self.in_head && self.head.title.is_none() {
            self.head.title = Some(inline::inline_to_plain_text(text, &self.targets));
        } else {
            self.in_head = false;
        }
        self.write_line_block(ElementRole::Heading(u8::try_from(level + 1).unwrap_or(6).min(6)), text);
        self.at += if overline.is_some() { 3 } else { 2 };
        true
    }

    fn write_line_block(&mut self, role: ElementRole, text: &str) {
        self.builder.write_element(role, |builder| inline::read_inline(builder, text, &self.targets));
    }

    fn write_paragraph(&mut self, text: &str) {
        inline::read_inline(&mut self.builder, text, &self.targets);
        self.builder.break_block();
    }

    /// Reads `:name: value`, which is a field of the document at its head, and a line of text elsewhere.
    fn read_field(&mut self, line: RstLine<'a>, name: &str, value: &str) {
        self.at += 1;
        let continuation = self.take_lines(|next| !next.text.is_empty() && next.indent > line.indent);
        let value = continuation.iter().fold(value.to_owned(), |value, line| value + " " + line.text);
        if self.in_head && self.scopes.is_empty() {
            let value = inline::inline_to_plain_text(&value, &self.targets);
            self.head.fields.push((name.to_lowercase(), value));
        } else {
            self.write_paragraph(&format!("{name}: {value}"));
        }
    }

    fn begin_item(&mut self, line: RstLine<'a>, kind: char, width: usize) {
        self.enter_list(line, kind);
        let rest = line.text.get(width..).unwrap_or_default();
        let text = rest.trim_start();
        let indent = line.indent + width + (rest.len() - text.len());
        self.enter_scope(indent, None, ElementRole::Item);
        // The text after the marker is a line of its own.
        if let Some(line) = self.lines.get_mut(self.at) {
            *line = RstLine { indent, text, ..*line };
        }
    }

    fn enter_list(&mut self, item: RstLine<'a>, kind: char) {
        if self.scopes.last().is_some_and(|scope| scope.list == Some(kind) && scope.indent == item.indent) {
            return;
        }
        self.enter_scope(item.indent, Some(kind), ElementRole::List);
        if kind == NUMBERED {
            let digits = item.text.trim_start_matches('(').split(|c: char| !c.is_ascii_digit()).next();
            self.builder.number_items(digits.and_then(|digits| digits.parse().ok()).unwrap_or(1));
        }
    }

    fn read_paragraph(&mut self, first: RstLine<'a>) {
        let is_indented = |line: RstLine| !line.text.is_empty() && line.indent > first.indent;
        if self.peek(1).is_some_and(is_indented) && !first.text.ends_with("::") {
            return self.begin_definition(first);
        }
        let lines = self.take_lines(|line| {
            !line.text.is_empty() && line.indent == first.indent && !line.text.starts_with(".. ")
        });
        let lines: Vec<&str> = lines.iter().map(|line| line.text.trim_start_matches("| ")).collect();
        let text = lines.join("\n");
        match text.strip_suffix("::") {
            Some(before) if before.is_empty() || before.ends_with(char::is_whitespace) => {
                self.write_paragraph(before);
            }
            Some(_) => self.write_paragraph(&text[..text.len() - 1]),
            None => return self.write_paragraph(&text),
        }
        let code = self.take_indented(first.indent);
        self.builder.push_code_block(&dedent(&code));
    }

    /// Begins a term, with its description in the indented lines below.
    fn begin_definition(&mut self, term: RstLine<'a>) {
        self.enter_list(term, ':');
        self.write_line_block(ElementRole::Term, term.text);
        self.at += 1;
        let indent = self.peek(0).map_or(term.indent + 1, |line| line.indent);
        self.enter_scope(indent, None, ElementRole::Item);
    }

    /// Reads a directive, a target or a comment.
    fn read_explicit_markup(&mut self, line: RstLine<'a>) {
        self.at += 1;
        let markup = line.text[2..].trim_start();
        if self.in_head && self.read_nikola_field(markup) {
            return;
        }
        let (name, argument) = markup.split_once("::").unwrap_or((markup, ""));
        match name {
            "image" | "figure" => self.read_image(line.indent, name),
            "code" | "code-block" | "sourcecode" => {
                self.in_head = false;
                self.take_options(line.indent);
                let code = self.take_indented(line.indent);
                self.builder.push_code_block(&dedent(&code));
            }
            "note" | "tip" | "hint" | "important" | "warning" | "caution" | "attention" | "danger"
            | "admonition" | "seealso" | "topic" | "sidebar" | "rubric" | "list-table" | "table" => {
                self.read_text_directive(line.indent, argument.trim(), ElementRole::Plain);
            }
            "class" | "compound" | "container" | "only" => {
                self.read_text_directive(line.indent, "", ElementRole::Plain);
            }
            "epigraph" | "highlights" | "pull-quote" => {
                self.read_text_directive(line.indent, "", ElementRole::Quote);
            }
            _ => match footnote_text(markup) {
                Some(text) => self.read_footnote(line.indent, text),
                None => {
                    self.take_indented(line.indent);
                }
            },
        }
    }

    /// Reads a field of the document as Nikola writes it, in a comment: `.. date: 2019-11-26`. Returns whether it is one.
    fn read_nikola_field(&mut self, comment: &str) -> bool {
        let field = comment.split_once(": ").filter(|(name, _)| NIKOLA_FIELDS.contains(name));
        let Some((name, value)) = field else { return false };
        let value = value.trim().to_owned();
        if name == "title" && self.head.title.is_none() {
            self.head.title = Some(value.clone());
        }
        self.head.fields.push((name.to_owned(), value));
        true
    }

    /// Reads a footnote that begins with `text`.
    fn read_footnote(&mut self, indent: usize, text: &str) {
        self.in_head = false;
        let below = self.take_indented(indent);
        self.builder.open_footnote();
        let mut first = Some(text);
        for paragraph in below.split(|line| line.text.is_empty()) {
            let lines = first.take().into_iter().chain(paragraph.iter().map(|line| line.text));
            self.write_paragraph(&lines.collect::<Vec<_>>().join("\n"));
        }
        self.builder.close_footnote();
    }

    /// Reads the alternative text of an image and begins the caption of a figure.
    fn read_image(&mut self, indent: usize, name: &str) {
        let options = self.take_options(indent);
        let alt = options.iter().find(|(name, _)| *name == "alt").map_or("", |(_, alt)| alt);
        self.builder.push_image(&inline::inline_to_plain_text(alt, &self.targets));
        self.builder.break_block();
        self.in_head = false;
        if name == "figure" {
            self.enter_content(indent, ElementRole::Caption);
        }
    }

    fn read_text_directive(&mut self, indent: usize, title: &str, role: ElementRole) {
        self.in_head = false;
        self.take_options(indent);
        if !title.is_empty() {
            self.write_line_block(ElementRole::Plain, title);
        }
        self.enter_content(indent, role);
    }

    fn enter_content(&mut self, indent: usize, role: ElementRole) {
        if let Some(first) = self.peek(0).filter(|first| first.indent > indent) {
            self.enter_scope(first.indent, None, role);
        }
    }

    /// Skips the options below a directive and the empty lines after them, and returns the options.
    fn take_options(&mut self, indent: usize) -> Vec<(&'a str, &'a str)> {
        let options = self.take_lines(|line| line.indent > indent && parse_field(line.text).is_some());
        self.take_lines(|line| line.text.is_empty());
        options.iter().filter_map(|line| parse_field(line.text)).collect()
    }

    /// Skips the lines that are indented further than `indent`, and returns them.
    fn take_indented(&mut self, indent: usize) -> Vec<RstLine<'a>> {
        self.take_lines(|line| line.text.is_empty() || line.indent > indent)
    }

    /// Skips the next lines while they belong, and returns them.
    fn take_lines(&mut self, belongs: impl Fn(&RstLine) -> bool) -> Vec<RstLine<'a>> {
        let start = self.at;
        self.at += self.lines[start..].iter().take_while(|line| belongs(line)).count();
        self.lines[start..self.at].to_vec()
    }
}

/// Returns the mark of a line that consists of at least two equal marks.
fn repeated_char(text: &str) -> Option<char> {
    let first = text.chars().next().filter(char::is_ascii_punctuation)?;
    (text.len() >= 2 && text.chars().all(|c| c == first)).then_some(first)
}

/// Whether a paragraph that begins with this line is a drawn table or a Python session, whose line ends matter.
fn is_preformatted(text: &str) -> bool {
    let is_border = text.starts_with("==") && text.chars().all(|c| c == '=' || c == ' ');
    is_border || text.starts_with("+-") || text.starts_with(">>> ")
}

/// The names of Nikola's fields that say something of a post. A comment may have any other words.
const NIKOLA_FIELDS: [&str; 6] = ["author", "category", "date", "tags", "title", "updated"];

/// The kind of the markers of numbered lists.
const NUMBERED: char = '1';

/// Returns the kind of a list item's marker, and its length with one space.
fn parse_marker(text: &str) -> Option<(char, usize)> {
    let (mark, _) = text.split_once([' ', '\t'])?;
    if matches!(mark, "-" | "*" | "+" | "•" | "‣") {
        return Some(('-', mark.len() + 1));
    }
    let number = mark.strip_prefix('(').unwrap_or(mark).strip_suffix(['.', ')'])?;
    let is_letter = number.len() == 1 && number.chars().all(|c| c.is_ascii_alphabetic());
    let is_number = number == "#"
        || number.chars().all(|c| c.is_ascii_digit())
        || number.chars().all(|c| "ivx".contains(c));
    ((1..=5).contains(&number.len()) && (is_letter || is_number)).then_some((NUMBERED, mark.len() + 1))
}

/// Returns the text of a footnote's first line: `[1] text`, `[#] text`. The brackets of a citation hold a name.
fn footnote_text(markup: &str) -> Option<&str> {
    let (label, text) = markup.strip_prefix('[')?.split_once(']')?;
    is_footnote_label(label).then_some(text.trim_start())
}

/// Whether the brackets of a footnote hold this: a number, `#`, `#name` or `*`.
fn is_footnote_label(label: &str) -> bool {
    let is_number = (1..=4).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_digit());
    is_number || label == "*" || label.starts_with('#') && !label.contains(char::is_whitespace)
}

/// Returns the name and the value of a field.
fn parse_field(text: &str) -> Option<(&str, &str)> {
    let is_name =
        |name: &str| (1..=80).contains(&name.len()) && !name.starts_with(' ') && !name.contains('`');
    split_field(text).filter(|(name, _)| is_name(name))
}

/// Joins lines without their common indentation.
fn dedent(lines: &[RstLine]) -> String {
    let indent = lines.iter().filter(|line| !line.text.is_empty()).map(|line| line.indent).min().unwrap_or(0);
    let mut code = String::new();
    for line in lines {
        // The cap keeps a line that is indented by megabytes short.
        code.extend(std::iter::repeat_n(' ', line.indent.saturating_sub(indent).min(200)));
        code.push_str(line.text);
        code.push('\n');
    }
    code
}

#[cfg(test)]
mod tests;
