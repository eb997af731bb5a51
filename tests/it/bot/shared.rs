//! The shared posts and their questions: commands with and without options, direct messages, mentions, choices and
//! buttons.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use takeaways_text::model::Language;

use super::fixture::{buttons, flaws, has_excerpts};
use crate::fake_discord::{CHANNEL, FakeDiscord, GUILD, InteractionBuilder};
use crate::harness::bot::TestBot;
use crate::harness::shared_posts;

/// The counts over all questions.
const INTERACTIONS: usize = 500;

#[derive(Deserialize)]
struct SharedQuestion {
    q: String,
    kind: String,
    posts: Vec<String>,
}

/// Returns the metadata of the posts.
#[derive(Default, Deserialize)]
struct Listed {
    file: String,
    author: String,
    #[serde(default)]
    event: String,
    #[serde(default)]
    event_year: Value,
}

fn lines<T: for<'a> Deserialize<'a>>(file: &Path) -> Vec<T> {
    let text = fs::read_to_string(file).expect("a file");
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// Returns the options that a person with knowledge of the post might choose.
fn scoped(call: InteractionBuilder, listed: Option<&Listed>) -> InteractionBuilder {
    let Some(listed) = listed else { return call.option("year", "2010-2030") };
    let year = listed.event_year.as_u64().map(|year| year.to_string());
    let year = year.or_else(|| listed.event_year.as_str().map(str::to_owned)).unwrap_or_default();
    let options = [("event", listed.event.clone()), ("year", year), ("author", listed.author.clone())];
    options.into_iter().filter(|(_, value)| !value.is_empty()).fold(call, |call, (name, value)| {
        let value: String = value.chars().take(200).collect();
        call.option(name, value)
    })
}

#[track_caller]
fn is_sound(reply: &Value, question: &str) {
    assert_eq!(flaws(reply), [""; 0], "{question}: {reply:#}");
    let said = reply["content"].as_str().unwrap_or_default();
    // A refusal is in the language of the question.
    let is_refusal = |language: &Language| {
        let refusal = language.refusals().nothing_found.fill(&[("question", "?")]);
        let opening = refusal.split('?').next().unwrap_or_default().trim();
        said.starts_with(opening)
    };
    // The place and the days of an event are in bold.
    let is_listed = said.starts_with("**");
    let is_answer = has_excerpts(reply) || is_listed || Language::ALL.iter().any(is_refusal);
    assert!(is_answer, "{question}: {reply:#}");
}

/// Asks each question in every way. Returns the number of interactions, and of commands with excerpts.
async fn ask_all(
    fake: &FakeDiscord,
    interaction: &[SharedQuestion],
    listed: &HashMap<String, Listed>,
) -> (usize, usize) {
    let (mut count, mut cited) = (0, 0);
    for (at, SharedQuestion { q, posts, kind }) in interaction.iter().enumerate() {
        let channel = CHANNEL + 1_000 + at as u64;
        fake.add_channel(GUILD, channel);
        // All five are in progress at once.
        let command = fake.ask(q).send();
        let within = scoped(fake.ask(q), posts.first().and_then(|post| listed.get(post))).in_dm().send();
        let typed = q.split_whitespace().last().unwrap_or_default().trim_end_matches('?');
        let option = ["event", "year", "author"][at % 3];
        let choices = fake.autocomplete("ask").focused(option, typed).send();
        let direct = fake.message(q).by(GUILD + 5_000 + at as u64).in_dm().send();
        let mention = fake.message(q).mentioning_bot().in_channel(channel).send();
        let reply = command.reply().await;
        let replies = [reply.clone(), within.reply().await, direct.reply().await, mention.reply().await];
        for reply in &replies {
            is_sound(reply, q);
        }
        for other in [&replies[2], &replies[3]] {
            assert_eq!((&other["content"], &other["embeds"]), (&reply["content"], &reply["embeds"]), "{q}");
        }
        choices.choices().await;
        count += 5;
        cited += usize::from(has_excerpts(&reply) && kind != "none");
        let offers =
            buttons(&reply).into_iter().filter(|(label, id)| id.starts_with("1:try:") && !label.is_empty());
        for (label, custom_id) in offers {
            let answer = fake.press(&reply, &custom_id).send().reply().await;
            assert!(has_excerpts(&answer), "{q} → {label}: {answer:#}");
            count += 1;
        }
    }
    (count, cited)
}

#[tokio::test]
async fn the_questions_of_the_shared_posts_are_answered_in_every_way() {
    let Some(posts) = shared_posts() else { return };
    let interaction: Vec<SharedQuestion> = lines(&posts.join("dev_questions.jsonl"));
    let listed: Vec<Listed> = lines(&posts.join("manifest.jsonl"));
    let listed = listed.into_iter().map(|post| (post.file.clone(), post)).collect();
    let fake = FakeDiscord::start().await;
    let folder = |name: &str| posts.join(name).to_str().expect("a path in UTF-8").to_owned();
    let setup =
        TestBot::setup(&fake).arg("--corpus").arg(&folder("real")).arg("--corpus").arg(&folder("seeds"));
    let bot = setup.start(&fake).await;
    let (mut count, cited) = ask_all(&fake, &interaction, &listed).await;
    while count < INTERACTIONS {
        let help = fake.slash("help").send().reply().await;
        let about = fake.slash("about").send().reply().await;
        assert_eq!((flaws(&help), flaws(&about)), (Vec::new(), Vec::new()));
        for (label, custom_id) in buttons(&help) {
            let answer = fake.press(&help, &custom_id).send().reply().await;
            assert!(has_excerpts(&answer), "{label}: {answer:#}");
            count += 1;
        }
        count += 2;
    }
    println!("{count} interactions; {cited} of {} questions were answered with excerpts", interaction.len());
    assert!(cited * 2 > interaction.len(), "{cited} of {}", interaction.len());
    assert!(!bot.log().contains("\"ERROR\""), "{}", bot.log());
    fake.assert_clean();
}
