//! Finds the version of a project in a question.

use takeaways_corpus::entities::EntityTable;

/// The most digits of a version that is a whole number. A year has more.
const MAX_VERSION_DIGITS: usize = 2;
/// The most words of the name of a project before its version.
const MAX_NAME_WORDS: usize = 3;

/// Whether a question names a version of a project: "what is new in Helm 3?" asks for what that version brings, not for all on Helm. A
/// whole number is one only at the end: "Kubernetes 10 years after its start".
pub(super) fn names_version(question: &str) -> bool {
    let words: Vec<&str> = question.split_whitespace().collect();
    let has_word = |word: &&str| word.contains(char::is_alphanumeric);
    let last = words.iter().rposition(has_word).unwrap_or_default();
    let is_version = |at: usize| {
        let word = words[at].trim_matches(|c: char| !c.is_alphanumeric());
        // "1.30-rc1"
        let number = word.strip_prefix(['v', 'V']).unwrap_or(word).split('-').next().unwrap_or_default();
        let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        number.split('.').all(are_digits)
            && (number.contains('.') || number.len() <= MAX_VERSION_DIGITS && at == last)
    };
    let table = EntityTable::builtin();
    let follows_name = |at: usize| {
        (at.saturating_sub(MAX_NAME_WORDS)..at).any(|from| table.knows(&words[from..at].join(" ")))
    };
    (1..words.len()).any(|at| is_version(at) && follows_name(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_version_brings_is_a_fact() {
        for (question, expected) in [
            ("what is new in Helm 3?", true),
            ("What new things came with Kubernetes v1.14?", true),
            ("what was new in Istio 1.1 for small teams?", true),
            ("what is new in Kubernetes?", false),
            ("what is new in Kubernetes 2019?", false),
            ("Kubernetes 10 years after its start", false),
            ("what is new in 3 words", false),
            ("Quoi de neuf dans Helm 3 ?", true),
            ("what is new in Open Policy Agent 1.0", true),
            ("what changed in (Kubernetes V1.30-rc1)?", true),
        ] {
            assert_eq!(names_version(question), expected, "{question}");
        }
    }
}
