//! A message as Discord takes it, and its limits.

use serde::Serialize;

/// The body of a message, to be created or edited: the fields of Discord's create-message and interaction-callback
/// bodies that we use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Page {
    /// Text above the embeds, in Markdown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// The excerpts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub embeds: Vec<Embed>,
    /// Rows of buttons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Row>,
    /// Nobody is ever pinged.
    pub allowed_mentions: AllowedMentions,
}

/// A box with a coloured edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Embed {
    /// Markdown.
    pub description: String,
    /// RGB of the edge.
    pub color: u32,
}

/// A row of buttons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    #[serde(rename = "type")]
    kind: u8,
    /// At most [`MAX_BUTTONS`].
    pub components: Vec<Button>,
}

/// A button that asks a question: its label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Button {
    #[serde(rename = "type")]
    kind: u8,
    style: u8,
    /// The question, plain text.
    pub label: String,
    /// Version and kind, and the place in the row: no two of a message may be the same.
    pub custom_id: String,
}

/// Who is pinged: nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AllowedMentions {
    parse: [&'static str; 0],
}

/// The most characters of a message's content. This and the others: Discord's documentation of the message resource
/// and of components. Lengths are taken in UTF-16 code units, which are never fewer than characters.
pub const MAX_CONTENT: usize = 2_000;
/// The most characters of an embed's description.
pub const MAX_DESCRIPTION: usize = 4_096;
/// The most characters of all embeds of a message together.
pub const MAX_EMBEDS: usize = 6_000;
/// The most buttons of a row.
pub const MAX_BUTTONS: usize = 5;
/// The most characters of a button's label.
pub const MAX_LABEL: usize = 80;

const ACTION_ROW: u8 = 1;
const BUTTON: u8 = 2;
const SECONDARY: u8 = 2;

impl Page {
    /// A message of text only.
    #[must_use]
    pub fn of_text(content: String) -> Self {
        Self { content, ..Self::default() }
    }
}

impl Row {
    /// Questions to press, in order. One that is too long for a label, or says nothing, is left out: what a button asks
    /// is read from its label, so it can't be cut.
    #[must_use]
    pub fn of_questions(questions: &[String]) -> Option<Self> {
        let fitting =
            questions.iter().filter(|question| !question.trim().is_empty() && length(question) <= MAX_LABEL);
        let button = |(at, question): (usize, &String)| Button {
            kind: BUTTON,
            style: SECONDARY,
            label: question.clone(),
            custom_id: format!("1:try:{at}"),
        };
        let components: Vec<Button> = fitting.take(MAX_BUTTONS).enumerate().map(button).collect();
        (!components.is_empty()).then_some(Self { kind: ACTION_ROW, components })
    }
}

/// In UTF-16 code units.
#[must_use]
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}
