//! What a page says about its article as JSON-LD (<https://schema.org/Article>).

use serde_json::Value as Json;

/// Most objects that are looked at.
const MAX_OBJECTS: usize = 1_000;

/// The article that a page holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct JsonLd {
    pub(super) headline: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: Option<String>,
    pub(super) url: Option<String>,
    pub(super) language: Option<String>,
}

impl JsonLd {
    /// The first article in the scripts of a page. What is not JSON is passed over.
    pub(super) fn read(scripts: &[String]) -> Self {
        scripts
            .iter()
            .filter_map(|script| serde_json::from_str(script).ok())
            .find_map(|json| article(&json))
            .unwrap_or_default()
    }
}

/// Looks through lists and graphs, without recursion.
fn article(json: &Json) -> Option<JsonLd> {
    let mut waiting = vec![json];
    for _ in 0..MAX_OBJECTS {
        match waiting.pop()? {
            Json::Array(items) => waiting.extend(items.iter().rev().take(MAX_OBJECTS)),
            Json::Object(object) if is_article(object) => return Some(read(object)),
            Json::Object(object) => {
                waiting.extend(object.get("@graph").into_iter().chain(object.get("mainEntity")));
            }
            _ => {}
        }
    }
    None
}

fn is_article(object: &serde_json::Map<String, Json>) -> bool {
    let named = |kind: &str| kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report";
    texts(object.get("@type")).any(named)
}

fn read(object: &serde_json::Map<String, Json>) -> JsonLd {
    let text = |name: &str| texts(object.get(name)).next().map(str::to_owned);
    let page = object.get("mainEntityOfPage").and_then(|page| page.get("@id").or(Some(page)));
    JsonLd {
        headline: text("headline").or_else(|| text("name")),
        authors: texts(object.get("author")).map(str::to_owned).collect(),
        published: text("datePublished").or_else(|| text("dateCreated")),
        url: text("url").or_else(|| texts(page).next().map(str::to_owned)),
        language: text("inLanguage"),
    }
}

/// A text, the texts of a list, or the names of objects.
fn texts(json: Option<&Json>) -> impl Iterator<Item = &str> {
    let items = match json {
        Some(Json::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    items
        .iter()
        .take(MAX_OBJECTS)
        .filter_map(|item| item.as_str().or_else(|| item.get("name").and_then(Json::as_str)))
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_wherever_it_stands() {
        let article = r#"{"@type": ["Thing", "BlogPosting"], "headline": " T ", "author": [{"name": "A"}, "B"],
            "datePublished": "2018-08-29", "mainEntityOfPage": {"@id": "https://x.org/p"}, "inLanguage": "ko"}"#;
        for script in
            [article.to_owned(), format!("[{{}}, {article}]"), format!("{{\"@graph\": [1, {article}]}}")]
        {
            let read = JsonLd::read(&["not json".to_owned(), script.clone()]);
            assert_eq!(read.headline.as_deref(), Some("T"), "{script}");
            assert_eq!(read.authors, ["A", "B"], "{script}");
            assert_eq!(read.published.as_deref(), Some("2018-08-29"), "{script}");
            assert_eq!(read.url.as_deref(), Some("https://x.org/p"), "{script}");
        }
    }

    #[test]
    fn what_is_no_article_says_nothing() {
        for script in ["", "{}", "null", r#"{"@type": "WebSite", "name": "Site"}"#, &"[".repeat(100_000)] {
            assert_eq!(JsonLd::read(&[script.to_owned()]), JsonLd::default());
        }
    }
}
