//! `takeaways-eval collection` over a tiny collection, and its metrics compared with those of `trec_eval`.

use std::collections::BTreeMap;
use std::fs;

use insta::assert_snapshot;
use serde_json::json;
use takeaways_eval::collection::{Grades, RankedDocument, sort_ranking};
use takeaways_eval::metrics::{QueryMetrics, query_metrics};

use takeaways_testing::CliRun;
use takeaways_testing::shared_data::shared_path;

use crate::{Cli, root};

fn tiny(arguments: &str) -> Cli {
    let folder = root().join("tests/data/collection-tiny");
    Cli::new().args("collection").arg(folder.to_str().expect("UTF-8")).args(arguments)
}

#[test]
fn a_report_for_people() {
    let run = tiny("--format text").run().code(0).without_warning();
    // Query 2 finds its documents of grade 1 and 3 in this order: (1 + 3 / log2(3)) / (3 + 1 / log2(3)) = 0.7967.
    assert_snapshot!(run.out, @r"
    4 judged queries, 6 documents in 5 passages
    up to 1000 documents for a query; in brackets: 95 % of 10,000 draws

    ndcg@10      0.9492 [0.848, 1.000]   over 4
    recall@100   1.0000 [1.000, 1.000]   over 4
    mrr@10       1.0000 [1.000, 1.000]   over 4
    map          1.0000 [1.000, 1.000]   over 4
    span@1       0.5000 [0.000, 1.000]   over 2
    span@3       0.5000 [0.000, 1.000]   over 2
    AUROC        1.0000                  2 with an answer, 1 without

    note: 1 documents hold no words and can't be found
    ");
}

#[test]
fn a_report_for_programs_is_the_same_every_time_and_can_be_compared() {
    let report = tiny("--format json").run().code(0).without_warning();
    assert_eq!(report.out, tiny("--format json").run().out);
    let same = Cli::new().args("compare a.json a.json").file("a.json", &report.out).run().code(0);
    same.says("4 questions in both reports");
    let report = report.json();
    assert_eq!((&report["kind"], &report["version"]), (&json!("collection"), &json!(1)));
    let rows = report["rows"].as_array().expect("a list");
    let ids: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(ids, ["1", "2", "3", "4"], "those with a relevant document");
    assert_eq!(rows[0]["metrics"]["span@1"], json!(1.0));
    assert_eq!(rows[1]["metrics"]["span@3"], json!(0.0));
    assert_eq!(rows[2]["metrics"].get("span@1"), None);
    assert_eq!(
        (&report["setting"]["answerable"], &report["setting"]["unanswerable"]),
        (&json!(2), &json!(1))
    );
}

#[test]
fn a_run_is_written_for_trec_eval() {
    let cli = tiny("--run tiny.run");
    cli.run().code(0).without_warning();
    let run = fs::read_to_string(cli.working_dir().join("tiny.run")).expect("a file");
    let without_scores: Vec<String> = run
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            assert!(fields.len() == 6 && fields[4].parse::<f32>().is_ok_and(|score| score > 0.0), "{line}");
            [fields[0], fields[1], fields[2], fields[3], fields[5]].join(" ")
        })
        .collect();
    assert_snapshot!(without_scores.join("\n"), @r"
    1 Q0 otters 1 takeaways
    1 Q0 seals 2 takeaways
    2 Q0 seals 1 takeaways
    2 Q0 lighthouse 2 takeaways
    2 Q0 otters 3 takeaways
    3 Q0 heron%20<grey> 1 takeaways
    4 Q0 badgers 1 takeaways
    ");
    tiny("--run no/such/folder.run").run().code(2).warns("no/such/folder.run can't be written");
}

/// Runs the program on a small collection in its own folder, with one file replaced.
fn run_with(name: &str, text: &str) -> CliRun {
    let cli = Cli::new().args("collection .");
    let qrels = cli.working_dir().join("qrels");
    fs::create_dir(&qrels).expect("a folder");
    let right = [
        ("corpus.jsonl", "{\"_id\": \"a\", \"text\": \"otters\"}\n"),
        ("queries.jsonl", "{\"_id\": \"1\", \"text\": \"otters\"}\n"),
        ("qrels/dev.tsv", "query-id\tcorpus-id\tscore\n1\ta\t1\n"),
    ];
    let others = right.into_iter().filter(|(other, _)| *other != name);
    others.chain([(name, text)]).fold(cli, |cli, (name, text)| cli.file(name, text)).run()
}

#[test]
fn problems_of_a_collection_name_their_place() {
    run_with("README.md", "").code(0).says("ndcg@10      1.0000");
    for (name, text, why) in [
        (
            "corpus.jsonl",
            "{\"_id\": \"a\"}\n{\"title\": \"x\"}",
            "corpus.jsonl:2: it is not as it should be: missing field `_id`",
        ),
        ("queries.jsonl", "\n\n{\"_id\": \"1\"", "queries.jsonl:3: it is not JSON (column 11)"),
        (
            "qrels/dev.tsv",
            "1\ta\t1\n1\tb",
            "qrels/dev.tsv:2: it has 2 fields, not query-id, corpus-id and score",
        ),
        ("qrels/dev.tsv", "1\ta\t0\n", "no query of the collection in . has a relevant document"),
    ] {
        run_with(name, text).code(2).warns(why);
    }
    let note = "note: 1 relevant documents are not in the collection and count as not found";
    run_with("qrels/test.tsv", "1\ta\t1\n1\tz\t1").code(0).says("ndcg@10      0.6131").says(note);
    Cli::new().args("collection .").run().code(2).warns("corpus.jsonl can't be read");
}

/// See `tests/data/trec-eval/README.md`.
#[test]
fn the_figures_are_those_of_trec_eval() {
    let read =
        |name: &str| fs::read_to_string(root().join("tests/data/trec-eval").join(name)).expect("a file");
    let mut grades: BTreeMap<String, Grades> = BTreeMap::new();
    for line in read("qrels.tsv").lines().skip(1) {
        let [query, document, grade] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let grade = grade.parse().expect("a grade");
        grades.entry(query.to_owned()).or_default().insert(document.to_owned(), grade);
    }
    let mut found: BTreeMap<String, Vec<RankedDocument>> = BTreeMap::new();
    for line in read("run.txt").lines() {
        let [query, _, document, _, score, _] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let ranked = RankedDocument { document: document.to_owned(), score: score.parse().expect("a score") };
        found.entry(query.to_owned()).or_default().push(ranked);
    }
    let mut queries = 0;
    for line in read("figures.tsv").lines().skip(1) {
        let mut fields = line.split('\t');
        let query = fields.next().expect("a query");
        let expected: Vec<f64> = fields.map(|field| field.parse().expect("a figure")).collect();
        let ranking = sort_ranking(found.remove(query).unwrap_or_default());
        let QueryMetrics { ndcg, recall, mrr, ap } = query_metrics(&ranking, &grades[query]);
        for (figure, expected) in [ndcg, recall, mrr, ap].into_iter().zip(&expected) {
            assert!((figure - expected).abs() < 1e-8, "{query}: {figure} is not {expected}");
        }
        queries += 1;
    }
    assert_eq!((queries, found.len()), (8, 0));
}

/// Slow without optimisation. Prints the figures:
/// `cargo test --release -p takeaways-eval -- --ignored --nocapture collections`.
#[test]
#[ignore = "it ranks a few thousand documents, which are not in the repository"]
fn public_collections_can_be_measured() {
    for name in ["cisi", "cranfield"] {
        let Some(folder) = shared_path(&format!("collections/{name}")) else { continue };
        let cli = Cli::new().args("collection").arg(folder.to_str().expect("UTF-8"));
        let run = cli.run().code(0).without_warning();
        eprintln!("{name}\n{}", run.out);
        let json = cli.args("--format json").run().code(0).json();
        assert!(json["means"]["ndcg@10"]["value"].as_f64().is_some_and(|ndcg| ndcg > 0.2), "{name}");
    }
}
