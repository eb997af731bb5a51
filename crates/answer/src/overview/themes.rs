//! Chooses the best points of posts, and groups them by the themes that several posts have.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::lines::{Line, author_key, points_of_posts, raise_summaries, sort_best_first};
use super::numbers::differing_numbers;
use super::picked_lines::PickedLines;
use super::weak_lines::{
    ENOUGH_STRONG, GOOD_GRADE, leave_out_asides, leave_out_below, leave_out_foreign, lower_asides,
};
use super::{DraftGroup, MAX_LINES, MIN_POSTS_WITH_THEMES, all_of, meant_posts, post_summary, to_u32};
use crate::{engine::AnswerError, plan::QueryPlan};
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_corpus::topics::{TopicTable, is_event_topic, is_general_topic};
use takeaways_search::{Facets, Index};
use takeaways_text::model::{GroupTitle, Post, PostCount, Reason, ReasonKind};
use takeaways_text::tokens::folding::folded_words;

/// The maximum number of themes.
const MAX_THEMES: usize = 6;
/// The maximum number of lines of a theme, each of another author.
const LINES_OF_THEME: usize = 2;
/// A theme has at least this many authors, and one of few posts that many.
const MIN_AUTHORS: usize = 3;
const MIN_AUTHORS_OF_FEW: usize = 2;
const FEW_POSTS: usize = 4;
/// What a larger share of the posts has is no theme.
const MAX_SHARE: f32 = 0.85;
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
/// A project or company is a theme only if it is mentioned so much more than elsewhere, in standard errors. Most recaps name
/// some of them.
const MIN_EXCESS: f32 = 1.0;
/// What a standard error more counts beside the logarithm of the number of posts.
const EXCESS_WEIGHT: f32 = 0.5;
/// Posts that the prior adds to each side of the comparison with the rest of the corpus.
const PRIOR: f32 = 1.0;

/// The groups of the takeaways of some posts.
pub(super) fn takeaways(
    posts: &[Arc<Post>],
    plan: &QueryPlan,
    index: &Index,
) -> Result<Vec<DraftGroup>, AnswerError> {
    if posts.len() < MIN_POSTS_WITH_THEMES {
        return Ok(post_summary::summary(&meant_posts::whole_posts(posts), plan));
    }
    let facets = index.facets(plan.request.now)?;
    Ok(groups(posts, &facets, index.posts(), plan))
}

/// Returns the groups of some posts: what many spoke of as writers say, themes, and what is strong without one. `facets` are those of all posts.
/// Of one event, the numbers that recaps give differently stand side by side.
fn groups(posts: &[Arc<Post>], facets: &Facets, all_posts: u64, plan: &QueryPlan) -> Vec<DraftGroup> {
    let is_one_event = plan.scope.events.len() == 1;
    let themes = find_themes(posts, facets, all_posts);
    let shares: HashMap<ThemeKey, f32> = themes.iter().map(|theme| (theme.key, theme.share())).collect();
    let mut lines = points_of_posts(posts, plan);
    lower_asides(&mut lines);
    raise_summaries(&mut lines);
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
    leave_out_foreign(&mut lines, plan.language);
    leave_out_below(GOOD_GRADE, &mut lines, ENOUGH_GOOD);
    let mut picked = PickedLines::default();
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
    let mut groups = vec![DraftGroup::new(GroupTitle::Also, all_of(posts.len()), prevailing)];
    groups.extend(group_by_theme(shown, &themes, posts.len()));
    groups.extend(
        numbers.map(|(title, lines)| DraftGroup::new(GroupTitle::Numbers(title), all_of(lines.len()), lines)),
    );
    groups
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
            groups.push(DraftGroup {
                title,
                posts: theme.posts,
                lines: on_it,
                reasons: theme.reasons.to_vec(),
                further: 0,
            });
        }
    }
    let on_themes: usize = groups.iter().map(|group| group.lines.len()).sum();
    leave_out_below(ALONE_GRADE, &mut lines, ENOUGH_STRONG.saturating_sub(on_themes));
    groups.push(DraftGroup::new(GroupTitle::Also, all_of(posts), lines));
    groups
}

/// A topic, or a project or company, by its position in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum ThemeKey {
    Topic(u16),
    Entity(u16),
}

impl ThemeKey {
    /// Whether a line is about it: for a project, whether the line names it.
    pub fn is_of(self, line: &Line) -> bool {
        match self {
            Self::Topic(at) => line.about.contains(&at),
            Self::Entity(at) => line.entities.contains(&at),
        }
    }
}

/// What may be a theme, and how posts mention it.
pub(super) struct ThemeCandidate {
    pub key: ThemeKey,
    pub name: &'static str,
    /// The ids of a post's own list that has it.
    ids: fn(&Post) -> &[String],
    id: &'static str,
}

impl ThemeCandidate {
    /// All topics that may be themes, then all projects that posts name and no topic has in its name. What is a company
    /// is no theme: posts name it for many reasons.
    pub fn all(facets: &Facets) -> Vec<Self> {
        let (topics, entities) = (TopicTable::builtin(), EntityTable::builtin());
        let topic = |(at, id): (u16, &'static str)| {
            let name = topics.name(id)?;
            may_be_theme(id).then_some(Self { key: ThemeKey::Topic(at), name, ids: |post| &post.topics, id })
        };
        let mut all: Vec<Self> = (0..).zip(topics.ids()).filter_map(topic).collect();
        for position in
            facets.projects.iter().filter_map(|(id, _)| entities.position(EntityKind::Project, id))
        {
            let Some((_, id, name)) = entities.named_at(position) else { continue };
            if entities.position(EntityKind::Company, id).is_some() {
                continue;
            }
            let topic = topics.topic_of_tag(name).and_then(|topic| topics.name(topic));
            if topic.is_none_or(|topic| !names_thing(topic, name)) {
                all.push(Self { key: ThemeKey::Entity(position), name, ids: |post| &post.projects, id });
            }
        }
        all
    }

    /// Whether a post is about it: for a project, whether it names it.
    fn is_in(&self, post: &Post) -> bool {
        (self.ids)(post).iter().any(|it| it == self.id)
    }

    /// Whether a post tells of it: it is about it, or one of its points names it.
    pub fn is_told_in(&self, post: &Post) -> bool {
        self.is_in(post) || self.is_in_points(post)
    }

    fn is_entity(&self) -> bool {
        matches!(self.key, ThemeKey::Entity(_))
    }

    /// Whether a point of a post names it.
    fn is_in_points(&self, post: &Post) -> bool {
        match self.key {
            ThemeKey::Topic(at) => post.body.points.iter().any(|point| point.topics.contains(&at)),
            // A post that names it is counted already.
            ThemeKey::Entity(_) => false,
        }
    }

    /// The number of posts of the whole corpus that are about it.
    fn everywhere(&self, facets: &Facets) -> u64 {
        let counts = match self.key {
            ThemeKey::Topic(_) => [&facets.topics, &facets.topics],
            ThemeKey::Entity(_) => [&facets.projects, &facets.companies],
        };
        counts
            .iter()
            .find_map(|counts| counts.iter().find(|(id, _)| id == self.id))
            .map_or(0, |(_, posts)| *posts)
    }
}

/// Whether a topic is about the content of events, and tells more than what all of them are about.
fn may_be_theme(topic: &str) -> bool {
    !is_event_topic(topic) && !is_general_topic(topic)
}

/// Whether the name of a topic has that of a thing: "Linux and operating systems" has "Linux".
fn names_thing(topic: &str, thing: &str) -> bool {
    let (topic, thing) = (folded_words(topic), folded_words(thing));
    !thing.is_empty() && topic.windows(thing.len()).any(|words| words == thing)
}

/// What several posts have in common.
struct Theme {
    key: ThemeKey,
    name: String,
    posts: PostCount,
    /// What its strength adds up from.
    reasons: [Reason; 2],
}

impl Theme {
    /// The share of the posts that have it.
    fn share(&self) -> f32 {
        ratio(self.posts.posts as usize, self.posts.of as usize)
    }
}

/// Finds the themes of some posts, the strongest first: by the number of posts, and by how much more they mention it than
/// all other posts do.
fn find_themes(posts: &[Arc<Post>], facets: &Facets, all_posts: u64) -> Vec<Theme> {
    let min_authors = if posts.len() <= FEW_POSTS { MIN_AUTHORS_OF_FEW } else { MIN_AUTHORS };
    let mut found: Vec<(f32, Theme)> = Vec::new();
    for candidate in ThemeCandidate::all(facets) {
        let is_about_it = |post: &&Arc<Post>| candidate.is_in(post);
        let with_it = posts.iter().filter(|post| candidate.is_told_in(post));
        let with_it: Vec<&Arc<Post>> = with_it.collect();
        let about_it = posts.iter().filter(is_about_it).count();
        let authors: HashSet<String> = with_it.iter().map(|post| author_key(post)).collect();
        let share = ratio(with_it.len(), posts.len());
        if authors.len() < min_authors || share > MAX_SHARE {
            continue;
        }
        let outside = OutsideCounts {
            with_it: candidate.everywhere(facets).saturating_sub(about_it as u64),
            all: all_posts.saturating_sub(posts.len() as u64),
        };
        let excess = excess(about_it, posts.len(), &outside);
        if candidate.is_entity() && excess < MIN_EXCESS {
            continue;
        }
        let reasons = [
            Reason { kind: ReasonKind::Posts, value: to_f32(with_it.len()).ln_1p() },
            Reason { kind: ReasonKind::Excess, value: EXCESS_WEIGHT * excess },
        ];
        let strength = reasons.iter().map(|reason| reason.value).sum();
        let posts = PostCount { posts: to_u32(with_it.len()), of: to_u32(posts.len()) };
        found.push((strength, Theme { key: candidate.key, name: candidate.name.to_owned(), posts, reasons }));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.key.cmp(&b.1.key)));
    found.into_iter().map(|(_, theme)| theme).collect()
}

/// The posts that are not in the scope.
struct OutsideCounts {
    with_it: u64,
    all: u64,
}

/// Returns how much more often posts inside have a topic than those outside, in standard errors, from -2 to 3. 0 if there are no
/// posts outside.
fn excess(with_it: usize, all: usize, outside: &OutsideCounts) -> f32 {
    if outside.all == 0 {
        return 0.0;
    }
    let count = |posts: u64| usize::try_from(posts).unwrap_or(usize::MAX);
    excess_in_errors((with_it, all), (count(outside.with_it), count(outside.all))).clamp(-2.0, 3.0)
}

/// Returns how much more often some posts have a topic than others: the logarithm of the ratio of their odds in standard
/// errors, with a prior (Monroe, Colaresi and Quinn 2008). Each pair is the number of posts that have it, and of all.
pub(super) fn excess_in_errors(some: (usize, usize), others: (usize, usize)) -> f32 {
    let odds = |(with_it, all): (usize, usize)| {
        ((to_f32(with_it) + PRIOR) / (to_f32(all) - to_f32(with_it) + PRIOR).max(PRIOR)).ln()
    };
    let variance = 1.0 / (to_f32(some.0) + PRIOR) + 1.0 / (to_f32(others.0) + PRIOR);
    (odds(some) - odds(others)) / variance.sqrt()
}

/// A number as a share of another one.
pub(super) fn ratio(part: usize, all: usize) -> f32 {
    to_f32(part) / to_f32(all.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "a corpus has far fewer posts than 2^24")]
fn to_f32(number: usize) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};
    use takeaways_text::model::{GroupTitle, Overview};

    /// The place of the group and the group's title of the line that begins with this text.
    fn title_of<'a>(overview: &'a Overview, start: &str) -> Option<(usize, &'a GroupTitle)> {
        let at = overview.excerpts.iter().position(|line| line.quote.text.starts_with(start))?;
        let groups = overview.groups.iter().enumerate();
        let (place, group) = groups.into_iter().find(|(_, group)| group.lines.contains(&at))?;
        Some((place, &group.title))
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
