//! Tests of the reader of `AsciiDoc`: blocks, links and head.

use crate::readable::{MarkupFormat, read_markup};
use crate::testing::{check_blocks, format_blocks, format_links};

fn check(rows: &[(&str, &str)]) {
    check_blocks(MarkupFormat::AsciiDoc, rows);
}

#[test]
fn the_head_is_kept_apart() {
    for (source, title, fields, shown) in [
        (
            "= A *B*\nAnn Lee <ann@b.c>; Bo_Bi Yu\nv1.0, 2024-05-07: first\n:tags: x, y\n:long: one \\\n two\n\ntext",
            Some("A B"),
            vec![
                ("author", "Ann Lee, Bo Bi Yu"),
                ("revdate", "2024-05-07"),
                ("tags", "x, y"),
                ("long", "one two"),
            ],
            "h1 A B\np text",
        ),
        (
            ":title: T\n:date: 2024-04-15\n\ntext\n\n:later: no",
            Some("T"),
            vec![("title", "T"), ("date", "2024-04-15")],
            "p text",
        ),
        ("// comment\n\n= T\n\nNot an author", Some("T"), vec![], "h1 T\np Not an author"),
        ("text {a}\n\n= T", None, vec![], "p text {a}\nh1 T"),
    ] {
        let read = read_markup(MarkupFormat::AsciiDoc, source, 1);
        let owned: Vec<_> =
            fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        assert_eq!(read.head.title.as_deref(), title, "{source:?}");
        assert_eq!(read.head.fields, owned, "{source:?}");
        assert_eq!(format_blocks(MarkupFormat::AsciiDoc, source), shown, "{source:?}");
    }
}

#[test]
fn blocks_of_asciidoc() {
    check(&[
        ("== A ==\n\none\ntwo\n\n=== B\nthree\n\n## C", "h2 A\np one two\nh3 B\np three\nh2 C"),
        ("a\n\n'''\n\n<<<\n\n// c\nb", "p a\np b"),
        ("[source,java]\n----\n= a\n  b\n----\nc", "code = a\\n  b\np c"),
        ("....\na\n....\n\n a literal\n line\n\n```rust\nb\n```", "code a\ncode  a literal\\n line\ncode b"),
        ("====\na\n\n* b\n====\nc", "p a\nli1 b < a\np c"),
        ("[quote, Ann Lee, \"The Talk\"]\n____\na\n\nb\n____\nc", "q1 a\nq1 b\nq1 — Ann Lee, The Talk\np c"),
        ("[quote, Ann]\na b", "q1 a b\nq1 — Ann"),
        ("NOTE: a\n\n[TIP]\n====\nb\n====\n\n[.lead]\nc", "p NOTE: a\np b\np c"),
        ("++++\n<p>a <b>b</b></p><img alt=\"A stage\">\n++++\n\n--\nc\n--", "p a b\nalt A stage\np c"),
        (
            ".The stage\nimage::a.png[A stage, 300]\n\nimage::b.png[]\nvideo::x[]\ninclude::c.adoc[]",
            "p The stage\nalt A stage",
        ),
        ("////\na\n////\nb", "p b"),
        ("|===\n|a |b\n\n|c | *d*\n|===", "tr a | b\ntr c | d"),
        ("ifdef::x[]\na\nendif::[]\nb", "p a b"),
        ("____\na\n\n* b\n____\n\n____\nc", "q1 a\nli2 b < a\nq1 c"),
    ]);
}

#[test]
fn lists_of_asciidoc() {
    check(&[
        (
            "Three:\n\n* a\n** b\n*** c\n* d\ne",
            "p Three:\nli1 a < Three:\nli2 b < a\nli3 c < b\nli1 d e < Three:",
        ),
        (". a\n.. b\n. c\n\n1. d\n\ntext", "li1 1. a\nli2 1. b < a\nli1 2. c\nli2 1. d < c\np text"),
        (".Three\n* a", "p Three\nli1 a < Three"),
        ("- a\n+\nmore\n+\n----\ncode\n----\n- b", "li1 a\np1 more\ncode1 code\nli1 b"),
        ("a:: b\nc::\n  d\ne::\n\nf", "li1 a\nli1 b < a\nli1 c\nli1 d < c\nli1 e\nli1 f < e"),
        ("* a\n\n== B\ntext", "li1 a\nh2 B\np text"),
        ("std::vec is\nfine:: here", "p std::vec is fine:: here"),
    ]);
}

#[test]
fn inside_a_paragraph() {
    check(&[
        ("*b* _i_ `m` #h# **u**nc", "p b i m h unc"),
        ("a * b, snake_case, C++, 2 ** 3, C# and #1", "p a * b, snake_case, C++, 2 ** 3, C# and #1"),
        ("\"`quoted`\" '`single`' it`'s", "p “quoted” ‘single’ it’s"),
        ("&amp; &#8217; \\*b* \\a {x}", "p & ’ *b* \\a {x}"),
        ("a +\nb image:y.png[Y] <<id,see>> xref:i[there]", "p a b see there\nalt Y"),
        ("a footnote:[the _note_] b", "p a the _note_ b"),
        ("image:y.png[A stage]", "alt A stage"),
        ("*Build*\n\ntext", "h2 Build\np text"),
    ]);
}

#[test]
fn links_of_asciidoc() {
    for (source, shown) in [
        (
            "https://a.b[words here], link:c.html[_d_] http://e.f. mailto:a@b.c[Ann]",
            "words here -> https://a.b\nd -> c.html\nhttp://e.f -> http://e.f\nAnn -> mailto:a@b.c",
        ),
        (
            "https://a.b[words,window=_blank] https://c[d^] https://e_f_g[]",
            "words -> https://a.b\nd -> https://c\nhttps://e_f_g -> https://e_f_g",
        ),
        ("link:a[\"`Quoted`\", as said by\nAnn]", "“Quoted”, as said by Ann -> a"),
        ("[http://a.b/c[1]]", ""),
        ("in [http://a.b/c[1]]", "1 -> http://a.b/c"),
    ] {
        assert_eq!(format_links(MarkupFormat::AsciiDoc, source), shown, "{source:?}");
    }
}

#[test]
fn titles_of_two_lines() {
    check(&[
        (
            "Day one\n-------\nIt was great.\n\nDay *two*\n---------\nGood.\n\nPart\n~~~~\na",
            "h2 Day one\np It was great.\nh2 Day two\np Good.\nh3 Part\np a",
        ),
        ("Some code:\n----\na\n----\n\nb\n\n----\nc\n----", "p Some code:\ncode a\np b\ncode c"),
        ("a line\nand another\n-----------\nb\n-----------", "p a line and another\ncode b"),
    ]);
    let source = "The Title\n=========\nAnn Lee\n:tags: x\n\ntext\n\nNo Title\n========";
    let read = read_markup(MarkupFormat::AsciiDoc, source, 1);
    assert_eq!(read.head.title.as_deref(), Some("The Title"));
    let fields = [("author", "Ann Lee"), ("tags", "x")];
    assert_eq!(read.head.fields, fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(format_blocks(MarkupFormat::AsciiDoc, source), "h1 The Title\np text\nh1 No Title");
}

#[test]
fn attributes_have_their_values() {
    check(&[
        (
            "= T\n:kc: KubeCon *EU*\n:KC2: {kc}\n\n{kc} and Istio{nbsp}there {kc2} \\{kc} {no}.\n\n* {kc}\n\n----\n{kc}\n----",
            "h1 T\np KubeCon EU and Istio there {kc} {kc} {no}.\nli1 KubeCon EU\ncode {kc}",
        ),
        (":u: http://a.b\n\n.{u}\n|===\n|{u}/c[d]|e\n|===", "p http://a.b\ntr d | e"),
    ]);
    let source = format!(":a: {}\n\n{}", "b".repeat(1_000), "{a}".repeat(1_000));
    let read = read_markup(MarkupFormat::AsciiDoc, &source, 1);
    assert!((60_000..70_000).contains(&read.body.text.len()), "{}", read.body.text.len());
}

#[test]
fn tables_may_have_a_line_for_each_cell() {
    check(&[
        (
            "[cols=\"1,3\"]\n|===\n|Small disks\n|Ann\n\n|Big\nones\n|Bo\n|===",
            "tr Small disks | Ann\ntr Big ones | Bo",
        ),
        ("[%header,cols=2*]\n|===\n|a |b\n\n|c\n|d\n|===", "tr a | b\ntr c | d"),
        ("|===\n|a |b\n\n|c\n|d\n|===\n\n|===\n|a |b\n|c\n|===", "tr a | b\ntr c | d\ntr a | b\ntr c"),
        ("[cols=0*]\n|===\n|a\n|b\n|===", "tr a\ntr b"),
    ]);
}
