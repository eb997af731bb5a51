//! Tests of removing templates.

use super::*;
use crate::readable::MarkupFormat;
use crate::testing::check_blocks;

#[test]
fn shortcodes_are_removed_and_the_text_between_them_stays() {
    check_blocks(
        MarkupFormat::Markdown,
        &[
            ("a {{< link to=\"u\" >}}b c{{< /link >}} d", "p a b c d"),
            ("a\n\n{{< youtube abc >}}\n\n{{% note %}}\nb\n{{% /note %}}", "p a\np b"),
            (
                "{{<figure src=\"a\" alt=\"A stage\" caption=\"The *stage*\">}}\nb **c**",
                "alt A stage\ncap The stage\np b c",
            ),
            ("- a {{< figure src=\"b\" title=\"T\" >}}\n- c", "li1 a\ncap1 T\nli1 c"),
            ("{{< imgproc x >}}\nwords\n{{< /imgproc >}}", "p words"),
            ("{{< highlight go >}}\n# a\nb {{ c }}\n{{< /highlight >}}\nd", "code # a\\nb {{ c }}\np d"),
            ("{{<\n  figure\n  caption=\"C\"\n>}}", "cap C"),
            ("{{image \"a/b.png\" 800}} a", "p a"),
            ("a {{< b", "p a {{< b"),
        ],
    );
}

#[test]
fn liquid_is_removed() {
    check_blocks(
        MarkupFormat::Markdown,
        &[
            ("a {{ site.url }}b {% image x=\"y\" %} c", "p a b c"),
            ("[a]({{ site.url }}/b)", "p a"),
            ("{% comment %}a\n\nb{% endcomment %}c", "p c"),
            ("{% raw %}{{ a }} {% b %}{% endraw %} c", "p {{ a }} {% b %} c"),
            ("{% highlight sh linenos %}\n# a\n{% endhighlight %}\nb", "code # a\np b"),
            ("{%- if a -%}b{%- endif -%}", "p b"),
            ("{% include figure.html alt=\"A\" caption=\"C\" %}", "alt A\ncap C"),
            ("{% comment %}a", "p a"),
            ("a {% b and {{ c", "p a {% b and {{ c"),
            ("{{ a\n\nb }}", "p {{ a\np b }}"),
        ],
    );
}

#[test]
fn templates_of_html_are_removed() {
    check_blocks(
        MarkupFormat::Html,
        &[
            ("<p>a {{ b }}c {% d %}</p>{% highlight x %}\n# e\n{% endhighlight %}", "p a c\ncode # e"),
            ("<pre>{{ a }}</pre><p>| b |", "code {{ a }}\np | b |"),
            ("<!DOCTYPE html><p>{{ a }}", "p {{ a }}"),
        ],
    );
}

#[test]
fn attribute_lists_are_removed() {
    check_blocks(
        MarkupFormat::Markdown,
        &[
            ("[a](u){:target=\"_blank\"}, [b](v){:target=\"_blank\" :rel=\"noopener\"}.", "p a, b."),
            ("## A [b](u){:target=\"_blank\"}: c", "h2 A b: c"),
            ("a\n{:.lead}\n\n# B {: .no_toc}\n\n![A stage](c.png){: width=\"3\"}", "p a\nh1 B\nalt A stage"),
            ("* TOC\n{:toc}\n\na", "p a"),
            ("a {:ok, value} {b} set = {1, 2}", "p a {:ok, value} {b} set = {1, 2}"),
            ("a [b](c){ .d } e", "p a b e"),
            ("{::nomarkdown}a{:/nomarkdown}", "p a"),
        ],
    );
}

#[test]
fn marks_and_modules_are_removed() {
    check_blocks(
        MarkupFormat::Markdown,
        &[
            ("a\n\nREADMORE\n\nb", "p a\np b"),
            ("a <!-- more --> b\n\n[[toc]]\n\n{/* truncate */}\n\nc", "p a b\np c"),
            ("import A from 'b';\nimport { c,\n  d } from \"e\"\n\na", "p a"),
            ("import data from many sources\n\nexport it", "p import data from many sources\np export it"),
            ("<Author {...authors.Ann} />\n\n<YouTube id=\"a\" title=\"b > c\" />\n\nd", "p d"),
            ("<Image\n  src={a}\n  alt=\"A stage\"\n/>", "alt A stage"),
            (":::tip[Title]\na\n:::\n", "p Title] a"),
            ("a Vec<String> b", "p a Vec b"),
        ],
    );
    check_blocks(
        MarkupFormat::Mdx,
        &[
            ("export const a = {\n  b: 1,\n};\n\nc", "p c"),
            ("a {props.b} c {/* d */} e", "p a c e"),
            ("<div style={{textAlign: 'right'}}>\n  <small>a</small>\n</div>\n\nb", "p a\np b"),
            ("<Tabs>\n<Tab label=\"x\">\n\na **b**\n\n</Tab>\n</Tabs>", "p a b"),
            ("a <Badge type=\"x\">b</Badge> c", "p a b c"),
            ("a { b", "p a { b"),
        ],
    );
}

#[test]
fn rows_without_a_head_are_a_table() {
    check_blocks(
        MarkupFormat::Markdown,
        &[
            ("| a | b |\n| c | d |\n\ne", "tr a | b\ntr c | d\np e"),
            ("| a | b |\n|---|---|\n| c | d |", "tr a | b\ntr c | d"),
            ("a\n| b |", "p a | b |"),
        ],
    );
}

#[test]
fn offsets_lead_back_to_the_source() {
    let source = "ab {{ c }} de {% f %} g";
    let stripped = strip_templates(source, HostMarkup::Markdown, Vec::new);
    assert_eq!(stripped.text, "ab  de  g");
    for (at, letter) in stripped.text.char_indices().filter(|(_, c)| c.is_alphabetic()) {
        assert!(source[stripped.source_offset(at)..].starts_with(letter), "{at}");
    }
}

#[test]
fn a_source_without_templates_is_not_copied() {
    assert!(matches!(
        strip_templates("a <b> c\n> d\n", HostMarkup::Markdown, Vec::new).text,
        Cow::Borrowed(_)
    ));
}

#[test]
fn a_value_that_is_missing_between_words_is_told() {
    for (source, line) in [
        ("Words.\n\nI went to {{ site.title }} this year.", Some(3)),
        ("{{ page.title }}, loved it.", Some(1)),
        ("{{ page.title }}", None),
        ("[a link]({{ site.url }}/x) and words", None),
        ("![a]( {{ site.url }} ) <img src={{ x }} > words", None),
        ("<a href=\"{{ site.baseurl }} x\">words</a>", None),
        ("words `{{ code }} here` words", None),
        ("words {{< shortcode >}} words {% include x %} words", None),
        ("pre{{ site.title }}fix", None),
    ] {
        let problems = crate::read_markup(MarkupFormat::Markdown, source, 1).problems;
        let lines: Vec<u32> = problems
            .iter()
            .map(|problem| {
                assert_eq!(problem.kind, crate::MarkupProblemKind::MissingValue, "{source}");
                problem.line
            })
            .collect();
        assert_eq!(lines, Vec::from_iter(line), "{source}");
    }
}
