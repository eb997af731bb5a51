//! What the words beside a name say about its meaning.

use super::table::Cues;
use std::collections::HashSet;
use std::ops::Range;
use takeaways_text::model::Language;
use takeaways_text::person_names::is_given_name;
use takeaways_text::phrases::Words;
use takeaways_text::tokens::is_stop_word;

/// How many words before and after a name are looked at for evidence.
const NEAR_WORDS: usize = 12;

/// The words around names.
pub(super) struct NameContext<'t> {
    pub(super) words: &'t Words<'t>,
    pub(super) cues: &'t Cues,
}

impl NameContext<'_> {
    /// Whether one of these folded words stands near a name.
    pub(super) fn has_near(&self, name: &Range<usize>, near: &HashSet<Box<str>>) -> bool {
        let before = name.start.saturating_sub(NEAR_WORDS)..name.start;
        let after = name.end..(name.end + NEAR_WORDS).min(self.words.len());
        before.chain(after).any(|at| near.contains(self.words.folded(at)))
    }

    /// Whether a word begins a sentence or a line, so that its capital says nothing.
    pub(super) fn starts_sentence(&self, at: usize) -> bool {
        at == 0 || self.words.gap(at).contains(['.', '!', '?', '…', '\n', '。', '！', '？'])
    }

    /// Whether the words beside a name say that it is a company. `follows_name` says whether another name stands right
    /// before it.
    pub(super) fn is_company(&self, name: &Range<usize>, follows_name: bool) -> bool {
        self.is_after_cue(name.start)
            || self.is_before_cue(name.end)
            || self.is_owner(name.end)
            || (!follows_name && (self.is_after_person(name.start) || self.is_after_role(name.start)))
    }

    fn is_after_cue(&self, at: usize) -> bool {
        at > 0
            && is_blank(self.words.gap(at))
            && self.cues.before.contains(self.words.folded(at - 1))
            && (at < 2 || !self.cues.contrary.contains(self.words.folded(at - 2)))
    }

    fn is_before_cue(&self, end: usize) -> bool {
        let gap = self.words.gap(end);
        (is_blank(gap) || gap == ", ") && self.cues.after.contains(self.words.folded(end))
    }

    /// `'s CEO`.
    fn is_owner(&self, end: usize) -> bool {
        matches!(self.words.gap(end), "'" | "’")
            && self.words.folded(end) == "s"
            && is_blank(self.words.gap(end + 1))
            && self.cues.owned.contains(self.words.folded(end + 1))
    }

    /// `Ada Lovelace, ` or `Ada Lovelace (`: two words with capitals that follow each other, then a sign.
    fn is_after_person(&self, at: usize) -> bool {
        let is_pair = at >= 2
            && self.words.gap(at - 1) == " "
            && [at - 1, at - 2].into_iter().all(|word| self.is_part_of_person(word));
        is_pair && matches!(self.words.gap(at), ", " | " (" | " - " | " – " | " — " | " @ " | " @")
    }

    /// A capital and small letters after it.
    fn is_part_of_person(&self, at: usize) -> bool {
        let word = self.words.original(at);
        self.words.is_capitalised(at) && word.chars().skip(1).any(char::is_lowercase)
    }

    /// Whether a word is the given name of a person whose last name follows.
    pub(super) fn is_given_name(&self, at: usize) -> bool {
        let word = self.words.folded(at);
        self.words.gap(at + 1) == " "
            && self.is_part_of_person(at)
            && is_given_name(word)
            && !is_stop_word(word, Language::En)
    }

    fn is_after_role(&self, at: usize) -> bool {
        at > 0 && self.words.gap(at) == ", " && self.cues.roles.contains(self.words.folded(at - 1))
    }
}

/// Whether nothing but a space stands between two words.
fn is_blank(gap: &str) -> bool {
    !gap.is_empty() && gap.chars().all(|c| c.is_whitespace() && c != '\n')
}
