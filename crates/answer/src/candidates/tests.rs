//! Tests of which runs of sentences become candidates, and of their features.

use super::feature_extraction::{begins_with_reference, linked_share};
use super::{CandidateReader, MAX_CHARS};
use crate::answer_type::AnswerType;
use crate::features::Feature;
use crate::samples::{candidate, candidates, concepts, post};
use takeaways_text::model::{Language, Span};

/// The texts of the candidates of a post, in the order of the post.
fn texts(markdown: &str, words: &[&str]) -> Vec<String> {
    let post = post("a", markdown);
    let mut all = candidates(&post, &concepts(words), AnswerType::Anything);
    all.sort_by_key(|it| (it.span.start(), it.span.end()));
    all.iter().map(|it| post.body.slice(it.span).to_owned()).collect()
}

#[test]
fn the_full_name_in_a_file_name_is_covered() {
    let text = "My session was on secrets.";
    for (file, first, expected) in [
        ("2019-notes-annamodi", "Anna", true),
        ("2019-notes-modi", "Anna", false),
        // Any two words are no name.
        ("2019-notes-meshmodi", "mesh", false),
    ] {
        let post = post(file, text);
        let found = candidate(&post, &concepts(&[first, "Modi", "session"]), AnswerType::Anything, text);
        let covers = found.concept_coverage[..2].iter().all(|coverage| *coverage > 0.0);
        assert_eq!(covers, expected, "{file}: {:?}", found.concept_coverage);
    }
}

#[test]
fn a_blog_that_posts_mention_is_covered_by_the_names_of_its_files() {
    let text = "The hotel is very nice.";
    for (word, file, expected) in [
        ("zerok", "2024-fosdem-zerokspot", true),
        ("zerok", "2024-fosdem-other", false),
        // These mean something else.
        ("closing", "2024-fosdem-closing", false),
        ("Grafana", "2024-fosdem-grafana", false),
    ] {
        let found = candidate(&post(file, text), &concepts(&["hotel", word]), AnswerType::Anything, text);
        assert_eq!(found.concept_coverage[1] > 0.0, expected, "{file}: {word}");
    }
}

#[test]
fn candidates_are_runs_of_up_to_three_sentences() {
    let found = texts("One mesh here. Two mesh there. Three mesh now. Four mesh then.\n", &["mesh"]);
    for (text, is_candidate) in [
        ("One mesh here.", true),
        ("One mesh here. Two mesh there.", true),
        ("One mesh here. Two mesh there. Three mesh now.", true),
        ("One mesh here. Two mesh there. Three mesh now. Four mesh then.", false),
        ("Four mesh then.", true),
    ] {
        assert_eq!(found.iter().any(|it| it == text), is_candidate, "{text}");
    }
}

#[test]
fn a_third_sentence_has_to_match() {
    let found = texts("The mesh is young. It works. Lunch was late.\n", &["mesh"]);
    assert!(found.iter().any(|it| it == "The mesh is young. It works."), "{found:?}");
    assert!(!found.iter().any(|it| it.ends_with("late.") && it.starts_with("The mesh")), "{found:?}");
}

#[test]
fn code_and_headings_are_never_cited() {
    let found = texts("# The mesh heading\n\nA mesh is young.\n\n```\nmesh --code\n```\n", &["mesh"]);
    assert_eq!(found, ["A mesh is young."]);
}

#[test]
fn an_introduction_needs_an_item() {
    let found =
        texts("What the mesh taught us:\n\n- Start with one cluster.\n- Measure the latency.\n", &["mesh"]);
    assert!(!found.iter().any(|it| it == "What the mesh taught us:"), "{found:?}");
    assert!(
        found.iter().any(|it| it.starts_with("What the mesh") && it.ends_with("one cluster.")),
        "{found:?}"
    );
}

#[test]
fn each_talk_of_a_list_stands_alone() {
    let of_talks = "- The Mesh at Home – Ann Lee, Acme\n- Storage of Clusters – Bo Lund, Umbra\n";
    assert_eq!(
        texts(of_talks, &["mesh", "storage"]),
        ["The Mesh at Home – Ann Lee, Acme", "Storage of Clusters – Bo Lund, Umbra"]
    );
    let other = "- The mesh is slow.\n- The storage is slower.\n";
    assert!(
        texts(other, &["mesh", "storage"]).contains(&"The mesh is slow.\nThe storage is slower.".to_owned())
    );
}

#[test]
fn a_list_item_knows_its_introduction() {
    let post = post("a", "Three things about meshes stood out:\n\n- Latency is low.\n- Costs are high.\n");
    let words = concepts(&["latency"]);
    let item = candidate(&post, &words, AnswerType::Anything, "Latency is low.");
    assert_eq!(item.lead_in.map(|span| post.body.slice(span)), Some("Three things about meshes stood out:"));
}

#[test]
fn coverage_depends_on_the_place_of_a_match() {
    let post =
        post("a", "---\ntitle: On istio\n---\n\n# About linkerd\n\nThe mesh is young. Envoy is not.\n");
    for (word, coverage, direct) in [
        ("mesh", 1.0, 1.0),
        ("linkerd", super::IN_HEADING, 0.0),
        ("istio", super::IN_TITLE, 0.0),
        ("envoy", super::NEARBY, 0.0),
        ("sourdough", 0.0, 0.0),
    ] {
        let found = candidate(&post, &concepts(&[word]), AnswerType::Anything, "The mesh is young.");
        let features = found.features;
        assert!((features.get(Feature::Coverage) - coverage).abs() < 1e-6, "{word}: {features:?}");
        assert!((features.get(Feature::Direct) - direct).abs() < 1e-6, "{word}: {features:?}");
    }
}

#[test]
fn coverage_is_weighed_by_importance() {
    let post = post("a", "The mesh is young.\n");
    let mut words = concepts(&["mesh", "sourdough"]);
    words[0].importance = 3.0;
    let found = candidate(&post, &words, AnswerType::Anything, "The mesh is young.");
    assert!((found.features.get(Feature::Direct) - 0.75).abs() < 1e-6);
    assert!((found.features.get(Feature::Rarest) - 1.0).abs() < 1e-6);
}

#[test]
fn neighbours_of_the_question_are_near_in_the_text() {
    for (text, near) in [
        ("The service mesh is young.", 1.0),
        ("A mesh is like a service.", 1.0),
        ("A mesh is a kind of service.", 0.0),
        ("A mesh is young, and old people liked the lunch service.", 0.0),
    ] {
        let post = post("a", &format!("{text}\n"));
        let found = candidate(&post, &concepts(&["service", "mesh"]), AnswerType::Anything, text);
        assert!((found.features.get(Feature::Nearness) - near).abs() < 1e-6, "{text}");
    }
}

#[test]
fn numbers_count_only_beside_words_of_the_question() {
    for (text, counts, none) in [
        ("About 12,000 attendees came.", 1.0, 0.0),
        ("It was attended by attendees: 800.", 1.0, 0.0),
        ("The attendees in numbers: 800 developers, 20 others.", 1.0, 0.0),
        ("Some attendees joined a two hour workshop.", 0.0, 0.0),
        ("Attendees came, and lunch was at the other end of the hall.", 0.0, 1.0),
        ("Attendees liked the food of the evening in hall 7 best.", 0.0, 0.0),
    ] {
        let post = post("a", &format!("{text}\n"));
        let found = candidate(&post, &concepts(&["attendees"]), AnswerType::HowMany, text);
        let get = |feature| found.features.get(feature);
        assert!((get(Feature::Counts) - counts).abs() < 1e-6, "{text}");
        assert!((get(Feature::NoNumber) - none).abs() < 1e-6, "{text}");
        assert_eq!(found.has_counted_match, counts > 0.5, "{text}");
    }
}

#[test]
fn a_number_belongs_to_what_is_counted() {
    let mut found = concepts(&["visitors", "booth"]);
    found[0].is_counted = true;
    for (text, expected) in [
        ("We had 350 visitors at the booth.", true),
        ("The booth had room for 20 of us, as all visitors saw.", false),
        ("At a booth of 12 meters we met people.", false),
    ] {
        let post = post("a", &format!("{text}\n"));
        let candidate = candidate(&post, &found, AnswerType::HowMany, text);
        assert_eq!(candidate.has_counted_match, expected, "{text}");
    }
}

#[test]
fn titles_answer_only_who() {
    let item = "Meshes in Production – Ann Lee, Acme";
    let post = post("a", &format!("Talks:\n\n- {item}\n- Another One\n"));
    for (answer_type, expected) in [(AnswerType::Anything, 1.0), (AnswerType::Who, 0.0)] {
        let found = candidate(&post, &concepts(&["meshes"]), answer_type, item);
        assert!((found.features.get(Feature::TitleLike) - expected).abs() < 1e-6, "{answer_type:?}");
    }
}

#[test]
fn a_long_sentence_is_cited_by_itself() {
    let parts = ["of the platform", "of the network", "of the storage", "of the billing"];
    let long = format!("The mesh is young, said all the teams {}.", parts.repeat(5).join(", and those "));
    assert!((MAX_CHARS + 1..700).contains(&long.len()), "{}", long.len());
    let next = "Nobody runs one yet.";
    assert_eq!(texts(&format!("{long} {next}\n"), &["mesh"]), [long.as_str(), next]);
    let too_long =
        format!("The mesh is young, said all the teams {}.", parts.repeat(20).join(", and those "));
    assert_eq!(texts(&format!("{too_long}\n"), &["mesh"]), [""; 0]);
}

#[test]
fn captions_and_lines_with_only_a_name_are_never_cited() {
    let markdown = "Ann Lee, Acme Meshes\n\n![mesh](a.png)\n\nThe mesh is young, says Ann.\n";
    assert_eq!(texts(markdown, &["mesh", "acme"]), ["The mesh is young, says Ann."]);
}

#[test]
fn the_heading_of_a_talk_introduces_who_gave_it() {
    for (heading, expected) in [("Meshes in Anger – Ann Lee, Acme", true), ("Meshes in anger", false)] {
        let post = post("a", &format!("# Talks\n\n## {heading}\n\nThe mesh was slow.\n"));
        let found = candidate(&post, &concepts(&["mesh"]), AnswerType::Who, "The mesh was slow.");
        let lead_in = found.lead_in.map(|span| post.body.slice(span));
        assert_eq!(lead_in, Some(heading).filter(|_| expected), "{heading}");
        assert_eq!(found.matches_answer_type, Some(expected), "{heading}");
    }
}

#[test]
fn a_heading_with_words_that_the_excerpt_lacks_introduces_it() {
    let post = post("a", "# Talks\n\n## Storage at Acme\n\nIt has 600 disks.\n\nAcme has 3 rooms.\n");
    for (text, expected) in [("It has 600 disks.", Some("Storage at Acme")), ("Acme has 3 rooms.", None)] {
        let found = candidate(&post, &concepts(&["Acme", "disks"]), AnswerType::Anything, text);
        assert_eq!(found.lead_in.map(|span| post.body.slice(span)), expected, "{text}");
    }
}

#[test]
fn a_question_needs_its_answer() {
    let markdown = "Is the mesh fast?\n\nAnn says that it is.\n";
    assert_eq!(
        texts(markdown, &["mesh"]),
        ["Is the mesh fast?\n\nAnn says that it is.", "Ann says that it is."]
    );
}

#[test]
fn definitions_are_distinguished_from_mentions() {
    for (text, defines) in [
        ("Linkerd is a service mesh.", 1.0),
        ("Linkerd means less work.", 0.6),
        ("Linkerd – a mesh for all.", 0.6),
        ("We talked about Linkerd over lunch.", 0.0),
        // The title of a page.
        ("Linkerd – how we got started", 0.0),
    ] {
        let is_link = text.ends_with("started");
        let markdown = if is_link { format!("[{text}](https://example.com)\n") } else { format!("{text}\n") };
        let post = post("a", &markdown);
        let found = candidate(&post, &concepts(&["linkerd"]), AnswerType::Meaning, text);
        assert!((found.features.get(Feature::Defines) - defines).abs() < 1e-6, "{text}");
        let other = candidate(&post, &concepts(&["linkerd"]), AnswerType::Anything, text);
        assert!(
            other.features.get(Feature::Defines).abs() < 1e-6,
            "only where a meaning is asked for: {text}"
        );
    }
}

#[test]
fn quotes_within_a_post_are_set_off() {
    let post = post("a", "> The mesh is young.\n\nThe mesh is old.\n");
    for (text, set_off) in [("The mesh is young.", 1.0), ("The mesh is old.", 0.0)] {
        let found = candidate(&post, &concepts(&["mesh"]), AnswerType::Anything, text);
        assert!((found.features.get(Feature::SetOff) - set_off).abs() < 1e-6, "{text}");
    }
}

#[test]
fn marks_are_the_words_of_the_question() {
    let post = post("a", "Some people say that the mesh is young.\n");
    let text = "Some people say that the mesh is young.";
    for (words, marked) in [
        (vec!["mesh"], vec!["mesh"]),
        (vec!["people", "mesh"], vec!["mesh"]),
        (vec!["people"], vec!["people"]),
        (vec!["sourdough"], vec![]),
    ] {
        let found = candidate(&post, &concepts(&words), AnswerType::Anything, text);
        let marks: Vec<&str> = found.marks.iter().map(|span| post.body.slice(*span)).collect();
        assert_eq!(marks, marked, "{words:?}");
    }
}

#[test]
fn another_form_of_a_word_nearby_is_not_new() {
    let text = "The mesh is managed by Ann.";
    let post = post("a", &format!("{text}\n\nManaging the sidecars is work.\n"));
    let concepts = concepts(&["managed", "sidecars"]);
    let found = candidate(&post, &concepts, AnswerType::Anything, text);
    let around =
        CandidateReader::new(&concepts, AnswerType::Anything, Language::En).marks_around(&found, 200);
    let words =
        |spans: &[Span]| spans.iter().map(|span| post.body.slice(*span).to_owned()).collect::<Vec<_>>();
    assert_eq!(words(&around.all), ["Managing", "sidecars"]);
    assert_eq!(words(&around.new), ["sidecars"]);
}

#[test]
fn what_covers_most_of_the_question_needs_no_paragraph_beside_it() {
    let text = "The mesh is managed by Ann.";
    let post = post("a", &format!("{text}\n\nManaging the sidecars is work.\n"));
    for (words, expected) in
        [(vec!["mesh", "Ann", "sidecars"], true), (vec!["mesh", "sidecars", "work"], false)]
    {
        let concepts = concepts(&words);
        let found = candidate(&post, &concepts, AnswerType::Anything, text);
        let around =
            CandidateReader::new(&concepts, AnswerType::Anything, Language::En).marks_around(&found, 200);
        assert_eq!(around.is_covered, expected, "{words:?}");
        assert!(!around.all.is_empty(), "{words:?}");
    }
}

#[test]
fn a_list_whose_head_has_the_words_of_an_item_is_asked_for() {
    let item = "The mesh sleeps.";
    for (head, is_asked) in
        [("## Notes on a mesh", true), ("The mesh in three lines:", true), ("## Notes on sidecars", false)]
    {
        let post = post("a", &format!("{head}\n\n- Drink water.\n- {item}\n- Walk home.\n"));
        let concepts = concepts(&["mesh"]);
        let found = candidate(&post, &concepts, AnswerType::Anything, item);
        let reader = CandidateReader::new(&concepts, AnswerType::Anything, Language::En);
        assert_eq!(reader.marks_around(&found, 200).is_list_asked, is_asked, "{head}");
    }
}

#[test]
fn a_list_of_somebody_who_is_named_before_it_is_asked_for() {
    let item = "Old habits, of which Oakley spoke too.";
    for (before, is_asked) in [("Oakley came.\n\nThen he named risks:", true), ("He named risks:", false)] {
        let post = post("a", &format!("## Risks\n\n{before}\n\n- Boredom.\n- {item}\n- Skills.\n"));
        let concepts = concepts(&["Oakley", "warn"]);
        let found = candidate(&post, &concepts, AnswerType::Anything, item);
        let reader = CandidateReader::new(&concepts, AnswerType::Anything, Language::En);
        assert_eq!(reader.marks_around(&found, 200).is_list_asked, is_asked, "{before}");
    }
}

#[test]
fn names_whose_parts_are_apart_are_split() {
    for (text, split) in [
        ("The World Cup was on.", vec![]),
        ("All the world drank a cup of coffee over there.", vec![0, 1]),
        ("The cup of coffee was the best that we had in the whole wide world.", vec![0, 1]),
    ] {
        let post = post("a", &format!("{text}\n"));
        let mut words = concepts(&["World", "Cup"]);
        for concept in &mut words {
            (concept.is_name, concept.follows_stop_word) = (true, true);
        }
        let found = candidate(&post, &words, AnswerType::Anything, text);
        assert_eq!(found.split_names, split, "{text}");
    }
}

#[test]
fn references_are_recognised() {
    for (text, is_reference) in [
        ("It works.", true),
        ("This, they said, is new.", true),
        ("\"These\" are old.", true),
        ("Items are many.", false),
        ("Mesh is it.", false),
        ("", false),
    ] {
        assert_eq!(begins_with_reference(text), is_reference, "{text}");
    }
}

#[test]
fn the_linked_share_is_that_of_link_text() {
    for (markdown, share) in [
        ("[All of it](https://example.com)\n", 1.0),
        ("[Half](https://example.com)half\n", 0.5),
        ("None of it.\n", 0.0),
    ] {
        let post = post("a", markdown);
        let span = post.body.sentences[0].span;
        assert!((linked_share(&post.body, span) - share).abs() < 1e-6, "{markdown}");
    }
}
