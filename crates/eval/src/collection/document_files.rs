//! Documents as the index takes posts: a page for each, read as any other page.

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::documents::Document;
use takeaways_corpus::{SourceFile, read_post};
use takeaways_search::{FileContent, FileSource, Stamp};
use takeaways_text::model::PostId;

/// Documents, each as a file that is never written.
#[derive(Debug)]
pub struct DocumentFiles<'d> {
    documents: &'d [Document],
    stamps: Vec<Stamp>,
    now: Timestamp,
}

impl<'d> DocumentFiles<'d> {
    /// Of some documents, no two of which may have the same id. `now` judges dates.
    #[must_use]
    pub fn new(documents: &'d [Document], now: Timestamp) -> Self {
        let stamp = |(at, document): (usize, &Document)| Stamp {
            root: 0,
            // Names of files tell of events and titles, and ids of a collection may be anything.
            path: format!("{at}.html"),
            id: PostId(document.id.clone()),
            size: (document.title.len() + document.text.len()) as u64,
            modified_ns: 0,
        };
        Self { documents, stamps: documents.iter().enumerate().map(stamp).collect(), now }
    }
}

impl FileSource for DocumentFiles<'_> {
    fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        let (document, stamp) =
            self.documents.get(at).zip(self.stamps.get(at)).ok_or("it is not in the collection")?;
        let page = html_page(document);
        let file = SourceFile { id: &stamp.id, path: &stamp.path, bytes: page.as_bytes() };
        let mut parsed = read_post(&file, self.now);
        if let Some(post) = &mut parsed.post {
            // Without a title a post is called by its file, whose number says nothing.
            post.title.get_or_insert_default();
        }
        Ok(FileContent {
            post: parsed.post,
            hidden_until: None,
            problems: parsed.problems.len(),
            content_hash: xxh3_64(page.as_bytes()),
        })
    }
}

/// A document as a page. A page of HTML is the one kind of post that can say any text without changing it. Where there
/// is no text the title stands for it: a post without text is none.
fn html_page(document: &Document) -> String {
    let title = escape_html(&escape_markdown(&document.title));
    let text = if document.text.trim().is_empty() { &document.title } else { &document.text };
    let mut page = format!("<!doctype html><html><head><title>{title}</title></head><body>");
    for paragraph in paragraphs(text) {
        page += "<p>";
        page += &escape_html(&paragraph);
        page += "</p>\n";
    }
    page + "</body></html>"
}

/// Lines between blank ones.
fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let runs = lines.split(|line| line.trim().is_empty()).filter(|run| !run.is_empty());
    runs.map(|run| run.join("\n")).collect()
}

/// A title is read as Markdown, so what would be a mark is made a sign.
fn escape_markdown(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    for c in title.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// With what would be markup made signs. Control characters, which no page has, are blanks.
fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '\n' => out.push('\n'),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use takeaways_text::model::Post;

    fn post(title: &str, text: &str) -> Option<Post> {
        let documents = [Document { id: "../<x>\0".into(), title: title.into(), text: text.into() }];
        let files = DocumentFiles::new(&documents, Timestamp::UNIX_EPOCH);
        files.read(0).expect("it is there").post
    }

    #[test]
    fn a_document_is_a_post_word_for_word() {
        for (title, text) in [
            ("A *title* with `marks`, [links](x) & <b>", "# No heading, * no item"),
            ("1. one", "a < b && c > d; {{ no template }} {% raw %} &amp; <p>"),
            ("---", "---\ntitle: x\n---\nno front matter"),
            ("\\* escaped", "mixed: `code`, _marks_ and ![alt](x)"),
        ] {
            let post = post(title, text).expect("a post");
            assert_eq!(post.body.text, text.replace('\n', " "));
            let has_words = title.chars().any(char::is_alphanumeric);
            assert_eq!(post.title.as_deref(), Some(if has_words { title } else { "" }));
            assert_eq!(post.id.0, "../<x>\0");
            assert_eq!(post.display_title(), if has_words { title } else { "" });
        }
    }

    #[test]
    fn paragraphs_are_parted_by_blank_lines() {
        let post = post("t", "one\r\ntwo\r\n \r\nthree\n\n\nfour").expect("a post");
        assert_eq!(post.body.text, "one two\n\nthree\n\nfour");
    }

    #[test]
    fn what_is_empty_is_no_post_and_a_title_alone_is_one() {
        assert_eq!(post("", ""), None);
        assert_eq!(post("", " \n "), None);
        assert_eq!(post("", "text").map(|post| post.body.text), Some("text".into()));
        assert_eq!(post("title", "").map(|post| post.body.text), Some("title".into()));
    }

    proptest! {
        #[test]
        fn any_document_can_be_read(title in any::<String>(), text in any::<String>()) {
            let with_words = |text: &str| text.chars().any(char::is_alphanumeric);
            let found = post(&title, &text);
            if with_words(&text) {
                prop_assert!(found.is_some());
            }
        }

        #[test]
        fn no_word_is_lost(text in "[ a-z<>&*_#\\[\\]()`{}%|!.:-]{0,60}") {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            if let Some(post) = post("t", &text).filter(|_| !text.trim().is_empty()) {
                prop_assert_eq!(words(&post.body.text), words(&text));
            }
        }
    }
}
