//! The choices of autocomplete.

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::Call;
use crate::failure::Failure;
use takeaways_answer::completion;
use takeaways_digest::Zone;
use takeaways_render::discord::{self as pages, Choice};
use takeaways_search::Facets;

pub fn events<'a>(call: Call<'a>, typed: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    of_facets(call, typed, |typed, facets| pages::event_choices(&completion::complete_events(typed, facets)))
}

pub fn years<'a>(call: Call<'a>, typed: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    of_facets(call, typed, |typed, facets| pages::year_choices(&completion::complete_years(typed, facets)))
}

pub fn authors<'a>(call: Call<'a>, typed: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    of_facets(call, typed, |typed, facets| {
        pages::author_choices(&completion::complete_authors(typed, facets))
    })
}

pub fn topics<'a>(call: Call<'a>, typed: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    of_facets(call, typed, |typed, facets| {
        let topics = completion::complete_topics(typed, facets);
        pages::name_choices(topics.into_iter().map(|topic| (topic.name, topic.id)))
    })
}

/// Time zones. They never change at run time.
pub fn zones<'a>(_: Call<'a>, typed: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    let zones = Zone::complete(typed, pages::MAX_CHOICES);
    Box::pin(async { pages::name_choices(zones.into_iter().map(|zone| (zone, zone))) })
}

/// The digests of the server, for callers who may manage it. Others get no choices.
pub fn digests<'a>(call: Call<'a>, typed: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    Box::pin(async move {
        let Ok(moderator) = call.moderator() else { return Vec::new() };
        match call.bot.store.list_by_server(moderator.server).await {
            Ok(all) => pages::digest_choices(&all, typed),
            Err(error) => none_after(error),
        }
    })
}

/// The interests of a person.
pub fn follows<'a>(call: Call<'a>, typed: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    Box::pin(async move {
        match call.bot.store.find_by_person(call.here.person).await {
            Ok(own) => {
                pages::follow_choices(&own.map(|own| own.definition.interests).unwrap_or_default(), typed)
            }
            Err(error) => none_after(error),
        }
    })
}

/// Names from the facets. The list is empty if the index can't be read; the option can still be typed.
fn of_facets<'a>(
    call: Call<'a>,
    typed: &'a str,
    of: fn(&str, &Facets) -> Vec<Choice>,
) -> BoxFuture<'a, Vec<Choice>> {
    let (snapshot, typed) = (call.bot.engine.snapshot(), typed.to_owned());
    let find = move || snapshot.facets(Timestamp::now()).map(|facets| of(&typed, &facets));
    Box::pin(async move {
        match call.bot.run_blocking(find).await {
            Ok(Ok(choices)) => choices,
            Ok(Err(error)) => {
                tracing::error!(%error, "no choices can be offered");
                Vec::new()
            }
            Err(failure) => none_after(failure),
        }
    })
}

/// An empty list after a failure, which is logged: choices can't hold a message.
fn none_after(error: impl Into<Failure>) -> Vec<Choice> {
    error.into().log();
    Vec::new()
}
