//! Properties of all answers, over generated corpora and questions.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index as Pick, select};
use takeaways_search::Index;
use takeaways_text::model::Answer;

use crate::memory_corpus::{MemoryCorpus, ask, assert_sound, eager, options};
use takeaways_testing::now;

/// The paths of posts. Some differ only in their extension.
const PATHS: [&str; 9] = [
    "a.md",
    "a.txt",
    "a.html",
    "b/mesh.md",
    "b/mesh.rst",
    "b/2019-05-22-day.adoc",
    "c.mdx",
    "日本.md",
    "e e.markdown",
];

/// Words that posts and questions share.
const WORDS: [&str; 28] = [
    "mesh",
    "cluster",
    "Kubernetes",
    "k8s",
    "GitOps",
    "the",
    "of",
    "was",
    "Seattle",
    "2019",
    "v1.16",
    "RBAC",
    "announced",
    "12,000",
    "attendees",
    "e.g.",
    "Ünïcode",
    "e\u{301}tcd",
    "👩‍💻",
    "🚀🚀",
    "サービスメッシュ",
    "服务网格",
    "한국어",
    "don't",
    "\u{200b}zero",
    "C++",
    "KubeCon",
    "naïve",
];

/// Markup between the words of a post.
const MARKUP: [&str; 40] = [
    "\n\n",
    "\n",
    ". ",
    "! ",
    "。",
    "\n\n# ",
    "\n\n## ",
    "\n- ",
    "\n  - ",
    "\n1. ",
    "\n* ",
    "\n> ",
    "\n\n```\n",
    "\n```\n\n",
    "**",
    "_",
    "`",
    "[",
    "](https://example.com/a_(b))",
    "![",
    "\n| a | b |\n|---|---|\n| ",
    " | ",
    "<b>",
    "</b>",
    "<div>",
    "<ul><li>",
    "</li></ul>",
    "<!--",
    "-->",
    "&amp;",
    "&#0;",
    "{{< x >}}",
    "{% y %}",
    "\u{0}",
    "\u{202e}",
    "\u{feff}",
    "\nThree things stood out:\n\n- ",
    "\n====\n",
    "\n:date: 2019\n",
    "\u{1b}[31m",
];

/// Inputs of people and programs that are not words.
const NOISE: [&str; 18] = [
    "\"", "“", "-", "author:", "event:", "year:", "*", "~2", "AND", "OR", "(", "[a TO b]", "/x.*/", "?",
    "what", "who", "\u{0}", "\\",
];

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(select(&WORDS[..]), 1..14).prop_map(|words| words.join(" "))
}

fn body() -> impl Strategy<Value = String> {
    prop::collection::vec((words(), select(&MARKUP[..])), 0..24)
        .prop_map(|parts| parts.into_iter().map(|(words, markup)| words + markup).collect())
}

/// A title, sensible or not.
fn title() -> impl Strategy<Value = String> {
    prop_oneof![
        words(),
        Just("<script>alert(1)</script> \u{202e}txt.exe".to_owned()),
        Just("\"quotes\" & 'more' — # * [x](y) @everyone\u{7}".to_owned()),
        Just("x".repeat(3_000)),
        "\\PC{0,40}",
    ]
}

/// A file: a post with or without front matter, an empty file, or any bytes.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let with_front_matter = (title(), select(&["2019-05-22", "0000-00-00", "soon", ""][..]), body())
        .prop_map(|(title, date, body)| {
            let title = serde_json::to_string(&title).expect("a text");
            format!("---\ntitle: {title}\nauthor: Ada Example\ndate: {date}\ntags: [mesh]\n---\n\n{body}")
        });
    let text = prop_oneof![6 => with_front_matter, 3 => body(), 1 => "\\PC{0,200}"];
    prop_oneof![
        8 => (text, any::<bool>()).prop_map(|(text, is_dos)| if is_dos { text.replace('\n', "\r\n") } else { text }.into_bytes()),
        1 => Just(Vec::new()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

fn files() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let files = prop::collection::btree_map(select(&PATHS[..]), file(), 1..7);
    files.prop_map(|files| files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect())
}

/// A part of a question.
#[derive(Debug, Clone)]
enum QuestionPart {
    /// A word of a post.
    Said(Pick),
    Word(&'static str),
    Noise(&'static str),
    Anything(String),
}

fn question() -> impl Strategy<Value = Vec<QuestionPart>> {
    let part = prop_oneof![
        5 => any::<Pick>().prop_map(QuestionPart::Said),
        3 => select(&WORDS[..]).prop_map(QuestionPart::Word),
        2 => select(&NOISE[..]).prop_map(QuestionPart::Noise),
        1 => "\\PC{0,12}".prop_map(QuestionPart::Anything),
    ];
    prop::collection::vec(part, 1..10)
}

/// Builds the text of a question, with words of the corpus.
fn question_text(parts: &[QuestionPart], said: &[String]) -> String {
    let part = |part: &QuestionPart| match part {
        QuestionPart::Said(pick) if said.is_empty() => format!("{pick:?}"),
        QuestionPart::Said(pick) => pick.get(said).clone(),
        QuestionPart::Word(word) | QuestionPart::Noise(word) => (*word).to_owned(),
        QuestionPart::Anything(text) => text.clone(),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

fn questions(shelf: &MemoryCorpus, parts: &[Vec<QuestionPart>]) -> Vec<String> {
    let mut said: Vec<String> = shelf
        .posts()
        .into_values()
        .flat_map(|post| post.body.text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    said.sort();
    parts.iter().map(|parts| question_text(parts, &said)).collect()
}

fn answers(index: Index, questions: &[String]) -> Vec<Option<Answer>> {
    let engine = eager(index);
    questions.iter().map(|question| ask(&engine, question)).collect()
}

/// Returns all files below a folder with their times and contents.
fn snapshot(folder: &Path) -> BTreeMap<String, (std::time::SystemTime, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry").into_path());
    let state = |path: &Path| {
        let changed = path.metadata().expect("known").modified().expect("a time");
        (changed, if path.is_file() { fs::read(path).expect("read") } else { Vec::new() })
    };
    entries.map(|path| (path.display().to_string(), state(&path))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_excerpt_is_what_its_post_says(files in files(), parts in prop::collection::vec(question(), 4)) {
        let shelf = MemoryCorpus::new(files);
        let (posts, questions) = (shelf.posts(), questions(&shelf, &parts));
        for answer in answers(shelf.index(None, 1).0, &questions).iter().flatten() {
            assert_sound(answer, &posts);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_answer_does_not_depend_on_how_the_posts_were_indexed(
        files in files(),
        order in Just((0..7).collect::<Vec<usize>>()).prop_shuffle(),
        wrong in file(),
        parts in prop::collection::vec(question(), 3),
    ) {
        let shelf = MemoryCorpus::new(files.clone());
        let questions = questions(&shelf, &parts);
        let expected = answers(shelf.index(None, 1).0, &questions);
        prop_assert_eq!(&answers(shelf.reversed().index(None, 3).0, &questions), &expected, "order and threads");

        // The files come one by one, each first with other text and at other times.
        let (mut index, _) = MemoryCorpus::default().index(None, 1);
        let mut present: Vec<(String, Vec<u8>)> = Vec::new();
        let order = order.into_iter().filter(|at| *at < files.len());
        for (hours, at) in order.enumerate() {
            for bytes in [&wrong, &files[at].1] {
                present.retain(|(path, _)| *path != files[at].0);
                present.push((files[at].0.clone(), bytes.clone()));
                let later = now() + jiff::SignedDuration::from_hours(i64::try_from(hours).expect("few"));
                let verify = takeaways_search::IndexOptions { verify: true, ..options(2) };
                index = index.refresh(&MemoryCorpus::new(present.clone()), later, &verify).expect("an index").0;
            }
        }
        prop_assert_eq!(&answers(index, &questions), &expected, "one by one");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn indexing_twice_writes_nothing(files in files(), parts in prop::collection::vec(question(), 2)) {
        let shelf = MemoryCorpus::new(files);
        let questions = questions(&shelf, &parts);
        let state = tempfile::tempdir().expect("a folder");
        let expected = answers(shelf.index(Some(state.path()), 2).0, &questions);
        let before = snapshot(state.path());
        let (index, report) = shelf.index(Some(state.path()), 1);
        prop_assert_eq!((report.read, report.added, report.changed, report.removed), (0, 0, 0, 0));
        prop_assert!(report.notices.is_empty(), "{:?}", report.notices);
        prop_assert_eq!(&answers(index, &questions), &expected);
        prop_assert_eq!(&snapshot(state.path()), &before);
    }
}
