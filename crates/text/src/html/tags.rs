//! The tags of HTML and their effect on the text.

/// The effect of a tag on the text of its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TagEffect {
    /// A block of its own.
    Block,
    /// A paragraph; its end tag may be missing.
    Paragraph,
    /// A heading, level 1 to 6.
    Heading(u8),
    /// A list.
    List,
    /// An item of a list.
    Item,
    /// A term of a description list.
    Term,
    /// The description of a term.
    Description,
    /// A quotation.
    Quote,
    /// Who said it. In a quotation it begins a block.
    Cite,
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
    /// The end of a line.
    Break,
    /// A thematic break.
    Rule,
    /// An image.
    Image,
    /// A link.
    Link,
    /// Bold text.
    Strong,
    /// Emphasised text.
    Emphasis,
    /// Inline code.
    CodeSpan,
    /// A quotation within a text, which browsers show in quotation marks.
    Quotation,
    /// Raised text, such as the number of a footnote.
    Raised,
    /// A form: hidden, unless it holds the page.
    Form,
    /// Hides the content.
    Hide,
    /// Hides the content on a page, where it stands around the post; a block in a fragment.
    Chrome,
    /// None in plain text.
    Nothing,
    /// None, and the element has no content.
    Void,
}

/// A tag: its number and its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag {
    /// The number, below [`TAG_COUNT`].
    pub number: u16,
    /// The effect on the text.
    pub effect: TagEffect,
}

/// The number of tag numbers; the last one is that of all unknown tags.
pub(crate) const TAG_COUNT: usize = TAGS.len() + 1;

/// The known tags, sorted by name.
const TAGS: [(&str, TagEffect); 102] = [
    ("a", TagEffect::Link),
    ("abbr", TagEffect::Nothing),
    ("address", TagEffect::Block),
    ("area", TagEffect::Void),
    ("article", TagEffect::Block),
    ("aside", TagEffect::Chrome),
    ("audio", TagEffect::Hide),
    ("b", TagEffect::Strong),
    ("base", TagEffect::Void),
    ("big", TagEffect::Nothing),
    ("blockquote", TagEffect::Quote),
    ("body", TagEffect::Nothing),
    ("br", TagEffect::Break),
    ("button", TagEffect::Hide),
    ("canvas", TagEffect::Hide),
    ("caption", TagEffect::Caption),
    ("center", TagEffect::Block),
    ("cite", TagEffect::Cite),
    ("code", TagEffect::CodeSpan),
    ("col", TagEffect::Void),
    ("datalist", TagEffect::Hide),
    ("dd", TagEffect::Description),
    ("del", TagEffect::Nothing),
    ("details", TagEffect::Block),
    ("dialog", TagEffect::Hide),
    ("div", TagEffect::Block),
    ("dl", TagEffect::List),
    ("dt", TagEffect::Term),
    ("em", TagEffect::Emphasis),
    ("embed", TagEffect::Void),
    ("fieldset", TagEffect::Block),
    ("figcaption", TagEffect::Caption),
    ("figure", TagEffect::Block),
    ("font", TagEffect::Nothing),
    ("footer", TagEffect::Chrome),
    ("form", TagEffect::Form),
    ("h1", TagEffect::Heading(1)),
    ("h2", TagEffect::Heading(2)),
    ("h3", TagEffect::Heading(3)),
    ("h4", TagEffect::Heading(4)),
    ("h5", TagEffect::Heading(5)),
    ("h6", TagEffect::Heading(6)),
    ("head", TagEffect::Nothing),
    ("header", TagEffect::Block),
    ("hgroup", TagEffect::Block),
    ("hr", TagEffect::Rule),
    ("html", TagEffect::Nothing),
    ("i", TagEffect::Emphasis),
    ("iframe", TagEffect::Hide),
    ("image", TagEffect::Image),
    ("img", TagEffect::Image),
    ("input", TagEffect::Void),
    ("ins", TagEffect::Nothing),
    ("kbd", TagEffect::Nothing),
    ("label", TagEffect::Nothing),
    ("li", TagEffect::Item),
    ("link", TagEffect::Void),
    ("main", TagEffect::Block),
    ("map", TagEffect::Hide),
    ("mark", TagEffect::Nothing),
    ("menu", TagEffect::List),
    ("meta", TagEffect::Void),
    ("nav", TagEffect::Hide),
    ("nobr", TagEffect::Nothing),
    ("noembed", TagEffect::Hide),
    ("noframes", TagEffect::Hide),
    ("noscript", TagEffect::Hide),
    ("object", TagEffect::Hide),
    ("ol", TagEffect::List),
    ("p", TagEffect::Paragraph),
    ("param", TagEffect::Void),
    ("picture", TagEffect::Nothing),
    ("pre", TagEffect::Code),
    ("q", TagEffect::Quotation),
    ("s", TagEffect::Nothing),
    ("samp", TagEffect::Nothing),
    ("script", TagEffect::Hide),
    ("section", TagEffect::Block),
    ("select", TagEffect::Hide),
    ("small", TagEffect::Nothing),
    ("source", TagEffect::Void),
    ("span", TagEffect::Nothing),
    ("strike", TagEffect::Nothing),
    ("strong", TagEffect::Strong),
    ("style", TagEffect::Hide),
    ("sub", TagEffect::Nothing),
    ("summary", TagEffect::Block),
    ("sup", TagEffect::Raised),
    ("svg", TagEffect::Hide),
    ("table", TagEffect::Table),
    ("td", TagEffect::Cell),
    ("template", TagEffect::Hide),
    ("textarea", TagEffect::Hide),
    ("th", TagEffect::Cell),
    ("title", TagEffect::Hide),
    ("tr", TagEffect::Row),
    ("track", TagEffect::Void),
    ("tt", TagEffect::Nothing),
    ("u", TagEffect::Nothing),
    ("ul", TagEffect::List),
    ("video", TagEffect::Hide),
    ("wbr", TagEffect::Void),
];

impl Tag {
    /// Returns the tag with this name, given in lower case.
    pub(crate) fn from_name(name: &[u8]) -> Self {
        let known = TAGS.binary_search_by(|(known, _)| known.as_bytes().cmp(name));
        let effect = known.map_or(TagEffect::Nothing, |index| TAGS[index].1);
        Self { number: u16::try_from(known.unwrap_or(TAGS.len())).unwrap_or(u16::MAX), effect }
    }

    /// Whether HTML has a tag of this name.
    pub(crate) fn is_known(name: &str) -> bool {
        TAGS.binary_search_by(|(known, _)| (*known).cmp(name)).is_ok()
    }

    /// Whether the element stands within a line of text.
    pub(crate) fn is_inline(self) -> bool {
        matches!(
            self.effect,
            TagEffect::Link
                | TagEffect::Strong
                | TagEffect::Emphasis
                | TagEffect::CodeSpan
                | TagEffect::Quotation
                | TagEffect::Raised
                | TagEffect::Nothing
        )
    }

    /// Whether the element has no content, so no end tag.
    pub(crate) fn is_void(self) -> bool {
        matches!(self.effect, TagEffect::Void | TagEffect::Break | TagEffect::Rule | TagEffect::Image)
    }
}

/// The offset of the last end tag of each name in a source.
///
/// An element without an end tag hides nothing.
#[derive(Debug)]
pub(crate) struct EndTags {
    last_offsets: Vec<Option<usize>>,
}

impl EndTags {
    /// Finds the end tags of a source.
    pub(crate) fn scan(source: &str) -> Self {
        let mut last_offsets = vec![None; TAG_COUNT];
        for (at, _) in source.match_indices("</") {
            let name = source[at + 2..].bytes().take_while(u8::is_ascii_alphanumeric).take(16);
            let name: Vec<u8> = name.map(|b| b.to_ascii_lowercase()).collect();
            if let Some(slot) = last_offsets.get_mut(usize::from(Tag::from_name(&name).number)) {
                *slot = Some(at);
            }
        }
        Self { last_offsets }
    }

    /// Whether the source has an end tag for `tag` at or after this byte.
    pub(crate) fn has_end_after(&self, tag: Tag, at: usize) -> bool {
        self.last_offsets.get(usize::from(tag.number)).copied().flatten().is_some_and(|end| end >= at)
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
        let ends = EndTags::scan("<script>x</SCRIPT ><b></b>");
        let script = Tag::from_name(b"script");
        assert!(ends.has_end_after(script, 9) && !ends.has_end_after(script, 10));
        assert!(!ends.has_end_after(Tag::from_name(b"svg"), 0));
    }
}
