//! Renders answers of conversations, with the buttons that go on from them.

use super::autocomplete::truncate_line;
use super::button_id::{AnswerAction, ButtonId};
use super::follows::interest_name;
use super::message::{
    ActionRow, Button, MAX_BUTTONS, MAX_ENTRY, MAX_LABEL, MenuEntry, MessagePayload, text_message,
    utf16_length,
};
use super::overview::overview;
use super::{answer, cited_answer, escape_truncated, visible_text};
use crate::wording;
use takeaways_answer::{Notice, Turn, TurnAnswer};
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_digest::Interest;
use takeaways_text::model::{Answer, Excerpt, Language};

/// An overview with fewer lines has shown all that there is.
const FULL_OVERVIEW: usize = 8;

/// Where an answer is shown, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// To the person alone, where others write too.
    Private,
    /// To everybody in a channel or a group chat.
    Channel,
    /// In the direct messages with the bot.
    Direct,
}

impl Audience {
    /// The audience of an answer in the direct messages with the bot (`is_direct`) or elsewhere.
    pub fn of(is_direct: bool, is_private: bool) -> Self {
        match (is_direct, is_private) {
            (true, _) => Self::Direct,
            (false, true) => Self::Private,
            (false, false) => Self::Channel,
        }
    }
}

/// Renders an answer of a conversation. `number` is that of the kept answer; without it there are no buttons that need one.
/// `related` are questions that go on from it.
pub fn turn_answer(
    answered: &TurnAnswer,
    related: &[String],
    number: Option<u64>,
    audience: Audience,
) -> MessagePayload {
    let TurnAnswer { question, verified, .. } = answered;
    let heading = wording::heading(answered).map(|heading| format!("**{}**", escape_truncated(&heading)));
    let page = match (&verified.answer, heading) {
        (Answer::Cited { excerpts, newest, .. }, Some(heading)) => {
            let mut lines = vec![heading];
            lines.extend(super::listed_lines(&verified.answer));
            cited_answer(Some(lines.join("\n")), excerpts, *newest, verified.answer.language())
        }
        (Answer::Overview(found), Some(heading)) => overview(found, &verified.events, Some(heading)),
        _ => answer(question, &verified.answer, &verified.events),
    };
    let page = page.with_row(related_menu(related));
    let Some(number) = number else { return page };
    with_controls(page, answered, number, audience)
}

/// A page with the menu and the buttons of its answer, of which at least one names it: a reply to the message goes on with it.
fn with_controls(
    page: MessagePayload,
    answered: &TurnAnswer,
    number: u64,
    audience: Audience,
) -> MessagePayload {
    let TurnAnswer { verified, turn, .. } = answered;
    page.with_row(menu(turn, &verified.answer, number)).with_row(Some(buttons(answered, number, audience)))
}

/// The most questions of the menu that goes on from an answer.
const MAX_RELATED: usize = 3;

/// A menu of questions that go on from an answer. A question that is too long for an entry is left out, because the entry
/// is the question.
fn related_menu(related: &[String]) -> Option<ActionRow> {
    let fitting = related.iter().filter(|question| utf16_length(question) <= MAX_ENTRY);
    let entries: Vec<MenuEntry> =
        fitting.take(MAX_RELATED).map(|question| MenuEntry::new(question, question.as_str())).collect();
    (!entries.is_empty())
        .then(|| ActionRow::from_menu(ButtonId::Ask { place: 0 }, "Ask a related question", entries))
}

/// The buttons that make sense for an answer, the most useful ones first. In a channel one more deletes the answer, and
/// all of them are to fit in one row.
fn buttons(answered: &TurnAnswer, number: u64, audience: Audience) -> ActionRow {
    let TurnAnswer { is_follow_up, turn, verified, .. } = answered;
    let excerpts = verified.answer.excerpts();
    let button = |label: &str, action| Button::new(label, ButtonId::Answer { action, number });
    let mut row = Vec::new();
    let is_cited = matches!(verified.answer, Answer::Cited { .. });
    if let ([_], []) = (excerpts, turn.themes.as_slice()) {
        row.push(Button::new("Context", ButtonId::Context { number, excerpt: 0, step: 0 }));
    }
    let may_have_more = turn.is_overview && excerpts.len() >= FULL_OVERVIEW;
    if (may_have_more || !turn.further.is_empty()) && !excerpts.is_empty() {
        row.push(button("More", AnswerAction::More));
    }
    if audience == Audience::Private && !excerpts.is_empty() {
        row.push(button("Share", AnswerAction::Share));
    }
    // Without its scope a question that only names one asks for nothing.
    if (*is_follow_up || turn.topic().is_some()) && !turn.scope.is_everything() {
        row.push(button("Remove scope", AnswerAction::RemoveScope));
    }
    if *is_follow_up && !excerpts.is_empty() {
        row.push(button("New topic", AnswerAction::NewTopic));
    }
    // One excerpt is in order.
    let dates = excerpts.iter().map(|excerpt| excerpt.citation.date);
    if is_cited && !dates.is_sorted_by(|a, b| a >= b) {
        row.push(button("Newest first", AnswerAction::NewestFirst));
    }
    if let Some(interest) = interest_of(turn).filter(|_| !excerpts.is_empty()) {
        let label = truncate_line(&format!("Follow {}", interest_name(&interest)), MAX_LABEL);
        row.push(button(&label, AnswerAction::Follow));
    }
    if row.is_empty() {
        row.push(button("New topic", AnswerAction::NewTopic));
    }
    row.truncate(if audience == Audience::Channel { MAX_BUTTONS - 1 } else { MAX_BUTTONS });
    ActionRow::from_buttons(row)
}

/// What a person may follow after a question: its topic, or the author whose recaps it is limited to.
pub fn interest_of(turn: &Turn) -> Option<Interest> {
    let topic = TopicTable::builtin().ids_in_text(&turn.topic).find(|id| !is_event_topic(id));
    match (topic, turn.scope.authors.as_slice()) {
        (Some(topic), _) => Some(Interest { topic: Some(topic.to_owned()), ..Interest::default() }),
        (None, [author]) => Some(Interest { author: Some(author.clone()), ..Interest::default() }),
        (None, _) => None,
    }
}

/// The menu of an answer: of its themes, or of its excerpts for the text around them. One excerpt has a button. Excerpts of an
/// overview have no numbers and often one source, so their own words name them.
fn menu(turn: &Turn, answer: &Answer, number: u64) -> Option<ActionRow> {
    if !turn.themes.is_empty() {
        let entries = turn.themes.iter().enumerate();
        let entries = entries.map(|(at, theme)| MenuEntry::new(&visible_text(theme), at.to_string()));
        let id = ButtonId::Answer { action: AnswerAction::ChooseGroup, number };
        return Some(ActionRow::from_menu(id, "Open a theme", entries.collect()));
    }
    let excerpts = answer.excerpts();
    if excerpts.len() < 2 || turn.shown.len() != excerpts.len() {
        return None;
    }
    let entry = |(at, excerpt): (usize, &Excerpt)| {
        let label = match answer {
            Answer::Overview(_) => visible_text(&excerpt.quote.text).replace('\n', " "),
            _ => format!("{}. {}", at + 1, visible_text(&excerpt.citation.title)),
        };
        MenuEntry::new(&label, at.to_string())
    };
    let entries = excerpts.iter().enumerate().map(entry).collect();
    let id = ButtonId::Answer { action: AnswerAction::ChooseContext, number };
    Some(ActionRow::from_menu(id, "Read an excerpt in context", entries))
}

/// Renders the text around an excerpt, with buttons to what precedes and follows it where there is more.
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

/// Renders the answer with a number for everybody, with the name of who shared it. Others did not see the question, so it stands above. Where it
/// names a scope, what was understood stands there: a kept question has no words of its scope.
pub fn shared_answer(answered: &TurnAnswer, number: u64, person: u64) -> MessagePayload {
    let mut page = if answered.turn.scope.is_everything() {
        let page = answer(&answered.question, &answered.verified.answer, &answered.verified.events);
        page.with_question(answered.question.text())
    } else {
        turn_answer(&TurnAnswer { is_follow_up: true, ..answered.clone() }, &[], None, Audience::Channel)
    };
    // A mention that pings nobody, since no message of the bot may ping.
    let credit = format!("-# Shared by <@{person}>");
    page.content = if page.content.is_empty() { credit } else { format!("{}\n{credit}", page.content) };
    with_controls(page, answered, number, Audience::Channel).with_delete_button(person)
}

/// What a person reads instead of an answer in a conversation.
pub fn notice(notice: Notice, language: Language) -> MessagePayload {
    text_message(wording::notice(notice, language))
}

/// The reply to a press whose answer is no longer kept.
pub fn expired_answer() -> MessagePayload {
    text_message(
        "These buttons no longer work: the answer is older than a month, or whoever asked had it forgotten. Please ask again.",
    )
}
