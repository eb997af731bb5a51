//! Sources that list the same posts: what one had, another gets; what a person removes stays away until somebody names it.

use std::fs;

use super::site::{FEED, TestSite};
use super::site::{MemoryWeb, page, status};
use super::{block_on, clock, now, outcomes};
use crate::source_list::FILE_NAME;
use crate::{PostOutcome, RefreshOptions, Removal, Source, SourceKind, Validators, WebResponse};

const SITEMAP: &str = "https://blog.example/sitemap.xml";
const POST: &str = "https://blog.example/posts/1";

fn text(post: &str) -> String {
    format!("We were at KubeCon NA 2019 in San Diego, and topic {post} was what people talked about. ")
        .repeat(12)
}

/// A site whose feed and whose sitemap list the same three posts. The feed says that it did not change when it is asked
/// again. The texts of the feed are not those of the pages.
fn site(sources: &[(&str, SourceKind)]) -> TestSite {
    let posts = ["1", "2", "3"];
    let item = |post| {
        format!(
            "<item><title>KubeCon NA 2019: topic {post}</title><link>https://blog.example/posts/{post}</link>\
             <pubDate>Tue, 19 Nov 2019 10:00:00 +0000</pubDate><description>{}In the feed.</description></item>",
            text(post)
        )
    };
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>A blog</title>{}</channel></rss>",
        posts.map(item).concat()
    );
    let entry = |post| format!("<url><loc>https://blog.example/posts/{post}</loc></url>");
    let sitemap = format!("<urlset>{}</urlset>", posts.map(entry).concat());
    let web = MemoryWeb::new(clock(), move |request, _| {
        Ok(match request.url.path() {
            "/feed.xml" if request.validators.is_some() => status(304),
            "/feed.xml" => WebResponse {
                validators: Validators { etag: Some("\"1\"".into()), ..Validators::default() },
                ..page("application/xml", &feed)
            },
            "/sitemap.xml" => page("application/xml", &sitemap),
            path => match path.strip_prefix("/posts/") {
                Some(post) => page(
                    "text/html",
                    &format!(
                        "<title>KubeCon NA 2019: topic {post}</title><meta property=\"article:published_time\" \
                         content=\"2019-11-19\"><article><p>{}</p></article>",
                        text(post)
                    ),
                ),
                None => status(404),
            },
        })
    });
    let site = TestSite::new(web);
    for (url, kind) in sources {
        site.add_source(source(url, *kind));
        site.refresh();
    }
    site
}

fn source(url: &str, kind: SourceKind) -> Source {
    let mut source = Source::new(url, kind, now());
    source.about_events = kind != SourceKind::Page;
    source
}

#[test]
fn another_source_keeps_the_posts_of_a_source_that_is_removed() {
    let (feed, sitemap) = ((FEED, SourceKind::Feed), (SITEMAP, SourceKind::Sitemap));
    for (first, second) in [(feed, sitemap), (sitemap, feed)] {
        let site = site(&[first, second]);
        assert_eq!(site.counts(), [3, 0]);
        let before = site.files();
        let removed = site.remove(first.0);
        assert!(matches!(removed, Removal::Source { files: 0, transferred: 3, .. }), "{removed:?}");
        assert_eq!((site.files(), site.counts()), (before.clone(), vec![3]));
        site.refresh();
        assert_eq!(
            (site.files(), site.counts()),
            (before, vec![3]),
            "nothing is new, and nothing was edited"
        );
    }
}

#[test]
fn a_source_with_other_filters_takes_over_what_it_wants_also_if_its_list_did_not_change() {
    let site = site(&[(POST, SourceKind::Page), (FEED, SourceKind::Feed)]);
    assert_eq!(site.counts(), [1, 2]);
    let removed = site.remove(POST);
    assert!(
        matches!(removed, Removal::Source { files: 1, transferred: 0, may_return: 1, .. }),
        "{removed:?}"
    );
    let report = site.refresh();
    assert_eq!(report.count(|outcome| *outcome == PostOutcome::Added), 1, "{report:?}");
    assert_eq!((site.files().len(), site.counts()), (3, vec![3]));
    // Nothing is open any more.
    assert!(site.refresh().posts.is_empty(), "the feed did not change");
}

#[test]
fn a_source_whose_host_is_refreshed_at_the_removal_takes_its_posts_over_later() {
    let site = site(&[(FEED, SourceKind::Feed), (SITEMAP, SourceKind::Sitemap)]);
    let lock = site.library().try_lock_host("blog.example").expect("a lock").expect("a free lock");
    let removed = site.remove(FEED);
    assert!(
        matches!(removed, Removal::Source { files: 3, transferred: 0, may_return: 3, .. }),
        "{removed:?}"
    );
    drop(lock);
    let report = site.refresh();
    assert_eq!(report.count(|outcome| *outcome == PostOutcome::Added), 3, "{report:?}");
    assert_eq!((site.files().len(), site.counts()), (3, vec![3]));
}

#[test]
fn a_source_whose_lines_are_deleted_leaves_its_posts_to_another_or_to_the_operator() {
    let site = site(&[(FEED, SourceKind::Feed), (SITEMAP, SourceKind::Sitemap)]);
    let list = site.corpus().join(FILE_NAME);
    let written = fs::read_to_string(&list).expect("a list");
    let at = written.rfind("[[source]]").expect("two blocks");
    fs::write(&list, &written[at..]).expect("a list");
    let before = site.files();
    site.refresh();
    assert_eq!((site.files(), site.counts()), (before, vec![3]));
    // Without any source the files stay, and can be removed.
    fs::write(&list, "").expect("a list");
    site.refresh();
    assert_eq!(site.files().len(), 3);
    fs::write(site.file("mine.md"), format!("---\nurl: {POST}\n---\n\nMine.\n")).expect("a file");
    let removed = site.remove(POST);
    assert!(matches!(&removed, Removal::Post { url, .. } if url == POST), "{removed:?}");
    let file = site.file(&site.files()[0]);
    site.remove(&file.to_string_lossy());
    assert_eq!(site.files().len(), 2, "one post and a file of another hand: {:?}", site.files());
    assert!(site.library().remove("blog.example/mine.md", false).expect("read").is_none());
    site.add(SITEMAP, SourceKind::Sitemap);
    let report = site.refresh();
    assert_eq!(report.count(|outcome| *outcome == PostOutcome::Removed), 2, "{report:?}");
}

#[test]
fn a_removed_post_comes_back_when_it_is_named() {
    // By `corpus remove`, by hand, and by hand after it came back.
    let (one, two) = (site(&[(FEED, SourceKind::Feed)]), site(&[(FEED, SourceKind::Feed)]));
    for (site, is_by_hand) in [(&one, false), (&two, true), (&two, true)] {
        let before = site.files();
        if is_by_hand {
            fs::remove_file(site.file(&before[0])).expect("removed");
        } else {
            site.remove(POST);
        }
        assert_eq!(site.counts().iter().sum::<usize>(), 2);
        let report = site.add_and_read(source(POST, SourceKind::Page));
        assert_eq!(outcomes(&report), [&PostOutcome::Added]);
        assert_eq!(site.counts(), [2, 1]);
        let report = site.refresh();
        assert_eq!(report.count(|outcome| *outcome == PostOutcome::Edited), 0, "{report:?}");
        assert_eq!((site.files().len(), site.counts()), (3, vec![2, 1]));
    }
}

#[test]
fn a_post_whose_file_was_deleted_by_hand_comes_back_by_no_other_source() {
    let site = site(&[(FEED, SourceKind::Feed), (SITEMAP, SourceKind::Sitemap)]);
    fs::remove_file(site.file(&site.files()[0])).expect("removed");
    for _ in 0..2 {
        site.refresh();
        assert_eq!((site.files().len(), site.counts()), (2, vec![2, 0]));
    }
    site.add("https://www.blog.example/feed.xml?again", SourceKind::Feed);
    site.refresh();
    assert_eq!(site.files().len(), 2);
}

#[test]
fn two_processes_take_a_post_of_two_sources_once() {
    let site = site(&[]);
    site.add(FEED, SourceKind::Feed);
    let other = site.other_process();
    site.add(SITEMAP, SourceKind::Sitemap);
    let only = |url: &str| RefreshOptions {
        is_forced: true,
        waits: true,
        only: vec![crate::address::identity_of(url)],
        ..RefreshOptions::default()
    };
    let (of_feed, of_sitemap) = (only(FEED), only(SITEMAP));
    let (one, two) =
        block_on(futures_util::future::join(site.process.refresh(&of_feed), other.refresh(&of_sitemap)));
    assert_eq!(one.count(|outcome| *outcome == PostOutcome::Added), 3, "{one:?}");
    assert_eq!(two.count(|outcome| matches!(outcome, PostOutcome::Duplicate(_))), 3, "{two:?}");
    assert_eq!(site.files().len(), 3, "{:?}", site.files());
}

#[test]
fn a_removed_post_is_previewed_as_that() {
    let site = site(&[(FEED, SourceKind::Feed)]);
    site.remove(POST);
    fs::remove_file(site.file(&site.files()[0])).expect("removed");
    let url = crate::parse_address(FEED).expect("an address");
    let found =
        block_on(crate::discover(site.process.fetcher(), &url, false)).expect("an answer").found.remove(0);
    let known = crate::KnownPosts::read(site.library()).expect("a list");
    let preview = crate::Preview::beside(&known, &found, &source(FEED, SourceKind::Feed), now());
    assert_eq!(preview.included.len(), 1);
    let reasons: Vec<&str> = preview.excluded.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(reasons, [crate::REMOVED_BY_HAND; 2]);
    // One that was named again is there.
    site.add_and_read(source(POST, SourceKind::Page));
    assert!(!site.library().removed_posts().expect("a list").contains("blog.example/posts/1"));
    let report = site.add_and_read(source(SITEMAP, SourceKind::Sitemap));
    let [PostOutcome::Duplicate(_), PostOutcome::Removed, PostOutcome::Duplicate(_)] = outcomes(&report)[..]
    else {
        panic!("{report:?}")
    };
}

#[test]
fn a_page_that_the_feed_left_out_is_not_fetched_for_the_sitemap() {
    let site = site(&[]);
    let unwanted = |url: &str, kind| Source { matching: Some("sea water".into()), ..source(url, kind) };
    for (url, kind) in [(FEED, SourceKind::Feed), (SITEMAP, SourceKind::Sitemap)] {
        site.add_source(unwanted(url, kind));
    }
    let report = site.refresh();
    assert_eq!(report.count(|outcome| matches!(outcome, PostOutcome::Excluded(_))), 6, "{report:?}");
    assert_eq!(site.web.count("blog.example", "/posts/1"), 0);
    // A source with other filters reads it.
    site.add("https://blog.example/sitemap.xml?all", SourceKind::Sitemap);
    let report = site.refresh();
    assert_eq!(report.count(|outcome| *outcome == PostOutcome::Added), 3, "{report:?}");
}
