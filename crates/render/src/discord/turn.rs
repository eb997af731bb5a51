//! Renders answers of conversations, with the buttons that go on from them.

use super::button_id::{AnswerAction, ButtonId};
use super::message::{ActionRow, Button, MenuEntry, MessagePayload, text_message};
use super::{answer, escape_truncated};
use crate::wording;
use takeaways_answer::{Notice, Turn, TurnAnswer};
use takeaways_text::model::{Answer, Excerpt, Language};

/// An overview with fewer lines has shown all that there is.
const FULL_OVERVIEW: usize = 8;

/// Where an answer is shown, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// To the person alone, in a server.
    Private,
    /// To everybody in a channel.
    Channel,
    /// In direct messages.
    Direct,
}

impl Audience {
    /// The audience of an answer in a server or, without one, in direct messages.
    #[must_use]
    pub fn of(server: Option<u64>, is_private: bool) -> Self {
        match server {
            None => Self::Direct,
            Some(_) if is_private => Self::Private,
            Some(_) => Self::Channel,
        }
    }
}

/// Renders an answer of a conversation. `number` is that of the kept answer; without it there are no buttons that need one.
#[must_use]
pub fn turn_answer(answered: &TurnAnswer, number: Option<u64>, audience: Audience) -> MessagePayload {
    let TurnAnswer { question, verified, is_follow_up, turn } = answered;
    let mut page = answer(question, &verified.answer, &verified.events);
    let understood = wording::understood(turn, &verified.events).filter(|_| *is_follow_up);
    if let (Some(understood), false) = (understood, matches!(verified.answer, Answer::NothingFound { .. })) {
        let rest = page.content.split_once('\n').map_or("", |(_, rest)| rest);
        let rest = if page.content.starts_with("In ") { rest } else { page.content.as_str() };
        let separator = if rest.is_empty() { "" } else { "\n" };
        page.content = format!("**{}**{separator}{rest}", escape_truncated(&understood));
    }
    let Some(number) = number else { return page };
    let excerpts = verified.answer.excerpts();
    page.with_row(menu(turn, &verified.answer, number))
        .with_row(buttons(answered, excerpts, number, audience))
}

/// The buttons that make sense for an answer.
fn buttons(
    answered: &TurnAnswer,
    excerpts: &[Excerpt],
    number: u64,
    audience: Audience,
) -> Option<ActionRow> {
    let TurnAnswer { is_follow_up, turn, verified, .. } = answered;
    let button = |label: &str, action| Button::new(label, ButtonId::Answer { action, number });
    let mut row = Vec::new();
    let is_cited = matches!(verified.answer, Answer::Cited { .. });
    if let ([_], true) = (excerpts, is_cited) {
        row.push(Button::new("Context", ButtonId::Context { number, excerpt: 0, step: 0 }));
    }
    let may_have_more = turn.is_overview && excerpts.len() >= FULL_OVERVIEW;
    if (may_have_more || !turn.further.is_empty()) && !excerpts.is_empty() {
        row.push(button("More", AnswerAction::More));
    }
    let dates = excerpts.iter().map(|excerpt| excerpt.citation.date);
    let is_newest_first = excerpts.iter().map(|excerpt| excerpt.citation.date).is_sorted_by(|a, b| a >= b);
    if is_cited && dates.count() > 1 && !is_newest_first {
        row.push(button("Newest first", AnswerAction::NewestFirst));
    }
    if audience == Audience::Private && !excerpts.is_empty() {
        row.push(button("Share", AnswerAction::Share));
    }
    if *is_follow_up && !turn.scope.is_everything() {
        row.push(button("Remove scope", AnswerAction::RemoveScope));
    }
    if *is_follow_up && !excerpts.is_empty() {
        row.push(button("New topic", AnswerAction::NewTopic));
    }
    (!row.is_empty()).then(|| ActionRow::from_buttons(row))
}

/// The menu of an answer: of its themes, or of its excerpts for the text around them. One excerpt has a button.
fn menu(turn: &Turn, answer: &Answer, number: u64) -> Option<ActionRow> {
    if !turn.themes.is_empty() {
        let entries = turn.themes.iter().enumerate();
        let entries = entries.map(|(at, theme)| MenuEntry::new(&super::visible_text(theme), at.to_string()));
        let id = ButtonId::Answer { action: AnswerAction::ChooseGroup, number };
        return Some(ActionRow::from_menu(id, "Open a theme", entries.collect()));
    }
    let Answer::Cited { excerpts, .. } = answer else { return None };
    if excerpts.len() < 2 || turn.shown.len() != excerpts.len() {
        return None;
    }
    let entry = |(at, excerpt): (usize, &Excerpt)| {
        MenuEntry::new(
            &format!("{}. {}", at + 1, super::visible_text(&excerpt.citation.title)),
            at.to_string(),
        )
    };
    let entries = excerpts.iter().enumerate().map(entry).collect();
    let id = ButtonId::Answer { action: AnswerAction::ChooseContext, number };
    Some(ActionRow::from_menu(id, "Read an excerpt in context", entries))
}

/// Renders the text around an excerpt, with buttons to what precedes and follows it where there is more.
#[must_use]
pub fn context(
    answered: &TurnAnswer,
    number: u64,
    excerpt: u8,
    step: i8,
    has_more: [bool; 2],
) -> MessagePayload {
    let page = answer(&answered.question, &answered.verified.answer, &answered.verified.events);
    let page = MessagePayload { content: String::new(), ..page };
    let at = |step| ButtonId::Context { number, excerpt, step };
    let mut row = Vec::new();
    if let (true, Some(before)) = (has_more[0], step.checked_sub(1)) {
        row.push(Button::new("Previous", at(before)));
    }
    if let (true, Some(after)) = (has_more[1], step.checked_add(1)) {
        row.push(Button::new("Next", at(after)));
    }
    page.with_row((!row.is_empty()).then(|| ActionRow::from_buttons(row)))
}

/// Renders an answer for everybody, with the name of who shared it.
#[must_use]
pub fn shared_answer(answered: &TurnAnswer, person: u64) -> MessagePayload {
    let mut page = answer(&answered.question, &answered.verified.answer, &answered.verified.events);
    // A mention that pings nobody, since no message of the bot may ping.
    let credit = format!("-# Shared by <@{person}>");
    page.content = if page.content.is_empty() { credit } else { format!("{}\n{credit}", page.content) };
    page
}

/// What a person reads instead of an answer in a conversation.
#[must_use]
pub fn notice(notice: Notice, language: Language) -> MessagePayload {
    text_message(wording::notice(notice, language))
}

/// The reply to a press whose answer is no longer kept.
#[must_use]
pub fn expired_answer() -> MessagePayload {
    text_message("This answer is older than a month, or was deleted. Please ask again.")
}
