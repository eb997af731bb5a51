//! Renders an overview: a box for each group, with its lines and their sources.

use takeaways_text::model::{Citation, Event, GroupTitle, Overview, PostKind, YearCount};

use super::excerpt::{NOTE_COLOR, POST_COLOR, SourceDetail, lines_of_one_source, overview_line};
use super::message::{
    Attachment, Embed, MAX_DESCRIPTION, MAX_EMBED_COUNT, MAX_EMBEDS_LENGTH, MessagePayload, utf16_length,
};
use super::{escape_truncated, wording};
use crate::trend_picture::{has_picture, shown_years};

/// The number of characters of a line that reads at a glance on a phone. A request for a message asks for such lines.
pub const MAX_OVERVIEW_LINE: u16 = 200;
/// The length limit of the overview of an event in a digest: a third of what a message has room for.
const MAX_WRAP_UP: usize = MAX_EMBEDS_LENGTH / 3;
/// The length limit of what is said of all posts of an overview, such as the events of a conference.
const MAX_REMARKS: usize = 1_200;
/// What stands over it.
const WRAP_UP: &str = "Event wrap-up";
/// The bars of a trend, in characters.
const BAR: usize = 16;

/// Renders an overview. `events` are the known events of the scope. `understood` is a line that tells the scope instead.
pub(super) fn overview(overview: &Overview, events: &[Event], understood: Option<String>) -> MessagePayload {
    let scope = (understood.is_none() && wording::shows_scope(overview))
        .then(|| escape_truncated(&wording::scope(&overview.scope, events, overview.language)));
    let sources = wording::overview_sources(overview).map(|sources| escape_truncated(&sources));
    let head: Vec<String> = scope.into_iter().chain(sources).collect();
    let name = overview.card.as_ref().filter(|card| !card.name.is_empty());
    let name = name.map(|card| format!("**{}**", escape_truncated(&card.name)));
    let mut content: Vec<String> = understood.into_iter().chain(name).collect();
    if !head.is_empty() {
        content.push(format!("-# {}", head.join(" · ")));
    }
    content.extend(overview.newest.map(|newest| format!("-# {}", wording::age(newest, overview.language))));
    let attachments: Vec<Attachment> = picture(overview).into_iter().collect();
    let has_picture = !attachments.is_empty();
    // Boxes stand below a picture, and above them the text.
    let numbers = has_picture.then(|| Embed { description: numbers(overview), color: POST_COLOR });
    let (embeds, shown) = embeds(overview, numbers);
    // The rest of the message may be a question, a scope and numbers.
    let mut room = MAX_REMARKS;
    let remarks =
        wording::overview_remarks(overview, shown).into_iter().map(|remark| escape_truncated(&remark));
    content.extend(remarks.take_while(|remark| {
        let length = utf16_length(remark) + 1;
        let fits = length <= room;
        room = room.saturating_sub(length);
        fits
    }));
    if !has_picture && !overview.series.is_empty() {
        content.push(chart(overview));
    }
    MessagePayload { content: content.join("\n"), embeds, attachments, ..MessagePayload::default() }
}

/// The picture of a trend, if its years show a change.
fn picture(overview: &Overview) -> Option<Attachment> {
    let topic = overview.topic.as_deref().filter(|_| has_picture(&overview.series) && !overview.too_few)?;
    let shares = shown_years(&overview.series).iter().map(|count| {
        let share = wording::share_of(count.posts, overview.language);
        format!("{} {share}", count.year)
    });
    let shares = shares.collect::<Vec<_>>().join(", ");
    let values = [("topic", topic), ("shares", &shares)];
    let description = overview.language.overviews().chart.fill(&values);
    Some(Attachment::of_trend(shown_years(&overview.series), &description))
}

/// The numbers below a picture: `2018 9 of 17 · 2019 …`.
fn numbers(overview: &Overview) -> String {
    let year = |count: &YearCount| {
        format!("**{}** {}", count.year, wording::share_of(count.posts, overview.language))
    };
    shown_years(&overview.series).iter().map(year).collect::<Vec<_>>().join(" · ")
}

/// The first box, and one for each group, with as many lines as fit into one message.
/// Also returns the number of lines in them.
fn embeds(overview: &Overview, first: Option<Embed>) -> (Vec<Embed>, usize) {
    let mut embeds: Vec<Embed> = first.into_iter().collect();
    let first_length: usize = embeds.iter().map(|first| utf16_length(&first.description)).sum();
    let mut room = MAX_EMBEDS_LENGTH.saturating_sub(first_length);
    let mut all_shown = 0;
    for group in overview.groups.iter().take(MAX_EMBED_COUNT - embeds.len()) {
        // The source of its lines names a post.
        let title = wording::group_title(group, overview)
            .filter(|_| !matches!(group.title, GroupTitle::Post(_)))
            .map(|title| format!("**{}**", escape_truncated(&title)));
        let mut parts: Vec<String> = title.into_iter().collect();
        let title_length: usize = parts.iter().map(|part| utf16_length(part) + 1).sum();
        let mut left = room.min(MAX_DESCRIPTION).saturating_sub(title_length);
        let mut shown = 0;
        let all = overview.excerpts.get(group.lines.clone()).unwrap_or_default();
        for run in all.chunk_by(|a, b| has_same_source(&a.citation, &b.citation)) {
            // No bar shows where the words of a note begin.
            let is_note = run.iter().all(|line| line.citation.kind == PostKind::Note);
            let gap = if is_note && shown > 0 { "\n" } else { "" };
            let beginnings = (1..=run.len())
                .rev()
                .map(|end| (end, gap.to_owned() + &lines_of_one_source(&run[..end], overview.language)));
            let Some((count, text)) = beginnings.into_iter().find(|(_, text)| utf16_length(text) < left)
            else {
                break;
            };
            left -= utf16_length(&text) + 1;
            shown += count;
            parts.push(text);
            if count < run.len() {
                break;
            }
        }
        all_shown += shown;
        if shown > 0 {
            let description = parts.join("\n");
            room = room.saturating_sub(utf16_length(&description));
            let is_note = all.iter().all(|line| line.citation.kind == PostKind::Note);
            embeds.push(Embed { description, color: if is_note { NOTE_COLOR } else { POST_COLOR } });
        }
    }
    (embeds, all_shown)
}

/// Whether two lines have the words of one person in one post.
fn has_same_source(one: &Citation, other: &Citation) -> bool {
    one.post == other.post && one.speaker == other.speaker
}

/// A bar for each year, as code, so that the bars stand below each other.
fn chart(overview: &Overview) -> String {
    let year = |count: &YearCount| {
        let share = wording::share_of(count.posts, overview.language);
        if !count.has_share() {
            return format!("{} · {share}", count.year);
        }
        let filled = (count.posts.posts as usize * BAR).div_ceil(count.posts.of.max(1) as usize);
        format!("{} {} {share}", count.year, "█".repeat(filled))
    };
    let years: Vec<String> = shown_years(&overview.series).iter().map(year).collect();
    format!("```\n{}\n```", years.join("\n"))
}

/// The overview of an event in a digest: a box with a line of each theme.
pub fn wrap_up(event: &Event, overview: &Overview) -> Embed {
    let mut description = format!("### {} · {}", WRAP_UP, escape_truncated(&event.label()));
    let sources = wording::overview_sources(overview);
    description.extend(sources.map(|sources| format!("\n-# {}", escape_truncated(&sources))));
    for group in &overview.groups {
        let title = wording::group_title(group, overview);
        let title = title.map_or_else(String::new, |title| format!("\n**{}**", escape_truncated(&title)));
        let lines = overview.excerpts.get(group.lines.clone());
        let Some(line) = lines.and_then(<[_]>::first) else { continue };
        let line = format!("{title}\n{}", overview_line(line, SourceDetail::PageLink, overview.language));
        if utf16_length(&description) + utf16_length(&line) <= MAX_WRAP_UP {
            description += &line;
        }
    }
    Embed { description, color: POST_COLOR }
}
