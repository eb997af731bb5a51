//! Refreshing over a web in memory: what is new, what a person edited or removed, and one post by two ways.

use std::fs;
use std::sync::{Arc, Mutex};

use super::site::{FEED, TestSite};
use super::site::{MemoryWeb, page, status};
use super::{block_on, clock, now};
use crate::{
    MAX_CONTRIBUTED_POSTS, PostOutcome, PostStatus, RefreshOptions, Removal, Source, SourceKind, WebResponse,
    problems_of_folders,
};

/// The text of the feed, which the tests change.
pub(crate) struct Feed(Arc<Mutex<String>>);

impl Feed {
    pub(crate) fn set(&self, items: &str) {
        *self.0.lock().expect("a lock") = rss(items);
    }
}

fn words(what: &str) -> String {
    format!("We were at KubeCon NA 2019 in San Diego, and {what} was what people talked about. ").repeat(12)
}

pub(crate) fn item(path: &str, what: &str) -> String {
    format!(
        "<item><title>KubeCon NA 2019: {what}</title><link>https://blog.example{path}</link>\
         <pubDate>Tue, 19 Nov 2019 10:00:00 +0000</pubDate><description>{}</description></item>",
        words(what)
    )
}

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>A blog</title>{items}</channel></rss>")
}

pub(crate) fn blog_of(items: &str) -> (TestSite, Feed) {
    let text = Arc::new(Mutex::new(rss(items)));
    let shown = Arc::clone(&text);
    let web = MemoryWeb::new(clock(), move |request, _| {
        Ok(match request.url.path() {
            // Each host has the same posts.
            "/feed.xml" => {
                let host = request.url.host_str().expect("a host");
                page("application/xml", &shown.lock().expect("a lock").replace("blog.example", host))
            }
            "/sitemap.xml" => page(
                "application/xml",
                "<urlset><url><loc>https://www.blog.example/a/?utm_source=map</loc></url>\
                     <url><loc>https://www.blog.example/tag/x</loc></url></urlset>",
            ),
            "/a" | "/a/" => page(
                "text/html",
                &format!("<title>a</title><article><p>{}</p></article>", words("another text")),
            ),
            "/cut" => page(
                "text/html",
                &format!(
                    "<html><head><title>Cut</title><meta name=author content=\"Ann Lee\"></head><body><nav>Home</nav>\
                         <article><p>{}</p></article></body></html>",
                    words("the whole text of the page")
                ),
            ),
            _ => status(404),
        })
    });
    (TestSite::new(web).with(FEED, SourceKind::Feed), Feed(text))
}

#[test]
fn a_post_comes_in_once_and_changes_with_its_text() {
    let (blog, feed) = blog_of(&item("/a", "security"));
    assert_eq!(blog.outcomes(), [PostOutcome::Added]);
    assert_eq!(blog.files(), ["2019-11-19-a.md"]);
    let text = fs::read_to_string(blog.file("2019-11-19-a.md")).expect("a file");
    assert!(text.starts_with("---\nurl: \"https://blog.example/a\"\ntitle: \"KubeCon NA 2019: security\"\ndate: 2019-11-19\nevent: \"KubeCon NA 2019\"\nretrieved: 2026-01-15T12:00:00Z\n---\n\nWe were"), "{text}");
    assert_eq!(blog.outcomes(), [PostOutcome::Unchanged]);
    // Only the order and the spaces of the feed change: the text is the same.
    feed.set(&item("/a", "security").replace(". We", ".  \n We"));
    assert_eq!(blog.outcomes(), [PostOutcome::Unchanged]);
    feed.set(&(item("/b", "storage") + &item("/a/?utm_source=x", "observability")));
    assert_eq!(blog.outcomes(), [PostOutcome::Added, PostOutcome::Changed]);
    assert!(fs::read_to_string(blog.file("2019-11-19-a.md")).expect("a file").contains("observability"));
    assert_eq!(blog.files().len(), 2);
}

#[test]
fn what_is_removed_does_not_come_back() {
    let (blog, feed) = blog_of(&(item("/a", "security") + &item("/b", "storage")));
    blog.refresh();
    let library = blog.library();
    let removed = library.remove("http://www.blog.example/a/", false).expect("removed").expect("a post");
    assert!(matches!(&removed, Removal::Post { url, .. } if url == "https://blog.example/a"), "{removed:?}");
    assert_eq!(blog.files(), ["2019-11-19-b.md"]);
    feed.set(&(item("/a", "another text") + &item("/b", "storage")));
    assert_eq!(blog.outcomes(), [PostOutcome::Removed, PostOutcome::Unchanged]);
    // Neither by another way.
    blog.add("https://blog.example/sitemap.xml", SourceKind::Sitemap);
    blog.refresh();
    assert_eq!(blog.files(), ["2019-11-19-b.md"]);
    // A file that a person deleted stays away too.
    fs::remove_file(blog.file("2019-11-19-b.md")).expect("removed");
    feed.set(&item("/b", "a new text"));
    assert!(blog.outcomes().contains(&PostOutcome::Removed));
    assert_eq!(blog.files(), [""; 0]);
    assert_eq!(library.remove("https://nowhere.example/", false).expect("nothing"), None);
}

#[test]
fn a_source_is_removed_with_its_posts_but_not_with_what_was_edited() {
    let (blog, _) = blog_of(&(item("/a", "security") + &item("/b", "storage")));
    blog.refresh();
    fs::write(blog.file("2019-11-19-b.md"), "My words.\n").expect("a file");
    let removed = blog.library().remove("https://blog.example/feed.xml", false).expect("removed");
    let Some(Removal::Source { files: 1, kept, .. }) = removed else { panic!("{removed:?}") };
    assert_eq!(kept, [blog.file("2019-11-19-b.md")]);
    assert_eq!(blog.files(), ["2019-11-19-b.md"]);
    assert_eq!(blog.refresh().read, 0);
}

#[test]
fn one_post_by_two_ways_is_one() {
    let (blog, feed) = blog_of(&item("/a", "security"));
    blog.add("https://blog.example/sitemap.xml", SourceKind::Sitemap);
    blog.add("http://blog.example/a", SourceKind::Page);
    blog.refresh();
    let outcomes = blog.outcomes();
    assert_eq!(
        outcomes.iter().filter(|outcome| matches!(outcome, PostOutcome::Duplicate(_))).count(),
        2,
        "{outcomes:?}"
    );
    assert_eq!(blog.files(), ["2019-11-19-a.md"]);
    // The same text under another address is the same post too.
    feed.set(&(item("/a", "security") + &item("/copy", "security")));
    assert!(
        matches!(&blog.outcomes()[1], PostOutcome::Duplicate(other) if other == "https://blog.example/a")
    );
}

#[test]
fn one_text_that_two_refreshes_meet_at_once_comes_in_once() {
    let (blog, _) = blog_of(&item("/a", "security"));
    blog.add("https://copy.example/feed.xml", SourceKind::Feed);
    let only = |host: &str| RefreshOptions {
        only: vec![crate::identity(
            &crate::parse_address(&format!("https://{host}/feed.xml")).expect("valid"),
        )],
        ..RefreshOptions::default()
    };
    let (of_blog, of_copy) = (only("blog.example"), only("copy.example"));
    let reports =
        block_on(futures_util::future::join(blog.process.refresh(&of_blog), blog.process.refresh(&of_copy)));
    let mut outcomes: Vec<PostOutcome> = [reports.0, reports.1]
        .into_iter()
        .flat_map(|report| report.posts)
        .map(|(_, post)| post.outcome)
        .collect();
    outcomes.sort_by_key(|outcome| *outcome != PostOutcome::Added);
    assert!(matches!(&outcomes[..], [PostOutcome::Added, PostOutcome::Duplicate(_)]), "{outcomes:?}");
}

#[test]
fn the_page_of_a_summary_is_fetched_once() {
    let cut = "<item><title>KubeCon NA 2019, in short</title><link>https://blog.example/cut</link><description>We were at…</description></item>";
    let (blog, feed) = blog_of(cut);
    assert_eq!(blog.outcomes(), [PostOutcome::Added]);
    assert_eq!(blog.outcomes(), [PostOutcome::Unchanged]);
    assert_eq!(blog.web.count("blog.example", "/cut"), 1);
    let text = fs::read_to_string(blog.file("cut.md")).expect("a file");
    assert!(text.contains("author: \"Ann Lee\"") && text.contains("the whole text of the page"), "{text}");
    assert!(!text.contains("Home"), "{text}");
    // A page that fails is tried again later, and not each time.
    feed.set(&cut.replace("/cut", "/missing"));
    assert!(matches!(blog.outcomes()[0], PostOutcome::Failed(_)));
    assert!(matches!(blog.outcomes().as_slice(), [PostOutcome::Waiting(why)] if why.contains("404")));
    assert_eq!(blog.web.count("blog.example", "/missing"), 1);
}

#[test]
fn only_posts_about_events_come_in_and_the_others_have_a_reason() {
    let long = "There is a new version of our program, with many changes that you may like. ".repeat(10);
    let other = |title: &str, text: &str| {
        format!(
            "<item><title>{title}</title><link>https://blog.example/{}</link><description>{text}</description></item>",
            title.len()
        )
    };
    let (blog, _) = blog_of(
        &(item("/a", "security")
            + &other("Version 1.2 released", &format!("{long} See you at KubeCon NA 2019."))
            + &other("KubeCon NA 2019: call for papers", &words("a talk"))
            + &other("We are hiring two cooks", &long)),
    );
    let report = blog.refresh();
    let reasons: Vec<String> = report
        .posts
        .iter()
        .map(|(_, post)| match &post.outcome {
            PostOutcome::Excluded(why) => why.clone(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(reasons[0], "Added");
    assert!(reasons[1].contains("in passing") || reasons[1].contains("release note"), "{reasons:?}");
    assert!(reasons[2].contains("an announcement"), "{reasons:?}");
    assert!(reasons[3].contains("no event"), "{reasons:?}");
    assert_eq!(blog.files().len(), 1);
}

#[test]
fn posts_are_judged_again_when_a_person_changes_the_filters() {
    let (blog, _) = blog_of(&(item("/a", "security") + &item("/b", "storage")));
    let list = blog.corpus().join(crate::source_list::FILE_NAME);
    let text = fs::read_to_string(&list).expect("a list");
    fs::write(&list, format!("{text}match = \"storage\"\n")).expect("a list");
    assert!(matches!(blog.outcomes().as_slice(), [PostOutcome::Excluded(_), PostOutcome::Added]));
    fs::write(&list, text).expect("a list");
    // It is not due, but it was changed.
    let report = blog.refresh_due();
    assert_eq!(report.count(|outcome| *outcome == PostOutcome::Added), 1, "{report:?}");
    assert_eq!(blog.files().len(), 2);
}

#[test]
fn posts_before_the_day_of_the_source_are_old() {
    let future = item("/b", "storage").replace("Tue, 19 Nov 2019", "Fri, 16 Jan 2026");
    let (blog, _) = blog_of(&(item("/a", "security") + &future));
    blog.refresh();
    let old = blog.library().old_posts();
    assert_eq!(old.into_iter().collect::<Vec<_>>(), ["https://blog.example/a"]);
}

#[test]
fn what_was_written_before_the_state_was_lost_is_recognised() {
    let (blog, _) = blog_of(&(item("/a", "security") + &item("/b", "storage")));
    blog.refresh();
    fs::remove_dir_all(blog.folder().join("state/sources")).expect("removed");
    let process = blog.other_process();
    block_on(process.refresh(&RefreshOptions::default()));
    assert_eq!(blog.files(), ["2019-11-19-a.md", "2019-11-19-b.md"]);
}

#[test]
fn a_restart_fetches_nothing_again() {
    let (blog, _) = blog_of(&item("/a", "security"));
    blog.refresh();
    let before = blog.web.count("blog.example", "/feed.xml");
    let process = blog.other_process();
    let report = block_on(process.refresh(&RefreshOptions::default()));
    assert_eq!((report.read, blog.web.count("blog.example", "/feed.xml")), (0, before));
    assert!(report.next_due.is_some());
}

#[test]
fn a_site_whose_rules_forbid_it_is_not_read() {
    let web = MemoryWeb::new(clock(), |request, _| {
        Ok(match request.url.path() {
            "/robots.txt" => {
                page("text/plain", "User-agent: *\nDisallow: /\n\nUser-agent: takeaways\nDisallow: /feed\n")
            }
            _ => WebResponse { ..page("application/xml", &rss("")) },
        })
    });
    let site =
        TestSite::new(web).with(FEED, SourceKind::Feed).with("https://blog.example/rss", SourceKind::Feed);
    let report = site.refresh_due();
    assert_eq!((report.read, report.failed.len()), (1, 1), "{report:?}");
    assert!(report.failed[0].1.to_string().contains("robots.txt"));
    assert_eq!(site.web.count("blog.example", "/feed.xml"), 0);
    assert_eq!(site.web.count("blog.example", "/robots.txt"), 1);
}

#[test]
fn a_post_that_was_removed_is_listed_nowhere_before_its_source_is_refreshed() {
    let (blog, _) = blog_of(&(item("/a", "security") + &item("/b", "storage")));
    blog.refresh();
    let library = blog.library();
    let listed = || library.recent(9).into_iter().map(|post| post.url).collect::<Vec<_>>();
    assert_eq!(listed().len(), 2);
    assert!(library.remove("https://blog.example/a", false).expect("removed").is_some());
    assert_eq!(listed(), ["https://blog.example/b"]);
    let (rows, _) = library.rows();
    let included = rows[0].state.posts.values().filter(|post| post.status == PostStatus::Included);
    assert_eq!(included.count(), 1);
    assert_eq!(library.remove("https://blog.example/a", false).expect("read"), None);
    assert_eq!(blog.outcomes(), [PostOutcome::Removed, PostOutcome::Unchanged]);
}

#[test]
fn a_source_of_discord_brings_in_no_more_posts_than_it_may() {
    let posts = MAX_CONTRIBUTED_POSTS + 3;
    let items: String = (0..posts)
        .map(|at| format!("<item><link>https://blog.example/{at}</link></item>"))
        .collect::<Vec<_>>()
        .concat();
    let (blog, feed) = blog_of(&items);
    let list = blog.corpus().join(crate::source_list::FILE_NAME);
    let of_operator = fs::read_to_string(&list).expect("a list");
    // No page is fetched: a title without these words leaves its post out.
    let old = "since = \"2030-01-01\"\n";
    let dated = items.replace("</link>", "</link><pubDate>Tue, 19 Nov 2019 10:00:00 +0000</pubDate>");
    feed.set(&dated);
    fs::write(&list, format!("{of_operator}{old}added_by = \"77\"\n")).expect("a list");
    assert_eq!(blog.outcomes().len(), MAX_CONTRIBUTED_POSTS);
    fs::write(&list, format!("{of_operator}{old}")).expect("a list");
    assert_eq!(blog.outcomes().len(), posts);
}

#[test]
fn what_is_known_of_sources_moves_with_the_state_folder() {
    let (blog, feed) = blog_of("");
    let posts = blog.library().posts_folder().to_owned();
    let source = Source::new("https://copy.example/feed.xml", SourceKind::Feed, now());
    blog.library().add_source(&posts, source).expect("added");
    feed.set(&item("/a", "security"));
    assert_eq!(blog.outcomes().iter().filter(|outcome| **outcome == PostOutcome::Added).count(), 1);
    let moved = blog.folder().join("moved");
    fs::rename(blog.folder().join("state"), &moved).expect("it was there");
    let rows = crate::Library::new(&[], &moved).rows().0;
    assert!(rows.len() == 1 && rows[0].state.read_at.is_some(), "{rows:?}");
}

#[test]
fn a_source_is_found_by_the_address_of_its_site_if_it_is_the_only_one() {
    let (blog, _) = blog_of("");
    let found = |name: &str| {
        let rows = blog.library().rows().0;
        crate::find_source(&rows, name).map(|row| row.source.url.clone())
    };
    let feed = Some("https://blog.example/feed.xml".to_owned());
    for name in
        ["https://blog.example", "http://blog.example/", "blog.example", "https://blog.example/feed.xml"]
    {
        assert_eq!(found(name), feed, "{name}");
    }
    for name in ["https://blog.example/a", "https://other.example", "feed.xml"] {
        assert_eq!(found(name), None, "{name}");
    }
    blog.add("https://blog.example/sitemap.xml", SourceKind::Sitemap);
    assert_eq!(found("https://blog.example"), None);
    assert_eq!(found("https://blog.example/feed.xml"), feed);
}

#[test]
fn a_host_that_is_down_is_called_that_and_is_left_alone_for_a_while() {
    let web = MemoryWeb::new(clock(), |_, _| Err(crate::WebError::Unreachable("connection refused".into())));
    let site = TestSite::new(web);
    let fetched = |path: &str| {
        let url = crate::parse_address(&format!("https://blog.example{path}")).expect("valid");
        block_on(site.process.fetcher().fetch(&url, None)).expect_err("nobody answers").to_string()
    };
    assert_eq!(fetched("/a"), "the host can't be reached: connection refused");
    assert!(fetched("/b").starts_with("the host could not be reached, so it is not asked again before 2026"));
    assert_eq!(site.web.count("blog.example", "/robots.txt"), 1);
}

#[test]
fn a_file_that_a_person_edited_is_never_overwritten() {
    let (blog, feed) = blog_of(&item("/a", "security"));
    blog.refresh();
    let (path, mine) = (blog.file("2019-11-19-a.md"), "---\ntitle: mine\n---\n\nMy words on KubeCon.\n");
    fs::write(&path, mine).expect("a file");
    assert_eq!(blog.outcomes(), [PostOutcome::Unchanged]);
    feed.set(&item("/a", "observability"));
    assert_eq!(blog.outcomes(), [PostOutcome::Edited]);
    assert_eq!(fs::read_to_string(&path).expect("a file"), mine);
    assert!(fs::read_to_string(blog.file("2019-11-19-a.md.orig")).expect("a file").contains("observability"));
    let problems = problems_of_folders(blog.library());
    assert_eq!(problems[0].problem.code, "edited");
    assert_eq!(blog.outcomes(), [PostOutcome::Unchanged]);
    feed.set(&item("/a", "storage"));
    assert_eq!(blog.outcomes(), [PostOutcome::Edited]);
    assert_eq!(fs::read_to_string(&path).expect("a file"), mine);
}

#[test]
fn the_new_text_of_an_edited_post_is_named_also_without_its_source() {
    let (blog, feed) = blog_of(&item("/a", "security"));
    blog.refresh();
    fs::write(blog.file("2019-11-19-a.md"), "My words.\n").expect("a file");
    feed.set(&item("/a", "storage"));
    assert_eq!(blog.outcomes(), [PostOutcome::Edited]);
    fs::write(blog.file("other.md.orig"), "Of another program.\n").expect("a file");
    let library = blog.library();
    assert_eq!(problems_of_folders(library).len(), 1);
    library.remove("https://blog.example/feed.xml", false).expect("removed").expect("a source");
    let problems = problems_of_folders(library);
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    let told = problem.problem.to_string();
    assert!(told.contains("blog.example/2019-11-19-a.md.orig") && told.contains("was removed"), "{told}");
    // Removing the post removes it too.
    let (blog, feed) = blog_of(&item("/a", "security"));
    blog.refresh();
    fs::write(blog.file("2019-11-19-a.md"), "My words.\n").expect("a file");
    feed.set(&item("/a", "storage"));
    blog.refresh();
    assert_eq!(blog.files().len(), 2);
    let removed = blog.library().remove("https://blog.example/a", false).expect("removed");
    assert!(matches!(removed, Some(Removal::Post { was_edited: true, .. })), "{removed:?}");
    assert_eq!(blog.files(), [""; 0]);
}
