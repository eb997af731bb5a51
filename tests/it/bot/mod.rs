//! The bot over a real socket, against a Discord on loopback that judges each request.

mod asking;
mod doctor;
mod failures;
mod limits;
mod registering;
mod reload;
mod rest;

use serde_json::Value;

use crate::harness::bot::TestBot;

/// All words of a message.
fn text(message: &Value) -> String {
    let embeds = message["embeds"].as_array().into_iter().flatten();
    let words = embeds.filter_map(|embed| embed["description"].as_str());
    std::iter::once(message["content"].as_str().unwrap_or_default())
        .chain(words)
        .collect::<Vec<_>>()
        .join("\n")
}

/// What the bot counts.
async fn metrics(bot: &TestBot) -> String {
    let page = reqwest::get(format!("http://{}/metrics", bot.ops().await)).await;
    page.expect("an answer").text().await.expect("a text")
}
