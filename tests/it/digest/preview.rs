//! `takeaways digest preview`: the content of a digest.

use crate::harness::{Cli, TempCorpus};

const MESH: &str = "---\ntitle: Meshes in Barcelona\nauthor: Ada Example\ndate: 2019-05-24\nurl: https://example.com/mesh\n---\n\n\
                    KubeCon EU 2019 was about service mesh. Teams should start with a service mesh only where they need \
                    mutual TLS, because each sidecar costs memory. Service mesh is young.\n";
const MORE: &str = "---\ntitle: More of KubeCon EU 2019\nauthor: Grace Example\ndate: 2019-05-26\n---\n\n\
                    # Service mesh\n\nA service mesh was in every second talk.\n";

fn corpus() -> TempCorpus {
    TempCorpus::new()
        .file("2019/mesh.md", MESH)
        .file("2019/more.md", MORE)
        .file("2018/old.md", "---\ntitle: Back from KubeCon NA 2018\ndate: 2018-12-20\n---\n\nIt rained.\n")
        .file("undated.md", "---\ntitle: Some thoughts\n---\n\nNo idea when.\n")
}

#[test]
fn posts_of_some_days_are_shown_under_their_event() {
    let corpus = corpus();
    let run = Cli::with_corpus(&corpus)
        .args("digest preview --by-date 2019-05-01 --until 2019-06-01")
        .run()
        .code(0);
    let run = run.says("2 new recaps on KubeCon EU 2019, Barcelona\n").says("2 posts on service mesh\n");
    run.says("  │ Teams should start with a service mesh only where").says("https://example.com/mesh\n");
}

#[test]
fn each_post_that_is_left_out_has_its_reason() {
    let corpus = corpus();
    let cli =
        || Cli::with_corpus(&corpus).args("digest preview --by-date 2019-05-01 --author Ada --left-out");
    let run = cli().run().code(0).says("1 new recap on KubeCon EU 2019, Barcelona\n");
    let run = run.says("undated (Some thoughts): it has no date\n");
    let run = run.says("(More of KubeCon EU 2019): it is by another author\n");
    // Posts of other days are counted, since there may be hundreds.
    assert!(!run.says("  1 post not from these days\n").out.contains("2018/old"));
    let json = cli().arg("--format").arg("json").run().code(0).json();
    let why = |id: &str| {
        let all = json["left_out"].as_array().expect("a list");
        all.iter().find(|post| post["post"] == id).map(|post| post["why"].clone())
    };
    assert_eq!(why("2018/old"), Some("its date is outside of the period".into()));
}

#[test]
fn the_message_is_that_of_the_bot() {
    let corpus = corpus();
    let run =
        Cli::with_corpus(&corpus).args("digest preview --by-date 2019-05-01 --format discord").run().code(0);
    let page: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(page["content"], "**2 new recaps on KubeCon EU 2019, Barcelona**");
    let last = page["embeds"][0]["description"].as_str().expect("a text");
    assert!(last.ends_with("\n\n-# d:preview"), "{last}");
    assert_eq!(page["allowed_mentions"]["parse"], serde_json::json!([]));
    let run =
        Cli::with_corpus(&corpus).args("digest preview --by-date 2019-05-01 --format json").run().code(0);
    let digest: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(digest["groups"][0]["event"], "kubecon-eu-2019");
    assert_eq!(digest["groups"][0]["bundles"][0]["posts"][0]["post"], "2019/more");
}

#[test]
fn nothing_new_is_exit_code_1() {
    let corpus = corpus();
    let run = Cli::with_corpus(&corpus).args("digest preview --by-date 2024-01-01").run().code(1);
    run.says("There are no such posts dated 2024-01-01 or later.\n");
    let cli = Cli::with_corpus(&corpus).args("digest preview --by-date 2024-01-01 --until 2024-02-01");
    cli.run().code(1).says("There are no such posts dated 2024-01-01 or later and before 2024-02-01.\n");
}

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    let corpus = corpus();
    for (option, name, said) in [
        ("--event", "KubeCon EU 2091", "did you mean KubeCon EU 2019, Barcelona"),
        ("--topic", "servic meshh", "did you mean Service mesh"),
        ("--author", "Adda Exampel", "did you mean Ada Example"),
        ("--language", "xx", "use one of en, de, fr"),
    ] {
        let cli = Cli::with_corpus(&corpus).args("digest preview --by-date 2019-05-01").arg(option).arg(name);
        cli.run().code(2).warns(said);
    }
}

#[test]
fn without_a_state_nothing_was_first_seen() {
    let corpus = corpus();
    Cli::with_corpus(&corpus)
        .args("digest preview --since 2019-05-01")
        .run()
        .code(2)
        .warns("nobody knows yet when the posts were first seen: `takeaways serve` records that")
        .warns("Add --by-date DATE");
}
