//! What is offered while an option is typed.

use jiff::Timestamp;
use serenity::all::{AutocompleteChoice, CreateAutocompleteResponse};

use super::Context;
use crate::failure::Failure;
use crate::orders::Here;
use takeaways_answer::complete;
use takeaways_digest::Zone;
use takeaways_render::discord::{self as pages, Choice};
use takeaways_search::Facets;

pub async fn events(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    of_facets(ctx, typed, |typed, facets| pages::of_events(&complete::events(typed, facets))).await
}

pub async fn years(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    of_facets(ctx, typed, |typed, facets| pages::of_years(&complete::years(typed, facets))).await
}

pub async fn authors(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    of_facets(ctx, typed, |typed, facets| pages::of_authors(&complete::authors(typed, facets))).await
}

pub async fn topics(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    of_facets(ctx, typed, |typed, facets| {
        let topics = complete::topics(typed, facets);
        pages::of_names(topics.into_iter().map(|topic| (topic.name, topic.id)))
    })
    .await
}

/// They depend on nothing that changes.
pub async fn zones(_: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let zones = Zone::complete(typed, pages::MAX_CHOICES);
    response(pages::of_names(zones.into_iter().map(|zone| (zone, zone))))
}

/// The digests of the server, for those who may manage it: others are offered none.
pub async fn digests(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let bot = ctx.framework.user_data;
    let here = Here::of(ctx.interaction, Timestamp::now());
    let Ok(moderator) = here.moderator() else { return response(Vec::new()) };
    match bot.store.of_server(moderator.server).await {
        Ok(all) => response(pages::of_digests(&all, typed)),
        Err(error) => {
            Failure::from(error).log();
            response(Vec::new())
        }
    }
}

/// What somebody follows.
pub async fn follows(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let bot = ctx.framework.user_data;
    match bot.store.of_person(ctx.interaction.user.id.get()).await {
        Ok(own) => {
            response(pages::of_follows(&own.map(|own| own.wanted.interests).unwrap_or_default(), typed))
        }
        Err(error) => {
            Failure::from(error).log();
            response(Vec::new())
        }
    }
}

/// None where the index can't be read: the option can still be typed.
async fn of_facets(
    ctx: Context<'_>,
    typed: &str,
    of: fn(&str, &Facets) -> Vec<Choice>,
) -> CreateAutocompleteResponse {
    let bot = ctx.framework.user_data;
    let (now_there, typed) = (bot.engine.snapshot(), typed.to_owned());
    let found = bot.on_a_thread(move || now_there.facets(Timestamp::now()).map(|facets| of(&typed, &facets)));
    let choices = match found.await {
        Ok(Ok(choices)) => choices,
        Ok(Err(error)) => {
            tracing::error!(%error, "no choices can be offered");
            Vec::new()
        }
        Err(failure) => {
            failure.log();
            Vec::new()
        }
    };
    response(choices)
}

fn response(choices: Vec<Choice>) -> CreateAutocompleteResponse {
    let choices = choices.into_iter().map(|it| AutocompleteChoice::new(it.name, it.value));
    CreateAutocompleteResponse::new().set_choices(choices.collect())
}
