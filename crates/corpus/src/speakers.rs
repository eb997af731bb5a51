//! Finds whose words each block of a post is, if they are not its author's: the words of a contributor's section, of a
//! turn in an interview, or of a quotation.
//!
//! A name alone is no evidence, since authors write about people. A section belongs to a person if its heading or
//! caption names that person and the text is not about them; a quotation if it names who said it.

mod names;
mod quotations;
mod sections;
mod turns;

use names::People;
use takeaways_text::model::{Block, BlockKind, Body, Language};

/// A body whose speakers are being found, and who has been found so far.
struct SpeakerSearch<'b> {
    body: &'b Body,
    title: &'b str,
    people: People<'b>,
    /// For each block, the person whose words it is.
    speakers: Vec<Option<String>>,
}

/// Fills in the speakers of the blocks of a post.
pub(crate) fn fill_speakers(body: &mut Body, title: Option<&str>, authors: &[String], language: Language) {
    let mut search = SpeakerSearch {
        body,
        title: title.unwrap_or_default(),
        people: People::new(title.unwrap_or_default(), &body.text, authors, language),
        speakers: vec![None; body.blocks.len()],
    };
    // A quotation in somebody's section or turn is the words of whom it quotes.
    sections::find(&mut search);
    turns::find(&mut search);
    quotations::find(&mut search);
    let found = search.finish();
    let mut speakers: Vec<String> = Vec::new();
    for (block, speaker) in body.blocks.iter_mut().zip(found) {
        block.speaker = speaker.and_then(|name| {
            let at = speakers.iter().position(|known| *known == name).unwrap_or_else(|| {
                speakers.push(name);
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
        let finish = |name: Option<String>| name.filter(|name| !people.is_author(name));
        self.speakers.into_iter().map(finish).collect()
    }
}

#[cfg(test)]
mod measured;
#[cfg(test)]
mod tests;
