//! Finds where a writer sums up, in a conclusion or in a list of takeaways, and where they say what they liked or not.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::stance::asked_side;
use crate::entities::EntityTable;
use crate::folded_text::{FoldedText, PhraseLists};
use crate::topics::{TopicTable, is_event_topic};
use takeaways_text::model::{BlockKind, Body, Span, Stance};

/// A longer heading is mostly the title of a talk: "Conclusions from five years of chaos, by Ada Ito".
const MAX_HEADING_WORDS: usize = 6;

/// The words of headings that say so, and those of introductions.
static WORDS: LazyLock<PhraseLists<2>> = LazyLock::new(|| {
    PhraseLists::new([|words| &words.points.summary_headings, |words| &words.points.summary_introductions])
});
const OF_HEADINGS: usize = 0;
const OF_INTRODUCTIONS: usize = 1;

/// The blocks of a text in which its writer sums up: below a heading that says so, or items of a list whose introduction does.
pub(super) fn summary_blocks(body: &Body) -> HashSet<u32> {
    let sections = summary_sections(body);
    // Once for each list, since a list may have thousands of items.
    let mut introductions: HashMap<u32, bool> = HashMap::new();
    let mut is_introduction = |at: u32| {
        *introductions.entry(at).or_insert_with(|| {
            let last = body.sentences.partition_point(|sentence| sentence.block <= at).checked_sub(1);
            let sentence = last.and_then(|last| body.sentences.get(last)).filter(|it| it.block == at);
            sentence.is_some_and(|it| {
                WORDS.find(&FoldedText::fold(body.slice(it.span))).counts[OF_INTRODUCTIONS] > 0
            })
        })
    };
    let blocks = (0..).zip(&body.blocks).filter(|(_, block)| {
        sections.contains(&block.section)
            || block.kind == BlockKind::ListItem && block.lead_in.is_some_and(&mut is_introduction)
    });
    blocks.map(|(at, _)| at).collect()
}

/// The sections of a text under a heading that says that its writer sums up there.
fn summary_sections(body: &Body) -> HashSet<u32> {
    let is_over_summary = |heading: Span| {
        let folded = FoldedText::fold(body.slice(heading));
        // The title of a post at its beginning stands over all of it.
        heading.start() > 0
            && folded.words().count() <= MAX_HEADING_WORDS
            && WORDS.find(&folded).counts[OF_HEADINGS] > 0
    };
    body.sections_under(is_over_summary)
}

/// The sides that the headings of a text take, by section: "What I did not like" and what stands below it.
pub(super) fn judged_sections(body: &Body) -> HashMap<u32, Stance> {
    static WRITER: LazyLock<PhraseLists<1>> =
        LazyLock::new(|| PhraseLists::new([|words| &words.speakers.first_person]));
    let side_of = |heading: Span| {
        let text = body.slice(heading);
        let folded = FoldedText::fold(text);
        let is_short = heading.start() > 0 && folded.words().count() <= MAX_HEADING_WORDS;
        let is_of_writer = is_short && WRITER.find(&folded).counts != [0];
        // "Why I love Rust" is no verdict on the event.
        let names_thing = || {
            !EntityTable::builtin().mentions(text).is_empty()
                || TopicTable::builtin().ids_in_text(text).any(|id| !is_event_topic(id))
        };
        asked_side(text).filter(|_| is_of_writer && !names_thing())
    };
    let mut found = HashMap::new();
    for (at, section) in (0..).zip(&body.sections) {
        let of_parent = || section.parent.and_then(|parent| found.get(&parent).copied());
        if let Some(side) = section.heading.and_then(side_of).or_else(of_parent) {
            found.insert(at, side);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::testing::read_text;
    use takeaways_text::model::Stance;

    #[test]
    fn the_items_of_a_list_of_takeaways_may_be_short() {
        for (introduction, expected) in [
            ("My conclusions for teams like ours are the following three:", 2),
            ("It rained for days. These are my takeaways:", 2),
            ("My takeaways were few. We saw these on the stage:", 0),
            ("The vendor showed services for machine learning:", 0),
            ("A talk on three trends:", 0),
        ] {
            let text = format!(
                "# Recap\n\nIt was in Ghent.\n\n{introduction}\n\n- Meshes need more care\n- Nobody should skip tests\n- Ghent\n"
            );
            let post = read_text(&text);
            let items = post.body.points.iter().filter(|point| point.kind.sums_up);
            assert_eq!(items.count(), expected, "{introduction}: {:?}", post.body.points);
        }
    }

    #[test]
    fn a_sentence_sums_up_by_its_first_words() {
        for (text, expected) in [
            ("Overall, this was worth the long way for all of us.", true),
            ("So all in all they did very well with the rooms.", true),
            ("My favourite talk was the one about queues and letters.", true),
            ("Insgesamt war es für alle von uns die lange Reise wert.", true),
            ("Ce que je retiens de Gand : les files d'attente sont longues.", true),
            ("全体的に発表がとても丁寧で、会場の雰囲気も明るくて良かったです。", true),
            ("The rooms were too small, but better overall than last time.", false),
            ("This was worth the long way for all of us and for them.", false),
        ] {
            let post = read_text(&format!("# Recap\n\n{text}\n"));
            let sums_up = post.body.points.iter().any(|point| point.kind.sums_up);
            assert_eq!(sums_up, expected, "{text}: {:?}", post.body.points);
        }
    }

    #[test]
    fn a_heading_says_what_the_writer_liked() {
        for (heading, expected) in [
            ("What I did not like", Some(Stance::Against)),
            ("Things I liked", Some(Stance::For)),
            ("Lo que no me gustó", Some(Stance::Against)),
            ("Was mir nicht gefallen hat", Some(Stance::Against)),
            ("Drawbacks", None),
            ("Why I love Rust", None),
            ("The tent", None),
        ] {
            let text = format!(
                "# Recap\n\nIt was in Ghent.\n\n## {heading}\n\n- The air conditioning was set to arctic.\n"
            );
            let post = read_text(&text);
            let side = post.body.points.iter().find_map(|point| point.kind.event_stance);
            assert_eq!(side, expected, "{heading}: {:?}", post.body.points);
        }
    }

    #[test]
    fn a_writer_sums_up_under_a_short_heading_of_their_own() {
        let claim = "Most teams should start without a mesh, because each sidecar costs memory and time.";
        for (heading, expected) in [
            ("## Key takeaways", true),
            ("## Conclusion\n\n### On meshes", true),
            ("## Fazit", true),
            ("## Was ich mitnehme", true),
            ("## My three points to take home", true),
            ("## À retenir", true),
            ("## Major themes", true),
            ("## Meshes", false),
            ("## Conclusions from five years with Istio - Ada Ito, Example Inc.", false),
        ] {
            let text = format!("# Takeaways of Ghent\n\nIt rained.\n\n{heading}\n\n{claim}\n");
            let post = read_text(&text);
            let points = post.body.points.iter().filter(|it| post.body.slice(it.span) == claim);
            let sums_up: Vec<bool> = points.map(|point| point.kind.sums_up).collect();
            assert_eq!(sums_up, [expected], "{heading}");
        }
    }
}
