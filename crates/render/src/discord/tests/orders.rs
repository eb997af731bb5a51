//! Pages of what people order of digests: how they read, and that nothing in them can do harm.

use takeaways_digest::{
    Delivery, DeliveryId, DeliveryKey, DeliveryReason, DeliveryState, Destination, DigestPost, Interest,
    NewSubscription, OmissionReason, OmittedPost, PauseReason, Subscription, SubscriptionId,
    SubscriptionStatus, Target, WhenEmpty, Zone,
};
use takeaways_text::model::{Body, EventId, Language, Post, PostId, PostKind};

use super::*;

const TARGET: Target = Target::Channel { server: 3, channel: 7 };

fn time(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a time")
}

fn subscription(interest: Interest, status: SubscriptionStatus) -> Subscription {
    Subscription {
        id: SubscriptionId(12),
        definition: NewSubscription {
            target: TARGET,
            interests: vec![interest],
            schedule: "weekly on Monday at 09:00".parse().expect("a schedule"),
            zone: "Europe/Berlin".parse().expect("a zone"),
            when_empty: WhenEmpty::Nothing,
            include_since: None,
            wrap_up: false,
            made_by: 1,
            made_at: time(1_790_000_000),
        },
        status,
        failures: 0,
        covered_until: 0,
        was_delivered: false,
        decided_until: time(1_790_000_000),
        next_run: Some(time(1_800_000_000)),
    }
}

fn interest() -> Interest {
    Interest {
        event: Some(EventId("kubecon-na-2019".into())),
        topic: Some("supply-chain".into()),
        author: Some("Ada *Example*".into()),
        language: Some(Language::De),
    }
}

fn paused(reason: PauseReason) -> SubscriptionStatus {
    let by = (reason == PauseReason::Asked).then_some(70_000_000_000_000_001);
    SubscriptionStatus::Paused { reason, since: time(1_795_000_000), by }
}

fn delivery(state: DeliveryState, reason: Option<DeliveryReason>) -> Delivery {
    let slot = time(1_800_000_000);
    Delivery {
        id: DeliveryId(1),
        subscription: SubscriptionId(12),
        target: TARGET,
        slot,
        last_slot: slot,
        slots: 1,
        state,
        reason,
        is_late: false,
        key: DeliveryKey::new(1, Destination::Channel(7), SubscriptionId(12), slot),
        body: None,
        more: None,
        posts: 5,
        covers: 9,
        attempts: 1,
        epoch: 1,
        sending_since: None,
        not_before: slot,
        message: Some(99),
        ended_at: None,
    }
}

#[test]
fn one_that_is_made_says_all_that_was_asked_for_and_what_is_missing() {
    let made = subscription(interest(), SubscriptionStatus::Active);
    let runs = [time(1_800_000_000), time(1_800_604_800)];
    let look = ChannelAccess::MissingPermissions(vec!["Send Messages", "Embed Links"]);
    let notes = ["Nobody called Ada *Example* has a post here yet.".to_owned()];
    let shown = SubscriptionView {
        subscription: &made,
        runs: &runs,
        zone_source: ZoneSource::Default,
        access: &look,
        notes: &notes,
    };
    assert_snapshot!(super::super::created_message(&shown).content, @r"
    Digest **#12** was created: new posts about **KubeCon NA 2019, San Diego**, on **Supply chain security**, by **Ada \*Example\***, in German, in <#7>.
    Weekly on Monday at 09:00, Europe/Berlin. Next:
    - <t:1800000000:F> (<t:1800000000:R>)
    - <t:1800604800:F> (<t:1800604800:R>)
    You gave no time zone, so times are in UTC. `/digest edit` with `timezone` sets one.
    ⚠️ Nobody called Ada \*Example\* has a post here yet.
    ⚠️ I can't post in <#7> yet. Please give my role these permissions there: Send Messages, Embed Links.
    -# If there are no new posts, nothing is posted. Nobody is ever pinged.
    ");
    let fine = ChannelAccess::MissingPermissions(Vec::new());
    let shown = SubscriptionView { access: &fine, zone_source: ZoneSource::Named, notes: &[], ..shown };
    let page = super::super::changed_message(&shown);
    assert!(!page.content.contains("⚠️") && !page.content.contains("UTC"), "{}", page.content);
    assert_eq!(page.components[0].buttons().next().expect("a button").custom_id, "1:pre:12:0");
}

#[test]
fn a_list_says_how_each_is() {
    let all = [
        subscription(interest(), SubscriptionStatus::Active),
        subscription(Interest::default(), paused(PauseReason::NoPermission)),
        Subscription { next_run: None, ..subscription(Interest::default(), SubscriptionStatus::Active) },
    ];
    assert_snapshot!(list_message(&all, 0).content, @r#"
**#12** <#7> – new posts about **KubeCon NA 2019, San Diego**, on **Supply chain security**, by **Ada \*Example\***, in German
-# weekly on Monday at 09:00, Europe/Berlin · Next: <t:1800000000:F> (<t:1800000000:R>).
**#12** <#7> – all new posts
-# weekly on Monday at 09:00, Europe/Berlin · Paused <t:1795000000:R>: I may not post there. Let me view the channel, send messages (in threads too), embed links and read the message history: then it resumes by itself.
**#12** <#7> – all new posts
-# weekly on Monday at 09:00, Europe/Berlin · It will not run again: `/digest edit` sets a new schedule.
"#);
    assert_eq!(list_message(&[], 0).content, "This server has no digests yet. `/digest add` creates one.");
}

#[test]
fn a_long_list_has_pages_and_each_digest_is_on_one_of_them() {
    let all: Vec<Subscription> = (1..=60)
        .map(|at| Subscription {
            id: SubscriptionId(at),
            ..subscription(interest(), SubscriptionStatus::Active)
        })
        .collect();
    let (mut page, mut said, mut pages) = (0, String::new(), 0);
    loop {
        let shown = list_message(&all, page);
        said += &shown.content;
        pages += 1;
        let Some(row) = shown.components.first() else { break };
        let Some(ButtonId::List { page: next }) =
            ButtonId::parse(&row.buttons().next().expect("a button").custom_id)
        else {
            panic!("no button for more")
        };
        assert_eq!(next, page + 1);
        page = next;
    }
    assert!(pages > 3, "{pages}");
    assert!((1..=60).all(|at| said.contains(&format!("**#{at}** "))));
    assert_eq!(list_message(&all, 999), list_message(&all, 0));
}

#[test]
fn a_log_says_what_became_of_each_run_and_what_to_do() {
    let digest = subscription(Interest::default(), SubscriptionStatus::Active);
    let late = Delivery { is_late: true, ..delivery(DeliveryState::Sent, None) };
    let skipped = Delivery {
        slots: 3,
        last_slot: time(1_801_000_000),
        ..delivery(DeliveryState::Skipped, Some(DeliveryReason::Missed))
    };
    let runs = [
        late,
        delivery(DeliveryState::Empty, None),
        skipped,
        delivery(DeliveryState::Failed, Some(DeliveryReason::NoPermission)),
        delivery(DeliveryState::Failed, Some(DeliveryReason::NoPermission)),
        delivery(DeliveryState::Unknown, Some(DeliveryReason::HistoryUnreadable)),
        delivery(DeliveryState::Planned, None),
    ];
    assert_snapshot!(drawn(&run_log(&digest, &runs)), @r#"
    {
      "content": "The last runs of digest **#12**: all new posts, in <#7>.",
      "embeds": [
        {
          "description": "- <t:1800000000:f> – **sent**, late: 5 posts. [Open](https://discord.com/channels/3/7/99)
        - <t:1800000000:f> – no new posts, so nothing was posted.
        - <t:1800000000:f> to <t:1801000000:f> – **skipped** 3 runs. I was not running at that time or soon after.
        - <t:1800000000:f> – **failed**. I may not post in the channel.
        - <t:1800000000:f> – **failed**. I may not post in the channel.
        - <t:1800000000:f> – **unknown**: 5 posts. It may have been posted: I could not check, so I did not post it a second time.
        - <t:1800000000:f> – waiting to be sent.
        -# Nothing to do: the next digest includes these posts.
        -# Let me view the channel, send messages (in threads too), embed links and read the message history, or choose another channel with `/digest edit`.
        -# Check whether it is there; if not, post it with `/digest now`. Let me read the message history, so that I can check it myself.",
          "color": 5205391
        }
      ],
      "allowed_mentions": {
        "parse": []
      }
    }
    "#);
    assert!(run_log(&digest, &[]).content.starts_with("Digest **#12** has had no runs yet."));
}

#[test]
fn every_state_and_reason_has_its_line_in_a_log() {
    let digest = subscription(interest(), SubscriptionStatus::Active);
    for state in DeliveryState::ALL {
        for reason in DeliveryReason::ALL {
            let page = run_log(&digest, &vec![delivery(state, Some(reason)); 10]);
            let said = &page.embeds[0].description;
            assert_eq!(said.lines().count(), 11, "{said}");
            assert!(
                said.contains(reason_text(reason)) && said.ends_with(reason_remedy(reason)),
                "{state:?} {reason:?}: {said}"
            );
        }
    }
}

#[test]
fn what_somebody_follows_is_listed_with_when_it_comes() {
    let interests = |count: usize| {
        (0..count).map(|at| Interest {
            author: Some(format!("Author {at} {}", "x".repeat(60))),
            ..Interest::default()
        })
    };
    let mut follows = subscription(Interest::default(), paused(PauseReason::DirectMessagesClosed));
    follows.definition.target = Target::Person(1);
    follows.definition.interests = interests(2).collect();
    follows.definition.interests.push(Interest { topic: Some("supply-chain".into()), ..Interest::default() });
    assert_snapshot!(follows_message(Some(&follows)).content, @r#"
You follow posts (3):
- by **Author 0 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx**
- by **Author 1 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx**
- on **Supply chain security**
Weekly on Monday at 09:00, Europe/Berlin. Next: <t:1800000000:F> (<t:1800000000:R>).
⏸️ Paused <t:1795000000:R>: Discord does not let me send you direct messages.
`/follow` with `schedule` and `timezone` changes the time; `/unfollow` stops it.
"#);
    follows.definition.interests = interests(200).collect();
    let page = follows_message(Some(&follows));
    assert!(
        page.content.contains(" more\n") && page.content.contains("`/unfollow` stops it"),
        "{}",
        page.content
    );
    assert_page(&page).expect("a page");
    assert_eq!(page.components[0].buttons().next().expect("a button").custom_id, "1:go:12");
}

#[test]
fn what_is_followed_is_found_by_what_was_chosen_and_by_its_name() {
    let topic = Interest { topic: Some("supply-chain".into()), ..Interest::default() };
    let author = Interest { author: Some("Ada".into()), ..Interest::default() };
    let event = Interest { event: Some(EventId("kubecon-na-2019".into())), ..Interest::default() };
    let all = [topic.clone(), author.clone(), event.clone()];
    let choices = follow_choices(&all, "");
    let pairs: Vec<_> = choices.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect();
    assert_eq!(
        pairs,
        [
            ("topic: Supply chain security", "topic:supply-chain"),
            ("author: Ada", "author:Ada"),
            ("event: KubeCon NA 2019, San Diego", "event:kubecon-na-2019"),
            ("all, and delete my data", "all"),
        ]
    );
    assert_eq!(follow_choices(&all, "ADA").len(), 1);
    for (interest, typed) in [
        (&topic, "topic:supply-chain"),
        (&topic, "supply chain security"),
        (&author, " ada "),
        (&event, "KubeCon NA 2019, San Diego"),
    ] {
        assert!(interest_matches(interest, typed), "{typed}");
        assert_eq!(all.iter().filter(|other| interest_matches(other, typed)).count(), 1, "{typed}");
    }
    assert!(!interest_matches(&author, "") && !interest_matches(&author, "all"));
}

fn post() -> Post {
    Post {
        id: PostId("2019/mesh".into()),
        path: "2019/mesh.md".into(),
        kind: PostKind::Post,
        title: Some("On *meshes*".into()),
        authors: vec!["Ada Example".into()],
        date: None,
        url: None,
        publisher: None,
        language: Language::En,
        tags: Vec::new(),
        topics: Vec::new(),
        projects: Vec::new(),
        companies: Vec::new(),
        events: Vec::new(),
        draft: false,
        is_about_draft: false,
        visible_from: None,
        body: Body::default(),
    }
}

#[test]
fn what_is_left_out_is_told_by_reason() {
    let left = |why| OmittedPost { post: std::sync::Arc::new(DigestPost::unanalysed(&post())), reason: why };
    let mut all: Vec<OmittedPost> = (0..8).map(|_| left(OmissionReason::SeenBefore)).collect();
    all.extend([
        left(OmissionReason::SameAs(PostId("2019/other".into()))),
        left(OmissionReason::Scheduled(time(1_800_000_000))),
    ]);
    assert_snapshot!(drawn(&omitted_posts(&all)), @r#"
    {
      "content": "Left out: 10 posts.",
      "embeds": [
        {
          "description": "**1 post** – It says the same as another post in the digest
        - On \\*meshes\\*: same as 2019/other
        **1 post** – It is not published yet
        - On \\*meshes\\*: <t:1800000000:D>
        **8 posts** – It is older than the digest
        - On \\*meshes\\*
        - On \\*meshes\\*
        - On \\*meshes\\*
        - On \\*meshes\\*
        - On \\*meshes\\*
        - and 3 more",
          "color": 9080728
        }
      ],
      "allowed_mentions": {
        "parse": []
      }
    }
    "#);
    assert_eq!(omitted_posts(&[]).content, "Nothing is left out.");
}

#[test]
fn a_digest_is_named_by_its_number() {
    for (typed, id) in [
        ("12", Some(12)),
        ("#12", Some(12)),
        (" #1 ", Some(1)),
        ("", None),
        ("#", None),
        ("-1", None),
        ("0", None),
        ("1.5", None),
        ("1 OR 1=1", None),
        ("99999999999999999999", None),
        ("１", None),
    ] {
        assert_eq!(parse_digest_number(typed), id.map(SubscriptionId), "{typed:?}");
    }
}

#[test]
fn a_notice_about_closed_messages_has_a_button_that_resumes() {
    let notice = closed_messages_notice(SubscriptionId(3));
    assert!(notice.content.contains("press *Resume*"));
    assert_eq!(notice.components[0].buttons().next().expect("a button").custom_id, "1:go:3");
    assert_page(&notice).expect("a page");
}

/// Channels are linked, which pings nobody: their links are ours.
fn without_channels(page: &MessagePayload) -> MessagePayload {
    let ours = regex::Regex::new("<#7>").expect("a pattern");
    let without = |text: &str| ours.replace_all(text, "#").into_owned();
    let mut page = page.clone();
    page.content = without(&page.content);
    for embed in &mut page.embeds {
        embed.description = without(&embed.description);
    }
    page
}

prop_compose! {
    fn interests()(texts in prop::collection::vec(hostile(), 3), parts in prop::collection::vec(any::<bool>(), 4)) -> Interest {
        let text = |at: usize| parts[at].then(|| texts[at].clone());
        Interest {
            event: text(0).map(EventId),
            topic: text(1),
            author: text(2),
            language: parts[3].then_some(Language::Other),
        }
    }
}

proptest! {
    #[test]
    fn a18_whatever_a_digest_is_made_of_its_pages_keep_to_every_limit_and_ping_nobody(
        all in prop::collection::vec(interests(), 0..30),
        texts in prop::collection::vec(hostile(), 3),
        page in 0u16..40,
    ) {
        let look = ChannelAccess::MissingPermissions(vec!["Send Messages"; 8]);
        let notes = [texts[0].clone(), texts[1].clone()];
        let subscriptions: Vec<Subscription> =
            all.iter().cloned().map(|interest| subscription(interest, paused(PauseReason::Refused))).collect();
        let mut pages = vec![
            list_message(&subscriptions, page),
            no_such_digest(&texts[0]),
            not_followed_message(&texts[1]),
            ambiguous_event(&texts[0], &texts),
            ambiguous_topic(&texts[1], &[]),
            ambiguous_author(&texts[2], &texts),
            conflicting_zones(&Zone::utc(), &Zone::utc()),
            omitted_posts(&[]),
        ];
        pages.extend(texts[0].parse::<Zone>().err().map(|error| bad_zone(&error)));
        pages.extend(texts[1].parse::<takeaways_digest::Schedule>().err().map(|error| bad_schedule(&error)));
        let mut follows = subscription(Interest::default(), SubscriptionStatus::Active);
        follows.definition.interests.clone_from(&all);
        pages.extend([follows_message(Some(&follows)), resumed_follow_message(&follows, &[])]);
        for subscription in &subscriptions {
            let shown = SubscriptionView { subscription, runs: &[time(0); 3], zone_source: ZoneSource::Remembered, access: &look, notes: &notes };
            let interest = &subscription.definition.interests[0];
            pages.extend([
                created_message(&shown),
                changed_message(&shown),
                removed_message(subscription),
                nothing_to_post(subscription),
                run_log(subscription, &vec![delivery(DeliveryState::Failed, Some(DeliveryReason::Refused)); 10]),
                followed_message(subscription, interest, false, ZoneSource::Remembered, &notes),
                unfollowed_message(interest, &all),
            ]);
        }
        for page in &pages {
            assert_page(&without_channels(page))?;
        }
        for choice in follow_choices(&all, &texts[0]).iter().chain(&digest_choices(&subscriptions, "")) {
            prop_assert!((1..=MAX_CHOICE).contains(&utf16_length(&choice.name)) && !choice.name.contains('\n'));
            prop_assert!((1..=MAX_CHOICE).contains(&utf16_length(&choice.value)));
        }
    }
}
