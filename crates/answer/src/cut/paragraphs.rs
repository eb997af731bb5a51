//! Extends excerpts by the paragraphs around them: an answer often stands beside the paragraph that names its subject.

use super::{announces, can_begin};
use crate::candidates::{MarksAround, has_at_most};
use takeaways_text::model::{Block, BlockKind, Body, Span};
use takeaways_text::quotation::is_attribution;
use takeaways_text::sentences::{ends_with_question, is_title_like};
use takeaways_text::tokens::folding::fold;

/// Extends running text by the paragraphs after and before it that have words of the question (`marks`) which it lacks, as far as
/// they fit into `limit` characters; by none if it has most of the question itself. What follows mostly goes on about it, so there
/// another form of a word is enough; what stands before it needs a new one.
pub(super) fn with_paragraphs(body: &Body, shown: Span, marks: &MarksAround, limit: usize) -> Span {
    if marks.is_covered {
        return shown;
    }
    // "Talks" is no other word than "talk".
    let is_same = |word: &str, other: &str| word.starts_with(other) || other.starts_with(word);
    let words_in = |place: Span, marks: &[Span]| -> Vec<String> {
        let marks = marks.iter().filter(|mark| place.overlaps(**mark));
        marks.map(|mark| fold(body.slice(*mark))).collect()
    };
    let fits = |paragraph: Span, span: Span, marks: &[Span]| {
        let known = words_in(span, marks);
        let is_new = |word: &String| known.iter().all(|known| !is_same(word, known));
        words_in(paragraph, marks).iter().any(is_new) && has_at_most(body, span.cover(paragraph), limit)
    };
    let mut span = shown;
    while let Some(next) = paragraph_after(body, span) {
        // What it announces may not fit.
        if announces(body, next) || !fits(next, span, &marks.all) {
            break;
        }
        span = span.cover(next);
    }
    while let Some(before) = paragraph_before(body, span) {
        if !can_begin(body.slice(before), false) || !fits(before, span, &marks.new) {
            break;
        }
        span = span.cover(before);
    }
    span
}

/// Returns the paragraph after a span that ends with a paragraph.
pub(super) fn paragraph_after(body: &Body, span: Span) -> Option<Span> {
    let last = body.blocks_at(span).last()? as usize;
    let own = body.blocks.get(last).filter(|own| own.span.end() == span.end())?;
    body.blocks.get(last + 1).and_then(|next| joined(body, own, next))
}

/// Returns the paragraph before a span that begins with a paragraph.
fn paragraph_before(body: &Body, span: Span) -> Option<Span> {
    let first = body.blocks_at(span).next()? as usize;
    let own = body.blocks.get(first).filter(|own| own.span.start() == span.start())?;
    let before = body.blocks.get(first.checked_sub(1)?)?;
    joined(body, own, before)
}

/// Returns the place of a block beside another one if both are paragraphs of the same section and the same speaker.
fn joined(body: &Body, own: &Block, beside: &Block) -> Option<Span> {
    let is_same = own.section == beside.section && own.speaker == beside.speaker;
    let is_paragraph = |block: &Block| block.kind == BlockKind::Paragraph;
    let joins = is_same && is_paragraph(own) && is_paragraph(beside) && !is_line_of_its_own(body, beside);
    joins.then_some(beside.span)
}

/// Whether a block is a name, a title or who said what stands above it: no part of running text.
pub(super) fn is_line_of_its_own(body: &Body, block: &Block) -> bool {
    let text = body.slice(block.span);
    is_title_like(text) || is_attribution(text)
}

/// Whether a block is a question that introduces the next block: another one of an interview.
pub(super) fn is_question_with_answer(body: &Body, block: u32) -> bool {
    let at = block as usize;
    let introduces = body.blocks.get(at + 1).is_some_and(|next| next.lead_in == Some(block));
    introduces && body.blocks.get(at).is_some_and(|block| ends_with_question(body.slice(block.span)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::post;

    #[test]
    fn paragraphs_with_words_of_the_question_are_shown_too() {
        let long = "long ".repeat(100);
        for (markdown, core, expected) in [
            (
                "We met Ann.\n\nOur mesh runs.\n\nOther things.",
                "We met Ann.",
                "We met Ann.\n\nOur mesh runs.",
            ),
            ("The mesh runs.\n\nWe met Ann.", "We met Ann.", "The mesh runs.\n\nWe met Ann."),
            // A caption is no part of a quote.
            ("We met Ann.\n\n![A mesh](a.png)\n\nOur mesh runs.", "We met Ann.", "We met Ann."),
            ("We met Ann.\n\nAnn Mesh, Mesh Corp", "We met Ann.", "We met Ann."),
            ("We met Ann.\n\n# Next\n\nOur mesh runs.", "We met Ann.", "We met Ann."),
            ("We met Ann.\n\nOther things.\n\nOur mesh runs.", "We met Ann.", "We met Ann."),
            ("We met Ann.\n\nThe mesh has parts:\n\n- One.", "We met Ann.", "We met Ann."),
            ("It is a mesh.\n\nWe met Ann.", "We met Ann.", "We met Ann."),
            ("One mesh.\n\nTwo meshes.", "One mesh.", "One mesh."),
            (&format!("We met Ann.\n\nOur mesh is {long}."), "We met Ann.", "We met Ann."),
        ] {
            let post = post("a", markdown);
            let text = &post.body.text;
            let span = |at: usize, words: &str| Span::new(text, at..at + words.len()).expect("a span");
            let marks: Vec<Span> = text.match_indices("mesh").map(|(at, words)| span(at, words)).collect();
            let core = span(text.find(core).expect("the core"), core);
            let marks = MarksAround { all: marks.clone(), new: marks, ..MarksAround::default() };
            let shown = with_paragraphs(&post.body, core, &marks, 200);
            assert_eq!(post.body.slice(shown), expected, "{markdown}");
        }
    }

    #[test]
    fn what_stands_before_needs_another_word_and_what_follows_another_form() {
        for (markdown, is_new, expected) in [
            ("We managed it.\n\nManaging it pays.", false, "We managed it.\n\nManaging it pays."),
            ("Managing it pays.\n\nWe managed it.", false, "We managed it."),
            ("Managing it pays.\n\nWe managed it.", true, "Managing it pays.\n\nWe managed it."),
        ] {
            let post = post("a", markdown);
            let text = &post.body.text;
            let span = |words: &str| {
                let start = text.find(words).expect("the words");
                Span::new(text, start..start + words.len()).expect("a span")
            };
            let all = vec![span("Managing")];
            let new = if is_new { all.clone() } else { Vec::new() };
            let marks = MarksAround { all, new, ..MarksAround::default() };
            let shown = with_paragraphs(&post.body, span("We managed it."), &marks, 200);
            assert_eq!(post.body.slice(shown), expected, "{markdown}");
        }
    }
}
