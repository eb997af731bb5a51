//! `AsciiDoc` to what a reader sees: the parts of the language that posts use. Knows nothing of other markups
//! but the HTML in its passthroughs.

mod attributes;
mod blocks;
mod inline;
mod lines;
mod lists;

use self::attributes::Attributes;
use self::blocks::{Delimited, Verbatim};
use self::lines::{Line, Marker};
use super::builder::{Builder, Key, Role};
use super::html::Html;
use super::html::tags::Ends;
use super::readable::{Flaw, Head};
use crate::model::Body;

/// Reads a document.
pub fn read(source: &str, line_of: impl Fn(usize) -> u32) -> (Body, Head, Vec<Flaw>) {
    let ends = Ends::of(source);
    let mut reader = Reader {
        builder: Builder::new(),
        html: Html::fragments(&ends, Builder::text),
        attributes: Attributes::default(),
        head: Head::default(),
        paragraph: Vec::new(),
        lists: Vec::new(),
        open: Vec::new(),
        verbatim: None,
        style: Style::default(),
        title: None,
        continues: false,
        awaits: false,
        skipped: 0,
        notes: Vec::new(),
        in_head: true,
    };
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        reader.builder.at(at);
        reader.line(line.trim_end_matches(['\n', '\r', ' ', '\t']), at);
        at += line.len();
    }
    reader.end_verbatim();
    reader.end_paragraph();
    let title = reader.attributes.title();
    reader.head.title = reader.head.title.or(title);
    reader.head.fields = reader.attributes.fields;
    let (body, flaws) = reader.builder.finish(line_of);
    (body, reader.head, flaws)
}

/// What the attribute line above a block says about it.
#[derive(Debug, Default)]
struct Style {
    name: String,
    /// `[quote, who, where]`.
    attribution: Option<String>,
    /// How many columns a table has.
    columns: Option<usize>,
}

struct Reader<'a> {
    builder: Builder,
    html: Html<'a>,
    attributes: Attributes,
    head: Head,
    paragraph: Vec<String>,
    /// The markers of the lists that are open, outermost first.
    lists: Vec<Marker>,
    /// The blocks between delimiters that are open.
    open: Vec<Delimited>,
    verbatim: Option<Verbatim>,
    style: Style,
    /// `.Title` above a block.
    title: Option<String>,
    /// After a `+` alone on its line: what follows belongs to the item above.
    continues: bool,
    /// After a term of a description list alone on its line: what follows is said about it.
    awaits: bool,
    /// How many conditions are open within one that does not hold.
    skipped: u32,
    /// Footnotes, which become paragraphs after the one that they stand in.
    notes: Vec<String>,
    /// Whether no text has been read yet.
    in_head: bool,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, at: usize) {
        if let Some(verbatim) = &mut self.verbatim {
            if line == verbatim.end {
                return self.end_verbatim();
            }
            verbatim.text.push_str(line);
            return verbatim.text.push('\n');
        }
        if self.attributes.goes_on(line) || self.condition(line) || self.head_line(line) {
            return;
        }
        let kind = Line::of(line, !self.paragraph.is_empty(), !self.lists.is_empty());
        if !matches!(kind, Line::Blank | Line::Comment | Line::Attribute(..)) {
            self.in_head = false;
        }
        self.read_line(kind, line, at);
    }

    fn read_line(&mut self, kind: Line, line: &str, at: usize) {
        self.write_title(kind);
        match kind {
            Line::Blank | Line::Break | Line::Macro => self.end_paragraph(),
            Line::Comment => {}
            Line::Attribute(name, value) => self.attributes.define(name, value, self.in_head),
            Line::Heading(level, title) => self.heading(level, title),
            Line::Delimiter(kind) => self.delimiter(kind, line, at),
            Line::Style(inside) => {
                self.end_paragraph();
                self.set_style(inside);
            }
            Line::Title(title) => {
                self.end_paragraph();
                self.title = Some(title.to_owned());
            }
            Line::Item(marker, text) => self.item(marker, text),
            Line::Term(marker, term, text) => self.term(marker, term, text),
            Line::Continuation => {
                self.end_paragraph();
                self.continues = true;
            }
            Line::Image(alt) => {
                self.end_paragraph();
                let alt = self.attributes.expand(alt);
                self.builder.image(&alt);
                self.builder.break_block();
            }
            Line::Literal if self.paragraph.is_empty() && !self.awaits => self.literal(line, at),
            Line::Literal | Line::Text => self.text(line),
        }
    }

    /// The title of a block stands above it: that of a list introduces the list.
    fn write_title(&mut self, next: Line) {
        let role = match next {
            Line::Blank | Line::Comment | Line::Attribute(..) | Line::Style(_) | Line::Title(_) => return,
            Line::Item(..) | Line::Term(..) => Role::Plain,
            _ => Role::Caption,
        };
        if let Some(title) = self.title.take() {
            let continues = self.continues;
            self.begin_block();
            self.run(role, &title);
            self.continues = continues;
        }
    }

    fn text(&mut self, line: &str) {
        if self.paragraph.is_empty() && !std::mem::take(&mut self.awaits) {
            self.begin_block();
        }
        self.paragraph.push(line.to_owned());
    }

    /// `ifdef::name[]` and its kin. What a site would leave out is left out.
    fn condition(&mut self, line: &str) -> bool {
        let Some((name, rest)) = line.split_once("::").filter(|_| !line.starts_with(' ')) else {
            return self.skipped > 0;
        };
        let (target, inside) = rest.split_once('[').unwrap_or((rest, ""));
        let is_block = inside.trim_end().trim_end_matches(']').is_empty();
        let holds = target.split([',', '+']).any(|name| self.attributes.is_defined(name.trim()));
        match name {
            "endif" => self.skipped = self.skipped.saturating_sub(1),
            "ifdef" | "ifndef" | "ifeval" if self.skipped > 0 => {
                self.skipped += u32::from(is_block || name == "ifeval");
            }
            "ifdef" if is_block => self.skipped += u32::from(!holds),
            "ifndef" if is_block => self.skipped += u32::from(holds),
            "ifdef" | "ifndef" | "ifeval" => {}
            _ => return self.skipped > 0,
        }
        true
    }

    /// The document's title and what stands below it: author, revision, attributes.
    fn head_line(&mut self, line: &str) -> bool {
        if !self.in_head {
            return false;
        }
        if self.head.title.is_none() {
            let Some(title) = line.strip_prefix("= ") else { return false };
            let title = self.attributes.expand(title.trim());
            self.run(Role::Heading(1), &title);
            self.head.title = Some(inline::plain(&title));
            return true;
        }
        self.in_head = !line.is_empty();
        self.in_head && self.attributes.head_line(line)
    }

    fn heading(&mut self, level: u8, title: &str) {
        self.end_lists();
        self.continues = false;
        self.awaits = false;
        self.style = Style::default();
        self.run(Role::Heading(level), title);
    }

    /// A block that is one line of the source.
    fn run(&mut self, role: Role, text: &str) {
        self.builder.open(Key::Own, role);
        self.inline(text);
        self.builder.close();
    }

    fn inline(&mut self, text: &str) {
        let text = self.attributes.expand(text);
        inline::read(&mut self.builder, &mut self.html, &text, &mut self.notes);
    }

    fn set_style(&mut self, inside: &str) {
        let mut parts = inside.split(',').map(str::trim);
        let name = parts.next().unwrap_or_default().split(['.', '#', '%']).next().unwrap_or_default();
        if name == "quote" || name == "verse" {
            let who: Vec<&str> =
                parts.map(|part| part.trim_matches('"')).filter(|part| !part.is_empty()).collect();
            self.style.attribution = (!who.is_empty()).then(|| who.join(", "));
        }
        if let Some(columns) = lines::columns(inside) {
            self.style.columns = Some(columns);
        }
        if !name.is_empty() && !name.contains('=') {
            name.clone_into(&mut self.style.name);
        }
    }

    fn end_paragraph(&mut self) {
        if self.paragraph.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.paragraph).join("\n");
        let style = std::mem::take(&mut self.style);
        match style.name.as_str() {
            "source" | "listing" | "literal" => self.builder.code(&text),
            "comment" => {}
            "pass" => self.html.read(&mut self.builder, &text, 0),
            "quote" | "verse" => {
                self.builder.open(Key::Own, Role::Quote);
                self.inline(&text);
                self.attribution(style.attribution);
                self.builder.close();
            }
            _ => {
                self.inline(lines::without_label(&text));
                self.builder.break_block();
            }
        }
        self.write_notes();
    }

    fn write_notes(&mut self) {
        for note in std::mem::take(&mut self.notes) {
            self.run(Role::Plain, &note);
        }
        // Notes have no notes.
        self.notes.clear();
    }

    fn attribution(&mut self, who: Option<String>) {
        if let Some(who) = who {
            self.builder.break_block();
            self.builder.text("— ");
            self.inline(&who);
        }
    }
}

#[cfg(test)]
mod tests;
