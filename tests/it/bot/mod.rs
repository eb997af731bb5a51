//! The bot over a real socket, with a Discord on loopback that checks each request.

mod asking;
mod buttons;
mod choosing;
mod digests;
mod direct;
mod doctor;
mod failures;
mod forged;
mod gateway;
mod generated;
mod hostile;
mod limits;
mod mentions;
mod options;
mod parity;
mod registering;
mod reload;
mod rest;
mod seen;
mod shared;
mod together;

use seen::text;

use crate::harness::bot::TestBot;

/// Returns the metrics page.
async fn metrics(bot: &TestBot) -> String {
    let page = reqwest::get(format!("http://{}/metrics", bot.ops_address().await)).await;
    page.expect("an answer").text().await.expect("a text")
}
