//! Renders the log of a digest, and the replies to `/digest now` and `/digest preview`.

use std::collections::BTreeSet;

use super::excerpt::POST_COLOR;
use super::message::{Embed, MAX_DESCRIPTION, MessagePayload, text_message, utf16_length};
use super::reasons::{reason_remedy, reason_text};
use super::subscriptions::{describe_interest, describe_interests, full_time, pause_line, target_mention};
use crate::wording::pluralise;
use takeaways_digest::{Delivery, DeliveryReason, DeliveryState, Subscription, Target};

/// The last runs of a digest with their outcomes, the newest first, and the remedies.
pub fn run_log(subscription: &Subscription, runs: &[Delivery]) -> MessagePayload {
    let id = subscription.id;
    if runs.is_empty() {
        let next = subscription.next_run.map(|run| format!(" The first is {}.", full_time(run)));
        return text_message(format!("Digest **{id}** has had no runs yet.{}", next.unwrap_or_default()));
    }
    let mut lines: Vec<String> = runs.iter().map(run_line).collect();
    let reasons: Vec<DeliveryReason> = runs.iter().filter_map(|run| run.reason).collect();
    let mut shown = BTreeSet::new();
    let remedies = reasons.into_iter().map(reason_remedy).filter(|remedy| shown.insert(*remedy));
    lines.extend(remedies.map(|remedy| format!("-# {remedy}")));
    let paused = pause_line(subscription.status).map(|paused| format!("\n⏸️ {paused}")).unwrap_or_default();
    let content = format!(
        "The last runs of digest **{id}**: {}, in {}.{paused}",
        describe_interests(&subscription.definition.interests),
        target_mention(subscription.definition.target)
    );
    let mut description = lines.join("\n");
    while utf16_length(&description) > MAX_DESCRIPTION {
        let end = description.rfind('\n').unwrap_or_default();
        description.truncate(end);
    }
    MessagePayload {
        embeds: vec![Embed { description, color: POST_COLOR }],
        content,
        ..MessagePayload::default()
    }
}

fn run_line(run: &Delivery) -> String {
    let at = match run.slots {
        0 | 1 => format!("<t:{}:f>", run.slot.as_second()),
        _ => format!("<t:{}:f> to <t:{}:f>", run.slot.as_second(), run.last_slot.as_second()),
    };
    format!("- {at} – {}{}", outcome(run), reason(run))
}

fn outcome(run: &Delivery) -> String {
    let posts = || pluralise(run.posts, "post");
    match run.state {
        DeliveryState::Planned => "waiting to be sent.".to_owned(),
        DeliveryState::Sending => "being sent.".to_owned(),
        DeliveryState::Sent => {
            let late = if run.is_late { ", late" } else { "" };
            let link = link(run).map(|link| format!(" [Open]({link})")).unwrap_or_default();
            format!("**sent**{late}: {}.{link}", posts())
        }
        DeliveryState::Empty => "no new posts, so nothing was posted.".to_owned(),
        DeliveryState::Skipped if run.slots > 1 => format!("**skipped** {} runs.", run.slots),
        DeliveryState::Skipped => "**skipped**.".to_owned(),
        DeliveryState::Failed => "**failed**.".to_owned(),
        DeliveryState::Unknown => format!("**unknown**: {}.", posts()),
    }
}

fn reason(run: &Delivery) -> String {
    run.reason.map(|reason| format!(" {}", reason_text(reason))).unwrap_or_default()
}

/// The link to the message of a run.
fn link(run: &Delivery) -> Option<String> {
    let Target::Channel { server, channel } = run.target else { return None };
    run.message.map(|message| format!("https://discord.com/channels/{server}/{channel}/{message}"))
}

/// A digest is being posted.
pub fn posting_started(subscription: &Subscription) -> MessagePayload {
    let place = target_mention(subscription.definition.target);
    text_message(format!("I am posting the digest in {place}. `/digest log` shows the outcome."))
}

/// The digest is being posted already.
pub fn posting_in_progress(subscription: &Subscription) -> MessagePayload {
    let place = target_mention(subscription.definition.target);
    text_message(format!("I am already posting the digest in {place}. `/digest log` shows the outcome."))
}

/// The digest is not posted, because it would be empty.
pub fn nothing_to_post(subscription: &Subscription) -> MessagePayload {
    text_message(format!(
        "{}, so nothing is posted. `/digest preview` shows what was left out, and why.",
        no_new_posts(subscription)
    ))
}

/// The preview of a digest that would be empty. What is left out follows in a message of its own.
pub fn nothing_to_preview(subscription: &Subscription) -> MessagePayload {
    text_message(format!("{}, so nothing would be posted.", no_new_posts(subscription)))
}

fn no_new_posts(subscription: &Subscription) -> String {
    let filter = subscription.definition.interests.first().map(describe_interest).filter(|it| !it.is_empty());
    let filter = filter.map(|it| format!(" {it}")).unwrap_or_default();
    format!("There are no new posts{filter} since the last digest")
}

/// The reply to a press for a page that a preview no longer has.
pub fn outdated_preview() -> MessagePayload {
    text_message("The digest has changed since this preview. `/digest preview` shows it again.")
}

/// The digest is not posted, because it is paused.
pub fn still_paused(subscription: &Subscription) -> MessagePayload {
    let why = pause_line(subscription.status).unwrap_or_default();
    text_message(format!("Digest **{}** is not posted. {why}", subscription.id))
}

/// The digest is not posted, because the bot can't see its channel.
pub fn channel_not_visible(subscription: &Subscription) -> MessagePayload {
    let (id, place) = (subscription.id, target_mention(subscription.definition.target));
    text_message(format!(
        "Digest **{id}** is not posted: I can't see {place}, or it is gone. Let my role view it, or choose another \
         channel with `/digest edit`."
    ))
}

/// The digest was changed at the same moment.
pub fn changed_meanwhile() -> MessagePayload {
    text_message("The digest was just changed, by another person or by its own run. Please try again.")
}
