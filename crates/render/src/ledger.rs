//! Renders subscriptions and their runs as lines for the operator, as plain text and as JSON.

use std::fmt::Write;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::terminal_text::clean;
use crate::wording::pluralise;
use takeaways_digest::{
    Delivery, DeliveryReason, DeliveryState, Interest, PauseReason, SkippedRuns, Subscription,
    SubscriptionStatus, Target, WhenEmpty, is_late,
};

/// Renders a subscription as a line.
pub fn subscription(subscription: &Subscription) -> String {
    let definition = &subscription.definition;
    let status = match subscription.status {
        SubscriptionStatus::Active => {
            subscription.next_run.map_or_else(|| "no next run".into(), |next| format!("next {next:.0}"))
        }
        SubscriptionStatus::Paused { reason, since, by } => {
            let reason_text = by
                .map_or_else(|| pause_text(reason).to_owned(), |person| format!("person {person} paused it"));
            format!("paused since {since:.0}: {reason_text}")
        }
    };
    let interests: Vec<String> = definition.interests.iter().map(interest).collect();
    let line = format!(
        "{}  {}  {} {}  {}  {status}",
        subscription.id,
        target(definition.target),
        definition.schedule,
        definition.zone,
        interests.join(" or ")
    );
    format!("{}\n", clean(&line))
}

/// Renders a subscription as a line of JSON.
pub fn subscription_json(subscription: &Subscription) -> String {
    format!("{}\n", subscription_value(subscription))
}

/// A subscription as JSON.
pub fn subscription_value(subscription: &Subscription) -> Value {
    let definition = &subscription.definition;
    let (status, reason, since, by) = match subscription.status {
        SubscriptionStatus::Active => ("active", None, None, None),
        SubscriptionStatus::Paused { reason, since, by } => ("paused", Some(reason), Some(since), by),
    };
    json!({
        "id": subscription.id,
        "target": target_json(definition.target),
        "interests": definition.interests,
        "schedule": definition.schedule.to_string(),
        "zone": definition.zone.to_string(),
        "when_empty": match definition.when_empty {
            WhenEmpty::Nothing => "nothing",
            WhenEmpty::OneLine => "one_line",
        },
        "wrap_up": definition.wrap_up,
        "made_at": definition.made_at,
        "status": status,
        "pause_reason": reason,
        "paused_since": since,
        "paused_by": by.map(|person| person.to_string()),
        "failures": subscription.failures,
        "next_run": subscription.next_run,
    })
}

/// Renders a run as a line.
pub fn delivery(run: &Delivery) -> String {
    let mut line = format!("{}  {:.0}", run.subscription, run.slot);
    if run.slots > 1 {
        // Writing to a String can't fail.
        let _ = write!(line, " to {:.0} ({} runs)", run.last_slot, run.slots);
    }
    let _ = write!(line, "  {}  {}", target(run.target), run.state.name());
    if run.state == DeliveryState::Sent {
        let _ =
            write!(line, " ({}{})", pluralise(run.posts, "post"), if run.is_late { ", late" } else { "" });
    }
    if let Some(message) = run.message {
        let _ = write!(line, "  message {message}");
    }
    if run.attempts > 1 {
        let _ = write!(line, "  {} attempts", run.attempts);
    }
    if let Some(reason) = run.reason {
        let _ = write!(line, "  {}", reason_text(reason));
    }
    format!("{}\n", clean(&line))
}

/// Renders a run as a line of JSON.
pub fn delivery_json(run: &Delivery) -> String {
    format!("{}\n", delivery_value(run))
}

/// A run as JSON.
pub fn delivery_value(run: &Delivery) -> Value {
    json!({
        "id": run.id.0,
        "subscription": run.subscription,
        "target": target_json(run.target),
        "slot": run.slot,
        "last_slot": run.last_slot,
        "slots": run.slots,
        "state": run.state.name(),
        "reason": run.reason.map(DeliveryReason::name),
        "is_late": run.is_late,
        "key": run.key.to_string(),
        "posts": run.posts,
        "attempts": run.attempts,
        "message": run.message.map(|id| id.to_string()),
        "ended_at": run.ended_at,
    })
}

/// Renders a planned delivery that would be sent.
pub fn send_line(run: &Delivery) -> String {
    let what = match run.state {
        DeliveryState::Sending => "would be looked up, and sent if it was not posted",
        _ => "would be sent",
    };
    format!("{}  {:.0}  {}  {what}\n", run.subscription, run.slot, target(run.target))
}

/// Renders a delivery that was not sent yet.
pub fn open_line(run: &Delivery) -> String {
    let tries = pluralise(run.attempts, "attempt");
    format!("{}  {:.0}  {}  still to send after {tries}\n", run.subscription, run.slot, target(run.target))
}

/// Renders a subscription whose digest is due and could not be written.
pub fn unwritten_line(subscription: &Subscription) -> String {
    let due = subscription.next_run.map(|due| format!("{due:.0}  ")).unwrap_or_default();
    let target = target(subscription.definition.target);
    format!("{}  {due}{target}  still to write: the log says why it failed\n", subscription.id)
}

/// Renders runs that would be skipped.
pub fn skip_line(subscription: &Subscription, skip: SkippedRuns, reason: DeliveryReason) -> String {
    let SkippedRuns { first, last, count } = skip;
    let span =
        if count == 1 { format!("{first:.0}") } else { format!("{first:.0} to {last:.0} ({count} runs)") };
    format!(
        "{}  {span}  {}  would be skipped: {}\n",
        subscription.id,
        target(subscription.definition.target),
        reason_text(reason)
    )
}

/// Renders a run that would be made, with the text of its message.
pub fn plan_line(
    subscription: &Subscription,
    slot: Timestamp,
    now: Timestamp,
    posts: u32,
    body: Option<&str>,
) -> String {
    let late = if is_late(slot, now) { ", late" } else { "" };
    let what = match body {
        Some(_) => format!("would be sent: {}{late}", pluralise(posts, "post")),
        None => "no new posts: nothing would be posted".to_owned(),
    };
    let mut page =
        format!("{}  {:.0}  {}  {what}\n", subscription.id, slot, target(subscription.definition.target));
    for line in body.map(message_text).unwrap_or_default().lines() {
        let _ = writeln!(page, "    {}", clean(line));
    }
    page
}

/// The text of a message.
fn message_text(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let embeds = body["embeds"].as_array().into_iter().flatten();
    let parts = embeds.map(|embed| &embed["description"]).chain([&body["content"]]);
    parts.filter_map(Value::as_str).collect::<Vec<_>>().join("\n\n")
}

fn target(target: Target) -> String {
    match target {
        Target::Channel { server, channel } => format!("channel {channel} of server {server}"),
        Target::Person(person) => format!("person {person}"),
    }
}

/// The ids are strings, because they have more digits than a number in JSON may have.
fn target_json(target: Target) -> Value {
    match target {
        Target::Channel { server, channel } => {
            json!({ "server": server.to_string(), "channel": channel.to_string() })
        }
        Target::Person(person) => json!({ "person": person.to_string() }),
    }
}

fn interest(interest: &Interest) -> String {
    let parts: Vec<String> = [
        interest.event.as_ref().map(|event| format!("event {}", event.0)),
        interest.topic.as_ref().map(|topic| format!("topic {topic}")),
        interest.author.as_ref().map(|author| format!("author {author}")),
        interest.language.map(|language| format!("language {}", language.code())),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() { "everything".into() } else { parts.join(" and ") }
}

/// Why a run was not made, and the remedy.
fn reason_text(reason: DeliveryReason) -> &'static str {
    match reason {
        DeliveryReason::Missed => "the bot was not running; the next run covers it",
        DeliveryReason::Paused => "it was paused; the next run covers it",
        DeliveryReason::Changed => "it was changed or removed before it was sent",
        DeliveryReason::NoPermission => {
            "the bot may not post there: `takeaways doctor` lists the missing permissions"
        }
        DeliveryReason::NoChannel => "the channel is gone",
        DeliveryReason::NoServer => "the bot is no longer in the server",
        DeliveryReason::DirectMessagesClosed => "the person does not accept direct messages from the bot",
        DeliveryReason::Refused => "Discord refused it: the log says why",
        DeliveryReason::Unreachable => "Discord could not be reached in time; the next run covers it",
        DeliveryReason::HistoryUnreadable => {
            "it may have been posted: check the channel, see docs/digests.md"
        }
    }
}

fn pause_text(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::Asked => "a moderator paused it",
        PauseReason::NoPermission => "the bot may not post there",
        PauseReason::NoChannel => "the channel is gone",
        PauseReason::NoServer => "the bot is no longer in the server",
        PauseReason::DirectMessagesClosed => "the person does not accept direct messages from the bot",
        PauseReason::Refused => "Discord refused it three times in a row",
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use takeaways_digest::{DeliveryId, DeliveryKey, SubscriptionId};

    fn run() -> Delivery {
        let (target, slot) = (
            Target::Channel { server: 1, channel: 7 },
            Timestamp::from_second(1_795_000_000).expect("a time"),
        );
        Delivery {
            id: DeliveryId(3),
            subscription: SubscriptionId(12),
            target,
            slot,
            last_slot: slot,
            slots: 1,
            state: DeliveryState::Sent,
            reason: None,
            is_late: true,
            key: DeliveryKey::new(1, target.destination(), SubscriptionId(12), slot),
            body: None,
            more: None,
            posts: 4,
            covers: 9,
            attempts: 2,
            epoch: 2,
            sending_since: None,
            not_before: slot,
            message: Some(99),
            ended_at: Some(slot),
        }
    }

    #[test]
    fn a_run_is_a_line() {
        assert_eq!(
            delivery(&run()),
            "#12  2026-11-18T11:06:40Z  channel 7 of server 1  sent (4 posts, late)  message 99  2 attempts\n"
        );
        let skipped = Delivery {
            state: DeliveryState::Skipped,
            reason: Some(DeliveryReason::Missed),
            slots: 3,
            message: None,
            attempts: 0,
            ..run()
        };
        assert!(
            delivery(&skipped).contains("(3 runs)  channel 7 of server 1  skipped  the bot was not running")
        );
        let json: Value = serde_json::from_str(&delivery_json(&run())).expect("JSON");
        assert_eq!((&json["message"], &json["target"]["channel"]), (&json!("99"), &json!("7")));
    }

    #[test]
    fn every_reason_has_its_own_text() {
        let texts: std::collections::BTreeSet<_> = DeliveryReason::ALL.into_iter().map(reason_text).collect();
        assert_eq!(texts.len(), DeliveryReason::ALL.len());
    }
}
