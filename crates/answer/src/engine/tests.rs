use super::*;
use crate::samples::{engine_over, request};
use takeaways_text::model::Language;

/// An engine over recaps, each an event and a text.
fn engine_of(recaps: &[(&str, &str)]) -> Engine {
    let file = |(event, text): &(&str, &str)| {
        (format!("{event}.md"), format!("---\ntitle: Recap\nevent: {event}\n---\n\n{text}\n"))
    };
    engine_over(&recaps.iter().map(file).collect::<Vec<_>>())
}

/// The words of the first excerpt; empty for a refusal.
fn first(engine: &Engine, question: &str) -> String {
    let answer = engine.answer(&request(question)).expect("an answer");
    answer.excerpts().first().map(|excerpt| excerpt.quote.text.clone()).unwrap_or_default()
}

#[test]
fn where_no_recap_has_points_takeaways_are_what_the_event_was_like() {
    let engine = engine_of(&[("KubeCon EU 2018", "We attended a great conference.")]);
    for question in ["what was KubeCon EU 2018 about?", "¿de qué trató la KubeCon EU 2018?"] {
        assert!(first(&engine, question).starts_with("We attended"), "{question}");
    }
}

#[test]
fn a_speaker_is_named_once_for_all_notes_of_a_talk() {
    let text = "---\ntitle: Day 3\nevent: KubeCon EU 2019\n---\n\n## Tracing\n\nDaniela Miao of LightStep spoke.\n\n\
                The latency problems of a service come from contention, since requests wait for one lock.\n\n\
                ## Storage\n\nThe latency problems of a disk come from its firmware, said the second speaker.\n";
    let engine = engine_over(&[("a.md", text)]);
    let question = "According to Daniela Miao, where do the latency problems come from?";
    assert!(first(&engine, question).contains("contention"), "{}", first(&engine, question));
    assert_eq!(first(&engine, "According to Jessie Frazelle, where do the latency problems come from?"), "");
}

#[test]
fn people_limit_the_passages_and_do_not_rank_them() {
    let text = "---\ntitle: Interview\nevent: KubeCon EU 2019\n---\n\nNoah Abrahams of the summit is a lead at two \
                companies.\n\n**Fred Moon (FM)**: How many summits were you at?\n\n**Noah Abrahams (NA)**: All but two, \
                since I missed Berlin.\n\n**Fred Moon (FM)**: Thank you.\n\n**Noah Abrahams (NA)**: It was a pleasure.\n";
    let engine = engine_over(&[("a.md", text)]);
    let found = first(&engine, "which two summits did Noah Abrahams miss?");
    assert!(found.contains("Berlin"), "{found}");
}

#[test]
fn a_given_name_means_the_only_one_who_has_an_answer() {
    let post = |author: &str, text: &str| format!("---\ntitle: Notes\nauthor: {author}\n---\n\n{text}\n");
    let stone = post("Robin Stone", "Rotating the certificates by hand broke our ingress twice.");
    let wood = post("Robin Wood", "The food was good, and the queue was long.");
    let engine = engine_over(&[("a.md", &stone), ("b.md", &wood)]);
    assert!(first(&engine, "what did Robin say about rotating certificates?").contains("ingress"));
    assert_eq!(first(&engine, "what did Robin say about databases?"), "");
}

#[test]
fn the_largest_of_several_events_is_counted_first() {
    let engine = engine_of(&[
        (
            "kubecon-eu-2019",
            "The sponsors were glad. There were more than 7,000 attendees in the halls, they said.",
        ),
        (
            "Kubernetes Contributor Summit EU 2019",
            "Of all the people who came early, 331 attendees were counted at the small summit.",
        ),
    ]);
    let answer = engine.answer(&request("how many people came to Barcelona?")).expect("an answer");
    let quotes: Vec<&str> = answer.excerpts().iter().map(|excerpt| excerpt.quote.text.as_str()).collect();
    assert_eq!(answer.scope().events.len(), 2);
    assert!(quotes[0].contains("7,000") && quotes[1].contains("331"), "{quotes:?}");
}

#[test]
fn the_people_at_a_panel_are_not_those_of_the_event() {
    let engine = engine_of(&[(
        "kubecon-eu-2019",
        "351 people came to KubeCon EU 2019 on its last day for the panel, as the tool tells.\n\n\
         ## Halls\n\nThey were large, and over 7,000 attendees came to see them in these days.",
    )]);
    let first = first(&engine, "how many people came to KubeCon EU 2019?");
    assert!(first.contains("7,000"), "{first}");
}

#[test]
fn advice_for_the_next_event_is_no_date_of_it() {
    let engine = engine_of(&[(
        "kubecon-na-2018",
        "Stay in a hotel near the venue, because the buses to hotels that are far away are slow.",
    )]);
    let answer = engine.answer(&request("where should I stay at the next KubeCon?")).expect("an answer");
    assert!(answer.is_answered(), "{answer:?}");
}

#[test]
fn when_the_next_event_is_no_recap_tells() {
    let engine =
        engine_of(&[("kubecon-na-2018", "The next KubeCon will be in Barcelona in May, they said.")]);
    for question in [
        "when is the next KubeCon?",
        "Wann ist die nächste KubeCon?",
        "où se tiendra la prochaine KubeCon ?",
        "¿Cuándo es la próxima KubeCon?",
        "quando é a próxima KubeCon?",
        "quando è la prossima KubeCon?",
        "Quando si terrà la prossima KubeCon?",
        "wanneer is de volgende KubeCon?",
        "次のKubeConはいつですか?",
        "下一届KubeCon是什么时候?",
        "다음 KubeCon은 언제인가요?",
    ] {
        let answer = engine.answer(&request(question)).expect("an answer");
        let Answer::NothingFound { unanswerable, listed, .. } = &answer else {
            panic!("{question}: {answer:?}")
        };
        assert!(*unanswerable == Some(Unanswerable::Future) || !listed.is_empty(), "{question}: {answer:?}");
    }
}

#[test]
fn where_a_past_event_was_to_be_is_told() {
    let engine = engine_of(&[
        ("KubeCon EU 2018", "The next KubeCon is in Barcelona in May, they said in the end."),
        ("KubeCon EU 2019", "We met in Barcelona in May for KubeCon, and it was warm."),
    ]);
    for question in [
        "where will KubeCon EU 2019 be?",
        "Onde vai ser a KubeCon EU 2019?",
        "où aura lieu la KubeCon EU 2019 ?",
    ] {
        let answer = engine.answer(&request(question)).expect("an answer");
        let is_told = match &answer {
            Answer::NothingFound { unanswerable, listed, .. } => unanswerable.is_none() && !listed.is_empty(),
            _ => true,
        };
        assert!(is_told, "{question}: {answer:?}");
    }
}

#[test]
fn when_and_where_an_event_was_is_known_without_a_recap() {
    let recaps = [("KubeCon EU 2018", "We met in May in Copenhagen, and KubeCon Japan 2025 is on 16 June.")];
    let engine = engine_of(&recaps);
    for (question, listed, has_excerpt) in [
        ("when was KubeCon EU 2018?", "KubeCon EU 2018", true),
        ("wo war die KubeCon EU 2019?", "KubeCon EU 2019", false),
        ("what are the exact dates of KubeCon EU 2019", "KubeCon EU 2019", false),
        ("where was the food at KubeCon EU 2018?", "", false),
    ] {
        let answer = engine.answer(&request(question)).expect("an answer");
        let names: Vec<&str> = answer.listed().iter().map(|event| event.name.as_str()).collect();
        assert_eq!(names.join(" "), listed, "{question}");
        assert_eq!(!answer.excerpts().is_empty(), has_excerpt, "{question}");
    }
}

#[test]
fn what_comes_after_an_event_may_be_what_is_written_of_it() {
    let recaps = [
        (
            "KubeCon EU 2018",
            "Our team evaluates Argo as the tool for deployments. The shop was written anew in Go by the team.",
        ),
        (
            "KubeCon NA 2018",
            "The team of another shop evaluates Flux as the tool for deployments of the shop, which took a year.",
        ),
        ("KubeCon EU 2019", "The party had fine food, and each team had a tool for deployments."),
    ];
    let engine = engine_of(&recaps);
    let question = "which tool for deployments did the team evaluate after KubeCon EU 2018?";
    assert!(first(&engine, question).contains("Argo"));
    assert!(first(&engine, "was there fine food at the party after KubeCon EU 2018?").contains("fine food"));
}

#[test]
fn a_post_of_another_year_may_tell_what_happened_in_a_year() {
    let recaps = [
        ("KubeCon EU 2019", "Many teams moved to Kubernetes, and then moved on to Harbor."),
        ("KubeCon EU 2023", "Veepee moved to Kubernetes in 2019, because ticket sales broke its shop."),
    ];
    let engine = engine_of(&recaps);
    assert!(first(&engine, "why did Veepee move to Kubernetes in 2019?").contains("ticket sales"));
    assert!(first(&engine, "who moved on to Harbor in 2019?").contains("Many teams"));
}

#[test]
fn a_time_told_from_today_that_no_recap_is_from_is_no_topic() {
    let engine =
        engine_of(&[("KubeCon EU 2019", "Exactly a month ago, service meshes were discussed last month.")]);
    let answer = engine.answer(&request("service meshes last month?")).expect("an answer");
    let Answer::NothingFound { missing, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(missing, [Missing::Years("last month".into())]);
    let answer = engine.answer(&request("which meshes were discussed in May?")).expect("an answer");
    let Answer::NothingFound { missing, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(missing, [Missing::Years("May".into())]);
    assert!(first(&engine, "service meshes at KubeCon in May").contains("service meshes"));
}

#[test]
fn a_name_that_owns_another_is_a_name_of_its_own() {
    let text = "---\ntitle: Recap\nevent: KubeCon EU 2019\n---\n\nA team of Buoyant, which has its office far from here, \
                showed us Kubert, and it is built on kube-rs.\n";
    let engine = engine_over(&[("a.md", text)]);
    assert!(first(&engine, "what is Buoyant's Kubert?").contains("kube-rs"));
}

#[test]
fn only_views_answer_who_asks_for_a_side_of_an_event() {
    let text = "---\ntitle: Recap\nevent: KubeCon EU 2019\n---\n\nWhat do people dislike? Company walls and company cars.\n\n\
                The part about people and the things that people hate in a KubeCon talk was told by a clown.\n";
    let engine = engine_over(&[("a.md", text)]);
    assert_eq!(first(&engine, "what did people dislike at KubeCon EU 2019?"), "");
}

#[test]
fn words_of_somebody_on_a_thing_are_on_it() {
    let recaps = [
        (
            "KubeCon EU 2018",
            "## A Hackers Guide - Rory Stone, Example\n\nAttackers find the weakest point, and that is the kubelet more often than not.",
        ),
        ("KubeCon EU 2019", "Rory Stone was a clear speaker, and what Rory Stone said was loved by all."),
    ];
    let engine = engine_of(&recaps);
    assert!(first(&engine, "what did Rory Stone say about attackers?").contains("weakest point"));
    assert_eq!(first(&engine, "what did Rory Stone say about pulseaudio?"), "");
    let engine = engine_of(&[(
        "KubeCon EU 2018",
        "The opening keynote by Rory Stone was about attackers. Pulseaudio is loud.",
    )]);
    assert!(first(&engine, "what did Rory Stone say about attackers in the keynote?").contains("opening"));
    assert_eq!(first(&engine, "what did Rory Stone say about loudspeakers in the keynote?"), "");
}

#[test]
fn what_lacks_the_name_that_is_asked_for_is_no_answer() {
    let recaps = [
        (
            "KubeCon EU 2018",
            "Google announced a lot of news, and all of the news from Google was on the big screen.",
        ),
        ("KubeCon EU 2019", "Knative is a platform."),
    ];
    let engine = engine_of(&recaps);
    assert!(first(&engine, "did Google announce news at KubeCon EU 2018?").contains("screen"));
    assert_eq!(first(&engine, "did Google announce any news on Knative at KubeCon EU 2018?"), "");
}

#[test]
fn a_list_that_one_post_mentions_is_a_fact() {
    let tour =
        "The tour of the harbour was sponsored by three companies:\n\n- Kargo\n- Loft\n- Spectro Cloud\n";
    let recaps =
        [("KubeCon EU 2018", tour), ("KubeCon EU 2019", "Companies were hiring, and the harbour was far.")];
    let engine = engine_of(&recaps);
    let answer = engine.answer(&request("which companies sponsored the tour of the harbour?"));
    assert!(matches!(answer.expect("an answer"), Answer::Cited { .. }));
    assert!(first(&engine, "which companies sponsored the tour of the harbour?").contains("Loft"));
}

#[test]
fn within_an_event_what_lacks_a_name_may_be_near() {
    let text = "---\ntitle: Recap\nevent: KubeCon EU 2019\n---\n\nThe hotel lights failed in the evening.\n";
    let engine = engine_over(&[("a.md", text)]);
    for (question, expected) in [
        ("which sourdough did Zanzibarix bake when the hotel lights failed at KubeCon EU 2019?", true),
        ("what did Zanzibarix sing about sourdough at KubeCon EU 2019?", false),
    ] {
        let answer = engine.answer(&request(question)).expect("an answer");
        let Answer::NothingFound { nearest, missing, .. } = answer else { panic!("{question}: {answer:?}") };
        assert_eq!((nearest.is_some(), missing.len()), (expected, 1), "{question}");
    }
}

#[test]
fn a_question_of_unknown_words_names_them() {
    let engine = engine_of(&[("KubeCon EU 2019", "The hotel lights failed in the evening.")]);
    let answer = engine.answer(&request("asdfgh qwerty")).expect("an answer");
    let Answer::NothingFound { missing, .. } = answer else { panic!("{answer:?}") };
    let words: Vec<&str> = missing.iter().map(Missing::words).collect();
    assert_eq!(words, ["asdfgh", "qwerty"]);
}

#[test]
fn nothing_beside_a_name_answers_a_private_question() {
    let engine = engine_of(&[("KubeCon EU 2019", "Rory Stone lives for the salary of maintainers.")]);
    let answer = engine.answer(&request("what is Rory Stone's salary?")).expect("an answer");
    let Answer::NothingFound { nearest, unanswerable, .. } = answer else { panic!("{answer:?}") };
    assert_eq!((nearest, unanswerable), (None, Some(Unanswerable::Personal)));
}

#[test]
fn what_recaps_mostly_can_not_answer_needs_more_than_likely_words() {
    let engine = engine_of(&[
        (
            "KubeCon EU 2019",
            "I had bought a ticket for the metro. Linkerd will be simpler, they said. A good talk is a big thing.",
        ),
        (
            "KubeCon NA 2018",
            "It was the best conference ever. Kubernetes was five years old. The ticket was expensive.",
        ),
    ]);
    for (question, reason) in [
        ("how much is a ticket for KubeCon", Unanswerable::Price),
        ("kubecon ticket price", Unanswerable::Price),
        ("quel est le prix d'un billet pour KubeCon ?", Unanswerable::Price),
        ("best conference ever", Unanswerable::Best),
        ("who was the best speaker ever", Unanswerable::Best),
        ("what will be the next big thing", Unanswerable::Future),
        ("will Kubernetes be dead in five years", Unanswerable::Future),
        ("wird Kubernetes in fünf Jahren tot sein", Unanswerable::Future),
        ("Kubernetes sera-t-il mort dans cinq ans ?", Unanswerable::Future),
        ("¿estará muerto Kubernetes en cinco años?", Unanswerable::Future),
        ("o Kubernetes vai morrer em cinco anos?", Unanswerable::Future),
    ] {
        let answer = engine.answer(&request(question)).expect("an answer");
        let Answer::NothingFound { unanswerable, nearest, .. } = answer else {
            panic!("{question}: {answer:?}")
        };
        assert_eq!((unanswerable, nearest), (Some(reason), None), "{question}");
    }
    let priced = engine_of(&[("KubeCon EU 2019", "The ticket cost 900 dollars, and the hotel was near.")]);
    for question in ["what did the ticket cost", "how much was a ticket for KubeCon EU 2019?"] {
        let answer = priced.answer(&request(question)).expect("an answer");
        assert!(
            answer.excerpts().iter().any(|excerpt| excerpt.quote.text.contains("900")),
            "{question}: {answer:?}"
        );
    }
}

#[test]
fn a_task_for_an_assistant_is_no_question_for_recaps() {
    let engine = engine_of(&[
        ("KubeCon EU 2019", "I booked a flight home and wrote a poem. Ada told a joke on the stage."),
        ("KubeCon NA 2018", "It was cold. The Python demo broke, and nobody could help."),
    ]);
    for question in [
        "write me a poem",
        "tell me a joke",
        "book me a flight",
        "fix my python code",
        "schreib mir ein Gedicht über Container",
        "traduis ce texte en anglais",
    ] {
        let answer = engine.answer(&request(question)).expect("an answer");
        let Answer::NothingFound { unanswerable, nearest, .. } = answer else {
            panic!("{question}: {answer:?}")
        };
        assert!(unanswerable.is_some() && nearest.is_none(), "{question}: {unanswerable:?} {nearest:?}");
    }
    let told = engine.answer(&request("who told a joke at KubeCon EU 2019?")).expect("an answer");
    assert!(!told.excerpts().is_empty(), "{told:?}");
}

#[test]
fn what_an_abbreviation_stands_for_is_told_by_words_that_spell_it() {
    let engine = engine_of(&[
        ("KubeCon EU 2018", "Everyone talked about SMI in the halls, and SMI was on each of the slides."),
        ("KubeCon EU 2019", "They announced the Service Mesh Interface, so that each mesh has the same API."),
        (
            "FOSDEM 2020",
            "LFX was shown in a room on the second floor. The KIND (Kubernetes IN Docker) team gave a talk.",
        ),
    ]);
    for (question, expected) in [
        ("what does SMI stand for?", "Service Mesh Interface"),
        ("wofür steht SMI?", "Service Mesh Interface"),
        ("what's KIND short for?", "Kubernetes IN Docker"),
        ("what does LFX stand for?", ""),
    ] {
        let found = first(&engine, question);
        assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{question}: {found}");
    }
}

#[test]
fn who_gave_a_talk_stands_above_what_is_told_of_it() {
    let text = "---\ntitle: Notes by Jane Smith\nevent: KubeCon NA 2019\n---\n\n# Notes by Jane Smith\n\n## Lunch\n\nThe \
                lasagna was cold, and the queue for it went through the hall.\n\n# Matchmaking in the cloud\n\n*Speaker: Robert Bailey, \
                Google*\n\n- a framework for matchmaking that runs in the cloud\n\n# “Less noise” by Ann Lee\n\n## Pagers\n\n\
                The pagers made a lot of noise at night, and each alert went to all of the team.\n";
    let engine = engine_over(&[("a.md", text)]);
    for (question, expected) in [
        ("who talked about matchmaking in the cloud?", "Speaker: Robert Bailey, Google"),
        ("who spoke of the noise of pagers?", "“Less noise” by Ann Lee"),
        ("who complained of the cold lasagna?", ""),
    ] {
        let answer = engine.answer(&request(question)).expect("an answer");
        let lead_in = answer.excerpts().first().and_then(|excerpt| excerpt.lead_in.clone());
        assert_eq!(lead_in.map(|it| it.text).unwrap_or_default(), expected, "{question}");
    }
}

#[test]
fn what_the_heading_or_the_author_tells_need_not_stand_in_the_sentence() {
    let text = "---\ntitle: Day 1\nauthor: Ann Lee\nevent: KubeCon EU 2019\n---\n\n## Cloud at Jimdo\n\nTools in use: Vault and \
                CoreOS.\n\n## Storage\n\nThe disks were slow, and the tools were old.\n";
    let engine = engine_over(&[("a.md", text)]);
    assert!(first(&engine, "which tools does Jimdo use?").contains("Vault"));
    assert_eq!(first(&engine, "which bread does Jimdo bake?"), "");
}

#[test]
fn what_a_recap_tells_of_all_times_answers_a_question_for_what_will_be() {
    let engine = engine_of(&[
        ("kubecon-eu-2019", "New tools will never fix a broken culture, said one of the speakers."),
        ("kubecon-na-2019", "The winner of the award was a small project, and everybody clapped."),
    ]);
    assert!(first(&engine, "which tools will not fix a broken culture?").contains("never"));
    assert_eq!(first(&engine, "who will win the award at KubeCon 2027?"), "");
    assert_eq!(first(&engine, "which project will win the next award?"), "");
}

#[test]
fn a_name_tells_no_language() {
    let engine = engine_of(&[("kubecon-eu-2019", "Oluwaseun Bello spoke of games.")]);
    let language = |text: &str, subject: Option<Subject>| {
        let request = Request { subject, ..request(text) };
        engine.plan(&request, NameRole::Subject).expect("a plan").language
    };
    let card = |subject| Some(Subject::Card(subject));
    assert_eq!(language("Oluwaseun Bello", card(CardSubject::Person)), Language::En);
    assert_eq!(language("zucchine", card(CardSubject::Thing)), Language::En);
    assert_eq!(language("Sicherheit in der Cloud", card(CardSubject::Thing)), Language::De);
}
