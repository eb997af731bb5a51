//! `takeaways corpus`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Cli, TempCorpus};

#[test]
fn check_lists_problems_and_fails_on_errors_only() {
    let good = TempCorpus::small();
    let run = Cli::with_corpus(&good).args("corpus check").run().code(0).without_warning();
    run.says("3 files read: 2 posts, 1 draft left out; 0 errors,");

    let bad = TempCorpus::small().file("bad.md", b"# Bad\n\n\xff\xfe\xff");
    Cli::with_corpus(&bad)
        .args("corpus check")
        .run()
        .code(1)
        .says("bad.md")
        .says(", 1 file refused; 1 error,");
    let json = Cli::with_corpus(&bad).args("corpus check --format json").run().code(1).json();
    assert_eq!(json["errors"], 1, "{json}");
    let problems = json["problems"].as_array().expect("a list");
    assert!(
        problems.iter().any(|problem| problem["path"] == "bad.md" && problem["severity"] == "error"),
        "{json}"
    );
    assert_eq!(json["counts"]["drafts"], 1);
}

#[test]
fn check_names_the_folder_where_there_are_several() {
    let (one, other) = (TempCorpus::new(), TempCorpus::new());
    let [one, other] = [one, other].map(|corpus| corpus.file("p.md", b"# Bad\n\n\xff\xfe\xff"));
    let both = || Cli::with_corpus(&one).corpus(other.path()).args("corpus check");
    let shown = |corpus: &TempCorpus| format!("{}/p.md:3: error: ", corpus.path().display());
    both().run().code(1).says(&shown(&one)).says(&shown(&other));
    let json = both().args("--format json").run().code(1).json();
    let folders: BTreeSet<&str> = json["problems"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|problem| problem["folder"].as_str())
        .collect();
    assert_eq!(folders, [&one, &other].map(|corpus| corpus.path().to_str().expect("UTF-8")).into());

    let twin = || TempCorpus::new().file("p.md", "# Twin\n\nThe same words.");
    let (twin, other) = (twin(), twin());
    let both = Cli::with_corpus(&twin).corpus(other.path()).args("corpus check").run().code(0);
    both.says("it has the same text as the file with this path in another folder");

    let alone = || Cli::with_corpus(&one).args("corpus check");
    assert!(alone().run().code(1).out.starts_with("p.md:3: error: "));
    let json = alone().args("--format json").run().code(1).json();
    assert_eq!(json["problems"][0]["folder"], one.path().to_str().expect("UTF-8"));
    let json = Cli::new().args("corpus check --format json").run().code(0).json();
    assert!(json["problems"].as_array().expect("a list").iter().all(|problem| problem["folder"].is_null()));
}

#[test]
fn drafts_are_taken_in_by_setting() {
    let corpus = TempCorpus::small();
    let list = || Cli::with_corpus(&corpus).args("corpus list");
    list().run().code(0).does_not_say("2021/draft");
    list().env("TAKEAWAYS__CORPUS__DRAFTS", "true").run().code(0).says("2021/draft").says("— draft");
}

#[test]
fn what_is_scheduled_is_marked_where_drafts_are_taken_in() {
    let later =
        |day: &str| format!("---\ntitle: Later\npublishDate: {day}\n---\n\nUnikernels were hardly there.\n");
    let corpus =
        TempCorpus::small().file("later.md", later("2099-01-01")).file("past.md", later("2019-01-01"));
    let cli = |command: &str| Cli::with_corpus(&corpus).with_drafts().args(command).run().code(0);
    let list = cli("corpus list")
        .says("later — Later — scheduled for 2099-01-01T00:00:00Z\n")
        .says("past — Later\n");
    drop(list);
    let lines = cli("corpus list --format json").json_lines();
    let flag = |post: &str| &lines.iter().find(|line| line["post"] == post).expect("its line")["scheduled"];
    assert_eq!((flag("later"), flag("past")), (&true.into(), &false.into()));
    assert_eq!(cli("corpus show later --format json").json()["scheduled"], true);
    cli("corpus show later").says("scheduled yes\n");
    assert!(!cli("corpus show past").out.contains("scheduled"));
    let ask = cli("ask --limit 3 hardly unikernels").says("  Later (not published before 1 January 2099)");
    ask.does_not_say("(not published before 1 January 2019)");
    let then = cli("ask --now 2099-01-02 hardly unikernels");
    then.says("  Later").does_not_say("not published");
    Cli::with_corpus(&corpus).args("ask hardly unikernels").run().code(0).does_not_say("not published");
}

#[test]
fn list_has_a_line_for_each_post() {
    let corpus = TempCorpus::small();
    let run = Cli::with_corpus(&corpus).args("corpus list").run().code(0).without_warning();
    assert_eq!(run.out.lines().count(), 2);
    let run = run.says("2019-12-05  2019/mesh — Notes on meshes — Ada Example");
    drop(run);
    let json = Cli::with_corpus(&corpus).args("corpus list --format json").run().code(0).json_lines();
    assert_eq!((&json[1]["post"], &json[1]["language"]), (&"2020/gitops".into(), &"en".into()));
}

#[test]
fn notes_are_marked_and_counted_the_same_everywhere() {
    let source = "title: Meshes\n  date: 2019-12-05";
    let note = format!(
        "---\nsource:\n  {source}\nevent: [KubeCon NA 2019, KubeCon EU 2018]\n---\n\nShe liked it.\n"
    );
    let corpus = TempCorpus::small().file("note.md", note);
    let cli = |command: &str| Cli::with_corpus(&corpus).args("corpus").args(command).run().code(0);
    let list = cli("list");
    let line = list.out.lines().find(|line| line.contains("  note — ")).expect("the note's line");
    assert!(line.ends_with("KubeCon NA 2019, San Diego; KubeCon EU 2018, Copenhagen — note"), "{line}");
    assert_eq!(list.out.matches("— note").count(), 1, "posts are none: {}", list.out);

    cli("check").says("4 files read: 2 posts and 1 note, 1 draft left out; 0 errors, ").says(", 1 hint\n");
    cli("status").says("corpus     2 posts and 1 note\n");
    let (check, status) = (cli("check --format json").json(), cli("status --format json").json());
    for (counts, place) in [(&check["counts"], "check"), (&status, "status")] {
        assert_eq!((&counts["posts"], &counts["notes"]), (&2.into(), &1.into()), "{place}");
    }
    assert_eq!((&check["hints"], check.get("notes")), (&1.into(), None));
    assert_eq!(check["problems"][0]["severity"], "hint");
}

#[test]
fn text_is_the_readable_text_and_nothing_else() {
    let corpus = TempCorpus::small();
    let text = Cli::with_corpus(&corpus).args("corpus text 2019/mesh").run().code(0).without_warning().out;
    assert!(text.starts_with("Networking\n\nService meshes"), "{text:?}");
    assert!(text.ends_with("single cluster."), "{text:?}");
    let by_path = Cli::with_corpus(&corpus).args("corpus text 2019/mesh.md").run().code(0).out;
    let by_file = corpus.path().join("2019/mesh.md");
    let by_file =
        Cli::with_corpus(&corpus).args("corpus text").arg(by_file.to_str().expect("UTF-8")).run().code(0).out;
    assert_eq!((by_path.as_str(), by_file.as_str()), (text.as_str(), text.as_str()));
    let line = |number| Cli::with_corpus(&corpus).args("corpus text 2019/mesh --line").arg(number).run();
    let around = line("3").code(0).out;
    assert!(around.starts_with("    1  Networking\n    3  Service meshes"), "{around:?}");
    line("300").code(1).warns("has only");
}

#[test]
fn an_unknown_post_is_met_with_the_nearest() {
    let corpus = TempCorpus::small();
    for command in ["text", "show"] {
        let cli = |name: &str| Cli::with_corpus(&corpus).args("corpus").arg(command).arg(name);
        let run = cli("2019/mehs").run().code(1).warns("there is no post 2019/mehs; did you mean 2019/mesh");
        assert_eq!(run.out, "");
        cli("zzzzzz").run().code(1).warns("`takeaways corpus list` shows all");
    }
}

#[test]
fn show_has_metadata_and_blocks() {
    let corpus = TempCorpus::small();
    let run = Cli::with_corpus(&corpus).args("corpus show 2019/mesh").run().code(0).without_warning();
    run.says("title     Notes on meshes\n")
        .says("author    Ada Example\n")
        .says("0..10         heading 1  Networking\n");
    let json = Cli::with_corpus(&corpus).args("corpus show 2019/mesh --format json").run().code(0).json();
    assert_eq!((&json["post"], &json["blocks"][0]["text"]), (&"2019/mesh".into(), &"Networking".into()));
    let kinds = |at: usize| (&json["blocks"][at]["kind"], &json["blocks"][at]["level"]);
    assert_eq!((kinds(0), kinds(1)), ((&"heading".into(), &1.into()), (&"paragraph".into(), &Value::Null)));
    assert_eq!(json["blocks"][1]["section"][0], "Networking");
    assert_eq!(json["date"], "2019-12-05");
    let list = Cli::with_corpus(&corpus).args("corpus list --format json").run().code(0).json_lines();
    for (field, value) in list[0].as_object().expect("an object") {
        assert_eq!(json[field], *value, "{field}");
    }
}

#[test]
fn status_counts() {
    let corpus = TempCorpus::small();
    let run = Cli::with_corpus(&corpus).args("corpus status").run().code(0).without_warning();
    run.says("corpus     2 posts\n").says("dates      2019-12-05 to 2020-11-20, 0 undated\n");
    let json = Cli::with_corpus(&corpus).args("corpus status --format json").run().code(0).json();
    assert_eq!((&json["posts"], &json["languages"]["en"]), (&2.into(), &2.into()));
}

#[test]
fn a_post_that_answers_leave_out_can_be_looked_at() {
    let corpus = TempCorpus::small().file("bad.md", b"# Bad\n\n\xff\xfe\xff");
    Cli::with_corpus(&corpus).args("corpus text 2021/draft").run().code(0).says("Tracing with eBPF");
    Cli::with_corpus(&corpus).args("corpus text bad").run().code(1).warns("error: bad.md:3: error: ");
}

#[test]
fn a_folder_without_posts_is_an_error() {
    let empty = TempCorpus::new();
    let run = Cli::with_corpus(&empty).args("corpus check").run().code(1);
    run.says(".: error: no post was found in ").says("0 files read: 0 posts; 1 error,");
    let pictures = TempCorpus::new().file("a.JPG", "a picture");
    let run = Cli::with_corpus(&pictures).args("corpus check").run().code(1);
    run.says("1 file of another kind was skipped: .jpg 1\n");
    Cli::with_corpus(&empty).args("ask what about meshes?").run().code(1).warns("the corpus has no posts");
}

#[test]
fn files_of_other_kinds_are_counted() {
    let corpus =
        ["a.jpg", "b.JPG", "in/c.jpg", "d.json", "e.docx", "Makefile", ".git/f.json", ".hidden.json"];
    let corpus = corpus.iter().fold(TempCorpus::small(), |corpus, name| corpus.file(name, "no post"));
    let check = || Cli::with_corpus(&corpus).args("corpus check");
    check()
        .run()
        .code(0)
        .says("\n6 files of other kinds were skipped: .jpg 3, .docx 1, .json 1, no extension 1\n");
    let counts = check().args("--format json").run().code(0).json()["counts"].clone();
    assert_eq!(counts["skipped"][".jpg"], 3, "{counts}");
    let excluded = check().env("TAKEAWAYS__CORPUS__EXCLUDE", "in,*.docx").run().code(0);
    excluded.says("\n4 files of other kinds were skipped: .jpg 2, .json 1, no extension 1\n");
}

#[test]
fn a_binary_file_is_to_be_excluded() {
    let corpus = TempCorpus::small().file("picture.md", b"\x89PNG\r\n\x1a\n\0\0");
    let run = Cli::with_corpus(&corpus).args("corpus check").run().code(1);
    run.says("error: it contains a NUL byte, so it is not text; exclude it with `corpus.exclude`\n");
}

#[test]
fn equal_warnings_are_grouped() {
    let undated = |corpus: TempCorpus, number: usize| {
        corpus.file(&format!("{number}.md"), format!("# Post {number}\n\nWords {number}."))
    };
    let corpus = (1..=4).fold(TempCorpus::small(), undated);
    let what = "warning: it has no date of publication; add `date: YYYY-MM-DD` to the front matter";
    let check = |corpus: &TempCorpus, more: &str| {
        Cli::with_corpus(corpus).args(&format!("corpus check{more}")).run().code(0)
    };
    check(&corpus, "").says(&format!("1.md and 3 others: {what} (--all lists them)\n")).says("4 warnings");
    let all = check(&corpus, " --all").says(&format!("\n4.md: {what}\n")).does_not_say("others");
    assert_eq!(all.out.matches(what).count(), 4);
    assert_eq!(check(&corpus, " --format json").json()["problems"].as_array().expect("a list").len(), 5);
    let corpus = (1..=3).fold(TempCorpus::small(), undated);
    check(&corpus, "").says(&format!("3.md: {what}\n")).does_not_say("others");
}

#[test]
fn ask_says_how_many_files_were_left_out() {
    let bombs =
        ["one", "two"].map(|name| (format!("{name}.md"), format!("---\na: {}\n---\nx", "[".repeat(50_000))));
    let corpus = bombs.iter().fold(TempCorpus::small(), |corpus, (name, text)| corpus.file(name, text));
    let corpus = corpus.file("latin.md", b"\n\ncaf\xe9");
    let check = Cli::with_corpus(&corpus).args("corpus check --format json").run().code(1).json();
    let ask = Cli::with_corpus(&corpus).args("ask what about service meshes?");
    for _ in ["with reading", "without"] {
        let run = ask.run().code(0);
        let left_out = format!("{} files were left out because of their content", check["counts"]["refused"]);
        assert_eq!(run.err.matches(&left_out).count(), 1, "{}", run.err);
    }
}

#[test]
fn names_are_listed_with_their_posts() {
    let post = |event: &str, author: &str, text: &str| {
        format!("---\ntitle: A day\nauthor: {author}\ndate: 2019-12-05\nevent: {event}\n---\n\n{text}\n")
    };
    let corpus = TempCorpus::new()
        .file("a.md", post("KubeCon NA 2019", "Ada Example", "Istio and Linkerd, said Google. Service mesh."))
        .file(
            "b.md",
            post("KubeCon EU 2018", "ada example", "We run Istio at Google. GitOps, GitOps and GitOps."),
        )
        .file("c.md", post("KubeCon NA 2019", "Bob Else", "Istio, with nobody at the helm."));
    let cli = |command: &str| Cli::with_corpus(&corpus).args("corpus").args(command).run();
    for (command, expected) in [
        ("projects", "     3  Istio\n     1  Linkerd\n"),
        ("projects --event kubecon-eu-2018", "     1  Istio\n"),
        ("companies", "     2  Google\n"),
        ("people", "     2  Ada Example\n     1  Bob Else\n"),
        ("topics", "     1  GitOps\n     1  Service mesh\n"),
    ] {
        assert_eq!(cli(command).code(0).without_warning().out, expected, "{command}");
    }
    let of_event =
        Cli::with_corpus(&corpus).args("corpus people --event").arg("KubeCon NA 2019").run().code(0);
    assert_eq!(of_event.out, "     1  Ada Example\n     1  Bob Else\n");
    let json = cli("projects --format json").code(0).json_lines();
    assert_eq!(
        (&json[0]["id"], &json[0]["name"], &json[0]["posts"]),
        (&"istio".into(), &"Istio".into(), &3.into())
    );
    let run = cli("companies --event kubecon-na-2091").code(1);
    assert_eq!(run.out, "");
    run.warns("error: no post is about the event \"kubecon-na-2091\"");
    let json = cli("show a --format json").code(0).json();
    assert_eq!((&json["projects"][0], &json["companies"][0]), (&"istio".into(), &"google".into()));
    cli("show a").code(0).says("projects  istio, linkerd\n").says("companies google\n");
}
