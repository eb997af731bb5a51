use super::*;
use crate::overview::tests::{assert_sound, engine_of_recaps, overview_of};
use crate::{
    excerpt_place::ExcerptPlace,
    samples::{post, request},
};

const OTHER: &str = "Most teams should try Istio first, because it is easier to debug than what they had.";

fn lines(text: &str, question: &str) -> Vec<String> {
    let overview = overview_of(&engine_of_recaps(&[("Ann", text), ("Bo", OTHER)]), question);
    let Some(overview) = overview else { return Vec::new() };
    assert_sound(&overview);
    overview.excerpts.into_iter().map(|line| line.quote.text).collect()
}

/// The texts of the items of a list.
fn items_of(list: &str) -> Vec<String> {
    list.lines().map(|item| item.trim_start_matches("- ").to_owned()).collect()
}

#[test]
fn a_list_that_is_headed_by_what_is_asked_for_is_shown_whole_and_in_order() {
    let items = "- Linkerd, which is easy\n- Helm\n- Kuma for two clusters\n- Our own operator\n";
    let expected = ["Linkerd, which is easy", "Helm", "Kuma for two clusters", "Our own operator"];
    for head in ["## Tools we want to try", "These are the tools we will try at home:"] {
        let recap = format!("{head}\n\n{items}");
        assert_eq!(lines(&recap, "which tools did people want to try?"), expected, "{head}");
    }
}

#[test]
fn the_last_clause_above_a_list_announces_it() {
    let head =
        "The halls of Acme were full of sellers of storage and clusters, but these are tools we will try:";
    let (items, question) = ("- Kuma\n- Our own operator\n", "which tools did people want to try?");
    assert_eq!(lines(&format!("{head}\n\n{items}"), question), items_of(items.trim_end()));
    // Two items under a heading are no list of their own.
    let shown = lines(&format!("## Tools we will try\n\n{items}"), question);
    assert_ne!(shown, items_of(items.trim_end()));
}

#[test]
fn two_lists_stay_apart_under_what_introduces_them() {
    let text = "New features of Linkerd 1.1:\n\n- balancing\n- scaling by itself\n- jobs\n\n\
        Planned features of Linkerd 1.2:\n\n- a store\n- meshes of meshes\n- charts\n";
    let engine = engine_of_recaps(&[("Ann", text), ("Bo", "Linkerd is easy to run, we think, for most.")]);
    let overview =
        overview_of(&engine, "which new and planned features of Linkerd were named?").expect("a list");
    assert_sound(&overview);
    let shown: Vec<(&str, Option<&str>)> = overview
        .excerpts
        .iter()
        .map(|line| (line.quote.text.as_str(), line.lead_in.as_ref().map(|it| it.text.as_str())))
        .take(6)
        .collect();
    let expected = [
        ("balancing", Some("New features of Linkerd 1.1:")),
        ("scaling by itself", None),
        ("jobs", None),
        ("a store", Some("Planned features of Linkerd 1.2:")),
        ("meshes of meshes", None),
        ("charts", None),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn the_items_for_which_there_is_no_room_come_next() {
    let names = "Linkerd Helm Kuma Istio Falco Harbor Rook Vitess Tekton Kyverno Cilium Jaeger Flux";
    let text = format!("## Tools we want to try\n\n- {}", names.replace(' ', "\n- "));
    let engine = engine_of_recaps(&[("Ann", &text), ("Bo", OTHER)]);
    let question = "which tools did people want to try?";
    let overview = overview_of(&engine, question).expect("a list");
    assert_eq!((overview.excerpts.len(), overview.further), (10, 3));
    let shown: Vec<ExcerptPlace> = overview.excerpts.iter().map(ExcerptPlace::from).collect();
    assert_eq!(engine.further_lines(&request(question), &shown).expect("lines").len(), 3);
}

#[test]
fn a_list_with_very_many_items_is_no_fault() {
    let items: Vec<String> = (0..70_000).map(|number| format!("- tool {number}")).collect();
    let items = items.join("\n");
    let recap = format!("## Tools we want to try\n\n{items}");
    assert!(!lines(&recap, "which tools did people want to try?").is_empty());
}

#[test]
fn a_list_under_other_words_is_none_of_what_is_asked_for() {
    let items = "- Linkerd, which is easy\n- Helm\n- Kuma for two clusters\n";
    for head in ["## Why Ann left the evening of the third day", "## Keynote: Tools to try – Ann Lee, Acme"]
    {
        let recap = format!("{head}\n\n{items}");
        let lines = lines(&recap, "which tools did people want to try?");
        assert!(!lines.starts_with(&items_of(items)), "{head}: {lines:?}");
    }
}

#[test]
fn advice_is_the_list_of_tips_and_takeaways_are_the_sections_under_what_is_asked_for() {
    let long = "Save it to a disk that nobody else writes to. ".repeat(9);
    let tips =
        format!("We liked the room. Our tips for a backup of etcd:\n\n- Ask nobody.\n- {long}\n- Test it.\n");
    let shown = lines(&tips, "any tips for a backup of etcd?");
    assert_eq!(shown.first().map(String::as_str), Some("Ask nobody."), "{shown:?}");
    assert!(
        shown.get(1).is_some_and(|line| long.starts_with(line.as_str()) && line.len() < 300),
        "{shown:?}"
    );
    let figures = "## Backups of etcd\n\n- 35 GB a day\n- 12 disks\n- 4 people\n";
    let shown = lines(figures, "any tips for a backup of etcd?");
    assert_ne!(shown.first().map(String::as_str), Some("35 GB a day"), "{shown:?}");
    let sections = "## Lessons from the outage of etcd\n\n### Watch it\n\nNobody saw the disk fill up in time.\n\n\
        ### Test it\n\nThe copy was never read before that night.\n\n### Say it\n\nPeople wait if they know why.\n\n\
        ---\n\nThanks for reading.\n";
    let shown = lines(sections, "what are the lessons from the outage of etcd?");
    let expected = [
        "Nobody saw the disk fill up in time.",
        "The copy was never read before that night.",
        "People wait if they know why.",
    ];
    assert_eq!(shown.get(..3), Some(expected.map(str::to_owned).as_slice()), "{shown:?}");
}

#[test]
fn a_list_is_on_the_side_that_its_head_or_its_items_tell() {
    let merits = "It is great to sit at home.\n\nI love the short days.\n\nThe platform failed once.\n";
    for (head, is_for, is_against) in [
        ("What is there to say?", true, false),
        ("What people love about it", true, false),
        ("The drawbacks of it", true, true),
    ] {
        let post = post("a", &format!("{head}\n\n{merits}"));
        let place = |at: usize| post.body.blocks[at].span;
        let head = Head { span: place(0), share: 1.0, is_sure: true, is_announced: true };
        let list = List { head, lines: (1..4).map(|at| Line::at(&post, place(at))).collect() };
        let sides = [Stance::For, Stance::Against].map(|side| list.is_on_side(side));
        assert_eq!(sides, [is_for, is_against], "{}", post.body.slice(place(0)));
    }
}

#[test]
fn what_closes_a_post_is_of_no_section_below() {
    let text = "# Recap\n\nIt rained.\n\n## Meals\n\nSoup.\n\n### Late\n\nCake.\n\n## Seats\n\nHard.\n\n---\n\nBye.\n";
    let body = &crate::samples::post("a", text).body;
    let texts = |heading: &str| -> Vec<&str> {
        let is_it = |span| body.slice(span) == heading;
        let at = body.sections.iter().position(|section| section.heading.is_some_and(is_it));
        let at = u32::try_from(at.expect(heading)).expect("a small number");
        body.blocks_of_section(at).map(|block| body.slice(block.span)).collect()
    };
    assert_eq!(texts("Meals"), ["Meals", "Soup."]);
    assert_eq!(texts("Late"), ["Late", "Cake."]);
    assert_eq!(texts("Seats"), ["Seats", "Hard."]);
    let under = body.sections_under(|span| body.slice(span) == "Meals");
    assert_eq!(under.len(), 2, "{under:?}");
}
