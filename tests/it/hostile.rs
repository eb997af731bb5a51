//! A10 of the fault list: inputs that are not questions.

use std::collections::HashMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use takeaways_answer::Engine;
use takeaways_corpus::source::EMBEDDED_NOTES;
use takeaways_corpus::{Corpus, CorpusSettings};
use takeaways_search::{CorpusFiles, Index, IndexOptions};
use takeaways_text::model::{Post, PostId, Question};

use crate::harness::{Cli, TempCorpus};
use crate::memory_corpus::{MemoryCorpus, ask, assert_sound, eager};
use takeaways_testing::now;

/// Returns the notes as files in memory.
fn notes() -> MemoryCorpus {
    let files = EMBEDDED_NOTES.iter();
    MemoryCorpus::new(files.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
}

/// The index of the notes, which all questions share.
struct Notes {
    engine: Engine,
    posts: HashMap<PostId, Post>,
}

static NOTES: LazyLock<Notes> =
    LazyLock::new(|| Notes { engine: eager(notes().index(None, 1).0), posts: notes().posts() });

/// Inputs with names, all short enough to be asked.
pub fn questions() -> Vec<(&'static str, String)> {
    let repeated = |part: &str, chars: usize| part.chars().cycle().take(chars).collect::<String>();
    let numbered = |count: usize| (0..count).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    vec![
        ("4,000 characters", repeated("service mesh ", 4_000)),
        ("4,000 characters without a blank", repeated("mesh", 4_000)),
        ("4,000 characters of 4 bytes", repeated("🚀", 4_000)),
        ("4,000 Chinese characters", repeated("服务网格", 4_000)),
        ("as many words as there is place for", numbered(1_000)),
        ("single letters", repeated("a b c ", 6_000)),
        ("wildcards", "* ?* *mesh* me*sh m?sh **".into()),
        ("fuzzy and boosted", "mesh~2 \"service mesh\"~10 mesh^99".into()),
        ("a range", "[a TO z] {a TO z} date:[* TO 2019] year:[* TO *]".into()),
        ("a pattern", "/me.*sh/ /(a+)+$/ ^(.*)*$".into()),
        ("fields", "body:mesh title:\"x\" _all:* author:* event:\" year:".into()),
        ("prefixes without end", repeated("author:\"", 4_000)),
        ("operators", "AND OR NOT && || ! + - ( ) \\".into()),
        ("1,000 ORs", format!("mesh {}", repeated("OR ", 3_000))),
        ("1,000 ORs between words", repeated("a OR ", 5_000)),
        ("an unbalanced quote", "\"service mesh".into()),
        ("quotes only", "\"\"\"\"\"\" “”„«".into()),
        ("a thousand quotes", repeated("\"mesh ", 6_000)),
        ("unbalanced brackets", repeated("(", 4_000)),
        ("minuses only", repeated("-mesh ", 4_000)),
        ("a minus for every word", "-service -mesh -security".into()),
        ("homoglyphs", "Kub\u{435}rn\u{435}tes s\u{435}curit\u{443} \u{391}\u{3a1}\u{399}".into()),
        ("full width", "Ｋｕｂｅｒｎｅｔｅｓ　ｓｅｃｕｒｉｔｙ".into()),
        ("mathematical letters", "𝕂𝕦𝕓𝕖𝕣𝕟𝕖𝕥𝕖𝕤".into()),
        ("Zalgo", repeated("m\u{315}\u{358}\u{321}e\u{30b}sh\u{334} ", 4_000)),
        ("combining marks only", repeated("\u{301}", 4_000)),
        ("zero width", "ser\u{200b}vice\u{200d} me\u{feff}sh\u{2060}".into()),
        ("bidi", "\u{202e}hsem ecivres\u{202c} \u{2066}mesh\u{2069}".into()),
        ("control characters", "mesh\u{0}\u{1}\u{1b}[31m\u{7f}\r\n\tsecurity".into()),
        ("no letters", "?!… — 🚀🚀 ()".into()),
        ("SQL", "'; DROP TABLE posts; -- mesh".into()),
        ("markup", "<script>alert('mesh')</script> {{mesh}} ${mesh} %s%n".into()),
        ("years", "0 -1 99999999999999999999 in 2019-2018 in year:32768 year:-5".into()),
        ("a mention", "@everyone <@1> <#2> what about mesh".into()),
        ("long numbers", repeated("1234567890", 4_000)),
        ("dots", repeated("a.b.", 4_000)),
        ("hyphens", repeated("a-", 4_000)),
        ("an address", format!("https://example.com/{}?q=mesh#x", repeated("a/", 3_000))),
    ]
}

#[test]
fn a10_hostile_questions_are_answered_or_not_found() {
    for (name, question) in questions() {
        println!("{name}");
        let answer = ask(&NOTES.engine, &question).unwrap_or_else(|| panic!("{name} is no question"));
        assert_sound(&answer, &NOTES.posts);
    }
}

#[test]
fn a10_too_long_a_question_is_refused_with_its_length_and_the_limit() {
    let terms = (0..10_000).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    for (name, question) in
        [("10,000 terms", terms), ("a megabyte", "x".repeat(1 << 20)), ("one too many", "é".repeat(6_001))]
    {
        let error = question.parse::<Question>().expect_err(name);
        let said = format!("the question has {} characters; write at most 6000", question.chars().count());
        assert_eq!(error.to_string(), said, "{name}");
    }
}

/// The compiled-in corpus has the same posts as the files in memory.
#[test]
fn a10_hostile_questions_are_answered_alike_by_the_compiled_in_notes() {
    let corpus = Corpus::new(CorpusSettings::default());
    let files = CorpusFiles::list(&corpus, now());
    let (index, _) = Index::open(None, &files, now(), &IndexOptions::default()).expect("an index");
    let compiled_in = eager(index);
    for (name, question) in questions() {
        assert_eq!(ask(&compiled_in, &question), ask(&NOTES.engine, &question), "{name}");
    }
}

#[test]
fn a10_hostile_questions_end_no_batch() {
    let mut lines: Vec<String> =
        questions().iter().map(|(name, question)| json!({"id": name, "q": question}).to_string()).collect();
    let run = || Cli::new().args("ask --batch -").input(lines.join("\n")).run();
    let answers = run().code(0).without_warning().json_lines();
    for (answer, (name, question)) in answers.iter().zip(questions()) {
        assert_eq!(answer["id"], name);
        assert_eq!(answer["question"], question.trim(), "{name}");
        assert!(answer["answered"].is_boolean(), "{name}: {answer}");
    }
    assert_eq!(answers.len(), lines.len());

    let terms = "term ".repeat(10_000);
    lines.insert(1, json!({"id": "10,000 terms", "q": terms}).to_string());
    let run = Cli::new().args("ask --batch -").input(lines.join("\n")).run().code(1);
    let answers = run.json_lines();
    let error = "\"q\": the question has 49999 characters; write at most 6000";
    assert_eq!(answers[1], json!({"id": "10,000 terms", "error": error}));
    assert_eq!(answers.len(), lines.len());
}

#[test]
fn a10_hostile_questions_on_the_command_line_are_answers_or_refusals() {
    let corpus = TempCorpus::small();
    for (name, question) in questions() {
        if question.contains('\0') {
            continue; // can't be an argument
        }
        // After `--`, an input that begins with a minus is not a flag.
        let run = Cli::with_corpus(&corpus).args("ask --").arg(&question).run();
        assert!(run.code == 0 || run.code == 1, "{name}: {} {}", run.code, run.err);
        assert!(!run.out.is_empty() && run.err.is_empty(), "{name}: {} {}", run.out, run.err);
        assert!(!run.out.contains(|c: char| c.is_control() && c != '\n'), "{name}: {:?}", run.out);
    }
    let terms = "term ".repeat(10_000);
    let run = Cli::with_corpus(&corpus).arg("ask").arg(&terms).run().code(2);
    run.warns("the question has 49999 characters; write at most 6000");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a10_no_mixture_of_syntax_and_text_fails(
        parts in prop::collection::vec(
            prop_oneof![
                3 => select(&["\"", "“", "-", "+", "*", "~", "^2", "(", ")", "[", "]", "/", "\\", ":", "OR ", "AND "][..])
                    .prop_map(str::to_owned),
                3 => select(&["author:", "event:", "year:", "2019", "last ", "year", "mesh ", "Kubernetes ", "k8s", "C++ "][..])
                    .prop_map(str::to_owned),
                2 => "\\PC{0,8}",
                1 => any::<char>().prop_map(String::from),
            ],
            1..30,
        ),
        times in 1_usize..20,
    ) {
        let question = parts.concat().repeat(times);
        if let Some(answer) = ask(&NOTES.engine, &question) {
            assert_sound(&answer, &NOTES.posts);
        }
    }
}
