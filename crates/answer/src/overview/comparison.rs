//! Compares events, years, authors or things.

use std::collections::HashSet;
use std::sync::Arc;

use super::both_named::LinesOnBoth;
use super::compared_events::lines_comparing;
use super::contrast::{contrast_sides, prefer_distinct};
use super::lines::Line;
use super::numbers::attendance_lines;
use super::picked_lines::{PickedLines, in_turn};
use super::sides::{self, Side, are_scopes, have_one_scope};
use super::weak_lines::{is_readable, leave_out_foreign};
use super::{DraftGroup, MAX_LINES, ScopedPosts, all_of, assemble, views};
use crate::{
    attendance::{is_comparative, is_size},
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    question_syntax::blank_out,
    shape_words::is_word_of_shape,
};
use takeaways_text::language;
use takeaways_text::model::{
    GroupTitle, Language, Overview, Post, PostId, QuestionShape, Shape, ThemeContrast,
};
use takeaways_text::tokens::folding::folded_words;

/// The lines of each of two sides.
pub(super) const LINES_OF_SIDE: usize = MAX_LINES / 2;
/// The maximum number of lines of an author on one side.
const LINES_OF_AUTHOR: usize = 3;
/// With fewer posts on a side there is no difference to speak of.
pub(super) const MIN_POSTS_OF_SIDE: usize = 5;

/// The sides that a question compares.
pub(super) struct Comparison {
    pub plan: QueryPlan,
    pub shape: QuestionShape,
    sides: Vec<Side>,
}

/// Which lines of the sides are shown, and what is shown before them.
struct ChosenLines {
    /// The lines that name several sides.
    both: LinesOnBoth,
    contrast: Vec<ThemeContrast>,
    too_few: bool,
}

impl Comparison {
    /// Finds the sides that a question names; `None` if it names none, or if the posts mention only one.
    pub fn find(
        engine: &Engine,
        plan: &QueryPlan,
        shape: &QuestionShape,
    ) -> Result<Option<Self>, AnswerError> {
        let sides = sides::find(engine, plan, shape)?;
        Ok(sides.map(|sides| Self { plan: plan.clone(), shape: shape.clone(), sides }))
    }

    /// Returns its overview; `None` if there is nothing to tell of a side.
    pub fn into_overview(mut self, engine: &Engine) -> Result<Option<Overview>, AnswerError> {
        let chosen = self.choose_lines(engine)?;
        let Self { mut plan, shape, sides } = self;
        plan.keep_topic(&shape);
        if plan.request.subject.is_some() && are_scopes(&sides) {
            // The words of a name may be words of a language: "eu 19".
            plan.language = plan.request.question.conversation_language().unwrap_or(Language::En);
        }
        let Some(overview) = overview_of(sides, &chosen.both, Shape::Comparison, &plan) else {
            return Ok(None);
        };
        let ChosenLines { contrast, too_few, .. } = chosen;
        Ok(Some(Overview { contrast, too_few, ..overview }))
    }

    /// All lines that the overview is chosen from: those on several sides, then one of each side, then the next of each.
    pub fn lines(mut self, engine: &Engine) -> Result<Vec<Line>, AnswerError> {
        let mut lines = self.choose_lines(engine)?.both.into_lines();
        lines.extend(in_turn(self.sides.into_iter().map(|side| side.lines)));
        Ok(lines)
    }

    /// The posts of all sides, each once.
    pub fn posts(&self) -> Vec<Arc<Post>> {
        posts_of_sides(&self.sides)
    }

    /// Leaves the lines to the sides that the question asks for.
    fn choose_lines(&mut self, engine: &Engine) -> Result<ChosenLines, AnswerError> {
        let sides = self.sides.as_mut_slice();
        for side in &mut *sides {
            leave_out_foreign(&mut side.lines, self.plan.language);
        }
        prefer_distinct(sides);
        let words = words_beside_sides(&self.plan.question.syntax.text, &self.shape);
        let are_of_views = prefer_views(&words, sides);
        let plans: Vec<&QueryPlan> = sides.iter().map(|side| &side.plan).collect();
        let mut both = LinesOnBoth::find(engine, &self.plan, &plans)?;
        let are_of_size = prefer_attendance(&words, sides);
        if !are_of_size
            && both.is_empty()
            && !have_one_scope(sides)
            && sides.iter().all(|side| !side.lines.is_empty())
        {
            both.lines = lines_comparing(sides, self.plan.language);
        }
        let few = sides.iter().map(|side| side.scoped.posts.len()).min().unwrap_or_default();
        let are_scopes = are_scopes(sides);
        let mut contrast = Vec::new();
        // Of things the posts that name them are counted, which have other themes too.
        if let [left, right] = &mut *sides
            && are_scopes
            && !are_of_size
            && !are_of_views
            && few >= MIN_POSTS_OF_SIDE
        {
            contrast = contrast_sides([left, right], &*engine.index().facets(self.plan.request.now)?);
        }
        if !contrast.is_empty() && !asks_for_size(&words) && are_of_other_series(sides) {
            // Their topics are in the contrast; what sets two conferences apart is what writers think of each.
            show_views(sides);
        }
        if !are_of_size && !are_of_views {
            add_attendance(sides);
        }
        // A sentence on several sides tells the difference, however few there are.
        let too_few = !are_of_size && few < MIN_POSTS_OF_SIDE && both.is_empty();
        Ok(ChosenLines { both, contrast, too_few })
    }
}

/// Shows what writers think of the sides, if these are events and a question asks which one was better. Returns whether it does.
fn prefer_views(words: &[String], sides: &mut [Side]) -> bool {
    let preferences = &language::all().shapes.preference_words;
    let is_asked = words.iter().any(|word| preferences.contains_folded(word));
    let is_preferred = is_asked && are_scopes(sides);
    if is_preferred {
        show_views(sides);
    }
    is_preferred
}

/// Makes the lines of sides that are events those that tell what writers think of them.
fn show_views(sides: &mut [Side]) {
    for side in sides {
        side.lines = views::lines_of_event(&side.scoped.posts, &side.plan);
        leave_out_foreign(&mut side.lines, side.plan.language);
    }
}

/// Whether the sides are events, and no two are of the same conference.
fn are_of_other_series(sides: &[Side]) -> bool {
    let series = |side: &Side| -> HashSet<String> {
        side.plan.events.iter().map(|event| event.series.clone()).chain(side.plan.series.clone()).collect()
    };
    let all: Vec<HashSet<String>> = sides.iter().map(series).collect();
    let is_other = |(at, one): (usize, &HashSet<String>)| {
        !one.is_empty() && all.iter().skip(at + 1).all(|other| one.is_disjoint(other))
    };
    are_scopes(sides) && all.iter().enumerate().all(is_other)
}

/// The folded words of a question that are no part of its sides: the "smaller" of a side is no question for sizes.
fn words_beside_sides(question: &str, shape: &QuestionShape) -> Vec<String> {
    let mut beside = question.to_owned();
    for side in shape.sides.iter().flatten().filter(|side| question.get((*side).clone()).is_some()) {
        blank_out(&mut beside, side.clone());
    }
    folded_words(&beside)
}

/// Makes the overview of some sides: the best of the lines on `several` of them, then a group of lines for each; `None` if a side has none.
pub(super) fn overview_of(
    sides: Vec<Side>,
    several: &LinesOnBoth,
    shape: Shape,
    plan: &QueryPlan,
) -> Option<Overview> {
    let names: Vec<String> = sides.iter().map(|side| side.name.clone()).collect();
    let are_things = sides.iter().all(|side| !side.plan.concepts.is_empty());
    let has_one_scope = have_one_scope(&sides);
    // Beside a thing or an event, an author is only one side.
    let has_authors = sides.iter().all(|side| !side.plan.scope.authors.is_empty());
    let all = sides.iter().map(|side| side.scoped.count.of).max().unwrap_or_default();
    let posts = posts_of_sides(&sides);
    let all_posts = posts.len();
    let mut scoped = ScopedPosts::new(posts, all_posts);
    let topic = (are_things && has_one_scope).then(|| plan.language.refusals().any_of(&names));
    if topic.is_some() {
        scoped.count.of = all;
    }
    let mut picked = PickedLines::new(plan.request.limits);
    let several = several.pick(&mut picked);
    let of_several: HashSet<&PostId> = several.iter().map(|line| &line.post.id).collect();
    let mut groups = vec![DraftGroup::new(GroupTitle::Also, all_of(of_several.len()), several.clone())];
    let limit = (MAX_LINES - several.len()) / sides.len().max(1);
    // At an event, nobody may name one of two things.
    let is_limited = |side: &Side| !side.plan.scope.is_everything();
    let may_lack_side =
        topic.is_some() && sides.iter().all(is_limited) && sides.iter().any(|it| !it.lines.is_empty());
    for side in sides {
        // One person may have written of all sides.
        picked.begin_group();
        let mut lines = picked.pick_or_shortest(side.attendance.as_slice(), limit.min(1), MAX_LINES);
        lines.extend(picked.pick(&side.lines, limit - lines.len(), LINES_OF_AUTHOR));
        if lines.is_empty() {
            lines = picked.pick_or_shortest(&side.lines, 1, LINES_OF_AUTHOR);
        }
        if lines.is_empty() && several.is_empty() && !may_lack_side {
            return None;
        }
        groups.push(DraftGroup::new(GroupTitle::Side(side.name), side.scoped.count, lines));
    }
    let mut plan = plan.clone();
    if !has_authors {
        plan.scope.authors.clear();
    }
    let overview = assemble(shape, &plan, &scoped, groups);
    Some(Overview { topic, ..overview })
}

fn posts_of_sides(sides: &[Side]) -> Vec<Arc<Post>> {
    let mut seen = HashSet::new();
    let posts = sides.iter().flat_map(|side| &side.scoped.posts);
    posts.filter(|post| seen.insert(post.id.clone())).cloned().collect()
}

/// Shows only how many people came to the sides, if a question asks which one was larger and posts tell it, and of a side of which
/// they do not what writers think of it. Returns whether it does. `words` are those of the question beside its sides.
fn prefer_attendance(words: &[String], sides: &mut [Side]) -> bool {
    let is_of_events = |side: &Side| side.plan.concepts.iter().all(|concept| is_size(&concept.text));
    if !asks_for_size(words) || !sides.iter().all(is_of_events) {
        return false;
    }
    let lines: Vec<Vec<Line>> =
        sides.iter().map(|side| attendance_lines(&side.scoped.posts, &side.plan)).collect();
    let is_stated = lines.iter().any(|lines| !lines.is_empty());
    if is_stated {
        for (side, lines) in sides.iter_mut().zip(lines) {
            if lines.is_empty() {
                show_views(std::slice::from_mut(side));
            } else {
                side.lines = lines;
            }
        }
    }
    is_stated
}

/// Tells how many people came, if the sides are an event each and posts tell it of all.
fn add_attendance(sides: &mut [Side]) {
    let is_event = |side: &Side| side.plan.concepts.is_empty() && side.plan.scope.events.len() == 1;
    let largest = |side: &Side| {
        let lines = is_event(side).then(|| attendance_lines(&side.scoped.posts, &side.plan));
        lines.into_iter().flatten().find(|line| is_readable(line, side.plan.language))
    };
    if let Some(lines) = sides.iter().map(largest).collect::<Option<Vec<Line>>>() {
        for (side, line) in sides.iter_mut().zip(lines) {
            side.attendance = Some(line);
        }
    }
}

/// Whether words ask for the size of an event, and not for "big things".
pub(super) fn asks_for_size(words: &[String]) -> bool {
    let is_of_takeaways =
        |at: usize| words.get(at + 1).is_some_and(|next| is_word_of_shape(next, Shape::Takeaways));
    (0..).zip(words).any(|(at, word)| is_size(word) && (is_comparative(word) || !is_of_takeaways(at)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::overview_of;
    use super::*;
    use crate::samples::{engine_over, request};
    use takeaways_text::model::Answer;

    #[test]
    fn one_person_may_have_written_of_both_sides() {
        let post = |year: i16| {
            let points: Vec<String> = ["Istio", "Helm", "etcd", "Envoy"]
                .iter()
                .map(|thing| {
                    format!("Most teams needed months in {year} to learn {thing}, because it is complex.")
                })
                .collect();
            let head = format!("title: Recap of {year}\nauthor: Ada Lee\nevent: KubeCon EU {year}");
            (format!("{year}.md"), format!("---\n{head}\n---\n\n{}\n", points.join("\n\n")))
        };
        let engine = engine_over(&[post(2018), post(2022)]);
        let overview = overview_of(&engine, "KubeCon EU 2018 vs KubeCon EU 2022").expect("a comparison");
        assert_eq!((overview.shape, overview.groups.len()), (Shape::Comparison, 2), "{overview:?}");
    }

    #[test]
    fn two_events_are_compared_by_how_many_came_too() {
        let post = |(year, people): (i16, &str)| {
            let point = format!("Most teams needed months in {year} to learn Istio, because it is complex.");
            let head = format!("title: Recap of {year}\nauthor: Ada Lee\nevent: KubeCon EU {year}");
            (format!("{year}.md"), format!("---\n{head}\n---\n\n{point}\n\n{people}\n"))
        };
        // Of the second event, how many came is said of the event as a whole.
        for (people, expected) in
            [("There were 4,300 attendees in the halls.", [true, true]), ("It rained.", [false, true])]
        {
            let engine = engine_over(&[
                post((2018, people)),
                post((2022, "7,700 attendees came to the halls of the fair.")),
            ]);
            let overview = overview_of(&engine, "KubeCon EU 2018 vs KubeCon EU 2022").expect("a comparison");
            let firsts = overview.groups.iter().map(|group| &overview.excerpts[group.lines.start].quote.text);
            let are_numbers: Vec<bool> = firsts.map(|text| text.contains("attendees")).collect();
            assert_eq!(are_numbers, expected, "{overview:?}");
            let titles = overview.groups.iter().map(|group| group.title.clone()).collect::<Vec<_>>();
            let sides = ["KubeCon EU 2018, Copenhagen", "KubeCon EU 2022, Valencia"];
            assert_eq!(titles, sides.map(|side| GroupTitle::Side(side.to_owned())));
        }
    }

    #[test]
    fn the_size_of_things_said_is_not_that_of_events() {
        for (question, expected) in [
            ("which was bigger, kubecon 2018 or 2019", true),
            ("was kubecon larger overall than fosdem", true),
            ("how big was kubecon", true),
            ("what were the big things at kubecon", false),
            ("the biggest themes of both", false),
        ] {
            assert_eq!(asks_for_size(&folded_words(question)), expected, "{question}");
        }
    }

    #[test]
    fn two_conferences_are_compared_by_what_writers_think_of_each() {
        let post = |at: usize| {
            let (event, thing, view) = if at < 6 {
                ("FOSDEM", "Linkerd", "was great but too full")
            } else {
                ("KubeCon EU", "Istio", "was huge and well organised")
            };
            let text = format!(
                "---\ntitle: Recap {at}\nauthor: Ada{at} Example{at}\nevent: {event} 2018\n---\n\n\
                 The conference {view}, with {at},000 attendees of all kinds.\n\n\
                 Most teams should learn {thing} before the rest, because it is harder than it seems.\n"
            );
            (format!("recap{at}.md"), text)
        };
        let files: Vec<(String, String)> = (0..12).map(post).collect();
        let overview =
            overview_of(&engine_over(&files), "how does FOSDEM differ from KubeCon?").expect("an overview");
        assert_eq!(overview.shape, Shape::Comparison);
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert!(lines.iter().all(|line| line.starts_with("The conference")), "{lines:?}");
        for view in ["too full", "well organised"] {
            assert!(lines.iter().any(|line| line.contains(view)), "{view}: {lines:?}");
        }
    }

    #[test]
    fn a_trend_of_attendance_is_the_numbers_of_people() {
        let text = |year: i16, people: u32| {
            format!(
                "---\ntitle: Recap\nauthor: A B\nevent: KubeCon EU {year}\n---\n\nThere were {people} attendees in the halls of the fair.\n"
            )
        };
        let files = [
            ("a.md", text(2017, 1500)),
            ("b.md", text(2018, 4300)),
            ("c.md", text(2019, 7700)),
            ("d.md", text(2020, 120)),
            (
                "0.md",
                text(2019, 7700).replace(
                    "There were 7700 attendees in the halls of the fair",
                    "Hubo 7700 asistentes en las salas de la feria",
                ),
            ),
        ];
        let engine = engine_over(&files);
        let counts = ["1500", "4300", "7700"];
        for question in [
            "growth of KubeCon attendance over the years",
            "how has KubeCon grown over the years?",
            "kubecon attendance",
            "how many people come to KubeCon each year?",
        ] {
            let answer = engine.answer(&request(question)).expect("an answer");
            let Answer::Overview(overview) = answer else { panic!("{question}: {answer:?}") };
            for (group, number) in overview.groups.iter().zip(counts) {
                let text = &overview.excerpts[group.lines.start].quote.text;
                assert!(text.contains(number) && text.contains("attendees"), "{overview:?}");
            }
            assert_eq!(overview.groups.len(), counts.len(), "{question}");
        }
    }
}
