//! Whether a source includes a post, and why not.

use jiff::Timestamp;
use jiff::civil::Date;
use takeaways_corpus::events::{EventMention, EventTable};
use takeaways_corpus::{SourceFile, read_post};
use takeaways_text::model::{Event, Post, PostId};
use takeaways_text::tokens::folding::collapse_whitespace;
use xxhash_rust::xxh3::xxh3_64;

use crate::Source;
use crate::post_file::NewPost;

/// A post with what it is about.
pub(crate) struct JudgedPost {
    /// The event that it is about.
    pub event: Option<Event>,
    /// Its day.
    pub date: Option<Date>,
    /// The hash of its readable text and title. A post is new if no other post has this hash.
    pub text_hash: u64,
    /// How it begins, in one line.
    pub beginning: String,
    /// Why it is excluded.
    pub reason: Option<String>,
}

/// The most characters of the beginning of a post.
const MAX_BEGINNING: usize = 280;

/// The part of a text in which it says what it is about, in bytes: about its first paragraph.
const OPENING: usize = 600;
/// The number of paragraphs that must name an event if the opening names it too; without that, one more.
const LEAST_PARAGRAPHS: usize = 2;
/// A long text must name its event once in this many bytes, up to [`MOST_PARAGRAPHS`] times.
const BYTES_PER_PARAGRAPH: usize = 4_000;
/// No text must name its event in more paragraphs.
const MOST_PARAGRAPHS: usize = 5;

/// Words in the title of texts that name an event and do not tell about it.
const OTHER_KINDS: [(&str, &[&str]); 4] = [
    (
        RELEASE_NOTE,
        &[
            "release notes",
            "released",
            "release:",
            "changelog",
            "is now available",
            "generally available",
            "patch release",
            "veröffentlicht",
            "est disponible",
            "ya disponible",
            "já disponível",
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
            "(m/f/d)",
            "(m/f/x)",
            "(f/m/d)",
            "(f/m/x)",
            "(m/w/d)",
            "(w/m/d)",
            "(w/m/x)",
            "(m/w/x)",
            "(all genders)",
            "(h/f)",
            "(f/h)",
            "wir suchen",
            "stellenangebot",
            "offre d'emploi",
            "on recrute",
            "oferta de empleo",
            "estamos contratando",
            "vaga para",
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
            "jetzt anmelden",
            "besuchen sie uns",
            "retrouvez-nous",
            "rejoignez-nous",
            "appel à communications",
            "únete a nosotros",
            "convocatoria de ponencias",
            "chamada de trabalhos",
        ],
    ),
    ("a list of links", &["weekly links", "link roundup", "weekly news", "this week in"]),
];

const RELEASE_NOTE: &str = "a release note";

/// Words in the title of texts that look back on an event, whatever else they tell.
const RECAP_WORDS: [&str; 16] = [
    "recap",
    "takeaway",
    "wrap-up",
    "wrap up",
    "wrapup",
    "lessons learned",
    "what we learned",
    "what i learned",
    "trip report",
    "retrospective",
    "looking back",
    "rückblick",
    "nachlese",
    "retour sur",
    "resumen de",
    "resumo d",
];

/// Judges a post by the filters of its source.
pub(crate) fn judge(post: &NewPost, source: &Source, now: Timestamp) -> JudgedPost {
    let text = post.to_text(None, now);
    let id = PostId(post.url.path().trim_matches('/').to_owned());
    let path = format!("{}.md", post.file_stem());
    let parsed = read_post(&SourceFile { id: &id, path: &path, bytes: text.as_bytes() }, now);
    let Some(read) = parsed.post else {
        let reason = Some("it holds no readable text".to_owned());
        return JudgedPost { event: None, date: post.date, text_hash: 0, beginning: String::new(), reason };
    };
    let folded = collapse_whitespace(&read.body.text);
    let text_hash = xxh3_64(format!("{}\n{folded}", read.title.as_deref().unwrap_or_default()).as_bytes());
    let beginning = cut_at_word(&folded, MAX_BEGINNING);
    let reason = reason_against(&read, source, !post.events.is_empty());
    // Without its front matter a post is judged by too little.
    let reason = reason.map(|reason| post.unread_header.clone().unwrap_or(reason));
    JudgedPost { event: read.events.into_iter().next(), date: read.date, text_hash, beginning, reason }
}

/// The first characters of a text up to the end of a word, with an ellipsis if more follows.
fn cut_at_word(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let start = &text[..end];
    let end = start.rfind(' ').unwrap_or(end);
    format!("{}…", start[..end].trim_end_matches([' ', ',', ';', ':']))
}

/// `is_declared` says that its author names the event that it is about.
fn reason_against(post: &Post, source: &Source, is_declared: bool) -> Option<String> {
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
    reason_against_event(post, is_declared)
}

/// Why a post is not about the event that it names. It is about an event if its title names it and is not that of another
/// kind of text, or if its text names it as one does that is about it: see [`is_named_enough`].
fn reason_against_event(post: &Post, is_declared: bool) -> Option<String> {
    let table = EventTable::builtin();
    let title = post.title.as_deref().unwrap_or_default();
    let Some(event) = post.events.first() else {
        let mentions = table.mentions(&post.body.text);
        return Some(match mentions.iter().find_map(|mention| mention.series) {
            Some(series) => in_passing(&series.name),
            None => "it is about no event that is known here".to_owned(),
        });
    };
    let is_in_title = table.mentions(title).iter().any(|mention| mention.series.is_some());
    if let Some(kind) = other_kind(title, is_in_title) {
        return Some(format!("its title is that of {kind}; it names {}", event.name));
    }
    (!is_declared && !is_in_title && !is_named_enough(post, event)).then(|| in_passing(&event.name))
}

fn in_passing(name: &str) -> String {
    format!("it names {name} only in passing")
}

/// The kind of text that a title is of, if that tells about no event. A title that looks back on an event is that of a
/// recap, whatever else it announces, and one that names none and has the number of a version is that of a release note.
fn other_kind(title: &str, names_event: bool) -> Option<&'static str> {
    let folded = title.to_lowercase().replace('’', "'");
    if names_event && RECAP_WORDS.iter().any(|words| folded.contains(words)) {
        return None;
    }
    let other = OTHER_KINDS.iter().find(|(_, words)| words.iter().any(|words| folded.contains(words)));
    other.map(|(kind, _)| *kind).or_else(|| (!names_event && has_version(&folded)).then_some(RELEASE_NOTE))
}

/// Whether a title has the number of a version: `3.4`, `v2.0.1`.
fn has_version(title: &str) -> bool {
    title.split(|c: char| !c.is_alphanumeric() && c != '.').any(|word| {
        let parts: Vec<&str> = word.trim_matches('.').trim_start_matches('v').split('.').collect();
        let is_number = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
        parts.len() >= 2 && parts.iter().take(2).all(is_number)
    })
}

/// Whether a text names an event as one does that is about it: in its opening and at least once more, or in three
/// paragraphs, and again and again if it is long. A paragraph counts once, since what is said of an event at the end of
/// other posts often repeats its name. An address with the name counts as an opening. `See you at KubeCon` does not count.
fn is_named_enough(post: &Post, event: &Event) -> bool {
    let table = EventTable::builtin();
    let text = &post.body.text;
    let is_it = |mention: &EventMention<'_>| mention.series.is_some_and(|series| series.name == event.series);
    let mut paragraphs: Vec<usize> = table
        .current_mentions(text)
        .iter()
        .filter(|mention| is_it(mention))
        .map(|mention| post.body.blocks.partition_point(|block| block.span.end() <= mention.range.start))
        .collect();
    paragraphs.dedup();
    let opening = post.body.blocks.partition_point(|block| block.span.start() < OPENING.min(text.len()));
    let in_address = table.mentions(post.path.trim_end_matches(".md")).iter().any(is_it);
    let opens = in_address || paragraphs.first().is_some_and(|first| *first < opening);
    let named = paragraphs.len() + usize::from(in_address);
    let of_long = (text.len() / BYTES_PER_PARAGRAPH).min(MOST_PARAGRAPHS);
    named >= of_long.max(LEAST_PARAGRAPHS + usize::from(!opens))
}

/// Whether the title or the text holds all the words, in upper or lower case.
fn matches(post: &Post, words: &str) -> bool {
    let text = format!("{}\n{}", post.title.as_deref().unwrap_or_default(), post.body.text).to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// Whether a post that is not read yet may be included, by its title and day alone.
pub(crate) fn is_excluded_by_head(listed: &crate::ListedPost, source: &Source) -> Option<String> {
    let (since, date) = (source.since?, listed.date?);
    (date < since).then(|| format!("it is of {date}, before {since}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceKind;
    use url::Url;

    fn reason(title: &str, text: &str) -> Option<String> {
        let post = NewPost {
            url: Url::parse("https://b.example/12").expect("an address"),
            title: Some(title.to_owned()),
            authors: Vec::new(),
            date: Some(Date::constant(2019, 11, 25)),
            licence: None,
            tags: Vec::new(),
            events: Vec::new(),
            unread_header: None,
            markdown: text.to_owned(),
        };
        let source = Source::new("https://b.example/feed", SourceKind::Feed, Timestamp::UNIX_EPOCH);
        judge(&post, &source, "2026-01-15T12:00:00Z".parse().expect("a time")).reason
    }

    #[test]
    fn a_post_that_names_an_event_once_is_not_about_it() {
        let filler =
            "There is much in it for those who run clusters of their own, and it is easy to begin with.\n\n";
        let long = filler.repeat(20);
        for (title, text) in [
            ("Senior SRE (m/f/d)", format!("We send you to KubeCon each year. {long}")),
            ("Site reliability engineer", format!("Last week we were at KubeCon NA 2019. {long}")),
            ("Foo 3.4", format!("It was shown at KubeCon NA 2019. {long}\n\nKubeCon NA 2019 liked it.")),
            (
                "Our Operator 2.0: what is new",
                format!("We were at KubeCon NA 2019. {long}\n\nKubeCon NA 2019 was fun."),
            ),
            ("About me", "I like KubeCon.".to_owned()),
            (
                "Our new website",
                format!("{long}See us at KubeCon, the KubeCon of KubeCons. We were at KubeCon NA 2019."),
            ),
            (
                "How we use gRPC",
                format!("We were at KubeCon NA 2019. {long}\n\nSee you next year at KubeCon EU!"),
            ),
            ("KubeCon NA 2019: call for papers", format!("KubeCon NA 2019 will be large. {long}")),
            ("Foo v1.2.3 released at KubeCon NA 2019", long.clone()),
            (
                "A long list of things",
                format!("We were at KubeCon NA 2019. KubeCon.\n\nKubeCon was large.\n\n{}", long.repeat(8)),
            ),
        ] {
            assert!(reason(title, &text).is_some(), "{title}");
        }
        for (title, text) in [
            ("KubeCon NA 2019", long.clone()),
            ("What I saw at KubeCon", long.clone()),
            ("Foo v2.0.1 released, KubeCon NA 2019 recap", long.clone()),
            (
                "My week in San Diego",
                format!("I went to KubeCon NA 2019.\n\n{long}\n\nKubeCon was worth the trip."),
            ),
            (
                "My week",
                format!(
                    "{}I went to KubeCon NA 2019.\n\nKubeCon was large.\n\nKubeCon was worth it.",
                    filler.repeat(8)
                ),
            ),
        ] {
            assert_eq!(reason(title, &text), None, "{title}");
        }
    }

    #[test]
    fn numbers_of_versions_are_told_from_others() {
        for (title, is_version) in [
            ("foo 3.4", true),
            ("our operator 2.0: what is new", true),
            ("v2.0.1 is here", true),
            ("2019 in review", false),
            ("day 1", false),
            ("node.js at scale", false),
            ("high availability in keycloak 24", false),
        ] {
            assert_eq!(has_version(title), is_version, "{title}");
        }
    }
}
