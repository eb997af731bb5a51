//! A digest as one line of JSON.

use serde::Serialize;

use super::span_bounds;
use crate::wording;
use takeaways_digest::{Digest, DigestCounts, DigestItem, EventGroup, OmittedPost};
use takeaways_text::model::{Event, EventId, PostKind};

#[derive(Serialize)]
struct DigestLine<'a> {
    headline: Option<String>,
    recaps: usize,
    notes: usize,
    events: usize,
    groups: Vec<GroupLine<'a>>,
    left_out: Vec<OmittedPostLine<'a>>,
}

#[derive(Serialize)]
struct GroupLine<'a> {
    event: Option<&'a EventId>,
    name: Option<String>,
    bundles: Vec<BundleLine<'a>>,
}

#[derive(Serialize)]
struct BundleLine<'a> {
    topic: Option<&'a str>,
    posts: Vec<ItemLine<'a>>,
}

#[derive(Serialize)]
struct ItemLine<'a> {
    post: &'a str,
    path: &'a str,
    kind: PostKind,
    title: &'a str,
    author: Option<&'a str>,
    date: Option<String>,
    url: Option<&'a str>,
    quote: Option<&'a str>,
    span: Option<[usize; 2]>,
}

#[derive(Serialize)]
struct OmittedPostLine<'a> {
    post: &'a str,
    path: &'a str,
    why: String,
}

/// One line, without a line feed. Where nothing is new, the headline is `null`.
///
/// # Errors
/// None that is known: all that is written are texts and numbers.
pub fn digest(digest: Option<&Digest>, left_out: &[OmittedPost]) -> serde_json::Result<String> {
    let DigestCounts { recaps, notes, events } = digest.map(Digest::counts).unwrap_or_default();
    serde_json::to_string(&DigestLine {
        headline: digest.map(wording::headline),
        recaps,
        notes,
        events,
        groups: digest.iter().flat_map(|digest| &digest.groups).map(group).collect(),
        left_out: left_out.iter().map(omitted_post_line).collect(),
    })
}

fn group(group: &EventGroup) -> GroupLine<'_> {
    let bundles = group.bundles.iter();
    GroupLine {
        event: group.event.as_ref().map(|event| &event.id),
        name: group.event.as_ref().map(Event::label),
        bundles: bundles
            .map(|bundle| BundleLine {
                topic: bundle.topic.as_deref(),
                posts: bundle.items.iter().map(item).collect(),
            })
            .collect(),
    }
}

fn item(item: &DigestItem) -> ItemLine<'_> {
    let from = &item.citation;
    ItemLine {
        post: &from.post.0,
        path: &from.path,
        kind: from.kind,
        title: &from.title,
        author: from.author.as_deref(),
        date: from.date.map(|date| date.to_string()),
        url: from.url.as_deref(),
        quote: item.quoted.as_ref().map(|quoted| quoted.text.as_str()),
        span: item.quoted.as_ref().map(|quoted| span_bounds(quoted.span)),
    }
}

fn omitted_post_line(left_out: &OmittedPost) -> OmittedPostLine<'_> {
    let post = &left_out.post.metadata;
    OmittedPostLine { post: &post.id.0, path: &post.path, why: wording::omission_reason(&left_out.reason) }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::samples;

    #[test]
    fn a_digest() {
        assert_snapshot!(super::digest(Some(&samples::digest()), &[]).expect("a line"), @r#"
{"headline":"3 new recaps and 1 note on a recap on 1 event","recaps":3,"notes":1,"events":1,"groups":[{"event":"kubecon-na-2019","name":"KubeCon NA 2019, San Diego","bundles":[{"topic":"Service mesh","posts":[{"post":"2019/mesh-notes","path":"2019/mesh-notes.md","kind":"post","title":"What I learned in San Diego","author":"Ada Example","date":"2019-12-05","url":"https://example.com/posts/what-i-learned-in-san-diego","quote":"Service mesh is still young, and most teams that I met run a mesh for one cluster only.","span":[24,111]},{"post":"2019/more","path":"2019/mesh-notes.md","kind":"post","title":"What others say","author":"Ada Example","date":"2019-12-05","url":null,"quote":null,"span":null}]},{"topic":null,"posts":[{"post":"2019/mesh-notes","path":"2019/mesh-notes.md","kind":"note","title":"What I learned in San Diego","author":"Ada Example","date":"2019-12-05","url":"https://example.com/posts/what-i-learned-in-san-diego","quote":"サービスメッシュはまだ若い。","span":[112,154]}]}]},{"event":null,"name":null,"bundles":[{"topic":null,"posts":[{"post":"raw","path":"raw.txt","kind":"post","title":"raw\u001b[31m\nnotes","author":null,"date":null,"url":null,"quote":"Service mesh is still young, and most teams that I met run a mesh for one cluster only.","span":[24,111]}]}]}],"left_out":[]}
"#);
        assert_snapshot!(super::digest(None, &[]).expect("a line"), @r#"
{"headline":null,"recaps":0,"notes":0,"events":0,"groups":[],"left_out":[]}
"#);
    }
}
