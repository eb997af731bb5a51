//! To names, schedules and zones that mean nothing, or more than one thing: what to write instead.

use super::message::MessagePayload;
use super::subscriptions::capitalise;
use super::{escape_name, escape_truncated};
use takeaways_digest::{ScheduleError, Zone, ZoneError};

/// To an event that is none, or one of several.
#[must_use]
pub fn ambiguous_event(typed: &str, suggestions: &[String]) -> MessagePayload {
    ambiguous_name("event", typed, suggestions)
}

/// To a topic that is none.
#[must_use]
pub fn ambiguous_topic(typed: &str, suggestions: &[String]) -> MessagePayload {
    ambiguous_name("topic", typed, suggestions)
}

/// To an author who is one of several, or none.
#[must_use]
pub fn ambiguous_author(typed: &str, suggestions: &[String]) -> MessagePayload {
    ambiguous_name("author", typed, suggestions)
}

fn ambiguous_name(what: &str, typed: &str, suggestions: &[String]) -> MessagePayload {
    let known = if suggestions.is_empty() {
        format!("I know no {what} called {}.", escape_truncated(typed))
    } else {
        let offers: Vec<String> =
            suggestions.iter().map(|offer| format!("**{}**", escape_name(offer))).collect();
        format!("Which {what} is {}? Perhaps {}.", escape_truncated(typed), offers.join(" or "))
    };
    text_message(format!("{known} Choose one from the list that appears while you type."))
}

/// To a schedule that can't be read.
#[must_use]
pub fn bad_schedule(why: &ScheduleError) -> MessagePayload {
    text_message(format!(
        "{}.\nFor example: *weekly on Monday at 09:00 Europe/Berlin*, *daily at 18:30*, *monthly on the first Friday at \
         10:00*, or a cron expression such as `0 9 * * 1`.",
        capitalise(&escape_truncated(&why.to_string()))
    ))
}

/// To a zone that there is not.
#[must_use]
pub fn bad_zone(why: &ZoneError) -> MessagePayload {
    text_message(format!(
        "{}. A list appears while you type.",
        capitalise(&escape_truncated(&why.to_string()))
    ))
}

/// To a zone in the schedule and another one beside it.
#[must_use]
pub fn conflicting_zones(named: &Zone, at_end: &Zone) -> MessagePayload {
    text_message(format!(
        "The schedule ends in {}, and the option `timezone` says {}. Please name one of them.",
        escape_name(at_end.name()),
        escape_name(named.name())
    ))
}

/// To a schedule without a run.
#[must_use]
pub fn never_runs() -> MessagePayload {
    text_message("That schedule never comes. Please name days that there are.".to_owned())
}

fn text_message(text: String) -> MessagePayload {
    MessagePayload::from_text(text, None)
}
