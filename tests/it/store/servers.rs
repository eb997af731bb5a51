//! A PostgreSQL that is lost, cut off, or replaced.

use std::time::{Duration, Instant};

use takeaways_store::{Store, StoreError, StoreLocation};

use super::state::*;
use crate::harness::postgres::{self, PASSWORD};
use crate::harness::proxy::TcpProxy;

/// F35: the time limit for noticing a cut connection. It is not a measure of speed.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f35_who_is_cut_off_from_the_server_knows_it_in_time_and_goes_on_later() {
    let Some(server) = postgres::shared() else { return };
    let database = server.new_database().await;
    let proxy = TcpProxy::connect_to(server.socket()).await;
    let address = server.address_at(proxy.address(), &database);
    let state = TestState { place: StoreLocation::Servers(postgres::secrets([&address])), folder: None };
    let store = state.open().await;
    let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
    let run = planned(&store, subscription.id, at(10)).await;
    let claim = claimed(&store, run.id, at(10)).await;
    proxy.cut();
    for _ in 0..2 {
        let started = Instant::now();
        let refused = store.claim(run.id, at(30), LEASE).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert!(started.elapsed() < DISCONNECT_TIMEOUT);
    }
    // Connections that the server still holds don't delay others.
    let others = TestState {
        place: StoreLocation::Servers(postgres::secrets([&server.address(&database)])),
        folder: None,
    };
    let other = others.open().await;
    assert!(claimed(&other, run.id, at(30)).await.may_be_posted);
    proxy.restore();
    assert!(!store.record_sent(&claim, 1, at(31)).await.expect("read"), "it has another epoch now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f35_a_transaction_that_was_left_open_does_not_stop_the_others() {
    let Some(server) = postgres::shared() else { return };
    let database = server.new_database().await;
    let proxy = TcpProxy::connect_to(server.socket()).await;
    let cut_off = StoreLocation::Servers(postgres::secrets([&server.address_at(proxy.address(), &database)]));
    let store = Store::open(&cut_off).await.expect("the state opens");
    // The connection is cut at some point of many transactions.
    let writing = tokio::spawn({
        let store = store.clone();
        async move { while store.subscribe(new_subscription(CHANNEL), 9_999).await.is_ok() {} }
    });
    let there = StoreLocation::Servers(postgres::secrets([&server.address(&database)]));
    let other = Store::open(&there).await.expect("the state opens");
    while other.list_subscriptions().await.expect("read").len() < 20 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    proxy.cut();
    let started = Instant::now();
    while other.subscribe(new_subscription(CHANNEL), 9_999).await.is_err() {
        assert!(started.elapsed() < 3 * DISCONNECT_TIMEOUT, "what was left open is never ended");
    }
    writing.await.expect("it ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_answer_is_passed_over() {
    let Some(server) = postgres::shared() else { return };
    let database = server.new_database().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let silent = server.address_at(silent.local_addr().expect("an address"), &database);
    let gone = format!("postgres://takeaways:{PASSWORD}@127.0.0.1:1/{database}");
    let place = StoreLocation::Servers(postgres::secrets([&gone, &silent, &server.address(&database)]));
    let store = Store::open(&place).await.expect("one of them answers");
    store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
    assert!(!format!("{place:?} {store:?}").contains(PASSWORD));
    let none = Store::open(&StoreLocation::Servers(postgres::secrets([&gone]))).await;
    let Err(StoreError::Unavailable(why)) = &none else { panic!("{none:?}") };
    assert!(!format!("{why} {why:?}").contains(PASSWORD), "{why:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_the_server_ends_is_made_again() {
    let Some(server) = postgres::shared() else { return };
    let database = server.new_database().await;
    let place = StoreLocation::Servers(postgres::secrets([&server.address(&database)]));
    let store = Store::open(&place).await.expect("the state opens");
    store.subscribe(new_subscription(CHANNEL), 9).await.expect("it is made");
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
    server.execute("postgres", end).await;
    store.subscribe(new_subscription(CHANNEL), 9).await.expect("by another connection");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_state_on_a_server_is_refused() {
    let Some(server) = postgres::shared() else { return };
    let database = server.new_database().await;
    let place = StoreLocation::Servers(postgres::secrets([&server.address(&database)]));
    assert!(Store::open_read_only(&place).await.expect("read").is_none());
    drop(Store::open(&place).await.expect("the state opens"));
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (99, 'of the future', true, '\\x00', 0)";
    server.execute(&database, newer.into()).await;
    assert!(matches!(Store::open(&place).await, Err(StoreError::NewerVersion)));
    assert!(matches!(Store::open_read_only(&place).await, Err(StoreError::NewerVersion)));
}
