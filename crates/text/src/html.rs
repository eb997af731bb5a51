//! Converts HTML, a fragment or a page, to visible text.
//!
//! Builds no tree: each tag opens or closes an element of the builder.

mod chrome;
mod microformats;
pub(crate) mod page;
pub(crate) mod tags;

use html5gum::{DefaultEmitter, StartTag, State, Token, Tokenizer};

use self::tags::{EndTags, Tag, TagEffect};
use super::builder::{BodyBuilder, ElementRole};

/// The classes of elements that are only for screen readers, or that refer to a footnote.
const INVISIBLE_CLASSES: [&str; 4] = ["footnote-ref", "screen-reader-text", "sr-only", "visually-hidden"];

/// The texts of links that themes put into headings to link to them.
const ANCHOR_TEXTS: [&str; 6] = ["#", "¶", "§", "🔗", "🔗\u{FE0E}", "🔗\u{FE0F}"];

/// Reads the tags and the text of HTML into a [`BodyBuilder`].
#[derive(Debug)]
pub(crate) struct HtmlReader<'a> {
    /// The end tags of the whole source, also if it is read in fragments.
    end_tags: &'a EndTags,
    /// Whether the source is a page: its navigation, footers and so on are left out.
    is_page: bool,
    /// Writes text. In another markup it may contain marks of that markup.
    write_text: fn(&mut BodyBuilder, &str),
    /// Whether forms are read: one holds the page.
    shows_forms: bool,
    /// The number of open inline code elements.
    open_code_spans: u32,
    /// The number of open quotations within a text.
    open_quotations: u32,
    /// The number of open raised texts.
    open_raised: u32,
    /// Whether a link to an anchor of the page itself is open.
    in_anchor: bool,
}

impl<'a> HtmlReader<'a> {
    /// Creates a reader of the HTML in another markup; `write_text` writes text of that markup.
    pub(crate) fn fragments(end_tags: &'a EndTags, write_text: fn(&mut BodyBuilder, &str)) -> Self {
        Self {
            end_tags,
            is_page: false,
            write_text,
            shows_forms: false,
            open_code_spans: 0,
            open_quotations: 0,
            open_raised: 0,
            in_anchor: false,
        }
    }

    /// Creates a reader of a whole page.
    pub(crate) fn page(end_tags: &'a EndTags, shows_forms: bool) -> Self {
        Self { is_page: true, shows_forms, ..Self::fragments(end_tags, BodyBuilder::push_text) }
    }

    /// Reads the HTML at `offset` of the source.
    pub(crate) fn read_html(&mut self, builder: &mut BodyBuilder, html: &str, offset: usize) {
        let mut tokens = html_tokens(html);
        while let Some(Ok(token)) = tokens.next() {
            if let Some(state) = self.read_token(builder, &token, offset) {
                tokens.set_state(state);
            }
        }
    }

    /// Reads one token; returns the tokenizer's next state if the token changes it.
    pub(crate) fn read_token(
        &mut self,
        builder: &mut BodyBuilder,
        token: &Token<usize>,
        offset: usize,
    ) -> Option<State> {
        match token {
            Token::StartTag(start) => {
                builder.set_source_offset(offset + start.span.start);
                return self.start_tag(builder, start, offset + start.span.end);
            }
            Token::EndTag(end) => self.end_tag(builder, Tag::from_name(&end.name)),
            Token::String(text) => self.push_text(builder, &String::from_utf8_lossy(text)),
            _ => {}
        }
        None
    }

    fn push_text(&self, builder: &mut BodyBuilder, text: &str) {
        if (self.in_anchor && ANCHOR_TEXTS.contains(&text.trim())) || text.starts_with("pic.twitter.com/") {
            builder.push_text("\n");
        } else if self.is_note_number(builder, text) {
            // Readers of an excerpt have no notes.
        } else if self.open_code_spans > 0 {
            builder.push_code_span(text);
        } else {
            (self.write_text)(builder, text);
        }
    }

    /// Whether a text is the number of a footnote: raised, and a link within the page or right behind a sentence.
    /// `m<sup>2</sup>` is none.
    pub(crate) fn is_note_number(&self, builder: &BodyBuilder, text: &str) -> bool {
        let text = text.trim();
        let number = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        self.open_raised > 0
            && (is_number || matches!(number, "*" | "†" | "‡"))
            && (self.in_anchor || builder.ends_sentence())
    }

    /// Reads a start tag that ends at `end` of the source.
    fn start_tag(&mut self, builder: &mut BodyBuilder, start: &StartTag<usize>, end: usize) -> Option<State> {
        let tag = Tag::from_name(&start.name);
        let is_self_closing = start.self_closing && !tag.is_void();
        let has_end = !tag.is_void() && !is_self_closing && self.end_tags.has_end_after(tag, end);
        let hides = tag.effect == TagEffect::Hide || tag.effect == TagEffect::Form && !self.shows_forms;
        let is_hidden = hides || self.is_invisible(builder, start, tag);
        if is_self_closing && !tag.is_inline() {
            builder.break_block();
        } else if builder.is_hiding() || (has_end && is_hidden) {
            if has_end {
                builder.hide(tag.number);
            }
        } else if !is_self_closing {
            self.open_element(builder, start, tag, has_end);
        }
        (has_end && is_hidden).then(|| raw_text_state(&start.name)).flatten()
    }

    fn open_element(&mut self, builder: &mut BodyBuilder, start: &StartTag<usize>, tag: Tag, has_end: bool) {
        let number = tag.number;
        if matches!(
            tag.effect,
            TagEffect::Heading(_)
                | TagEffect::Paragraph
                | TagEffect::List
                | TagEffect::Table
                | TagEffect::Quote
                | TagEffect::Code
        ) {
            builder.end_heading(false);
        }
        match tag.effect {
            TagEffect::Block | TagEffect::Chrome | TagEffect::Form => {
                builder.open_tag(number, ElementRole::Plain);
            }
            TagEffect::Heading(level) => builder.open_tag(number, ElementRole::Heading(level)),
            TagEffect::List => {
                builder.open_tag(number, ElementRole::List);
                if let Some(first) = first_number(start) {
                    builder.number_items(first);
                }
            }
            TagEffect::Item | TagEffect::Term | TagEffect::Description => open_item(builder, start, tag),
            TagEffect::Quote => builder.open_tag(number, ElementRole::Quote),
            TagEffect::Caption => builder.open_tag(number, ElementRole::Caption),
            TagEffect::Table => builder.open_tag(number, ElementRole::Table),
            TagEffect::Row => {
                builder.close_implied(number, |role| role == ElementRole::Table);
                builder.open_tag(number, ElementRole::Row);
            }
            TagEffect::Cell => builder.begin_cell(),
            TagEffect::Code if has_end => builder.begin_code(),
            TagEffect::Code | TagEffect::Paragraph => builder.break_block(),
            TagEffect::Rule => builder.push_rule(),
            TagEffect::Cite => builder.begin_cite(),
            TagEffect::Break => builder.line_break(),
            TagEffect::Image => builder.push_image(&attribute_value(start, "alt").unwrap_or_default()),
            TagEffect::Link => {
                let url = attribute_value(start, "href").unwrap_or_default();
                self.in_anchor = url.starts_with('#');
                builder.open_link(&url);
            }
            TagEffect::Strong => builder.set_strong(true),
            TagEffect::Emphasis => builder.set_emphasis(true),
            TagEffect::CodeSpan => self.open_code_spans += 1,
            TagEffect::Quotation if has_end => {
                self.open_quotations += 1;
                (self.write_text)(builder, "“");
            }
            TagEffect::Raised => self.open_raised += u32::from(has_end),
            TagEffect::Quotation | TagEffect::Hide | TagEffect::Nothing | TagEffect::Void => {}
        }
    }

    fn end_tag(&mut self, builder: &mut BodyBuilder, tag: Tag) {
        if builder.is_hiding() {
            return builder.close_tag(tag.number);
        }
        match tag.effect {
            TagEffect::Paragraph => builder.break_block(),
            TagEffect::Code => builder.end_code(),
            TagEffect::Heading(_) => builder.end_heading(true),
            TagEffect::Break => builder.line_break(),
            TagEffect::Link => {
                self.in_anchor = false;
                builder.close_link();
            }
            TagEffect::Strong => builder.set_strong(false),
            TagEffect::Emphasis => builder.set_emphasis(false),
            TagEffect::CodeSpan => self.open_code_spans = self.open_code_spans.saturating_sub(1),
            TagEffect::Quotation if self.open_quotations > 0 => {
                self.open_quotations -= 1;
                (self.write_text)(builder, "”");
            }
            TagEffect::Raised => self.open_raised = self.open_raised.saturating_sub(1),
            TagEffect::Cell
            | TagEffect::Rule
            | TagEffect::Image
            | TagEffect::Cite
            | TagEffect::Quotation
            | TagEffect::Hide
            | TagEffect::Nothing
            | TagEffect::Void => {}
            _ => builder.close_tag(tag.number),
        }
    }

    /// Whether an element is not visible text of the post, by its attributes or its kind.
    fn is_invisible(&self, builder: &BodyBuilder, start: &StartTag<usize>, tag: Tag) -> bool {
        if tag.is_void() || start.attributes.is_empty() && tag.effect != TagEffect::Chrome {
            return false;
        }
        // The footer of a quotation names its source.
        let is_chrome = tag.effect == TagEffect::Chrome && !builder.is_in_quote();
        let style = attribute_value(start, "style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
        let names = class_and_id_names(start);
        let is_footnote_reference = tag.effect == TagEffect::Link
            && attribute_value(start, "href")
                .is_some_and(|url| ["#fn", "#_ftn", "#cite_"].iter().any(|id| url.starts_with(id)));
        is_footnote_reference
            || attribute_value(start, "hidden").is_some()
            || attribute_value(start, "aria-hidden").is_some_and(|value| value == "true")
            || style.contains("display:none")
            || names.split_ascii_whitespace().any(|name| INVISIBLE_CLASSES.contains(&name))
            || (self.is_page && (is_chrome || chrome::is_chrome(start)))
    }
}

/// Returns the tokens of HTML with their offsets.
fn html_tokens(html: &str) -> Tokenizer<html5gum::StringReader<'_>, DefaultEmitter<usize>> {
    Tokenizer::new_with_emitter(html, DefaultEmitter::new_with_span())
}

/// Returns the tokenizer's state for the content of an element that contains no tags.
fn raw_text_state(name: &[u8]) -> Option<State> {
    match name {
        b"script" => Some(State::ScriptData),
        b"style" | b"iframe" | b"noembed" | b"noframes" | b"noscript" => Some(State::RawText),
        b"textarea" | b"title" => Some(State::RcData),
        _ => None,
    }
}

/// Opens an item, a term or a description; closes the one before it, whose end tag may be missing.
fn open_item(builder: &mut BodyBuilder, start: &StartTag<usize>, tag: Tag) {
    let is_list = |role| role == ElementRole::List;
    if tag.effect == TagEffect::Item {
        builder.close_implied(tag.number, is_list);
    } else {
        for name in [b"dt", b"dd"] {
            builder.close_implied(Tag::from_name(name).number, is_list);
        }
    }
    if let Some(number) = attribute_value(start, "value").and_then(|value| value.trim().parse().ok()) {
        builder.renumber_items(number);
    }
    let role = if tag.effect == TagEffect::Term { ElementRole::Term } else { ElementRole::Item };
    builder.open_tag(tag.number, role);
}

/// Returns the number of the first item of a list that is numbered upwards.
fn first_number(start: &StartTag<usize>) -> Option<u32> {
    let is_numbered = start.name.0 == b"ol" && !start.attributes.contains_key(b"reversed".as_slice());
    let first = || attribute_value(start, "start").and_then(|value| value.trim().parse().ok());
    is_numbered.then(|| first().unwrap_or(1))
}

/// Returns the value of an attribute with decoded entities; it may be empty.
fn attribute_value(start: &StartTag<usize>, name: &str) -> Option<String> {
    let value = start.attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// Returns the classes and the id of an element, in lower case, separated by white space.
fn class_and_id_names(start: &StartTag<usize>) -> String {
    let mut names = attribute_value(start, "class").unwrap_or_default();
    if let Some(id) = attribute_value(start, "id") {
        names.push(' ');
        names.push_str(&id);
    }
    names.to_ascii_lowercase()
}

/// Decodes an entity such as `&amp;`, given with `&` and `;`; `None` if it is unknown.
pub(crate) fn decode_entity(entity: &str) -> Option<String> {
    let mut decoded = String::new();
    for token in html_tokens(entity) {
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
    use crate::readable::MarkupFormat;
    use crate::testing::{check_blocks, format_links};

    #[test]
    fn blocks_of_html() {
        check_blocks(
            MarkupFormat::Html,
            &[
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
                ("<ol><li>a<li>b</ol><ol start=4><li>c</ol>", "li1 1. a\nli1 2. b\nli1 4. c"),
                ("<ol reversed><li>a</ol>", "li1 a"),
                (
                    "<ol><li>a<li value=5>b<li>c</ol><ul><li value=5>d</ul>",
                    "li1 1. a\nli1 5. b\nli1 6. c\nli1 d",
                ),
                ("<p>She said <q>It is <q>dull</q></q> and left</q>.", "p She said “It is “dull”” and left."),
                (
                    "<p>We use <i class=\"fa\"/> it in <b/> production<p>and <code/> <q/>here<hr/>b",
                    "p We use it in production\np and here\np b",
                ),
                (
                    "One.<sup>1</sup> Two.<sup><a href=\"#note2\">[2]</a></sup> m<sup>2</sup>, b<a href=\"#n\"><sup>3</sup></a>",
                    "p One. Two. m2, b",
                ),
                ("<table><tr><td><h2>T</h2>text<ul><li>a</ul></table>", "h2 T\ntr text\nli1 a"),
                ("<blockquote><p>a</p>b</blockquote>c", "q1 a\nq1 b\np c"),
                ("<blockquote>A. <cite>B</cite></blockquote>", "q1 A.\nq1 B"),
                (
                    "<blockquote>In <cite>B</cite> <footer>— <cite>C</cite></footer></blockquote>",
                    "q1 In B\nq1 — C",
                ),
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
            ],
        );
    }

    #[test]
    fn links_of_html() {
        let source = "<a href=\"a&amp;b\">x</a> <a href=u><h2>T</h2></a> <a href=v><img alt=w></a> http://c.d/ <a>e</a>";
        assert_eq!(format_links(MarkupFormat::Html, source), "x -> a&b\nT -> u\nhttp://c.d/ -> http://c.d/");
    }

    #[test]
    fn entities_alone() {
        for (source, decoded) in
            [("&amp;", Some("&")), ("&#8217;", Some("’")), ("&nope;", None), ("&;", None), ("a", None)]
        {
            assert_eq!(super::decode_entity(source).as_deref(), decoded, "{source}");
        }
    }
}
