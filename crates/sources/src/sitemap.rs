//! Sitemaps and their indexes.

use quick_xml::Reader;
use quick_xml::events::Event;
use thiserror::Error;
use url::Url;

use crate::MAX_BODY_BYTES;
use crate::decoding;

/// The most addresses of a sitemap, by the protocol.
pub(crate) const MAX_ENTRIES: usize = 50_000;

/// An address of a sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SitemapEntry {
    /// The address.
    pub url: Url,
    /// When it was changed, as written.
    pub modified: Option<String>,
}

/// A sitemap: pages, or other sitemaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sitemap {
    /// Addresses of pages.
    Pages(Vec<SitemapEntry>),
    /// Addresses of other sitemaps.
    Index(Vec<SitemapEntry>),
}

/// Why bytes are no sitemap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it is no sitemap")]
pub(crate) struct SitemapError;

/// Reads a sitemap, also one that is packed with gzip. Addresses of other hosts than that of `url` are left out, as the
/// protocol demands.
///
/// # Errors
/// If it is no sitemap.
pub(crate) fn read_sitemap(bytes: &[u8], url: &Url) -> Result<Sitemap, SitemapError> {
    let unpacked;
    let bytes = if decoding::is_gzip(bytes) {
        unpacked = decoding::unpack_gzip(bytes, MAX_BODY_BYTES).map_err(|_| SitemapError)?;
        unpacked.as_slice()
    } else {
        bytes
    };
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    reader.config_mut().check_end_names = false;
    let (mut is_index, mut entries, mut prefix) = (None, Vec::new(), String::new());
    let (mut field, mut location, mut modified) = (Field::Other, String::new(), String::new());
    // What was read before the damage counts.
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) => {
                let (name, written) = (start.local_name(), start.name());
                let of = written.as_ref().split_once(':').map_or("", |(prefix, _)| prefix);
                match name.as_ref() {
                    "urlset" | "sitemapindex" if is_index.is_none() => {
                        is_index = Some(name.as_ref() == "sitemapindex");
                        of.clone_into(&mut prefix);
                    }
                    _ if is_index.is_none() => return Err(SitemapError),
                    // Pictures and videos have addresses of their own.
                    _ if of != prefix => field = Field::Other,
                    "url" | "sitemap" => (location, modified) = (String::new(), String::new()),
                    "loc" => field = Field::Location,
                    "lastmod" => field = Field::Modified,
                    _ => field = Field::Other,
                }
            }
            Event::Text(text) => push(field, &mut location, &mut modified, &text),
            Event::CData(text) => push(field, &mut location, &mut modified, &text),
            Event::GeneralRef(name) => {
                push(
                    field,
                    &mut location,
                    &mut modified,
                    &crate::html::plain_line(&format!("&{};", &*name), 4),
                );
            }
            Event::End(end) => {
                field = Field::Other;
                if matches!(end.local_name().as_ref(), "url" | "sitemap") {
                    let found = url.join(location.trim()).ok().filter(|_| !location.trim().is_empty());
                    let found = found.filter(|found| crate::address::is_same_site(found, url));
                    let modified = Some(modified.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
                    entries.extend(found.map(|url| SitemapEntry { url, modified }));
                    if entries.len() >= MAX_ENTRIES {
                        break;
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match is_index {
        Some(true) => Ok(Sitemap::Index(entries)),
        Some(false) => Ok(Sitemap::Pages(entries)),
        None => Err(SitemapError),
    }
}

#[derive(Clone, Copy)]
enum Field {
    Location,
    Modified,
    Other,
}

fn push(field: Field, location: &mut String, modified: &mut String, text: &str) {
    match field {
        Field::Location => location.push_str(text),
        Field::Modified => modified.push_str(text),
        Field::Other => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Sitemap, SitemapError> {
        read_sitemap(text.as_bytes(), &Url::parse("https://blog.example/sitemap.xml").expect("an address"))
    }

    #[test]
    fn pages_and_indexes_are_told_apart() {
        let pages = read(
            "\n<?xml version=\"1.0\"?><urlset xmlns=\"x\" xmlns:image=\"y\"><url><loc>https://blog.example/a?x=1&amp;y=2\
             </loc><image:image><image:loc>https://blog.example/i.png</image:loc></image:image></url>\
             <url><lastmod>2019-11-20</lastmod><loc> /b </loc></url><url><loc>https://other.example/c</loc></url>\
             <url><loc></loc></url></urlset>",
        );
        let Ok(Sitemap::Pages(pages)) = pages else { panic!("{pages:?}") };
        let shown: Vec<_> = pages.iter().map(|page| (page.url.as_str(), page.modified.as_deref())).collect();
        assert_eq!(
            shown,
            [("https://blog.example/a?x=1&y=2", None), ("https://blog.example/b", Some("2019-11-20"))]
        );
        let index =
            read("<sitemapindex><sitemap><loc>https://blog.example/s1.xml.gz</loc></sitemap></sitemapindex>");
        assert!(matches!(index, Ok(Sitemap::Index(all)) if all.len() == 1));
        assert_eq!(read("<html><body>"), Err(SitemapError));
        assert_eq!(read(""), Err(SitemapError));
    }

    #[test]
    fn a06_a_sitemap_holds_at_most_what_the_protocol_allows() {
        let entry = "<url><loc>https://blog.example/a</loc></url>";
        let text = format!("<urlset>{}</urlset>", entry.repeat(MAX_ENTRIES + 5));
        assert!(matches!(read(&text), Ok(Sitemap::Pages(all)) if all.len() == MAX_ENTRIES));
        let entities = "<!DOCTYPE x [<!ENTITY a \"&b;&b;\"><!ENTITY b \"xx\">]><urlset><url><loc>/&a;</loc></url></urlset>";
        assert!(
            matches!(read(entities), Ok(Sitemap::Pages(all)) if all.iter().all(|page| page.url.as_str().len() < 40))
        );
    }
}
