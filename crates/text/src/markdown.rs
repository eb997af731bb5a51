//! Markdown to what a reader sees: `CommonMark` with tables, footnotes, strikethrough and task lists, and the
//! HTML in it. Templates have been taken out before, see [`super::templates`].

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::builder::{BodyBuilder, ElementKey, ElementRole};
use super::html::HtmlReader;
use super::html::tags::{self, EndTags};
use super::markup::MarkupProblem;
use super::templates::{self, HostMarkup};
use crate::model::Body;

/// As many characters of a line tell whether it is long.
const LONG_LINE: usize = 256;

/// A heading over a line is not longer, in bytes, if it ends like a sentence.
const MAX_TITLE: usize = 160;

/// Reads Markdown; `is_mdx` where JSX may stand in it.
pub fn read_markdown(
    source: &str,
    is_mdx: bool,
    line_of: impl Fn(usize) -> u32,
) -> (Body, Vec<MarkupProblem>) {
    let syntax = if is_mdx { HostMarkup::Mdx } else { HostMarkup::Markdown };
    let stripped = templates::strip_templates(source, syntax, || code_ranges(source));
    let ends = EndTags::scan(&stripped.text);
    let html = HtmlReader::fragments(&ends, write_html_text);
    let mut reader =
        MarkdownReader { source: &stripped.text, builder: BodyBuilder::new(), html, block: None };
    for (event, range) in Parser::new_ext(&stripped.text, options()).into_offset_iter() {
        reader.builder.set_source_offset(range.start);
        reader.event(event, range);
    }
    reader.builder.finish(|at| line_of(stripped.source_offset(at)))
}

/// The plain text of an inline text.
pub fn inline_to_plain_text(source: &str) -> String {
    // A word in front: whatever follows it begins no block.
    let line = format!("x {source}");
    let ends = EndTags::scan(&line);
    let html = HtmlReader::fragments(&ends, write_html_text);
    let mut reader = MarkdownReader { source: &line, builder: BodyBuilder::new(), html, block: None };
    for (event, range) in Parser::new_ext(&line, options()).into_offset_iter() {
        match event {
            Event::InlineHtml(tag) if !is_html(&tag) => reader.builder.text(&tag),
            event => reader.event(event, range),
        }
    }
    let text = reader.builder.finish_line();
    text.strip_prefix('x').unwrap_or(&text).trim().to_owned()
}

/// Writes text between tags, which site generators leave alone and authors take for Markdown.
fn write_html_text(builder: &mut BodyBuilder, text: &str) {
    if !text.contains("](") {
        return builder.marked_text(text);
    }
    // A character in front that nobody sees: whatever follows it begins no block.
    let line = format!("\u{2060}{}", text.replace(['\n', '\r'], " "));
    let ends = EndTags::scan("");
    let html = HtmlReader::fragments(&ends, BodyBuilder::marked_text);
    let builder_before = std::mem::replace(builder, BodyBuilder::new());
    let mut reader = MarkdownReader { source: &line, builder: builder_before, html, block: None };
    for event in Parser::new_ext(&line, options()) {
        if !matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)) {
            reader.event(event, 0..0);
        }
    }
    *builder = reader.builder;
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
}

/// Where code stands in a source, in order.
fn code_ranges(source: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(source, options()).into_offset_iter();
    let is_code = |event: &Event| matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_));
    events.filter(|(event, _)| is_code(event)).map(|(_, range)| range).collect()
}

/// Whether what looks like a tag is one: `Vec<T>` in a title is not.
fn is_html(tag: &str) -> bool {
    let name: String =
        tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
    tag.starts_with("<!") || tags::Tag::is_known(&name.to_ascii_lowercase())
}

struct MarkdownReader<'a> {
    source: &'a str,
    builder: BodyBuilder,
    html: HtmlReader<'a>,
    /// A block of code or HTML that is being gathered.
    block: Option<RawBlock>,
}

struct RawBlock {
    start: usize,
    text: String,
}

impl MarkdownReader<'_> {
    fn event(&mut self, event: Event, range: Range<usize>) {
        let at = range.start;
        if let (Event::Text(text) | Event::Html(text), Some(block)) = (&event, &mut self.block) {
            return block.text.push_str(text);
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.builder.marked_text(&text),
            Event::Html(html) | Event::InlineHtml(html) => self.html.read_html(&mut self.builder, &html, at),
            Event::SoftBreak => self.soft_break(at),
            Event::HardBreak => self.builder.hard_break(),
            Event::Rule => self.builder.break_block(),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.builder.push_code_span(&text);
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn soft_break(&mut self, at: usize) {
        // As much of the next line as tells whether it is long.
        let ends = |c: char| c == '\n' || c == '\r';
        let rest = self.source.get(at..).unwrap_or_default().trim_start_matches([' ', '\t']);
        let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(ends)).unwrap_or(rest);
        let limit = rest.char_indices().take(LONG_LINE).find(|&(_, c)| ends(c)).map(|(end, _)| end);
        let limit = limit.or_else(|| rest.char_indices().nth(LONG_LINE).map(|(end, _)| end));
        self.builder.soft_break(&rest[..limit.unwrap_or(rest.len())]);
    }

    fn start(&mut self, tag: Tag, range: Range<usize>) {
        let at = range.start;
        let builder = &mut self.builder;
        match tag {
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.block = Some(RawBlock { start: at, text: String::new() });
            }
            Tag::Strong => builder.strong(true),
            Tag::Emphasis => builder.emphasis(true),
            Tag::Link { dest_url, .. } => builder.open_link(&dest_url),
            Tag::Image { .. } => builder.open_image(),
            Tag::TableCell => builder.cell(),
            Tag::Paragraph | Tag::MetadataBlock(_) => builder.break_block(),
            Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::Heading { .. } if is_paragraph_over_a_rule(self.source.get(range).unwrap_or_default()) => {
                builder.open(ElementKey::Own, ElementRole::Plain);
            }
            tag => builder.open(ElementKey::Own, role_of_tag(&tag)),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let builder = &mut self.builder;
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
            TagEnd::Strong => builder.strong(false),
            TagEnd::Emphasis => builder.emphasis(false),
            TagEnd::Link => builder.close_link(),
            TagEnd::Image => builder.close_image(),
            TagEnd::Paragraph | TagEnd::MetadataBlock(_) => builder.break_block(),
            TagEnd::TableCell | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            _ => builder.close(),
        }
    }
}

/// Whether what `CommonMark` takes for a heading is sentences above a line that was meant as a rule.
fn is_paragraph_over_a_rule(source: &str) -> bool {
    let text = source.trim_end().trim_end_matches(['-', '=']).trim_end();
    text.len() < source.trim_end().len() && text.len() > MAX_TITLE && text.ends_with(['.', '。'])
}

/// What an element of Markdown makes of the text in it.
fn role_of_tag(tag: &Tag) -> ElementRole {
    match tag {
        Tag::Heading { level, .. } => ElementRole::Heading(heading_level(*level)),
        Tag::BlockQuote(None) => ElementRole::Quote,
        Tag::List(_) | Tag::DefinitionList => ElementRole::List,
        Tag::Item | Tag::DefinitionListDefinition => ElementRole::Item,
        Tag::DefinitionListTitle => ElementRole::Term,
        Tag::Table(_) => ElementRole::Table,
        Tag::TableHead | Tag::TableRow => ElementRole::Row,
        _ => ElementRole::Plain,
    }
}

fn heading_level(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests;
