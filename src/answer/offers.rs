//! What to try instead, where nothing was found. Each offer is asked before it is made.

use super::concepts::Concept;
use super::engine::{AnswerError, Engine, Request};
use super::matches::Matcher;
use super::scope::Wish;
use super::typed::take_apart;
use super::understand::Understood;
use crate::model::Language;
use crate::model::{Offer, Question};
use crate::retrieval::{Alternative, Filter, Group, Need, Query};
use crate::text::tokens::tokens;

/// The most offers.
const MAX_OFFERS: usize = 3;
/// The most questions that are tried for them: each costs as much as an answer.
const MAX_TRIES: usize = 5;

/// Questions near the one that found nothing, each with an answer.
///
/// # Errors
/// Where the index cannot be read.
pub fn offers(
    engine: &Engine,
    request: &Request,
    understood: &Understood,
) -> Result<Vec<Offer>, AnswerError> {
    let mut tried = vec![request.question.text().to_owned()];
    let mut offers = Vec::new();
    for candidate in candidates(engine, request, understood)? {
        let Ok(question) = candidate.parse::<Question>() else { continue };
        if tried.len() > MAX_TRIES || offers.len() == MAX_OFFERS {
            break;
        }
        let known = tried.iter().any(|other| other.eq_ignore_ascii_case(question.text()));
        let widened = !request.wish.is_empty() && question == request.question;
        if known && !widened {
            continue;
        }
        tried.push(question.text().to_owned());
        let request = Request { question, wish: Wish::default(), ..request.clone() };
        if engine.has_answer(&request)? {
            offers.push(Offer { question: request.question.text().to_owned() });
        }
    }
    Ok(offers)
}

/// In the order of how near they are: another spelling, the same without the scope, the same without what is in
/// no recap, each thing that is in some.
fn candidates(
    engine: &Engine,
    request: &Request,
    understood: &Understood,
) -> Result<Vec<String>, AnswerError> {
    let question = request.question.text();
    let mut out = Vec::new();
    for concept in understood.concepts.iter().filter(|concept| !concept.known && !concept.text.is_empty()) {
        for spelling in spellings(engine, request, concept)? {
            out.push(question.replacen(&concept.text, &spelling, 1));
        }
    }
    if !request.wish.is_empty() {
        out.push(question.to_owned());
    }
    let looked_for: Vec<&Concept> =
        understood.concepts.iter().filter(|concept| !concept.text.is_empty()).collect();
    let texts = |concepts: &[&Concept]| {
        concepts.iter().map(|concept| concept.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    out.push(texts(&looked_for));
    let known: Vec<&Concept> = looked_for.into_iter().filter(|concept| concept.known).collect();
    out.push(texts(&known));
    let mut by_weight = known;
    by_weight.sort_by(|a, b| b.importance.total_cmp(&a.importance));
    out.extend(by_weight.iter().take(2).map(|concept| concept.text.clone()));
    out.extend(scope_words(question, understood));
    Ok(out)
}

/// The scope by itself: "KubeCon Barcelona".
fn scope_words(question: &str, understood: &Understood) -> Option<String> {
    if understood.scope.events.is_empty() || understood.chosen {
        return None;
    }
    let looked_for: Vec<usize> =
        understood.concepts.iter().flat_map(|concept| concept.words.clone()).collect();
    let typed = take_apart(question);
    let left: Vec<&str> = (0..)
        .zip(&typed.words)
        .filter(|(at, _)| !looked_for.contains(at))
        .map(|(_, word)| word.text.as_str())
        .collect();
    Some(left.join(" "))
}

/// Words of the posts that are spelt nearly like a word that none holds, as the posts write them.
fn spellings(engine: &Engine, request: &Request, concept: &Concept) -> Result<Vec<String>, AnswerError> {
    if concept.text.chars().count() < 4 {
        return Ok(Vec::new());
    }
    let Some(token) = tokens(&concept.text, Language::En).into_iter().next() else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (term, _) in engine.index().similar_terms(&token.term, 2, 2)? {
        let alternative = Alternative { terms: vec![term], weight: 1.0 };
        let group = Group { alternatives: vec![alternative.clone()], weight: 1.0, need: Need::Must };
        let filter = Filter { visible_at: request.now, ..Filter::default() };
        let hits = engine.index().search(&Query { groups: vec![group], filter }, 1)?;
        let concepts = [Concept { alternatives: vec![alternative], ..concept.clone() }];
        let matcher = Matcher::new(&concepts);
        out.extend(hits.first().and_then(|hit| {
            let passage = hit.post.body.passages.get(hit.passage)?;
            let text = hit.post.body.slice(passage.span);
            let found = matcher.scan(text, hit.post.language).into_iter().next()?;
            text.get(found.range).map(str::to_owned)
        }));
    }
    Ok(out)
}
