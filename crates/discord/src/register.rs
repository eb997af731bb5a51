//! Registers the commands with Discord if they changed; Discord limits how often commands are created.

use reqwest::Method;
use serde_json::{Value, json};
use serenity::all::{
    CommandOptionType, CommandType, CreateCommand, CreateCommandOption, InstallationContext,
    InteractionContext,
};

use super::commands::{Action, COMMANDS, Command, CommandOption, OptionKind, Subcommand};
use super::rest::{Rest, RestError};
use super::route::Route;

/// Registers the commands. Returns whether they had changed.
pub(crate) async fn register(rest: &Rest, application: u64) -> Result<bool, RestError> {
    let route = Route::Commands { application };
    let ours = commands();
    let theirs: Value = rest.get(route).await?;
    if are_same_commands(&ours, &theirs) {
        return Ok(false);
    }
    rest.send(Method::PUT, route, Some(&ours)).await?;
    Ok(true)
}

/// All commands in Discord's format.
fn commands() -> Value {
    json!(COMMANDS.iter().map(command).collect::<Vec<CreateCommand>>())
}

fn command(command: &Command) -> CreateCommand {
    let (mut contexts, mut installed) = (vec![InteractionContext::Guild], vec![InstallationContext::Guild]);
    if command.is_in_direct_messages {
        // What a person may do alone also works where only they have installed the bot.
        contexts.extend([InteractionContext::BotDm, InteractionContext::PrivateChannel]);
        installed.push(InstallationContext::User);
    }
    let options = match &command.action {
        Action::Run(run) => run.options.iter().map(option).collect(),
        Action::Subcommands(all) => all.iter().map(subcommand).collect(),
        Action::Message(_) => Vec::new(),
    };
    let created = CreateCommand::new(command.name).integration_types(installed).contexts(contexts);
    let created = match &command.action {
        Action::Message(_) => created.kind(CommandType::Message),
        Action::Run(_) | Action::Subcommands(_) => {
            created.description(command.description).set_options(options)
        }
    };
    match command.default_permissions {
        Some(permissions) => created.default_member_permissions(permissions),
        None => created,
    }
}

fn subcommand(subcommand: &Subcommand) -> CreateCommandOption {
    let Subcommand { name, description, run } = subcommand;
    let options: Vec<CreateCommandOption> = run.options.iter().map(option).collect();
    CreateCommandOption::new(CommandOptionType::SubCommand, *name, *description).set_sub_options(options)
}

fn option(option: &CommandOption) -> CreateCommandOption {
    let created = CreateCommandOption::new(option.discord_type(), option.name, option.description)
        .required(option.is_required);
    match option.kind {
        OptionKind::Text { max_length, autocomplete } => {
            created.max_length(max_length).set_autocomplete(autocomplete.is_some())
        }
        OptionKind::Choice(names) => (0..).zip(names()).fold(created, |created, (index, name)| {
            created.add_int_choice_localized(name, index, [] as [(&str, &str); 0])
        }),
        OptionKind::Flag => created,
        OptionKind::Channel(types) => created.channel_types(types.to_vec()),
    }
}

/// Whether Discord has exactly these commands, in any order.
fn are_same_commands(ours: &Value, theirs: &Value) -> bool {
    let sorted = |commands: &Value| {
        let mut commands: Vec<Value> = commands
            .as_array()
            .into_iter()
            .flatten()
            .map(|command| normalise(command, COMMAND_FIELDS))
            .collect();
        commands.sort_by_key(|command| command["name"].to_string());
        commands
    };
    sorted(ours) == sorted(theirs)
}

/// The fields of a command that this program sets, with Discord's defaults.
const COMMAND_FIELDS: &[(&str, &str)] = &[
    ("type", "1"),
    ("name", "null"),
    ("description", "\"\""),
    ("name_localizations", "{}"),
    ("description_localizations", "{}"),
    ("default_member_permissions", "null"),
    ("nsfw", "false"),
    ("integration_types", "[0]"),
    ("contexts", "null"),
    ("options", "[]"),
];

/// The fields of an option that this program sets, with Discord's defaults.
const OPTION_FIELDS: &[(&str, &str)] = &[
    ("type", "null"),
    ("name", "null"),
    ("description", "\"\""),
    ("name_localizations", "{}"),
    ("description_localizations", "{}"),
    ("required", "false"),
    ("autocomplete", "false"),
    ("choices", "[]"),
    ("min_length", "null"),
    ("max_length", "null"),
    ("min_value", "null"),
    ("max_value", "null"),
    ("options", "[]"),
];

fn normalise(object: &Value, fields: &[(&str, &str)]) -> Value {
    let field = |(name, default): &(&str, &str)| {
        let given = object.get(*name).filter(|value| !value.is_null()).cloned();
        let value = given.unwrap_or_else(|| serde_json::from_str(default).unwrap_or_default());
        let value = match (*name, value) {
            ("options", Value::Array(options)) => {
                options.iter().map(|option| normalise(option, OPTION_FIELDS)).collect()
            }
            ("contexts" | "integration_types", Value::Array(mut kinds)) => {
                kinds.sort_by_key(Value::to_string);
                Value::Array(kinds)
            }
            (_, value) => value,
        };
        ((*name).to_owned(), value)
    };
    Value::Object(fields.iter().map(field).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_discord_adds_is_no_change() {
        let ours = json!([{ "name": "ask", "description": "d", "contexts": [1, 0], "options": [
            { "type": 3, "name": "question", "description": "q", "required": true },
            { "type": 3, "name": "event", "description": "e", "autocomplete": true },
        ]}, { "name": "help", "description": "h" }]);
        let theirs = json!([{ "id": "2", "version": "3", "type": 1, "name": "help", "description": "h", "nsfw": false,
                "integration_types": [0], "contexts": null, "default_member_permissions": null },
            { "id": "1", "type": 1, "name": "ask", "description": "d", "contexts": [0, 1], "options": [
            { "type": 3, "name": "question", "description": "q", "required": true, "name_localizations": null },
            { "type": 3, "name": "event", "description": "e", "autocomplete": true, "required": false },
        ]}]);
        assert!(are_same_commands(&ours, &theirs));
        for (path, value) in [
            ("/1/options/1/description", json!("other")),
            ("/1/options/0/required", json!(false)),
            ("/1/contexts", json!([0])),
            ("/0/name", json!("old")),
        ] {
            let mut other = theirs.clone();
            *other.pointer_mut(path).expect(path) = value;
            assert!(!are_same_commands(&ours, &other), "{path}");
        }
        assert!(!are_same_commands(&ours, &json!([])));
    }
}
