//! Clauses that tell where the person who asks knows a thing from: "think it was on a slide". They ask for nothing.

use std::ops::Range;
use std::sync::LazyLock;

use crate::question_syntax::{QuestionSyntax, is_question_word};
use takeaways_text::language::whole_words;
use takeaways_text::phrases::PhraseTable;
use takeaways_text::tokens::folding::fold;

static OPENINGS: LazyLock<PhraseTable<()>> =
    LazyLock::new(|| whole_words(|words| &words.questions.recollections).into_iter().collect());

/// Returns the ranges of words of such clauses. The first clause of a question is none, and neither is one that asks:
/// "I think it was Flux, who showed it?"
pub(crate) fn recollections(syntax: &QuestionSyntax) -> Vec<Range<usize>> {
    let folded: Vec<String> = syntax.words.iter().map(|word| fold(&word.text)).collect();
    let begins_clause = |at: &usize| {
        let before = syntax.words[at - 1].range.end;
        let between = syntax.text.get(before..syntax.words[*at].range.start).unwrap_or_default();
        between.contains(['?', '!', ',', ';', '(', ')', '–', '—', '…', '\n'])
            || between.contains(". ")
            || between.contains(" - ")
    };
    let starts: Vec<usize> = (1..folded.len()).filter(begins_clause).collect();
    let ends = starts.iter().copied().skip(1).chain([folded.len()]);
    let clauses = starts.iter().copied().zip(ends).map(|(start, end)| start..end);
    clauses
        .filter(|clause| OPENINGS.matches_at(folded.as_slice(), clause.start).next().is_some())
        .filter(|clause| !folded[clause.clone()].iter().any(|word| is_question_word(word)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    #[test]
    fn clauses_that_tell_where_a_thing_is_known_from_are_found() {
        for (question, expected) in [
            ("how old is the mesh? think it was on a slide in Berlin", "think it was on a slide in Berlin"),
            ("which mesh is young, i heard about it at KubeCon", "i heard about it at KubeCon"),
            ("wer zeigte das Netz? hab gehört es war in Berlin", "hab gehört es war in Berlin"),
            ("qui a montré le maillage ? je crois que c'était à Paris", "je crois que c'était à Paris"),
            ("quién mostró la malla? creo que fue en una charla", "creo que fue en una charla"),
            ("i think the mesh is young", ""),
            ("a slide on the mesh, i think, who showed it?", "i think"),
            ("what is a mesh? i heard what it was once", ""),
        ] {
            let syntax = parse_syntax(question);
            let texts = recollections(&syntax).into_iter().map(|words| {
                let (first, last) = (&syntax.words[words.start], &syntax.words[words.end - 1]);
                syntax.text[first.range.start..last.range.end].to_owned()
            });
            assert_eq!(texts.collect::<Vec<_>>().join(" | "), expected, "{question}");
        }
    }
}
