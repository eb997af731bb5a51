//! Sites of the tables, served on loopback.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Deserialize;
use takeaways_testing::{LoopbackWeb, PageReply};

use super::expected::Post;
use crate::tests::gzip;
use crate::tests::templates::{EXPECTED, FOREIGN, TEXT};

/// What is true of a text that several cases publish.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    pub title: String,
    pub author: String,
    pub date: String,
    pub event: String,
    pub paragraphs: Vec<String>,
}

impl Text {
    fn html(&self) -> String {
        let lines: Vec<String> = self.paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect();
        lines.concat()
    }

    /// A page of the text with what stands around posts, as themes have it.
    fn page(&self) -> String {
        let Self { title, author, date, .. } = self;
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | A Blog</title>\
             <meta property=\"og:site_name\" content=\"A Blog\"><meta property=\"og:type\" content=\"article\">\
             <meta name=\"author\" content=\"{author}\"><meta property=\"article:published_time\" content=\"{date}T08:00:00Z\">\
             </head><body><nav class=\"menu\"><a href=\"/\">{}</a></nav><main><article><h1>{title}</h1>\
             <div class=\"post-content\">{}</div></article></main><div class=\"share-buttons\"><a href=\"#\">{}</a></div>\
             <section class=\"related-posts\"><ul><li><a href=\"/x\">{}</a></li></ul></section>\
             <footer><p>{}</p></footer><div class=\"cookie-notice\"><p>{}</p></div></body></html>",
            FOREIGN[5],
            self.html(),
            FOREIGN[2],
            FOREIGN[3],
            FOREIGN[4],
            FOREIGN[0]
        )
    }
}

/// The texts and the frames of `texts.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    frame: BTreeMap<String, String>,
    pub text: BTreeMap<String, Text>,
}

impl Texts {
    pub(crate) fn read() -> Self {
        let mut texts: Self = toml::from_str(include_str!("../data/site_tables/texts.toml"))
            .unwrap_or_else(|error| panic!("{error}"));
        let template = Text {
            title: EXPECTED.title.to_owned(),
            author: EXPECTED.author.to_owned(),
            date: EXPECTED.date.to_owned(),
            event: "KubeCon NA 2019".to_owned(),
            paragraphs: TEXT.map(str::to_owned).to_vec(),
        };
        texts.text.insert("template".to_owned(), template);
        texts
    }

    /// The event of a post, as the table names it.
    pub(crate) fn event_of<'t>(&'t self, post: &'t Post) -> Option<&'t str> {
        let of_text = post.text.iter().find_map(|name| self.text.get(name));
        post.event.as_deref().or(of_text.map(|text| text.event.as_str()))
    }

    /// A body with its names replaced. A name that nobody knows ends the test.
    fn fill(&self, body: &str, site: &str, other: &str) -> String {
        let mut filled = body.to_owned();
        for (name, frame) in &self.frame {
            filled = filled.replace(&format!("{{{name}}}"), frame);
        }
        for (name, text) in &self.text {
            if !filled.contains(&format!("{{{name}.")) {
                continue;
            }
            let html = text.html();
            for (field, value) in [
                ("html", html.clone()),
                ("escaped", html.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")),
                ("json", serde_json::Value::from(html.as_str()).to_string()),
                ("plain", serde_json::Value::from(text.paragraphs.join("\n\n")).to_string()),
                ("lines", text.paragraphs.join("\n\n")),
                ("start", text.paragraphs[0].clone()),
                ("title", text.title.clone()),
                ("author", text.author.clone()),
                ("date", text.date.clone()),
                ("page", text.page()),
            ] {
                filled = filled.replace(&format!("{{{name}.{field}}}"), &value);
            }
            assert!(!filled.contains(&format!("{{{name}.")), "{filled}");
        }
        let host = |site: &str| site.trim_start_matches("http://").to_owned();
        filled
            .replace("{site}", site)
            .replace("{host}", &host(site))
            .replace("{other}", other)
            .replace("{other-host}", &host(other))
    }
}

/// An answer of a site. Several with one path are answers to one request each; the last one stays.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    pub path: String,
    /// Whether it is of the other site of the case.
    #[serde(default)]
    pub other: bool,
    #[serde(default = "ok")]
    pub status: u16,
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub body: String,
    #[serde(default = "utf_8")]
    pub encoding: String,
    /// `content`, for the encoding of a response; `file`, for a packed file; `bomb`, for one that unpacks to 60 MB.
    #[serde(default)]
    pub gzip: Option<String>,
    /// Whether each byte takes a tenth of a second.
    #[serde(default)]
    pub drips: bool,
    /// The header `ETag`: it answers with 304 where it is sent.
    #[serde(default)]
    pub etag: Option<String>,
}

fn ok() -> u16 {
    200
}

fn utf_8() -> String {
    "utf-8".to_owned()
}

impl Page {
    pub(crate) fn new(path: &str, body: String) -> Self {
        Self {
            path: path.to_owned(),
            other: false,
            status: ok(),
            kind: None,
            headers: BTreeMap::new(),
            body,
            encoding: utf_8(),
            gzip: None,
            drips: false,
            etag: None,
        }
    }

    fn reply(&self, texts: &Texts, site: &str, other: &str, sent_etag: &str) -> PageReply {
        if self.etag.as_deref().is_some_and(|etag| etag == sent_etag) {
            return PageReply::status(304);
        }
        let body = texts.fill(&self.body, site, other);
        let guessed = match body.trim_start().get(..5).unwrap_or_default().to_lowercase().as_str() {
            "<!doc" | "<html" => "text/html; charset=utf-8",
            start if start.starts_with('{') => "application/feed+json",
            _ => "application/xml",
        };
        let bytes = match self.gzip.as_deref() {
            None => encode(&body, &self.encoding),
            Some("bomb") => gzip(&vec![b' '; 60 << 20]),
            Some(_) => gzip(&encode(&body, &self.encoding)),
        };
        let kind = self.kind.as_deref().unwrap_or(guessed);
        let mut reply = PageReply { status: self.status, ..PageReply::new(kind, bytes) };
        if matches!(self.gzip.as_deref(), Some("content" | "bomb")) {
            reply = reply.header("content-encoding", "gzip");
        }
        if let Some(etag) = &self.etag {
            reply = reply.header("etag", etag);
        }
        for (name, value) in &self.headers {
            reply = reply.header(name, &texts.fill(value, site, other));
        }
        PageReply { drip: self.drips.then_some(Duration::from_millis(100)), ..reply }
    }
}

fn encode(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-8" => text.as_bytes().to_vec(),
        "utf-8 with a mark" => [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat(),
        "utf-16" => [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        // Windows 1252, of which Latin 1 is a part.
        "latin-1" => text
            .chars()
            .map(|c| match c {
                '’' => 0x92,
                '“' => 0x93,
                '”' => 0x94,
                '–' => 0x96,
                '€' => 0x80,
                c => u8::try_from(u32::from(c)).expect("a character of Latin 1"),
            })
            .collect(),
        other => panic!("an encoding: {other}"),
    }
}

/// What a refresh does.
#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Read {
    /// The time since the start.
    #[serde(default)]
    pub minutes: i64,
    /// What becomes of each post, such as `/a added`.
    #[serde(default)]
    pub outcomes: Vec<String>,
    /// Why the source can't be read.
    #[serde(default)]
    pub problem: Option<String>,
}

/// A site, and what is true of its posts.
#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub name: String,
    /// What makes sites of this shape.
    #[serde(default)]
    pub generator: Option<String>,
    /// The address that a person adds.
    #[serde(default = "feed")]
    pub start: String,
    /// What it is added as; without it that is found out.
    #[serde(default)]
    pub kind: Option<crate::SourceKind>,
    #[serde(default)]
    pub page: Vec<Page>,
    #[serde(default)]
    pub post: Vec<Post>,
    /// Without any, one that adds all posts.
    #[serde(default)]
    pub read: Vec<Read>,
    /// Why nothing is found at the address.
    #[serde(default)]
    pub problem: Option<String>,
}

fn feed() -> String {
    "/feed.xml".to_owned()
}

pub(crate) fn read_cases(text: &str) -> Vec<Case> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        case: Vec<Case>,
    }
    toml::from_str::<Table>(text).unwrap_or_else(|error| panic!("{error}")).case
}

/// The servers of a case.
pub(crate) struct Sites {
    pub site: LoopbackWeb,
    pub other: LoopbackWeb,
}

impl Sites {
    pub(crate) fn serve(case: &Case, texts: &Arc<Texts>) -> Self {
        // Each server answers with the addresses of both.
        let addresses: Arc<Mutex<(String, String)>> = Arc::default();
        let start = |is_other: bool| {
            let (texts, addresses) = (Arc::clone(texts), Arc::clone(&addresses));
            let pages: Vec<Page> = case.page.iter().filter(|page| page.other == is_other).cloned().collect();
            let asked: Mutex<HashMap<String, usize>> = Mutex::default();
            LoopbackWeb::handle(move |request| {
                let (site, other) = addresses.lock().expect("a lock").clone();
                let of_path: Vec<&Page> = pages.iter().filter(|page| page.path == request.path).collect();
                let Some(last) = of_path.len().checked_sub(1) else { return PageReply::status(404) };
                let nth = {
                    let mut asked = asked.lock().expect("a lock");
                    let nth = asked.entry(request.path.clone()).or_default();
                    *nth += 1;
                    *nth - 1
                };
                of_path[nth.min(last)].reply(&texts, &site, &other, request.header("if-none-match"))
            })
        };
        let (site, other) = (start(false), start(true));
        *addresses.lock().expect("a lock") = (site.url(""), other.url(""));
        Self { site, other }
    }

    /// A text without the addresses of the case.
    pub(crate) fn shorten(&self, text: &str) -> String {
        let host = format!("127.0.0.1:{}", self.site.port());
        let text = text.replace(&self.site.url(""), "").replace(&host, "{host}");
        text.replace(&self.other.url(""), "other:")
    }
}
