//! Converts Markdown to visible text: `CommonMark` with tables, footnotes, strikethrough, task lists and HTML.
//!
//! Templates are removed first, see [`super::templates`].

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::builder::{BodyBuilder, ElementRole};
use super::html::HtmlReader;
use super::html::tags::{self, EndTags};
use super::markup::{DocumentHead, ReadableText};
use super::templates::{self, HostMarkup};

/// The number of characters of a line that are read to tell whether it is long.
const LONG_LINE: usize = 256;

/// The maximum length, in bytes, of a heading over a line of `-` or `=` that ends like a sentence.
const MAX_TITLE: usize = 160;

/// Reads Markdown; `is_mdx` allows JSX in it.
pub(crate) fn read_markdown(source: &str, is_mdx: bool, line_of: impl Fn(usize) -> u32) -> ReadableText {
    let syntax = if is_mdx { HostMarkup::Mdx } else { HostMarkup::Markdown };
    let stripped = templates::strip_templates(source, syntax, || code_ranges(source));
    let end_tags = EndTags::scan(&stripped.text);
    let mut builder = BodyBuilder::new();
    let html = HtmlReader::fragments(&end_tags, write_html_text);
    let mut reader = MarkdownReader { source: &stripped.text, builder: &mut builder, html, block: None };
    for (event, range) in Parser::new_ext(&stripped.text, options()).into_offset_iter() {
        reader.builder.set_source_offset(range.start);
        reader.read_event(event, range);
    }
    let missing_value = stripped.missing_value.map(&line_of);
    builder
        .finish(DocumentHead::default(), |at| line_of(stripped.source_offset(at)))
        .with_missing_value(missing_value)
}

/// Converts inline Markdown to plain text.
pub(crate) fn inline_to_plain_text(source: &str) -> String {
    // The word in front keeps the text from being read as a heading, a list or a quotation.
    let line = format!("x {source}");
    let end_tags = EndTags::scan(&line);
    let text = BodyBuilder::plain_line(|builder| {
        let html = HtmlReader::fragments(&end_tags, write_html_text);
        let mut reader = MarkdownReader { source: &line, builder, html, block: None };
        for (event, range) in Parser::new_ext(&line, options()).into_offset_iter() {
            match event {
                Event::InlineHtml(tag) if !is_html(&tag) => reader.builder.push_text(&tag),
                event => reader.read_event(event, range),
            }
        }
    });
    text.strip_prefix('x').unwrap_or(&text).trim().to_owned()
}

/// Writes text between tags. Authors write Markdown links there, though site generators don't read them.
fn write_html_text(builder: &mut BodyBuilder, text: &str) {
    if !text.contains("](") {
        return builder.push_marked_text(text);
    }
    // The invisible character in front keeps the text from being read as a heading, a list or a quotation.
    let line = format!("\u{2060}{}", text.replace(['\n', '\r'], " "));
    let end_tags = EndTags::scan("");
    let html = HtmlReader::fragments(&end_tags, BodyBuilder::push_marked_text);
    let mut reader = MarkdownReader { source: &line, builder, html, block: None };
    for event in Parser::new_ext(&line, options()) {
        if !matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)) {
            reader.read_event(event, 0..0);
        }
    }
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
}

/// Returns the ranges of code in a source, in order.
fn code_ranges(source: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(source, options()).into_offset_iter();
    let is_code = |event: &Event| matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_));
    events.filter(|(event, _)| is_code(event)).map(|(_, range)| range).collect()
}

/// Whether an apparent tag is one: `Vec<T>` in a title is not.
fn is_html(tag: &str) -> bool {
    let name: String =
        tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
    tag.starts_with("<!") || tags::Tag::is_known(&name.to_ascii_lowercase())
}

struct MarkdownReader<'a> {
    source: &'a str,
    builder: &'a mut BodyBuilder,
    html: HtmlReader<'a>,
    /// The current block of code or HTML.
    block: Option<RawBlock>,
}

struct RawBlock {
    start: usize,
    text: String,
}

impl MarkdownReader<'_> {
    fn read_event(&mut self, event: Event, range: Range<usize>) {
        let at = range.start;
        if let (Event::Text(text) | Event::Html(text), Some(block)) = (&event, &mut self.block) {
            return block.text.push_str(text);
        }
        match event {
            Event::Start(tag) => self.start_tag(tag, range),
            Event::End(tag) => self.end_tag(tag),
            Event::Text(text) => self.builder.push_marked_text(&text),
            Event::Html(html) | Event::InlineHtml(html) => self.html.read_html(self.builder, &html, at),
            Event::SoftBreak => self.soft_break(at),
            Event::HardBreak => self.builder.hard_break(),
            Event::Rule => self.builder.break_block(),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.builder.push_code_span(&text);
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    /// Passes the start of the next line to the builder.
    fn soft_break(&mut self, at: usize) {
        let is_line_end = |c: char| c == '\n' || c == '\r';
        let rest = self.source.get(at..).unwrap_or_default().trim_start_matches([' ', '\t']);
        let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(is_line_end)).unwrap_or(rest);
        let mut chars = rest.char_indices().enumerate();
        let end = chars.find(|&(count, (_, c))| count >= LONG_LINE || is_line_end(c));
        self.builder.soft_break(&rest[..end.map_or(rest.len(), |(_, (end, _))| end)]);
    }

    fn start_tag(&mut self, tag: Tag, range: Range<usize>) {
        let builder = &mut *self.builder;
        match tag {
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.block = Some(RawBlock { start: range.start, text: String::new() });
            }
            Tag::Strong => builder.set_strong(true),
            Tag::Emphasis => builder.set_emphasis(true),
            Tag::Link { dest_url, .. } => builder.open_link(&dest_url),
            Tag::Image { .. } => builder.open_image(),
            Tag::TableCell => builder.begin_cell(),
            Tag::Paragraph | Tag::MetadataBlock(_) => builder.break_block(),
            Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::Heading { .. } if is_paragraph_over_a_rule(self.source.get(range).unwrap_or_default()) => {
                builder.open(ElementRole::Plain);
            }
            tag => builder.open(role_of_tag(&tag)),
        }
    }

    fn end_tag(&mut self, tag: TagEnd) {
        let builder = &mut *self.builder;
        match tag {
            TagEnd::CodeBlock => {
                builder.push_code_block(&self.block.take().map_or(String::new(), |block| block.text));
            }
            TagEnd::HtmlBlock => {
                if let Some(block) = self.block.take() {
                    self.html.read_html(builder, &block.text, block.start);
                }
                builder.break_block();
            }
            TagEnd::Strong => builder.set_strong(false),
            TagEnd::Emphasis => builder.set_emphasis(false),
            TagEnd::Link => builder.close_link(),
            TagEnd::Image => builder.close_image(),
            TagEnd::Paragraph | TagEnd::MetadataBlock(_) => builder.break_block(),
            TagEnd::TableCell | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            _ => builder.close(),
        }
    }
}

/// Whether a heading of `CommonMark` is sentences above a line that was meant as a rule.
fn is_paragraph_over_a_rule(source: &str) -> bool {
    let text = source.trim_end().trim_end_matches(['-', '=']).trim_end();
    text.len() < source.trim_end().len() && text.len() > MAX_TITLE && text.ends_with(['.', '。'])
}

fn role_of_tag(tag: &Tag) -> ElementRole {
    match tag {
        Tag::Heading { level, .. } => ElementRole::Heading(*level as u8),
        Tag::BlockQuote(None) => ElementRole::Quote,
        Tag::List(_) | Tag::DefinitionList => ElementRole::List,
        Tag::Item | Tag::DefinitionListDefinition => ElementRole::Item,
        Tag::DefinitionListTitle => ElementRole::Term,
        Tag::Table(_) => ElementRole::Table,
        Tag::TableHead | Tag::TableRow => ElementRole::Row,
        _ => ElementRole::Plain,
    }
}

#[cfg(test)]
mod tests;
