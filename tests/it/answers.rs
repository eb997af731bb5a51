//! Questions over the notes with the file that must come first: what was once answered rightly stays so.

use serde_json::{Value, json};

use crate::harness::Cli;

/// Question, the file of the first excerpt, and words that one of the excerpts of that file holds.
const ANSWERS: [(&str, &str, &str); 16] = [
    ("what is Meshery?", "kubecon-na-2018-cloudops.md", "benchmark"),
    (
        "Which companies bought booths to recruit at KubeCon Seattle?",
        "kubecon-na-2018-cloudops.md",
        "Home Depot",
    ),
    ("how long was the waitlist of the Operators workshop?", "kubecon-na-2018-cloudops.md", "300"),
    ("GitOps in Seattle", "kubecon-na-2018-cloudops.md", "GitOps"),
    ("which acquisition did Palo Alto Networks make?", "kubecon-na-2019-garuccio.md", "Twistlock"),
    ("what comes instead of the Docker engine?", "kubecon-na-2019-garuccio.md", "containerd"),
    ("what did VMware bet on?", "kubecon-na-2019-garuccio.md", "Tanzu"),
    ("what does Helm 3 remove?", "kubecon-na-2019-san-diego.md", "Tiller"),
    ("OODA loop", "kubecon-na-2019-san-diego.md", "Liz Rice"),
    (
        "Which company uses Cilium as the CNI of its managed k8s?",
        "kubecon-na-2019-san-diego.md",
        "DigitalOcean",
    ),
    ("how many people came to San Diego?", "kubecon-na-2019-san-diego.md", "12,000"),
    ("how many sponsors were listed in Barcelona?", "kubecon-eu-2019-thomas.md", "103"),
    ("author:Thomas RBAC", "kubecon-eu-2019-thomas.md", "OPA"),
    (
        "who warned about test coverage in Copenhagen, Dan Kohn?",
        "kubecon-eu-2018-looking-back.md",
        "Dan Kohn",
    ),
    ("\"no-code\"", "kubecon-eu-2018-looking-back.md", "Hightower"),
    ("how does the spending of vendors compare with OpenStack?", "kubecon-eu-2018-looking-back.md", "spend"),
];

/// Questions that no note answers.
const NO_ANSWERS: [&str; 6] = [
    "how do I bake sourdough bread?",
    "what was said about WebAssembly at PyCon 2021?",
    "KubeCon Paris 2024 keynotes",
    "author:Torvalds Kubernetes",
    "who won the football world cup?",
    "what is the price of a Tesla?",
];

fn ask<'a>(questions: impl IntoIterator<Item = &'a str>) -> Vec<Value> {
    let lines = questions.into_iter().map(|question| json!({"id": question, "q": question}).to_string());
    let questions = lines.collect::<Vec<_>>().join("\n");
    let run = Cli::new().args("ask --now 2026-11-20 --batch -").input(questions).run();
    run.code(0).without_warning().json_lines()
}

#[test]
fn each_question_is_answered_from_the_right_note_first() {
    let answers = ask(ANSWERS.iter().map(|(question, ..)| *question));
    let mut wrong = Vec::new();
    for (answer, (question, path, words)) in answers.iter().zip(ANSWERS) {
        let excerpts = answer["excerpts"].as_array().expect("a list");
        let of_file = excerpts.iter().filter(|excerpt| excerpt["path"] == path);
        let says = |excerpt: &Value| excerpt["quote"].as_str().is_some_and(|quote| quote.contains(words));
        if answer["excerpts"][0]["path"] != path || !of_file.clone().any(says) {
            let found =
                excerpts.iter().map(|excerpt| format!("\n    {}: {}", excerpt["path"], excerpt["quote"]));
            wrong.push(format!("{question}: not {words:?} of {path} but{}", found.collect::<String>()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_no_note_answers_is_not_answered() {
    let answers = ask(NO_ANSWERS);
    let answered: Vec<String> = answers
        .iter()
        .filter(|answer| answer["answered"] == true)
        .map(|answer| format!("{}: {}", answer["id"], answer["excerpts"][0]["quote"]))
        .collect();
    assert!(answered.is_empty(), "{}", answered.join("\n"));
}
