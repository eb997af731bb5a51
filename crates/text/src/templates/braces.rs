//! Templates in braces: shortcodes, Liquid, attribute lists, JSX expressions.

use super::attributes::{figure_html, is_attribute_list};
use super::{HostMarkup, MAX_LEN, TemplateScanner};

/// A code fence so long that no listing contains it by chance.
const FENCE: &str = "~~~~~~~~~~~~";

/// The maximum length, in bytes, of the part of a line that is read on each side of a template.
const MAX_LINE: usize = 300;

impl TemplateScanner<'_> {
    /// Removes the template that begins with the brace here, if there is one.
    pub(super) fn strip_braces(&mut self) {
        let rest = self.rest();
        if rest.starts_with("{{<") {
            self.strip_shortcode(">}}");
        } else if rest.starts_with("{{%") {
            self.strip_shortcode("%}}");
        } else if rest.starts_with("{/*") {
            if let Some(end) = self.template_end(3, "*/}") {
                self.cut(end);
            }
        } else if rest.starts_with("{%") {
            self.strip_liquid();
        } else if self.syntax == HostMarkup::Mdx {
            self.strip_expression();
        } else if rest.starts_with("{{") {
            self.strip_variable();
        } else if self.syntax == HostMarkup::Markdown {
            self.strip_attribute_list();
        }
    }

    fn strip_shortcode(&mut self, mark: &'static str) {
        let Some(end) = self.template_end(3, mark) else { return };
        let inside = self.source[self.at + 3..end - mark.len()].trim();
        let name = inside.split_whitespace().next().unwrap_or_default();
        match name {
            "highlight" => self.replace_with_fence(end, false),
            "/highlight" => self.replace_with_fence(end, true),
            "ref" | "relref" => self.replace_with_address(end, inside),
            _ => self.replace_with_figure(end, inside),
        }
    }

    /// Replaces a template that makes an address with its argument.
    fn replace_with_address(&mut self, end: usize, inside: &str) {
        let target = inside.split_whitespace().nth(1).unwrap_or("#").trim_matches(['"', '\'', '`']);
        self.replace(end, target.to_owned());
    }

    fn strip_variable(&mut self) {
        let Some(end) = self.template_end(2, "}}") else { return };
        // Handlebars has three braces.
        let end = end + usize::from(self.source[end..].starts_with('}'));
        if !self.source[self.at..end].contains("\n\n") {
            if self.missing_value.is_none() && self.is_between_words(end) {
                self.missing_value = Some(self.at);
            }
            self.replace_with_placeholder(end);
        }
    }

    /// Whether the template that ends at `end` stands in a line of text like a word, and not in a tag or an address.
    fn is_between_words(&self, end: usize) -> bool {
        // A line may be as long as the source, so only what is near is read.
        let from = self.source.ceil_char_boundary(self.at.saturating_sub(MAX_LINE));
        let to = self.source.floor_char_boundary(self.source.len().min(end + MAX_LINE));
        let before = self.source[from..self.at].rsplit('\n').next().unwrap_or_default();
        let after = self.source[end..to].split('\n').next().unwrap_or_default();
        let is_in_tag = before.rfind('<') > before.rfind('>') || before.rfind("](") > before.rfind(')');
        let is_word = before.chars().next_back().is_none_or(char::is_whitespace)
            && after.chars().next().is_none_or(|c| c.is_whitespace() || ".,;:!?'’".contains(c));
        let has_words = |part: &str| part.chars().any(char::is_alphanumeric);
        is_word && !is_in_tag && (has_words(before) || has_words(after))
    }

    /// Replaces a template: with quotes for an attribute's value, with `#` for an address, else with nothing.
    fn replace_with_placeholder(&mut self, end: usize) {
        let before = &self.source[..self.at];
        let is_address = before.ends_with("]: ");
        let placeholder = if before.ends_with('=') {
            "\"\""
        } else if is_address {
            "#"
        } else {
            ""
        };
        self.replace(end, placeholder.to_owned());
    }

    fn strip_liquid(&mut self) {
        let Some(end) = self.template_end(2, "%}") else { return };
        let inside = self.source[self.at + 2..end - 2].trim_matches(['-', ' ', '\n', '\t']);
        match inside.split_whitespace().next().unwrap_or_default() {
            "comment" => {
                let after = self.block_end("endcomment", end).map_or(end, |(_, after)| after);
                self.cut(after);
            }
            "raw" => {
                let content = self.block_end("endraw", end);
                self.cut(end);
                if let Some((start, after)) = content {
                    self.at = start;
                    self.cut(after);
                }
            }
            "post_url" | "link" => self.replace_with_address(end, inside),
            "highlight" => self.replace_with_fence(end, false),
            "endhighlight" => self.replace_with_fence(end, true),
            "include" | "image" | "img" | "figure" => self.replace_with_figure(end, inside),
            _ => self.cut(end),
        }
    }

    /// Returns the start and the end of the tag that ends a Liquid block.
    fn block_end(&mut self, name: &'static str, from: usize) -> Option<(usize, usize)> {
        let at = self.find_next(name, from)?;
        // This first, as it is near: many blocks may have one end, which is none.
        let after = self.find_near("%}", at)?;
        let start = from + self.source[from..at].rfind("{%")?;
        Some((start, after))
    }

    /// Turns a listing between tags into one between fences; its code is left alone.
    fn replace_with_fence(&mut self, end: usize, is_end_tag: bool) {
        if is_end_tag {
            return self.cut(end);
        }
        let is_liquid = self.rest().starts_with("{%");
        let (name, open, close) =
            if is_liquid { ("endhighlight", "{%", "%}") } else { ("/highlight", "{{", "}}") };
        let Some(at) = self.find_next(name, end) else { return self.cut(end) };
        // This first, as it is near: many listings may have one end, which is none.
        let Some(after) = self.find_near(close, at) else { return self.cut(end) };
        let Some(start) = self.source[end..at].rfind(open).map(|before| end + before) else {
            return self.cut(end);
        };
        let fence = format!("\n{FENCE}\n");
        let (begin_code, end_code) = match self.syntax {
            HostMarkup::Html => ("<pre>", "</pre>"),
            HostMarkup::Markdown | HostMarkup::Mdx => (&*fence, &*fence),
        };
        self.replace(end, begin_code.to_owned());
        self.at = start;
        self.replace(after, end_code.to_owned());
    }

    /// Replaces a template with the HTML of its image, or with nothing if it has none.
    pub(super) fn replace_with_figure(&mut self, end: usize, template: &str) {
        let mut html = figure_html(template).unwrap_or_default();
        let rest = self.source[end..].trim_start_matches([' ', '\t', '\r']);
        let text_follows = rest.strip_prefix('\n').is_some_and(|next| !next.starts_with(['\n', '\r']));
        if !html.is_empty() && text_follows {
            html.push('\n');
        }
        self.replace(end, html);
    }

    /// Removes a JSX expression of MDX, with the braces inside it.
    fn strip_expression(&mut self) {
        if self.at < self.unclosed_before {
            return;
        }
        if let Some(end) = self.balanced_end() {
            self.replace_with_placeholder(end);
        }
    }

    /// Returns the end of the pair of braces that begins here.
    fn balanced_end(&mut self) -> Option<usize> {
        let mut depth = 0usize;
        for (at, byte) in self.rest().bytes().take(MAX_LEN).enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(self.at + at + 1);
            }
        }
        self.unclosed_before = self.at + MAX_LEN;
        None
    }

    /// Removes an attribute list, as Kramdown's `{:target="_blank"}`: after a link, at the end of a line or on a
    /// line of its own.
    fn strip_attribute_list(&mut self) {
        let inside = &self.rest()[1..];
        let Some(close) = inside.find(['{', '}', '\n']).filter(|&at| inside[at..].starts_with('}')) else {
            return;
        };
        let (inside, after) = (&inside[..close], &inside[close + 1..]);
        let end = self.at + close + 2;
        let before = self.source[..self.at].chars().next_back();
        let after = after.trim_start_matches([' ', '\t', '\r']);
        let ends_line = after.is_empty() || after.starts_with('\n');
        let is_nomarkdown = inside.starts_with("::") || inside.starts_with(":/");
        let is_placed = inside.starts_with(':')
            || before == Some(')')
            || (ends_line && inside.starts_with(['#', '.', ' ']));
        if is_nomarkdown || (is_placed && is_attribute_list(inside)) {
            self.drop_toc_item(inside);
            self.cut(end);
        }
    }

    /// Removes the list item above `{:toc}`, which only tells Kramdown where the table of contents goes.
    fn drop_toc_item(&mut self, inside: &str) {
        if !inside.trim_start_matches(':').trim_start().starts_with("toc") || !self.is_line_start() {
            return;
        }
        let above = self.source[..self.at].trim_end_matches('\n');
        let start = above.rfind('\n').map_or(0, |at| at + 1);
        let item = above[start..].trim_start();
        let is_item = item.starts_with(['*', '-', '+']) || item.starts_with(|c: char| c.is_ascii_digit());
        if is_item && self.edits.last().is_none_or(|(range, _)| range.end <= start) {
            let at = std::mem::replace(&mut self.at, start);
            self.cut(at);
        }
    }
}
