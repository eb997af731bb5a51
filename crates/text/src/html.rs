//! HTML, in pieces or as a page, to what a reader sees. No tree is built: tags open and close what the
//! builder keeps. Knows nothing of the markup around the pieces.

pub mod page;
mod page_scan;
pub mod tags;

use html5gum::{DefaultEmitter, StartTag, State, Token, Tokenizer};

use self::tags::{Does, Ends, Tag};
use super::builder::{Builder, Key, Role};

/// Classes of elements that are there for the ears only, or that refer to a note.
const UNSEEN: [&str; 4] = ["footnote-ref", "screen-reader-text", "sr-only", "visually-hidden"];

/// What themes put into headings to link to them.
const ANCHORS: [&str; 6] = ["#", "¶", "§", "🔗", "🔗\u{FE0E}", "🔗\u{FE0F}"];

/// Reads the tags and the text of HTML into a [`Builder`].
#[derive(Debug)]
pub struct Html<'a> {
    /// Where elements end; a source that is read in pieces is known as a whole.
    ends: &'a Ends,
    /// On a page, navigation and its like are no text.
    is_page: bool,
    /// Writes text: that of another markup may hold marks of its own.
    write: fn(&mut Builder, &str),
    /// How much inline code is open.
    code: u32,
    /// Whether a link into the page itself is open.
    anchor: bool,
}

impl<'a> Html<'a> {
    /// For pieces of HTML within another markup, which `write` knows.
    pub fn fragments(ends: &'a Ends, write: fn(&mut Builder, &str)) -> Self {
        Self { ends, is_page: false, write, code: 0, anchor: false }
    }

    /// For a whole page.
    pub fn page(ends: &'a Ends) -> Self {
        Self { ends, is_page: true, write: Builder::text, code: 0, anchor: false }
    }

    /// Reads a piece that stands at `offset` of the source.
    pub fn read(&mut self, builder: &mut Builder, html: &str, offset: usize) {
        let mut tokens = tokens(html);
        while let Some(Ok(token)) = tokens.next() {
            if let Some(state) = self.token(builder, &token, offset) {
                tokens.set_state(state);
            }
        }
    }

    /// Reads one token; gives how what follows has to be read where that differs.
    pub fn token(&mut self, builder: &mut Builder, token: &Token<usize>, offset: usize) -> Option<State> {
        match token {
            Token::StartTag(start) => {
                builder.at(offset + start.span.start);
                return self.start(builder, start, offset + start.span.end);
            }
            Token::EndTag(end) => self.end(builder, Tag::named(&end.name)),
            Token::String(text) => self.text(builder, &String::from_utf8_lossy(text)),
            _ => {}
        }
        None
    }

    fn text(&self, builder: &mut Builder, text: &str) {
        if (self.anchor && ANCHORS.contains(&text.trim())) || text.starts_with("pic.twitter.com/") {
            builder.newline();
        } else if self.code > 0 {
            builder.code_span(text);
        } else {
            (self.write)(builder, text);
        }
    }

    fn start(&mut self, builder: &mut Builder, start: &StartTag<usize>, after: usize) -> Option<State> {
        let tag = Tag::named(&start.name);
        let key = Key::Tag(tag.number);
        let closes_itself = start.self_closing && !tag.is_void();
        let ends = !tag.is_void() && !closes_itself && self.ends.follows(tag, after);
        let hides = tag.does == Does::Hide || self.is_unseen(start, tag);
        if closes_itself && !matches!(tag.does, Does::Link | Does::Nothing) {
            builder.break_block();
        } else if builder.is_hiding() || (ends && hides) {
            if ends {
                builder.hide(key);
            }
        } else if !closes_itself {
            self.open(builder, start, tag, ends);
        }
        (ends && hides).then(|| raw_state(&start.name)).flatten()
    }

    fn open(&mut self, builder: &mut Builder, start: &StartTag<usize>, tag: Tag, ends: bool) {
        let key = Key::Tag(tag.number);
        if matches!(
            tag.does,
            Does::Heading(_) | Does::Paragraph | Does::List | Does::Table | Does::Quote | Does::Code
        ) {
            builder.end_heading(false);
        }
        match tag.does {
            Does::Block | Does::Chrome => builder.open(key, Role::Plain),
            Does::Heading(level) => builder.open(key, Role::Heading(level)),
            Does::List => builder.open(key, Role::List),
            Does::Item | Does::Term | Does::Description => open_item(builder, tag),
            Does::Quote => builder.open(key, Role::Quote),
            Does::Caption => builder.open(key, Role::Caption),
            Does::Table => builder.open(key, Role::Table),
            Does::Row => {
                builder.close_implied(key, |role| role == Role::Table);
                builder.open(key, Role::Row);
            }
            Does::Cell => builder.cell(),
            Does::Code if ends => builder.begin_code(),
            Does::Code | Does::Paragraph | Does::Rule => builder.break_block(),
            Does::Break => builder.line_break(),
            Does::Image => builder.image(&attribute(start, "alt").unwrap_or_default()),
            Does::Link => {
                let url = attribute(start, "href").unwrap_or_default();
                self.anchor = url.starts_with('#');
                builder.open_link(&url);
            }
            Does::Strong => builder.strong(true),
            Does::Emphasis => builder.emphasis(true),
            Does::CodeSpan => self.code += 1,
            Does::Hide | Does::Nothing | Does::Void => {}
        }
    }

    fn end(&mut self, builder: &mut Builder, tag: Tag) {
        let key = Key::Tag(tag.number);
        if builder.is_hiding() {
            return builder.close_tag(key);
        }
        match tag.does {
            Does::Paragraph => builder.break_block(),
            Does::Code => builder.end_code(),
            Does::Heading(_) => builder.end_heading(true),
            Does::Break => builder.line_break(),
            Does::Link => {
                self.anchor = false;
                builder.close_link();
            }
            Does::Strong => builder.strong(false),
            Does::Emphasis => builder.emphasis(false),
            Does::CodeSpan => self.code = self.code.saturating_sub(1),
            Does::Cell | Does::Rule | Does::Image | Does::Hide | Does::Nothing | Does::Void => {}
            _ => builder.close_tag(key),
        }
    }

    /// Whether the element's attributes or its place say that it is not seen as text of the post.
    fn is_unseen(&self, start: &StartTag<usize>, tag: Tag) -> bool {
        if tag.is_void() || start.attributes.is_empty() && tag.does != Does::Chrome {
            return false;
        }
        let style = attribute(start, "style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
        let names = names(start);
        let reference = tag.does == Does::Link
            && attribute(start, "href")
                .is_some_and(|url| ["#fn", "#_ftn", "#cite_"].iter().any(|id| url.starts_with(id)));
        reference
            || attribute(start, "hidden").is_some()
            || attribute(start, "aria-hidden").is_some_and(|value| value == "true")
            || style.contains("display:none")
            || names.split_ascii_whitespace().any(|name| UNSEEN.contains(&name))
            || (self.is_page && (tag.does == Does::Chrome || page::is_chrome(start, &names)))
    }
}

/// The tokens of a piece of HTML, with their places.
fn tokens(html: &str) -> Tokenizer<html5gum::StringReader<'_>, DefaultEmitter<usize>> {
    Tokenizer::new_with_emitter(html, DefaultEmitter::new_with_span())
}

/// How the content of an element has to be read in which tags are no tags.
fn raw_state(name: &[u8]) -> Option<State> {
    match name {
        b"script" => Some(State::ScriptData),
        b"style" | b"iframe" | b"noembed" | b"noframes" | b"noscript" => Some(State::RawText),
        b"textarea" | b"title" => Some(State::RcData),
        _ => None,
    }
}

fn open_item(builder: &mut Builder, tag: Tag) {
    let in_list = |role| role == Role::List;
    if tag.does == Does::Item {
        builder.close_implied(Key::Tag(tag.number), in_list);
    } else {
        for name in [b"dt", b"dd"] {
            builder.close_implied(Key::Tag(Tag::named(name).number), in_list);
        }
    }
    builder.open(Key::Tag(tag.number), if tag.does == Does::Term { Role::Term } else { Role::Item });
}

/// The value of an attribute, entities decoded; empty where it has none.
fn attribute(start: &StartTag<usize>, name: &str) -> Option<String> {
    let value = start.attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// The classes and the id of an element, in lower case.
fn names(start: &StartTag<usize>) -> String {
    let mut names = attribute(start, "class").unwrap_or_default();
    if let Some(id) = attribute(start, "id") {
        names.push(' ');
        names.push_str(&id);
    }
    names.to_ascii_lowercase()
}

/// What an entity stands for: `&amp;`, with its `&` and `;`.
pub fn entity(entity: &str) -> Option<String> {
    let mut decoded = String::new();
    for token in tokens(entity) {
        match token {
            Ok(Token::String(text)) => decoded.push_str(&String::from_utf8_lossy(&text)),
            Ok(Token::Error(_)) => {}
            _ => return None,
        }
    }
    (decoded != entity && !decoded.is_empty()).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use crate::readable::Format;
    use crate::testing::{blocks, links};

    fn check(rows: &[(&str, &str)]) {
        for (source, shown) in rows {
            assert_eq!(blocks(Format::Html, source), *shown, "{source:?}");
        }
    }

    #[test]
    fn blocks_of_html() {
        check(&[
            ("<p>a\n b&nbsp;c<p>d<br>e<br><br>f", "p a b c\np d e\np f"),
            ("<h1>A</h1><h3>B</h2>c<h4>d<p>e", "h1 A\nh3 B\np c\nh4 d\np e"),
            ("<h2><p>A</p></h2><p>b", "h2 A\np b"),
            ("a<div>b<span>c</span></div>d", "p a\np bc\np d"),
            (
                "<p>Intro:</p><ul><li>a<ul><li>b</ul><li><p>c</p><p>d</p></ul>",
                "p Intro:\nli1 a < Intro:\nli2 b < a\nli1 c < Intro:\np1 d",
            ),
            ("<dl><dt>t<dd>d<dd>e<dt>u<dd>f</dl>", "li1 t\nli1 d < t\nli1 e < t\nli1 u\nli1 f < u"),
            (
                "<table><caption>C</caption><thead><tr><th>a<th>b</thead><tr><td><p>c</p><p>d</p></td><td>e</table>",
                "cap C\ntr a | b\ntr c d | e",
            ),
            ("<table><tr><td><h2>T</h2>text<ul><li>a</ul></table>", "h2 T\ntr text\nli1 a"),
            ("<blockquote><p>a</p>b</blockquote>c", "q1 a\nq1 b\np c"),
            ("<pre><code>a &lt; b\n  c<br>d</code></pre>e", "code a < b\\n  c\\nd\np e"),
            (
                "<figure><a href=\"b\"><img src=a alt=\"A stage\"></a><figcaption>C</figcaption></figure>",
                "alt A stage\ncap C",
            ),
            (
                "x<!-- c --><script>s</script><style>t</style><noscript>n</noscript><svg><text>v</text></svg>y",
                "p xy",
            ),
            (
                "<iframe src=a>f</iframe><form>g<button>h</button></form><video>i</video><template>j</template>k",
                "p k",
            ),
            (
                "<p hidden>a</p><p style=\"display: none\">b</p><i aria-hidden=true>c</i><b class=\"sr-only\">d</b>e",
                "p e",
            ),
            (
                "<h2>T <a class=\"anchor\" href=\"#t\">#</a></h2>a<sup><a href=\"#fn1\">1</a></sup> b",
                "h2 T\np a b",
            ),
            ("&#x1F600; &rsquo; &amp;amp; &unknown; & AT&T", "p 😀 ’ &amp; &unknown; & AT&T"),
            ("<P>A<BR>B</P><UL><LI>c</UL>", "p A B\nli1 c < A B"),
            ("</div></p></ul></b>a</table>", "p a"),
            ("<li>a<tr><td>b", "li a\ntr b"),
            ("<b><p>Bold</p></b><p>text", "h2 Bold\np text"),
        ]);
    }

    #[test]
    fn links_of_html() {
        let source = "<a href=\"a&amp;b\">x</a> <a href=u><h2>T</h2></a> <a href=v><img alt=w></a> http://c.d/ <a>e</a>";
        assert_eq!(links(Format::Html, source), "x -> a&b\nT -> u\nhttp://c.d/ -> http://c.d/");
    }

    #[test]
    fn entities_alone() {
        for (source, decoded) in
            [("&amp;", Some("&")), ("&#8217;", Some("’")), ("&nope;", None), ("&;", None), ("a", None)]
        {
            assert_eq!(super::entity(source).as_deref(), decoded, "{source}");
        }
    }
}
