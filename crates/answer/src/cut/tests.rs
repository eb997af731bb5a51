//! Tests of what is shown of a candidate.

use super::*;
use crate::samples::post;
use takeaways_text::model::Post;

/// The excerpt of the sentences that contain the words of `core`, with `[` and `]` around them if more is shown; then the
/// number of shown items and of all. `marked` are words of the question.
fn cut_of(markdown: &str, core: &[&str], marked: &[&str]) -> (String, Option<(u32, u32)>) {
    cut_for(markdown, core, marked, false)
}

fn cut_for(markdown: &str, core: &[&str], marked: &[&str], is_number: bool) -> (String, Option<(u32, u32)>) {
    let post = post("a", markdown);
    let at = |words: &str| {
        let is_it = |sentence: &Sentence| post.body.slice(sentence.span).contains(words);
        post.body.sentences.iter().position(is_it).expect(words)
    };
    let sentences = at(core[0])..at(core[core.len() - 1]) + 1;
    let mark = |words: &&str| {
        let start = post.body.text.find(words).expect("the words");
        Span::new(&post.body.text, start..start + words.len()).expect("a span")
    };
    let marks: Vec<Span> = marked.iter().map(mark).collect();
    let cut = cut(
        &post.body,
        &sentences,
        Marks { own: &marks, around: &MarksAround::default() },
        is_number,
        MAX_PROSE,
    )
    .expect("sentences");
    (shown(&post, &cut), cut.items.map(|items| (items.shown, items.all)))
}

fn shown(post: &Post, cut: &Cut) -> String {
    let text = &post.body.text;
    let Some(answer) = cut.answer else { return post.body.slice(cut.span).to_owned() };
    [
        &text[cut.span.start()..answer.start()],
        "[",
        post.body.slice(answer),
        "]",
        &text[answer.end()..cut.span.end()],
    ]
    .concat()
}

#[test]
fn prose_is_shown_to_the_ends_of_its_paragraph() {
    let long = |words: &str| format!("{} end.", words.repeat(150));
    for (markdown, core, expected) in [
        (
            "The mesh is young. It works. More is planned.",
            "It works",
            "The mesh is young. [It works.] More is planned.",
        ),
        ("The mesh is young.\n\n# Next\n\nAnother section.", "The mesh", "The mesh is young."),
        ("A mesh.\n\nMore of it follows here.", "A mesh", "A mesh."),
        ("The mesh is young. Please subscribe today!", "The mesh", "The mesh is young."),
        // It fits only with one neighbour.
        (
            &format!("Far {} The mesh is small. It works.", long("away ")),
            "The mesh",
            "[The mesh is small.] It works.",
        ),
    ] {
        assert_eq!(cut_of(markdown, &[core], &[]).0, expected, "{markdown}");
    }
}

#[test]
fn a_reader_can_begin_where_an_excerpt_begins() {
    let before = format!("Long {} ago.", "very ".repeat(70));
    for (second, core, expected) in [
        ("The mesh is young. It works well.", "It works", "The mesh is young. [It works well.]"),
        ("He met Bo. His view? Far too much.", "Far too", "He met Bo. His view? [Far too much.]"),
        ("Bo came to see us. Which was nice.", "Which was", "Bo came to see us. [Which was nice.]"),
    ] {
        let text = format!("{before} {second} {}", "And so on it went. ".repeat(20));
        let (shown, _) = cut_of(&text, &[core], &[]);
        assert!(shown.starts_with(expected), "{shown}");
    }
}

#[test]
fn what_leads_up_to_an_answer_begins_neither_in_a_quotation_nor_with_a_contrast() {
    let before = format!("Long {} ago.", "very ".repeat(150));
    for (second, expected) in [
        ("Ann said \"it is new. Nobody runs one. It is big.\" Bo came to it later.", "Bo came"),
        ("Ann said “it is new. Nobody runs one. It is big.” Bo came to it later.", "Bo came"),
        ("We gave them names. But meshes need none at all. Bo came to it later.", "We gave them names. But"),
        ("Names went. But meshes need none. Ann likes all of that. Bo came to it later.", "Ann likes all"),
    ] {
        let text = format!("{before} {second}");
        let (shown, _) = cut_of(&text, &["Bo came"], &[]);
        assert!(shown.starts_with(expected), "{shown}");
    }
}

#[test]
fn an_excerpt_goes_on_from_a_question_to_its_answer() {
    for (markdown, core, expected) in [
        ("Is it fast?\n\nIt is, Ann says.", "Is it", "[Is it fast?]\n\nIt is, Ann says."),
        ("It is fast, Ann says.\n\nBut is it safe?\n\n# Next", "It is", "It is fast, Ann says."),
        ("It is fast. Some views:\n\n![A](a.png)\n\n# Next", "It is", "It is fast."),
        ("I liked this line:\n\n> It is fast.\n", "I liked", "[I liked this line:]\n\nIt is fast."),
        (
            "Ann has tips. They are:\n\n- Rest.\n- Walk.\n",
            "Ann has",
            "[Ann has tips.] They are:\n\nRest.\nWalk.",
        ),
    ] {
        assert_eq!(cut_of(markdown, &[core], &[]).0, expected, "{markdown}");
    }
}

#[test]
fn a_list_under_a_paragraph_belongs_to_its_last_sentence() {
    let long = "Rest. And walk. ".repeat(60);
    let far = "It was a long day. ".repeat(39);
    for (markdown, core, expected) in [
        ("Many came. Four spoke.\n\n- Ann\n- Bo\n", "Four spoke", "Many came. [Four spoke.]\n\nAnn\nBo"),
        ("Many came. Four spoke.\n\n- Ann\n- Bo\n", "Many came", "[Many came.] Four spoke."),
        (&format!("Four spoke.\n\n- Ann\n- {long}\n"), "Four spoke", "Four spoke."),
        // The sentence counts them.
        (
            &format!("Two spoke.\n\n- {long}\n- Bo\n"),
            "Two spoke",
            &format!("[Two spoke.]\n\n{}\nBo", long.trim()),
        ),
        ("Four spoke.\n\n# People\n\n- Ann\n- Bo\n", "Four spoke", "Four spoke."),
        // The paragraph is too long to be shown from its start.
        (
            &format!("{far}Ann has four tips:\n\n- Rest.\n- Walk.\n"),
            "Ann has",
            "[Ann has four tips:]\n\nRest.\nWalk.",
        ),
    ] {
        let (shown, _) = cut_of(markdown, &[core], &[]);
        assert!(shown.ends_with(expected), "{shown}");
    }
}

#[test]
fn a_last_paragraph_that_announces_what_is_not_shown_is_left_out() {
    let text = "They met twice.\n\nSome of what they said:\n\n## Storage\n\nIt is hard.";
    assert_eq!(cut_of(text, &["They met", "Some of"], &[]).0, "They met twice.");
    assert_eq!(cut_of(text, &["Some of"], &[]).0, "Some of what they said:");
    let inside = "They met twice. Ann and Bo said:\n\n## Storage\n\nIt is hard.";
    assert_eq!(cut_of(inside, &["They met", "Ann and"], &[]).0, "They met twice. Ann and Bo said:");
}

#[test]
fn an_excerpt_ends_before_the_next_question_a_name_and_who_said_it() {
    for markdown in [
        "It is fast.\n\nIs it safe?\n\nIt is, and that is all.",
        "It is fast.\n\nMira Oakley, Farside Corp\n\nAnother thing.",
        "It is fast.\n\n— Mira Oakley (@mira) May 3, 2019\n\nAnother thing.",
    ] {
        assert_eq!(cut_of(markdown, &["It is fast"], &[]).0, "It is fast.", "{markdown}");
    }
}

#[test]
fn what_is_named_last_is_told() {
    let talks = "Many talks of the day were about clusters. ".repeat(16);
    let text =
        format!("{talks}The keynote by Ann was cool. She told of bugs. {}", "Then we left. ".repeat(9));
    let (shown, _) = cut_of(&text, &["Many talks of the day", "The keynote"], &[]);
    assert!(shown.ends_with("The keynote by Ann was cool.] She told of bugs."), "{shown}");
}

#[test]
fn a_list_is_shown_whole_or_counted() {
    let list = "Tools:\n\n- Helm is one.\n- Flux is two.\n    - with a part\n- Argo is three.";
    let whole = "Helm is one.\n[Flux is two.]\nwith a part\nArgo is three.";
    assert_eq!(cut_of(list, &["Flux"], &["Flux"]), (whole.to_owned(), Some((3, 3))));
    let item = format!("A tool {}", "that is good ".repeat(20).trim_end());
    let long = format!("Tools:\n\n- Helm is one.\n{}", format!("- {item}.\n").repeat(5));
    assert_eq!(cut_of(&long, &["Helm"], &["Helm"]), ("Helm is one.".to_owned(), Some((1, 6))));
    // Without words of the question of its own, the list is the answer.
    let (shown, items) = cut_of(&long, &["Helm"], &[]);
    assert_eq!(items, Some((6, 6)));
    assert!(has_at_most(
        &post("a", &shown).body,
        Span::new(&shown, 0..shown.len()).expect("a span"),
        MAX_LIST
    ));
    let longer = format!("Tools:\n\n- Helm is one.\n{}", format!("- {item}.\n").repeat(9));
    assert_eq!(cut_of(&longer, &["Tools", "Helm"], &["Tools"]).1, Some((3, 10)));
    let alone = ("Helm is one.".to_owned(), Some((1, 6)));
    assert_eq!(cut_for(&long, &["Helm"], &[], true), alone);
    assert_eq!(cut_of("- Only one item.", &["Only"], &[]), ("Only one item.".to_owned(), None));
}

#[test]
fn the_title_of_the_next_talk_belongs_to_the_paragraph_below_it() {
    let notes =
        "- Meshes for All - Ann Lee\n\nMeshes are for all.\n\n- Disks at Sea - Jane Doe\n\nDisks float.";
    assert_eq!(cut_of(notes, &["Meshes are"], &[]).0, "Meshes are for all.");
    let post = post("a", notes);
    let lead_ins: Vec<&str> = post
        .body
        .blocks
        .iter()
        .filter_map(|block| Some(post.body.slice(post.body.lead_in_of(block)?.span)))
        .collect();
    assert_eq!(lead_ins, ["Meshes for All - Ann Lee", "Disks at Sea - Jane Doe"]);
}

#[test]
fn a_list_under_a_paragraph_is_counted() {
    for (paragraph, items, count) in [
        ("Four spoke.", 20, Some((20, 20))),
        ("Four spoke.", 30, None),
        ("Ann has tips:", 30, Some((30, 30))),
        ("Ann has tips:", 60, Some((46, 60))),
    ] {
        let list = "- Walk for as long as you like.\n".repeat(items);
        let (shown, items) = cut_of(&format!("{paragraph}\n\n{list}"), &[paragraph], &[]);
        assert_eq!(items, count, "{shown}");
    }
}

#[test]
fn a_list_that_is_asked_for_is_shown_from_its_start() {
    let items: Vec<String> =
        (0..12).map(|at| format!("- Walk for as long as you like on day {at}.")).collect();
    let post = post("a", &items.join("\n"));
    let around = |is_list_asked| MarksAround { is_list_asked, ..MarksAround::default() };
    let mark = post.body.sentences[9].span;
    for (is_asked, shown) in [(false, 1), (true, 12)] {
        let marks = Marks { own: &[mark], around: &around(is_asked) };
        let cut = cut(&post.body, &(9..10), marks, false, MAX_PROSE).expect("sentences");
        assert_eq!(cut.items, Some(ItemCount { shown, all: 12 }));
        assert_eq!(cut.answer.is_some(), is_asked);
    }
}

#[test]
fn what_stands_between_the_items_of_a_list_belongs_to_it() {
    let list = "Steps:\n\n1. Write a file:\n\n   ```\n   a = 1\n   ```\n\n2. Send it.\n\n   It is small.\n\n3. Rest.\n\nThe end.";
    let whole = "Write a file:\n\na = 1\n\n[Send it.]\n\nIt is small.\n\nRest.";
    assert_eq!(cut_of(list, &["Send it"], &["Send"]), (whole.to_owned(), Some((3, 3))));
    let apart = "- Helm is one.\n\nA paragraph.\n\n- Flux is two.";
    assert_eq!(cut_of(apart, &["Flux"], &["Flux"]), ("Flux is two.".to_owned(), None));
}

#[test]
fn what_a_paragraph_quotes_after_it_is_shown() {
    let long = "It is a promise that somebody has to keep. ".repeat(20);
    for (quotation, is_shown) in [
        ("> A mesh is a promise.", true),
        ("> NOTE A mesh is a promise.", false),
        ("> A mesh is a promise.\n\n> Another writer says that it rained.", false),
        (&format!("> {long}"), false),
    ] {
        let text = format!("I liked one sentence of that talk.\n\n{quotation}\n\nIt rained.");
        let (shown, _) = cut_of(&text, &["I liked"], &[]);
        assert_eq!(shown.contains("promise"), is_shown, "{shown}");
    }
}

#[test]
fn a_list_ends_where_another_speaker_begins() {
    let mut post = (*post("a", "- Helm is one.\n- Flux is two.\n- Argo is three.\n")).clone();
    post.body.speakers = vec!["Ann Lee".into()];
    post.body.blocks[2].speaker = Some(0);
    let cut = cut(&post.body, &(0..1), Marks { own: &[], around: &MarksAround::default() }, false, MAX_PROSE)
        .expect("sentences");
    assert_eq!(post.body.slice(cut.span), "Helm is one.\nFlux is two.");
    assert_eq!(cut.items, Some(ItemCount { shown: 2, all: 2 }));
}

#[test]
fn what_turns_against_a_paragraph_is_shown_with_it() {
    let long = "Most who came would say that it is not worth the money. ".repeat(6);
    for (next, is_shown) in [("But for me it is.", true), ("The evening was good.", false)] {
        let (shown, _) = cut_of(&format!("{long}\n\n{next}"), &["Most who came"], &[]);
        assert_eq!(shown.ends_with(next), is_shown, "{next}");
    }
}

#[test]
fn a_list_whose_introduction_has_a_word_of_the_question_follows_the_excerpt() {
    let long = "Rest. And walk. ".repeat(90);
    for (list, words, expected) in [
        ("Some demos were:\n\n- One\n- Two", "demos", "We saw a demo.\n\nSome demos were:\n\nOne\nTwo"),
        ("Of the demo I saw:\n\n- One\n- Two", "demo", "We saw a demo."),
        ("Some talks were:\n\n- One\n- Two", "demo", "We saw a demo."),
        ("Some demos were long.\n\n- One\n- Two", "demos", "We saw a demo."),
        (&format!("Some demos were:\n\n- {long}"), "demos", "We saw a demo."),
    ] {
        let post = post("a", &format!("We saw a demo.\n\n{list}\n"));
        let text = &post.body.text;
        let mark = |(at, words): (usize, &str)| Span::new(text, at..at + words.len());
        let own: Vec<Span> = text.match_indices("demo").take(1).filter_map(mark).collect();
        let all: Vec<Span> = text.match_indices(words).filter_map(mark).collect();
        let around = MarksAround { all, ..MarksAround::default() };
        let marks = Marks { own: &own, around: &around };
        let shown = with_list_after(&post.body, post.body.blocks[0].span, marks);
        assert_eq!(post.body.slice(shown), expected, "{list}");
    }
}
