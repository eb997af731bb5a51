//! All words of this repository are its own: no file shares a run of words with a post of others.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use takeaways_testing::shared_data::shared_posts;
use walkdir::WalkDir;
use xxhash_rust::xxh3::xxh3_64;

use crate::harness::root;

/// The number of equal words in a row that count as copied.
const RUN: usize = 8;
/// Of these so many must have two letters: times and dates are nobody's words.
const LETTERED: usize = 5;

/// Titles of talks, which notes and questions share with posts; and three questions that ask in the words of a post, which
/// stay as they are, so that measurements can be compared.
const TITLES: [&str; 12] = [
    "10 Weird ways to blow up your Kubernetes",
    "Walls Within Walls: What if Your Attacker Knows Parkour?",
    "Understanding and Troubleshooting the eBPF Datapath in Cilium",
    "Multi-Cloud Networking with Kubernetes and Tungsten Fabric",
    "The Linux Kernel: We have to finish this thing one day",
    "Is Kubernetes Delivering on Its Promise? A Platform Engineering Perspective",
    "Resilient Multi-Cloud Strategies: Harnessing Kubernetes, Cluster API, and Cell-Based Architecture",
    "United in the Cloud: Where Inclusion Winds Around the World",
    "From 0 To Production-Grade With Kubernetes Native Development",
    "said complexity is a side effect of success",
    "palestrando pela primeira vez fora de São Paulo",
    "para estimar el consumo de energía por usuario",
];

/// Folders that hold nothing that we wrote.
const LEFT_OUT: [&str; 3] = ["target", ".git", "node_modules"];

/// A word as a number; `None` ends a run.
type Word = Option<(u64, bool)>;

/// The lower-case words of a text. Addresses and tags of HTML are no words. Titles end a run, and so do quotation marks
/// where `is_data`, since they part one value from the next.
fn words(text: &str, is_data: bool) -> Vec<Word> {
    static TITLE_WORDS: LazyLock<Vec<Vec<Word>>> =
        LazyLock::new(|| TITLES.iter().map(|title| words_with_titles(title, false)).collect());
    let mut words = words_with_titles(text, is_data);
    for title in TITLE_WORDS.iter() {
        let mut at = 0;
        while let Some(found) = words[at..].windows(title.len()).position(|run| run == title.as_slice()) {
            at += found;
            words.splice(at..at + title.len(), [None]);
        }
    }
    words
}

fn words_with_titles(text: &str, is_data: bool) -> Vec<Word> {
    let text = without_tags(text).to_lowercase();
    let mut words = Vec::new();
    for line in text.lines().filter(|line| !is_name_of_source(line)) {
        for part in line.split_whitespace() {
            // A link has words before its address.
            let part = part.split_once("](").map_or(part, |(words, _)| words);
            if part.contains("://") || part.contains('@') {
                continue;
            }
            for piece in part.split_inclusive('"') {
                let found = piece.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
                let is_lettered = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
                words.extend(found.map(|word| Some((xxh3_64(word.as_bytes()), is_lettered(word)))));
                if is_data && piece.ends_with('"') {
                    words.push(None);
                }
            }
        }
    }
    words
}

/// The text without what stands between `<` and `>` in one line, as far as it looks like a tag.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        let tag = &rest[at..];
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let end = tag.find('>').filter(|end| is_tag && !tag[..*end].contains("\n\n"));
        plain.push(' ');
        rest = end.map_or(&tag[1..], |end| &tag[end + 1..]);
    }
    plain + rest
}

/// Whether a line names the title or the authors of a post that a note or a table is about.
fn is_name_of_source(line: &str) -> bool {
    let line = line.trim_start();
    ["title:", "title = ", "author:", "authors = "].iter().any(|field| line.starts_with(field))
}

/// A hash of each run of words, with the place of its first word.
fn runs(words: &[Word]) -> impl Iterator<Item = (usize, u64)> + '_ {
    words.windows(RUN).enumerate().filter_map(|(at, run)| {
        let (mut hash, mut lettered) = (0_u64, 0);
        for word in run {
            let (word, has_letters) = (*word)?;
            hash = (hash.rotate_left(7) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            lettered += usize::from(has_letters);
        }
        (lettered >= LETTERED).then_some((at, hash))
    })
}

fn known_runs(posts: &Path) -> HashSet<u64> {
    let mut known = HashSet::new();
    for folder in ["seeds", "real"] {
        for file in files(&posts.join(folder)) {
            let text = fs::read_to_string(&file).unwrap_or_default();
            known.extend(runs(&words(&text, false)).map(|(_, hash)| hash));
        }
    }
    known
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let is_ours = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !LEFT_OUT.iter().any(|name| entry.file_name() == *name)
    };
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_ours);
    let files = entries.map(|entry| entry.expect("a readable folder"));
    files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// The number of runs of a text that are known.
fn copied(text: &str, is_data: bool, known: &HashSet<u64>) -> usize {
    runs(&words(text, is_data)).filter(|(_, hash)| known.contains(hash)).count()
}

#[test]
fn no_file_of_the_repository_shares_a_run_of_words_with_a_post() {
    let Some(posts) = shared_posts() else { return };
    let known = known_runs(&posts);
    assert!(known.len() > 100_000, "the posts are read");
    let mut found = Vec::new();
    let (mut read, mut notes) = (0, 0);
    for file in files(&root()) {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        read += 1;
        notes += usize::from(file.parent() == Some(&root().join("corpus")));
        let is_data = file.extension().is_some_and(|end| ["rs", "toml", "jsonl"].iter().any(|it| end == *it));
        let count = copied(&text, is_data, &known);
        if count > 0 {
            // Line by line: the words that are there already are enough to find the place.
            let lines: Vec<&str> = text.lines().collect();
            let place = (0..lines.len())
                .find(|at| copied(&lines[*at..(at + 3).min(lines.len())].join("\n"), is_data, &known) > 0);
            found.push(format!("{}:{}: {count} runs", file.display(), place.unwrap_or_default() + 1));
        }
    }
    assert!(read > 500 && notes > 40, "{read} files with {notes} notes are read");
    assert!(found.is_empty(), "words of posts stand in\n{}", found.join("\n"));
}

#[test]
fn a_run_that_is_copied_is_found() {
    let known: HashSet<u64> = runs(&words("One two three, four: five (six) seven eight nine.", false))
        .map(|(_, hash)| hash)
        .collect();
    assert_eq!(known.len(), 2);
    assert_eq!(copied("> Zero one *two* three\n> four five six seven eight", false, &known), 1);
    assert_eq!(copied("one two three four five six seven", false, &known), 0);
    assert_eq!(copied("[\"one two three four\", \"five six seven eight\"]", true, &known), 0);
    assert_eq!(copied("see https://a.example/x one two three four five six seven eight", false, &known), 1);
    let times: HashSet<u64> =
        runs(&words("Wed Dec 04 2024 18:30:00 GMT", false)).map(|(_, hash)| hash).collect();
    assert!(times.is_empty());
}
