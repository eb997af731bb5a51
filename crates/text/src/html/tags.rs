//! The tags of HTML and their effect on the text.

use std::collections::HashMap;
use std::sync::LazyLock;

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
    /// The number by which tags are told apart; all unknown ones have the same.
    pub number: u16,
    /// The effect on the text.
    pub effect: TagEffect,
}

/// The known tags by their effects.
const TAGS: [(TagEffect, &str); 33] = [
    (
        TagEffect::Block,
        "address article center details div fieldset figure header hgroup main section summary",
    ),
    (TagEffect::Paragraph, "p"),
    (TagEffect::Heading(1), "h1"),
    (TagEffect::Heading(2), "h2"),
    (TagEffect::Heading(3), "h3"),
    (TagEffect::Heading(4), "h4"),
    (TagEffect::Heading(5), "h5"),
    (TagEffect::Heading(6), "h6"),
    (TagEffect::List, "dl menu ol ul"),
    (TagEffect::Item, "li"),
    (TagEffect::Term, "dt"),
    (TagEffect::Description, "dd"),
    (TagEffect::Quote, "blockquote"),
    (TagEffect::Cite, "cite"),
    (TagEffect::Caption, "caption figcaption"),
    (TagEffect::Table, "table"),
    (TagEffect::Row, "tr"),
    (TagEffect::Cell, "td th"),
    (TagEffect::Code, "pre"),
    (TagEffect::Break, "br"),
    (TagEffect::Rule, "hr"),
    (TagEffect::Image, "image img"),
    (TagEffect::Link, "a"),
    (TagEffect::Strong, "b strong"),
    (TagEffect::Emphasis, "em i"),
    (TagEffect::CodeSpan, "code"),
    (TagEffect::Quotation, "q"),
    (TagEffect::Raised, "sup"),
    (TagEffect::Form, "form"),
    (
        TagEffect::Hide,
        "audio button canvas datalist dialog iframe map nav noembed noframes noscript object script select style \
         svg template textarea title video",
    ),
    (TagEffect::Chrome, "aside footer"),
    (
        TagEffect::Nothing,
        "abbr big body del font head html ins kbd label mark nobr picture s samp small span strike sub tt u",
    ),
    (TagEffect::Void, "area base col embed input link meta param source track wbr"),
];

static TAGS_BY_NAME: LazyLock<HashMap<&[u8], Tag>> = LazyLock::new(|| {
    let names = TAGS.into_iter().flat_map(|(effect, names)| names.split(' ').map(move |name| (name, effect)));
    (0..).zip(names).map(|(number, (name, effect))| (name.as_bytes(), Tag { number, effect })).collect()
});

impl Tag {
    /// Returns the tag with this name, given in lower case.
    pub(crate) fn from_name(name: &[u8]) -> Self {
        let unknown = Self { number: u16::MAX, effect: TagEffect::Nothing };
        TAGS_BY_NAME.get(name).copied().unwrap_or(unknown)
    }

    /// Whether HTML has a tag of this name.
    pub(crate) fn is_known(name: &str) -> bool {
        TAGS_BY_NAME.contains_key(name.as_bytes())
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
    last_offsets: HashMap<u16, usize>,
}

impl EndTags {
    /// Finds the end tags of a source.
    pub(crate) fn scan(source: &str) -> Self {
        let tags = source.match_indices("</").map(|(at, _)| {
            let name = source[at + 2..].bytes().take_while(u8::is_ascii_alphanumeric).take(16);
            let name: Vec<u8> = name.map(|b| b.to_ascii_lowercase()).collect();
            (Tag::from_name(&name).number, at)
        });
        Self { last_offsets: tags.collect() }
    }

    /// Whether the source has an end tag for `tag` at or after this byte.
    pub(crate) fn has_end_after(&self, tag: Tag, at: usize) -> bool {
        self.last_offsets.get(&tag.number).is_some_and(|end| *end >= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tag_has_one_effect() {
        assert_eq!(TAGS_BY_NAME.len(), TAGS.iter().flat_map(|(_, names)| names.split(' ')).count());
    }

    #[test]
    fn end_tags_are_found_in_any_case() {
        let ends = EndTags::scan("<script>x</SCRIPT ><b></b>");
        let script = Tag::from_name(b"script");
        assert!(ends.has_end_after(script, 9) && !ends.has_end_after(script, 10));
        assert!(!ends.has_end_after(Tag::from_name(b"svg"), 0));
    }
}
