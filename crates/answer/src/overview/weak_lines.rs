//! Lowers weak lines, and leaves them out where there are enough others.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::slice;

use super::DraftGroup;
use super::lines::{Line, NO_POINT, raise_summaries, sort_best_first};
use crate::people::heading_names_person;
use takeaways_corpus::points::gives_view;
use takeaways_corpus::topics::{TopicTable, is_logistics_topic};
use takeaways_text::model::{
    Block, BlockKind, Body, EventId, GroupTitle, Language, PostId, ReasonKind, Shape, Span,
};

/// What stands about an author is among as many blocks at the end of a post.
const LAST_BLOCKS: usize = 4;
/// A quote of fewer characters below the heading of a talk may be what somebody said there.
const MIN_ABSTRACT: usize = 250;
/// Readers would not quote half of the points with a lower grade, and few would be missed (`tests/questions/points.jsonl`).
pub(super) const GOOD_GRADE: f32 = 1.0;
/// An answer tells of each event of a scope with at most as many.
const MAX_EVENTS_EACH: usize = 3;
/// With as many lines that are points, others are left out.
const ENOUGH_POINTS: usize = 3;
/// By readers' grades of 799 lines that overviews showed (`tests/questions/shown_judgments.jsonl`), half of those with a lower grade
/// are bad, and of all one in four.
const LOW_GRADE: f32 = 0.75;
/// The same of lines with a lower score, which are far from the best passage on a topic. By another reader's grades of 191 lines half of
/// them are bad too.
const LOW_SCORE: f32 = -1.0;
/// By the grades of two more readers for 732 lines, 55 % of the lines of opinions with a lower score are bad, and 25 % of others. Those
/// that give a view stay.
const GOOD_VIEW_SCORE: f32 = 0.5;
/// By the same grades 41 % of the lines of summaries with a lower score are bad, and 13 % of others.
const GOOD_SUMMARY_SCORE: f32 = 0.7;
/// With as many lines that are not weak, the weak ones are left out.
pub(super) const ENOUGH_STRONG: usize = 4;
/// With as many other lines, those about travel and organisation are no takeaways.
const ENOUGH_TAKEAWAYS: usize = 6;
/// What it adds to the score of a takeaway that it is about travel or organisation.
const LOGISTICS_LOSS: f32 = -0.6;
/// What each better line that shares a section or a topic takes from the score of a line.
const LOSS_AFTER_BETTER: f32 = 0.3;

/// Keeps the lines that are wanted if there are enough of them, else all.
pub(super) fn keep_if_enough(lines: &mut Vec<Line>, enough: usize, is_wanted: impl Fn(&Line) -> bool) {
    let wanted: Vec<bool> = lines.iter().map(is_wanted).collect();
    if wanted.iter().filter(|it| **it).count() >= enough {
        let mut wanted = wanted.into_iter();
        lines.retain(|_| wanted.next().unwrap_or_default());
    }
}

/// What it adds to the score that a line is in English and the question is not, and that it is in a third language. Most who
/// ask read English.
const ENGLISH_LOSS: f32 = -0.3;
const FOREIGN_LOSS: f32 = -1.0;

/// What it adds to the score of a line that it is in this language, where the question is in the other one.
pub(super) fn language_gain(line: Language, question: Language) -> f32 {
    match line {
        _ if line == question => 0.0,
        Language::En => ENGLISH_LOSS,
        _ => FOREIGN_LOSS,
    }
}

/// Leaves out lines in a third language if there are enough others. Most who ask read English.
pub(super) fn leave_out_foreign(lines: &mut Vec<Line>, asked: Language) {
    keep_if_enough(lines, ENOUGH_STRONG, |line| is_readable(line, asked));
}

/// The same for the takeaways of the events of a scope. A question that names few events is answered on each, also where all recaps of one
/// are in a third language.
pub(super) fn leave_out_foreign_of_events(lines: &mut Vec<Line>, asked: Language, scope: &[EventId]) {
    let foreign = foreign_events(&lines.iter(), asked, scope);
    keep_if_enough(lines, ENOUGH_STRONG, |line| is_readable(line, asked) || is_of(line, &foreign));
}

/// Those of the few events of a scope whose lines are all in a third language.
fn foreign_events<'l>(
    lines: &(impl Iterator<Item = &'l Line> + Clone),
    asked: Language,
    scope: &[EventId],
) -> Vec<EventId> {
    if !(2..=MAX_EVENTS_EACH).contains(&scope.len()) {
        return Vec::new();
    }
    let is_told = |event: &&EventId| {
        lines.clone().any(|line| is_readable(line, asked) && is_of(line, slice::from_ref(event)))
    };
    scope.iter().filter(|event| !is_told(event)).cloned().collect()
}

/// Whether the post of a line is mainly on one of some events.
fn is_of(line: &Line, events: &[EventId]) -> bool {
    line.post.main_event().is_some_and(|event| events.contains(&event.id))
}

/// Whether a line is in English or in the language of the question.
pub(super) fn is_readable(line: &Line, asked: Language) -> bool {
    [asked, Language::En].contains(&line.post.language)
}

/// Whether a line is from what stands about its author at the end of a post: "Ann Lee is an engineer at Acme."
pub(super) fn is_biography(line: &Line) -> bool {
    let body = &line.post.body;
    let Some(at) = body.blocks_at(line.span).next().map(|at| at as usize) else { return false };
    let text = body.blocks.get(at).map(|block| body.slice(block.span)).unwrap_or_default();
    let begins_with = |name: &String| {
        let rest = text.strip_prefix(name.as_str()).filter(|_| name.contains(' '));
        rest.is_some_and(|rest| rest.starts_with(' '))
    };
    at + LAST_BLOCKS >= body.blocks.len() && line.post.authors.iter().any(begins_with)
}

/// Whether a line is from a long quote right below the heading of a talk that names who gave it: what the programme said of the talk, and
/// nothing that a writer took away.
pub(super) fn is_abstract(body: &Body, span: Span) -> bool {
    let Some(at) = body.blocks_at(span).next().map(|at| at as usize) else { return false };
    let is_quote = |block: &&Block| block.kind == BlockKind::Quote;
    if !body.blocks.get(at).as_ref().is_some_and(is_quote) {
        return false;
    }
    let above = body.blocks.get(..at).unwrap_or_default().iter().rev();
    let first = at - above.take_while(is_quote).count();
    let quote = body.blocks.get(first..).unwrap_or_default().iter().take_while(is_quote);
    let chars: usize = quote.map(|block| body.slice(block.span).chars().count()).sum();
    let heading = first.checked_sub(1).and_then(|above| body.blocks.get(above)).filter(|it| it.is_heading());
    chars >= MIN_ABSTRACT && heading.is_some_and(|it| heading_names_person(body.slice(it.span)))
}

/// Marks and lowers lines about travel and organisation, and those of sections that mention nothing else: nobody took them away,
/// unless the writer sums up there.
fn lower_asides(lines: &mut [Line]) {
    let table = TopicTable::builtin();
    let has_topic = |line: &Line, is_wanted: fn(&str) -> bool| {
        line.topics.iter().filter_map(|topic| table.id_at(*topic)).any(is_wanted)
    };
    let is_about_content =
        |line: &Line| !line.entities.is_empty() || has_topic(line, |topic| !is_logistics_topic(topic));
    let of_content: HashSet<(PostId, u32)> = lines
        .iter()
        .filter(|line| is_about_content(line))
        .map(|line| (line.post.id.clone(), line.section))
        .collect();
    for line in lines {
        line.is_aside = has_topic(line, is_logistics_topic)
            || !line.kind.sums_up && !of_content.contains(&(line.post.id.clone(), line.section));
        line.add(ReasonKind::EventTopic, if line.is_aside { LOGISTICS_LOSS } else { 0.0 });
    }
}

/// Sorts the points of posts: what their writers took away first, as [`lower_asides`] and [`raise_summaries`] tell.
pub(super) fn put_takeaways_first(lines: &mut [Line]) {
    lower_asides(lines);
    raise_summaries(lines);
    sort_best_first(lines);
}

/// Leaves out lines with less than a grade, but keeps `enough` lines, the first ones: fewer lines are better than thanks and small talk.
/// What writers sum up or say that many spoke of stays. Returns the lines that are left out.
pub(super) fn leave_out_below(least: f32, lines: &mut Vec<Line>, enough: usize) -> Vec<Line> {
    keep_wanted([lines], enough, |line| line.best_grade() >= least || tells_takeaway(line))
}

/// Keeps the lines that are wanted, and of the others the first ones until there are enough in all. Returns those that are left out.
fn keep_wanted<'l>(
    lists: impl IntoIterator<Item = &'l mut Vec<Line>>,
    enough: usize,
    is_wanted: impl Fn(&Line) -> bool,
) -> Vec<Line> {
    let lists: Vec<&mut Vec<Line>> = lists.into_iter().collect();
    let wanted = lists.iter().flat_map(|lines| lines.iter()).filter(|line| is_wanted(line)).count();
    let mut room = enough.saturating_sub(wanted);
    let mut left_out = Vec::new();
    for lines in lists {
        left_out.extend(lines.extract_if(.., |line| {
            let is_wanted = is_wanted(line);
            let is_kept = is_wanted || room > 0;
            room -= usize::from(is_kept && !is_wanted);
            !is_kept
        }));
    }
    left_out
}

fn is_of_low_grade(line: &Line) -> bool {
    line.best_grade() < LOW_GRADE && !tells_takeaway(line)
}

/// Whether a line says itself that somebody took it away: its writer sums up there, or many spoke of it.
fn tells_takeaway(line: &Line) -> bool {
    line.is_listed_takeaway() || line.kind.prevalence > 0
}

/// Lowers each line by the better ones that share a key with it, and sorts the lines anew.
pub(super) fn spread_over<K: Eq + Hash>(
    lines: &mut [Line],
    kind: ReasonKind,
    keys: impl Fn(&Line) -> Vec<K>,
) {
    let mut counts: HashMap<K, f32> = HashMap::new();
    for line in lines.iter_mut() {
        let mut before: f32 = 0.0;
        for key in keys(line) {
            let count = counts.entry(key).or_default();
            before = before.max(*count);
            *count += 1.0;
        }
        line.add(kind, -LOSS_AFTER_BETTER * before);
    }
    sort_best_first(lines);
}

/// Leaves out the weak lines of groups, but keeps as many lines as are enough, the first ones: fewer lines are better than weak ones.
/// Groups of a comparison or a trend stand for a side or a year, and need theirs. So do those of a list that stand for a post, an event
/// or a name.
pub(super) fn leave_out_weak_of_groups(
    groups: &mut [DraftGroup],
    shape: Shape,
    asked: Language,
    scope: &[EventId],
) {
    let lists_groups = shape == Shape::List && groups.iter().all(|group| group.lines.len() <= 1);
    if matches!(shape, Shape::Comparison | Shape::Trend) || lists_groups {
        return;
    }
    let is_low = |line: &Line| match shape {
        Shape::Opinions => {
            let is_view = line.stance.is_some() || gives_view(line.text(), line.post.language);
            line.score < GOOD_VIEW_SCORE && !is_view
        }
        Shape::Summary => is_of_low_grade(line) || line.score < GOOD_SUMMARY_SCORE,
        // Advice is plain: "Book your hotel early." So are the items of lists.
        Shape::Advice | Shape::List => line.score < LOW_SCORE,
        _ => line.score < LOW_SCORE || is_of_low_grade(line),
    };
    let foreign = foreign_events(&groups.iter().flat_map(|group| &group.lines), asked, scope);
    let groups = groups.iter_mut().filter(|group| !matches!(group.title, GroupTitle::Numbers(_)));
    let lists = groups.map(|group| &mut group.lines);
    let can_be_read = |line: &Line| is_readable(line, asked) || is_of(line, &foreign);
    keep_wanted(lists, ENOUGH_STRONG, |line| can_be_read(line) && !is_low(line));
}

/// Leaves out the marked lines if there are enough others.
pub(super) fn leave_out_asides(lines: &mut Vec<Line>) {
    keep_if_enough(lines, ENOUGH_TAKEAWAYS, |line| !line.is_aside);
}

/// Leaves out lines that are no points and take no side, if there are enough others: fewer lines are better than weak ones. The
/// first line stays, since it may be the best answer.
pub(super) fn leave_out_weak(lines: &mut Vec<Line>) {
    let is_point = |line: &Line| line.stance.is_some() || line.best_grade() > NO_POINT;
    if lines.iter().filter(|line| is_point(line)).count() >= ENOUGH_POINTS {
        let mut is_first = true;
        lines.retain(|line| std::mem::take(&mut is_first) || is_point(line));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};
    use super::*;
    use crate::samples::{engine_over, post};
    use std::sync::Arc;
    use takeaways_text::model::{Excerpt, Point, PointKind, PostCount, Stance};

    #[test]
    fn lines_in_a_third_language_go_where_there_are_enough_others() {
        let left = |languages: &[Language]| {
            let of_language = |language: &Language| {
                let mut post = post("recap", "One line is here.\n");
                Arc::make_mut(&mut post).language = *language;
                let span = post.body.blocks[0].span;
                Line::new(&post, &Point::new(span, 2.0, PointKind::default(), Vec::new(), Vec::new()))
            };
            let mut lines: Vec<Line> = languages.iter().map(of_language).collect();
            leave_out_foreign(&mut lines, Language::De);
            lines.len()
        };
        let [en, de, nl] = [Language::En, Language::De, Language::Nl];
        assert_eq!(left(&[en, de, nl, en, nl]), 5);
        assert_eq!(left(&[en, de, nl, en, de, nl]), 4);
    }

    #[test]
    fn lines_that_are_no_points_go_where_there_are_enough_others() {
        // Lines by whether they are points. The last one takes a side.
        let left = |are_points: &[bool]| {
            let text: String = are_points.iter().map(|_| "One line is here.\n\n").collect();
            let mut post = post("recap", &text);
            let spans = post.body.blocks.iter().map(|block| block.span);
            let points =
                spans.map(|span| Point::new(span, 2.0, PointKind::default(), Vec::new(), Vec::new()));
            let all: Vec<(usize, Point)> = points.enumerate().collect();
            let kept = all.iter().filter(|(at, _)| are_points[*at]).map(|(_, point)| point.clone());
            Arc::make_mut(&mut post).body.points = kept.collect();
            let mut lines: Vec<Line> = all.iter().map(|(_, point)| Line::new(&post, point)).collect();
            if let Some(last) = lines.last_mut() {
                last.stance = Some(Stance::Against);
            }
            leave_out_weak(&mut lines);
            let is_left = |point: &Point| lines.iter().any(|line| line.span.overlaps(point.span));
            all.iter().filter(|(_, point)| is_left(point)).map(|(at, _)| *at).collect::<Vec<usize>>()
        };
        assert_eq!(left(&[false, true, false, false]), [0, 1, 2, 3], "two are too few");
        assert_eq!(left(&[false, true, false, true, false]), [0, 1, 3, 4]);
    }

    #[test]
    fn weak_lines_of_groups_go_where_there_are_enough_others() {
        let line = |grade: f32, language: Language| {
            let mut post = post("recap", "One line is here.\n");
            let point =
                Point::new(post.body.blocks[0].span, grade, PointKind::default(), Vec::new(), Vec::new());
            let changed = Arc::make_mut(&mut post);
            changed.language = language;
            changed.body.points = vec![point.clone()];
            Line::new(&post, &point)
        };
        let [good, low, foreign] =
            [line(1.0, Language::En), line(0.6, Language::En), line(2.0, Language::Nl)];
        let far = Line { score: -1.5, ..low.clone() };
        let left = |strong: usize, shape: Shape| {
            let group = |title, lines| DraftGroup::new(title, PostCount { posts: 1, of: 1 }, lines);
            let numbers = GroupTitle::Numbers("700".to_owned());
            let mut groups = [
                group(GroupTitle::Also, vec![good.clone(); strong]),
                group(GroupTitle::Views, vec![low.clone(), far.clone(), foreign.clone()]),
                group(numbers, vec![low.clone()]),
            ];
            leave_out_weak_of_groups(&mut groups, shape, Language::En, &[]);
            groups.map(|group| group.lines.len())
        };
        assert_eq!(left(3, Shape::Takeaways), [3, 1, 1], "the first of them makes four");
        assert_eq!(left(4, Shape::Takeaways), [4, 0, 1]);
        assert_eq!(left(4, Shape::Opinions), [4, 1, 1], "a line of opinions need not be a good quote");
        assert_eq!(left(4, Shape::List), [4, 1, 1], "an item of a list must be near the best");
        assert_eq!(left(4, Shape::Comparison), [4, 3, 1]);
    }

    #[test]
    fn lines_of_a_low_grade_go_where_there_are_enough_others() {
        // Lines by their grades; the last one sums up.
        let left = |grades: &[f32]| {
            let text: String = grades.iter().map(|_| "One line is here.\n\n").collect();
            let mut post = post("recap", &text);
            let point = |(at, grade): (usize, &f32)| {
                let kind = PointKind { prevalence: u8::from(at + 1 == grades.len()), ..PointKind::default() };
                Point::new(post.body.blocks[at].span, *grade, kind, Vec::new(), Vec::new())
            };
            let points: Vec<Point> = grades.iter().enumerate().map(point).collect();
            Arc::make_mut(&mut post).body.points.clone_from(&points);
            let mut lines: Vec<Line> = points.iter().map(|point| Line::new(&post, point)).collect();
            leave_out_below(GOOD_GRADE, &mut lines, 3);
            let place = |line: &Line| points.iter().position(|point| point.span == line.span);
            lines.iter().filter_map(place).collect::<Vec<usize>>()
        };
        assert_eq!(left(&[2.0, 0.6, 1.2, 0.7, 1.5, 0.8]), [0, 2, 4, 5]);
        assert_eq!(left(&[0.6, 0.9, 1.2, 0.7, 0.8]), [0, 2, 4], "the first of the others make three");
    }

    #[test]
    fn sections_without_content_are_left_out_where_there_is_enough_of_it() {
        let things = ["Istio", "Linkerd", "Helm", "Prometheus", "etcd", "Cilium"];
        let evening = "Everybody should see the old town before the sun sets, because it is beautiful.";
        for (talks, expected) in [(2, true), (6, false)] {
            let talk =
                |thing: &&str| format!("Most teams need months to learn {thing}, because it is complex.\n\n");
            let text: String = things.iter().take(talks).map(talk).collect();
            let recap =
                format!("---\nevent: KubeCon EU 2018\n---\n\n## Talks\n\n{text}## Evening\n\n{evening}\n");
            let engine = engine_over(&[("recap.md".to_owned(), recap)]);
            let overview = overview_of(&engine, "KubeCon EU 2018 recap").expect("an overview");
            let shows_evening = overview.excerpts.iter().any(|line| line.quote.text == evening);
            assert_eq!(shows_evening, expected, "{talks} talks: {overview:?}");
        }
    }

    #[test]
    fn numbers_of_people_stay_where_lines_about_organisation_go() {
        let talks = |things: [&str; 2]| {
            let talk = |it| format!("Most teams need months to learn {it}, because it is complex.\n\n");
            things.map(talk).concat()
        };
        let came =
            |number: &str| format!("The registration desk says that {number} attendees came this year.");
        let recaps = [
            ("Ada", talks(["Istio", "Linkerd"]) + &came("8,000")),
            ("Bea", talks(["Helm", "etcd"]) + &came("7,500")),
            ("Cem", talks(["Cilium", "Prometheus"])),
        ];
        let recaps = recaps.each_ref().map(|(author, text)| (*author, text.as_str()));
        let overview = overview_of(&engine_of_recaps(&recaps), "KubeCon EU 2018 recap").expect("an overview");
        let has_numbers =
            |title: &GroupTitle| matches!(title, GroupTitle::Numbers(it) if it == "8,000 · 7,500 attendees");
        assert!(overview.groups.iter().any(|group| has_numbers(&group.title)), "{:?}", overview.groups);
    }

    #[test]
    fn what_the_programme_says_of_a_talk_is_no_point() {
        let own = "Most teams should look at Istio first, because it is easier to debug than others.\n\n\
            I think that Helm needs months, because nobody knows all of it.";
        let programme = "Most teams should run Linkerd in production. ".repeat(6);
        for (quoted, is_shown) in
            [(programme.trim(), false), ("Most teams should run Linkerd, not Istio.", true)]
        {
            let text = format!(
                "{own}\n\n### Meshes for all - Ada Lee, Example Inc.\n\n> {quoted}\n\nThe room was full.\n"
            );
            let recap = format!("---\ntitle: A recap\nevent: KubeCon EU 2018\n---\n\n{text}");
            let engine = engine_over(&[("a.md".to_owned(), recap)]);
            let overview = overview_of(&engine, "KubeCon EU 2018 recap").expect("an overview");
            let is_quoted = |line: &Excerpt| line.quote.text.contains("Linkerd");
            assert_eq!(overview.excerpts.iter().any(is_quoted), is_shown, "{overview:?}");
        }
    }

    #[test]
    fn what_stands_about_the_author_is_no_point() {
        let text = "Most teams should look at Istio first, because it is easier to debug than others.\n\n\
            I think that Helm needs months, because nobody knows all of it.\n\n\
            Ada Lee is an engineer who believes that most teams should test more, because bugs cost months.\n";
        let engine = engine_over(&[(
            "a.md".to_owned(),
            format!("---\ntitle: A recap\nauthor: Ada Lee\nevent: KubeCon EU 2018\n---\n\n{text}"),
        )]);
        let overview = overview_of(&engine, "KubeCon EU 2018 recap").expect("an overview");
        let is_about_author = |line: &Excerpt| line.quote.text.starts_with("Ada Lee");
        assert!(
            overview.excerpts.len() == 2 && !overview.excerpts.iter().any(is_about_author),
            "{overview:?}"
        );
    }
}
