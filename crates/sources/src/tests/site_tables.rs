//! A web in the shapes of real sites, over loopback: each field of each post against the tables in `data/site_tables`.
//!
//! `data/site_tables/texts.toml` says what each case may hold, and how the tables are written.

mod expected;
mod sites;

use std::sync::Arc;
use std::time::Duration;

use super::templates::{EXPECTED, templates};
use expected::{Post, differences};
use sites::{Case, Page, Read, Texts, read_cases};

/// The tables, by the names of their files.
const TABLES: [(&str, &str); 7] = [
    ("generators", include_str!("data/site_tables/generators.toml")),
    ("pages", include_str!("data/site_tables/pages.toml")),
    ("days", include_str!("data/site_tables/days.toml")),
    ("fields", include_str!("data/site_tables/fields.toml")),
    ("broken", include_str!("data/site_tables/broken.toml")),
    ("faults", include_str!("data/site_tables/faults.toml")),
    ("status", include_str!("data/site_tables/status.toml")),
];

fn table(name: &str) -> Vec<Case> {
    let (_, text) = TABLES.iter().find(|(table, _)| *table == name).expect("a table");
    read_cases(text)
}

/// Cases of the pages of `templates.rs`: each as it is, in one line, with unclosed paragraphs, and as Latin 1.
fn template_cases() -> Vec<Case> {
    let post = Post {
        url: EXPECTED.path.to_owned(),
        licence: Some(EXPECTED.licence.to_owned()),
        ..Post::of("template")
    };
    let variants = |(generator, html): (&'static str, String)| {
        let latin =
            html.replace("<head>", "<head><meta charset=\"iso-8859-1\">") + &"<!-- éè -->".repeat(200);
        let all = [
            ("as it is", html.clone(), "utf-8"),
            ("in one line", html.replace('\n', ""), "utf-8"),
            ("unclosed", html.replace("</p>", ""), "utf-8"),
            ("latin 1", latin, "latin-1"),
        ];
        all.map(|(variant, body, encoding)| Case {
            name: format!("the page of {generator}, {variant}"),
            generator: Some(generator.to_owned()),
            start: format!("{}?utm_source=x", post.url),
            page: vec![Page {
                kind: Some("text/html".to_owned()),
                encoding: encoding.to_owned(),
                ..Page::new(&format!("{}?utm_source=x", post.url), body)
            }],
            post: vec![post.clone()],
            read: vec![Read {
                outcomes: vec![format!("{}?utm_source=x added", post.url)],
                ..Read::default()
            }],
            ..Case::default()
        })
    };
    templates().into_iter().flat_map(variants).collect()
}

/// Takes in each case and compares what was written.
fn check(cases: &[Case]) {
    let texts = Arc::new(Texts::read());
    let wrong: Vec<String> = cases.iter().flat_map(|case| differences(case, &texts)).collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_field_of_each_post_of_the_feeds_of_generators_equals_the_table() {
    check(&table("generators"));
}

#[test]
fn each_field_of_each_post_of_pages_and_sitemaps_equals_the_table() {
    check(&table("pages"));
}

#[test]
fn each_field_of_each_post_of_the_templates_of_generators_is_true() {
    check(&template_cases());
}

#[test]
fn each_field_that_sources_write_in_many_ways_equals_the_table() {
    check(&table("fields"));
    check(&table("days"));
}

#[test]
fn each_field_of_each_post_of_broken_sources_equals_the_table() {
    check(&table("broken"));
}

#[test]
fn a06_faults_of_the_web_end_in_time_as_the_table_says() {
    let started = std::time::Instant::now();
    check(&table("faults"));
    check(&table("status"));
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

/// The tables are as large as they should be: 60 cases and 12 generators without counting the variants of a template.
#[test]
fn the_tables_hold_sixty_cases_and_twelve_generators() {
    let cases: Vec<Case> = TABLES.iter().flat_map(|(name, _)| table(name)).collect();
    let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), cases.len(), "a name for each case");
    let count = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.dedup();
        names.len()
    };
    let feeds = count(table("generators").iter().filter_map(|case| case.generator.as_deref()).collect());
    let pages = templates().len();
    let texts = Texts::read();
    let posts = cases.iter().flat_map(|case| &case.post);
    let events = count(posts.filter_map(|post| texts.event_of(post)).collect());
    println!(
        "{} cases and {pages} templates of pages; {feeds} generators of feeds; {events} events",
        cases.len()
    );
    assert!(cases.len() >= 60 && pages == 19, "{} cases", cases.len());
    assert!(feeds >= 12, "{feeds} generators");
    assert!(events >= 6, "{events} events");
}
