//! Whether a post is one that a source takes in, and why not.

use jiff::Timestamp;
use jiff::civil::Date;
use takeaways_corpus::events::EventTable;
use takeaways_corpus::{SourceFile, read_post};
use takeaways_text::model::{Event, Post, PostId};
use xxhash_rust::xxh3::xxh3_64;

use crate::Source;
use crate::post_file::NewPost;

/// A post with what it is about.
pub(crate) struct JudgedPost {
    /// The event that it is about.
    pub event: Option<Event>,
    /// Its day.
    pub date: Option<Date>,
    /// The hash of its readable text and title: what is new is decided by it.
    pub text_hash: u64,
    /// How it begins, in one line.
    pub beginning: String,
    /// Why it is left out.
    pub reason: Option<String>,
}

/// The most characters of the beginning of a post.
const MAX_BEGINNING: usize = 280;

/// Words in the title of texts that name an event and do not tell about it.
const OTHER_KINDS: [(&str, &[&str]); 4] = [
    (
        "a release note",
        &[
            "release notes",
            "released",
            "release:",
            "changelog",
            "is now available",
            "generally available",
            "patch release",
        ],
    ),
    (
        "a job advert",
        &[
            "we're hiring",
            "we are hiring",
            "is hiring",
            "job opening",
            "open position",
            "join our team",
            "careers at",
        ],
    ),
    (
        "an announcement",
        &[
            "join us at",
            "meet us at",
            "see you at",
            "visit us at",
            "call for papers",
            "call for proposals",
            "cfp ",
            "register now",
            "registration is open",
            "save the date",
            "tickets",
        ],
    ),
    ("a list of links", &["weekly links", "link roundup", "weekly news", "this week in"]),
];

/// Judges a post by what its source takes in.
pub(crate) fn judge(post: &NewPost, source: &Source, now: Timestamp) -> JudgedPost {
    let text = post.to_text(None, now);
    let id = PostId(post.url.path().trim_matches('/').to_owned());
    let path = format!("{}.md", post.file_stem());
    let parsed = read_post(&SourceFile { id: &id, path: &path, bytes: text.as_bytes() }, now);
    let Some(read) = parsed.post else {
        let reason = Some("it holds no readable text".to_owned());
        return JudgedPost { event: None, date: post.date, text_hash: 0, beginning: String::new(), reason };
    };
    let folded: String = read.body.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text_hash = xxh3_64(format!("{}\n{folded}", read.title.as_deref().unwrap_or_default()).as_bytes());
    let beginning = cut_at_word(&folded, MAX_BEGINNING);
    let reason = reason_against(&read, source);
    JudgedPost { event: read.events.into_iter().next(), date: read.date, text_hash, beginning, reason }
}

/// The first characters of a text up to the end of a word, with an ellipsis if more follows.
fn cut_at_word(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let start = &text[..end];
    let end = start.rfind(' ').unwrap_or(end);
    format!("{}…", start[..end].trim_end_matches([' ', ',', ';', ':']))
}

fn reason_against(post: &Post, source: &Source) -> Option<String> {
    if let (Some(since), Some(date)) = (source.since, post.date)
        && date < since
    {
        return Some(format!("it is of {date}, before {since}"));
    }
    if let Some(words) = &source.matching
        && !matches(post, words)
    {
        return Some(format!("it does not hold \"{words}\""));
    }
    if !source.about_events {
        return None;
    }
    let title = post.title.as_deref().unwrap_or_default().to_lowercase();
    let other = OTHER_KINDS.iter().find(|(_, words)| words.iter().any(|words| title.contains(words)));
    match (post.events.first(), other) {
        (Some(event), Some((kind, _))) => {
            Some(format!("its title is that of {kind}; it names {}", event.name))
        }
        (Some(_), None) => None,
        (None, _) => {
            let mentions = EventTable::builtin().mentions(&post.body.text);
            Some(match mentions.iter().find_map(|mention| mention.series) {
                Some(series) => format!("it names {} only in passing", series.name),
                None => "it is about no event that is known here".to_owned(),
            })
        }
    }
}

/// Whether the title or the text holds all the words, in upper or lower case.
fn matches(post: &Post, words: &str) -> bool {
    let text = format!("{}\n{}", post.title.as_deref().unwrap_or_default(), post.body.text).to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// Whether a post that is not read yet may be taken in, by its title and day alone.
pub(crate) fn is_excluded_by_head(listed: &crate::Listed, source: &Source) -> Option<String> {
    let (since, date) = (source.since?, listed.date?);
    (date < since).then(|| format!("it is of {date}, before {since}"))
}
