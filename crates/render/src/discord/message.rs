//! A message as Discord takes it, and its limits.

use serde::{Deserialize, Serialize};

use super::button_id::ButtonId;
use super::escape_truncated;

/// The body of a message, to be created or edited: the fields of Discord's create-message and interaction-callback
/// bodies that we use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MessagePayload {
    /// Text above the embeds, in Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// The excerpts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embeds: Vec<Embed>,
    /// Rows of buttons, at most [`MAX_ROWS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<ActionRow>,
    /// Nobody is ever pinged.
    pub allowed_mentions: AllowedMentions,
    /// [`EPHEMERAL`] and [`SUPPRESS_EMBEDS`], where one of them is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flags: Option<u32>,
}

/// A box with a coloured edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    /// Markdown.
    pub description: String,
    /// RGB of the edge.
    pub color: u32,
}

/// A row of buttons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRow {
    #[serde(rename = "type")]
    kind: u8,
    /// At most [`MAX_BUTTONS`].
    pub components: Vec<Button>,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    #[serde(rename = "type")]
    kind: u8,
    style: u8,
    /// Plain text; of a button that asks, the question.
    pub label: String,
    /// What a press means, see [`ButtonId`].
    pub custom_id: String,
}

/// Who is pinged: nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AllowedMentions {
    parse: [&'static str; 0],
}

/// Only who asked sees the message: possible in replies to interactions, and chosen with the first of them.
pub const EPHEMERAL: u32 = 1 << 6;
/// No previews of what is linked in the text. It would hide embeds of our own, so only pages without them have it.
pub const SUPPRESS_EMBEDS: u32 = 1 << 2;

/// The most characters of a message's content. This and the others: Discord's documentation of the message resource
/// and of components. Lengths are taken in UTF-16 code units, which are never fewer than characters.
pub const MAX_CONTENT: usize = 2_000;
/// The most characters of an embed's description.
pub const MAX_DESCRIPTION: usize = 4_096;
/// The most characters of all embeds of a message together.
pub const MAX_EMBEDS_LENGTH: usize = 6_000;
/// The most embeds of a message.
pub const MAX_EMBED_COUNT: usize = 10;
/// The most rows of a message.
pub const MAX_ROWS: usize = 5;
/// The most buttons of a row.
pub const MAX_BUTTONS: usize = 5;
/// The most characters of a button's label.
pub const MAX_LABEL: usize = 80;

const ACTION_ROW: u8 = 1;
const BUTTON: u8 = 2;
const SECONDARY: u8 = 2;

impl MessagePayload {
    /// A message of text and perhaps buttons: what it links is not previewed. Lines that don't fit are left out.
    #[must_use]
    pub fn from_text(mut content: String, row: Option<ActionRow>) -> Self {
        while utf16_length(&content) > MAX_CONTENT {
            let end = content.rfind('\n').unwrap_or_default();
            content.truncate(end);
        }
        let components = row.into_iter().collect();
        Self { content, components, flags: Some(SUPPRESS_EMBEDS), ..Self::default() }
    }

    /// Seen by who asked only.
    #[must_use]
    pub fn ephemeral(self) -> Self {
        Self { flags: Some(self.flags.unwrap_or_default() | EPHEMERAL), ..self }
    }

    /// With the question that it answers above the excerpts. A page without any repeats it anyway, or has no use for
    /// it.
    #[must_use]
    pub fn with_question(mut self, question: &str) -> Self {
        if !self.embeds.is_empty() {
            let joint = if self.content.is_empty() { "" } else { "\n" };
            self.content = format!("**{}**{joint}{}", escape_truncated(question), self.content);
        }
        self
    }

    /// The same as a preview of a digest: its buttons show what this preview leaves out, for there is no message yet.
    #[must_use]
    pub fn as_preview(mut self, subscription: i64) -> Self {
        for button in self.components.iter_mut().flat_map(|row| &mut row.components) {
            if let Some(ButtonId::Overflow { page }) = ButtonId::parse(&button.custom_id) {
                button.custom_id = ButtonId::Preview { subscription, page: u16::from(page) + 1 }.custom_id();
            }
        }
        self
    }

    /// With a button that deletes the message, for the user who asked: in a row of its own, or where there is no room
    /// for one at the end of the last. A page that is full stays without.
    #[must_use]
    pub fn with_delete_button(mut self, asker: u64) -> Self {
        let delete = Button::new("Delete".to_owned(), ButtonId::Delete { asker });
        if self.components.len() < MAX_ROWS {
            self.components.push(ActionRow { kind: ACTION_ROW, components: vec![delete] });
        } else if let Some(last) = self.components.last_mut().filter(|row| row.components.len() < MAX_BUTTONS)
        {
            last.components.push(delete);
        }
        self
    }
}

impl ActionRow {
    /// Questions to press, in order. One that is too long for a label, or says nothing, is left out: what a button asks
    /// is read from its label, so it can't be cut.
    #[must_use]
    pub fn question_buttons(questions: &[String]) -> Option<Self> {
        let fitting = questions
            .iter()
            .filter(|question| !question.trim().is_empty() && utf16_length(question) <= MAX_LABEL);
        let components: Vec<Button> = (0..)
            .zip(fitting.take(MAX_BUTTONS))
            .map(|(place, question)| Button::new(question.clone(), ButtonId::Ask { place }))
            .collect();
        (!components.is_empty()).then_some(Self { kind: ACTION_ROW, components })
    }

    /// Buttons in order, at most [`MAX_BUTTONS`] of them.
    pub(super) fn from_buttons(mut components: Vec<Button>) -> Self {
        components.truncate(MAX_BUTTONS);
        Self { kind: ACTION_ROW, components }
    }

    /// A button for each page of the posts that a digest does not show, at most [`MAX_BUTTONS`].
    #[must_use]
    pub fn overflow_buttons(posts: usize, pages: usize) -> Option<Self> {
        let label = |page: u8| match pages {
            1 => format!("and {posts} more"),
            _ => format!("and {posts} more, {} of {pages}", page + 1),
        };
        let components: Vec<Button> = (0..)
            .take(pages.min(MAX_BUTTONS))
            .map(|page| Button::new(label(page), ButtonId::Overflow { page }))
            .collect();
        (!components.is_empty()).then_some(Self { kind: ACTION_ROW, components })
    }
}

impl Button {
    /// A button with a label of our own, which is short.
    pub(super) fn with_label(label: &str, press: ButtonId) -> Self {
        Self::new(label.to_owned(), press)
    }

    fn new(label: String, press: ButtonId) -> Self {
        Self { kind: BUTTON, style: SECONDARY, label, custom_id: press.custom_id() }
    }
}

/// In UTF-16 code units.
#[must_use]
pub fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(page: &MessagePayload) -> Vec<usize> {
        page.components.iter().map(|row| row.components.len()).collect()
    }

    #[test]
    fn a_button_that_deletes_has_a_row_of_its_own_where_there_is_room() {
        let questions = |count| (0..count).map(|at| format!("why {at}?")).collect::<Vec<_>>();
        let page =
            |count| MessagePayload::from_text("text".into(), ActionRow::question_buttons(&questions(count)));
        assert_eq!(rows(&page(0).with_delete_button(7)), [1]);
        assert_eq!(rows(&page(5).with_delete_button(7)), [5, 1]);
        let mut last = page(3).with_delete_button(7);
        assert_eq!(last.components[1].components[0].custom_id, "1:del:7");
        last.components = vec![last.components[0].clone(); MAX_ROWS];
        let full = last.clone().with_delete_button(7);
        assert_eq!(rows(&full), [3, 3, 3, 3, 4]);
        assert_eq!(rows(&full.with_delete_button(7).with_delete_button(7)), [3, 3, 3, 3, 5]);
    }

    #[test]
    fn flags_add_up_and_are_left_out_where_none_is_set() {
        assert_eq!(MessagePayload::from_text("text".into(), None).ephemeral().flags, Some(68));
        assert_eq!(MessagePayload::default().ephemeral().flags, Some(64));
        let json = serde_json::to_string(&MessagePayload::default()).expect("JSON");
        assert_eq!(json, r#"{"allowed_mentions":{"parse":[]}}"#);
    }
}
