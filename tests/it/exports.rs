//! Pages that Medium, Substack, Ghost and `WordPress` write: title, author, date and link are known.

use crate::harness::{Cli, root};

#[test]
fn pages_of_blog_services_are_read_with_author_date_and_link() {
    for (page, title, author, date, url, language) in [
        (
            "medium",
            "Three days among operators",
            "Ada Example",
            "2019-11-25",
            "https://medium.com/@ada.example/three-days-among-operators-0123456789ab",
            "en",
        ),
        (
            "substack",
            "A quiet year for meshes",
            "Grace Example",
            "2022-06-01",
            "https://grace.substack.example/p/a-quiet-year-for-meshes",
            "en",
        ),
        (
            "ghost",
            "The talk that nobody recorded",
            "Lin Example",
            "2021-10-19",
            "https://blog.ghost.example/the-talk-that-nobody-recorded/",
            "en",
        ),
        (
            "wordpress-seo",
            "Was von der Konferenz bleibt",
            "Jana Beispiel",
            "2023-04-24",
            "https://betriebsblog.example/2023/04/was-bleibt/",
            "de",
        ),
        (
            "wordpress",
            "Four hours in the queue",
            "Max Example",
            "2018-12-17",
            "https://opsdiary.example/four-hours-in-the-queue/",
            "en",
        ),
    ] {
        let pages = Cli::new().corpus(&root().join("tests/data/exports"));
        let post = pages.args("corpus show").arg(page).args("--format json").run().code(0).json();
        let found =
            ["title", "date", "url", "language"].map(|field| post[field].as_str().unwrap_or_default());
        assert_eq!(found, [title, date, url, language], "{page}");
        assert_eq!(post["authors"], serde_json::json!([author]), "{page}");
        let text = post["blocks"].to_string();
        for other in ["Subscribe", "Somebody Else", "Exported from", "Ops diary", "Canonical link"] {
            assert!(!text.contains(other), "{page}: {other}");
        }
    }
}
