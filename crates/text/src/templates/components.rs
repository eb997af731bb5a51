//! JSX components: tags with a capital letter.

use super::super::html::tags::Tag;
use super::attributes::figure;
use super::{MAX_LEN, Scan, Syntax};

impl Scan<'_> {
    /// Takes out the tag that begins here if it is a component's; what stands between two tags stays.
    pub(super) fn component(&mut self) {
        let rest = self.rest();
        for (open, close) in
            [("<pre", "</pre"), ("<code", "</code"), ("<script", "</script"), ("<!--", "-->")]
        {
            if rest.starts_with(open) {
                self.at = self.next(close, self.at).unwrap_or(self.at + open.len());
                return;
            }
        }
        if self.syntax == Syntax::Html {
            return;
        }
        let is_mdx = self.syntax == Syntax::Mdx;
        let closes = rest.starts_with("</");
        let name = &rest[if closes { 2 } else { 1 }..];
        let len =
            name.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(name.len());
        let (name, after) = name.split_at(len.min(64));
        let is_fragment = is_mdx && name.is_empty() && after.starts_with('>');
        if !is_fragment && !is_component(name, after) {
            return;
        }
        // In Markdown `Vec<String>` may stand in a sentence.
        if !is_mdx && !self.begins_line() {
            return;
        }
        let Some(end) = self.tag_end() else { return };
        let tag = &self.source[self.at..end];
        let image = figure(tag.trim_start_matches('<')).filter(|_| !closes);
        self.figure(end, image);
    }

    fn begins_line(&self) -> bool {
        let before = &self.source[..self.at];
        let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
        indent < 16 && (indent == before.len() || before[..before.len() - indent].ends_with('\n'))
    }

    /// Where the tag ends that begins here: its attributes may hold `>` in quotes and braces.
    fn tag_end(&mut self) -> Option<usize> {
        if self.at < self.literal {
            return None;
        }
        let mut quote = None;
        let mut depth = 0usize;
        for (at, byte) in self.rest().bytes().take(MAX_LEN).enumerate() {
            match byte {
                _ if quote == Some(byte) => quote = None,
                _ if quote.is_some() => {}
                b'"' | b'\'' | b'`' => quote = Some(byte),
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b'>' if depth == 0 => return Some(self.at + at + 1),
                _ => {}
            }
        }
        self.literal = self.at + MAX_LEN;
        None
    }
}

/// Whether a tag's name is a component's and not one of HTML in capitals.
fn is_component(name: &str, after: &str) -> bool {
    let html = name.chars().all(|c| !c.is_ascii_lowercase()) && Tag::is_known(&name.to_ascii_lowercase());
    let ends = after.starts_with(|c: char| c.is_whitespace() || c == '/' || c == '>');
    name.starts_with(|c: char| c.is_ascii_uppercase()) && ends && !html
}
