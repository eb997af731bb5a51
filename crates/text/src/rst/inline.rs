//! Reads inline reStructuredText. Its marks don't nest.

use std::collections::HashMap;

use super::RstLine;
use crate::builder::BodyBuilder;
use crate::forward_finder::ForwardFinder;
use crate::tokens::folding::collapse_whitespace;

/// The maximum length of a name or a role, in bytes.
const MAX_NAME: usize = 100;

/// The addresses of a document's named links.
#[derive(Debug, Default)]
pub(crate) struct LinkTargets(HashMap<String, String>);

impl LinkTargets {
    /// Collects the lines `.. _name: address`.
    pub(crate) fn collect(lines: &[RstLine]) -> Self {
        let mut targets = HashMap::new();
        for (index, line) in lines.iter().enumerate() {
            let Some(target) = line.text.strip_prefix(".. _") else { continue };
            let parts = match target.strip_prefix('`') {
                Some(quoted) => quoted.split_once("`:"),
                None => target.split_once(':').filter(|(_, url)| url.is_empty() || url.starts_with(' ')),
            };
            let Some((name, url)) = parts else { continue };
            // An address may be broken over a few lines.
            let below = lines[index + 1..].iter().take(8);
            let continuation = below.take_while(|next| !next.text.is_empty() && next.indent > line.indent);
            let url = continuation.fold(url.trim().to_owned(), |url, line| url + line.text);
            if !url.is_empty() {
                targets.insert(normalized_name(name), url);
            }
        }
        Self(targets)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&normalized_name(name)).map(String::as_str)
    }
}

fn normalized_name(name: &str) -> String {
    collapse_whitespace(name).to_lowercase()
}

/// Reads a paragraph into `builder`.
pub(crate) fn read_inline(builder: &mut BodyBuilder, text: &str, targets: &LinkTargets) {
    let mut scanner = RstInlineScanner {
        text,
        at: 0,
        text_start: 0,
        builder,
        targets,
        literal_finder: ForwardFinder::new(text, "``"),
        strong_finder: ForwardFinder::new(text, "**"),
        star_finder: ForwardFinder::new(text, "*"),
        tick_finder: ForwardFinder::new(text, "`"),
    };
    scanner.scan();
}

/// Converts a title or a field's value to plain text.
pub(crate) fn inline_to_plain_text(text: &str, targets: &LinkTargets) -> String {
    BodyBuilder::plain_line(|builder| read_inline(builder, text, targets))
}

/// Scans a paragraph from left to right and writes it.
struct RstInlineScanner<'a, 'b> {
    text: &'a str,
    at: usize,
    /// The start of the text that has not been written yet.
    text_start: usize,
    builder: &'b mut BodyBuilder,
    targets: &'b LinkTargets,
    literal_finder: ForwardFinder<'a>,
    strong_finder: ForwardFinder<'a>,
    star_finder: ForwardFinder<'a>,
    tick_finder: ForwardFinder<'a>,
}

impl<'a> RstInlineScanner<'a, '_> {
    fn scan(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            let before = self.at;
            match c {
                '\\' => self.scan_escape(),
                '*' | '`' | ':' if self.may_begin() => self.scan_mark(),
                '[' => self.scan_footnote_reference(),
                _ if c.is_alphanumeric() => self.scan_word(),
                _ => {}
            }
            if self.at == before {
                self.at += c.len_utf8();
            }
        }
        self.flush();
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn flush(&mut self) {
        self.builder.push_text(self.text.get(self.text_start..self.at).unwrap_or_default());
        self.text_start = self.at;
    }

    /// Continues at `end`, after markup that has been read.
    fn skip_to(&mut self, end: usize) {
        self.at = end;
        self.text_start = end;
    }

    /// Whether a mark may begin here: after white space, a bracket or a quotation mark, and before text.
    fn may_begin(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        let after = self.rest().chars().nth(1);
        let begins = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '*' && c != '`');
        begins && after.is_some_and(|c| !c.is_whitespace())
    }

    /// Reads a backslash: a mark after it is text, and white space after it is removed.
    fn scan_escape(&mut self) {
        self.flush();
        self.skip_to(self.at + 1);
        let Some(next) = self.rest().chars().next() else { return };
        self.at += next.len_utf8();
        if next.is_whitespace() {
            self.text_start = self.at;
        }
    }

    fn scan_mark(&mut self) {
        let rest = self.rest();
        if rest.starts_with("**") {
            self.scan_strong();
        } else if rest.starts_with('*') {
            self.scan_emphasis();
        } else if rest.starts_with("``") {
            self.scan_literal();
        } else if let Some(tick) = role_len(rest).filter(|len| rest[*len..].starts_with('`')) {
            self.scan_interpreted_text(self.at + tick);
        } else if rest.starts_with('`') {
            self.scan_interpreted_text(self.at);
        }
    }

    /// Leaves out the mark of a footnote: `[1]_`.
    fn scan_footnote_reference(&mut self) {
        let end = self.text.floor_char_boundary(self.text.len().min(self.at + MAX_NAME));
        let rest = self.text.get(self.at + 1..end).unwrap_or_default();
        let Some((label, after)) = rest.split_once("]_").filter(|(label, _)| super::is_footnote_label(label))
        else {
            return;
        };
        if !after.starts_with(char::is_alphanumeric) {
            self.flush();
            self.skip_to(self.at + "[]_".len() + label.len());
        }
    }

    fn scan_strong(&mut self) {
        let Some(end) = self.strong_finder.find_from(self.at + 3) else { return };
        self.flush();
        self.builder.set_strong(true);
        self.builder.push_text(&self.text[self.at + 2..end]);
        self.builder.set_strong(false);
        self.skip_to(end + 2);
    }

    fn scan_emphasis(&mut self) {
        let Some(end) = self.star_finder.find_from(self.at + 2) else { return };
        if self.text[..end].ends_with(char::is_whitespace) {
            return;
        }
        self.flush();
        self.builder.set_emphasis(true);
        self.builder.push_text(&self.text[self.at + 1..end]);
        self.builder.set_emphasis(false);
        self.skip_to(end + 1);
    }

    fn scan_literal(&mut self) {
        let Some(end) = self.literal_finder.find_from(self.at + 3) else { return };
        self.flush();
        self.builder.push_code_span(&self.text[self.at + 2..end]);
        self.skip_to(end + 2);
    }

    /// Reads `` `words <url>`_ ``, `` `name`_ ``, `` `words` ``, and `` :role:`words` ``.
    fn scan_interpreted_text(&mut self, tick: usize) {
        let Some(end) = self.tick_finder.find_from(tick + 1) else { return };
        let inside = &self.text[tick + 1..end];
        let after = &self.text[end + 1..];
        self.flush();
        let (words, url) = match inside.strip_suffix('>').and_then(|inside| inside.rsplit_once('<')) {
            Some((words, url)) => (words.trim(), Some(url.split_whitespace().collect::<String>())),
            None => (inside, self.targets.get(inside).map(str::to_owned)),
        };
        let label = if words.is_empty() { url.as_deref().unwrap_or_default() } else { words };
        let is_link = after.starts_with('_') && tick == self.at;
        self.write_link(label, url.as_deref().filter(|_| is_link));
        let marks = if is_link { after.len() - after.trim_start_matches('_').len() } else { 0 };
        self.skip_to(end + 1 + marks);
    }

    fn write_link(&mut self, words: &str, url: Option<&str>) {
        if let Some(url) = url {
            self.builder.open_link(url);
        }
        self.builder.push_text(words);
        self.builder.close_link();
    }

    /// Reads a word, which may be the name of a link: `name_`.
    fn scan_word(&mut self) {
        let rest = self.rest();
        let is_address = rest.starts_with("http://") || rest.starts_with("https://");
        let is_end = |c: char| match c {
            _ if is_address => c.is_whitespace() || c == '>',
            _ => !(c.is_alphanumeric() || "-_.".contains(c)),
        };
        let word = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let name = word.trim_end_matches(['.', '-']).trim_end_matches('_');
        let marks = word[name.len()..].bytes().take_while(|&byte| byte == b'_').count();
        let is_name = (1..=2).contains(&marks) && name.len() <= MAX_NAME && !is_address;
        if let Some(url) = self.targets.get(name).filter(|_| is_name) {
            let url = url.to_owned();
            self.flush();
            self.write_link(name, Some(&url));
            self.skip_to(self.at + name.len() + marks);
        } else {
            self.at += word.len();
        }
    }
}

/// Returns the length of the `:role:` at the start of `text`.
fn role_len(text: &str) -> Option<usize> {
    let inside = text.strip_prefix(':')?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(byte);
    let len = inside.bytes().take(MAX_NAME).take_while(is_name).count();
    (len > 0 && inside.as_bytes().get(len) == Some(&b':')).then_some(len + 2)
}
