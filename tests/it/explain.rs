//! `takeaways ask --explain`: the explanation of an answer.

use std::fs;
use std::sync::Arc;

use insta::assert_snapshot;
use regex::Regex;
use serde_json::{Value, json};
use takeaways_answer::{Decision, Engine, Request, Strictness};
use takeaways_corpus::source::EMBEDDED_NOTES;
use takeaways_text::model::Answer;

use crate::harness::{Cli, root};
use crate::memory_corpus::MemoryCorpus;

const QUESTION: &str = "how many people came to San Diego?";

#[test]
fn the_page_says_what_was_understood_looked_for_weighed_and_how_sure_it_is() {
    let run =
        Cli::with_notes().args("ask --now 2026-11-20 --limit 1 --explain=2").arg(QUESTION).run().code(0);
    // The numbers change with every fit of the weights.
    let number = Regex::new(r"\d\.\d\d").expect("a pattern");
    let corpus = Regex::new(r" --corpus \S+").expect("a pattern");
    let page = run.without_warning().out;
    assert_snapshot!(number.replace_all(&corpus.replace_all(&page, ""), "#.##"), @"
    KubeCon NA 2019, San Diego:

        12,000 people attended KubeCon San Diego in November 2019, a great turnout
        that filled the city's Convention Center. Three themes struck the author
        most: security, network and community.
      Notes on 'KubeCon San Diego Recap' — 23 November 2019 — KubeCon NA 2019, San
      Diego — KubeCon San Diego: 12,000 attendees and three themes
      takeaways corpus text kubecon-na-2019-san-diego.md --line 3

    Understood as
      answer type: how many
      searched in: KubeCon NA 2019, San Diego

    Search terms with their importance; × is the weight of another word
      (implied by the question) #.##: San, Diego
      (implied by the question) #.##: attendees, participants, visitors,
        attendance, crowd, people, ppl, folks, gophers, rustaceans, pythonistas,
        badges, besucher, besuchern, teilnehmer, teilnehmern, teilnehmende, leute,
        menschen, personnes, visiteurs, asistentes, participantes, personas,
        pessoas, partecipanti, persone, bezoekers, deelnemers, mensen, 参加者, 参会,
        참가자, attended, attend, attending, joined, gathered, welcomed, came,
        teilgenommen, besucht, besuchten, kamen, gekommen, rassemblant, rassemblé,
        réuni, réunissant, accueilli, participé, assisté, venus, venues, inscrits,
        asistieron, asistió, reunió, reunieron, acudieron, participaron, reuniu,
        reuniram, compareceram, participaram, partecipato, kwamen, gekomen, bezocht

    Best candidates with their scores; value × weight = contribution to the score
      1#.##  shown first
        kubecon-na-2019-san-diego.md, bytes 54 to 240
        │ 12,000 people attended KubeCon San Diego in November 2019, a great turnout
        │ that filled the city's Convention Center. Three themes struck the author
        │ most: security, network and community.
        coverage        #.## ×  #.## = +#.##  passage         #.## ×  #.## = +#.##
        direct          #.## ×  #.## = +#.##  counts          #.## ×  #.## = +#.##
        exact           #.## ×  #.## = +#.##  in_post         #.## ×  #.## = +#.##
        post            #.## ×  #.## = +#.##  nearness        #.## ×  #.## = +#.##
        early           #.## ×  #.## = +#.##  rarest          #.## ×  #.## = +#.##
        length          #.## ×  #.## = +#.##

      1#.##  left out: overlaps the first excerpt
        kubecon-na-2019-san-diego.md, bytes 54 to 240
        coverage        #.## ×  #.## = +#.##  passage         #.## ×  #.## = +#.##
        direct          #.## ×  #.## = +#.##  counts          #.## ×  #.## = +#.##
        exact           #.## ×  #.## = +#.##  in_post         #.## ×  #.## = +#.##
        post            #.## ×  #.## = +#.##  nearness        #.## ×  #.## = +#.##
        early           #.## ×  #.## = +#.##  rarest          #.## ×  #.## = +#.##
        others                       = +#.##

    Confidence #.##: answered, the threshold is #.##
        bias                         = -#.##
        said            #.## ×  #.## = +#.##  whole           #.## ×  #.## = +#.##
        sum                          = +#.##
      1 / (1 + e^-sum) = #.##

    What the names mean; it is the candidate
      counts: a number is asked for, and one is beside a word of the question
      coverage: share of the question that it and its context (title, section,
        sentences around) cover
      direct: share of the question that its own words cover
      early: how near it is to the beginning of its post
      exact: share of the question that it has in the same words
      in_post: share of the question that the passages of its post cover together
      length: how long it is
      nearness: how near each other the words of the question are in it
      passage: how well its passage was found, compared with the best
      post: how well the best passage of its post was found, compared with the
        best
      rarest: how much it covers the most important search term
      said: how many search terms it and its context cover
      whole: it and its context cover the whole question
    ");
}

#[test]
fn a_refusal_is_explained_too() {
    let run = Cli::with_notes()
        .args("ask --now 2026-11-20 --explain=1")
        .arg("who won the football world cup?")
        .run();
    let run = run.code(1).without_warning().says(", in no recap: soccer ×0.50");
    let run = run.says("  would be shown first, but the confidence is too low\n");
    run.says("\nConfidence 0.00: refused, the threshold is ").does_not_say("taken:");
}

#[test]
fn a_line_of_json_holds_the_sums() {
    let ask = |more: &str| {
        Cli::with_notes().args("ask --now 2026-11-20 --format json").args(more).arg(QUESTION).run().json()
    };
    let (bare, explained) = (ask("--limit 3"), ask("--explain"));
    assert!(bare.get("explanation").is_none(), "only where it is asked for");
    assert_eq!(bare["excerpts"], explained["excerpts"]);
    let why = &explained["explanation"];
    let sum = |of: &Value, name: &str| -> f64 {
        let parts = of[name].as_array().expect("a list").iter();
        parts.map(|part| part["contribution"].as_f64().expect("a number")).sum()
    };
    for window in why["candidates"].as_array().expect("a list") {
        let score = window["score"].as_f64().expect("a number");
        assert!((sum(window, "features") - score).abs() < 0.01, "{window:#}");
    }
    let confidence = &why["confidence"];
    let number = |name: &str| confidence[name].as_f64().expect("a number");
    assert!((number("bias") + sum(confidence, "signals") - number("sum")).abs() < 0.01, "{confidence:#}");
    assert!((1.0 / (1.0 + (-number("sum")).exp()) - number("value")).abs() < 0.01, "{confidence:#}");
    assert_eq!(confidence["value"], explained["confidence"]);
}

#[test]
fn a_batch_explains_each_line() {
    let lines = [json!({"id": 1, "q": QUESTION}), json!({"id": 2, "q": "the of"})];
    let input = lines.map(|line| line.to_string()).join("\n");
    let answers = Cli::with_notes().args("ask --explain=1 --batch -").input(input).run().code(0).json_lines();
    let windows = |at: usize| answers[at]["explanation"]["candidates"].as_array().map(Vec::len);
    // The shown excerpts are in the list too.
    assert_eq!((windows(0), windows(1)), (answers[0]["excerpts"].as_array().map(Vec::len), Some(0)));
}

#[test]
fn a_message_of_the_bot_is_not_explained() {
    let run = Cli::with_notes().args("ask --explain --format discord").arg(QUESTION).run().code(2);
    run.warns("leave out --explain or --format discord");
}

/// For every question about choices, over the notes: the explained selection equals the shown one.
#[test]
fn what_is_said_to_be_shown_is_what_is_shown() {
    let files = EMBEDDED_NOTES.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    let (index, _) = MemoryCorpus::new(files.collect()).index(None, 1);
    let engine = Engine::new(Arc::new(index), Strictness::default());
    let mut shown = 0;
    for file in ["choosing", "community"] {
        let text =
            fs::read_to_string(root().join(format!("tests/questions/{file}.jsonl"))).expect("questions");
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).expect("JSON");
            let question = line["q"].as_str().expect("a question").parse().expect("one that can be asked");
            let request = Request::new(question, 3, takeaways_testing::now());
            let answer = engine.answer(&request).expect("an answer");
            if matches!(answer, Answer::Overview(_)) {
                continue;
            }
            let why = engine.explain(&request, 0).expect("an explanation");
            assert!((why.confidence - answer.confidence()).abs() < f32::EPSILON, "{line}");
            if !why.is_answered() {
                assert!(answer.excerpts().is_empty(), "{line}");
                continue;
            }
            assert!(
                why.candidates.iter().all(|window| matches!(window.decision, Decision::Shown(_))),
                "{line}"
            );
            let said: Vec<_> =
                why.candidates.iter().map(|window| (&window.post, window.span, &*window.quote)).collect();
            let excerpts = answer.excerpts().iter();
            let excerpts: Vec<_> =
                excerpts.map(|it| (&it.citation.post, it.quote.span, &*it.quote.text)).collect();
            assert_eq!(said, excerpts, "{line}");
            shown += said.len();
        }
    }
    assert!(shown > 50, "{shown}");
}
