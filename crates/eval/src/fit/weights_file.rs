//! The fitted weights in the form of `config/weights.toml`.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{FitResult, FittedWeight};

/// The text of the file with the fitted weights in place of those in `before`, and what they were fitted to. Comments,
/// the order, and what is not fitted stay as they are.
#[must_use]
pub fn weights_file(before: &str, fit: &FitResult, day: Date, files: &[String]) -> String {
    let FitResult { questions, posts, ranking, confidence, .. } = fit;
    let of = format!("{day} on {}, {questions} questions over", join_and(files));
    let sizes: Vec<String> = confidence.sizes.iter().rev().map(|at| at.posts.to_string()).collect();
    let mut values: BTreeMap<(&str, &str), String> = BTreeMap::new();
    values.insert(("ranking", "fitted"), toml_string(&format!("{of} {posts} posts")));
    values.insert(("confidence", "fitted"), toml_string(&format!("{of} {} posts", join_and(&sizes))));
    let bias = std::iter::once(("confidence", &confidence.bias));
    let signals = confidence.weights.iter().map(|weight| ("confidence.weights", weight));
    let parts = ranking.weights.iter().map(|weight| ("ranking.weights", weight));
    for (section, FittedWeight { name, fitted, .. }) in bias.chain(signals).chain(parts) {
        values.extend(fitted.map(|fitted| ((section, *name), format_weight(fitted))));
    }
    let mut section = "";
    let line = |line| {
        section = table_name(line).unwrap_or(section);
        let name = line.split_once(" = ").map(|(name, _)| name);
        let value =
            name.and_then(|name| values.get(&(section, name)).map(|value| format!("{name} = {value}")));
        value.unwrap_or_else(|| line.to_owned()) + "\n"
    };
    before.lines().map(line).collect()
}

/// The name of the table that begins with this line.
fn table_name(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.strip_suffix(']')
}

/// More digits would only be noise; there is no -0.
fn format_weight(weight: f64) -> String {
    format!("{:.3}", (weight * 1e3).round() / 1e3 + 0.0)
}

fn toml_string(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// `a`, `a and b`, `a, b and c`.
fn join_and(words: &[String]) -> String {
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use toml::Table;

    use super::*;
    use crate::corpus_files::CorpusSize;
    use crate::fit::confidence::ConfidenceFit;
    use crate::fit::ranking::RankingFit;
    use takeaways_answer::Weights;

    fn fit() -> FitResult {
        let mut fit = FitResult {
            questions: 7,
            answerable: 5,
            posts: 12,
            ranking: RankingFit::fit(&[]),
            confidence: ConfidenceFit::fit(&[], &[(CorpusSize::All, 12), (CorpusSize::Half, 6)]),
        };
        let weights = fit.ranking.weights.iter_mut().chain(&mut fit.confidence.weights);
        for weight in weights.chain([&mut fit.confidence.bias]) {
            weight.fitted = weight.fitted.map(|_| weight.before);
        }
        fit
    }

    fn table_of(text: &str) -> Table {
        text.parse().expect("TOML")
    }

    #[test]
    fn the_weights_that_there_are_give_the_file_that_there_is() {
        let text =
            weights_file(Weights::FILE, &fit(), date(2026, 11, 20), &["a.jsonl".into(), "b.jsonl".into()]);
        let (mut found, mut known) = (table_of(&text), table_of(Weights::FILE));
        assert_eq!(
            found["ranking"]["fitted"].as_str(),
            Some("2026-11-20 on a.jsonl and b.jsonl, 7 questions over 12 posts")
        );
        assert_eq!(
            found["confidence"]["fitted"].as_str(),
            Some("2026-11-20 on a.jsonl and b.jsonl, 7 questions over 6 and 12 posts")
        );
        for table in [&mut found, &mut known] {
            for section in ["ranking", "confidence"] {
                table[section].as_table_mut().expect("a table").remove("fitted");
            }
        }
        assert_eq!(found, known);
        let comments = |text: &str| text.lines().filter(|line| line.starts_with('#')).count();
        assert_eq!(comments(&text), comments(Weights::FILE));
    }

    #[test]
    fn what_is_fitted_is_replaced_and_what_is_not_stays() {
        let mut fit = fit();
        fit.ranking.weights[0].fitted = Some(-0.000_1);
        fit.confidence.weights[0].fitted = Some(1.234_56);
        let table = table_of(&weights_file(Weights::FILE, &fit, date(2026, 11, 20), &["a\"b.jsonl".into()]));
        assert_eq!(table["ranking"]["weights"][fit.ranking.weights[0].name].as_float(), Some(0.0));
        assert_eq!(table["confidence"]["weights"][fit.confidence.weights[0].name].as_float(), Some(1.235));
        let known = table_of(Weights::FILE);
        assert_eq!(table["ranking"]["weights"]["caption"], known["ranking"]["weights"]["caption"]);
        assert_eq!(table["confidence"]["thresholds"], known["confidence"]["thresholds"]);
    }
}
