//! Renders the replies to `/follow`, `/unfollow` and `/following`, and notices about personal digests.

use jiff::Timestamp;

use super::button_id::ButtonId;
use super::message::{ActionRow, Button, MenuEntry, MessagePayload, text_message};
use super::reasons::pause_reason_text;
use super::subscriptions::{ZoneSource, describe_interest, next_run};
use super::{Choice, MAX_CHOICE, MAX_CHOICES, escape_name, escape_truncated, truncate_line, utf16_length};
use crate::wording::{self, capitalise, pluralise, topic_in_sentence};
use takeaways_corpus::events::EventTable;
use takeaways_digest::{Interest, Subscription, SubscriptionId, SubscriptionStatus, Target};
use takeaways_text::model::{Event, EventId, Language};

/// The value of `/unfollow` that removes everything, with the id of the person.
pub const UNFOLLOW_ALL: &str = "all";

/// The reply to `/follow`. `is_new`: not followed before.
pub fn followed_message(
    subscription: &Subscription,
    interest: &Interest,
    is_new: bool,
    zone_source: ZoneSource,
    notes: &[String],
) -> MessagePayload {
    let start = if is_new { "You now follow" } else { "You already follow" };
    let mut lines =
        vec![format!("{start} posts {}.", describe_interest(interest)), schedule_line(subscription)];
    lines.extend(zone_source.line(&subscription.definition.zone, "/follow"));
    lines.extend(notes.iter().map(|note| format!("⚠️ {}", escape_truncated(note))));
    lines.push(
        "I send your digest by direct message, but only if there are new posts. `/following` shows what you follow."
            .to_owned(),
    );
    text_message(lines.join("\n"))
}

/// The reply to `/following`: the interests of a person and the time of the next digest.
pub fn follows_message(subscription: Option<&Subscription>) -> MessagePayload {
    let Some(subscription) = subscription else {
        return text_message("You follow nothing. `/follow` starts a digest of new posts.");
    };
    let interests = &subscription.definition.interests;
    let mut lines = vec![format!("You follow posts ({}):", interests.len())];
    lines.extend(interests.iter().map(|it| format!("- {}", describe_interest(it))));
    // This part always fits; the list above it is cut.
    let mut end = vec![schedule_line(subscription)];
    let paused = paused_line(subscription);
    end.extend(paused.clone());
    end.push("`/follow` with `schedule` and `timezone` changes the time; `/unfollow` stops it.".to_owned());
    let end = end.join("\n");
    let room = super::MAX_CONTENT - utf16_length(&end) - 40;
    let row = paused.map(|_| resume_row(subscription.id));
    MessagePayload::from_text(join_fitting(&lines, room) + "\n" + &end, row)
}

/// Joins the lines that fit, and counts the rest.
fn join_fitting(lines: &[String], room: usize) -> String {
    let (mut text, mut remaining) = (String::new(), lines.len());
    for line in lines {
        if utf16_length(&text) + utf16_length(line) + 1 > room {
            return format!("{text}\n- and {remaining} more");
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
        remaining -= 1;
    }
    text
}

/// The schedule and the next run.
fn schedule_line(subscription: &Subscription) -> String {
    let definition = &subscription.definition;
    let schedule = capitalise(&escape_name(&definition.schedule.to_string()));
    let next = next_run(subscription.next_run.as_ref());
    format!("{schedule}, {}.{next}", escape_name(definition.zone.name()))
}

fn paused_line(subscription: &Subscription) -> Option<String> {
    match subscription.status {
        SubscriptionStatus::Active => None,
        SubscriptionStatus::Paused { reason, since, .. } => {
            Some(format!("⏸️ Paused <t:{}:R>: {}.", since.as_second(), pause_reason_text(reason)))
        }
    }
}

/// The reply to `/unfollow`: the removed interest and the number of the remaining ones.
pub fn unfollowed_message(removed: &Interest, remaining: &[Interest]) -> MessagePayload {
    let rest = match remaining.len() {
        0 => "You follow nothing now, so you get no more digests.".to_owned(),
        count => format!("You still follow {}: `/following`.", pluralise(count, "thing")),
    };
    text_message(format!("You no longer follow posts {}. {rest}", describe_interest(removed)))
}

/// The reply to `/unfollow` for something that the person does not follow: a name, or the value of a choice that is gone.
pub fn not_followed_message(typed: &str) -> MessagePayload {
    let what = match interest_of_value(typed) {
        Some(interest) => format!("posts {}", describe_interest(&interest)),
        None => escape_truncated(typed),
    };
    text_message(format!("You don't follow {what}. `/following` shows what you follow."))
}

/// What was deleted of a person, in numbers of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeletedCounts {
    /// What they follow, with its deliveries.
    pub follows: u64,
    /// Answers with their conversations and buttons.
    pub answers: u64,
    /// Time zones.
    pub zones: u64,
    /// Digests of servers, which stay without their name.
    pub digests: u64,
    /// Sources of posts, which stay without their name.
    pub sources: u64,
}

/// The data of a person was deleted.
pub fn forgotten_message(forgotten: DeletedCounts) -> MessagePayload {
    if forgotten == DeletedCounts::default() {
        return text_message("You follow nothing, and I store nothing about you.");
    }
    let DeletedCounts { follows, answers, zones, digests, sources } = forgotten;
    let deleted = [
        (follows > 0)
            .then(|| "what you followed, your schedule and every record of what I sent you".to_owned()),
        (answers > 0)
            .then(|| format!("{} with their conversations and buttons", pluralise(answers, "answer"))),
        (zones > 0).then(|| "your time zone".to_owned()),
    ];
    let deleted: Vec<String> = deleted.into_iter().flatten().collect();
    let mut lines = vec!["Done. I deleted your id everywhere.".to_owned()];
    lines.extend(deleted.iter().map(|what| format!("- {what}")));
    if digests > 0 {
        lines.push("Digests of servers that you made or paused stay, as made by a former member.".to_owned());
    }
    if sources > 0 {
        lines.push("Blogs and posts that you added with `/recaps` stay, without your id.".to_owned());
    }
    lines.push(
        "My messages stay in Discord. You can still remove an answer in a channel with *Delete*.".to_owned(),
    );
    text_message(lines.join("\n"))
}

/// The person follows as much as they may.
pub fn too_many_follows(cap: u32) -> MessagePayload {
    text_message(format!("You follow {cap} things, the maximum. `/unfollow` one of them first."))
}

/// A notice that a personal digest is resumed.
pub const RESUMED_NOTICE: &str = "▶️ I could not send you your digest, because you did not accept direct messages from me. It is resumed now, \
     but it pauses again if that has not changed. Allow direct messages from members of a server that we share (in the \
     menu of the server: *Privacy Settings*).";

/// A personal digest is paused, because the person accepts no direct messages.
pub fn closed_messages_notice(id: SubscriptionId) -> MessagePayload {
    let text = "⏸️ I could not send you your digest, because you don't accept direct messages from me. Allow direct \
                messages from members of a server that we share (in the menu of the server: *Privacy Settings*), then \
                press *Resume* or use `/following`.";
    MessagePayload::from_text(text.to_owned(), Some(resume_row(id)))
}

fn resume_row(SubscriptionId(subscription): SubscriptionId) -> ActionRow {
    ActionRow::from_buttons(vec![Button::new("Resume", ButtonId::Resume { subscription })])
}

impl MessagePayload {
    /// The same message with another line of text, if there is room.
    pub fn with_line(mut self, line: &str) -> Self {
        if utf16_length(&self.content) + utf16_length(line) + 2 <= super::MAX_CONTENT {
            let separator = if self.content.is_empty() { "" } else { "\n\n" };
            self.content = format!("{}{separator}{line}", self.content);
        }
        self
    }
}

/// A personal digest was resumed.
pub fn resumed_follow_message(subscription: &Subscription, runs: &[Timestamp]) -> MessagePayload {
    let things = pluralise(subscription.definition.interests.len(), "thing");
    text_message(format!("Your digest of the {things} that you follow is resumed.{}", next_run(runs.first())))
}

/// The reply to a press of *Resume* without an own paused digest.
pub fn nothing_to_resume() -> MessagePayload {
    text_message("You have no paused digest. `/following` shows what you follow.")
}

/// The choices of `/unfollow`; [`interest_matches`] reads their values.
pub fn follow_choices(interests: &[Interest], typed: &str) -> Vec<Choice> {
    let typed = typed.trim().to_lowercase();
    let all = Choice { name: "all, and delete my data".to_owned(), value: UNFOLLOW_ALL.to_owned() };
    let each = interests.iter().map(|interest| Choice {
        name: truncate_line(&label(interest), MAX_CHOICE),
        value: choice_value(interest),
    });
    let fits = |choice: &Choice| choice.name.to_lowercase().contains(&typed);
    let is_valid = |choice: &Choice| (1..=MAX_CHOICE).contains(&utf16_length(&choice.value));
    let each = each.filter(|choice| is_valid(choice) && fits(choice));
    each.take(MAX_CHOICES - 1).chain(Some(all.clone()).filter(fits)).collect()
}

/// Whether a chosen value or a typed name means this interest.
pub fn interest_matches(interest: &Interest, typed: &str) -> bool {
    let same = |text: &str| text.to_lowercase() == typed.trim().to_lowercase();
    same(&choice_value(interest)) || same(&plain_name(interest)) || same(&label(interest))
}

/// The value of a choice: `topic:gitops`, with a comma between two conditions.
pub fn choice_value(interest: &Interest) -> String {
    let Interest { event, topic, author, language } = interest;
    let event = event.as_ref().map(|id| format!("event:{id}"));
    let topic = topic.as_ref().map(|id| format!("topic:{id}"));
    let author = author.as_ref().map(|name| format!("author:{name}"));
    let language = language.map(|language| format!("language:{}", language.code()));
    [event, topic, author, language].into_iter().flatten().collect::<Vec<_>>().join(",")
}

/// The interest with a [`choice_value`]; `None` for another text.
fn interest_of_value(value: &str) -> Option<Interest> {
    let mut interest = Interest::default();
    for condition in value.split(',') {
        let (kind, name) = condition.split_once(':')?;
        match kind {
            "event" => interest.event = Some(EventId(name.to_owned())),
            "topic" => interest.topic = Some(name.to_owned()),
            "author" => interest.author = Some(name.to_owned()),
            "language" => interest.language = Some(Language::from_tag(name)),
            _ => return None,
        }
    }
    let is_value = utf16_length(value) <= MAX_CHOICE && choice_value(&interest) == value;
    is_value.then_some(interest)
}

/// The name of what is followed, as it stands within a sentence.
pub(super) fn interest_name(interest: &Interest) -> String {
    match interest {
        Interest { topic: Some(topic), event: None, author: None, language: None } => {
            topic_in_sentence(topic)
        }
        _ => plain_name(interest),
    }
}

/// The menu of what a person follows, to stop following one of them.
pub fn unfollow_menu(subscription: &Subscription) -> MessagePayload {
    let choices = follow_choices(&subscription.definition.interests, "").into_iter();
    // To delete everything takes the command.
    let entries: Vec<MenuEntry> = choices
        .filter(|choice| choice.value != UNFOLLOW_ALL)
        .map(|Choice { name, value }| MenuEntry::new(&name, value))
        .collect();
    // A value that is too long has no entry, and a menu without entries is refused.
    if entries.is_empty() {
        return text_message(
            "`/unfollow` with the name of what you follow ends it. `/following` shows what you follow.",
        );
    }
    let id = ButtonId::Unfollow { subscription: subscription.id.0 };
    let row = ActionRow::from_menu(id, "Stop following", entries);
    MessagePayload::from_text("What do you want to stop following?".to_owned(), Some(row))
}

/// The same digest with a button: in a channel to follow what it is about, in direct messages to stop following.
pub fn with_follow_button(page: MessagePayload, subscription: &Subscription) -> MessagePayload {
    let id = subscription.id.0;
    let button = match (subscription.definition.target, subscription.definition.interests.as_slice()) {
        (Target::Person(_), _) => Some(Button::new("Unfollow", ButtonId::Unfollow { subscription: id })),
        (Target::Channel { .. }, [interest]) if !choice_value(interest).is_empty() => {
            Some(Button::new("Follow", ButtonId::FollowDigest { subscription: id }))
        }
        (Target::Channel { .. }, _) => None,
    };
    page.with_row(button.map(|button| ActionRow::from_buttons(vec![button])))
}

/// The kind of each condition of an interest, with its visible name.
fn kinds_and_names(interest: &Interest) -> Vec<(&'static str, String)> {
    let Interest { event, topic, author, language } = interest;
    let event = event.as_ref().map(|id| {
        let known = EventTable::builtin().edition(id);
        ("event", known.map_or_else(|| id.to_string(), Event::label))
    });
    let topic = topic.as_ref().map(|id| ("topic", wording::topic(id).to_owned()));
    let author = author.as_ref().map(|name| ("author", name.clone()));
    let language = language.map(|language| ("language", language.code().to_owned()));
    [event, topic, author, language].into_iter().flatten().collect()
}

/// The visible name of an interest with its kind: `topic: GitOps`.
fn label(interest: &Interest) -> String {
    let parts = kinds_and_names(interest).into_iter().map(|(kind, name)| format!("{kind}: {name}"));
    parts.collect::<Vec<_>>().join(", ")
}

/// The visible name of an interest.
fn plain_name(interest: &Interest) -> String {
    kinds_and_names(interest).into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(", ")
}
