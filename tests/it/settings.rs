//! Settings of the program, and `takeaways check`.

use serde_json::json;

use crate::harness::{Cli, TempCorpus};

#[test]
fn check_shows_each_setting_and_where_it_comes_from() {
    let run = Cli::new()
        .args("check --state-dir state -v")
        .file("takeaways.toml", "answering.limit = 2\n")
        .env("TAKEAWAYS__CORPUS__MAX_POSTS", "5")
        .run()
        .code(0)
        .without_warning();
    run.says("answering.limit = 2  # takeaways.toml\n")
        .says("corpus.max_posts = 5  # TAKEAWAYS__CORPUS__MAX_POSTS\n")
        .says("state\"  # --state-dir\n")
        .says("log.level = \"info\"  # -v\n")
        .says("settings with the default value; --all shows them too\n")
        .does_not_say("corpus.drafts");
    let all = Cli::new().args("check --all --state-dir state").run().code(0).without_warning();
    all.says("corpus.drafts = false  # default\n").does_not_say("--all");
}

#[test]
fn check_of_a_broken_file_shows_the_fault_only() {
    let cli = Cli::new().args("check").file("takeaways.toml", "[corpus]\ndrafts = \n");
    let run = cli.run().code(2).says("problem: takeaways.toml:2: ");
    assert_eq!(run.out.trim().lines().count(), 1, "{}", run.out);
    let cli = Cli::new().args("check --format json").file("takeaways.toml", "[corpus");
    let json = cli.run().code(2).json();
    assert_eq!((&json["settings"], &json["problems"][0]["from"]), (&json!([]), &json!("takeaways.toml:1")));
}

#[test]
fn a_misspelt_variable_of_the_token_is_a_warning() {
    let cli = || Cli::new().env("DISCORD_TOKN", "a.b.c");
    let said = "DISCORD_TOKN: it has no effect; did you mean DISCORD_TOKEN?";
    cli().args("check").run().code(0).says(&format!("warning: {said}\n"));
    let json = cli().args("check --format json").run().code(0).json();
    assert_eq!(json["warnings"][0]["from"], "DISCORD_TOKN");
    cli().args("doctor").run().code(2).says(&format!("warning  settings: {said}\n"));
    cli().args("serve").run().code(2).warns("did you mean DISCORD_TOKEN?").warns("the bot has no token");
}

#[test]
fn doctor_says_that_only_the_notes_answer() {
    let run = Cli::new().args("doctor").run().code(2);
    let notes = takeaways_corpus::source::EMBEDDED_NOTES.len();
    run.says(&format!(
        "warning  corpus: answers come only from the {notes} built-in notes; run `takeaways corpus add`"
    ));
}

#[test]
fn check_gives_programs_values_of_their_kind() {
    let json = Cli::new().args("check --format json --state-dir state").run().code(0).json();
    let value = |key: &str| {
        let rows = json["settings"].as_array().expect("a list");
        rows.iter().find(|row| row["key"] == key).expect("its row")["value"].clone()
    };
    assert_eq!(value("answering.limit"), 3);
    assert_eq!(value("answering.strictness"), "balanced");
    assert_eq!(value("corpus.drafts"), false);
    assert_eq!(value("corpus.folders"), json!([]));
    assert_eq!(value("corpus.exclude")[0], "README*");
    assert!(value("state.dir").as_str().is_some_and(|dir| dir.ends_with("state")));
}

#[test]
fn check_finds_all_problems_at_once() {
    let cli = Cli::new()
        .args("check --config my.toml --corpus none")
        .file("my.toml", "corpus.draft = true\nanswering.limit = 9\ndiscord.token = \"s3 cret\"\n")
        .env("TAKEAWAYS__LOG__LEVEL", "loud");
    let run = cli.run().code(2);
    assert!(!run.out.contains("s3 cret") && !run.err.contains("s3 cret"), "{}{}", run.out, run.err);
    run.says("problem: my.toml:1: there is no setting corpus.draft; did you mean corpus.drafts?\n")
        .says("problem: my.toml:2: answering.limit can't be 9; write a whole number from 1 to 3\n")
        .says("problem: my.toml:3: discord.token can't be (hidden); copy the token again")
        .says("problem: TAKEAWAYS__LOG__LEVEL: log.level can't be \"loud\"; write one of \"auto\",")
        .says("problem: --corpus: the folder ");
    let json = Cli::new().args("check --format json").env("TAKEAWAYS__X", "1").run().code(2).json();
    assert_eq!(json["problems"][0]["from"], "TAKEAWAYS__X");
    assert_eq!(json["settings"][0]["key"], "corpus.folders");
}

#[test]
fn wrong_settings_stop_every_command_with_all_problems() {
    let corpus = TempCorpus::small();
    for command in ["ask mesh", "chat", "corpus list"] {
        let cli = Cli::with_corpus(&corpus).args(command).file("takeaways.toml", "a = 1\nb = 2\n");
        let run = cli.run().code(2).warns("there is no setting a;").warns("there is no setting b;");
        assert_eq!(run.out, "", "{command}");
    }
}

#[test]
fn a_corpus_named_in_a_file_starts_at_that_file() {
    let corpus = TempCorpus::small().file("takeaways.toml", "corpus.folders = [\"2019\"]");
    let config = corpus.path().join("takeaways.toml");
    let cli = Cli::new().arg("--config").arg(config.to_str().expect("UTF-8"));
    cli.args("corpus list").run().code(0).says("  mesh — Notes on meshes").does_not_say("gitops");
}

#[test]
fn a_settings_file_that_is_a_folder_or_missing_is_said() {
    for (file, said) in [("none.toml", "none.toml: it can't be read"), (".", "it is a folder")] {
        Cli::new().args("--config").arg(file).args("ask mesh").run().code(2).warns(said);
    }
}

#[test]
fn a_state_folder_that_can_not_be_made_is_a_problem() {
    let cli = Cli::new().args("check --state-dir taken/state").file("taken", "this is a file");
    cli.run().code(2).says("taken is not writable (");
    let cli = Cli::new().args("check --state-dir new/state");
    cli.run().code(0);
    assert!(!cli.working_dir().join("new").exists(), "a check leaves nothing behind");
}
