//! Sources of posts from the command line, over a web on loopback.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use takeaways_testing::{LoopbackWeb, PageReply};

use crate::harness::blog::Blog;

/// The points at which `corpus add` and `corpus refresh` are killed.
const POINTS: [&str; 11] = [
    "sources.list.before",
    "sources.list.after",
    "sources.fetch.before",
    "sources.fetch.after",
    "sources.read.after:7",
    "sources.write.before:7",
    "sources.write.after:7",
    "sources.progress.before",
    "sources.progress.after",
    "sources.save.before",
    "sources.save.after",
];

/// Runs the program with a state folder of its own.
fn run(state: &Path, arguments: &[&str], faults: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeaways"));
    command.env_clear().current_dir(state).arg("--state-dir").arg(state).args(arguments);
    command
        .env("TAKEAWAYS__CORPUS__ALLOW_ADDRESSES", "127.0.0.1")
        .env("TAKEAWAYS__CORPUS__FETCH_INTERVAL", "0");
    command.envs(faults.map(|faults| ("TAKEAWAYS_FAULTS", faults)));
    command.output().expect("the program runs")
}

/// Runs the program and returns what it prints; it must succeed.
#[track_caller]
fn printed(state: &Path, arguments: &[&str]) -> String {
    let output = run(state, arguments, None);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {out}{err}");
    out.into_owned()
}

fn text(number: usize) -> String {
    let more = format!(
        "<p>Speaker {number} told how team {number} moved its clusters in {number} weeks, and what broke on the way.</p>"
    );
    format!(
        "<p>I was at KubeCon EU 2019 in Barcelona. The talk on widget number {number} said that the frobnicator{number} needs \
         {number} replicas in production.</p>{}",
        more.repeat(8)
    )
}

/// A blog with so many posts in a feed: with their whole texts, or with pages.
fn blog(posts: usize, has_text: bool) -> LoopbackWeb {
    let mut items = String::new();
    let mut pages = Vec::new();
    for number in 0..posts {
        let title = format!("KubeCon EU 2019, part {number}");
        let description = if has_text { text(number).replace('<', "&lt;") } else { "Short…".to_owned() };
        let _ = write!(
            items,
            "<item><title>{title}</title><link>/posts/{number}</link><pubDate>Wed, 22 May 2019 10:00:00 GMT</pubDate>\
             <description>{description}</description></item>"
        );
        let page = format!(
            "<html><head><title>{title}</title></head><body><nav>Home</nav><article>{}</article></body></html>",
            text(number)
        );
        pages.push((format!("/posts/{number}"), PageReply::html(page)));
    }
    let feed = format!("<rss version=\"2.0\"><channel><title>A blog</title>{items}</channel></rss>");
    pages.push(("/feed.xml".to_owned(), PageReply::xml(feed)));
    let index =
        "<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\"></head></html>";
    pages.push(("/".to_owned(), PageReply::html(index)));
    LoopbackWeb::serve(pages)
}

fn files(state: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(state.join("posts"))
        .into_iter()
        .filter_map(|entry| entry.ok().map(walkdir::DirEntry::into_path))
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    files.sort();
    files
}

#[test]
fn a_blog_of_two_hundred_posts_answers_after_one_command() {
    let web = blog(200, true);
    let state = tempfile::tempdir().expect("a folder");
    let started = Instant::now();
    let added = printed(state.path(), &["corpus", "add", &web.url("/"), "--yes"]);
    assert!(
        added.contains("a feed with 200 posts; 200 are recaps of events: 200 on KubeCon EU 2019"),
        "{added}"
    );
    assert!(
        added.contains("1 source: 200 added\n") && added.contains("in place of the built-in notes"),
        "{added}"
    );
    let answer = printed(state.path(), &["ask", "how many replicas does the frobnicator123 need?"]);
    assert!(answer.contains("123 replicas"), "{answer}");
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    assert_eq!(files(state.path()).len(), 200);
    // By hand it is fetched again, and nothing changes.
    let again = printed(state.path(), &["corpus", "refresh"]);
    assert_eq!(again, "1 source: 200 unchanged\n");
}

/// A proxy would look names up by itself, where nothing judges what it finds. So fetching goes past it.
#[test]
fn a07_proxies_of_the_environment_get_no_request() {
    let (web, state) = (blog(1, true), tempfile::tempdir().expect("a folder"));
    let proxy = LoopbackWeb::serve([]);
    let add = |client: &mut Command| {
        for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            client.env(name, proxy.url(""));
        }
        client.output().expect("it runs")
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeaways"));
    command.env_clear().current_dir(state.path()).arg("--state-dir").arg(state.path());
    command
        .env("TAKEAWAYS__CORPUS__ALLOW_ADDRESSES", "127.0.0.1")
        .env("TAKEAWAYS__CORPUS__FETCH_INTERVAL", "0");
    let added = add(command.args(["corpus", "add", "--yes"]).arg(web.url("/feed.xml")));
    assert!(added.status.success(), "{added:?}");
    assert!(web.paths().iter().any(|path| path == "/feed.xml"));
    assert_eq!(proxy.paths(), [""; 0]);
    // A client that goes by the environment does ask this proxy, so that the test could fail.
    if Command::new("curl").arg("--version").output().is_ok_and(|found| found.status.success()) {
        add(Command::new("curl").env_clear().args(["--silent", "--max-time", "5", &web.url("/feed.xml")]));
        assert_eq!(proxy.paths().len(), 1, "{:?}", proxy.paths());
    }
}

#[test]
fn page_by_page_the_first_posts_answer_while_the_rest_comes_in() {
    let web = blog(40, false);
    let state = tempfile::tempdir().expect("a folder");
    let mut adding = Command::new(env!("CARGO_BIN_EXE_takeaways"))
        .env_clear()
        .arg("--state-dir")
        .arg(state.path())
        .args(["corpus", "add", &web.url("/"), "--yes"])
        .env("TAKEAWAYS__CORPUS__ALLOW_ADDRESSES", "127.0.0.1")
        .env("TAKEAWAYS__CORPUS__FETCH_INTERVAL", "1")
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the program runs");
    let started = Instant::now();
    while files(state.path()).is_empty() && started.elapsed() < Duration::from_secs(25) {
        std::thread::sleep(Duration::from_millis(100));
    }
    let answer = run(state.path(), &["ask", "how many replicas does the frobnicator0 need?"], None);
    let is_still_adding = adding.try_wait().expect("a process").is_none();
    adding.kill().expect("it is stopped");
    adding.wait().expect("it ends");
    let answer = String::from_utf8_lossy(&answer.stdout).into_owned();
    assert!(answer.contains("frobnicator0"), "{answer}");
    assert!(is_still_adding && started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    assert!(files(state.path()).len() < 40);
}

#[test]
fn a_kill_at_any_point_loses_no_post_and_doubles_none() {
    let web = blog(30, true);
    for point in POINTS {
        let state = tempfile::tempdir().expect("a folder");
        let (name, visit) = point.split_once(':').unwrap_or((point, "1"));
        let faults = format!("{name}=kill:{visit}");
        let killed = run(state.path(), &["corpus", "add", &web.url("/"), "--yes"], Some(&faults));
        assert_eq!(
            killed.status.code(),
            None,
            "{point}: the program was killed: {}",
            String::from_utf8_lossy(&killed.stdout)
        );
        // Whoever was interrupted runs the same command again; what is in the list goes on by itself.
        let next: &[&str] = if point.starts_with("sources.list.before") {
            &["corpus", "add", &web.url("/"), "--yes"]
        } else {
            &["corpus", "refresh"]
        };
        printed(state.path(), next);
        let found = files(state.path());
        assert_eq!(found.len(), 30, "{point}: {found:?}");
        let urls: std::collections::BTreeSet<String> = found
            .iter()
            .map(|path| std::fs::read_to_string(path).expect("a whole file"))
            .map(|text| text.lines().find(|line| line.starts_with("url: ")).expect("an address").to_owned())
            .collect();
        assert_eq!(urls.len(), 30, "{point}");
        assert!(printed(state.path(), &["corpus", "refresh"]).contains("30 unchanged"), "{point}");
    }
}

#[test]
fn what_is_found_is_shown_and_nothing_is_written_without_a_yes() {
    let web = blog(3, true);
    let state = tempfile::tempdir().expect("a folder");
    let shown = printed(state.path(), &["corpus", "add", &web.url("/"), "--dry-run"]);
    assert!(shown.contains("take in   KubeCon EU 2019, part 1 (KubeCon EU 2019)"), "{shown}");
    let asked = run(state.path(), &["corpus", "add", &web.url("/")], None);
    assert_eq!(asked.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&asked.stderr).contains("add --yes"), "{asked:?}");
    let nothing = run(state.path(), &["corpus", "add", &web.url("/missing"), "--yes"], None);
    assert_eq!(nothing.status.code(), Some(2));
    let elsewhere = run(state.path(), &["corpus", "add", &web.url("/"), "--yes", "--to", "elsewhere"], None);
    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("is no corpus folder"), "{elsewhere:?}");
    assert_eq!(files(state.path()), [""; 0].map(PathBuf::from));
    assert!(printed(state.path(), &["corpus", "sources"]).starts_with("There are no sources"));
}

#[test]
fn what_was_removed_is_reported_and_comes_back_when_it_is_named() {
    let web = blog(3, true);
    let state = tempfile::tempdir().expect("a folder");
    let (feed, post) = (web.url("/feed.xml"), web.url("/posts/1"));
    printed(state.path(), &["corpus", "add", &feed, "--yes"]);
    let edited = files(state.path()).into_iter().find(|path| path.to_string_lossy().contains("-1.md"));
    std::fs::write(edited.expect("a file"), "My words.\n").expect("a file");
    let removed = printed(state.path(), &["corpus", "remove", &post]);
    assert!(removed.contains("its file held changes of yours, which are gone too"), "{removed}");
    let again = printed(state.path(), &["corpus", "add", &feed, "--yes"]);
    assert!(again.contains("2 are recaps of events") && again.contains("1 is left out"), "{again}");
    assert!(again.contains("leave out KubeCon EU 2019, part 1: removed by hand"), "{again}");
    let named = printed(state.path(), &["corpus", "add", &post, "--yes"]);
    assert!(named.contains("1 source: 1 added"), "{named}");
    assert_eq!(files(state.path()).len(), 3);
    // A post that another source has is named with the reason before the question.
    let same = printed(state.path(), &["corpus", "add", &web.url("/posts/2"), "--yes"]);
    assert!(same.contains("leave out KubeCon EU 2019, part 2: it is the same post as "), "{same}");
    let missing = run(state.path(), &["corpus", "add", "/no/such/place"], None);
    assert!(
        String::from_utf8_lossy(&missing.stderr).contains("there is no such folder or file"),
        "{missing:?}"
    );
}

#[test]
fn what_gets_lost_of_a_folder_is_told_before_it_is_taken_in() {
    let (posts, state) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let words = "We were at PromCon 2022 in Munich, and alerts were what people talked about.";
    for (name, text) in [
        ("a.md", format!("---\ntitle: PromCon 2022\ndate: 2022-13-40\n---\n{words}").into_bytes()),
        ("b.md", format!("---\ntitle: PromCon 2022\n---\n{words}").into_bytes()),
        (
            "broken.md",
            format!("---\ntitle: \"PromCon 2022\ndate: 2022-11-10\n---\n{words} More.").into_bytes(),
        ),
        ("draft.md", format!("---\ntitle: PromCon\ndraft: yes\n---\n{words} Later.").into_bytes()),
        ("empty.md", Vec::new()),
        ("latin.md", b"---\ntitle: Caf\xe9\n---\nThe caf\xe9 of PromCon.".to_vec()),
    ] {
        std::fs::write(posts.path().join(name), text).expect("a file");
    }
    let folder = posts.path().to_string_lossy().into_owned();
    let looked = run(state.path(), &["corpus", "add", &folder, "--dry-run"], None);
    let told = String::from_utf8_lossy(&looked.stderr).into_owned();
    let lines: Vec<&str> =
        told.lines().filter_map(|line| line.split_once(';').map(|(what, _)| what)).collect();
    assert_eq!(
        lines,
        [
            "broken.md:2: error: the front matter is not valid YAML: a quotation mark is not closed",
            "latin.md:2: error: it is not valid UTF-8",
            "a.md:3: warning: the date \"2022-13-40\" is not a calendar date",
            "draft.md: hint: it is a draft and was left out",
            "empty.md:1: hint: it has no text",
        ],
        "{told}"
    );
    let shown = String::from_utf8_lossy(&looked.stdout).into_owned();
    assert!(shown.contains("with 3 posts; 1 is a recap of an event"), "{shown}");
    assert!(shown.contains("/broken.md: the front matter is not valid YAML: a quotation"), "{shown}");
    assert!(shown.contains("leave out PromCon 2022: it is the same post as file:///"), "{shown}");
    // What it said beforehand is what happens.
    let added = printed(state.path(), &["corpus", "add", &folder, "--yes"]);
    assert!(added.contains("1 source: 1 added, 2 left out") && !added.contains("left out  "), "{added}");
}

#[test]
fn a_source_that_fails_is_named_where_operators_look() {
    let (blog, state) = (Blog::new(1), tempfile::tempdir().expect("a folder"));
    printed(state.path(), &["corpus", "add", &blog.url("/"), "--yes"]);
    blog.set_broken(true);
    assert_eq!(run(state.path(), &["corpus", "refresh"], None).status.code(), Some(1));
    for command in [&["doctor"][..], &["corpus", "check"]] {
        let said = run(state.path(), command, None);
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(
            said.contains(&blog.url("/feed.xml")) && said.contains("can't be read since"),
            "{command:?}: {said}"
        );
    }
}

#[test]
fn sources_are_listed_removed_and_their_problems_told() {
    let web = blog(3, true);
    let state = tempfile::tempdir().expect("a folder");
    printed(state.path(), &["corpus", "add", &web.url("/"), "--yes"]);
    let list = printed(state.path(), &["corpus", "sources"]);
    assert!(list.starts_with(&format!("{}  feed, 3 posts, read ", web.url("/feed.xml"))), "{list}");
    let removed = printed(state.path(), &["corpus", "remove", &web.url("/posts/1")]);
    assert!(removed.contains("it does not come back"), "{removed}");
    assert!(printed(state.path(), &["corpus", "refresh"]).contains("2 unchanged, 1 left out"));
    assert_eq!(files(state.path()).len(), 2);
    let list = state.path().join("posts/sources.toml");
    let broken = std::fs::read_to_string(&list).expect("a list") + "\n[[source]]\nurl = 3\n";
    std::fs::write(&list, &broken).expect("a list");
    let check = run(state.path(), &["corpus", "check"], None);
    assert_eq!(check.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&check.stdout).contains("sources.toml"), "{check:?}");
    std::fs::write(&list, broken.replace("\n[[source]]\nurl = 3\n", "")).expect("a list");
    let removed = printed(state.path(), &["corpus", "remove", &web.url("/feed.xml")]);
    assert!(removed.contains("and 2 files"), "{removed}");
    assert_eq!(files(state.path()).len(), 0);
    let unknown = run(state.path(), &["corpus", "remove", "https://nowhere.example/"], None);
    assert_eq!(unknown.status.code(), Some(1));
}
