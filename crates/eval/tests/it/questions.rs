//! `takeaways-eval questions` and `compare`, over five notes and questions with known answers.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use takeaways_testing::{CliRun, TempCorpus};

use crate::{Cli, root};

/// Prepares a run with the questions of `tests/data`.
fn questions(arguments: &str) -> Cli {
    let file = root().join("tests/data/questions.jsonl");
    Cli::with_notes().args("questions").arg(file.to_str().expect("UTF-8")).args(arguments)
}

/// Runs the program with some files in its working folder.
fn with_files(files: &[(&str, &str)], arguments: &str) -> CliRun {
    files.iter().fold(Cli::new().args(arguments), |cli, (name, text)| cli.file(name, text)).run()
}

#[test]
fn a_report_for_people() {
    let run = questions("--misses 4").run().code(0).without_warning();
    let verdict = " of 8 right: ";
    assert!(run.out.lines().next().is_some_and(|line| line.contains(verdict)), "{}", run.out);
    let (misses, scores) = run.out.split_once("\nwith an answer ").expect("a table");
    assert!(misses.contains("\nn4 (fact)") && !scores.contains("\nn4 (fact)"), "{}", run.out);
    run.says("8 questions, 5 with an answer; 5 posts, 64 passages\n")
        .says("as of 2026-11-20\n")
        .says("\nwith an answer           n  refused   hit@1")
        .says("\n  number                 1        0   1.000 [1.00, 1.00]")
        .says("\n  near what posts tell of:           1 of 1, 1.000 [1.00, 1.00]\n")
        .says("excerpts are what their files say, with their titles, authors, dates and links.\n")
        .says("\nn4 (fact) what comes instead of the Docker engine?\n  wanted  /no excerpt says this/ of ")
        .says("\nn8 (none) what about service mesh?\n  wanted  no answer\n  shown with a confidence of ")
        .does_not_say("An answer took");
}

#[test]
fn a_report_for_programs_is_the_same_every_time() {
    let report = questions("--format json --misses 1").run().code(0).without_warning();
    assert_eq!(report.out, questions("--format json --misses 1").run().out);
    let report = report.json();
    assert_eq!((&report["kind"], &report["version"]), (&json!("questions"), &json!(1)));
    assert_eq!(report["time"], Value::Null);
    assert_eq!(report["exactness"]["inexact"], json!([]));
    let rows = report["rows"].as_array().expect("a list");
    assert_eq!(rows.len(), 8);
    let field = |at: usize, name: &str| rows[at][name].clone();
    assert_eq!(
        (field(0, "rank"), field(0, "refused"), field(0, "right")),
        (json!(1), json!(false), json!(true))
    );
    assert_eq!((field(3, "rank"), field(3, "metrics")["hit@3"].clone()), (Value::Null, json!(0.0)));
    assert_eq!((field(4, "refused"), field(4, "metrics")["refused"].clone()), (json!(true), json!(1.0)));
    assert_eq!(field(5, "metrics"), json!({"false_answers": 0.0}));
}

#[test]
fn a_hit_needs_the_right_file_and_the_words_in_the_quote() {
    let corpus = TempCorpus::new()
        .file("2019/otters.md", "---\ntitle: Raccoons\n---\n\nThe otters of the harbour sleep at noon.\n")
        .file("draft.md", "---\ntitle: Draft\ndraft: true\n---\n\nThe badgers of the forest dig at night.\n");
    let rank = |question: Value| {
        let file = format!("{question}\n");
        let cli = Cli::with_corpus(&corpus).args("questions q.jsonl --format json").file("q.jsonl", &file);
        cli.run().code(0).json()["rows"][0]["best_rank"].clone()
    };
    let about = |q: &str, posts: &str, any: &str| json!({"id": "a", "kind": "fact", "q": q, "posts": [posts], "any": [any]});
    let otters = |posts: &str, any: &str| about("when do the otters sleep?", posts, any);
    assert_eq!(rank(otters("otters.md", "at NOON")), json!(1));
    assert_eq!(rank(otters("otters.md", "raccoons")), Value::Null, "the title is not quoted");
    assert_eq!(rank(otters("draft.md", "at noon")), Value::Null, "another file");
    let draft = about("when do the badgers dig?", "draft.md", "night");
    assert_eq!(rank(draft), json!(1), "drafts are read too");
}

#[test]
fn problems_of_a_file_name_their_place() {
    let lines = "{\"id\":\"a\",\"kind\":\"none\",\"q\":\"x\"}\n\
                 {\"id\":\"a\",\"kind\":\"none\",\"q\":\"x\"}\n\
                 {\"id\":\"b\",\"kind\":\"fact\",\"q\":\"x\",\"posts\":[\"a.md\"],\"any\":[\"(\"]}\n";
    let run = with_files(&[("q.jsonl", lines)], "questions q.jsonl").code(2);
    assert_snapshot!(run.err, @r#"
    error: the questions are not right:
      q.jsonl:2: the id "a" was given before, at q.jsonl:1
      q.jsonl:3: "any": "(" is no regular expression: unclosed group
    "#);
    with_files(&[], "questions q.jsonl").code(2).warns("the questions in q.jsonl can't be read");
}

#[test]
fn files_that_the_corpus_does_not_have_are_named() {
    let line = r#"{"id":"a","kind":"fact","q":"service mesh","posts":["gone.md"],"any":["x"]}"#;
    with_files(&[("q.jsonl", line)], "questions q.jsonl")
        .code(0)
        .says("NOT IN THE CORPUS, though questions name them: gone.md");
}

#[test]
fn answers_that_are_hidden_are_not_found() {
    let post = |subject: &str| {
        format!("---\ntitle: On {subject}\n---\n\nThe {subject} of the harbour sleep at noon.\n")
    };
    let corpus = TempCorpus::new()
        .file("otters.md", post("otters"))
        .file("seals.md", post("seals"))
        .file("more-seals.md", post("seals"));
    let line = |id: &str, subject: &str| {
        let (q, file) = (format!("where do {subject} sleep at noon?"), format!("{subject}.md"));
        json!({"id": id, "kind": "fact", "q": q, "posts": [file], "any": [format!("{subject} of the harbour")]})
    };
    let lines = format!(
        "{}\n{}\n{}\n",
        line("s", "seals"),
        line("o", "otters"),
        json!({"id": "n", "kind": "none", "q": "bread?"})
    );
    let report = |arguments: &str| {
        let cli = Cli::with_corpus(&corpus).args("questions q.jsonl").args(arguments).file("q.jsonl", &lines);
        cli.run().code(0).without_warning()
    };
    let json = report("--hide-answers --format json").json();
    assert_eq!((&json["kind"], &json["dropped"]), (&json!("hidden_answers"), &json!(["s"])));
    let rows = json["rows"].as_array().expect("a list");
    assert_eq!((rows.len(), &rows[0]["id"]), (1, &json!("o")));
    let confidence = |name: &str| rows[0][name].as_f64().expect("a number");
    assert!(confidence("confidence") < confidence("confidence_there"), "{rows:?}");
    report("--hide-answers")
        .says("1 asked with their answers taken away; 1 left out, answered elsewhere too");
}

#[test]
fn latency_is_measured_on_request() {
    questions("--time").run().code(0).says("An answer took ").says("ms at p99.");
    assert!(questions("--time --format json").run().json()["time"]["first"]["p50_us"].is_f64());
}

#[test]
fn the_plot_is_svg() {
    let cli = questions("--plot reliability.svg");
    cli.run().code(0);
    let plot = fs::read_to_string(cli.working_dir().join("reliability.svg")).expect("a file");
    assert!(plot.contains("8 questions, expected calibration error "), "{plot}");
    questions("--plot no/folder.svg").run().code(2).warns("no/folder.svg can't be written");
}

#[test]
fn a_report_is_compared_with_another() {
    let report = |kind: &str, rows: &[(&str, f64)]| {
        let row = |(id, value): &(&str, f64)| json!({"id": id, "metrics": {"ndcg@10": value}});
        json!({"kind": kind, "version": 1, "rows": rows.iter().map(row).collect::<Vec<_>>()}).to_string()
    };
    let before = report("collection", &[("a", 0.25), ("b", 0.5), ("c", 1.0), ("x", 0.0)]);
    let after = report("collection", &[("b", 0.5), ("a", 0.75), ("c", 0.875), ("y", 0.0), ("z", 0.0)]);
    let own = questions("--format json").run().out;
    let files = [("a.json", before.as_str()), ("b.json", &after), ("c.json", "{}"), ("own.json", &own)];
    let run = with_files(&files, "compare a.json b.json").code(0).without_warning();
    assert_snapshot!(run.out, @r#"
    3 questions in both reports
    only in the first: x
    only in the second: y, z

    metric           n   before    after   change      p   rose   fell
    ndcg@10          3   0.5833   0.7083  +0.1250  1.000      1      1

    p: two-sided, by 10,000 random signs of the differences; one metric in twenty is below 0.05 by luck
    ndcg@10 rose: a
    ndcg@10 fell: c
    "#);
    let same = with_files(&files, "compare own.json own.json --format json").code(0).json();
    let metrics = same["metrics"].as_array().expect("a list");
    assert_eq!(metrics.len(), 5);
    assert!(metrics.iter().all(|metric| metric["p"] == 1.0), "{same}");
    with_files(&files, "compare a.json c.json").code(2).warns("c.json is no report of");
    with_files(&files, "compare a.json own.json").code(2).warns("the reports measure different things");
    with_files(&files, "compare a.json gone.json").code(2).warns("the report in gone.json can't be read");
}
