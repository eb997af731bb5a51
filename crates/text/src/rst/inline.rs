//! Reads the inside of a paragraph of reStructuredText. Its marks don't nest.

use std::collections::HashMap;

use super::RstLine;
use crate::builder::BodyBuilder;
use crate::forward_finder::ForwardFinder;

/// The maximum length of a name or a role, in bytes.
const MAX_NAME: usize = 100;

/// The addresses of a document's named links.
#[derive(Debug, Default)]
pub struct LinkTargets(HashMap<String, String>);

impl LinkTargets {
    /// Collects the lines `.. _name: address`.
    pub fn collect(lines: &[RstLine]) -> Self {
        let mut targets = HashMap::new();
        for (index, line) in lines.iter().enumerate() {
            let Some(target) = line.text.strip_prefix(".. _") else { continue };
            let named = match target.strip_prefix('`') {
                Some(quoted) => quoted.split_once("`:"),
                None => target.split_once(':').filter(|(_, url)| url.is_empty() || url.starts_with(' ')),
            };
            let Some((name, url)) = named else { continue };
            // An address may be broken over lines, though not over many.
            let below = lines[index + 1..].iter().take(8);
            let more = below.take_while(|more| !more.text.is_empty() && more.indent > line.indent);
            let url = more.fold(url.trim().to_owned(), |url, line| url + line.text);
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
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Reads a paragraph into `builder`.
pub fn read_inline(builder: &mut BodyBuilder, text: &str, targets: &LinkTargets) {
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

/// The plain text of a title or a value.
pub fn inline_to_plain_text(text: &str, targets: &LinkTargets) -> String {
    let mut builder = BodyBuilder::new();
    read_inline(&mut builder, text, targets);
    builder.finish_line()
}

/// The way through a paragraph, from left to right.
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
        self.builder.text(self.text.get(self.text_start..self.at).unwrap_or_default());
        self.text_start = self.at;
    }

    /// Goes on behind something that has been read.
    fn skip_to(&mut self, end: usize) {
        self.at = end;
        self.text_start = end;
    }

    /// Whether a mark may begin here: behind white space, a bracket or a quote, and before text.
    fn may_begin(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        let after = self.rest().chars().nth(1);
        let begins = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '*' && c != '`');
        begins && after.is_some_and(|c| !c.is_whitespace())
    }

    /// After a backslash a mark is text, and white space is nothing.
    fn scan_escape(&mut self) {
        self.flush();
        let next = self.rest().chars().nth(1).map_or(0, char::len_utf8);
        let is_space = self.rest().chars().nth(1).is_some_and(char::is_whitespace);
        self.skip_to(self.at + 1 + if is_space { next } else { 0 });
        self.at += if is_space { 0 } else { next };
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

    fn scan_strong(&mut self) {
        let Some(end) = self.strong_finder.find_from(self.at + 3) else { return };
        self.flush();
        self.builder.strong(true);
        self.builder.text(&self.text[self.at + 2..end]);
        self.builder.strong(false);
        self.skip_to(end + 2);
    }

    fn scan_emphasis(&mut self) {
        let Some(end) = self.star_finder.find_from(self.at + 2) else { return };
        if self.text[..end].ends_with(char::is_whitespace) {
            return;
        }
        self.flush();
        self.builder.emphasis(true);
        self.builder.text(&self.text[self.at + 1..end]);
        self.builder.emphasis(false);
        self.skip_to(end + 1);
    }

    fn scan_literal(&mut self) {
        let Some(end) = self.literal_finder.find_from(self.at + 3) else { return };
        self.flush();
        self.builder.push_code_span(&self.text[self.at + 2..end]);
        self.skip_to(end + 2);
    }

    /// `` `words <url>`_ ``, `` `name`_ ``, `` `words` ``, and the last one after a role.
    fn scan_interpreted_text(&mut self, tick: usize) {
        let Some(end) = self.tick_finder.find_from(tick + 1) else { return };
        let inside = &self.text[tick + 1..end];
        let after = &self.text[end + 1..];
        self.flush();
        let (words, url) = match inside.strip_suffix('>').and_then(|inside| inside.rsplit_once('<')) {
            Some((words, url)) => (words.trim(), Some(url.split_whitespace().collect::<String>())),
            None => (inside, self.targets.get(inside).map(str::to_owned)),
        };
        let shown = if words.is_empty() { url.as_deref().unwrap_or_default() } else { words };
        let is_link = after.starts_with('_') && tick == self.at;
        self.write_link(shown, url.as_deref().filter(|_| is_link));
        let marks = if is_link { after.len() - after.trim_start_matches('_').len() } else { 0 };
        self.skip_to(end + 1 + marks);
    }

    fn write_link(&mut self, words: &str, url: Option<&str>) {
        if let Some(url) = url {
            self.builder.open_link(url);
        }
        self.builder.text(words);
        self.builder.close_link();
    }

    /// A word, which may be the name of a link: `name_`.
    fn scan_word(&mut self) {
        let rest = self.rest();
        let is_address = rest.starts_with("http://") || rest.starts_with("https://");
        let ends = |c: char| match c {
            _ if is_address => c.is_whitespace() || c == '>',
            _ => !(c.is_alphanumeric() || "-_.".contains(c)),
        };
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
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

/// The length of the `:role:` at the start of `text`.
fn role_len(text: &str) -> Option<usize> {
    let inside = text.strip_prefix(':')?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(byte);
    let len = inside.bytes().take(MAX_NAME).take_while(is_name).count();
    (len > 0 && inside.as_bytes().get(len) == Some(&b':')).then_some(len + 2)
}
