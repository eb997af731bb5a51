//! To names, schedules and zones that mean nothing, or more than one thing: what to write instead.

use super::page::Page;
use super::subscriptions::sentence;
use super::{brief, short};
use takeaways_digest::{ScheduleError, Zone, ZoneError};

/// To an event that is none, or one of several.
#[must_use]
pub fn unclear_event(typed: &str, offers: &[String]) -> Page {
    unclear("event", typed, offers)
}

/// To a topic that is none.
#[must_use]
pub fn unclear_topic(typed: &str, offers: &[String]) -> Page {
    unclear("topic", typed, offers)
}

/// To an author who is one of several, or none.
#[must_use]
pub fn unclear_author(typed: &str, offers: &[String]) -> Page {
    unclear("author", typed, offers)
}

fn unclear(what: &str, typed: &str, offers: &[String]) -> Page {
    let known = if offers.is_empty() {
        format!("I know no {what} called {}.", short(typed))
    } else {
        let offers: Vec<String> = offers.iter().map(|offer| format!("**{}**", brief(offer))).collect();
        format!("Which {what} is {}? Perhaps {}.", short(typed), offers.join(" or "))
    };
    text(format!("{known} Choose one from the list that appears while you type."))
}

/// To a schedule that can't be read.
#[must_use]
pub fn bad_schedule(why: &ScheduleError) -> Page {
    text(format!(
        "{}.\nFor example: *weekly on Monday at 09:00 Europe/Berlin*, *daily at 18:30*, *monthly on the first Friday at \
         10:00*, or a cron expression such as `0 9 * * 1`.",
        sentence(&short(&why.to_string()))
    ))
}

/// To a zone that there is not.
#[must_use]
pub fn bad_zone(why: &ZoneError) -> Page {
    text(format!("{}. A list appears while you type.", sentence(&short(&why.to_string()))))
}

/// To a zone in the schedule and another one beside it.
#[must_use]
pub fn two_zones(named: &Zone, at_end: &Zone) -> Page {
    text(format!(
        "The schedule ends in {}, and the option `timezone` says {}. Please name one of them.",
        brief(at_end.name()),
        brief(named.name())
    ))
}

/// To a schedule without a run.
#[must_use]
pub fn never_runs() -> Page {
    text("That schedule never comes. Please name days that there are.".to_owned())
}

fn text(text: String) -> Page {
    Page::of_text(text, None)
}
