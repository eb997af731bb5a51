//! What is said of an answer in every form of it: where was looked, what is missing, where words come from. Plain text,
//! not yet safe to show anywhere.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use takeaways_answer::Decision;
use takeaways_corpus::events::EventTable;
use takeaways_digest::{Bundle, Digest, DigestCounts, EventGroup, OmissionReason};
use takeaways_text::model::{Citation, Event, EventId, ExcerptDate, Missing, Scope, Years};

/// So many events of a scope are named; a city may have had dozens.
const MAX_EVENTS: usize = 4;

/// Where was looked: events, years and authors with points between. `events` are those of the scope that are known.
pub fn scope(scope: &Scope, events: &[Event]) -> String {
    let mut parts: Vec<String> =
        scope.events.iter().take(MAX_EVENTS).map(|id| event_name(id, events)).collect();
    let more = scope.events.len().saturating_sub(MAX_EVENTS);
    parts.extend((more > 0).then(|| format!("{more} more")));
    parts.extend(scope.years.map(|Years { first, last }| match first {
        _ if first == last => first.to_string(),
        Years::FIRST => format!("the years until {last}"),
        _ => format!("{first} to {last}"),
    }));
    if !scope.authors.is_empty() {
        parts.push(format!("posts by {}", join_or(&scope.authors)));
    }
    parts.join(" · ")
}

/// The event's label where it is known, else its id.
fn event_name(id: &EventId, events: &[Event]) -> String {
    let known = events.iter().find(|event| event.id == *id);
    let known = known.or_else(|| EventTable::builtin().edition(id));
    known.map_or_else(|| id.to_string(), Event::label)
}

/// A sentence for each kind of what is missing. Only words were looked for in the scope alone.
pub fn missing(missing: &[Missing], scope: &Scope) -> Vec<String> {
    let there = if scope.is_everything() { "" } else { " there" };
    let known = |which: fn(&Missing) -> bool, start: String| {
        let of_kind: Vec<String> =
            missing.iter().filter(|missing| which(missing)).map(|it| it.words().to_owned()).collect();
        (!of_kind.is_empty()).then(|| format!("{start} {}.", join_or(&of_kind)))
    };
    let sentences = [
        known(|it| matches!(it, Missing::Author(_)), "There is no recap by".into()),
        known(|it| matches!(it, Missing::Event(_)), "There is no recap about".into()),
        known(|it| matches!(it, Missing::Years(_)), "There is no recap from".into()),
        known(|it| matches!(it, Missing::Words(_)), format!("No recap{there} mentions")),
    ];
    sentences.into_iter().flatten().collect()
}

/// The title, and of what is not published that it is not.
pub fn title(from: &Citation) -> String {
    let until = from.scheduled.map(|time| day(time.to_zoned(TimeZone::UTC).date()));
    let until = until.map(|day| format!("not published before {day}"));
    let marks: Vec<String> = from.draft.then(|| "draft".to_owned()).into_iter().chain(until).collect();
    if marks.is_empty() { from.title.clone() } else { format!("{} ({})", from.title, marks.join(", ")) }
}

/// The headings over a quote in one line, outermost first.
pub fn section(from: &Citation) -> String {
    from.section.join(" › ")
}

/// That so many other posts say the same; `None` where none does.
pub fn duplicates(others: u32) -> Option<String> {
    match others {
        0 => None,
        1 => Some("1 more says the same".to_owned()),
        more => Some(format!("{more} more say the same")),
    }
}

/// What became of a stretch of a post; where nothing is shown at all, what would have.
pub fn fate(fate: Decision, is_answered: bool) -> String {
    let place = |at: usize| ["first", "second", "third"].get(at).copied().unwrap_or("last");
    let shown = if is_answered { "shown" } else { "to be shown" };
    match fate {
        Decision::Shown(at) if is_answered => format!("taken: shown {}", place(at)),
        Decision::Shown(at) => format!("would be shown {}, were it sure enough", place(at)),
        Decision::Duplicate(at) => format!("left: says the same as what is {shown} {}", place(at)),
        Decision::Overlaps(at) => format!("left: shares words with what is {shown} {}", place(at)),
        Decision::LowCoverage => "left: says less of the question than the best".into(),
        Decision::PostLimit => format!("left: two others of its post are {shown}"),
        Decision::Limit => format!("left: as many are {shown} as were asked for"),
        Decision::LowScore => "left: too far behind the best".into(),
    }
}

/// How old an answer to a question about now is.
pub fn age(newest: ExcerptDate) -> String {
    match newest {
        ExcerptDate::Day(day) => day.strftime("The newest of these is from %B %Y.").to_string(),
        ExcerptDate::Year(year) => format!("The newest of these is from {year}."),
    }
}

/// Where a digest has nothing to tell.
pub const NOTHING_NEW: &str = "Nothing new in the recaps since the last digest.";
/// Stands over posts that are about no event.
pub const NO_EVENT: &str = "About no event in particular";

/// What a digest holds, in one line: `12 new recaps on 3 events`, and of one event its name.
pub fn headline(digest: &Digest) -> String {
    let DigestCounts { recaps, notes, events } = digest.counts();
    let many = |number: usize, one: &str, several: &str| {
        if number == 1 { format!("1 {one}") } else { format!("{number} {several}") }
    };
    let notes = |new: &str| many(notes, &format!("{new}note on a recap"), &format!("{new}notes on recaps"));
    let posts = match digest.counts() {
        DigestCounts { recaps: 0, .. } => notes("new "),
        DigestCounts { notes: 0, .. } => many(recaps, "new recap", "new recaps"),
        _ => format!("{} and {}", many(recaps, "new recap", "new recaps"), notes("")),
    };
    match (events, digest.groups.as_slice()) {
        (0, _) => posts,
        (1, [EventGroup { event: Some(event), .. }]) => format!("{posts} on {}", event.label()),
        _ => format!("{posts} on {}", many(events, "event", "events")),
    }
}

/// What the posts of a bundle share: `3 posts on GitOps`.
pub fn bundle(bundle: &Bundle) -> String {
    match &bundle.topic {
        Some(topic) => format!("{} posts on {}", bundle.items.len(), lowercase_topic(topic)),
        None => "On other things".to_owned(),
    }
}

/// The name of a topic as it stands within a sentence: with a small letter where its first word is no name.
fn lowercase_topic(topic: &str) -> String {
    const NAMES: [&str; 10] =
        ["Kubernetes", "Helm", "Go", "Rust", "Java", "Python", "Ruby", "Scala", "Google", "Azure"];
    let first = topic.split([' ', ',', '-']).next().unwrap_or_default();
    let is_name =
        NAMES.contains(&first) || first.chars().skip(1).any(|c| c.is_uppercase() || !c.is_alphabetic());
    let mut letters = topic.chars();
    match letters.next() {
        Some(letter) if !is_name => letter.to_lowercase().chain(letters).collect(),
        _ => topic.to_owned(),
    }
}

/// Why a digest does not hold a post.
pub fn omission_reason(why: &OmissionReason) -> String {
    match why {
        OmissionReason::Delivered => "an earlier digest covered it".into(),
        OmissionReason::SeenBefore => "it was there before".into(),
        OmissionReason::OtherEvent => "it is about another event, or none".into(),
        OmissionReason::OtherTopic => "it is not about this topic".into(),
        OmissionReason::OtherAuthor => "it is by somebody else".into(),
        OmissionReason::OtherLanguage => "it is in another language".into(),
        OmissionReason::NotFollowed => "it is none of what was asked for".into(),
        OmissionReason::Draft => "it is a draft".into(),
        OmissionReason::Scheduled(time) => {
            format!("it is not published before {}", day(time.to_zoned(TimeZone::UTC).date()))
        }
        OmissionReason::SameAs(post) => format!("it says the same as {post}, which is in the digest"),
        OmissionReason::OtherDays => "it is not from these days".into(),
        OmissionReason::Undated => "it has no date".into(),
        OmissionReason::BehindButton => "it did not fit: it stands behind the button".into(),
    }
}

/// `5 December 2019`.
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// `a`, `a or b`, `a, b or c`.
fn join_or(words: &[String]) -> String {
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_age_is_told_as_closely_as_it_is_known() {
        assert_eq!(age(ExcerptDate::Day(date(2019, 12, 5))), "The newest of these is from December 2019.");
        assert_eq!(age(ExcerptDate::Year(2019)), "The newest of these is from 2019.");
    }

    #[test]
    fn topics_within_a_sentence() {
        for (name, within) in [
            ("Service mesh", "service mesh"),
            ("GitOps", "GitOps"),
            ("CI/CD", "CI/CD"),
            ("AI and machine learning", "AI and machine learning"),
            ("Go", "Go"),
            ("Multi-cluster", "multi-cluster"),
            ("eBPF", "eBPF"),
            ("", ""),
        ] {
            assert_eq!(lowercase_topic(name), within);
        }
    }
}
