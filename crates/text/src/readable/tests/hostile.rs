//! Sources that are made to be slow to read.

use super::{FORMATS, MarkupFormat, invariants, read_markup};

/// Returns sources of about `size` bytes, and the formats in which they may be slow to read.
fn hostile_sources(size: usize) -> Vec<(Vec<MarkupFormat>, String)> {
    const HTML_HOSTS: [MarkupFormat; 3] = [MarkupFormat::Markdown, MarkupFormat::Mdx, MarkupFormat::Html];
    let markdown = &HTML_HOSTS[..2];
    let asciidoc = &[MarkupFormat::AsciiDoc];
    let rst = &[MarkupFormat::Rst];
    let entry = |formats: &[MarkupFormat], source: String| (formats.to_vec(), source);
    let pieces: [(&[MarkupFormat], &[&str]); 5] =
        [(&HTML_HOSTS, &HTML), (markdown, &MARKS), (&FORMATS, &ANY), (asciidoc, &ASCIIDOC), (rst, &RST)];
    let mut sources = Vec::new();
    for (formats, pieces) in pieces {
        sources.extend(pieces.iter().map(|piece| entry(formats, piece.repeat(size / piece.len()))));
    }
    let lines = |count: usize, line: &dyn Fn(usize) -> String| {
        (0..count).fold(String::new(), |all, at| all + &line(at))
    };
    // The number of lines that fit if each is two columns longer than the one before.
    let steps = size.isqrt();
    let deep = |mark: &str| lines(steps, &|at| format!("{}{mark}a\n", "  ".repeat(at)));
    sources.extend([
        entry(&HTML_HOSTS, "<div>".repeat(80_000) + "a" + &"</div>".repeat(80_000)),
        entry(markdown, "> ".repeat(40_000) + "a\n" + &"\n".repeat(size)),
        entry(markdown, "- ".repeat(size / 2) + "a"),
        entry(markdown, deep("- ") + &"\n".repeat(size)),
        entry(rst, deep("- ") + &deep("")),
        entry(asciidoc, lines(size / 8, &|at| format!("{} a\n", "*".repeat(at % 7)))),
        entry(markdown, lines(size / 16, &|at| format!("[^{at}]: note {at}\n\n"))),
        entry(markdown, lines(size / 16, &|at| format!("a[^{at}]\n\n[^{at}]: b\n\n"))),
        entry(&FORMATS, "word ".repeat(size / 2)),
        entry(markdown, "[a](http://b) http://c ".repeat(size / 23)),
        entry(&HTML_HOSTS, "<p>a <b>b</b> <a href=\"c\">d</a></p>".repeat(size / 36)),
        entry(markdown, "{{<figure alt=\"a\">}}".repeat(size / 20)),
        entry(markdown, "x{{a}}".repeat(size / 6)),
        entry(markdown, "{{-}} ".repeat(size / 6)),
        entry(markdown, "{% raw %}".repeat(size / 18) + &"x".repeat(size / 2) + "endraw"),
        entry(markdown, "{% highlight a %}".repeat(size / 34) + &"x".repeat(size / 2) + "endhighlight"),
        entry(asciidoc, ":a: b\n\n".to_owned() + &"{a}".repeat(size / 3)),
        entry(asciidoc, "[cols=100]\n|===\n".to_owned() + &"|a\n".repeat(size / 3)),
        entry(&HTML_HOSTS, "<form><sup>1</sup><q>".repeat(size / 21) + "</q></form>"),
        entry(markdown, "{% raw %}".repeat(size / 18) + "{% endraw" + &"a".repeat(size)),
        entry(
            markdown,
            format!("{}\n{}\n{}", "|a".repeat(size / 99), "|-".repeat(size / 99), "|b\n".repeat(size / 3)),
        ),
        entry(
            asciidoc,
            lines(size / 99, &|at| format!(":a{}: {{a{at}}}{{a{at}}}\n", at + 1)) + "{a9}{a99}{a999}",
        ),
        entry(&FORMATS, "a".to_owned() + &"\u{301}".repeat(size / 2)),
    ]);
    sources
}

const HTML: [&str; 20] = [
    "<div>",
    "<div>\n",
    "<div>\n\n",
    "<ul><li>",
    "<blockquote>",
    "<p>",
    "<b>",
    "<a href=x>",
    "<td>",
    "<table><tr><td>",
    "<svg>",
    "<pre>",
    "<h2>",
    "<!--",
    "<",
    "</p>",
    "<br>",
    "<article>",
    "<script>",
    "<p hidden>",
];
const MARKS: [&str; 50] = [
    "![",
    "[a](b)",
    "[a][",
    "](",
    "](/a b",
    "> ",
    "> a\n",
    "- ",
    "- a\n",
    "* ",
    "1. ",
    "**a",
    "**",
    "a**b ",
    "_a",
    "a``",
    "| a | b\n",
    "~~",
    "{{",
    "{{ a }}",
    "{{<",
    "{{< figure alt=\"a\" >}} ",
    "{%",
    "{% raw %}",
    "{% comment %}",
    "{% highlight x %}",
    "{{< highlight >}}",
    "{",
    "{ ",
    "{:a ",
    "{#",
    "{/*",
    "<A",
    "<Tabs ",
    "<Tabs a={",
    "import a\n",
    "export a\n",
    ":::\n",
    "READMORE\n",
    "[^1]: a\n\n",
    "#",
    "# a\n",
    "a\n: b\n",
    "|a|\n\n",
    "**A**\nB\n\n",
    "* TOC\n{:toc}\n",
    "<code",
    "<pre",
    "&nbsp;",
    "[a]: b\n",
];
const ANY: [&str; 20] = [
    "[",
    "`",
    "|",
    "&",
    "&amp;",
    "\\",
    "http://a ",
    "http://a)",
    "https://",
    "http",
    "\n",
    " ",
    "\t",
    "a\r",
    "\u{301}",
    "日本\n",
    "*",
    "_a ",
    "a\n\n",
    "👩\u{200D}",
];
const ASCIIDOC: [&str; 36] = [
    "= a\n",
    "== a\n",
    "* a\n",
    "** a\n",
    "a:: b\n",
    "a::\n",
    ":a: {a}{a}\n",
    "{a}",
    "|===\n",
    "----\n",
    "====\n",
    "--\n",
    "____\n",
    "+\n",
    "link:",
    "link:a[",
    "http://a[",
    "kbd:[a\\]",
    "\"`a",
    "+++",
    "<<",
    "((",
    "(((",
    "[.a]#",
    "[[a",
    "ifdef::a[]\n",
    "footnote:[a]",
    "[quote, a]\na\n\n",
    ".a\n",
    "a +\n",
    "_a",
    "^a",
    "image::a[b]\n",
    "++++\n<p>\n++++\n",
    "|a\n",
    "'`",
];
const RST: [&str; 24] = [
    ".. a\n",
    ".. a::\n",
    ".. note::\n\n   a\n\n",
    ".. _a: b\n",
    "a\n b\n",
    "::\n\n",
    "a::\n\n b\n\n",
    "`a",
    "``a",
    "|a",
    "a_ ",
    ":a:`",
    "[1]_ ",
    "+-+\n",
    "=== ===\n",
    ":a:\n",
    ":a: b\n",
    ">>> a\n",
    "a\n===\n",
    "`a <b>`_ ",
    "\\ ",
    "| a\n",
    "- a\n",
    "**a",
];

fn read_hostile(size: usize) {
    for (formats, source) in hostile_sources(size) {
        let name: String = source.chars().take(40).collect();
        for format in formats {
            let start = std::time::Instant::now();
            let read = read_markup(format, &source, 1);
            println!("{:>8} ms {format:?} {} bytes of {name:?}", start.elapsed().as_millis(), source.len());
            assert_eq!(invariants::markup_violation(&read.body), None, "{format:?} {name:?}");
        }
    }
}

/// Quadratic code would take minutes.
#[test]
fn a03_hostile_sources_are_read() {
    read_hostile(1 << 16);
}

#[test]
#[ignore = "for measuring, in release and with --nocapture: each line is to stay below a second"]
fn a03_hostile_sources_of_full_size_are_read() {
    read_hostile(1 << 21);
}
