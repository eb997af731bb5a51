//! The inside of a paragraph of reStructuredText. Its marks don't nest.

use super::super::builder::Builder;
use super::super::seek::Seek;
use super::names::Names;

/// A name or a role is not longer, in bytes.
const MAX_NAME: usize = 100;

/// Reads a paragraph into `builder`.
pub fn read(builder: &mut Builder, text: &str, names: &Names) {
    let mut scan = Scan {
        text,
        at: 0,
        from: 0,
        builder,
        names,
        literal: Seek::new(text, "``"),
        strong: Seek::new(text, "**"),
        star: Seek::new(text, "*"),
        tick: Seek::new(text, "`"),
        bar: Seek::new(text, "|"),
    };
    scan.run();
}

/// The plain text of an inline text.
pub fn plain(text: &str, names: &Names) -> String {
    let mut builder = Builder::new();
    read(&mut builder, text, names);
    builder.finish_line()
}

/// The way through a paragraph, from left to right.
struct Scan<'a, 'b> {
    text: &'a str,
    at: usize,
    /// Where text begins that has not been written yet.
    from: usize,
    builder: &'b mut Builder,
    names: &'b Names,
    literal: Seek<'a>,
    strong: Seek<'a>,
    star: Seek<'a>,
    tick: Seek<'a>,
    bar: Seek<'a>,
}

impl<'a> Scan<'a, '_> {
    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            let before = self.at;
            match c {
                '\\' => self.escape(),
                '*' | '`' | '|' | ':' | '[' | '_' if self.may_begin() => self.mark(c),
                _ if c.is_alphanumeric() => self.word(),
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
        self.builder.text(self.text.get(self.from..self.at).unwrap_or_default());
        self.from = self.at;
    }

    /// Goes on behind something that has been read.
    fn go_to(&mut self, end: usize) {
        self.at = end;
        self.from = end;
    }

    /// Whether a mark may begin here: behind white space, a bracket or a quote, and before text.
    fn may_begin(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        let after = self.rest().chars().nth(1);
        let begins = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '*' && c != '`');
        begins && after.is_some_and(|c| !c.is_whitespace())
    }

    fn escape(&mut self) {
        self.flush();
        let next = self.rest().chars().nth(1);
        let gone = next.filter(|c| c.is_whitespace()).map_or(0, char::len_utf8);
        self.go_to(self.at + 1 + gone);
        if gone == 0
            && let Some(c) = next
        {
            self.at += c.len_utf8();
        }
    }

    fn mark(&mut self, c: char) {
        let rest = self.rest();
        match c {
            '*' if rest.starts_with("**") => self.strong(),
            '*' => self.emphasis(),
            '`' if rest.starts_with("``") => self.literal(),
            '`' => self.quoted(self.at),
            '|' => self.substitution(),
            ':' => self.role(),
            '_' if rest.starts_with("_`") => self.target(),
            '[' => self.footnote(),
            _ => {}
        }
    }

    fn strong(&mut self) {
        let Some(end) = self.strong.at_or_after(self.at + 3) else { return };
        self.flush();
        self.builder.strong(true);
        self.builder.text(&self.text[self.at + 2..end]);
        self.builder.strong(false);
        self.go_to(end + 2);
    }

    fn emphasis(&mut self) {
        let Some(end) = self.star.at_or_after(self.at + 2) else { return };
        if self.text[..end].ends_with(char::is_whitespace) {
            return;
        }
        self.flush();
        self.builder.emphasis(true);
        self.builder.text(&self.text[self.at + 1..end]);
        self.builder.emphasis(false);
        self.go_to(end + 1);
    }

    fn literal(&mut self) {
        let Some(end) = self.literal.at_or_after(self.at + 3) else { return };
        self.flush();
        self.builder.code_span(&self.text[self.at + 2..end]);
        self.go_to(end + 2);
    }

    /// `` `text <url>`_ ``, `` `name`_ `` and `` `text` ``; what stands before `start` has no part in it.
    fn quoted(&mut self, tick: usize) {
        let Some(end) = self.tick.at_or_after(tick + 1) else { return };
        let inside = &self.text[tick + 1..end];
        let after = &self.text[end + 1..];
        self.flush();
        let (words, url) = match inside.strip_suffix('>').and_then(|inside| inside.rsplit_once('<')) {
            Some((words, url)) => (words.trim(), Some(url.split_whitespace().collect::<String>())),
            None => (inside, self.names.target(inside).map(str::to_owned)),
        };
        let is_link = after.starts_with('_') && tick == self.at;
        if let Some(url) = url.as_ref().filter(|_| is_link) {
            self.builder.open_link(url);
        }
        self.builder.text(if words.is_empty() { url.as_deref().unwrap_or_default() } else { words });
        self.builder.close_link();
        let role = role_len(after).filter(|_| !is_link).unwrap_or(0);
        let marks = if is_link { after.len() - after.trim_start_matches('_').len() } else { role };
        self.go_to(end + 1 + marks);
    }

    /// `` :role:`text` ``
    fn role(&mut self) {
        let Some(len) = role_len(self.rest()) else { return };
        if self.rest()[len..].starts_with('`') {
            self.quoted(self.at + len);
        }
    }

    fn substitution(&mut self) {
        let Some(end) = self.bar.at_or_after(self.at + 1).filter(|end| end - self.at <= MAX_NAME) else {
            return;
        };
        let name = &self.text[self.at + 1..end];
        let Some(words) = self.names.substitution(name) else { return };
        if name.ends_with(char::is_whitespace) {
            return;
        }
        self.flush();
        self.builder.text(words);
        let after = &self.text[end + 1..];
        self.go_to(end + 1 + (after.len() - after.trim_start_matches('_').len()).min(2));
    }

    fn target(&mut self) {
        let Some(end) = self.tick.at_or_after(self.at + 2) else { return };
        self.flush();
        self.builder.text(&self.text[self.at + 2..end]);
        self.go_to(end + 1);
    }

    /// `[1]_` refers to a footnote.
    fn footnote(&mut self) {
        let rest = self.rest();
        let Some(end) = rest.bytes().take(MAX_NAME).position(|byte| byte == b']') else { return };
        let is_label = rest[1..end].chars().all(|c| c.is_alphanumeric() || "#*-_.".contains(c));
        if is_label && rest[end + 1..].starts_with('_') {
            self.flush();
            self.go_to(self.at + end + 2);
        }
    }

    /// A word, which may be the name of a link: `name_`.
    fn word(&mut self) {
        let rest = self.rest();
        let is_address = rest.starts_with("http://") || rest.starts_with("https://");
        let ends = |c: char| {
            if is_address {
                c.is_whitespace() || c == '>'
            } else {
                !(c.is_alphanumeric() || "-_.".contains(c))
            }
        };
        let len = rest.find(ends).unwrap_or(rest.len());
        let word = &rest[..len];
        let name = word.trim_end_matches(['.', '-']);
        let name = name.strip_suffix("__").or_else(|| name.strip_suffix('_')).filter(|_| !is_address);
        match name
            .filter(|name| name.len() <= MAX_NAME)
            .and_then(|name| Some((name, self.names.target(name)?)))
        {
            Some((name, url)) => {
                self.flush();
                self.builder.open_link(url);
                self.builder.text(name);
                self.builder.close_link();
                let marks = rest[name.len()..].bytes().take_while(|&byte| byte == b'_').count();
                self.go_to(self.at + name.len() + marks);
            }
            None => self.at += len,
        }
    }
}

/// How long the `:role:` is that a text begins with.
fn role_len(text: &str) -> Option<usize> {
    let inside = text.strip_prefix(':')?;
    let len = inside
        .bytes()
        .take(MAX_NAME)
        .position(|byte| !(byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte)))?;
    let part = inside.as_bytes().get(len) == Some(&b':');
    (len > 0 && part).then_some(len + 2)
}
