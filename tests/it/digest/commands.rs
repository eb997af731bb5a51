//! `takeaways digest preview`, `run`, `list` and `log` without a Discord, and `run` at one that does not take a digest at once:
//! it ends when each digest was sent or given up, or when its time is over, and its exit code and its output say which.
//!
//! The waits are real, so five processes with five Discords run at once.

use std::path::Path;

use jiff::SignedDuration;
use takeaways_digest::{DeliveryState, NewSubscription, Target};
use takeaways_store::{Store, StoreLocation};
use takeaways_testing::time;
use tokio::task::JoinSet;

use super::fixture::DigestFixture;
use crate::fake_discord::{SEND, SEND_MESSAGE, ScriptedReply};
use crate::harness::{Cli, CliRun, TempCorpus, daily_subscription, run};

const MADE_AT: &str = "2026-11-20T08:00:00Z";

/// Creates a state with a digest at nine o'clock, whose posts are all known.
async fn wanted(folder: &Path) {
    let store = Store::open(&StoreLocation::Folder(folder.to_owned())).await.expect("the state opens");
    let made_at = time(MADE_AT) - SignedDuration::from_hours(24);
    let new = NewSubscription {
        zone: "Europe/Berlin".parse().expect("a zone"),
        include_since: Some(time("2015-01-01T00:00Z")),
        ..daily_subscription(Target::Channel { server: 70, channel: 7 }, 1, made_at)
    };
    store.subscribe(new, 25).await.expect("the state can be written");
    store.close().await;
}

#[tokio::test]
async fn a_dry_run_prints_what_would_be_sent_and_writes_nothing() {
    let (corpus, state) = (TempCorpus::small(), tempfile::tempdir().expect("a folder"));
    wanted(state.path()).await;
    let cli = |arguments: &str| Cli::with_corpus(&corpus).state(state.path()).args(arguments).run();
    for _ in 0..2 {
        let run = cli("digest run --dry-run --now 2026-11-20T08:00:30Z").code(0);
        let run = run.says("#1  2026-11-20T08:00:00Z  channel 7 of server 70  would be sent: ");
        run.says("Notes on meshes");
    }
    let late = cli("digest run --dry-run --now 2026-11-23T10:00:00Z").code(0);
    let late = late.says("(3 runs)  channel 7 of server 70  would be skipped: the bot was not running");
    late.says("2026-11-23T08:00:00Z").says(", late");
    cli("digest run --dry-run --now 2026-11-19T09:00:00Z").code(0).says("Nothing is due.");
    cli("digest log").code(0).says("There are no runs yet.");
    cli("digest run").code(2).warns("the bot has no token");
}

#[tokio::test]
async fn digests_and_their_runs_are_lines_for_people_and_for_programs() {
    let (corpus, state) = (TempCorpus::small(), tempfile::tempdir().expect("a folder"));
    let cli = |arguments: &str| Cli::with_corpus(&corpus).state(state.path()).args(arguments).run();
    cli("digest list").code(0).says("There are no digests. They are added on Discord: /digest add");
    cli("digest log #1").code(2).warns("there is no digest 1");
    cli("digest add daily").code(2).warns("Digests are added, changed and removed on Discord: /digest add");
    cli("digest run --dry-run").code(0).says("There is no state yet");
    wanted(state.path()).await;
    let line = cli("digest list").code(0).says("#1  channel 7 of server 70  ");
    line.says("Europe/Berlin  everything  next 2026-11-20T08:00:00Z");
    let json = cli("digest list --format json").code(0);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("a line of JSON");
    assert_eq!((&json["id"], &json["target"]["channel"]), (&1.into(), &"7".into()));
    assert_eq!((&json["status"], &json["zone"]), (&"active".into(), &"Europe/Berlin".into()));
    cli("digest log #1").code(0).says("There are no runs yet.");
    cli("digest log one").code(2).warns("is not a digest number; `takeaways digest list` shows the numbers");
}

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
    let run =
        run.says("  │ Teams should start with a service mesh only where").says("https://example.com/mesh\n");
    run.says("\n1 post without a date is left out: --left-out names it.\n");
}

#[test]
fn undated_posts_are_counted_if_they_would_be_in_the_digest() {
    let corpus = corpus();
    let preview = |more: &str| {
        Cli::with_corpus(&corpus).args(&format!("digest preview --by-date 2019-05-01 {more}")).run().code(0)
    };
    for more in ["--left-out", "--author Ada", "--format json"] {
        assert!(!preview(more).out.contains("without a date"), "{more}");
    }
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
        ("--topic", "cheese", "`takeaways corpus topics` shows all"),
        ("--author", "Zoe", "`takeaways corpus people` shows all"),
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

/// How many processes run at once.
const PROCESSES: usize = 5;

/// Runs `command` in five processes, each with a digest that is due and a Discord that `prepare` sets up.
async fn run_all(command: &'static str, prepare: fn(&DigestFixture)) -> Vec<(DigestFixture, CliRun)> {
    let mut runs = JoinSet::new();
    for _ in 0..PROCESSES {
        runs.spawn(async move {
            let fixture = DigestFixture::new().await;
            fixture.subscribe(1).await;
            prepare(&fixture);
            let done = run(fixture.cli(command)).await;
            (fixture, done)
        });
    }
    runs.join_all().await
}

/// Expects that the digest is still to be sent and that the output says so, and that a later run sends it once.
async fn expect_open(runs: Vec<(DigestFixture, CliRun)>) {
    for (fixture, done) in runs {
        let done = done.code(1).says("0 sent, 1 still to send\n").says("#1  ").says("still to send after ");
        assert!(!done.says("The next `takeaways digest run` goes on").out.contains("given up"));
        let row = fixture.ledger().await.remove(0);
        assert!(matches!(row.state, DeliveryState::Planned | DeliveryState::Sending), "{row:?}");
        assert!(row.attempts >= 2, "{row:?}");
        fixture.fake.unscript(SEND_MESSAGE);
        run(fixture.cli("digest run")).await.code(0).says("1 sent\n");
        assert_eq!(fixture.assert_delivered_once().await, 1);
    }
}

#[tokio::test]
async fn a_run_waits_as_long_as_a_rate_limit_says_and_sends() {
    let limit = |it: &DigestFixture| it.fake.script(SEND_MESSAGE, vec![ScriptedReply::limited(10.0, "user")]);
    for (fixture, done) in run_all("digest run", limit).await {
        let done = done.code(0);
        assert_eq!(done.out, "1 sent\n");
        assert_eq!(fixture.assert_delivered_once().await, 1);
    }
}

#[tokio::test]
async fn a_run_names_what_is_open_when_its_time_is_over_and_discord_answers_500() {
    let fail = |it: &DigestFixture| it.fake.script_always(SEND_MESSAGE, ScriptedReply::status(500));
    expect_open(run_all("digest run --for 8s", fail).await).await;
}

#[tokio::test]
async fn a_run_names_what_is_open_when_its_time_is_over_and_discord_resets_connections() {
    let fail = |it: &DigestFixture| it.fake.script_always(SEND_MESSAGE, ScriptedReply::reset());
    expect_open(run_all("digest run --for 8s", fail).await).await;
}

/// The digest that fails is due in the first round, and the one that needs a second round is sent.
#[tokio::test]
async fn a_run_names_what_it_gave_up_in_an_earlier_round() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(2).await;
    let [refused, limited] = [0, 1].map(|at| super::fixture::FIRST_CHANNEL + at);
    fixture.fake.overwrite(refused, 0, SEND);
    let route = format!("POST /channels/{limited}/messages");
    fixture.fake.script(&route, vec![ScriptedReply::status(500), ScriptedReply::status(500)]);
    let done = run(fixture.cli("digest run")).await.code(1).says("1 sent, 1 given up\n");
    done.says(&format!("channel {refused} ")).says("failed").says("the bot may not post there");
    assert_eq!(fixture.assert_delivered_once().await, 1);
}
