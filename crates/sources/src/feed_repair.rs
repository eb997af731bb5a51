//! Repairs of feeds that are no valid XML.

use crate::html;

/// The roots of feeds: what each begins with, the end of an entry in it, and how it ends.
const ROOTS: [(&str, &str, &str); 3] = [
    ("<rss", "</item>", "</channel></rss>"),
    ("<rdf:RDF", "</item>", "</rdf:RDF>"),
    ("<feed", "</entry>", "</feed>"),
];

/// The text with the prefixes of names declared that feeds use without doing so.
pub(crate) fn with_prefixes(text: &str) -> String {
    let mut declarations = String::new();
    for (prefix, name) in
        [("content", "http://purl.org/rss/1.0/modules/content/"), ("dc", "http://purl.org/dc/elements/1.1/")]
    {
        if text.contains(&format!("<{prefix}:")) && !text.contains(&format!("xmlns:{prefix}=")) {
            declarations = format!("{declarations} xmlns:{prefix}=\"{name}\"");
        }
    }
    let root = ROOTS.into_iter().map(|(root, ..)| root).find(|root| text.contains(root));
    match root.filter(|_| !declarations.is_empty()) {
        Some(root) => text.replacen(root, &format!("{root}{declarations}"), 1),
        None => text.to_owned(),
    }
}

/// Repairs what often breaks feeds.
pub(crate) fn repair(text: &str) -> String {
    // Programs print warnings before the feed.
    let starts = ["<?xml", "<rss", "<feed", "<rdf:"];
    let start = starts.iter().filter_map(|start| text.find(start)).min().unwrap_or(0);
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text.get(start..).unwrap_or_default();
    // In a section of characters an ampersand is only that.
    while let Some(at) = rest.find("<![CDATA[") {
        push_with_entities(&mut repaired, &rest[..at]);
        let end = rest[at..].find("]]>").map_or(rest.len(), |len| at + len);
        repaired.push_str(&rest[at..end]);
        rest = &rest[end..];
    }
    push_with_entities(&mut repaired, rest);
    repaired.retain(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\r'));
    close(&mut repaired);
    repaired
}

/// Appends a text in which each ampersand begins an entity that XML knows.
fn push_with_entities(repaired: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        repaired.push_str(&rest[..at]);
        rest = &rest[at..];
        let name_end = rest.char_indices().skip(1).find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '#'));
        let name =
            name_end.filter(|(_, c)| *c == ';').and_then(|(end, _)| rest.get(1..end)).unwrap_or_default();
        let is_known = matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") || name.starts_with('#');
        if is_known {
            repaired.push('&');
            rest = &rest[1..];
        } else if name.is_empty() {
            repaired.push_str("&amp;");
            rest = &rest[1..];
        } else {
            repaired.push_str(&resolve(name));
            rest = &rest[name.len() + 2..];
        }
    }
    repaired.push_str(rest);
}

/// The characters of an entity of HTML, as XML has them. A name that HTML does not know stays as it is written.
fn resolve(name: &str) -> String {
    // White space at the start of a document is no part of it.
    let document = html::parse(&format!("x&{name};"));
    let text = document.map(|document| document.text().to_string()).unwrap_or_default();
    let text = text.strip_prefix('x').unwrap_or_default();
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Ends a feed that was cut after its last whole entry.
fn close(repaired: &mut String) {
    let found = ROOTS.iter().filter_map(|root| Some((repaired.find(root.0)?, root)));
    let Some((_, (_, item, end))) = found.min_by_key(|(at, _)| *at) else { return };
    let is_cut = !repaired.trim_end().ends_with(end.rsplit("</").next().unwrap_or_default());
    if let Some(at) = repaired.rfind(item).filter(|_| is_cut) {
        repaired.truncate(at + item.len());
        repaired.push_str(end);
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use crate::feed::read_feed;
    use crate::feed::tests::{BASE, read, rss};

    #[test]
    fn broken_feeds_are_repaired() {
        let item =
            |title: &str| format!("<item><title>{title}</title><link>https://blog.example/a</link></item>");
        let cut = rss(&item("One")).replace("</channel></rss>", "<item><title>Tw");
        let title = |text: &str| read(text).entries[0].title.clone().unwrap_or_default();
        assert_eq!(title(&rss(&item("Q & A at KubeCon"))), "Q & A at KubeCon");
        assert_eq!(title(&rss(&item("Caf&eacute;&nbsp;talk"))), "Café talk");
        assert_eq!(title(&rss(&item("One\u{b}two"))), "One two");
        assert_eq!(title(&format!("\n\nWarning: x in <b>y</b>\n{}", rss(&item("One")))).len(), 3);
        assert_eq!(title(&cut), "One");
        assert!(read_feed(b"<html><p>no feed", &Url::parse(BASE).expect("an address"), 2026).is_err());
    }

    #[test]
    fn what_is_repaired_keeps_its_spaces_its_signs_and_its_sections() {
        let item =
            |title: &str, link: &str| format!("<item><title>{title}</title><link>{link}</link></item>");
        let link = "<![CDATA[https://blog.example/n?a=1&b=2]]>";
        for (title, expected) in [
            ("Q & A&nbsp;day at KubeCon&nbsp;EU 2019", "Q & A day at KubeCon EU 2019"),
            ("Q & A&Tab;day &hellip; &eacute;t&eacute;", "Q & A day … été"),
            ("Q & A &AMP; B", "Q & A & B"),
            ("Q & A 1 &LT; 2", "Q & A 1 < 2"),
            ("Q & A &qqq; B", "Q & A &qqq; B"),
        ] {
            let entry = &read(&rss(&item(title, link))).entries[0];
            assert_eq!(entry.title.as_deref(), Some(expected));
            assert_eq!(entry.url.as_str(), "https://blog.example/n?a=1&b=2");
        }
    }

    #[test]
    fn each_kind_of_feed_is_closed_by_its_own_end() {
        let item = |name: &str| {
            format!(
                "<item rdf:about=\"{name}\"><title>Q & A {name}</title><link>https://blog.example/{name}</link></item>"
            )
        };
        let rdf = format!(
            "<?xml version=\"1.0\"?><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
             xmlns=\"http://purl.org/rss/1.0/\"><channel rdf:about=\"x\"><title>B</title>\
             <link>https://blog.example/</link></channel>{}{}</rdf:RDF>",
            item("a"),
            item("b")
        );
        let entry = |name: &str| {
            format!(
                "<entry><title>Q & A {name}</title><id>{name}</id><link href=\"https://blog.example/{name}\"/></entry>"
            )
        };
        let atom = format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>B</title><id>x</id>{}{}</feed>",
            entry("a"),
            entry("b")
        );
        for feed in [rdf, atom, rss(&(item("a") + &item("b")).replace("rdf:", ""))] {
            assert_eq!(read(&feed).entries.len(), 2, "{feed}");
            let cut = feed.rfind("</title>").expect("a title");
            assert_eq!(read(&feed[..cut]).entries.len(), 1, "{feed}");
        }
    }
}
