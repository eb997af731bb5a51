//! What holds for every source text, whatever it is: the invariants of [`Body`], time, and the real posts.

use proptest::prelude::*;

use takeaways_testing::shared_data::shared_posts;

use super::*;
use crate::markup::MarkupProblemKind;
use crate::model::{BlockKind, invariants};

const FORMATS: [MarkupFormat; 5] = [
    MarkupFormat::Markdown,
    MarkupFormat::Mdx,
    MarkupFormat::Html,
    MarkupFormat::AsciiDoc,
    MarkupFormat::Rst,
];

/// Pieces of all markups, and of none.
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

/// Sources of about `size` bytes that are made to take long, and the formats in which they may.
fn hostile(size: usize) -> Vec<(Vec<MarkupFormat>, String)> {
    const MARKDOWN: [MarkupFormat; 3] = [MarkupFormat::Markdown, MarkupFormat::Mdx, MarkupFormat::Html];
    let repeated = |piece: &&str| piece.repeat(size / piece.len());
    let of = |formats: &[MarkupFormat], source: String| (formats.to_vec(), source);
    let mut sources: Vec<_> = HTML.iter().map(|piece| of(&MARKDOWN, repeated(piece))).collect();
    sources.extend(MARKS.iter().map(|piece| of(&MARKDOWN[..2], repeated(piece))));
    sources.extend(ANY.iter().map(|piece| of(&FORMATS, repeated(piece))));
    sources.extend(ASCIIDOC.iter().map(|piece| of(&[MarkupFormat::AsciiDoc], repeated(piece))));
    sources.extend(RST.iter().map(|piece| of(&[MarkupFormat::Rst], repeated(piece))));
    let many = |count: usize, line: &dyn Fn(usize) -> String| {
        (0..count).fold(String::new(), |all, at| all + &line(at))
    };
    // As deep as lines that grow by two columns each fit in.
    let steps = size.isqrt();
    let deep = |mark: &str| many(steps, &|at| format!("{}{mark}a\n", "  ".repeat(at)));
    sources.extend([
        of(&MARKDOWN, "<div>".repeat(80_000) + "a" + &"</div>".repeat(80_000)),
        of(&MARKDOWN[..2], "> ".repeat(40_000) + "a\n" + &"\n".repeat(size)),
        of(&MARKDOWN[..2], "- ".repeat(size / 2) + "a"),
        of(&MARKDOWN[..2], deep("- ") + &"\n".repeat(size)),
        of(&[MarkupFormat::Rst], deep("- ") + &deep("")),
        of(&[MarkupFormat::AsciiDoc], many(size / 8, &|at| format!("{} a\n", "*".repeat(at % 7)))),
        of(&MARKDOWN[..2], many(size / 16, &|at| format!("[^{at}]: note {at}\n\n"))),
        of(&MARKDOWN[..2], many(size / 16, &|at| format!("a[^{at}]\n\n[^{at}]: b\n\n"))),
        of(&FORMATS, "word ".repeat(size / 2)),
        of(&MARKDOWN[..2], "[a](http://b) http://c ".repeat(size / 23)),
        of(&MARKDOWN, "<p>a <b>b</b> <a href=\"c\">d</a></p>".repeat(size / 36)),
        of(&MARKDOWN[..2], "{{<figure alt=\"a\">}}".repeat(size / 20)),
        of(&MARKDOWN[..2], "{% raw %}".repeat(size / 18) + "{% endraw" + &"a".repeat(size)),
        of(
            &MARKDOWN[..2],
            format!("{}\n{}\n{}", "|a".repeat(size / 99), "|-".repeat(size / 99), "|b\n".repeat(size / 3)),
        ),
        of(
            &[MarkupFormat::AsciiDoc],
            many(size / 99, &|at| format!(":a{}: {{a{at}}}{{a{at}}}\n", at + 1)) + "{a9}{a99}{a999}",
        ),
        of(&FORMATS, "a".to_owned() + &"\u{301}".repeat(size / 2)),
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
    for (formats, source) in hostile(size) {
        let name: String = source.chars().take(40).collect();
        for format in formats {
            let begin = std::time::Instant::now();
            let read = read_markup(format, &source, 1);
            println!("{:>8} ms {format:?} {} bytes of {name:?}", begin.elapsed().as_millis(), source.len());
            assert_eq!(invariants::markup_violation(&read.body), None, "{format:?} {name:?}");
        }
    }
}

/// What is quadratic takes minutes here.
#[test]
fn a03_hostile_sources_are_read() {
    read_hostile(1 << 16);
}

#[test]
#[ignore = "for measuring, in release and with --nocapture: each line is to stay below a second"]
fn a03_hostile_sources_of_full_size_are_read() {
    read_hostile(1 << 21);
}

#[test]
fn a03_what_is_too_much_is_said_with_its_line() {
    let deep = format!("a\n\n{}b", "<div>".repeat(80_000));
    let read = read_markup(MarkupFormat::Html, &deep, 10);
    assert_eq!(
        read.problems,
        [MarkupProblem { line: Some(12), kind: MarkupProblemKind::TooDeep { limit: 64 } }]
    );
    assert_eq!(read.body.text, "a\n\nb");

    let read = super::read_markup(MarkupFormat::Markdown, &format!("a\n{}b", "> ".repeat(40_000)), 1);
    assert_eq!(
        read.problems,
        [MarkupProblem { line: Some(2), kind: MarkupProblemKind::TooDeep { limit: 64 } }]
    );
    assert_eq!(read.body.text, "a\n\nb");

    let read = super::read_markup(MarkupFormat::Markdown, &"a\n\n".repeat(100_001), 1);
    assert_eq!(
        read.problems,
        [MarkupProblem { line: Some(200_001), kind: MarkupProblemKind::TooManyBlocks { limit: 100_000 } }]
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

/// The posts that were collected, without their front matter; none where the folder is missing.
fn posts() -> Vec<(String, MarkupFormat, String)> {
    let Some(folder) = shared_posts() else { return Vec::new() };
    let mut posts = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
        let extension =
            entry.path().extension().and_then(|e| e.to_str()).and_then(MarkupFormat::from_extension);
        let inside =
            ["real", "seeds"].iter().any(|name| entry.path().parent().is_some_and(|p| p.ends_with(name)));
        if let (Some(format), true) = (extension, inside) {
            let source = std::fs::read(entry.path()).expect("a readable file");
            let source = String::from_utf8_lossy(&source).into_owned();
            posts.push((
                entry.file_name().to_string_lossy().into_owned(),
                format,
                without_front_matter(&source),
            ));
        }
    }
    posts
}

fn without_front_matter(source: &str) -> String {
    let fence =
        source.lines().next().filter(|line| matches!(line.trim(), "---" | "+++")).unwrap_or("no fence");
    let rest = source.split_once('\n').map_or("", |(_, rest)| rest);
    let body = rest.split_once(&format!("\n{}\n", fence.trim())).map(|(_, body)| body);
    body.unwrap_or(source).to_owned()
}

#[test]
fn every_post_is_read_without_debris() {
    let debris = [
        "{{",
        "{%",
        "}}",
        "%}",
        "<div",
        "</",
        "](http",
        "](/",
        "&nbsp;",
        "&amp;",
        "&rsquo;",
        "{:",
        "**",
        "__",
        "<!--",
        "import {",
        "READMORE",
        "/* truncate",
        "[^1]",
        "++++",
        "|===",
        "link:http",
        "image::",
        "`_",
        "\"`",
        "~~~",
    ];
    // Code within a line, and a name.
    let meant = [
        ("2017-pycon-taiwan-tasdikrahman.md", "__"),
        ("2018-kubecon-eu-galexrt-day3.md", "__"),
        ("2025-devfest-nantes-klaukf.md", "<div"),
    ];
    let mut found = Vec::new();
    for (name, format, source) in posts() {
        let read = read_markup(format, &source, 1);
        assert_eq!(invariants::markup_violation(&read.body), None, "{name}");
        assert_eq!(read.problems, [], "{name}");
        for block in read.body.blocks.iter().filter(|block| block.kind != BlockKind::Code) {
            let text = read.body.slice(block.span);
            for mark in debris
                .iter()
                .filter(|mark| text.contains(**mark) && !meant.contains(&(name.as_str(), **mark)))
            {
                found.push(format!("{name}: {mark} in {text}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn oddities_of_the_posts_are_read_as_meant() {
    let posts = posts();
    for (name, wanted) in [
        ("2018-kubecon-na-jricho.md", "h1 Jamie's KubeCon 2018 trip notes"),
        ("2024-reinvent-aditmodi.md", "h3 Day 3: Dr Swami Sivasubramanian Keynote"),
        ("2016-containerdays-epages.md", "h3 Aaron Huslage - Docker: New Stuff in Docker 1.12"),
        ("2016-containerdays-epages.md", "h3 Mathias Lafeldt - Jimdo: A journey through wonderland"),
        ("2016-openstack-summit-austin-elemoine.rst", "h1 Notes on the Austin OpenStack Summit"),
        ("2024-kubecon-eu-opentelemetry-ja.md", "h2 トランスクリプト"),
        ("2024-craftconf-signlanguagetech.md", "h2 A Call to Action"),
        ("2017-rustconf-matthewkmayer.html", "p Written by Matthew Mayer on August 20, 2017"),
        ("2017-rustconf-matthewkmayer.html", "h2 Here’s to another great year for Rust!"),
        ("2018-pycon-kr-ash84-day2.html", "h2 Callosum: An RPC Tranport Library -김준기-"),
        ("2018-kcs-kubernetes-blog-look-back.md", "cap Seattle Contributor Summit"),
        (
            "2018-kcs-kubernetes-blog-look-back.md",
            "p Authors: Paris Pittman (Google), Jonas Rosland (VMware)",
        ),
        ("2022-kubecon-na-cilium.md", "p November 4th, 2022 Author: Bill Mulligan, Isovalent"),
        ("2017-promcon-prometheus.md", "q1 — PrometheusMonitoring (@PrometheusIO) August 17, 2017"),
        (
            "2024-kubecon-na-keycloak.adoc",
            "alt Four Keycloak contributors hosting the project pavilion booth",
        ),
        ("2012-vmworld-scottlowe.md", "p Scott Lowe: APP-CAP2165, Operating Cloud Foundry"),
        ("003_cc12fd1b3428900f.txt", "li1 Image scanning < Build"),
        ("002_021f19a568bba25a.txt", "cap Lee Calcote, Layer5"),
    ] {
        let Some((_, format, source)) = posts.iter().find(|(post, ..)| post == name) else { continue };
        let shown = crate::testing::format_blocks(*format, source);
        assert!(shown.lines().any(|line| line == wanted), "{name}: {wanted}");
    }
    let quiet = [
        ("2019-kubecon-eu-kaushikchaubal-day1.md", "Assumption here"),
        ("2015-linuxcon-eu-projectatomic.html.md", "READMORE"),
        ("2022-kubecon-na-cilium.md", "author-data"),
        ("2018-pycon-kr-ash84-day2.html", "Written by"),
        ("2017-rustconf-matthewkmayer.html", "Posts"),
    ];
    for (name, words) in quiet {
        let Some((_, format, source)) = posts.iter().find(|(post, ..)| post == name) else { continue };
        let body = read_markup(*format, source, 1).body;
        let prose = body.blocks.iter().filter(|block| block.kind != BlockKind::Code);
        assert!(prose.clone().all(|block| !body.slice(block.span).contains(words)), "{name}: {words}");
    }
}
