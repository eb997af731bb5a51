//! Finds whose words each block of a post is, if they are not its author's: the words of a contributor's section, of a
//! turn in an interview, or of a quotation.
//!
//! A name alone is no evidence, since authors write about people. A section belongs to a person if its heading or
//! caption names that person and the text is not about them; a quotation if it names who said it.

mod cache;
mod name_index;
mod names;
mod quotations;
mod quoted_share;
mod sections;
mod turns;

use crate::metadata::Metadata;
use cache::SearchCache;
use names::People;
use std::cell::OnceCell;
use std::collections::HashMap;
use takeaways_text::model::{Block, BlockKind, Body, Boundary, Language};

/// The least number of embedded messages of one person that make that person the author of a post.
const MIN_OWN_MESSAGES: usize = 3;

/// A body whose speakers are being found, and who has been found so far.
struct SpeakerSearch<'b> {
    body: &'b Body,
    title: &'b str,
    people: People<'b>,
    cache: SearchCache<'b>,
    /// For each block, the person whose words it is.
    speakers: Vec<Option<String>>,
    /// The senders of embedded messages, such as tweets.
    messages: Vec<String>,
    /// Whether the post names no author.
    is_anonymous: bool,
}

/// Fills in the speakers of the blocks of a post.
pub(crate) fn fill_speakers(body: &mut Body, metadata: &Metadata, language: Language) {
    let title = metadata.title.as_deref().unwrap_or_default();
    let mut search = SpeakerSearch {
        body,
        title,
        people: People::new(title, &body.text, &metadata.authors, metadata.url.as_deref(), language),
        cache: SearchCache {
            talks: vec![OnceCell::new(); body.sections.len()],
            interviews: vec![OnceCell::new(); body.sections.len()],
            ..SearchCache::default()
        },
        speakers: vec![None; body.blocks.len()],
        messages: Vec::new(),
        is_anonymous: metadata.authors.is_empty(),
    };
    // A quotation in somebody's section or turn is the words of whom it quotes.
    sections::find(&mut search);
    turns::find(&mut search);
    quotations::find(&mut search);
    let found = search.finish();
    let mut speakers: Vec<String> = Vec::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for (block, speaker) in body.blocks.iter_mut().zip(found) {
        block.speaker = speaker.and_then(|name| {
            let at = *numbers.entry(name).or_insert_with_key(|name| {
                speakers.push(name.clone());
                speakers.len() - 1
            });
            u32::try_from(at).ok()
        });
    }
    body.speakers = speakers;
}

impl<'b> SpeakerSearch<'b> {
    fn text(&self, at: usize) -> &'b str {
        self.body.blocks.get(at).map(|block| self.body.slice(block.span)).unwrap_or_default()
    }

    fn block(&self, at: usize) -> Option<&'b Block> {
        self.body.blocks.get(at)
    }

    fn kind(&self, at: usize) -> Option<BlockKind> {
        self.block(at).map(|block| block.kind)
    }

    fn is_heading(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(BlockKind::Heading(_)))
    }

    /// Whether a rule stands above a block.
    fn is_below_rule(&self, at: usize) -> bool {
        self.block(at).is_some_and(|block| block.boundary == Boundary::Rule)
    }

    fn section(&self, at: usize) -> Option<u32> {
        self.block(at).map(|block| block.section)
    }

    /// Notes whose words a block is. Headings are the author's, or the editor's.
    fn set_speaker(&mut self, at: usize, name: &str) {
        if !self.is_heading(at)
            && let Some(speaker) = self.speakers.get_mut(at)
        {
            *speaker = Some(name.to_owned());
        }
    }

    /// The speakers as the post spells them, without its authors.
    fn finish(self) -> Vec<Option<String>> {
        let people = &self.people;
        let sender = self.frequent_sender();
        let is_author = |name: &String| people.is_author(name) || Some(name) == sender;
        let finish = |name: Option<String>| name.filter(|name| !is_author(name));
        self.speakers.iter().cloned().map(finish).collect()
    }

    /// Who sent most of the messages in a post without a named author: people embed their own.
    fn frequent_sender(&self) -> Option<&String> {
        if !self.is_anonymous {
            return None;
        }
        let mut counts: HashMap<&String, usize> = HashMap::new();
        for sender in &self.messages {
            *counts.entry(sender).or_default() += 1;
        }
        let is_most = |count: usize| count >= MIN_OWN_MESSAGES && count * 2 > self.messages.len();
        counts.into_iter().find(|(_, count)| is_most(*count)).map(|(sender, _)| sender)
    }
}

#[cfg(test)]
mod measured;
#[cfg(test)]
mod tests;
