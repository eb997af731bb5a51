//! Paragraphs, lists and the blocks that are told by their indentation.

use super::{Line, Reader, inline, tables};
use crate::builder::{Key, Role};

impl<'a> Reader<'a> {
    pub(super) fn item(&mut self, line: Line<'a>, kind: char, width: usize) {
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

    pub(super) fn paragraph(&mut self, first: Line<'a>) {
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
    pub(super) fn literal(&mut self, indent: usize) {
        let lines = self.indented(indent);
        self.builder.code(&dedented(&lines));
    }

    /// Goes past the lines that are indented further than `indent`, and gives them.
    pub(super) fn indented(&mut self, indent: usize) -> Vec<Line<'a>> {
        let start = self.at;
        while self.peek(0).is_some_and(|line| line.text.is_empty() || line.indent > indent) {
            self.at += 1;
        }
        self.lines[start..self.at].to_vec()
    }

    pub(super) fn doctest(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(|line| !line.text.is_empty()) {
            self.at += 1;
        }
        let code = dedented(&self.lines[start..self.at]);
        self.builder.code(&code);
    }

    pub(super) fn table(&mut self, table: &tables::Table) {
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
pub(super) fn dedented(lines: &[Line]) -> String {
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
