use super::sections::{has_label, title_key};
use crate::overview::tests::{assert_sound, engine_of_recaps, overview_of};
use crate::samples::engine_over;
use crate::{
    excerpt_place::ExcerptPlace,
    samples::{post, request},
};
use takeaways_text::model::Shape;

const TALKS: &str = "The hall was full each day.\n\n\
    ## Keynote: Meshes for all - Ann Lee, Acme\n\nMost teams need months to learn it, because it is complex.\n\n\
    Nobody should start with Istio.\n\n\
    ## Clusters at home\n\nMany people have one.\n\n\
    ## Lightning Talks\n\n- Service Meshes in Trains - Bob Ray, Example\n- Food at Sea - Jane Doe\n\n\
    ### Storage is hard\n\nMost teams should copy their disks, because disks die when nobody looks.\n\n\
    ### Day 2 of the hall\n\nIt was longer than the first day, because the hall stayed open.\n";
const OTHER: &str = "A service mesh is too complex for most teams, because nobody can debug it.\n\n\
    ## Meshes for all - Ann Lee, Acme\n\nMost teams wait too long, because nobody tells them what a mesh costs.\n";

/// The heading above each line of the list that answers a question, and the line.
fn list(question: &str) -> Vec<(Option<String>, String)> {
    let overview = overview_of(&engine_of_recaps(&[("Ann", TALKS), ("Bo", OTHER)]), question);
    let overview = overview.expect(question);
    assert_sound(&overview);
    assert_eq!(overview.shape, Shape::List, "{question}");
    let lines = overview.excerpts.into_iter();
    lines.map(|line| (line.lead_in.map(|heading| heading.text), line.quote.text)).collect()
}

#[test]
fn talks_on_a_topic_are_listed_by_their_titles() {
    for question in ["which talks on meshes were there?", "who spoke about meshes?"] {
        let talks = list(question);
        let titles: Vec<&str> = talks.iter().filter_map(|(title, _)| title.as_deref()).collect();
        assert!(
            matches!(titles.as_slice(), [one] if one.ends_with("Meshes for all - Ann Lee, Acme")),
            "{talks:?}"
        );
        let items: Vec<&str> = talks.iter().filter(|it| it.0.is_none()).map(|it| it.1.as_str()).collect();
        assert_eq!(items, ["Service Meshes in Trains - Bob Ray, Example"], "{question}");
    }
}

#[test]
fn of_a_choice_the_talks_on_either_are_listed() {
    let text = |thing: &str| {
        format!(
            "## {thing} at home - Ann Lee, Acme\n\nMost teams need months to learn {thing}, because it is complex.\n"
        )
    };
    let (istio, helm) = (text("Istio"), text("Helm"));
    let engine = engine_of_recaps(&[("Ann", &istio), ("Bo", &helm), ("Cy", &text("Vitess"))]);
    let overview = overview_of(&engine, "which talks were about Istio or Helm?").expect("a list");
    let mut titles: Vec<&str> =
        overview.excerpts.iter().filter_map(|line| Some(line.lead_in.as_ref()?.text.as_str())).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Helm at home - Ann Lee, Acme", "Istio at home - Ann Lee, Acme"]);
}

#[test]
fn what_a_person_has_talked_about_is_a_list_of_talks() {
    let text = "## Meshes for all - Jane Doe, Acme\n\nMost teams need months to learn it, because it is complex.\n\n\
        ## Clusters at home - Bob Ray, Acme\n\nMany people have one, because they are cheap.\n\n\
        ## Storage is hard - Jane Doe, Acme\n\nMost teams should copy their disks, because disks die.\n";
    let engine = engine_of_recaps(&[("Ann", text), ("Bo", OTHER)]);
    for question in
        ["what has Jane Doe talked about?", "worüber hat Jane Doe gesprochen?", "de quoi a parlé Jane Doe ?"]
    {
        let overview = overview_of(&engine, question).expect(question);
        let mut titles: Vec<&str> =
            overview.excerpts.iter().filter_map(|line| Some(line.lead_in.as_ref()?.text.as_str())).collect();
        titles.sort_unstable();
        assert_eq!(
            (overview.shape, titles.as_slice()),
            (Shape::List, ["Meshes for all - Jane Doe, Acme", "Storage is hard - Jane Doe, Acme"].as_slice()),
            "{question}"
        );
    }
}

#[test]
fn the_talks_of_an_event_are_a_list() {
    let talks = list("which talks were there at KubeCon EU 2018?");
    let has = |title: &str| talks.iter().any(|(it, _)| it.as_deref().is_some_and(|it| it.contains(title)));
    assert!(has("Meshes for all") && has("Storage is hard"), "{talks:?}");
    assert!(!has("Clusters at home") && !has("Day 2"), "{talks:?}");
    assert!(talks.iter().any(|(_, line)| line == "Food at Sea - Jane Doe"), "{talks:?}");
}

#[test]
fn talks_that_writers_judge_come_first_where_the_best_are_asked_for() {
    let praise =
        |name: &str| format!("My favourite talk was \"{name}\", since it was great from start to end.\n\n");
    let praised: String = ["Meshes", "Disks", "Trains", "Boats", "Clouds"].map(praise).concat();
    let engine = engine_of_recaps(&[("Ann", TALKS), ("Bo", &praised)]);
    for (question, is_praised) in [
        ("best talks at KubeCon EU 2018", true),
        ("which talks were praised most?", true),
        ("which talks did the writers call their favourites?", true),
        ("which talks were there at KubeCon EU 2018?", false),
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_sound(&overview);
        assert_eq!(overview.shape, Shape::List, "{question}");
        let all = overview.excerpts.iter().all(|line| line.quote.text.contains("favourite"));
        assert_eq!(all, is_praised, "{question}: {:?}", overview.excerpts);
    }
}

#[test]
fn the_best_talks_of_a_kind_are_of_that_kind() {
    let praised = "The keynote by Ann Lee was great from start to end.\n\nThe talk by Jane Smith was great, since it was short.\n\n\
                   I loved the keynote by Robert Bailey on trains.\n\nBefore the keynotes there is coffee at the doors.";
    let engine = engine_of_recaps(&[("Ann", TALKS), ("Bo", praised)]);
    let judged = [
        "The keynote by Ann Lee was great from start to end.",
        "I loved the keynote by Robert Bailey on trains.",
    ];
    let meshes = "Most teams need months to learn it, because it is complex.";
    for (question, expected) in [
        ("best keynotes at KubeCon EU 2018", judged.to_vec()),
        ("which keynotes were praised most?", judged.to_vec()),
        ("who keynoted KubeCon EU 2018?", vec![meshes, judged[0], judged[1]]),
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_sound(&overview);
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert_eq!(lines, expected, "{question}");
    }
    let sessions = overview_of(&engine, "best sessions at KubeCon EU 2018").expect("a list");
    assert_eq!(sessions.excerpts.len(), 3, "{:?}", sessions.excerpts);
}

#[test]
fn talks_under_a_heading_that_judges_are_judged() {
    let recap = "## My favourite talks\n\n- Service Meshes in Trains - Ann Lee, Acme\n- Disks at Sea - Jane Smith, Example\n\n\
                 ## Other talks\n\n- Is a Mesh good for you? - Robert Bailey, Acme\n";
    let overview = overview_of(&engine_of_recaps(&[("Ann", recap)]), "best talks at KubeCon EU 2018");
    let lines: Vec<String> = overview.expect("a list").excerpts.into_iter().map(|it| it.quote.text).collect();
    assert!(lines.len() == 2 && !lines.iter().any(|line| line.contains("good for you")), "{lines:?}");
}

#[test]
fn more_talks_are_those_that_had_no_room() {
    let talk = |name: char| {
        let line =
            format!("Most teams should {}, because nobody else does.", format!("{name}{name} ").repeat(5));
        format!("## Talk {name}: Meshes of {name}\n\n{line}\n\n")
    };
    let recap: String = ('a'..='l').map(talk).collect();
    let engine = engine_of_recaps(&[("Ann", &recap)]);
    let question = "list all talks on meshes";
    let overview = overview_of(&engine, question).expect("an overview");
    assert_eq!((overview.excerpts.len(), overview.further), (10, 2));
    let shown: Vec<ExcerptPlace> = overview.excerpts.iter().map(ExcerptPlace::from).collect();
    let further = engine.further_lines(&request(question), &shown).expect("lines");
    assert!(further.len() == 2 && further.iter().all(|it| it.lead_in.is_some()), "{further:?}");
}

#[test]
fn a_heading_may_begin_with_a_word_for_a_talk() {
    for (heading, label, key) in [
        ("Keynote: Meshes, for others", true, "meshes, for others"),
        ("Talk 5 – Debunking a Myth", true, "debunking a myth"),
        ("Meshes for All", false, "meshes for all"),
        ("Why we came: talks and food", false, "why we came: talks and food"),
    ] {
        assert_eq!(has_label(heading), label, "{heading}");
        assert_eq!(title_key(heading), key);
    }
}

#[test]
fn companies_that_spoke_are_those_of_the_titles() {
    let talk = |title: &str, text: &str| format!("## {title}\n\n{text}\n\n");
    let recap = talk(
        "Service Meshes at Scale - Ann Lee, Google",
        "Most teams need months to learn it, because it is complex.",
    ) + &talk(
        "Why Service Meshes Fail - Bob Ray",
        "Nobody knows what a mesh costs, because nobody measures it.",
    ) + &talk(
        "A Service Mesh for Trains - Jane Doe, Microsoft",
        "The trains of the north run better, because they wait less.",
    );
    let engine = engine_of_recaps(&[("Ann", &recap)]);
    let overview = overview_of(&engine, "which companies spoke about service meshes?").expect("an overview");
    let titles: Vec<String> =
        overview.excerpts.into_iter().filter_map(|line| Some(line.lead_in?.text)).collect();
    assert!(titles.len() == 2 && !titles.iter().any(|title| title.contains("Bob")), "{titles:?}");
}

#[test]
fn a_sentence_that_goes_on_from_another_one_tells_who_spoke() {
    let recap = "The keynote was given by Ann Lee, who told us how meshes fail.\n\n\
                 This was followed by another keynote by Jane Smith, which was about disks at sea.\n";
    let engine = engine_of_recaps(&[("Ada", recap)]);
    let overview = overview_of(&engine, "who spoke at KubeCon EU 2018?").expect("a list");
    let names = |name: &str| overview.excerpts.iter().any(|line| line.quote.text.contains(name));
    assert!(names("Ann Lee") && names("Jane Smith"), "{overview:?}");
}

#[test]
fn the_headings_of_talks_name_their_speakers() {
    let post = post(
        "talks",
        "# Recap\n\n## Liz Rice: containers\n\nIt was a talk.\n\n## Lunch with Ann Lee\n\nWe ate.\n\n## The hall\n\nIt was full.\n",
    );
    let speakers: Vec<String> = super::speakers_of_talks(&post.body).collect();
    assert_eq!(speakers, ["Liz Rice", "Ann Lee"]);
}

#[test]
fn a_theme_in_the_title_of_a_post_is_not_that_of_each_talk() {
    let text = "## Food at Sea - Ann Lee, Acme\n\nMost ships should carry more bread, because cooks say so.\n\n\
        ## Trains - Jane Doe\n\nMost trains should be longer, because people like them.\n";
    let recap = |title: &str, text: &str| {
        format!("---\ntitle: \"{title}\"\nauthor: {title}\nevent: KubeCon EU 2018\n---\n\n{text}\n")
    };
    let engine = engine_over(&[
        ("a.md".to_owned(), recap("Recap: meshes at last", text)),
        ("b.md".to_owned(), recap("Recap of Bo", OTHER)),
    ]);
    let overview = overview_of(&engine, "which talks on meshes were there?").expect("a list");
    let titles = overview.excerpts.iter().filter_map(|line| line.lead_in.as_ref());
    let titles: Vec<&str> = titles.map(|title| title.text.as_str()).collect();
    assert_eq!(titles, ["Meshes for all - Ann Lee, Acme"]);
}

#[test]
fn a_talk_ends_at_the_last_rule() {
    let text = "## Meshes for All - Ann Lee, Acme\n\nMost teams need months to learn it.\n\n* * *\n\nHiring is hard.\n";
    let body = post("talks", text).body.clone();
    let ends: Vec<&str> = super::talks_of(&body).iter().map(|talk| &body.text[talk.end..]).collect();
    assert_eq!(ends, ["Hiring is hard."]);
}

#[test]
fn items_that_are_titles_of_talks_have_what_is_told_below_and_groups_are_no_talks() {
    let text = "## Talks on the second day\n\n- [A] Ships in Ghent, by Ann Lee (Acme)\n\n\
        The talk was short, but most people liked the ships and asked for more of them.\n\n\
        - [A] Trains in Lyon, by Jane Doe (Example)\n\nThis one was longer than it had to be, because the projector failed.\n\n\
        ### Keeping things green and clean\n\n\
        - **Disks at Sea**: This talk told how salt eats the disks of a ship.\n\
        - **Fans at Home**: This talk told what a fan costs in a year of use.\n";
    let engine = engine_of_recaps(&[("Ann", text), ("Bo", OTHER)]);
    let lines = |question: &str| -> Vec<(Option<String>, String)> {
        let overview = overview_of(&engine, question).expect(question);
        assert_sound(&overview);
        let lines = overview.excerpts.into_iter();
        lines.map(|line| (line.lead_in.map(|heading| heading.text), line.quote.text)).collect()
    };
    let all = lines("which talks were there at KubeCon EU 2018?");
    let has = |title: &str, start: &str| {
        all.iter()
            .any(|(it, line)| it.as_deref().is_some_and(|it| it.contains(title)) && line.starts_with(start))
    };
    assert!(
        has("Ships in Ghent", "The talk was short") && has("Trains in Lyon", "This one was longer"),
        "{all:?}"
    );
    assert!(all.iter().any(|(_, line)| line.starts_with("Disks at Sea")), "{all:?}");
    assert!(!all.iter().any(|(_, line)| line.starts_with("Keeping things")), "{all:?}");
    // The heading above them says what they are about.
    let green = lines("which talks on green things were there?");
    assert!(green.iter().any(|(_, line)| line.starts_with("Fans at Home")), "{green:?}");
}

#[test]
fn the_talk_that_somebody_liked_most_comes_first_in_any_language_and_others_are_not_the_best() {
    let praise = "The talk by Jane Doe on trains was great, because she showed how the brakes work.\n\n\
        We saw a great talk by Bo Berg on bread, which had good pictures of ovens.\n\n\
        My favourite talk had to be the one by Ann Lee on ships, which was told by a sailor.\n";
    let engine = engine_of_recaps(&[("Ann", praise), ("Bo", OTHER)]);
    for question in [
        "what was the best talk at KubeCon EU 2018?",
        "which session was the most popular at KubeCon EU 2018",
        "welcher Vortrag war der beste auf der KubeCon EU 2018?",
        "quel était le meilleur talk de la KubeCon EU 2018 ?",
        "cual fue la mejor charla de la KubeCon EU 2018?",
    ] {
        let overview = overview_of(&engine, question).expect(question);
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert_eq!(overview.shape, Shape::List, "{question}");
        assert!(lines.len() == 3 && lines[0].starts_with("My favourite talk"), "{question}: {lines:?}");
    }
    let engine = engine_of_recaps(&[
        ("Ann", "## Ships - Ann Lee, Acme\n\nMost ships should carry bread.\n"),
        ("Bo", OTHER),
    ]);
    let overview = overview_of(&engine, "what was the best talk at KubeCon EU 2018?");
    assert!(overview.is_none(), "{overview:?}");
}

#[test]
fn what_is_best_need_not_be_a_talk() {
    for (text, expected) in [
        ("My favourite KubeCon talk was on ships.", true),
        ("The keynote by Ann Lee was one of the best.", true),
        ("Mein Lieblingsvortrag handelte von Schiffen.", true),
        ("In this talk Ann Lee told of best practices.", false),
        ("The best way to see a harbour is to give a boat to the speakers of the talk.", false),
    ] {
        assert_eq!(super::judged::names_favourite(text), expected, "{text}");
    }
}
