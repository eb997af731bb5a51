//! Answers of texts and links that Discord could obey, and what is read from their pages.

use proptest::prelude::*;
use std::sync::LazyLock;

use super::super::excerpt::{SourceDetail, quote};
use super::super::{MAX_ALT_TEXT, MessagePayload, utf16_length};
use crate::samples;
use takeaways_text::model::{
    Answer, AuthorCount, Card, CardKind, Event, Excerpt, ExcerptDate, Group, GroupTitle, ItemCount, Language,
    Link, ListItem, Missing, Overview, PostCount, PostId, PostKind, Quote, Scope, Shape, Span, Suggestion,
    YearCount,
};

/// Texts that are made of what Discord could obey.
pub(in crate::discord) fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,12}",
        prop::sample::select(vec![
            "@everyone",
            "@here",
            "<@1234567890>",
            "<@&1>",
            "<#2>",
            "</ask:3>",
            "<t:1:R>",
            "<:a:4>",
            "<a:b:5>",
            "```",
            "||",
            "**",
            "__",
            "~~",
            "\n# ",
            "\n-# ",
            "\n> ",
            "\n>>> ",
            "\n- ",
            "\n1. ",
            "[a](https://b.c)",
            "<https://b.c>",
            "\\",
            "\u{202e}",
            "\u{200b}",
            "z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}",
            ":wave:",
            "discord.gg/x",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Addresses that links of posts may have.
fn hostile_address() -> impl Strategy<Value = String> {
    prop_oneof![
        hostile(),
        "(https?:)?//[a-z@]{1,8}\\.[a-z]{2}/\\PC{0,60}",
        "https://[a-z]{1,5}\\.[a-z]{2}/[a-z(){}\\[\\]*_~@|<>#%&?=-]{0,1100}",
        "[a-z./#?()-]{1,20}",
        prop::sample::select(vec![
            "https://a.b/@everyone/@here",
            "https://a.b)[c](https://d.e",
            "https://good.example@evil.example/",
            "https://g\u{43e}\u{43e}d.example/",
            "javascript:alert(1)",
            "https://discord.gg/x",
        ])
        .prop_map(str::to_owned),
    ]
}

prop_compose! {
    pub(in crate::discord) fn excerpts()(
        quote in hostile(),
        lead_in in prop::option::of(hostile()),
        names in prop::collection::vec(hostile(), 4),
        url in prop::option::of("https://[a-z]{1,5}\\.[a-z]{2}/\\PC{0,400}"),
        is_note in any::<bool>(),
        also in 0u32..4,
        marks in prop::collection::vec((0usize..200, 1usize..20), 0..6),
        links in prop::collection::vec((0usize..60, 1usize..40, hostile_address()), 0..20),
        answer in prop::option::of((0usize..200, 1usize..200)),
        items in prop::collection::vec((0usize..200, 0u8..9), 0..6),
        shown in prop::option::of((0u32..9, any::<u32>())),
    ) -> Excerpt {
        let quote: String = format!("x{quote}").chars().take(400).collect();
        let whole = |text: &str| Span::new(text, 0..text.len()).expect("all of it");
        let mut at = 0;
        let mut spans = Vec::new();
        for (skip, len) in marks {
            let range = at + skip..at + skip + len;
            at = range.end;
            spans.extend(Span::new(&quote, range));
        }
        let mut excerpt = samples::post_excerpt();
        let mut at = 0;
        excerpt.links = links.into_iter().filter_map(|(skip, len, url)| {
            let span = Span::new(&quote, at + skip..at + skip + len)?;
            at = span.end();
            Some(Link { span, url })
        }).collect();
        // Some links have their own address as their text.
        let bare = excerpt.links.iter_mut().filter(|link| link.span.slice(&quote).is_some_and(|text| text.contains("://")));
        bare.for_each(|link| link.url = link.span.slice(&quote).unwrap_or_default().to_owned());
        excerpt.answer = answer.and_then(|(start, len)| Span::new(&quote, start..start + len));
        excerpt.list_items = items
            .into_iter()
            .filter_map(|(start, level)| Some(ListItem { span: Span::new(&quote, start..quote.len())?, level, number: u32::try_from(start).ok().filter(|_| level > 0) }))
            .chain(quote.match_indices('\n').filter_map(|(at, _)| {
                Some(ListItem { span: Span::new(&quote, at + 1..quote.len())?, level: 1, number: None })
            }))
            .collect();
        excerpt.items = shown.map(|(shown, all)| ItemCount { shown, all });
        excerpt.quote = Quote { span: whole(&quote), text: quote };
        excerpt.lead_in = lead_in.map(|text| {
            let text: String = format!("y{text}").chars().take(240).collect();
            Quote { span: whole(&text), text }
        });
        excerpt.marks = spans;
        excerpt.duplicate_count = also;
        let from = &mut excerpt.citation;
        from.kind = if is_note { PostKind::Note } else { PostKind::Post };
        from.post = PostId(names[0].clone());
        from.path.clone_from(&names[0]);
        from.title.clone_from(&names[1]);
        from.author = Some(names[2].clone());
        from.section = vec![names[3].clone(), names[0].clone()];
        from.url = url;
        excerpt
    }
}

prop_compose! {
    pub(in crate::discord) fn answers()(
        found in prop::collection::vec(excerpts(), 0..4),
        nearest in prop::option::of(excerpts()),
        authors in prop::collection::vec(hostile(), 0..3),
        words in prop::collection::vec(hostile(), 0..4),
        offers in prop::collection::vec(hostile(), 0..7),
        is_old in any::<bool>(),
        grouped in any::<Option<bool>>(),
    ) -> Answer {
        let scope = Scope { authors, ..Scope::default() };
        if found.is_empty() {
            let missing = words.into_iter().map(Missing::Words).collect();
            let suggestions = offers.into_iter().map(|question| Suggestion { question }).collect();
            let nearest = nearest.map(Box::new);
            return Answer::NothingFound { listed: Vec::new(),
                scope,
                confidence: 0.1,
                missing,
                newest: None, unanswerable: None,
                nearest,
                suggestions,
                language: Language::En,
            };
        }
        let newest = Some(ExcerptDate::Day(jiff::civil::date(2019, 12, 5))).filter(|_| is_old);
        match grouped {
            Some(is_theme) => overview(found, scope, newest, &words, is_theme),
            None => Answer::Cited { listed: Vec::new(), excerpts: found, scope, newest, confidence: 0.9, language: Language::En },
        }
    }
}

/// The quote as a person would copy it from the message: our own markup taken off.
pub(in crate::discord) fn read_back(description: &str, excerpt: &Excerpt) -> Option<String> {
    let is_post = excerpt.citation.kind == PostKind::Post;
    let details = [SourceDetail::SentenceLink, SourceDetail::TitleOnly].into_iter();
    let marked = details.map(|detail| quote(excerpt, detail)).find(|marked| description.contains(marked))?;
    let lines = marked.split('\n');
    let unquoted = lines.map(|line| if is_post { line.strip_prefix("> ").unwrap_or(line) } else { line });
    let text = unquoted.map(|line| {
        without_item_mark(line.trim_start_matches("  "))
            .or_else(|| without_item_mark(line.trim_start()))
            .unwrap_or(line)
    });
    Some(without_markup(&text.collect::<Vec<_>>().join("\n")))
}

/// A line without the dash or the number of a list item, if it has one. The words of a post have a backslash there.
fn without_item_mark(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.strip_prefix("- ").or_else(|| rest.strip_prefix(". ").filter(|_| rest.len() < line.len()))
}

/// A text without the markup for bold words and links, and without backslashes.
pub(in crate::discord) fn without_markup(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown.chars().filter(|&c| c != '\u{200b}').peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('\\', Some(_)) => out.extend(rest.next()),
            ('*', Some('*')) => drop(rest.next()),
            ('<', _) => out.extend(rest.by_ref().take_while(|c| *c != '>')),
            ('[', _) => {}
            (']', Some('(')) => drop(rest.by_ref().find(|c| *c == ')')),
            _ => out.push(c),
        }
    }
    out
}

/// The masked links of a text, each with its words and its target.
pub(in crate::discord) fn masked_links(text: &str) -> Vec<(String, String)> {
    static LINK: LazyLock<regex::Regex> =
        LazyLock::new(|| regex::Regex::new(r"(?s)\\.|\[((?:\\.|[^\]\\])*)\]\(([^)]*)\)").expect("a pattern"));
    let links = LINK.captures_iter(text).filter_map(|found| found.get(1).zip(found.get(2)));
    links.map(|(words, target)| (without_markup(words.as_str()), target.as_str().to_owned())).collect()
}

/// An overview with a group for each excerpt.
fn overview(
    excerpts: Vec<Excerpt>,
    scope: Scope,
    newest: Option<ExcerptDate>,
    words: &[String],
    is_theme: bool,
) -> Answer {
    let title = |at: usize| words.get(at).cloned().unwrap_or_default();
    let posts = PostCount { posts: 7, of: 9 };
    let group = |at: usize| Group {
        title: if is_theme { GroupTitle::Theme(title(at)) } else { GroupTitle::Post(title(at)) },
        posts,
        lines: at..at + 1,
        reasons: Vec::new(),
    };
    let groups = (0..excerpts.len()).map(group).collect();
    let series = [2018, 2019].map(|year| YearCount { year, posts }).to_vec();
    let event = |at: usize| {
        let (name, city) = (title(at % 3), Some(title(at % 2)));
        let year = i16::try_from(2000 + at / 5).ok();
        (Event { name, city, year, ..samples::event() }, 1)
    };
    let card = Card { kind: CardKind::Conference, name: title(1), events: (0..60).map(event).collect() };
    let (shape, topic) = (if is_theme { Shape::Trend } else { Shape::Count }, words.first().cloned());
    Answer::Overview(Overview {
        shape,
        topic,
        scope,
        posts,
        authors: AuthorCount { named: 3, are_some_unnamed: false },
        days: None,
        groups,
        excerpts,
        reasons: Vec::new(),
        card: Some(card).filter(|_| !is_theme),
        contrast: Vec::new(),
        mentions: None,
        further: 0,
        series,
        newest,
        confidence: 0.5,
        too_few: false,
        is_partial: false,
        unmentioned: None,
        language: Language::En,
    })
}

/// Whether each file of a page can be drawn, and is described within the limit.
pub(super) fn has_sound_files(page: &MessagePayload) -> bool {
    page.attachments.iter().all(|attachment| {
        (1..=MAX_ALT_TEXT).contains(&utf16_length(&attachment.description)) && attachment.draw().is_some()
    })
}
