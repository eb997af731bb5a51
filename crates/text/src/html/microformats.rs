//! Reads what classes and attributes in a page say about its post: who wrote it, when, and where it stands.
//!
//! Medium's export and `WordPress` name the author and the date only there. The names are those of microformats.

use html5gum::StartTag;

use super::tags::Tag;
use super::{attribute_value, class_and_id_names};
use crate::readable::DocumentHead;
use crate::tokens::folding::collapse_whitespace;

/// The field of the head with the author that an element of the page names.
pub(crate) const AUTHOR_FIELD: &str = "p-author";
/// The field of the head with the time of publication that an element of the page names.
pub(crate) const DATE_FIELD: &str = "dt-published";

/// A longer text is not the name of an author.
const MAX_NAME_LEN: usize = 200;

/// Reads the elements of a page one by one. The first author, time and address count.
#[derive(Debug, Default)]
pub(crate) struct MicroformatsReader {
    author: Option<AuthorElement>,
}

/// The element that names the author.
#[derive(Debug)]
struct AuthorElement {
    tag: Tag,
    /// The number of open elements with its tag, from itself inwards; 0 once it is closed.
    depth: u32,
    name: String,
}

impl MicroformatsReader {
    /// Reads a start tag. `has_end` says whether an end tag follows.
    pub(crate) fn read_start_tag(
        &mut self,
        start: &StartTag<usize>,
        tag: Tag,
        has_end: bool,
        head: &mut DocumentHead,
    ) {
        if let Some(author) = &mut self.author {
            author.depth += u32::from(author.depth > 0 && author.tag == tag && !start.self_closing);
        }
        match &start.name[..] {
            b"a" | b"span" | b"div" | b"p" if has_end && self.author.is_none() && is_author(start) => {
                self.author = Some(AuthorElement { tag, depth: 1, name: String::new() });
            }
            b"time" if has_class(start, DATE_FIELD) || has_class(start, "published") => {
                let is_known = head.fields.iter().any(|(name, _)| name == DATE_FIELD);
                let time = attribute_value(start, "datetime").filter(|_| !is_known);
                head.fields.extend(time.map(|time| (DATE_FIELD.to_owned(), time)));
            }
            _ => {}
        }
        if &start.name[..] == b"a" && head.canonical.is_none() && has_class(start, "p-canonical") {
            head.canonical = attribute_value(start, "href");
        }
    }

    /// Reads an end tag.
    pub(crate) fn read_end_tag(&mut self, tag: Tag, head: &mut DocumentHead) {
        let Some(author) = &mut self.author else { return };
        if author.depth > 0 && author.tag == tag {
            author.depth -= 1;
            let name = collapse_whitespace(&author.name);
            if author.depth == 0 && !name.is_empty() && name.len() <= MAX_NAME_LEN {
                head.fields.push((AUTHOR_FIELD.to_owned(), name));
            }
        }
    }

    /// Reads a text between tags.
    pub(crate) fn read_text(&mut self, text: &[u8]) {
        let Some(author) = &mut self.author else { return };
        if author.depth > 0 && author.name.len() <= MAX_NAME_LEN {
            author.name.push_str(&String::from_utf8_lossy(text));
        }
    }
}

fn has_class(start: &StartTag<usize>, class: &str) -> bool {
    class_and_id_names(start).split_ascii_whitespace().any(|name| name == class)
}

/// Whether an element names the author: `p-author`, `author vcard`, or a link with `rel="author"`.
fn is_author(start: &StartTag<usize>) -> bool {
    let is_related = &start.name[..] == b"a"
        && attribute_value(start, "rel")
            .is_some_and(|rel| rel.split_ascii_whitespace().any(|name| name.eq_ignore_ascii_case("author")));
    is_related || has_class(start, "p-author") || (has_class(start, "author") && has_class(start, "vcard"))
}

#[cfg(test)]
mod tests {
    use crate::readable::{MarkupFormat, read_markup};

    #[test]
    fn the_first_author_and_time_count() {
        for (page, author, time) in [
            ("<p>By <a class='p-author h-card'>Ann  <b>Example</b></a>.", Some("Ann Example"), None),
            ("<span class='author vcard'>by <span>Ann</span></span> text", Some("by Ann"), None),
            ("<a rel='nofollow author' href=/ann>Ann</a><a rel=author>Bob</a>", Some("Ann"), None),
            ("<footer><a class=p-author>Ann</a></footer>text", Some("Ann"), None),
            ("<a class=p-author></a>text", None, None),
            ("<a class=p-author>never closed", None, None),
            ("<a class=author href=/ann>Ann</a>", None, None),
            ("<time class='entry-date published' datetime=2019-01-02>x</time>", None, Some("2019-01-02")),
            (
                "<time class=dt-published datetime=2019-01-02></time><time class=published datetime=2020-01-02>",
                None,
                Some("2019-01-02"),
            ),
            ("<time class=updated datetime=2019-01-02>x</time>", None, None),
        ] {
            let head = read_markup(MarkupFormat::Html, page, 1).head;
            let field = |name: &str| {
                let fields: Vec<&str> =
                    head.fields.iter().filter(|field| field.0 == name).map(|field| &*field.1).collect();
                assert!(fields.len() <= 1, "{page}: {fields:?}");
                fields.first().map(|value| (*value).to_owned())
            };
            assert_eq!(
                (field("p-author").as_deref(), field("dt-published").as_deref()),
                (author, time),
                "{page}"
            );
        }
        let page = "<a class=p-canonical href='https://a.b/c'>x</a><link rel=canonical href='https://a.b/d'>";
        let canonical = |page: &str| read_markup(MarkupFormat::Html, page, 1).head.canonical;
        assert_eq!(canonical(page).as_deref(), Some("https://a.b/d"), "the head goes before the text");
        assert_eq!(
            canonical("<a class=p-canonical href='https://a.b/c'>x</a>").as_deref(),
            Some("https://a.b/c")
        );
    }
}
