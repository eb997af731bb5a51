//! The log of a digest's runs, and what comes of posting or looking at one now.

use std::collections::BTreeSet;

use super::message::{Embed, MAX_DESCRIPTION, MessagePayload, utf16_length};
use super::notices::pluralise;
use super::reasons::{reason_remedy, reason_text};
use super::subscriptions::{describe_interest, describe_interests, full_time, pause_line, target_mention};
use takeaways_digest::{Delivery, DeliveryReason, DeliveryState, Subscription, Target};

/// The edge of a log: the calm blue of all that is not a note.
const LOG_COLOR: u32 = 0x4F_6D_8F;

/// The last runs of a digest, the newest first, each with what became of it; below them what to do.
#[must_use]
pub fn run_log(subscription: &Subscription, runs: &[Delivery]) -> MessagePayload {
    let id = subscription.id;
    if runs.is_empty() {
        let next = subscription.next_run.map(|run| format!(" Its first is {}.", full_time(run)));
        return text_message(format!("**{id}** has had no run yet.{}", next.unwrap_or_default()));
    }
    let mut lines: Vec<String> = runs.iter().map(run_line).collect();
    let reasons: Vec<DeliveryReason> = runs.iter().filter_map(|run| run.reason).collect();
    let mut said = BTreeSet::new();
    let remedies = reasons.into_iter().map(reason_remedy).filter(|remedy| said.insert(*remedy));
    let remedies: Vec<String> = remedies.map(|remedy| format!("-# {remedy}")).collect();
    lines.extend(remedies);
    let paused = pause_line(subscription.status).map(|paused| format!("\n⏸️ {paused}")).unwrap_or_default();
    let content = format!(
        "The last runs of **{id}**: {}, in {}.{paused}",
        describe_interests(&subscription.definition.interests),
        target_mention(subscription.definition.target)
    );
    let mut description = lines.join("\n");
    while utf16_length(&description) > MAX_DESCRIPTION {
        let end = description.rfind('\n').unwrap_or_default();
        description.truncate(end);
    }
    MessagePayload {
        embeds: vec![Embed { description, color: LOG_COLOR }],
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
    let posts = || pluralise(run.posts.into(), "post");
    match run.state {
        DeliveryState::Planned => "waits to be sent.".to_owned(),
        DeliveryState::Sending => "is being sent.".to_owned(),
        DeliveryState::Sent => {
            let late = if run.is_late { ", late" } else { "" };
            let link = link(run).map(|link| format!(" [Look]({link})")).unwrap_or_default();
            format!("**sent**{late}: {}.{link}", posts())
        }
        DeliveryState::Empty => "nothing new, so nothing was posted.".to_owned(),
        DeliveryState::Skipped if run.slots > 1 => format!("**skipped** {} runs.", run.slots),
        DeliveryState::Skipped => "**skipped**.".to_owned(),
        DeliveryState::Failed => "**failed**.".to_owned(),
        DeliveryState::Unknown => format!("**unknown**: {}.", posts()),
    }
}

fn reason(run: &Delivery) -> String {
    run.reason.map(|reason| format!(" {}", reason_text(reason))).unwrap_or_default()
}

/// Where it can be read.
fn link(run: &Delivery) -> Option<String> {
    let Target::Channel { server, channel } = run.target else { return None };
    run.message.map(|message| format!("https://discord.com/channels/{server}/{channel}/{message}"))
}

/// One that is posted now.
#[must_use]
pub fn posting_started(subscription: &Subscription) -> MessagePayload {
    let place = target_mention(subscription.definition.target);
    text_message(format!("On its way to {place}. `/digest log` shows what became of it."))
}

/// One of which another message is on its way.
#[must_use]
pub fn posting_in_progress(subscription: &Subscription) -> MessagePayload {
    let place = target_mention(subscription.definition.target);
    text_message(format!("One is on its way to {place} already. `/digest log` shows what became of it."))
}

/// One that would hold nothing, and is not posted.
#[must_use]
pub fn nothing_to_post(subscription: &Subscription) -> MessagePayload {
    let filter = subscription.definition.interests.first().map(describe_interest).filter(|it| !it.is_empty());
    let filter = filter.map(|it| format!(" {it}")).unwrap_or_default();
    text_message(format!(
        "There is no new post{filter} since the last digest, so nothing is posted. `/digest preview` shows what was \
         left out, and why."
    ))
}

/// To a press for a page that a preview no longer has.
#[must_use]
pub fn outdated_preview() -> MessagePayload {
    text_message("The digest would hold something else by now. `/digest preview` shows it.".to_owned())
}

/// One that is paused, so that nothing is posted.
#[must_use]
pub fn still_paused(subscription: &Subscription) -> MessagePayload {
    text_message(format!("**{}** is paused. Resume it first with `/digest resume`.", subscription.id))
}

/// One that was changed by somebody else meanwhile.
#[must_use]
pub fn changed_meanwhile() -> MessagePayload {
    text_message(
        "It was changed just now, by somebody else or by a run of its own. Please try again.".to_owned(),
    )
}

fn text_message(text: String) -> MessagePayload {
    MessagePayload::from_text(text, None)
}
