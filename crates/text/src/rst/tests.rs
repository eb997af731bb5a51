//! Tests of the reader of reStructuredText: blocks, links and head.

use crate::readable::{MarkupFormat, read_markup};
use crate::testing::{check_blocks, format_blocks, format_links};

fn check(rows: &[(&str, &str)]) {
    check_blocks(MarkupFormat::Rst, rows);
}

#[test]
fn the_head_is_kept_apart() {
    let source = "Title *x*\n#########\n:date: 2016-05-16 14:10\n:Tags: a,\n  b\n\ntext\n\n:later: no";
    let read = read_markup(MarkupFormat::Rst, source, 1);
    assert_eq!(read.head.title.as_deref(), Some("Title x"));
    let fields = [("date", "2016-05-16 14:10"), ("tags", "a, b")];
    assert_eq!(read.head.fields, fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(format_blocks(MarkupFormat::Rst, source), "h1 Title x\np text\np later: no");
}

#[test]
fn fields_of_nikola_are_read() {
    let source = ".. title: The Day\n.. slug: the-day\n.. date: 2019-11-26 10:00\n.. type: text\n\ntext\n\n.. tags: no";
    let read = read_markup(MarkupFormat::Rst, source, 1);
    assert_eq!(read.head.title.as_deref(), Some("The Day"));
    let fields = [("title", "The Day"), ("date", "2019-11-26 10:00")];
    assert_eq!(read.head.fields, fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(format_blocks(MarkupFormat::Rst, source), "p text");
}

#[test]
fn titles_rank_by_first_use() {
    check(&[
        ("=====\n A\n=====\n\ntext\n\nB\n===\n\nC\n---\n\nD\n===", "h1 A\np text\nh2 B\nh3 C\nh2 D"),
        ("a\n\n----\n\nb", "p a\np b"),
        ("a --- b\n---\n", "p a --- b ---"),
    ]);
}

#[test]
fn blocks_of_rst() {
    check(&[
        ("one\ntwo\n\nthree", "p one two\np three"),
        (
            "Code::\n\n  a\n    b\n\nc ::\n\n  d\n\n::\n\n  e\n\nf",
            "p Code:\ncode a\\n  b\np c\ncode d\ncode e\np f",
        ),
        (".. code-block:: rust\n   :linenos:\n\n   let a;\n\nb", "code let a;\np b"),
        (
            ".. image:: a.png\n   :alt: A stage\n\n.. figure:: b.png\n   :alt: B\n\n   The caption\n\nc",
            "alt A stage\nalt B\ncap The caption\np c",
        ),
        (
            ".. note:: Take\n   care\n\n.. note::\n\n   More\n\n   * a\n\n.. youtube:: x\n\n.. a comment\n   of lines\n\nb",
            "p Take\np care\np More\nli1 a < More\np b",
        ),
        ("a\n\n    quoted\n    text\n\nb", "p a\nq1 quoted text\np b"),
        (">>> a\nb\n\n| c\n| d", "code >>> a\\nb\np c d"),
        (
            "+---+\n| a |\n+---+\n\n== ==\na  b\n== ==\n\nx",
            "code +---+\\n| a |\\n+---+\ncode == ==\\na  b\\n== ==\np x",
        ),
        (".. raw:: html\n\n   <p>a\n\nb", "p b"),
    ]);
}

#[test]
fn lists_of_rst() {
    check(&[
        (
            "Three:\n\n- a\n  b\n\n  * c\n\n- d\n\ntext",
            "p Three:\nli1 a b < Three:\nli2 c < a b\nli1 d < Three:\np text",
        ),
        ("1. a\n2. b\n\n#) c\n(i) d", "li1 1. a\nli1 2. b\nli1 3. c\nli1 4. d"),
        ("- a\n\n  second\n\n- b", "li1 a\np1 second\nli1 b"),
        (
            "term\n  what it is\n\nother\n  more\n\nend",
            "li1 term\nli1 what it is < term\nli1 other\nli1 more < other\np end",
        ),
    ]);
}

#[test]
fn inside_a_paragraph() {
    check(&[
        (
            "*a* **b** ``c *d*`` `e` :code:`f` :ref:`g <h>` x*y*z 2 * 3 * 4",
            "p a b c *d* e f g x*y*z 2 * 3 * 4",
        ),
        ("it is\\ out \\*a*", "p it isout *a*"),
        ("a* b `c _d snake_case_", "p a* b `c _d snake_case_"),
    ]);
}

#[test]
fn links_of_rst() {
    for (source, shown) in [
        (
            "`a b\n<https://c\n.d>`_ and `e`_, f_ or https://g.h.\n\n.. _e: https://e\n.. _F: https://f",
            "a b -> https://c.d\ne -> https://e\nf -> https://f\nhttps://g.h -> https://g.h",
        ),
        ("`x`_ and `y <u>`__\n\n.. _x: https://z", "x -> https://z\ny -> u"),
        ("`the long name`_\n\n.. _`the long name`: https://n", "the long name -> https://n"),
    ] {
        assert_eq!(format_links(MarkupFormat::Rst, source), shown, "{source:?}");
    }
}

#[test]
fn text_of_directives_and_notes_is_kept() {
    check(&[
        ("Text after[1]_ it [#a]_ a[2]_b [x]_.", "p Text after it a[2]_b [x]_."),
        (".. container:: wide\n\n   a\n\n.. class:: lead\n\nb\n\n.. rubric:: The Day", "p a\np b\np The Day"),
        (
            ".. list-table:: Talks\n   :header-rows: 1\n\n   * - a\n     - b\n\nc",
            "p Talks\nli2 a\nli2 b\np c",
        ),
        (
            "a [1]_\n\n.. [1] The\n   note.\n\n   More.\n\n.. [CIT] left out\n\nb",
            "p a\np The note.\np More.\np b",
        ),
    ]);
}
