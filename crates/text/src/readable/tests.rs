//! Tests of properties that hold for every source text, and of plain inline texts.

mod hostile;
mod posts;

use proptest::prelude::*;

use super::*;
use crate::model::invariants;
use crate::plain_text;
use crate::readable::{MarkupProblem, MarkupProblemKind};

const FORMATS: [MarkupFormat; 5] = [
    MarkupFormat::Markdown,
    MarkupFormat::Mdx,
    MarkupFormat::Html,
    MarkupFormat::AsciiDoc,
    MarkupFormat::Rst,
];

/// Pieces of all markups, and of plain text.
const PIECES: [&str; 169] = [
    "word",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\n    ",
    "\n  ",
    "\t",
    "é",
    "日本",
    "\u{301}",
    "\u{200B}",
    "\u{202E}",
    "\u{0}",
    "\r",
    "\r\n",
    "👩\u{200D}💻",
    "\u{A0}",
    "# ",
    "## ",
    "- ",
    "* ",
    "1. ",
    "> ",
    "| ",
    "|",
    "|---|---|\n",
    "**",
    "*",
    "__",
    "_",
    "`",
    "``",
    "```\n",
    "~~~\n",
    "[",
    "](http://a.b)",
    "![",
    "](x.png)",
    "[^1]",
    "[^1]: ",
    "[a]: b\n",
    "===",
    "---",
    "---\n",
    "\n====\n",
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<ul>",
    "<li>",
    "</li>",
    "</ul>",
    "<ol>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</tr>",
    "</table>",
    "<blockquote class=\"twitter-tweet\">",
    "</blockquote>",
    "<br>",
    "<br/>",
    "<hr>",
    "<pre>",
    "</pre>",
    "<code>",
    "</code>",
    "<a href=\"u\">",
    "</a>",
    "<img alt=\"alt\">",
    "<h2>",
    "</h2>",
    "<script>",
    "</script>",
    "<svg hidden>",
    "</svg>",
    "<!--",
    "-->",
    "<b>",
    "</b>",
    "<figure>",
    "<figcaption>",
    "</figcaption>",
    "</figure>",
    "<dl>",
    "<dt>",
    "<dd>",
    "</dl>",
    "<article>",
    "</article>",
    "<main>",
    "<p hidden>",
    "&amp;",
    "&nbsp;",
    "&#0;",
    "&",
    ";",
    "{{< figure alt=\"a\" caption=\"c\" >}}",
    "{{<",
    ">}}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{% raw %}",
    "{% endraw %}",
    "{% comment %}",
    "{% endcomment %}",
    "{% highlight x %}",
    "{% endhighlight %}",
    "{:",
    "}",
    "{#id}",
    "{/*",
    "*/}",
    "<Tabs>",
    "</Tabs>",
    "<Image alt=\"x\" />",
    "import a from 'b'",
    "export x",
    "READMORE",
    "[[toc]]",
    ":::",
    "= T\n",
    "== S\n",
    ":a: b\n",
    "----\n",
    "....\n",
    "____\n",
    "++++\n",
    "|===\n",
    "--\n",
    "+\n",
    "a:: b\n",
    "image::x[alt]\n",
    "image:x[alt]",
    "link:u[text]",
    "http://x.y[text]",
    "<<id,x>>",
    "{a}",
    "\"`",
    "`\"",
    "'`",
    "+++",
    "ifdef::a[]\n",
    "endif::[]\n",
    "[quote, who]\n",
    "[.x]#",
    ".. ",
    ".. image:: x\n",
    ".. note:: t\n",
    ".. code-block:: c\n",
    "   :alt: x\n",
    "::\n",
    ":f: v\n",
    "`t <u>`_",
    "t_",
    ".. _t: u\n",
    "|s|",
    "+---+\n",
    "=== ===\n",
    "| a | b |\n",
    ">>> ",
    "https://x.y/z).",
    "**Build**\n\n",
    "\\",
];

fn fragments() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES.as_slice());
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn every_source_gives_a_body(source in fragments()) {
        for format in FORMATS {
            let read = read_markup(format, &source, 1);
            prop_assert_eq!(invariants::markup_violation(&read.body), None, "{:?}", format);
        }
        let plain = plain_text(&source);
        prop_assert_eq!(plain.split_whitespace().collect::<Vec<_>>().join(" "), plain);
    }

    #[test]
    fn every_text_gives_a_body(source in ".{0,200}") {
        for format in FORMATS {
            prop_assert_eq!(invariants::markup_violation(&read_markup(format, &source, 1).body), None, "{:?}", format);
        }
    }
}

#[test]
fn a03_limits_are_reported_with_their_line() {
    let deep = format!("a\n\n{}b", "<div>".repeat(80_000));
    let read = read_markup(MarkupFormat::Html, &deep, 10);
    assert_eq!(read.problems, [MarkupProblem { line: 12, kind: MarkupProblemKind::TooDeep { limit: 64 } }]);
    assert_eq!(read.body.text, "a\n\nb");

    let read = read_markup(MarkupFormat::Markdown, &format!("a\n{}b", "> ".repeat(40_000)), 1);
    assert_eq!(read.problems, [MarkupProblem { line: 2, kind: MarkupProblemKind::TooDeep { limit: 64 } }]);
    assert_eq!(read.body.text, "a\n\nb");

    let read = read_markup(MarkupFormat::Markdown, &"a\n\n".repeat(100_001), 1);
    assert_eq!(
        read.problems,
        [MarkupProblem { line: 200_001, kind: MarkupProblemKind::TooManyBlocks { limit: 100_000 } }]
    );
    assert_eq!(read.body.blocks.len(), 100_000);
}

#[test]
fn inline_texts_are_plain() {
    for (source, shown) in [
        ("A *b* **c** `d` [e](f) ![g](h)", "A b c d e"),
        ("C++, re:Invent, 1&1, a_b, AT&T, <3 and C#", "C++, re:Invent, 1&1, a_b, AT&T, <3 and C#"),
        ("A<br>B<br/>C <i>d</i> &amp; &rsquo;", "A B C d & ’"),
        ("  folded\n text\u{A0} ", "folded text"),
        ("Vec<T> and Option<String>", "Vec<T> and Option<String>"),
        ("1. No list", "1. No list"),
        ("# No heading", "# No heading"),
        ("- no - list", "- no - list"),
        ("> no quote", "> no quote"),
        ("5 * 3 * 2 ** 2", "5 * 3 * 2 ** 2"),
        ("[Ann Lee](https://a.b) ([@ann](https://c))", "Ann Lee (@ann)"),
        ("<h1>Title</h1>", "Title"),
        ("Day 1: \"Quotes\" -- it's", "Day 1: \"Quotes\" -- it's"),
        ("re:Invent 2024 | Recap", "re:Invent 2024 | Recap"),
        ("x", "x"),
        ("", ""),
        ("a\u{0}\u{202E}b", "ab"),
        ("日本\n語", "日本語"),
    ] {
        assert_eq!(plain_text(source), shown, "{source:?}");
    }
}
