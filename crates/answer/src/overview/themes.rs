//! Finds the themes of posts: what several of them have in common, and tell more of than others.

use std::collections::HashSet;
use std::sync::Arc;

use super::lines::Line;
use super::picked_lines::author_key;
use super::to_u32;
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_corpus::topics::{TopicTable, is_event_topic, is_general_topic};
use takeaways_search::Facets;
use takeaways_text::model::{Post, PostCount, Reason, ReasonKind};
use takeaways_text::tokens::folding::folded_words;

/// A theme has at least this many authors, and one of few posts that many.
const MIN_AUTHORS: usize = 3;
const MIN_AUTHORS_OF_FEW: usize = 2;
const FEW_POSTS: usize = 4;
/// What a larger share of the posts has is no theme.
const MAX_SHARE: f32 = 0.85;
/// A project or company is a theme only if it is mentioned so much more than elsewhere, in standard errors. Most recaps name
/// some of them.
const MIN_EXCESS: f32 = 1.0;
/// What a standard error more counts beside the logarithm of the number of posts.
const EXCESS_WEIGHT: f32 = 0.5;
/// Posts that the prior adds to each side of the comparison with the rest of the corpus.
const PRIOR: f32 = 1.0;

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
            ThemeKey::Topic(_) => &facets.topics,
            ThemeKey::Entity(_) => &facets.projects,
        };
        counts.iter().find(|(id, _)| id == self.id).map_or(0, |(_, posts)| *posts)
    }
}

/// Whether a topic is about the content of events, and tells more than what all of them are about.
pub(super) fn may_be_theme(topic: &str) -> bool {
    !is_event_topic(topic) && !is_general_topic(topic)
}

/// Whether the name of a topic has that of a thing: "Linux and operating systems" has "Linux".
fn names_thing(topic: &str, thing: &str) -> bool {
    let (topic, thing) = (folded_words(topic), folded_words(thing));
    !thing.is_empty() && topic.windows(thing.len()).any(|words| words == thing)
}

/// What several posts have in common.
pub(super) struct Theme {
    pub key: ThemeKey,
    pub name: String,
    pub posts: PostCount,
    /// What its strength adds up from.
    pub reasons: [Reason; 2],
}

impl Theme {
    /// The share of the posts that have it.
    pub fn share(&self) -> f32 {
        ratio(self.posts.posts as usize, self.posts.of as usize)
    }
}

/// Finds the themes of some posts, the strongest first: by the number of posts, and by how much more they mention it than
/// all other posts do.
pub(super) fn find_themes(posts: &[Arc<Post>], facets: &Facets, all_posts: u64) -> Vec<Theme> {
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
        let excess = excess((about_it, posts.len()), (candidate.everywhere(facets), all_posts));
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

/// Returns how much more often some of all posts have a topic than the others, in standard errors, from -2 to 3. 0 if there are no
/// others. Each pair is the number of posts that have it, and of all.
fn excess(some: (usize, usize), all: (u64, u64)) -> f32 {
    let beside = |all: u64, some: usize| usize::try_from(all).unwrap_or(usize::MAX).saturating_sub(some);
    let others = (beside(all.0, some.0), beside(all.1, some.1));
    if others.1 == 0 { 0.0 } else { excess_in_errors(some, others).clamp(-2.0, 3.0) }
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
