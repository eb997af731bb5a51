//! Words that all renderings of an answer or a digest share.
//!
//! They are plain text and may quote posts, so each rendering escapes them.

mod events;
mod groups;
mod scope;

use std::fmt::Display;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use events::{card_events, conference_lines};
pub use events::{listed, no_newest_posts};
pub use groups::{group_name, group_title, overview_sources, share_of};
pub use scope::{heading, notice, recaps_shown, scope, understood, understood_answer, was_searched};
use takeaways_answer::{Decision, Respelling, VerifiedAnswer};
use takeaways_corpus::topics::TopicTable;
use takeaways_digest::{Bundle, Digest, DigestCounts, EventGroup, OmissionReason};
use takeaways_text::language::{CitationWords, RefusalWords, Template};
use takeaways_text::model::{
    CardKind, Citation, Excerpt, ExcerptDate, GroupTitle, ItemCount, Language, Mention, Mentions, Missing,
    Overview, PostCount, Scope, Shape, ThemeContrast, Unanswerable,
};

/// A sentence for each kind of missing thing. Those about authors and words depend on the scope. `words` are those of the
/// language to write in.
pub fn missing(missing: &[Missing], scope: &Scope, words: &RefusalWords) -> Vec<String> {
    let sentence = |is_of_kind: fn(&Missing) -> bool, template: &Template| {
        let names: Vec<String> =
            missing.iter().filter(|it| is_of_kind(it)).map(|it| it.words().to_owned()).collect();
        (!names.is_empty()).then(|| template.fill(&[("names", &words.any_of(&names))]))
    };
    let no_mention = if scope.is_everything() { &words.no_mention } else { &words.no_mention_there };
    let is_limited = !scope.events.is_empty() || scope.years.is_some();
    let no_author = if is_limited { &words.no_author_there } else { &words.no_author };
    let sentences = [
        sentence(|it| matches!(it, Missing::Author(_)), no_author),
        sentence(|it| matches!(it, Missing::Namesakes(_)), &words.namesakes),
        sentence(|it| matches!(it, Missing::Event(_)), &words.no_event),
        sentence(|it| matches!(it, Missing::Years(_)), &words.no_year),
        sentence(|it| matches!(it, Missing::Words(_)), no_mention),
    ];
    sentences.into_iter().flatten().collect()
}

/// What is said of the words of a question that were read as others; `None` if there are none.
pub fn respelled(verified: &VerifiedAnswer) -> Option<String> {
    let words = verified.answer.language().refusals();
    let sentence = |it: &Respelling| words.respelled.fill(&[("typed", &it.typed), ("read", &it.read)]);
    let sentences: Vec<String> = verified.respelled.iter().map(sentence).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// The title of a post, with a mark if the post is not published.
pub fn title(from: &Citation) -> String {
    from.title.clone() + &unpublished(from)
}

/// What stands after the title of a post that is not published: ` (draft)`. Empty for others.
pub fn unpublished(from: &Citation) -> String {
    let until = from.scheduled.map(|time| day(time.to_zoned(TimeZone::UTC).date()));
    let until = until.map(|day| format!("not published before {day}"));
    let marks: Vec<String> = from.draft.then(|| "draft".to_owned()).into_iter().chain(until).collect();
    if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) }
}

/// The heading right above a quote, unless the quote has it as its lead-in.
pub fn section(excerpt: &Excerpt) -> Option<&str> {
    let lead_in = excerpt.lead_in.as_ref().map(|quote| quote.text.as_str());
    excerpt.citation.section.last().map(String::as_str).filter(|heading| lead_in != Some(*heading))
}

/// Where a quote can be read in the corpus: `2019/mesh.md, line 12`. The line is that of the readable text.
pub fn place(excerpt: &Excerpt, words: &CitationWords) -> String {
    words.place.fill(&[("path", &excerpt.citation.path), ("line", &excerpt.line.to_string())])
}

/// How many items of a list are shown: `3 of 7.`; `None` if all are.
pub fn shown_items(items: ItemCount, language: Language) -> Option<String> {
    let share = || share_of(PostCount { posts: items.shown, of: items.all }, language);
    (items.shown < items.all).then(|| format!("{}.", share()))
}

/// The language of a post in another language than the question: `in French`.
pub fn foreign_language(excerpt: &Excerpt, words: &CitationWords) -> Option<String> {
    excerpt.foreign_language.map(|language| words.in_language(language).to_owned())
}

/// The English name of a language.
pub const fn language_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::De => "German",
        Language::Fr => "French",
        Language::Es => "Spanish",
        Language::Pt => "Portuguese",
        Language::It => "Italian",
        Language::Nl => "Dutch",
        Language::Ja => "Japanese",
        Language::Zh => "Chinese",
        Language::Ko => "Korean",
        Language::Other => "another language",
    }
}

/// How many other posts say the same; `None` if there are none.
pub fn duplicates(others: u32, words: &CitationWords) -> Option<String> {
    match others {
        0 => None,
        1 => Some(words.same_post.fill(&[])),
        _ => Some(words.same_posts.fill(&[("number", &others.to_string())])),
    }
}

/// The decision about a candidate excerpt. For a refused question, what would have been shown.
pub fn decision(decision: Decision, is_answered: bool) -> String {
    let place = |at: usize| ["first", "second", "third"].get(at).copied().unwrap_or("last");
    match decision {
        Decision::Shown(at) if is_answered => format!("shown {}", place(at)),
        Decision::Shown(at) => format!("would be shown {}, but the confidence is too low", place(at)),
        Decision::Duplicate(at) => format!("left out: says the same as the {} excerpt", place(at)),
        Decision::Overlaps(at) => format!("left out: overlaps the {} excerpt", place(at)),
        Decision::LowCoverage => "left out: covers too little of the question".into(),
        Decision::OtherKind => "left out: no answer of the kind asked for, as the best excerpt is".into(),
        Decision::PostLimit => "left out: its post has two better excerpts".into(),
        Decision::Limit => "left out: the number of excerpts is reached".into(),
        Decision::LowScore => "left out: its score is too far below the best".into(),
        Decision::LowConfidence => "left out: it is of another post, and not sure enough by itself".into(),
    }
}

/// The age of an answer to a question about the present.
pub fn age(newest: ExcerptDate, language: Language) -> String {
    language.citations().age.fill(&[("date", &month_of(newest, language))])
}

/// The month of a date; its year if that is all that is known.
fn month_of(date: ExcerptDate, language: Language) -> String {
    match date {
        ExcerptDate::Day(day) => month(day, language),
        ExcerptDate::Year(year) => year.to_string(),
    }
}

/// The text of a digest without posts.
pub const NOTHING_NEW: &str = "There are no new recaps since the last digest.";
/// The heading above posts without an event.
pub const NO_EVENT: &str = "Without an event";

/// The content of a digest in one line: `12 new recaps on 3 events`, or the name if there is one event.
pub fn headline(digest: &Digest) -> String {
    let DigestCounts { recaps, notes, events } = digest.counts();
    let plural = if notes == 1 { "note on a recap" } else { "notes on recaps" };
    let posts = match (recaps, notes) {
        (0, _) => format!("{notes} new {plural}"),
        (_, 0) => pluralise(recaps, "new recap"),
        _ => format!("{} and {notes} {plural}", pluralise(recaps, "new recap")),
    };
    match (events, digest.groups.as_slice()) {
        (0, _) => posts,
        (1, [EventGroup { event: Some(event), .. }]) => format!("{posts} on {}", event.label()),
        _ => format!("{posts} on {}", pluralise(events, "event")),
    }
}

/// The topic of a bundle: `3 posts on GitOps`.
pub fn bundle(bundle: &Bundle) -> String {
    match &bundle.topic {
        Some(topic) => format!("{} posts on {}", bundle.items.len(), topic_in_sentence(topic)),
        None => "On other topics".to_owned(),
    }
}

/// The name of a topic, or its id if it has no name.
pub fn topic(id: &str) -> &str {
    TopicTable::builtin().name(id).unwrap_or(id)
}

/// The name of a topic as it stands within a sentence.
pub fn topic_in_sentence(id: &str) -> String {
    TopicTable::builtin().name_in_sentence(id).unwrap_or_else(|| id.to_owned())
}

/// Why a digest does not have a post.
pub fn omission_reason(reason: &OmissionReason) -> String {
    match reason {
        OmissionReason::Delivered => "it belongs to an earlier digest".into(),
        OmissionReason::SeenBefore => "it is older than the digest".into(),
        OmissionReason::OtherEvent => "it is about another event or no event".into(),
        OmissionReason::OtherTopic => "it is not about this topic".into(),
        OmissionReason::OtherAuthor => "it is by another author".into(),
        OmissionReason::OtherLanguage => "it is in another language".into(),
        OmissionReason::NotFollowed => "it matches none of the requested topics, authors or events".into(),
        OmissionReason::Draft => "it is a draft".into(),
        OmissionReason::Scheduled(time) => {
            format!("it is scheduled for {}", day(time.to_zoned(TimeZone::UTC).date()))
        }
        OmissionReason::SameAs(post) => format!("it says the same as {post}, which is in the digest"),
        OmissionReason::OtherDays => "its date is outside of the period".into(),
        OmissionReason::Undated => "it has no date".into(),
        OmissionReason::BehindButton => "it did not fit; the button shows it".into(),
    }
}

/// `5 December 2019`.
pub fn day(date: Date) -> String {
    day_in(date, Language::En)
}

/// `5 December 2019`, in this language.
pub fn day_in(date: Date, language: Language) -> String {
    let words = language.citations();
    let (day, year) = (date.day().to_string(), date.year().to_string());
    words.day.fill(&[("day", &day), ("month", words.month_name(date.month())), ("year", &year)])
}

/// The numbers of excerpts before their source: `1, 3: `; empty for none.
pub fn excerpt_numbers(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    if numbers.is_empty() { String::new() } else { numbers.join(", ") + ": " }
}

/// `December 2019`, in this language.
fn month(date: Date, language: Language) -> String {
    let words = language.citations();
    words.month.fill(&[("month", words.month_name(date.month())), ("year", &date.year().to_string())])
}

/// `1 post`, `2 posts`.
pub fn pluralise<N: Copy + Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Makes the first letter a capital.
pub fn capitalise(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Whether a page says what scope an overview has. The sides of a comparison are its scope.
pub fn shows_scope(overview: &Overview) -> bool {
    // The card of a person has its name above it.
    let is_card =
        overview.card.is_some() && overview.scope.events.is_empty() && overview.scope.years.is_none();
    !overview.scope.is_everything() && overview.shape != Shape::Comparison && !is_card
}

/// Why recaps can't answer a question, from when the newest one is if that matters, and what they can answer.
pub fn unanswerable(reason: Unanswerable, newest: Option<ExcerptDate>, language: Language) -> Vec<String> {
    let words = language.refusals();
    let reason = match reason {
        Unanswerable::Future => &words.future,
        Unanswerable::Best => &words.best,
        Unanswerable::Price => &words.price,
        Unanswerable::Schedule => &words.schedule,
        Unanswerable::Weather => &words.weather,
        Unanswerable::Personal => &words.personal,
        Unanswerable::Other => &words.unanswerable,
    };
    let newest = newest.map(|newest| words.newest_recap.fill(&[("date", &month_of(newest, language))]));
    [reason.fill(&[])].into_iter().chain(newest).chain([words.can_ask.fill(&[])]).collect()
}

/// What both sides of a comparison mention, and what one mentions more often or alone: `Only 2018: Helm (4 of 12), …`.
fn contrast(overview: &Overview) -> Vec<String> {
    let words = overview.language.overviews();
    // What is said of both sides stands before them.
    let sides: Vec<&str> = overview
        .groups
        .iter()
        .filter_map(|group| match &group.title {
            GroupTitle::Side(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let side = |at: usize| sides.get(at).copied().unwrap_or_default();
    let share = |count: PostCount| share_of(count, overview.language);
    let colon = overview.language.refusals().colon.fill(&[]);
    let line = |title: String, shares: &dyn Fn(&ThemeContrast) -> Option<String>| {
        let themes: Vec<String> = overview
            .contrast
            .iter()
            .filter_map(|theme| Some(format!("{} ({})", theme.name, shares(theme)?)))
            .collect();
        (!themes.is_empty()).then(|| format!("{title}{colon} {}", themes.join(", ")))
    };
    let only = |at: usize| words.only.fill(&[("side", side(at))]);
    let more = |at: usize| words.more_in.fill(&[("side", side(at))]);
    let shares = |theme: &ThemeContrast, more: Option<usize>| {
        let [first, second] = theme.sides;
        let is_shown = theme.more == more && first.posts > 0 && second.posts > 0;
        is_shown.then(|| format!("{} · {}", share(first), share(second)))
    };
    let lines = [
        line(words.both.fill(&[]), &|theme| shares(theme, None)),
        line(more(0), &|theme| shares(theme, Some(0))),
        line(more(1), &|theme| shares(theme, Some(1))),
        line(only(0), &|theme| (theme.sides[1].posts == 0).then(|| share(theme.sides[0]))),
        line(only(1), &|theme| (theme.sides[0].posts == 0).then(|| share(theme.sides[1]))),
    ];
    lines.into_iter().flatten().collect()
}

/// The first and the last mention: `First in May 2018 (KubeCon EU 2018, Copenhagen), last in …`.
pub fn mentions(mentions: &Mentions, language: Language) -> String {
    let words = language.overviews();
    let first = mention(&mentions.first, language);
    if mentions.first == mentions.last {
        return words.mentioned_once.fill(&[("first", &first)]);
    }
    words.first_and_last.fill(&[("first", &first), ("last", &mention(&mentions.last, language))])
}

fn mention(mention: &Mention, language: Language) -> String {
    let words = language.citations();
    let first_day = mention.month.and_then(|month| Date::new(mention.year, month, 1).ok());
    let time = match first_day {
        Some(day) => words.in_month.fill(&[("month", &month(day, language))]),
        None => words.in_year.fill(&[("year", &mention.year.to_string())]),
    };
    match &mention.event {
        Some(event) => format!("{time} ({})", event.label()),
        None => time,
    }
}

/// What is said of all posts of an overview: how many name its topic, and whether they are too few to compare. `shown` is
/// the number of lines that the reader sees.
pub fn overview_remarks(overview: &Overview, shown: usize) -> Vec<String> {
    let words = overview.language.overviews();
    let naming =
        overview.groups.first().zip(overview.topic.as_deref()).filter(|_| overview.shape == Shape::Count);
    let naming = naming.map(|(group, topic)| {
        let count = PostCount { posts: group.posts.posts, of: overview.posts.of };
        groups::naming(count, topic, overview.language)
    });
    let mentions = overview.mentions.as_deref().map(|it| mentions(it, overview.language));
    let events = match &overview.card {
        Some(card) if card.kind == CardKind::Conference => conference_lines(card, overview.language),
        card => card.iter().filter_map(|card| card_events(card, overview.language)).collect(),
    };
    let too_few = overview.too_few.then(|| words.too_few.fill(&[]));
    let all = overview.excerpts.len().saturating_add(overview.further as usize);
    let first_of_list =
        || words.first_of_list.fill(&[("shown", &shown.to_string()), ("all", &all.to_string())]);
    let is_part = overview.shape == Shape::List && shown < all;
    let first_of_list = is_part.then(first_of_list);
    let remarks = none_by(overview).into_iter().chain(naming).chain(mentions).chain(events);
    remarks.chain(contrast(overview)).chain(too_few).chain(first_of_list).collect()
}

/// That no recap is by the person whose recap is asked for. What people say of somebody, or of what they told of a topic, asks for none.
fn none_by(overview: &Overview) -> Option<String> {
    let [name] = overview.scope.people.as_slice() else { return None };
    let asks_for_post =
        matches!(overview.shape, Shape::Takeaways | Shape::Summary) && overview.topic.is_none();
    asks_for_post.then(|| overview.language.overviews().none_by.fill(&[("name", name)]))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::samples;
    use takeaways_text::model::Answer;

    #[test]
    fn an_age_is_as_precise_as_its_date() {
        assert_eq!(
            age(ExcerptDate::Day(date(2019, 12, 5)), Language::En),
            "I only know recaps. The newest excerpt is from December 2019."
        );
        assert_eq!(
            age(ExcerptDate::Year(2019), Language::De),
            "Ich kenne nur Berichte. Der neueste Auszug: 2019."
        );
    }

    #[test]
    fn who_asks_for_the_recap_of_somebody_who_wrote_none_reads_so() {
        let Answer::Overview(overview) = samples::overview() else { panic!("an overview") };
        for (shape, people, topic, expected) in [
            (Shape::Takeaways, vec!["Ada Ito"], None, true),
            (Shape::Summary, vec!["Ada Ito"], None, true),
            (Shape::Summary, vec!["Ada Ito"], Some("meshes"), false),
            (Shape::Opinions, vec!["Ada Ito"], None, false),
            (Shape::Takeaways, vec!["Ada Ito", "Bo Lind"], None, false),
            (Shape::Takeaways, Vec::new(), None, false),
        ] {
            let people = people.into_iter().map(str::to_owned).collect();
            let scope = Scope { people, ..overview.scope.clone() };
            let topic = topic.map(str::to_owned);
            let asked = Overview { shape, scope, topic, ..overview.clone() };
            let remarks = overview_remarks(&asked, overview.excerpts.len());
            let says_so = remarks.iter().any(|it| it.contains("by Ada Ito"));
            assert_eq!(says_so, expected, "{shape:?} {remarks:?}");
        }
    }

    #[test]
    fn a_comparison_says_what_a_side_has_more_of_and_what_it_has_alone() {
        let Answer::Overview(overview) = samples::overview() else { panic!("an overview") };
        let contrast_of = [("Envoy", 3, 4, None), ("Istio", 9, 1, Some(0)), ("eBPF", 0, 5, Some(1))].map(
            |(name, first, second, more)| {
                let sides = [first, second].map(|posts| PostCount { posts, of: 9 });
                ThemeContrast { name: name.into(), sides, more }
            },
        );
        let lines = contrast(&Overview { contrast: contrast_of.into(), ..overview });
        assert_eq!(lines[0], "Both: Envoy (3 of 9 · 4 of 9)");
        assert!(
            lines[1].starts_with("More in ") && lines[1].ends_with("Istio (9 of 9 · 1 of 9)"),
            "{lines:?}"
        );
        assert!(lines[2].starts_with("Only ") && lines[2].ends_with("eBPF (5 of 9)"), "{lines:?}");
    }
}
