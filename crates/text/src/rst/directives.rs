//! What begins with `..`: directives, comments, targets, footnotes.

use super::super::builder::Role;
use super::blocks::dedented;
use super::{Line, Reader, field, inline};

/// What becomes of a directive's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Text,
    Quote,
    Code,
    Caption,
    Dropped,
}

impl<'a> Reader<'a> {
    /// Reads what begins with `..` on this line.
    pub(super) fn explicit(&mut self, line: Line<'a>) {
        let rest = line.text[2..].trim_start();
        self.at += 1;
        if rest.starts_with('[')
            && let Some((_, text)) = rest.split_once("] ")
        {
            return self.footnote(line, text);
        }
        match rest.split_once("::").filter(|(name, _)| is_name(name)) {
            Some((name, argument)) => self.directive(line, name, argument.trim()),
            None => {
                self.indented(line.indent);
            }
        }
    }

    /// The text of a footnote is a paragraph where it stands.
    fn footnote(&mut self, line: Line<'a>, text: &str) {
        self.in_head = false;
        let mut words = text.to_owned();
        while let Some(more) = self.peek(0).filter(|more| !more.text.is_empty() && more.indent > line.indent)
        {
            words.push('\n');
            words.push_str(more.text);
            self.at += 1;
        }
        inline::read(&mut self.builder, &words, &self.names);
        self.builder.break_block();
    }

    fn directive(&mut self, line: Line<'a>, name: &str, argument: &str) {
        let content = content(name);
        let options = self.options(line.indent);
        if content != Content::Dropped {
            self.in_head = false;
        }
        if matches!(name, "image" | "figure") {
            let alt = options.iter().find(|(name, _)| *name == "alt").map_or("", |(_, alt)| alt);
            self.builder.image(&inline::plain(alt, &self.names));
            self.builder.break_block();
        } else if !argument.is_empty() && is_titled(name) {
            self.run(if name == "table" { Role::Caption } else { Role::Plain }, argument);
        }
        let body = self.peek(0).filter(|line| !line.text.is_empty());
        match (content, body) {
            (Content::Dropped, _) => {
                self.indented(line.indent);
            }
            (Content::Code, _) => {
                let lines = self.indented(line.indent);
                self.builder.code(&dedented(&lines));
            }
            (_, Some(first)) if first.indent > line.indent => match content {
                Content::Quote => self.enter(first.indent, None, Role::Quote),
                Content::Caption => self.enter(first.indent, None, Role::Caption),
                _ => self.enter(first.indent, None, Role::Plain),
            },
            _ => {}
        }
    }

    /// The options below a directive and the empty lines after them; the argument's other lines go with them.
    fn options(&mut self, indent: usize) -> Vec<(&'a str, &'a str)> {
        let mut options = Vec::new();
        while let Some(line) = self.peek(0).filter(|line| line.indent > indent) {
            let Some(option) = field(line.text) else { break };
            options.push(option);
            self.at += 1;
        }
        while self.peek(0).is_some_and(|line| line.text.is_empty()) {
            self.at += 1;
        }
        options
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_:+.".contains(c))
}

fn content(name: &str) -> Content {
    match name {
        "note" | "tip" | "hint" | "important" | "warning" | "caution" | "attention" | "danger" | "error"
        | "admonition" | "seealso" | "topic" | "sidebar" | "container" | "compound" | "class" | "only"
        | "versionadded" | "versionchanged" | "deprecated" | "table" | "list-table" | "rubric"
        | "centered" => Content::Text,
        "epigraph" | "highlights" | "pull-quote" => Content::Quote,
        "code" | "code-block" | "sourcecode" | "parsed-literal" | "highlight-code" | "prompt" => {
            Content::Code
        }
        "figure" => Content::Caption,
        _ => Content::Dropped,
    }
}

/// Whether what stands behind the directive's name is text: a title, or the first words.
fn is_titled(name: &str) -> bool {
    let takes_names =
        matches!(name, "container" | "class" | "only" | "versionadded" | "versionchanged" | "deprecated");
    matches!(content(name), Content::Text) && !takes_names
}
