use insta::assert_snapshot;

use super::*;
use crate::samples::{self, cited_answer, event, nothing_found, post_excerpt, question};
use takeaways_answer::{AnswerHeading, Respelling};
use takeaways_text::model::{
    EventId, Group, GroupTitle, ItemCount, Language, ListItem, Mention, Mentions, Overview, PostCount, Quote,
    Span, ThemeContrast, TrendTurn, Years,
};

const PLAIN: TerminalStyle =
    TerminalStyle { width: 80, colour: false, hyperlinks: false, program: "takeaways" };

/// The page of an answer.
fn answer(question: &Question, answer: &Answer, events: &[Event], style: TerminalStyle) -> String {
    super::answer(question, &samples::verified(answer, events), style)
}

/// The page of one excerpt.
fn page_of(excerpt: Excerpt, style: TerminalStyle) -> String {
    answer(&question(), &Answer::of_excerpts(vec![excerpt]), &[], style)
}

#[test]
fn an_answer_at_eighty_columns() {
    assert_snapshot!(answer(&question(), &cited_answer(), &[], PLAIN), @"
    KubeCon NA 2019, San Diego · 2018 to 2020 · the words of Ada or Grace:
    I only know recaps. The newest excerpt is from December 2019.

    1. │ Three things stood out:
       │ • Service mesh is still young, and most teams that I met run a mesh[1] for
       │   one cluster only.
         [1] https://example.com/posts/meshes
         What I learned in San Diego — Ada Example, 5 December 2019 — KubeCon NA
         2019, San Diego — Meshes — 2 other posts say the same
         https://example.com/posts/what-i-learned-in-san-diego

    2.     サービスメッシュはまだ若い。
         Notes on 'What I learned in San Diego' by Ada Example — 5 December 2019, in
         Japanese — KubeCon NA 2019, San Diego
         https://example.com/posts/what-i-learned-in-san-diego

    3. │ Service mesh is still young, and most teams that I met run a mesh for one
       │ cluster only.
         raw[31m notes — takeaways corpus text raw.txt --line 2
    ");
}

#[test]
fn an_answer_at_forty_columns() {
    assert_snapshot!(answer(&question(), &cited_answer(), &[], TerminalStyle { width: 40, ..PLAIN }), @"
    KubeCon NA 2019, San Diego · 2018 to
    2020 · the words of Ada or Grace:
    I only know recaps. The newest excerpt
    is from December 2019.

    1. │ Three things stood out:
       │ • Service mesh is still young, and
       │   most teams that I met run a
       │   mesh[1] for one cluster only.
         [1] https://example.com/posts/meshes
         What I lear… — Ada Example, 5
         December 2019 — KubeCon NA 2019, S…
         https://example.com/posts/what-i-learned-in-san-diego

    2.     サービスメッシュはまだ若い。
         Notes on 'What I lear…' by Ada
         Example — 5 December 2019, in Japa…
         https://example.com/posts/what-i-learned-in-san-diego

    3. │ Service mesh is still young, and
       │ most teams that I met run a mesh
       │ for one cluster only.
         raw[31m notes
         takeaways corpus text raw.txt --line 2
    ");
}

#[test]
fn an_answer_in_colours_with_hyperlinks() {
    let style = TerminalStyle { colour: true, hyperlinks: true, ..PLAIN };
    let page = answer(&question(), &cited_answer(), &[], style);
    let link = regex::Regex::new("\u{1b}]8;;([^\u{1b}]*)\u{1b}\\\\").expect("a pattern");
    assert_snapshot!(link.replace_all(&page, "<$1>").replace('\u{1b}', "^"), @"
    ^[2mKubeCon NA 2019, San Diego · 2018 to 2020 · the words of Ada or Grace:^[0m
    I only know recaps. The newest excerpt is from December 2019.

    1. │ ^[2mThree things stood out:^[0m
       │ • ^[1mService mesh^[0m is still young, and most teams that I met run <https://example.com/posts/meshes>a <><https://example.com/posts/meshes>^[1mmesh^[0m<>^[1m for^[0m one
       │   cluster only.
         <https://example.com/posts/what-i-learned-in-san-diego>What I learned in San Diego<> — Ada Example, 5 December 2019 — KubeCon NA
         2019, San Diego — Meshes — 2 other posts say the same

    2.     ^[1mサービスメッシュ^[0mはまだ若い。
         Notes on '<https://example.com/posts/what-i-learned-in-san-diego>What I learned in San Diego<>' by Ada Example — 5 December 2019, in
         Japanese — KubeCon NA 2019, San Diego

    3. │ Service mesh is still young, and most teams that I met run a mesh for one
       │ cluster only.
         raw[31m notes — takeaways corpus text raw.txt --line 2
    ");
}

#[test]
fn the_source_of_one_line_is_short() {
    let mut excerpt = post_excerpt();
    (excerpt.lead_in, excerpt.duplicate_count) = (None, 0);
    excerpt.quote.text.truncate("Service mesh is still young".len());
    excerpt.citation.title = "Everything that I learned in San Diego, in the order of the talks".into();
    assert_snapshot!(page_of(excerpt.clone(), PLAIN), @"
    │ • Service mesh is still young
      Everything that I… — Ada Example, 5 December 2019 — KubeCon NA 2019, San Diego
      https://example.com/posts/what-i-learned-in-san-diego
    ");
    let style = TerminalStyle { hyperlinks: true, ..PLAIN };
    for width in [40, 44, 60, 80] {
        let page = page_of(excerpt.clone(), TerminalStyle { width, ..style });
        assert!(page.lines().count() <= 3, "{page}");
    }
}

#[test]
fn a_part_of_a_list_says_where_the_rest_is() {
    let mut excerpt = post_excerpt();
    excerpt.items = Some(ItemCount { shown: 1, all: 3 });
    let shown = |excerpt: &Excerpt, style| {
        let page = page_of(excerpt.clone(), style);
        page.lines().find(|line| line.contains("1 of 3")).unwrap_or_default().to_owned()
    };
    let address = excerpt.citation.url.clone().expect("an address");
    assert_eq!(shown(&excerpt, PLAIN), format!("  1 of 3. See the rest: {address}"));
    let linked = shown(&excerpt, TerminalStyle { hyperlinks: true, ..PLAIN });
    assert!(linked.starts_with("  1 of 3. \u{1b}]8;;https://example.com/"), "{linked:?}");
    excerpt.citation.url = None;
    excerpt.citation.path = "2019/my notes.md".into();
    let page = page_of(excerpt, PLAIN);
    assert_eq!(page.matches("takeaways corpus text '2019/my notes.md' --line 2\n").count(), 1, "{page}");
    assert!(page.contains("  1 of 3. See the rest: takeaways corpus"), "{page}");
}

#[test]
fn nested_items_have_bullets_or_numbers_and_are_indented() {
    let text = "We saw:\n\none that is long enough for two lines\nan inner one";
    let span = |words: &str| {
        let start = text.find(words).expect("words of the text");
        Span::new(text, start..start + words.len()).expect("a cut of the text")
    };
    let items = [("one that is long enough for two lines", 0, None), ("an inner one", 1, Some(12))];
    let excerpt = Excerpt {
        quote: Quote { text: text.to_owned(), span: span(text) },
        lead_in: None,
        marks: Vec::new(),
        answer: Some(span("long enough for two lines\nan inner")),
        links: Vec::new(),
        list_items: items.map(|(words, level, number)| ListItem { span: span(words), level, number }).into(),
        ..post_excerpt()
    };
    let page =
        page_of(excerpt, TerminalStyle { width: 30, colour: true, hyperlinks: false, program: "takeaways" });
    let quote: Vec<&str> = page.lines().take_while(|line| line.starts_with('│')).collect();
    assert_snapshot!(quote.join("\n").replace('\u{1b}', "^"), @"
    │ We saw:
    │
    │ • one that is ^[1mlong enough^[0m
    │   ^[1mfor two lines^[0m
    │   12. ^[1man inner^[0m one
    ");
}

#[test]
fn a_link_that_names_another_host_shows_its_address() {
    let mut excerpt = post_excerpt();
    excerpt.links[0].url = "https://other.example/x".into();
    excerpt.quote.text = excerpt.quote.text.replace("a mesh", "mesh.a");
    let linked = excerpt.clone();
    excerpt.quote.text = excerpt.quote.text.replace("mesh.a", "me.esh");
    let style = TerminalStyle { hyperlinks: true, ..PLAIN };
    assert!(page_of(excerpt, style).contains("run me.esh[1] for one"));
    assert!(!page_of(linked, style).contains("[1]"));
}

#[test]
fn the_footnote_of_a_link_stands_behind_its_word() {
    let mut excerpt = post_excerpt();
    excerpt.quote.text = excerpt.quote.text.replace("a mesh for", "a meshes f");
    assert!(page_of(excerpt, PLAIN).contains("a meshes[1] f"));
}

#[test]
fn nothing_found_says_what_was_searched_and_where() {
    assert_snapshot!(answer(&question(), &nothing_found(), &[], PLAIN), @"
    I found nothing in the recaps that answers this: what about meshes?
    Searched in KubeCon NA 2019, San Diego.
    No recap there mentions Ansible or Tower.

    Try instead:
      what about GitOps?
    ");
}

#[test]
fn words_that_were_read_as_others_stand_first() {
    let respelling = |typed: &str, read: &str| Respelling { typed: typed.into(), read: read.into() };
    let respelled = vec![respelling("cluser", "cluster"), respelling("Barcalona", "Barcelona")];
    let verified = VerifiedAnswer { respelled, ..samples::verified(&cited_answer(), &[]) };
    let line = "I read “cluser” as “cluster”. I read “Barcalona” as “Barcelona”.\n";
    let page = super::answer(&question(), &verified, PLAIN);
    assert!(page.starts_with(line) && page.lines().count() > 1, "{page}");
    let turn = |is_follow_up| TurnAnswer {
        question: question(),
        verified: verified.clone(),
        is_follow_up,
        heading: None,
        compare_with: None,
        turn: samples::turn(),
    };
    for is_follow_up in [false, true] {
        let page = turn_answer(&turn(is_follow_up), PLAIN);
        assert!(page.starts_with(line), "{page}");
        let message =
            crate::discord::turn_answer(&turn(is_follow_up), &[], None, crate::discord::Audience::Direct);
        assert!(message.content.starts_with(&format!("-# {line}")), "{message:?}");
    }
}

#[test]
fn nothing_found_in_everything() {
    let bare = Answer::NothingFound {
        listed: Vec::new(),
        newest: None,
        unanswerable: None,
        nearest: None,
        scope: Scope::default(),
        confidence: 0.0,
        missing: vec![Missing::Words("Ansible".into())],
        suggestions: vec![],
        language: Language::En,
    };
    assert_snapshot!(answer(&question(), &bare, &[], PLAIN), @"
    I found nothing in the recaps that answers this: what about meshes?
    No recap mentions Ansible.
    ");
}

#[test]
fn the_place_and_days_of_the_table_stand_first() {
    let Answer::NothingFound { scope, confidence, missing, .. } = crate::samples::nothing_found() else {
        panic!("it is answered")
    };
    let refusal = Answer::NothingFound {
        listed: vec![event()],
        scope,
        confidence,
        missing,
        newest: None,
        unanswerable: None,
        nearest: None,
        suggestions: vec![],
        language: Language::En,
    };
    let page = answer(&question(), &refusal, &[event()], PLAIN);
    let listed = "KubeCon NA 2019: San Diego, 18 to 21 November 2019 (from my list of events,";
    assert!(page.starts_with(listed) && !page.contains("I found nothing"), "{page}");
    let message = crate::discord::answer(&question(), &samples::verified(&refusal, &[event()]));
    assert!(
        message.content.starts_with("**KubeCon NA 2019: San Diego, 18 to 21 November 2019")
            && !message.content.contains("I found nothing"),
        "{message:?}"
    );
}

#[test]
fn what_comes_nearest_stands_below_the_refusal() {
    let near = Answer::NothingFound {
        listed: Vec::new(),
        newest: None,
        unanswerable: None,
        nearest: Some(Box::new(post_excerpt())),
        scope: Scope::default(),
        confidence: 0.2,
        missing: vec![],
        suggestions: vec![],
        language: Language::En,
    };
    let page = answer(&question(), &near, &[], PLAIN);
    let lines: Vec<&str> = page.lines().collect();
    assert_eq!(lines[1..4], ["", "This comes nearest:", ""], "{page}");
    assert!(lines[4].starts_with("│ "), "{page}");
}

#[test]
fn a_scope_is_named_as_people_name_it() {
    let unlisted =
        Event { id: EventId("gitopscon-china-2022".into()), name: "GitOpsCon China 2022".into(), ..event() };
    let page = |scope: Scope| {
        let nothing = Answer::NothingFound {
            listed: Vec::new(),
            newest: None,
            unanswerable: None,
            nearest: None,
            scope,
            confidence: 0.0,
            missing: vec![],
            suggestions: vec![],
            language: Language::En,
        };
        let page = answer(&question(), &nothing, std::slice::from_ref(&unlisted), PLAIN);
        page.lines().nth(1).unwrap_or_default().to_owned()
    };
    let events = vec![unlisted.id.clone(), EventId("nobody-knows-2020".into())];
    let of = |events: &[EventId]| page(Scope { events: events.to_vec(), ..Scope::default() });
    assert_eq!(of(&events), "Searched in 2 events.");
    assert_eq!(of(&events[..1]), "Searched in GitOpsCon China 2022, San Diego.");
    assert_eq!(of(&events[1..]), "Searched in nobody-knows-2020.");
    let years = |first, last| Scope { years: Some(Years::between(first, last)), ..Scope::default() };
    assert_eq!(page(years(Years::FIRST, 2017)), "Searched in 2017 and before.");
    assert_eq!(page(years(2016, 2017)), "Searched in 2016 to 2017.");
    assert_eq!(page(years(2017, 2017)), "Searched in 2017.");
}

#[test]
fn no_line_is_wider_than_the_page_but_an_address() {
    for width in [40, 41, 60, 80, 100] {
        let page = answer(&question(), &cited_answer(), &[], TerminalStyle { width, ..PLAIN });
        for line in page.lines().filter(|line| !line.contains("https://") && !line.contains("corpus text")) {
            assert!(super::display_width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn a_page_never_holds_control_characters_of_a_post() {
    let page = answer(&question(), &cited_answer(), &[], PLAIN);
    assert!(page.chars().all(|c| c == '\n' || !c.is_control()), "{page:?}");
}

#[test]
fn a_draft_is_marked() {
    let Answer::Cited { mut excerpts, .. } = cited_answer() else { panic!("it is cited") };
    for excerpt in &mut excerpts {
        excerpt.citation.draft = true;
    }
    let drafts = Answer::Cited {
        listed: Vec::new(),
        excerpts,
        scope: Scope::default(),
        newest: None,
        confidence: 1.0,
        language: Language::En,
    };
    let page = answer(&question(), &drafts, &[], PLAIN);
    assert!(page.contains("What I learned in San Diego (draft) — Ada Example"), "{page}");
    assert!(page.contains("Notes on 'What I learned in San Diego (draft)' by Ada"), "{page}");
}

#[test]
fn what_is_scheduled_is_marked() {
    let Answer::Cited { mut excerpts, .. } = cited_answer() else { panic!("it is cited") };
    excerpts.truncate(1);
    excerpts[0].citation.scheduled = Some("2099-01-01T00:00:00Z".parse().expect("a time"));
    let page = |excerpts: &[Excerpt]| {
        let cited = Answer::Cited {
            listed: Vec::new(),
            excerpts: excerpts.to_vec(),
            scope: Scope::default(),
            newest: None,
            confidence: 1.0,
            language: Language::En,
        };
        answer(&question(), &cited, &[], TerminalStyle { width: 100, ..PLAIN })
    };
    let scheduled = page(&excerpts);
    assert!(scheduled.contains("San Diego (not published before 1 January 2099) — Ada"), "{scheduled}");
    excerpts[0].citation.draft = true;
    let both = page(&excerpts);
    assert!(both.contains("San Diego (draft, not published before 1 January 2099) — Ada"), "{both}");
}

#[test]
fn a_note_is_never_shown_as_its_authors_words() {
    let Answer::Cited { excerpts, .. } = cited_answer() else { panic!("it is cited") };
    let only = Answer::Cited {
        listed: Vec::new(),
        excerpts: vec![excerpts[1].clone()],
        scope: Scope::default(),
        newest: None,
        confidence: 1.0,
        language: Language::En,
    };
    let page = answer(&question(), &only, &[], PLAIN);
    assert!(page.contains("\n  Notes on 'What I learned in San Diego' by Ada Example"), "{page}");
    assert!(!page.contains(['│', '"', '“', '”', '>']), "{page}");
}

#[test]
fn an_overview_has_groups_and_a_bar_for_each_year_with_enough_posts() {
    let page = answer(&question(), &samples::overview(), &[event()], PLAIN);
    let bar = format!("2019 {} 4 of 8", "█".repeat(20));
    for line in [
        "KubeCon NA 2019, San Diego: 3 recaps by 2 authors",
        "There are too few recaps to speak of a difference.",
        "2018 1 of 2 (too few recaps in that year)",
        &bar,
        "Service mesh · 2 of 3",
        "Also",
        "3.     サービスメッシュはまだ若い。",
    ] {
        assert!(page.lines().any(|it| it == line), "{line:?} in\n{page}");
    }
}

#[test]
fn what_one_side_has_more_of_names_it_also_after_lines_on_both() {
    let Answer::Overview(mut overview) = samples::overview() else { panic!("no overview") };
    let side = |name: &str| GroupTitle::Side(name.to_owned());
    let group = |title| Group { title, lines: 2..2, ..overview.groups[1].clone() };
    overview.groups = vec![group(GroupTitle::Also), group(side("2018")), group(side("2019"))];
    let count = |posts| PostCount { posts, of: 6 };
    let theme = |name: &str, sides, more| ThemeContrast { name: name.into(), sides, more };
    overview.contrast =
        vec![theme("Envoy", [count(5), count(1)], Some(0)), theme("Helm", [count(0), count(4)], Some(1))];
    let page = answer(&question(), &Answer::Overview(overview), &[event()], PLAIN);
    for line in ["More in 2018: Envoy (5 of 6 · 1 of 6)", "Only 2019: Helm (4 of 6)"] {
        assert!(page.contains(line), "{line:?} in\n{page}");
    }
}

#[test]
fn one_empty_line_stands_below_what_was_understood() {
    let Answer::Overview(mut overview) = samples::overview() else { panic!("no overview") };
    overview.series.clear();
    (overview.is_partial, overview.unmentioned) = (true, None);
    let answered = TurnAnswer {
        question: question(),
        verified: samples::verified(&Answer::Overview(overview), &[event()]),
        is_follow_up: true,
        heading: Some(AnswerHeading::OwnWords),
        compare_with: None,
        turn: samples::turn(),
    };
    let page = turn_answer(&answered, PLAIN);
    assert!(page.contains("\n\n") && !page.contains("\n\n\n"), "{page}");
}

#[test]
fn a_language_has_its_own_blank_before_a_colon() {
    let count = PostCount { posts: 2, of: 2 };
    for (in_language, colon) in [(Language::En, ":"), (Language::De, ":"), (Language::Fr, "\u{a0}:")] {
        let mut cited = samples::cited_answer();
        let Answer::Cited { language, scope, .. } = &mut cited else { panic!("no excerpts") };
        (*language, scope.events) = (in_language, vec![event().id]);
        let Answer::Overview(mut overview) = samples::overview() else { panic!("no overview") };
        overview.language = in_language;
        overview.contrast = vec![ThemeContrast { name: "Envoy".into(), sides: [count; 2], more: None }];
        let pages =
            [(cited, format!("Grace{colon}\n")), (Answer::Overview(overview), format!("{colon} Envoy ("))];
        for (shown, expected) in pages {
            let page = answer(&question(), &shown, &[event()], PLAIN);
            assert!(page.contains(&expected), "{expected:?} in\n{page}");
            assert!(colon == ":" || !page.contains(" :"), "{page}");
        }
    }
}

#[test]
fn a_month_and_a_year_have_the_preposition_of_their_language() {
    let mention = |year, month| Mention { year, month, event: None };
    let mentions = Mentions { first: mention(2012, Some(8)), last: mention(2026, None) };
    for (language, expected) in [
        (Language::En, "First in August 2012, last in 2026"),
        (Language::De, "Zuerst im August 2012, zuletzt 2026"),
        (Language::Fr, "Pour la première fois en août 2012, pour la dernière en 2026"),
        (Language::Es, "Por primera vez en agosto de 2012, por última en 2026"),
        (Language::It, "Per la prima volta in agosto 2012, per l'ultima nel 2026"),
        (Language::Ja, "最初は2012年8月、最後は2026年"),
    ] {
        assert_eq!(wording::mentions(&mentions, language), expected);
    }
}

#[test]
fn a_year_in_which_a_trend_turns_says_how() {
    for (turn, language, title) in [
        (Some(TrendTurn::First), Language::En, "2019: first mentioned · 2 of 3"),
        (Some(TrendTurn::Peak), Language::De, "2019: am häufigsten genannt · 2 von 3"),
        (Some(TrendTurn::Fall), Language::Fr, "2019\u{a0}: en baisse · 2 sur 3"),
        (None, Language::En, "2019 · 2 of 3"),
    ] {
        let Answer::Overview(mut overview) = samples::overview() else { panic!("no overview") };
        overview.groups[0].title = GroupTitle::Year { year: 2019, turn };
        overview.language = language;
        let page = answer(&question(), &Answer::Overview(overview), &[event()], PLAIN);
        assert!(page.lines().any(|line| line == title), "{title:?} in\n{page}");
    }
}

#[test]
fn lines_of_one_source_have_it_once() {
    let Answer::Overview(overview) = samples::overview() else { panic!("an overview") };
    let line = |text: &str| Excerpt {
        quote: Quote { text: text.to_owned(), ..samples::post_excerpt().quote },
        lead_in: None,
        list_items: vec![],
        marks: vec![],
        links: vec![],
        answer: None,
        items: None,
        duplicate_count: 0,
        ..samples::post_excerpt()
    };
    let mut elsewhere = line("Kuma");
    elsewhere.citation.section = vec!["Other tools".to_owned()];
    let page = |excerpts: Vec<Excerpt>| {
        let lines = 0..excerpts.len();
        let group = Group { lines, ..overview.groups[1].clone() };
        let series = Vec::new();
        let overview = Overview { excerpts, groups: vec![group], series, ..overview.clone() };
        answer(&question(), &Answer::Overview(overview), &[event()], PLAIN)
    };
    let count = |page: &str| page.matches("Ada Example").count();
    let shown = page(vec![line("Linkerd"), line("Helm")]);
    assert!(shown.contains("1. │ Linkerd\n2. │ Helm\n"), "{shown}");
    assert_eq!(count(&shown), 1, "{shown}");
    let shown = page(vec![line("Linkerd"), elsewhere]);
    assert_eq!(count(&shown), 2, "{shown}");
}
