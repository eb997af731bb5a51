//! The commands for overviews: what they send, and their choices.

use super::fixture::{start_bot, without_kept_rows};
use crate::harness::Cli;

#[tokio::test]
async fn a_command_sends_what_its_subcommand_prints() {
    let (fake, _bot) = start_bot().await;
    for (command, options, words) in [
        ("takeaways", vec![("event", "kubecon-na-2019")], vec!["event", "kubecon-na-2019"]),
        ("compare", vec![("first", "2018"), ("second", "2019")], vec!["compare", "2018", "2019"]),
        ("trend", vec![("topic", "Service mesh")], vec!["trend", "Service mesh"]),
        ("who", vec![("name", "garuccio")], vec!["who", "garuccio"]),
        ("topic", vec![("name", "Kubernetes")], vec!["topic", "Kubernetes"]),
        ("topic", vec![("name", "sourdough <@1>")], vec!["topic", "sourdough <@1>"]),
    ] {
        let call = options.iter().fold(fake.slash(command), |call, (name, value)| call.option(name, *value));
        let sent = call.send().first_callback().await;
        let printed =
            words.iter().fold(Cli::new(), |cli, word| cli.arg(word)).args("--format discord").run().json();
        assert_eq!((sent.kind, &without_kept_rows(&sent.data)), (4, &printed), "{command} {options:?}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn names_are_completed() {
    let (fake, _bot) = start_bot().await;
    let first = async |command: &str, option: &str, typed: &str| {
        let choices = fake.autocomplete(command).focused(option, typed).send().choices().await;
        choices.first().cloned().unwrap_or_default()
    };
    assert!(first("topic", "name", "kuber").await.starts_with("Kubernetes · "));
    assert!(first("takeaways", "topic", "k8s").await.starts_with("Kubernetes · "));
    assert_eq!(first("who", "name", "garu").await, "Mike Garuccio · 1 post");
    assert_eq!(first("compare", "second", "san d").await, "KubeCon NA 2019, San Diego · 2 posts");
    assert_eq!(first("compare", "first", "garu").await, "Mike Garuccio · 1 post");
    assert_eq!(first("takeaways", "event", "otters").await, "");
    fake.assert_clean();
}
