//! `takeaways ask` and the global options.

use std::os::unix::fs::PermissionsExt;

use crate::harness::{Cli, TempCorpus};

#[test]
fn an_answer_shows_the_quote_and_where_it_is_from() {
    let corpus = TempCorpus::small();
    let run = Cli::with_corpus(&corpus)
        .arg("ask")
        .arg("what about service meshes?")
        .run()
        .code(0)
        .without_warning();
    let run = run.says("│ Service meshes are still young, most teams run one in a single cluster.\n");
    let run = run.says("  Notes on meshes — Ada Example, 5 December 2019").says("https://example.com/mesh");
    assert!(!run.out.contains('\u{1b}'), "no colours without a terminal: {}", run.out);
}

#[test]
fn a_question_may_be_typed_without_quotation_marks() {
    let corpus = TempCorpus::small();
    Cli::with_corpus(&corpus).args("ask what about service meshes").run().code(0).says("Service meshes are");
}

#[test]
fn nothing_found_is_said_and_is_exit_code_1() {
    let corpus = TempCorpus::small();
    let run = Cli::with_corpus(&corpus).arg("ask").arg("who cooked the spaghetti carbonara?").run().code(1);
    run.says("I found nothing in the recaps that answers this: who cooked the spaghetti\ncarbonara?\n");
}

#[test]
fn wrong_use_is_exit_code_2_and_says_what_to_do() {
    let corpus = TempCorpus::small();
    for (arguments, said) in [
        (vec!["ask"], "required arguments were not provided"),
        (vec!["ask", "  "], "ask a question, for example `takeaways ask"),
        (vec!["ask", "mesh", "--limit", "4"], "write a number from 1 to 3"),
        (vec!["ask", "mesh", "--year", "last"], "write a year from 1900 to 2100"),
        (vec!["ask", "mesh", "--year", "2018", "--year", "2020"], "--year 2018-2020"),
        (vec!["ask", "mesh", "--now", "soon"], "write a day like 2020-01-31"),
        (vec!["ask", "mesh", "--batch", "x"], "cannot be used with"),
        (vec!["ask", "--batch", "none.jsonl"], "the questions in none.jsonl can't be read"),
        (vec!["ask", "--batch", "."], "is a folder; name a file with one question per line"),
        (vec!["ask", "--batch", "-", "--format", "plain"], "leave out --format"),
        (vec!["--corpus", "none", "ask", "mesh"], "none can't be read"),
        (vec!["-v", "-q", "ask", "mesh"], "cannot be used with"),
        (vec!["ask", "mesh", "--year", "2020-2018"], "write the earlier year first: 2018-2020"),
        (vec!["ask", "mesh year:2020-2018"], "write the earlier year first: 2018-2020"),
        (
            vec!["ask", "-docker", "engine"],
            "error: -docker looks like an option; write `--` before the question",
        ),
        (vec!["digest", "preview", "--by-date", "yesterday"], "write a day like 2020-01-31"),
        (
            vec!["digest", "preview", "--by-date", "2020-01-31", "--until", "2020-02-30"],
            "write a day like 2020-01-31",
        ),
        (vec!["asc"], "a similar subcommand exists: 'ask'"),
        (vec!["mesh"], "To ask a question: takeaways ask"),
        (vec!["corpus", "what about meshes?"], "unrecognized subcommand"),
        (vec![], "Usage:"),
    ] {
        let cli = arguments.iter().fold(Cli::with_corpus(&corpus), |cli, argument| cli.arg(argument));
        let run = cli.run().code(2).warns(said);
        assert_eq!(run.out, "", "{arguments:?}");
    }
    let long = "x".repeat(6_001);
    Cli::with_corpus(&corpus)
        .arg("ask")
        .arg(&long)
        .run()
        .code(2)
        .warns("6001 characters; write at most 6000");
}

#[test]
fn a_file_is_no_corpus_folder() {
    let corpus = TempCorpus::small();
    let file = corpus.path().join("2019/mesh.md");
    let cli = Cli::new().arg("--corpus").arg(file.to_str().expect("UTF-8"));
    cli.args("ask mesh").run().code(2).warns("is not a folder; name a folder with posts");
}

#[test]
fn corpora_may_be_several_before_and_after_the_command() {
    let (one, other) =
        (TempCorpus::small(), TempCorpus::new().file("x.md", "# X\n\nUnikernels were hardly there.\n"));
    let other = other.path().to_str().expect("UTF-8").to_owned();
    for cli in [
        Cli::with_corpus(&one).arg("--corpus").arg(&other).args("ask hardly unikernels"),
        Cli::with_corpus(&one).args("ask hardly unikernels").arg("--corpus").arg(&other),
    ] {
        cli.run().code(0).says("Unikernels were hardly there.");
    }
    let both = Cli::with_corpus(&one).args("corpus list").arg("--corpus").arg(&other).run().code(0);
    both.says("2019/mesh").says("x");
}

#[test]
fn a_scope_narrows_the_answer() {
    let corpus = TempCorpus::small();
    let ask = |more: &str| Cli::with_corpus(&corpus).arg("ask").arg("deploy with GitOps requests").args(more);
    ask("--year 2020").run().code(0).says("2020:");
    ask("--year 2019").run().code(1).says("Searched in 2019.");
    ask("--author Grace").run().code(0).says("Grace Example");
    ask("--author Ada").run().code(1);
    ask("author:nobody").run().code(1).says("There is no recap by nobody.\n");
    ask("--author Nobody event:otterconf year:1999 ").run().code(1).says(
        "There is no recap by Nobody.\nThere is no recap about otterconf.\nThere is no recap from 1999.\n",
    );
    ask("before 2018").run().code(1).says("Searched in 2017 and before.");
}

#[test]
fn a_scope_has_the_names_of_events_that_no_table_lists() {
    let post = "---\ntitle: Two days\ndate: 2022-06-01\nevent: [KubeCon EU 2022, Otterconf 2022]\n---\n\nOtters were there.\n";
    let corpus = TempCorpus::small().file("otters.md", post);
    let ask = |question: &str| {
        Cli::with_corpus(&corpus).arg("ask").arg(question).args("--event otterconf-2022").run()
    };
    ask("where were the otters?").code(0).says("Otterconf 2022:");
    ask("spaghetti carbonara").code(1).says("Searched in Otterconf 2022.");
}

#[test]
fn json_for_one_question_is_the_batch_line_without_an_id() {
    let corpus = TempCorpus::small();
    let run = Cli::with_corpus(&corpus).args("ask service meshes --format json --limit 1").run().code(0);
    let [line] = run.json_lines().try_into().expect("one line");
    assert!(line["id"].is_null() && line["answered"] == true, "{line}");
    let keys: Vec<&String> = line.as_object().expect("an object").keys().collect();
    let expected = [
        "answered",
        "confidence",
        "elapsed_us",
        "excerpts",
        "groups",
        "id",
        "nearest",
        "newest",
        "question",
        "scope",
        "series",
        "shape",
        "try_instead",
        "verdict",
    ];
    assert_eq!(keys, expected);
    let excerpt = &line["excerpts"][0];
    let text = Cli::with_corpus(&corpus)
        .args("corpus text")
        .arg(excerpt["post"].as_str().expect("a name"))
        .run()
        .code(0)
        .out;
    let at = |end: usize| usize::try_from(excerpt["span"][end].as_u64().expect("a number")).expect("a place");
    assert_eq!(text.get(at(0)..at(1)), excerpt["quote"].as_str());
}

#[test]
fn a_batch_answers_line_by_line_in_order() {
    let corpus = TempCorpus::small();
    let questions = "\u{feff}{\"id\":\"q1\",\"q\":\"service meshes\",\"now\":\"2020-01-01\"}\r\n\r\n\
                     {\"id\":\"q2\",\"q\":\"spaghetti carbonara\"}\r\n";
    let run =
        Cli::with_corpus(&corpus).args("ask --batch -").input(questions).run().code(0).without_warning();
    let answers = run.json_lines();
    assert_eq!((&answers[0]["id"], &answers[0]["answered"]), (&"q1".into(), &true.into()));
    assert_eq!((&answers[1]["id"], &answers[1]["answered"]), (&"q2".into(), &false.into()));
    assert_eq!(answers.len(), 2);

    let cli =
        Cli::with_corpus(&corpus).args("ask --batch questions.jsonl").file("questions.jsonl", questions);
    assert_eq!(cli.run().code(0).json_lines().len(), 2);
}

#[test]
fn a_batch_goes_on_after_a_broken_line_and_ends_with_1() {
    let corpus = TempCorpus::small();
    let mut questions = b"{\"id\":\"q1\"}\n{\"id\":\xff}\n".to_vec();
    questions.extend(vec![b'x'; 3 << 20]);
    questions.extend(b"\n{\"id\":\"q4\",\"q\":\"service meshes\"}");
    let run = Cli::with_corpus(&corpus).args("ask --batch -").input(questions).run().code(1);
    let lines = run.json_lines();
    assert_eq!(lines[0], serde_json::json!({"id": "q1", "error": "\"q\" is missing"}));
    assert_eq!(lines[1], serde_json::json!({"id": null, "error": "the line is not UTF-8"}));
    assert_eq!(lines[2], serde_json::json!({"id": null, "error": "the line is longer than 256 KiB"}));
    assert_eq!((&lines[3]["id"], lines.len()), (&"q4".into(), 4));
}

#[test]
fn a_batch_without_line_ends_ends() {
    let corpus = TempCorpus::small();
    let run = Cli::with_corpus(&corpus).args("ask --batch /dev/zero").run().code(2);
    assert_eq!(run.out, "{\"id\":null,\"error\":\"the line is longer than 256 KiB\"}\n");
    run.warns("the rest of the questions can't be read: a line is longer than 64 MiB");
}

#[test]
fn what_is_kept_is_only_for_its_owner() {
    let corpus = TempCorpus::small();
    let cli = Cli::with_corpus(&corpus).args("--state-dir new/state ask meshes");
    cli.run().code(0);
    let mut seen = 0;
    for entry in walkdir::WalkDir::new(cli.working_dir().join("new")) {
        let entry = entry.expect("readable for its owner");
        let mode = entry.metadata().expect("its owner").permissions().mode() & 0o777;
        let expected = if entry.file_type().is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}", entry.path().display());
        seen += 1;
    }
    assert!(seen > 5, "{seen}");
    let cli = Cli::new().args("man pages");
    cli.run().code(0);
    let page = std::fs::metadata(cli.working_dir().join("pages/takeaways.1")).expect("a page");
    assert_eq!(page.permissions().mode() & 0o044, 0o044, "a manual is for everybody");
}

#[test]
fn an_empty_batch_is_read_wholly() {
    let corpus = TempCorpus::small();
    assert_eq!(Cli::with_corpus(&corpus).args("ask --batch -").run().code(0).out, "");
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let corpus = TempCorpus::small();
    for command in [
        "ask service meshes",
        "ask service meshes --format json",
        "corpus list",
        "corpus text 2019/mesh",
        "check",
        "completions bash",
        "--help",
    ] {
        let (code, err) = Cli::with_corpus(&corpus).args(command).run_without_reader();
        assert_eq!((code, err.as_str()), (0, ""), "{command}");
    }
}

#[test]
fn help_teaches_by_example() {
    for command in ["", "ask", "chat", "corpus", "check"] {
        let help = Cli::new().args(format!("{command} --help").trim()).run().code(0).without_warning();
        let (_, examples) =
            help.out.split_once("Examples:\n").unwrap_or_else(|| panic!("{command}: {}", help.out));
        assert!(examples.lines().filter(|line| line.contains("takeaways ")).count() >= 3, "{examples}");
    }
    Cli::new().arg("--version").run().code(0).says(env!("CARGO_PKG_VERSION"));
}

#[test]
fn each_command_has_a_manual_page() {
    let cli = Cli::new().args("man new/man1");
    assert_eq!(cli.run().code(0).without_warning().out, "");
    let folder = cli.working_dir().join("new/man1");
    let mut pages: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|page| page.expect("a page").file_name().into_string().expect("UTF-8"))
        .collect();
    pages.sort();
    let expected = ["takeaways-ask.1", "takeaways-chat.1", "takeaways-check.1", "takeaways-compare.1"];
    assert_eq!(pages[..4], expected);
    for page in ["takeaways.1", "takeaways-corpus-check.1", "takeaways-digest-preview.1", "takeaways-state.1"]
    {
        assert!(pages.iter().any(|found| found == page), "{page}: {pages:?}");
    }
    assert!(!pages.iter().any(|page| page.contains("help")), "{pages:?}");
    insta::assert_snapshot!(std::fs::read_to_string(folder.join("takeaways-check.1")).expect("a page"));
    Cli::new()
        .args("man file/man1")
        .file("file", "")
        .run()
        .code(2)
        .warns("manual pages can't be written to file/man1");
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        Cli::new().args("completions").arg(shell).run().code(0).without_warning().says("takeaways");
    }
}

#[test]
fn the_log_is_quiet_by_default_and_holds_questions_with_debug_only() {
    let corpus = TempCorpus::small();
    let ask =
        |more: &str| Cli::with_corpus(&corpus).arg("ask").arg("service meshes").args(more).run().code(0);
    assert_eq!(ask("--limit 1").err, "");
    assert!(ask("-v").err.contains("the index is open"));
    assert!(!ask("-v").err.contains("service meshes"));
    assert!(ask("-vv").err.contains("\"service meshes\""));
    let json = Cli::with_corpus(&corpus)
        .args("ask service meshes -v")
        .env("TAKEAWAYS__LOG__FORMAT", "json")
        .run()
        .code(0);
    let first = json.err.lines().next().expect("a line");
    serde_json::from_str::<serde_json::Value>(first).expect("JSON");
}

#[test]
fn an_empty_corpus_is_said() {
    let corpus = TempCorpus::new();
    Cli::with_corpus(&corpus).args("ask service meshes").run().code(1).warns("the corpus has no posts");
    Cli::with_corpus(&corpus).args("-q ask service meshes").run().code(1).without_warning();
}

#[test]
fn links_are_hyperlinks_where_the_terminal_has_them_and_footnotes_elsewhere() {
    let post = "---\ntitle: Slides\nurl: https://blog.example/2019/slides\n---\n\nThe otters showed [their slides](../talks).\n";
    let corpus = TempCorpus::new().file("slides.md", post);
    let ask = || Cli::with_corpus(&corpus).args("ask otters showed slides");
    let piped = ask().run().code(0);
    piped
        .says("│ The otters showed their slides[1].\n  [1] https://blog.example/talks\n")
        .says("https://blog.example/2019/slides\n");
    let linked = ask().env("FORCE_HYPERLINK", "1").env("CLICOLOR_FORCE", "1").run().code(0).out;
    assert!(linked.contains("\u{1b}]8;;https://blog.example/talks\u{1b}\\"), "{linked:?}");
    assert!(linked.contains("\u{1b}]8;;https://blog.example/2019/slides\u{1b}\\Slides"), "{linked:?}");
    let without = ask().env("FORCE_HYPERLINK", "1").env("NO_COLOR", "1").run().code(0).out;
    assert!(!without.contains('\u{1b}'), "{without:?}");
}

#[test]
fn colours_can_be_forced_and_refused() {
    let corpus = TempCorpus::small();
    let ask = || Cli::with_corpus(&corpus).args("ask service meshes");
    assert!(ask().env("CLICOLOR_FORCE", "1").run().code(0).out.contains("\u{1b}[1m"));
    assert!(!ask().env("NO_COLOR", "1").run().code(0).out.contains('\u{1b}'));
    let flag = |when: &str| ask().arg("--color").arg(when);
    assert!(flag("always").env("NO_COLOR", "1").run().code(0).out.contains("\u{1b}[1m"));
    assert!(!flag("never").env("CLICOLOR_FORCE", "1").run().code(0).out.contains('\u{1b}'));
    assert!(flag("auto").env("CLICOLOR_FORCE", "1").run().code(0).out.contains('\u{1b}'));
    let log = |when: &str| flag(when).arg("-v").run().code(0).err.contains('\u{1b}');
    assert!(log("always") && !log("never"));
}

#[test]
fn a_question_needs_no_command() {
    let corpus = TempCorpus::small();
    for question in ["what about service meshes", "meshes?"] {
        let cli = Cli::with_corpus(&corpus).arg(question).args("--limit 1");
        cli.run().code(0).without_warning().says("Service meshes are");
    }
    Cli::new().arg("what about meshes").args("--no-such-option").run().code(2).warns("unexpected argument");
}

#[test]
fn each_check_says_which_check_is_for_what() {
    for command in ["check", "doctor", "corpus check", "state check"] {
        let help = Cli::new().args(command).arg("--help").run().code(0);
        for other in ["check", "doctor", "corpus check", "state check"] {
            assert!(help.out.contains(&format!("\n  {other}  ")), "{command}: {}", help.out);
        }
    }
}

/// The bot also refuses such an answer: see `bot::failures`.
#[test]
fn a_quote_that_differs_from_its_post_is_not_shown() {
    const QUOTE: &str = "most teams run one in a single cluster";
    let corpus = TempCorpus::small();
    for format in ["plain", "json", "discord"] {
        let ask = Cli::with_corpus(&corpus).args("ask mesh --format").arg(format);
        ask.run().code(0).says(QUOTE);
        let refused = ask.env("TAKEAWAYS_FAULTS", "quote=differs").run().code(2).does_not_say(QUOTE);
        assert!(refused.out.is_empty(), "{}", refused.out);
        refused.warns("differs from its post; ask again with --verify").warns("differs from its post");
    }
    let batch = Cli::with_corpus(&corpus).args("ask --batch -").input("{\"id\":1,\"q\":\"mesh\"}\n");
    batch.run().code(0).says(QUOTE);
    batch
        .env("TAKEAWAYS_FAULTS", "quote=differs")
        .run()
        .code(1)
        .does_not_say(QUOTE)
        .says("differs from its post");
}
