//! The posts that name a topic. A project or company of the tables is named by the posts of its facet, as on its card, since its
//! name may have another meaning; any other thing by the posts that have its words.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;

use super::card::{CardTarget, most_mentioned, things_called};
use super::lines::points_of_posts;
use super::picked_lines::PickedLines;
use super::scoped_posts::scope_filter;
use super::{DraftGroup, MAX_EXAMPLES, all_of, drafts::Drafts};
use crate::{
    concepts::Concept,
    engine::AnswerError,
    find_name::name_key,
    plan::{QueryPlan, names_thing},
};
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_search::{Alternative, ClauseRole, Facets, Filter, Index};
use takeaways_text::aliases::TRANSLATION_WEIGHT;
use takeaways_text::model::{CardKind, GroupTitle, Language, LanguageSet, Post, PostId};
use takeaways_text::tokens::{folding::folded_words, is_stop_word, word_key};

/// The posts of the scope that name each part of the topic. If the topic is one of the tables, and none name all its words or its name
/// joins several things, those on this topic.
pub(super) fn posts_naming(index: &Index, plan: &QueryPlan) -> Result<HashSet<PostId>, AnswerError> {
    let Some(mut filter) = scope_filter(index, plan)? else { return Ok(HashSet::new()) };
    let facets = index.facets(plan.request.now)?;
    let (known, others) = divide(&plan.concepts, &facets);
    let mut naming: Option<HashSet<PostId>> = None;
    if known.is_empty() || !others.is_empty() {
        let joined = joined_concepts(plan, &others);
        naming = Some(match plan.language {
            Language::En => posts_writing(index, plan, &filter, &joined)?,
            // Their words have more endings.
            _ => posts_matching(index, plan, &filter, &joined)?,
        });
    }
    for thing in known {
        let mut filter = filter.clone();
        thing.narrow(&mut filter);
        let of_thing = index.post_ids_in(&filter)?;
        naming = Some(match naming {
            Some(naming) => &naming & &of_thing,
            None => of_thing,
        });
    }
    let naming = naming.unwrap_or_default();
    let has_parts = |topic: &CardTarget| plan.concepts.len() > 1 && is_of_parts(&topic.name);
    let topic = topic_called(plan, &facets).filter(|topic| naming.is_empty() || has_parts(topic));
    let Some(topic) = topic else { return Ok(naming) };
    topic.narrow(&mut filter);
    Ok(index.post_ids_in(&filter)?)
}

/// The posts of a scope with each of some concepts, or with other names of the same things, by their stems.
fn posts_matching(
    index: &Index,
    plan: &QueryPlan,
    filter: &Filter,
    concepts: &[Concept],
) -> Result<HashSet<PostId>, AnswerError> {
    let counted = concepts.iter().cloned().map(|concept| with_counted_forms(concept, plan.language));
    let mut query = QueryPlan { concepts: counted.collect(), ..plan.clone() }.query();
    query.filter = filter.clone();
    for clause in query.clauses.iter_mut().take(concepts.len()) {
        clause.role = ClauseRole::Must;
    }
    Ok(index.posts_matching(&query)?)
}

/// The same by their words as they are written, but for the plural and the spelling: a post on access does not mention accessibility,
/// though both have one stem.
fn posts_writing(
    index: &Index,
    plan: &QueryPlan,
    filter: &Filter,
    concepts: &[Concept],
) -> Result<HashSet<PostId>, AnswerError> {
    let mut naming = index.post_ids_in(filter)?;
    for concept in concepts.iter().filter(|concept| !concept.text.is_empty()) {
        let same = concept.other_words.iter().filter(|(_, weight)| *weight >= 1.0);
        let names = [concept.text.as_str()].into_iter().chain(same.map(|(name, _)| name.as_str()));
        let keys = |name: String| folded_words(&name).iter().map(|word| word_key(word)).collect();
        let names: Vec<Vec<String>> = names.flat_map(spellings).map(keys).collect();
        let (words, phrases): (Vec<_>, Vec<_>) = names.into_iter().partition(|keys| keys.len() == 1);
        let mut writing = index.posts_writing(&words)?;
        // Posts may write in two words what is typed as one: "hallwaytrack".
        let is_divided = || concept.alternatives.iter().take(concept.own_forms).any(|it| it.terms.len() > 1);
        if !phrases.is_empty() || writing.is_empty() && is_divided() {
            // The words of a phrase stand side by side.
            let mut side_by_side = posts_matching(index, plan, filter, std::slice::from_ref(concept))?;
            if !phrases.is_empty() {
                let all_words = index.posts_writing(&phrases)?;
                side_by_side.retain(|post| all_words.contains(post));
            }
            writing.extend(side_by_side);
        }
        naming.retain(|post| writing.contains(post));
    }
    Ok(naming)
}

/// A name as it is written, in one word, and with its digits apart: `HTTP/2`, `HTTP2`, `HTTP 2`.
fn spellings(name: &str) -> Vec<String> {
    let joined = folded_words(name).concat();
    let digits = name.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0);
    let apart = digits.map(|at| format!("{} {}", &name[..at], &name[at..]));
    [name.to_owned(), joined].into_iter().chain(apart).collect()
}

/// Whether the words of a plan are the name of a topic of the tables: `IoT and embedded`.
pub(super) fn is_name_of_topic(plan: &QueryPlan, facets: &Facets) -> bool {
    topic_called(plan, facets).is_some()
}

/// The topic of the tables that the words of a plan name, from the first to the last.
fn topic_called(plan: &QueryPlan, facets: &Facets) -> Option<CardTarget> {
    let syntax = &plan.question.syntax;
    let words = plan.concepts.first()?.words.start..plan.concepts.last()?.words.end;
    let name = syntax.text_of(&words)?;
    let called = things_called(&name_key(name), facets).into_iter();
    called.map(|(_, thing)| thing).find(|thing| thing.kind == CardKind::Topic)
}

/// Whether the name of a topic joins several words: a post on `IoT and embedded` need not have all of them.
fn is_of_parts(name: &str) -> bool {
    folded_words(name).iter().any(|word| is_stop_word(word, Language::En))
}

/// The best points of posts that are counted, each of another author where there are enough.
pub(super) fn examples(posts: &[Arc<Post>], plan: &QueryPlan) -> Drafts {
    let all = points_of_posts(posts, plan);
    let lines = PickedLines::new(plan.request.limits).pick_fairly(&all, MAX_EXAMPLES);
    Drafts::new(vec![DraftGroup::new(GroupTitle::Items, all_of(posts.len()), lines)], all)
}

/// Divides the concepts of a topic into the things of the tables that they name, and the others.
fn divide(concepts: &[Concept], facets: &Facets) -> (Vec<CardTarget>, Vec<Concept>) {
    let (mut known, mut others) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(concept) = concepts.get(at) {
        // Of adjacent words the longest name counts: "Docker Swarm".
        let rest = concepts.get(at..).unwrap_or_default();
        let adjacent = rest.windows(2).take_while(|pair| match pair {
            [before, after] => before.words.end == after.words.start && !after.words.is_empty(),
            _ => false,
        });
        let run = rest.get(..=adjacent.count()).unwrap_or_default();
        let longest =
            (1..=run.len()).rev().find_map(|len| Some((len, thing_named(run.get(..len)?, facets)?)));
        if let Some((len, thing)) = longest {
            known.push(thing);
            at += len;
        } else {
            others.push(concept.clone());
            at += 1;
        }
    }
    (known, others)
}

/// The thing of the tables that some adjacent words name: with its name, or with another one for the same thing, such as `k8s`.
/// What it only contains, such as a product of a project, is not named.
fn thing_named(words: &[Concept], facets: &Facets) -> Option<CardTarget> {
    if words.iter().any(|concept| concept.is_choice) {
        return None; // The other thing is enough too.
    }
    let texts: Vec<&str> = words.iter().map(|concept| concept.text.as_str()).collect();
    let text = texts.join(" ");
    let other_names =
        words.first().filter(|_| words.len() == 1).map(|concept| concept.other_words.as_slice());
    let same_things = other_names.unwrap_or_default().iter().filter(|(_, weight)| *weight >= 1.0);
    let names = [text.as_str()].into_iter().chain(same_things.map(|(name, _)| name.as_str()));
    let called = names.flat_map(|name| things_called(&name_key(name), facets));
    let called = called.filter(|(_, thing)| matches!(thing.kind, CardKind::Project | CardKind::Company));
    if let Some(thing) = most_mentioned(called.collect()) {
        return Some(thing);
    }
    // A word that is written as a name means nothing else, though no post names it.
    let table = EntityTable::builtin();
    [(EntityKind::Project, CardKind::Project), (EntityKind::Company, CardKind::Company)].into_iter().find_map(
        |(kind, card)| {
            let id = table.id_of_name(kind, &text)?;
            Some(CardTarget { kind: card, id: id.to_owned(), name: text.clone() })
        },
    )
}

/// A concept with the forms that count: its own, names of the same thing, and in questions of other languages what it is in
/// English. Another word may mean something else.
fn with_counted_forms(mut concept: Concept, language: Language) -> Concept {
    let least = if language == Language::En { 1.0 } else { TRANSLATION_WEIGHT };
    let own_forms = concept.own_forms;
    let forms = concept.alternatives.into_iter().enumerate();
    let counted = forms.filter(|(at, form)| *at < own_forms || form.weight >= least).map(|(_, form)| form);
    // A word of grammar names nothing: "j'ai" is no AI.
    let is_grammar =
        |form: &Alternative, language: Language| form.terms.iter().all(|term| is_stop_word(term, language));
    let names_it = |mut form: Alternative| {
        let all = Language::ALL.into_iter().chain([Language::Other]);
        form.languages = all.filter(|it| form.languages.contains(*it) && !is_grammar(&form, *it)).collect();
        form
    };
    concept.alternatives = counted.map(names_it).collect();
    concept
}

/// The maximum number of forms of two joined words. Each is a phrase to look for.
const MAX_JOINED_FORMS: usize = 32;

/// Joins two words that name a thing only together, so that they count only next to each other: a post on a platform and on
/// engineering need not name platform engineering. So do any two words side by side in English, as in "hallway track": a word of
/// another language counts by its translations, which need not stand side by side.
pub(super) fn joined_concepts(plan: &QueryPlan, concepts: &[Concept]) -> Vec<Concept> {
    let syntax = &plan.question.syntax;
    let are_beside = |before: &Concept, after: &Concept| {
        let places = syntax.bytes_of(&before.words).zip(syntax.bytes_of(&after.words));
        let between = places.and_then(|(before, after)| syntax.text.get(before.end..after.start));
        before.words.end == after.words.start
            && between.is_some_and(|it| it.trim().is_empty())
            && !before.is_choice
            && !after.is_choice
            && !names_thing(&before.text)
            && !names_thing(&after.text)
    };
    let name_thing = |before: &Concept, after: &Concept| {
        are_beside(before, after) && names_thing(&format!("{} {}", before.text, after.text))
    };
    let mut joined: Vec<Concept> = Vec::new();
    let mut rest = concepts;
    while let [first, others @ ..] = rest {
        let second = others.first().filter(|second| {
            // "Modern platform engineering" names platform engineering.
            let third = others.get(1).filter(|third| name_thing(second, third));
            name_thing(first, second)
                || plan.language == Language::En && third.is_none() && are_beside(first, second)
        });
        joined.push(second.map_or_else(|| first.clone(), |second| followed_by(first, second)));
        rest = if second.is_some() { &others[1..] } else { others };
    }
    joined
}

/// The concept of one's own words with those of another one after them.
fn followed_by(first: &Concept, second: &Concept) -> Concept {
    let own = |concept: &Concept| concept.alternatives.iter().take(concept.own_forms).cloned().collect();
    let (of_first, of_second): (Vec<Alternative>, Vec<Alternative>) = (own(first), own(second));
    let pairs = of_first.iter().flat_map(|first| of_second.iter().map(move |second| (first, second)));
    let joined = pairs.map(|(first, second)| Alternative {
        terms: first.terms.iter().chain(&second.terms).cloned().collect(),
        weight: first.weight.min(second.weight),
        languages: first.languages.intersection(second.languages),
    });
    let in_one_language = joined.filter(|form| form.languages != LanguageSet::EMPTY);
    let alternatives: Vec<Alternative> = in_one_language.take(MAX_JOINED_FORMS).collect();
    Concept {
        text: format!("{} {}", first.text, second.text),
        words: first.words.start..second.words.end,
        own_forms: alternatives.len(),
        alternatives,
        other_words: Vec::new(),
        ..first.clone()
    }
}
