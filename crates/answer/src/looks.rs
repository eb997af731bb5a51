//! What of a passage depends on no question, kept for the next one: its words as terms cost more than all that a
//! question does with them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::shape::is_about_itself;
use takeaways_search::Hit;
use takeaways_text::model::{Language, PostId};
use takeaways_text::tokens::for_each_token;

/// Bytes that are kept. All passages of a small corpus; what is asked for again and again of a large one.
const BUDGET: usize = 4 << 20;

/// The terms of a text, in order, as [`for_each_token`] tells them.
#[derive(Debug, Default)]
pub struct Terms {
    text: String,
    places: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    start: u32,
    end: u32,
    /// Where its term ends in the text of all terms; it begins where the one before it ends.
    term_end: u32,
    position: u32,
}

impl Terms {
    /// Of a text, which has to be shorter than 4 GiB.
    #[must_use]
    pub fn of(text: &str, language: Language) -> Self {
        let mut terms = Self::default();
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        for_each_token(text, language, &mut |term, range, position| {
            terms.text.push_str(term);
            let term_end = number(terms.text.len());
            terms.places.push(Place {
                start: number(range.start),
                end: number(range.end),
                term_end,
                position,
            });
        });
        terms.text.shrink_to_fit();
        terms.places.shrink_to_fit();
        terms
    }

    /// Each with its bytes of the text and its position.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Range<usize>, u32)> {
        let mut from = 0;
        self.places.iter().map(move |place| {
            let to = place.term_end as usize;
            let term = self.text.get(from..to).unwrap_or_default();
            from = to;
            (term, place.start as usize..place.end as usize, place.position)
        })
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.text.len() + size_of_val(&*self.places)
    }
}

/// A passage.
#[derive(Debug, Default)]
pub struct Look {
    /// Its sentences.
    pub sentences: Vec<Sentence>,
    /// The headings over it, outermost first.
    pub headings: Vec<Terms>,
}

/// A sentence of a passage.
#[derive(Debug)]
pub struct Sentence {
    /// Its words.
    pub terms: Terms,
    /// How many characters it has.
    pub chars: usize,
    /// Whether it tells nothing but of its own post: "watch the replay".
    pub is_about_itself: bool,
}

impl Look {
    fn at(hit: &Hit) -> Self {
        let (body, language) = (&hit.post.body, hit.post.language);
        let Some(passage) = body.passages.get(hit.passage) else { return Self::default() };
        let sentences = body.sentences_of(passage).iter().map(|sentence| {
            let text = body.slice(sentence.span);
            Sentence {
                terms: Terms::of(text, language),
                chars: text.chars().count(),
                is_about_itself: is_about_itself(text),
            }
        });
        let headings = body.heading_path(passage.section);
        Self {
            sentences: sentences.collect(),
            headings: headings.into_iter().map(|heading| Terms::of(heading, language)).collect(),
        }
    }

    fn bytes(&self) -> usize {
        let sentences: usize = self.sentences.iter().map(|it| it.terms.bytes() + size_of::<Sentence>()).sum();
        size_of::<Self>() + sentences + self.headings.iter().map(Terms::bytes).sum::<usize>()
    }
}

/// Passages that were looked at, all of one index.
#[derive(Debug, Default)]
pub struct Looks(Mutex<Kept>);

/// Two generations: what is asked for again moves to the young one; when that is full it becomes the old one, and what
/// nobody asked for since the last time is thrown away.
#[derive(Debug, Default)]
struct Kept {
    young: Generation,
    old: Generation,
}

#[derive(Debug, Default)]
struct Generation {
    posts: HashMap<PostId, HashMap<usize, Arc<Look>>>,
    bytes: usize,
}

impl Looks {
    /// At a passage.
    pub fn at(&self, hit: &Hit) -> Arc<Look> {
        if let Some(known) = self.kept(|kept| kept.get(hit)) {
            return known;
        }
        let look = Arc::new(Look::at(hit));
        // Thrown away when nobody waits for the lock.
        drop(self.kept(|kept| kept.keep(hit, &look)));
        look
    }

    fn kept<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        // Whatever a panic left of it is right.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    fn get(&mut self, hit: &Hit) -> Option<Arc<Look>> {
        if let Some(known) = self.young.get(hit) {
            return Some(known);
        }
        let known = self.old.get(hit)?;
        self.keep(hit, &known);
        Some(known)
    }

    /// Keeps a look; what had to go for it.
    fn keep(&mut self, hit: &Hit, look: &Arc<Look>) -> Generation {
        let bytes = look.bytes();
        let is_full = self.young.bytes + bytes > BUDGET / 2;
        let gone = if is_full {
            std::mem::replace(&mut self.old, std::mem::take(&mut self.young))
        } else {
            Generation::default()
        };
        let of_post = self.young.posts.entry(hit.post.id.clone()).or_default();
        if of_post.insert(hit.passage, Arc::clone(look)).is_none() {
            self.young.bytes += bytes;
        }
        gone
    }
}

impl Generation {
    fn get(&self, hit: &Hit) -> Option<Arc<Look>> {
        self.posts.get(&hit.post.id)?.get(&hit.passage).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_text::tokens::tokens;

    #[test]
    fn terms_are_the_tokens_of_the_text() {
        for text in ["", "A multi-cloud mesh, Zürich and v1.16.", "東京のKubeCon"] {
            for language in [Language::En, Language::Ja] {
                let told: Vec<_> = tokens(text, language)
                    .into_iter()
                    .map(|token| (token.term, token.range, token.position))
                    .collect();
                let terms = Terms::of(text, language);
                let kept: Vec<_> =
                    terms.iter().map(|(term, range, position)| (term.to_owned(), range, position)).collect();
                assert_eq!(kept, told, "{text}");
            }
        }
    }
}
