//! A PostgreSQL that is lost, cut off, or replaced. F34: the primary dies, and a standby is promoted.
//! That takes a minute: `cargo test --features faults f34 -- --ignored`.

use std::process::Command;
use std::time::{Duration, Instant};

use takeaways_digest::DeliveryState;
use takeaways_store::{Store, StoreError, StoreLocation};
use tempfile::TempDir;

use super::state::*;
use crate::harness::postgres::{
    self, PASSWORD, PostgresServer, chown_to_owner, command_as_owner, run_checked as execute,
};
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

/// F34: the time limit for the store after the promotion.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(20);

/// A primary with a synchronous standby, which has every commit.
pub async fn standby_of(primary: &PostgresServer) -> (PostgresServer, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    chown_to_owner(folder.path());
    let data = folder.path().join("data");
    let from = format!("{}?application_name=standby", primary.address("postgres"));
    let mut copy = command_as_owner(&primary.programs.join("pg_basebackup"));
    execute(copy.args(["-R", "-X", "stream", "-c", "fast", "-d", &from, "-D"]).arg(&data));
    let standby = PostgresServer::open(&primary.programs, data);
    for sql in ["ALTER SYSTEM SET synchronous_standby_names = 'standby'", "SELECT pg_reload_conf()"] {
        primary.execute("postgres", sql.into()).await;
    }
    (standby, folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "two servers and a promotion: nightly"]
async fn f34_a_promoted_standby_is_found_and_holds_every_row() {
    let Some(programs) = postgres::installed() else { return };
    let primary = PostgresServer::start(&programs);
    let database = primary.new_database().await;
    let (standby, _folder) = standby_of(&primary).await;
    let place =
        StoreLocation::Servers(postgres::secrets([&primary.address(&database), &standby.address(&database)]));
    let store = Store::open(&place).await.expect("the primary is found");
    let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
    let (mut slot, mut written) = (0, Vec::new());
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(3) {
        slot += 1;
        let run = planned(&store, subscription.id, at(slot)).await;
        let claim = claimed(&store, run.id, at(slot)).await;
        assert!(
            store
                .record_sent(&claim, u64::try_from(slot).expect("positive"), at(slot))
                .await
                .expect("written")
        );
        written.push(run.id);
    }
    execute(Command::new("kill").args(["-9", &primary.process().to_string()]));
    let last = store.find_subscription(subscription.id).await;
    assert!(last.is_err(), "nobody is there: {last:?}");
    standby.pg_ctl(&["promote", "-w"]);
    let promoted = Instant::now();
    let now = loop {
        match store.find_subscription(subscription.id).await {
            Ok(found) => break found.expect("it is there"),
            Err(error) => assert!(promoted.elapsed() < RECOVERY_TIMEOUT, "{error:?}"),
        }
    };
    assert!(written.len() > 5, "{}", written.len());
    for id in written {
        let row = store.find_delivery(id).await.expect("read").expect("no row is lost");
        assert_eq!(row.state, DeliveryState::Sent);
    }
    slot += 1;
    let plan = run_of(&store, &now, at(slot));
    assert!(store.plan(plan, now.decided_until, at(slot), None, at(slot)).await.expect("written").is_some());
    assert_eq!(store.check().await.expect("read").problems, Vec::<String>::new());
}
