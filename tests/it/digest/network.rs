//! F35: a process that is cut from its PostgreSQL, but not from Discord.

use std::time::Duration;

use super::database::Database;
use super::stage::Stage;
use crate::fake_discord::DEADLINE;
use crate::harness::proxy::Proxy;

const POSTS: &str = "POST /channels/*/messages";

#[tokio::test]
async fn f35_a_process_without_its_state_stops_sending_within_ten_seconds() {
    let Some(database) = Database::new().await else { return };
    let proxy = Proxy::to(database.address()).await;
    let mut stage = Stage::on(Some(database.url())).await;
    stage.subscribe(600).await;
    stage.servers = Some(database.url_at(proxy.address()));
    let bot = stage.bot().spawn();
    stage.fake.until_requests(POSTS, 20).await;
    proxy.cut();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let sent = stage.fake.requests_to(POSTS).len();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(stage.fake.requests_to(POSTS).len(), sent, "it sends on without a ledger");
    assert!(sent < 600, "all were sent before it could be cut");
    proxy.heal();
    stage.servers = Some(database.url());
    let start = std::time::Instant::now();
    while stage.fake.message_count() < 600 {
        assert!(start.elapsed() < DEADLINE * 3, "{} of 600\n{}", stage.fake.message_count(), bot.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stage.until_sent(&bot, 600).await;
    assert_eq!(stage.assert_once().await, 600);
}
