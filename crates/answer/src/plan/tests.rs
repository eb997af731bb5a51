use super::*;
use crate::parse::parse;
use crate::resolve::NameRole;
use crate::samples::{concepts, engine, plan, request};

fn planned(question: &str, name_role: NameRole) -> QueryPlan {
    engine().plan(&request(question), name_role).expect("a plan")
}

#[test]
fn names_of_the_scope_are_not_concepts() {
    let plan = planned("service mesh in San Diego", NameRole::Subject);
    let texts: Vec<&str> = plan.concepts.iter().map(|concept| concept.text.as_str()).collect();
    assert_eq!(texts, ["service mesh"]);
    assert_eq!(plan.scope.events.len(), 1);
}

#[test]
fn what_all_events_are_about_is_no_topic() {
    for (question, expected) in [
        ("what did people say about a mesh at tech conferences?", &["mesh"][..]),
        ("Que dit-on du mesh dans les conférences de technologie ?", &["mesh"]),
        ("what did people say about tech debt?", &["tech", "debt"]),
    ] {
        let plan = planned(question, NameRole::Subject);
        let topic = plan.concepts.iter().filter(|concept| !concept.is_weak());
        let topic: Vec<&str> = topic.map(|concept| concept.text.as_str()).collect();
        assert!(expected.iter().all(|word| topic.contains(word)), "{question}: {topic:?}");
        assert_eq!(
            topic.contains(&"tech") || topic.contains(&"technologie"),
            expected.len() > 1,
            "{question}"
        );
    }
}

#[test]
fn a_question_of_an_event_alone_looks_for_event_facts() {
    for (question, answer_type) in [
        ("how was KubeCon in San Diego?", AnswerType::Impression),
        ("when was KubeCon in San Diego?", AnswerType::When),
        ("how many people came to San Diego?", AnswerType::HowMany),
    ] {
        let plan = planned(question, NameRole::Subject);
        assert_eq!(plan.answer_type, answer_type, "{question}");
        let facts = plan.concepts.last().expect("a concept");
        assert!(facts.text.is_empty() && facts.alternatives.len() > 5, "{question}: {facts:?}");
    }
}

#[test]
fn attendance_is_asked_for_without_a_noun_or_with_one_for_people() {
    for (question, expected) in [
        ("roughly how many came to San Diego?", true),
        ("how many people came to San Diego?", true),
        ("how many talks did they attend in San Diego?", false),
    ] {
        let amount = planned(question, NameRole::Subject).amount;
        assert_eq!(amount == Some(Amount::Attendance), expected, "{question}");
    }
}

#[test]
fn a_mentioned_event_is_required() {
    let plan = planned("what did they say about certificates in San Diego?", NameRole::Mention);
    assert!(plan.scope.is_everything());
    let required: Vec<&Concept> = plan.concepts.iter().filter(|concept| concept.is_required).collect();
    assert!(!required.is_empty());
    assert!(required.iter().all(|concept| concept.is_name && concept.importance.abs() < f32::EPSILON));
}

#[test]
fn concepts_become_clauses() {
    let mut plan = plan(&["mesh", "people", "Istio"]);
    plan.concepts[0].repeats = 1;
    plan.concepts[2].is_required = true;
    plan.question = Arc::new(parse(&"-docker".parse().expect("a question")));
    let clauses = plan.query().clauses;
    let (asked, excluded) = clauses.split_at(3);
    let asked: Vec<(f32, ClauseRole)> = asked.iter().map(|clause| (clause.weight, clause.role)).collect();
    let should = ClauseRole::Should;
    assert_eq!(asked, [(2.0, should), (BOILERPLATE_WEIGHT, should), (1.0, ClauseRole::Must)]);
    assert!(!excluded.is_empty() && excluded.iter().all(|clause| clause.role == ClauseRole::MustNot));
}

#[test]
fn adjacent_names_are_joined() {
    let mut plan = plan(&["Grace", "Hopper", "on", "Istio"]);
    for at in [0, 1, 3] {
        plan.concepts[at].is_name = true;
    }
    plan.concepts[1].is_known = false;
    assert_eq!(plan.names(), [("Grace Hopper".to_owned(), false), ("Istio".to_owned(), true)]);
    assert_eq!(QueryPlan { concepts: concepts(&["mesh"]), ..plan }.names(), []);
}

#[test]
fn a_plan_without_concepts_or_posts_is_empty() {
    assert!(!plan(&["mesh"]).is_empty());
    assert!(plan(&[]).is_empty());
    assert!(QueryPlan { explicit_scope: ExplicitScope::Empty, ..plan(&["mesh"]) }.is_empty());
}
