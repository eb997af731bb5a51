//! The payload of a Discord message, and its limits.

use serde::{Deserialize, Serialize};

use super::button_id::ButtonId;
use super::{escape_truncated, truncate_line};
use crate::trend_picture::trend_picture;
use takeaways_text::model::YearCount;

/// The body of a new or edited message: the fields that we use of Discord's create-message and interaction-callback bodies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MessagePayload {
    /// Text above the embeds, in Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// The boxes below the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embeds: Vec<Embed>,
    /// Rows of buttons, at most [`MAX_ROWS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<ActionRow>,
    /// The files below the text, at most one. Discord takes ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Who may be pinged: nobody.
    pub allowed_mentions: AllowedMentions,
    /// [`EPHEMERAL`] and [`SUPPRESS_EMBEDS`], if one of them is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flags: Option<u32>,
}

/// A box with a coloured edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    /// The text, in Markdown.
    pub description: String,
    /// The colour of the edge, in RGB.
    pub color: u32,
}

/// A picture below the text of a message. It is drawn when it is sent ([`Attachment::draw`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its place among the files of the message, from 0, as a text: ids are texts.
    pub id: String,
    /// The name of its file.
    pub filename: String,
    /// What it shows, for those who can't see it.
    pub description: String,
    /// The years of the trend that it shows.
    #[serde(skip)]
    series: Vec<YearCount>,
}

/// A row of buttons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRow {
    #[serde(rename = "type")]
    kind: u8,
    /// The buttons, at most [`MAX_BUTTONS`]; or one menu.
    pub components: Vec<Component>,
}

/// A part of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Component {
    /// A button.
    Button(Button),
    /// A menu, which fills its row.
    Menu(Menu),
}

/// A menu of which one entry is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    #[serde(rename = "type")]
    kind: u8,
    /// The action, see [`ButtonId`].
    pub custom_id: String,
    /// What it says before an entry is chosen.
    pub placeholder: String,
    /// The entries, at most [`MAX_ENTRIES`].
    pub options: Vec<MenuEntry>,
}

/// An entry of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuEntry {
    /// What it says.
    pub label: String,
    /// What is sent if it is chosen.
    pub value: String,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    #[serde(rename = "type")]
    kind: u8,
    style: u8,
    /// The label, as plain text. For a button that asks, the question.
    pub label: String,
    /// The action, see [`ButtonId`].
    pub custom_id: String,
}

/// The list of allowed mentions, which is always empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AllowedMentions {
    parse: [&'static str; 0],
}

/// Only the asker sees the message. Possible only in replies to interactions; the first reply decides.
pub const EPHEMERAL: u32 = 1 << 6;
/// Links in the text have no previews. The flag would hide our own embeds too, so only messages without embeds have it.
pub const SUPPRESS_EMBEDS: u32 = 1 << 2;

/// The length limit of a message's content. Source of all limits: Discord's documentation of messages and components.
/// Lengths are in UTF-16 code units, which are never fewer than characters.
pub const MAX_CONTENT: usize = 2_000;
/// The length limit of an embed's description.
pub const MAX_DESCRIPTION: usize = 4_096;
/// The length limit of all embeds of a message together.
pub const MAX_EMBEDS_LENGTH: usize = 6_000;
/// How many embeds a message may have.
pub const MAX_EMBED_COUNT: usize = 10;
/// The length limit of the description of a file.
pub const MAX_ALT_TEXT: usize = 1_024;
/// How many rows a message may have.
pub const MAX_ROWS: usize = 5;
/// How many buttons a row may have.
pub const MAX_BUTTONS: usize = 5;
/// The length limit of a button's label.
pub const MAX_LABEL: usize = 80;
/// How many entries a menu may have.
pub const MAX_ENTRIES: usize = 25;
/// The length limit of an entry's label, and of a menu's placeholder (which may be longer).
pub const MAX_ENTRY: usize = 100;

const ACTION_ROW: u8 = 1;
const BUTTON: u8 = 2;
const MENU: u8 = 3;
const SECONDARY: u8 = 2;

impl MessagePayload {
    /// A message with text, buttons if `row` is given, and no link previews. Lines that don't fit are left out.
    pub fn from_text(mut content: String, row: Option<ActionRow>) -> Self {
        while utf16_length(&content) > MAX_CONTENT {
            let end = content.rfind('\n').unwrap_or_default();
            content.truncate(end);
        }
        let components = row.into_iter().collect();
        Self { content, components, flags: Some(SUPPRESS_EMBEDS), ..Self::default() }
    }

    /// The same message, visible only to the asker.
    pub fn ephemeral(self) -> Self {
        Self { flags: Some(self.flags.unwrap_or_default() | EPHEMERAL), ..self }
    }

    /// The same message with the question above the excerpts. A message without excerpts stays as it is.
    pub fn with_question(self, question: &str) -> Self {
        if self.embeds.is_empty() {
            return self;
        }
        self.with_line_above(&format!("**{}**", escape_truncated(question)))
    }

    /// The same message with a line above its text, if there is room for it.
    pub(super) fn with_line_above(mut self, line: &str) -> Self {
        let separator = if self.content.is_empty() { "" } else { "\n" };
        let content = format!("{line}{separator}{}", self.content);
        if utf16_length(&content) <= MAX_CONTENT {
            self.content = content;
        }
        self
    }

    /// The same message with the texts of its embeds below its own, as far as they fit. Whole embeds are left out, so that
    /// no quote loses its source.
    pub fn without_embeds(&self) -> Self {
        let mut content = self.content.clone();
        for Embed { description, .. } in &self.embeds {
            let separator = if content.is_empty() { "" } else { "\n\n" };
            if utf16_length(&content) + utf16_length(separator) + utf16_length(description) > MAX_CONTENT {
                break;
            }
            content = content + separator + description;
        }
        if content.is_empty() {
            const TOO_LONG: &str =
                "The answer is too long for a message without embeds. Please let me embed links here.";
            content.push_str(TOO_LONG);
        }
        Self { content, embeds: Vec::new(), flags: Some(SUPPRESS_EMBEDS), ..self.clone() }
    }

    /// The same message without its files. What they show stands in its text too.
    pub fn without_attachments(&self) -> Self {
        Self { attachments: Vec::new(), ..self.clone() }
    }

    /// The same message with one more row, if there is room.
    pub(super) fn with_row(mut self, row: Option<ActionRow>) -> Self {
        if self.components.len() < MAX_ROWS {
            self.components.extend(row);
        }
        self
    }

    /// The same message as a preview of a digest: its buttons show pages of the preview, because no message exists yet.
    pub fn as_preview(mut self, subscription: i64) -> Self {
        for component in self.components.iter_mut().flat_map(|row| &mut row.components) {
            let Component::Button(button) = component else { continue };
            if let Some(ButtonId::Overflow { page }) = ButtonId::parse(&button.custom_id) {
                button.custom_id = ButtonId::Preview { subscription, page: u16::from(page) + 1 }.custom_id();
            }
        }
        self
    }

    /// The same message with a button that deletes it. The button has its own row, or the end of the last row if all rows
    /// are used. A full message has no such button, and no message has two.
    pub fn with_delete_button(mut self, asker: u64) -> Self {
        let delete = Component::Button(Button::new("Delete", ButtonId::Delete { asker }));
        let mut components = self.components.iter().flat_map(|row| &row.components);
        if components.any(|component| *component == delete) {
            return self;
        }
        if self.components.len() < MAX_ROWS {
            // Beside other buttons it takes no row of its own.
            match self.components.iter_mut().find(|row| row.is_of_answer() && row.has_room()) {
                Some(row) => row.components.push(delete),
                None => self.components.push(ActionRow { kind: ACTION_ROW, components: vec![delete] }),
            }
        } else if let Some(last) = self.components.last_mut().filter(|row| row.has_room()) {
            last.components.push(delete);
        }
        self
    }
}

impl Attachment {
    /// The picture of a trend. A description that is too long ends with an ellipsis.
    pub(super) fn of_trend(series: &[YearCount], description: &str) -> Self {
        let description = truncate_line(description, MAX_ALT_TEXT);
        Self { id: "0".to_owned(), filename: "trend.png".to_owned(), description, series: series.to_vec() }
    }

    /// The bytes of the file, a PNG; `None` if it can't be drawn. It takes some milliseconds.
    pub fn draw(&self) -> Option<Vec<u8>> {
        trend_picture(&self.series)
    }
}

impl ActionRow {
    /// A button for each question. Empty questions and questions longer than a label are left out, because the label is
    /// the question and can't be cut.
    pub fn question_buttons(questions: &[String]) -> Option<Self> {
        let fitting = questions
            .iter()
            .filter(|question| !question.trim().is_empty() && utf16_length(question) <= MAX_LABEL);
        let buttons: Vec<Button> = (0..)
            .zip(fitting.take(MAX_BUTTONS))
            .map(|(place, question)| Button::new(question.clone(), ButtonId::Ask { place }))
            .collect();
        (!buttons.is_empty()).then(|| Self::from_buttons(buttons))
    }

    /// A row of the first [`MAX_BUTTONS`] buttons.
    pub(super) fn from_buttons(buttons: Vec<Button>) -> Self {
        let components = buttons.into_iter().take(MAX_BUTTONS).map(Component::Button).collect();
        Self { kind: ACTION_ROW, components }
    }

    /// A row with a menu of the first [`MAX_ENTRIES`] entries.
    pub(super) fn from_menu(id: ButtonId, placeholder: &str, entries: Vec<MenuEntry>) -> Self {
        let options = entries.into_iter().take(MAX_ENTRIES).collect();
        let menu =
            Menu { kind: MENU, custom_id: id.custom_id(), placeholder: placeholder.to_owned(), options };
        Self { kind: ACTION_ROW, components: vec![Component::Menu(menu)] }
    }

    /// Whether it has the buttons of an answer, and not questions to ask.
    fn is_of_answer(&self) -> bool {
        self.buttons().any(|it| {
            matches!(
                ButtonId::parse(&it.custom_id),
                Some(ButtonId::Answer { .. } | ButtonId::Context { .. } | ButtonId::Recaps { .. })
            )
        })
    }

    /// Whether one more button fits.
    fn has_room(&self) -> bool {
        let is_button = |component: &Component| matches!(component, Component::Button(_));
        self.components.len() < MAX_BUTTONS && self.components.iter().all(is_button)
    }

    /// The buttons of the row.
    pub fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.components.iter().filter_map(|component| match component {
            Component::Button(button) => Some(button),
            Component::Menu(_) => None,
        })
    }

    /// A button for each page of the posts that a digest has no room for, at most [`MAX_BUTTONS`].
    pub fn overflow_buttons(posts: usize, pages: usize) -> Option<Self> {
        let label = |page: u8| match pages {
            1 => format!("{posts} more"),
            _ => format!("{posts} more, page {} of {pages}", page + 1),
        };
        let buttons: Vec<Button> = (0..)
            .take(pages.min(MAX_BUTTONS))
            .map(|page| Button::new(label(page), ButtonId::Overflow { page }))
            .collect();
        (!buttons.is_empty()).then(|| Self::from_buttons(buttons))
    }
}

impl MenuEntry {
    /// An entry. A label that is too long ends with an ellipsis.
    pub(super) fn new(label: &str, value: impl Into<String>) -> Self {
        Self { label: truncate_line(label, MAX_ENTRY), value: value.into() }
    }
}

impl Button {
    /// A button with a label that fits.
    pub(super) fn new(label: impl Into<String>, id: ButtonId) -> Self {
        Self { kind: BUTTON, style: SECONDARY, label: label.into(), custom_id: id.custom_id() }
    }
}

/// The length in UTF-16 code units.
pub fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A message with only text.
pub(super) fn text_message(text: impl Into<String>) -> MessagePayload {
    MessagePayload::from_text(text.into(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row_lengths(page: &MessagePayload) -> Vec<usize> {
        page.components.iter().map(|row| row.components.len()).collect()
    }

    #[test]
    fn a_delete_button_has_its_own_row_if_there_is_room() {
        let questions = |count| (0..count).map(|at| format!("why {at}?")).collect::<Vec<_>>();
        let page =
            |count| MessagePayload::from_text("text".into(), ActionRow::question_buttons(&questions(count)));
        assert_eq!(row_lengths(&page(0).with_delete_button(7)), [1]);
        assert_eq!(row_lengths(&page(5).with_delete_button(7)), [5, 1]);
        let mut last = page(3).with_delete_button(7);
        assert_eq!(last.components[1].buttons().next().map(|it| it.custom_id.as_str()), Some("1:del:7"));
        last.components = vec![last.components[0].clone(); MAX_ROWS];
        let full = last.clone().with_delete_button(7);
        assert_eq!(row_lengths(&full), [3, 3, 3, 3, 4]);
        assert_eq!(row_lengths(&full.clone().with_delete_button(7)), [3, 3, 3, 3, 4], "one is enough");
        assert_eq!(row_lengths(&full.with_delete_button(8).with_delete_button(9)), [3, 3, 3, 3, 5]);
    }

    #[test]
    fn flags_add_up_and_are_left_out_if_none_is_set() {
        assert_eq!(MessagePayload::from_text("text".into(), None).ephemeral().flags, Some(68));
        assert_eq!(MessagePayload::default().ephemeral().flags, Some(64));
        let json = serde_json::to_string(&MessagePayload::default()).expect("JSON");
        assert_eq!(json, r#"{"allowed_mentions":{"parse":[]}}"#);
    }
}
