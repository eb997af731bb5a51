//! Which part of an excerpt is marked as its answer.

use takeaways_text::model::{BlockKind, Body, Sentence, Span};

/// Returns the part of some sentences that answers: the items of a list with words of the question (`marks`), or running text from
/// the first sentence with such a word on. Without such words it is all of them.
pub(super) fn answering_part(body: &Body, core: &[Sentence], marks: &[Span]) -> Option<Span> {
    let is_item = |sentence: &&Sentence| {
        body.blocks.get(sentence.block as usize).is_some_and(|block| block.kind == BlockKind::ListItem)
    };
    let is_marked = |sentence: &&Sentence| marks.iter().any(|mark| sentence.span.overlaps(*mark));
    let cover = |spans: &mut dyn Iterator<Item = &Sentence>| spans.map(|it| it.span).reduce(Span::cover);
    let items = cover(&mut core.iter().filter(is_item).filter(is_marked));
    items
        .or_else(|| cover(&mut core.iter().skip_while(|sentence| !is_marked(sentence))))
        .or_else(|| cover(&mut core.iter()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::post;

    #[test]
    fn sentences_before_the_words_of_the_question_and_items_without_them_are_not_marked() {
        for (markdown, marked, expected) in [
            ("It rained. The mesh is new. It works.", vec!["mesh"], "The mesh is new. It works."),
            ("It rained. The mesh is new.", vec![], "It rained. The mesh is new."),
            ("Rules of a mesh:\n\n- One.\n- The mesh grows.\n- Three.", vec!["grows"], "The mesh grows."),
            ("Rules of a mesh:\n\n- One.\n- Two.", vec!["mesh"], "Rules of a mesh:\n\nOne.\nTwo."),
        ] {
            let post = post("a", markdown);
            let text = &post.body.text;
            let span = |words: &str| {
                let start = text.find(words).expect("the words");
                Span::new(text, start..start + words.len()).expect("a span")
            };
            let marks: Vec<Span> = marked.into_iter().map(span).collect();
            let part = answering_part(&post.body, &post.body.sentences, &marks).expect("a part");
            assert_eq!(post.body.slice(part), expected, "{markdown}");
        }
    }
}
