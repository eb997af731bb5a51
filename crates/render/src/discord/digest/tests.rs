use std::collections::HashSet;

use insta::assert_snapshot;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::discord::button_id::ButtonId;
use crate::discord::message::{EPHEMERAL, MAX_BUTTONS, MAX_EMBED_COUNT, SUPPRESS_EMBEDS};
use crate::discord::tests::generated::{excerpts, hostile};
use crate::discord::tests::{assert_message, texts};
use crate::samples;
use takeaways_text::model::{Citation, Event, EventId, Quote};

const KEY: &str = "d:1a2b3c4d";

fn page(page: &MessagePayload) -> String {
    let embeds: Vec<String> =
        page.embeds.iter().map(|embed| embed.description.replace("\n\n", "\n~\n")).collect();
    let buttons = page.components.iter().flat_map(crate::discord::ActionRow::buttons);
    let buttons: Vec<String> =
        buttons.map(|button| format!("[{}] {}", button.label, button.custom_id)).collect();
    format!("{}\n=====\n{}\n=====\n{}", page.content, embeds.join("\n-----\n"), buttons.join("\n"))
}

#[test]
fn a_digest() {
    let due = "2026-11-16T08:00:00Z".parse().expect("a time");
    let mut pages = digest(&samples::digest(), None, KEY);
    pages.first.content = mark_late(&pages.first.content, due);
    assert_snapshot!(page(&pages.first), @r"
    **3 new recaps and 1 note on a recap on 1 event**
    -# late; due <t:1794816000:f>
    =====
    ### KubeCon NA 2019, San Diego · 3 posts
    ~
    __2 posts on service mesh__
    ~
    [What I learned in San Diego](https://example.com/posts/what-i-learned-in-san-diego)
    > Service mesh is still young, and most teams that I met run a mesh for one cluster only.
    -# Ada Example · <t:1575547200:D>
    ~
    **What others say**
    -# Ada Example · <t:1575547200:D> · 2019/mesh-notes.md
    ~
    __On other topics__
    ~
    Notes on [What I learned in San Diego](https://example.com/posts/what-i-learned-in-san-diego) by Ada Example
    サービスメッシュはまだ若い。
    -# <t:1575547200:D>
    -----
    ### Without an event
    ~
    **raw\[31m notes**
    > Service mesh is still young, and most teams that I met run a mesh for one cluster only.
    ~
    -# d:1a2b3c4d
    =====
    ");
    assert_eq!((pages.overflow, pages.overflow_posts), (vec![], vec![]));
}

#[test]
fn nothing_new_is_one_line() {
    assert_snapshot!(nothing_new(KEY).content, @r#"
There are no new recaps since the last digest.
-# d:1a2b3c4d
"#);
    assert_eq!(nothing_new(KEY).flags, Some(SUPPRESS_EMBEDS));
}

/// A digest of one event's group for each number, with so many posts in it.
fn of_sizes(sizes: &[usize]) -> Digest {
    let sample = samples::digest();
    let item = sample.groups[0].bundles[0].items[0].clone();
    let named = |group: usize, at: usize| {
        let mut item = item.clone();
        item.citation.post = PostId(format!("{group}/{at}"));
        item.citation.title = format!("Post {at} of event {group}");
        item
    };
    let group = |(group, posts): (usize, &usize)| EventGroup {
        event: Some(Event {
            id: EventId(group.to_string()),
            name: format!("Event {group}"),
            city: None,
            ..samples::event()
        }),
        bundles: vec![Bundle { topic: None, items: (0..*posts).map(|at| named(group, at)).collect() }],
    };
    Digest { groups: sizes.iter().enumerate().map(group).collect() }
}

#[test]
fn no_event_keeps_the_others_out_and_the_rest_is_behind_the_button() {
    let pages = digest(&of_sizes(&[30, 1, 1]), None, KEY);
    assert_eq!(pages.first.embeds.len(), 3);
    assert_eq!(pages.overflow_posts.len(), 20);
    assert_eq!(pages.first.components[0].buttons().next().expect("a button").label, "20 more");
    assert_eq!(pages.overflow.len(), 1);
    assert!(pages.overflow[0].embeds[0].description.contains("Post 29 of event 0"));
}

#[test]
fn more_than_ten_events_are_no_more_than_ten_boxes() {
    let pages = digest(&of_sizes(&[1; 25]), None, KEY);
    assert_eq!((pages.first.embeds.len(), pages.overflow_posts.len()), (MAX_EMBED_COUNT, 15));
    let boxes: Vec<usize> = pages.overflow.iter().map(|page| page.embeds.len()).collect();
    assert_eq!(boxes, [10, 5]);
}

#[test]
fn what_no_button_has_room_for_is_counted() {
    let pages = digest(&of_sizes(&[2_000]), None, KEY);
    assert_eq!(pages.overflow.len(), MAX_BUTTONS);
    assert_eq!(pages.first.components[0].components.len(), MAX_BUTTONS);
    let last = pages.overflow.last().expect("a page");
    assert!(last.content.contains("more posts not shown"), "{}", last.content);
    assert!(pages.overflow[0].content.is_empty());
}

#[test]
fn the_key_is_found_in_the_message_as_it_is() {
    let key = takeaways_digest::DeliveryKey::new(
        7,
        takeaways_digest::Destination::Channel(1),
        takeaways_digest::SubscriptionId(1),
        jiff::Timestamp::UNIX_EPOCH,
    );
    let pages = digest(&samples::digest(), None, &key.footer());
    let last = &pages.first.embeds.last().expect("an embed").description;
    assert!(last.ends_with(&format!("\n\n-# {}", key.footer())), "{last}");
    assert!(nothing_new(&key.footer()).content.contains(&key.footer()));
}

fn events() -> impl Strategy<Value = Option<Event>> {
    let named = |(name, city): (String, Option<String>)| Event { name, city, ..samples::event() };
    prop::option::of((hostile(), prop::option::of(hostile())).prop_map(named))
}

fn items() -> impl Strategy<Value = DigestItem> {
    let dated = prop::option::of((1_i16..9_999, 1_i8..=12, 1_i8..=28));
    (excerpts(), dated, prop::option::of(0..1_u8)).prop_map(|(excerpt, day, quoted)| {
        let date = day.map(|(year, month, day)| date(year, month, day));
        let citation = Citation { date, ..excerpt.citation };
        let quoted: Option<Quote> = quoted.map(|_| excerpt.quote);
        DigestItem { citation, quoted }
    })
}

fn digests() -> impl Strategy<Value = Digest> {
    let bundle = (prop::option::of(hostile()), prop::collection::vec(items(), 1..5))
        .prop_map(|(topic, items)| Bundle { topic, items });
    let group = (events(), prop::collection::vec(bundle, 1..3))
        .prop_map(|(event, bundles)| EventGroup { event, bundles });
    prop::collection::vec(group, 1..14).prop_map(|groups| Digest { groups })
}

fn assert_page(page: &MessagePayload) -> Result<(), TestCaseError> {
    assert_message(page)?;
    prop_assert!(page.embeds.len() <= MAX_EMBED_COUNT);
    // Our own headings stand at the first line of a box only, our small print in lines of its own.
    for text in texts(page) {
        let headings = text.lines().skip(1).filter(|line| line.trim_start().starts_with('#'));
        prop_assert_eq!(headings.count(), 0, "{}", text);
        prop_assert!(!text.contains("```") && !text.contains("||"));
    }
    prop_assert!(page.components.len() <= 1);
    let buttons = || page.components.iter().flat_map(crate::discord::ActionRow::buttons);
    let presses: Vec<Option<ButtonId>> = buttons().map(|button| ButtonId::parse(&button.custom_id)).collect();
    let is_in_order = (0..).zip(presses).all(|(page, press)| press == Some(ButtonId::Overflow { page }));
    prop_assert!(is_in_order);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_digest_keeps_to_every_limit_and_pings_nobody(mut made in digests(), footer in hostile(), late in any::<bool>()) {
        let names = made.groups.iter_mut().flat_map(|group| &mut group.bundles).flat_map(|bundle| &mut bundle.items);
        for (at, item) in names.enumerate() {
            item.citation.post = PostId(at.to_string());
        }
        let pages = digest(&made, None, &footer);
        let content = if late { mark_late(&pages.first.content, jiff::Timestamp::UNIX_EPOCH) } else { pages.first.content.clone() };
        assert_page(&MessagePayload { content, ..pages.first.clone() })?;
        prop_assert!(!pages.first.embeds.is_empty() && pages.first.flags.is_none());
        for page in &pages.overflow {
            assert_page(page)?;
            prop_assert_eq!(page.flags, Some(EPHEMERAL));
        }
        let buttons = pages.first.components.iter().map(|row| row.components.len()).sum::<usize>();
        prop_assert_eq!(buttons, pages.overflow.len());
        let hidden: HashSet<&PostId> = pages.overflow_posts.iter().collect();
        prop_assert_eq!(hidden.len(), pages.overflow_posts.len());
        prop_assert!(hidden.is_empty() == pages.overflow.is_empty());
    }

    #[test]
    fn what_is_on_no_page_is_counted(sizes in prop::collection::vec(1_usize..40, 1..12)) {
        let made = of_sizes(&sizes);
        let pages = digest(&made, None, KEY);
        let listed_on = |page: &MessagePayload| page.embeds.iter().map(|embed| embed.description.matches("\n-# ").count()).sum::<usize>();
        // The last line of the message is its key.
        let on_first = listed_on(&pages.first) - 1;
        let on_pages: usize = on_first + pages.overflow.iter().map(listed_on).sum::<usize>();
        prop_assert_eq!(made.items().count() - on_first, pages.overflow_posts.len());
        let left = made.items().count() - on_pages;
        let said = pages.overflow.last().map(|page| page.content.clone()).unwrap_or_default();
        prop_assert_eq!(left > 0, said.contains(&left.to_string()), "{} {}", left, said);
    }

    #[test]
    fn a_quote_stands_in_the_message_as_it_was_written(item in items()) {
        let group = EventGroup { event: None, bundles: vec![Bundle { topic: None, items: vec![item.clone()] }] };
        let pages = digest(&Digest { groups: vec![group] }, None, KEY);
        if let Some(quoted) = &item.quoted {
            let quote = escape(&quoted.text).replace('\n', " ");
            prop_assert!(pages.first.embeds[0].description.contains(&quote));
        }
    }
}
