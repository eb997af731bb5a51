//! The licences that feeds and pages state.

use feed_rs::model::{Entry, Feed, Link};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value as Json;
use takeaways_text::invisible::clean_line;

use crate::html;

/// The longest licence, in bytes.
const MAX_LEN: usize = 400;
/// The most parts of JSON-LD that are looked at.
const MAX_OBJECTS: usize = 1_000;

/// The licence that a text states: one of Creative Commons, or none. Other notices say only who owns the text.
pub(crate) fn licence_in(text: &str) -> Option<String> {
    let line = html::plain_line(text, MAX_LEN);
    let lower = line.to_lowercase();
    let at = ["creativecommons.org/", "creative commons", "cc by", "cc-by", "cc0"]
        .into_iter()
        .filter_map(|name| lower.find(name))
        .min()?;
    let rest = line.get(at..).unwrap_or(&line);
    if let Some(address) = lower.find("creativecommons.org/").and_then(|at| line.get(at..)) {
        let address = address.split_whitespace().next().unwrap_or_default();
        let start = lower.find("http").and_then(|at| line.get(at..));
        let whole = start.and_then(|rest| rest.split_whitespace().next()).map(str::to_owned);
        // `//creativecommons.org/…` has the scheme of its page.
        return Some(whole.unwrap_or_else(|| format!("https://{address}")));
    }
    Some(clean_line(rest, 100))
}

/// The licences of a feed: that of all posts, and those of its items in their order.
pub(crate) struct FeedLicences {
    of_all: Option<String>,
    of_items: Vec<Option<String>>,
}

impl FeedLicences {
    /// Reads what `feed` has, and from its text what stands in elements that it does not have.
    pub(crate) fn read(feed: &Feed, text: &str) -> Self {
        let mut licences = if ["license", "rights"].iter().any(|name| text.contains(name)) {
            Self::read_elements(text)
        } else {
            Self { of_all: None, of_items: Vec::new() }
        };
        let of_links = linked(&feed.links);
        let of_rights = feed.rights.as_ref().and_then(|rights| licence_in(&rights.content));
        licences.of_all = of_links.or(of_rights).or(licences.of_all);
        licences
    }

    /// The licence of the entry at a place.
    pub(crate) fn of(&self, at: usize, entry: &Entry) -> Option<String> {
        let own = entry.rights.as_ref().and_then(|rights| licence_in(&rights.content));
        let of_item = || self.of_items.get(at).cloned().flatten();
        linked(&entry.links).or(own).or_else(of_item).or_else(|| self.of_all.clone())
    }

    /// Reads `creativeCommons:license`, `cc:license` and `dc:rights` of RSS.
    fn read_elements(text: &str) -> Self {
        let mut licences = Self { of_all: None, of_items: Vec::new() };
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        let (mut in_item, mut in_licence) = (false, false);
        // What was read before the damage counts.
        while let Ok(event) = reader.read_event() {
            let found = match event {
                Event::Start(start) => {
                    let name = start.local_name();
                    if name.as_ref() == "item" {
                        in_item = true;
                        licences.of_items.push(None);
                    }
                    in_licence = matches!(name.as_ref(), "license" | "rights");
                    in_licence.then(|| resource(&start)).flatten()
                }
                Event::Empty(start) if start.local_name().as_ref() == "license" => resource(&start),
                Event::Text(text) if in_licence => licence_in(&text),
                Event::CData(text) if in_licence => licence_in(&text),
                Event::End(end) => {
                    in_licence = false;
                    in_item &= end.local_name().as_ref() != "item";
                    None
                }
                Event::Eof => break,
                _ => None,
            };
            let place = if in_item { licences.of_items.last_mut() } else { Some(&mut licences.of_all) };
            if let (Some(place), Some(found)) = (place, found) {
                place.get_or_insert(found);
            }
        }
        licences
    }
}

/// The licence that an attribute of an element names, as in RDF.
fn resource(element: &BytesStart<'_>) -> Option<String> {
    let mut attributes = element.attributes().flatten();
    let named = attributes.find(|attribute| attribute.key.local_name().as_ref() == "resource")?;
    licence_in(&named.value)
}

/// The licence that a link of a feed or an entry names.
fn linked(links: &[Link]) -> Option<String> {
    let is_licence = |link: &&Link| matches!(link.rel.as_deref(), Some("license" | "licence"));
    links.iter().filter(is_licence).find_map(|link| licence_in(&link.href))
}

/// The licence that a page states for its post. Links to a licence that do not say whose it is come last: they may be that
/// of a picture.
pub(crate) fn of_page(document: &dom_query::Document) -> Option<String> {
    let link = |selector: &str| {
        let link = document.select(selector).iter().next().and_then(|link| link.attr("href"));
        link.and_then(|href| licence_in(&href))
    };
    let named =
        |selectors: &[&str]| html::first_text(document, selectors, 400).and_then(|text| licence_in(&text));
    link("a[rel~=license], link[rel~=license]")
        .or_else(|| {
            link("a[itemprop~=license], link[itemprop~=license]").or_else(|| named(&["[itemprop~=license]"]))
        })
        .or_else(|| named(&["meta[name='dcterms.license']"]))
        .or_else(|| json_ld_licence(document))
        .or_else(|| named(&["meta[name=copyright]"]))
        .or_else(|| link("a[href*='creativecommons.org/']"))
}

/// The licence in the JSON-LD of a page: that of an article, else that of the page. That of a picture does not count.
fn json_ld_licence(document: &dom_query::Document) -> Option<String> {
    let (mut of_article, mut of_whole) = (None, None);
    for script in &document.select("script[type='application/ld+json']") {
        // Texts have line ends, which JSON does not allow.
        let script = script.text().replace(char::is_control, " ");
        let Ok(json) = serde_json::from_str::<Json>(&script) else { continue };
        let mut open = vec![&json];
        for _ in 0..MAX_OBJECTS {
            let Some(next) = open.pop() else { break };
            match next {
                Json::Array(items) => open.extend(items.iter().rev().take(MAX_OBJECTS)),
                Json::Object(object) => {
                    open.extend(["@graph", "mainEntity"].iter().filter_map(|name| object.get(*name)));
                    let licence = texts(object.get("license")).into_iter().find_map(licence_in);
                    let kinds = texts(object.get("@type"));
                    let is_article = |kind: &&str| {
                        kind.ends_with("Article") || kind.ends_with("Posting") || *kind == "Report"
                    };
                    let is_page = |kind: &&str| matches!(*kind, "WebPage" | "CreativeWork");
                    if kinds.iter().any(is_article) {
                        of_article = of_article.or(licence);
                    } else if kinds.iter().any(is_page) {
                        of_whole = of_whole.or(licence);
                    }
                }
                _ => {}
            }
        }
    }
    of_article.or(of_whole)
}

/// The texts of a value of JSON-LD: a text, the address of an object, or those of a list.
fn texts(value: Option<&Json>) -> Vec<&str> {
    let items = match value {
        Some(Json::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    items.iter().take(MAX_OBJECTS).filter_map(text_of).collect()
}

fn text_of(value: &Json) -> Option<&str> {
    match value {
        Json::Object(object) => ["@id", "url", "name"].iter().find_map(|name| object.get(*name)?.as_str()),
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_licences_are_licences() {
        assert_eq!(licence_in("© 2019 Ann Lee. All rights reserved."), None);
        assert_eq!(licence_in("Text is CC BY 4.0").as_deref(), Some("CC BY 4.0"));
        let url = "https://creativecommons.org/licenses/by/4.0/";
        assert_eq!(licence_in(&format!("See {url} for it")).as_deref(), Some(url));
        assert_eq!(licence_in("//creativecommons.org/licenses/by/4.0/").as_deref(), Some(url));
    }

    #[test]
    fn a_licence_is_read_wherever_a_page_states_it() {
        let by = "https://creativecommons.org/licenses/by/4.0/";
        let script = |json: &str| format!("<script type=\"application/ld+json\">{json}</script>");
        let photo = "<a href=\"https://creativecommons.org/licenses/by-nc/2.0/\">Photo</a>";
        for (page, expected) in [
            (script(&format!("{{\"@type\":\"BlogPosting\",\"license\":\"{by}\"}}")) + photo, Some(by)),
            (
                script(&format!("{{\"@type\":[\"Thing\",\"Article\"],\"license\":{{\"@id\":\"{by}\"}}}}")),
                Some(by),
            ),
            (
                script(&format!(
                    "{{\"@graph\":[{{\"@type\":\"ImageObject\",\"license\":\"CC0\"}},{{\"@type\":\"WebPage\",\"license\":[\"{by}\"]}}]}}"
                )),
                Some(by),
            ),
            (script("{\"@type\":\"Article\",\"license\":\"CC BY-SA 4.0\"}"), Some("CC BY-SA 4.0")),
            (script("{\"@type\":\"Article\",\"license\":\"All rights reserved\"}"), None),
            (script("{\"@type\":\"ImageObject\",\"license\":\"CC0\"}"), None),
            (script("{\"@type\":\"Article\",\"license\":"), None),
            (format!("<a rel=license href=\"{by}\">x</a>{photo}"), Some(by)),
            (format!("<link itemprop=license href=\"{by}\">"), Some(by)),
            (photo.to_owned(), Some("https://creativecommons.org/licenses/by-nc/2.0/")),
        ] {
            let document = html::parse(&format!("<html><body>{page}</body></html>")).expect("a page");
            assert_eq!(of_page(&document).as_deref(), expected, "{page}");
        }
    }
}
