//! Chooses the key sentence of a post: the best of its points that a digest has room for.

use std::cmp::Reverse;

use takeaways_corpus::topics::TopicTable;
use takeaways_text::model::{BlockKind, Point, Post, Quote};

/// The least grade of a key sentence; below it only the title is shown. Found by reading digests of real posts.
const MIN_GRADE: f32 = 0.9;
/// The same for a sentence on a topic that a reader follows: it shows why the post is there.
const MIN_TOPIC_GRADE: f32 = 0.6;
/// The most characters of a key sentence.
const MAX_CHARS: usize = 240;
/// A list item nested deeper needs the items above it.
const MAX_DEPTH: u8 = 2;

/// Returns the key sentence of a post, quoted from it; `None` if no point is good enough.
pub fn key_sentence(post: &Post) -> Option<Quote> {
    let points = post.body.points.iter().filter(|point| is_readable(post, point));
    let best = points
        .max_by(|a, b| a.grade().total_cmp(&b.grade()).then_with(|| Reverse(a.span).cmp(&Reverse(b.span))))?;
    (best.grade() >= MIN_GRADE).then(|| quote(post, best))
}

/// Returns the best sentence of a post on each of its topics that has one, by the id of the topic: one that names the
/// topic, else one right below a heading that does: what has a heading of its own may be on something else.
pub fn topic_sentences(post: &Post) -> Vec<(String, Quote)> {
    let (table, body) = (TopicTable::builtin(), &post.body);
    let topics_of_heading = |point: &Point| -> Vec<&str> {
        let heading = body.headings_above(body.section_at(point.span)).next();
        heading.into_iter().flat_map(|heading| table.ids_in_text(body.slice(heading))).collect()
    };
    let readable = |point: &&Point| point.grade() >= MIN_TOPIC_GRADE && is_readable(post, point);
    let points = body.points.iter().filter(readable).map(|point| (point, topics_of_heading(point)));
    let points: Vec<(&Point, Vec<&str>)> = points.collect();
    let best_on = |topic: &String| {
        let on_topic = points.iter().filter_map(|(point, of_heading)| {
            let is_named = point.topics.iter().any(|at| table.id_at(*at) == Some(topic));
            (is_named || of_heading.contains(&topic.as_str())).then_some((is_named, *point))
        });
        let best = on_topic.max_by(|(is_named, a), (is_other_named, b)| {
            let by_grade =
                a.grade().total_cmp(&b.grade()).then_with(|| Reverse(a.span).cmp(&Reverse(b.span)));
            is_named.cmp(is_other_named).then(by_grade)
        });
        best.map(|(_, point)| (topic.clone(), quote(post, point)))
    };
    post.topics.iter().filter_map(best_on).collect()
}

fn quote(post: &Post, point: &Point) -> Quote {
    Quote { text: post.body.slice(point.span).to_owned(), span: point.span }
}

/// Whether a point can be read in a digest, where nothing stands around it.
fn is_readable(post: &Post, point: &Point) -> bool {
    let body = &post.body;
    let blocks = body.blocks_at(point.span).filter_map(|block| body.blocks.get(block as usize));
    let is_prose = |kind: BlockKind, depth: u8| match kind {
        BlockKind::Paragraph => true,
        BlockKind::ListItem => depth <= MAX_DEPTH,
        _ => false,
    };
    body.slice(point.span).chars().count() <= MAX_CHARS
        && blocks.into_iter().all(|block| is_prose(block.kind, block.depth))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use takeaways_corpus::{SourceFile, read_post};
    use takeaways_text::model::{Language, PostId};

    fn post(title: &str, text: &str) -> Post {
        let bytes = format!("---\ntitle: {title:?}\nauthor: Ada Example\n---\n\n{text}\n");
        let source = SourceFile { id: &PostId("post".into()), path: "post.md", bytes: bytes.as_bytes() };
        read_post(&source, jiff::Timestamp::UNIX_EPOCH).post.expect("a post")
    }

    fn key_sentence_of(text: &str) -> Option<String> {
        key_sentence(&post("Service mesh at a conference", text)).map(|quoted| quoted.text)
    }

    #[test]
    fn a_takeaway_is_chosen_before_logistics_and_praise() {
        let best = "Teams should start with a service mesh only where they need mutual TLS, because each sidecar costs memory.";
        for other in [
            "We had a great time at the conference and want to thank all sponsors of the service mesh day.",
            "In the morning I attended three talks on service mesh in the largest room of the venue.",
            "Ada Example is a service mesh engineer who must work with a security team more than others.",
            "This should be avoided, because a service mesh costs more memory than most teams have.",
            "Should teams start with a service mesh only where they need mutual TLS and more security?",
            "See the slides on service mesh, which are the most important ones, on the page of the event.",
            "The security of a service mesh is presented in “Why Every Team Needs a Mesh” by Grace Example.",
            "service mesh should be used where teams need mutual TLS, because each sidecar costs memory",
        ] {
            assert_eq!(key_sentence_of(&format!("{other}\n\n{best}")).as_deref(), Some(best), "{other}");
            assert_eq!(key_sentence_of(&format!("{best}\n\n{other}")).as_deref(), Some(best), "{other}");
        }
    }

    #[test]
    fn a_post_without_a_good_sentence_has_no_key_sentence() {
        for text in [
            "Thanks to all who came.",
            "We had a great time in a nice city, and met many lovely people at our booth.",
            "```\nservice mesh should be faster than without, because it must cost less memory.\n```",
            "# Teams should start with a service mesh only where they need mutual TLS and security.",
            "> Teams should start with a service mesh only where they need mutual TLS and security.",
            "[Teams should start with a service mesh only where they need mutual TLS and security.](https://a.example)",
            "- Service mesh\n- Security\n- GitOps",
        ] {
            assert_eq!(key_sentence_of(text), None, "{text}");
        }
    }

    #[test]
    fn other_languages_have_key_sentences_too() {
        for (text, language) in [
            (
                "Wir waren drei Tage dort und haben viel gesehen. Ein Service Mesh sollte man nur einsetzen, wenn man mTLS \
             wirklich braucht, weil jeder Sidecar mehr Speicher kostet. Das Essen war gut und die Stadt schön.",
                Language::De,
            ),
            (
                "サービスメッシュの話が多かったです。サービスメッシュは小さなチームには必要ではなく、運用コストの方が問題になることが多い。また来年も行きます。",
                Language::Ja,
            ),
        ] {
            let post = post("Service Mesh", text);
            assert_eq!(post.language, language);
            let quoted = key_sentence(&post).expect("a sentence");
            assert!(quoted.text.contains("Mesh sollte") || quoted.text.contains("必要"), "{}", quoted.text);
        }
    }

    #[test]
    fn hostile_posts_take_linear_time() {
        for piece in ["a, ", "“", "a. ", "\"x ", "should than because ", "この", "A1 "] {
            let text = "Word. ".to_owned() + &piece.repeat((1 << 18) / piece.len());
            let post = post("Title", &text);
            let quoted = key_sentence(&post);
            assert!(quoted.is_none_or(|quoted| quoted.text.len() < 1_000), "{piece}");
        }
    }

    proptest! {
        #[test]
        fn a_sentence_is_cut_from_its_post(
            text in prop::collection::vec(
                prop::sample::select(vec![
                    "Teams should start with a service mesh only where they need mutual TLS. ",
                    "Lunch was good. ", "\n\n", "# Heading\n\n", "- ", "サービスメッシュは必要ではなく、運用コストの方が問題になる。", "é\u{301} ",
                    "\"", "(", "https://a.example ", "We need more security than before, because each sidecar costs memory! ",
                ]),
                0..30,
            )
        ) {
            let post = post("Service mesh", &format!("Word.\n\n{}", text.concat()));
            if let Some(quoted) = key_sentence(&post) {
                prop_assert_eq!(quoted.span.slice(&post.body.text), Some(quoted.text.as_str()));
                prop_assert!(quoted.text.chars().count() <= 240 && !quoted.text.contains('\n'));
            }
        }
    }
}
