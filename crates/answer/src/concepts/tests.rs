use super::*;
use crate::{
    question_syntax::parse_syntax,
    samples::{engine_over, index},
};
use takeaways_text::model::question::MAX_QUESTION_CHARS;

fn find(question: &str) -> Vec<Concept> {
    find_in(question, Language::En)
}

fn find_in(question: &str, language: Language) -> Vec<Concept> {
    let syntax = parse_syntax(question);
    find_concepts(&syntax, &|_| false, language, &index()).expect("concepts")
}

#[test]
fn words_and_names_become_concepts_and_stop_words_do_not() {
    for (question, expected) in [
        ("what did people say about service mesh?", vec!["people", "say", "service mesh"]),
        ("mesh and mesh", vec!["mesh"]),
        ("\"very boring\" talks", vec!["very boring", "talks"]),
        ("copy-pasting", vec!["copy", "pasting"]),
        ("???", vec![]),
    ] {
        let concepts = find(question);
        let texts: Vec<&str> = concepts.iter().map(|concept| concept.text.as_str()).collect();
        assert_eq!(texts, expected, "{question}");
    }
}

#[test]
fn concepts_tell_names_repeats_and_unknown_words() {
    let concepts = find("mesh of mesh on Zanzibarix \"fine print\"");
    let flags: Vec<(u8, bool, bool, bool)> =
        concepts.iter().map(|it| (it.repeats, it.is_name, it.is_known, it.is_required)).collect();
    assert_eq!(flags[0], (1, false, true, false));
    assert_eq!(flags[1], (0, true, false, false));
    assert!(flags[2].3, "{concepts:?}");
    assert!(concepts[1].importance > concepts[0].importance);
}

#[test]
fn an_unknown_word_weighs_as_its_synonyms_that_posts_have() {
    let concept = |word: &str| find(word).remove(0);
    let (in_posts, not_in_posts) = (concept("delegate"), concept("physician"));
    assert!(!in_posts.is_known && in_posts.is_known_otherwise && !not_in_posts.is_known_otherwise);
    assert!(in_posts.importance < not_in_posts.importance);
}

#[test]
fn two_words_are_also_the_one_that_posts_make_of_them() {
    let engine = engine_over(&[("a.md", "---\ntitle: R\n---\n\nA vendor gave away waterbottles.\n")]);
    for (question, expected) in [
        ("water bottles", [true, true, false]),
        ("water and bottles", [false; 3]),
        ("vendor gave", [false; 3]),
    ] {
        let concepts = find_concepts(&parse_syntax(question), &|_| false, Language::En, engine.index());
        let mut has_it = [false; 3];
        for (has_it, concept) in has_it.iter_mut().zip(concepts.expect("concepts")) {
            *has_it = concept.alternatives.iter().any(|form| form.terms == ["waterbottl"]);
        }
        assert_eq!(has_it, expected, "{question}");
    }
}

#[test]
fn the_first_word_of_a_sentence_and_a_part_of_a_german_word_are_no_names() {
    let names_in = |question: &str, language| -> Vec<String> {
        find_in(question, language).into_iter().filter(|it| it.is_name).map(|it| it.text).collect()
    };
    let names = |question: &str| names_in(question, Language::En);
    assert_eq!(names("how did it grow? Headcounts if you have them"), [""; 0]);
    assert_eq!(names("it grew a lot. Headcounts of Zanzibarix please"), ["Zanzibarix"]);
    assert_eq!(names("what did Dr. Zanzibarix say"), ["Dr", "Zanzibarix"]);
    assert_eq!(names_in("Wie waren die Zanzibar-Vorträge?", Language::De), ["Zanzibar"]);
    assert_eq!(names_in("Was steht in der E-Mail?", Language::De), [""; 0]);
}

/// The work for a question, whatever it is made of: the terms that are searched, and the lookups of similar words.
/// Each costs microseconds, on a small corpus and on a large one.
#[test]
fn a10_the_work_for_a_question_is_bounded() {
    const MAX_TERMS: usize = 10_000;
    let units = [
        "a",
        "the",
        "mesh",
        "zxq",
        "zxqwvut",
        "1",
        "KubeCon",
        "ก",
        "安全",
        "セキ",
        "보안",
        "أمن",
        "é\u{301}",
        "l'",
    ];
    let joiners = ["_", "-", "/", ".", "", " ", "_ ", "' ", ", "];
    let index = index();
    for (unit, joiner) in units.iter().flat_map(|unit| joiners.map(|joiner| (unit, joiner))) {
        for run in [10, 100, MAX_QUESTION_CHARS] {
            let piece = format!("{unit}{joiner}").repeat(run);
            let question: String = format!("{piece} ").chars().cycle().take(MAX_QUESTION_CHARS).collect();
            let syntax = parse_syntax(&question);
            let finder = ConceptFinder {
                syntax: &syntax,
                language: Language::En,
                translations: None,
                index: &index,
                lookups: Cell::new(0),
            };
            let mut terms = 0;
            for at in 0..syntax.words.len() {
                let concepts = finder.concepts_of_word(at).expect("concepts");
                let alternatives = concepts.iter().flat_map(|concept| &concept.alternatives);
                terms += alternatives.map(|alternative| alternative.terms.len()).sum::<usize>();
            }
            assert!(terms <= MAX_TERMS, "{terms} terms for {run} × {unit:?} {joiner:?}");
            assert!(finder.lookups.get() <= MAX_CORRECTIONS, "{unit:?} {joiner:?}");
        }
    }
}

#[test]
fn consumed_words_are_not_concepts() {
    let syntax = parse_syntax("mesh sourdough");
    let concepts = find_concepts(&syntax, &|at| at == 0, Language::En, &index()).expect("concepts");
    let texts: Vec<&str> = concepts.iter().map(|concept| concept.text.as_str()).collect();
    assert_eq!(texts, ["sourdough"]);
}

#[test]
fn rare_words_matter_more() {
    let importances = [0, 1, 10, 100].map(|frequency| inverse_frequency(frequency, 100));
    assert!(importances.is_sorted_by(|a, b| a > b), "{importances:?}");
    assert!(importances.iter().all(|it| *it >= 0.0));
}

#[test]
fn a_name_is_found_however_its_parts_are_joined() {
    let text = "---\ntitle: Notes\n---\n\nHTTP/2 was fast, fluent bit was small, and WebSocket3 was new.\n\nWe had HTTP2 at home.\n";
    let engine = engine_over(&[("a.md", text)]);
    for question in ["fluentbit", "HTTP2", "HTTP/2", "websocket3", "WebSocket/3"] {
        let syntax = parse_syntax(question);
        let concepts = find_concepts(&syntax, &|_| false, Language::En, engine.index()).expect("concepts");
        assert!(concepts.len() == 1 && concepts[0].is_known, "{question}: {concepts:?}");
    }
    let syntax = parse_syntax("HTTP2");
    let concepts = find_concepts(&syntax, &|_| false, Language::En, engine.index()).expect("concepts");
    let forms: Vec<String> = concepts[0].alternatives.iter().map(|form| form.terms.join(" ")).collect();
    assert_eq!(forms, ["http2", "http 2"]);
}
