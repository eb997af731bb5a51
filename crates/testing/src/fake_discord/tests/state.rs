//! Tests of changing permissions, channels, servers and users; pages of messages; nonces; limits.

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use serenity::all::{Guild, GuildChannel, Role};

use super::super::{
    ANNOUNCEMENT, CHANNEL, DM, EMBED, FakeDiscord, GUILD, HISTORY, SEND, SEND_IN_THREADS, USER, VIEW,
};
use super::client::{Client, message, request};

/// The reply to a request: status, code of the error or 0, body.
async fn asked(fake: &FakeDiscord, method: Method, path: &str, body: Option<Value>) -> (u16, u64, Value) {
    let request = request(fake, method, path);
    let request = if let Some(body) = body { request.json(&body) } else { request };
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap_or_default();
    (status, body["code"].as_u64().unwrap_or_default(), body)
}

async fn sent(fake: &FakeDiscord, channel: u64, body: Value) -> (u16, u64, Value) {
    asked(fake, Method::POST, &format!("/channels/{channel}/messages"), Some(body)).await
}

/// Returns the ids of a page.
async fn page(fake: &FakeDiscord, query: &str) -> Vec<u64> {
    let (status, _, body) =
        asked(fake, Method::GET, &format!("/channels/{CHANNEL}/messages?{query}"), None).await;
    assert_eq!(status, 200, "{query}");
    let id = |message: &Value| message["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    body.as_array().expect("a list").iter().map(id).collect()
}

fn snowflake(time: Timestamp) -> u64 {
    u64::try_from(time.as_millisecond() - 1_420_070_400_000).expect("after 2015") << 22
}

#[tokio::test]
async fn pages_are_the_newest_first_and_go_by_snowflakes_of_the_time() {
    let fake = FakeDiscord::start().await;
    let at = |seconds: i64| snowflake(Timestamp::now() + SignedDuration::from_secs(seconds));
    let start = at(-1);
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        let (_, _, message) = sent(&fake, CHANNEL, message(text)).await;
        ids.push(message["id"].as_str().expect("an id").parse::<u64>().expect("an id"));
    }
    let [one, two, three] = ids[..] else { panic!("three") };
    assert!(start < one && one < two && two < three && three < at(1));
    assert_eq!(page(&fake, "").await, [three, two, one]);
    assert_eq!(page(&fake, "limit=1").await, [three]);
    assert_eq!(page(&fake, &format!("after={start}&limit=2")).await, [two, one]);
    assert_eq!(page(&fake, &format!("after={two}&limit=100")).await, [three]);
    assert_eq!(page(&fake, &format!("before={two}")).await, [one]);
    fake.set_clock(SignedDuration::from_hours(2));
    let (_, _, later) = sent(&fake, CHANNEL, message("later")).await;
    assert!(later["id"].as_str().expect("an id").parse::<u64>().expect("an id") > at(7_000));
    let answer = request(&fake, Method::GET, "/users/@me").send().await.expect("an answer");
    let date = answer.headers()["date"].to_str().expect("text").to_owned();
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).expect("a date");
    assert!((at(7_000)..at(7_400)).contains(&snowflake(date)));
    for query in ["limit=0", "limit=101", "after=1&before=2"] {
        let path = format!("/channels/{CHANNEL}/messages?{query}");
        assert_eq!(asked(&fake, Method::GET, &path, None).await.0, 400, "{query}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn a_nonce_names_one_message_for_five_minutes_and_in_one_channel() {
    let fake = FakeDiscord::start().await;
    fake.add_channel(GUILD, 77);
    let digest = || {
        let mut body = message("one");
        body["nonce"] = "d0123".into();
        body["enforce_nonce"] = true.into();
        body
    };
    let id = async |channel| sent(&fake, channel, digest()).await.2["id"].clone();
    let first = id(CHANNEL).await;
    assert_eq!(id(CHANNEL).await, first);
    assert_ne!(id(77).await, first);
    fake.set_clock(SignedDuration::from_secs(299));
    assert_eq!(id(CHANNEL).await, first);
    fake.set_clock(SignedDuration::from_secs(301));
    let second = id(CHANNEL).await;
    assert_ne!(second, first);
    fake.forget_nonces();
    assert_ne!(id(CHANNEL).await, second);
    let mut free = digest();
    free["enforce_nonce"] = false.into();
    sent(&fake, CHANNEL, free).await;
    assert_eq!((fake.messages(CHANNEL).len(), fake.message_count()), (4, 5));
}

#[tokio::test]
async fn permissions_decide_what_may_be_done() {
    let fake = FakeDiscord::start().await;
    fake.create_thread(CHANNEL, 78);
    let all = VIEW | SEND | EMBED | HISTORY | SEND_IN_THREADS;
    let mut rich = message("Look");
    rich["embeds"] = json!([{ "title": "Title" }]);
    sent(&fake, CHANNEL, message("before")).await;
    for (denied, channel, body, answer) in [
        (0, CHANNEL, &rich, (200, 0)),
        (VIEW, CHANNEL, &rich, (403, 50001)),
        (SEND, CHANNEL, &rich, (403, 50013)),
        (SEND, 78, &rich, (200, 0)),
        (SEND_IN_THREADS, 78, &rich, (403, 50013)),
        (EMBED, CHANNEL, &rich, (403, 50013)),
        (EMBED, CHANNEL, &message("plain"), (200, 0)),
    ] {
        fake.overwrite(CHANNEL, 0, denied);
        let (status, code, _) = sent(&fake, channel, body.clone()).await;
        assert_eq!((status, code), answer, "without {denied} in {channel}");
    }
    fake.overwrite(CHANNEL, 0, HISTORY);
    assert_eq!(page(&fake, "").await, Vec::<u64>::new());
    fake.grant(GUILD, 0);
    assert_eq!(sent(&fake, CHANNEL, rich.clone()).await.1, 50001);
    fake.overwrite(CHANNEL, all, 0);
    assert_eq!(sent(&fake, CHANNEL, rich).await.0, 200);
    assert_eq!(page(&fake, "").await.len(), 4);
    let guild = asked(&fake, Method::GET, &format!("/guilds/{GUILD}"), None).await.2;
    assert_eq!(guild["roles"][0]["permissions"], "0");
    let channel = asked(&fake, Method::GET, &format!("/channels/{CHANNEL}"), None).await.2;
    assert_eq!(channel["permission_overwrites"][0]["allow"], all.to_string());
    fake.assert_clean();
}

#[tokio::test]
async fn what_is_gone_is_gone_and_may_come_back() {
    let fake = FakeDiscord::start().await;
    let code = async |channel| sent(&fake, channel, message("Hello")).await.1;
    fake.create_channel(GUILD, 79, ANNOUNCEMENT);
    assert_eq!(code(79).await, 0);
    fake.delete_channel(79);
    assert_eq!(code(79).await, 10003);
    fake.remove_bot(GUILD);
    assert_eq!(code(CHANNEL).await, 50001);
    assert_eq!(asked(&fake, Method::GET, &format!("/guilds/{GUILD}"), None).await.1, 10004);
    fake.invite_bot(GUILD);
    assert_eq!(code(CHANNEL).await, 0);
    fake.take_direct_messages(USER, false);
    let open = json!({ "recipient_id": USER.to_string() });
    let open =
        async || asked(&fake, Method::POST, "/users/@me/channels", Some(open.clone())).await.2["id"].clone();
    assert_eq!(open().await, DM.to_string());
    assert_eq!(open().await, DM.to_string());
    assert_eq!(code(DM).await, 50007);
    fake.take_direct_messages(USER, true);
    assert_eq!(code(DM).await, 0);
    fake.assert_clean();
}

#[tokio::test]
async fn changes_are_told_to_whoever_is_connected() {
    let fake = FakeDiscord::start().await;
    // No event reports this.
    fake.overwrite(CHANNEL, 0, SEND);
    let (mut client, mut other) = (Client::identified(&fake).await, Client::identified(&fake).await);
    client.event("GUILD_CREATE").await;
    fake.overwrite(CHANNEL, SEND, 0);
    for client in [&mut client, &mut other] {
        let changed: GuildChannel =
            serde_json::from_value(client.event("CHANNEL_UPDATE").await).expect("a channel");
        assert_eq!(changed.permission_overwrites[0].allow.bits(), SEND);
    }
    fake.grant(GUILD, VIEW);
    let mut role = client.event("GUILD_ROLE_UPDATE").await["role"].clone();
    role["guild_id"] = GUILD.to_string().into();
    assert_eq!(serde_json::from_value::<Role>(role).expect("a role").permissions.bits(), VIEW);
    fake.create_thread(CHANNEL, 80);
    let thread = client.event("THREAD_CREATE").await;
    assert_eq!(
        serde_json::from_value::<GuildChannel>(thread).expect("a thread").parent_id.map(u64::from),
        Some(CHANNEL)
    );
    fake.outage(GUILD);
    assert_eq!(client.event("GUILD_DELETE").await["unavailable"], true);
    fake.remove_bot(GUILD);
    assert_eq!(client.event("GUILD_DELETE").await, json!({ "id": GUILD.to_string() }));
    fake.invite_bot(GUILD);
    let back: Guild = serde_json::from_value(client.event("GUILD_CREATE").await).expect("a guild");
    assert_eq!((back.channels.len(), back.threads.len()), (1, 1));
    fake.delete_channel(CHANNEL);
    assert_eq!(client.event("CHANNEL_DELETE").await["id"], CHANNEL.to_string());
    fake.assert_clean();
}

#[tokio::test]
async fn limits_are_kept_where_they_are_wanted() {
    let fake = FakeDiscord::start().await;
    fake.enforce_limits();
    let path = format!("/channels/{CHANNEL}/messages");
    for left in (0..5).rev() {
        let answer = request(&fake, Method::POST, &path).json(&message("Hello")).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.headers()["x-ratelimit-remaining"], left.to_string());
    }
    let refused = request(&fake, Method::POST, &path).json(&message("Hello")).send().await;
    let refused = refused.expect("an answer");
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["x-ratelimit-scope"], "user");
    assert_eq!(fake.messages(CHANNEL).len(), 5);
    // Other routes continue until the global limit.
    let mut globally = 0;
    for at in 0..60 {
        let path = format!("/guilds/{at}");
        let answer = request(&fake, Method::GET, &path).send().await.expect("an answer");
        globally += usize::from(answer.headers().contains_key("x-ratelimit-global"));
    }
    assert!(globally <= 16, "{globally} of 66 are too many");
    fake.assert_clean();
}
