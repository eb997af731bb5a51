//! Finds the parts of a post that a contributor wrote: below a heading with the name, or above a signature.

use super::{SpeakerSearch, quotations::attribution_line};
use std::collections::HashSet;
use takeaways_text::model::BlockKind;

/// Blocks below a heading in which a caption may name the person.
const CAPTION_BLOCKS: usize = 4;
/// Maximum length of a paragraph that names the person of a part, in bytes.
const MAX_NAME_PARAGRAPH: usize = 120;

/// A part of a post that names a person.
struct Part {
    /// The blocks that name the person are no part of its words.
    names: Vec<usize>,
    start: usize,
    end: usize,
    name: String,
    /// Whether heading and caption name the same person.
    is_captioned: bool,
}

/// Finds the contributors of all parts.
pub(super) fn find(search: &mut SpeakerSearch<'_>) {
    let parts: Vec<Part> = (0..search.body.blocks.len()).filter_map(|at| headed_part(search, at)).collect();
    let (captioned, named): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(|part| part.is_captioned);
    let captioned: Vec<Part> =
        captioned.into_iter().filter(|part| is_own_text(search, part, false)).collect();
    let speaking: HashSet<&str> = captioned
        .iter()
        .filter(|part| is_own_text(search, part, true))
        .map(|part| part.name.as_str())
        .collect();
    // Where several people speak below their pictures, so do those who don't say "I".
    let all_speak = speaking.len() >= 2;
    let own = |part: &&Part| all_speak || speaking.contains(part.name.as_str());
    let captioned: Vec<&Part> = captioned.iter().filter(own).collect();
    let signed = signed_parts(search);
    let named = several_contributors(search, named, &speaking);
    let signed = several_contributors(search, signed, &speaking);
    for part in captioned.into_iter().chain(&named).chain(&signed) {
        for at in part.start..part.end {
            search.set_speaker(at, &part.name);
        }
    }
}

/// Returns the parts that are the words of the people whom they name. One such part may be a talk that the author liked,
/// so there must be several, with the people who speak below their pictures, and few that are about the named person.
fn several_contributors(search: &SpeakerSearch<'_>, parts: Vec<Part>, speaking: &HashSet<&str>) -> Vec<Part> {
    let count = parts.len();
    let own: Vec<Part> = parts.into_iter().filter(|part| is_own_text(search, part, true)).collect();
    let names: HashSet<&str> =
        own.iter().map(|part| part.name.as_str()).chain(speaking.iter().copied()).collect();
    if names.len() >= 2 && own.len() * 3 >= count * 2 { own } else { Vec::new() }
}

/// Whether a part reads as the words of the person whom it names: in the first person if that is needed, and not about
/// that person.
fn is_own_text(search: &SpeakerSearch<'_>, part: &Part, needs_first_person: bool) -> bool {
    let people = &search.people;
    let is_word_of_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && part.name.split(' ').any(|part| part.len() > 2 && part == word)
    };
    let (mut is_first_person, mut is_third_person) = (false, false);
    for at in (part.start..part.end).filter(|at| !part.names.contains(at) && !is_label(search, *at)) {
        let text = search.text(at);
        if text.split(|c: char| !c.is_alphabetic() && c != '-').any(is_word_of_name) {
            return false;
        }
        // Before a part speaks of itself, "she" is the named person.
        is_third_person |= !is_first_person && people.has_word(text, |words| &words.third_person);
        is_first_person |= people.has_word(text, |words| &words.first_person);
    }
    let is_about_person = is_third_person && (needs_first_person || !is_first_person);
    !is_about_person && (is_first_person || !needs_first_person)
}

/// Whether a block is no text of a part: a heading, a caption or a signature.
fn is_label(search: &SpeakerSearch<'_>, at: usize) -> bool {
    let is_picture = matches!(search.kind(at), Some(BlockKind::Caption | BlockKind::ImageAlt));
    is_picture || search.is_heading(at) || attribution_line(search, search.text(at)).is_some()
}

/// Returns the part below a heading or a paragraph that names a person.
fn headed_part(search: &SpeakerSearch<'_>, at: usize) -> Option<Part> {
    let text = search.text(at);
    let end = match search.kind(at)? {
        BlockKind::Heading(level) => (at + 1..)
            .find(|&next| match search.kind(next) {
                Some(BlockKind::Heading(other)) => other <= level,
                Some(_) => false,
                None => true,
            })
            .unwrap_or(at + 1),
        BlockKind::Paragraph if text.len() <= MAX_NAME_PARAGRAPH => {
            let is_next = |next: &usize| {
                search.section(*next) != search.section(at) || is_name_paragraph(search, *next)
            };
            (at + 1..).find(is_next).unwrap_or(at + 1)
        }
        _ => return None,
    };
    let part = |names, name, is_captioned| Some(Part { names, start: at + 1, end, name, is_captioned });
    if search.is_heading(at)
        && let Some((caption, name)) = caption_of(search, at, end)
    {
        return part(vec![at, caption], name, true);
    }
    let line = search.people.person_line(text)?;
    let is_marked = search.is_heading(at) || line.has_details;
    if is_marked { part(vec![at], line.name, false) } else { None }
}

fn is_name_paragraph(search: &SpeakerSearch<'_>, at: usize) -> bool {
    search.kind(at) == Some(BlockKind::Paragraph)
        && search.text(at).len() <= MAX_NAME_PARAGRAPH
        && search.people.person_line(search.text(at)).is_some_and(|line| line.has_details)
}

/// Returns the caption below a heading that gives the full name of the person in the heading.
fn caption_of(search: &SpeakerSearch<'_>, heading: usize, end: usize) -> Option<(usize, String)> {
    let words: Vec<&str> = search.text(heading).split(|c: char| !c.is_alphabetic() && c != '-').collect();
    (heading + 1..end.min(heading + 1 + CAPTION_BLOCKS)).take_while(|&at| !search.is_heading(at)).find_map(
        |at| {
            let is_caption = match search.kind(at)? {
                BlockKind::Caption | BlockKind::ImageAlt => true,
                BlockKind::Paragraph => search.text(at).len() <= MAX_NAME_PARAGRAPH,
                _ => false,
            };
            let line = search.people.person_line(search.text(at)).filter(|_| is_caption)?;
            let first = line.name.split(' ').next()?;
            words.first().is_some_and(|word| *word == first).then_some((at, line.name))
        },
    )
}

/// Returns the parts that end with a dash and a name, each from the heading or the signature before it.
fn signed_parts(search: &SpeakerSearch<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in 0..search.body.blocks.len() {
        if search.is_heading(at) {
            start = at + 1;
            continue;
        }
        let is_text = search.kind(at) == Some(BlockKind::Paragraph);
        let name = attribution_line(search, search.text(at)).filter(|_| is_text && at > start);
        if let Some(name) = name {
            parts.push(Part { names: vec![at], start, end: at + 1, name, is_captioned: false });
            start = at + 1;
        }
    }
    parts
}
