//! Tests of messages that ask about the answer before them, and of what a turn leaves to the next ones.

use std::collections::HashSet;

use super::follow_ups::talk_about;
use super::*;
use takeaways_text::model::PostId;

#[test]
fn what_was_not_found_is_no_topic_of_later_turns() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("what about knitting?", &["kubecon-eu-2018"], "");
    talk.check("and in 2019?", &["kubecon-eu-2019"], "three banks");
    // Posts mention it elsewhere.
    talk.check("what about Linkerd?", &[], "Linkerd");
    talk.check("and in Copenhagen?", &["kubecon-eu-2018"], "Linkerd");
}

#[test]
fn a_year_that_no_post_is_from_is_no_topic() {
    let mut talk = Talk::new();
    talk.reply("what was said about Istio in 2030?");
    let answer = talk.answer("and in 2019?");
    assert!(!answer.turn.topic.contains("2030"), "{}", answer.turn.topic);
}

#[test]
fn the_first_one_of_several_events_is_no_excerpt() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("and in Barcelona?", &["kubecon-eu-2019"], ANY);
    let answer = talk.answer("how was the first one?");
    assert_ne!(answer.turn.scope.events, [EventId("kubecon-eu-2019".into())]);
}

#[test]
fn cards_and_refusals_leave_the_answer_before_them() {
    let mut talk = Talk::new();
    talk.check("how was KubeCon EU 2019?", &["kubecon-eu-2019"], ANY);
    let shown = talk.turn.clone().expect("a turn").shown;
    let whole = |talk: &Talk| talk.turn.as_ref().expect("a turn").with_whole().into_owned();
    talk.reply("who said that?");
    assert_eq!((whole(&talk).shown, whole(&talk).is_overview()), (shown.clone(), true));
    talk.reply("what about knitting?");
    assert_eq!(whole(&talk).shown, shown);
    assert_eq!(talk.reply("why?"), Reply::Notice(Notice::NothingShown), "nothing was found");
    talk.reply("links?");
    assert_ne!(talk.reply("tell me more about the second one"), Reply::Notice(Notice::NoMore));
}

#[test]
fn a_button_is_that_of_the_page_and_a_word_that_of_the_whole_answer() {
    let mut talk = Talk::new();
    talk.check("takeaways on Istio", &[], ANY);
    let shown = talk.turn.clone().expect("a turn").shown;
    talk.reply("who said the second one?");
    let turn = talk.turn.clone().expect("a turn");
    assert_eq!(turn.shown, shown[1..2]);
    let context = talk.handle.context(&turn, 0, 0, request("x").now).expect("no error").expect("a context");
    assert_eq!(context.turn.shown[0].post, shown[1].post);
    talk.reply("and who said the first?");
    assert_eq!(talk.turn.expect("a turn").shown, shown[..1]);
}

/// The heading over the reply to a message.
#[track_caller]
fn heading(talk: &mut Talk, message: &str) -> Option<AnswerHeading> {
    let answer = talk.answer(message);
    answer.heading
}

#[test]
fn a_message_that_begins_with_a_capital_may_be_no_name() {
    let mut talk = Talk::new();
    talk.check("takeaways on Istio", &[], ANY);
    for message in ["Go ahead", "Go on"] {
        match talk.reply(message) {
            Reply::Answer(answer) => assert_eq!(answer.turn.topic, "Istio", "{message}"),
            reply => assert_eq!(reply, Reply::Notice(Notice::NoMore), "{message}"),
        }
    }
}

#[test]
fn the_sources_of_several_excerpts_are_all_named() {
    let mut talk = Talk::new();
    talk.check("takeaways on Istio", &[], ANY);
    assert_eq!(heading(&mut talk, "who wrote them?"), Some(AnswerHeading::Sources));
    assert_eq!(heading(&mut talk, "links?"), Some(AnswerHeading::Sources));
    assert_eq!(heading(&mut talk, "can you translate that?"), Some(AnswerHeading::OwnWords));
    assert!(matches!(heading(&mut talk, "who said the first one?"), Some(AnswerHeading::Source(_))));
}

#[test]
fn many_sources_are_listed() {
    let says = ["Ada", "Bea", "Cem", "Dan", "Eve"].map(|name| {
        (
            format!("{name} Lee"),
            format!("{name} found that Istio is easier than a year ago, because it has {name}'s defaults."),
        )
    });
    let posts = says.each_ref().map(|(author, text)| ("kubecon-eu-2019", author.as_str(), text.as_str()));
    let mut talk = talk_about(&posts);
    talk.answer("what do people think of Istio?");
    for message in ["who wrote them?", "links?"] {
        let shown = talk.turn.clone().expect("a turn").shown;
        let posts: HashSet<&PostId> = shown.iter().map(|place| &place.post).collect();
        let Reply::Recaps(list) = talk.reply(message) else { panic!("no list: {message}") };
        assert_eq!((list.recaps.len(), list.all, list.first), (posts.len(), posts.len(), 0), "{message}");
        assert!(list.recaps.iter().all(|recap| posts.contains(&recap.citation.post)), "{message}");
    }
}

#[test]
fn an_answer_from_elsewhere_says_so() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at FOSDEM 2020?", &["fosdem-2020"], "Istio");
    let answered = heading(&mut talk, "what was said about Linkerd?");
    assert!(matches!(answered, Some(AnswerHeading::Elsewhere(scope)) if scope.events.len() == 1));
    let mut talk = Talk::new();
    talk.check("how was FOSDEM 2020?", &["fosdem-2020"], ANY);
    let missing = AnswerHeading::NoSuchEvent("FOSDEM Barcelona".into());
    assert_eq!(heading(&mut talk, "and the one in Barcelona?"), Some(missing));
}

#[test]
fn the_second_of_two_questions_is_named() {
    let second = heading(&mut Talk::new(), "how was KubeCon EU 2019? and what were the waffles like?");
    assert_eq!(second, Some(AnswerHeading::OneOfTwo("and what were the waffles like?".into())));
    let answer = Talk::new().answer("how was KubeCon in Barcalona? and what of FOSDEM in Brusels?");
    assert!(
        matches!(&answer.heading, Some(AnswerHeading::OneOfTwo(second)) if second.ends_with("Brussels?"))
    );
    let read: Vec<&str> = answer.verified.respelled.iter().map(|it| it.read.as_str()).collect();
    assert_eq!(read, ["Barcelona"]);
}

#[test]
fn a_correction_changes_what_it_names() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("I mean what was said at the San Diego one", &["kubecon-na-2019"], "felt slow");
    talk.check("no, KubeCon EU, not 2018", &["kubecon-eu-2019"], "three banks");
    talk.check("Linkerd I mean", &[], "Linkerd");
}

#[test]
fn a_conversation_goes_back_to_a_topic_in_its_scope() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("what about security in Barcelona?", &["kubecon-eu-2019"], "security audit");
    talk.check("go back to Istio", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("what was said about Istio in both?", &["kubecon-eu-2018", "kubecon-eu-2019"], "Istio");
    talk.check("ok and San Diego, same year?", &["kubecon-na-2019"], "felt slow");
    // "Still" asks for all years.
    talk.check("is Istio still slow?", &[], ANY);
}

#[test]
fn a_person_is_replaced_by_another_and_left_by_complaints() {
    let mut talk = Talk::new();
    talk.check("what did Ada Lovelace say about Istio?", &[], "talk of Copenhagen");
    talk.check("and grace hopper?", &[], ANY);
    assert_eq!(talk.turn.clone().map(|turn| turn.scope.authors), Some(vec!["Grace Hopper".to_owned()]));
    talk.reply("any complaints about the venue?");
    assert_eq!(talk.turn.map(|turn| turn.scope.authors), Some(Vec::new()));
}

#[test]
fn the_events_of_the_conferences_talked_about_are_listed() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    let listed = talk.answer("which years do you have?");
    assert_eq!(listed.verified.answer.scope().events.len(), 3);
    talk.check("and in 2019?", &["kubecon-eu-2019"], "three banks");
}

#[test]
fn a_question_on_another_event_drops_the_topic() {
    for message in [
        "and KubeCon EU 2019, was it worth it?",
        "und KubeCon EU 2019, lohnt sich das?",
        "et la KubeCon EU 2019, ça vaut le coup ?",
    ] {
        let mut talk = Talk::new();
        talk.check("what was said about waffles at FOSDEM 2020?", &["fosdem-2020"], "waffles");
        talk.check(message, &["kubecon-eu-2019"], ANY);
        assert_eq!(talk.turn.and_then(|turn| turn.topic().map(str::to_owned)), None, "{message}");
    }
}

#[test]
fn an_event_without_recaps_leaves_the_scope() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    let _ = talk.reply("and in 2012?");
    talk.check("and Linkerd?", &["kubecon-eu-2018"], "Linkerd");
}

#[test]
fn all_years_are_those_of_the_conference() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("in any year?", &["kubecon-eu-2018", "kubecon-eu-2019", "kubecon-na-2019"], ANY);
    talk.check("and in Europe in 2019?", &["kubecon-eu-2019"], "three banks");
}

#[test]
fn other_events_are_listed_and_the_conversation_goes_on() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("any other KubeCons?", &["kubecon-eu-2018", "kubecon-eu-2019", "kubecon-na-2019"], ANY);
    talk.check("and Linkerd?", &["kubecon-eu-2018"], "Linkerd");
}

#[test]
fn nothing_explains_a_refusal() {
    let mut talk = Talk::new();
    talk.check("how was KubeCon EU 2019?", &["kubecon-eu-2019"], ANY);
    talk.check("what about knitting?", &["kubecon-eu-2019"], "");
    assert!(matches!(talk.reply("why?"), Reply::Notice(Notice::NothingShown)));
}

#[test]
fn a_message_of_few_words_is_in_the_language_of_the_conversation() {
    for (first, message, language) in [
        ("Was wurde auf der KubeCon EU 2018 über Istio gesagt?", "und Linkerd?", Language::De),
        ("Qu'est-ce qui s'est dit sur Istio à la KubeCon EU 2018 ?", "et la KubeCon EU 2019 ?", Language::Fr),
        ("what was said about Istio at KubeCon EU 2018?", "and Linkerd?", Language::En),
    ] {
        let mut talk = Talk::new();
        talk.reply(first);
        talk.reply(message);
        assert_eq!(talk.turn.map(|turn| turn.language), Some(language), "{message}");
    }
}

#[test]
fn a_conference_without_a_filter_is_kept() {
    let mut talk = Talk::new();
    talk.check("takeaways on Istio at KubeCon", &[], ANY);
    talk.check("what about Linkerd", &[], "Linkerd");
    assert!(talk.turn.is_some_and(|turn| turn.broad_series.is_some()));
}

#[test]
fn the_name_of_an_event_alone_may_begin_anew() {
    for (message, words) in
        [("KubeCon EU 2018", "Istio"), ("and KubeCon EU 2018?", ""), ("at KubeCon EU 2018", "")]
    {
        let mut talk = Talk::new();
        talk.check("what was said about waffles at FOSDEM 2020?", &["fosdem-2020"], "waffles");
        talk.check(message, &["kubecon-eu-2018"], words);
    }
}

#[test]
fn a_place_without_recaps_is_no_edition() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    for message in ["and in Mexico in 2019?", "which events were there in Mexico in 2019?"] {
        talk.check(message, &[], "");
    }
    let listed = talk.answer("which events were there in 2019 and 2020?");
    let scope = listed.verified.answer.scope();
    assert_eq!((scope.events.len(), scope.years.map(|it| (it.first, it.last))), (0, Some((2019, 2020))));
}

#[test]
fn a_pronoun_may_mean_what_its_message_names() {
    let mut talk = Talk::new();
    talk.check("what did Grace Hopper say about Istio?", &[], "Istio");
    talk.check("the waffles, who liked her waffles?", &[], "waffles");
    assert_eq!(talk.turn.map(|turn| turn.scope.authors), Some(Vec::new()));
}

#[test]
fn an_excerpt_is_named_by_its_number_beside_a_question() {
    for (message, at) in [
        ("why is the second one important?", Some(Command::Context(1))),
        ("the first one - where can I watch it", Some(Command::Context(0))),
        ("c'est quoi le deuxième ?", Some(Command::Context(1))),
        ("why was the venue of the last one so huge?", Some(Command::ContextOfLast)),
        ("what did they eat at the first one?", None),
        ("why were the first keynotes so long?", None),
    ] {
        let mut talk = Talk::new();
        talk.check("takeaways on Istio", &[], ANY);
        let turn = talk.turn.expect("a turn");
        assert_eq!(find_item(message, &split_words(message), &turn), at, "{message}: {turn:?}");
    }
}

#[test]
fn a_person_is_meant_by_a_verb_alone_or_by_a_pronoun_that_hangs_on_it() {
    let posts = [(
        "kubecon-eu-2019",
        "Mary Keller",
        "Grace Hopper gave a keynote on Istio. Grace Hopper said that Linkerd is small. Grace Hopper pense que Linkerd est petit.",
    )];
    for (first, second, words) in [
        ("¿De qué habló Grace Hopper en KubeCon EU 2019?", "¿y qué dijo de Linkerd?", "Grace Hopper"),
        ("Do que falou Grace Hopper na KubeCon EU 2019?", "e o que disse sobre Linkerd?", "Grace Hopper"),
        ("De quoi a parlé Grace Hopper à KubeCon EU 2019 ?", "que pense-t-elle de Linkerd ?", "Grace Hopper"),
        (
            "what did Grace Hopper talk about at KubeCon EU 2019?",
            "and the mesh she likes, what is it?",
            "Grace Hopper",
        ),
        // Nobody is meant.
        ("¿De qué habló Grace Hopper en KubeCon EU 2019?", "¿qué se dijo de Linkerd?", ""),
        ("¿De qué habló Grace Hopper en KubeCon EU 2019?", "¿qué dijo la gente de Linkerd?", ""),
    ] {
        let mut talk = talk_about(&posts);
        talk.check(first, &["kubecon-eu-2019"], ANY);
        let answer = talk.answer(second);
        let people = &answer.verified.answer.scope().people;
        assert_eq!(people.concat(), words, "{second}: {:?}", answer.turn);
    }
}
