//! Tests of the shapes of questions, on labelled phrases and on hostile text.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::patterns::{MEANINGS, group_name};
use super::*;
use crate::language::WordList;
use crate::model::{Language, ListKind};

/// The least share of phrases whose shape is found, of the half on which the phrases of the lists were chosen.
const MIN_RIGHT: f64 = 0.93;
/// The largest share of facts that are taken for another shape.
const MAX_WRONG_FACTS: f64 = 0.02;

#[derive(serde::Deserialize)]
struct Phrase {
    text: String,
    lang: String,
    shape: String,
    half: String,
}

/// How many phrases are right, of how many.
#[derive(Default, Clone, Copy)]
struct Score {
    right: u32,
    all: u32,
}

impl Score {
    fn share(self) -> f64 {
        f64::from(self.right) / f64::from(self.all.max(1))
    }
}

fn labelled_phrases() -> Vec<Phrase> {
    let lines = include_str!("../../../../tests/questions/shapes.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn name_of(found: &QuestionShape) -> String {
    match found.unanswerable {
        Some(_) => "unanswerable".to_owned(),
        None => serde_json::to_value(found.shape).unwrap().as_str().unwrap().to_owned(),
    }
}

/// The same of the phrases that nobody looks at: what was reached, less two of a hundred.
const MIN_RIGHT_UNSEEN: f64 = 0.87;
/// The same of those whose writers were asked for phrases that a list of stock phrases misses.
const MIN_RIGHT_FRESH: f64 = 0.87;
/// The same of `short`.
const MIN_RIGHT_SHORT: f64 = 0.87;
/// The same of `plain`.
const MIN_RIGHT_PLAIN: f64 = 0.81;
/// The same of `twoparts`: a question and what goes before or after it, "X over time - from A to B?"
const MIN_RIGHT_TWO_PARTS: f64 = 0.79;
/// The same of `outside`: what recaps can't answer, and what sounds like it.
const MIN_RIGHT_OUTSIDE: f64 = 0.66;

#[test]
fn the_shapes_of_labelled_phrases_are_found() {
    let mut scores: BTreeMap<(String, String), Score> = BTreeMap::new();
    for phrase in labelled_phrases() {
        let found = name_of(&find_shape(&phrase.text));
        let is_right = found == phrase.shape;
        // Nobody may look at the misses of the others.
        if !is_right && phrase.half == "choosing" {
            println!("{}: {} as {found}: {} {}", phrase.half, phrase.shape, phrase.lang, phrase.text);
        }
        for key in ["all", &phrase.shape, &phrase.lang] {
            let score = scores.entry((phrase.half.clone(), key.to_owned())).or_default();
            score.right += u32::from(is_right);
            score.all += 1;
        }
    }
    for ((half, key), score) in &scores {
        println!("{half} {key}: {} of {}, {:.3}", score.right, score.all, score.share());
    }
    for ((half, key), score) in scores {
        let is_chosen = half == "choosing";
        let least = match half.as_str() {
            "choosing" => MIN_RIGHT,
            "fresh" => MIN_RIGHT_FRESH,
            "plain" => MIN_RIGHT_PLAIN,
            "outside" => MIN_RIGHT_OUTSIDE,
            "twoparts" => MIN_RIGHT_TWO_PARTS,
            "short" => MIN_RIGHT_SHORT,
            _ => MIN_RIGHT_UNSEEN,
        };
        match key.as_str() {
            "all" => assert!(score.share() >= least, "{half}: {:.3}", score.share()),
            "fact" if is_chosen => {
                assert!(1.0 - score.share() <= MAX_WRONG_FACTS, "{half}: facts {:.3}", score.share());
            }
            _ => {}
        }
    }
}

fn texts(question: &str, ranges: impl IntoIterator<Item = Range<usize>>) -> Vec<String> {
    ranges.into_iter().map(|range| question[range].to_owned()).collect()
}

#[test]
fn words_of_the_shape_are_no_topic() {
    for (question, shape, expected) in [
        ("pros and cons of serverless", Shape::Opinions, vec!["pros and cons of"]),
        ("service mesh over the years", Shape::Trend, vec!["over the years"]),
        ("hey, highlights of KubeCon 2019", Shape::Takeaways, vec!["highlights of"]),
        ("tips for speakers", Shape::Advice, vec!["tips for"]),
        ("Higlights of KubeCon", Shape::Takeaways, vec!["Higlights of"]),
        ("is KubeCon too crowded these days?", Shape::Opinions, vec!["is", "too"]),
        ("how was the food at KubeCon?", Shape::Opinions, vec!["how was the", "at"]),
        ("what came out of KubeCon", Shape::Takeaways, vec!["what came out of"]),
        ("who gave the keynote", Shape::Fact, vec![]),
        ("When was Jenkins X released?", Shape::Fact, vec![]),
        ("will the talks be recorded?", Shape::Fact, vec![]),
        ("When was Jenkins X 4 released?", Shape::Fact, vec![]),
        ("What should I do at KubeCon?", Shape::Advice, vec!["What should I do at"]),
        ("is serverless rising or falling?", Shape::Trend, vec!["is", "rising or falling"]),
        ("Istio X Linkerd", Shape::Comparison, vec!["X"]),
        ("Knative X openfaas", Shape::Comparison, vec!["X"]),
        (
            "Compare Linkerd and Istio based on what people wrote",
            Shape::Comparison,
            vec!["Compare", "and", "based on what people wrote"],
        ),
        (
            "pros and cons of Helm according to the posts",
            Shape::Opinions,
            vec!["pros and cons of", "according to the posts"],
        ),
        ("When did the first PromCon take place?", Shape::Fact, vec![]),
        ("When did eBPF first come up?", Shape::Trend, vec!["When did", "first come up"]),
        ("When did people first talk about eBPF?", Shape::Trend, vec!["When did", "first talk"]),
        ("first PromCon, at whose office was it", Shape::Fact, vec![]),
        ("etcd latency", Shape::Fact, vec![]),
        ("", Shape::Fact, vec![]),
    ] {
        let found = find_shape(question);
        assert_eq!(
            (found.shape, texts(question, found.words)),
            (shape, expected.iter().map(|word| (*word).to_owned()).collect()),
            "{question}"
        );
    }
}

#[test]
fn a_fact_may_begin_as_a_broad_question_does_and_the_reverse() {
    for (question, expected) in [
        ("how much did container downloads grow in 2015", Shape::Fact),
        ("how much has KubeCon grown since 2016?", Shape::Trend),
        ("do people still use Helm?", Shape::Trend),
        ("are companies still using OpenStack?", Shape::Trend),
        ("does GitHub still use Puppet?", Shape::Fact),
        ("first KubeCon how many attendees", Shape::Fact),
        ("how many talks mentioned eBPF?", Shape::Count),
        ("should I drop monitoring? what did Ann answer", Shape::Fact),
        ("who gave keynotes at KubeCon and what did they announce?", Shape::List),
        ("which talks did Ann Lee recommend?", Shape::List),
        ("keycloak at kubecon what's new", Shape::Takeaways),
        ("what did people talk about at KubeCon?", Shape::Takeaways),
        ("what did attendees talk about at KubeCon?", Shape::Takeaways),
        ("what did the keynote by Ann Lee show?", Shape::Fact),
        ("what did people dislike about the Ann Lee keynote?", Shape::Fact),
        ("welche Themen waren auf der KubeCon 2019 wichtig?", Shape::Takeaways),
    ] {
        assert_eq!(find_shape(question).shape, expected, "{question}");
    }
}

#[test]
fn the_questions_that_are_offered_on_a_topic_ask_for_no_single_fact() {
    for language in Language::ALL {
        let question = language.refusals().about_topic.fill(&[("topic", "Istio")]);
        let found = find_shape(&question);
        assert!(found.shape != Shape::Fact || found.is_open, "{question}: {found:?}");
    }
    for question in [
        "¿Qué dijeron sobre la IA?",
        "qué se comentó de eBPF",
        "O que se falou sobre IA?",
        "o que acharam do Istio",
        "Qu'a-t-on dit de l'IA ?",
        "cosa si è detto di Istio?",
        "wat is er verteld over Istio?",
    ] {
        assert_eq!(find_shape(question).shape, Shape::Opinions, "{question}");
    }
}

#[test]
fn each_group_that_a_phrase_names_has_words_and_no_other_group_is_there() {
    for language in Language::ALL {
        let words = &language.words().shapes;
        let mut named = BTreeSet::new();
        for (meaning, list) in MEANINGS {
            for phrase in list(words).iter() {
                for name in phrase.split(['|', ' ', '?']).filter_map(group_name) {
                    let has_words = words.groups.get(name).is_some_and(|group| group.iter().next().is_some());
                    assert!(has_words, "{language:?} {meaning:?}: {phrase}");
                    named.insert(name);
                }
            }
        }
        let groups: BTreeSet<&str> = words.groups.keys().map(String::as_str).collect();
        assert_eq!(groups, named, "{language:?}");
    }
}

#[test]
fn words_with_other_meanings_tell_no_shape() {
    for question in [
        "what is the number of nodes in the largest cluster?",
        "Istio peak latency",
        "which data centre is closer to the user?",
        "story about the llama in the hotel",
        "how often is the kernel released?",
    ] {
        assert_eq!(find_shape(question).shape, Shape::Fact, "{question}");
    }
}

#[test]
fn the_post_that_a_question_is_about_tells_no_shape() {
    for (question, expected) in [
        ("what does the cache do, from that Example 2012 wrap up", Shape::Fact),
        ("which port does the sidecar take, acording to the Example recap", Shape::Fact),
        ("according to the roundup, what do operators replace?", Shape::Fact),
        ("was kostet der Speicher laut dem Rückblick", Shape::Fact),
        ("quel port prend le sidecar d'après le récap", Shape::Fact),
        ("qué puerto usa el sidecar según el resumen", Shape::Fact),
        ("que porta o sidecar usa segundo o resumo", Shape::Fact),
        ("what are the highlights from that recap", Shape::Takeaways),
        ("recap of KubeCon 2019", Shape::Takeaways),
    ] {
        assert_eq!(find_shape(question).shape, expected, "{question}");
    }
}

#[test]
fn both_sides_of_a_comparison_are_found() {
    for (question, left, right) in [
        ("Istio or Linkerd?", "Istio", "Linkerd"),
        ("KubeCon EU vs NA 2019", "KubeCon EU", "NA 2019"),
        ("FOSDEM 2018 vs FOSDEM 2019 - rooms, talks, announcements", "FOSDEM 2018", "FOSDEM 2019"),
        ("FOSDEM 2018 vs FOSDEM 2019, what did they announce?", "FOSDEM 2018", "FOSDEM 2019"),
        ("AI in 2024 vs 2025", "AI in 2024", "2025"),
        ("how did 2018 differ from 2022", "2018", "2022"),
        ("Helm vs Kustomize back in 2015-2017", "Helm", "Kustomize back in 2015-2017"),
        ("Helm vs Kustomize at KubeCon EU 2019", "Helm", "Kustomize at KubeCon EU 2019"),
        ("Can you compare Helm with Kustomize, please", "Helm", "Kustomize"),
        ("what is the difference between DockerCon and KubeCon?", "DockerCon", "KubeCon"),
        (
            "What is the difference between KubeCon EU 2024 and KubeCon EU 2025?",
            "KubeCon EU 2024",
            "KubeCon EU 2025",
        ),
        ("Unterschied zwischen Istio und Linkerd", "Istio", "Linkerd"),
        ("quelle est la différence entre Helm et Kustomize ?", "Helm", "Kustomize"),
        ("diferencia entre Helm y Kustomize", "Helm", "Kustomize"),
        ("diferença entre Helm e Kustomize", "Helm", "Kustomize"),
        ("Istio oder Linkerd", "Istio", "Linkerd"),
        ("Flux or Argo, what do people prefer?", "Flux", "Argo"),
        ("Envoy versus nginx: what did speakers say", "Envoy", "nginx"),
        ("what changed at PromCon 2017 compared with PromCon 2016?", "PromCon 2017", "PromCon 2016"),
    ] {
        let found = find_shape(question);
        let sides = found.sides.map(|sides| texts(question, sides));
        assert_eq!(
            (found.shape, sides),
            (Shape::Comparison, Some(vec![left.to_owned(), right.to_owned()])),
            "{question}"
        );
    }
    for question in [
        "KubeCon 2018 et 2022, qu'est-ce qui a changé selon eux entre les deux ?",
        "was it in Berlin or in Munich?",
        "Flux or Argo or Jenkins, what do people prefer?",
    ] {
        assert_eq!(find_shape(question).sides, None, "{question}");
    }
}

#[test]
fn two_judgements_are_no_things_to_compare() {
    for (question, shape, expected) in [
        ("Istio: top oder flop?", Shape::Opinions, vec!["top oder flop"]),
        (
            "how is the mood around Istio, annoyed or excited",
            Shape::Opinions,
            vec!["how is the mood around", "annoyed", "or", "excited"],
        ),
        ("Flux or Argo", Shape::Comparison, vec!["or"]),
    ] {
        let found = find_shape(question);
        assert_eq!(
            (found.shape, texts(question, found.words)),
            (shape, expected.iter().map(|it| (*it).to_owned()).collect()),
            "{question}"
        );
    }
}

#[test]
fn a_span_of_years_asks_for_a_trend() {
    for (question, expected) in [
        ("AI 2017-2025", Shape::Trend),
        ("service mesh 2018 – 2023", Shape::Trend),
        ("highlights of KubeCon 2017-2025", Shape::Takeaways),
        ("KubeCon 2018-2019", Shape::Fact),
        ("route 2017-40", Shape::Fact),
        ("KubeCon 2017, 2025", Shape::Fact),
    ] {
        assert_eq!(find_shape(question).shape, expected, "{question}");
    }
}

#[test]
fn a_plot_is_a_trend_only_as_a_verb() {
    for (question, expected) in [
        ("plot the mentions of Wasm", Shape::Trend),
        ("chart Wasm", Shape::Trend),
        ("plot of the second film", Shape::Fact),
    ] {
        assert_eq!(find_shape(question).shape, expected, "{question}");
    }
}

#[test]
fn a_version_is_no_comparison() {
    for (question, expected) in [
        ("is Flux v2 ready?", false),
        ("when was Prometheus v2 released?", false),
        ("who showed Kubeflow V1?", false),
        ("was Envoy 4x faster?", false),
        ("is k3s on x86 ready", false),
        ("jenkins x in 2019, which host did it work with", false),
        ("Flux v Argo", true),
        ("2018 x 2019", true),
    ] {
        assert_eq!(find_shape(question).shape == Shape::Comparison, expected, "{question}");
    }
}

#[test]
fn what_recaps_cannot_answer_is_told() {
    for (question, expected) in [
        ("who will win the award next year", Some(Unanswerable::Future)),
        ("how much is a ticket for KubeCon", Some(Unanswerable::Price)),
        ("wetter in berlin", Some(Unanswerable::Weather)),
        ("what are the opening hours", Some(Unanswerable::Schedule)),
        ("who won the award", None),
        ("what did a ticket for KubeCon cost?", Some(Unanswerable::Price)),
        ("where do you see Istio in five years?", Some(Unanswerable::Future)),
        ("what happened to Istio in five years?", None),
        ("wo steht Istio in fünf Jahren?", Some(Unanswerable::Future)),
        ("was ist in fünf Jahren mit Istio passiert?", None),
        ("qué pasó con Istio en cinco años", None),
        ("o que mudou no Istio em cinco anos", None),
        ("will AI make me obsolete according to Werner Vogels?", None),
        ("will AI make me obsolete?", Some(Unanswerable::Future)),
        // A name is no misspelt word of a phrase: "casada".
        ("what did the lawyer's talk say? It was in Canada", None),
    ] {
        assert_eq!(find_shape(question).unanswerable, expected, "{question}");
    }
}

#[test]
fn every_phrase_has_a_word_and_no_sign_within_a_word() {
    for language in Language::ALL {
        let file: toml::Table = toml::from_str(language.file()).unwrap();
        for (name, list) in file["shapes"].as_table().unwrap() {
            for phrase in list.as_array().into_iter().flatten().filter_map(toml::Value::as_str) {
                let place = format!("{} {name}: {phrase}", language.code());
                let marks = |word: &str| {
                    matches!(word, "^" | "$")
                        || word.strip_prefix('*').is_some_and(|limit| {
                            limit.trim_end_matches('?').chars().all(|digit| digit.is_ascii_digit())
                        })
                };
                let mut words = phrase.strip_prefix('!').unwrap_or(phrase).split_whitespace();
                assert!(words.clone().any(|word| word.contains(char::is_alphanumeric)), "{place}");
                assert!(
                    words
                        .all(|word| marks(word)
                            || !word.trim_end_matches('?').contains(['^', '$', '*', '!', '?'])),
                    "{place}"
                );
            }
        }
    }
}

/// Text of many words takes time in proportion to its length, and the rest of a pasted page is not read.
#[test]
fn hostile_questions_are_read_in_time() {
    let begun = Instant::now();
    for part in [
        "what ",
        "* ",
        "who what * ",
        "which -s ",
        "vs ",
        "or ",
        "istio or ",
        "怎么",
        "👩‍🔬",
        "\0\u{7}",
        "e\u{301}",
        "how many recaps the ",
    ] {
        let question: String = part.chars().cycle().take(6000).collect();
        check_ranges(&question);
    }
    check_ranges(&"a".repeat(6000));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

/// Checks that all ranges lie on characters within the question, in order and without overlaps.
fn check_ranges(question: &str) {
    let found = find_shape(question);
    let sides = found.sides.into_iter().flatten().collect::<Vec<_>>();
    for ranges in [&found.words, &sides] {
        let mut end = 0;
        for range in ranges {
            assert!(range.start >= end && range.start < range.end, "{question:?}: {ranges:?}");
            assert!(question.get(range.clone()).is_some(), "{question:?}: {ranges:?}");
            end = range.end;
        }
    }
    if found.shape != Shape::Comparison {
        assert!(sides.is_empty(), "{question:?}");
    }
}

proptest! {
    #[test]
    fn ranges_are_within_any_question(question in "\\PC{0,80}") {
        check_ranges(&question);
    }

    #[test]
    fn ranges_are_within_questions_of_known_words(
        words in proptest::collection::vec(
            prop_oneof![
                Just("compare"), Just("vs"), Just("or"), Just("and"), Just("between"), Just("différence"),
                Just("over the years"), Just("what did people"), Just("think of"), Just("Ünterschied"),
                Just("2019"), Just("，"), Just(", "), Just("比较"), Just("👩‍🔬"), Just("how many recaps"), Just("?"),
            ],
            0..20,
        ),
        joiner in prop_oneof![Just(" "), Just(""), Just("  ")],
    ) {
        check_ranges(&words.join(joiner));
    }
}

#[test]
fn all_words_together_tell_a_shape_where_no_phrase_does() {
    for (question, expected) in [
        ("so what are folks bringing home from these events", Shape::Takeaways),
        ("SO WHAT ARE FOLKS BRINGING HOME FROM THESE EVENTS", Shape::Takeaways),
        ("sales pitches dressed up as talks, do the bloggers mind", Shape::Opinions),
        // Only a name beside a word.
        ("katie gamanji talks", Shape::List),
    ] {
        let found = find_shape(question);
        assert_eq!((found.shape, found.is_estimated), (expected, true), "{question}");
    }
    // Names, letters that look like those of other words, and a question for a fact.
    for question in ["Istio", "kubecon tea", "docker pottery", "who paid for the coffee on the second day"] {
        let found = find_shape(question);
        assert_eq!((found.shape, found.is_estimated), (Shape::Fact, false), "{question}");
    }
    // A phrase tells this one.
    assert!(!find_shape("tips for my first KubeCon").is_estimated);
}

#[test]
fn common_words_of_an_estimated_shape_are_no_names() {
    let question = "so what are folks bringing home on Prometheus from these events";
    let words = texts(question, find_shape(question).words);
    assert!(words.contains(&"these".to_owned()) && !words.contains(&"Prometheus".to_owned()), "{words:?}");
}

#[test]
fn a_number_of_lines_may_be_asked_for() {
    for (question, shape, lines) in [
        ("top 3 takeaways of KubeCon EU 2019", Shape::Takeaways, Some(3)),
        ("top 3 security takeaways of KubeCon EU 2019", Shape::Takeaways, Some(3)),
        ("nenne drei Lehren aus der KubeCon EU 2019", Shape::Takeaways, Some(3)),
        ("give me the five key points of KubeCon EU 2019", Shape::Takeaways, Some(5)),
        ("5 tips for my first KubeCon", Shape::Advice, Some(5)),
        ("takeaways of day 2", Shape::Takeaways, None),
        ("day 2 takeaways of KubeCon EU 2018", Shape::Summary, None),
        ("Helm 3 takeaways", Shape::Takeaways, None),
        ("k8s lessons", Shape::Takeaways, None),
        ("HTTP/2 takeaways", Shape::Takeaways, None),
        ("DoS tips", Shape::Advice, None),
        ("Kubernetes 1.14 highlights", Shape::Takeaways, None),
        ("how many points did the talk have?", Shape::Fact, None),
    ] {
        let found = find_shape(question);
        assert_eq!((found.shape, found.lines), (shape, lines), "{question}");
        assert!(found.words.is_sorted_by(|a, b| a.end <= b.start), "{question}: {:?}", found.words);
    }
}

#[test]
fn lists_of_numbers_have_single_words() {
    for language in Language::ALL {
        let shapes = &language.words().shapes;
        for word in [&shapes.counted_words, &shapes.amount_openings].into_iter().flat_map(WordList::iter) {
            assert_eq!(Words::new(word).len(), 1, "{language:?}: {word}");
        }
        assert!([0, 9].contains(&shapes.cardinals.iter().count()), "{language:?}");
    }
}

#[test]
fn the_same_is_asked_in_each_language() {
    let questions = [
        ("takeaways", "wat zijn de belangrijkste lessen van kubecon 2023"),
        ("takeaways", "wat was het belangrijkste op kubecon eu 2022?"),
        ("takeaways", "conclusies kubecon 2023"),
        ("takeaways", "wat namen mensen mee van kubecon eu 2022"),
        ("takeaways", "conclusioni kubecon 2023"),
        ("takeaways", "quali sono i temi principali della kubecon eu 2022?"),
        ("takeaways", "quais os principais aprendizados da kubecon 2022?"),
        ("takeaways", "what was most important at kubecon eu 2023?"),
        ("takeaways", "como foi a kubecon eu 2023?"),
        ("takeaways", "¿cómo fue la kubecon eu 2023?"),
        ("takeaways", "comment était kubecon eu 2023 ?"),
        ("takeaways", "quelles sont les nouveautés de kubernetes ?"),
        ("list", "wer hat auf dem ebpf summit gesprochen?"),
        ("list", "wie sprak er op de ebpf summit?"),
        ("list", "quem palestrou na kubecon 2019?"),
        ("list", "chi ha parlato all'ebpf summit?"),
        ("list", "liste des orateurs à monitorama 2018"),
        ("list", "lista de ponentes de kubecon 2019"),
        ("list", "novidades do reinvent 2024"),
        ("list", "qué herramientas recomiendan para gitops?"),
        ("list", "quali strumenti consigliano per gitops?"),
        ("opinions", "do they recommend linkerd"),
        ("opinions", "empfehlen die leute linkerd"),
        ("opinions", "est-ce que les gens recommandent linkerd ?"),
        ("opinions", "recomiendan linkerd?"),
        ("opinions", "recomendam linkerd?"),
        ("opinions", "consigliano linkerd?"),
        ("opinions", "raden ze linkerd aan?"),
        ("advice", "recomiendan ir a kubecon?"),
        ("advice", "tips voor mensen die voor het eerst gaan"),
        ("advice", "consigli per chi va per la prima volta a kubecon"),
        ("trend", "wat is er sinds 2022 gezegd over ebpf?"),
        ("trend", "è ancora di moda istio?"),
        ("comparison", "differenza tra istio e linkerd"),
        ("comparison", "verschil tussen istio en linkerd"),
        ("count", "hoeveel verslagen noemen istio?"),
        ("count", "wie viele berichte reden über istio?"),
        ("count", "¿cuántas publicaciones tratan de istio?"),
        ("count", "quanti resoconti menzionano istio?"),
        ("fact", "wie is Liz Rice?"),
        ("fact", "wat betekent eBPF?"),
        ("fact", "chi ha fondato heptio?"),
        ("fact", "dov'era la kubecon eu 2022?"),
        ("fact", "c'était où la kubecon eu 2022 ?"),
        ("fact", "welke stad was het?"),
        ("unanswerable", "quel temps demain"),
        ("unanswerable", "previsão do tempo"),
        ("unanswerable", "che tempo fa domani?"),
        ("unanswerable", "wat voor weer wordt het?"),
    ];
    for (shape, question) in questions {
        assert_eq!(name_of(&find_shape(question)), shape, "{question}");
    }
}

#[test]
fn the_conferences_are_asked_for_in_each_language() {
    for question in [
        "which conferences do you know?",
        "welche konferenzen kennst du?",
        "quelles conférences sont couvertes ?",
        "quelles conférences connais-tu ?",
        "qué conferencias conoces?",
        "quais conferências você conhece?",
        "quali conferenze conosci?",
        "welke conferenties ken je?",
    ] {
        assert_eq!(find_shape(question).list_kind, Some(ListKind::Events), "{question}");
    }
}
