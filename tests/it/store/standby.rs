//! F34: the primary dies, and a standby is promoted. It takes a minute:
//! `cargo test --features faults f34 -- --ignored`.

use std::process::Command;
use std::time::{Duration, Instant};

use takeaways_digest::DeliveryState;
use takeaways_store::{Store, StoreLocation};
use tempfile::TempDir;

use super::state::*;
use crate::harness::postgres::{
    self, PostgresServer, chown_to_owner, command_as_owner, run_checked as execute,
};

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
