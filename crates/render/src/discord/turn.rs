//! Renders answers of conversations, with the buttons that go on from them.

use super::button_id::{AnswerAction, ButtonId};
use super::excerpt::POST_COLOR;
use super::follows::interest_name;
use super::message::{
    ActionRow, Button, Embed, MAX_BUTTONS, MAX_ENTRY, MAX_LABEL, MenuEntry, MessagePayload, text_message,
    utf16_length,
};
use super::notices::{PostLine, post_lines};
use super::overview::overview;
use super::{cited_answer, escape_truncated, message_of, truncate_line, visible_text, with_respelled};
use crate::wording;
use std::collections::HashSet;
use takeaways_answer::{ListedRecap, Notice, RecapList, Turn, TurnAnswer};
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_digest::Interest;
use takeaways_text::model::{Answer, Excerpt, Language, PostId, Shape};

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
        (Answer::Cited { newest, .. }, Some(heading)) => {
            let mut lines = vec![heading];
            lines.extend(super::listed_lines(&verified.answer));
            cited_answer(Some(lines.join("\n")), &verified.answer, *newest)
        }
        (Answer::Overview(found), Some(heading)) => overview(found, &verified.events, Some(heading)),
        _ => message_of(question, &verified.answer, &verified.events),
    };
    let page = with_respelled(page, verified).with_row(related_menu(related));
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
    let page = page.with_row(menu(turn, &verified.answer, number));
    let buttons = buttons(answered, number, audience);
    let rows = buttons.chunks(MAX_BUTTONS).map(|row| ActionRow::from_buttons(row.to_vec()));
    rows.fold(page, |page, row| page.with_row(Some(row)))
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

/// The buttons that make sense for an answer, the most useful ones first. Rarely they are too many for one row.
fn buttons(answered: &TurnAnswer, number: u64, audience: Audience) -> Vec<Button> {
    let TurnAnswer { is_follow_up, turn, verified, compare_with, .. } = answered;
    let excerpts = verified.answer.excerpts();
    let button = |label: &str, action| Button::new(label, ButtonId::Answer { action, number });
    let mut row = Vec::new();
    let is_cited = matches!(verified.answer, Answer::Cited { .. });
    if let ([_], []) = (excerpts, turn.themes.as_slice()) {
        row.push(Button::new("Context", ButtonId::Context { number, excerpt: 0, step: 0 }));
    }
    let may_have_more = turn.is_overview() && excerpts.len() >= FULL_OVERVIEW;
    if (may_have_more || !turn.further.is_empty()) && !excerpts.is_empty() {
        row.push(button("More", AnswerAction::More));
    }
    if has_further_recaps(&verified.answer) {
        row.push(Button::new("All recaps", ButtonId::Recaps { number, first: 0 }));
    }
    if let Some(before) = compare_with {
        let label = format!("Compare with {}", visible_text(before));
        let label = if utf16_length(&label) <= MAX_LABEL { &label } else { "Compare" };
        row.push(button(label, AnswerAction::Compare));
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
    row
}

/// Whether an answer is an overview that rests on more posts than it cites. Those of a comparison are its two sides'.
fn has_further_recaps(answer: &Answer) -> bool {
    let Answer::Overview(overview) = answer else { return false };
    let cited: HashSet<&PostId> = overview.excerpts.iter().map(|line| &line.citation.post).collect();
    overview.shape != Shape::Comparison && !cited.is_empty() && overview.posts.posts as usize > cited.len()
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
        let entries = entries.map(|(at, theme)| MenuEntry::new(theme, at.to_string()));
        let id = ButtonId::Answer { action: AnswerAction::ChooseGroup, number };
        return Some(ActionRow::from_menu(id, "Open a theme", entries.collect()));
    }
    let excerpts = answer.excerpts();
    if excerpts.len() < 2 || turn.shown.len() != excerpts.len() {
        return None;
    }
    let entry = |(at, excerpt): (usize, &Excerpt)| {
        let label = match answer {
            Answer::Overview(_) => excerpt.quote.text.clone(),
            _ => format!("{}. {}", at + 1, excerpt.citation.title),
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
    let page = message_of(&answered.question, &answered.verified.answer, &answered.verified.events);
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
        let page = message_of(&answered.question, &answered.verified.answer, &answered.verified.events);
        page.with_question(answered.question.text())
    } else {
        turn_answer(&TurnAnswer { is_follow_up: true, ..answered.clone() }, &[], None, Audience::Channel)
    };
    // A mention that pings nobody, since no message of the bot may ping.
    let credit = format!("-# Shared by <@{person}>");
    page.content = if page.content.is_empty() { credit } else { format!("{}\n{credit}", page.content) };
    with_controls(page, answered, number, Audience::Channel).with_delete_button(person)
}

/// Renders posts that an answer rests on, as many as fit. `number` is that of the kept answer; without it there is no way to the
/// rest.
pub fn recap_list(list: &RecapList, number: Option<u64>) -> MessagePayload {
    let language = list.turn.language;
    let lines = list.recaps.iter().map(|ListedRecap { citation, excerpts }| PostLine {
        citation,
        excerpts,
        sentence: None,
    });
    let (description, shown) = post_lines(lines, language);
    let next = list.first + shown;
    let heading = wording::understood(&list.turn, &list.events);
    let heading = heading.map(|heading| format!("**{}**\n", escape_truncated(&heading)));
    let counted = wording::recaps_shown(list, shown);
    let content = format!("{}-# {}", heading.unwrap_or_default(), escape_truncated(&counted));
    let more = |number| {
        let first = u16::try_from(next).ok().filter(|_| (1..list.all).contains(&next))?;
        Some(ActionRow::from_buttons(vec![Button::new("More", ButtonId::Recaps { number, first })]))
    };
    let page = if description.is_empty() {
        text_message(content)
    } else {
        let embeds = vec![Embed { description, color: POST_COLOR }];
        MessagePayload { content, embeds, ..MessagePayload::default() }
    };
    page.with_row(number.and_then(more))
}

/// What a person reads instead of an answer in a conversation.
pub fn notice(notice: Notice, language: Language) -> MessagePayload {
    text_message(wording::notice(notice, language))
}

/// The reply to a press whose answer is no longer kept.
pub fn expired_answer() -> MessagePayload {
    text_message(
        "These buttons no longer work: the answer is older than a month, or the person who asked deleted it. Please ask again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{event, overview, post_excerpt, question, turn};
    use takeaways_answer::VerifiedAnswer;
    use takeaways_text::model::{Citation, PostCount};

    /// An overview of so many posts that may be compared with something, as the answer of a follow-up.
    fn answered(posts: u32, compare_with: Option<&str>) -> TurnAnswer {
        let Answer::Overview(mut found) = overview() else { panic!("an overview") };
        found.posts = PostCount { posts, of: posts };
        found.shape = Shape::Takeaways;
        let events = vec![event()];
        let verified = VerifiedAnswer::new(Answer::Overview(found), events);
        let compare_with = compare_with.map(str::to_owned);
        TurnAnswer {
            question: question(),
            verified,
            is_follow_up: true,
            heading: None,
            compare_with,
            turn: turn(),
        }
    }

    fn labels(answered: &TurnAnswer, audience: Audience) -> Vec<String> {
        buttons(answered, 7, audience).into_iter().map(|button| button.label).collect()
    }

    #[test]
    fn an_overview_offers_what_it_leaves_out_and_what_was_before() {
        let before = Some("KubeCon NA 2018");
        assert_eq!(
            labels(&answered(3, before), Audience::Direct),
            ["All recaps", "Compare with KubeCon NA 2018", "Remove scope", "New topic"]
        );
        // Its three lines are from one post.
        assert_eq!(labels(&answered(1, None), Audience::Direct), ["Remove scope", "New topic"]);
        assert_eq!(labels(&answered(3, Some(&"x".repeat(80))), Audience::Direct)[1], "Compare");
    }

    #[test]
    fn no_button_is_lost_where_they_are_too_many_for_one_row() {
        let mut answered = answered(20, Some("KubeCon NA 2018"));
        let Answer::Overview(found) = &mut answered.verified.answer else { panic!("an overview") };
        found.excerpts = vec![found.excerpts[0].clone(); FULL_OVERVIEW];
        answered.turn.topic = "service mesh".into();
        let page =
            turn_answer(&answered, &["more?".into()], Some(7), Audience::Channel).with_delete_button(9);
        let rows: Vec<Vec<&str>> =
            page.components.iter().map(|row| row.buttons().map(|it| it.label.as_str()).collect()).collect();
        let first = ["More", "All recaps", "Compare with KubeCon NA 2018", "Remove scope", "New topic"];
        let last = ["Follow service mesh", "Delete"];
        assert_eq!(rows, [&[], first.as_slice(), last.as_slice()]);
    }

    fn recaps(count: usize, first: usize, all: usize) -> RecapList {
        let recap = |at: usize| ListedRecap {
            citation: Citation {
                title: format!("{at} {}", "*".repeat(100)),
                url: Some(format!("https://example.com/{}", "a".repeat(100))),
                ..post_excerpt().citation
            },
            excerpts: Vec::new(),
        };
        let recaps = (first..first + count).map(recap).collect();
        RecapList { recaps, first, all, events: vec![event()], turn: turn() }
    }

    #[test]
    fn a_list_of_sources_tells_which_excerpts_are_from_which_post() {
        let mut list = recaps(2, 0, 2);
        list.recaps[0].excerpts = vec![1, 3];
        list.recaps[1].excerpts = vec![2];
        let page = recap_list(&list, None);
        let starts: Vec<&str> = page.embeds[0].description.lines().map(|line| &line[..8]).collect();
        assert_eq!(starts, ["- 1, 3: ", "- 2: [1 "]);
    }

    #[test]
    fn a_list_of_recaps_has_as_many_as_fit_and_a_way_to_the_rest() {
        let page = recap_list(&recaps(25, 0, 45), Some(7));
        let shown = page.embeds[0].description.lines().count();
        assert!((5..25).contains(&shown), "{shown}");
        let scope = "**KubeCon NA 2019, San Diego**";
        assert_eq!(page.content, format!("{scope}\n-# {shown} of 45"));
        let line = page.embeds[0].description.lines().next().expect("a line");
        assert!(line.starts_with("- [0 ") && line.ends_with(" · KubeCon NA 2019"), "{line}");
        let ids: Vec<&str> = page.components[0].buttons().map(|button| button.custom_id.as_str()).collect();
        assert_eq!(ids, [format!("1:recaps:7:{shown}")]);
        let last = recap_list(&recaps(3, 42, 45), Some(7));
        assert_eq!(last.content, format!("{scope}\n-# 43–45 of 45"));
        assert!(last.components.is_empty() && recap_list(&recaps(3, 0, 45), None).components.is_empty());
    }
}
