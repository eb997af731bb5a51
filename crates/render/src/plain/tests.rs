use insta::assert_snapshot;

use super::*;
use crate::samples::{cited_answer, event, nothing_found, question};
use takeaways_text::model::{EventId, Language, Years};

#[test]
fn an_answer_at_eighty_columns() {
    assert_snapshot!(answer(&question(), &cited_answer(), &[], TerminalStyle { width: 80, colour: false }), @"
    In KubeCon NA 2019, San Diego · 2018 to 2020 · posts by Ada or Grace:
    I only know recaps. The newest excerpt is from December 2019.

    │ Three things stood out:
    │   Service mesh is still young, and most teams that I met run a mesh for one
    │   cluster only.
      What I learned in San Diego — Ada Example, 5 December 2019 — KubeCon NA 2019,
      San Diego
      Networking › Meshes — https://example.com/posts/what-i-learned-in-san-diego
      (2 other posts say the same)

      Notes on 'What I learned in San Diego' by Ada Example
        サービスメッシュはまだ若い。
      5 December 2019 — KubeCon NA 2019, San Diego
      https://example.com/posts/what-i-learned-in-san-diego

    │ Service mesh is still young, and most teams that I met run a mesh for one
    │ cluster only.
      raw[31m notes
    ");
}

#[test]
fn an_answer_at_forty_columns() {
    assert_snapshot!(answer(&question(), &cited_answer(), &[], TerminalStyle { width: 40, colour: false }), @"
    In KubeCon NA 2019, San Diego · 2018 to
    2020 · posts by Ada or Grace:
    I only know recaps. The newest excerpt
    is from December 2019.

    │ Three things stood out:
    │   Service mesh is still young, and
    │   most teams that I met run a mesh for
    │   one cluster only.
      What I learned in San Diego — Ada
      Example, 5 December 2019 — KubeCon NA
      2019, San Diego
      Networking › Meshes
      https://example.com/posts/what-i-learned-in-san-diego
      (2 other posts say the same)

      Notes on 'What I learned in San Diego'
      by Ada Example
        サービスメッシュはまだ若い。
      5 December 2019 — KubeCon NA 2019, San
      Diego
      https://example.com/posts/what-i-learned-in-san-diego

    │ Service mesh is still young, and most
    │ teams that I met run a mesh for one
    │ cluster only.
      raw[31m notes
    ");
}

#[test]
fn an_answer_in_colours() {
    let page = answer(&question(), &cited_answer(), &[], TerminalStyle { width: 80, colour: true });
    assert_snapshot!(page.replace('\u{1b}', "^"), @"
    ^[2mIn KubeCon NA 2019, San Diego · 2018 to 2020 · posts by Ada or Grace:^[0m
    I only know recaps. The newest excerpt is from December 2019.

    │ ^[2mThree things stood out:^[0m
    │   ^[1mService mesh^[0m is still young, and most teams that I met run a ^[1mmesh for^[0m one
    │   cluster only.
      What I learned in San Diego — Ada Example, 5 December 2019 — KubeCon NA 2019,
      San Diego
      Networking › Meshes — https://example.com/posts/what-i-learned-in-san-diego
      ^[2m(2 other posts say the same)^[0m

      Notes on 'What I learned in San Diego' by Ada Example
        ^[1mサービスメッシュ^[0mはまだ若い。
      5 December 2019 — KubeCon NA 2019, San Diego
      https://example.com/posts/what-i-learned-in-san-diego

    │ Service mesh is still young, and most teams that I met run a mesh for one
    │ cluster only.
      raw[31m notes
    ");
}

#[test]
fn nothing_found_says_what_was_searched_and_where() {
    assert_snapshot!(answer(&question(), &nothing_found(), &[], TerminalStyle { width: 80, colour: false }), @"
    I found nothing in the recaps that answers this: what about meshes?
    Searched in KubeCon NA 2019, San Diego.
    No recap there mentions Ansible or Tower.

    Try instead:
      what about GitOps?
    ");
}

#[test]
fn nothing_found_in_everything() {
    let bare = Answer::NothingFound {
        scope: Scope::default(),
        confidence: 0.0,
        missing: vec![Missing::Words("Ansible".into())],
        suggestions: vec![],
        language: Language::En,
    };
    assert_snapshot!(answer(&question(), &bare, &[], TerminalStyle { width: 80, colour: false }), @"
    I found nothing in the recaps that answers this: what about meshes?
    No recap mentions Ansible.
    ");
}

#[test]
fn a_scope_is_named_as_people_name_it() {
    let unlisted =
        Event { id: EventId("gitopscon-china-2022".into()), name: "GitOpsCon China 2022".into(), ..event() };
    let page = |scope: Scope| {
        let nothing = Answer::NothingFound {
            scope,
            confidence: 0.0,
            missing: vec![],
            suggestions: vec![],
            language: Language::En,
        };
        let page = answer(
            &question(),
            &nothing,
            std::slice::from_ref(&unlisted),
            TerminalStyle { width: 80, colour: false },
        );
        page.lines().nth(1).unwrap_or_default().to_owned()
    };
    let events = vec![unlisted.id.clone(), EventId("nobody-knows-2020".into())];
    let events = Scope { events, ..Scope::default() };
    assert_eq!(page(events), "Searched in GitOpsCon China 2022, San Diego · nobody-knows-2020.");
    let years = |first, last| Scope { years: Some(Years::between(first, last)), ..Scope::default() };
    assert_eq!(page(years(Years::FIRST, 2017)), "Searched in 2017 and before.");
    assert_eq!(page(years(2016, 2017)), "Searched in 2016 to 2017.");
    assert_eq!(page(years(2017, 2017)), "Searched in 2017.");
}

#[test]
fn no_line_is_wider_than_the_page_but_an_address() {
    for width in [40, 41, 60, 80, 100] {
        let page = answer(&question(), &cited_answer(), &[], TerminalStyle { width, colour: false });
        for line in page.lines().filter(|line| !line.contains("https://")) {
            assert!(super::display_width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn a_page_never_holds_control_characters_of_a_post() {
    let page = answer(&question(), &cited_answer(), &[], TerminalStyle { width: 80, colour: false });
    assert!(page.chars().all(|c| c == '\n' || !c.is_control()), "{page:?}");
}

#[test]
fn a_draft_is_marked() {
    let Answer::Cited { mut excerpts, .. } = cited_answer() else { panic!("it is cited") };
    for excerpt in &mut excerpts {
        excerpt.citation.draft = true;
    }
    let drafts = Answer::Cited { excerpts, scope: Scope::default(), newest: None, confidence: 1.0 };
    let page = answer(&question(), &drafts, &[], TerminalStyle { width: 80, colour: false });
    assert!(page.contains("What I learned in San Diego (draft) — Ada Example"), "{page}");
    assert!(page.contains("Notes on 'What I learned in San Diego (draft)' by"), "{page}");
}

#[test]
fn what_is_scheduled_is_marked() {
    let Answer::Cited { mut excerpts, .. } = cited_answer() else { panic!("it is cited") };
    excerpts.truncate(1);
    excerpts[0].citation.scheduled = Some("2099-01-01T00:00:00Z".parse().expect("a time"));
    let page = |excerpts: &[Excerpt]| {
        let cited = Answer::Cited {
            excerpts: excerpts.to_vec(),
            scope: Scope::default(),
            newest: None,
            confidence: 1.0,
        };
        answer(&question(), &cited, &[], TerminalStyle { width: 100, colour: false })
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
        excerpts: vec![excerpts[1].clone()],
        scope: Scope::default(),
        newest: None,
        confidence: 1.0,
    };
    let page = answer(&question(), &only, &[], TerminalStyle { width: 80, colour: false });
    assert!(page.starts_with("  Notes on 'What I learned in San Diego' by Ada Example\n"), "{page}");
    assert!(!page.contains(['│', '"', '“', '”', '>']), "{page}");
}
