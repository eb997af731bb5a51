use super::*;
use crate::{
    model::invariants,
    testing::{BlockRow, body_of},
};
use proptest::prelude::*;

#[test]
fn long_rows_of_tables_have_sentences() {
    let long = "14:00 | A talk | It began late. ".to_owned() + &"Then it went on. ".repeat(20);
    for (row, sentences) in [("14:00 | A talk | It began late. It ended.", 1), (long.trim_end(), 21)] {
        assert_eq!(block_sentences(BlockKind::TableRow, row, Language::En).len(), sentences, "{row}");
    }
}

/// The sentences of a text, with bars between them.
fn divided(text: &str, language: Language) -> String {
    sentence_ranges(text, language).into_iter().map(|range| &text[range]).collect::<Vec<_>>().join("|")
}

#[test]
fn english_sentences() {
    for text in [
        "One came.| Two left!| Three?",
        "It was great (really great).| We left.",
        "\"Wow!\"| She left.",
        "She said \"wow!\" and left.",
        "We met Dr. Smith and Mr. Jones, e.g. at St. Mary's, i.e. in town.| Then we left.",
        "Tools, etc. were shown.| Tools, talks, etc.| The rest was fun.",
        "Acme Inc. CEO Bob spoke.| He joined Acme Inc.| The next day was calm.",
        "J. R. Smith and U.S. Senator X. Y. Zed spoke.| He left the U.S.| We stayed.",
        "It starts at 10 a.m. on Monday.| It ends at 5 p.m.| We left.",
        "On Nov. 20 we flew.| In Dec. the snow came.",
        "With v1.16. the API changed.| Version 1.16 is out.| It costs $2.50.",
        "With v1.16.| Now more.",
        "See k8s.af for node.js and config.yaml.| See re:Invent.",
        "See https://example.com/a?b=c.| Then go.",
        "Well... maybe not… or so.| Yes...| No…| Good.",
        "About 120 (!!!) people came.| It was there too(?)| Let's see (!) Bob.",
        "It was there (?).| Enfin, \"really?\".| Yes.",
        "Talks, tools etc.| Later we left, etc. etc., as one does.",
        "Yahoo! is here.| Yahoo! Japan too.| We like Yahoo!| The end.",
        "What?!| No way!!| Yes.",
        "Fig. 3 shows No. 5 on p. 7.| The answer is no.| It is so.",
        "It is done.|The next one came.",
        "Use System.Collections.Generic and foo.Bar.Baz and done.Net today.",
        "Done!|There is more.",
        "Great!| 🎉 Next",
        "Great!🎉| Next one.",
        "1. First thing.| Second thing.",
        "a. first thing",
        "Q. 1 is about 2.| A. 1 is not.",
        "We saw it.| eBPF is everywhere.| iPhones too.",
        "We ran it. kubectl worked.",
        "i went there.| it was fun.| then, e.g. today, i left.",
        "In 2019.| 500 people came.",
        "So. . . it goes.",
        "... and so it went.| \"Quoted.\"| (Bracketed.)| Plain.",
        "Wait 20 ms.| Then retry.",
        "In Palo Alto, CA.| The sun shone.",
        "The talk by Kelsey et al. was fun.",
        "One.  |  Two.\r\n|Three.",
        "One.\u{a0}|Two.",
        "Nothing here",
        "!!!",
        "He said: “It works.”| She said: ‘No.’| They left.",
        "My second (and last!) Conf as a Heptio employee.| Then (why not?) Bob went home.",
        "We went in (what a queue!).| It ended (really!)| It did.",
        "A great event!)| More.",
        "What is a Pod?| A pod is one or more containers.",
    ] {
        check_division(text, Language::En);
    }
}

#[test]
fn sentences_of_other_languages() {
    for (text, language) in [
        ("Am 23. und 24. August war es, z.B. in Bonn, bzw. Köln.| Das war gut.", Language::De),
        ("Der 2. Tag, u. a. mit z. B. Helm, d. h. viel.| Es war der 3. Tag.| Wir gingen.", Language::De),
        ("Es kamen 120.| Danach usw.| Die Zeit lief.", Language::De),
        ("Il a dit « quoi ? »| Puis M. Dupont, p. ex. hier, est parti.", Language::Fr),
        ("Quoi ?| Rien !| Bon.", Language::Fr),
        ("El Sr. Pérez, p. ej. hoy, vive en EE. UU. desde 2010.| ¿Qué tal?| ¡Bien!| Sí.", Language::Es),
        ("A Sra. Silva falou.| O Dr. Souza também.", Language::Pt),
        ("Il sig. Rossi, ecc. e altri.| La fine.", Language::It),
        ("Dhr. Jansen, bijv. gisteren, enz.| Het was goed.", Language::Nl),
        ("一つ。|二つ！|三つ？|四", Language::Ja),
        ("「はい。」と言った。|「いいえ。」|次です。", Language::Ja),
        ("120（！！！）人が来た。|終わり。", Language::Ja),
        ("Kubernetes.|これは KubeCon です｡|次", Language::Ja),
        ("他说：“你好。”|我们走了！？|好。", Language::Zh),
        ("k8s.af 和 v1.16 都好。|完", Language::Zh),
        ("좋았습니다.| 다음에 또 갑니다.", Language::Ko),
        ("Было хорошо.| Потом мы ушли.", Language::Other),
        ("यह अच्छा था।| हम गए।", Language::Other),
    ] {
        check_division(text, language);
    }
}

#[test]
fn quotations_of_german_end_sentences() {
    for (text, language) in [
        ("„Das ist gut.“| Danach ging es weiter.", Language::De),
        ("Sie sagte: »Das ist gut!«| Danach ging es weiter.", Language::De),
        ("Sie sagte: ‚Das ist gut.‘| Danach ging es weiter.", Language::De),
        ("„Er rief: ‚Gut!‘“| Danach ging es weiter.", Language::De),
        ("„Kommst du?“, fragte sie.| Danach ging es weiter.", Language::De),
        ("„Das ist gut.“| „Ja, das ist es.“| Danach ging es weiter.", Language::De),
        ("It was late.| “Good,” she said.| Then…“Well,” said he.", Language::En),
        ("Il est parti.« Bon », dit-elle.", Language::Fr),
        ("他走了。|“好。”|她说。", Language::Zh),
    ] {
        check_division(text, language);
    }
}

#[test]
fn letters_at_the_end_of_words_are_no_abbreviations() {
    for (text, language) in [
        ("So geht's.| Danach kam der nächste.", Language::De),
        ("We zagen veel demo’s.| Daarna regende het.", Language::Nl),
        ("Non c'è.| Poi è piovuto.", Language::It),
        ("Le stand est là, allez-y.| Kubernetes est partout.", Language::Fr),
        ("Il y en a.| Le lendemain il a plu.", Language::Fr),
        ("Helm u. a.| Danach gingen wir.", Language::De),
        ("Es geht z. B. Montag, u. A. Ende Mai.", Language::De),
        ("C'est, c.-à-d. Kubernetes, et p. ex. Helm, d'A. Dupont.", Language::Fr),
    ] {
        check_division(text, language);
    }
}

#[test]
fn short_units_of_german_may_end_sentences() {
    for text in [
        "Der Vortrag dauerte 30 Min.| Danach gab es Fragen.",
        "Er dauerte 2 Std.| Die Pause 5 Sek.| Dann ging es in die Str.| Das war gut.",
        "Die max. Teilnehmerzahl war 20, die Dauer min. 30 Tage, im 19. Jh. Mode.",
    ] {
        check_division(text, Language::De);
    }
}

#[test]
fn numbers_with_wide_full_stops_are_whole() {
    for text in ["性能は１．５倍になった。|次。", "１．はじめに話す。|次。", "終わり．|次"]
    {
        check_division(text, Language::Ja);
    }
}

#[test]
fn numbers_of_notes_belong_to_the_sentence_before() {
    for text in [
        "First sentence.[1]| Second.[2][13]| Third!²| Fourth.",
        "“One sentence.”¹| Another.",
        "An array a.[1] is short.[sic] It is.",
    ] {
        check_division(text, Language::En);
    }
}

/// `text` with a bar at each end of a sentence; white space beside a bar is not part of any.
fn check_division(text: &str, language: Language) {
    let expected: Vec<&str> = text.split('|').map(str::trim).collect();
    assert_eq!(divided(&text.replace('|', ""), language), expected.join("|"), "{language:?}");
}

#[test]
fn questions_end_with_a_question_mark() {
    for (text, expected) in [
        ("Is it?", true),
        ("“Is it?”", true),
        ("„Wie geht's?“", true),
        ("»Wie geht's?«", true),
        ("Is it? 🎉", true),
        ("どうですか？", true),
        ("Big numbers, right?", false),
        ("C'est grand, non ?", false),
        ("Quelle foule, n’est-ce pas\u{202f}?", false),
        ("Who is right?", true),
        ("How hard can it be, right?", true),
        ("Brauchen wir das, oder nicht?", true),
        ("It is (?!).", false),
        ("It is.", false),
        ("", false),
    ] {
        assert_eq!(ends_with_question(text), expected, "{text}");
    }
}

#[test]
fn titles_and_names_have_capitals_and_no_full_stop() {
    for (text, expected) in [
        ("Anna Leeds, Acme", true),
        ("Meshes in Production – Ann Lee, Acme", true),
        ("Meshes in production at Acme", false),
        ("Ann Lee spoke.", false),
        ("Ann Lee:", false),
        ("Kubernetes", false),
        ("自動化を進める", false),
    ] {
        assert_eq!(is_title_like(text), expected, "{text}");
    }
}

#[test]
fn only_running_text_has_several_sentences() {
    for (kind, count) in [
        (BlockKind::Paragraph, 2),
        (BlockKind::ListItem, 2),
        (BlockKind::Quote, 2),
        (BlockKind::Heading(2), 1),
        (BlockKind::TableRow, 1),
        (BlockKind::Code, 1),
        (BlockKind::Caption, 1),
        (BlockKind::ImageAlt, 1),
    ] {
        let mut body = body_of(&[(kind, "One thing. Two things.", 0)]);
        fill_sentences(&mut body, Language::En);
        assert_eq!(body.sentences.len(), count, "{kind:?}");
    }
}

#[test]
fn endless_sentences_are_cut_between_clauses() {
    for (text, at) in [
        (format!("{}; {}", "word, ".repeat(120), "word ".repeat(120)), ";"),
        (format!("{}: {}", "word, ".repeat(120), "word ".repeat(120)), ":"),
        (format!("{} – {}", "word, ".repeat(120), "word ".repeat(120)), ""),
        ("word, ".repeat(300), ","),
        ("word ".repeat(300), "word"),
        ("語、".repeat(300), "、"),
    ] {
        let parts = sentence_ranges(&text, Language::En);
        assert!(parts.len() > 1, "{}", &text[..30]);
        for part in &parts {
            assert!(part.len() <= MAX_SENTENCE_BYTES, "{}", part.len());
        }
        assert!(text[parts[0].clone()].trim_end().ends_with(at), "{}", &text[parts[0].clone()]);
    }
    assert_eq!(sentence_ranges(&"x".repeat(5_000), Language::En).len(), 1);
    assert_eq!(sentence_ranges(&format!("{} a", "x".repeat(5_000)), Language::En).len(), 2);
}

#[test]
fn hostile_texts_take_linear_time() {
    for text in [
        "a.".repeat(1 << 20),
        "a. ".repeat(1 << 15),
        "! ".repeat(1 << 15),
        "x".repeat(1 << 21),
        ". (".repeat(1 << 15),
        "A.".repeat(1 << 15),
        "。".repeat(1 << 15),
        "漢".repeat(1 << 15),
        "the end.The".repeat(1 << 15),
        "a b ".repeat(1 << 15),
        " ".repeat(1 << 18),
        ". a".repeat(1 << 15),
        "?»".repeat(1 << 15),
        ".[".repeat(1 << 17),
        ".[1]“".repeat(1 << 15),
    ] {
        check(&[(BlockKind::Paragraph, &text, 0)], Language::Fr);
    }
}

fn check(blocks: &[BlockRow], language: Language) {
    let mut body = body_of(blocks);
    fill_sentences(&mut body, language);
    assert_eq!(invariants::sentence_violation(&body), None);
}

proptest! {
    #[test]
    fn sentences_leave_out_nothing_but_space(texts in any_blocks(), language in 0..11_usize) {
        let blocks: Vec<_> = texts.iter().map(|(kind, text)| (*kind, text.as_str(), 0)).collect();
        check(&blocks, Language::ALL.get(language).copied().unwrap_or(Language::Other));
    }
}

fn any_blocks() -> impl Strategy<Value = Vec<(BlockKind, String)>> {
    let kind = prop_oneof![Just(BlockKind::Paragraph), Just(BlockKind::Code), Just(BlockKind::ListItem)];
    let signs = "[.!?…。！？｡»«\"')( \r\n\u{a0}\u{3000}a-cA-C0-9éß漢か한😀\0-]{0,60}";
    let text = prop_oneof![
        any::<String>(),
        signs,
        "(Dr\\. |v1\\.1|e\\.g\\. |A\\. |the end\\.|The |[a-z]{300} ){0,9}"
    ];
    prop::collection::vec((kind, text), 0..4)
}
