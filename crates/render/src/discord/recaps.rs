//! Renders the replies of `/recaps`: where posts come from, and what came in.
//!
//! All texts come from the web or from people: each is escaped, and only an address that leads to a page becomes a link.

use std::fmt::Write as _;

use jiff::Timestamp;
use takeaways_sources::{
    MAX_CONTRIBUTED_POSTS, MAX_CONTRIBUTED_SOURCES, PostOutcome, PostState, PostStatus, Preview, PreviewPost,
    RefreshFailure, RefreshReport, Removal, SourceKind, SourceRow,
};
use takeaways_text::model::Language;

use super::autocomplete::{Choice, MAX_CHOICE, MAX_CHOICES};
use super::button_id::ButtonId;
use super::excerpt::POST_COLOR;
use super::markdown::{escape_line, link_target};
use super::message::{ActionRow, Button, Embed, MAX_CONTENT, MessagePayload, text_message, utf16_length};
use super::{day_timestamp, escape_truncated, truncate_line};
use crate::pluralise;

/// The longest address that fits into a message with all that stands below it.
pub const MAX_SOURCE_ADDRESS: usize = 1_000;
/// The most posts that are named with the reason why they are left out.
const MAX_LEFT_OUT: usize = 5;
/// The most sources of a list.
const MAX_SOURCES: usize = 25;
/// The most problems of a list.
const MAX_PROBLEMS: usize = 10;

/// What was found at an address, before anything is added.
#[derive(Debug, Clone, Copy)]
pub struct SourceFound<'a> {
    /// The address that would be read again and again.
    pub address: &'a str,
    /// What it is.
    pub kind: SourceKind,
    /// The name of the source, if it has one.
    pub name: Option<&'a str>,
    /// What would come in.
    pub preview: &'a Preview,
    /// The feed of the site, if a page was found that might be meant as the site.
    pub site_feed: Option<&'a str>,
}

/// Shows what was found, with a button that adds it. The first line is the address: the button reads it from there. There
/// is no button if nothing would come in.
pub fn source_found(found: &SourceFound<'_>) -> MessagePayload {
    let SourceFound { address, kind, name, preview, site_feed } = *found;
    let Some(mut content) = address_line(address) else { return address_unfit(address) };
    let has_posts = preview.included.len() + preview.unread > 0;
    let name = name.map(|name| format!("**{}**, ", escape_truncated(name))).unwrap_or_default();
    // Writing to a `String` does not fail.
    let _ = write!(content, "\n{name}a {}", kind.name());
    if kind != SourceKind::Page {
        let _ = write!(content, " with {}", pluralise(preview.total, "post"));
    }
    content.push('.');
    if kind != SourceKind::Page && !preview.included.is_empty() {
        let _ = write!(content, " I would add: {}.", preview.event_counts(event_count));
    }
    if preview.unread > 0 {
        let _ = write!(content, " I have to read {} first, one by one.", pluralise(preview.unread, "page"));
    }
    if !has_posts {
        content.push_str(" There is nothing to add.");
    }
    if let Some(line) = site_feed.and_then(address_line) {
        let _ = write!(content, "\nIts site has a feed: `/recaps add` with {line} takes in all posts.");
    }
    if !preview.excluded.is_empty() {
        let _ = write!(content, "\nLeft out: {}.", pluralise(preview.excluded.len(), "post"));
        for (title, reason) in preview.excluded.iter().take(MAX_LEFT_OUT) {
            let _ = write!(content, "\n- {}: {}", escape_truncated(title), escape_truncated(reason));
        }
    }
    let row = has_posts.then(|| {
        let button = Button::new("Add", ButtonId::AddSource { kind });
        ActionRow::from_buttons(vec![button])
    });
    let page = MessagePayload::from_text(content, row);
    match &preview.first {
        Some(post) => MessagePayload { embeds: vec![post_embed(post)], flags: None, ..page },
        None => page,
    }
}

/// The address in the first line of a message of [`source_found`].
pub fn source_address(content: &str) -> Option<&str> {
    content.lines().next()?.strip_prefix('<')?.strip_suffix('>')
}

/// `<https://blog.example/feed.xml>`, which Discord shows as a link without a preview.
fn address_line(address: &str) -> Option<String> {
    let fits = address.len() <= MAX_SOURCE_ADDRESS;
    let target = link_target(address).filter(|_| fits)?;
    Some(format!("<{target}>"))
}

fn post_embed(post: &PreviewPost) -> Embed {
    let title = post.title.as_deref().unwrap_or("Without a title");
    let mut description = match link_target(post.url.as_str()) {
        Some(target) => format!("**[{}]({target})**", escape_truncated(title)),
        None => format!("**{}**", escape_truncated(title)),
    };
    let authors = (!post.authors.is_empty()).then(|| escape_truncated(&post.authors.join(", ")));
    let author = authors.unwrap_or_else(|| "author unknown".to_owned());
    let day = post.date.and_then(day_timestamp).unwrap_or_else(|| "date unknown".to_owned());
    let event = post.event.as_deref().map_or_else(|| "about no event".to_owned(), escape_truncated);
    let licence = match &post.licence {
        Some(licence) => format!("Licence: {}", escape_truncated(licence)),
        None => "No licence is stated. Answers quote a few sentences with a link; whole posts are not shown."
            .into(),
    };
    let _ = write!(description, "\n{author} · {day} · {event}\n-# {licence}");
    if !post.beginning.is_empty() {
        let _ = write!(description, "\n> {}", escape_line(&post.beginning));
    }
    Embed { description, color: POST_COLOR }
}

fn event_count(event: &str, posts: usize) -> String {
    if event.is_empty() {
        format!("{posts} about no event")
    } else {
        format!("{posts} about {}", escape_truncated(event))
    }
}

/// The reply after a source was added, or was read again because it `is_known`. `report` is `None` while its posts still
/// come in.
pub fn source_added(source: &str, is_known: bool, report: Option<&RefreshReport>) -> MessagePayload {
    let address = address_line(source).unwrap_or_default();
    let head = if is_known {
        format!("This source is already on the list, and nothing was changed: {address}")
    } else {
        format!("Added: {address}")
    };
    let Some(report) = report else {
        return text_message(format!(
            "{head}\nIts posts come in now, one page a second. `/recaps recent` shows those that are there; I answer from \
             them when all are read."
        ));
    };
    // Lists that can't be read are in the report too; they are no matter of this source.
    if let Some((_, why)) = report.failed.iter().find(|(failed, _)| failed == source) {
        let why = match why {
            RefreshFailure::Source(why) => escape_truncated(why),
            // Its text names files of the machine.
            RefreshFailure::Library(_) => "what I know of it can't be read or written here".to_owned(),
        };
        return text_message(format!(
            "{head}\nIt could not be read now: {why}. I try again by myself; `/recaps problems` says how it stands."
        ));
    }
    let count = |is: fn(&PostOutcome) -> bool| report.count(is);
    let came = count(|it| matches!(it, PostOutcome::Added | PostOutcome::Changed));
    let known =
        count(|it| matches!(it, PostOutcome::Unchanged | PostOutcome::Edited | PostOutcome::Duplicate(_)));
    let left_out = count(|it| matches!(it, PostOutcome::Excluded(_) | PostOutcome::Removed));
    let failed = count(|it| matches!(it, PostOutcome::Failed(_) | PostOutcome::Waiting(_)));
    let parts =
        [(came, "added"), (known, "already there"), (left_out, "left out"), (failed, "not readable now")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, what)| *count > 0 || *what == "added")
        .map(|(count, what)| match *what {
            "added" => format!("{} added", pluralise(*count, "post")),
            what => format!("{count} {what}"),
        })
        .collect();
    text_message(format!(
        "{head}\n{}. I look for new ones by myself. `/recaps remove` takes out what should not be here.",
        parts.join(", ")
    ))
}

/// The reply to a second press while a source is read.
pub fn source_being_read(address: &str) -> MessagePayload {
    let address = address_line(address).unwrap_or_default();
    text_message(format!("I am reading it: {address}\n`/recaps recent` shows the posts that are there."))
}

/// The reply if as many sources stand in the list as Discord may fill it with.
pub fn sources_full() -> MessagePayload {
    text_message(format!(
        "Nothing was added: there are {MAX_CONTRIBUTED_SOURCES} sources already, the most that Discord may fill the list \
         with. `/recaps remove` takes one out; the operator can add more with `takeaways corpus add`."
    ))
}

/// The reply to a source that lists more posts than one that is added on Discord may.
pub fn source_too_large(address: &str, posts: usize) -> MessagePayload {
    let address = address_line(address).unwrap_or_default();
    text_message(format!(
        "{address}\nIt lists {}. A source that is added here may list {MAX_CONTRIBUTED_POSTS}. Give me a feed of its newest \
         posts, or the addresses of single posts; the operator can add all of it with `takeaways corpus add`.",
        pluralise(posts, "post")
    ))
}

/// The reply to a button that stands on a message without an address.
pub fn outdated_source() -> MessagePayload {
    text_message("This button is too old. Please enter the address again: `/recaps add`.")
}

/// The reply if posts can't be added on Discord.
pub fn recaps_closed() -> MessagePayload {
    text_message(
        "Only the operator of this bot can add posts, because all its servers share them. The setting \
         `corpus.contributors` lets moderators add posts.",
    )
}

/// The reply to an address that is not fetched.
pub fn address_refused(typed: &str, why: &str) -> MessagePayload {
    text_message(format!("I don't fetch {}: {}.", escape_truncated(typed), escape_truncated(why)))
}

/// The reply to an address that could not be fetched.
pub fn address_failed(address: &str, why: &str) -> MessagePayload {
    let address = escape_truncated(address);
    text_message(format!("{address} can't be read now: {}. Nothing was added.", escape_truncated(why)))
}

/// The reply to an address with neither a feed nor a sitemap nor a post.
pub fn address_empty(address: &str) -> MessagePayload {
    text_message(format!(
        "I found nothing at {}. Name the address of a feed, a sitemap or a post.",
        escape_truncated(address)
    ))
}

/// The reply to an address that can't stand in a message.
fn address_unfit(address: &str) -> MessagePayload {
    let why = if address.len() > MAX_SOURCE_ADDRESS {
        format!("has more than {MAX_SOURCE_ADDRESS} characters, too many for a message")
    } else {
        "can't be a link in a message".to_owned()
    };
    text_message(format!(
        "The address of the source {why}. The operator can add it with `takeaways corpus add`."
    ))
}

/// The reply if several addresses are looked at already.
pub fn addresses_busy() -> MessagePayload {
    text_message("I am looking at other addresses just now. Please try again in a minute.")
}

/// The list of sources.
pub fn source_list(rows: &[SourceRow]) -> MessagePayload {
    if rows.is_empty() {
        return text_message("There are no sources. `/recaps add` finds the feed of a blog.");
    }
    let mut content = format!("**{}**", pluralise(rows.len(), "source"));
    let line = |row: &SourceRow| {
        let posts = row.state.posts.values().filter(|post| post.status == PostStatus::Included).count();
        let address = address_line(&row.source.url).unwrap_or_else(|| "a folder of the operator".to_owned());
        let read = row.state.read_at.map(|at| format!(", read {}", ago(at))).unwrap_or_default();
        let state = match (&row.state.problem, row.state.is_gone) {
            (_, true) => ", gone for good",
            (Some(_), false) => ", **can't be read now**",
            (None, false) => "",
        };
        format!("\n- {address}: {}, {}{read}{state}", row.source.kind.name(), pluralise(posts, "post"))
    };
    push_list(&mut content, rows, MAX_SOURCES, line, "`takeaways corpus sources` lists all");
    text_message(content)
}

/// The posts that came in last.
pub fn recent_posts(posts: &[PostState]) -> MessagePayload {
    if posts.is_empty() {
        return text_message(
            "No post has come in from a source yet. `/recaps add` finds the feed of a blog.",
        );
    }
    let mut content = "**The posts that came in last**".to_owned();
    let line = |post: &PostState| {
        let title = escape_truncated(post.shown_name());
        let title = link_target(&post.url).map_or(title.clone(), |target| format!("[{title}](<{target}>)"));
        let event = post.event.as_deref().map(|event| format!(" · {}", escape_truncated(event)));
        format!("\n- {title}{} · {}", event.unwrap_or_default(), ago(post.included_at))
    };
    push_list(&mut content, posts, posts.len(), line, "`/recaps remove` finds each by its title");
    text_message(content)
}

/// What is wrong with the sources, each problem in one sentence.
pub fn source_problems(problems: &[String]) -> MessagePayload {
    if problems.is_empty() {
        return text_message("Nothing is wrong with the sources.");
    }
    let mut content = format!("**{}**", pluralise(problems.len(), "problem"));
    let line = |problem: &String| format!("\n- {}", escape_truncated(problem));
    push_list(&mut content, problems, MAX_PROBLEMS, line, "`takeaways corpus check` lists all");
    text_message(content)
}

/// The reply after something was removed. `is_unquoted` says whether the posts were read again since, so that no answer
/// quotes it.
pub fn source_removed(removed: &Removal, is_unquoted: bool) -> MessagePayload {
    let warning = "Answers may still quote it until I can read the posts again. I keep trying.";
    let mut content = match removed {
        Removal::Source { url, files, kept, transferred, may_return } => {
            let mut stays = String::new();
            let reasons =
                [(kept.len(), "somebody edited them"), (*transferred, "another source lists them too")];
            for (count, why) in reasons.into_iter().filter(|(count, _)| *count > 0) {
                // Writing to a `String` does not fail.
                let _ = write!(stays, " {} stay, because {why}.", pluralise(count, "file"));
            }
            if *may_return > 0 {
                let posts = pluralise(*may_return, "post");
                let _ = write!(stays, " {posts} may come back, because another source lists them too.");
            }
            let address = address_line(url).unwrap_or_else(|| "the folder".to_owned());
            format!("Removed: {address} with {}.{stays}", pluralise(*files, "post"))
        }
        Removal::Post { url, .. } => {
            let address = address_line(url).unwrap_or_else(|| "the post".to_owned());
            let quoted =
                if is_unquoted { "No answer quotes it any more, and it" } else { "Its file is gone, and it" };
            format!("Removed: {address}\n{quoted} does not come back.")
        }
    };
    if !is_unquoted {
        let _ = write!(content, "\n{warning}");
    }
    text_message(content)
}

/// The reply to a name of neither a post nor a source.
pub fn nothing_to_remove(typed: &str) -> MessagePayload {
    text_message(format!(
        "{} is neither a source nor a post of one. `/recaps list` and `/recaps recent` show what there is.",
        escape_truncated(typed)
    ))
}

/// The choices of `/recaps remove`: sources and posts whose address, title or file has what is typed.
pub fn removable_choices(rows: &[SourceRow], typed: &str) -> Vec<Choice> {
    let words: Vec<String> = typed.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let fits = |name: &str| words.iter().all(|word| name.to_lowercase().contains(word));
    // The path of a folder is the operator's.
    let sources = rows.iter().filter(|row| row.source.kind != SourceKind::Folder).map(|row| {
        let posts = row.state.posts.values().filter(|post| post.status == PostStatus::Included).count();
        let name = format!("source: {} ({})", row.source.url, pluralise(posts, "post"));
        (name, row.source.url.clone())
    });
    let posts = rows.iter().flat_map(|row| row.state.posts.values()).filter_map(|post| {
        let file = post.file.as_deref().filter(|_| post.status == PostStatus::Included)?;
        let value = post.web_url().filter(|url| utf16_length(url) <= MAX_CHOICE).unwrap_or(file);
        Some((format!("post: {} · {file}", post.shown_name()), value.to_owned()))
    });
    let fitting = sources.chain(posts).filter(|(name, value)| {
        (fits(name) || fits(value)) && (1..=MAX_CHOICE).contains(&utf16_length(value))
    });
    let fitting = fitting.take(MAX_CHOICES);
    fitting.map(|(name, value)| Choice { name: truncate_line(&name, MAX_CHOICE), value }).collect()
}

/// The direct message to a person whose source has failed for a day.
pub fn source_failed(language: Language, address: &str, since: Timestamp, reason: &str) -> MessagePayload {
    let source = address_line(address).unwrap_or_else(|| escape_truncated(address));
    let since = format!("<t:{}:f>", since.as_second());
    let reason = escape_truncated(reason);
    let values = [("source", source.as_str()), ("since", since.as_str()), ("reason", reason.as_str())];
    text_message(language.notices().source_failed.fill(&values))
}

fn ago(time: Timestamp) -> String {
    format!("<t:{}:R>", time.as_second())
}

/// Writes a line for each item, up to `most` and as far as there is room, and then how many more there are.
fn push_list<T>(content: &mut String, items: &[T], most: usize, line: impl Fn(&T) -> String, how: &str) {
    let more = |count: usize| format!("\nand {count} more ({how})");
    let mut shown = 0;
    for item in items.iter().take(most) {
        let line = line(item);
        let rest = items.len() - shown - 1;
        let reserved = if rest == 0 { 0 } else { utf16_length(&more(rest)) };
        if utf16_length(content) + utf16_length(&line) + reserved > MAX_CONTENT {
            break;
        }
        content.push_str(&line);
        shown += 1;
    }
    if shown < items.len() {
        content.push_str(&more(items.len() - shown));
    }
}

#[cfg(test)]
mod tests;
