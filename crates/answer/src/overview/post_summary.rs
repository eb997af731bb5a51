//! Sums up posts: the points of each in their order.

use std::collections::HashSet;
use std::sync::Arc;

use super::lines::{Line, points_of_posts};
use super::picked_lines::PickedLines;
use super::talks::can_be_line;
use super::weak_lines::{
    keep_wanted, language_gain, leave_out_asides, put_takeaways_first, spread_over, tells_takeaway,
};
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
/// What it adds that a line tells of the event as a whole, or what its writer thinks of it: by readers' marks twice as many of these are
/// takeaways (`tests/questions/marks.jsonl`).
const EVENT_GAIN: f32 = 0.4;
/// With so many lines weak ones are left out.
const ENOUGH_GOOD: usize = 4;
/// Lines with a lower grade or score are weak.
const GOOD: f32 = 1.0;
/// The same for the best line of a section, which would go untold without it, and for what sums up. With a lower one, blind readers counted
/// 57 of 100 lines of summaries as bad instead of 54.
const GOOD_ENOUGH: f32 = 0.9;

/// The points of each post in their order. What one author wrote of the days of an event comes in the order of the days, other posts the
/// newest first.
pub(super) fn summary(posts: &[PostPart], plan: &QueryPlan) -> Drafts {
    // Of many posts, the newest say a line each.
    let mut posts: Vec<&PostPart> = posts.iter().take(MAX_LINES).collect();
    let first = posts.first().and_then(|meant| event_and_author(meant));
    if first.is_some() && posts.iter().all(|meant| event_and_author(meant) == first) {
        posts.sort_by(|a, b| (a.post().date, &a.post().path).cmp(&(b.post().date, &b.post().path)));
    }
    let candidates: Vec<(Vec<Line>, Vec<Line>)> = posts.iter().map(|meant| lines_of(meant, plan)).collect();
    let shares = shares_of(&candidates.iter().map(|(lines, _)| lines.len()).collect::<Vec<usize>>());
    let mut picked = PickedLines::new(plan.request.limits);
    let mut all = Vec::new();
    let mut groups = Vec::new();
    for ((meant, (lines, weak)), share) in posts.into_iter().zip(candidates).zip(shares) {
        // Several posts may be by one author.
        let mut shown = picked.pick_or_shortest(&lines, share, MAX_LINES);
        all.extend(lines.into_iter().chain(weak));
        shown.sort_by_key(|line| line.span);
        show_headings(&mut shown);
        let title = GroupTitle::Post(meant.post().display_title().to_owned());
        groups.push(DraftGroup::new(title, all_of(1), shown));
    }
    Drafts::new(groups, all)
}

/// The lines of a post or a part of one, the best first, and the weak ones that are left out.
fn lines_of(meant: &PostPart, plan: &QueryPlan) -> (Vec<Line>, Vec<Line>) {
    let mut lines = points_of_posts(std::slice::from_ref(meant.post()), plan);
    for line in &mut lines {
        line.add(ReasonKind::Event, EVENT_GAIN * f32::from(u8::from(line.kind.is_about_event)));
        line.add(ReasonKind::Kind, TAKEAWAY_GAIN * f32::from(u8::from(line.is_listed_takeaway())));
    }
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
    let weak = leave_out_weak_of_post(&mut lines, language_gain(meant.post().language, plan.language));
    spread_over_sections(&mut lines);
    (lines, weak)
}

/// Leaves out the weak lines of a post, the best first, but keeps enough lines. Returns those that are left out. What was added for the
/// language is that of the post, and so tells nothing.
fn leave_out_weak_of_post(lines: &mut Vec<Line>, of_language: f32) -> Vec<Line> {
    let mut told = HashSet::new();
    let best: HashSet<Span> =
        lines.iter().filter(|line| told.insert(line.section)).map(|line| line.span).collect();
    keep_wanted([lines], ENOUGH_GOOD, |line| {
        let lower = line.best_grade().min(line.score - of_language);
        let counts_more = best.contains(&line.span) || line.kind.sums_up || tells_takeaway(line);
        lower >= if counts_more { GOOD_ENOUGH } else { GOOD }
    })
}

/// How many lines each of some posts may have, of which there are so many lines: as many as others, and what others leave.
fn shares_of(lines: &[usize]) -> Vec<usize> {
    let mut shares = vec![0; lines.len()];
    let mut room = MAX_LINES.min(lines.iter().sum());
    while room > 0 {
        for (share, all) in shares.iter_mut().zip(lines) {
            let more = usize::from(*share < *all).min(room);
            *share += more;
            room -= more;
        }
    }
    shares
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
    use super::*;
    use crate::samples::{engine_over, plan, post};
    use takeaways_text::model::{Point, PointKind};

    /// The grades of the lines of a post that has points with these grades and kinds, each in the section with this number.
    fn grades_of_lines(points: &[(f32, PointKind, u32)]) -> Vec<f32> {
        let mut section = 0;
        let line = |(at, (_, _, of)): (usize, &(f32, PointKind, u32))| {
            let heading = if std::mem::replace(&mut section, *of) == *of { "" } else { "## A section\n\n" };
            format!("{heading}Line number {at} says nothing else.\n\n")
        };
        let text: String = points.iter().enumerate().map(line).collect();
        let mut post = post("recap", &text);
        let body = &mut Arc::make_mut(&mut post).body;
        let spans: Vec<Span> =
            body.blocks.iter().filter(|block| !block.is_heading()).map(|block| block.span).collect();
        let point = |(span, (grade, kind, _)): (Span, &(f32, PointKind, u32))| {
            // Without a topic of its content a section would be an aside.
            Point::new(span, *grade, *kind, vec![0], Vec::new())
        };
        body.points = spans.into_iter().zip(points).map(point).collect();
        let (mut lines, _) = lines_of(&PostPart::whole(&post), &plan(&[]));
        lines.sort_by_key(|line| line.span);
        lines.iter().map(|line| (line.best_grade() * 10.0).round() / 10.0).collect()
    }

    #[test]
    fn a_post_of_one_section_has_as_many_lines_as_one_of_several() {
        let kind = PointKind::default();
        let of_one: Vec<(f32, PointKind, u32)> = (0..9).map(|_| (1.0, kind, 1)).collect();
        let of_several: Vec<(f32, PointKind, u32)> = (1..10).map(|section| (1.0, kind, section)).collect();
        assert_eq!(grades_of_lines(&of_one), [1.0; 9]);
        assert_eq!(grades_of_lines(&of_several), [1.0; 9]);
    }

    #[test]
    fn weak_lines_go_but_for_the_best_of_a_section_and_what_sums_up() {
        let plain = PointKind::default();
        let sums_up = PointKind { sums_up: true, ..plain };
        let good = [1.0, 1.1, 1.2, 1.3].map(|grade| (grade, plain, 1));
        let left =
            |more: &[(f32, PointKind, u32)]| grades_of_lines(&[&good, more].concat()).split_off(good.len());
        assert_eq!(left(&[(0.9, plain, 1), (0.6, plain, 2)]), [0.0; 0]);
        assert_eq!(left(&[(0.8, plain, 2), (0.94, plain, 2)]), [0.9], "the best of a section");
        assert_eq!(left(&[(0.9, sums_up, 1), (0.5, sums_up, 1)]), [0.9]);
        assert_eq!(grades_of_lines(&[(1.0, plain, 1), (0.3, plain, 1)]), [1.0, 0.3], "there are too few");
    }

    #[test]
    fn a_post_with_few_lines_leaves_its_share_to_others() {
        for (lines, expected) in
            [(vec![12, 3], vec![7, 3]), (vec![2, 2], vec![2, 2]), (vec![9, 0, 9, 9], vec![4, 0, 3, 3])]
        {
            assert_eq!(shares_of(&lines), expected, "{lines:?}");
        }
    }

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
