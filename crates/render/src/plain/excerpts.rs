//! Renders excerpts as plain text: each quote, and below it its source.

use super::{TextPage, display_width, source::Source, wording};
use crate::marked_quote::{Link, MarkedQuote};
use crate::terminal_text::{StyledText, clean_line};
use crate::web_address::WebAddress;
use anstyle::Style;
use takeaways_text::model::{Citation, Excerpt, PostKind};
use takeaways_text::script::is_cjk;

/// Before an author's own words.
const POST_LEAD: &str = "│ ";
/// Before the words of a note, which are not the author's.
const NOTE_LEAD: &str = "    ";
/// Before a source.
const SOURCE_LEAD: &str = "  ";
/// How many lines a source has, without an address that does not fit beside it.
const MAX_SOURCE_LINES: usize = 2;

/// Whether two excerpts have one source: the words of one person in one section of a post. A list that is not whole says so in its own.
fn have_one_source(one: &Excerpt, next: &Excerpt) -> bool {
    one.citation == next.citation
        && [one, next].iter().all(|it| it.items.is_none() && it.duplicate_count == 0)
}

/// Whether a character is of a word that spaces set apart.
fn is_joined(c: char) -> bool {
    c.is_alphanumeric() && !is_cjk(c)
}

impl TextPage<'_> {
    /// Adds the excerpts of an answer to a question for a fact, with numbers if there are several.
    pub(super) fn excerpts(&mut self, excerpts: &[Excerpt]) {
        let is_numbered = excerpts.len() > 1;
        for (at, excerpt) in excerpts.iter().enumerate() {
            self.excerpts_of_one_source(std::slice::from_ref(excerpt), is_numbered.then_some(at + 1));
        }
    }

    /// Adds the excerpts of a group with numbers from `first` on. Those in a row that have one source have it once.
    pub(super) fn numbered_excerpts(&mut self, excerpts: &[Excerpt], first: usize) {
        let mut number = first;
        for run in excerpts.chunk_by(have_one_source) {
            self.excerpts_of_one_source(run, Some(number));
            number += run.len();
        }
    }

    /// Adds an empty line, unless one stands there or the page begins.
    pub(super) fn begin_paragraph(&mut self) {
        if self.lines.last().is_some_and(|last| !last.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// Adds excerpts with numbers from `first` on, and their source below the last one.
    fn excerpts_of_one_source(&mut self, run: &[Excerpt], first: Option<usize>) {
        self.begin_paragraph();
        self.cited.clear();
        for (at, excerpt) in run.iter().enumerate() {
            let number = first.map_or_else(String::new, |first| format!("{}. ", first + at));
            self.indented(&number, |page| {
                let start = page.lines.len();
                page.quotes(excerpt);
                if at + 1 == run.len() {
                    let is_one_line = run.len() == 1 && page.lines.len() == start + 1;
                    page.sources(run, is_one_line);
                }
            });
        }
    }

    /// Adds lines after a number, those below the first as far to the right as it.
    fn indented(&mut self, number: &str, add: impl FnOnce(&mut Self)) {
        let first = self.lines.len();
        let width = self.style.width;
        self.style.width = self.width_after(number);
        add(self);
        self.style.width = width;
        for (at, line) in self.lines.iter_mut().enumerate().skip(first) {
            let lead = if at == first { number.to_owned() } else { " ".repeat(number.len()) };
            format!("{lead}{line}").trim_end().clone_into(line);
        }
    }

    /// Adds what introduces an excerpt, and its quote.
    fn quotes(&mut self, excerpt: &Excerpt) {
        let lead = match excerpt.citation.kind {
            PostKind::Post => POST_LEAD,
            PostKind::Note => NOTE_LEAD,
        };
        if let Some(lead_in) = MarkedQuote::of_lead_in(excerpt) {
            self.quote(lead, &lead_in, self.dim(), self.dim());
        }
        self.quote(lead, &MarkedQuote::of_answer(excerpt), Style::new(), self.bold());
    }

    /// Adds the footnotes and the source of excerpts that have one source. `is_one_line` tells that they are one excerpt of one line.
    fn sources(&mut self, run: &[Excerpt], is_one_line: bool) {
        let Some(first) = run.first() else { return };
        for number in std::mem::take(&mut self.cited) {
            let address = self.footnotes.get(number - 1).map_or("", String::as_str);
            self.lines.push(format!("{SOURCE_LEAD}[{number}] {address}"));
        }
        let link = self.title_link(&first.citation);
        let mut address = if link.is_none() { Some(readable_at(first, self.style.program)) } else { None };
        if let Some(shown) = first.items.and_then(|items| wording::shown_items(items, self.language)) {
            self.rest_of_list(&shown, address.take(), link.as_ref());
        }
        self.source(&Source::new(first, link, self.language), address, is_one_line);
    }

    /// Adds a quote with its links and list items.
    fn quote(&mut self, lead: &str, quote: &MarkedQuote<'_>, style: Style, bold: Style) {
        for line in quote.lines() {
            let bullet = line.item.map_or_else(String::new, |item| {
                let mark = item.number.map_or_else(|| "•".to_owned(), |number| format!("{number}."));
                format!("{}{mark} ", "  ".repeat(item.level.into()))
            });
            let indent = " ".repeat(bullet.chars().count());
            let mut text = StyledText::default();
            // The footnotes of links that end within a word: they stand behind it.
            let mut marks = String::new();
            for (at, part) in line.parts.iter().enumerate() {
                let words = &quote.text[part.range.clone()];
                let hidden = part.link.filter(|link| self.can_hide(link));
                let style = if part.is_bold { bold } else { style };
                let address = hidden.map(|link| link.address.as_str());
                let words = if marks.is_empty() {
                    words
                } else {
                    let (rest, words) = words.split_at(words.find(|c| !is_joined(c)).unwrap_or(words.len()));
                    text.push(rest, style, address);
                    if !words.is_empty() {
                        text.push(&std::mem::take(&mut marks), self.dim(), None);
                    }
                    words
                };
                text.push(words, style, address);
                let is_end = line.parts.get(at + 1).is_none_or(|next| next.link != part.link);
                if let Some(link) = part.link.filter(|_| hidden.is_none() && is_end)
                    && link.text.trim_end_matches('/') != link.address.as_str().trim_end_matches('/')
                {
                    marks.extend(["[", &self.footnote(link.address).to_string(), "]"]);
                    if !words.ends_with(is_joined) {
                        text.push(&std::mem::take(&mut marks), self.dim(), None);
                    }
                }
            }
            text.push(&marks, self.dim(), None);
            let width = self.width_after(&format!("{lead}{indent}"));
            let leads = std::iter::once(&bullet).chain(std::iter::repeat(&indent));
            let lines = text.lines(width).into_iter().zip(leads);
            self.lines.extend(lines.map(|(line, inner)| format!("{lead}{inner}{line}")));
        }
    }

    /// Whether a link is a hyperlink of the terminal, which shows its words only.
    fn can_hide(&self, link: &Link<'_>) -> bool {
        self.style.hyperlinks && link.address.may_hide_behind(link.text)
    }

    /// The number of the footnote with this address.
    fn footnote(&mut self, address: &WebAddress) -> usize {
        let address = address.as_str();
        let known = self.footnotes.iter().position(|known| known == address);
        let number = known.map_or(self.footnotes.len(), |at| at) + 1;
        if known.is_none() {
            self.footnotes.push(address.to_owned());
        }
        self.cited.insert(number);
        number
    }

    /// The address of a post, if its title is a hyperlink.
    fn title_link(&self, from: &Citation) -> Option<WebAddress> {
        let address = WebAddress::new(from.url.as_deref()?, None)?;
        (self.style.hyperlinks && address.may_hide_behind(&from.title)).then_some(address)
    }

    /// Adds a line that says how much of a list is shown, and where all of it is.
    fn rest_of_list(&mut self, shown: &str, address: Option<String>, link: Option<&WebAddress>) {
        let mut text = StyledText::new(&format!("{SOURCE_LEAD}{shown} "), self.dim());
        text.push(&self.language.citations().see_rest.fill(&[]), self.dim(), link.map(WebAddress::as_str));
        let colon = self.language.refusals().colon.fill(&[]);
        let address = address.map(|address| format!("{colon} {address}")).unwrap_or_default();
        // An address is never cut, so that it can be opened.
        self.lines.extend(text.lines(usize::MAX).into_iter().map(|line| line + &address));
    }

    /// Adds a source of at most two lines, with an address beside it or on a line of its own. Below a quote of one line it
    /// has one line above the address, if author, date and event fit into it.
    fn source(&mut self, source: &Source, address: Option<String>, is_one_line: bool) {
        let width = self.width_after(SOURCE_LEAD);
        let mut lines = source.lines(width, MAX_SOURCE_LINES);
        if let Some(address) = address {
            let beside = lines.last().map(|last| format!("{last} — {address}"));
            if let Some(beside) = beside.filter(|line| display_width(line) <= width) {
                lines.pop();
                lines.push(beside);
            } else {
                lines = source.one_line(width).filter(|_| is_one_line).map_or(lines, |line| vec![line]);
                lines.push(address);
            }
        }
        self.lines.extend(lines.into_iter().map(|line| format!("{SOURCE_LEAD}{line}")));
    }
}

/// Where the whole post can be read: its address, or the command that prints the line of the quote. `program` is
/// [`super::TerminalStyle::program`].
pub fn readable_at(excerpt: &Excerpt, program: &str) -> String {
    let from = &excerpt.citation;
    let command = || format!("{program} corpus text {} --line {}", quoted_argument(&from.path), excerpt.line);
    clean_line(&from.url.clone().unwrap_or_else(command))
}

/// A path as a person writes it in a shell.
pub fn quoted_argument(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '@' | '+' | ',');
    if path.chars().all(is_plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}
