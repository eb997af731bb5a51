//! The best passages are found without walking through all others.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

const WORDS: [&str; 8] = ["red", "green", "blue", "grey", "pink", "teal", "black", "white"];

type Clauses = Vec<(ClauseRole, f32, Vec<(&'static str, f32)>)>;

fn clauses() -> impl Strategy<Value = Clauses> {
    use ClauseRole::{Must, MustNot, Should};
    let role = prop_oneof![8 => Just(Should), 1 => Just(Must), 1 => Just(MustNot)];
    let weight = || select([0.0_f32, 0.3, 1.0, 2.5].as_slice());
    vec((role, weight(), vec((select(WORDS.as_slice()), weight()), 1..4)), 1..6)
}

fn query_of(clauses: &Clauses) -> Query {
    let alternative = |&(word, weight): &(&str, f32)| Alternative {
        weight,
        ..Alternative::new(tokenize(word, Language::Other).into_iter().map(|token| token.term).collect())
    };
    let clauses = clauses.iter().map(|(role, weight, words)| Clause {
        alternatives: words.iter().map(alternative).collect(),
        weight: *weight,
        role: *role,
    });
    Query { clauses: clauses.collect(), filter: Filter { visible_at: now(), ..Filter::default() } }
}

/// The scores of all passages that a query finds.
fn scores(index: &Index, query: &Query) -> BTreeMap<String, f32> {
    let hits = index.search(query, 10_000).expect("found");
    hit_names(&hits).into_iter().zip(hits.iter().map(|hit| hit.score)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_best_are_those_of_all_and_score_the_sum_of_their_clauses(
        posts in vec((select(WORDS.as_slice()), vec(vec(select(WORDS.as_slice()), 1..12), 1..6)), 1..40),
        asked in clauses(),
        limit in 1_usize..8,
        is_filtered: bool,
    ) {
        let made = posts.iter().enumerate().map(|(at, (title, passages))| {
            let made = post(&format!("p{at}")).title(title).topic(if at % 3 == 0 { "mesh" } else { "other" });
            passages.iter().fold(made, |made, words| made.text(&words.join(" ")))
        });
        let index = in_memory(&MemoryFiles::from_posts(made));
        let mut query = query_of(&asked);
        if is_filtered {
            query.filter.topics = vec!["mesh".into()];
        }
        let all = index.search(&query, 10_000).expect("found");
        let best = index.search(&query, limit).expect("found");
        let places = |hits: &[Hit]| -> Vec<(String, u32)> {
            hit_names(hits).into_iter().zip(hits.iter().map(|hit| hit.score.to_bits())).collect()
        };
        prop_assert_eq!(places(&best), places(&all[..all.len().min(limit)]));

        let found: BTreeSet<String> = hit_names(&all).into_iter().collect();
        let (mut expected, mut excluded): (BTreeMap<String, f32>, BTreeSet<String>) = Default::default();
        let mut required: Option<BTreeSet<String>> = None;
        for clause in &query.clauses {
            let clause_query = |role| Query { clauses: vec![Clause { role, ..clause.clone() }], ..query.clone() };
            let of_clause = scores(&index, &clause_query(ClauseRole::Should));
            let names = of_clause.keys().cloned();
            match clause.role {
                ClauseRole::MustNot => excluded.extend(names),
                ClauseRole::Must => {
                    let names: BTreeSet<String> = names.collect();
                    required = Some(required.map_or(names.clone(), |known| known.intersection(&names).cloned().collect()));
                }
                ClauseRole::Should => {}
            }
            if clause.role != ClauseRole::MustNot {
                for (name, score) in of_clause {
                    *expected.entry(name).or_default() += score;
                }
            }
        }
        expected.retain(|name, _| {
            !excluded.contains(name) && required.as_ref().is_none_or(|required| required.contains(name))
        });
        prop_assert_eq!(&found, &expected.keys().cloned().collect());
        for (name, score) in scores(&index, &query) {
            prop_assert!((score - expected[&name]).abs() < 1e-3, "{}: {} instead of {}", name, score, expected[&name]);
        }
    }
}
