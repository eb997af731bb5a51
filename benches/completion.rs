//! Measures the completion of names in a large corpus: `cargo bench --bench completion -- 20000`.
//!
//! The argument is the number of authors. 100,000 posts have about 20,000. Prints a row of a Markdown table for each input.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::Instant;

use jiff::civil::date;
use takeaways_answer::completion::{complete_authors, complete_events};
use takeaways_corpus::events::EventTable;
use takeaways_search::Facets;
use takeaways_testing::Percentiles;

const RUNS: usize = 50;

fn main() {
    let authors = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(20_000);
    let authors = (0..authors).map(|at| (format!("Author{at} Name{}", at % 977), 5)).collect();
    let events = EventTable::builtin().editions().map(|event| (event.clone(), 100)).collect();
    let facets = Facets { events, authors, ..Facets::default() };
    println!("| completed | input | p50 | longest |\n|---|---|---|---|");
    for input in ["", "kub", "the last three KubeCons", "since Valencia", "kubcon barcelna"] {
        print_row("event", input, || complete_events(input, &facets, date(2026, 11, 20)).len());
    }
    for input in ["", "auth", "author123 name", "an", "author123 nmae", "nobody"] {
        print_row("author", input, || complete_authors(input, &facets).len());
    }
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
