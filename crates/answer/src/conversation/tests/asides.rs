//! Tests of messages that ask beside an answer: who spoke, what changed, why not, in one sentence.

use super::follow_ups::talk_about;
use super::*;
use takeaways_text::model::{Answer, Shape};

fn shown(answer: &TurnAnswer) -> Vec<&str> {
    answer.verified.answer.excerpts().iter().map(|excerpt| excerpt.quote.text.as_str()).collect()
}

fn shape(answer: &TurnAnswer) -> Option<Shape> {
    match &answer.verified.answer {
        Answer::Overview(overview) => Some(overview.shape),
        _ => None,
    }
}

#[test]
fn a_follow_up_on_attendance_finds_what_the_whole_question_finds() {
    let mut talk = talk_about(&[
        ("kubecon-na-2018", "Ada Lovelace", "Over 8,000 people attended KubeCon in Seattle."),
        (
            "kubecon-na-2017",
            "Mary Keller",
            "There were over 4,100 people at the KubeCon.\n\n## Exams\n\nThe exam has over 600 people already registered.",
        ),
    ]);
    talk.check("How many people attended KubeCon NA 2018?", &["kubecon-na-2018"], "8,000");
    talk.check("and the year before?", &["kubecon-na-2017"], "4,100");
}

#[test]
fn who_gave_a_talk_is_not_who_wrote_of_it() {
    let text = "## Otters in production – Jane Doe, Acme\n\nOtters swim in circles, and twenty otters sank.";
    let mut talk = talk_about(&[("fosdem-2020", "Mary Keller", text)]);
    talk.check("how many otters sank?", &[], "twenty otters");
    let answer = talk.answer("who was the speaker?");
    assert_eq!(answer.heading, Some(AnswerHeading::Speakers(vec!["Jane Doe".into()])));
    assert_eq!(answer.turn.person.as_deref(), Some("Jane Doe"));
    let mut talk =
        talk_about(&[("fosdem-2020", "Mary Keller", "Otters swim in circles, and twenty otters sank.")]);
    talk.check("how many otters sank?", &[], "twenty otters");
    assert_eq!(talk.reply("who gave the talk?"), Reply::Notice(Notice::NoSpeaker));
}

#[test]
fn who_is_only_named_is_no_speaker() {
    for text in [
        "On Wednesday, twenty otters sank.",
        "In February and March, twenty otters sank.",
        "Am Montag sanken die Boote, and twenty otters sank.",
        "Bella Center was cold, and twenty otters sank.",
        "As the book Otters by Jane Doe says, twenty otters sank.",
        "Jane Doe said that twenty otters sank.",
    ] {
        let mut talk = talk_about(&[("fosdem-2020", "Mary Keller", text)]);
        talk.check("how many otters sank?", &[], "twenty otters");
        assert_eq!(talk.reply("who was the speaker?"), Reply::Notice(Notice::NoSpeaker), "{text}");
    }
    let text = "Jane Doe from Acme gave a talk on how twenty otters sank.";
    let mut talk = talk_about(&[("fosdem-2020", "Mary Keller", text)]);
    talk.check("how many otters sank?", &[], "twenty otters");
    let answer = talk.answer("who was the speaker?");
    assert_eq!(answer.heading, Some(AnswerHeading::Speakers(vec!["Jane Doe".into()])));
}

#[test]
fn an_opened_excerpt_is_asked_about_alone() {
    let post = |name: &str| {
        format!("## Otters in production – {name}\n\nOtters were liked by {name}. The pond was cold then.")
    };
    let texts = ["Jane Doe", "Ann Lee", "Peter Smith"].map(post);
    let events = ["fosdem-2020", "kubecon-eu-2018", "kubecon-na-2018"];
    let posts: Vec<_> =
        events.iter().zip(&texts).map(|(event, text)| (*event, "Mary Keller", text.as_str())).collect();
    for message in ["who was the speaker?", "in one sentence"] {
        let mut talk = talk_about(&posts);
        let all = talk.answer("what do people think of otters?");
        let second = &all.verified.answer.excerpts()[1].citation.post;
        talk.answer("the second one");
        let answer = talk.answer(message);
        let [only] = answer.verified.answer.excerpts() else { panic!("{message}: {answer:?}") };
        assert_eq!(&only.citation.post, second, "{message}");
        // Numbers are still those of the whole answer.
        let third = &all.verified.answer.excerpts()[2].citation.post;
        assert_eq!(&talk.answer("the third one").verified.answer.excerpts()[0].citation.post, third);
    }
}

#[test]
fn a_list_has_no_other_side() {
    let mut talk = Talk::new();
    talk.answer("list all events");
    assert!(!matches!(talk.reply("why not?"), Reply::Answer(it) if shape(&it) == Some(Shape::Opinions)));
}

#[test]
fn a_part_of_a_word_is_no_earlier_time() {
    let mut talk = talk_about(&[
        ("kubecon-eu-2018", "Ada Lovelace", "Containers were liked. They ran for hours."),
        ("kubecon-eu-2019", "Mary Keller", "AI was liked. AI ran for hours."),
    ]);
    talk.check("what did people say about containers at KubeCon EU 2018?", &["kubecon-eu-2018"], ANY);
    talk.check("what did people say about AI at KubeCon EU 2019?", &["kubecon-eu-2019"], ANY);
    assert_ne!(shape(&talk.answer("what changed?")), Some(Shape::Comparison));
}

#[test]
fn why_not_asks_against_what_views_are_for() {
    for message in ["why not?", "warum nicht?", "pourquoi pas ?", "¿por qué no?", "por que não?"] {
        let mut talk = Talk::new();
        talk.check("what do people think of Istio?", &[], ANY);
        let answer = talk.answer(message);
        assert_eq!(shape(&answer), Some(Shape::Opinions), "{message}");
        assert!(shown(&answer)[0].contains("felt slow"), "{message}: {:?}", shown(&answer));
    }
}

#[test]
fn why_not_asks_for_the_reason_of_a_single_answer() {
    let text = "The lights went out after nine minutes.\n\n## Later\n\nA cable had come loose in the cellar.";
    let mut talk = talk_about(&[("fosdem-2020", "Mary Keller", text)]);
    talk.check("when did the lights go out?", &[], "nine minutes");
    talk.check("why not?", &[], "cable had come loose");
}

#[test]
fn what_changed_compares_the_times_talked_about() {
    for message in [
        "what changed?",
        "was hat sich geändert?",
        "qu'est-ce qui a changé ?",
        "¿qué cambió?",
        "o que mudou?",
    ] {
        let mut talk = Talk::new();
        talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], ANY);
        talk.check("and in San Diego?", &["kubecon-na-2019"], ANY);
        let answer = talk.answer(message);
        assert_eq!(shape(&answer), Some(Shape::Comparison), "{message}");
        let quotes = shown(&answer).join(" ");
        assert!(quotes.contains("Copenhagen") && quotes.contains("felt slow"), "{message}: {quotes}");
        // It goes on where it was.
        talk.check("how did it feel?", &["kubecon-na-2019"], "felt slow");
    }
}

#[test]
fn what_changed_of_one_event_goes_on_where_it_was() {
    let mut talk = Talk::new();
    talk.answer("takeaways from KubeCon NA 2019");
    let events = |talk: &Talk| talk.turn.as_ref().map(|turn| turn.scope.events.clone());
    let before = events(&talk);
    let answer = talk.answer("what changed?");
    assert_eq!(shape(&answer), Some(Shape::Comparison));
    assert_eq!(events(&talk), before);
}

#[test]
fn a_trend_is_not_of_one_year() {
    let mut talk = Talk::new();
    talk.check("what did people say about Istio in 2018?", &[], ANY);
    let answer = talk.answer("is it getting more popular?");
    assert_eq!((shape(&answer), answer.verified.answer.scope().years), (Some(Shape::Trend), None));
    assert_eq!(talk.turn.as_ref().and_then(|turn| turn.scope.years), Some(Years::single(2018)));
    // Excerpts of the trend are of all years, too.
    let answer = talk.answer("shorter");
    assert_eq!(answer.verified.answer.scope().years, None);
    assert_eq!(answer.turn.scope_of_shown().years, None);
    assert_eq!(answer.turn.scope.years, Some(Years::single(2018)));
    let answer = talk.answer("compare it with 2019");
    assert_eq!(shape(&answer), Some(Shape::Comparison));
}

#[test]
fn one_sentence_is_one() {
    let text = "Otters swim in circles. Twenty otters sank because the lake was cold. The others were happy.";
    let mut talk = talk_about(&[("fosdem-2020", "Mary Keller", text)]);
    talk.check("how many otters sank?", &[], "Twenty otters");
    let answer = talk.answer("in one sentence");
    let [only] = shown(&answer)[..] else { panic!("{:?}", shown(&answer)) };
    assert_eq!(only.matches('.').count(), 1, "{only}");
}

#[test]
fn there_is_nothing_more_of_a_refusal() {
    let mut talk = Talk::new();
    talk.check("what about knitting at FOSDEM 2020?", &["fosdem-2020"], "");
    for message in ["more", "shorter", "plus court", "in one sentence"] {
        assert_eq!(talk.reply(message), Reply::Notice(Notice::NothingShown), "{message}");
    }
}

#[test]
fn what_others_said_there_is_not_from_elsewhere() {
    let mut talk = Talk::new();
    talk.check("what did Ada Lovelace say about Istio?", &[], "talk of Copenhagen");
    let answer = talk.answer("and in San Diego?");
    assert!(matches!(answer.heading, Some(AnswerHeading::ByOthers(_))), "{:?}", answer.heading);
    // Nobody has named the author.
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], ANY);
    talk.check("what did she say about Linkerd?", &["kubecon-eu-2018"], "Linkerd");
    let answer = talk.answer("and in San Diego?");
    assert_eq!(answer.heading, None);
}

#[test]
fn a_group_stays_until_others_are_asked() {
    let post = |event: &str, text: &str| format!("---\ntitle: Recap\nevent: {event}\n---\n\n{text}\n");
    let files = [
        (
            "2018-kubecon-eu-otterware.md",
            post("kubecon-eu-2018", "Our engineers liked Istio. Chaos was fun for us."),
        ),
        ("2019-kubecon-eu-otterware.md", post("kubecon-eu-2019", "We found Istio forgotten.")),
        (
            "2018-kubecon-eu-jane.md",
            post(
                "kubecon-eu-2018",
                "Chaos was everywhere, and Istio was slow.\n\nLinkerd was fast, and people liked Linkerd.",
            ),
        ),
    ];
    let mut talk = Talk { handle: handle_of(engine_over(&files)), turn: None };
    talk.check("What do the Otterware engineers think of Istio?", &[], ANY);
    let subject = |talk: &Talk| talk.turn.as_ref().and_then(|turn| turn.subject.clone());
    assert_eq!(subject(&talk).as_deref(), Some("Istio"));
    let answer = talk.answer("and of chaos?");
    let posts = answer.verified.answer.excerpts().iter().map(|it| it.citation.post.0.as_str());
    assert_eq!(posts.collect::<Vec<_>>(), ["2018-kubecon-eu-otterware"], "{answer:?}");
    // Nobody says anything on it, and the group stays.
    let answer = talk.answer("and of knitting?");
    assert!(answer.verified.answer.excerpts().is_empty(), "{answer:?}");
    assert!(answer.turn.origin.is_some(), "{answer:?}");
    // Only others say something on it.
    let answer = talk.answer("and of Linkerd?");
    let Some(AnswerHeading::ByOthers(scope)) = &answer.heading else { panic!("{answer:?}") };
    assert!(scope.authors.iter().any(|name| name.contains("Otterware")), "{scope:?}");
    assert_eq!(answer.turn.origin, None);
}

#[test]
fn sources_cite_the_event_of_the_excerpt_and_its_number() {
    let text = |name: &str| format!("{name} said that otters swim in circles, and otters were liked.");
    let mut talk = talk_about(&[
        ("fosdem-2020", "Ada Lovelace", &text("Ada")),
        ("kubecon-eu-2018", "Mary Keller", &text("Mary")),
        ("kubecon-na-2018", "Grace Hopper", &text("Grace")),
        ("kubecon-eu-2019", "Linus Berg", &text("Linus")),
    ]);
    let answer = talk.answer("what do people think of otters?");
    let cited = answer.verified.answer.excerpts().iter().map(|it| it.citation.event.clone());
    let cited: Vec<_> = (1..).zip(cited).collect();
    let Reply::Recaps(list) = talk.reply("who said that?") else { panic!("no list") };
    let listed = list.recaps.iter().map(|it| (it.excerpts[0], it.citation.event.clone()));
    assert_eq!(listed.collect::<Vec<_>>(), cited);
}
