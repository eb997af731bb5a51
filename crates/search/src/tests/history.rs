//! Indexing a change equals a rebuild, whatever the order of files, the threads and the segments.

use proptest::prelude::*;

use super::*;
use takeaways_text::model::{EventId, Years};

const WORDS: [&str; 12] =
    ["mesh", "cluster", "etcd", "node", "pod", "tracing", "policy", "gateway", "the", "of", "cloud", "scale"];

/// One change to a corpus.
#[derive(Debug, Clone)]
enum CorpusChange {
    Put(u8, Vec<Vec<usize>>),
    Remove(u8),
    Rename(u8, u8),
    Empty(u8),
}

fn change() -> impl Strategy<Value = CorpusChange> {
    let passage = proptest::collection::vec(0..WORDS.len(), 1..8);
    let text = proptest::collection::vec(passage, 0..4);
    prop_oneof![
        6 => (0..12u8, text).prop_map(|(file, text)| CorpusChange::Put(file, text)),
        2 => (0..12u8).prop_map(CorpusChange::Remove),
        1 => (0..12u8, 0..12u8).prop_map(|(from, to)| CorpusChange::Rename(from, to)),
        1 => (0..12u8).prop_map(CorpusChange::Empty),
    ]
}

fn words(indices: &[usize]) -> String {
    indices.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(" ")
}

fn generated_post(file: u8, text: &[Vec<usize>]) -> takeaways_text::model::Post {
    let mut post =
        post(&format!("p{file}")).title(&format!("{} {}", WORDS[usize::from(file)], WORDS[text.len()]));
    if file.is_multiple_of(3) {
        post = post.event(&format!("conf-{}", 2018 + i16::from(file % 2)), Some(2018 + i16::from(file % 2)));
    }
    for (at, passage) in text.iter().enumerate() {
        if at == 1 {
            post = post.heading(&words(passage));
        }
        post = post.text(&words(passage));
    }
    post.build()
}

fn apply(files: &mut MemoryFiles, change: &CorpusChange, time: i64) {
    let path = |file: &u8| format!("p{file}.md");
    match change {
        CorpusChange::Put(file, text) => files.put(generated_post(*file, text), time),
        CorpusChange::Remove(file) => files.remove(&path(file)),
        CorpusChange::Empty(file) => files.put_empty(&path(file)),
        CorpusChange::Rename(from, to) => {
            files.remove(&path(from));
            files.put(generated_post(*to, &[vec![usize::from(*from)]]), time);
        }
    }
}

fn queries() -> Vec<Query> {
    let mut queries: Vec<Query> = [
        &["mesh"][..],
        &["mesh", "the", "cluster"],
        &["+mesh", "of", "-etcd"],
        &["the cloud", "scale", "policy", "pod"],
        &["tracing", "gateway", "node", "of"],
    ]
    .map(query)
    .to_vec();
    let mut filtered = query(&["mesh", "cloud", "pod"]);
    filtered.filter.years = Some(Years::single(2018));
    queries.push(filtered);
    let mut filtered = query(&["mesh", "cloud", "pod"]);
    filtered.filter.events = vec![EventId("conf-2019".into())];
    queries.push(filtered);
    queries
}

/// Returns the results of all functions of an index.
fn all_results(index: &Index) -> Vec<String> {
    let mut results = Vec::new();
    for query in queries() {
        for limit in [3, 50] {
            let hits = index.search(&query, limit).expect("found");
            results.push(format!(
                "{:?}",
                hits.iter().map(|hit| (&hit.post.id, hit.passage, hit.score)).collect::<Vec<_>>()
            ));
        }
    }
    for word in WORDS {
        let frequency = index.frequency(&Alternative::term(word)).expect("counted");
        results.push(format!("{word} {frequency} {:?}", index.similar_terms(word, 2, 9).expect("found")));
    }
    results.push(format!("{:?} {:?}", index.facets(now()).expect("counted"), index.frequent_languages()));
    results.push(format!("{} {} {}", index.posts(), index.passages(), index.status().files));
    results
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_update_equals_a_rebuild(rounds in proptest::collection::vec(proptest::collection::vec(change(), 1..6), 1..6)) {
        let mut files = MemoryFiles::default();
        let mut updated = in_memory(&files);
        let mut time = 0;
        for changes in &rounds {
            for change in changes {
                time += 1;
                apply(&mut files, change, time);
            }
            updated = updated.refresh(&files, now(), &options()).expect("an index").0;
        }
        let expected = all_results(&in_memory(&files));
        prop_assert_eq!(&all_results(&updated), &expected);
        files.reverse();
        let threads = IndexOptions { threads: 3, ..options() };
        let (shuffled, _) = Index::open(None, &files, now(), &threads).expect("an index");
        prop_assert_eq!(&all_results(&shuffled), &expected, "another order and more threads");
    }
}

/// The results for a limit must be the first of all results. Texts are of all lengths, so that the best of a block of
/// postings is far from its average.
#[test]
fn pruning_loses_none_of_the_best() {
    let mut seed = 1_u64;
    let mut random = |end: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("small") % end
    };
    let mut files = MemoryFiles::default();
    for file in 0..300_i64 {
        let text: Vec<Vec<usize>> = (0..=random(12))
            .map(|_| {
                (0..=random(3) * random(30)).map(|_| random(WORDS.len()) * random(2) * random(2)).collect()
            })
            .collect();
        let mut builder = super::post(&format!("f{file:03}")).title(WORDS[random(12)]);
        for passage in &text {
            builder = builder.text(&words(passage));
        }
        files.put(builder.build(), file);
    }
    let index = in_memory(&files);
    for query in queries() {
        let all = index.search(&query, usize::MAX).expect("found");
        for limit in [1, 2, 5, 20, 100] {
            let best = index.search(&query, limit).expect("found");
            let scores = |hits: &[Hit]| hits.iter().map(|hit| hit.score.to_bits()).collect::<Vec<_>>();
            let first = &all[..best.len()];
            let same = (hit_names(&best), scores(&best)) == (hit_names(first), scores(first));
            assert!(same && best.len() == all.len().min(limit), "{limit} of {} for {query:?}", all.len());
        }
    }
}

/// An index of thousands of documents is not merged into one segment after each change: it keeps deleted documents,
/// and new documents are in segments of their own.
#[test]
fn deleted_documents_and_many_segments_change_nothing() {
    let passages =
        |seed: usize| (0..10).map(|at| (0..6).map(|n| (seed * 7 + at * 3 + n * n) % 12).collect()).collect();
    let mut files = MemoryFiles::default();
    let put = |files: &mut MemoryFiles, file: usize, seed: usize| {
        let text: Vec<Vec<usize>> = passages(seed);
        let mut post = generated_post(u8::try_from(seed % 12).expect("small"), &text[..4]);
        post.path = format!("f{file}.md");
        post.id = takeaways_text::model::PostId(format!("f{file}"));
        files.put(post, i64::try_from(file * 1_000 + seed).expect("small"));
    };
    for file in 0..600 {
        put(&mut files, file, file);
    }
    let temp = tempfile::tempdir().expect("a folder");
    // Each thread writes a segment of its own, and enough of them are merged at once.
    let options = IndexOptions { threads: 1, ..options() };
    let (mut index, _) = Index::open(Some(temp.path()), &files, now(), &options).expect("an index");
    for round in 1..5 {
        for file in (round..600).step_by(40) {
            put(&mut files, file, file + round);
        }
        files.remove(&format!("f{}.md", round * 9));
        index = index.refresh(&files, now(), &options).expect("an index").0;
    }
    let status = index.status();
    assert!(status.segments > 1 && status.deleted > 0, "{status:?}");
    let expected = all_results(&in_memory(&files));
    assert_eq!(all_results(&index), expected);
    assert_eq!(all_results(&on_disk(temp.path(), &files).0), expected, "opened again");
}
