//! What members see of what they follow: a digest for them alone, by direct message.

use jiff::Timestamp;

use super::autocomplete::truncate_line;
use super::button_id::ButtonId;
use super::message::{ActionRow, Button, MessagePayload};
use super::notices::pluralise;
use super::reasons::pause_reason_text;
use super::subscriptions::{capitalise, describe_interest, full_time};
use super::{Choice, MAX_CHOICE, MAX_CHOICES, escape_name, escape_truncated, utf16_length};
use takeaways_corpus::events::EventTable;
use takeaways_digest::{Interest, PauseReason, Subscription, SubscriptionStatus};

/// The value of `/unfollow` that means all, and the person's id with them.
pub const UNFOLLOW_ALL: &str = "all";

/// What somebody follows now. `is_new`: not before; `is_zone_named`: somebody named the zone.
#[must_use]
pub fn followed_message(
    subscription: &Subscription,
    wanted: &Interest,
    is_new: bool,
    is_zone_named: bool,
    notes: &[String],
) -> MessagePayload {
    let start = if is_new { "You follow" } else { "You follow already:" };
    let mut lines =
        vec![format!("{start} posts {}.", describe_interest(wanted)), schedule_line(subscription)];
    if !is_zone_named {
        lines.push("No zone was named: times are UTC. `/follow` with `timezone` names one.".to_owned());
    }
    lines.extend(notes.iter().map(|note| format!("⚠️ {}", escape_truncated(note))));
    lines.push(
        "It comes by direct message; where there is nothing new, nothing comes. `/following` shows all that you follow."
            .to_owned(),
    );
    text_message(lines.join("\n"))
}

/// All that somebody follows, and when the next digest comes.
#[must_use]
pub fn follows_message(subscription: Option<&Subscription>) -> MessagePayload {
    let Some(subscription) = subscription else {
        return text_message("You follow nothing. `/follow` tells me what you want to hear of.".to_owned());
    };
    let interests = &subscription.definition.interests;
    let mut lines = vec![format!("You follow posts ({}):", interests.len())];
    lines.extend(interests.iter().map(|it| format!("- {}", describe_interest(it))));
    // Last, so that it is there however many there are.
    let mut end = vec![schedule_line(subscription)];
    let paused = paused_line(subscription);
    end.extend(paused.clone());
    end.push(
        "`/follow` with `schedule` and `timezone` changes when it comes; `/unfollow` ends it.".to_owned(),
    );
    let end = end.join("\n");
    let room = super::MAX_CONTENT - utf16_length(&end) - 40;
    let row = paused.map(|_| resume_row(subscription.id.0));
    MessagePayload::from_text(join_fitting(&lines, room) + "\n" + &end, row)
}

/// As many lines as there is room for, and how many more there are.
fn join_fitting(lines: &[String], room: usize) -> String {
    let (mut said, mut left) = (String::new(), lines.len());
    for line in lines {
        if utf16_length(&said) + utf16_length(line) + 1 > room {
            return format!("{said}\n- and {left} more");
        }
        if !said.is_empty() {
            said.push('\n');
        }
        said.push_str(line);
        left -= 1;
    }
    said
}

/// When it comes.
fn schedule_line(subscription: &Subscription) -> String {
    let wanted = &subscription.definition;
    let when = capitalise(&escape_name(&wanted.schedule.to_string()));
    let next = subscription.next_run.map(|run| format!(" Next: {}.", full_time(run))).unwrap_or_default();
    format!("{when}, {}.{next}", escape_name(wanted.zone.name()))
}

fn paused_line(subscription: &Subscription) -> Option<String> {
    match subscription.status {
        SubscriptionStatus::Active => None,
        SubscriptionStatus::Paused { reason, since } => {
            Some(format!("⏸️ Paused <t:{}:R>: {}.", since.as_second(), pause_reason_text(reason)))
        }
    }
}

/// One thing less, and what is left.
#[must_use]
pub fn unfollowed_message(gone: &Interest, left: &[Interest]) -> MessagePayload {
    let left = match left.len() as u64 {
        0 => "You follow nothing now, and no digest comes any more.".to_owned(),
        left => format!("You still follow {}: `/following`.", pluralise(left, "thing")),
    };
    text_message(format!("You no longer follow posts {}. {left}", describe_interest(gone)))
}

/// To something that somebody does not follow.
#[must_use]
pub fn not_followed_message(typed: &str) -> MessagePayload {
    text_message(format!("You don't follow {}. `/following` shows what you follow.", escape_truncated(typed)))
}

/// All of it is gone.
#[must_use]
pub fn forgotten_message(was_there: bool) -> MessagePayload {
    let said = if was_there {
        "Done. What you followed, when it came and every record of what I sent you are deleted, and your id with them. \
         Messages that I sent you stay with you: delete them yourself where you want to."
    } else {
        "You followed nothing, and I keep nothing about you."
    };
    text_message(said.to_owned())
}

/// Where somebody follows as much as they may.
#[must_use]
pub fn too_many_follows(cap: u32) -> MessagePayload {
    text_message(format!("You follow {cap} things, and that is the most. `/unfollow` one of them first."))
}

/// Below a page for somebody whose digest goes on with it.
pub const RESUMED_NOTICE: &str = "▶️ I could not send you your digest, since you took no direct messages from me. It goes on now; \
     where they are still closed it pauses again. Allow them from members of a server that we share (its menu, *Privacy \
     Settings*).";

/// A message of its own for somebody whose digest was paused.
#[must_use]
pub fn pause_notice_message(reason: PauseReason, subscription: Option<i64>) -> MessagePayload {
    MessagePayload::from_text(pause_notice_text(reason), subscription.map(resume_row))
}

/// A line for somebody whose digest was paused.
fn pause_notice_text(reason: PauseReason) -> String {
    match reason {
        PauseReason::DirectMessagesClosed => {
            "⏸️ I could not send you your digest: you take no direct messages from me. Allow them from members of a \
             server that we share (its menu, *Privacy Settings*), then press *Resume* or use `/following`."
                .to_owned()
        }
        other => format!(
            "⏸️ Your digest is paused: {}. Press *Resume* or use `/following` to go on.",
            pause_reason_text(other)
        ),
    }
}

fn resume_row(subscription: i64) -> ActionRow {
    ActionRow::from_buttons(vec![Button::with_label("Resume", ButtonId::Resume { subscription })])
}

impl MessagePayload {
    /// With what somebody is to be told of their digest, and a button that resumes it; `None` where there is no room.
    #[must_use]
    pub fn with_pause_notice(&self, reason: PauseReason, subscription: Option<i64>) -> Option<Self> {
        let mut page = self.clone().with_line(&pause_notice_text(reason));
        let has_room =
            page.content.ends_with(&pause_notice_text(reason)) && page.components.len() < super::MAX_ROWS;
        page.components.extend(subscription.map(resume_row));
        has_room.then_some(page)
    }

    /// With a line more at the end of its text, where there is room.
    #[must_use]
    pub fn with_line(mut self, line: &str) -> Self {
        if utf16_length(&self.content) + utf16_length(line) + 2 <= super::MAX_CONTENT {
            let joint = if self.content.is_empty() { "" } else { "\n\n" };
            self.content = format!("{}{joint}{line}", self.content);
        }
        self
    }
}

/// A digest that comes again.
#[must_use]
pub fn resumed_follow_message(subscription: &Subscription, runs: &[Timestamp]) -> MessagePayload {
    let next = runs.first().map(|run| format!(" Next: {}.", full_time(*run))).unwrap_or_default();
    let what = pluralise(subscription.definition.interests.len() as u64, "thing");
    text_message(format!("Your digest of the {what} that you follow comes again.{next}"))
}

/// To a press that resumes what does not run, or is somebody else's.
#[must_use]
pub fn nothing_to_resume() -> MessagePayload {
    text_message("There is no paused digest of yours. `/following` shows what you follow.".to_owned())
}

/// What somebody may unfollow; the value is read back by [`interest_matches`].
#[must_use]
pub fn follow_choices(interests: &[Interest], typed: &str) -> Vec<Choice> {
    let typed = typed.trim().to_lowercase();
    let all = Choice { name: "all, and forget me".to_owned(), value: UNFOLLOW_ALL.to_owned() };
    let each = interests.iter().map(|interest| {
        let (kind, name) = kind_and_name(interest);
        Choice { name: truncate_line(&format!("{kind}: {name}"), MAX_CHOICE), value: choice_value(interest) }
    });
    let fits = |choice: &Choice| choice.name.to_lowercase().contains(&typed);
    let sound = |choice: &Choice| (1..=MAX_CHOICE).contains(&utf16_length(&choice.value));
    let each = each.filter(|choice| sound(choice) && fits(choice));
    each.take(MAX_CHOICES - 1).chain(Some(all.clone()).filter(fits)).collect()
}

/// Whether what was chosen or typed names this.
#[must_use]
pub fn interest_matches(interest: &Interest, typed: &str) -> bool {
    let same = |text: &str| text.to_lowercase() == typed.trim().to_lowercase();
    let (kind, name) = kind_and_name(interest);
    same(&choice_value(interest)) || same(&name) || same(&format!("{kind}: {name}"))
}

/// `topic:gitops`.
fn choice_value(interest: &Interest) -> String {
    let Interest { event, topic, author, .. } = interest;
    let event = event.as_ref().map(|id| format!("event:{id}"));
    let topic = topic.as_ref().map(|id| format!("topic:{id}"));
    let author = author.as_ref().map(|name| format!("author:{name}"));
    event.or(topic).or(author).unwrap_or_default()
}

/// Its kind, and the name that people see.
fn kind_and_name(interest: &Interest) -> (&'static str, String) {
    let Interest { event, topic, author, .. } = interest;
    if let Some(id) = event {
        let known = EventTable::builtin().edition(id);
        return ("event", known.map_or_else(|| id.to_string(), takeaways_text::model::Event::label));
    }
    match (topic, author) {
        (Some(id), _) => ("topic", super::subscriptions::topic_name(id).to_owned()),
        (None, Some(name)) => ("author", name.clone()),
        (None, None) => ("post", "all".to_owned()),
    }
}

fn text_message(text: String) -> MessagePayload {
    MessagePayload::from_text(text, None)
}
