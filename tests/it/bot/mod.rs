//! The bot over a real socket, with a Discord on loopback that checks each request.

mod asking;
mod autocomplete;
mod burst;
mod buttons;
mod concurrency;
mod conversations;
mod digests;
mod direct;
mod doctor;
mod endurance;
mod every_button;
mod every_command;
mod failures;
mod fixture;
mod forged;
mod gateway;
mod generated;
mod hostile;
mod limits;
mod mentions;
mod options;
mod overviews;
mod parity;
mod privacy;
mod reading;
mod recaps;
mod refreshing;
mod registering;
mod reload;
mod rest;
mod shared;

use fixture::text;

use crate::harness::bot::TestBot;

/// Returns the metrics page.
async fn metrics(bot: &TestBot) -> String {
    let page = reqwest::get(format!("http://{}/metrics", bot.ops_address().await)).await;
    page.expect("an answer").text().await.expect("a text")
}
