//! Addresses that lead nowhere: those to which a source moved, sitemaps that are none, and folders that are missing.

use std::fs;
use std::sync::{Arc, Mutex};

use super::clock;
use super::refreshing::item;
use super::site::{FEED, MemoryWeb, TestSite, page, status};
use crate::{SourceKind, WebResponse, problems_of_folders};

/// What the blog answers, which the tests change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blog {
    Moved,
    Back,
    MovedToNothing,
}

#[test]
fn a_source_that_moved_is_asked_at_its_own_address_if_the_new_one_leads_nowhere() {
    for wrong in [status(404), status(410), page("text/html", "<p>Buy this domain.")] {
        let blog = Arc::new(Mutex::new(Blog::Moved));
        let now = Arc::clone(&blog);
        let web = MemoryWeb::new(clock(), move |request, _| {
            let rss = |path: &str| {
                // Not the same text, which would be one post.
                let items = item(path, if path == "/old" { "storage" } else { "security" });
                page("application/xml", &format!("<rss version=\"2.0\"><channel>{items}</channel></rss>"))
            };
            let now = *now.lock().expect("a lock");
            Ok(match request.url.path() {
                "/robots.txt" => status(404),
                "/feed.xml" if now == Blog::Back => rss("/old"),
                "/feed.xml" => WebResponse { location: Some("/new.xml".into()), ..status(301) },
                "/new.xml" if now == Blog::Moved => rss("/new"),
                _ => wrong.clone(),
            })
        });
        let site = TestSite::new(web).with(FEED, SourceKind::Feed);
        site.refresh();
        site.refresh();
        assert_eq!(site.web.count("blog.example", "/feed.xml"), 1, "it is asked where it is");
        assert_eq!(site.web.count("blog.example", "/new.xml"), 2);

        *blog.lock().expect("a lock") = Blog::Back;
        let report = site.refresh();
        assert_eq!((report.read, report.failed), (1, vec![]));
        assert_eq!(site.counts(), [2]);
        site.refresh();
        assert_eq!(site.web.count("blog.example", "/new.xml"), 3, "it is given up");

        *blog.lock().expect("a lock") = Blog::MovedToNothing;
        assert_eq!(site.refresh().failed.len(), 1);
        *blog.lock().expect("a lock") = Blog::Back;
        let is_gone = site.library().rows().0[0].state.is_gone;
        assert_eq!(site.refresh().failed.len(), usize::from(is_gone), "what is gone for good is not asked");
    }
}

#[test]
fn what_is_no_page_is_not_told_as_a_missing_page() {
    let web = MemoryWeb::new(clock(), |request, _| {
        Ok(match request.url.path() {
            "/robots.txt" => status(404),
            _ => page("text/html", "<html><p>Down for maintenance"),
        })
    });
    let site = TestSite::new(web).with("https://blog.example/sitemap.xml", SourceKind::Sitemap);
    let folder = site.folder().join("site");
    fs::create_dir_all(&folder).expect("a folder");
    site.add(&folder.to_string_lossy(), SourceKind::Folder);
    fs::remove_dir_all(&folder).expect("removed");
    site.refresh();
    let problems = problems_of_folders(site.library());
    let told: Vec<String> = problems.iter().map(|it| format!("{:?}", it.problem)).collect();
    let [sitemap, folder] = told.as_slice() else { panic!("{told:?}") };
    assert!(
        sitemap.contains("it is no sitemap that can be read") && sitemap.contains("in a browser"),
        "{sitemap}"
    );
    assert!(folder.contains("the folder is not there") && folder.contains("put it back"), "{folder}");
    assert!(told.iter().all(|told| !told.contains("404")), "{told:?}");
}
