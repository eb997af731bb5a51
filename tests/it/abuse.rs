//! A01 to A05 of the fault list: `corpus check` names the problems, and `ask` answers
//! from the other posts.

use std::fs::{self, File};

use serde_json::Value;

use crate::harness::{Cli, TempCorpus};

/// Good posts that answer a question, with bad files beside them.
struct AbuseFixture {
    corpus: TempCorpus,
}

impl AbuseFixture {
    fn new() -> Self {
        Self { corpus: TempCorpus::small() }
    }

    fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        Self { corpus: self.corpus.file(path, bytes) }
    }

    fn file_path(&self, path: &str) -> std::path::PathBuf {
        self.corpus.path().join(path)
    }

    /// Checks the exit code and the problems (`path: code`) of `corpus check`, and that the good posts have none.
    #[track_caller]
    fn assert_problems(&self, code: i32, expected: &[&str]) -> Vec<Value> {
        let checked = Cli::with_corpus(&self.corpus)
            .args("corpus check --format json")
            .run()
            .code(code)
            .without_warning();
        let problems = checked.json()["problems"].as_array().expect("a list").clone();
        let bad: Vec<Value> = problems.into_iter().filter(|problem| problem["code"] != "draft").collect();
        let text = |problem: &Value, field: &str| problem[field].as_str().unwrap_or_default().to_owned();
        let found: Vec<String> = bad
            .iter()
            .map(|problem| format!("{}: {}", text(problem, "path"), text(problem, "code")))
            .collect();
        assert_eq!(found, expected);
        assert!(
            bad.iter().all(|problem| !text(problem, "what").is_empty() && !text(problem, "todo").is_empty())
        );

        let plain = Cli::with_corpus(&self.corpus).args("corpus check --all").run().code(code);
        for problem in &bad {
            let line = problem["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
            let head = format!("{}{line}: {}: ", text(problem, "path"), text(problem, "severity"));
            assert!(plain.out.lines().any(|line| line.starts_with(&head)), "no {head:?} in {}", plain.out);
        }
        self.still_answers();
        bad
    }

    /// Checks that the good posts answer.
    #[track_caller]
    fn still_answers(&self) {
        let run = Cli::with_corpus(&self.corpus).args("ask what about service meshes?").run().code(0);
        run.says("│ Service meshes are still young, most teams run one in a single cluster.\n");
    }

    /// Returns the page that answers this question.
    fn page(&self, question: &str) -> String {
        Cli::with_corpus(&self.corpus).arg("ask").arg(question).run().code(0).out
    }
}

#[test]
fn a01_files_over_the_limit_are_named_and_the_rest_answers() {
    let fixture = AbuseFixture::new().file("over.md", "x".repeat(2 * 1024 * 1024 + 1));
    File::create(fixture.file_path("huge.md")).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    let problems = fixture.assert_problems(1, &["huge.md: too-large", "over.md: too-large"]);
    assert!(problems.iter().all(|problem| problem["severity"] == "error"));
}

#[test]
fn a01_one_line_of_nearly_the_limit_is_a_post() {
    let head = "---\ntitle: A long line\ndate: 2019-01-02\n---\n";
    let line = "Unikernels were hardly there. ".repeat(60_000);
    let fixture = AbuseFixture::new().file("line.md", format!("{head}{line}"));
    fixture.assert_problems(0, &[]);
    let without_end = "unikernel".repeat(200_000);
    let fixture = fixture.file("word.md", format!("{head}{without_end}"));
    fixture.assert_problems(0, &[]);
    assert!(fixture.page("unikernels hardly").contains("│ Unikernels were hardly there."));
}

#[test]
fn a01_more_files_than_the_limit_are_said_and_the_first_ones_answer() {
    let fixture =
        (0..20).fold(AbuseFixture::new(), |fixture, n| fixture.file(&format!("z{n}.md"), "# Z\n\nWords.\n"));
    let run = |command: &str| {
        Cli::with_corpus(&fixture.corpus).env("TAKEAWAYS__CORPUS__MAX_POSTS", "5").args(command).run()
    };
    run("corpus check").code(1).says(".: error: it has more than 5 files; the rest was left out");
    assert_eq!(run("corpus check --format json").code(1).json()["counts"]["files"], 5);
    run("ask what about service meshes?")
        .code(0)
        .warns("1 problem while listing the corpus")
        .says("still young");
}

#[test]
fn a02_what_is_no_text_is_named_by_file_and_line_and_the_rest_answers() {
    let fixture = AbuseFixture::new().file("latin.md", b"one\ntwo\nk\xf6ln").file("nul.md", b"a\0b");
    let problems = fixture.assert_problems(1, &["latin.md: invalid-utf8", "nul.md: invalid-utf8"]);
    assert_eq!((&problems[0]["line"], &problems[0]["severity"]), (&3.into(), &"error".into()));
}

#[test]
fn a02_odd_encodings_and_line_ends_are_read() {
    let post = |words: &str| format!("---\ntitle: Odd\ndate: 2019-01-02\n---\n\n{words}\n");
    let utf16 = |text: String| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let fixture = AbuseFixture::new()
        .file("utf16.md", utf16(format!("\u{feff}{}", post("Unikernels were hardly there."))))
        .file("cr.md", post("Exokernels were seldom seen.").replace('\n', "\r"))
        .file("bom.md", format!("\u{feff}{}", post("Multikernels were not shown.")));
    fixture.assert_problems(0, &[]);
    for (question, words) in [
        ("unikernels hardly", "│ Unikernels were hardly there.\n"),
        ("exokernels seldom", "│ Exokernels were seldom seen.\n"),
        ("multikernels shown", "│ Multikernels were not shown.\n"),
    ] {
        let page = fixture.page(question);
        assert!(page.contains(words) && page.contains("Odd — 2 January 2019"), "{page}");
    }
}

#[test]
fn a02_what_turns_or_hides_text_is_not_shown() {
    let fixture = AbuseFixture::new().file(
        "bidi.md",
        "---\ntitle: \"Bidi \\u202Etxt.exe\\e[31m\"\nauthor: \"Mal\u{202e}lo\u{200b}ry\\a\"\ndate: 2019-01-02\n---\n\n\
         Unikernels\u{202e} were\u{200b} hardly\u{2066} there\u{1b}[2J in Z\u{335}a\u{321}lgo.\n",
    );
    for command in ["ask unikernels hardly", "corpus list", "corpus show bidi", "corpus check"] {
        let page = Cli::with_corpus(&fixture.corpus).args(command).run().code(0).out;
        let obeyed = |c: char| {
            (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!page.contains(obeyed), "{command}: {page:?}");
    }
    assert!(fixture.page("unikernels hardly").contains("Unikernels"));
    let list = Cli::with_corpus(&fixture.corpus).args("corpus list --format json").run().code(0).json_lines();
    let bidi = list.iter().find(|post| post["path"] == "bidi.md").expect("it is listed");
    assert_eq!((&bidi["title"], &bidi["authors"][0]), (&"Bidi txt.exe[31m".into(), &"Mallory".into()));
}

#[test]
fn a03_nesting_without_end_neither_stops_nor_silences_the_rest() {
    let fixture = AbuseFixture::new()
        .file("quotes.md", "> ".repeat(40_000) + "x")
        .file("brackets.md", "[".repeat(50_000) + "x")
        .file("divs.html", "<div>".repeat(80_000) + "x")
        .file("lists.md", (0..700).fold(String::new(), |text, depth| text + &"  ".repeat(depth) + "- x\n"))
        .file("footnotes.md", (0..20_000).fold(String::new(), |text, n| text + &format!("[^{n}] ")))
        .file("brackets.rst", "`".repeat(50_000) + "x")
        .file("blocks.adoc", "====\n".repeat(20_000) + "x")
        .file("front.md", format!("---\na: {}\n---\nx", "[".repeat(50_000)))
        .file("json.md", "{\"a\":".repeat(20_000));
    let run = Cli::with_corpus(&fixture.corpus).args("corpus check --format json").run();
    assert!(run.code == 0 || run.code == 1, "{}", run.err);
    assert_eq!(run.json()["counts"]["files"], 12);
    fixture.still_answers();
}

#[test]
fn a04_bombs_in_front_matter_are_named_and_the_rest_answers() {
    let aliases = (1..20).fold(String::from("a0: &a0 [x, x]\n"), |text, n| {
        text + &format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1)
    });
    let keys = (0..100_000).fold(String::new(), |text, n| text + &format!("k{n}: 1\n"));
    let fixture = AbuseFixture::new()
        .file("aliases.md", format!("---\n{aliases}---\nWords."))
        .file("keys.md", format!("---\n{keys}---\nWords."))
        .file("long.md", format!("---\ntitle: {}\n---\nWords.", "x".repeat(1 << 20)))
        .file("zero.md", "---\ntitle: T\ndate: \"0000-00-00\"\n---\nWords.");
    let expected =
        ["aliases.md: front-matter", "keys.md: front-matter", "long.md: front-matter", "zero.md: bad-date"];
    let problems = fixture.assert_problems(1, &expected);
    let severities: Vec<&Value> = problems.iter().map(|problem| &problem["severity"]).collect();
    assert_eq!(severities, ["error", "error", "error", "warning"]);
}

#[cfg(unix)]
#[test]
fn a05_what_is_no_file_of_the_folder_is_named_not_opened_and_the_rest_answers() {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    let outside = TempCorpus::new().file("secret.md", "# Secret\n\nUnikernels are the secret.\n");
    let fixture = AbuseFixture::new();
    symlink(outside.path().join("secret.md"), fixture.file_path("file-outside.md")).expect("a link");
    symlink(outside.path(), fixture.file_path("folder-outside")).expect("a link");
    symlink("/dev/zero", fixture.file_path("zero.md")).expect("a link");
    symlink("2019/mesh.md", fixture.file_path("inside.md")).expect("a link");
    symlink("nowhere.md", fixture.file_path("broken.md")).expect("a link");
    symlink(".", fixture.file_path("loop")).expect("a link");
    symlink("self.md", fixture.file_path("self.md")).expect("a link");
    fs::create_dir(fixture.file_path("folder.md")).expect("a folder");
    let mut expected = vec![
        "broken.md: unreadable",
        "file-outside.md: link-outside",
        "folder-outside: link-outside",
        "inside.md: link",
        "loop: link",
        "pipe.md: not-a-file",
        "self.md: unreadable",
        "zero.md: link-outside",
    ];
    if !Command::new("mkfifo").arg(fixture.file_path("pipe.md")).status().is_ok_and(|status| status.success())
    {
        println!("skipped in part: there is no mkfifo here");
        expected.retain(|line| !line.starts_with("pipe.md"));
    }
    fixture.assert_problems(1, &expected);
    Cli::with_corpus(&fixture.corpus)
        .args("ask unikernels secret")
        .run()
        .code(1)
        .does_not_say("are the secret");
}

#[cfg(unix)]
#[test]
fn a05_what_may_not_be_read_is_named_and_the_rest_answers() {
    use takeaways_testing::unprivileged::{give_away, set_mode};

    let fixture = AbuseFixture::new()
        .file("closed.md", "# Closed\n\nWords.\n")
        .file("folder/inside.md", "# Inside\n\nWords.\n");
    give_away(fixture.corpus.path());
    let closed = ["closed.md", "folder"].map(|name| fixture.file_path(name));
    for path in &closed {
        set_mode(path, 0o000);
    }
    let run = Cli::with_corpus(&fixture.corpus).unprivileged().args("corpus check").run().code(1);
    run.says("closed.md: error: it can't be read: permission denied; make it readable, or exclude it\n")
        .says("folder: error: it can't be read: permission denied; make it readable, or exclude it\n");
    let asked = Cli::with_corpus(&fixture.corpus).unprivileged().args("ask what about service meshes?").run();
    asked
        .code(0)
        .warns("2 files or folders could not be read now; what was read before stays: folder: it can't");
    set_mode(&closed[1], 0o700);
}

#[cfg(unix)]
#[test]
fn h02_what_was_read_before_answers_while_it_may_not_be_read() {
    use takeaways_testing::unprivileged::{give_away, set_mode};

    let corpus = TempCorpus::small();
    give_away(corpus.path());
    let state = tempfile::tempdir().expect("a folder");
    give_away(state.path());
    let ask = || {
        Cli::with_corpus(&corpus)
            .state(state.path())
            .unprivileged()
            .args("ask what about service meshes?")
            .run()
    };
    ask().code(0).without_warning();
    for closed in ["2019/mesh.md", "2019", ""].map(|name| corpus.path().join(name)) {
        let mode = if closed.is_dir() { 0o700 } else { 0o600 };
        if closed.is_file() {
            fs::write(&closed, "# Changed\n\nOther words.\n").expect("written");
        }
        set_mode(&closed, 0o000);
        let run = ask().code(0);
        set_mode(&closed, mode);
        run.says("│ Service meshes are still young").warns("permission denied");
    }
}
