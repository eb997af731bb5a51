use std::collections::HashMap;

use jiff::Timestamp;

use super::*;
use takeaways_corpus::{SourceFile, read_post};
use takeaways_text::model::{EventId, PostId};

fn now() -> Timestamp {
    "2026-11-20T00:00:00Z".parse().expect("a time")
}

fn post(id: &str, head: &str, text: &str) -> Post {
    let bytes = format!("---\n{head}\n---\n\n{text}\n");
    let source = SourceFile { id: &PostId(id.into()), path: &format!("{id}.md"), bytes: bytes.as_bytes() };
    read_post(&source, now()).post.expect("a post")
}

fn entry(number: i64, post: &Post) -> PostEntry {
    let first_seen = Timestamp::from_second(1_700_000_000 + number * 86_400).expect("a time");
    let sighting = Sighting { number, first_seen, is_initial: false };
    PostEntry { sighting, post: Arc::new(DigestPost::from_post(post, &|_| 0.0)) }
}

const MESH: &str = "Service mesh is what most talks were about. Teams should start with a service mesh only where \
                    they need mutual TLS, because each sidecar costs memory.";
const MORE_MESH: &str = "Linkerd and Istio have the same aim. A service mesh pays off when there are more than fifty services, and \
  a service mesh needs somebody who looks after it.";
const GITOPS: &str = "GitOps is here to stay. Argo CD and Flux are GitOps tools that reconcile a cluster with Git, and \
                      GitOps needs no access to the cluster from outside.";

/// Five posts: two on one event and service mesh, one on it and GitOps, one on an older event, one on none.
fn five_posts() -> Vec<PostEntry> {
    let head =
        |title: &str, date: &str, author: &str| format!("title: {title}\ndate: {date}\nauthor: {author}");
    let posts = [
        post("a", &head("Service mesh at KubeCon EU 2019", "2019-05-24", "Ada Example"), MESH),
        post("b", &head("GitOps at KubeCon EU 2019", "2019-05-25", "Grace Example"), GITOPS),
        post("c", &head("More service mesh at KubeCon EU 2019", "2019-05-26", "Ada Example"), MORE_MESH),
        post(
            "d",
            &head("KubeCon NA 2018 recap", "2018-12-20", "Ada Example"),
            "We met in Seattle at KubeCon NA 2018.",
        ),
        post("e", &head("What I read", "2020-01-01", "Alan Example"), "Books are good."),
    ];
    (1..).zip(&posts).map(|(number, post)| entry(number, post)).collect()
}

fn window(after: i64) -> PostWindow {
    PostWindow { after, include_since: None, subscribed_at: None, now: now() }
}

/// Returns the digest in one line: events, bundles and posts.
fn outline(composition: &Composition) -> String {
    let Some(digest) = &composition.digest else { return "nothing".into() };
    let bundle = |bundle: &crate::Bundle| {
        let posts: Vec<&str> = bundle.items.iter().map(|item| item.citation.post.0.as_str()).collect();
        format!("{}[{}]", bundle.topic.as_deref().unwrap_or("-"), posts.join(" "))
    };
    let group = |group: &crate::EventGroup| {
        let event = group.event.as_ref().map_or("none", |event| &event.id.0);
        format!("{event}: {}", group.bundles.iter().map(bundle).collect::<Vec<_>>().join(" "))
    };
    digest.groups.iter().map(group).collect::<Vec<_>>().join("; ")
}

fn reasons(omitted: &[OmittedPost]) -> HashMap<&str, &OmissionReason> {
    omitted.iter().map(|post| (post.post.metadata.id.0.as_str(), &post.reason)).collect()
}

#[test]
fn a_digest_on_a_topic_quotes_what_is_on_it() {
    let mesh = "Teams should start with a service mesh only where they need mutual TLS, because each sidecar costs memory.";
    let gitops =
        "GitOps needs no access to the cluster from outside, which makes it more secure than most pipelines.";
    let under_heading = "Teams should review each change in the repository before it runs, because a mistake costs more later.";
    let interest = |topic: &str| Interest { topic: Some(topic.to_owned()), ..Interest::default() };
    for (text, expected) in [
        (format!("{mesh}\n\n{gitops}\n\n## GitOps\n\n{under_heading}"), gitops),
        (format!("{mesh}\n\n## GitOps in practice\n\n{under_heading}"), under_heading),
        // No sentence is on the topic.
        (format!("{mesh}\n\n## GitOps\n\nThanks."), mesh),
    ] {
        let post = post("a", "title: A week\ndate: 2019-05-24\ntags: [gitops, service mesh]", &text);
        let quote_for = |interests: &[Interest]| {
            let digest = compose(&[entry(1, &post)], interests, &window(0)).digest.expect("a digest");
            digest.quotes().map(|(_, quoted)| quoted.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(quote_for(&[interest("gitops")]), [expected], "{text}");
        assert_eq!(quote_for(&[interest("service-mesh")]), [mesh], "{text}");
        let key = crate::key_sentence::key_sentence(&post).expect("a sentence").text;
        assert_eq!(quote_for(&[]), [key], "{text}");
    }
}

#[test]
fn posts_stand_under_their_events_and_what_they_share() {
    let composition = compose(&five_posts(), &[], &window(0));
    assert_eq!(
        outline(&composition),
        "kubecon-eu-2019: service-mesh[c a] -[b]; kubecon-na-2018: -[d]; none: -[e]"
    );
    assert_eq!(composition.omitted, []);
    let counts = composition.digest.expect("a digest").counts();
    assert_eq!((counts.recaps, counts.notes, counts.events), (5, 0, 2));
}

#[test]
fn the_order_of_posts_does_not_matter() {
    let whole = outline(&compose(&five_posts(), &[], &window(0)));
    for shift in 0..5 {
        let mut entries = five_posts();
        entries.rotate_left(shift);
        (1..).zip(&mut entries).for_each(|(number, entry)| entry.sighting.number = number);
        assert_eq!(outline(&compose(&entries, &[], &window(0))), whole);
    }
}

#[test]
fn an_event_of_which_only_the_year_is_known_stands_by_its_first_post() {
    for (date, first) in [("2019-02-01", "kubecon-eu-2019"), ("2019-06-01", "sampleconf-2019")] {
        let mut entries = five_posts();
        let head = format!("title: A recap\ndate: {date}\nevent: SampleConf 2019");
        entries.push(entry(6, &post("f", &head, "We met at SampleConf.")));
        let outline = outline(&compose(&entries, &[], &window(0)));
        assert!(outline.starts_with(first) && outline.contains("sampleconf-2019: -[f]"), "{date}: {outline}");
    }
}

#[test]
fn only_what_is_new_is_in_it() {
    let entries = five_posts();
    assert_eq!(outline(&compose(&entries, &[], &window(3))), "kubecon-na-2018: -[d]; none: -[e]");
    assert_eq!(outline(&compose(&entries, &[], &window(5))), "nothing");
    let subscribed_at = Some(entries[0].sighting.first_seen);
    let old = omitted_old_posts(&entries, &[], &PostWindow { subscribed_at, ..window(3) });
    assert_eq!(
        reasons(&old),
        HashMap::from([
            ("a", &OmissionReason::SeenBefore),
            ("b", &OmissionReason::Delivered),
            ("c", &OmissionReason::Delivered)
        ])
    );
}

#[test]
fn the_first_digest_may_hold_what_was_seen_or_dated_since_a_day() {
    let mut entries = five_posts();
    entries[0].sighting.is_initial = true;
    entries[1].sighting.is_initial = true;
    let since = |text: &str| {
        let include_since = Some(text.parse().expect("a time"));
        outline(&compose(&entries, &[], &PostWindow { include_since, ..window(4) }))
    };
    assert_eq!(since("2019-05-25T12:00:00Z"), "kubecon-eu-2019: -[c b]; kubecon-na-2018: -[d]; none: -[e]");
    assert_eq!(since("2024-01-01T00:00:00Z"), "none: -[e]");
}

#[test]
fn what_is_not_wanted_is_left_out_with_its_reason() {
    let entries = five_posts();
    let by_event = Interest { event: Some(EventId("kubecon-eu-2019".into())), ..Interest::default() };
    let by_topic = Interest { topic: Some("gitops".into()), ..Interest::default() };
    let by_author = Interest { author: Some("Ada Example".into()), ..Interest::default() };
    let both = Interest { author: Some("Ada Example".into()), ..by_event.clone() };
    for (interests, expected, e) in [
        (vec![by_event.clone()], "kubecon-eu-2019: service-mesh[c a] -[b]", OmissionReason::OtherEvent),
        (vec![by_topic.clone()], "kubecon-eu-2019: -[b]", OmissionReason::OtherTopic),
        (
            vec![by_author],
            "kubecon-eu-2019: service-mesh[c a]; kubecon-na-2018: -[d]",
            OmissionReason::OtherAuthor,
        ),
        (vec![both], "kubecon-eu-2019: service-mesh[c a]", OmissionReason::OtherEvent),
        (vec![by_event, by_topic], "kubecon-eu-2019: service-mesh[c a] -[b]", OmissionReason::NotFollowed),
    ] {
        let composition = compose(&entries, &interests, &window(0));
        assert_eq!(outline(&composition), expected);
        assert_eq!(reasons(&composition.omitted)["e"], &e);
    }
}

#[test]
fn a_topic_that_was_asked_for_is_not_what_posts_share() {
    let mesh = Interest { topic: Some("service-mesh".into()), ..Interest::default() };
    assert_eq!(outline(&compose(&five_posts(), &[mesh], &window(0))), "kubecon-eu-2019: -[c a]");
}

#[test]
fn what_is_not_out_is_left_out() {
    let draft = post("draft", "title: Soon\ndraft: true", MESH);
    let later = Post { draft: false, visible_from: Some(Timestamp::MAX), ..draft.clone() };
    let entries = [entry(1, &draft), entry(2, &Post { id: PostId("later".into()), ..later })];
    let composition = compose(&entries, &[], &window(0));
    assert_eq!(composition.digest, None);
    assert_eq!(
        reasons(&composition.omitted),
        HashMap::from([
            ("draft", &OmissionReason::Draft),
            ("later", &OmissionReason::Scheduled(Timestamp::MAX))
        ])
    );
    assert!(entries.iter().all(|entry| !entry.post.is_published(now())));
}

#[test]
fn posts_that_say_the_same_are_folded_into_one() {
    let long = (0..80).map(|at| format!("Word{} says thing {at}.", at * 31)).collect::<Vec<_>>().join(" ");
    let again = format!("{long} This was first published elsewhere.");
    let posts = [
        post(
            "note",
            "source:\n  title: One\n  url: https://a.example/x",
            "A note on what the post says of meshes.",
        ),
        post("bare", "title: One", &long),
        post("x", "title: One\nurl: https://a.example/x", &again),
        post("y", "title: Another\nurl: https://www.a.example/x/#top", "Quite other words."),
        post("z", "title: Other", "Quite other words, and more of them."),
    ];
    let entries: Vec<PostEntry> = (1..).zip(&posts).map(|(number, post)| entry(number, post)).collect();
    let composition = compose(&entries, &[], &window(0));
    assert_eq!(outline(&composition), "none: -[x z]");
    let same = OmissionReason::SameAs(PostId("x".into()));
    assert_eq!(
        reasons(&composition.omitted),
        HashMap::from([("note", &same), ("bare", &same), ("y", &same)])
    );
}

#[test]
fn each_sentence_is_cut_from_its_post() {
    let text = "We went there. Teams should start with a service mesh only where they need mutual TLS, because each sidecar \
                costs memory. Service mesh was all over. Lunch was good.";
    let post = post("a", "title: Service mesh at KubeCon EU 2019", text);
    let composition = compose(&[entry(1, &post)], &[], &window(0));
    let digest = composition.digest.expect("a digest");
    let quotes: Vec<_> = digest.quotes().collect();
    assert_eq!(quotes.len(), 1);
    for (id, quoted) in quotes {
        assert_eq!(*id, post.id);
        assert_eq!(quoted.span.slice(&post.body.text), Some(quoted.text.as_str()));
        assert!(quoted.text.starts_with("Teams should start"), "{}", quoted.text);
    }
}
