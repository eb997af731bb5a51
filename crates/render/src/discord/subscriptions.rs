//! What moderators see of a server's digests: one that was made or changed, and all of them.

use jiff::Timestamp;

use super::autocomplete::{Choice, MAX_CHOICE, MAX_CHOICES, truncate_line};
use super::button_id::ButtonId;
use super::message::{ActionRow, Button, MAX_CONTENT, MessagePayload, utf16_length};
use super::reasons::{pause_reason_text, pause_remedy};
use super::{escape_name, escape_truncated};
use takeaways_corpus::events::EventTable;
use takeaways_corpus::topics::TopicTable;
use takeaways_digest::{Interest, Subscription, SubscriptionId, SubscriptionStatus, Target, WhenEmpty};
use takeaways_text::model::Language;

/// What is known of what the bot may do in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelAccess {
    /// Names of the permissions that it lacks, as Discord writes them; none where it has all.
    MissingPermissions(Vec<&'static str>),
    /// The bot can't see the channel.
    NotVisible,
    /// Discord could not be asked.
    Unknown,
}

/// A digest as it is now.
#[derive(Debug, Clone, Copy)]
pub struct SubscriptionView<'a> {
    /// The digest.
    pub subscription: &'a Subscription,
    /// Its next runs.
    pub runs: &'a [Timestamp],
    /// Whether somebody named its zone.
    pub is_zone_named: bool,
    /// What the bot may do in its channel.
    pub access: &'a ChannelAccess,
    /// What else is to be said of what was named, as plain text.
    pub notes: &'a [String],
}

/// One that was just made.
#[must_use]
pub fn created_message(shown: &SubscriptionView<'_>) -> MessagePayload {
    details_message(&format!("**{}** is made: ", shown.subscription.id), shown)
}

/// One that was just changed.
#[must_use]
pub fn changed_message(shown: &SubscriptionView<'_>) -> MessagePayload {
    details_message(&format!("**{}** is changed: ", shown.subscription.id), shown)
}

fn details_message(head: &str, shown: &SubscriptionView<'_>) -> MessagePayload {
    let Subscription { id, definition: wanted, status, .. } = shown.subscription;
    let mut lines = vec![
        format!("{head}{}, in {}.", describe_interests(&wanted.interests), target_mention(wanted.target)),
        format!(
            "{}, {}. Next:",
            capitalise(&escape_name(&wanted.schedule.to_string())),
            escape_name(wanted.zone.name())
        ),
    ];
    lines.extend(shown.runs.iter().map(|run| format!("- {}", full_time(*run))));
    if !shown.is_zone_named {
        lines.push("No zone was named: times are UTC. `/digest edit` with `timezone` names one.".to_owned());
    }
    lines.extend(shown.notes.iter().map(|note| format!("⚠️ {}", escape_truncated(note))));
    lines.extend(access_problem(shown.access, wanted.target).map(|it| format!("⚠️ {it}")));
    lines.extend(pause_line(*status).map(|it| format!("⏸️ {it}")));
    let first = wanted.include_since.is_some() && !shown.subscription.was_delivered;
    let small = [
        Some(match wanted.when_empty {
            WhenEmpty::Nothing => "Where there is nothing new, nothing is posted.",
            WhenEmpty::OneLine => "Where there is nothing new, one line says so.",
        }),
        first.then_some("The first one holds posts of the last 30 days too."),
        Some("No role is ever pinged, nor anybody else."),
    ];
    lines.push(format!("-# {}", small.into_iter().flatten().collect::<Vec<_>>().join(" ")));
    let preview = Button::with_label("Preview", ButtonId::Preview { subscription: id.0, page: 0 });
    MessagePayload::from_text(lines.join("\n"), Some(ActionRow::from_buttons(vec![preview])))
}

/// What the bot lacks where it is to post; `None` where it lacks nothing.
fn access_problem(look: &ChannelAccess, target: Target) -> Option<String> {
    let place = target_mention(target);
    match look {
        ChannelAccess::MissingPermissions(names) if names.is_empty() => None,
        ChannelAccess::MissingPermissions(names) => {
            Some(format!("I can't post in {place} yet. Please give my role there: {}.", names.join(", ")))
        }
        ChannelAccess::NotVisible => {
            Some(format!("I can't see {place}. Please let my role view it and send messages there."))
        }
        ChannelAccess::Unknown => {
            Some(format!("I could not find out whether I may post in {place}: Discord did not say."))
        }
    }
}

/// One that was paused.
#[must_use]
pub fn paused_message(subscription: &Subscription) -> MessagePayload {
    let id = subscription.id;
    text_message(format!(
        "**{id}** is paused. New posts are kept for it: `/digest resume` goes on, and the next digest holds them."
    ))
}

/// One that runs again, with its next runs.
#[must_use]
pub fn resumed_message(subscription: &Subscription, runs: &[Timestamp]) -> MessagePayload {
    let next = runs.first().map(|run| format!(" Next: {}.", full_time(*run))).unwrap_or_default();
    text_message(format!("**{}** runs again.{next}", subscription.id))
}

/// One that runs, where it was to be resumed.
#[must_use]
pub fn not_paused_message(subscription: &Subscription) -> MessagePayload {
    text_message(format!("**{}** is not paused.", subscription.id))
}

/// One that was removed, with a button that brings it back.
#[must_use]
pub fn removed_message(subscription: &Subscription) -> MessagePayload {
    let Subscription { id, definition: wanted, .. } = subscription;
    let undo = Button::with_label("Undo", ButtonId::Restore { subscription: id.0 });
    let said = format!(
        "**{id}** is removed: {}, in {}. *Undo* brings it back, for a day.",
        describe_interests(&wanted.interests),
        target_mention(wanted.target)
    );
    MessagePayload::from_text(said, Some(ActionRow::from_buttons(vec![undo])))
}

/// One that was brought back, with its next runs.
#[must_use]
pub fn restored_message(subscription: &Subscription, runs: &[Timestamp]) -> MessagePayload {
    let next = runs.first().map(|run| format!(" Next: {}.", full_time(*run))).unwrap_or_default();
    text_message(format!("**{}** is back.{next}", subscription.id))
}

/// All of a server, so many a page as fit; `page` counts from 0.
#[must_use]
pub fn list_message(all: &[Subscription], page: u16) -> MessagePayload {
    if all.is_empty() {
        return text_message("There are no digests here yet. `/digest add` makes one.".to_owned());
    }
    let (texts, page) = (paginate_rows(all.iter().map(list_row)), usize::from(page));
    let (page, lines) = match texts.get(page) {
        Some(lines) => (page, lines.clone()),
        None => (0, texts.first().cloned().unwrap_or_default()),
    };
    let is_last = page + 1 >= texts.len();
    let next = u16::try_from(page + 1).ok().filter(|_| !is_last);
    let more =
        next.map(|page| ActionRow::from_buttons(vec![Button::with_label("More", ButtonId::List { page })]));
    MessagePayload::from_text(lines.join("\n"), more)
}

/// The rows of each page.
fn paginate_rows(rows: impl Iterator<Item = String>) -> Vec<Vec<String>> {
    let (mut pages, mut room) = (Vec::new(), 0);
    for row in rows {
        let takes = utf16_length(&row) + 1;
        match pages.last_mut() {
            Some(page) if takes <= room => Vec::push(page, row),
            _ => {
                room = MAX_CONTENT;
                pages.push(vec![row]);
            }
        }
        room = room.saturating_sub(takes);
    }
    pages
}

fn list_row(subscription: &Subscription) -> String {
    let Subscription { id, definition: wanted, status, next_run, .. } = subscription;
    let when = format!("{}, {}", escape_name(&wanted.schedule.to_string()), escape_name(wanted.zone.name()));
    let state = pause_line(*status).unwrap_or_else(|| match next_run {
        Some(run) => format!("Next: {}.", full_time(*run)),
        None => "It has no run any more: `/digest edit` gives it another schedule.".to_owned(),
    });
    format!(
        "**{id}** {} – {}\n-# {when} · {state}",
        target_mention(wanted.target),
        describe_interests(&wanted.interests)
    )
}

/// Why and since when it does not run, and what to do; `None` where it runs.
pub(super) fn pause_line(status: SubscriptionStatus) -> Option<String> {
    match status {
        SubscriptionStatus::Active => None,
        SubscriptionStatus::Paused { reason, since } => Some(format!(
            "Paused <t:{}:R>: {}. {}",
            since.as_second(),
            pause_reason_text(reason),
            pause_remedy(reason)
        )),
    }
}

/// To an id that names no digest of this server.
#[must_use]
pub fn no_such_digest(typed: &str) -> MessagePayload {
    text_message(format!(
        "There is no digest {} in this server. `/digest list` shows those that there are.",
        escape_truncated(typed)
    ))
}

/// Where the server has as many as it may.
#[must_use]
pub fn too_many_digests(cap: u32) -> MessagePayload {
    text_message(format!(
        "This server has {cap} digests, and that is the most. Remove one first: `/digest remove`."
    ))
}

/// To somebody who may not manage the server.
#[must_use]
pub fn moderators_only() -> MessagePayload {
    text_message(
        "Digests of a server are for those who may manage it. `/follow` makes one for you alone.".to_owned(),
    )
}

/// To a channel that a digest can't go to.
#[must_use]
pub fn no_channel_for_digests() -> MessagePayload {
    text_message(
        "I post digests in text channels, announcement channels and threads. Please name one of those."
            .to_owned(),
    )
}

/// "new posts about …, on …, by …, in …"; what a person has written is escaped.
pub(super) fn describe_interests(interests: &[Interest]) -> String {
    let each: Vec<String> = interests.iter().map(describe_interest).collect();
    let each: Vec<String> = each.into_iter().filter(|it| !it.is_empty()).collect();
    if each.is_empty() { "all new posts".to_owned() } else { format!("new posts {}", each.join("; ")) }
}

/// "about …, on …": nothing where every post is wanted.
pub(super) fn describe_interest(interest: &Interest) -> String {
    let Interest { event, topic, author, language } = interest;
    let event = event.as_ref().map(|id| {
        let known = EventTable::builtin().edition(id);
        format!(
            "about **{}**",
            escape_name(&known.map_or_else(|| id.to_string(), takeaways_text::model::Event::label))
        )
    });
    let topic = topic.as_ref().map(|id| format!("on **{}**", escape_name(topic_name(id))));
    let author = author.as_ref().map(|name| format!("by **{}**", escape_name(name)));
    let language = language.map(|language| format!("in {}", language_name(language)));
    [event, topic, author, language].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A topic's name, or its id where it has none.
pub(super) fn topic_name(id: &str) -> &str {
    TopicTable::builtin().name(id).unwrap_or(id)
}

/// A language's name in English.
#[must_use]
pub fn language_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::De => "German",
        Language::Fr => "French",
        Language::Es => "Spanish",
        Language::Pt => "Portuguese",
        Language::It => "Italian",
        Language::Nl => "Dutch",
        Language::Ja => "Japanese",
        Language::Zh => "Chinese",
        Language::Ko => "Korean",
        Language::Other => "another language",
    }
}

/// A channel as a link, which pings nobody and shows its name to those only who may see it.
pub(super) fn target_mention(target: Target) -> String {
    match target {
        Target::Channel { channel, .. } => format!("<#{channel}>"),
        Target::Person(_) => "direct messages".to_owned(),
    }
}

/// In the reader's own zone, and how far away it is.
pub(super) fn full_time(at: Timestamp) -> String {
    let second = at.as_second();
    format!("<t:{second}:F> (<t:{second}:R>)")
}

/// With a capital where it begins.
pub(super) fn capitalise(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Digests of a server, while the number of one is typed: by number, and by what their posts are about.
#[must_use]
pub fn digest_choices(all: &[Subscription], typed: &str) -> Vec<Choice> {
    let typed = typed.trim().to_lowercase();
    let choice = |subscription: &Subscription| {
        let Subscription { id, definition: wanted, status, .. } = subscription;
        let paused = if matches!(status, SubscriptionStatus::Paused { .. }) { " · paused" } else { "" };
        let posts = describe_interests(&wanted.interests).replace(['*', '\\'], "");
        let name = format!("{id} {} · {posts}{paused}", wanted.schedule);
        Choice { name: truncate_line(&name, MAX_CHOICE), value: id.0.to_string() }
    };
    let fits = |choice: &Choice| choice.name.to_lowercase().contains(&typed);
    all.iter().map(choice).filter(fits).take(MAX_CHOICES).collect()
}

/// A digest's number as people type it: `12` or `#12`.
#[must_use]
pub fn parse_digest_number(typed: &str) -> Option<SubscriptionId> {
    let typed = typed.trim();
    let digits = typed.strip_prefix('#').unwrap_or(typed);
    let is_number = !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|id| is_number && *id > 0).map(SubscriptionId)
}

fn text_message(text: String) -> MessagePayload {
    MessagePayload::from_text(text, None)
}
