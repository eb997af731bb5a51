use super::topic_line::topic_line;
use super::*;
use crate::answer_type::AnswerType;
use crate::resolve::NameRole;
use crate::samples::{candidates, concepts, engine, engine_over, plan, post, request};
use crate::verify::verify_answer;
use std::collections::BTreeSet;
use takeaways_text::model::{Answer, GroupTitle, Overview, Shape, Stance, TrendTurn};

/// Recaps of two events by different authors; each mentions service meshes, and all but the first two of security.
pub(super) fn posts() -> Vec<(String, String)> {
    let post = |at: usize| {
        let (event, year) =
            if at.is_multiple_of(2) { ("KubeCon EU 2018", 2018) } else { ("KubeCon NA 2019", 2019) };
        let security = if at > 1 {
            format!(
                "Most teams should scan their images before anything else, as author {at} learned, because security costs less early."
            )
        } else {
            format!(
                "Storage number {at} is still harder than it should be, because most teams must learn it first."
            )
        };
        let text = format!(
            "---\ntitle: Recap {at} of {event}\nauthor: Ada{at} Example{at}\ndate: {year}-12-0{}\nevent: {event}\n---\n\n\
             We should not start with a service mesh of kind {at}, because most teams need {at} months to learn it.\n\n\
             {security}\n\nThanks to all who came.\n",
            at + 1
        );
        (format!("recap{at}.md"), text)
    };
    (0..8).map(post).collect()
}

#[test]
fn where_few_lines_are_short_longer_ones_are_shown_too() {
    let long = |at: usize| {
        format!(
            "In the team of author {at} most people think that a service mesh is too complex for {at} services, \
             because they need months to learn it, and because nobody knows how to find what went wrong in it."
        )
    };
    let recaps: Vec<(String, String)> = (0..8).map(|at| (format!("Ada{at} Lee{at}"), long(at))).collect();
    let recaps: Vec<(&str, &str)> =
        recaps.iter().map(|(author, text)| (author.as_str(), text.as_str())).collect();
    let engine = engine_of_recaps(&recaps);
    let mut request = request("what do people think of service meshes?");
    let lines = |request: &Request| engine.answer(request).expect("an answer").excerpts().len();
    assert_eq!(lines(&request), 8);
    request.limits.line = 100;
    assert_eq!(lines(&request), ENOUGH_LONG);
}

/// An engine over recaps of one event, each an author and a text.
pub(super) fn engine_of_recaps(recaps: &[(&str, &str)]) -> Engine {
    let file = |(author, text): &(&str, &str)| {
        let head = format!("title: Recap of {author}\nauthor: {author}\nevent: KubeCon EU 2018");
        (format!("{author}.md"), format!("---\n{head}\n---\n\n{text}\n"))
    };
    engine_over(&recaps.iter().map(file).collect::<Vec<_>>())
}

pub(super) fn engine_of_posts() -> Engine {
    engine_over(&posts())
}

pub(super) fn overview_of(engine: &Engine, question: &str) -> Option<Overview> {
    let answer = engine.answer(&request(question)).expect("an answer");
    verify_answer(&answer, engine.index()).expect("each line stands in its post");
    match answer {
        Answer::Overview(overview) => Some(overview),
        Answer::Cited { .. } | Answer::NothingFound { .. } => None,
    }
}

pub(super) fn assert_sound(overview: &Overview) {
    assert!((1..=MAX_LINES).contains(&overview.excerpts.len()), "{overview:?}");
    let mut next = 0;
    for group in &overview.groups {
        assert_eq!(group.lines.start, next, "groups follow one another");
        assert!(!group.lines.is_empty() && group.posts.posts <= group.posts.of);
        next = group.lines.end;
    }
    assert_eq!(next, overview.excerpts.len());
    let quotes: BTreeSet<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
    assert_eq!(quotes.len(), overview.excerpts.len(), "no line twice");
    for line in &overview.excerpts {
        assert!(line.quote.text.chars().count() <= 300, "{}", line.quote.text);
    }
}

#[test]
fn takeaways_are_grouped_by_themes_of_several_authors() {
    let engine = engine_of_posts();
    let overview = overview_of(&engine, "main takeaways of KubeCon EU 2018").expect("an overview");
    assert_sound(&overview);
    assert_eq!((overview.shape, overview.posts.posts, overview.authors.named), (Shape::Takeaways, 4, 4));
    let themes: Vec<&GroupTitle> = overview.groups.iter().map(|group| &group.title).collect();
    assert!(themes.iter().any(|title| matches!(title, GroupTitle::Theme(_))), "{themes:?}");
    for line in &overview.excerpts {
        assert_eq!(line.citation.event.as_ref().map(|event| event.id.0.as_str()), Some("kubecon-eu-2018"));
        assert!(!line.quote.text.contains("Thanks"));
    }
}

#[test]
fn few_posts_have_no_themes() {
    let posts = posts();
    let engine = engine_over(&[(&posts[0].0, &posts[0].1)]);
    let overview = overview_of(&engine, "main takeaways of KubeCon EU 2018").expect("an overview");
    assert_eq!(overview.groups[0].title, GroupTitle::Post("Recap 0 of KubeCon EU 2018".into()));
}

#[test]
fn an_author_has_two_lines_at_most_while_others_have_some() {
    let engine = engine_of_posts();
    let overview = overview_of(&engine, "what do people think of service meshes?").expect("an overview");
    assert_sound(&overview);
    assert_eq!(overview.shape, Shape::Opinions);
    let first = &overview.excerpts[..8];
    assert!(first.iter().all(|line| line.quote.text.contains("mesh")), "{overview:?}");
    let authors: BTreeSet<_> = first.iter().map(|line| &line.citation.author).collect();
    assert_eq!(authors.len(), first.len());
}

#[test]
fn opinions_stand_by_the_side_that_they_take() {
    let recaps = [
        ("Ann", "I found that Linkerd was excellent for our small clusters this year."),
        ("Bo", "For our team Linkerd was disappointing, because it broke each week."),
        ("Cy", "I think that Linkerd belongs into each cluster of a bank by now."),
        ("Di", "I think that Linkerd is powerful, but I still prefer to run without it."),
        ("Ed", "Linkerd was annoying to debug for us, since nothing told what failed."),
    ];
    let engine = engine_of_recaps(&recaps);
    let overview = overview_of(&engine, "what do people think of Linkerd?").expect("an overview");
    assert_sound(&overview);
    let side = |side: Option<Stance>| {
        let title = side.map_or(GroupTitle::Views, GroupTitle::Stance);
        let group = overview.groups.iter().find(|group| group.title == title).expect("a group");
        let lines = overview.excerpts[group.lines.clone()].iter();
        lines.map(|line| line.citation.author.clone().unwrap_or_default()).collect::<BTreeSet<_>>()
    };
    assert_eq!(side(Some(Stance::For)), ["Ann".to_owned()].into());
    assert_eq!(side(Some(Stance::Against)), ["Bo".to_owned(), "Ed".to_owned()].into());
    assert_eq!(side(None), ["Cy".to_owned(), "Di".to_owned()].into());
    // Who asks for one side reads nothing of the other.
    let complaints = overview_of(&engine, "any complaints about Linkerd?").expect("an overview");
    assert_sound(&complaints);
    let titles: Vec<&GroupTitle> = complaints.groups.iter().map(|group| &group.title).collect();
    assert_eq!(titles, [&GroupTitle::Stance(Stance::Against)]);
    assert_eq!(complaints.excerpts.len(), 2);
}

#[test]
fn a_topic_that_no_recap_names_is_refused() {
    let engine = engine_of_posts();
    for question in ["what do people think of sourdough bread?", "main takeaways of DockerCon 2017"] {
        let answer = engine.answer(&request(question)).expect("an answer");
        assert!(matches!(answer, Answer::NothingFound { .. }), "{question}: {answer:?}");
    }
}

#[test]
fn a_comparison_has_two_sides_and_says_when_they_are_small() {
    let engine = engine_of_posts();
    let overview = overview_of(&engine, "KubeCon EU 2018 vs KubeCon NA 2019").expect("an overview");
    assert_sound(&overview);
    let sides: Vec<&GroupTitle> = overview.groups.iter().map(|group| &group.title).collect();
    assert_eq!(
        sides,
        [
            &GroupTitle::Side("KubeCon EU 2018, Copenhagen".into()),
            &GroupTitle::Side("KubeCon NA 2019, San Diego".into())
        ]
    );
    assert!(overview.too_few, "four posts a side");
}

#[test]
fn a_trend_counts_the_posts_of_each_year() {
    let engine = engine_of_posts();
    let overview = overview_of(&engine, "security over the years").expect("an overview");
    let named: u32 = overview.series.iter().map(|year| year.posts.posts).sum();
    assert_eq!(overview.posts.posts, named);
    assert_sound(&overview);
    let series: Vec<(i16, u32, u32)> =
        overview.series.iter().map(|count| (count.year, count.posts.posts, count.posts.of)).collect();
    assert_eq!(series, [(2018, 3, 4), (2019, 3, 4)]);
    assert!(overview.too_few, "no year has five posts");
}

#[test]
fn trends_of_one_event_are_its_takeaways() {
    let engine = engine_of_posts();
    for question in ["any trends at KubeCon NA 2019?", "trends in 2019"] {
        let overview = overview_of(&engine, question).expect("an overview");
        assert_eq!((overview.shape, overview.series.len()), (Shape::Takeaways, 0), "{question}");
    }
}

#[test]
fn posts_that_name_something_are_counted() {
    let engine = engine_of_posts();
    let overview = overview_of(&engine, "how many recaps mention storage?").expect("an overview");
    assert_eq!(overview.shape, Shape::Count);
    assert_eq!((overview.groups[0].posts.posts, overview.posts.of), (2, 8));
    for question in ["how many recaps are there?", "how many posts do you have?"] {
        let all = overview_of(&engine, question).expect("an overview");
        assert_eq!((all.shape, all.posts.posts), (Shape::Count, 8), "{question}");
    }
    let of_author = overview_of(&engine, "how many recaps did Ada3 Example3 write?").expect("an overview");
    assert_eq!((of_author.shape, of_author.posts.posts), (Shape::Count, 1));
}

#[test]
fn what_a_post_says_of_another_event_is_left_out() {
    let text = "---\ntitle: Two events\nauthor: Ann\nevents: [kubecon-na-2019, fosdem-2020]\n---\n\n# KubeCon NA 2019\n\n\
                Most teams should start without a service mesh, because each of them costs memory.\n\nNobody should run a \
                database without backups, as three teams had to learn.\n\n# FOSDEM 2020\n\nThe rooms of FOSDEM are still \
                too small, because everybody wants to hear the same talks.\n\nMost projects should answer their first \
                issue within a week, since nobody writes a second one otherwise.\n";
    let engine = engine_over(&[("two.md", text)]);
    let overview = overview_of(&engine, "main takeaways of FOSDEM 2020").expect("an overview");
    assert_sound(&overview);
    let quotes: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
    assert_eq!(quotes.len(), 2, "{quotes:?}");
    assert!(quotes[0].contains("rooms") && quotes[1].contains("issue"), "{quotes:?}");
}

#[test]
fn the_notes_have_takeaways() {
    let engine = engine();
    let overview =
        overview_of(&engine, "what were the main takeaways of KubeCon 2019?").expect("an overview");
    assert_sound(&overview);
}

/// Six recaps a year, each by another author. All name Istio; those of 2019 give different numbers, and all but one name
/// Linkerd.
fn engine_of_two_events() -> Engine {
    let post = |at: usize| {
        let (event, year) = if at < 6 { ("KubeCon EU 2018", 2018) } else { ("KubeCon NA 2019", 2019) };
        let more = if at < 6 {
            format!(
                "Storage number {at} is still harder than it should be, because teams must learn it first."
            )
        } else {
            let mesh = if at == 11 { "simplicity" } else { "Linkerd" };
            format!(
                "Everyone at event {at} said that {mesh} costs less to run, and I believe them.\n\n\
                 The conference was great, with {at},000 attendees, more than last year and a lot to learn."
            )
        };
        let text = format!(
            "---\ntitle: Recap {at}\nauthor: Ada{at} Example{at}\ndate: {year}-12-0{}\nevent: {event}\n---\n\n\
             We should not start with Istio of kind {at}, because most teams need {at} months for it.\n\n{more}\n\n\
             {}\n",
            at % 6 + 1,
            if at.is_multiple_of(2) { "There was a talk on Envoy." } else { "" }
        );
        (format!("recap{at}.md"), text)
    };
    let posts: Vec<(String, String)> = (0..12).map(post).collect();
    engine_over(&posts)
}

#[test]
fn a_comparison_tells_what_both_and_what_only_one_side_has() {
    let engine = engine_of_two_events();
    let overview = overview_of(&engine, "KubeCon EU 2018 vs KubeCon NA 2019").expect("an overview");
    let counts = |name: &str| {
        let theme = overview.contrast.iter().find(|theme| theme.name == name);
        theme.map(|theme| theme.sides.map(|side| (side.posts, side.of)))
    };
    assert!(!overview.too_few);
    assert_eq!(counts("Istio"), None, "all posts have it");
    assert_eq!(counts("Envoy"), Some([(3, 6), (3, 6)]));
    assert_eq!(counts("Linkerd"), Some([(0, 6), (5, 6)]));
}

#[test]
fn numbers_that_differ_stand_side_by_side_and_no_line_twice() {
    let engine = engine_of_two_events();
    let overview = overview_of(&engine, "main takeaways of KubeCon NA 2019").expect("an overview");
    let numbers = overview.groups.last().expect("groups");
    let GroupTitle::Numbers(title) = &numbers.title else { panic!("{:?}", numbers.title) };
    let parts: Vec<&str> = title.trim_end_matches(" attendees").split(" · ").collect();
    assert_eq!(parts.len(), 3, "{title}");
    for (line, part) in overview.excerpts[numbers.lines.clone()].iter().zip(parts) {
        assert!(line.quote.text.contains(part), "{part}: {}", line.quote.text);
    }
    let quotes: BTreeSet<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
    assert_eq!(quotes.len(), overview.excerpts.len());
}

#[test]
fn a_project_is_a_theme_only_where_it_is_mentioned_more_than_elsewhere() {
    let engine = engine_of_two_events();
    let overview = overview_of(&engine, "main takeaways of 2019").expect("an overview");
    let themes: Vec<&str> = overview
        .groups
        .iter()
        .filter_map(|group| match &group.title {
            GroupTitle::Theme(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    assert!(themes.contains(&"Linkerd"), "{themes:?}");
    assert!(!themes.contains(&"Istio"), "all posts have it: {themes:?}");
}

#[test]
fn the_reasons_of_a_line_add_up_to_its_score() {
    let engine = engine_of_two_events();
    for question in [
        "main takeaways of KubeCon NA 2019",
        "KubeCon EU 2018 vs KubeCon NA 2019",
        "what do people think of Istio?",
        "tips for KubeCon EU 2018",
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_eq!(overview.reasons.len(), overview.excerpts.len(), "{question}");
        for (line, reasons) in overview.excerpts.iter().zip(&overview.reasons) {
            let sum: f32 = reasons.iter().map(|reason| reason.value).sum();
            assert!((line.score - sum).abs() < 1e-4, "{question}: {} {sum}", line.score);
        }
    }
}

#[test]
fn advice_without_the_words_of_the_question_says_so() {
    let first = "Bring comfortable shoes to the conference, because the walk between the rooms is long.\n\n\
        Bring a jacket to the conference, because the air in the halls is cold.\n\n\
        Bring your own lunch to the conference, because the queues take an hour.\n\n\
        Bring a bottle of water to the conference, because the halls are dry all day.\n";
    let second = "Bring business cards to the conference, because recruiters ask for them.\n\n\
        Bring a battery to the conference, because no seat has a socket.\n\n\
        Bring a second bag to the conference, because vendors give away shirts.\n";
    let engine = engine_of_recaps(&[("Ada", first), ("Bea", second)]);
    for (question, is_partial) in [
        ("what shoes should I bring to my first KubeCon?", false),
        ("how do I convince my boss to send me to KubeCon?", true),
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_eq!(
            (overview.shape, overview.is_partial, overview.excerpts.len()),
            (Shape::Advice, is_partial, if is_partial { 5 } else { 6 }),
            "{question}: {overview:?}"
        );
    }
}

#[test]
fn a_trend_has_a_line_for_each_turn() {
    let engine = engine_of_two_events();
    let overview = overview_of(&engine, "Linkerd over the years").expect("an overview");
    assert_sound(&overview);
    let first = &overview.groups[0];
    assert_eq!(first.title, GroupTitle::Year { year: 2019, turn: Some(TrendTurn::First) });
    assert_eq!((first.posts, first.lines.clone()), (PostCount { posts: 5, of: 6 }, 0..1));
    assert!(overview.excerpts[0].quote.text.contains("Linkerd"), "{overview:?}");
    assert!(!overview.too_few);
    let others: Vec<&GroupTitle> = overview.groups[1..].iter().map(|group| &group.title).collect();
    assert_eq!(others, [&GroupTitle::Also]);
}

#[test]
fn posts_and_authors_are_counted_as_if_they_were_read() {
    let engine = engine();
    for question in
        ["kubernetes", "kubernetes at KubeCon NA 2019", "kubernetes in 2018", "what did Garuccio say?"]
    {
        let request = request(question);
        let plan = engine.plan(&request, NameRole::Subject).expect("a plan");
        let read = ScopedPosts::read(engine.index(), &plan).expect("posts");
        let counted = ScopedPosts::count(engine.index(), &plan).expect("counts");
        assert!(read.count.posts > 0, "{question}");
        assert_eq!((counted.count, counted.authors), (read.count, read.authors), "{question}");
        assert!(counted.posts.is_empty(), "{question}");
    }
}

#[test]
fn advice_is_for_those_who_go_to_an_event() {
    let recaps = [
        ("Ann", "Make sure to register early, because the workshops were full by noon."),
        ("Bo", "Bring good shoes and water, since the venue is larger than most airports."),
        ("Cy", "I'd recommend the hallway more than any of the talks that I saw."),
        ("Di", "Most teams should not run their own databases on a cluster, because backups fail."),
    ];
    let overview =
        overview_of(&engine_of_recaps(&recaps), "any tips for KubeCon EU 2018?").expect("an overview");
    assert_sound(&overview);
    let authors = overview.excerpts.iter().map(|line| line.citation.author.as_deref().unwrap_or_default());
    assert_eq!(authors.collect::<BTreeSet<_>>(), ["Ann", "Bo", "Cy"].into());
}

#[test]
fn the_lines_of_a_list_name_what_is_asked_for() {
    let recaps = [
        ("Ann", "Liz Rice spoke about container security and showed an attack."),
        ("Bo", "Container security was the subject of a talk that Jessie Frazelle gave."),
        ("Cy", "On container security spoke Justin Cormack, who warned of old images."),
        ("Di", "Container security was in everybody's mouth, and many spoke about it."),
    ];
    let engine = engine_of_recaps(&recaps);
    let overview = overview_of(&engine, "who spoke about container security?").expect("an overview");
    assert_sound(&overview);
    let authors = overview.excerpts.iter().map(|line| line.citation.author.as_deref().unwrap_or_default());
    assert_eq!(authors.collect::<BTreeSet<_>>(), ["Ann", "Bo", "Cy"].into());
}

#[test]
fn all_that_an_author_said_is_summed_up() {
    let engine = engine_of_posts();
    let summary =
        overview_of(&engine, "what did Ada3 Example3 write about KubeCon NA 2019?").expect("an overview");
    assert_sound(&summary);
    assert_eq!(summary.shape, Shape::Summary);
    let of_topic = overview_of(&engine, "what did Ada3 Example3 write about service meshes?");
    assert_eq!(of_topic, None);
}

#[test]
fn each_of_two_recaps_by_one_author_is_summed_up() {
    let recap = |event: &str, text: &str| {
        format!("---\ntitle: Recap of {event}\nauthor: Ada Example\nevent: {event}\n---\n\n{text}\n")
    };
    let mesh = "Most teams need a year to learn a service mesh, because it is complex.";
    let backups = "Nobody should run a database without backups that were tried once.";
    let files = [
        ("a.md".to_owned(), recap("KubeCon EU 2018", mesh)),
        ("b.md".to_owned(), recap("KubeCon NA 2018", backups)),
    ];
    let overview = overview_of(&engine_over(&files), "KubeCon 2018 recap").expect("an overview");
    let quotes: BTreeSet<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
    assert_eq!(quotes, BTreeSet::from([mesh, backups]));
}

#[test]
fn which_event_was_larger_is_answered_by_the_numbers_of_people() {
    let recap =
        |event: &str, text: &str| format!("---\ntitle: Recap of {event}\nevent: {event}\n---\n\n{text}\n");
    let files = [
        (
            "a.md".to_owned(),
            recap(
                "KubeCon EU 2018",
                "We met 4,300 attendees there. Istio was the talk of the town, I believe.",
            ),
        ),
        (
            "b.md".to_owned(),
            recap("KubeCon NA 2018", "More than 8,000 attendees came. Linkerd is easier than it was."),
        ),
    ];
    let engine = engine_over(&files);
    let overview =
        overview_of(&engine, "which was bigger, KubeCon EU 2018 or KubeCon NA 2018?").expect("an overview");
    let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
    assert_eq!(lines, ["We met 4,300 attendees there.", "More than 8,000 attendees came."]);
    assert!(overview.contrast.is_empty() && !overview.too_few);
}

#[test]
fn views_of_an_event_are_of_its_parts() {
    let engine = engine_of_recaps(&[
        ("Ann", "The rooms were far too small, and the queue for the badge took an hour."),
        ("Bo", "For our team Linkerd was disappointing, because it broke each week."),
        ("Cy", "I really loved the keynotes of this year, all of them."),
    ]);
    let overview = overview_of(&engine, "what did people dislike at KubeCon EU 2018?").expect("an overview");
    let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
    assert!(matches!(lines.as_slice(), [line] if line.contains("rooms")), "{lines:?}");
}

#[test]
fn who_asks_for_events_gets_those_that_posts_are_about() {
    let recap = |event: &str, author: &str| {
        format!(
            "---\ntitle: Recap of {event}\nauthor: {author}\nevent: {event}\n---\n\nI believe that teams should start with a plan.\n"
        )
    };
    let events = [
        ("KubeCon EU 2018", "Ada Lee"),
        ("KubeCon NA 2019", "Ada Lee"),
        ("FOSDEM 2020", "Bo Kim"),
        ("KubeCon NA 2019", "Bo Kim"),
    ];
    let files = events.iter().enumerate();
    let files: Vec<(String, String)> =
        files.map(|(at, (event, author))| (format!("{at}.md"), recap(event, author))).collect();
    let engine = engine_over(&files);
    let events_of = |question: &str| {
        let card = overview_of(&engine, question).and_then(|overview| overview.card).expect("a card");
        let events = card.events.iter().map(|(event, posts)| (event.id.0.clone(), *posts));
        (card.name.clone(), events.collect::<Vec<_>>())
    };
    let kubecons = [("kubecon-na-2019".to_owned(), 2), ("kubecon-eu-2018".to_owned(), 1)];
    let (name, events) = events_of("which cities hosted KubeCon?");
    assert_eq!((name.as_str(), events.as_slice()), ("KubeCon + CloudNativeCon", kubecons.as_slice()));
    let (name, events) = events_of("which conferences do you cover?");
    assert_eq!((name.as_str(), events.len()), ("", 3));
    let (name, events) = events_of("any conferences in Europe?");
    assert_eq!((name.as_str(), events.len()), ("", 2));
    for question in
        ["which conferences did Ada Lee attend?", "quelles conférences Ada Lee a-t-elle visitées ?"]
    {
        let (name, events) = events_of(question);
        assert_eq!((name.as_str(), events.len()), ("KubeCon + CloudNativeCon", 2), "{question}");
    }
    assert!(overview_of(&engine, "which countries were represented in the survey?").is_none());
    assert!(
        overview_of(&engine, "which city hosted FOSDEM 2020?").is_none_or(|overview| overview.card.is_none())
    );
}

#[test]
fn an_answer_says_that_no_line_names_all_that_is_asked_about() {
    let engine = engine_of_recaps(&[
        ("Ada", "Hybrid clouds were told of in each talk, and most teams should look at them first."),
        ("Bea", "I think that hybrid clouds are harder than they should be, because networks differ."),
        (
            "Cem",
            "For our team hybrid clouds were a great step, because we can move the load of each service.",
        ),
        ("Dan", "The prices of the food were high, and most people should bring their own."),
    ]);
    for (question, is_partial) in [
        ("what do people think of hybrid clouds?", false),
        ("what do people think of the prices of hybrid clouds?", true),
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_eq!(overview.is_partial, is_partial, "{question}: {overview:?}");
    }
}

#[test]
fn a_trend_that_no_recap_names_is_none() {
    let engine = engine_of_posts();
    assert_eq!(overview_of(&engine, "how has the handling of tennis rackets changed over the years?"), None);
}

#[test]
fn an_estimated_shape_on_nothing_known_must_be_as_sure_as_a_fact() {
    let engine = engine_of_posts();
    for question in
        ["so what do attendees cook at home these days", "can anyone tell me how people cook rice"]
    {
        assert_eq!(overview_of(&engine, question), None, "{question}");
    }
}

#[test]
fn lessons_from_the_only_recap_of_an_event_are_no_fact() {
    let engine = engine_of_recaps(&[(
        "Ann Lee",
        "The lesson on Istio was that nobody should run Istio without a team for it in production.\n\n\
         Another lesson was that Istio upgrades take a whole week, and that nobody had planned for that.",
    )]);
    let overview = overview_of(&engine, "lessons on Istio from KubeCon EU 2018").expect("an overview");
    assert_eq!((overview.shape, overview.excerpts.len()), (Shape::Takeaways, 2));
}

#[test]
fn an_overview_has_as_many_lines_as_are_asked_for() {
    let engine = engine_of_posts();
    for (question, expected) in [("top 3 takeaways of 2019", 3), ("give me two takeaways of 2019", 2)] {
        let overview = overview_of(&engine, question).expect(question);
        assert_sound(&overview);
        assert_eq!(overview.excerpts.len(), expected, "{question}");
    }
    assert!(overview_of(&engine, "takeaways of 2019").expect("an overview").excerpts.len() > 3);
}

#[test]
fn a_recap_without_an_author_may_be_that_of_a_person_who_is_named() {
    let engine = engine_over(&[(
        "a.md".to_owned(),
        "---\ntitle: Thoughts\nevent: KubeCon EU 2018\n---\n\n\
         Most teams should start without a mesh, because it takes months to learn it well.\n\n\
         Nobody needs an operator before the second year, because it costs more than it saves.\n"
            .to_owned(),
    )]);
    for name in ["Maria Garcia", "maria garcia"] {
        let question = format!("summary of {name}'s KubeCon EU 2018 post");
        let overview = overview_of(&engine, &question).expect("a summary");
        assert_eq!((overview.shape, overview.scope.people), (Shape::Summary, vec![name.to_owned()]));
    }
    assert_eq!(overview_of(&engine, "summary of Maria Garcia's talk at KubeCon EU 2018"), None);
}

#[test]
fn what_a_writer_wrote_whom_no_recap_has_is_not_told_by_others() {
    let engine = engine_of_posts();
    for (question, expected) in [
        ("what did jane doe write about KubeCon", false),
        ("summarise jane doe's recap of KubeCon", false),
        ("what did jdoe write about KubeCon", false),
        ("what did people write about KubeCon", true),
        ("what did ada2 example2 write about KubeCon", true),
    ] {
        assert_eq!(overview_of(&engine, question).is_some(), expected, "{question}");
    }
}

#[test]
fn the_events_of_an_author_are_those_that_the_author_was_at() {
    let recap = |author: &str, year: i16| {
        let text =
            format!("Most teams of {year} should start without a mesh, because it takes months to learn.");
        let head = format!("title: R\nauthor: {author}\nevent: KubeCon EU {year}");
        (format!("{author}{year}.md"), format!("---\n{head}\n---\n\n{text}\n"))
    };
    let engine = engine_over(&[recap("Ada Ito", 2018), recap("Ada Ito", 2019), recap("Bo Lee", 2022)]);
    let overview = overview_of(&engine, "Ada Ito's takeaways from KubeCon EU").expect("an overview");
    assert_eq!(overview.scope.events.len(), 2, "{:?}", overview.scope);
}

#[test]
fn a_row_of_a_table_is_no_line() {
    let text = "We like Istio best, because it is easy to debug for teams of any size";
    for (markdown, expected) in [
        (format!("| Time | Talk |\n| --- | --- |\n| 12:15 | {text} |\n"), false),
        (format!("At 12:15 we heard that {text}.\n"), true),
    ] {
        let post = post("a", &markdown);
        let concepts = concepts(&["Istio"]);
        let found = candidates(&post, &concepts, AnswerType::Anything);
        let naming = found.iter().find(|it| {
            post.body.slice(it.span).contains("12:15") && post.body.blocks_at(it.span).count() == 1
        });
        let naming = naming.expect("a candidate");
        let line = topic_line(naming, naming.score, Shape::Opinions, &plan(&["Istio"]));
        assert_eq!(line.is_some(), expected, "{markdown}");
    }
}
