//! A ranking, its order, and how TREC writes it down.

use std::fmt::Write as _;

/// How many documents are ranked for a query, as in TREC's runs.
pub const DEPTH: usize = 1_000;

/// A document that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Its id.
    pub document: String,
    /// To be compared within one query only.
    pub score: f32,
}

/// The best first. Equal ones go by id, the later in the order of bytes first: so does `trec_eval`, whatever rank the
/// run file gives them, and the figures are to be those that it would give.
#[must_use]
pub fn ordered(mut found: Vec<Ranked>) -> Vec<Ranked> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.document.cmp(&a.document)));
    found
}

/// Lines of a run file for one query: `query Q0 document rank score tag`. Blanks in ids, which would divide them, are
/// written as `%20` and so on.
#[must_use]
pub fn run_lines(query: &str, ranking: &[Ranked]) -> String {
    let mut lines = String::new();
    let query = in_one(query);
    for (rank, Ranked { document, score }) in (1..).zip(ranking) {
        let document = in_one(document);
        // The shortest form that reads as the same float; writing to a text can't fail.
        let _ = writeln!(lines, "{query} Q0 {document} {rank} {score} takeaways");
    }
    lines
}

/// An id without blanks and control characters.
fn in_one(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for c in id.chars() {
        if c.is_whitespace() || c.is_control() {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ranked(document: &str, score: f32) -> Ranked {
        Ranked { document: document.into(), score }
    }

    #[test]
    fn a_run_is_written_as_trec_has_it() {
        let found = vec![ranked("b", 1.5), ranked("a c", 1.5), ranked("d", 0.1), ranked("é\u{a0}", 20.25)];
        assert_eq!(
            run_lines("q\t1", &ordered(found)),
            "q%091 Q0 é%C2%A0 1 20.25 takeaways\n\
             q%091 Q0 b 2 1.5 takeaways\n\
             q%091 Q0 a%20c 3 1.5 takeaways\n\
             q%091 Q0 d 4 0.1 takeaways\n"
        );
    }

    proptest! {
        #[test]
        fn the_order_depends_on_nothing_but_scores_and_ids(
            mut found in prop::collection::btree_map(".{1,5}", 0..4_u8, 0..20)
                .prop_map(|all| all.into_iter().map(|(id, score)| ranked(&id, score.into())).collect::<Vec<_>>())
        ) {
            let once = ordered(found.clone());
            found.reverse();
            prop_assert_eq!(&once, &ordered(found));
            for line in run_lines("q", &once).lines() {
                prop_assert_eq!(line.split_whitespace().count(), 6);
            }
        }
    }
}
