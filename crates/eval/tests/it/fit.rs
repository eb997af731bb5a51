//! `takeaways-eval fit`: weights from questions.

use std::fs;

use toml::Table;

use takeaways_testing::{CliRun, TempCorpus};

use crate::{Cli, root};

const QUESTIONS: &str = r#"{"id":"1","kind":"fact","q":"how old are service meshes?","posts":["mesh.md"],"any":["young"]}
{"id":"2","kind":"fact","q":"what became the way to deploy?","posts":["gitops.md"],"any":["pull requests"]}
{"id":"3","kind":"none","q":"who won the football world cup?","near":"mesh.md"}
"#;

fn fit(arguments: &str) -> (Cli, CliRun) {
    let corpus = TempCorpus::small();
    let cli = Cli::with_corpus(&corpus).file("q.jsonl", QUESTIONS).args("fit q.jsonl").args(arguments);
    let run = cli.run();
    (cli, run)
}

#[test]
fn the_file_has_the_format_of_the_program_and_is_reproducible() {
    let fit_to_file = || {
        let (cli, run) = fit("--now 2026-11-20 --out weights.toml");
        let run = run.code(0).without_warning().says("3 questions, 2 with an answer; 3 posts\n");
        (fs::read_to_string(cli.working_dir().join("weights.toml")).expect("a file"), run.out)
    };
    let (weights, report) = fit_to_file();
    assert_eq!((weights.clone(), report), fit_to_file());
    let table: Table = weights.parse().expect("TOML");
    assert_eq!(table["ranking"]["fitted"].as_str(), Some("2026-11-20 on q.jsonl, 3 questions over 3 posts"));
    let known = fs::read_to_string(root().join("config/weights.toml")).expect("a file");
    let known: Table = known.parse().expect("TOML");
    assert_eq!(table["confidence"]["thresholds"], known["confidence"]["thresholds"]);
    for section in ["ranking", "confidence"] {
        let names = |table: &Table| {
            table[section]["weights"].as_table().expect("a table").keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(names(&table), names(&known));
    }
}

#[test]
fn without_a_file_the_weights_are_printed() {
    let (_, run) = fit("--now 2026-11-20");
    run.code(0).says("\n[confidence.thresholds]\n");
}

#[test]
fn problems_of_questions_are_reported() {
    let corpus = TempCorpus::small();
    let cli = Cli::with_corpus(&corpus).file("q.jsonl", "{}\n").args("fit q.jsonl");
    cli.run().code(2).warns("q.jsonl:1: missing field `kind`");
}

#[test]
fn shapes_are_fitted_to_labelled_questions_and_facts() {
    let questions: String = ["istio", "helm", "argo", "flux"]
        .iter()
        .flat_map(|thing| {
            [
                (format!("anyone found {thing} painful"), "opinions", "training"),
                (format!("tips for {thing}"), "advice", "choosing"),
                (format!("who made {thing}"), "fact", "aside"),
            ]
        })
        .map(|(text, shape, half)| {
            format!(r#"{{"text":"{text}","lang":"en","shape":"{shape}","half":"{half}"}}"#) + "\n"
        })
        .collect();
    let fit_to_files = || {
        let cli = Cli::new().file("s.jsonl", &questions).file("q.jsonl", QUESTIONS);
        let cli = cli.args("shapes s.jsonl --out shapes.toml --facts q.jsonl --now 2026-11-20");
        cli.run().code(0);
        let read = |name| fs::read(cli.working_dir().join(name)).expect("a file");
        (read("shapes.toml"), read("shapes.bin"))
    };
    let (words, weights) = fit_to_files();
    assert!((words.clone(), weights.clone()) == fit_to_files(), "a second fit gives the same");
    let words: Table = String::from_utf8(words).expect("text").parse().expect("TOML");
    // Those of `aside` only measure.
    assert_eq!(words["fitted"].as_str(), Some("2026-11-20 on s.jsonl and q.jsonl, 11 questions"));
    let known = fs::read(root().join("config/shapes.bin")).expect("a file");
    assert_eq!(weights.len(), known.len());
    assert!(weights.iter().any(|weight| *weight != 0));
}
