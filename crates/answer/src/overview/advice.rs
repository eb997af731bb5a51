//! What writers advise those who go to an event.

use std::ops::Range;
use std::sync::Arc;

use super::lines::{
    Line, MAX_PASSAGES, lines_of_candidates, points_of_posts, prefer_attendee_advice, sort_best_first,
};
use super::on_topic::Topic;
use super::picked_lines::PickedLines;
use super::weak_lines::{keep_if_enough, leave_out_foreign};
use super::{DraftGroup, MAX_LINES};
use crate::{
    concepts::Concept,
    engine::{AnswerError, AnswerLimits, Engine},
    features::Feature,
    plan::QueryPlan,
    resolve::NameRole,
};
use takeaways_corpus::events::EventTable;
use takeaways_corpus::points::{AdviceAudience, AdviceKind};
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_text::model::{GroupTitle, PointKind, Post, ReasonKind, Shape};

/// Fewer lines of advice for people who go to events are filled up with others to as many.
const ENOUGH_LINES: usize = 3;
/// With fewer signs, what is about a technology is advice for its users: "Register the resource definition at the API server".
const SURE_SIGNS: u8 = 3;
/// With as many lines that have as many signs, those with fewer are left out: "do not build releases on a laptop".
const ENOUGH_SURE: usize = 6;
/// The fewest lines on what not to do that stand apart.
const MIN_WARNINGS: usize = 2;
/// With as many lines that may say whether an event was worth the trip, others are left out.
const MIN_VERDICTS: usize = 2;
/// Fewer lines that say it are filled up to as many with what writers liked or missed.
const ENOUGH_NEAR_VERDICT: usize = 6;
/// With as many lines of the kind that is asked for, others are left out.
const ENOUGH_OF_KIND: usize = 3;
/// As many lines are enough for those who speak or organise: few of them are advice in so many words.
const ENOUGH_FOR_AUDIENCE: usize = 6;
/// What it adds to the grade of a line that it has all other words of the question.
const WORDS_GAIN: f32 = 1.5;

/// Whether a line advises people who go to events.
fn is_for_attendees(line: &Line) -> bool {
    let signs = line.kind.attendee_advice;
    signs >= SURE_SIGNS || signs > 0 && !is_about_content(line)
}

/// Whether a line names a project, a company or a topic of the content of events.
pub(super) fn is_about_content(line: &Line) -> bool {
    let table = TopicTable::builtin();
    let mut topics = line.topics.iter().filter_map(|topic| table.id_at(*topic));
    !line.entities.is_empty() || topics.any(|topic| !is_event_topic(topic))
}

/// Whether a line advises anybody, or tells whether it was worth it.
fn gives_advice(line: &Line) -> bool {
    let text = line.text();
    let kinds = [AdviceKind::Warning, AdviceKind::Worth];
    line.kind.advises || line.kind.attendee_advice > 0 || kinds.into_iter().any(|kind| kind.is_in(text))
}

/// The items of a list of what is asked for, and the best of some lines of advice, which are sorted. Without any that gives some they
/// are views. Without a list, what not to do stands apart if there is enough of both.
pub(super) fn groups(listed: &[Line], lines: &[Line], posts: usize, limits: AnswerLimits) -> Vec<DraftGroup> {
    let mut picked = PickedLines::new(limits);
    let listed = picked.pick(listed, MAX_LINES, MAX_LINES);
    let mut lines = picked.pick_fairly(lines, MAX_LINES - listed.len());
    if !listed.is_empty() {
        lines.splice(..0, listed);
        return vec![DraftGroup::of_lines(GroupTitle::Advice, posts, lines)];
    }
    let is_warning = |line: &Line| AdviceKind::Warning.is_in(line.text());
    let group = |title, lines| DraftGroup::of_lines(title, posts, lines);
    if !lines.iter().any(gives_advice) {
        // What is no advice is better left out than shown in number.
        lines.truncate(ENOUGH_LINES);
        return vec![group(GroupTitle::Views, lines)];
    }
    match lines.iter().filter(|line| is_warning(line)).count() {
        MIN_WARNINGS.. if lines.iter().all(is_warning) => vec![group(GroupTitle::Warnings, lines)],
        MIN_WARNINGS.. => {
            let warnings = lines.extract_if(.., |line| is_warning(line)).collect();
            vec![group(GroupTitle::Advice, lines), group(GroupTitle::Warnings, warnings)]
        }
        _ => vec![group(GroupTitle::Advice, lines)],
    }
}

/// Keeps the lines on a topic that advise, if there are enough of them.
pub(super) fn keep_advising(lines: &mut Vec<Line>) {
    keep_if_enough(lines, ENOUGH_OF_KIND, |line| line.kind.advises);
}

/// Whether a line names an event. A place is none.
fn names_event(line: &Line) -> bool {
    EventTable::builtin().mentions(line.text()).iter().any(|mention| mention.series.is_some())
}

/// Whether a line is about an event and not about its content.
fn is_on_event(line: &Line) -> bool {
    (line.kind.is_about_event || names_event(line)) && !is_about_content(line)
}

/// Whether a line says whether the event was worth the trip: in so many words, or where its writer sums up and takes a side.
fn is_verdict(line: &Line) -> bool {
    let PointKind { is_about_event, event_stance, sums_up, attendee_advice, .. } = line.kind;
    let says_so = AdviceKind::Worth.is_in(line.text());
    let takes_side = event_stance.is_some();
    says_so && (is_about_event || takes_side || attendee_advice > 0 || names_event(line))
        || takes_side && sums_up && !is_about_content(line)
}

/// Whether a word of a question asks whether something was worth it, alone or with the word before it: the "coup" of "ça vaut le coup".
pub(super) fn asks_for_verdict(word: &Concept, plan: &QueryPlan) -> bool {
    let Range { start, end } = word.words;
    let places = [start..end, start.saturating_sub(1)..end];
    let mut texts = places.iter().filter_map(|words| plan.question.syntax.text_of(words));
    texts.any(|text| AdviceKind::asked(text) == Some(AdviceKind::Worth))
}

/// Whether a line says what not to do at an event, or what its writer would not do again.
fn is_regret(line: &Line) -> bool {
    AdviceKind::Warning.is_in(line.text()) && !is_about_content(line)
}

/// Whether a line is for this audience. What writers tell of their own talks is for those who give one, and what visitors liked and
/// missed is for those who organise.
fn is_for_audience(line: &Line, audience: AdviceAudience) -> bool {
    let is_meant = || audience.is_meant_by(line.text());
    match audience {
        AdviceAudience::Speakers => is_meant(),
        AdviceAudience::Organisers => {
            let judges_event = line.kind.event_stance.is_some() && !is_about_content(line);
            judges_event || is_meant() && gives_advice(line)
        }
    }
}

/// Puts lines of the kind that a question asks for first, and keeps only these if there are enough.
fn keep_asked(lines: &mut Vec<Line>, question: &str) {
    let Some(kind) = AdviceKind::asked(question) else { return };
    let is_asked = |line: &Line| match kind {
        AdviceKind::Worth => is_verdict(line),
        AdviceKind::Warning => kind.is_in(line.text()),
    };
    lines.sort_by_key(|line| !is_asked(line));
    if kind == AdviceKind::Worth {
        // What is said of the content of an event is no verdict on it.
        keep_if_enough(lines, MIN_VERDICTS, |line| is_asked(line) || is_on_event(line));
    }
    keep_if_enough(lines, ENOUGH_OF_KIND, is_asked);
}

/// Whether no line has all of the words of a question beside its scope: then the lines are advice on something else. Words that any
/// post may contain do not count, and a verdict, a warning, and advice for those who speak or organise need none of them.
pub(super) fn lacks_words(lines: &[Line], other_words: &[Concept], plan: &QueryPlan) -> bool {
    let question = &plan.question.syntax.text;
    if AdviceKind::asked(question).is_some() || AdviceAudience::asked(question).is_some() {
        return false;
    }
    let words: Vec<Concept> = other_words.iter().filter(|word| !word.is_weak()).cloned().collect();
    let topic = Topic::new(&words);
    !words.is_empty() && !lines.iter().any(|line| topic.is_whole_at(line))
}

/// What the posts advise, best first. `other_words` are those of the question beside its scope: lines with them come first.
pub(super) fn lines(
    engine: &Engine,
    posts: &[Arc<Post>],
    plan: &QueryPlan,
    other_words: &[Concept],
) -> Result<Vec<Line>, AnswerError> {
    let points = points_of_posts(posts, plan);
    let plan = QueryPlan { concepts: other_words.to_vec(), ..plan.clone() };
    match AdviceAudience::asked(&plan.question.syntax.text) {
        Some(audience) => lines_for_audience(engine, points, &plan, audience),
        None => lines_for_attendees(engine, points, &plan),
    }
}

/// What some points tell those who speak or organise, best first. Advice for visitors is none for them. The concepts of the plan are the
/// words of the question beside its scope.
fn lines_for_audience(
    engine: &Engine,
    points: Vec<Line>,
    plan: &QueryPlan,
    audience: AdviceAudience,
) -> Result<Vec<Line>, AnswerError> {
    let is_wanted = |line: &Line| is_for_audience(line, audience);
    let mut lines: Vec<Line> = points.into_iter().filter(is_wanted).collect();
    add_lines_on_words(engine, plan, &mut lines, is_wanted, is_wanted)?;
    leave_out_foreign(&mut lines, plan.language);
    lines.truncate(ENOUGH_FOR_AUDIENCE);
    Ok(lines)
}

/// What some points advise people who go to events, best first. The concepts of the plan are the words of the question beside its scope.
fn lines_for_attendees(
    engine: &Engine,
    points: Vec<Line>,
    plan: &QueryPlan,
) -> Result<Vec<Line>, AnswerError> {
    let asked = AdviceKind::asked(&plan.question.syntax.text);
    // Tips tell nothing of it.
    let asks_verdict = asked == Some(AdviceKind::Worth);
    // A verdict or a regret need not advise.
    let is_asked = |line: &Line| match asked {
        Some(AdviceKind::Worth) => is_verdict(line),
        Some(AdviceKind::Warning) => is_regret(line),
        None => false,
    };
    let (mut lines, others): (Vec<Line>, Vec<Line>) =
        points.into_iter().partition(|line| is_asked(line) || !asks_verdict && is_for_attendees(line));
    prefer_attendee_advice(&mut lines);
    let is_enough = lines.len() >= ENOUGH_LINES;
    let topic = Topic::new(&plan.concepts);
    let is_on_words = |line: &Line| line.kind.advises && topic.is_whole_at(line);
    let is_wanted = |line: &Line| if asks_verdict { is_verdict(line) } else { is_for_attendees(line) };
    add_lines_on_words(engine, plan, &mut lines, is_on_words, is_wanted)?;
    if !is_enough {
        let is_near = |line: &Line| if asks_verdict { is_on_event(line) } else { line.kind.advises };
        let mut others: Vec<Line> =
            others.into_iter().filter(|line| is_near(line) && !line.overlaps_any(&lines)).collect();
        leave_out_foreign(&mut others, plan.language);
        others.sort_by_key(is_about_content);
        if asks_verdict {
            // Nearest to a verdict is what writers liked or missed.
            keep_if_enough(&mut others, ENOUGH_LINES, |line| line.kind.event_stance.is_some());
        }
        // What may be no advice is better left out than shown in number.
        let enough = if asks_verdict { ENOUGH_NEAR_VERDICT } else { ENOUGH_LINES };
        others.truncate(enough.saturating_sub(lines.len()));
        lines.extend(others);
    }
    if asked.is_none() {
        keep_if_enough(&mut lines, ENOUGH_SURE, |line| line.kind.attendee_advice >= SURE_SIGNS);
    }
    keep_asked(&mut lines, &plan.question.syntax.text);
    leave_out_foreign(&mut lines, plan.language);
    Ok(lines)
}

/// Raises the lines with concepts of the plan, adds the lines with them that `is_on_words` takes, and sorts all. The best answer to the
/// question comes first, if `is_wanted` takes it.
fn add_lines_on_words(
    engine: &Engine,
    plan: &QueryPlan,
    lines: &mut Vec<Line>,
    is_on_words: impl Fn(&Line) -> bool,
    is_wanted: impl Fn(&Line) -> bool,
) -> Result<(), AnswerError> {
    let candidates = engine.candidates(plan, MAX_PASSAGES)?;
    for candidate in &candidates {
        let coverage = candidate.features.get(Feature::Coverage);
        let is_of = |line: &&mut Line| line.overlaps(&candidate.post.id, candidate.span);
        for line in lines.iter_mut().filter(is_of) {
            line.add(ReasonKind::Rank, WORDS_GAIN * coverage);
        }
    }
    let mut on_words = lines_of_candidates(&candidates, plan, Shape::Advice);
    on_words.retain(|line| is_on_words(line) && !line.overlaps_any(lines));
    for line in &mut on_words {
        line.add(ReasonKind::Rank, WORDS_GAIN);
    }
    lines.extend(on_words);
    sort_best_first(lines);
    if !plan.concepts.is_empty() {
        let asked = engine.plan_again(plan, NameRole::Subject)?;
        let (best, _) = engine.best_line(Shape::Advice, asked)?;
        lines.splice(..0, best.filter(is_wanted));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};
    use crate::samples::engine_over;
    use std::collections::BTreeSet;
    use takeaways_text::model::{Group, GroupTitle, Shape};

    #[test]
    fn what_users_of_a_technology_should_do_is_no_tip_for_visitors() {
        let tips = "Book your hotel early, because the rooms near the venue sell out.\n\n\
            Bring comfortable shoes, because the walk between the rooms is long.\n\n\
            Plan your sessions beforehand, because the rooms fill up quickly.\n";
        let other = "Register the operator in Kubernetes first, because most teams forget it.";
        let engine = engine_of_recaps(&[("Ada", tips), ("Bea", other)]);
        let overview = overview_of(&engine, "tips for KubeCon newcomers").expect("an overview");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert!(lines.len() >= 3 && !lines.contains(&other), "{lines:?}");
    }

    #[test]
    fn a_verdict_is_on_the_event_and_not_on_a_place_near_it() {
        let text = "The bar at the airport of Barcelona is not worth a visit.\n\n\
            Book your hotel early, because the rooms near the venue sell out.\n\n\
            KubeCon is a great event for people who want to meet maintainers.\n\n\
            I think that the conference was worth it, because we found two new colleagues.\n\n\
            All in all it was a fantastic conference, and we learned more than in a year at home.\n";
        let engine = engine_of_recaps(&[("Ada", text)]);
        let overview = overview_of(&engine, "is KubeCon worth it?").expect("an overview");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert!(lines.iter().any(|line| line.starts_with("I think that the conference")), "{lines:?}");
        assert!(!lines.iter().any(|line| line.starts_with("The bar")), "{lines:?}");
    }

    #[test]
    fn who_gives_a_talk_gets_no_tips_for_visitors() {
        let tips = "Book your hotel early, because the rooms near the venue sell out.\n\n\
            Bring comfortable shoes, because the walk between the rooms is long.\n\n\
            Plan your sessions beforehand, because the rooms fill up quickly.\n";
        let problem =
            "Most people should submit a talk on a real problem, because reviewers read of many products.";
        let fear =
            "Most people should rehearse your talk twice, because nobody is calm before the first one.";
        let engine = engine_of_recaps(&[("Ada", tips), ("Bea", problem), ("Cem", fear)]);
        for question in [
            "I want to give my first conference talk, any tips?",
            "tips for a first time speaker",
            "which mistakes should I avoid in my first talk?",
        ] {
            let overview = overview_of(&engine, question).expect(question);
            let lines: BTreeSet<&str> =
                overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
            assert_eq!(
                (overview.shape, lines),
                (Shape::Advice, BTreeSet::from([problem, fear])),
                "{question}"
            );
        }
    }

    #[test]
    fn what_may_be_no_advice_fills_up_to_three_lines() {
        let tip = "Book your hotel early, because the rooms near the venue sell out.";
        let other = |at: usize| {
            format!(
                "I think that we should have listened to person {at} of the team, because it was right.\n\n"
            )
        };
        let others: String = (0..8).map(other).collect();
        let engine = engine_of_recaps(&[("Ada", tip), ("Bea", &others)]);
        let overview = overview_of(&engine, "tips for KubeCon EU 2018").expect("an overview");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert!(lines.first() == Some(&tip) && lines.len() <= 3, "{lines:?}");
    }

    #[test]
    fn what_not_to_do_stands_apart_and_is_what_a_question_for_it_gets() {
        let of = |who: &str| {
            format!(
                "Book your hotel in {who} early, because the rooms near the venue sell out.\n\n\
                 Avoid the long queues of {who} at the registration desk, because they take an hour.\n\n\
                 The sessions in {who} were worth the long trip to the venue for each attendee.\n"
            )
        };
        let recaps = [("Ada", of("Ghent")), ("Bea", of("Lyon")), ("Cem", of("Porto"))];
        let engine = engine_of_recaps(&recaps.each_ref().map(|(author, text)| (*author, text.as_str())));
        let starts = |question: &str| -> Vec<(GroupTitle, BTreeSet<String>)> {
            let overview = overview_of(&engine, question).expect(question);
            let first_word =
                |at: usize| overview.excerpts[at].quote.text.split(' ').next().unwrap_or_default().to_owned();
            let group = |group: &Group| (group.title.clone(), group.lines.clone().map(first_word).collect());
            overview.groups.iter().map(group).collect()
        };
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(
            starts("what should I avoid at KubeCon EU 2018?"),
            [(GroupTitle::Warnings, words(&["Avoid"]))]
        );
        for question in ["is KubeCon EU 2018 worth it?", "who should go to KubeCon EU 2018?"] {
            assert_eq!(starts(question), [(GroupTitle::Advice, words(&["The"]))], "{question}");
        }
        let tips = starts("tips for KubeCon EU 2018");
        let titles: Vec<&GroupTitle> = tips.iter().map(|(title, _)| title).collect();
        assert_eq!(titles, [&GroupTitle::Advice, &GroupTitle::Warnings], "{tips:?}");
    }

    #[test]
    fn whether_to_go_to_an_event_is_no_question_for_opinions() {
        let recap = |place: &str| {
            format!(
                "---\ntitle: Recap\nauthor: Ada {place}\nevent: Craft Conf 2018\n---\n\n\
                 The sessions in {place} were worth the long trip to the venue for each attendee.\n\n\
                 I think that Istio is great, because it taught us in {place} a lot of new things.\n"
            )
        };
        let engine = engine_over(&[("a.md".to_owned(), recap("Lyon")), ("b.md".to_owned(), recap("Porto"))]);
        let shape = |question: &str| overview_of(&engine, question).expect(question).shape;
        assert_eq!(shape("is Craft Conf worth it?"), Shape::Advice);
        assert_eq!(shape("is Istio overrated at Craft Conf?"), Shape::Opinions);
    }

    #[test]
    fn what_is_said_of_the_content_of_an_event_is_no_verdict_on_it() {
        let engine = engine_of_recaps(&[
            ("Ada", "All in all, the conference was worth every hour of the long trip for each attendee."),
            ("Bea", "I think that Istio is crucial, because most teams should have mutual encryption."),
            (
                "Cem",
                "In summary, KubeCon was a great event, because we met everyone whom we know by name only.",
            ),
        ]);
        let overview = overview_of(&engine, "is KubeCon EU 2018 worth it?").expect("an overview");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert!(!lines.is_empty() && !lines.iter().any(|line| line.contains("Istio")), "{lines:?}");
    }
}
