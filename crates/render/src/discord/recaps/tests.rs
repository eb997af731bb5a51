use std::path::PathBuf;
use std::sync::Arc;

use takeaways_sources::{IngestResult, Source, SourceKind, SourceState};
use url::Url;

use super::*;

/// A text that would ping, link and format if it were not escaped.
const HOSTILE: &str =
    "x](https://evil.example) @everyone <@1> **bold** ||hidden||\n# Heading\n> quote\n```code";

fn preview(texts: &str, posts: usize) -> Preview {
    let mut preview = Preview { total: posts + 1, ..Preview::default() };
    preview.events.insert(texts.to_owned(), posts);
    preview.included = vec![(texts.to_owned(), Some(texts.to_owned())); posts];
    preview.excluded = vec![(texts.to_owned(), texts.to_owned()); 200];
    preview.first = Some(PreviewPost {
        url: Url::parse("https://blog.example/(a)").expect("an address"),
        title: Some(texts.repeat(20)),
        authors: vec![texts.to_owned(); 30],
        date: Some(jiff::civil::date(2019, 11, 21)),
        event: Some(texts.to_owned()),
        licence: None,
        beginning: texts.repeat(3),
    });
    preview
}

fn state(texts: &str, status: PostStatus) -> PostState {
    PostState {
        title: Some(texts.to_owned()),
        event: Some(texts.to_owned()),
        file: Some("blog.example/a.md".into()),
        ..PostState::new("https://blog.example/a".into(), status, Timestamp::UNIX_EPOCH)
    }
}

fn row(texts: &str, url: &str) -> SourceRow {
    let mut known = SourceState { problem: Some(texts.to_owned()), ..SourceState::default() };
    known.posts.insert("blog.example/a".into(), state(texts, PostStatus::Included));
    known.posts.insert("blog.example/b".into(), state(texts, PostStatus::Excluded("why".into())));
    SourceRow {
        folder: PathBuf::from("/srv/secret"),
        source: Source::new(url, SourceKind::Feed, Timestamp::UNIX_EPOCH),
        state: Arc::new(known),
    }
}

/// A folder of a static site of the operator.
fn folder_row() -> SourceRow {
    let mut row = row("A folder", "/srv/secret/site");
    row.source.kind = SourceKind::Folder;
    row
}

fn all_texts(page: &MessagePayload) -> String {
    let embeds = page.embeds.iter().map(|embed| embed.description.as_str());
    std::iter::once(page.content.as_str()).chain(embeds).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_feed_is_shown_with_its_address_first_and_a_button() {
    let mut preview = preview("KubeCon NA 2019", 2);
    preview.excluded.truncate(1);
    let page = source_found(&SourceFound {
        address: "https://blog.example/feed.xml",
        kind: SourceKind::Feed,
        name: Some("A blog"),
        preview: &preview,
        site_feed: None,
    });
    assert_eq!(
        page.content,
        "<https://blog.example/feed.xml>\n**A blog**, a feed with 3 posts. I would add: 2 about KubeCon NA 2019.\n\
         Left out: 1 post.\n- KubeCon NA 2019: KubeCon NA 2019"
    );
    assert_eq!(source_address(&page.content), Some("https://blog.example/feed.xml"));
    let ids: Vec<&str> =
        page.components.iter().flat_map(ActionRow::buttons).map(|it| it.custom_id.as_str()).collect();
    assert_eq!(ids, ["1:add:0"]);
    assert!(page.embeds[0].description.contains("No licence is stated"), "{page:#?}");
    preview = Preview { total: 1, excluded: vec![("t".into(), "r".into())], ..Preview::default() };
    let nothing = source_found(&SourceFound {
        address: "https://b.example/",
        kind: SourceKind::Page,
        name: None,
        preview: &preview,
        site_feed: Some("https://b.example/feed.xml"),
    });
    assert!(nothing.components.is_empty() && nothing.content.contains("nothing to add"), "{nothing:#?}");
    let feed = "\nIts site has a feed: `/recaps add` with <https://b.example/feed.xml> takes in all posts.";
    assert!(nothing.content.contains(feed), "{nothing:#?}");
}

#[test]
fn no_text_of_the_web_is_obeyed_and_every_limit_is_kept() {
    let preview = preview(HOSTILE, 40);
    let long = format!("https://blog.example/{}", "a".repeat(5_000));
    let hostile = "https://blog.example/@everyone](x)<#1>";
    let mut rows = vec![row(HOSTILE, hostile); 60];
    rows.insert(0, folder_row());
    let post = state(HOSTILE, PostStatus::Included);
    let taken = IngestResult { url: hostile.into(), title: None, event: None, outcome: PostOutcome::Added };
    let mut report = RefreshReport { posts: vec![(hostile.into(), taken)], ..RefreshReport::default() };
    let site_feed = Some(hostile);
    let found =
        |address, kind| SourceFound { address, kind, name: Some(HOSTILE), preview: &preview, site_feed };
    let post_removed =
        Removal::Post { url: hostile.into(), file: PathBuf::from("/srv/secret/a.md"), was_edited: false };
    let mut pages = vec![
        source_found(&found(hostile, SourceKind::Feed)),
        source_found(&found(&long, SourceKind::Page)),
        source_added(hostile, false, None),
        source_added(hostile, true, Some(&report)),
        source_list(&rows),
        recent_posts(&vec![post; 60]),
        source_problems(&vec![HOSTILE.to_owned(); 60]),
        source_removed(&post_removed, true),
        source_removed(&post_removed, false),
        source_removed(
            &Removal::Source {
                url: hostile.into(),
                files: 2,
                kept: vec![PathBuf::from("/srv/secret/b")],
                transferred: 3,
                may_return: 3,
            },
            false,
        ),
        source_being_read(hostile),
        sources_full(),
        source_too_large(hostile, 50_000),
        nothing_to_remove(HOSTILE),
        address_refused(HOSTILE, HOSTILE),
        address_failed(&long, HOSTILE),
        address_empty(HOSTILE),
        source_failed(Language::De, hostile, Timestamp::UNIX_EPOCH, HOSTILE),
    ];
    for why in
        [RefreshFailure::Source(HOSTILE.into()), RefreshFailure::Library("/srv/secret/x: denied".into())]
    {
        // The list of another folder comes first in a report.
        let wrong_list = (String::new(), RefreshFailure::Library("/srv/secret/sources.toml:3: wrong".into()));
        report.failed = vec![wrong_list];
        let added = source_added(hostile, false, Some(&report));
        assert!(added.content.contains("1 post added"), "{added:#?}");
        report.failed.push((hostile.into(), why));
        pages.push(added);
        pages.push(source_added(hostile, false, Some(&report)));
    }
    let choices = removable_choices(&rows, "");
    assert!(!choices.is_empty());
    assert!(choices.iter().all(|choice| !format!("{choice:?}").contains("/srv/")), "{choices:#?}");
    for page in pages {
        let text = all_texts(&page);
        assert!(utf16_length(&page.content) <= MAX_CONTENT && !page.content.is_empty(), "{page:#?}");
        assert!(
            page.embeds.iter().all(|embed| utf16_length(&embed.description) <= super::super::MAX_DESCRIPTION)
        );
        for mark in ["@everyone", "](https://evil", "<@1>", "<#1>", "**bold", "||", "\n# ", "```", "/srv/"] {
            assert!(!text.contains(mark), "{mark}: {text}");
        }
    }
}

#[test]
fn an_address_that_can_not_stand_in_a_message_is_told_with_its_reason() {
    let preview = Preview::default();
    let told = |address: &str| {
        let found =
            SourceFound { address, kind: SourceKind::Feed, name: None, preview: &preview, site_feed: None };
        source_found(&found).content
    };
    let long = told(&format!("https://blog.example/{}", "a".repeat(MAX_SOURCE_ADDRESS)));
    assert!(long.contains("more than 1000 characters"), "{long}");
    for address in ["https://blog.example/a|b", "http://[::1]/feed.xml"] {
        let told = told(address);
        assert!(told.contains("can't be a link in a message") && !told.contains("characters"), "{told}");
    }
}

#[test]
fn each_item_of_a_list_is_shown_or_counted() {
    let post = |title: &str| state(title, PostStatus::Included);
    for count in [1, 2, 9, 10, 11, 15, 24, 25, 26, 60, 1_000] {
        for length in [1, 60, 69, 70, 71, 150, 900] {
            let address = format!("https://blog.example/{}", "a".repeat(length));
            let words = "word ".repeat(length / 5 + 1);
            let pages = [
                source_list(&vec![row("x", &address); count]),
                source_problems(&vec![words.clone(); count]),
                recent_posts(&vec![post(&words); count]),
            ];
            for page in pages {
                let shown = page.content.matches("\n- ").count();
                let more = page.content.rsplit_once("\nand ").map_or(0, |(_, rest)| {
                    rest.split(' ').next().and_then(|number| number.parse().ok()).expect("a number")
                });
                assert_eq!(shown + more, count, "{}", page.content);
                assert!(shown > 0 && utf16_length(&page.content) <= MAX_CONTENT, "{}", page.content);
            }
        }
    }
}

#[test]
fn what_is_removed_is_said_to_be_unquoted_only_after_the_posts_were_read() {
    let post =
        Removal::Post { url: "https://blog.example/a".into(), file: PathBuf::new(), was_edited: false };
    let source = Removal::Source {
        url: "https://blog.example/feed".into(),
        files: 2,
        kept: Vec::new(),
        transferred: 0,
        may_return: 0,
    };
    for removed in [post, source] {
        let (read, unread) =
            (source_removed(&removed, true).content, source_removed(&removed, false).content);
        assert!(!read.contains("may still quote") && !unread.contains("No answer"), "{read} {unread}");
        assert!(unread.contains("Answers may still quote it until I can read the posts again"), "{unread}");
    }
}

#[test]
fn what_can_be_removed_is_found_by_title_and_address() {
    let rows = [
        row("Notes from Berlin", "https://blog.example/feed.xml"),
        row("Talks", "https://other.example/rss"),
    ];
    let values = |typed: &str| -> Vec<String> {
        removable_choices(&rows, typed).into_iter().map(|choice| choice.value).collect()
    };
    assert_eq!(values("").len(), 4, "two sources and two posts that are in the corpus");
    assert_eq!(values("berlin NOTES"), ["https://blog.example/a"]);
    assert_eq!(values("other.example"), ["https://other.example/rss"]);
    assert_eq!(values("nowhere"), [""; 0]);
    let long = [row("Long", &format!("https://blog.example/{}", "x".repeat(200)))];
    assert_eq!(removable_choices(&long, "").len(), 1, "a cut address would mean something else");
}

#[test]
fn whose_source_fails_is_told_in_their_language() {
    let notice_in = |language| {
        source_failed(language, "https://blog.example/feed", Timestamp::UNIX_EPOCH, "status 500").content
    };
    assert!(
        notice_in(Language::De).starts_with("Die Quelle <https://blog.example/feed>"),
        "{}",
        notice_in(Language::De)
    );
    assert!(
        notice_in(Language::Other).contains("which you added") && notice_in(Language::Ja).contains("<t:0:f>")
    );
    assert!(notice_in(Language::En).ends_with("The reason: status 500"));
}
