//! `takeaways chat` without a terminal.

use crate::harness::{Cli, TempCorpus};

#[test]
fn lines_are_questions_until_the_end_or_quit() {
    let corpus = TempCorpus::small();
    let input = ":help\n\nservice meshes\n:nonsense\nspaghetti carbonara\n:quit\ndeploy with GitOps\n";
    let run = Cli::with_corpus(&corpus).arg("chat").input(input).run().code(0).without_warning();
    run.says("Type a question")
        .says("Service meshes are still young")
        .says("Unknown command")
        .says("I found nothing in the recaps that answers this: spaghetti carbonara")
        .does_not_say("Pull requests");
}

#[test]
fn commands_of_other_programs_are_no_questions() {
    let corpus = TempCorpus::small();
    for help in ["help", "/help", "Help", "?"] {
        let run = Cli::with_corpus(&corpus).arg("chat").input(help).run().code(0);
        run.says("Type a question").does_not_say("I found nothing in the recaps");
    }
    for quit in ["quit", "exit", "/quit", "/exit", "QUIT"] {
        let run =
            Cli::with_corpus(&corpus).arg("chat").input(format!("{quit}\nservice meshes\n")).run().code(0);
        assert_eq!(run.out, "", "{quit}");
    }
    let run = Cli::with_corpus(&corpus).arg("chat").input("help with meshes\n").run().code(0);
    run.does_not_say("Type a question");
}

#[test]
fn a_bad_line_does_not_end_the_talk() {
    let corpus = TempCorpus::small();
    let mut input = b"\xff\n".to_vec();
    input.extend(vec![b'x'; 6_001]);
    input.extend(b"\nservice meshes");
    let run = Cli::with_corpus(&corpus).arg("chat").input(input).run().code(0);
    run.says("The line is not UTF-8.").says("write at most 6000.").says("Service meshes are still young");
}

#[test]
fn more_goes_on_after_a_look_at_one_excerpt() {
    let corpus = super::overviews::corpus();
    let input = "what are the takeaways of KubeCon NA 2019?\n:context 2\n:more\n";
    let more = Cli::with_corpus(&corpus).arg("chat").input(input).run().code(0);
    more.does_not_say("That is all");
    let input = "what are the takeaways of KubeCon NA 2019?\n:next\n:recaps abc\n";
    let run = Cli::with_corpus(&corpus).arg("chat").input(input).run().code(0);
    run.says("Write :context and the number of an excerpt first").says("for example :recaps 26");
    let run = Cli::with_corpus(&corpus).arg("chat").input("latest posts\n:open 1\n").run().code(0);
    run.says("Recap 11").says("Ask a question first.");
}

#[test]
fn the_text_around_an_excerpt_goes_on_and_back() {
    let served = |what: &str| {
        let sentence = |hall: u32| format!("{what} was served in hall {hall}, and the line for it was long.");
        (1..40).map(sentence).collect::<Vec<_>>().join(" ")
    };
    let mesh = "The service mesh was what most people in Barcelona spoke of, and many found a service mesh hard to run.";
    let text =
        format!("{}\n\n## Service mesh\n\n{mesh}\n\n## Coffee\n\n{}\n", served("Tea"), served("Coffee"));
    let head = "---\ntitle: A\ndate: 2019-05-25\nevent: kubecon-eu-2019\n---\n\n";
    let corpus = TempCorpus::new().file("a.md", format!("{head}{text}"));
    let shown = |commands: &str| {
        let input = format!("what about service mesh?\n{commands}");
        Cli::with_corpus(&corpus).arg("chat").input(input).run().code(0).out
    };
    let coffee = |page: &str| page.matches("Coffee was").count();
    let (before, next) = (shown(":context 1\n"), shown(":context 1\n:next\n"));
    assert!(coffee(&next) > coffee(&before), "{next}");
    let back = shown(":context 1\n:next\n:previous\n");
    assert!(back.starts_with(next.trim_end()) && back.len() > next.len(), "{back}");
}

#[test]
fn small_talk_in_json_is_no_answer() {
    let corpus = TempCorpus::small();
    for text in ["thanks", "latest posts"] {
        let line = Cli::with_corpus(&corpus)
            .args("ask --format json")
            .arg(text)
            .run()
            .code(0)
            .json_lines()
            .remove(0);
        assert_eq!((&line["answered"], &line["question"]), (&false.into(), &text.into()), "{line}");
    }
}

#[test]
fn all_recaps_and_the_event_before_are_asked_for_by_command_and_in_words() {
    let corpus = super::overviews::corpus();
    let after = |question: &str, then: &str| {
        let input = format!("{question}\n{then}\n");
        Cli::with_corpus(&corpus).arg("chat").input(input).run().code(0)
    };
    let takeaways = "what are the takeaways of KubeCon NA 2019?";
    for words in [":recaps", "show me all the recaps", "zeig alle Berichte", "montre tous les articles"] {
        after(takeaways, words).says("6 of 6").says("Recap 11").does_not_say("Recap 10");
    }
    for words in [":compare", "compare it with the year before", "vergleiche mit der davor"] {
        after(takeaways, words).says("Only KubeCon NA 2019, San Diego: Linkerd");
    }
    after("what are the takeaways of KubeCon EU 2018?", ":compare").says("no earlier event or year");
    after("what do people think of Linkerd?", ":compare").says("no earlier event or year");
    after("what do people think of Linkerd?", ":recaps").says("6 of 6");
}

#[test]
fn an_excerpt_keeps_its_number_after_a_look_at_another() {
    let corpus = super::overviews::corpus();
    let opened = |before: &str| {
        let input = format!("what are the takeaways of KubeCon NA 2019?\n{before}:open 2\n");
        let run = Cli::with_corpus(&corpus).arg("chat").input(input).run().code(0);
        run.out.trim_end().lines().next_back().unwrap_or_default().to_owned()
    };
    let source = opened("");
    assert!(source.contains(".md"), "{source}");
    assert_eq!(opened(":context 1\n"), source);
}

#[test]
fn latest_shows_the_newest_posts_of_a_day() {
    let corpus = super::overviews::corpus();
    for (words, newest, other) in
        [("latest", "Recap 11", "Recap 1 "), ("latest --now 2019-12-05", "Recap 3", "Recap 11")]
    {
        Cli::with_corpus(&corpus).args(words).run().code(0).says(newest).does_not_say(other);
    }
    for corpus in
        [TempCorpus::new(), TempCorpus::new().file("a.md", "# Meshes\n\nService meshes are young.\n")]
    {
        Cli::with_corpus(&corpus)
            .arg("latest")
            .run()
            .code(1)
            .says("None of the recaps has a date up to today");
    }
    let undated = TempCorpus::small().file("undated.md", "# Meshes\n\nService meshes are very old.\n");
    let without = TempCorpus::small();
    let says = "1 recap has no date and can't be listed here: `takeaways corpus check`";
    Cli::with_corpus(&undated).arg("latest").run().code(0).says(says);
    Cli::with_corpus(&without).arg("latest").run().code(0).does_not_say("no date");
}

#[test]
fn what_is_new_since_a_day_is_the_newest_posts_from_it_on() {
    let corpus = TempCorpus::small().file(
        "young.md",
        "---\ntitle: Young\nauthor: Ada Example\ndate: 2026-06-02\n---\n\n\
         The biggest lesson for us was that service meshes need a team of their own in every company.\n",
    );
    let says = |arguments: &str, question: &str| {
        Cli::with_corpus(&corpus).args(arguments).arg("--now").arg("2026-11-23").input(question).run().code(0)
    };
    let since_june = says("chat", "what's new since June?\n");
    since_june.says("Young").says("need a team of their own").does_not_say("2019");
    says("ask what's new since last month?", "").says("None of the recaps is from 1 October 2026 or later");
    says("latest", "").says("Young").says("need a team of their own").says("2019");
}

#[test]
fn an_overview_of_a_conversation_is_whole_with_a_limit() {
    let corpus = super::overviews::corpus();
    let chat = |arguments: &str| {
        let input = "what are the takeaways of KubeCon NA 2019?\n";
        let run = Cli::with_corpus(&corpus).args(arguments).input(input).run().code(0);
        run.out.lines().filter(|line| line.contains(". │")).count()
    };
    assert_eq!((chat("chat") > 2, chat("chat --limit 2")), (true, chat("chat")));
}

#[test]
fn a_message_that_is_no_question_is_no_question_of_ask_either() {
    let corpus = TempCorpus::small();
    let ask = |words: &str| Cli::with_corpus(&corpus).arg("ask").arg(words).run().code(0);
    ask("thanks").says("You're welcome");
    ask("help").says("What I can answer");
    for format in ["plain", "json", "discord"] {
        Cli::with_corpus(&corpus).args("ask hello --format").arg(format).run().code(0);
    }
    let corpus = super::overviews::corpus();
    let message = Cli::with_corpus(&corpus).args("ask latest posts --format discord").run().code(0);
    message.says("The newest posts").says("Recap 11");
}
