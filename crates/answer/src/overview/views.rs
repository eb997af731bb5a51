//! Groups opinions by the side that they take.

use std::collections::HashSet;
use std::sync::Arc;

use super::lines::{Line, is_on_event_topic, points_of_posts, sort_best_first};
use super::picked_lines::PickedLines;
use super::shape::things;
use super::topic_line::MIN_CHARS;
use super::weak_lines::{is_readable, keep_if_enough};
use super::{DraftGroup, MAX_LINES, drafts::Drafts};
use crate::{
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    resolve::NameRole,
    shape_words::is_person_word,
};
use takeaways_corpus::points::{gives_view, shows_side, takes_side};
use takeaways_text::language;
use takeaways_text::model::{GroupTitle, Post, ReasonKind, Shape, Stance};
use takeaways_text::tokens::folding::folded_words;

/// The sides, in the order of their groups.
const SIDES: [Option<Stance>; 3] = [Some(Stance::For), Some(Stance::Against), None];
/// With as many views, lines that give none are left out.
const ENOUGH_VIEWS: usize = 3;
/// With as many lines on an event itself, others are left out.
const ENOUGH_ON_EVENT: usize = 6;
/// What it adds to the grade of a line on an event that it takes a side, mentions the event, or is on a topic of events.
const EVENT_GAIN: f32 = 0.6;
/// What it adds that it names the part of the event that is asked about: "what was the atmosphere like?"
const ASKED_PART_GAIN: f32 = 2.0;
/// How many of the lines are kept for sides that the best ones do not take: one for each.
const KEPT_FOR_SIDES: usize = 2;

/// Groups the best of some lines, which are sorted, by the side that they take. `of` is the number of posts that they are from.
fn by_side(lines: &[Line], of: usize, mut picked: PickedLines) -> Vec<DraftGroup> {
    // The first line is the best answer, whatever it is.
    let views =
        lines.iter().enumerate().filter(|(at, line)| *at == 0 || gives_view(line.text(), line.post.language));
    let views: Vec<Line> = views.map(|(_, line)| line.clone()).collect();
    let lines = if views.len() < ENOUGH_VIEWS { lines } else { &views };
    let mut best = picked.pick_fairly(lines, MAX_LINES - KEPT_FOR_SIDES);
    for side in [Stance::For, Stance::Against] {
        if !best.iter().any(|line| line.stance == Some(side)) {
            let others: Vec<Line> = lines.iter().filter(|line| line.stance == Some(side)).cloned().collect();
            best.extend(picked.pick_or_shortest(&others, 1, 2));
        }
    }
    let room = MAX_LINES - best.len();
    best.extend(picked.pick_fairly(lines, room));
    let groups = SIDES.map(|side| {
        let lines = best.iter().filter(|line| line.stance == side).cloned().collect();
        group(side, lines, of)
    });
    groups.into()
}

/// Groups the best of some lines, which are sorted: by side, or those on the side that the plan asks for. `of` is the number of posts
/// that they are from.
pub(super) fn drafts(lines: Vec<Line>, of: usize, plan: &QueryPlan, picked: PickedLines) -> Drafts {
    match plan.question.asked_side {
        Some(side) => on_side(&lines, of, side, plan, picked),
        None => Drafts::new(by_side(&lines, of, picked), lines),
    }
}

/// The best of some lines on a topic that take a side. If it is clear of none, those of which a sentence takes it are views, else
/// those with words that show it. If none has on a thing of the tables, all are: who asks for criticism then sees that there is none.
/// On anything else, the words of the question find more.
fn on_side(lines: &[Line], of: usize, side: Stance, plan: &QueryPlan, mut picked: PickedLines) -> Drafts {
    let of_side: Vec<Line> = lines.iter().filter(|line| line.stance == Some(side)).cloned().collect();
    // A few words alone do not tell enough: "Operators are the best."
    let is_enough =
        |line: &Line| is_readable(line, plan.language) && line.text().chars().count() >= MIN_CHARS;
    if of_side.iter().any(is_enough) {
        let group = group(Some(side), picked.pick_fairly(&of_side, MAX_LINES), of);
        return Drafts::new(vec![group], of_side);
    }
    let takes_side = |line: &Line| takes_side(&line.post.body, line.span, line.post.language, side);
    let shows_side = |line: &Line| shows_side(line.text(), line.post.language, side);
    let such = |is: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| is(line)).cloned().collect::<Vec<_>>();
    let mut taking = such(&takes_side);
    if !taking.iter().any(is_enough) {
        taking = such(&shows_side);
    }
    let is_on_things = things(plan).len() == plan.concepts.len();
    let (lines, title) = if taking.is_empty() && is_on_things {
        (lines.to_vec(), GroupTitle::ViewsWithout(side))
    } else {
        (taking, GroupTitle::Views)
    };
    let group = DraftGroup::of_lines(title, of, picked.pick_fairly(&lines, MAX_LINES));
    Drafts::new(vec![group], lines)
}

fn group(side: Option<Stance>, lines: Vec<Line>, of: usize) -> DraftGroup {
    DraftGroup::of_lines(side.map_or(GroupTitle::Views, GroupTitle::Stance), of, lines)
}

/// Groups what writers think of an event: by side, or what is on the side that the question asks for.
pub(super) fn of_event(posts: &[Arc<Post>], plan: &QueryPlan) -> Drafts {
    let (mut lines, of) = (lines_of_event(posts, plan), posts.len());
    let picked = PickedLines::new(plan.request.limits);
    if let Some(side) = plan.question.asked_side
        && !lines.iter().any(|line| line.stance == Some(side))
    {
        // Most of what takes a side at an event judges something else.
        let shows_side = |line: &Line| shows_side(line.text(), line.post.language, side);
        lines.retain(|line| line.kind.is_about_event && shows_side(line));
    }
    drafts(lines, of, plan, picked)
}

/// What writers think of an event, best first.
pub(super) fn lines_of_event(posts: &[Arc<Post>], plan: &QueryPlan) -> Vec<Line> {
    let mut lines = points_of_posts(posts, plan);
    let parts = event_parts(&plan.question.syntax.text);
    for line in &mut lines {
        let names_part = !parts.is_empty() && !parts.is_disjoint(&event_parts(line.text()));
        line.add(ReasonKind::Topic, if names_part { ASKED_PART_GAIN } else { 0.0 });
        // Most of what is said at an event judges other things.
        line.stance = line.kind.event_stance;
        let gain = |is: bool| if is { EVENT_GAIN } else { 0.0 };
        line.add(ReasonKind::Stance, gain(line.stance.is_some()));
        line.add(ReasonKind::Event, gain(line.kind.is_about_event));
        line.add(ReasonKind::EventTopic, gain(is_on_event_topic(line)));
    }
    let is_on_event =
        |line: &Line| line.stance.is_some() || line.kind.is_about_event || is_on_event_topic(line);
    keep_if_enough(&mut lines, ENOUGH_ON_EVENT, is_on_event);
    sort_best_first(&mut lines);
    lines
}

/// The words for parts of an event in a text, without their endings: "what was the atmosphere like?" asks for lines that name it.
fn event_parts(text: &str) -> HashSet<String> {
    let parts = &language::all().stances.event_parts;
    let words = folded_words(text).into_iter().filter(|word| parts.contains_folded(word));
    words.map(|word| word.trim_end_matches('s').to_owned()).collect()
}

/// The plan for what people think of the speaker that a question without a topic names: "what do people think of Jane Doe?" asks for
/// nothing that she said. `None` if it asks for nobody else's views, or names an event or somebody who wrote posts.
pub(super) fn plan_on_person(
    engine: &Engine,
    plan: &QueryPlan,
    shape: Shape,
) -> Result<Option<QueryPlan>, AnswerError> {
    let asks_for_views = shape == Shape::Opinions && plan.concepts.is_empty();
    let asks_people = plan.question.syntax.words.iter().any(|word| is_person_word(&word.text));
    let names_event = plan.names_events();
    if plan.scope.authors.is_empty() || names_event || !asks_for_views || !asks_people {
        return Ok(None);
    }
    let reported = engine.plan_again(plan, NameRole::Report)?;
    Ok(Some(reported).filter(|plan| plan.scope.authors.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};
    use crate::{
        engine::{AnswerLimits, Request},
        samples::request,
    };
    use takeaways_text::model::{Answer, GroupTitle, Shape, Stance};

    #[test]
    fn a_side_is_shown_though_its_only_line_is_long_and_by_an_author_with_others() {
        let liked = [
            "the keynotes, which were the best",
            "the hallway, which was the best part",
            "the food, which was the best",
        ];
        let liked =
            liked.map(|what| format!("I really love {what} of this week for me by far.\n\n")).concat();
        let hated = "I hated the venue of this year, because the rooms were far too small for all who came, the queue for \
            the badge took an hour in the rain, and the way from one hall to the other one was so long that we were late.";
        let ada = liked + hated;
        let bo = "I really enjoyed the party on the boat, it was a great evening for all of us.";
        let engine = engine_of_recaps(&[("Ada Lee", &ada), ("Bo Kim", bo)]);
        let limits = AnswerLimits { excerpts: 3, line: 200 };
        let request = Request { limits, ..request("opinions on KubeCon EU 2018") };
        let Answer::Overview(overview) = engine.answer(&request).expect("an answer") else { panic!("views") };
        let sides: Vec<&GroupTitle> = overview.groups.iter().map(|group| &group.title).collect();
        assert!(sides.contains(&&GroupTitle::Stance(Stance::Against)), "{overview:?}");
    }

    #[test]
    fn a_short_item_of_a_list_may_take_a_side() {
        let recaps = [
            (
                "Ada",
                "My notes:\n\n- People don't like Helm.\n- Services should start again by themselves, also at night.",
            ),
            ("Bea", "Helm was announced by three companies, and it was shown in a hall on the first day."),
        ];
        let overview = overview_of(&engine_of_recaps(&recaps), "what do people dislike about Helm?")
            .expect("an overview");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert_eq!(lines, ["People don't like Helm."], "{overview:?}");
    }

    #[test]
    fn the_atmosphere_of_an_event_is_asked_of_its_views() {
        let recaps = [
            ("Ada", "I think that the talks were great, because the speakers had prepared them well."),
            ("Bea", "For me the atmosphere was great, because everyone talked to everyone all day."),
            ("Cem", "I think that the venue was great, because it was easy to find each of the rooms."),
        ];
        let question = "what was the atmosphere like at KubeCon EU 2018?";
        let overview = overview_of(&engine_of_recaps(&recaps), question).expect("views");
        let best = overview.excerpts.iter().max_by(|a, b| a.score.total_cmp(&b.score)).expect("a line");
        assert_eq!(
            (overview.shape, best.quote.text.as_str()),
            (Shape::Opinions, recaps[1].1),
            "{overview:?}"
        );
    }

    #[test]
    fn who_asks_for_criticism_that_nobody_has_sees_the_other_views() {
        let engine = engine_of_recaps(&[
            ("Ada", "Istio is great because most teams can run it, and it has few settings."),
            ("Bea", "I think that Istio is the best choice for teams with many services."),
            ("Cem", "A critical part of the network is written by the team of the cloud."),
        ]);
        let overview = overview_of(&engine, "criticism of Istio").expect("an overview");
        assert!(overview.excerpts.iter().all(|line| line.quote.text.contains("Istio")), "{overview:?}");
        let titles: Vec<&GroupTitle> = overview.groups.iter().map(|group| &group.title).collect();
        assert_eq!(titles, [&GroupTitle::ViewsWithout(Stance::Against)]);
    }

    #[test]
    fn criticism_of_an_event_may_stand_beside_praise() {
        let mixed = "The one disappointment at the conference was the keynotes. Last year, I found them very engaging.";
        let other = "Most teams should try Istio first, because it is easier to debug than what they had.";
        let engine = engine_of_recaps(&[("Ada", mixed), ("Bea", other), ("Cem", other)]);
        let overview = overview_of(&engine, "complaints about KubeCon EU 2018").expect("an overview");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert_eq!(lines, [mixed]);
        let engine = engine_of_recaps(&[("Ada", other), ("Bea", other), ("Cem", other)]);
        assert_eq!(overview_of(&engine, "complaints about KubeCon EU 2018"), None);
    }

    #[test]
    fn views_on_a_speaker_are_those_of_others() {
        let engine = engine_of_recaps(&[
            (
                "Ada",
                "> Nobody should run a mesh without need.\n>\n> — Mira Oakley\n\nThe talk by Mira Oakley was great, because it was clear.",
            ),
            ("Bea", "I think that Mira Oakley gave the best keynote of the week, because she made us laugh."),
        ]);
        let overview = overview_of(&engine, "what do people think of Mira Oakley?").expect("an overview");
        for view in ["it was clear", "made us laugh"] {
            assert!(
                overview.excerpts.iter().any(|line| line.quote.text.contains(view)),
                "{view}: {overview:?}"
            );
        }
    }

    #[test]
    fn a_sentence_that_announces_something_is_no_line() {
        let engine = engine_of_recaps(&[
            (
                "Ada",
                "Linkerd is easy to run, because it has few settings.\n\nI particularly like what people said about Linkerd in the hallway:",
            ),
            ("Bea", "We found Linkerd hard to debug, because its proxy logs little."),
        ]);
        let overview = overview_of(&engine, "what do people think of Linkerd?").expect("an overview");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert!(lines.len() >= 2 && lines.iter().all(|line| line.ends_with('.')), "{lines:?}");
    }
}
