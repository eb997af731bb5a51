//! Measures the completion of names in a large corpus: `cargo bench --bench completion -- 20000`.
//!
//! The argument is the number of authors. 100,000 posts have about 20,000. Prints a row of a Markdown table for each input.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::Instant;

use jiff::civil::date;
use takeaways_answer::completion::{complete_authors, complete_events};
use takeaways_corpus::events::EventTable;
use takeaways_search::{AuthorFacet, Facets};
use takeaways_testing::Percentiles;

const RUNS: usize = 50;
const SYLLABLES: [&str; 20] = [
    "ma", "ri", "lo", "ta", "vu", "ni", "be", "ka", "sho", "de", "ja", "pe", "fra", "go", "hu", "el", "an",
    "chi", "sa", "wi",
];

fn main() {
    let authors = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(20_000);
    let mut random = fastrand::Rng::with_seed(1);
    let authors = (0..authors).map(|_| AuthorFacet::new(&author_name(&mut random), 5)).collect();
    let events = EventTable::builtin().editions().map(|event| (event.clone(), 100)).collect();
    let facets = Facets { events, authors, ..Facets::default() };
    println!("| completed | input | p50 | longest |\n|---|---|---|---|");
    for input in ["", "kub", "the last three KubeCons", "since Valencia", "kubcon barcelna"] {
        print_row("event", input, || complete_events(input, &facets, date(2026, 11, 20)).len());
    }
    for input in ["", "mar", "marilo tavuni", "mt", "marilo tavnui", "nobody"] {
        print_row("author", input, || complete_authors(input, &facets).len());
    }
}

/// A name of two words, which begin with as many letters as those of people do.
fn author_name(random: &mut fastrand::Rng) -> String {
    let mut word = || {
        let word = [(); 3].map(|()| SYLLABLES[random.usize(..SYLLABLES.len())]).concat();
        word[..1].to_uppercase() + &word[1..]
    };
    format!("{} {}", word(), word())
}

fn print_row(kind: &str, input: &str, complete: impl Fn() -> usize) {
    // The tables are read at the first use.
    std::hint::black_box(complete());
    let times = (0..RUNS).map(|_| {
        let begin = Instant::now();
        std::hint::black_box(complete());
        begin.elapsed()
    });
    let times = Percentiles::new(times.collect());
    println!("| {kind} | {input} | {:.2} ms | {:.2} ms |", times.percentile(50), times.percentile(100));
}
