use reqwest::Response;

use super::*;
use crate::route::Route::Messages;

fn messages(channel: u64) -> Bucket {
    Messages { channel }.bucket()
}

fn answer(status: u16, headers: &[(&str, &str)]) -> Response {
    let with = |response: axum::http::response::Builder, (name, value): &(&str, &str)| {
        response.header(*name, *value)
    };
    let response = headers.iter().fold(axum::http::Response::builder().status(status), with);
    response.body(String::new()).expect("an answer").into()
}

const JSON: (&str, &str) = ("content-type", "application/json");

/// How long another request to this channel has to wait.
async fn waits(turns: &Turns, channel: u64) -> Duration {
    turns.of(messages(channel)).await.expect("a turn").left()
}

async fn heeds(turns: &Turns, channel: u64, status: u16, headers: &[(&str, &str)]) -> bool {
    turns.of(messages(channel)).await.expect("a turn").heed(&answer(status, headers))
}

/// What is left of a time that began a moment ago.
#[track_caller]
fn about(left: Duration, seconds: u64) {
    let whole = Duration::from_secs(seconds);
    assert!(left <= whole && left + Duration::from_secs(20) > whole, "{left:?}, not {whole:?}");
}

#[tokio::test]
async fn f18_a_limit_of_a_route_holds_for_that_route() {
    let turns = Turns::new();
    assert!(heeds(&turns, 1, 429, &[JSON, ("retry-after", "30")]).await);
    about(waits(&turns, 1).await, 30);
    assert_eq!(waits(&turns, 2).await, Duration::ZERO);
    assert_eq!(turns.exempt(Duration::ZERO).await, Ok(()));
}

#[tokio::test]
async fn f18_a_limit_of_the_bot_holds_for_all_but_interactions() {
    let turns = Turns::new();
    assert!(heeds(&turns, 1, 429, &[JSON, ("retry-after", "30"), ("x-ratelimit-global", "true")]).await);
    about(waits(&turns, 2).await, 30);
    assert_eq!(turns.exempt(Duration::ZERO).await, Ok(()));
}

#[tokio::test]
async fn f18_after_an_answer_of_the_guards_everything_rests() {
    for headers in [&[("content-type", "text/html")][..], &[("retry-after", "3")], &[JSON]] {
        let turns = Turns::new();
        assert!(heeds(&turns, 1, 429, headers).await);
        about(waits(&turns, 2).await, 60);
        assert!(turns.exempt(Duration::from_secs(1)).await.is_err());
    }
    let turns = Turns::new();
    assert!(!heeds(&turns, 1, 429, &[("retry-after", "3600")]).await, "that is too long to wait");
    about(waits(&turns, 2).await, 3_600);
    let turn = turns.of(messages(2)).await.expect("a turn");
    assert_eq!(turn.come().await, Err(RestError::NotSent("Discord wants a long rest")));
}

#[tokio::test]
async fn f18_a_route_that_is_used_up_rests_before_it_is_refused() {
    let turns = Turns::new();
    let left = |left| [("x-ratelimit-remaining", left), ("x-ratelimit-reset-after", "25.5")];
    assert!(!heeds(&turns, 1, 200, &left("1")).await);
    assert_eq!(waits(&turns, 1).await, Duration::ZERO);
    assert!(!heeds(&turns, 1, 200, &left("0")).await);
    about(waits(&turns, 1).await, 26);
}

#[tokio::test]
async fn times_that_make_no_sense_do_no_harm() {
    for (named, seconds) in [("1e300", 86_400), ("inf", 86_400), ("-5", 60), ("NaN", 60), ("soon", 60)] {
        let turns = Turns::new();
        heeds(&turns, 1, 429, &[JSON, ("retry-after", named)]).await;
        about(waits(&turns, 1).await, seconds);
    }
}

#[tokio::test]
async fn routes_that_are_free_are_forgotten() {
    let turns = Turns::new();
    heeds(&turns, 1, 429, &[JSON, ("retry-after", "30")]).await;
    for channel in 2..=2 * ROUTES as u64 {
        waits(&turns, channel).await;
    }
    assert!(turns.routes.lock().expect("a lock").len() <= ROUTES);
    about(waits(&turns, 1).await, 30);
}
