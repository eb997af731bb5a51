//! `takeaways ask --format discord` prints exactly the bot's message.

use super::fixture::{start_bot, without_kept_rows};
use crate::harness::Cli;

/// Questions with their options: answered, answered within a scope, refused with and without buttons.
const CASES: [(&str, &[(&str, &str)]); 16] = [
    ("what did people say about service mesh?", &[]),
    ("what is helm?", &[]),
    ("which projects graduated?", &[]),
    ("what about security at KubeCon EU 2019?", &[]),
    ("what about the latest KubeCon?", &[]),
    ("\"service mesh\" -istio", &[]),
    ("what about Kubernetes?", &[("event", "kubecon-na-2019")]),
    ("what about Kubernetes?", &[("year", "2018-2020"), ("author", "garuccio")]),
    ("what about Kubernetes?", &[("event", "KubeCon"), ("year", "2018")]),
    ("what about Kubernetes?", &[("event", "NoSuchConf 2031")]),
    ("opentelemetry at KubeCon NA 2019", &[]),
    ("ebpf in 2031", &[]),
    ("who won the football world cup?", &[]),
    ("who sang about the service mesh of sourdough?", &[]),
    ("how was KubeCon EU 2031?", &[]),
    ("what about @everyone and <@1> || **bold** [a](https://b.c)?", &[]),
];

#[tokio::test]
async fn what_is_printed_is_what_is_sent() {
    let (fake, _bot) = start_bot().await;
    let mut buttons = 0;
    for (at, (question, options)) in CASES.into_iter().enumerate() {
        let call = options.iter().fold(fake.ask(question), |call, (name, value)| call.option(name, *value));
        let sent = call.send().first_callback().await;
        let cli =
            options.iter().fold(Cli::with_notes().args("ask --format discord"), |cli, (name, value)| {
                cli.arg(&format!("--{name}")).arg(value)
            });
        let printed = cli.arg("--").arg(question).run().json();
        assert_eq!((sent.kind, &without_kept_rows(&sent.data)), (4, &printed), "{question} {options:?}");
        buttons += usize::from(!printed["components"].is_null());
        let mut direct = fake.message(question).in_dm();
        if options.is_empty() {
            // Each is a conversation of its own.
            direct = direct.by(crate::fake_discord::GUILD + 5_000 + at as u64);
            let reply = direct.send().reply().await;
            assert_eq!(reply["content"], printed.get("content").cloned().unwrap_or("".into()), "{question}");
        }
    }
    assert!(buttons >= 2, "no refusal had a button");
    fake.assert_clean();
}
