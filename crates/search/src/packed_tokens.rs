//! Packs the tokens of a text into one string, and unpacks them for tantivy.
//!
//! The analyser needs the language of a post, which a tokenizer of tantivy does not get. So texts are tokenized
//! before, and [`PackedTokenizer`] unpacks the tokens.
//!
//! Each token is a character for the step from the last position, the term, and a [`TOKEN_END`].

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use takeaways_text::model::Language;
use takeaways_text::tokens::for_each_token;

/// The name of [`PackedTokenizer`] in the schema.
pub(super) const TOKENIZER: &str = "packed";

/// Ends a token. Terms are letters and digits, so that none contains it.
const TOKEN_END: char = '\0';

/// Positions between two values of a field, so that no phrase matches across them.
const VALUE_GAP: u32 = 16;

/// Longer words, in bytes as written, are not indexed: they are data such as base64 or minified scripts.
const MAX_WORD_BYTES: usize = 256;

/// Packs the tokens of a field's values.
#[derive(Debug, Default)]
pub(super) struct TokenPacker {
    packed: String,
    /// Position of the last token.
    last_position: u32,
    /// Position of the first token of the next value.
    next_position: u32,
}

impl TokenPacker {
    /// Adds one value of the field.
    pub(super) fn add(&mut self, text: &str, language: Language) {
        let mut end = self.next_position;
        for_each_token(text, language, &mut |term, range, position| {
            let position = self.next_position.saturating_add(position);
            end = end.max(position.saturating_add(1));
            if !term.is_empty() && range.len() <= MAX_WORD_BYTES && !term.contains(TOKEN_END) {
                self.push(term, position);
            }
        });
        self.next_position = end.saturating_add(VALUE_GAP);
    }

    /// Returns the packed tokens; `None` if there are none.
    pub(super) fn finish(&mut self) -> Option<String> {
        let packed = std::mem::take(self).packed;
        (!packed.is_empty()).then_some(packed)
    }

    fn push(&mut self, term: &str, position: u32) {
        let step = position.saturating_sub(self.last_position);
        self.last_position = self.last_position.max(position);
        self.packed.push(step_to_char(step));
        self.packed.push_str(term);
        self.packed.push(TOKEN_END);
    }
}

/// Encodes a step as a character other than [`TOKEN_END`]. Longer steps are capped; no phrase is that long.
fn step_to_char(step: u32) -> char {
    char::from_u32(step.min(0xD000) + 1).unwrap_or('\u{1}')
}

fn char_to_step(char: char) -> usize {
    (char as usize).saturating_sub(1)
}

/// Unpacks the tokens that [`TokenPacker`] packed.
#[derive(Debug, Clone)]
pub(super) struct PackedTokenizer;

impl Tokenizer for PackedTokenizer {
    type TokenStream<'a> = PackedTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PackedTokenStream<'a> {
        PackedTokenStream { rest: text, token: Token { position: 0, ..Token::default() } }
    }
}

/// The stream of the unpacked tokens of one field.
pub(super) struct PackedTokenStream<'a> {
    rest: &'a str,
    token: Token,
}

impl TokenStream for PackedTokenStream<'_> {
    fn advance(&mut self) -> bool {
        let mut chars = self.rest.chars();
        let Some(step) = chars.next() else { return false };
        let Some((term, rest)) = chars.as_str().split_once(TOKEN_END) else { return false };
        self.token.position += char_to_step(step);
        self.token.text.clear();
        self.token.text.push_str(term);
        self.rest = rest;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpack(packed: &str) -> Vec<(usize, String)> {
        let mut tokenizer = PackedTokenizer;
        let mut stream = tokenizer.token_stream(packed);
        let mut tokens = Vec::new();
        stream.process(&mut |token| tokens.push((token.position, token.text.clone())));
        tokens
    }

    #[test]
    fn tokens_are_unpacked_as_they_were_packed() {
        let mut packer = TokenPacker::default();
        packer.add("Service meshes", Language::Other);
        packer.add("everywhere", Language::Other);
        let tokens = packer.finish().expect("three words");
        let gap = VALUE_GAP as usize;
        let expected = [(0, "service"), (1, "meshes"), (2 + gap, "everywhere")];
        assert_eq!(unpack(&tokens), expected.map(|(at, term)| (at, term.to_owned())));
    }

    #[test]
    fn positions_may_be_shared_but_never_go_back() {
        let mut packer = TokenPacker::default();
        for (term, position) in
            [("kubeproxy", 0), ("kube", 0), ("proxy", 1), ("late", 0), ("far", 0xFFFF_FFFF)]
        {
            packer.push(term, position);
        }
        let positions: Vec<usize> = unpack(&packer.packed).into_iter().map(|(at, _)| at).collect();
        assert_eq!(positions, [0, 0, 1, 1, 0xD001]);
    }

    #[test]
    fn very_long_words_are_left_out() {
        let mut packer = TokenPacker::default();
        packer.add(&"x".repeat(100_000), Language::Other);
        assert_eq!(packer.finish(), None);
    }
}
