use crate::testing::read_bytes;
use takeaways_text::model::Post;

fn post(file: &str, text: &str) -> Post {
    read_bytes(file, text.as_bytes()).post.expect("a post")
}

/// Each block but headings: its first word, and whose words it is.
#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let post = post("a.md", text);
    let body = &post.body;
    let blocks = (0..).zip(&body.blocks).filter(|(_, block)| !block.is_heading());
    let found: Vec<(&str, &str)> = blocks
        .map(|(at, block)| {
            let first = body.slice(block.span).split_whitespace().next().unwrap_or_default();
            (first, body.speaker_of(at).unwrap_or("-"))
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_quotation_with_a_name_below_or_behind_it() {
    check(
        "Talks.\n\n> Small is fine.\n>\n> — Mira Oakley (@mira) May 3, 2019\n\nLunch.\n",
        &[("Talks.", "-"), ("Small", "Mira Oakley"), ("—", "Mira Oakley"), ("Lunch.", "-")],
    );
    check("> \"Ship it often.\" - Tomas Lind\n\nLunch.\n", &[("\"Ship", "Tomas Lind"), ("Lunch.", "-")]);
    check("“Ship it often.” — Tomas Lind, Farside\n\nLunch.\n", &[("“Ship", "Tomas Lind"), ("Lunch.", "-")]);
    check("“Ship it often.”\n\n– Tomas Lind\n", &[("“Ship", "Tomas Lind"), ("–", "-")]);
    check(
        "“Ship it often,” said Tomas Lind. “All of it.”\n\n“And then rest.”\n\nLunch.\n",
        &[("“Ship", "Tomas Lind"), ("“And", "Tomas Lind"), ("Lunch.", "-")],
    );
    check(
        "“Ship it often.”\n\nTomas Lind, Farside\n\n“Ship it late.”\n\nMira Oakley, Nearside\n",
        &[("“Ship", "Tomas Lind"), ("Tomas", "-"), ("“Ship", "Mira Oakley"), ("Mira", "-")],
    );
    check(
        "Tomas Lind, Farside\n\n“Ship it often.”\n\nMira Oakley, Nearside\n\n“Ship it late.”\n\nThe End\n\nBye.\n",
        &[
            ("Tomas", "-"),
            ("“Ship", "Tomas Lind"),
            ("Mira", "-"),
            ("“Ship", "Mira Oakley"),
            ("The", "-"),
            ("Bye.", "-"),
        ],
    );
    check(
        "Talks.\n\n> \"Ship it often\" (all of it) - Tomas Lind\n\nLunch.\n",
        &[("Talks.", "-"), ("\"Ship", "Tomas Lind"), ("Lunch.", "-")],
    );
    // A talk and who gives it.
    check(
        "- “Small Disks for Large Clusters” — Tomas Lind\n- “Small disks are for all.” — Tomas Lind\n",
        &[("“Small", "-"), ("“Small", "Tomas Lind")],
    );
    // A definition, a list and an aside have no speaker.
    check(
        "It is this:\n\n> A thing that runs.\n\nTools – Helm Chart\n",
        &[("It", "-"), ("A", "-"), ("Tools", "-")],
    );
}

#[test]
fn embedded_messages_name_people_by_what_they_are_called() {
    let tweet = |from: &str| {
        format!(
            "---\nauthor: Mira Oakley\n---\nOakley met Tomas Lind.\n\n> So many people here!\n>\n> — {from} May 3, 2019\n"
        )
    };
    for (from, speaker) in [
        ("Tomas Lind (@tl)", "Tomas Lind"),
        ("lind (@tl)", "Tomas Lind"),
        ("🦀 crab (@tlind)", "Tomas Lind"),
        ("Crab Fan (@crabs)", "Crab Fan"),
        ("(@crabs)", "@crabs"),
        ("Mira Oakley (@mira)", "-"),
        ("Mira Chen (@mira)", "Mira Chen"),
        ("Disk Fan (@miraoakley)", "-"),
        ("Mira O. (@moakley)", "-"),
    ] {
        check(&tweet(from), &[("Oakley", "-"), ("So", speaker), ("—", speaker)]);
    }
}

#[test]
fn a_paragraph_that_is_mostly_quoted() {
    for (text, speaker) in [
        (
            "“We moved all of it in a week,” said Mira Oakley, an engineer at Farside. “It was dull, and nobody saw it.”",
            "Mira Oakley",
        ),
        (
            "Mira Oakley of Farside says: “We moved all of it in a week, and it was quite dull.”",
            "Mira Oakley",
        ),
        (
            "Mira Oakley said that they moved disks in a week. “It was dull, and it was very slow.”",
            "Mira Oakley",
        ),
        ("Mira Oakley had moved disks in a week, and said so: “It was dull, and it was very slow.”", "-"),
        ("I heard what Mira Oakley said of disks in a week. “It was dull, and it was very slow.”", "-"),
        ("“We moved all of it in a week,” I said to Mira Oakley over lunch.", "-"),
        ("Mira Oakley said that they moved all of it in a week, which she called “dull”.", "-"),
        ("“Wir haben alles in einer Woche umgezogen”, sagt Mira Oakley von Farside.", "Mira Oakley"),
        ("As Mira Oakley put it, “We moved all of it in a week, and it was dull.”", "Mira Oakley"),
        (
            "“We moved all of it in a week, it was dull, and nobody saw it”, Tomas Lind heard, according to Mira Oakley.",
            "Mira Oakley",
        ),
        ("Mira Oakley (Farside): “It was dull”", "Mira Oakley"),
        ("Mira Oakley: “The Dull Week”", "-"),
        ("“The Dull Week of the Large Disks”, asked for by Mira Oakley", "-"),
        ("“We moved all of it to DiskCon Europe,” it says.", "-"),
    ] {
        let first = text.split(' ').next().unwrap_or_default();
        check(&format!("{text}\n"), &[(first, speaker)]);
    }
    check(
        "Mira Oakley spoke on storage.\n\nShe said: “Disks are slow, and that is all there is to know.”\n",
        &[("Mira", "-"), ("She", "Mira Oakley")],
    );
    // In German a sentence has capitals as a title has.
    check(
        "---\nlang: de\n---\nIch war auf der Tagung und habe viel gelernt.\n\n\
         “Container sind Prozesse mit Grenzen”, sagte Mira Oakley.\n",
        &[("Ich", "-"), ("“Container", "Mira Oakley")],
    );
    check(
        "Mira Oakley spoke on storage.\n\nAs the speaker put it: “Disks are slow, and that is all there is.”\n",
        &[("Mira", "-"), ("As", "Mira Oakley")],
    );
}

#[test]
fn a_quotation_that_goes_on_below() {
    check(
        "“We moved all of it.\n\n“It was dull, all of it,” said Mira Oakley.\n",
        &[("“We", "Mira Oakley"), ("“It", "Mira Oakley")],
    );
    check(
        "“We moved all of it.”\n\n“It was dull, all of it,” said Mira Oakley.\n",
        &[("“We", "-"), ("“It", "Mira Oakley")],
    );
}

#[test]
fn a_block_quote_that_begins_with_a_name() {
    check(
        "Mira Oakley spoke.\n\n> Mira Oakley: Be kind to disks.\n\nEnd.\n",
        &[("Mira", "-"), ("Mira", "Mira Oakley"), ("End.", "-")],
    );
    check("We met.\n\n> Fun Fact: it was on disk.\n", &[("We", "-"), ("Fun", "-")]);
}

#[test]
fn a_quotation_that_is_introduced() {
    check(
        "I liked Rails Moment, a talk by Mira Oakley, and above all this line:\n\n> Be kind to disks.\n",
        &[("I", "-"), ("Be", "-")],
    );
    check(
        "I liked Rails Moment, a talk by Mira Oakley. Above all this line:\n\n> Be kind to disks.\n",
        &[("I", "-"), ("Be", "Mira Oakley")],
    );
    check(
        "I liked the talk by Mira Oakley. As I said, remember this line:\n\n> Be kind to disks.\n",
        &[("I", "-"), ("Be", "-")],
    );
    check("Mira Oakley closed with this:\n\n> Be kind to disks.\n", &[("Mira", "-"), ("Be", "Mira Oakley")]);
    check(
        "Mira Oakley gave a talk.\n\nHe said what made me think:\n\n> Be kind to disks.\n",
        &[("Mira", "-"), ("He", "-"), ("Be", "Mira Oakley")],
    );
    check(
        "Mira Oakley gave a talk.\n\nAs we know:\n\n> Disks are slow.\n",
        &[("Mira", "-"), ("As", "-"), ("Disks", "-")],
    );
    check("I met Mira Oakley and wrote this:\n\n> Be kind to disks.\n", &[("I", "-"), ("Be", "-")]);
    check(
        "Mira Oakley gave a talk. Oakley closed with this:\n\n> Be kind to disks.\n",
        &[("Mira", "-"), ("Be", "Mira Oakley")],
    );
}

#[test]
fn each_block_quote_has_its_own_source() {
    check(
        "Talks.\n\n> Small is fine.\n>\n> — Mira Oakley\n\n> Large is fine too.\n\n> Disks sing.\n\n> — Tomas Lind\n",
        &[
            ("Talks.", "-"),
            ("Small", "Mira Oakley"),
            ("—", "Mira Oakley"),
            ("Large", "-"),
            ("Disks", "Tomas Lind"),
            ("—", "Tomas Lind"),
        ],
    );
    check(
        "Mira Oakley said:\n\n> Small is fine.\n\n> Large is too.\n",
        &[("Mira", "-"), ("Small", "Mira Oakley"), ("Large", "Mira Oakley")],
    );
    let html = "Talks.\n\n<blockquote><p>Small is fine.</p><footer>Mira Oakley</footer></blockquote>\n\
                <blockquote><p>Disks sing.</p><footer>— <cite>Tomas Lind</cite>, Farside</footer></blockquote>\n\
                <blockquote><p>Rest. <cite>Ana Lopez</cite></p></blockquote>\n\
                <figure><blockquote><p>Clay waits.</p></blockquote><figcaption>— Sam Udo</figcaption></figure>\n";
    check(
        html,
        &[
            ("Talks.", "-"),
            ("Small", "Mira Oakley"),
            ("Mira", "Mira Oakley"),
            ("Disks", "Tomas Lind"),
            ("—", "Tomas Lind"),
            ("Rest.", "Ana Lopez"),
            ("Ana", "Ana Lopez"),
            ("Clay", "Sam Udo"),
            ("—", "-"),
        ],
    );
}

#[test]
fn the_author_goes_on_behind_the_last_answer() {
    let interview = |end: &str| {
        format!(
            "---\nauthor: Tomas Lind\n---\nI met Mira Oakley.\n\n**Tomas:** How did you start?\n\n**Mira:** I began with disks.\n\n\
             I was small.\n\n**Tomas:** And now?\n\n**Mira:** I build them.\n\n{end}\n\nI paid for lunch.\n"
        )
    };
    for (end, speaker) in [
        ("We like them.", "Mira Oakley"),
        ("We said goodbye, and she had a plane to catch.", "-"),
        ("We thank Mira for that.", "-"),
        ("The fair was over.", "-"),
        ("---\n\nWe like them.", "-"),
    ] {
        let first = end.trim_start_matches(['-', '\n']).split(' ').next().unwrap_or_default();
        check(
            &interview(end),
            &[
                ("I", "-"),
                ("Tomas:", "-"),
                ("Mira:", "Mira Oakley"),
                ("I", "Mira Oakley"),
                ("Tomas:", "-"),
                ("Mira:", "Mira Oakley"),
                (first, speaker),
                ("I", "-"),
            ],
        );
    }
    check(
        "---\ntitle: Interview with Mira Oakley\n---\n**How did you start?**\n\nWith my disks.\n\n**And now?**\n\nI build them.\n\n\
         **What next?**\n\nI sleep.\n\nI walked home.\n",
        &[
            ("How", "-"),
            ("With", "Mira Oakley"),
            ("And", "-"),
            ("I", "Mira Oakley"),
            ("What", "-"),
            ("I", "Mira Oakley"),
            ("I", "-"),
        ],
    );
}

#[test]
fn turns_of_a_conversation() {
    check(
        "---\nauthor: Tomas Lind\n---\n**Tomas Lind (TL): How did you start?**\n\n**Mira Oakley (MO):** I began with disks.\n\n\
         More came later.\n\n**TL: And now?**\n\n**MO:** I build them.\n\nThanks for reading.\n",
        &[
            ("Tomas", "-"),
            ("Mira", "Mira Oakley"),
            ("More", "Mira Oakley"),
            ("TL:", "-"),
            ("MO:", "Mira Oakley"),
            ("Thanks", "-"),
        ],
    );
    check(
        "---\ntitle: A talk with Mira Oakley\n---\nQ: How did you start?\n\nA: I began with disks.\n\nQ: And now?\n\nA: I build them.\n",
        &[("Q:", "-"), ("A:", "Mira Oakley"), ("Q:", "-"), ("A:", "Mira Oakley")],
    );
    check(
        "---\ntitle: Interview with Mira Oakley\n---\nWe met.\n\n## How did you start?\n\nWith my disks.\n\n## And now?\n\nI build them.\n\n\
         ## What next?\n\nSleep.\n",
        &[("We", "-"), ("With", "Mira Oakley"), ("I", "Mira Oakley"), ("Sleep.", "Mira Oakley")],
    );
    // The post also writes a word of the name in lower case.
    let heron = "---\ntitle: Interview with Mira Heron after DiskCon\n---\nWe met at the heron pond.\n\n**How did you start?**\n\n\
                 With my disks.\n\n**And now?**\n\nI build them.\n\n**Tom: What next?**\n\n**Mira:** I sleep.\n";
    check(
        heron,
        &[
            ("We", "-"),
            ("How", "-"),
            ("With", "Mira Heron"),
            ("And", "-"),
            ("I", "Mira Heron"),
            ("Tom:", "-"),
            ("Mira:", "Mira Heron"),
        ],
    );
    check(
        "We went to see a heron.\n\n## Q&A with Mira Heron\n\n**Q: How large is it?**\n\nA: I run all of it.\n",
        &[("We", "-"), ("Q:", "-"), ("A:", "Mira Heron")],
    );
    let asked = |first: &str, last: &str| {
        format!(
            "We sat down with Mira Oakley.\n\n## {first}\n\nI did.\n\n## {last}\n\nI am.\n\n## And now?\n\nI will.\n"
        )
    };
    check(
        &asked("How did you start?", "What are your disks?"),
        &[("We", "-"), ("I", "Mira Oakley"), ("I", "Mira Oakley"), ("I", "Mira Oakley")],
    );
    check(&asked("Did I like it?", "What is next?"), &[("We", "-"), ("I", "-"), ("I", "-"), ("I", "-")]);
    check(
        "Tomas Lind\n\nHow did you start?\n\nMira Oakley\n\nI began with disks.\n\nTomas Lind\n\nAnd now?\n\nMira Oakley\n\n\
         I build them.\n\n## End\n\nBye.\n",
        &[
            ("Tomas", "Tomas Lind"),
            ("How", "-"),
            ("Mira", "Mira Oakley"),
            ("I", "Mira Oakley"),
            ("Tomas", "Tomas Lind"),
            ("And", "-"),
            ("Mira", "Mira Oakley"),
            ("I", "Mira Oakley"),
            ("Bye.", "-"),
        ],
    );
    // A list of talks is no conversation.
    check(
        "- Mira Oakley: Disks for all\n- Tomas Lind: How we failed\n- Ana Lopez: Lunch\n",
        &[("Mira", "-"), ("Tomas", "-"), ("Ana", "-")],
    );
    // Fields of a programme are no conversation.
    check(
        "Blog Post: one\n\nSched Link: two\n\nBlog Post: three\n\nSched Link: four\n",
        &[("Blog", "-"), ("Sched", "-"), ("Blog", "-"), ("Sched", "-")],
    );
}

#[test]
fn parts_of_contributors() {
    let part = |heading: &str, caption: &str, text: &str| format!("## {heading}\n\n{caption}\n\n{text}\n\n");
    let own = part("Mira on Disks", "Mira Oakley, Farside", "I think that disks are slow.");
    check(&own, &[("Mira", "Mira Oakley"), ("I", "Mira Oakley")]);
    let about = part("Mira on Disks", "Mira Oakley, Farside", "I liked how Mira explained disks.");
    check(&about, &[("Mira", "-"), ("I", "-")]);
    // Text without markup has no headings, only short lines.
    let plain =
        "Mira on Disks\n\nMira Oakley, Farside\n\nI think that disks are slow.\n\nThe Lunch\n\nI ate.\n";
    check(plain, &[("Mira", "-"), ("Mira", "Mira Oakley"), ("I", "Mira Oakley"), ("The", "-"), ("I", "-")]);
    let quoted =
        "## Mira Oakley, Farside\n\n“Disks are slow.”\n\n## Tomas Lind, Nearside\n\n> Disks are fast.\n";
    check(quoted, &[("“Disks", "Mira Oakley"), ("Disks", "Tomas Lind")]);
    let mixed = own.clone() + "## Tomas Lind, Nearside\n\nWe saw no disks.\n\n## Lunch\n\nI ate.\n";
    check(&mixed, &[("Mira", "Mira Oakley"), ("I", "Mira Oakley"), ("We", "Tomas Lind"), ("I", "-")]);
    let two = "## Mira Oakley, Farside\n\nI think that disks are slow.\n\n## Tomas Lind, Nearside\n\nWe saw no disks.\n";
    check(two, &[("I", "Mira Oakley"), ("We", "Tomas Lind")]);
    let talks = "## Mira Oakley, Farside\n\nShe showed disks, and I slept.\n\n## Tomas Lind, Nearside\n\nI liked it.\n";
    check(talks, &[("She", "-"), ("I", "-")]);
    let one = "## Mira Oakley, Farside\n\nI think that disks are slow.\n\n## Lunch\n\nI ate.\n";
    check(one, &[("I", "-"), ("I", "-")]);
    let signed = "We asked around.\n\n## Day one\n\nI saw disks.\n\n— Mira Oakley, Farside\n\n## Day two\n\nI saw none.\n\n— Tomas Lind\n\n## End\n\nBye.\n\nSleep.\n";
    check(
        signed,
        &[
            ("We", "-"),
            ("I", "Mira Oakley"),
            ("—", "Mira Oakley"),
            ("I", "Tomas Lind"),
            ("—", "Tomas Lind"),
            ("Bye.", "-"),
            ("Sleep.", "-"),
        ],
    );
}

#[test]
fn a_quotation_below_the_heading_of_a_talk() {
    let talk = |heading: &str, text: &str| format!("## {heading}\n\n{text}\n\nLunch.\n");
    for (heading, speaker) in [
        ("Small Disks - Mira Oakley, Farside", "Mira Oakley"),
        ("Small Disks by Mira Oakley (Farside)", "Mira Oakley"),
        ("Small Disks - Mira Oakley, Farside & Tomas Lind, Nearside", "-"),
        ("Small Disks", "-"),
    ] {
        check(&talk(heading, "> “They are for all of us.”"), &[("“They", speaker), ("Lunch.", "-")]);
        check(&talk(heading, "“They are for all of us.”"), &[("“They", speaker), ("Lunch.", "-")]);
        check(&talk(heading, "> They are for all."), &[("They", "-"), ("Lunch.", "-")]);
        check(&talk(heading, "“Large Disks for Clusters”"), &[("“Large", "-"), ("Lunch.", "-")]);
        check(&talk(heading, "She said: “They are for all of us.”"), &[("She", speaker), ("Lunch.", "-")]);
        let others = talk(heading, "People told us to wait:\n\n> “They are not yet for all.”");
        check(&others, &[("People", "-"), ("“They", "-"), ("Lunch.", "-")]);
    }
}

#[test]
fn a_short_family_name_ends_a_sentence() {
    let said =
        |rest: &str| format!("“Meshes are small and all around us now,” said Bowen Li. {rest}\n\nLunch.\n");
    for rest in ["Kubernetes was next.", "Then we left."] {
        check(&said(rest), &[("“Meshes", "Bowen Li"), ("Lunch.", "-")]);
    }
}

#[test]
fn a_question_to_a_person_is_not_that_persons() {
    for text in [
        "I asked Bob Young: “Are meshes small and all around us now?”",
        "We asked Bob Young, “Are meshes small and all around us now?”",
        "I told Bob Young: “Meshes are small and all around us now.”",
        "She asked Bob Young: “Are meshes small and all around us now?”",
        "“Are meshes small and all around us now?” I asked Bob Young.",
        "“Meshes are small and all around us now,” Bob Young and Liz Rice said.",
        "“Meshes are small and all around us now,” said Bob Young and Liz Rice.",
    ] {
        let first = text.split(' ').next().unwrap_or_default();
        check(&format!("{text}\n\nLunch.\n"), &[(first, "-"), ("Lunch.", "-")]);
    }
    check(
        "“Meshes are small and all around us now,” said Bob Young. I agree.\n\nI heard it. “Ship it often, and all of it,” says Liz Rice.\n",
        &[("“Meshes", "Bob Young"), ("I", "Liz Rice")],
    );
}

#[test]
fn a_name_in_capitals_is_read_in_one_way() {
    let text =
        "Bob McDonald and Bob Mcdonald came.\n\n“Ship it often and do it well.”\n\n— BOB MCDONALD, Acme\n";
    for _ in 0..20 {
        check(text, &[("Bob", "-"), ("“Ship", "Bob McDonald"), ("—", "-")]);
    }
}

#[test]
fn a_part_goes_on_below_lines_that_name_its_person() {
    // Each line looks like a heading with captions below it.
    let lines = "Mira Oakley, Farside\n\nMira Oakley, Nearside\n\nMira Oakley, Seaside\n\n";
    let post = post("a.md", &(lines.to_owned() + "I think that disks are slow.\n"));
    assert_eq!(post.body.speakers, ["Mira Oakley"]);
    let speakers: Vec<Option<&str>> = (0..4).map(|at| post.body.speaker_of(at)).collect();
    assert_eq!(speakers.last(), Some(&Some("Mira Oakley")));
}

/// The time for these posts grew with the square of their length: such a post of the greatest length took hours.
#[test]
fn long_posts_of_one_kind_of_block_are_read_as_short_ones_are() {
    let count = 4_000;
    let name = |n: usize| {
        let letters = |n: usize| -> String {
            let letter = |at: u32| ('a'..='z').nth(n / 26_usize.pow(at) % 26);
            (0..3).filter_map(letter).collect()
        };
        format!("Mi{} Oak{}", letters(n), letters(n + 7))
    };
    let posts: [(&str, &dyn Fn(usize) -> String); 6] = [
        ("captions", &|n| format!("Mira Oakley, Farside {n}\n\n")),
        ("answers", &|_| "A: x\n\n".to_owned()),
        ("initials", &|n| format!("MO: I build {}.\n\n", name(n))),
        ("handles", &|n| format!("{} came.\n\n> Small.\n>\n> — (@h{n}x)\n\n", name(n))),
        ("lines", &|n| format!("“Ship it often and do.”\n\n{}, Farside {}\n\n", name(n), "x".repeat(90))),
        ("introduced", &|n| format!("{} closed with this:\n\n> be kind.\n\n", name(n))),
    ];
    for (kind, block) in posts {
        let speakers = |count: usize| post("a.md", &(0..count).map(block).collect::<String>()).body.speakers;
        let (few, many) = (speakers(20), speakers(count));
        assert_eq!(many[..few.len()], few, "{kind}");
    }
}
