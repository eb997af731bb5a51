//! A quote with what is marked in it: bold words, links and list items. All renderings show the same.

use crate::web_address::WebAddress;
use std::collections::BTreeSet;
use std::ops::Range;
use takeaways_text::model::{self, Excerpt, ListItem, PostKind, Quote, Span};

/// Words of a post with what is marked in them.
#[derive(Debug)]
pub struct MarkedQuote<'a> {
    /// The words. All ranges count their bytes.
    pub text: &'a str,
    /// In order, without overlap.
    bold: Vec<Range<usize>>,
    /// In order, without overlap; each is in one line.
    links: Vec<(Range<usize>, WebAddress)>,
    /// The starts, levels and numbers of list items.
    items: Vec<(usize, ItemMark)>,
}

/// What marks a line as a list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemMark {
    /// The level of nesting; 0 for the outermost item.
    pub level: u8,
    /// The number of the item, if its list is numbered.
    pub number: Option<u32>,
}

/// A line of a quote.
#[derive(Debug, PartialEq)]
pub struct QuoteLine<'q> {
    /// The place of its first byte.
    pub start: usize,
    /// The mark of the list item that begins with this line.
    pub item: Option<ItemMark>,
    /// The parts that it is made of, in order; none in a blank line.
    pub parts: Vec<QuotePart<'q>>,
}

/// A run of words that are all marked in the same way.
#[derive(Debug, PartialEq)]
pub struct QuotePart<'q> {
    /// Its place.
    pub range: Range<usize>,
    /// Whether it is in bold.
    pub is_bold: bool,
    /// The link that it is a part of.
    pub link: Option<Link<'q>>,
}

/// A link of a quote.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link<'q> {
    /// Its place among the links of the quote.
    pub index: usize,
    /// All its words.
    pub text: &'q str,
    /// The address that it leads to.
    pub address: &'q WebAddress,
}

impl<'a> MarkedQuote<'a> {
    /// The words that answer. In bold are the sentences that answer if they are a part of it, else the words of the question.
    pub fn of_answer(excerpt: &'a Excerpt) -> Self {
        let quote = &excerpt.quote;
        let bold = match excerpt.answer {
            None => excerpt.marks.as_slice(),
            Some(answer) if answer == quote.span => &[],
            Some(_) => excerpt.answer.as_slice(),
        };
        let bold = bold.iter().filter_map(|span| range_in(quote, *span)).collect();
        let items = excerpt.list_items.iter();
        let mark = |item: &ListItem| ItemMark { level: item.level, number: item.number };
        let items = items.filter_map(|item| Some((range_in(quote, item.span)?.start, mark(item)))).collect();
        Self { text: &quote.text, bold, links: links(excerpt, quote), items }
    }

    /// The line that introduces the list.
    pub fn of_lead_in(excerpt: &'a Excerpt) -> Option<Self> {
        let quote = excerpt.lead_in.as_ref()?;
        let (bold, items) = (Vec::new(), Vec::new());
        Some(Self { text: &quote.text, bold, links: links(excerpt, quote), items })
    }

    /// The same quote with only the links that `keep` returns true for.
    pub fn with_links(mut self, keep: impl Fn(&str, &WebAddress) -> bool) -> Self {
        self.links.retain(|(range, address)| keep(&self.text[range.clone()], address));
        self
    }

    /// The lines with their parts.
    pub fn lines(&self) -> Vec<QuoteLine<'_>> {
        let mut start = 0;
        let line = |line: &str| {
            let range = start..start + line.len();
            start = range.end + 1;
            let item = self.items.iter().find(|(at, _)| *at == range.start).map(|(_, mark)| *mark);
            QuoteLine { start: range.start, item, parts: self.parts(range) }
        };
        self.text.split('\n').map(line).collect()
    }

    fn parts(&self, line: Range<usize>) -> Vec<QuotePart<'_>> {
        let marked = self.bold.iter().chain(self.links.iter().map(|(range, _)| range));
        let edges = marked.flat_map(|range| [range.start, range.end]);
        let mut cuts: BTreeSet<usize> = edges.filter(|at| line.contains(at)).collect();
        cuts.extend([line.start, line.end]);
        let cuts: Vec<usize> = cuts.into_iter().collect();
        let part = |pair: &[usize]| {
            let (start, end) = (pair[0], pair[1]);
            let mut links = self.links.iter().enumerate();
            let around = links.find(|(_, (range, _))| range.contains(&start));
            let is_bold = self.bold.iter().any(|range| range.contains(&start));
            QuotePart {
                range: start..end,
                is_bold,
                link: around.map(|(index, (range, address))| Link {
                    index,
                    text: &self.text[range.clone()],
                    address,
                }),
            }
        };
        let mut parts: Vec<QuotePart<'_>> = cuts.windows(2).map(part).collect();
        parts.dedup_by(|next, kept| {
            let is_same = next.is_bold == kept.is_bold && next.link == kept.link;
            if is_same {
                kept.range.end = next.range.end;
            }
            is_same
        });
        parts
    }
}

/// The address that a link of an excerpt leads to, if it is that of a web page. The links of an author are resolved against
/// the address of the post; that of a note is unknown.
pub fn link_address(excerpt: &Excerpt, link: &model::Link) -> Option<WebAddress> {
    let from = &excerpt.citation;
    let base = from.url.as_deref().filter(|_| from.kind == PostKind::Post);
    WebAddress::new(&link.url, base.and_then(|url| WebAddress::new(url, None)).as_ref())
}

/// The links in a quote that can be shown.
fn links(excerpt: &Excerpt, quote: &Quote) -> Vec<(Range<usize>, WebAddress)> {
    let link = |link: &model::Link| {
        let range = range_in(quote, link.span)?;
        let text = &quote.text[range.clone()];
        let has_words = !text.contains('\n') && !crate::clean(text).trim().is_empty();
        Some((range, link_address(excerpt, link).filter(|_| has_words)?))
    };
    let mut links: Vec<(Range<usize>, WebAddress)> = excerpt.links.iter().filter_map(link).collect();
    links.dedup_by(|next, kept| next.0.start < kept.0.end);
    links
}

/// The place of a span of the post within a quote; `None` if it is not in it.
fn range_in(quote: &Quote, span: Span) -> Option<Range<usize>> {
    let start = quote.span.start();
    let range = span.start().checked_sub(start)?..span.end().checked_sub(start)?;
    quote.text.get(range.clone()).map(|_| range)
}
