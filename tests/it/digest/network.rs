//! F34, F35: a PostgreSQL that dies, and a process that loses the database but not Discord.

use crate::fake_discord::SEND_MESSAGE;
use std::process::Command;
use std::time::{Duration, Instant};

use super::database::TestDatabase;
use super::fixture::DigestFixture;
use crate::harness::postgres::{PostgresServer, installed};
use crate::harness::proxy::TcpProxy;
use crate::store::standby::standby_of;

/// The time limit for the first digest after a promotion.
const BACK: Duration = Duration::from_secs(20);

#[tokio::test]
async fn f35_a_process_without_its_state_stops_sending_within_ten_seconds() {
    let Some(database) = TestDatabase::new().await else { return };
    let proxy = TcpProxy::connect_to(database.address()).await;
    let mut stage = DigestFixture::with_servers(Some(database.url())).await;
    stage.subscribe(450).await;
    stage.servers = Some(database.url_at(proxy.address()));
    let bot = stage.bot().spawn();
    stage.fake.until_requests(SEND_MESSAGE, 20).await;
    proxy.cut();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let sent = stage.fake.requests_to(SEND_MESSAGE).len();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(stage.fake.requests_to(SEND_MESSAGE).len(), sent, "it sends on without a ledger");
    assert!(sent < 450, "all were sent before it could be cut");
    proxy.restore();
    stage.servers = Some(database.url());
    stage.until_messages(&bot, 450).await;
    stage.until_sent(&bot, 450).await;
    assert_eq!(stage.assert_delivered_once().await, 450);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "two servers and a promotion: nightly"]
async fn f34_a_bot_goes_on_with_the_standby_that_was_promoted_and_loses_no_digest() {
    let Some(programs) = installed() else { return };
    let primary = PostgresServer::start(&programs);
    let name = primary.new_database().await;
    let (standby, _folder) = standby_of(&primary).await;
    let addresses = format!("{},{}", primary.address(&name), standby.address(&name));
    let stage = DigestFixture::with_servers(Some(addresses)).await;
    stage.subscribe(400).await;
    let bot = stage.bot().spawn();
    stage.fake.until_requests(SEND_MESSAGE, 50).await;
    let killed = Command::new("kill").args(["-9", &primary.process().to_string()]).status();
    assert!(killed.is_ok_and(|status| status.success()));
    standby.pg_ctl(&["promote", "-w"]);
    let (promoted, before) = (Instant::now(), stage.fake.requests_to(SEND_MESSAGE).len());
    while stage.fake.requests_to(SEND_MESSAGE).len() == before {
        assert!(promoted.elapsed() < BACK, "no digest for {BACK:?}\n{}", bot.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stage.until_messages(&bot, 400).await;
    stage.until_sent(&bot, 400).await;
    assert_eq!(stage.assert_delivered_once().await, 400);
}
