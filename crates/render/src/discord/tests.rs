mod orders;

use std::collections::HashSet;

use insta::assert_snapshot;
use jiff::Timestamp;
use proptest::prelude::*;

use super::excerpt::quote;
use super::*;
use crate::samples::{self, event, question};
use takeaways_text::model::{
    Citation, Language, PostId, PostKind, QuestionError, Quote, Span, Years, YearsError,
};

fn page(answer: &Answer) -> String {
    drawn(&super::answer(&question(), answer, &[event()]))
}

fn drawn(page: &MessagePayload) -> String {
    serde_json::to_string_pretty(page).expect("JSON").replace("\\n", "\n    ").replace("    \n", "\n")
}

#[test]
fn an_answer() {
    assert_snapshot!(page(&samples::cited_answer()), @r#"
    {
      "content": "In KubeCon NA 2019, San Diego · 2018 to 2020 · posts by Ada or Grace:
        -# I only know recaps. The newest excerpt is from December 2019.",
      "embeds": [
        {
          "description": "> Three things stood out:
        > **Service mesh** is still young, and most teams that I met run a **mesh for** one cluster only.
        [What I learned in San Diego](https://example.com/posts/what-i-learned-in-san-diego#:~:text=Service%20mesh%20is%20still%20young%2C%20and,a%20mesh%20for%20one%20cluster%20only%2E)
        -# Ada Example · KubeCon NA 2019, San Diego · <t:1575547200:D>
        -# Networking › Meshes · 2 other posts say the same",
          "color": 5205391
        },
        {
          "description": "Notes on [What I learned in San Diego](https://example.com/posts/what-i-learned-in-san-diego) by Ada Example

        **サービスメッシュ**はまだ若い。
        -# KubeCon NA 2019, San Diego · <t:1575547200:D>",
          "color": 9080728
        },
        {
          "description": "> Service mesh is still young, and most teams that I met run a mesh for one cluster only.
        **raw\\[31m notes**",
          "color": 5205391
        }
      ],
      "allowed_mentions": {
        "parse": []
      }
    }
    "#);
}

#[test]
fn no_answer_and_what_to_try_instead() {
    assert_snapshot!(page(&samples::nothing_found()), @r#"
    {
      "content": "I found nothing in the recaps that answers this: what about meshes?
        Searched in KubeCon NA 2019, San Diego.
        No recap there mentions Ansible or Tower.
        Try instead:",
      "components": [
        {
          "type": 1,
          "components": [
            {
              "type": 2,
              "style": 2,
              "label": "what about GitOps?",
              "custom_id": "1:try:0"
            }
          ]
        }
      ],
      "allowed_mentions": {
        "parse": []
      },
      "flags": 4
    }
    "#);
}

#[test]
fn no_answer_and_nothing_to_try_says_what_to_do() {
    let Answer::NothingFound { scope, confidence, missing, .. } = samples::nothing_found() else {
        unreachable!("it is")
    };
    let refusal =
        Answer::NothingFound { scope, confidence, missing, suggestions: Vec::new(), language: Language::En };
    let page = super::answer(&question(), &refusal, &[event()]);
    let last = page.content.lines().last();
    assert_eq!(
        last,
        Some(
            "Ask in other words, or about one topic or event. `/help` has questions with an answer, and `/about` says what I \
             know."
        )
    );
    assert!(page.components.is_empty());
}

#[test]
fn help_and_what_is_known() {
    let examples = ["what about GitOps?".to_owned(), "x".repeat(MAX_LABEL + 1)];
    let commands = ["**Ask** with `/ask`.", "**Look in one place** with its options."];
    assert_snapshot!(drawn(&help(&commands, &examples)), @r#"
    {
      "content": "I answer questions about conferences with quotes from the recaps of people who were there.
        You get one to three excerpts, each with its title, author, event and date, and a link if the post has one.
        I only quote; I never make up a sentence. Notes on a recap begin with \"Notes on\". If I find no answer, I say so.

        **Ask** with `/ask`.
        **Look in one place** with its options.

        **Try** one of these:",
      "components": [
        {
          "type": 1,
          "components": [
            {
              "type": 2,
              "style": 2,
              "label": "what about GitOps?",
              "custom_id": "1:try:0"
            }
          ]
        }
      ],
      "allowed_mentions": {
        "parse": []
      },
      "flags": 4
    }
    "#);
    let newest = Some(jiff::civil::date(2019, 12, 5));
    let known =
        About { posts: 7, events: 1, newest, version: "0.1.0", license: "Apache-2.0", link: "https://a.b" };
    assert_snapshot!(about(&known).content, @r"
    I know 7 posts about 1 event: recaps and notes on recaps.
    The newest is from <t:1575547200:D>.
    I only quote them; I never make up a sentence. I don't store your questions.
    **takeaways 0.1.0** · Apache-2.0
    <https://a.b>
    ");
    let nothing = About { posts: 1, events: 0, newest: None, link: "nowhere", ..known };
    assert_snapshot!(about(&nothing).content, @r"
    I know 1 post about 0 events: recaps and notes on recaps.
    I only quote them; I never make up a sentence. I don't store your questions.
    **takeaways 0.1.0** · Apache-2.0
    ");
}

#[test]
fn short_messages() {
    let again = "2026-11-20T12:00:00.5Z".parse().expect("a time");
    let too_long = "x".repeat(6_001).parse::<Question>().expect_err("too long");
    let pages = [
        internal_error("a1b2"),
        timed_out("a1b2"),
        rate_limited(again),
        bad_question(&too_long),
        could_not_post(7),
    ];
    assert_snapshot!(pages.map(|page| page.content).join("\n"), @"
    Something went wrong on my side. Please ask again. If it happens again, please give this code to the operator of this bot: **a1b2**
    That took too long, so I stopped. Please ask again. If it happens again, please give this code to the operator of this bot: **a1b2**
    You sent many questions. Please ask again <t:1795176001:R>.
    Your question has 6001 characters; I read at most 6000. Please ask in one or two sentences.
    I have an answer for you, but I may not write in <#7>. Ask me here, or ask a moderator of the server to let me view that channel, send messages and embed links there.
    ");
}

#[test]
fn a_question_that_fits_no_label_is_no_button() {
    let long = "x".repeat(MAX_LABEL + 1);
    let emoji = "🦦".repeat(MAX_LABEL / 2);
    let row = ActionRow::question_buttons(&[long, " ".into(), emoji.clone(), "why?".into()]).expect("a row");
    let labels: Vec<&str> = row.components.iter().map(|button| button.label.as_str()).collect();
    assert_eq!(labels, [emoji.as_str(), "why?"]);
    assert_eq!(ActionRow::question_buttons(&[]), None);
}

/// Texts that are made of what Discord could obey.
pub(super) fn hostile() -> impl Strategy<Value = String> {
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

prop_compose! {
    pub(super) fn excerpts()(
        quote in hostile(),
        lead_in in prop::option::of(hostile()),
        names in prop::collection::vec(hostile(), 4),
        url in prop::option::of("https://[a-z]{1,5}\\.[a-z]{2}/\\PC{0,400}"),
        is_note in any::<bool>(),
        also in 0u32..4,
        marks in prop::collection::vec((0usize..200, 1usize..20), 0..6),
    ) -> Excerpt {
        let quote: String = format!("x{quote}").chars().take(400).collect();
        let Answer::Cited { excerpts, .. } = samples::cited_answer() else { unreachable!("it is") };
        let whole = |text: &str| Span::new(text, 0..text.len()).expect("all of it");
        let mut at = 0;
        let mut spans = Vec::new();
        for (skip, len) in marks {
            let range = at + skip..at + skip + len;
            at = range.end;
            spans.extend(Span::new(&quote, range));
        }
        let mut excerpt = excerpts.into_iter().next().expect("one");
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
        from.title.clone_from(&names[1]);
        from.author = Some(names[2].clone());
        from.section = vec![names[3].clone(), names[0].clone()];
        from.url = url;
        excerpt
    }
}

prop_compose! {
    fn answers()(
        found in prop::collection::vec(excerpts(), 0..4),
        authors in prop::collection::vec(hostile(), 0..3),
        words in prop::collection::vec(hostile(), 0..4),
        offers in prop::collection::vec(hostile(), 0..7),
        is_old in any::<bool>(),
    ) -> Answer {
        let scope = Scope { authors, ..Scope::default() };
        if found.is_empty() {
            let missing = words.into_iter().map(Missing::Words).collect();
            let suggestions = offers.into_iter().map(|question| Suggestion { question }).collect();
            return Answer::NothingFound { scope, confidence: 0.1, missing, suggestions, language: Language::En };
        }
        let newest = Some(ExcerptDate::Day(jiff::civil::date(2019, 12, 5))).filter(|_| is_old);
        Answer::Cited { excerpts: found, scope, newest, confidence: 0.9 }
    }
}

/// Whatever Discord would show as a mention, and ping with if it were let.
pub(super) fn has_mention(text: &str) -> bool {
    let mention = regex::Regex::new(r"@everyone|@here|<(@[!&]?|#|/[^>]*:)\d+>").expect("a pattern");
    mention.is_match(text)
}

/// The quote as a person would copy it from the message: our own markup taken off.
fn read_back(description: &str, excerpt: &Excerpt) -> Option<String> {
    let is_post = excerpt.citation.kind == PostKind::Post;
    let marked = quote(excerpt);
    description.contains(&marked).then(|| {
        let lines = marked.split('\n');
        let unquoted = lines.map(|line| if is_post { line.strip_prefix("> ").unwrap_or(line) } else { line });
        let mut out = String::new();
        let text = unquoted.collect::<Vec<_>>().join("\n");
        let mut rest = text.chars().filter(|&c| c != '\u{200b}').peekable();
        while let Some(c) = rest.next() {
            match (c, rest.peek()) {
                ('\\', Some(_)) => out.extend(rest.next()),
                ('*', Some('*')) => drop(rest.next()),
                _ => out.push(c),
            }
        }
        out
    })
}

/// Every page that is no answer, made of these texts and numbers.
fn other_pages(texts: &[String], numbers: [u64; 2], second: i64, day: Option<Date>) -> Vec<MessagePayload> {
    let text = |at: usize| texts.get(at).map(String::as_str).unwrap_or_default();
    let [posts, events] = numbers;
    let known = About {
        posts,
        events: usize::try_from(events).unwrap_or(usize::MAX),
        newest: day,
        version: "0.1.0",
        license: "Apache-2.0",
        link: text(2),
    };
    let newest: Vec<Citation> = texts
        .iter()
        .map(|text| Citation {
            title: text.clone(),
            author: Some(text.clone()),
            url: Some("https://example.com/post".into()),
            date: day,
            ..crate::samples::cited_answer().excerpts()[0].citation.clone()
        })
        .collect();
    let too_long = QuestionError::TooLong { chars: usize::MAX, max: usize::MAX };
    vec![
        help(&[], texts),
        about(&known),
        newest_posts(&newest),
        internal_error(text(0)),
        timed_out(text(1)),
        rate_limited(Timestamp::from_second(second).expect("within range")),
        no_question(),
        bad_question(&QuestionError::Empty),
        bad_question(&too_long),
        bad_year(&YearsError::Unreadable),
        bad_year(&YearsError::Turned(Years::between(2018, 2020))),
        shutting_down(),
        still_reading("still reading the recaps, 120 of 213"),
        not_yours(),
        outdated_button(),
    ]
}

/// What holds for every page: Discord's limits, nobody is pinged, buttons can be told apart and read back.
fn assert_page(page: &MessagePayload) -> Result<(), TestCaseError> {
    let lengths = || page.embeds.iter().map(|embed| utf16_length(&embed.description));
    prop_assert!(utf16_length(&page.content) <= MAX_CONTENT);
    prop_assert!(lengths().all(|length| (1..=MAX_DESCRIPTION).contains(&length)));
    prop_assert!(lengths().sum::<usize>() <= MAX_EMBEDS_LENGTH && page.embeds.len() <= 3);
    prop_assert!(!page.content.is_empty() || !page.embeds.is_empty());
    let texts = || std::iter::once(&page.content).chain(page.embeds.iter().map(|embed| &embed.description));
    prop_assert!(texts().all(|text| !has_mention(text)), "{:?}", page);
    let is_without_previews = page.flags.unwrap_or_default() & SUPPRESS_EMBEDS != 0;
    prop_assert_eq!(is_without_previews, page.embeds.is_empty());
    prop_assert!(page.components.len() <= MAX_ROWS);
    prop_assert!(page.components.iter().all(|row| (1..=MAX_BUTTONS).contains(&row.components.len())));
    let buttons = || page.components.iter().flat_map(|row| &row.components);
    for button in buttons() {
        prop_assert!(
            (1..=MAX_LABEL).contains(&utf16_length(&button.label)) && !button.label.trim().is_empty()
        );
        prop_assert!(utf16_length(&button.custom_id) <= 100);
        prop_assert!(ButtonId::parse(&button.custom_id).is_some());
    }
    let ids: HashSet<&str> = buttons().map(|button| button.custom_id.as_str()).collect();
    prop_assert_eq!(ids.len(), buttons().count());
    Ok(())
}

#[test]
fn an_answer_that_could_not_be_posted_links_its_channel_and_nothing_else() {
    let page = could_not_post(u64::MAX);
    let channel = format!("<#{}>", u64::MAX);
    assert_eq!(page.content.matches(&channel).count(), 1);
    let rest = MessagePayload { content: page.content.replace(&channel, ""), ..page };
    assert_page(&rest).expect("a page");
}

proptest! {
    #[test]
    fn every_answer_keeps_to_every_limit_and_pings_nobody(
        answer in answers(),
        asked in hostile(),
        asker in any::<u64>(),
    ) {
        let Ok(question) = format!("q{asked}").parse::<Question>() else { return Ok(()) };
        let page = super::answer(&question, &answer, &[]);
        assert_page(&page)?;
        assert_page(&page.clone().ephemeral())?;
        assert_page(&page.with_delete_button(asker))?;
    }

    #[test]
    fn every_other_page_keeps_to_every_limit_and_pings_nobody(
        texts in prop::collection::vec(hostile(), 0..8),
        numbers in any::<[u64; 2]>(),
        second in Timestamp::MIN.as_second()..Timestamp::MAX.as_second(),
        day in prop::option::of((1i16..9999, 1i8..=12, 1i8..=28)),
    ) {
        let day = day.map(|(year, month, day)| jiff::civil::date(year, month, day));
        for page in other_pages(&texts, numbers, second, day) {
            assert_page(&page)?;
        }
    }

    #[test]
    fn a_page_without_our_markup_gives_back_the_quote(excerpt in excerpts()) {
        let page = super::answer(&question(), &Answer::Cited { excerpts: vec![excerpt.clone()], scope: Scope::default(), newest: None, confidence: 1.0 }, &[]);
        let said = read_back(&page.embeds[0].description, &excerpt).expect("the quote is in it");
        let lead_in = excerpt.lead_in.as_ref().map(|lead_in| visible_text(&lead_in.text) + "\n").unwrap_or_default();
        prop_assert_eq!(said, format!("{lead_in}{}", visible_text(&excerpt.quote.text)));
    }
}

#[test]
fn a_message_without_embeds_has_their_texts_as_far_as_they_fit() {
    let embed = |letter: &str, length: usize| Embed { description: letter.repeat(length), color: 0 };
    let page = MessagePayload {
        content: "In 2019:".to_owned(),
        embeds: vec![embed("a", 1_000), embed("b", 989), embed("c", 10)],
        ..MessagePayload::default()
    };
    let plain = page.without_embeds();
    assert_eq!(plain.content, format!("In 2019:\n\n{}", "a".repeat(1_000)));
    assert_eq!((plain.embeds.len(), plain.flags), (0, Some(SUPPRESS_EMBEDS)));
    assert_eq!(plain.allowed_mentions, AllowedMentions::default());
    let long = MessagePayload { embeds: vec![embed("a", 2_001)], ..MessagePayload::default() };
    assert!(long.without_embeds().content.starts_with("The answer is too long"));
}
