//! Messages of Discord: answers, and what else there is to say.
//!
//! The only place where text becomes Discord's: everything that a person, a post or a note has written is escaped here,
//! and every limit of Discord is kept here. Pure, and without any of Discord's libraries.

mod choices;
mod digest;
mod excerpt;
mod follows;
mod help;
mod left_out;
mod link;
mod markdown;
mod notices;
mod page;
mod press;
mod reasons;
mod runs;
mod subscriptions;
mod troubles;
mod unclear;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::said;
pub use choices::{Choice, MAX_CHOICE, MAX_CHOICES, of_authors, of_events, of_names, of_years};
pub use digest::{DigestPages, digest, nothing_new, said_late};
use excerpt::embeds;
pub use follows::{
    ALL, GOES_ON, comes_again, followed, following, forgotten, is_named, not_followed, nothing_to_resume,
    noticed, of_follows, too_many_follows, unfollowed,
};
use help::counted;
pub use help::{About, about, help};
pub use left_out::left_out;
use markdown::line;
pub use markdown::{escaped, shown};
pub use notices::{
    bad_question, bad_year, could_not_post, failed, gone, no_question, not_yours, small_talk, state_failed,
    stopping, timed_out, too_fast, unknown, welcome,
};
pub use page::{
    AllowedMentions, Button, EPHEMERAL, Embed, MAX_BOXES, MAX_BUTTONS, MAX_CONTENT, MAX_DESCRIPTION,
    MAX_EMBEDS, MAX_LABEL, MAX_ROWS, Page, Row, SUPPRESS_EMBEDS, length,
};
pub use press::Press;
pub use reasons::{remedy, remedy_of_pause, why, why_paused};
pub use runs::{changed_meanwhile, log, nothing_more, nothing_to_post, paused_now, posting, posting_already};
pub use subscriptions::{
    Look, Shown, changed, digest_number, language_name, listed, made, moderators_only,
    no_channel_for_digests, no_such_digest, not_paused, of_digests, paused, removed, restored, resumed,
    too_many_digests,
};
use takeaways_text::model::{Age, Answer, Event, Excerpt, Missing, Offer, Question, Scope};
pub use troubles::{digest_paused, digest_unknown};
pub use unclear::{
    bad_schedule, bad_zone, never_runs, two_zones, unclear_author, unclear_event, unclear_topic,
};

/// The longest question that is repeated, and the longest title, heading or name that is shown, in characters.
const MAX_SAID: usize = 200;
/// The longest name where several stand in a row, in characters.
const MAX_NAME: usize = 80;

/// The message that answers a question. `events` are those of the scope, as far as they are known.
#[must_use]
pub fn answer(question: &Question, answer: &Answer, events: &[Event]) -> Page {
    match answer {
        Answer::Cited { excerpts, scope, newest, .. } => cited(excerpts, scope, *newest, events),
        Answer::NothingFound { scope, missing, offers, .. } => {
            nothing_found(question, scope, events, missing, offers)
        }
    }
}

fn cited(excerpts: &[Excerpt], scope: &Scope, newest: Option<Age>, events: &[Event]) -> Page {
    let place = (!scope.is_everything()).then(|| format!("In {}:", short(&said::scope(scope, events))));
    let age = newest.map(|newest| format!("-# {}", said::age(newest)));
    let content = [place, age].into_iter().flatten().collect::<Vec<_>>().join("\n");
    Page { content, embeds: embeds(excerpts), ..Page::default() }
}

/// A day in the reader's own form. Noon in UTC is the same day nearly everywhere.
fn day(date: Date) -> Option<String> {
    let noon = date.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
    Some(format!("<t:{}:D>", noon.timestamp().as_second()))
}

fn nothing_found(
    question: &Question,
    scope: &Scope,
    events: &[Event],
    missing: &[Missing],
    offers: &[Offer],
) -> Page {
    let mut lines = vec![format!("Not in the recaps: {}", short(question.text()))];
    if !scope.is_everything() {
        lines.push(format!("Looked in {}.", short(&said::scope(scope, events))));
    }
    lines.extend(said::missing(missing, scope).iter().map(|sentence| short(sentence)));
    let questions: Vec<String> = offers.iter().map(|offer| shown(&offer.question)).collect();
    let row = Row::of_questions(&questions);
    lines.push(match row {
        Some(_) => "Try instead:".to_owned(),
        None => "Ask about a topic or an event; `/help` has examples.".to_owned(),
    });
    Page::of_text(lines.join("\n"), row)
}

/// What somebody else has written, as one safe line of at most [`MAX_SAID`] characters, the last one an ellipsis where
/// more were there.
fn short(text: &str) -> String {
    let text = shown(text);
    if text.chars().count() <= MAX_SAID {
        return line(&text);
    }
    let kept: String = text.chars().take(MAX_SAID - 1).collect();
    line(&format!("{}…", kept.trim_end()))
}

/// The same, at most [`MAX_NAME`] characters.
fn brief(text: &str) -> String {
    match text.char_indices().nth(MAX_NAME) {
        Some((end, _)) => short(&format!("{}…", text.get(..end).unwrap_or_default())),
        None => short(text),
    }
}

#[cfg(test)]
mod tests;
