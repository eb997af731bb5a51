use super::*;
use crate::metadata::tests::body;
use takeaways_text::model::BlockKind::{Heading, ListItem, Paragraph, Quote};
use takeaways_text::model::{Link, Span};

#[test]
fn a_byline_says_it_outright() {
    for (text, names, day) in [
        (
            "Authors: Paris Pittman (Google), Jonas Rosland (VMware)",
            vec!["Paris Pittman", "Jonas Rosland"],
            None,
        ),
        ("Author: Bill Mulligan, Isovalent", vec!["Bill Mulligan"], None),
        ("November 4th, 2022 Author: Bill Mulligan, Isovalent", vec!["Bill Mulligan"], Some("2022-11-04")),
        ("Author: Jane Doe | 2018-05-03", vec!["Jane Doe"], Some("2018-05-03")),
        ("Written by Matthew Mayer on August 20, 2017", vec!["Matthew Mayer"], Some("2017-08-20")),
        ("Posted on May 3, 2018", vec![], Some("2018-05-03")),
        ("Posted on May 3, 2018 by Jane Doe", vec!["Jane Doe"], Some("2018-05-03")),
        ("By Jane Doe and John Roe", vec!["Jane Doe", "John Roe"], None),
        ("By Jane Doe · 5 min read", vec!["Jane Doe"], None),
        ("by Jane Doe, 3 March 2021", vec!["Jane Doe"], Some("2021-03-03")),
        ("By Jane Doe and John Roe, March 3, 2021", vec!["Jane Doe", "John Roe"], Some("2021-03-03")),
        ("By Jane Doe (2021-03-03)", vec!["Jane Doe"], Some("2021-03-03")),
        ("Author: Jane Doe, 3 March 2021", vec!["Jane Doe"], Some("2021-03-03")),
        ("By Monday, 3 March 2021", vec![], None),
        ("Von Jane Doe", vec!["Jane Doe"], None),
        ("著者：山田太郎", vec!["山田太郎"], None),
        ("作者：张三", vec!["张三"], None),
        ("Auteur : Jane Doe", vec!["Jane Doe"], None),
        ("November 4th, 2022", vec![], Some("2022-11-04")),
        ("By the way, this is a recap", vec![], None),
        ("By Monday we were tired", vec![], None),
        ("Author: it is hard to say who wrote this great post", vec![], None),
        ("Best talk by author: Jane Doe", vec![], None),
        ("Dates: October 21–22, 2025", vec![], None),
        ("We met on May 3, 2018 in Copenhagen", vec![], None),
        ("Speaker: Jane Doe", vec![], None),
    ] {
        let found = find_byline(&body(&[(Paragraph, text), (Paragraph, "Text.")]), 2026);
        assert_eq!(found.authors, names, "{text}");
        assert_eq!(found.date.map(|day| day.to_string()).as_deref(), day, "{text}");
    }
}

#[test]
fn a_sign_off_stands_at_the_end() {
    let text = (Paragraph, "Text.");
    for (name, blocks, authors) in [
        ("dash", vec![text, (Paragraph, "– Jane Doe")], vec!["Jane Doe"]),
        ("closing", vec![text, (Paragraph, "Cheers, Jane Doe!")], vec!["Jane Doe"]),
        ("label", vec![text, (Paragraph, "Author: Jane Doe (Acme)")], vec!["Jane Doe"]),
        (
            "about",
            vec![text, (Heading(2), "About the author"), (Paragraph, "Jane Doe is an engineer.")],
            vec!["Jane Doe"],
        ),
        ("under a quote", vec![text, (Quote, "Words."), (Paragraph, "— Jane Doe")], vec![]),
        ("under quoted words", vec![(Paragraph, "“Words.”"), (Paragraph, "— Jane Doe")], vec![]),
        ("a name alone", vec![text, (Paragraph, "Jane Doe")], vec!["Jane Doe"]),
        ("a name before the end", vec![text, (Paragraph, "Jane Doe"), text], vec![]),
        (
            "a life",
            vec![
                text,
                (
                    Paragraph,
                    "Jane Doe is working as a Sr.Support Engineer at Acme. She is responsible for the things that break.",
                ),
            ],
            vec!["Jane Doe"],
        ),
        (
            "praise",
            vec![
                text,
                (
                    Paragraph,
                    "Jane Doe is a legend, and her keynote was the best of all that we heard in these four days.",
                ),
            ],
            vec![],
        ),
        ("a name alone", vec![text, (Paragraph, "Jane Doe")], vec!["Jane Doe"]),
        ("a heading over pictures", vec![text, (Heading(2), "Jane Doe")], vec![]),
        ("a list", vec![text, (ListItem, "– Jane Doe")], vec![]),
        ("somebody's life", vec![text, (Paragraph, "Jane Doe is working as an engineer.")], vec![]),
        ("in the middle", [vec![text; 8], vec![(Paragraph, "– Jane Doe")], vec![text; 8]].concat(), vec![]),
    ] {
        assert_eq!(find_byline(&body(&blocks), 2026).authors, authors, "{name}");
    }
}

#[test]
fn a_name_that_leads_to_a_person_is_a_byline() {
    for (text, address, name) in [
        ("Jane Doe", "https://www.linkedin.com/in/jane/", Some("Jane Doe")),
        ("Jane Doe", "https://x.org/author/jane", Some("Jane Doe")),
        ("Jane Doe", "https://x.org/talks/jane", None),
        ("Read more", "https://twitter.com/jane", None),
    ] {
        let mut body = body(&[(Paragraph, "Text."), (Paragraph, text), (Paragraph, "More text.")]);
        let span = body.blocks[1].span;
        body.links.push(Link { span, url: address.to_owned() });
        assert_eq!(find_byline(&body, 2026).authors.first().map(String::as_str), name, "{text} {address}");
    }
}

#[test]
fn an_address_to_write_to_is_the_weakest_sign() {
    for (text, address, name) in [
        ("Questions? Write to duncan.thomas@x.org", "mailto:duncan.thomas@x.org", Some("Duncan Thomas")),
        ("Questions? Write to info.team@x.org", "mailto:info.team@x.org", None),
        ("Questions? Write to duncan@x.org", "mailto:duncan@x.org", None),
        ("Questions? Write to d.t@x.org", "mailto:d.t@x.org", None),
        ("The talk of duncan.thomas@x.org", "mailto:duncan.thomas@x.org", None),
        ("Questions? Write to duncan.thomas@x.org", "https://x.org", None),
    ] {
        let mut body = body(&[(Paragraph, "Text."), (Paragraph, text)]);
        let start = body.text.rfind(' ').map_or(0, |at| at + 1);
        let span = Span::new(&body.text, start..body.text.len()).expect("a word");
        body.links.push(Link { span, url: address.to_owned() });
        assert_eq!(find_byline(&body, 2026).authors.first().map(String::as_str), name, "{text} {address}");
    }
}
