//! The bot over a real socket, with a Discord on loopback that checks each request.

mod all_conversations;
mod asking;
mod buttons;
mod conversations;
mod digests;
mod doctor;
mod every_button;
mod every_command;
mod failures;
mod first_steps;
mod fixture;
mod forged;
mod gateway;
mod generated;
mod hostile;
mod limits;
mod load;
mod mentions;
mod options;
mod overviews;
mod privacy;
mod recaps;
mod refreshing;
mod registering;
mod reload;
mod rest;
mod shared;
mod situations;

use fixture::text;

use crate::harness::bot::TestBot;

/// Returns the metrics page.
async fn metrics(bot: &TestBot) -> String {
    bot.page("metrics").await.1
}

/// Returns the status and the text of the page that says whether people get answers.
async fn readiness(bot: &TestBot) -> (u16, String) {
    bot.page("readyz").await
}
