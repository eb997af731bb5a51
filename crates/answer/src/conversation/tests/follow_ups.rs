//! Tests of follow-ups that say nothing of their own topic.

use super::turn_facts::MAX_EVENTS;
use super::*;

/// A conversation about posts of some events, each with its author and its text.
pub(super) fn talk_about(posts: &[(&str, &str, &str)]) -> Talk {
    let post = |(event, author, text): &(&str, &str, &str)| {
        format!("---\ntitle: Recap\nauthor: {author}\nevent: {event}\n---\n\n{text}\n")
    };
    let files: Vec<(String, String)> =
        posts.iter().enumerate().map(|(at, it)| (format!("{at}.md"), post(it))).collect();
    Talk { handle: handle_of(engine_over(&files)), turn: None }
}

/// Posts that tell how many people came to three editions.
fn sizes() -> Talk {
    talk_about(&[
        (
            "gophercon-2016",
            "Ada Lovelace",
            "We were joined by 1400 gophers, and 1300 attendees stayed for the evening.",
        ),
        (
            "gophercon-2018",
            "Grace Hopper",
            "There were 1,700 attendees in the hall, and the coffee was good.",
        ),
        ("gophercon-2015", "Mary Keller", "About 900 people came, and the talks on Istio were full."),
    ])
}

/// The quotes of an answer.
fn shown(reply: &Reply) -> Vec<String> {
    let Reply::Answer(answer) = reply else { panic!("no answer: {reply:?}") };
    answer.verified.answer.quoted().map(|excerpt| excerpt.quote.text.clone()).collect()
}

#[test]
fn the_largest_of_all_events_talked_about_is_found() {
    for question in ["which one was the biggest?", "so which had the most people?", "welche war am größten?"]
    {
        let mut talk = sizes();
        for message in ["how many people came to GopherCon 2016?", "and 2018?", "and in 2015?"] {
            talk.check(
                message,
                &[&format!("gophercon-{}", &message[message.len() - 5..message.len() - 1])],
                ANY,
            );
        }
        let quotes = shown(&talk.reply(question));
        let numbers = ["1,700", "1400", "900"];
        assert_eq!(quotes.len(), numbers.len(), "{question}: {quotes:?}");
        assert!(quotes.iter().zip(numbers).all(|(quote, number)| quote.contains(number)), "{quotes:?}");
        // The events are still known in their order.
        talk.check("the second one again", &["gophercon-2018"], "1,700");
        talk.check("back to the first one please", &["gophercon-2016"], "1400");
    }
}

#[test]
fn the_last_two_events_are_compared() {
    let of_istio = "what was said about Istio at KubeCon EU 2018?";
    let of_sizes = ["how many people came to GopherCon 2016?", "and 2018?", "and in 2015?"];
    for (mut talk, messages, question, names) in [
        (
            Talk::new(),
            &[of_istio, "and in Barcelona?", "and in San Diego?", "back to Copenhagen", "in Barcelona?"][..],
            "how do they compare?",
            "KubeCon EU 2018 vs KubeCon EU 2019",
        ),
        (sizes(), &of_sizes, "which one was bigger?", "GopherCon 2018 vs GopherCon 2015"),
        (
            sizes(),
            &[&of_sizes[..], &["how does GopherCon 2016 compare to GopherCon 2018?"]].concat(),
            "which one was the biggest?",
            "GopherCon 2016 vs GopherCon 2018",
        ),
    ] {
        for message in messages {
            assert!(matches!(talk.reply(message), Reply::Answer(_)), "{message}");
        }
        let answer = talk.answer(question);
        let understood = answer.question.text();
        assert!(understood.starts_with(names), "{question}: {understood}");
    }
}

#[test]
fn the_largest_event_of_some_years_is_found() {
    let mut talk = sizes();
    talk.check("who came in 2015 to 2018?", &[], ANY);
    let quotes = shown(&talk.reply("which one was the biggest?"));
    let numbers = ["1,700", "1400", "900"];
    assert!(
        quotes.len() == 3 && quotes.iter().zip(numbers).all(|(it, number)| it.contains(number)),
        "{quotes:?}"
    );
    // Only the size of one of them is known.
    let mut talk = talk_about(&[
        ("gophercon-2016", "Ada Lovelace", "We were joined by 1400 gophers, who filled the hall."),
        ("gophercon-2018", "Grace Hopper", "The coffee was good, and the talks on Istio were full."),
        ("gophercon-2015", "Mary Keller", "The talks on Istio were short, and the rooms were full."),
    ]);
    talk.reply("who came in 2015 to 2018?");
    talk.check("which one was the biggest?", &["gophercon-2016"], "1400");
}

#[test]
fn who_came_is_not_shown_where_something_else_is_talked_about() {
    let mut talk = sizes();
    talk.check("what was said about Istio in 2015 to 2018?", &[], "Istio");
    let quotes = shown(&talk.reply("which one was the biggest?"));
    assert!(!quotes.iter().any(|quote| quote.contains("1,700")), "{quotes:?}");
}

#[test]
fn only_a_bare_number_word_after_an_overview_asks_how_many_recaps_name_it() {
    for (first, message, is_counted) in [
        ("what do people think of Istio?", "how many?", true),
        ("what do people think of Istio?", "how big?", false),
        ("what do people think of Istio?", "how often?", false),
        ("who runs Istio at KubeCon EU 2019?", "how many?", false),
    ] {
        let mut talk = Talk::new();
        talk.reply(first);
        let reply = talk.reply(message);
        let is_about = matches!(&reply, Reply::Answer(answer) if answer.question.text() == "Istio");
        assert_eq!(is_about, is_counted, "{first} {message}: {reply:?}");
    }
}

#[test]
fn who_is_only_named_by_others_is_followed_by_another() {
    let mut talk = talk_about(&[
        ("kubecon-eu-2018", "Ada Lovelace", "Kelsey Hightower talked about simple things in a keynote."),
        ("kubecon-eu-2019", "Mary Keller", "Liz Rice talked about eBPF, and everybody laughed at her jokes."),
    ]);
    talk.check("what did Kelsey Hightower talk about?", &[], "simple things");
    let quotes = shown(&talk.reply("and Liz Rice?"));
    assert!(quotes.len() == 1 && quotes[0].contains("eBPF"), "{quotes:?}");
}

#[test]
fn another_person_takes_the_place_of_the_one_asked_about() {
    let mut talk = talk_about(&[
        ("kubecon-eu-2018", "Ada Lovelace", "Kelsey Hightower talked about simple things in a keynote."),
        ("kubecon-eu-2019", "Mary Keller", "Liz Rice talked about eBPF, and everybody laughed at her jokes."),
    ]);
    talk.check("who is Kelsey Hightower?", &[], "simple things");
    let answer = talk.answer("what about Liz Rice?");
    assert!(!answer.question.text().contains("Kelsey"), "{}", answer.question.text());
}

#[test]
fn a_comparison_that_names_both_sides_is_a_new_question() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2019?", &["kubecon-eu-2019"], "three banks");
    for message in ["compare KubeCon EU 2018 with San Diego", "Vergleiche KubeCon EU 2018 mit San Diego"] {
        let answer = talk.answer(message);
        assert_eq!((answer.question.text(), answer.is_follow_up), (message, false));
    }
}

#[test]
fn an_author_is_left_out_of_the_question_before() {
    let mut talk = Talk::new();
    talk.reply("what was said about Istio?");
    let answer = talk.answer("not by Grace Hopper");
    assert_eq!(answer.verified.answer.scope().excluded_authors, ["Grace Hopper"]);
    assert!(!answer.verified.answer.excerpts().is_empty());
}

#[test]
fn a_topic_at_one_event_goes_on_to_another() {
    let of_istio = "what was said about Istio at KubeCon EU 2019?";
    for (message, question) in [
        // Both events are compared in what was talked about.
        ("how does that compare to San Diego?", "Istio KubeCon EU 2019 vs Istio KubeCon NA 2019"),
        ("and at the us one?", "what was said about Istio at ?"),
        ("not the waffles stuff", "what was said about Istio at -\"waffles\""),
        ("without the waffles talks", "what was said about Istio at -\"waffles\""),
    ] {
        let mut talk = Talk::new();
        talk.check(of_istio, &["kubecon-eu-2019"], "three banks");
        let answer = talk.answer(message);
        assert_eq!(answer.question.text(), question, "{message}");
    }
}

#[test]
fn several_events_of_which_nothing_was_found_are_not_kept() {
    let mut talk = sizes();
    talk.check("what was said about Istio at GopherCon 2015?", &["gophercon-2015"], "Istio");
    talk.check("and in 2016 to 2018?", &["gophercon-2016", "gophercon-2018"], "");
    assert_eq!(talk.turn.as_ref().expect("a turn").scope.events[0].0, "gophercon-2015");
}

#[test]
fn the_first_of_many_events_is_still_known() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    for _ in 0..MAX_EVENTS {
        talk.check("and in San Diego?", &["kubecon-na-2019"], "felt slow");
        talk.check("and at FOSDEM?", &["fosdem-2020"], "FOSDEM");
    }
    assert_eq!(talk.turn.as_ref().expect("a turn").events_before.len(), MAX_EVENTS);
    let turn = talk.turn.clone();
    // Which one was the second is no longer sure.
    let answer = talk.answer("the second one again");
    assert!(answer.verified.answer.excerpts().is_empty(), "{answer:?}");
    talk.turn = turn;
    talk.check("the first one again", &["kubecon-eu-2018"], "talk of Copenhagen");
}

#[test]
fn a_left_over_word_is_no_topic() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    for (message, events, words) in [
        ("only the 2019 ones", &["kubecon-eu-2019"][..], "three banks"),
        ("Europe or North America?", &["kubecon-eu-2019", "kubecon-na-2019"], "Istio"),
        ("just North America then", &["kubecon-na-2019"], "felt slow"),
        ("why were they so cumbersome?", &["kubecon-na-2019"], "felt slow"),
        ("is there a consensus?", &["kubecon-na-2019"], ANY),
    ] {
        talk.check(message, events, words);
        assert!(
            talk.turn.as_ref().is_some_and(|turn| turn.topic.ends_with("Istio")),
            "{message}: {:?}",
            talk.turn
        );
    }
}

#[test]
fn less_of_an_answer_is_shown() {
    let mut talk = Talk { handle: handle_of(crate::samples::engine()), turn: None };
    talk.check("service mesh?", &[], "esh");
    let all = talk.turn.clone().expect("a turn");
    assert!(all.shown.len() > 2, "{all:?}");
    for (message, count) in [("just two of them, please", 2), ("nur 1", 1), ("plus court", 1), ("top 3", 3)] {
        talk.turn = Some(all.clone());
        assert_eq!(shown(&talk.reply(message)).len(), count, "{message}");
        let turn = talk.turn.clone().expect("a turn");
        assert_eq!((turn.question, turn.topic), (all.question.clone(), all.topic.clone()), "{message}");
    }
    talk.turn = None;
    talk.check("what was said about llamas?", &[], "");
    assert_eq!(talk.reply("shorter"), Reply::Notice(Notice::NothingShown));
    // The excerpts of the turn before are no answer to what was refused.
    let mut refused = Talk::new();
    refused.check("what was said about Istio at KubeCon EU 2019?", &["kubecon-eu-2019"], "three banks");
    refused.reply("what about llamas?");
    for message in ["shorter", "just two of them", "kürzer bitte", "plus court", "más corto", "mais curto"]
    {
        assert_eq!(refused.reply(message), Reply::Notice(Notice::NothingShown), "{message}");
    }
    talk.turn = Some(all);
    assert_eq!(talk.reply("just 0"), Reply::Notice(Notice::NoMore));
}

#[test]
fn posts_are_not_translated() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio?", &[], "Istio");
    let quotes = shown(&talk.reply("what was said about Istio?"));
    let answer = talk.answer("auf Deutsch bitte");
    assert_eq!(
        (answer.heading.as_ref(), answer.turn.language),
        (Some(&AnswerHeading::OwnWords), Language::De)
    );
    assert_eq!(shown(&Reply::Answer(answer)), quotes);
    // Here there are such posts.
    let answer = talk.answer("in English please");
    assert_eq!(answer.heading, None);
}

#[test]
fn which_event_was_shown_can_be_asked() {
    for message in
        ["which conference was that at?", "and which year is that from?", "de qué año es?", "which city?"]
    {
        let mut talk = Talk::new();
        talk.check("what did the security audit find?", &[], "thirty-seven");
        let answer = talk.answer(message);
        assert!(matches!(answer.heading, Some(AnswerHeading::Source(_))), "{message}");
    }
    let mut talk = Talk::new();
    talk.check("how was KubeCon?", &[], ANY);
    let topic = talk.turn.clone().expect("a turn").topic;
    let answer = talk.answer("which cities?");
    assert_eq!(answer.verified.answer.scope().events.len(), 3, "{answer:?}");
    assert_eq!(answer.turn.topic, topic);
    // Without an event in scope these are the events of what was shown.
    let mut talk = Talk::new();
    talk.check("how were the waffles?", &[], "waffles");
    let other = talk.turn.take().expect("a turn").shown;
    talk.check("Did Istio feel slow?", &[], "felt slow");
    talk.turn.as_mut().expect("a turn").shown.extend(other);
    let answer = talk.answer("which events?");
    assert_eq!(answer.verified.answer.scope().events.len(), 2, "{answer:?}");
    assert_eq!(talk.turn.expect("a turn").topic, "Istio slow");
}

#[test]
fn a_name_alone_is_another_person() {
    let mut talk = talk_about(&[
        ("kubecon-eu-2019", "Ada Lovelace", "Istio was the talk of the town, and I liked Istio a lot."),
        ("kubecon-na-2019", "Mary Keller", "Istio felt slow to me, and Helm was everywhere."),
        ("kubecon-eu-2018", "Linus Berg", "Linkerd was quick, and the room was full."),
    ]);
    talk.check("what did Ada Lovelace say about Istio?", &[], "talk of the town");
    talk.check("and Mary?", &[], "felt slow");
    talk.check("what did she say about Helm?", &[], "Helm");
    // He said nothing on Helm.
    talk.check("and Linus?", &[], ANY);
    assert_eq!(talk.turn.expect("a turn").scope.authors, ["Linus Berg"]);
}

#[test]
fn an_author_of_another_event_is_left_out() {
    let mut talk = Talk::new();
    talk.check("what did Ada Lovelace say about Istio?", &[], "talk of Copenhagen");
    talk.check("and in San Diego?", &["kubecon-na-2019"], "felt slow");
    assert!(talk.turn.expect("a turn").scope.authors.is_empty());
}

#[test]
fn a_named_place_comes_before_the_part_of_the_world() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon NA 2019?", &["kubecon-na-2019"], "felt slow");
    talk.check("and Copenhagen the year before?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("and San Diego the year after?", &["kubecon-na-2019"], "felt slow");
    talk = Talk::new();
    talk.check("what was said about Istio?", &[], "Istio");
    talk.check("only 2019 and later", &[], "Istio");
    assert_eq!(talk.turn.expect("a turn").scope.years, Some(Years { first: 2019, last: 2026 }));
}

#[test]
fn a_side_is_asked_of_what_was_talked_about_in_any_language() {
    for message in [
        "any scepticism?",
        "gab es auch Kritik?",
        "des réserves ?",
        "¿hubo alguna crítica?",
        "alguma crítica?",
    ] {
        let mut talk = Talk::new();
        talk.check("what do people think of Istio?", &[], ANY);
        talk.check(message, &[], "felt slow");
        talk.turn = None;
        talk.check("what was said about Linkerd?", &[], "Linkerd");
        // Nobody has any, so the other views are shown.
        talk.check(message, &[], "Linkerd");
        assert!(!talk.turn.expect("a turn").shown.is_empty(), "what was shown before is still known");
    }
}

#[test]
fn the_text_after_an_excerpt_is_more_of_it() {
    let text = "The lights went out after nine minutes.\n\n## Later\n\nA cable had come loose in the cellar.";
    let mut talk = talk_about(&[("fosdem-2020", "Mary Keller", text)]);
    talk.check("when did the lights go out?", &[], "nine minutes");
    talk.check("why?", &[], "cable had come loose");
}
