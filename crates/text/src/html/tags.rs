//! What each tag of HTML does to the text in it.

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Makes a block of its own.
    Block,
    /// A paragraph, whose end tag may be left out.
    Paragraph,
    /// A heading, level 1 to 6.
    Heading(u8),
    /// A list.
    List,
    /// An item of a list.
    Item,
    /// What a description list describes.
    Term,
    /// What it says about it.
    Description,
    /// A quotation.
    Quote,
    /// A caption.
    Caption,
    /// A table.
    Table,
    /// A row of a table.
    Row,
    /// A cell of a table.
    Cell,
    /// Preformatted text.
    Code,
    /// A line ends.
    Break,
    /// A thematic break.
    Rule,
    /// An image.
    Image,
    /// A link.
    Link,
    /// Bold.
    Strong,
    /// Emphasised.
    Emphasis,
    /// Code within a line.
    CodeSpan,
    /// Its content is no text.
    Hide,
    /// Its content is no text of the post where it stands on a whole page; else a block.
    Chrome,
    /// Nothing that a reader of plain text sees.
    Nothing,
    /// Nothing, and it has no content.
    Void,
}

/// A tag: its number, and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// Its number, below [`COUNT`].
    pub number: u16,
    /// What it does.
    pub does: Does,
}

/// How many numbers there are; the last stands for all tags that are not known.
pub const COUNT: usize = TAGS.len() + 1;

/// The known tags, sorted by name.
const TAGS: [(&str, Does); 102] = [
    ("a", Does::Link),
    ("abbr", Does::Nothing),
    ("address", Does::Block),
    ("area", Does::Void),
    ("article", Does::Block),
    ("aside", Does::Chrome),
    ("audio", Does::Hide),
    ("b", Does::Strong),
    ("base", Does::Void),
    ("big", Does::Nothing),
    ("blockquote", Does::Quote),
    ("body", Does::Nothing),
    ("br", Does::Break),
    ("button", Does::Hide),
    ("canvas", Does::Hide),
    ("caption", Does::Caption),
    ("center", Does::Block),
    ("cite", Does::Nothing),
    ("code", Does::CodeSpan),
    ("col", Does::Void),
    ("datalist", Does::Hide),
    ("dd", Does::Description),
    ("del", Does::Nothing),
    ("details", Does::Block),
    ("dialog", Does::Hide),
    ("div", Does::Block),
    ("dl", Does::List),
    ("dt", Does::Term),
    ("em", Does::Emphasis),
    ("embed", Does::Void),
    ("fieldset", Does::Block),
    ("figcaption", Does::Caption),
    ("figure", Does::Block),
    ("font", Does::Nothing),
    ("footer", Does::Chrome),
    ("form", Does::Hide),
    ("h1", Does::Heading(1)),
    ("h2", Does::Heading(2)),
    ("h3", Does::Heading(3)),
    ("h4", Does::Heading(4)),
    ("h5", Does::Heading(5)),
    ("h6", Does::Heading(6)),
    ("head", Does::Nothing),
    ("header", Does::Block),
    ("hgroup", Does::Block),
    ("hr", Does::Rule),
    ("html", Does::Nothing),
    ("i", Does::Emphasis),
    ("iframe", Does::Hide),
    ("image", Does::Image),
    ("img", Does::Image),
    ("input", Does::Void),
    ("ins", Does::Nothing),
    ("kbd", Does::Nothing),
    ("label", Does::Nothing),
    ("li", Does::Item),
    ("link", Does::Void),
    ("main", Does::Block),
    ("map", Does::Hide),
    ("mark", Does::Nothing),
    ("menu", Does::List),
    ("meta", Does::Void),
    ("nav", Does::Hide),
    ("nobr", Does::Nothing),
    ("noembed", Does::Hide),
    ("noframes", Does::Hide),
    ("noscript", Does::Hide),
    ("object", Does::Hide),
    ("ol", Does::List),
    ("p", Does::Paragraph),
    ("param", Does::Void),
    ("picture", Does::Nothing),
    ("pre", Does::Code),
    ("q", Does::Nothing),
    ("s", Does::Nothing),
    ("samp", Does::Nothing),
    ("script", Does::Hide),
    ("section", Does::Block),
    ("select", Does::Hide),
    ("small", Does::Nothing),
    ("source", Does::Void),
    ("span", Does::Nothing),
    ("strike", Does::Nothing),
    ("strong", Does::Strong),
    ("style", Does::Hide),
    ("sub", Does::Nothing),
    ("summary", Does::Block),
    ("sup", Does::Nothing),
    ("svg", Does::Hide),
    ("table", Does::Table),
    ("td", Does::Cell),
    ("template", Does::Hide),
    ("textarea", Does::Hide),
    ("th", Does::Cell),
    ("title", Does::Hide),
    ("tr", Does::Row),
    ("track", Does::Void),
    ("tt", Does::Nothing),
    ("u", Does::Nothing),
    ("ul", Does::List),
    ("video", Does::Hide),
    ("wbr", Does::Void),
];

impl Tag {
    /// The tag of this name, in lower case.
    pub fn named(name: &[u8]) -> Self {
        let known = TAGS.binary_search_by(|(known, _)| known.as_bytes().cmp(name));
        let does = known.map_or(Does::Nothing, |index| TAGS[index].1);
        Self { number: u16::try_from(known.unwrap_or(TAGS.len())).unwrap_or(u16::MAX), does }
    }

    /// Whether HTML has a tag of this name.
    pub fn is_known(name: &str) -> bool {
        TAGS.binary_search_by(|(known, _)| (*known).cmp(name)).is_ok()
    }

    /// Whether it has no content and so no end tag.
    pub fn is_void(self) -> bool {
        matches!(self.does, Does::Void | Does::Break | Does::Rule | Does::Image)
    }
}

/// Where the last end tag of each name stands in a source: an element that is never ended hides nothing.
#[derive(Debug)]
pub struct Ends {
    last: Vec<Option<usize>>,
}

impl Ends {
    /// Looks through a source once.
    pub fn of(source: &str) -> Self {
        let mut last = vec![None; COUNT];
        for (at, _) in source.match_indices("</") {
            let name = source[at + 2..].bytes().take_while(u8::is_ascii_alphanumeric).take(16);
            let name: Vec<u8> = name.map(|b| b.to_ascii_lowercase()).collect();
            if let Some(slot) = last.get_mut(usize::from(Tag::named(&name).number)) {
                *slot = Some(at);
            }
        }
        Self { last }
    }

    /// Whether an end tag of this name stands at or after this byte.
    pub fn follows(&self, tag: Tag, at: usize) -> bool {
        self.last.get(usize::from(tag.number)).copied().flatten().is_some_and(|end| end >= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_are_sorted() {
        assert!(TAGS.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn end_tags_are_found_in_any_case() {
        let ends = Ends::of("<script>x</SCRIPT ><b></b>");
        let script = Tag::named(b"script");
        assert!(ends.follows(script, 9) && !ends.follows(script, 10));
        assert!(!ends.follows(Tag::named(b"svg"), 0));
    }
}
