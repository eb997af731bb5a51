//! `takeaways doctor`: its findings and its advice.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::fake_discord::{APPLICATION, BOT, CHANNEL, FakeDiscord, GUILD, ScriptedReply, TOKEN};
use crate::harness::{Cli, CliRun, TempCorpus};

const ME: &str = "GET /users/@me";
const APPLICATIONS: &str = "GET /oauth2/applications/@me";
/// The permissions to see, write, write in threads, embed and read the history: see `docs/deploy.md`.
const INVITED: u64 = 1 << 10 | 1 << 11 | 1 << 38 | 1 << 14 | 1 << 16;

/// Prepares a check of the tests' server and channel.
fn doctor(fake: &FakeDiscord, corpus: &TempCorpus) -> Cli {
    Cli::with_corpus(corpus)
        .env("TAKEAWAYS__DISCORD__API_BASE", &fake.url())
        .env("DISCORD_TOKEN", TOKEN)
        .arg("doctor")
}

fn of_channel(cli: Cli, server: u64, channel: u64) -> Cli {
    cli.args(&format!("--server {server} --channel {channel}"))
}

/// Runs the program. Its output must not have the token.
async fn run(cli: Cli, code: i32) -> CliRun {
    let run = crate::harness::run(cli).await.code(code);
    let secret = TOKEN.rsplit('.').next().expect("a part");
    assert!(!format!("{}{}", run.out, run.err).contains(secret), "{}{}", run.out, run.err);
    run
}

/// Changes a reply of the fake.
async fn changed(fake: &FakeDiscord, path: &str, change: impl FnOnce(&mut Value)) -> ScriptedReply {
    let get = reqwest::Client::new().get(format!("{}/api/v10{path}", fake.url()));
    let get =
        get.header("authorization", format!("Bot {TOKEN}")).header("user-agent", "DiscordBot (test, 1)");
    let mut found: Value = get.send().await.expect("an answer").json().await.expect("JSON");
    change(&mut found);
    ScriptedReply::status(200).json(&found)
}

/// Returns a server where everyone has these permissions.
async fn granting(fake: &FakeDiscord, permissions: u64) {
    let grant = |guild: &mut Value| guild["roles"][0]["permissions"] = permissions.to_string().into();
    let guild = changed(fake, &format!("/guilds/{GUILD}"), grant).await;
    fake.script_always("GET /guilds/*", guild);
}

#[tokio::test]
async fn doctor_finds_all_well() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    granting(&fake, INVITED).await;
    let run = run(of_channel(doctor(&fake, &corpus), GUILD, CHANNEL), 0).await;
    let invite = format!(
        "ok       invite: https://discord.com/oauth2/authorize?client_id={APPLICATION}\
         &scope=bot+applications.commands&permissions={INVITED}\n"
    );
    run.says("ok       settings: every setting is valid\n")
        .says("ok       corpus: 2 posts\n")
        .says("ok       index: ")
        .says("ok       clock: it agrees with Discord's clock\n")
        .says(&format!("ok       token: Discord accepts it; the bot is user_{}\n", BOT % 1_000))
        .says(&format!("ok       application: Takeaways ({APPLICATION})\n"))
        .says("ok       intents: no privileged intent is granted, and none is needed\n")
        .says(&invite)
        .says("ok       server: the bot is a member of Guild 4\n")
        .says("ok       channel: the bot has every permission that it needs in #channel-5\n")
        .says("warning  api_base: all requests go to discord.api_base")
        .says("0 errors, 1 warning\n");
    assert!(fake.requests().iter().all(|request| request.method == "GET"));
    fake.assert_clean();
}

#[tokio::test]
async fn a16_doctor_says_that_a_token_is_wrong_and_does_not_show_it() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let wrong = doctor(&fake, &corpus).env("DISCORD_TOKEN", "MTEw.Wrong.and-never-to-be-seen");
    let found =
        run(wrong, 2).await.says("error    token: Discord refuses it; copy it again from the page \"Bot\"");
    assert!(!found.out.contains("never-to-be-seen") && !found.err.contains("never-to-be-seen"));
    assert_eq!(fake.requests().len(), 1, "it asks no more with it");
}

#[tokio::test]
async fn doctor_says_how_to_get_a_token() {
    let corpus = TempCorpus::small();
    let run = run(Cli::with_corpus(&corpus).arg("doctor"), 2).await;
    run.says("ok       corpus: 2 posts\n").says("error    token: it is not set; set DISCORD_TOKEN");
}

#[tokio::test]
async fn doctor_looks_who_can_read_the_token() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let cli = Cli::with_corpus(&corpus).file("token", TOKEN);
    let path = cli.working_dir().join("token");
    let readable =
        |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("a file");
    let name = path.to_str().expect("a path in UTF-8").to_owned();
    let cli = cli.env("DISCORD_TOKEN_FILE", &name).env("TAKEAWAYS__DISCORD__API_BASE", &fake.url());
    readable(0o644);
    let cli = std::sync::Arc::new(cli.arg("doctor"));
    let doctor = async |cli: &std::sync::Arc<Cli>| {
        let cli = std::sync::Arc::clone(cli);
        tokio::task::spawn_blocking(move || cli.run()).await.expect("no panic").code(0)
    };
    doctor(&cli).await.says("warning  token: other users of this machine can read ").says("ok       token: ");
    readable(0o600);
    doctor(&cli).await.does_not_say("can read").says("ok       token: ");
}

#[tokio::test]
async fn doctor_names_the_permissions_that_are_missing() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    granting(&fake, INVITED).await;
    let deny = |channel: &mut Value| {
        let denied = (1_u64 << 14 | 1 << 38).to_string();
        channel["permission_overwrites"] =
            json!([{ "id": GUILD.to_string(), "type": 0, "allow": "0", "deny": denied }]);
    };
    let channel = changed(&fake, &format!("/channels/{CHANNEL}"), deny).await;
    fake.script_always("GET /channels/*", channel);
    let found = run(of_channel(doctor(&fake, &corpus), GUILD, CHANNEL), 2).await;
    found
        .says("error    channel: the bot lacks permissions in #channel-5: ")
        .says("Embed Links")
        .says("Send Messages in Threads")
        .says("; grant them to the bot's role")
        .says("1 error, 1 warning\n");
    fake.assert_clean();
}

#[tokio::test]
async fn doctor_knows_where_the_bot_is_not() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let nowhere = run(of_channel(doctor(&fake, &corpus), 123, CHANNEL), 2).await;
    nowhere.says("error    server: the bot can't see it; invite the bot with the link above\n");
    let hidden = run(of_channel(doctor(&fake, &corpus), GUILD, 124), 2).await;
    hidden.says("error    channel: the bot can't see it; let the bot see it");
    fake.add_channel(125, 126);
    let elsewhere = run(of_channel(doctor(&fake, &corpus), GUILD, 126), 2).await;
    elsewhere.says("error    channel: it is in another server");
    fake.assert_clean();
}

#[tokio::test]
async fn doctor_says_that_discord_can_not_be_reached() {
    let corpus = TempCorpus::small();
    let nobody = Cli::with_corpus(&corpus).env("TAKEAWAYS__DISCORD__API_BASE", "http://127.0.0.1:1");
    let found = run(nobody.env("DISCORD_TOKEN", TOKEN).arg("doctor"), 2).await;
    found.says("error    network: Discord can't be reached: no response (the connection is refused); check ");
    let fake = FakeDiscord::start().await;
    fake.script_always(ME, ScriptedReply::status(503));
    let found = run(doctor(&fake, &corpus), 2).await;
    found.says("error    network: Discord can't be reached: Discord answered 503");
    fake.unscript(ME);
    fake.script_always(
        ME,
        ScriptedReply::status(200).text("text/html", "<html>Sign in to this network</html>"),
    );
    run(doctor(&fake, &corpus), 2).await.says("error    network: ");
    fake.assert_clean();
}

#[tokio::test]
async fn doctor_compares_the_clock() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let late = changed(&fake, "/users/@me", |_| {}).await.header("date", "Tue, 20 Nov 2001 10:00:00 GMT");
    fake.script_always(ME, late);
    let found = run(doctor(&fake, &corpus), 0).await;
    found
        .says("warning  clock: it is off by ")
        .says(" s; synchronise the clock of this machine over the network (NTP)\n");
}

#[tokio::test]
async fn doctor_looks_at_the_application() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let change = |application: &mut Value| {
        application["flags"] = (1_u64 << 19 | 1 << 13).into();
        application["interactions_endpoint_url"] = "https://example.com/interactions".into();
    };
    let reply = changed(&fake, "/oauth2/applications/@me", change).await;
    fake.script_always(APPLICATIONS, reply);
    let found = run(doctor(&fake, &corpus), 2).await;
    found
        .says("warning  intents: the bot has intents that it does not need: presence, message content; turn them off")
        .says("error    application: Discord sends commands to a web address, not to this bot; clear the field");
    fake.assert_clean();
}
