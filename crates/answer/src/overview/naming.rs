//! The posts that name a topic. A project or company of the tables is named by the posts of its facet, as on its card, since its
//! name may have another meaning; any other thing by the posts that have its words.

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
            let matching = posts_matching(index, plan, filter, std::slice::from_ref(concept))?;
            let all = if phrases.is_empty() { matching.clone() } else { index.posts_writing(&phrases)? };
            writing.extend(matching.intersection(&all).cloned());
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

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};
    use super::{HashSet, MAX_JOINED_FORMS, joined_concepts};
    use crate::NamedOverview;
    use crate::ScopeOptions;
    use crate::resolve::NameRole;
    use crate::samples::{now, request};
    use takeaways_text::model::Answer;

    #[test]
    fn words_side_by_side_count_next_to_each_other_and_a_choice_counts_each() {
        let engine = engine_of_recaps(&[
            ("Ann", "I think that platform engineering is harder than most teams believe."),
            ("Bo", "Our platform is slow, but the engineering behind it was better than before."),
            ("Cy", "Most teams should start without a mesh, because it takes months to learn."),
            (
                "Di",
                "Take a side track of the hallway to the mesh booth, because the halls are full of people.",
            ),
            ("Ed", "The hallway track was the best part for me, because people have time to talk there."),
            (
                "Fy",
                "Most teams that I met left Docker Swarm last year, because it has fewer users than before.",
            ),
            ("Gi", "We run Nomad in production, because it is easier to learn than most teams believe."),
            (
                "Ha",
                "Everybody should know that distributed systems fail in parts, because networks are slow.",
            ),
        ]);
        for (question, expected) in [
            ("how many recaps mention platform engineering?", 1),
            ("how many recaps mention the hallway track?", 1),
            ("how many recaps mention mesh or hallway track?", 3),
            ("how many recaps mention the mesh, the booth?", 1),
            ("wie viele Recaps erwähnen Platform Engineering?", 1),
            ("how many recaps mention platform engineering / mesh?", 3),
            ("how many recaps mention the mesh and the booth?", 1),
            ("how many recaps mention Docker Swarm or Nomad?", 2),
            // Its translation counts, as in a question on one of the words.
            ("wie viele Recaps erwähnen verteilte Systeme?", 1),
        ] {
            let overview = overview_of(&engine, question).expect(question);
            let counted: Vec<u32> = overview.groups.iter().map(|group| group.posts.posts).collect();
            assert_eq!((counted, overview.is_partial), (vec![expected], false), "{question}");
            let posts: HashSet<&str> =
                overview.excerpts.iter().map(|excerpt| excerpt.citation.path.as_str()).collect();
            assert_eq!(posts.len(), overview.excerpts.len(), "{question}");
        }
    }

    #[test]
    fn what_only_has_the_same_stem_is_not_counted() {
        let engine = engine_of_recaps(&[
            ("Ann", "I think that hosting costs more than most teams believe, and so does accessibility."),
            ("Bo", "Our hosts had access to the hall, because they hosted the event with many hosts."),
            ("Cy", "Most teams should access one host only, because many hosts are hard to run."),
            (
                "Di",
                "The container contained it all, because containers contain more than most teams believe.",
            ),
            (
                "Ed",
                "The multi-cloud clusters took an optimisation, because modelling them is hard for teams.",
            ),
            (
                "Flo",
                "Presque toutes les équipes devraient voir l'optimisation du Hallway Track avant les autres.",
            ),
        ]);
        for (question, expected) in [
            ("how many recaps mention optimisation?", 2),
            ("how many recaps mention optimizations?", 2),
            ("how many recaps mention modeling?", 1),
            ("how many recaps mention multicloud?", 1),
            ("how many recaps mention multi cloud?", 1),
            ("how many recaps mention hallwaytrack?", 1),
            ("how many recaps mention hosting?", 1),
            ("how many recaps mention accessibility?", 1),
            ("how many recaps mention hosts?", 2),
            ("how many recaps mention containers?", 1),
        ] {
            let overview = overview_of(&engine, question).expect(question);
            let counted: Vec<u32> = overview.groups.iter().map(|group| group.posts.posts).collect();
            assert_eq!(counted, [expected], "{question}");
        }
    }

    #[test]
    fn a_topic_of_several_parts_is_counted_as_on_its_card() {
        let engine = engine_of_recaps(&[
            (
                "Ann",
                "IoT is easier than most teams believe. A Raspberry Pi is enough, because IoT needs little power.",
            ),
            ("Bo", "Most embedded code needs people. Nobody can debug embedded code from afar, or robots."),
            ("Cy", "Most drones fly in circles, because robots and drones are hard to debug from afar."),
            ("Di", "Most teams should start without a mesh, because it takes months to learn."),
        ]);
        for (named, expected) in [
            (NamedOverview::Trend { topic: "IoT and embedded".into() }, 3),
            (NamedOverview::Thing { name: "IoT and embedded".into() }, 3),
        ] {
            let request = named.request(ScopeOptions::default(), 3, now()).expect("a request");
            let Answer::Overview(overview) = engine.answer(&request).expect("an answer") else {
                panic!("{request:?}")
            };
            assert_eq!(overview.posts.posts, expected, "{overview:?}");
        }
    }

    #[test]
    fn one_word_of_the_name_of_a_topic_is_counted_by_itself() {
        let engine = engine_of_recaps(&[
            ("Ann", "Most teams should test AI first, because it may be wrong."),
            ("Bo", "Machine learning is harder than most teams believe. Machine learning needs data."),
        ]);
        let overview = overview_of(&engine, "how many recaps mention AI?").expect("a count");
        assert_eq!(overview.groups.iter().map(|group| group.posts.posts).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn a_number_needs_no_line() {
        let engine = engine_of_recaps(&[
            ("Ann", "Who was there:\n\n- Canonical\n- Dell\n- Red Hat"),
            ("Bo", "Most teams should start without a mesh, because it takes months to learn."),
        ]);
        let overview = overview_of(&engine, "how many recaps mention Dell?").expect("a count");
        assert_eq!(overview.groups.iter().map(|group| group.posts.posts).collect::<Vec<_>>(), [1]);
        assert!(overview.excerpts.is_empty() && !overview.is_partial, "{overview:?}");
        let request =
            NamedOverview::Trend { topic: "Dell".into() }.request(ScopeOptions::default(), 3, now());
        let Answer::Overview(trend) = engine.answer(&request.expect("a request")).expect("an answer") else {
            panic!("a trend")
        };
        assert!(trend.excerpts.is_empty() && trend.mentions.is_some(), "{trend:?}");
        assert_eq!(overview_of(&engine, "how many recaps mention Lenovo?"), None);
    }

    #[test]
    fn words_side_by_side_are_joined_in_pairs() {
        let engine =
            engine_of_recaps(&[("Ann", "I think that platform engineering is harder than it seems.")]);
        for (text, expected) in [
            ("modern platform engineering", vec!["modern", "platform engineering"]),
            ("walking jumping painting sailing", vec!["walking jumping", "painting sailing"]),
            ("walking, jumping", vec!["walking", "jumping"]),
        ] {
            let plan = engine.plan(&request(text), NameRole::Subject).expect("a plan");
            let joined = joined_concepts(&plan, &plan.concepts);
            assert_eq!(joined.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), expected, "{text}");
            assert!(joined.iter().all(|it| it.alternatives.len() <= MAX_JOINED_FORMS), "{text}");
        }
    }

    #[test]
    fn a_word_of_grammar_names_nothing() {
        let french = "J'ai beaucoup aimé cette conférence, et j'ai rencontré des gens que je ne connaissais pas encore.";
        let engine = engine_of_recaps(&[
            ("Ann", "Everyone should look at AI with care, because AI costs more than most teams believe."),
            ("Bo", french),
        ]);
        let overview = overview_of(&engine, "how many recaps mention AI?").expect("an overview");
        let counted: Vec<u32> = overview.groups.iter().map(|group| group.posts.posts).collect();
        assert_eq!(counted, [1]);
    }

    #[test]
    fn a_count_a_trend_and_a_card_agree() {
        let engine = engine_of_recaps(&[
            ("Ann", "Most teams should write it in Go, because Go is simple and code in Go builds fast."),
            ("Bo", "I think that the salt mines are worth going to, because they are near the venue."),
            ("Cy", "We flew to Salt Lake City, and most people should go there early to rest a while."),
            ("Di", "Docker Swarm is easier than most teams believe, but Giant Swarm is a company."),
            ("Ed", "Giant Swarm thinks that Docker images should be smaller, because registries cost more."),
        ]);
        let posts = |named: NamedOverview| {
            let request = named.request(ScopeOptions::default(), 3, now()).expect("a request");
            match engine.answer(&request).expect("an answer") {
                Answer::Overview(overview) if overview.card.is_some() => overview.posts.of,
                Answer::Overview(overview) => overview.series.iter().map(|it| it.posts.posts).sum(),
                _ => 0,
            }
        };
        for (name, expected) in
            [("Go", 1), ("Docker Swarm", 1), ("Giant Swarm", 2), ("Salt", 0), ("Flink", 0)]
        {
            let trend = posts(NamedOverview::Trend { topic: name.into() });
            let counted = overview_of(&engine, &format!("how many recaps mention {name}?"));
            let counted = counted.map_or(0, |it| it.groups.iter().map(|group| group.posts.posts).sum());
            assert_eq!((trend, counted), (expected, expected), "{name}");
            if expected > 0 {
                assert_eq!(posts(NamedOverview::Thing { name: name.into() }), expected, "{name}");
            }
        }
    }
}
