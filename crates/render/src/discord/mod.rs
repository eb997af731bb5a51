//! Renders messages for Discord: answers, digests, help and notices.
//!
//! Only this module writes Discord's Markdown. It escapes every text of a person, a post or a note, and it keeps every
//! limit of Discord. It is pure and uses no Discord library.

mod autocomplete;
mod button_id;
mod digest;
mod excerpt;
mod follows;
mod markdown;
mod message;
mod notices;
mod overview;
mod reasons;
mod recaps;
mod runs;
mod subscriptions;
mod turn;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::wording;
pub use autocomplete::{
    Choice, MAX_CHOICE, MAX_CHOICES, author_choices, event_choices, name_choices, year_choices,
};
pub use button_id::{AnswerAction, ButtonId};
pub use digest::omitted_posts;
pub use digest::{DigestPages, digest, mark_late, nothing_new};
use excerpt::embeds;
pub use follows::{
    DeletedCounts, RESUMED_NOTICE, UNFOLLOW_ALL, choice_value, closed_messages_notice, follow_choices,
    followed_message, follows_message, forgotten_message, interest_matches, not_followed_message,
    nothing_to_resume, resumed_follow_message, too_many_follows, unfollow_menu, unfollowed_message,
    with_follow_button,
};
pub use markdown::{escape, visible_text};
pub use message::{
    ActionRow, AllowedMentions, Attachment, Button, Component, EPHEMERAL, Embed, MAX_ALT_TEXT, MAX_BUTTONS,
    MAX_CONTENT, MAX_DESCRIPTION, MAX_EMBED_COUNT, MAX_EMBEDS_LENGTH, MAX_LABEL, MAX_ROWS, MessagePayload,
    SUPPRESS_EMBEDS, utf16_length,
};
pub use notices::{
    About, NewestPost, about, help, newest_posts, privacy, quote_found, quote_not_found, quote_too_short,
};
pub use notices::{
    ambiguous_author, ambiguous_event, ambiguous_topic, bad_schedule, bad_zone, conflicting_zones,
    never_runs, nothing_to_change,
};
pub use notices::{
    bad_question, bad_year, can_ask, could_not_post, internal_error, no_question, no_shared_words, not_yours,
    outdated_button, rate_limited, shutting_down, small_talk, state_error, still_reading, timed_out,
    unknown_command, welcome,
};
pub use overview::MAX_OVERVIEW_LINE;
pub use overview::wrap_up;
pub use reasons::{pause_notice, unknown_delivery_notice};
pub use reasons::{pause_reason_text, pause_remedy, reason_remedy, reason_text};
pub use recaps::{
    MAX_SOURCE_ADDRESS, SourceFound, address_empty, address_failed, address_refused, addresses_busy,
    nothing_to_remove, outdated_source, recaps_closed, recent_posts, removable_choices, source_added,
    source_address, source_being_read, source_failed, source_found, source_list, source_problems,
    source_removed, source_too_large, sources_full,
};
pub use runs::{
    changed_meanwhile, channel_not_visible, nothing_to_post, nothing_to_preview, outdated_preview,
    posting_in_progress, posting_started, run_log, still_paused,
};
pub use subscriptions::{
    ChannelAccess, SubscriptionView, ZoneSource, changed_message, created_message, digest_choices,
    list_message, may_not_send, moderators_only, no_channel_for_digests, no_such_digest, not_paused_message,
    parse_digest_number, paused_message, removed_message, restored_message, resumed_message,
    too_many_digests,
};
use takeaways_answer::VerifiedAnswer;
use takeaways_text::language::RefusalWords;
use takeaways_text::model::{
    Answer, Event, Excerpt, ExcerptDate, Language, Missing, Question, Scope, Suggestion,
};
use takeaways_text::tokens::folding::collapse_whitespace;
pub use turn::{
    Audience, context, expired_answer, interest_of, notice, recap_list, shared_answer, turn_answer,
};

/// The length limit of a repeated question, a title, a heading or a name, in characters.
const MAX_LINE: usize = 200;
/// The length limit of a name in a list, in characters.
const MAX_NAME: usize = 80;

/// Renders an answer.
pub fn answer(question: &Question, verified: &VerifiedAnswer) -> MessagePayload {
    with_respelled(message_of(question, &verified.answer, &verified.events), verified)
}

/// The same message with the words that were read as others above it.
fn with_respelled(page: MessagePayload, verified: &VerifiedAnswer) -> MessagePayload {
    match wording::respelled(verified) {
        Some(respelled) => page.with_line_above(&format!("-# {}", escape_truncated(&respelled))),
        None => page,
    }
}

/// The message of an answer. `events` are the known events of the scope.
fn message_of(question: &Question, answer: &Answer, events: &[Event]) -> MessagePayload {
    match answer {
        Answer::Cited { scope, newest, listed, language, .. } => {
            let words = language.refusals();
            let place = (!scope.is_everything()).then(|| {
                escape_truncated(&wording::scope(scope, events, *language)) + &words.colon.fill(&[])
            });
            let heading = if listed.is_empty() { place } else { Some(listed_lines(answer).join("\n")) };
            cited_answer(heading, answer, *newest)
        }
        Answer::Overview(found) => overview::overview(found, events, None),
        Answer::NothingFound { unanswerable: Some(reason), newest, suggestions, language, .. } => {
            let mut lines = listed_lines(answer);
            lines.extend(wording::unanswerable(*reason, *newest, *language));
            with_suggestions(lines, suggestions, language.refusals())
        }
        Answer::NothingFound { scope, missing, nearest, suggestions, language, .. } => {
            let words = language.refusals();
            let mut lines = listed_lines(answer);
            if answer.is_answered() {
                return MessagePayload::from_text(lines.join("\n"), question_row(suggestions));
            }
            lines.extend(nothing_found(question, scope, events, missing, *language));
            match nearest {
                None => with_suggestions(lines, suggestions, words),
                Some(nearest) => with_nearest(lines, nearest, suggestions, *language),
            }
        }
    }
}

/// The place and the days of the events of which the question asks.
fn listed_lines(answer: &Answer) -> Vec<String> {
    let lines = wording::listed(answer.listed(), answer.language());
    lines.iter().map(|line| format!("**{}**", escape_truncated(line))).collect()
}

/// Renders the excerpts of an answer below a heading.
fn cited_answer(heading: Option<String>, answer: &Answer, newest: Option<ExcerptDate>) -> MessagePayload {
    let language = answer.language();
    let unsure = answer.is_unsure().then(|| language.refusals().unsure.fill(&[]));
    let age = newest.map(|newest| format!("-# {}", wording::age(newest, language)));
    let content = [heading, unsure, age].into_iter().flatten().collect::<Vec<_>>().join("\n");
    MessagePayload { content, embeds: embeds(answer.excerpts(), language), ..MessagePayload::default() }
}

/// A day in the format of the reader's locale. Noon in UTC is the same day nearly everywhere.
fn day_timestamp(date: Date) -> Option<String> {
    let noon = date.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
    Some(format!("<t:{}:D>", noon.timestamp().as_second()))
}

fn nothing_found(
    question: &Question,
    scope: &Scope,
    events: &[Event],
    missing: &[Missing],
    language: Language,
) -> Vec<String> {
    let words = language.refusals();
    let mut lines = vec![words.nothing_found.fill(&[("question", &escape_truncated(question.text()))])];
    if wording::was_searched(scope, missing) {
        let scope = escape_truncated(&wording::scope(scope, events, language));
        lines.push(words.searched_in.fill(&[("scope", &scope)]));
    }
    lines.extend(wording::missing(missing, scope, words).iter().map(|sentence| escape_truncated(sentence)));
    lines
}

/// A refusal with these lines, the excerpt that comes nearest to an answer, and a button for each suggestion.
fn with_nearest(
    mut lines: Vec<String>,
    nearest: &Excerpt,
    suggestions: &[Suggestion],
    language: Language,
) -> MessagePayload {
    let words = language.refusals();
    // The excerpt stands between the lines and the buttons, which need no words above them.
    let row = question_row(suggestions);
    if row.is_none() {
        lines.push(words.no_suggestion.fill(&[("help", "`/help`"), ("about", "`/about`")]));
    }
    lines.push(words.nearest.fill(&[]));
    let message = MessagePayload::from_text(lines.join("\n"), row);
    // The flag would hide this excerpt too.
    MessagePayload { embeds: embeds(std::slice::from_ref(nearest), language), flags: None, ..message }
}

fn question_row(suggestions: &[Suggestion]) -> Option<ActionRow> {
    let questions: Vec<String> = suggestions.iter().map(|it| visible_text(&it.question)).collect();
    ActionRow::question_buttons(&questions)
}

/// A refusal with these lines, and a button for each suggestion.
fn with_suggestions(
    mut lines: Vec<String>,
    suggestions: &[Suggestion],
    words: &RefusalWords,
) -> MessagePayload {
    let row = question_row(suggestions);
    lines.push(match row {
        Some(_) => words.try_instead.fill(&[]),
        None => words.no_suggestion.fill(&[("help", "`/help`"), ("about", "`/about`")]),
    });
    MessagePayload::from_text(lines.join("\n"), row)
}

/// Escapes a text as one line of at most [`MAX_LINE`] characters.
fn escape_truncated(text: &str) -> String {
    escape(&truncate_line(text, MAX_LINE))
}

/// Escapes a text as one line of at most [`MAX_NAME`] characters.
fn escape_name(text: &str) -> String {
    escape(&truncate_line(text, MAX_NAME))
}

/// A text in one line of at most `limit` characters, as Discord counts them. A longer one ends with an ellipsis.
fn truncate_line(text: &str, limit: usize) -> String {
    let text = collapse_whitespace(&visible_text(text));
    if utf16_length(&text) <= limit {
        return text;
    }
    // The last character is for the ellipsis.
    let mut room = limit.saturating_sub(1);
    let fits = |c: &char| {
        let remaining = room.checked_sub(c.len_utf16());
        room = remaining.unwrap_or(0);
        remaining.is_some()
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests;
