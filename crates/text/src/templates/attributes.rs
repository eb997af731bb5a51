//! Attributes (`name="value"`) in templates, components and link destinations.

use super::{HostMarkup, MAX_LEN, TemplateScanner};
use crate::html::tags::Tag;
use crate::markdown::plain_text;

/// The maximum length of a link destination that is repaired, in bytes.
const MAX_DESTINATION: usize = 1_024;

/// Returns the value of an attribute, with or without quotes.
fn template_attribute<'a>(template: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    while let Some(at) = template.get(from..)?.find(name).map(|at| from + at) {
        let before = template[..at].chars().next_back();
        let after = template[at + name.len()..].trim_start();
        from = at + name.len();
        if before.is_none_or(|c| c.is_whitespace() || c == ',' || c == '(')
            && let Some(value) = after.strip_prefix('=')
        {
            return Some(unquoted(value.trim_start()));
        }
    }
    None
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\'', '`'] {
        if let Some(inner) = value.strip_prefix(quote) {
            return inner.split(quote).next().unwrap_or(inner);
        }
    }
    value.split(char::is_whitespace).next().unwrap_or(value).trim_end_matches(['/', '>'])
}

/// Whether the text between braces consists of attributes: `.class`, `#id`, `key=value`, `:key="value"`.
pub(crate) fn is_attribute_list(inside: &str) -> bool {
    let mut rest = inside.trim();
    let mut has_attribute = false;
    while !rest.is_empty() {
        let name = rest.trim_start_matches(':').trim_start();
        let len = name.find(|c: char| !(c.is_alphanumeric() || "_-.:#".contains(c))).unwrap_or(name.len());
        let (name, after) = name.split_at(len);
        rest = match after.strip_prefix('=') {
            _ if name.is_empty() => return false,
            Some(value) => skip_value(value),
            None if name.starts_with(['.', '#']) || name == "toc" => after,
            None => return false,
        };
        if rest.starts_with(|c: char| !c.is_whitespace()) {
            return false;
        }
        rest = rest.trim_start();
        has_attribute = true;
    }
    has_attribute
}

fn skip_value(value: &str) -> &str {
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).map_or("", |(_, rest)| rest),
        // Word processors insert typographic quotes.
        Some('“' | '”') => {
            value.trim_start_matches(['“', '”']).split_once('”').map_or("", |(_, rest)| rest)
        }
        _ => value.trim_start_matches(|c: char| !c.is_whitespace()),
    }
}

/// Returns a template's image as HTML, with alternative text and caption; `None` if it has neither.
pub(crate) fn figure_html(template: &str) -> Option<String> {
    let name = template.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    let is_image =
        ["fig", "img", "image", "photo", "picture", "cloudinary"].iter().any(|part| name.contains(part));
    let alt = template_attribute(template, "alt").unwrap_or_default();
    let caption = template_attribute(template, "caption")
        .or_else(|| template_attribute(template, "title").filter(|_| is_image))
        .unwrap_or_default();
    if !is_image && alt.is_empty() && template_attribute(template, "caption").is_none() {
        return None;
    }
    let (alt, caption) = (plain_text(alt), plain_text(caption));
    let alt = if alt == caption { String::new() } else { alt };
    if alt.is_empty() && caption.is_empty() {
        return None;
    }
    let image = if alt.is_empty() { String::new() } else { format!("<img alt=\"{}\">", escape_html(&alt)) };
    let caption = if caption.is_empty() {
        caption
    } else {
        format!("<figcaption>{}</figcaption>", escape_html(&caption))
    };
    Some(format!("<figure>{image}{caption}</figure>"))
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl TemplateScanner<'_> {
    /// Removes the tag that begins here if it is a component's. The text between two tags stays.
    pub(super) fn strip_component(&mut self) {
        let rest = self.rest();
        for (open, close) in
            [("<pre", "</pre"), ("<code", "</code"), ("<script", "</script"), ("<!--", "-->")]
        {
            if rest.starts_with(open) {
                self.at = self.find_next(close, self.at).unwrap_or(self.at + open.len());
                return;
            }
        }
        if self.syntax == HostMarkup::Html {
            return;
        }
        let is_mdx = self.syntax == HostMarkup::Mdx;
        let is_end_tag = rest.starts_with("</");
        let name = &rest[if is_end_tag { 2 } else { 1 }..];
        let len =
            name.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(name.len());
        let (name, after) = name.split_at(len.min(64));
        let is_fragment = is_mdx && name.is_empty() && after.starts_with('>');
        if !is_fragment && !is_component(name, after) {
            return;
        }
        // In Markdown `Vec<String>` may be a part of a sentence.
        if !is_mdx && !self.begins_line() {
            return;
        }
        let Some(end) = self.tag_end() else { return };
        let tag = &self.source[self.at..end];
        if is_end_tag {
            self.cut(end);
        } else {
            self.replace_with_figure(end, tag.trim_start_matches('<'));
        }
    }

    /// Whether nothing but indentation stands before the current byte in its line.
    fn begins_line(&self) -> bool {
        let before = &self.source[..self.at];
        let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
        indent < 16 && (indent == before.len() || before[..before.len() - indent].ends_with('\n'))
    }

    /// Returns the end of the tag that begins here. Its attributes may contain `>` in quotes and braces.
    fn tag_end(&mut self) -> Option<usize> {
        if self.at < self.unclosed_before {
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
        self.unclosed_before = self.at + MAX_LEN;
        None
    }

    /// Repairs `](url align="center")` and `](/a path with spaces.pdf)`.
    pub(super) fn repair_destination(&mut self) {
        let Some(rest) = self.rest().strip_prefix("](") else { return };
        let is_end = |byte: u8| matches!(byte, b')' | b'(' | b'\n' | b'<' | b'[');
        let Some(len) = rest.bytes().take(MAX_DESTINATION).position(is_end) else { return };
        let inside = &rest[..len];
        if !rest[len..].starts_with(')') || !inside.contains(' ') {
            return;
        }
        let (url, after) = inside.split_once(' ').unwrap_or((inside, ""));
        let is_address = ["/", "./", "../", "http://", "https://"].iter().any(|start| url.starts_with(start));
        let end = self.at + 2 + len;
        if is_attribute(after) {
            self.replace(end, format!("]({url}"));
        } else if is_address && !after.trim().is_empty() && !after.contains(['"', '\'']) {
            self.replace(end, format!("](<{}>", inside.trim()));
        }
    }
}

/// Whether a tag is a component's, and not one of HTML in capitals.
fn is_component(name: &str, after: &str) -> bool {
    let is_html = name.chars().all(|c| !c.is_ascii_lowercase()) && Tag::is_known(&name.to_ascii_lowercase());
    let is_whole = after.starts_with(|c: char| c.is_whitespace() || c == '/' || c == '>');
    name.starts_with(|c: char| c.is_ascii_uppercase()) && is_whole && !is_html
}

/// Whether the text after an address is `name="value"` and not a title.
fn is_attribute(after: &str) -> bool {
    let value = after.trim().trim_start_matches(|c: char| c.is_ascii_alphabetic());
    value.len() < after.trim().len() && value.starts_with("=\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_and_without_quotes() {
        for (template, name, expected) in [
            (r#"figure src="a.png" alt="A b" width=3"#, "alt", Some("A b")),
            (r#"figure src="a.png" alt="A b" width=3"#, "width", Some("3")),
            (r"x alt = 'it'", "alt", Some("it")),
            (r#"x data-alt="no""#, "alt", None),
            ("x alt", "alt", None),
            (r#"x alt="open"#, "alt", Some("open")),
        ] {
            assert_eq!(template_attribute(template, name), expected, "{template} {name}");
        }
    }

    #[test]
    fn attribute_lists() {
        for (inside, expected) in [
            (r#":target="_blank""#, true),
            (r#":target="_blank" :rel="noopener""#, true),
            (": .no_toc", true),
            (":.a .b #c", true),
            ("#transcript", true),
            (":toc", true),
            (r#": width="300""#, true),
            (":ok", false),
            (":ok, value", false),
            ("name", false),
            ("a, b", false),
            ("", false),
        ] {
            assert_eq!(is_attribute_list(inside), expected, "{inside}");
        }
    }

    #[test]
    fn figures() {
        for (template, html) in [
            (
                r#"figure src="a" alt="A" caption="C <3""#,
                Some("<figure><img alt=\"A\"><figcaption>C &lt;3</figcaption></figure>"),
            ),
            (r#"figure src="a" title="T""#, Some("<figure><figcaption>T</figcaption></figure>")),
            (r#"figure src="a" alt="A" caption="A""#, Some("<figure><figcaption>A</figcaption></figure>")),
            (r#"figure src="a""#, None),
            (r#"youtube id="a" title="T""#, None),
            (r#"cloudinary src="a" alt="" caption="""#, None),
        ] {
            assert_eq!(figure_html(template).as_deref(), html, "{template}");
        }
    }
}
