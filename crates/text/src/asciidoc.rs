//! Converts `AsciiDoc` to visible text.
//!
//! Reads header fields, headings, paragraphs, lists, links, images, quotations, code, tables, and the HTML in
//! passthrough blocks. Leaves out comments and block macros; the rest of the language is read as text.

mod attributes;
mod inline;
mod lines;
mod table;

use self::attributes::Attributes;
use self::lines::{AsciiDocLine, Delimiter, ListMarker};
use super::builder::{BodyBuilder, ElementRole};
use super::html::HtmlReader;
use super::html::tags::EndTags;
use super::readable::{DocumentHead, ReadableText};

/// Lists that are nested deeper are read as if they stood at this depth.
const MAX_LISTS: usize = 30;

/// Reads a document.
pub(crate) fn read_asciidoc(source: &str, line_of: impl Fn(usize) -> u32) -> ReadableText {
    let end_tags = EndTags::scan(source);
    let mut reader = AsciiDocReader {
        builder: BodyBuilder::new(),
        html: HtmlReader::fragments(&end_tags, BodyBuilder::push_text),
        head: DocumentHead::default(),
        in_head: true,
        attributes: Attributes::default(),
        lines_below_head: 0,
        paragraph: Vec::new(),
        open_lists: Vec::new(),
        quote: None,
        verbatim: None,
        style: BlockStyle::default(),
        attaches_next: false,
        awaits_description: false,
    };
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        reader.builder.set_source_offset(at);
        reader.process_line(line.trim_end_matches(['\n', '\r', ' ', '\t']), at);
        at += line.len();
    }
    reader.finish(line_of)
}

/// The attribute line above a block.
#[derive(Debug, Default)]
struct BlockStyle {
    name: String,
    /// The author and the source in `[quote, author, source]`.
    attribution: Option<String>,
    /// The number of columns of a table.
    columns: Option<usize>,
}

/// A block between delimiters without paragraphs in it.
struct VerbatimBlock {
    /// Its last line.
    end: String,
    kind: Delimiter,
    /// The byte of the source where it begins.
    at: usize,
    text: String,
}

struct AsciiDocReader<'a> {
    builder: BodyBuilder,
    html: HtmlReader<'a>,
    head: DocumentHead,
    /// Whether no text has been read yet.
    in_head: bool,
    /// The attributes of the head, once text has been read.
    attributes: Attributes,
    /// The number of lines that are not of the head.
    lines_below_head: usize,
    paragraph: Vec<String>,
    /// The markers of the open lists, outermost first.
    open_lists: Vec<ListMarker>,
    /// The style of the open quotation block.
    quote: Option<BlockStyle>,
    verbatim: Option<VerbatimBlock>,
    style: BlockStyle,
    /// After a line with only `+`: the next block belongs to the list item above.
    attaches_next: bool,
    /// After a term without text: the next paragraph describes it.
    awaits_description: bool,
}

impl AsciiDocReader<'_> {
    fn finish(mut self, line_of: impl Fn(usize) -> u32) -> ReadableText {
        self.end_verbatim();
        self.end_paragraph();
        for (_, value) in &mut self.head.fields {
            *value = inline::inline_to_plain_text(value);
        }
        if self.head.title.is_none() {
            let is_title = |(name, value): &&(String, String)| name.ends_with("title") && !value.is_empty();
            self.head.title = self.head.fields.iter().rfind(is_title).map(|(_, value)| value.clone());
        }
        self.builder.finish(self.head, line_of)
    }

    fn process_line(&mut self, line: &str, at: usize) {
        if let Some(block) = &mut self.verbatim {
            if line == block.end {
                return self.end_verbatim();
            }
            block.text.push_str(line);
            return block.text.push('\n');
        }
        if !self.read_head_line(line) {
            self.lines_below_head += 1;
            if let Some(level) = self.level_of_underline(line) {
                return self.end_two_line_title(level);
            }
            let kind = AsciiDocLine::parse(line, !self.paragraph.is_empty(), !self.open_lists.is_empty());
            self.apply_line(kind, line, at);
        }
    }

    /// Reads attributes, the document's title, and the lines of author and revision below it. Returns whether
    /// the line belongs to the head.
    fn read_head_line(&mut self, line: &str) -> bool {
        if !self.in_head {
            return false;
        }
        if let Some((_, value)) = self.head.fields.last_mut().filter(|(_, value)| value.ends_with('\\')) {
            value.pop();
            value.push_str(line.trim_start());
        } else if let Some((name, value)) = lines::parse_attribute(line) {
            if !name.contains('!') {
                self.head.fields.push((name.to_ascii_lowercase(), value.to_owned()));
            }
        } else if self.head.title.is_none() && line.starts_with("= ") {
            let title = line[2..].trim();
            self.write_line_block(ElementRole::Heading(1), title);
            self.head.title = Some(inline::inline_to_plain_text(title));
        } else if !lines::is_comment(line) && (self.head.title.is_some() || !line.is_empty()) {
            self.in_head = self.read_author_or_revision(line);
        }
        if !self.in_head {
            self.attributes = Attributes::collect(&self.head.fields);
        }
        self.in_head
    }

    /// Returns the level of the heading that a line makes of the one above it, which is about as long.
    fn level_of_underline(&self, line: &str) -> Option<u8> {
        let [title] = self.paragraph.as_slice() else { return None };
        let level = lines::underline_level(line)?;
        let is_as_long = title.chars().count().abs_diff(line.len()) <= 1;
        let is_title = self.open_lists.is_empty() && title.contains(char::is_alphanumeric);
        (is_as_long && is_title).then_some(level)
    }

    fn end_two_line_title(&mut self, level: u8) {
        let title = std::mem::take(&mut self.paragraph).concat();
        self.style = BlockStyle::default();
        self.write_line_block(ElementRole::Heading(level), &title);
        if level == 1 && self.head.title.is_none() && self.lines_below_head == 2 {
            self.head.title = Some(inline::inline_to_plain_text(&title));
            self.in_head = true;
        }
    }

    fn read_author_or_revision(&mut self, line: &str) -> bool {
        let has_author = self.head.fields.iter().any(|(name, _)| name == "author");
        let has_date = self.head.fields.iter().any(|(name, _)| name == "revdate");
        let is_block = line.starts_with(['/', '[', '=', '*', '-', '.', '|']);
        let field = if self.head.title.is_none() || is_block || has_date {
            None
        } else if has_author {
            lines::revision_date(line).map(|date| ("revdate", date))
        } else {
            lines::authors(line).map(|authors| ("author", authors))
        };
        self.head.fields.extend(field.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        field.is_some()
    }

    fn apply_line(&mut self, kind: AsciiDocLine, line: &str, at: usize) {
        match kind {
            AsciiDocLine::Blank => self.end_paragraph(),
            AsciiDocLine::Invisible => {}
            AsciiDocLine::Heading(level, title) => {
                self.end_lists();
                self.attaches_next = false;
                self.style = BlockStyle::default();
                self.write_line_block(ElementRole::Heading(level), title);
            }
            AsciiDocLine::Delimiter(delimiter) => self.handle_delimiter(delimiter, line, at),
            AsciiDocLine::Style(inside) => {
                self.end_paragraph();
                self.set_style(inside);
            }
            AsciiDocLine::Title(title) => {
                self.begin_block();
                self.write_line_block(ElementRole::Plain, title);
            }
            AsciiDocLine::Item(marker, text) => self.begin_item(marker, text),
            AsciiDocLine::Term(marker, term, text) => self.begin_term(marker, term, text),
            AsciiDocLine::Continuation => {
                self.end_paragraph();
                self.attaches_next = true;
            }
            AsciiDocLine::Image(alt) => {
                self.begin_block();
                self.builder.push_image(alt);
                self.builder.break_block();
            }
            AsciiDocLine::Indented if self.paragraph.is_empty() && !self.awaits_description => {
                self.begin_verbatim(Delimiter::Code, "", at, format!("{line}\n"));
            }
            AsciiDocLine::Indented | AsciiDocLine::Text => {
                if self.paragraph.is_empty() && !std::mem::take(&mut self.awaits_description) {
                    self.begin_block();
                }
                self.paragraph.push(line.to_owned());
            }
        }
    }

    fn handle_delimiter(&mut self, kind: Delimiter, line: &str, at: usize) {
        self.end_paragraph();
        match kind {
            // The blocks in an example or a sidebar are read like those around it.
            Delimiter::Container => {}
            Delimiter::Quote => {
                self.end_lists();
                self.attaches_next = false;
                if let Some(style) = self.quote.take() {
                    write_attribution(&mut self.builder, style.attribution);
                    self.builder.close();
                } else {
                    self.builder.open(ElementRole::Quote);
                    self.quote = Some(std::mem::take(&mut self.style));
                }
            }
            _ if line.starts_with('`') => self.begin_verbatim(kind, "```", at, String::new()),
            _ => self.begin_verbatim(kind, line, at, String::new()),
        }
    }

    fn begin_verbatim(&mut self, kind: Delimiter, end: &str, at: usize, text: String) {
        self.begin_block();
        self.verbatim = Some(VerbatimBlock { end: end.to_owned(), kind, at, text });
    }

    fn end_verbatim(&mut self) {
        let Some(VerbatimBlock { kind, at, text, .. }) = self.verbatim.take() else { return };
        let style = std::mem::take(&mut self.style);
        match kind {
            Delimiter::Code => self.builder.push_code_block(&text),
            Delimiter::Html => {
                self.html.read_html(&mut self.builder, &text, at);
                self.builder.break_block();
            }
            Delimiter::Table => {
                let text = self.attributes.insert_into(&text);
                table::write_table(&mut self.builder, &text, style.columns);
            }
            Delimiter::Comment | Delimiter::Quote | Delimiter::Container => {}
        }
    }

    fn set_style(&mut self, inside: &str) {
        let mut parts = inside.split(',').map(str::trim);
        let name = parts.next().unwrap_or_default().split(['.', '#', '%']).next().unwrap_or_default();
        if !name.is_empty() {
            name.clone_into(&mut self.style.name);
        }
        self.style.columns = table::column_count(inside).or(self.style.columns);
        if matches!(name, "quote" | "verse") {
            let names: Vec<&str> =
                parts.map(|part| part.trim_matches('"')).filter(|part| !part.is_empty()).collect();
            self.style.attribution = (!names.is_empty()).then(|| names.join(", "));
        }
    }

    fn begin_item(&mut self, marker: ListMarker, text: &str) {
        self.enter_list(marker);
        self.builder.open(ElementRole::Item);
        self.paragraph.push(text.to_owned());
    }

    /// Begins a term and its description, which is a list item.
    fn begin_term(&mut self, marker: ListMarker, term: &str, text: &str) {
        self.enter_list(marker);
        self.write_line_block(ElementRole::Term, term);
        self.builder.open(ElementRole::Item);
        self.awaits_description = text.is_empty();
        if !text.is_empty() {
            self.paragraph.push(text.to_owned());
        }
    }

    /// Continues or begins the list of the items with this marker.
    fn enter_list(&mut self, marker: ListMarker) {
        self.end_paragraph();
        self.attaches_next = false;
        self.awaits_description = false;
        self.style = BlockStyle::default();
        if let Some(index) = self.open_lists.iter().position(|open| *open == marker) {
            while self.open_lists.len() > index + 1 {
                self.end_list();
            }
            return self.builder.close();
        }
        if self.open_lists.len() >= MAX_LISTS {
            self.end_list();
        }
        self.builder.open(ElementRole::List);
        if matches!(marker, ListMarker::Number | ListMarker::Level('.', _)) {
            self.builder.number_items(1);
        }
        self.open_lists.push(marker);
    }

    /// Ends the innermost list and its last item.
    fn end_list(&mut self) {
        self.end_paragraph();
        if self.open_lists.pop().is_some() {
            self.builder.close();
            self.builder.close();
        }
    }

    fn end_lists(&mut self) {
        self.end_paragraph();
        self.awaits_description = false;
        while !self.open_lists.is_empty() {
            self.end_list();
        }
    }

    /// Begins a block: outside of the lists, unless a `+` attaches it to an item.
    fn begin_block(&mut self) {
        self.end_paragraph();
        if !std::mem::take(&mut self.attaches_next) {
            self.end_lists();
        }
    }

    fn end_paragraph(&mut self) {
        if self.paragraph.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.paragraph).join("\n");
        let style = std::mem::take(&mut self.style);
        match style.name.as_str() {
            "source" | "listing" | "literal" => self.builder.push_code_block(&text),
            "quote" | "verse" => {
                let text = self.attributes.insert_into(&text);
                self.builder.write_element(ElementRole::Quote, |builder| {
                    inline::read_inline(builder, &text);
                    write_attribution(builder, style.attribution);
                });
            }
            _ => {
                inline::read_inline(&mut self.builder, &self.attributes.insert_into(&text));
                self.builder.break_block();
            }
        }
    }

    fn write_line_block(&mut self, role: ElementRole, text: &str) {
        let text = self.attributes.insert_into(text);
        self.builder.write_element(role, |builder| inline::read_inline(builder, &text));
    }
}

/// Writes the author and the source below a quotation.
fn write_attribution(builder: &mut BodyBuilder, attribution: Option<String>) {
    if let Some(attribution) = attribution {
        builder.break_block();
        builder.push_text("— ");
        inline::read_inline(builder, &attribution);
    }
}

#[cfg(test)]
mod tests;
