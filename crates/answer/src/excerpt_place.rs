//! Where an excerpt stands, so that it can be shown again without its words being kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    engine::{AnswerError, Engine},
    select::{QuotedPart, excerpt_id},
};
use takeaways_text::model::{Body, Excerpt, ItemCount, Language, Post, PostId, Scope, Span};
use takeaways_text::tokens::folding::fold;

/// The maximum number of characters of the text around an excerpt. Discord shows it as one message.
const MAX_CONTEXT: usize = 1_400;

/// Where an excerpt stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcerptPlace {
    /// The id of the post.
    pub post: PostId,
    /// The id of the excerpt, by which its words are recognised after an edit of the post.
    pub id: String,
    /// What is shown.
    pub span: Span,
    /// The line that introduces it.
    pub lead_in: Option<Span>,
    /// The sentences that answer.
    pub answer: Option<Span>,
    /// How many items of its list it shows.
    pub items: Option<ItemCount>,
}

impl From<&Excerpt> for ExcerptPlace {
    fn from(excerpt: &Excerpt) -> Self {
        Self {
            post: excerpt.citation.post.clone(),
            id: excerpt.id.clone(),
            span: excerpt.quote.span,
            lead_in: excerpt.lead_in.as_ref().map(|quote| quote.span),
            answer: excerpt.answer,
            items: excerpt.items,
        }
    }
}

/// How an excerpt is cited: in which scope it was found, and for whom.
#[derive(Debug, Clone)]
pub struct CitedFor<'s> {
    /// The scope that was asked for.
    pub scope: &'s Scope,
    /// The language of the person.
    pub language: Language,
    /// The time of asking.
    pub now: Timestamp,
}

impl Engine {
    /// Returns the excerpt at a place; `None` if its post is gone or has other words now.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn excerpt_at(
        &self,
        place: &ExcerptPlace,
        cited_for: &CitedFor<'_>,
    ) -> Result<Option<Excerpt>, AnswerError> {
        let Some(post) = self.index().post(&place.post)? else { return Ok(None) };
        let is_same_text = |span: &Span| excerpt_id(&post, *span) == place.id;
        if is_same_text(&place.span) {
            let quoted = QuotedPart {
                post: &post,
                span: place.span,
                section: post.body.section_at(place.span),
                lead_in: place.lead_in,
            };
            let excerpt = quoted.excerpt(cited_for);
            return Ok(excerpt.map(|it| Excerpt { answer: place.answer, items: place.items, ..it }));
        }
        // The post was edited elsewhere, and the words have moved.
        let moved = post.body.sentences.iter().filter_map(|sentence| {
            let start = sentence.span.start();
            Span::new(&post.body.text, start..start + place.span.len())
        });
        let Some(span) = moved.into_iter().find(is_same_text) else { return Ok(None) };
        let section = post.body.section_at(span);
        Ok(QuotedPart { post: &post, span, section, lead_in: None }.excerpt(cited_for))
    }

    /// Returns the sentence of the excerpt at a place that has most of these words, of those that answer; the first of several.
    /// `None` as [`Engine::excerpt_at`].
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn sentence_of(
        &self,
        place: &ExcerptPlace,
        words: &str,
        cited_for: &CitedFor<'_>,
    ) -> Result<Option<Excerpt>, AnswerError> {
        let Some(excerpt) = self.excerpt_at(place, cited_for)? else { return Ok(None) };
        let Some(post) = self.index().post(&place.post)? else { return Ok(None) };
        let asked: Vec<String> = words.split_whitespace().map(fold).collect();
        let count = |span: &Span| {
            let sentence = fold(post.body.slice(*span));
            asked.iter().filter(|word| sentence.contains(word.as_str())).count()
        };
        let sentences = post.body.sentences.iter().map(|sentence| sentence.span);
        let within = |outer: Span| sentences.clone().filter(move |span| outer.contains(*span));
        let answer = excerpt.answer.filter(|answer| within(*answer).next().is_some());
        let sentences: Vec<Span> = within(answer.unwrap_or(excerpt.quote.span)).collect();
        // Of several that are equal, `max_by_key` returns the last.
        let Some(span) = sentences.into_iter().rev().max_by_key(count) else { return Ok(Some(excerpt)) };
        let section = post.body.section_at(span);
        Ok(QuotedPart { post: &post, span, section, lead_in: None }.excerpt(cited_for))
    }

    /// Returns the text around the excerpt at a place, with all of the excerpt as its answer; `None` if the post is gone or has
    /// other words now. It is of the excerpt's section and speaker; if the excerpt is all of its section, it takes in those beside
    /// it. With a `step` of 1 it is what follows that text, with
    /// -1 what precedes it, and so on; `None` too where the post ends there.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn context_of(
        &self,
        place: &ExcerptPlace,
        step: i32,
        cited_for: &CitedFor<'_>,
    ) -> Result<Option<Excerpt>, AnswerError> {
        let Some(excerpt) = self.excerpt_at(place, cited_for)? else { return Ok(None) };
        let Some(post) = self.index().post(&place.post)? else { return Ok(None) };
        let Some(span) = context_span(&post, excerpt.quote.span, step) else { return Ok(None) };
        let shown = if step == 0 { excerpt.quote.span } else { span };
        let quoted = QuotedPart { post: &post, span, section: post.body.section_at(shown), lead_in: None };
        // All of the excerpt is marked, not only the sentence of it that answers.
        let marked = Some(excerpt.quote.span).filter(|excerpt| span.contains(*excerpt) && span != *excerpt);
        Ok(quoted.excerpt(cited_for).map(|it| Excerpt { answer: marked, ..it }))
    }
}

/// The text around a span (step 0), or so many texts after or before it.
fn context_span(post: &Post, span: Span, step: i32) -> Option<Span> {
    let body = &post.body;
    let mut blocks = body.blocks_at(span);
    let first = blocks.next()? as usize;
    let last = blocks.last().map_or(first, |block| block as usize);
    let (mut start, mut end) = widen(body, first, last, ContextRange::Section);
    let is_whole_section = |(start, end): (usize, usize)| {
        let text = body.blocks.get(start).zip(body.blocks.get(end));
        text.is_some_and(|(start, end)| span.contains(start.span.cover(end.span)))
    };
    if is_whole_section((start, end)) {
        (start, end) = widen(body, first, last, ContextRange::Sections);
    }
    for _ in 0..step.unsigned_abs() {
        if step > 0 {
            let next = (end + 1..body.blocks.len()).find(|at| is_text(body, *at))?;
            (start, end) = widen(body, next, next, ContextRange::After);
        } else {
            let before = (0..start).rev().find(|at| is_text(body, *at))?;
            (start, end) = widen(body, before, before, ContextRange::Before);
        }
    }
    let whole = body.blocks.get(start)?.span.cover(body.blocks.get(end)?.span);
    Some(if step == 0 { whole.cover(span) } else { whole })
}

fn is_text(body: &Body, block: usize) -> bool {
    body.blocks.get(block).is_some_and(|block| !block.is_heading())
}

/// Whether a block is of a quotation that words of another speaker introduce: "She said:"
fn is_introduced(body: &Body, at: usize) -> bool {
    let Some(quoted) = body.blocks.get(at) else { return false };
    let mut before = body.blocks.iter().take(at).rev().skip_while(|block| block.speaker == quoted.speaker);
    before.next().is_some_and(|it| {
        it.section == quoted.section && body.slice(it.span).trim_end().ends_with([':', '：'])
    })
}

/// Where the blocks around a run of blocks are taken from. All are of its speaker, but for what that one quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ContextRange {
    /// Its section.
    Section,
    /// Its section and those beside it, with their headings.
    Sections,
    /// Its section, before it.
    Before,
    /// Its section, after it.
    After,
}

/// Widens a run of blocks by the blocks before and after it, in turns, as far as they fit.
fn widen(body: &Body, first: usize, last: usize, around: ContextRange) -> (usize, usize) {
    let (mut start, mut end) = (first, last);
    let (mut may_begin, mut may_end) = (around != ContextRange::After, around != ContextRange::Before);
    let speaker = body.blocks.get(first).and_then(|block| block.speaker);
    let fits = |start: usize, end: usize| {
        let (Some(from), Some(to)) = (body.blocks.get(start), body.blocks.get(end)) else { return false };
        let crosses = around == ContextRange::Sections;
        let is_same = |at: usize| {
            let block = body.blocks.get(at);
            block.is_some_and(|it| {
                (crosses || it.section == from.section) && (it.speaker == speaker || is_introduced(body, at))
            })
        };
        let span = from.span.cover(to.span);
        (start..=end).all(|at| is_same(at) && (crosses || is_text(body, at)))
            && body.slice(span).chars().count() <= MAX_CONTEXT
    };
    while may_begin || may_end {
        may_begin = may_begin && start > 0 && fits(start - 1, end);
        if may_begin {
            start -= 1;
        }
        may_end = may_end && fits(start, end + 1);
        if may_end {
            end += 1;
        }
    }
    // A heading belongs to the text below it.
    while end > last && !is_text(body, end) {
        end -= 1;
    }
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{engine_over, now};

    const POST: &str = "---\ntitle: Otters\ndate: 2019-05-25\n---\n\nOtters came first. They swam.\n\n## Rivers\n\nRivers are \
                        long. Otters like them.\n\nRivers are cold.\n\n## Lakes\n\nLakes are deep.\n";

    fn place(engine: &Engine, words: &str) -> ExcerptPlace {
        let post = engine.index().post(&PostId("otters".into())).expect("read").expect("a post");
        let start = post.body.text.find(words).expect(words);
        let span = Span::new(&post.body.text, start..start + words.len()).expect("a span");
        let id = excerpt_id(&post, span);
        ExcerptPlace { post: post.id.clone(), id, span, lead_in: None, answer: None, items: None }
    }

    #[test]
    fn an_excerpt_is_found_again_also_after_an_edit_elsewhere() {
        let engine = engine_over(&[("otters.md", POST)]);
        let place = place(&engine, "Otters like them.");
        let scope = Scope::default();
        let cited_for = CitedFor { scope: &scope, language: Language::En, now: now() };
        let found = engine.excerpt_at(&place, &cited_for).expect("read").expect("an excerpt");
        assert_eq!((found.quote.text.as_str(), &found.id), ("Otters like them.", &place.id));
        let edited = engine_over(&[("otters.md", &POST.replace("They swam.", "They swam a lot."))]);
        let moved = edited.excerpt_at(&place, &cited_for).expect("read").expect("an excerpt");
        assert_eq!((moved.quote.text.as_str(), &moved.id), ("Otters like them.", &place.id));
        for gone in [("otters.md", POST.replace("like", "love")), ("other.md", POST.into())] {
            let engine = engine_over(&[(gone.0, &gone.1)]);
            assert!(engine.excerpt_at(&place, &cited_for).expect("read").is_none());
            assert!(engine.context_of(&place, 0, &cited_for).expect("read").is_none());
        }
    }

    #[test]
    fn the_context_has_what_its_text_quotes() {
        let post = POST
            .replace("Rivers are cold.", "Jane Doe said:\n\n> Be an otter.\n>\n> — Jane Doe\n\nAll clapped.");
        let engine = engine_over(&[("otters.md", &post)]);
        let place = place(&engine, "Otters like them.");
        let scope = Scope::default();
        let cited_for = CitedFor { scope: &scope, language: Language::En, now: now() };
        let context = engine.context_of(&place, 0, &cited_for).expect("read").expect("a context");
        assert!(context.quote.text.contains("Be an otter."), "{}", context.quote.text);
        assert!(context.quote.text.ends_with("All clapped."), "{}", context.quote.text);
    }

    #[test]
    fn the_context_is_the_section_and_can_be_paged() {
        let engine = engine_over(&[("otters.md", POST)]);
        let place = place(&engine, "Otters like them.");
        let scope = Scope::default();
        let cited_for = CitedFor { scope: &scope, language: Language::En, now: now() };
        let text = |step| {
            let context = engine.context_of(&place, step, &cited_for).expect("read");
            context.map(|it| (it.quote.text, it.answer.map(Span::len)))
        };
        let around = "Rivers are long. Otters like them.\n\nRivers are cold.".to_owned();
        assert_eq!(text(0), Some((around, Some("Otters like them.".len()))));
        assert_eq!(text(1), Some(("Lakes are deep.".into(), None)));
        assert_eq!(text(-1), Some(("Otters came first. They swam.".into(), None)));
        assert_eq!((text(2), text(-2)), (None, None));
        let both = self::place(&engine, "Rivers are long. Otters like them.");
        let both = ExcerptPlace { answer: Some(place.span), ..both };
        let context = engine.context_of(&both, 0, &cited_for).expect("read").expect("a context");
        assert_eq!(context.answer, Some(both.span), "all of the excerpt is marked");
        // An excerpt that fills its section stands in the text around that.
        let around =
            "Rivers\n\nRivers are long. Otters like them.\n\nRivers are cold.\n\nLakes\n\nLakes are deep.";
        let lakes = self::place(&engine, "Lakes are deep.");
        let context = engine.context_of(&lakes, 0, &cited_for).expect("read").expect("a context");
        assert!(context.quote.text.ends_with(around), "{}", context.quote.text);
        assert_eq!(context.answer.map(Span::len), Some("Lakes are deep.".len()));
    }
}
