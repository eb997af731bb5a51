//! reStructuredText to what a reader sees: the parts of the language that posts use. Knows no other markup.

mod blocks;
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

#[cfg(test)]
mod tests {
    use crate::readable::{Format, read};
    use crate::testing::{blocks, links};

    fn check(rows: &[(&str, &str)]) {
        for (source, shown) in rows {
            assert_eq!(blocks(Format::Rst, source), *shown, "{source:?}");
        }
    }

    #[test]
    fn the_head_is_kept_apart() {
        let source = "Title *x*\n#########\n:date: 2016-05-16 14:10\n:Tags: a,\n  b\n\ntext\n\n:later: no";
        let read = read(Format::Rst, source, 1);
        assert_eq!(read.head.title.as_deref(), Some("Title x"));
        let fields = [("date", "2016-05-16 14:10"), ("tags", "a, b")];
        assert_eq!(read.head.fields, fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(blocks(Format::Rst, source), "h1 Title x\np text\np later: no");
    }

    #[test]
    fn titles_rank_by_first_use() {
        check(&[
            ("=====\n A\n=====\n\ntext\n\nB\n===\n\nC\n---\n\nD\n===", "h1 A\np text\nh2 B\nh3 C\nh2 D"),
            ("a\n\n----\n\nb", "p a\np b"),
            ("a --- b\n---\n", "p a --- b ---"),
        ]);
    }

    #[test]
    fn blocks_of_rst() {
        check(&[
            ("one\ntwo\n\nthree", "p one two\np three"),
            (
                "Code::\n\n  a\n    b\n\nc ::\n\n  d\n\n::\n\n  e\n\nf",
                "p Code:\ncode a\\n  b\np c\ncode d\ncode e\np f",
            ),
            (".. code-block:: rust\n   :linenos:\n\n   let a;\n\nb", "code let a;\np b"),
            (
                ".. image:: a.png\n   :alt: A stage\n\n.. figure:: b.png\n   :alt: B\n\n   The caption\n\nc",
                "alt A stage\nalt B\ncap The caption\np c",
            ),
            (
                ".. note:: Take\n   care\n\n.. note::\n\n   More\n\n   * a\n\n.. youtube:: x\n\n.. a comment\n   of lines\n\nb",
                "p Take\np care\np More\nli1 a < More\np b",
            ),
            ("a\n\n    quoted\n    text\n\nb", "p a\nq1 quoted text\np b"),
            ("a [1]_\n\n.. [1] The\n   note", "p a\np The note"),
            (">>> a\nb\n\n| c\n| d", "code >>> a\\nb\np c d"),
            (
                "+---+---+\n| a | b |\n+===+===+\n| c | d |\n|   | e |\n+---+---+\n\nx",
                "tr a | b\ntr c | d e\np x",
            ),
            ("=== ===\na   b\n=== ===\nc   d\n    e\n=== ===\n\nx", "tr a | b\ntr c | d e\np x"),
            (".. raw:: html\n\n   <p>a\n\nb", "p b"),
        ]);
    }

    #[test]
    fn lists_of_rst() {
        check(&[
            (
                "Three:\n\n- a\n  b\n\n  * c\n\n- d\n\ntext",
                "p Three:\nli1 a b < Three:\nli2 c < a b\nli1 d < Three:\np text",
            ),
            ("1. a\n2. b\n\n#) c\n(i) d", "li1 a\nli1 b\nli1 c\nli1 d"),
            ("- a\n\n  second\n\n- b", "li1 a\np1 second\nli1 b"),
            (
                "term\n  what it is\n\nother\n  more\n\nend",
                "li1 term\nli1 what it is < term\nli1 other\nli1 more < other\np end",
            ),
        ]);
    }

    #[test]
    fn inside_a_paragraph() {
        check(&[
            (
                "*a* **b** ``c *d*`` `e` :code:`f` :ref:`g <h>` x*y*z 2 * 3 * 4",
                "p a b c *d* e f g x*y*z 2 * 3 * 4",
            ),
            ("|v| is\\ out \\*a* _`here` [CIT]_\n\n.. |v| replace:: 1.2", "p 1.2 isout *a* here"),
            ("a* b `c _d snake_case_", "p a* b `c _d snake_case_"),
            ("a |b| c |d|_", "p a |b| c |d|_"),
            ("a |b| c\n\n.. |b| image:: b.png", "p a c"),
        ]);
    }

    #[test]
    fn links_of_rst() {
        for (source, shown) in [
            (
                "`a b\n<https://c\n.d>`_ and `e`_, f_ or https://g.h.\n\n.. _e: https://e\n.. _F: https://f",
                "a b -> https://c.d\ne -> https://e\nf -> https://f\nhttps://g.h -> https://g.h",
            ),
            ("`x`_ and `y <u>`__\n\n.. _x: z_\n.. _z: https://z", "x -> https://z\ny -> u"),
            ("`the long name`_\n\n.. _`the long name`: https://n", "the long name -> https://n"),
        ] {
            assert_eq!(links(Format::Rst, source), shown, "{source:?}");
        }
    }
}
