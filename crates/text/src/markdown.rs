//! Converts Markdown to visible text: `CommonMark` with tables, footnotes, strikethrough, task lists and HTML.
//!
//! Templates are removed first, see [`super::templates`].

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::builder::{BodyBuilder, ElementRole};
use super::html::HtmlReader;
use super::html::tags::{self, EndTags};
use super::readable::{DocumentHead, ReadableText};
use super::templates::{self, HostMarkup};

/// The number of characters of a line that are read to tell whether it is long.
const LONG_LINE: usize = 256;

/// The maximum length, in bytes, of a heading over a line of `-` or `=` that ends like a sentence.
const MAX_TITLE: usize = 160;

/// Reads Markdown; `is_mdx` allows JSX in it.
pub(crate) fn read_markdown(source: &str, is_mdx: bool, line_of: impl Fn(usize) -> u32) -> ReadableText {
    let syntax = if is_mdx { HostMarkup::Mdx } else { HostMarkup::Markdown };
    let stripped = templates::strip_templates(source, syntax, || code_ranges(source));
    let end_tags = EndTags::scan(&stripped.text);
    let mut builder = BodyBuilder::new();
    let html = HtmlReader::fragments(&end_tags, write_html_text);
    let mut reader = MarkdownReader { source: &stripped.text, builder: &mut builder, html, block: None };
    for (event, range) in Parser::new_ext(&stripped.text, options()).into_offset_iter() {
        reader.builder.set_source_offset(range.start);
        reader.read_event(event, range);
    }
    stripped.finish(builder, DocumentHead::default(), line_of)
}

/// Converts inline markup (a title or a name from front matter) to plain text.
///
/// Removes Markdown emphasis and links and HTML tags, decodes entities, and folds white space.
pub fn plain_text(inline: &str) -> String {
    // The word in front keeps the text from being read as a heading, a list or a quotation.
    let line = format!("x {inline}");
    let end_tags = EndTags::scan(&line);
    let text = BodyBuilder::plain_line(|builder| {
        let html = HtmlReader::fragments(&end_tags, write_html_text);
        let mut reader = MarkdownReader { source: &line, builder, html, block: None };
        for (event, range) in Parser::new_ext(&line, options()).into_offset_iter() {
            match event {
                Event::InlineHtml(tag) if !is_html(&tag) => reader.builder.push_text(&tag),
                event => reader.read_event(event, range),
            }
        }
    });
    text.strip_prefix('x').unwrap_or(&text).trim().to_owned()
}

/// Writes text between tags. Authors write Markdown links there, though site generators don't read them.
fn write_html_text(builder: &mut BodyBuilder, text: &str) {
    if text.contains("](") {
        write_inline(builder, text);
    } else {
        builder.push_marked_text(text);
    }
}

/// Writes a line of inline Markdown.
fn write_inline(builder: &mut BodyBuilder, text: &str) {
    // The invisible character in front keeps the text from being read as a heading, a list or a quotation.
    let line = format!("\u{2060}{}", text.replace(['\n', '\r'], " "));
    let end_tags = EndTags::scan("");
    let html = HtmlReader::fragments(&end_tags, BodyBuilder::push_marked_text);
    let mut reader = MarkdownReader { source: &line, builder, html, block: None };
    for event in Parser::new_ext(&line, options()) {
        if !matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)) {
            reader.read_event(event, 0..0);
        }
    }
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
}

/// Returns the ranges of code in a source, in order.
fn code_ranges(source: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(source, options()).into_offset_iter();
    let is_code = |event: &Event| matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_));
    events.filter(|(event, _)| is_code(event)).map(|(_, range)| range).collect()
}

/// Whether an apparent tag is one: `Vec<T>` in a title is not.
fn is_html(tag: &str) -> bool {
    let name: String =
        tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
    tag.starts_with("<!") || tags::Tag::is_known(&name.to_ascii_lowercase())
}

struct MarkdownReader<'a> {
    source: &'a str,
    builder: &'a mut BodyBuilder,
    html: HtmlReader<'a>,
    /// The current block of code or HTML.
    block: Option<RawBlock>,
}

struct RawBlock {
    start: usize,
    text: String,
    /// Whether it is the text of a list item with a wide gap after its bullet, which `CommonMark` reads as code.
    is_item: bool,
}

impl MarkdownReader<'_> {
    fn read_event(&mut self, event: Event, range: Range<usize>) {
        let at = range.start;
        if let (Event::Text(text) | Event::Html(text), Some(block)) = (&event, &mut self.block) {
            return block.text.push_str(text);
        }
        match event {
            Event::Start(tag) => self.start_tag(tag, range),
            Event::End(tag) => self.end_tag(tag),
            Event::Text(text) if self.html.is_note_number(self.builder, &text) => {}
            Event::Text(text) => self.builder.push_marked_text(&text),
            Event::Html(html) | Event::InlineHtml(html) => self.html.read_html(self.builder, &html, at),
            Event::SoftBreak => self.soft_break(at),
            Event::HardBreak => self.builder.hard_break(),
            Event::Rule => self.builder.push_rule(),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.builder.push_code_span(&text);
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    /// Passes the start of the next line to the builder.
    fn soft_break(&mut self, at: usize) {
        let is_line_end = |c: char| c == '\n' || c == '\r';
        let rest = self.source.get(at..).unwrap_or_default().trim_start_matches([' ', '\t']);
        let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(is_line_end)).unwrap_or(rest);
        let mut chars = rest.char_indices().enumerate();
        let end = chars.find(|&(count, (_, c))| count >= LONG_LINE || is_line_end(c));
        self.builder.soft_break(&rest[..end.map_or(rest.len(), |(_, (end, _))| end)]);
    }

    fn start_tag(&mut self, tag: Tag, range: Range<usize>) {
        let builder = &mut *self.builder;
        match tag {
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                let is_item = tag == Tag::CodeBlock(CodeBlockKind::Indented)
                    && follows_bullet(self.source.get(..range.start).unwrap_or_default());
                self.block = Some(RawBlock { start: range.start, text: String::new(), is_item });
            }
            Tag::Strong => builder.set_strong(true),
            Tag::Emphasis => builder.set_emphasis(true),
            Tag::Link { dest_url, .. } => builder.open_link(&dest_url),
            Tag::Image { .. } => builder.open_image(),
            Tag::TableCell => builder.begin_cell(),
            Tag::Paragraph | Tag::MetadataBlock(_) => builder.break_block(),
            Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::FootnoteDefinition(_) => builder.open_footnote(),
            Tag::Heading { .. } if is_paragraph_over_a_rule(self.source.get(range).unwrap_or_default()) => {
                builder.open(ElementRole::Plain);
            }
            Tag::List(Some(first)) => {
                builder.open(ElementRole::List);
                builder.number_items(u32::try_from(first).unwrap_or(u32::MAX));
            }
            tag => builder.open(role_of_tag(&tag)),
        }
    }

    fn end_tag(&mut self, tag: TagEnd) {
        let builder = &mut *self.builder;
        match tag {
            TagEnd::CodeBlock => match self.block.take() {
                Some(RawBlock { text, is_item: true, .. }) => write_inline(builder, &text),
                block => builder.push_code_block(&block.map_or(String::new(), |block| block.text)),
            },
            TagEnd::HtmlBlock => {
                if let Some(block) = self.block.take() {
                    self.html.read_html(builder, &block.text, block.start);
                }
                builder.break_block();
            }
            TagEnd::Strong => builder.set_strong(false),
            TagEnd::Emphasis => builder.set_emphasis(false),
            TagEnd::FootnoteDefinition => builder.close_footnote(),
            TagEnd::Link => builder.close_link(),
            TagEnd::Image => builder.close_image(),
            TagEnd::Paragraph | TagEnd::MetadataBlock(_) => builder.break_block(),
            TagEnd::TableCell | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            _ => builder.close(),
        }
    }
}

/// Whether the last line of a text is a bullet or a number of a list, perhaps after the marks of what the list is in: `> -`.
fn follows_bullet(before: &str) -> bool {
    let marks = before.rsplit('\n').next().unwrap_or_default();
    marks.split_whitespace().next_back().is_some_and(|mark| {
        let number = mark.trim_start_matches(|c: char| c.is_ascii_digit());
        matches!(mark, "*" | "-" | "+") || number.len() < mark.len() && matches!(number, "." | ")")
    })
}

/// Whether a heading of `CommonMark` is sentences above a line that was meant as a rule.
fn is_paragraph_over_a_rule(source: &str) -> bool {
    let text = source.trim_end().trim_end_matches(['-', '=']).trim_end();
    text.len() < source.trim_end().len() && text.len() > MAX_TITLE && text.ends_with(['.', '。'])
}

fn role_of_tag(tag: &Tag) -> ElementRole {
    match tag {
        Tag::Heading { level, .. } => ElementRole::Heading(*level as u8),
        Tag::BlockQuote(None) => ElementRole::Quote,
        Tag::List(_) | Tag::DefinitionList => ElementRole::List,
        Tag::Item | Tag::DefinitionListDefinition => ElementRole::Item,
        Tag::DefinitionListTitle => ElementRole::Term,
        Tag::Table(_) => ElementRole::Table,
        Tag::TableHead | Tag::TableRow => ElementRole::Row,
        _ => ElementRole::Plain,
    }
}

#[cfg(test)]
mod tests {
    use crate::readable::MarkupFormat;
    use crate::testing::{check_blocks, format_links};

    fn check(rows: &[(&str, &str)]) {
        check_blocks(MarkupFormat::Markdown, rows);
    }

    #[test]
    fn paragraphs_are_folded() {
        check(&[
            ("one\ntwo   three\n\nfour", "p one two three\np four"),
            ("115 data\ncenters in\n  the world", "p 115 data centers in the world"),
            ("これは\n文です。\n次の Kubernetes\nも", "p これは文です。次の Kubernetes も"),
            ("한국어\n문장", "p 한국어 문장"),
            ("a\u{A0}b &amp; c &rsquo;s &lt;3 1&1", "p a b & c ’s <3 1&1"),
            ("*a* **b** _c_ __d__ ***e*** ~~f~~ `g h`", "p a b c d e f g h"),
            ("say \"this\" -- and ... that's it", "p say \"this\" -- and ... that's it"),
            ("a\u{0}b\u{202E}c\u{200B}d\u{FEFF}", "p abcd"),
            ("hard  \nbreak\\\nhere", "p hard break here"),
            ("a<br>b<br/>c", "p a b c"),
            ("a<br><br>b <br />\n<br> c", "p a\np b\np c"),
            ("a[^1] b\n\n[^1]: the note\n\nc", "p a b\np the note\np c"),
            ("One.<sup>1</sup> Two m<sup>2</sup>. <q>*Three*</q>", "p One. Two m2. “Three”"),
            ("one\n\n---\n\ntwo\n***\nthree", "p one\np two\np three"),
            ("", ""),
            (" \n\t\n", ""),
        ]);
    }

    #[test]
    fn debris_of_emphasis_comes_off_and_meant_marks_stay() {
        check(&[
            ("Dr Swam****i and I****nteraction", "p Dr Swami and Interaction"),
            ("**「太字」**です", "p 「太字」です"),
            ("***“to my grandma***!”", "p “to my grandma!”"),
            ("a ** by hand ** b", "p a ** by hand ** b"),
            ("** by hand **", "p by hand"),
            ("2 ** 3 and **kwargs", "p 2 ** 3 and **kwargs"),
            ("snake_case, foo__bar__baz, `a ** b ** c`", "p snake_case, foo__bar__baz, a ** b ** c"),
            ("**bold\nover lines** and **text:**more", "p bold over lines and text:more"),
        ]);
    }

    #[test]
    fn headings_in_all_forms() {
        check(&[
            ("# One #\n\n## Two\n### [Three](u) ###", "h1 One\nh2 Two\nh3 Three"),
            ("One\n===\n\nTwo\n---\ntext", "h1 One\nh2 Two\np text"),
            ("<h2 id=\"x\">A &amp; B</h2>\n\ntext", "h2 A & B\np text"),
            ("## Title {#the-title}\n\n## Other {: .no_toc}", "h2 Title\nh2 Other"),
            ("##\u{A0}Hard space", "h2 Hard space"),
            ("```sh\n# no heading\n```\n\n    # nor this", "code # no heading\ncode # nor this"),
            ("## ![](a.png)\n\ntext", "p text"),
            (
                "A sentence that stands over a rule by mistake, and goes on for so long that it cannot be a \
             heading of anything, whatever the marks below it say to those who read them.\n---\n",
                "p A sentence that stands over a rule by mistake, and goes on for so long that it cannot be a \
             heading of anything, whatever the marks below it say to those who read them.",
            ),
        ]);
    }

    #[test]
    fn bold_lines_act_as_headings() {
        check(&[
            ("**Build**\n* a\n* b\n\nafter", "p Build\nli1 a < Build\nli1 b < Build\np after"),
            ("## T\n\n**Build**\n\ntext\n\n**Run**\n\nmore", "h2 T\nh3 Build\np text\nh3 Run\np more"),
            ("<p><strong>Build</strong></p><p>text</p>", "h2 Build\np text"),
            ("**Build**  \nThe text", "h2 Build\np The text"),
            ("**Build**\nThe text", "h2 Build\np The text"),
            ("**Linkerd**\nis a mesh", "p Linkerd is a mesh"),
            ("**Build:**\n\n* a", "p Build:\nli1 a < Build:"),
            ("**It was good.**\n\ntext", "p It was good.\np text"),
            ("**Authors:** Ann, Bo\n\ntext", "p Authors: Ann, Bo\np text"),
            ("**By Ann Lee**\n\ntext", "p By Ann Lee\np text"),
            ("text\n\n**The end**", "p text\np The end"),
            ("**Part**\n\n## Next\n\ntext", "p Part\nh2 Next\np text"),
            ("**CT:** a question\n\ntext", "p CT: a question\np text"),
            ("🎯 **Panorama**\n\ntext", "h2 🎯 Panorama\np text"),
            ("> **Quoted**\n\ntext", "q1 Quoted\np text"),
        ]);
        let long = "The talk began with a story that everybody knew but nobody had told, and so on and on.";
        check(&[
            (&format!("A Call to Action\n{long} {long}"), &format!("h2 A Call to Action\np {long} {long}")),
            (&format!("A call to action\n{long} {long}"), &format!("p A call to action {long} {long}")),
        ]);
    }

    #[test]
    fn lists_know_what_introduces_them() {
        check(&[
            (
                "Three things:\n\n- a\n- b\n  continued",
                "p Three things:\nli1 a < Three things:\nli1 b continued < Three things:",
            ),
            ("Announcements\n\n- a", "p Announcements\nli1 a < Announcements"),
            ("It was good.\n\n- a", "p It was good.\nli1 a"),
            ("## Heading\n- a", "h2 Heading\nli1 a"),
            ("Intro:\n\n## Heading\n- a", "p Intro:\nh2 Heading\nli1 a"),
            ("[slides](u)\n\n- a", "p slides\nli1 a"),
            ("- a\n  - b\n    1. c\n- d", "li1 a\nli2 b < a\nli3 1. c < b\nli1 d"),
            ("- a\n\n  second\n\n  ```\n  code\n  ```\n- b", "li1 a\np1 second\ncode1 code\nli1 b"),
            ("- [ ] open\n- [x] done", "li1 open\nli1 done"),
            ("Terms:\n\nTerm\n: what it is\n", "p Terms:\nli1 Term\nli1 what it is < Term"),
            ("- ![A picture](a.png)\n  words\n- more", "li1 words\nalt1 A picture\nli1 more"),
            ("*        a *wide* gap\n*        b", "li1 a wide gap\nli1 b"),
            ("1.       [one](u)\n2.       two", "li1 1. one\nli1 2. two"),
            ("> *        a\n- -      b", "li2 a\nli2 b"),
            ("- a\n\n      code\n\n>     code", "li1 a\ncode1 code\ncode1 code"),
        ]);
    }

    #[test]
    fn quotes_tables_and_code() {
        check(&[
            ("> one\n> two\n>\n> three\n\nfour", "q1 one two\nq1 three\np four"),
            ("> Advice:\n> - a", "q1 Advice:\nli2 a < Advice:"),
            ("> [!NOTE]\n> The author's own", "p The author's own"),
            ("| a | b |\n|---|---|\n| 1 | **2** |\n|  | 3 |", "tr a | b\ntr 1 | 2\ntr 3"),
            ("| ![A photo](a.png) | Only text |", "tr Only text\nalt A photo"),
            ("```rust\nlet a = \"{{ b }}\";\n\n  c\n```", "code let a = \"{{ b }}\";\\n\\n  c"),
            ("text `{{ .Values }}` and `{% raw %}`", "p text {{ .Values }} and {% raw %}"),
        ]);
    }

    #[test]
    fn what_images_show_is_a_block_of_its_own() {
        check(&[
            ("![A stage](a.png)", "alt A stage"),
            ("see ![A stage](a.png) here", "p see here\nalt A stage"),
            ("![A stage](a.png) and text", "p and text\nalt A stage"),
            ("A stage ![A stage](a.png)", "p A stage"),
            ("<p>see <img src=a alt=\"A stage\"> here</p>", "p see here\nalt A stage"),
            ("Three things: ![A stage](a.png)\n\n- a", "p Three things:\nalt A stage\nli1 a < Three things:"),
            ("# See ![A stage](a.png)\n\ntext", "h1 See\nalt A stage\np text"),
            ("[![A stage](a.png)](big.png)", "alt A stage"),
            ("![a.png](a.png) ![IMG_1.jpg](b) ![Image 1](c) ![](d)", ""),
            ("![A stage](a.png)\n*The stage at noon*", "cap The stage at noon\nalt A stage"),
            (
                "![A stage](a.png)\n\n*The stage at noon*\n\ntext",
                "alt A stage\ncap The stage at noon\np text",
            ),
            ("![](https://x.y/a.png align=\"center\")", ""),
        ]);
    }

    #[test]
    fn links_span_the_words() {
        for (source, shown) in [
            ("see [the *docs*](https://a.b/c?d=1&amp;e) now", "the docs -> https://a.b/c?d=1&e"),
            (
                "[CUE][link-1] by [Ann Lee][]\n\n[link-1]: https://cue\n[Ann Lee]: https://ann",
                "CUE -> https://cue\nAnn Lee -> https://ann",
            ),
            ("<https://a.b> and <ann@b.c>", "https://a.b -> https://a.b\nann@b.c -> ann@b.c"),
            (
                "(https://a.b/c_(d)). https://e.f, http://g",
                "https://a.b/c_(d) -> https://a.b/c_(d)\nhttps://e.f -> https://e.f\nhttp://g -> http://g",
            ),
            ("見る https://a.b/c。次", "https://a.b/c -> https://a.b/c"),
            ("`https://a.b` xhttp://c", ""),
            ("[![](a.png)](b) [](c) [d]()", ""),
            ("[a](javascript:b) [b](data:c)", ""),
            ("[x](/a b c.pdf) [y]({{< relref \"z.md\" >}})", "x -> /a b c.pdf\ny -> z.md"),
            ("[x][1]\n\n[1]: {{< relref \"z.md\" >}}", "x -> z.md"),
            ("**** [**** a](u) b", "a -> u"),
            ("<a href=\"u\">a <b>b</b></a> <a name=\"n\">c</a>", "a b -> u"),
            ("<a href=\"u\">\n\nwords\n\n</a>", "words -> u"),
        ] {
            assert_eq!(format_links(MarkupFormat::Markdown, source), shown, "{source:?}");
        }
    }

    #[test]
    fn html_goes_through_markdown_and_back() {
        check(&[
            (
                "<figure>\n<img alt=\"A stage\">\n<figcaption>\n\nThe *stage*\n\n</figcaption>\n</figure>\n\ntext",
                "alt A stage\ncap The stage\np text",
            ),
            ("<div align=\"center\">\n\n**a** b\n\n</div>", "p a b"),
            ("<p>a <b>b</b></p><h3>c</h3><ul><li>d<li>e</ul>", "p a b\nh3 c\nli1 d\nli1 e"),
            ("<details><summary>More</summary>\n\nhidden *text*\n\n</details>", "p More\np hidden text"),
            ("<blockquote>\n\n- a\n\n</blockquote>\n\nb", "li2 a\np b"),
            ("- a <blockquote>b\n- c</blockquote>", "li1 a\nq2 b\nli1 c"),
            (
                "<blockquote class=\"twitter-tweet\"><p>Hi <a href=\"u\">pic.twitter.com/x</a></p>&mdash; Ann (@ann) <a href=\"u\">May 1</a></blockquote>\n<script async src=\"w.js\"></script>\n\ntext",
                "q1 Hi\nq1 — Ann (@ann) May 1\np text",
            ),
            ("<table><tr><td>![a](b.png) [c](d)</td><td>e</td></tr></table>", "tr c | e\nalt a"),
            ("<script>\nvar a = \"<p>\";\n\nb()\n</script>\ntext <!-- more --> here", "p text here"),
            ("<iframe src=\"a\" />\n\ntext", "p text"),
            ("<svg>\n\ntext", "p text"),
            ("<pre>a\n  b</pre>", "code a\\n  b"),
            ("a <T> b <unknown>c</unknown>", "p a b c"),
            ("x <span hidden>y</span> z", "p x z"),
        ]);
    }
}
