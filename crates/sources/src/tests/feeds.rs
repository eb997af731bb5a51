//! Feeds as generators write them: each field of each post against `data/feeds.toml`.

use serde::Deserialize;
use url::Url;

use super::templates::{TEXT, paragraphs};
use crate::{Listed, read_feed};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    feed: Vec<FeedCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedCase {
    name: String,
    body: String,
    post: Vec<PostCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostCase {
    url: String,
    title: Option<String>,
    #[serde(default)]
    authors: Vec<String>,
    date: Option<String>,
    licence: Option<String>,
    whole: bool,
    #[serde(default)]
    lacks: Vec<String>,
}

/// What differs between a post and what is true of it.
fn differences(post: &Listed, truth: &PostCase) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |field: &str, is: Option<&str>, should: Option<&str>| {
        if is != should {
            found.push(format!("{field} is {is:?}, not {should:?}"));
        }
    };
    let date = post.date.map(|date| date.to_string());
    compare("url", Some(post.url.as_str()), Some(&truth.url));
    compare("title", post.title.as_deref(), truth.title.as_deref());
    compare("date", date.as_deref(), truth.date.as_deref());
    compare("licence", post.licence.as_deref(), truth.licence.as_deref());
    compare("authors", Some(&post.authors.join(", ")), Some(&truth.authors.join(", ")));
    let markdown = post
        .html
        .as_deref()
        .map(|html| crate::markdown::fragment_markdown(html, &post.url).unwrap_or_default());
    if markdown.is_some() != truth.whole {
        found.push(format!("whole is {}, not {}", markdown.is_some(), truth.whole));
    }
    let markdown = markdown.unwrap_or_default();
    let missing = TEXT.iter().filter(|text| truth.whole && !markdown.contains(**text));
    found.extend(missing.map(|text| format!("it lacks {text:?}")));
    let foreign = truth.lacks.iter().filter(|words| markdown.contains(words.as_str()));
    found.extend(foreign.map(|words| format!("it holds {words:?}")));
    found
}

#[test]
fn each_field_of_each_post_of_the_feeds_of_generators_is_true() {
    let table: Table = toml::from_str(include_str!("data/feeds.toml")).expect("a table");
    assert!(table.feed.len() >= 16, "{}", table.feed.len());
    let text = paragraphs();
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let long = text.repeat(2);
    let url = Url::parse("https://blog.example/feed.xml").expect("an address");
    let mut wrong = Vec::new();
    for case in &table.feed {
        let body = case.body.replace("{text}", &text).replace("{escaped}", &escaped).replace("{long}", &long);
        let listing = match read_feed(body.as_bytes(), &url, 2026) {
            Ok(listing) => listing,
            Err(error) => {
                wrong.push(format!("{}: {error}", case.name));
                continue;
            }
        };
        if listing.entries.len() != case.post.len() {
            wrong.push(format!("{}: {} posts, not {}", case.name, listing.entries.len(), case.post.len()));
        }
        for (post, truth) in listing.entries.iter().zip(&case.post) {
            wrong.extend(differences(post, truth).iter().map(|it| format!("{}: {it}", case.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
