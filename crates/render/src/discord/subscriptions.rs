//! Renders the replies to `/digest`, and lists of digests.

use jiff::Timestamp;

use super::autocomplete::{Choice, MAX_CHOICE, MAX_CHOICES};
use super::button_id::ButtonId;
use super::message::{ActionRow, Button, MAX_CONTENT, MessagePayload, text_message, utf16_length};
use super::reasons::{pause_reason_text, pause_remedy};
use super::{escape_name, escape_truncated, truncate_line};
use crate::wording::{self, capitalise, language_name};
use takeaways_corpus::events::EventTable;
use takeaways_digest::{Interest, Subscription, SubscriptionId, SubscriptionStatus, Target, WhenEmpty, Zone};
use takeaways_text::model::Event;

/// Whether the bot can post in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelAccess {
    /// The names of the missing permissions, as Discord writes them; empty if none is missing.
    MissingPermissions(Vec<&'static str>),
    /// The bot can't see the channel.
    NotVisible,
    /// Discord could not be reached.
    Unknown,
}

/// Where the zone of a schedule is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneSource {
    /// It was given with this command or an earlier one.
    Named,
    /// It was given last for another digest of the server, or by the person.
    Remembered,
    /// Nobody has given one, so it is UTC.
    Default,
}

impl ZoneSource {
    /// The line about a zone that was not given; `command` can change it.
    pub(super) fn line(self, zone: &Zone, command: &str) -> Option<String> {
        match self {
            Self::Named => None,
            Self::Remembered => Some(format!(
                "You gave no time zone, so I took the last one: {}. `{command}` with `timezone` changes it.",
                escape_name(zone.name())
            )),
            Self::Default => Some(format!(
                "You gave no time zone, so times are in UTC. `{command}` with `timezone` sets one."
            )),
        }
    }
}

/// A digest with the details of its page.
#[derive(Debug, Clone, Copy)]
pub struct SubscriptionView<'a> {
    /// The digest.
    pub subscription: &'a Subscription,
    /// Its next runs.
    pub runs: &'a [Timestamp],
    /// Where its zone is from.
    pub zone_source: ZoneSource,
    /// Whether the bot can post in its channel.
    pub access: &'a ChannelAccess,
    /// Warnings about the options, as plain text.
    pub notes: &'a [String],
}

/// A digest was created.
pub fn created_message(view: &SubscriptionView<'_>) -> MessagePayload {
    details_message(&format!("Digest **{}** was created: ", view.subscription.id), view)
}

/// A digest was changed.
pub fn changed_message(view: &SubscriptionView<'_>) -> MessagePayload {
    details_message(&format!("Digest **{}** was changed: ", view.subscription.id), view)
}

fn details_message(intro: &str, view: &SubscriptionView<'_>) -> MessagePayload {
    let Subscription { id, definition, status, .. } = view.subscription;
    let mut lines = vec![
        format!(
            "{intro}{}, in {}.",
            describe_interests(&definition.interests),
            target_mention(definition.target)
        ),
        format!(
            "{}, {}. Next:",
            capitalise(&escape_name(&definition.schedule.to_string())),
            escape_name(definition.zone.name())
        ),
    ];
    lines.extend(view.runs.iter().map(|run| format!("- {}", full_time(*run))));
    lines.extend(view.zone_source.line(&definition.zone, "/digest edit"));
    lines.extend(view.notes.iter().map(|note| format!("⚠️ {}", escape_truncated(note))));
    lines.extend(access_problem(view.access, definition.target).map(|it| format!("⚠️ {it}")));
    lines.extend(pause_line(*status).map(|it| format!("⏸️ {it}")));
    let includes_old_posts = definition.include_since.is_some() && !view.subscription.was_delivered;
    let small_print = [
        Some(match definition.when_empty {
            WhenEmpty::Nothing => "If there are no new posts, nothing is posted.",
            WhenEmpty::OneLine => "If there are no new posts, one line says so.",
        }),
        includes_old_posts.then_some("The first digest includes posts of the last 30 days."),
        definition.wrap_up.then_some("An event gets an overview, once, with its fifth recap."),
        Some("Nobody is ever pinged."),
    ];
    lines.push(format!("-# {}", small_print.into_iter().flatten().collect::<Vec<_>>().join(" ")));
    let preview = Button::new("Preview", ButtonId::Preview { subscription: id.0, page: 0 });
    MessagePayload::from_text(lines.join("\n"), Some(ActionRow::from_buttons(vec![preview])))
}

/// What keeps the bot from posting; `None` if it can post.
fn access_problem(access: &ChannelAccess, target: Target) -> Option<String> {
    let place = target_mention(target);
    match access {
        ChannelAccess::MissingPermissions(names) if names.is_empty() => None,
        ChannelAccess::MissingPermissions(names) => Some(format!(
            "I can't post in {place} yet. Please give my role these permissions there: {}.",
            names.join(", ")
        )),
        ChannelAccess::NotVisible => {
            Some(format!("I can't see {place}. Please let my role view it and send messages there."))
        }
        ChannelAccess::Unknown => {
            Some(format!("I could not check whether I may post in {place}, because Discord did not respond."))
        }
    }
}

/// A digest was paused.
pub fn paused_message(subscription: &Subscription) -> MessagePayload {
    let id = subscription.id;
    text_message(format!(
        "Digest **{id}** is paused. `/digest resume` resumes it; the next digest then includes the new posts."
    ))
}

/// A digest was resumed.
pub fn resumed_message(subscription: &Subscription, runs: &[Timestamp]) -> MessagePayload {
    text_message(format!("Digest **{}** is resumed.{}", subscription.id, next_run(runs.first())))
}

/// A digest can't be resumed, because it is not paused.
pub fn not_paused_message(subscription: &Subscription) -> MessagePayload {
    text_message(format!("Digest **{}** is not paused.", subscription.id))
}

/// A digest was removed, with a button that restores it.
pub fn removed_message(subscription: &Subscription) -> MessagePayload {
    let Subscription { id, definition, .. } = subscription;
    let undo = Button::new("Undo", ButtonId::Restore { subscription: id.0 });
    let text = format!(
        "Digest **{id}** was removed: {}, in {}. *Undo* restores it within a day.",
        describe_interests(&definition.interests),
        target_mention(definition.target)
    );
    MessagePayload::from_text(text, Some(ActionRow::from_buttons(vec![undo])))
}

/// A removed digest was restored.
pub fn restored_message(subscription: &Subscription, runs: &[Timestamp]) -> MessagePayload {
    text_message(format!("Digest **{}** was restored.{}", subscription.id, next_run(runs.first())))
}

/// When the next run is, to follow a sentence; empty if there is none.
pub(super) fn next_run(run: Option<&Timestamp>) -> String {
    run.map(|run| format!(" Next: {}.", full_time(*run))).unwrap_or_default()
}

/// A page of the digests of a server; `page` counts from 0.
pub fn list_message(all: &[Subscription], page: u16) -> MessagePayload {
    if all.is_empty() {
        return text_message("This server has no digests yet. `/digest add` creates one.");
    }
    let pages = paginate_rows(all.iter().map(list_row));
    let page = if usize::from(page) < pages.len() { page } else { 0 };
    let is_last = usize::from(page) + 1 == pages.len();
    let next = ButtonId::List { page: page.saturating_add(1) };
    let row = (!is_last).then(|| ActionRow::from_buttons(vec![Button::new("More", next)]));
    MessagePayload::from_text(pages[usize::from(page)].join("\n"), row)
}

/// Distributes rows to pages.
fn paginate_rows(rows: impl Iterator<Item = String>) -> Vec<Vec<String>> {
    let (mut pages, mut room) = (Vec::new(), 0);
    for row in rows {
        let length = utf16_length(&row) + 1;
        match pages.last_mut() {
            Some(page) if length <= room => Vec::push(page, row),
            _ => {
                room = MAX_CONTENT;
                pages.push(vec![row]);
            }
        }
        room = room.saturating_sub(length);
    }
    pages
}

fn list_row(subscription: &Subscription) -> String {
    let Subscription { id, definition, status, next_run, .. } = subscription;
    let schedule = escape_name(&definition.schedule.to_string());
    let zone = escape_name(definition.zone.name());
    let state = pause_line(*status).unwrap_or_else(|| match next_run {
        Some(run) => format!("Next: {}.", full_time(*run)),
        None => "It will not run again: `/digest edit` sets a new schedule.".to_owned(),
    });
    format!(
        "**{id}** {} – {}\n-# {schedule}, {zone} · {state}",
        target_mention(definition.target),
        describe_interests(&definition.interests)
    )
}

/// Why and since when a digest is paused, and the remedy; `None` if it is active.
pub(super) fn pause_line(status: SubscriptionStatus) -> Option<String> {
    match status {
        SubscriptionStatus::Active => None,
        SubscriptionStatus::Paused { reason, since, by } => {
            // Discord shows the name. Nobody is pinged, since no message allows mentions.
            let reason_text = by.map_or_else(
                || pause_reason_text(reason).to_owned(),
                |person| format!("<@{person}> paused it"),
            );
            Some(format!("Paused <t:{}:R>: {reason_text}. {}", since.as_second(), pause_remedy(reason)))
        }
    }
}

/// The reply to an unknown number of a digest.
pub fn no_such_digest(typed: &str) -> MessagePayload {
    text_message(format!(
        "There is no digest {} in this server. `/digest list` shows all digests.",
        escape_truncated(typed)
    ))
}

/// The server has as many digests as it may.
pub fn too_many_digests(cap: u32) -> MessagePayload {
    text_message(format!("This server has {cap} digests, the maximum. Remove one first: `/digest remove`."))
}

/// The reply to a person who may not manage the server.
pub fn moderators_only() -> MessagePayload {
    text_message(
        "Only people who may manage the server can change its digests and where my recaps come from. `/follow` creates a \
         digest for you alone.",
    )
}

/// The reply to a channel that can't have digests.
pub fn no_channel_for_digests() -> MessagePayload {
    text_message(
        "I can post digests only in text channels, announcement channels and threads. Please choose one of those.",
    )
}

/// The reply to a person who may not send messages in the channel of a digest.
pub fn may_not_send(channel_id: u64) -> MessagePayload {
    text_message(format!(
        "You may not send messages in <#{channel_id}> yourself, so I can't post a digest there for you. Choose another \
         channel, or ask an administrator."
    ))
}

/// Describes interests: "new posts about …, on …, by …, in …". Texts of people are escaped.
pub(super) fn describe_interests(interests: &[Interest]) -> String {
    let each: Vec<String> = interests.iter().map(describe_interest).collect();
    let each: Vec<String> = each.into_iter().filter(|it| !it.is_empty()).collect();
    if each.is_empty() { "all new posts".to_owned() } else { format!("new posts {}", each.join("; ")) }
}

/// Describes an interest: "about …, on …". Empty if it matches every post.
pub(super) fn describe_interest(interest: &Interest) -> String {
    let Interest { event, topic, author, language } = interest;
    let event = event.as_ref().map(|id| {
        let known = EventTable::builtin().edition(id);
        format!("about **{}**", escape_name(&known.map_or_else(|| id.to_string(), Event::label)))
    });
    let topic = topic.as_ref().map(|id| format!("on **{}**", escape_name(wording::topic(id))));
    let author = author.as_ref().map(|name| format!("by **{}**", escape_name(name)));
    let language = language.map(|language| format!("in {}", language_name(language)));
    [event, topic, author, language].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A link to a channel. It pings nobody, and only people who may see the channel see its name.
pub(super) fn target_mention(target: Target) -> String {
    match target {
        Target::Channel { channel, .. } => format!("<#{channel}>"),
        Target::Person(_) => "direct messages".to_owned(),
    }
}

/// A time in the reader's time zone, and relative to now.
pub(super) fn full_time(at: Timestamp) -> String {
    let second = at.as_second();
    format!("<t:{second}:F> (<t:{second}:R>)")
}

/// The choices for the number of a digest; `typed` may be a part of a number or of a description.
pub fn digest_choices(all: &[Subscription], typed: &str) -> Vec<Choice> {
    let typed = typed.trim().to_lowercase();
    let choice = |subscription: &Subscription| {
        let Subscription { id, definition, status, .. } = subscription;
        let paused = if matches!(status, SubscriptionStatus::Paused { .. }) { " · paused" } else { "" };
        let posts = describe_interests(&definition.interests).replace(['*', '\\'], "");
        let name = format!("{id} {} · {posts}{paused}", definition.schedule);
        Choice { name: truncate_line(&name, MAX_CHOICE), value: id.0.to_string() }
    };
    let fits = |choice: &Choice| choice.name.to_lowercase().contains(&typed);
    all.iter().map(choice).filter(fits).take(MAX_CHOICES).collect()
}

/// Parses the number of a digest: `12` or `#12`.
pub fn parse_digest_number(typed: &str) -> Option<SubscriptionId> {
    let typed = typed.trim();
    let digits = typed.strip_prefix('#').unwrap_or(typed);
    let is_number = !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|id| is_number && *id > 0).map(SubscriptionId)
}
