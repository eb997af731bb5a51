use reqwest::Response;

use super::*;
use crate::route::Route::Messages;

fn messages_bucket(channel: u64) -> Bucket {
    Messages { channel }.bucket()
}

fn response(status: u16, headers: &[(&str, &str)]) -> Response {
    let add_header = |response: axum::http::response::Builder, (name, value): &(&str, &str)| {
        response.header(*name, *value)
    };
    let response = headers.iter().fold(axum::http::Response::builder().status(status), add_header);
    response.body(String::new()).expect("an answer").into()
}

const JSON: (&str, &str) = ("content-type", "application/json");

/// How long another request to this channel has to wait.
async fn wait_for(limiter: &RateLimiter, channel: u64) -> Duration {
    limiter.acquire(messages_bucket(channel)).await.expect("a permit").remaining_wait()
}

async fn observe(limiter: &RateLimiter, channel: u64, status: u16, headers: &[(&str, &str)]) -> bool {
    limiter.acquire(messages_bucket(channel)).await.expect("a permit").observe(&response(status, headers))
}

/// Whether about this time is left.
#[track_caller]
fn assert_about(left: Duration, seconds: u64) {
    let whole = Duration::from_secs(seconds);
    assert!(left <= whole && left + Duration::from_secs(20) > whole, "{left:?}, not {whole:?}");
}

#[tokio::test]
async fn f18_a_limit_of_a_route_holds_for_that_route() {
    let limiter = RateLimiter::new();
    assert!(observe(&limiter, 1, 429, &[JSON, ("retry-after", "30")]).await);
    assert_about(wait_for(&limiter, 1).await, 30);
    assert_eq!(wait_for(&limiter, 2).await, Duration::ZERO);
    assert_eq!(limiter.wait_exempt(Duration::ZERO).await, Ok(()));
}

#[tokio::test]
async fn f18_a_limit_of_the_bot_holds_for_all_but_interactions() {
    let limiter = RateLimiter::new();
    assert!(observe(&limiter, 1, 429, &[JSON, ("retry-after", "30"), ("x-ratelimit-global", "true")]).await);
    assert_about(wait_for(&limiter, 2).await, 30);
    assert_eq!(limiter.wait_exempt(Duration::ZERO).await, Ok(()));
}

#[tokio::test]
async fn f18_after_an_answer_of_the_guards_everything_rests() {
    for headers in [&[("content-type", "text/html")][..], &[("retry-after", "3")], &[JSON]] {
        let limiter = RateLimiter::new();
        assert!(observe(&limiter, 1, 429, headers).await);
        assert_about(wait_for(&limiter, 2).await, 60);
        assert!(limiter.wait_exempt(Duration::from_secs(1)).await.is_err());
    }
    let limiter = RateLimiter::new();
    assert!(!observe(&limiter, 1, 429, &[("retry-after", "3600")]).await, "that is too long to wait");
    assert_about(wait_for(&limiter, 2).await, 3_600);
    let permit = limiter.acquire(messages_bucket(2)).await.expect("a permit");
    assert_eq!(permit.ready().await, Err(RestError::NotSent("Discord asks for a long wait")));
}

#[tokio::test]
async fn f18_a_route_that_is_used_up_rests_before_it_is_refused() {
    let limiter = RateLimiter::new();
    let left = |left| [("x-ratelimit-remaining", left), ("x-ratelimit-reset-after", "25.5")];
    assert!(!observe(&limiter, 1, 200, &left("1")).await);
    assert_eq!(wait_for(&limiter, 1).await, Duration::ZERO);
    assert!(!observe(&limiter, 1, 200, &left("0")).await);
    assert_about(wait_for(&limiter, 1).await, 26);
}

#[tokio::test]
async fn times_that_make_no_sense_do_no_harm() {
    for (named, seconds) in [("1e300", 86_400), ("inf", 86_400), ("-5", 60), ("NaN", 60), ("soon", 60)] {
        let limiter = RateLimiter::new();
        observe(&limiter, 1, 429, &[JSON, ("retry-after", named)]).await;
        assert_about(wait_for(&limiter, 1).await, seconds);
    }
}

#[tokio::test]
async fn routes_that_are_free_are_forgotten() {
    let limiter = RateLimiter::new();
    observe(&limiter, 1, 429, &[JSON, ("retry-after", "30")]).await;
    for channel in 2..=2 * MAX_ROUTES as u64 {
        wait_for(&limiter, channel).await;
    }
    assert!(limiter.routes.lock().expect("a lock").len() <= MAX_ROUTES);
    assert_about(wait_for(&limiter, 1).await, 30);
}
