//! The options of commands: their registration, and the parsing of their values.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use serenity::all::{ChannelId, ChannelType, CommandOptionType, CommandType, MessageId, Permissions};

use super::Autocomplete;

#[derive(Clone, Copy)]
pub(crate) struct CommandOption {
    pub name: &'static str,
    /// The description, which Discord shows beside the name.
    pub description: &'static str,
    /// Whether a call must have it.
    pub is_required: bool,
    /// The kind of its value.
    pub kind: OptionKind,
}

/// The kind of an option's value.
#[derive(Clone, Copy)]
pub(crate) enum OptionKind {
    Text {
        /// Its maximum length in characters.
        max_length: u16,
        /// The choices that are offered while it is typed.
        autocomplete: Option<Autocomplete>,
    },
    /// One of these names. The value is its index.
    Choice(fn() -> Vec<&'static str>),
    /// Yes or no.
    Flag,
    /// A channel or thread of the server, of one of these types.
    Channel(&'static [ChannelType]),
}

impl CommandOption {
    pub(crate) const fn text(name: &'static str, description: &'static str, max_length: u16) -> Self {
        let kind = OptionKind::Text { max_length, autocomplete: None };
        Self { name, description, is_required: false, kind }
    }

    /// A text with autocomplete.
    pub(crate) const fn name(
        name: &'static str,
        description: &'static str,
        max_length: u16,
        autocomplete: Autocomplete,
    ) -> Self {
        let kind = OptionKind::Text { max_length, autocomplete: Some(autocomplete) };
        Self { name, description, is_required: false, kind }
    }

    /// An option of another kind.
    pub(crate) const fn new(name: &'static str, description: &'static str, kind: OptionKind) -> Self {
        Self { name, description, is_required: false, kind }
    }

    /// The same option, which a call must have.
    pub(crate) const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// The same option with another description.
    pub(crate) const fn described(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    /// Discord's type of the option.
    pub(crate) fn discord_type(&self) -> CommandOptionType {
        match self.kind {
            OptionKind::Text { .. } => CommandOptionType::String,
            OptionKind::Choice(_) => CommandOptionType::Integer,
            OptionKind::Flag => CommandOptionType::Boolean,
            OptionKind::Channel(_) => CommandOptionType::Channel,
        }
    }
}

/// A command that was called or is being typed.
#[derive(Deserialize)]
pub(crate) struct CommandData {
    /// The name of the command.
    pub name: String,
    #[serde(rename = "type")]
    kind: CommandType,
    #[serde(default)]
    options: Vec<OptionData>,
    #[serde(default)]
    resolved: Resolved,
    /// The message in whose menu the command was chosen.
    #[serde(default)]
    target_id: Option<MessageId>,
}

/// What the ids in options and the target refer to.
#[derive(Default, Deserialize)]
struct Resolved {
    #[serde(default)]
    channels: HashMap<ChannelId, ResolvedChannel>,
    #[serde(default)]
    messages: HashMap<MessageId, ResolvedMessage>,
}

#[derive(Deserialize)]
struct ResolvedMessage {
    #[serde(default)]
    content: String,
}

#[derive(Deserialize)]
struct ResolvedChannel {
    #[serde(rename = "type")]
    kind: ChannelType,
    permissions: Option<Permissions>,
}

/// A channel that a caller named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NamedChannel {
    pub id: u64,
    /// Its type.
    pub kind: ChannelType,
    /// The caller's permissions there, if Discord sends them.
    pub permissions: Option<Permissions>,
}

/// An option with its value, or a subcommand with its options.
#[derive(Deserialize)]
struct OptionData {
    name: String,
    #[serde(rename = "type")]
    kind: CommandOptionType,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    options: Vec<OptionData>,
    #[serde(default)]
    focused: bool,
}

/// The values of a command's options. Unknown options are ignored.
pub(crate) struct OptionValues<'a> {
    values: &'a [OptionData],
    resolved: &'a Resolved,
}

/// An option is missing, or its value has another type than this version registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OptionMismatch;

impl CommandData {
    /// Whether it is a slash command, not an entry in the menu of a message or person.
    pub(crate) fn is_slash_command(&self) -> bool {
        self.kind == CommandType::ChatInput
    }

    /// The words of the message in whose menu the command was chosen; `None` for other commands.
    pub(crate) fn target_message(&self) -> Option<&str> {
        let target = self.target_id.filter(|_| self.kind == CommandType::Message)?;
        self.resolved.messages.get(&target).map(|message| message.content.as_str())
    }

    /// The subcommand, with the values of its options.
    pub(crate) fn subcommand(&self) -> Option<(&str, OptionValues<'_>)> {
        use CommandOptionType::{SubCommand, SubCommandGroup};
        let subcommand = self.options.iter().find(|it| matches!(it.kind, SubCommand | SubCommandGroup))?;
        Some((&subcommand.name, OptionValues { values: &subcommand.options, resolved: &self.resolved }))
    }

    /// The values of the command's own options.
    pub(crate) fn values(&self) -> OptionValues<'_> {
        OptionValues { values: &self.options, resolved: &self.resolved }
    }
}

impl OptionValues<'_> {
    /// A text that must be present.
    pub(crate) fn required_text(&self, option: &CommandOption) -> Result<String, OptionMismatch> {
        self.text(option)?.ok_or(OptionMismatch)
    }

    pub(crate) fn text(&self, option: &CommandOption) -> Result<Option<String>, OptionMismatch> {
        self.value(option, |value| Some(value.as_str()?.to_owned()))
    }

    /// Yes or no.
    pub(crate) fn flag(&self, option: &CommandOption) -> Result<Option<bool>, OptionMismatch> {
        self.value(option, Value::as_bool)
    }

    /// One of the choices, which are in the order of the option's names.
    pub(crate) fn choice<T: Copy>(
        &self,
        option: &CommandOption,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, OptionMismatch> {
        let choice = |value: &Value| choices.get(usize::try_from(value.as_u64()?).ok()?);
        Ok(self.value(option, choice)?.map(|(_, choice)| *choice))
    }

    /// A channel with its type and the caller's permissions.
    pub(crate) fn channel(&self, option: &CommandOption) -> Result<Option<NamedChannel>, OptionMismatch> {
        self.value(option, |value| {
            let id: ChannelId = value.as_str()?.parse().ok()?;
            let ResolvedChannel { kind, permissions } = *self.resolved.channels.get(&id)?;
            Some(NamedChannel { id: id.get(), kind, permissions })
        })
    }

    /// The name and the text of the option that is being typed.
    pub(crate) fn focused(&self) -> Option<(&str, &str)> {
        let option = self.values.iter().find(|it| it.focused)?;
        Some((&option.name, option.value.as_str()?))
    }

    fn value<'v, T>(
        &'v self,
        option: &CommandOption,
        parse: impl FnOnce(&'v Value) -> Option<T>,
    ) -> Result<Option<T>, OptionMismatch> {
        let Some(data) = self.values.iter().find(|it| it.name == option.name) else { return Ok(None) };
        if data.kind != option.discord_type() {
            return Err(OptionMismatch);
        }
        parse(&data.value).map(Some).ok_or(OptionMismatch)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEXT: CommandOption = CommandOption::text("text", "a text", 10);
    const FLAG: CommandOption = CommandOption::new("flag", "a flag", OptionKind::Flag);
    const CHANNEL: CommandOption = CommandOption::new("channel", "a channel", OptionKind::Channel(&[]));
    const SIZES: [(&str, u8); 2] = [("small", 1), ("large", 9)];
    const SIZE: CommandOption =
        CommandOption::new("size", "a size", OptionKind::Choice(|| vec!["small", "large"]));

    fn data(options: &Value) -> CommandData {
        let channels = json!({ "7": { "id": "7", "type": 5, "permissions": "2048" } });
        let data =
            json!({ "name": "c", "type": 1, "options": options, "resolved": { "channels": channels } });
        serde_json::from_value(data).expect("a command")
    }

    #[test]
    fn values_are_parsed_by_the_type_of_their_option() {
        let data = data(&json!([
            { "name": "text", "type": 3, "value": "words" },
            { "name": "flag", "type": 5, "value": true },
            { "name": "size", "type": 4, "value": 1 },
            { "name": "channel", "type": 7, "value": "7" },
            { "name": "later", "type": 11, "value": "9" },
        ]));
        let values = data.values();
        assert_eq!(values.required_text(&TEXT), Ok("words".to_owned()));
        assert_eq!(values.flag(&FLAG), Ok(Some(true)));
        assert_eq!(values.choice(&SIZE, &SIZES), Ok(Some(9)));
        let permissions = Some(Permissions::SEND_MESSAGES);
        let channel = NamedChannel { id: 7, kind: ChannelType::News, permissions };
        assert_eq!(values.channel(&CHANNEL), Ok(Some(channel)));
        assert_eq!(values.text(&CommandOption::text("other", "not there", 10)), Ok(None));
    }

    #[test]
    fn a_value_of_another_type_is_a_mismatch() {
        let mismatch = |name: &str, kind: u8, value: Value, option: &CommandOption| {
            let data = data(&json!([{ "name": name, "type": kind, "value": value }]));
            let values = data.values();
            match option.kind {
                OptionKind::Text { .. } => values.text(option).is_err(),
                OptionKind::Flag => values.flag(option).is_err(),
                OptionKind::Choice(_) => values.choice(option, &SIZES).is_err(),
                OptionKind::Channel(_) => values.channel(option).is_err(),
            }
        };
        assert!(mismatch("text", 4, json!(7), &TEXT));
        assert!(mismatch("text", 3, json!(7), &TEXT));
        assert!(mismatch("flag", 3, json!("yes"), &FLAG));
        assert!(mismatch("size", 4, json!(2), &SIZE));
        assert!(mismatch("size", 4, json!(-1), &SIZE));
        assert!(mismatch("channel", 7, json!("8"), &CHANNEL), "it is not resolved");
        assert_eq!(data(&json!([])).values().required_text(&TEXT), Err(OptionMismatch));
    }

    #[test]
    fn the_option_that_is_typed_is_found_among_those_of_the_subcommand() {
        let data = data(&json!([{ "name": "add", "type": 1, "options": [
            { "name": "text", "type": 3, "value": "a" },
            { "name": "event", "type": 3, "value": "kube", "focused": true },
        ]}]));
        let (name, values) = data.subcommand().expect("a subcommand");
        assert_eq!((name, values.focused()), ("add", Some(("event", "kube"))));
        assert_eq!(data.values().focused(), None);
    }
}
