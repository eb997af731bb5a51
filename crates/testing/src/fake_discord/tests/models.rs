//! Tests that serenity reads the objects of the fake.

use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use serenity::all::{
    Channel, Command, CommandOptionType, CreateActionRow, CreateAllowedMentions, CreateButton, CreateCommand,
    CreateCommandOption, CreateEmbed, CreateInteractionResponseFollowup, CreateMessage,
    CurrentApplicationInfo, CurrentUser, EditInteractionResponse, EditMessage, Guild, GuildChannel,
    Interaction, Member, Message, PartialGuild, Ready, Role,
};

use super::super::samples::{self, MODERATOR};
use super::super::{APPLICATION, BOT, CHANNEL, DM, FakeDiscord, GUILD, OTHER_USER, USER};
use super::client::{Client, call_back, message, request, webhook};

#[track_caller]
fn read<T: DeserializeOwned>(value: &Value) -> T {
    T::deserialize(value).unwrap_or_else(|error| panic!("{error}: {value:#}"))
}

async fn get(fake: &FakeDiscord, path: &str) -> Value {
    request(fake, Method::GET, path).send().await.expect("an answer").json().await.expect("JSON")
}

#[tokio::test]
async fn what_the_gateway_brings() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    read::<Ready>(&client.ready);
    read::<Guild>(&client.event("GUILD_CREATE").await);
    for post in [
        fake.message("direct").in_dm(),
        fake.message("hello").mentioning_bot(),
        fake.message("hi").by_bot().with_attachment("a.png").with_sticker(),
        fake.message("hook").by_webhook().mentioning_everyone(),
        fake.message("role").mentioning_role(MODERATOR).by(OTHER_USER),
    ] {
        post.send();
        read::<Message>(&client.event("MESSAGE_CREATE").await);
    }
}

#[tokio::test]
async fn every_kind_of_interaction() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    let interaction = fake.ask("what?").event("KubeCon").year(2019).author("Ada").private(false).send();
    read::<Interaction>(&client.event("INTERACTION_CREATE").await);
    let mut body = message("Choose");
    let button = json!({ "type": 2, "style": 1, "label": "Press", "custom_id": "next" });
    body["components"] = json!([{ "type": 1, "components": [button] }]);
    body["embeds"] = json!([{ "title": "Title", "fields": [{ "name": "a", "value": "b" }] }]);
    call_back(&fake, &interaction, 4, &body).await;
    let answer = interaction.reply().await;
    read::<Message>(&answer);
    let reply = fake.message("more").replying_to(&answer, true).send();
    read::<Message>(reply.payload());
    for call in [
        fake.ask("direct").in_dm(),
        fake.ask("mine").user_installed().locale("de"),
        fake.slash("digest").subcommand("add").option("hour", 9).option("late", true).by_moderator(),
        fake.autocomplete("ask").option("question", "x").focused("event", "kube"),
        fake.press(&answer, "next").by(OTHER_USER),
        fake.choose(&answer, "menu", &["a", "b"]),
        fake.message_command("Ask about this", reply.payload()),
        fake.submit("form", &[("question", "what?")]),
    ] {
        let sent = call.send();
        let seen = client.event("INTERACTION_CREATE").await;
        assert_eq!(&seen, sent.payload());
        read::<Interaction>(&seen);
        sent.excuse();
    }
}

#[tokio::test]
async fn what_the_routes_answer() {
    let fake = FakeDiscord::start().await;
    read::<CurrentUser>(&get(&fake, "/users/@me").await);
    read::<CurrentApplicationInfo>(&get(&fake, "/applications/@me").await);
    read::<PartialGuild>(&get(&fake, &format!("/guilds/{GUILD}")).await);
    read::<Vec<Role>>(&get(&fake, &format!("/guilds/{GUILD}/roles")).await);
    read::<Vec<GuildChannel>>(&get(&fake, &format!("/guilds/{GUILD}/channels")).await);
    read::<Member>(&with_guild(get(&fake, &format!("/guilds/{GUILD}/members/{USER}")).await));
    read::<Channel>(&get(&fake, &format!("/channels/{CHANNEL}")).await);
    read::<Channel>(&get(&fake, &format!("/channels/{DM}")).await);
    let commands = format!("/applications/{APPLICATION}/commands");
    let body = json!({ "name": "ask", "description": "Asks." });
    let made = request(&fake, Method::POST, &commands).json(&body).send().await.expect("an answer");
    assert_eq!(made.status(), 201);
    read::<Vec<Command>>(&get(&fake, &commands).await);
    let path = format!("/channels/{CHANNEL}/messages");
    let sent = request(&fake, Method::POST, &path).json(&message("Hello")).send().await.expect("an answer");
    let sent: Value = sent.json().await.expect("JSON");
    read::<Message>(&sent);
    let path = format!("{path}/{}", sent["id"].as_str().expect("an id"));
    let edited = request(&fake, Method::PATCH, &path).json(&message("Bye")).send().await.expect("an answer");
    assert_eq!(read::<Message>(&edited.json().await.expect("JSON")).content, "Bye");
    fake.assert_clean();
}

/// Serenity adds the guild before it reads a member.
fn with_guild(mut member: Value) -> Value {
    member["guild_id"] = samples::text(GUILD);
    member
}

#[tokio::test]
async fn follow_ups_are_messages_too() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    let interaction = fake.ask("what?").in_dm().send();
    client.event("INTERACTION_CREATE").await;
    call_back(&fake, &interaction, 4, &message("One")).await;
    let more = request(&fake, Method::POST, &webhook(&interaction, "")).json(&message("Two")).send().await;
    let more: Message = read(&more.expect("an answer").json().await.expect("JSON"));
    assert_eq!((more.author.id.get(), more.content.as_str()), (BOT, "Two"));
    let original = get(&fake, &webhook(&interaction, "/messages/@original")).await;
    assert_eq!(read::<Message>(&original).content, "One");
    assert_eq!(interaction.messages(2).await.len(), 2);
    fake.assert_clean();
}

/// Sends commands and messages of the library's builders, as the bot does.
#[tokio::test]
async fn what_serenity_builds_is_clean() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    let send = async |method: Method, path: &str, body: Value| -> Value {
        let sent = request(&fake, method, path).json(&body).send().await.expect("an answer");
        assert!(sent.status().is_success(), "{path}: {}", sent.status());
        sent.json().await.unwrap_or_default()
    };
    assert_eq!(get(&fake, "/gateway/bot").await["session_start_limit"]["max_concurrency"], 1);
    let option =
        CreateCommandOption::new(CommandOptionType::String, "question", "Your question").required(true);
    let commands = [CreateCommand::new("ask").description("Asks.").add_option(option)];
    send(Method::PUT, &format!("/applications/{APPLICATION}/commands"), json!(commands)).await;

    let interaction = fake.ask("what?").send();
    client.event("INTERACTION_CREATE").await;
    assert_eq!(call_back(&fake, &interaction, 5, &json!({ "flags": 64 })).await.status(), 204);
    let nobody = CreateAllowedMentions::new;
    let button = CreateActionRow::Buttons(vec![CreateButton::new("next").label("Next")]);
    let edit =
        EditInteractionResponse::new().allowed_mentions(nobody()).content("One").components(vec![button]);
    send(Method::PATCH, &webhook(&interaction, "/messages/@original"), json!(edit)).await;
    let more = CreateInteractionResponseFollowup::new().allowed_mentions(nobody()).content("Two");
    send(Method::POST, &webhook(&interaction, ""), json!(more)).await;
    assert_eq!(interaction.messages(2).await.len(), 2);

    let embed = CreateEmbed::new().title("Title").field("a", "b", true);
    let digest = CreateMessage::new().allowed_mentions(nobody()).embed(embed);
    let path = format!("/channels/{CHANNEL}/messages");
    let posted: Message = read(&send(Method::POST, &path, json!(digest)).await);
    let path = format!("{path}/{}", posted.id);
    send(Method::PATCH, &path, json!(EditMessage::new().allowed_mentions(nobody()).content("Three"))).await;
    assert!(request(&fake, Method::DELETE, &path).send().await.expect("an answer").status().is_success());
    fake.assert_clean();
}
