use super::*;

fn get<'a>(split: &'a SplitSource<'_>, name: &str) -> Option<&'a str> {
    split.fields.first_text(&[name])
}

#[test]
fn every_form_gives_title_body_and_line() {
    for (name, source, title, body, line) in [
        ("yaml", "---\ntitle: T\n---\nbody\n", Some("T"), "body\n", 4),
        ("yaml, dots", "---\ntitle: T\n...\nbody", Some("T"), "body", 4),
        ("yaml, crlf", "---\r\ntitle: T\r\n---\r\nbody", Some("T"), "body", 4),
        ("yaml, spaces after fences", "---  \ntitle: T\n--- \nbody", Some("T"), "body", 4),
        ("yaml, mark and blank lines", "\u{feff}\n\n---\ntitle: T\n---\nbody", Some("T"), "body", 6),
        ("yaml, comment before", "<!-- a\nb -->\n---\ntitle: T\n---\nbody", Some("T"), "body", 6),
        ("yaml, longer fence", "-----\ntitle: T\n-----\nbody", Some("T"), "body", 4),
        ("yaml, empty", "---\n---\nbody", None, "body", 3),
        ("yaml, only comments", "---\n# nothing\n---\nbody", None, "body", 4),
        ("yaml, named", "---yaml\ntitle: T\n---\nbody", Some("T"), "body", 4),
        ("yaml, to the end of the file", "---\ntitle: T\n---", Some("T"), "", 4),
        ("toml", "+++\ntitle = 'T'\n+++\nbody", Some("T"), "body", 4),
        ("toml, named", "---toml\ntitle = 'T'\n---\nbody", Some("T"), "body", 4),
        ("json", "{\n\"title\": \"T\"\n}\nbody", Some("T"), "body", 4),
        ("json, one line", "{\"title\": \"T\"}\n\nbody", Some("T"), "\nbody", 2),
        ("json, named", "---json\n{\"title\": \"T\"}\n---\nbody", Some("T"), "body", 4),
        ("json of hexo", "\"title\": \"T\",\n\"tags\": []\n;;;\nbody", Some("T"), "body", 4),
        ("json of hexo, fenced", ";;;\n\"title\": \"T\"\n;;;\nbody", Some("T"), "body", 4),
        ("hexo, no opening fence", "title: T\ndate: 2019-01-02\n---\nbody", Some("T"), "body", 4),
        ("pelican", "Title: T\nDate: 2019-01-02\n\nbody\n\n---\nmore", Some("T"), "\nbody\n\n---\nmore", 3),
        ("pelican, line goes on", "Title: T\nTags: a,\n  b\n\nbody", Some("T"), "\nbody", 4),
        ("none", "# T\n\nbody", None, "# T\n\nbody", 1),
        ("a line of dashes", "---\nSome words.\n\n---\nbody", None, "---\nSome words.\n\n---\nbody", 1),
        (
            "a line of dashes above a text with a colon",
            "---\nText here: it begins with a rule.\n\n---\nMore.",
            None,
            "---\nText here: it begins with a rule.\n\n---\nMore.",
            1,
        ),
        ("fields in groups", "---\nhero: x\n\ntitle: T\n---\nbody", Some("T"), "body", 6),
        ("a line of dashes alone", "---", None, "---", 1),
        ("a shortcode", "{{< figure >}}\nbody", None, "{{< figure >}}\nbody", 1),
        ("liquid", "{% include x %}\nbody", None, "{% include x %}\nbody", 1),
        ("a word and a colon", "Update: it works\n\nbody", None, "Update: it works\n\nbody", 1),
        ("a label", "Summary: it works\n\nbody", None, "Summary: it works\n\nbody", 1),
        ("an underlined heading", "Title: T\n=====\n\nbody", None, "Title: T\n=====\n\nbody", 1),
        ("labels in a text", "Title: T\nDate: D\nText.\n\nbody", None, "Title: T\nDate: D\nText.\n\nbody", 1),
        ("a comment without fence", "<!-- x -->\nbody", None, "<!-- x -->\nbody", 1),
        ("an open comment", "<!-- x\n---\ntitle: T\n---\n", None, "<!-- x\n---\ntitle: T\n---\n", 1),
        ("nothing", "", None, "", 1),
    ] {
        let split = split_front_matter(source).expect(name);
        assert_eq!((get(&split, "title"), split.body, split.body_line), (title, body, line), "{name}");
        assert_eq!(split.error, None, "{name}");
    }
}

#[test]
fn scalars_stay_as_they_were_written() {
    let source = "---\ntitle: 2019\nversion: 1.10\nhex: 0x10\nyes: yes\nno: false\nday: 2019-01-02\n\
                  big: 123456789012345678901234567890\nnone: ~\nquoted: '1.0'\ninf: .inf\nempty:\n---\n";
    let split = split_front_matter(source).expect("front matter");
    for (name, value) in [
        ("title", FieldValue::Number("2019".into())),
        ("version", FieldValue::Number("1.10".into())),
        ("hex", FieldValue::Number("0x10".into())),
        ("yes", FieldValue::Text("yes".into())),
        ("no", FieldValue::Bool(false)),
        ("day", FieldValue::Text("2019-01-02".into())),
        ("none", FieldValue::Null),
        ("quoted", FieldValue::Text("1.0".into())),
        ("inf", FieldValue::Text(".inf".into())),
        ("empty", FieldValue::Null),
    ] {
        assert_eq!(split.fields.get(name), Some(&value), "{name}");
    }
    assert_eq!(get(&split, "big"), Some("123456789012345678901234567890"));
}

#[test]
fn numbers_and_dates_of_toml_and_json_stay_too() {
    let split = split_front_matter(
        "+++\nday = 2024-10-14\nversion = 1.10\ntags = [\n 'a',\n 'b',\n]\n[params]\nauthor = 'J'\n+++\n",
    )
    .expect("front matter");
    assert_eq!(split.fields.get("day"), Some(&FieldValue::Date("2024-10-14".into())));
    assert_eq!(get(&split, "version"), Some("1.10"));
    assert_eq!(split.fields.get("tags").map(|tags| tags.items().len()), Some(2));
    assert_eq!(get(&split, "params.author"), Some("J"));
}

#[test]
fn yaml_as_people_write_it() {
    let source = "---\ntitle: |-\n  One\n  two\nname: 'It''s'\nwho: >-\n  [A](http://x),\n  B\nlist: [a, b]\n\
                  maps:\n- name: J\n  to: x\nspans: 'first\n\n# second'\ndup: 1\ndup: 2\nbase: &b {k: v}\nuse: *b\ntag: !x y\n---\nbody";
    let split = split_front_matter(source).expect("front matter");
    for (name, value) in [
        ("title", "One\ntwo"),
        ("name", "It's"),
        ("who", "[A](http://x), B"),
        ("spans", "first\n# second"),
        ("dup", "2"),
        ("use.k", "v"),
        ("tag", "y"),
    ] {
        assert_eq!(get(&split, name), Some(value), "{name}");
    }
    assert_eq!((split.body, split.error), ("body", None));
    let first = split.fields.get("maps").and_then(|maps| maps.items().first());
    assert_eq!(first.and_then(FieldValue::as_map).and_then(|map| map.first_text(&["name"])), Some("J"));
}

#[test]
fn what_does_not_parse_gives_no_fields_and_the_line() {
    for (name, source, line) in [
        ("a colon", "---\ntitle: Day 1: Recap\nauthor: J\n---\nbody", 2),
        ("a tab", "---\ntitle: T\ntags:\n\t- a\nauthor: J\n---\nbody", 4),
        ("an open quote", "---\ntitle: \"T\nauthor: J\n---\nbody", 2),
        ("an open quote before another", "---\nauthor: J\ntitle: 'T\nkind: 'K'\n---\nbody", 3),
        ("an open quote at the end", "---\nauthor: J\ntitle: \"T\n---\nbody", 3),
        ("an open bracket after a quoted value", "---\ntitle: \"T\n  U\"\ntags: [a\n---\nbody", 4),
        ("a bracket", "---\ntitle: [T\nauthor: J\n---\nbody", 3),
        ("an indented line", "---\ntitle: T\n author: X\nauthor: J\n---\nbody", 3),
        ("toml", "+++\ntitle = \"T\"\nauthor = J\n+++\nbody", 3),
        ("json", "{\n\"title\": \"T\"\n\"a\": 1\n}\nbody", 3),
        ("named json", "---json\n{\n\"title\": \"T\"\n\"author\": \"J\"\n}\n---\nbody", 4),
        ("no opening fence", "title: T\nauthor: [J\n---\nbody", 2),
    ] {
        let split = split_front_matter(source).expect(name);
        let error = split.error.as_ref().expect(name);
        assert!(split.fields.is_empty(), "{name}");
        assert_eq!((split.body.trim(), error.line), ("body", line), "{name}: {error}");
    }
}

#[test]
fn front_matter_that_is_not_closed_ends_at_an_empty_line() {
    let split = split_front_matter("---\ntitle: T\nauthor: J\n\nbody").expect("front matter");
    let error = split.error.as_ref().expect("an error");
    assert_eq!((get(&split, "title"), split.body.trim(), error.line), (Some("T"), "body", 1));
}

#[test]
fn lines_of_pelican() {
    let source =
        "Title: Nachlese: \"T\"\nTags: [a, 'b']\nAuthors:\n  - J\n- K\nSummary: one\n  two\nDate:\n\nbody";
    let split = split_front_matter(source).expect("front matter");
    let texts = |name: &str| {
        let items = split.fields.get(name).map(FieldValue::items).unwrap_or_default();
        items.iter().filter_map(FieldValue::as_text).collect::<Vec<_>>().join("|")
    };
    let fields = ["title", "tags", "authors", "summary", "date"].map(texts);
    assert_eq!(fields, ["Nachlese: \"T\"", "a|b", "J|K", "one two", ""]);
    assert_eq!((split.body, split.error), ("\nbody", None));
}

#[test]
fn a04_what_is_too_much_is_refused() {
    let keys = (0..10_000).fold(String::from("---\n"), |text, n| text + &format!("k{n}: 1\n")) + "---\nbody";
    let alias = "---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n\
                 d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n---\nbody";
    for (name, source, kind) in [
        ("keys", keys, FrontMatterErrorKind::TooLong),
        (
            "short keys",
            format!("---\n{}---\n", (0..9_000).fold(String::new(), |t, n| t + &format!("{n}:\n"))),
            FrontMatterErrorKind::TooManyNames,
        ),
        ("aliases", alias.to_owned(), FrontMatterErrorKind::TooManyNames),
        (
            "depth",
            format!("---\na: {}{}\n---\n", "[".repeat(40), "]".repeat(40)),
            FrontMatterErrorKind::TooDeep,
        ),
        ("deeper", format!("---\na: {}\n---\n", "[".repeat(5_000)), FrontMatterErrorKind::TooDeep),
        ("block depth", format!("---\na:\n{}x\n---\n", "- ".repeat(5_000)), FrontMatterErrorKind::TooDeep),
        (
            "length",
            format!("---\ntitle: {}\n---\nbody", "x".repeat(MAX_BYTES)),
            FrontMatterErrorKind::TooLong,
        ),
        ("huge", format!("---\ntitle: {}\n---\nbody", "x ".repeat(1 << 20)), FrontMatterErrorKind::TooLong),
        (
            "toml depth",
            format!("+++\na = {}{}\n+++\n", "[".repeat(40), "]".repeat(40)),
            FrontMatterErrorKind::TooDeep,
        ),
        (
            "json depth",
            format!("{{\"a\": {}{}}}\n", "[".repeat(40), "]".repeat(40)),
            FrontMatterErrorKind::TooDeep,
        ),
        ("toml deeper", format!("+++\na = {}\n+++\n", "[".repeat(5_000)), FrontMatterErrorKind::TooDeep),
        (
            "json deeper",
            format!("{{\"a\": {}{}}}\n", "[".repeat(5_000), "]".repeat(5_000)),
            FrontMatterErrorKind::TooDeep,
        ),
        ("json length", format!("{{\"a\": \"{}\"}}\n", "x".repeat(MAX_BYTES)), FrontMatterErrorKind::TooLong),
        (
            "pelican",
            format!("Title: T\n{}\n\nbody", "Key: value\n".repeat(10_000)),
            FrontMatterErrorKind::TooLong,
        ),
        (
            "pelican keys",
            format!("Title: T\n{}\n\nbody", "K: v\n".repeat(5_000)),
            FrontMatterErrorKind::TooManyNames,
        ),
    ] {
        let error = split_front_matter(&source).expect_err(name);
        assert_eq!(error.kind, kind, "{name}");
        assert!(error.kind.is_fatal(), "{name}");
    }
}

#[test]
fn a04_odd_yaml_neither_panics_nor_passes_for_fields() {
    for source in [
        "---\n? [a, b]\n: c\ntitle: T\n---\n",
        "---\n*x\n---\n",
        "---\n<<: *x\ntitle: T\n---\n",
        "---\na: &a\n  b: *a\ntitle: T\n---\n",
        "---\n!!binary a: b\ntitle: !!binary AAAA\n---\n",
        "---\n{a: b, c\n---\n",
        "---\n\u{0}: \u{1}\ntitle: T\n---\n",
        "---\n%YAML 9.9\ntitle: T\n---\n",
        "---\ntitle: T\n--- more\nx: y\n---\n",
        "{\"a\": 1e999}\nbody",
        "{\"a\":\nbody",
        "{}",
    ] {
        let split = split_front_matter(source).expect("no refusal");
        assert!(split.fields.len() <= 3, "{source:?}: {split:?}");
    }
}

proptest::proptest! {
    /// The body is the end of any source, and begins at the returned line.
    #[test]
    fn the_body_is_the_end_of_the_source(parts in proptest::collection::vec(proptest::sample::select(&[
        "---", "+++", ";;;", "...", "\n", "\n", "\r\n", "{", "}", "[", "]", "\"", "'", ":", ": ", " ", "  ", "\t", "- ", "#",
        "title", "title: x", "date = 2019-01-02", "\"a\": 1", "&a", "*a", "<<", "|", ">-", "!x", "é", "漢", "\u{feff}", "\u{0}",
        "<!--", "-->", "=", ",", "---json", "x",
    ][..]), 0..60)) {
        let source = parts.concat();
        if let Ok(split) = split_front_matter(&source) {
            proptest::prop_assert!(source.ends_with(split.body));
            let before = &source[..source.len() - split.body.len()];
            let lines = before.matches('\n').count() + usize::from(!before.is_empty() && !before.ends_with('\n'));
            proptest::prop_assert_eq!(split.body_line as usize, 1 + lines);
            proptest::prop_assert!(split.error.is_none_or(|error| error.line as usize <= source.lines().count().max(1)));
        }
    }
}

#[test]
fn broken_json_is_told_by_its_line_and_the_body_is_read() {
    let prefix = "the front matter is not valid JSON: ";
    for (name, source, body, line) in [
        ("a value is missing", "{\"title\": \"T\",\n\"date\": }\n\nbody", "\nbody", 2),
        ("a comma is missing", "{\n\"title\": \"T\"\n\"a\": 1\n}\nbody", "body", 3),
        ("it is not closed", "{\"title\": \"T\"\n\nbody", "\nbody", 3),
    ] {
        let split = split_front_matter(source).expect(name);
        assert_eq!(split.body, body, "{name}");
        let error = split.error.expect(name);
        assert_eq!(error.line, line, "{name}");
        let text = error.to_string();
        assert!(text.starts_with(prefix) && !text.contains("column"), "{name}: {text}");
    }
}

#[test]
fn an_error_has_the_line_of_the_file_only() {
    for source in ["---\n\ntitle: [T\nauthor: J\n---\nbody", "+++\ntitle = \"T\"\nauthor = J\n+++\nbody"] {
        let text = split_front_matter(source).expect("read").error.expect("an error").to_string();
        assert!(!text.contains(" line ") && !text.contains("column"), "{text}");
    }
}

fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.to_owned())
}

#[test]
fn a_name_is_found_however_it_is_spelled() {
    let mut fields = FieldMap::default();
    fields.push("publishDate", text("a"));
    for name in ["publishDate", "publish_date", "Publish-Date", "PUBLISHDATE"] {
        assert_eq!(fields.first_text(&[name]), Some("a"), "{name}");
    }
    assert_eq!(fields.first_text(&["date"]), None);
}

#[test]
fn the_later_of_two_values_and_maps_in_maps() {
    let mut inner = FieldMap::default();
    inner.push("author", text(" jane "));
    let mut fields = FieldMap::default();
    fields.push("title", text("first"));
    fields.push("Title", text("second"));
    fields.push("params", FieldValue::Map(inner));
    assert_eq!(fields.first_text(&["title"]), Some("second"));
    assert_eq!(fields.first_text(&["author", "params.author"]), Some("jane"));
    assert_eq!(fields.first_text(&["title.author", "params.author.name"]), None);
}

#[test]
fn names_that_stand_twice() {
    let mut fields = FieldMap::default();
    for (name, value) in [("title", "a"), ("Date", "b"), ("tags", "c"), ("date", "b"), ("Title", "d")] {
        fields.push(name, text(value));
    }
    assert_eq!(fields.repeated_names().collect::<Vec<_>>(), ["title"]);
}

#[test]
fn yes_and_no_in_words() {
    for (value, yes) in [
        (FieldValue::Bool(true), Some(true)),
        (text("False"), Some(false)),
        (text("off"), Some(false)),
        (text("maybe"), None),
        (FieldValue::Null, None),
        (FieldValue::Number("1".to_owned()), Some(true)),
    ] {
        assert_eq!(value.as_bool(), yes, "{value:?}");
    }
}
