//! Renders an overview: a box for each group, with its lines and their sources.

use takeaways_text::model::{Event, Excerpt, Group, Overview, PostKind};

use super::excerpt::{NOTE_COLOR, POST_COLOR, SourceDetail, overview_line};
use super::message::{
    Embed, MAX_DESCRIPTION, MAX_EMBED_COUNT, MAX_EMBEDS_LENGTH, MessagePayload, utf16_length,
};
use super::{escape_truncated, wording};

/// A longer line is shown only where its group has no shorter one.
const MAX_LINE_CHARS: usize = 200;
/// The bars of a trend, in characters.
const BAR: usize = 16;

/// Renders an overview. `events` are the known events of the scope.
pub(super) fn overview(overview: &Overview, events: &[Event]) -> MessagePayload {
    let scope = wording::tells_scope(overview)
        .then(|| escape_truncated(&wording::scope(&overview.scope, events, overview.language.refusals())));
    let sources = wording::overview_sources(overview);
    let head: Vec<String> = scope.into_iter().chain(sources).collect();
    let name = overview.card.as_ref().map(|card| format!("**{}**", escape_truncated(&card.name)));
    let mut content: Vec<String> = name.into_iter().collect();
    if !head.is_empty() {
        content.push(format!("-# {}", head.join(" · ")));
    }
    content.extend(overview.newest.map(|newest| format!("-# {}", wording::age(newest))));
    content.extend(wording::overview_remarks(overview).iter().map(|remark| escape_truncated(remark)));
    if !overview.series.is_empty() {
        content.push(chart(overview));
    }
    MessagePayload { content: content.join("\n"), embeds: embeds(overview), ..MessagePayload::default() }
}

/// One box for each group, with as many lines as fit into one message.
fn embeds(overview: &Overview) -> Vec<Embed> {
    let mut embeds = Vec::new();
    let mut room = MAX_EMBEDS_LENGTH;
    for group in overview.groups.iter().take(MAX_EMBED_COUNT) {
        let mut parts: Vec<String> = wording::group_title(group, overview)
            .map(|title| format!("**{}**", escape_truncated(&title)))
            .into_iter()
            .collect();
        let title_length: usize = parts.iter().map(|part| utf16_length(part) + 1).sum();
        let mut left = room.min(MAX_DESCRIPTION).saturating_sub(title_length);
        let mut shown = 0;
        for line in
            lines(group, overview).into_iter().map(|line| overview_line(line, SourceDetail::SentenceLink))
        {
            let length = utf16_length(&line) + 1;
            if length > left {
                break;
            }
            left -= length;
            shown += 1;
            parts.push(line);
        }
        if shown > 0 {
            let description = parts.join("\n");
            room = room.saturating_sub(utf16_length(&description));
            let is_note = lines(group, overview).iter().all(|line| line.citation.kind == PostKind::Note);
            embeds.push(Embed { description, color: if is_note { NOTE_COLOR } else { POST_COLOR } });
        }
    }
    embeds
}

/// The lines of a group that are short enough for a phone; if there are none, the shortest one.
fn lines<'o>(group: &Group, overview: &'o Overview) -> Vec<&'o Excerpt> {
    let all = overview.excerpts.get(group.lines.clone()).unwrap_or_default();
    let length = |line: &&Excerpt| line.quote.text.chars().count();
    let short: Vec<&Excerpt> = all.iter().filter(|line| length(line) <= MAX_LINE_CHARS).collect();
    if short.is_empty() { all.iter().min_by_key(length).into_iter().collect() } else { short }
}

/// A bar for each year, as code, so that the bars stand below each other.
fn chart(overview: &Overview) -> String {
    let year = |count: &takeaways_text::model::YearCount| {
        let share = wording::share_of(count.posts, overview.language);
        if !count.tells_share() {
            return format!("{} · {share}", count.year);
        }
        let filled = (count.posts.posts as usize * BAR).div_ceil(count.posts.of.max(1) as usize);
        format!("{} {} {share}", count.year, "█".repeat(filled))
    };
    let years: Vec<String> = overview.series.iter().map(year).collect();
    format!("```\n{}\n```", years.join("\n"))
}
