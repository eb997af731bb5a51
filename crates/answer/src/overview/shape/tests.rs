//! Tests of the form of an answer.

use super::super::tests::{assert_sound, engine_of_posts, engine_of_recaps, overview_of, posts};
use super::things_alone;
use crate::engine::Engine;
use crate::resolve::NameRole;
use crate::samples::{engine_over, request};
use takeaways_text::model::Shape;

#[test]
fn a_conference_that_only_posts_name_is_summed_up() {
    let recap = |year: i16| {
        let point =
            |thing| format!("Most teams of {year} need months to learn {thing}, because it is complex.");
        let points = ["Istio", "Helm", "etcd", "Envoy"].map(point).join("\n\n");
        (format!("{year}.md"), format!("---\nauthor: Ada Ito\nevent: Apimondia {year}\n---\n\n{points}\n"))
    };
    let engine = engine_over(&[vec![recap(2017), recap(2019)], posts()].concat());
    for (question, expected) in [("tell me about Apimondia 2017", 1), ("Apimondia", 2), ("Apimondia 2019", 1)]
    {
        let overview = overview_of(&engine, question).expect(question);
        assert_eq!((overview.shape, overview.posts.posts), (Shape::Takeaways, expected), "{question}");
    }
}

#[test]
fn a_question_for_a_fact_has_no_overview() {
    let engine = engine_of_posts();
    for question in ["what did Ada1 Example1 say about storage?", "when was KubeCon EU 2018?"] {
        assert_eq!(overview_of(&engine, question), None, "{question}");
    }
}

#[test]
fn what_one_thing_is_for_another_has_no_overview_of_either() {
    let on_linkerd = "I found that Linkerd was easy for our small clusters this year.";
    let on_datadog = "The talk by Datadog was a highlight, since most teams need what they built.";
    let both = format!("{on_linkerd}\n\n{on_datadog}");
    let engine_of = |recaps: [&str; 6]| {
        let names = ["Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ida", "Jo", "Kim", "Lou"];
        let more = [on_linkerd, on_datadog].repeat(3);
        let recaps: Vec<(&str, &str)> = names.into_iter().zip(recaps.into_iter().chain(more)).collect();
        engine_of_recaps(&recaps)
    };
    let shape_of =
        |engine: &Engine, question: &str| overview_of(engine, question).map(|overview| overview.shape);
    let apart = engine_of([on_linkerd, on_datadog, on_linkerd, on_datadog, &both, on_linkerd]);
    let together = engine_of([&both, &both, &both, &both, &both, &both]);
    for (question, of_apart) in [
        ("how does Datadog use Linkerd?", None),
        ("Datadog and Linkerd", Some(Shape::Takeaways)),
        ("what about Datadog and Linkerd?", Some(Shape::Takeaways)),
    ] {
        assert_eq!(shape_of(&apart, question), of_apart, "{question}");
        assert_eq!(shape_of(&together, question), Some(Shape::Takeaways), "{question}");
    }
}

#[test]
fn what_an_author_said_about_an_event_is_a_summary() {
    let engine = engine_of_posts();
    for question in
        ["what does Ada1 Example1 say about KubeCon over the years?", "what did Ada1 Example1 write?"]
    {
        let overview = overview_of(&engine, question);
        assert_eq!(overview.map(|it| it.shape), Some(Shape::Summary), "{question}");
    }
}

#[test]
fn who_only_names_a_thing_of_many_posts_gets_what_they_say_of_it() {
    let engine = engine_of_posts();
    for question in
        ["service meshes", "anything about service meshes?", "what do the posts say about service meshes?"]
    {
        let overview = overview_of(&engine, question).expect(question);
        assert_sound(&overview);
        assert_eq!(
            (overview.shape, overview.topic.as_deref()),
            (Shape::Takeaways, Some("service meshes")),
            "{question}"
        );
    }
    // No post mentions pitfalls.
    let overview = overview_of(&engine, "pitfalls around service meshes").expect("an overview");
    assert_eq!(overview.topic.as_deref(), Some("service meshes"));
    // Asks for one thing, names none, or names one that few posts name.
    for question in ["how does a service mesh choose its port?", "port of the sidecar", "eBPF"] {
        assert_eq!(overview_of(&engine, question), None, "{question}");
    }
}

#[test]
fn what_is_said_of_a_thing_may_be_in_no_post() {
    let engine = engine_of_posts();
    for question in [
        "are service meshes more bane than boon?",
        "folks happy with service meshes or is it oversold?",
        "service meshes: loved, hated, feared?",
        "is a service mesh overhyped acc to the bloggers?",
        "what kind of reception did service meshes get from the more sceptical authors?",
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_sound(&overview);
        assert!(overview.topic.is_some_and(|it| it.starts_with("service mesh")), "{question}");
    }
    // These ask for something of it that no post mentions.
    for question in
        ["what do people think of service mesh gardening?", "opinions on gardening with service meshes"]
    {
        assert_eq!(overview_of(&engine, question), None, "{question}");
    }
}

#[test]
fn who_asks_which_one_of_a_kind_names_no_thing_alone() {
    let engine = engine_of_posts();
    let named = |question: &str| {
        let plan = engine.plan(&request(question), NameRole::Subject).expect("a plan");
        things_alone(&plan).len()
    };
    assert_eq!(named("which service mesh does Google use?"), 0);
    assert_eq!(named("what problems did service meshes solve?"), 1);
    assert_eq!(named("use of service meshes"), 1);
}

#[test]
fn whether_a_thing_is_worth_it_asks_for_views_and_an_event_for_advice() {
    let engine = engine_of_posts();
    let shape = |question: &str| {
        let plan = engine.plan(&request(question), NameRole::Subject).expect("a plan");
        engine.shape_of(&plan).expect("a shape").shape
    };
    assert_eq!(shape("are service meshes worth it?"), Shape::Opinions);
    assert_eq!(shape("is KubeCon EU 2018 worth it?"), Shape::Advice);
}

#[test]
fn advice_that_one_place_gives_is_a_fact() {
    let engine = engine_of_recaps(&[(
        "Ann Lee",
        "Wear good shoes, because the halls are large and the days are long.\n\n\
         You should book your hotel early, as the near ones are full in spring.\n\n\
         One of my doubts was if taking a laptop to the venue is worth it, but I decided against it.",
    )]);
    let question = "Ann Lee at KubeCon EU 2018, did she think taking a laptop is worth it?";
    assert_eq!(overview_of(&engine, question), None);
    let overview = overview_of(&engine, "Ann Lee's tips for KubeCon EU 2018?").expect("an overview");
    assert_eq!(overview.shape, Shape::Advice);
}

#[test]
fn what_was_not_liked_and_what_not_to_do_are_asked_without_a_phrase_for_it_too() {
    let engine = engine_of_posts();
    let shape = |question: &str| {
        let plan = engine.plan(&request(question), NameRole::Subject).expect("a plan");
        engine.shape_of(&plan).expect("a shape").shape
    };
    for (question, expected) in [
        ("was hat den Leuten auf der KubeCon EU 2018 nicht gefallen?", Shape::Opinions),
        ("was fanden die Leute an der KubeCon EU 2018 nicht gut?", Shape::Opinions),
        ("qu'est-ce que les gens n'ont pas aimé à KubeCon EU 2018 ?", Shape::Opinions),
        ("o que as pessoas não gostaram na KubeCon EU 2018?", Shape::Opinions),
        ("what not to do at KubeCon EU 2018?", Shape::Advice),
        ("was sollte man auf der KubeCon EU 2018 nicht tun?", Shape::Advice),
        ("o que não fazer na KubeCon EU 2018?", Shape::Advice),
        ("who did not like Istio at KubeCon EU 2018?", Shape::Fact),
        ("which themes were people most excited about at KubeCon EU 2018?", Shape::List),
        ("quels étaient les points forts de KubeCon EU 2018 ?", Shape::Takeaways),
    ] {
        assert_eq!(shape(question), expected, "{question}");
    }
}
