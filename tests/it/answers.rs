//! Questions over the notes with the file of their first excerpt, as regression tests.

use serde_json::{Value, json};

use crate::harness::{Cli, TempCorpus, shared_posts};

/// A question, the file of its first excerpt, and words of an excerpt of that file.
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

/// Questions without an answer in the notes.
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
    let run = Cli::with_notes().args("ask --now 2026-11-20 --batch -").input(questions).run();
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

#[test]
fn a_name_that_is_torn_apart_is_another_name() {
    let corpus = TempCorpus::new()
        .file(
            "a.md",
            "# MeshConf 2019\n\nPeople from all over the world talked over a cup of coffee in Lyon.\n",
        )
        .file("b.md", "# MeshConf 2020\n\nThe Mesh Prize was won by a team from Lyon, to everybody's joy.\n");
    let ask = |question: &str| Cli::with_corpus(&corpus).args("ask --now 2026-11-20").arg(question).run();
    ask("Who won the World Cup?").code(1);
    ask("Who won the Mesh Prize?").code(0).says("a team from Lyon");
    ask("what about the world and a cup of coffee?").code(0).says("a cup of coffee");
}

/// Topics and events, which give a question for each pair. Few of these questions have an answer.
const TOPICS: [&str; 8] = [
    "opentelemetry",
    "wasm",
    "gitops",
    "serverless",
    "eBPF",
    "chaos engineering",
    "Backstage",
    "confidential computing",
];
const EVENTS: [&str; 6] = [
    "KubeCon NA 2017",
    "KubeCon EU 2018",
    "KubeCon NA 2019",
    "KubeCon EU 2022",
    "DockerCon 2017",
    "FOSDEM 2019",
];

#[test]
fn a_topic_at_an_event_is_not_answered_by_what_only_names_the_event() {
    let Some(posts) = shared_posts() else { return };
    let questions = TOPICS.iter().flat_map(|topic| {
        EVENTS
            .iter()
            .map(move |event| json!({"id": topic, "q": format!("what was said about {topic} at {event}?")}))
    });
    let input = questions.map(|question| question.to_string()).collect::<Vec<_>>().join("\n");
    let run =
        Cli::new().corpus(&posts.join("real")).args("ask --now 2026-11-20 --batch -").input(input).run();
    let answers = run.code(0).json_lines();
    let answered: Vec<&Value> = answers.iter().filter(|answer| answer["answered"] == true).collect();
    assert!(!answered.is_empty() && answered.len() < answers.len(), "{} of them", answered.len());
    for answer in answered {
        let topic = answer["id"].as_str().unwrap_or_default().to_lowercase();
        let excerpt = &answer["excerpts"][0];
        let shown = [&excerpt["quote"], &excerpt["lead_in"]["quote"], &excerpt["section"], &excerpt["title"]];
        let says = |text: &&Value| text.as_str().is_some_and(|text| names(text, &topic));
        assert!(shown.iter().any(says), "{}: {}", answer["question"], excerpt["quote"]);
    }
}

/// Returns whether a text names a topic by one of its usual names.
fn names(text: &str, topic: &str) -> bool {
    let also = match topic {
        "serverless" => "function",
        "wasm" => "webassembly",
        "opentelemetry" => "otel",
        "chaos engineering" => "chaos",
        other => other,
    };
    let text = text.to_lowercase();
    text.contains(topic) || text.contains(also)
}

#[test]
fn exclusions_and_phrases_are_held_to() {
    let answers = ask([
        "-mesh -\"service mesh\"",
        "what about -\"service mesh\" proxies in Seattle",
        "\"talked about all\"",
        "\"service meshes\"",
    ]);
    let quotes = |at: usize| {
        let excerpts: &Value = &answers[at]["excerpts"];
        excerpts
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .map(|excerpt| excerpt["quote"].to_string().to_lowercase())
    };
    assert_eq!(answers[0]["answered"], false);
    assert!(quotes(1).all(|quote| !quote.contains("service mesh")));
    assert_eq!(answers[2]["answered"], false);
    assert!(quotes(3).count() > 0 && quotes(3).any(|quote| quote.contains("service meshes")));
}

#[test]
fn a_post_about_several_events_is_cited_under_the_one_that_a_section_tells_of() {
    let text = "---\ntitle: \"KubeCon EU 2022 and KubeCon NA 2022\"\ndate: 2022-11-20\n---\n\
                Two conferences in one year.\n\n\
                ## KubeCon EU 2022\n\nThe otters of Valencia slept through all of the keynotes.\n\n\
                ## KubeCon NA 2022\n\nThe otters of Detroit were awake and asked for badges.\n";
    let corpus = TempCorpus::new().file("two.md", text);
    let ask = |question: &str| Cli::with_corpus(&corpus).args("ask --format json").arg(question).run().json();
    let event = |answer: &Value| answer["excerpts"][0]["event"].clone();
    let of = |answer: &Value| answer["excerpts"][0]["quote"].to_string();
    let badges = ask("who asked for badges, the otters?");
    assert_eq!((event(&badges), of(&badges).contains("Detroit")), (json!("KubeCon NA 2022, Detroit"), true));
    let valencia = ask("what did the otters do at KubeCon EU 2022?");
    assert_eq!(
        (event(&valencia), of(&valencia).contains("Valencia")),
        (json!("KubeCon EU 2022, Valencia"), true)
    );
    let elsewhere = ask("which otters asked for badges at KubeCon EU 2022?");
    assert!(!of(&elsewhere).contains("Detroit"), "{elsewhere}");
}

#[test]
fn an_old_answer_to_a_question_about_now_says_how_old_it_is() {
    let note = "I only know recaps. The newest excerpt is from January 2019.";
    let ask =
        |question: &str, now: &str| Cli::with_notes().args("ask --now").arg(now).arg(question).run().code(0);
    let about_now = "what is said about service mesh these days?";
    ask(about_now, "2026-11-20").says(note);
    ask(about_now, "2019-03-01").does_not_say("newest excerpt");
    ask("what was said about service mesh?", "2026-11-20").does_not_say("newest excerpt");
    ask("what do people think of service mesh these days?", "2026-11-20").says("The newest excerpt is from");
    let line = Cli::with_notes().args("ask --format json --now 2026-11-20").arg(about_now).run().json();
    assert_eq!(line["newest"], "2019-01-17");
    let page = Cli::with_notes().args("ask --format discord --now 2026-11-20").arg(about_now).run().json();
    let content = page["content"].as_str().expect("a text");
    assert!(content.lines().any(|line| line == format!("-# {note}")), "{content}");
}

#[test]
fn words_of_now_are_neither_looked_for_nor_marked() {
    let answers = ask([
        "latest on GitOps",
        "latest on service mesh",
        "any news about Istio?",
        "\"what's new\" in GitOps",
    ]);
    let first = |at: usize| answers[at]["excerpts"][0]["quote"].to_string();
    assert!(first(0).contains("GitOps"), "{}", answers[0]);
    assert!(first(1).contains("service mesh"), "{}", answers[1]);
    assert!(first(2).contains("Istio"), "{}", answers[2]);
    assert_eq!(answers[3]["answered"], false);
    let page =
        Cli::with_notes().args("ask --format discord").arg("any news about Istio?").run().json().to_string();
    assert!(page.contains("**Istio") && !page.contains("**new"), "{page}");
}

#[test]
fn the_message_of_the_bot_to_small_talk_is_no_refusal() {
    for (text, says) in [("hello", "took away"), ("help", "took away"), ("danke", "Gern geschehen")] {
        let page = Cli::with_notes().args("ask --format discord").arg(text).run().code(0).json();
        let content = page["content"].as_str().unwrap_or_default();
        assert!(content.contains(says), "{text}: {content}");
    }
}

#[test]
fn posts_about_another_conference_do_not_answer_for_the_one_that_is_named() {
    let corpus = TempCorpus::new()
        .file("a.md", "---\ntitle: KubeCon EU 2019\n---\nThe pancakes for breakfast were cold and few.\n")
        .file("b.md", "---\ntitle: KubeCon NA 2019\n---\nThe badges were printed on recycled paper.\n")
        .file("c.md", "---\ntitle: FOSDEM 2019\n---\nThe pancakes for breakfast came with maple syrup.\n")
        .file(
            "d.md",
            "---\ntitle: FOSDEM 2020\n---\nUnlike KubeCon, pancakes for breakfast were served all day.\n",
        );
    let events = |question: &str| -> Vec<String> {
        let answer = Cli::with_corpus(&corpus).args("ask --format json").arg(question).run().json();
        let excerpts = answer["excerpts"].as_array().cloned().unwrap_or_default();
        let mut events: Vec<String> =
            excerpts.iter().map(|it| it["event"].as_str().unwrap_or_default().to_owned()).collect();
        events.sort();
        events
    };
    let [barcelona, fosdem] = ["KubeCon EU 2019, Barcelona", "FOSDEM 2019, Brussels"];
    assert_eq!(events("KubeCon pancakes for breakfast"), ["FOSDEM 2020, Brussels", barcelona]);
    assert!(events("pancakes for breakfast").contains(&fosdem.to_owned()));
}
