//! What is gone for good (410) is not asked again, whoever asks for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use super::memory_web::{MemoryWeb, page, status};
use super::site::{FEED, TestSite};
use super::{block_on, clock, now};
use crate::{Contribution, PostOutcome, Source, SourceKind, discover, parse_address, problems_of_folders};

/// A blog whose feed lists one post without its text. The page of the post is gone. Beside it the status of the feed and the
/// number of its changes, which the tests change.
fn blog() -> (TestSite, Arc<[AtomicU16; 2]>) {
    let feed = Arc::new([AtomicU16::new(200), AtomicU16::new(0)]);
    let shown = Arc::clone(&feed);
    let web = MemoryWeb::new(clock(), move |request, _| {
        Ok(match request.url.path() {
            "/robots.txt" => status(404),
            "/feed.xml" if shown[0].load(Ordering::SeqCst) == 200 => page(
                "application/xml",
                &format!(
                    "<rss version=\"2.0\"><channel><title>A blog</title><item><title>KubeCon NA 2019, version {}</title>\
                     <link>https://blog.example/a</link></item></channel></rss>",
                    shown[1].load(Ordering::SeqCst)
                ),
            ),
            _ => status(410),
        })
    });
    (TestSite::new(web).with(FEED, SourceKind::Feed), feed)
}

#[test]
fn a_page_that_is_gone_is_left_out_and_is_never_asked_again() {
    let (blog, feed) = blog();
    for version in 0..3 {
        feed[1].store(version, Ordering::SeqCst);
        let report = blog.refresh();
        let [(_, post)] = report.posts.as_slice() else { panic!("{report:?}") };
        let gone = PostOutcome::Excluded("the page is gone for good (410)".into());
        assert_eq!(post.outcome, gone, "version {version}");
    }
    assert_eq!(blog.web.count("blog.example", "/a"), 1);
    assert_eq!(blog.web.count("blog.example", "/feed.xml"), 3);
    assert!(problems_of_folders(blog.library()).is_empty(), "nothing is tried again");
}

#[test]
fn a_source_that_is_gone_is_not_asked_by_hand_either_until_it_is_added_again() {
    let (blog, feed) = blog();
    blog.refresh();
    feed[0].store(410, Ordering::SeqCst);
    blog.refresh();
    assert_eq!(blog.web.count("blog.example", "/feed.xml"), 2);
    let report = blog.refresh();
    assert_eq!(blog.web.count("blog.example", "/feed.xml"), 2, "it is gone");
    let [(url, why)] = report.failed.as_slice() else { panic!("{report:?}") };
    let why = why.to_string();
    assert!(
        url == FEED && why.contains("gone for good (410)") && why.contains("`takeaways corpus add"),
        "{why}"
    );
    // Only when it is due it is passed over without a word.
    let report = blog.refresh_due();
    assert!(report.failed.is_empty(), "{report:?}");
    // It comes back: who adds it finds it, and then it is read as before.
    feed[0].store(200, Ordering::SeqCst);
    let url = parse_address(FEED).expect("an address");
    let found = block_on(discover(blog.process.fetcher(), &url, false)).expect("an answer").found;
    assert_eq!(found.len(), 1);
    let source = Source::new(FEED, SourceKind::Feed, now());
    let known = blog.library().contribute(source).expect("written");
    assert!(matches!(known, Contribution::Known(_)), "{known:?}");
    let report = blog.refresh_due();
    assert_eq!((report.read, report.failed.len()), (1, 0), "{report:?}");
    let rows = blog.library().rows().0;
    assert!(!rows[0].state.is_gone && rows[0].state.problem.is_none(), "{rows:?}");
}
