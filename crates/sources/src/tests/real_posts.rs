//! The real posts of the shared data: read from pages, and judged.

use std::fmt::Write as _;
use std::path::PathBuf;

use takeaways_corpus::{SourceFile, read_post};
use takeaways_testing::shared_data;
use takeaways_text::model::{BlockKind, Post, PostId};
use url::Url;

use super::now;
use super::templates::{FOREIGN, blocks, in_boxes, paragraphs, templates};
use crate::about::judge;
use crate::page::read_page;
use crate::{Source, SourceKind};

/// The sentences of a text, as lines of at least forty letters without marks of Markdown.
fn sentences(text: &str) -> Vec<String> {
    let fold = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let mut found = Vec::new();
    for part in text.split(['\n', '.', '!', '?']) {
        let folded = fold(part);
        if folded.chars().count() >= 40 {
            found.push(folded);
        }
    }
    found
}

/// HTML of a post of the shared data: its blocks with lists, quotations, tables, code and links, an empty line after each.
fn as_html(post: &Post) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let (mut html, mut open) = (String::new(), "");
    for block in &post.body.blocks {
        let (mut text, mut at) = (String::new(), block.span.start());
        for link in post.body.links_in(block.span) {
            text.push_str(&escape(&post.body.text[at..link.span.start()]));
            let _ = write!(text, "<a href=\"/to\">{}</a>", escape(post.body.slice(link.span)));
            at = link.span.end();
        }
        text.push_str(&escape(&post.body.text[at..block.span.end()]));
        let container = match block.kind {
            BlockKind::ListItem => "ul",
            BlockKind::Quote => "blockquote",
            BlockKind::TableRow => "table",
            _ => "",
        };
        if container != open {
            let end = if open.is_empty() { String::new() } else { format!("</{open}>\n\n") };
            let start = if container.is_empty() { String::new() } else { format!("<{container}>") };
            let _ = write!(html, "{end}{start}");
            open = container;
        }
        let _ = match block.kind {
            BlockKind::Heading(level) => write!(html, "<h{0}>{text}</h{0}>\n\n", level.clamp(2, 6)),
            BlockKind::ListItem => write!(html, "<li><div><p>{text}</p></div></li>"),
            BlockKind::Quote => write!(html, "<p>{text}</p>"),
            BlockKind::TableRow => write!(html, "<tr><td>{}</td></tr>", text.replace(" | ", "</td><td>")),
            BlockKind::Code => write!(
                html,
                "<pre><code class=\"language-x\">{}</code></pre>\n\n",
                text.replace("\n\n", "\n")
            ),
            _ => write!(html, "<div><div class=\"text\"><p>{text}</p></div></div>\n\n"),
        };
    }
    if !open.is_empty() {
        let _ = write!(html, "</{open}>\n\n");
    }
    html
}

/// The real posts of the shared data that are Markdown, with their names.
pub(crate) fn real_posts() -> Vec<(String, Post)> {
    let Some(folder) = shared_data::shared_path("posts/real") else { return Vec::new() };
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let bytes = std::fs::read(path).expect("a file");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let id = PostId("x".into());
        let post = read_post(&SourceFile { id: &id, path: "x.md", bytes: &bytes }, now()).post?;
        (name != "README.md").then_some((name, post))
    };
    paths.iter().filter_map(read).collect()
}

#[test]
fn real_posts_in_pages_read_as_well_as_their_markdown() {
    let posts = real_posts();
    if posts.is_empty() {
        return;
    }
    let url = Url::parse("https://blog.example/2019/kubecon").expect("an address");
    let templates = templates();
    let (mut kept, mut all, mut foreign, mut total) = (0, 0, 0, 0);
    let mut worst = Vec::new();
    for (at, (file, post)) in posts.iter().enumerate() {
        let (name, template) = &templates[at % templates.len()];
        let inner = as_html(post);
        let html = template
            .replace(&in_boxes(name, &blocks()), &in_boxes(name, &inner))
            .replace(&paragraphs(), &inner);
        let markdown = match read_page(html.as_bytes(), Some("text/html"), &url, now()) {
            Ok(page) => page.markdown,
            Err(error) => format!("{error}"),
        };
        let id = PostId("x".into());
        let read = read_post(&SourceFile { id: &id, path: "x.md", bytes: markdown.as_bytes() }, now()).post;
        let found: String = sentences(&read.map(|post| post.body.text).unwrap_or_default()).concat();
        let expected = sentences(&post.body.text);
        let here = expected.iter().filter(|sentence| found.contains(sentence.as_str())).count();
        if here * 100 < expected.len() * 98 {
            worst.push(format!("{name} {}: {here} of {}", file, expected.len()));
        }
        kept += here;
        all += expected.len();
        foreign += sentences(&FOREIGN.join("\n"))
            .iter()
            .filter(|text| found.contains(text.as_str()))
            .map(String::len)
            .sum::<usize>();
        total += found.len();
    }
    println!(
        "{} posts: {kept} of {all} sentences kept, {foreign} of {total} letters foreign\n{}",
        posts.len(),
        worst.join("\n")
    );
    assert!(all > 1_000);
    assert!(kept * 100 >= all * 98, "{kept} of {all}:\n{}", worst.join("\n"));
    assert!(foreign * 100 <= total * 2, "{foreign} of {total}");
}

/// Real posts that are left out, with the reason. Each of them is a list of notes that people made for themselves; only the
/// names of their files, which they have on no web, name the event.
const LEFT_OUT: [(&str, &str); 4] = [
    // No title, and the text names KubeCon once, in the middle of the notes.
    ("2019-kubecon-eu-kaushikchaubal-day1.md", "it names KubeCon + CloudNativeCon only in passing"),
    ("2019-kubecon-eu-kaushikchaubal-day3.md", "it names KubeCon + CloudNativeCon only in passing"),
    // No title, and no event in the text.
    ("2019-kubecon-eu-kaushikchaubal-day4.md", "it is about no event that is known here"),
    ("2019-kubecon-na-stevemcquaid-lightning.md", "it is about no event that is known here"),
];

#[test]
fn real_posts_are_about_an_event_also_without_their_titles() {
    let Some(folder) = shared_data::shared_path("posts/real") else { return };
    let listing = crate::list_posts(&folder, now()).expect("a folder").listing;
    let source = Source::new("https://blog.example/feed.xml", SourceKind::Feed, now());
    let (mut left_out, mut by_text, mut total) = (Vec::new(), 0, 0);
    for (at, mut listed) in listing.entries.into_iter().enumerate() {
        let place = listed.url.path().rsplit('/').next().unwrap_or_default().to_owned();
        // The names of the files tell the event, which addresses on the web seldom do.
        if !listed.url.scheme().starts_with("http") {
            listed.url = Url::parse(&format!("https://blog.example/{at}")).expect("an address");
        }
        let markdown = listed.markdown.clone().unwrap_or_default();
        let reason = judge(&listed.with_text(markdown.clone()), &source, now()).reason;
        left_out.extend(reason.map(|reason| (place, reason)));
        listed.title = Some("My notes".to_owned());
        listed.url = Url::parse(&format!("https://blog.example/{at}")).expect("an address");
        let lines: Vec<&str> = markdown.lines().filter(|line| !line.starts_with("# ")).collect();
        by_text += usize::from(judge(&listed.with_text(lines.join("\n")), &source, now()).reason.is_none());
        total += 1;
    }
    println!(
        "{} of {total} real posts are about an event, {by_text} by their texts alone",
        total - left_out.len()
    );
    assert!(total > 200, "{total}");
    let expected: Vec<(String, String)> =
        LEFT_OUT.map(|(name, why)| (name.to_owned(), why.to_owned())).to_vec();
    assert_eq!(left_out, expected);
    assert!(by_text * 4 > total * 3, "{by_text} of {total}");
}
