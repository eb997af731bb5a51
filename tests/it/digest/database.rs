//! A PostgreSQL database for one test. F34, F35: a PostgreSQL that dies, and a process that loses the database but not
//! Discord.

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use super::fixture::DigestFixture;
use crate::fake_discord::SEND_MESSAGE;
use crate::harness::postgres::{PASSWORD, PostgresServer, installed, shared};
use crate::harness::proxy::TcpProxy;
use crate::store::servers::standby_of;

/// A new database.
pub struct TestDatabase {
    server: &'static PostgresServer,
    url: String,
}

impl TestDatabase {
    /// Creates a database on the shared server; reports and returns `None` if there is no server.
    pub async fn new() -> Option<Self> {
        let server = shared()?;
        Some(Self { server, url: server.database().await })
    }

    /// Returns its URL for the settings.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Returns its URL by another address of its server.
    pub fn url_at(&self, address: SocketAddr) -> String {
        let name = self.url.rsplit('/').next().expect("it has a name");
        format!("postgres://takeaways:{PASSWORD}@{address}/{name}")
    }

    /// Returns the address of its server.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.server.port))
    }
}

/// The time limit for the first digest after a promotion.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn f35_a_process_without_its_state_stops_sending_within_ten_seconds() {
    let Some(database) = TestDatabase::new().await else { return };
    let proxy = TcpProxy::connect_to(database.address()).await;
    let mut fixture = DigestFixture::with_servers(Some(database.url())).await;
    fixture.subscribe(450).await;
    fixture.servers = Some(database.url_at(proxy.address()));
    let bot = fixture.bot().spawn();
    fixture.fake.until_requests(SEND_MESSAGE, 20).await;
    proxy.cut();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let sent = fixture.fake.requests_to(SEND_MESSAGE).len();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(fixture.fake.requests_to(SEND_MESSAGE).len(), sent, "it sends on without a ledger");
    assert!(sent < 450, "all were sent before it could be cut");
    proxy.restore();
    fixture.servers = Some(database.url());
    fixture.until_messages(&bot, 450).await;
    fixture.until_sent(&bot, 450).await;
    assert_eq!(fixture.assert_delivered_once().await, 450);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "two servers and a promotion: nightly"]
async fn f34_a_bot_goes_on_with_the_standby_that_was_promoted_and_loses_no_digest() {
    let Some(programs) = installed() else { return };
    let primary = PostgresServer::start(&programs);
    let name = primary.new_database().await;
    let (standby, _folder) = standby_of(&primary).await;
    let addresses = format!("{},{}", primary.address(&name), standby.address(&name));
    let fixture = DigestFixture::with_servers(Some(addresses)).await;
    fixture.subscribe(400).await;
    let bot = fixture.bot().spawn();
    fixture.fake.until_requests(SEND_MESSAGE, 50).await;
    let killed = Command::new("kill").args(["-9", &primary.process().to_string()]).status();
    assert!(killed.is_ok_and(|status| status.success()));
    standby.pg_ctl(&["promote", "-w"]);
    let (promoted, before) = (Instant::now(), fixture.fake.requests_to(SEND_MESSAGE).len());
    while fixture.fake.requests_to(SEND_MESSAGE).len() == before {
        assert!(promoted.elapsed() < RECOVERY_TIMEOUT, "no digest for {RECOVERY_TIMEOUT:?}\n{}", bot.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    fixture.until_messages(&bot, 400).await;
    fixture.until_sent(&bot, 400).await;
    assert_eq!(fixture.assert_delivered_once().await, 400);
}
