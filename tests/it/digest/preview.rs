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
    let cli = Cli::with_corpus(&corpus).args("digest preview --by-date 2019-05-01 --author Ada --left-out");
    let run = cli.run().code(0).says("1 new recap on KubeCon EU 2019, Barcelona\n");
    let run = run.says("2018/old (Back from KubeCon NA 2018): its date is outside of the period\n");
    run.says("undated (Some thoughts): it has no date\n")
        .says("(More of KubeCon EU 2019): it is by another author\n");
}

#[test]
fn the_message_is_that_of_the_bot() {
    let corpus = corpus();
    let run =
        Cli::with_corpus(&corpus).args("digest preview --by-date 2019-05-01 --format discord").run().code(0);
    let page: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(page["content"], "**2 new recaps on KubeCon EU 2019, Barcelona**\n-# d:preview");
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
    run.says("There are no new recaps since the last digest.\n");
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
        .warns("there is no state yet");
}
