//! Tests of trends.

use super::super::scoped_posts::MAX_POSTS;
use super::super::tests::overview_of;
use crate::samples::engine_over;
use takeaways_text::model::{GroupTitle, Overview};

/// The years that an overview has a group for.
fn years_of(overview: &Overview) -> Vec<i16> {
    let year = |title: &GroupTitle| match title {
        GroupTitle::Year { year, .. } => Some(*year),
        _ => None,
    };
    overview.groups.iter().filter_map(|group| year(&group.title)).collect()
}

#[test]
fn an_author_has_a_line_in_each_year() {
    let text = |year: i16, at: i16| {
        if at == 0 || year == 2019 {
            format!(
                "I think that autoscaling number {year}{at} is harder than most teams believe, because metrics lag."
            )
        } else {
            format!(
                "I think that storage number {year}{at} is harder than most teams believe, because disks fail."
            )
        }
    };
    let post = |year: i16, at: i16| {
        let head = format!("title: R\nauthor: Ada{at} Lee{at}\nevent: KubeCon EU {year}");
        (format!("{year}-{at}.md"), format!("---\n{head}\n---\n\n{}\n", text(year, at)))
    };
    let posts: Vec<(String, String)> =
        (2017..2022).flat_map(|year| (0..5).map(move |at| post(year, at))).collect();
    let overview = overview_of(&engine_over(&posts), "autoscaling over the years").expect("an overview");
    assert_eq!(years_of(&overview), [2017, 2018, 2019, 2020, 2021]);
}

#[test]
fn posts_that_are_too_many_to_read_are_counted_too() {
    let recap = |year: i16, at: usize, text: &str| {
        let head = format!("title: R\nauthor: Ada{at} Lee{at}\nevent: KubeCon EU {year}");
        (format!("{year}-{at}.md"), format!("---\n{head}\n---\n\n{text}\n"))
    };
    let on_topic =
        "I think that autoscaling is harder than most teams believe, because metrics lag for minutes.";
    let mut recaps: Vec<(String, String)> =
        (0..MAX_POSTS).map(|at| recap(2024, at, "Thanks to all who came.")).collect();
    recaps.extend((0..6).flat_map(|at| [2016, 2025].map(|year| recap(year, at, on_topic))));
    let overview = overview_of(&engine_over(&recaps), "autoscaling over the years").expect("an overview");
    let counts: Vec<(i16, u32, u32)> =
        overview.series.iter().map(|it| (it.year, it.posts.posts, it.posts.of)).collect();
    let all = u32::try_from(MAX_POSTS).expect("few posts");
    assert_eq!(counts, [(2016, 6, 6), (2024, 0, all), (2025, 6, 6)]);
    let mentions = overview.mentions.map(|it| (it.first.year, it.last.year));
    assert_eq!(mentions, Some((2016, 2025)));
}

#[test]
fn a_line_of_a_year_is_on_the_whole_topic() {
    let says = [
        (2017, "As an engineer of a bank Ann runs the platform, and she likes her job there."),
        (2018, "Platform engineering is harder than most teams believe, because people need time."),
        (2019, "Platform engineering was better than before, because teams are asked first."),
    ];
    let posts = says.map(|(year, text)| {
        (format!("{year}.md"), format!("---\ntitle: R\nevent: KubeCon EU {year}\n---\n\n{text}\n"))
    });
    let overview =
        overview_of(&engine_over(&posts), "platform engineering over the years").expect("an overview");
    let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
    assert!(
        lines.len() == 2 && lines.iter().all(|line| line.starts_with("Platform engineering")),
        "{lines:?}"
    );
}

#[test]
fn each_of_two_things_is_counted_unless_most_posts_name_one() {
    let recap = |at: usize, text: &str| {
        let (year, author) = (2017 + at % 2, format!("Ada{at} Lee{at}"));
        let head = format!("title: R\nauthor: {author}\nevent: KubeCon EU {year}");
        (format!("{at}.md"), format!("---\n{head}\n---\n\n{text}\n"))
    };
    let tracing = "I think that tracing is harder than most teams believe, because clocks differ.";
    let logging = "I think that logging costs more than most teams believe, because disks fill up.";
    let both = "I think that logging and tracing are harder than most teams believe.";
    let mut recaps: Vec<(String, String)> = [tracing, tracing, logging, logging, both, both]
        .into_iter()
        .enumerate()
        .map(|(at, text)| recap(at, text))
        .collect();
    recaps.extend((6..12).map(|at| recap(at, "I think that storage is hard, because disks fail.")));
    let counted = |recaps: &[(String, String)]| {
        let question = "logging and tracing over the years";
        let overview = overview_of(&engine_over(recaps), question).expect("a trend");
        (overview.topic.expect("a topic"), overview.posts.posts)
    };
    assert_eq!(counted(&recaps), ("logging or tracing".to_owned(), 6));
    recaps.extend((12..30).map(|at| recap(at, tracing)));
    assert_eq!(counted(&recaps), ("logging and tracing".to_owned(), 2));
}

#[test]
fn a_year_is_told_in_the_language_of_the_question() {
    let says = [
        (2018, "", "I think that autoscaling is harder than most teams believe, because metrics lag."),
        (
            2019,
            "lang: fr\n",
            "Je pense que l'autoscaling est plus difficile que prévu, parce que les équipes l'attendent.",
        ),
        (2019, "", "I find that autoscaling got easier, because most teams have better metrics."),
        (2020, "", "I think that autoscaling is what most teams have now, because it costs less."),
    ];
    let posts: Vec<(String, String)> = says
        .iter()
        .enumerate()
        .map(|(at, (year, lang, text))| {
            let head = format!("title: R\nauthor: Ada{at} Lee{at}\n{lang}event: KubeCon EU {year}");
            (format!("{at}.md"), format!("---\n{head}\n---\n\n{text}\n"))
        })
        .collect();
    let overview = overview_of(&engine_over(&posts), "autoscaling over the years").expect("a trend");
    let first = overview
        .excerpts
        .iter()
        .find(|it| it.citation.event.as_ref().is_some_and(|it| it.year == Some(2019)));
    assert!(first.is_some_and(|it| it.quote.text.starts_with("I find")), "{:?}", overview.excerpts);
}

#[test]
fn who_asks_for_the_largest_event_gets_the_size_of_each() {
    let says = [(2017, "4,000"), (2018, "8,000"), (2019, "12,000")];
    let posts = says.map(|(year, number)| {
        let text = format!(
            "More than {number} attendees came to the conference, and most of them stayed until the end."
        );
        let recap = format!("---\ntitle: R\nevent: KubeCon EU {year}\n---\n\n{text}\n");
        (format!("{year}.md"), recap)
    });
    let engine = engine_over(&posts);
    for question in [
        "which KubeCon had the most attendees?",
        "biggest KubeCon so far?",
        "what was the largest KubeCon?",
        "¿qué KubeCon tuvo más asistentes?",
    ] {
        let overview = overview_of(&engine, question).expect(question);
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        let has_all = says.iter().all(|(_, number)| lines.iter().any(|line| line.contains(number)));
        assert!(has_all, "{question}: {lines:?}");
    }
}

#[test]
fn each_year_that_names_the_topic_has_a_line() {
    let says = [
        (2017, "I think that autoscaling is harder than most teams believe, because metrics lag."),
        (2018, "Most teams should start without autoscaling, because it takes months to learn."),
        (2019, "We learned that autoscaling was better than before, but it still needs care."),
    ];
    let posts: Vec<(String, String)> = says
        .iter()
        .map(|(year, text)| {
            let recap = format!("---\ntitle: R\nevent: KubeCon EU {year}\n---\n\n{text}\n");
            (format!("{year}.md"), recap)
        })
        .collect();
    let overview = overview_of(&engine_over(&posts), "autoscaling over the years").expect("an overview");
    assert_eq!(years_of(&overview), [2017, 2018, 2019]);
}
