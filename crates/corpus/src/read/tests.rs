use super::*;
use crate::testing::read_bytes;

fn codes(parsed: &ParsedFile) -> Vec<(&'static str, Option<u32>)> {
    parsed.problems.iter().map(|problem| (problem.code, problem.line)).collect()
}

#[test]
fn a_file_becomes_a_post() {
    let parsed = read_bytes(
        "2019-11-26-recap.md",
        b"---\ntitle: Recap\nauthor: Jane Doe\ntags: [a]\n---\nSome words.\n",
    );
    assert_eq!(codes(&parsed), []);
    let post = parsed.post.expect("a post");
    assert_eq!(
        (post.kind, post.title.as_deref(), post.byline().as_deref()),
        (PostKind::Post, Some("Recap"), Some("Jane Doe"))
    );
    assert_eq!(post.date.map(|day| day.to_string()).as_deref(), Some("2019-11-26"));
    assert_eq!(
        (post.body.text.as_str(), post.body.sentences.len(), post.body.passages.len()),
        ("Some words.", 1, 1)
    );
}

#[test]
fn every_problem_has_its_code_and_line() {
    let good = "---\ntitle: T\ndate: 2019-01-02\n---\n";
    for (name, path, bytes, expected, is_post) in [
        ("no title", "2019-01-02-x.md", b"Words.".to_vec(), vec![("no-title", None)], true),
        ("no date", "x.md", b"---\ntitle: T\n---\nWords.".to_vec(), vec![("no-date", None)], true),
        (
            "bad date",
            "x.md",
            b"---\ntitle: T\ndate: 2019-02-30\n---\nWords.".to_vec(),
            vec![("bad-date", Some(3))],
            true,
        ),
        (
            "front matter",
            "x.md",
            b"---\ntitle: A: b\ndate: 2019-01-02\n---\nW.".to_vec(),
            // Title and date are there, and can't be read.
            vec![("front-matter", Some(2))],
            true,
        ),
        (
            "a draft, or not",
            "x.md",
            b"---\ntitle: T maybe\ndate: 2019-01-02\ndraft: maybe\n---\nW.".to_vec(),
            vec![("bad-draft", Some(4))],
            true,
        ),
        (
            "a name that is repeated",
            "x.md",
            b"Title: T\nDate: 2019-01-02\nTitle: U\n\nWords.".to_vec(),
            vec![("repeated-name", None)],
            true,
        ),
        (
            "wrong values",
            "x.md",
            b"---\ntitle: 42 things\ndate: 2019-01-02\nurl: htp:/x\nlang: englisch\nevent: KubeCorn 2019\nauthor: 42\n---\nWords."
                .to_vec(),
            vec![
                ("bad-url", Some(4)),
                ("bad-author", Some(7)),
                ("bad-language", Some(5)),
                ("unknown-event", Some(6)),
            ],
            true,
        ),
        ("empty", "x.md", good.into(), vec![("empty", Some(5))], false),
        ("blank", "x.md", b" \n\n".to_vec(), vec![("empty", Some(1))], false),
        ("a02 latin-1", "x.md", b"\n\ncaf\xe9".to_vec(), vec![("invalid-utf8", Some(3))], false),
        (
            "a02 a little damage",
            "x.md",
            [good.as_bytes(), &b"word ".repeat(100), b"\xe9"].concat(),
            vec![("invalid-utf8", Some(5))],
            true,
        ),
        ("a02 nul", "x.md", b"a\0b".to_vec(), vec![("invalid-utf8", Some(1))], false),
        (
            "a04 aliases",
            "x.md",
            format!("---\na: {}{}\n---\n", "[".repeat(99), "]".repeat(99)).into(),
            vec![("front-matter", Some(2))],
            false,
        ),
    ] {
        let parsed = read_bytes(path, &bytes);
        assert_eq!(codes(&parsed), expected, "{name}");
        assert_eq!(parsed.post.is_some(), is_post, "{name}");
        assert!(parsed.problems.iter().all(|problem| problem.path == path), "{name}");
    }
}

#[test]
fn the_problem_of_a_note_names_the_field_of_its_date() {
    for (source, todo) in [
        ("---\ntitle: T\n---\nWords.", "add `date: YYYY-MM-DD` to the front matter"),
        ("---\nsource: {title: T}\n---\nWords.", "add `date: YYYY-MM-DD` to `source:` in the front matter"),
    ] {
        let parsed = read_bytes("x.md", source.as_bytes());
        assert_eq!(codes(&parsed), [("no-date", None)], "{source}");
        assert_eq!(parsed.problems[0].todo, todo);
    }
}

#[test]
fn a_generic_file_name_is_replaced_by_that_of_its_folder() {
    for (path, name) in [
        ("a/2019-kubecon.md", "2019-kubecon"),
        ("a/index.adoc", "a"),
        ("index.md", "index"),
        ("x/post.html.md", "post.html"),
        (".md", ""),
    ] {
        assert_eq!(descriptive_name(path), name, "{path}");
    }
}

#[test]
fn a02_bytes_to_text() {
    let utf16 =
        |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let long = [b"x\n".repeat(200), b"caf\xe9".to_vec()].concat();
    for (name, bytes, text) in [
        ("plain", "a\nb".as_bytes().to_vec(), Ok(("a\nb", None))),
        ("mark", b"\xef\xbb\xbfa".to_vec(), Ok(("a", None))),
        ("line ends", b"a\r\nb\rc\n\rd".to_vec(), Ok(("a\nb\nc\n\nd", None))),
        ("utf-16le", utf16("\u{feff}hé\r\n🎉", u16::to_le_bytes), Ok(("hé\n🎉", None))),
        ("utf-16be", utf16("\u{feff}hé\r\n🎉", u16::to_be_bytes), Ok(("hé\n🎉", None))),
        ("a surrogate alone", b"\xff\xfea\0\x00\xd8".to_vec(), Err(DecodeError::NotUtf8 { line: 1 })),
        ("half a unit", b"\xff\xfea\0b".to_vec(), Err(DecodeError::NotUtf8 { line: 1 })),
        ("latin-1", b"a\rcaf\xe9".to_vec(), Err(DecodeError::NotUtf8 { line: 2 })),
        ("nul", b"a\n\0".to_vec(), Err(DecodeError::Binary { line: 2 })),
        ("nothing", Vec::new(), Ok(("", None))),
    ] {
        let decoded = decode(&bytes);
        assert_eq!(
            decoded.as_ref().map(|it| (it.text.as_str(), it.first_invalid_line)).map_err(|error| *error),
            text,
            "{name}"
        );
    }
    let decoded = decode(&long).expect("little damage");
    assert!(decoded.text.ends_with("caf\u{fffd}"));
    assert_eq!(decoded.first_invalid_line, Some(201));
}
