pub(super) mod generated;
mod orders;

use std::collections::HashSet;
use std::sync::LazyLock;

use insta::assert_snapshot;
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::samples::{self, event, question};
use crate::web_address::{WebAddress, names_host};
use generated::{answers, excerpts, has_sound_files, hostile, masked_links, read_back};
use takeaways_answer::{ListedRecap, RecapList, Respelling, Turn};
use takeaways_text::model::{
    Citation, Group, ItemCount, Language, Link, ListItem, Overview, QuestionError, Quote, Span, Years,
    YearsError,
};

/// The message of an answer.
fn answer(question: &Question, answer: &Answer, events: &[Event]) -> MessagePayload {
    super::answer(question, &samples::verified(answer, events))
}

fn page(shown: &Answer) -> String {
    drawn(&answer(&question(), shown, &[event()]))
}

fn drawn(page: &MessagePayload) -> String {
    serde_json::to_string_pretty(page).expect("JSON").replace("\\n", "\n    ").replace("    \n", "\n")
}

#[test]
fn a_line_above_a_message_keeps_to_its_limit() {
    let long = |length: usize| MessagePayload { content: "x".repeat(length), ..MessagePayload::default() };
    assert_eq!(long(1_998).with_line_above("a").content.len(), 2_000);
    assert_eq!(long(1_999).with_line_above("a"), long(1_999));
    assert_eq!(long(0).with_line_above("a").content, "a");
}

#[test]
fn an_answer() {
    assert_snapshot!(page(&samples::cited_answer()), @r#"
    {
      "content": "KubeCon NA 2019, San Diego · 2018 to 2020 · the words of Ada or Grace:
        -# I only know recaps. The newest excerpt is from December 2019.",
      "embeds": [
        {
          "description": "> Three things stood out:
        > - **Service mesh** is still young, and most teams that I met run [a **mesh**](https://example.com/posts/meshes) **for** one cluster only.
        **1.** [What I learned in San Diego](https://example.com/posts/what-i-learned-in-san-diego#:~:text=Service%20mesh%20is%20still%20young%2C%20and,a%20mesh%20for%20one%20cluster%20only%2E)
        -# Ada Example · KubeCon NA 2019, San Diego · <t:1575547200:D> · Meshes · 2 other posts say the same",
          "color": 5205391
        },
        {
          "description": "**サービスメッシュ**はまだ若い。

        **2.** Notes on [What I learned in San Diego](https://example.com/posts/what-i-learned-in-san-diego) by Ada Example
        -# KubeCon NA 2019, San Diego · <t:1575547200:D> · in Japanese",
          "color": 9080728
        },
        {
          "description": "> Service mesh is still young, and most teams that I met run a mesh for one cluster only.
        **3.** **raw\\[31m notes**
        -# raw.txt, line 2",
          "color": 5205391
        }
      ],
      "allowed_mentions": {
        "parse": []
      }
    }
    "#);
}

/// The description of the embed of one excerpt.
fn description(excerpt: Excerpt) -> String {
    answer(&question(), &Answer::of_excerpts(vec![excerpt]), &[]).embeds.remove(0).description
}

/// An excerpt of this text, in which these words lead to this address.
fn linked_excerpt(text: &str, words: &str, url: &str) -> Excerpt {
    let start = text.find(words).expect("words of the text");
    let span = Span::new(text, start..start + words.len()).expect("a cut of the text");
    let quote = Quote { span: Span::new(text, 0..text.len()).expect("all of it"), text: text.to_owned() };
    let links = vec![Link { span, url: url.to_owned() }];
    let (lead_in, marks, list_items) = (None, Vec::new(), Vec::new());
    Excerpt { quote, links, lead_in, marks, list_items, ..samples::post_excerpt() }
}

#[test]
fn a08_links_of_a_quote_lead_where_they_say() {
    let long = format!("https://a.example/{}", "x".repeat(1_000));
    for (words, url, shown) in [
        ("slides", "https://a.example/x", "[slides](https://a.example/x)"),
        ("slides", "/talks/1", "[slides](https://example.com/talks/1)"),
        ("slides", "1.html", "[slides](https://example.com/posts/1.html)"),
        ("sl[i](d)es", "https://a.example/(b)[c]", "[sl\\[i\\]\\(d\\)es](https://a.example/%28b%29%5Bc%5D)"),
        ("slides", "https://a.example)[x](https://evil.example", "slides"),
        ("slides", "https://a.example/@everyone", "[slides](https://a.example/%40everyone)"),
        ("a.example", "https://a.example/x", "[a.example](https://a.example/x)"),
        ("a.example", "https://evil.example/a.example", "a.example"),
        ("a.example", "https://a.example@evil.example/", "a.example"),
        ("slides", "https://good.example@evil.example/", "slides"),
        ("b\u{430}nk.example", "https://b\u{430}nk.example/", "b\u{430}nk.example"),
        ("bank.example", "https://b\u{430}nk.example/", "bank.example"),
        ("https://a.example/x", "https://a.example/x", "<https://a.example/x>"),
        ("https://a.example/y", "https://a.example/x", "https\\://a.example\\/y"),
        ("slides", "javascript:alert(1)", "slides"),
        ("slides", "https://a.example/ x", "slides"),
        ("slides", "https:\\\\evil.example", "slides"),
        ("slides", &long, "slides"),
        ("\u{200b}", "https://a.example/x", ""),
    ] {
        let said = description(linked_excerpt(&format!("the {words} are there"), words, url));
        assert_eq!(said.lines().next(), Some(format!("> the {shown} are there").as_str()), "{words} {url}");
    }
    let mut excerpt = linked_excerpt("the slides", "slides", "/talks/1");
    excerpt.citation.url = None;
    assert!(description(excerpt).starts_with("> the slides\n"), "a relative address of a post without one");
}

#[test]
fn the_sentences_that_answer_are_in_bold() {
    let text = "We met. See the slides of it.\nAll of them. It was good.";
    let mut excerpt = linked_excerpt(text, "slides", "https://a.example/");
    excerpt.marks = vec![Span::new(text, 3..6).expect("a word")];
    let quote = |excerpt: &Excerpt| -> Vec<String> {
        description(excerpt.clone()).lines().take(2).map(str::to_owned).collect()
    };
    assert_eq!(quote(&excerpt)[0], "> We **met**. See the [slides](https://a.example/) of it.");
    excerpt.answer = Span::new(text, 8..42);
    let expected = [
        "> We met. **See the** [**slides**](https://a.example/) **of it.**",
        "> **All of them.** It was good.",
    ];
    assert_eq!(quote(&excerpt), expected);
    excerpt.answer = Some(excerpt.quote.span);
    assert_eq!(quote(&excerpt)[0], "> We met. See the [slides](https://a.example/) of it.");
}

#[test]
fn a_part_of_a_list_is_nested_and_says_where_the_rest_is() {
    let text = "We saw:\none\n- inner\n1. inner";
    let mut excerpt = linked_excerpt(text, "one", "https://a.example/");
    let item = |start, level, number| ListItem {
        span: Span::new(text, start..text.len()).expect("a cut"),
        level,
        number,
    };
    excerpt.list_items = vec![item(8, 0, Some(3)), item(12, 1, None), item(20, 1, None)];
    excerpt.items = Some(ItemCount { shown: 3, all: 7 });
    let said = description(excerpt.clone());
    let expected = "> We saw:\n> 3. [one](https://a.example/)\n>   - \\- inner\n>   - 1\\. inner\n-# 3 of 7. [See the rest](https://example.com/";
    assert!(said.starts_with(expected), "{said}");
    excerpt.citation.url = None;
    let said = description(excerpt.clone());
    assert!(said.contains("\n-# 3 of 7.\n") && said.ends_with("2019/mesh-notes.md, line 2"), "{said}");
    excerpt.items = Some(ItemCount { shown: 7, all: 7 });
    assert!(!description(excerpt).contains("of 7"));
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
        panic!("it is answered")
    };
    let refusal = Answer::NothingFound {
        listed: Vec::new(),
        scope,
        confidence,
        missing,
        newest: None,
        unanswerable: None,
        nearest: None,
        suggestions: Vec::new(),
        language: Language::En,
    };
    let page = answer(&question(), &refusal, &[event()]);
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
        You get one to three excerpts for a fact, and up to ten for takeaways, opinions or a trend, each with its title, author, event and date, and a link if the post has one.
        I only quote; I never make up a sentence. Some entries are notes on a recap, in other words: their source begins with \"Notes on\". If I find no answer, I say so.

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
    let known = About {
        posts: 7,
        events: 1,
        years: Some((2017, 2019)),
        are_built_in: false,
        about_drafts: 0,
        newest,
        version: "0.1.0",
        license: "Apache-2.0",
        link: "https://a.b",
    };
    assert_snapshot!(about(&known).content, @r"
    I know 7 posts about 1 event from 2017 to 2019: recaps and notes on recaps.
    The newest is from <t:1575547200:D>.
    I only quote them; I never make up a sentence. `/privacy` says what I keep of you.
    **takeaways 0.1.0** · Apache-2.0
    <https://a.b/>
    ");
    let nothing = About { posts: 1, events: 0, years: None, newest: None, link: "nowhere", ..known };
    assert_snapshot!(about(&nothing).content, @r"
    I know 1 post about 0 events: recaps and notes on recaps.
    I only quote them; I never make up a sentence. `/privacy` says what I keep of you.
    **takeaways 0.1.0** · Apache-2.0
    ");
    let built_in = about(&About { are_built_in: true, about_drafts: 1, ..known }).content;
    assert!(
        built_in.starts_with("I know the 7 notes that come with me, about 1 event from 2017 to 2019."),
        "{built_in}"
    );
    assert!(built_in.contains("\nOne of them is on a draft; its source line says so.\n"), "{built_in}");
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
    You sent many questions. Please ask again <t:1795176000:R>.
    Your question has 6001 characters; I read at most 6000. Please ask in one or two sentences.
    I have an answer for you, but I may not write in <#7>. Ask me here, or ask a moderator of the server to let me view that channel, send messages and embed links there.
    ");
}

#[test]
fn a_question_that_fits_no_label_is_no_button() {
    let long = "x".repeat(MAX_LABEL + 1);
    let emoji = "🦦".repeat(MAX_LABEL / 2);
    let row = ActionRow::question_buttons(&[long, " ".into(), emoji.clone(), "why?".into()]).expect("a row");
    let labels: Vec<&str> = row.buttons().map(|button| button.label.as_str()).collect();
    assert_eq!(labels, [emoji.as_str(), "why?"]);
    assert_eq!(ActionRow::question_buttons(&[]), None);
}

/// Whatever Discord would show as a mention, and ping with if it were let.
fn has_mention(text: &str) -> bool {
    static MENTION: LazyLock<regex::Regex> =
        LazyLock::new(|| regex::Regex::new(r"@everyone|@here|<(@[!&]?|#|/[^>]*:)\d+>").expect("a pattern"));
    MENTION.is_match(text)
}

/// Every page that is no answer, made of these texts and numbers.
fn other_pages(texts: &[String], numbers: [u64; 2], second: i64, day: Option<Date>) -> Vec<MessagePayload> {
    let text = |at: usize| texts.get(at).map(String::as_str).unwrap_or_default();
    let [posts, events] = numbers;
    let known = About {
        posts,
        events: usize::try_from(events).unwrap_or(usize::MAX),
        years: day.map(|day| (day.year(), day.year())),
        are_built_in: posts.is_multiple_of(2),
        about_drafts: texts.len(),
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
    let recaps = RecapList {
        recaps: newest
            .iter()
            .map(|post| ListedRecap { citation: post.clone(), excerpts: vec![usize::MAX; 3] })
            .collect(),
        first: texts.len(),
        all: usize::MAX,
        events: Vec::new(),
        turn: Turn { topic: text(0).to_owned(), ..crate::samples::turn() },
    };
    let too_long = QuestionError::TooLong { chars: usize::MAX, max: usize::MAX };
    vec![
        help(&[], texts),
        about(&known),
        recap_list(&recaps, Some(posts)),
        newest_posts(&new_posts(newest), None),
        internal_error(text(0)),
        timed_out(text(1)),
        rate_limited(Timestamp::from_second(second).expect("within range")),
        no_question(),
        no_shared_words(),
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

/// The content of a page and the texts of its boxes.
pub(super) fn texts(page: &MessagePayload) -> impl Iterator<Item = &String> {
    std::iter::once(&page.content).chain(page.embeds.iter().map(|embed| &embed.description))
}

/// What holds for every message: Discord's limits, nobody is pinged, buttons can be told apart and read back.
pub(super) fn assert_message(page: &MessagePayload) -> Result<(), TestCaseError> {
    let lengths = || page.embeds.iter().map(|embed| utf16_length(&embed.description));
    prop_assert!(utf16_length(&page.content) <= MAX_CONTENT);
    prop_assert!(lengths().all(|length| (1..=MAX_DESCRIPTION).contains(&length)));
    prop_assert!(lengths().sum::<usize>() <= MAX_EMBEDS_LENGTH);
    prop_assert!(!page.content.is_empty() || !page.embeds.is_empty());
    prop_assert!(texts(page).all(|text| !has_mention(text)), "{:?}", page);
    prop_assert!(page.components.iter().all(|row| (1..=MAX_BUTTONS).contains(&row.components.len())));
    let buttons = || page.components.iter().flat_map(ActionRow::buttons);
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

/// What holds for every page but digests.
fn assert_page(page: &MessagePayload) -> Result<(), TestCaseError> {
    assert_message(page)?;
    // The numbers below a picture have a box too.
    prop_assert!(page.embeds.len() <= 3 + page.attachments.len());
    prop_assert!(has_sound_files(page));
    for (words, target) in texts(page).flat_map(|text| masked_links(text)) {
        let address = WebAddress::new(&target, None);
        let address = address.ok_or_else(|| TestCaseError::fail(format!("{target:?} is linked")))?;
        let shows_host = words.contains(&format!("({})", address.host()));
        prop_assert!(
            !names_host(&words) || shows_host || address.may_hide_behind(&words),
            "{words:?} {target:?}"
        );
        prop_assert!(target.len() <= 1_000 && target.is_ascii(), "{:?}", target);
    }
    let is_without_previews = page.flags.unwrap_or_default() & SUPPRESS_EMBEDS != 0;
    prop_assert_eq!(is_without_previews, page.embeds.is_empty());
    prop_assert!(page.components.len() <= MAX_ROWS);
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
        shown in answers(),
        asked in hostile(),
        respelled in prop::collection::vec((hostile(), hostile()), 0..4),
        asker in any::<u64>(),
    ) {
        let Ok(question) = format!("q{asked}").parse::<Question>() else { return Ok(()) };
        let respelled = respelled.into_iter().map(|(typed, read)| Respelling { typed, read }).collect();
        let page = super::answer(&question, &VerifiedAnswer { respelled, ..samples::verified(&shown, &[]) });
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
        let page = answer(&question(), &Answer::of_excerpts(vec![excerpt.clone()]), &[]);
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

#[test]
fn privacy_names_what_a_kept_answer_holds() {
    let page = privacy(24).content;
    for kept in [
        "excerpts it and those before it showed",
        "events, years, blogs and people",
        "ids of you, the channel and the server",
        "24 hours",
    ] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
}

#[test]
fn an_overview_has_a_box_for_each_group() {
    let page = answer(&question(), &samples::overview(), &[event()]);
    assert!(
        page.content.contains("-# KubeCon NA 2019, San Diego · 3 recaps by 2 authors"),
        "{}",
        page.content
    );
    assert!(page.content.contains("```\n2018 · 1 of 2\n2019 ████████ 4 of 8\n```"), "{}", page.content);
    let boxes: Vec<&str> = page.embeds.iter().map(|embed| embed.description.as_str()).collect();
    assert_eq!(boxes.len(), 2, "{boxes:?}");
    assert!(boxes[0].starts_with("**Service mesh · 2 of 3**\n> "), "{}", boxes[0]);
    assert_eq!(boxes[0].matches("\n> ").count(), 2, "{}", boxes[0]);
    assert!(boxes[1].starts_with("**Also**\n"), "{}", boxes[1]);
}

#[test]
fn items_of_one_list_stand_right_below_each_other() {
    let Answer::Overview(overview) = samples::overview() else { panic!("an overview") };
    let line = |is_item: bool| {
        let quote = samples::post_excerpt().quote;
        let item = ListItem { span: quote.span, level: 0, number: None };
        let list_items = if is_item { vec![item] } else { vec![] };
        Excerpt { lead_in: None, marks: vec![], links: vec![], list_items, ..samples::post_excerpt() }
    };
    for (is_item, gap) in [(true, "\n> - "), (false, "\n\n> ")] {
        let group = Group { lines: 0..2, ..overview.groups[1].clone() };
        let excerpts = vec![line(is_item), line(is_item)];
        let overview = Overview { excerpts, groups: vec![group], ..overview.clone() };
        let page = answer(&question(), &Answer::Overview(overview), &[event()]);
        let description = &page.embeds[0].description;
        assert_eq!(description.matches(gap).count(), 1, "{description}");
        assert_eq!(description.matches("\n-# ").count(), 1, "{description}");
    }
}

fn new_posts(citations: Vec<Citation>) -> Vec<NewestPost> {
    let new = |citation| NewestPost { citation, sentence: Some("It *works*.".into()) };
    citations.into_iter().map(new).collect()
}
