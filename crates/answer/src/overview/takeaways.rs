//! Groups the takeaways of posts by their themes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::lines::{Line, points_of_posts, sort_best_first};
use super::numbers::differing_numbers;
use super::picked_lines::{PickedLines, author_key};
use super::themes::{Theme, ThemeKey, find_themes, may_be_theme};
use super::weak_lines::{
    ENOUGH_STRONG, GOOD_GRADE, leave_out_asides, leave_out_below, leave_out_foreign_of_events,
    put_takeaways_first,
};
use super::{DraftGroup, MAX_LINES, MIN_POSTS_WITH_THEMES, drafts::Drafts, meant_posts, post_summary};
use crate::{engine::AnswerError, plan::QueryPlan};
use takeaways_corpus::topics::TopicTable;
use takeaways_search::{Facets, Index};
use takeaways_text::model::{GroupTitle, Post, ReasonKind};

/// The maximum number of themes.
const MAX_THEMES: usize = 6;
/// The maximum number of lines of a theme, each of another author.
const LINES_OF_THEME: usize = 2;
/// What a theme that all posts have would add to the grade of a line.
const THEME_GAIN: f32 = 0.5;
/// What it adds to the grade of a line that it names what its writers make or sell, unless they say that many spoke of it.
const PROMOTION_LOSS: f32 = -1.0;
/// The least score of a line that is picked because it is the best of its theme.
const MIN_THEME_SCORE: f32 = 1.5;
/// The maximum number of lines before all themes, each of another author, and the least score of one.
const MAX_PREVAILING: usize = 3;
const MIN_PREVAILING_SCORE: f32 = 1.0;
/// By readers' grades half of the lines on no theme with a lower grade are bad, and of those on themes one in five.
const ALONE_GRADE: f32 = 1.75;
/// With so many lines others of a low grade are left out.
const ENOUGH_GOOD: usize = 6;
/// A topic is common if more than one post in so many has it.
const COMMON_SHARE: u64 = 3;

/// The groups of the takeaways of some posts.
pub(super) fn of_posts(posts: &[Arc<Post>], plan: &QueryPlan, index: &Index) -> Result<Drafts, AnswerError> {
    if posts.len() < MIN_POSTS_WITH_THEMES {
        return Ok(post_summary::summary(&meant_posts::whole_posts(posts), plan));
    }
    let facets = index.facets(plan.request.now)?;
    Ok(groups(posts, &facets, index.posts(), plan))
}

/// Returns the groups of some posts: what many spoke of as writers say, themes, and what is strong without one. `facets` are those of all posts.
/// Of one event, the numbers that recaps give differently stand side by side.
fn groups(posts: &[Arc<Post>], facets: &Facets, all_posts: u64, plan: &QueryPlan) -> Drafts {
    let is_one_event = plan.scope.events.len() == 1;
    let themes = find_themes(posts, facets, all_posts);
    let shares: HashMap<ThemeKey, f32> = themes.iter().map(|theme| (theme.key, theme.share())).collect();
    let mut lines = points_of_posts(posts, plan);
    put_takeaways_first(&mut lines);
    let common = common_topics(facets, all_posts);
    for line in &mut lines {
        let topics = line.topics.iter().map(|topic| ThemeKey::Topic(*topic));
        let share = topics.filter_map(|topic| shares.get(&topic)).copied().fold(0.0, f32::max);
        line.add(ReasonKind::Theme, THEME_GAIN * share);
        if line.kind.promotes && line.kind.prevalence == 0 {
            line.add(ReasonKind::Promotion, PROMOTION_LOSS);
        }
        line.about = main_topic(line, &common).into_iter().collect();
        line.entities.truncate(1);
    }
    sort_best_first(&mut lines);
    // A line on registration may say how many came.
    let numbers = if is_one_event { differing_numbers(&lines) } else { None };
    leave_out_asides(&mut lines);
    leave_out_foreign_of_events(&mut lines, plan.language, &plan.scope.events);
    let weak = leave_out_below(GOOD_GRADE, &mut lines, ENOUGH_GOOD);
    let mut picked = PickedLines::new(plan.request.limits);
    let mut prevailing = pick_prevailing(&lines, &common, &mut picked);
    let room = MAX_LINES - prevailing.len();
    let mut shown = best_of_themes(&lines, &themes, room.min(MAX_THEMES), &mut picked);
    shown.extend(picked.pick_fairly(&lines, room - shown.len()));
    // No line stands twice, so these leave their themes.
    let is_number = |line: &Line| {
        let mut lines = numbers.iter().flat_map(|(_, lines)| lines);
        lines.any(|number| number.post.id == line.post.id && number.span == line.span)
    };
    shown.retain(|line| !is_number(line));
    prevailing.retain(|line| !is_number(line));
    let mut groups = vec![DraftGroup::of_lines(GroupTitle::Also, posts.len(), prevailing)];
    groups.extend(group_by_theme(shown, &themes, posts.len()));
    groups.extend(
        numbers.map(|(title, lines)| DraftGroup::of_lines(GroupTitle::Numbers(title), posts.len(), lines)),
    );
    lines.extend(weak);
    Drafts::new(groups, lines)
}

/// Picks the lines that stand before all themes: writers say of them that many spoke of it. No two name the same topic, unless it is
/// `common`.
fn pick_prevailing(lines: &[Line], common: &HashSet<u16>, picked: &mut PickedLines) -> Vec<Line> {
    let is_wanted =
        |line: &&Line| line.kind.prevalence > 0 && !line.kind.promotes && line.score >= MIN_PREVAILING_SCORE;
    let mut prevailing: Vec<Line> = Vec::new();
    for line in lines.iter().filter(is_wanted) {
        if prevailing.len() == MAX_PREVAILING {
            break;
        }
        let is_named = |topic: &u16| {
            !common.contains(topic) && prevailing.iter().any(|shown| shown.topics.contains(topic))
        };
        if !line.topics.iter().any(is_named) {
            prevailing.extend(picked.pick(std::slice::from_ref(line), 1, 1));
        }
    }
    prevailing
}

/// Picks the best line of each theme, the strongest theme first, until there are as many as wanted. A theme without a good line has none.
fn best_of_themes(lines: &[Line], themes: &[Theme], wanted: usize, picked: &mut PickedLines) -> Vec<Line> {
    let mut best = Vec::new();
    for theme in themes {
        if best.len() == wanted {
            break;
        }
        let mut good = lines.iter().filter(|line| line.score >= MIN_THEME_SCORE && theme.key.is_of(line));
        best.extend(good.find_map(|line| picked.pick(std::slice::from_ref(line), 1, LINES_OF_THEME).pop()));
    }
    best
}

/// The positions of the topics that many posts of the corpus have: they tell little of a line.
fn common_topics(facets: &Facets, all_posts: u64) -> HashSet<u16> {
    let table = TopicTable::builtin();
    let count = |id: &str| facets.topics.iter().find(|(it, _)| it == id).map_or(0, |(_, posts)| *posts);
    (0..).zip(table.ids()).filter(|(_, id)| count(id) * COMMON_SHARE > all_posts).map(|(at, _)| at).collect()
}

/// The topic that a line is about: the first one that is neither about events nor common, else the first one that is common.
fn main_topic(line: &Line, common: &HashSet<u16>) -> Option<u16> {
    let table = TopicTable::builtin();
    let is_of_content = |topic: &&u16| table.id_at(**topic).is_some_and(may_be_theme);
    let mut topics = line.about.iter().filter(is_of_content).copied();
    let first = topics.clone().next();
    topics.find(|topic| !common.contains(topic)).or(first)
}

/// Puts each line under the strongest theme that it is about and that has room for it; all others stand without one.
fn group_by_theme(mut lines: Vec<Line>, themes: &[Theme], posts: usize) -> Vec<DraftGroup> {
    let mut groups = Vec::new();
    for theme in themes {
        if groups.len() == MAX_THEMES {
            break;
        }
        let mut authors = HashSet::new();
        let (on_it, others): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| {
            theme.key.is_of(line) && authors.len() < LINES_OF_THEME && authors.insert(author_key(&line.post))
        });
        lines = others;
        if !on_it.is_empty() {
            let title = GroupTitle::Theme(theme.name.clone());
            let reasons = theme.reasons.to_vec();
            groups.push(DraftGroup { reasons, ..DraftGroup::new(title, theme.posts, on_it) });
        }
    }
    let on_themes: usize = groups.iter().map(|group| group.lines.len()).sum();
    leave_out_below(ALONE_GRADE, &mut lines, ENOUGH_STRONG.saturating_sub(on_themes));
    groups.push(DraftGroup::of_lines(GroupTitle::Also, posts, lines));
    groups
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};
    use crate::samples::engine_over;
    use takeaways_text::model::{GroupTitle, Overview};

    /// The place of the group and the group's title of the line that begins with this text.
    fn title_of<'a>(overview: &'a Overview, start: &str) -> Option<(usize, &'a GroupTitle)> {
        let at = overview.excerpts.iter().position(|line| line.quote.text.starts_with(start))?;
        let groups = overview.groups.iter().enumerate();
        let (place, group) = groups.into_iter().find(|(_, group)| group.lines.contains(&at))?;
        Some((place, &group.title))
    }

    #[test]
    fn each_of_two_events_is_told_of_also_in_a_third_language() {
        let recap = |name: &str, year: i16, text: &str| {
            let head = format!("---\ntitle: Recap {year}\nauthor: {name}\nevent: KubeCon EU {year}\n---\n\n");
            (format!("{year}.md"), head + text)
        };
        let english =
            |thing: &str| format!("Most teams need months to learn {thing}, because it is complex.\n\n");
        let english = ["Istio", "Helm", "Flux", "Falco", "Envoy"].map(english).concat();
        let french =
            "La plupart des équipes ont besoin de mois pour apprendre Linkerd, car c'est complexe.\n";
        let engine = engine_over(&[recap("Ada", 2018, &english), recap("Bea", 2022, french)]);
        let question = "takeaways of KubeCon EU 2018 and KubeCon EU 2022";
        let overview = overview_of(&engine, question).expect(question);
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert!(lines.contains(&french.trim()) && lines.len() > 3, "{lines:?}");
    }

    #[test]
    fn what_many_spoke_of_comes_first_and_a_line_stands_under_what_it_is_about() {
        let tracing = |who: &str| {
            format!(
                "Most teams of {who} should start with tracing, because nobody can debug a mesh without it."
            )
        };
        let aside =
            "Most databases are hard to run well, because they need disks, backups, people and tracing too.";
        let prevailing =
            "The biggest topic was that most teams still need months to learn their platform well.";
        let recaps = [
            ("Ada", tracing("Ghent") + "\n\n" + aside),
            ("Bea", tracing("Lyon")),
            ("Cem", format!("Most clusters need better storage, because disks fail often.\n\n{prevailing}")),
        ];
        let recaps = recaps.each_ref().map(|(author, text)| (*author, text.as_str()));
        let overview = overview_of(&engine_of_recaps(&recaps), "KubeCon EU 2018 recap").expect("an overview");
        assert_eq!(title_of(&overview, "The biggest topic"), Some((0, &GroupTitle::Also)), "{overview:?}");
        let theme = title_of(&overview, "Most teams").map(|(_, title)| title);
        assert!(matches!(theme, Some(GroupTitle::Theme(name)) if name == "Tracing"), "{theme:?}");
        let other = title_of(&overview, "Most databases").map(|(_, title)| title);
        assert!(!matches!(other, Some(GroupTitle::Theme(name)) if name == "Tracing"), "{other:?}");
    }

    #[test]
    fn what_all_recaps_have_is_no_theme() {
        let on = |thing: &str| {
            format!("Most teams should start with {thing}, because nobody can debug a mesh without it.")
        };
        let storage =
            "Most clusters need better storage first, because disks fail and people lose their data.";
        for (last, expected) in [(on("tracing in Porto"), false), (storage.to_owned(), true)] {
            let recaps = [("Ada", on("tracing in Ghent")), ("Bea", on("tracing in Lyon")), ("Cem", last)];
            let recaps = recaps.each_ref().map(|(author, text)| (*author, text.as_str()));
            let overview =
                overview_of(&engine_of_recaps(&recaps), "KubeCon EU 2018 recap").expect("an overview");
            let is_tracing =
                |title: &GroupTitle| matches!(title, GroupTitle::Theme(name) if name == "Tracing");
            let has_theme = overview.groups.iter().any(|group| is_tracing(&group.title));
            assert_eq!(has_theme, expected, "{overview:?}");
        }
    }

    #[test]
    fn what_writers_say_of_their_own_product_comes_after_what_others_say() {
        let ours = "Our Linkerd booth was never empty. We gave our Linkerd talk twice. ".repeat(4);
        let claim = |name: &str| {
            format!("Most teams should look at {name} first, because it costs less and is easier to run.")
        };
        let vendor = format!("{ours}\n\n{}", claim("Linkerd"));
        let recaps = [("Ada", vendor), ("Bea", claim("Cilium")), ("Cem", claim("Prometheus"))];
        let recaps = recaps.each_ref().map(|(author, text)| (*author, text.as_str()));
        let overview = overview_of(&engine_of_recaps(&recaps), "KubeCon EU 2018 recap").expect("an overview");
        let scores: Vec<f32> = ["Linkerd", "Cilium"]
            .iter()
            .filter_map(|name| overview.excerpts.iter().find(|it| it.quote.text == claim(name)))
            .map(|it| it.score)
            .collect();
        assert!(matches!(scores.as_slice(), [own, other] if own + 0.5 < *other), "{scores:?} {overview:?}");
    }
}
