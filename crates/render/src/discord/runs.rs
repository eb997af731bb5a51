//! The log of a digest's runs, and what comes of posting or looking at one now.

use std::collections::BTreeSet;

use super::help::counted;
use super::page::{Embed, MAX_DESCRIPTION, Page, length};
use super::reasons::{remedy, why};
use super::subscriptions::{interest, pause, place, time, wanted_posts};
use takeaways_digest::{Delivery, DeliveryState, Reason, Subscription, Target};

/// The edge of a log: the calm blue of all that is not a note.
const EDGE: u32 = 0x4F_6D_8F;

/// The last runs of a digest, the newest first, each with what became of it; below them what to do.
#[must_use]
pub fn log(subscription: &Subscription, runs: &[Delivery]) -> Page {
    let id = subscription.id;
    if runs.is_empty() {
        let next = subscription.next_run.map(|run| format!(" Its first is {}.", time(run)));
        return text(format!("**{id}** has had no run yet.{}", next.unwrap_or_default()));
    }
    let mut lines: Vec<String> = runs.iter().map(run).collect();
    let reasons: Vec<Reason> = runs.iter().filter_map(|run| run.reason).collect();
    let mut said = BTreeSet::new();
    let remedies = reasons.into_iter().map(remedy).filter(|remedy| said.insert(*remedy));
    let remedies: Vec<String> = remedies.map(|remedy| format!("-# {remedy}")).collect();
    lines.extend(remedies);
    let paused = pause(subscription.status).map(|paused| format!("\n⏸️ {paused}")).unwrap_or_default();
    let content = format!(
        "The last runs of **{id}**: {}, in {}.{paused}",
        wanted_posts(&subscription.wanted.interests),
        place(subscription.wanted.target)
    );
    let mut description = lines.join("\n");
    while length(&description) > MAX_DESCRIPTION {
        let end = description.rfind('\n').unwrap_or_default();
        description.truncate(end);
    }
    Page { embeds: vec![Embed { description, color: EDGE }], content, ..Page::default() }
}

fn run(run: &Delivery) -> String {
    let at = match run.slots {
        0 | 1 => format!("<t:{}:f>", run.slot.as_second()),
        _ => format!("<t:{}:f> to <t:{}:f>", run.slot.as_second(), run.last_slot.as_second()),
    };
    format!("- {at} – {}{}", outcome(run), reason(run))
}

fn outcome(run: &Delivery) -> String {
    let posts = || counted(run.posts.into(), "post");
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
    run.reason.map(|reason| format!(" {}", why(reason))).unwrap_or_default()
}

/// Where it can be read.
fn link(run: &Delivery) -> Option<String> {
    let Target::Channel { server, channel } = run.target else { return None };
    run.message.map(|message| format!("https://discord.com/channels/{server}/{channel}/{message}"))
}

/// One that is posted now.
#[must_use]
pub fn posting(subscription: &Subscription) -> Page {
    let place = place(subscription.wanted.target);
    text(format!("On its way to {place}. `/digest log` shows what became of it."))
}

/// One of which another message is on its way.
#[must_use]
pub fn posting_already(subscription: &Subscription) -> Page {
    let place = place(subscription.wanted.target);
    text(format!("One is on its way to {place} already. `/digest log` shows what became of it."))
}

/// One that would hold nothing, and is not posted.
#[must_use]
pub fn nothing_to_post(subscription: &Subscription) -> Page {
    let filter = subscription.wanted.interests.first().map(interest).filter(|it| !it.is_empty());
    let filter = filter.map(|it| format!(" {it}")).unwrap_or_default();
    text(format!(
        "There is no new post{filter} since the last digest, so nothing is posted. `/digest preview` shows what was \
         left out, and why."
    ))
}

/// To a press for a page that a preview no longer has.
#[must_use]
pub fn nothing_more() -> Page {
    text("The digest would hold something else by now. `/digest preview` shows it.".to_owned())
}

/// One that is paused, so that nothing is posted.
#[must_use]
pub fn paused_now(subscription: &Subscription) -> Page {
    text(format!("**{}** is paused. Resume it first with `/digest resume`.", subscription.id))
}

/// One that was changed by somebody else meanwhile.
#[must_use]
pub fn changed_meanwhile() -> Page {
    text("It was changed just now, by somebody else or by a run of its own. Please try again.".to_owned())
}

fn text(text: String) -> Page {
    Page::of_text(text, None)
}
