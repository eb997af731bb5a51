//! Sums up posts: the points of each in their order.

use std::sync::Arc;

use super::lines::{Line, points_of_posts};
use super::picked_lines::PickedLines;
use super::talks::can_be_line;
use super::weak_lines::{GOOD_GRADE, leave_out_asides, leave_out_below, put_takeaways_first, spread_over};
use super::{DraftGroup, MAX_LINES, all_of, drafts::Drafts};
use crate::candidates::{MAX_HEADING, has_at_most};
use crate::plan::QueryPlan;
use crate::post_part::PostPart;
use takeaways_text::model::{BlockKind, EventId, GroupTitle, Post, ReasonKind, Span};
use takeaways_text::tokens::folding::folded_words;
use takeaways_text::tokens::is_boilerplate;

/// A part with as many points is told by these.
const ENOUGH_OF_PART: usize = 6;
/// What it adds to the grade of a line that it is an item of a list in which its writer sums up, which may be short.
const TAKEAWAY_GAIN: f32 = 1.0;
/// With so many lines others of a low grade are left out.
const ENOUGH_GOOD: usize = 5;

/// The points of each post in their order. What one author wrote of the days of an event comes in the order of the days, other posts the
/// newest first.
pub(super) fn summary(posts: &[PostPart], plan: &QueryPlan) -> Drafts {
    // Of many posts, the newest say a line each.
    let mut posts: Vec<&PostPart> = posts.iter().take(MAX_LINES).collect();
    let first = posts.first().and_then(|meant| event_and_author(meant));
    if first.is_some() && posts.iter().all(|meant| event_and_author(meant) == first) {
        posts.sort_by(|a, b| (a.post().date, &a.post().path).cmp(&(b.post().date, &b.post().path)));
    }
    let limit = MAX_LINES / posts.len().max(1);
    let mut picked = PickedLines::new(plan.request.limits);
    let mut all = Vec::new();
    let mut group = |meant: &PostPart| {
        let mut lines = points_of_posts(std::slice::from_ref(meant.post()), plan);
        put_takeaways_first(&mut lines);
        leave_out_asides(&mut lines);
        lines.retain(|line| meant.contains(line.span));
        if meant.place().is_some() {
            // A part may have few points.
            let room = ENOUGH_OF_PART.saturating_sub(lines.len());
            lines.extend(
                other_sentences(meant.post(), &lines).filter(|line| meant.contains(line.span)).take(room),
            );
        }
        let weak = leave_out_below(GOOD_GRADE, &mut lines, ENOUGH_GOOD);
        for line in &mut lines {
            line.add(ReasonKind::Kind, TAKEAWAY_GAIN * f32::from(u8::from(line.is_listed_takeaway())));
        }
        spread_over_sections(&mut lines);
        all.extend(lines.iter().cloned().chain(weak));
        // Several posts may be by one author.
        let mut lines = picked.pick_or_shortest(&lines, limit, MAX_LINES);
        lines.sort_by_key(|line| line.span);
        show_headings(&mut lines);
        DraftGroup::new(GroupTitle::Post(meant.post().display_title().to_owned()), all_of(1), lines)
    };
    let groups = posts.into_iter().map(&mut group).collect();
    Drafts::new(groups, all)
}

/// The event that a post is about, and who wrote it.
fn event_and_author(meant: &PostPart) -> Option<(&EventId, String)> {
    let event = meant.post().main_event()?;
    Some((&event.id, meant.post().byline()?))
}

/// The sentences of the paragraphs of a post that are no part of some lines.
fn other_sentences<'p>(post: &'p Arc<Post>, lines: &[Line]) -> impl Iterator<Item = Line> + 'p {
    let body = &post.body;
    let used: Vec<Span> = lines.iter().map(|line| line.span).collect();
    let is_prose = |block: u32| {
        body.blocks
            .get(block as usize)
            .is_some_and(|it| matches!(it.kind, BlockKind::Paragraph | BlockKind::Quote))
    };
    let can_be_shown = move |span: &Span| {
        let text = body.slice(*span);
        can_be_line(text)
            && !text.ends_with([':', '：', '?', '？'])
            && !used.iter().any(|it| it.overlaps(*span))
    };
    let sentences = body.sentences.iter().filter(move |it| is_prose(it.block)).map(|it| it.span);
    sentences.filter(can_be_shown).map(|span| Line::at(post, span))
}

/// Shows the heading right above the first line of each section with it: a summary is told by section.
fn show_headings(lines: &mut [Line]) {
    let mut section = None;
    for line in lines {
        if section.replace(line.section) == Some(line.section) {
            continue;
        }
        let body = &line.post.body;
        let heading = body.headings_above(line.section).next();
        let says_something = |heading: &Span| {
            let text = body.slice(*heading);
            has_at_most(body, *heading, MAX_HEADING)
                && folded_words(text).iter().any(|word| !is_boilerplate(word))
        };
        line.lead_in = heading.filter(says_something);
    }
}

/// Lowers each line by the better ones of its section, and sorts the lines anew: a summary covers all sections.
pub(super) fn spread_over_sections(lines: &mut [Line]) {
    spread_over(lines, ReasonKind::Section, |line| vec![(line.post.id.clone(), line.section)]);
}

#[cfg(test)]
mod tests {
    use super::super::lines::Line;
    use super::super::tests::{engine_of_recaps, overview_of};
    use crate::samples::{engine_over, plan, post};
    use takeaways_text::model::{Point, PointKind};

    #[test]
    fn the_days_of_an_event_are_told_in_their_order() {
        let day = |day: u8| {
            let text =
                format!("Most teams should do more on day {day}, because it is easier than on others.");
            (
                format!("{day}.md"),
                format!(
                    "---\ntitle: Day {day}\nauthor: Ann Lee\ndate: 2018-05-0{day}\nevent: KubeCon EU 2018\n---\n\n{text}\n"
                ),
            )
        };
        let engine = engine_over(&[day(2), day(3), day(1)]);
        let overview =
            overview_of(&engine, "what did Ann Lee write about KubeCon EU 2018?").expect("a summary");
        let titles: Vec<&str> = overview.excerpts.iter().map(|it| it.citation.title.as_str()).collect();
        assert_eq!(titles, ["Day 1", "Day 2", "Day 3"]);
    }

    #[test]
    fn the_takeaways_that_a_writer_lists_are_in_the_summary() {
        let note = |at: usize| {
            format!("Talk number {at} had a demo of the mesh, and it went well for {at} minutes.\n\n")
        };
        let notes: String = (0..20).map(note).collect();
        let list = "My conclusions are these:\n\n- Meshes need more care\n- Nobody should skip tests\n";
        let engine = engine_of_recaps(&[("Ada", &format!("{list}\n{notes}"))]);
        let overview = overview_of(&engine, "KubeCon EU 2018 recap").expect("a summary");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert_eq!(
            lines.get(..2),
            Some(["Meshes need more care", "Nobody should skip tests"].as_slice()),
            "{lines:?}"
        );
    }

    #[test]
    fn an_item_is_shown_with_its_title() {
        let text =
            "1. **Subtitles first, not last.** Few players turn them on.\n2. Nobody reads. It is long.\n";
        let post = post("recap", text);
        let titles: Vec<Option<String>> = [1, 2]
            .map(|at| {
                let span = post.body.sentences[at].span;
                let point = Point::new(span, 2.0, PointKind::default(), Vec::new(), Vec::new());
                let excerpt = Line::new(&post, &point).excerpt(&plan(&[])).expect("an excerpt");
                excerpt.lead_in.map(|title| title.text)
            })
            .to_vec();
        assert_eq!(titles, [Some("Subtitles first, not last.".to_owned()), None]);
    }

    #[test]
    fn what_a_writer_sums_up_need_not_name_a_topic() {
        let talks = ["Istio", "Helm", "etcd", "Envoy", "Linkerd", "Cilium"].map(|thing| {
            format!("Most teams should test {thing} for weeks, because Kubernetes upgrades break it.\n\n")
        });
        let talks = talks.concat();
        let text = format!(
            "# Recap\n\n## Talks\n\n{talks}## Key takeaways\n\n- Let labels disagree with each other.\n"
        );
        let engine = engine_of_recaps(&[("Ada", &text)]);
        let overview = overview_of(&engine, "KubeCon EU 2018 recap").expect("a summary");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert!(lines.contains(&"Let labels disagree with each other."), "{lines:?}");
    }
}
