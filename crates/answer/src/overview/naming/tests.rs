//! Tests of the posts that name a topic.

use super::super::tests::{engine_of_recaps, overview_of};
use super::{HashSet, MAX_JOINED_FORMS, joined_concepts};
use crate::NamedOverview;
use crate::ScopeOptions;
use crate::resolve::NameRole;
use crate::samples::{now, request};
use takeaways_text::model::{Answer, Overview};

/// The numbers of posts that an overview counts.
fn counted(overview: &Overview) -> Vec<u32> {
    overview.groups.iter().map(|group| group.posts.posts).collect()
}

#[test]
fn words_side_by_side_count_next_to_each_other_and_a_choice_counts_each() {
    let engine = engine_of_recaps(&[
        ("Ann", "I think that platform engineering is harder than most teams believe."),
        ("Bo", "Our platform is slow, but the engineering behind it was better than before."),
        ("Cy", "Most teams should start without a mesh, because it takes months to learn."),
        ("Di", "Take a side track of the hallway to the mesh booth, because the halls are full of people."),
        ("Ed", "The hallway track was the best part for me, because people have time to talk there."),
        ("Fy", "Most teams that I met left Docker Swarm last year, because it has fewer users than before."),
        ("Gi", "We run Nomad in production, because it is easier to learn than most teams believe."),
        ("Ha", "Everybody should know that distributed systems fail in parts, because networks are slow."),
    ]);
    for (question, expected) in [
        ("how many recaps mention platform engineering?", 1),
        ("how many recaps mention the hallway track?", 1),
        ("how many recaps mention mesh or hallway track?", 3),
        ("how many recaps mention the mesh, the booth?", 1),
        ("wie viele Recaps erwähnen Platform Engineering?", 1),
        ("how many recaps mention platform engineering / mesh?", 3),
        ("how many recaps mention the mesh and the booth?", 1),
        ("how many recaps mention Docker Swarm or Nomad?", 2),
        // Its translation counts, as in a question on one of the words.
        ("wie viele Recaps erwähnen verteilte Systeme?", 1),
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_eq!((counted(&overview), overview.is_partial), (vec![expected], false), "{question}");
        let posts: HashSet<&str> =
            overview.excerpts.iter().map(|excerpt| excerpt.citation.path.as_str()).collect();
        assert_eq!(posts.len(), overview.excerpts.len(), "{question}");
    }
}

#[test]
fn what_only_has_the_same_stem_is_not_counted() {
    let engine = engine_of_recaps(&[
        ("Ann", "I think that hosting costs more than most teams believe, and so does accessibility."),
        ("Bo", "Our hosts had access to the hall, because they hosted the event with many hosts."),
        ("Cy", "Most teams should access one host only, because many hosts are hard to run."),
        ("Di", "The container contained it all, because containers contain more than most teams believe."),
        ("Ed", "The multi-cloud clusters took an optimisation, because modelling them is hard for teams."),
        (
            "Flo",
            "Presque toutes les équipes devraient voir l'optimisation du Hallway Track avant les autres.",
        ),
    ]);
    for (question, expected) in [
        ("how many recaps mention optimisation?", 2),
        ("how many recaps mention optimizations?", 2),
        ("how many recaps mention modeling?", 1),
        ("how many recaps mention multicloud?", 1),
        ("how many recaps mention multi cloud?", 1),
        ("how many recaps mention hallwaytrack?", 1),
        ("how many recaps mention hosting?", 1),
        ("how many recaps mention accessibility?", 1),
        ("how many recaps mention hosts?", 2),
        ("how many recaps mention containers?", 1),
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_eq!(counted(&overview), [expected], "{question}");
    }
}

#[test]
fn a_topic_of_several_parts_is_counted_as_on_its_card() {
    let engine = engine_of_recaps(&[
        (
            "Ann",
            "IoT is easier than most teams believe. A Raspberry Pi is enough, because IoT needs little power.",
        ),
        ("Bo", "Most embedded code needs people. Nobody can debug embedded code from afar, or robots."),
        ("Cy", "Most drones fly in circles, because robots and drones are hard to debug from afar."),
        ("Di", "Most teams should start without a mesh, because it takes months to learn."),
    ]);
    for (named, expected) in [
        (NamedOverview::Trend { topic: "IoT and embedded".into() }, 3),
        (NamedOverview::Thing { name: "IoT and embedded".into() }, 3),
    ] {
        let request = named.request(ScopeOptions::default(), 3, now()).expect("a request");
        let Answer::Overview(overview) = engine.answer(&request).expect("an answer") else {
            panic!("{request:?}")
        };
        assert_eq!(overview.posts.posts, expected, "{overview:?}");
    }
}

#[test]
fn one_word_of_the_name_of_a_topic_is_counted_by_itself() {
    let engine = engine_of_recaps(&[
        ("Ann", "Most teams should test AI first, because it may be wrong."),
        ("Bo", "Machine learning is harder than most teams believe. Machine learning needs data."),
    ]);
    let overview = overview_of(&engine, "how many recaps mention AI?").expect("a count");
    assert_eq!(counted(&overview), [1]);
}

#[test]
fn a_number_needs_no_line() {
    let engine = engine_of_recaps(&[
        ("Ann", "Who was there:\n\n- Canonical\n- Dell\n- Red Hat"),
        ("Bo", "Most teams should start without a mesh, because it takes months to learn."),
    ]);
    let overview = overview_of(&engine, "how many recaps mention Dell?").expect("a count");
    assert_eq!(counted(&overview), [1]);
    assert!(overview.excerpts.is_empty() && !overview.is_partial, "{overview:?}");
    let request = NamedOverview::Trend { topic: "Dell".into() }.request(ScopeOptions::default(), 3, now());
    let Answer::Overview(trend) = engine.answer(&request.expect("a request")).expect("an answer") else {
        panic!("a trend")
    };
    assert!(trend.excerpts.is_empty() && trend.mentions.is_some(), "{trend:?}");
    assert_eq!(overview_of(&engine, "how many recaps mention Lenovo?"), None);
}

#[test]
fn words_side_by_side_are_joined_in_pairs() {
    let engine = engine_of_recaps(&[("Ann", "I think that platform engineering is harder than it seems.")]);
    for (text, expected) in [
        ("modern platform engineering", vec!["modern", "platform engineering"]),
        ("walking jumping painting sailing", vec!["walking jumping", "painting sailing"]),
        ("walking, jumping", vec!["walking", "jumping"]),
    ] {
        let plan = engine.plan(&request(text), NameRole::Subject).expect("a plan");
        let joined = joined_concepts(&plan, &plan.concepts);
        assert_eq!(joined.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), expected, "{text}");
        assert!(joined.iter().all(|it| it.alternatives.len() <= MAX_JOINED_FORMS), "{text}");
    }
}

#[test]
fn a_word_of_grammar_names_nothing() {
    let french =
        "J'ai beaucoup aimé cette conférence, et j'ai rencontré des gens que je ne connaissais pas encore.";
    let engine = engine_of_recaps(&[
        ("Ann", "Everyone should look at AI with care, because AI costs more than most teams believe."),
        ("Bo", french),
    ]);
    let overview = overview_of(&engine, "how many recaps mention AI?").expect("an overview");
    assert_eq!(counted(&overview), [1]);
}

#[test]
fn a_count_a_trend_and_a_card_agree() {
    let engine = engine_of_recaps(&[
        ("Ann", "Most teams should write it in Go, because Go is simple and code in Go builds fast."),
        ("Bo", "I think that the salt mines are worth going to, because they are near the venue."),
        ("Cy", "We flew to Salt Lake City, and most people should go there early to rest a while."),
        ("Di", "Docker Swarm is easier than most teams believe, but Giant Swarm is a company."),
        ("Ed", "Giant Swarm thinks that Docker images should be smaller, because registries cost more."),
    ]);
    let posts = |named: NamedOverview| {
        let request = named.request(ScopeOptions::default(), 3, now()).expect("a request");
        match engine.answer(&request).expect("an answer") {
            Answer::Overview(overview) if overview.card.is_some() => overview.posts.of,
            Answer::Overview(overview) => overview.series.iter().map(|it| it.posts.posts).sum(),
            _ => 0,
        }
    };
    for (name, expected) in [("Go", 1), ("Docker Swarm", 1), ("Giant Swarm", 2), ("Salt", 0), ("Flink", 0)] {
        let trend = posts(NamedOverview::Trend { topic: name.into() });
        let counted = overview_of(&engine, &format!("how many recaps mention {name}?"));
        let counted = counted.map_or(0, |it| it.groups.iter().map(|group| group.posts.posts).sum());
        assert_eq!((trend, counted), (expected, expected), "{name}");
        if expected > 0 {
            assert_eq!(posts(NamedOverview::Thing { name: name.into() }), expected, "{name}");
        }
    }
}
