//! What a new member sees, in the order in which it is tried: the help, a question, a follow-up, the section around an excerpt,
//! more, and a private answer that is shared. With `--no-capture` each message is printed as JSON, for `docs/picture/draw`.

use serde_json::Value;

use super::fixture::{buttons, flaws, foreign_links, has_excerpts, id_of, is_private, start_bot, text};

/// Prints a message and checks what holds of each of them.
#[track_caller]
fn look(step: &str, message: &Value) {
    println!("{step}\t{message}");
    assert_eq!(flaws(message), [""; 0], "{step}: {message:#}");
    assert_eq!(foreign_links(message), [""; 0], "{step}: {message:#}");
    let rows = message["components"].as_array().map_or(&[][..], Vec::as_slice);
    assert!(rows.len() <= 5, "{step}: {message:#}");
    for (label, id) in buttons(message) {
        assert!(!label.is_empty() || id.starts_with("1:"), "{step}: a button says nothing: {message:#}");
    }
}

#[tokio::test]
async fn a_new_member_takes_the_first_steps() {
    let (fake, _bot) = start_bot().await;
    let help = fake.slash("help").send().reply().await;
    look("help", &help);
    assert!(text(&help).contains("/ask") && text(&help).contains("follow"), "{help:#}");

    let answer = fake.message("what about service mesh at KubeCon NA 2018?").in_dm().send().reply().await;
    look("question", &answer);
    assert!(has_excerpts(&answer) && text(&answer).contains("KubeCon NA 2018"), "{answer:#}");

    let follow_up = fake.message("and in 2019?").in_dm().send().reply().await;
    look("follow-up", &follow_up);
    assert!(text(&follow_up).starts_with("**service mesh · KubeCon NA 2019, San Diego**"), "{follow_up:#}");

    let asked = fake.ask("what about service mesh?").send().reply().await;
    look("command", &asked);
    let menu = id_of(&asked, "context").expect("a menu");
    let context = fake.choose(&asked, &menu, &["0"]).send().reply().await;
    look("context", &context);
    assert!(
        has_excerpts(&context) && text(&context).contains("**"),
        "the excerpt is not marked: {context:#}"
    );

    let more = fake.message("more").in_dm().send().reply().await;
    look("more", &more);
    assert_ne!(text(&more), text(&follow_up));

    let private = fake.ask("what about service mesh?").private(true).send().reply().await;
    look("private", &private);
    assert!(is_private(&private), "{private:#}");
    let share = id_of(&private, "share").expect("a button");
    let shared = fake.press(&private, &share).send().reply().await;
    println!("shared\t{shared}"); // It names who shared it, which other messages must not do.
    assert!(!is_private(&shared) && text(&shared).contains("hared by"), "{shared:#}");
    fake.assert_clean();
}
