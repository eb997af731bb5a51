//! Finds the parts of a post that a contributor wrote: below a heading with the name, or above a signature.

use super::SpeakerSearch;
use super::quotations::{attribution_line, is_known, is_quotation, part_with_person};
use std::collections::HashSet;
use takeaways_text::model::BlockKind;

/// Maximum length of a paragraph that may be a heading or name the person of a part, in bytes.
const MAX_HEADING_LINE: usize = 100;

/// The most lines below a heading line that look like headings, but name the person of the part. The part ends at the next
/// one, so that a block is in few parts.
const MAX_CAPTIONS: usize = 10;

/// A part of a post that names a person.
struct ContributorPart {
    /// The blocks that name the person are no part of its words.
    names: Vec<usize>,
    start: usize,
    end: usize,
    name: String,
    /// Whether a heading names the person.
    is_headed: bool,
    /// Whether heading and caption name the same person.
    is_captioned: bool,
}

/// How a part speaks of the person whom it names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// In the first person, so it may be that person's own text.
    Own,
    /// Not at all.
    Silent,
    /// In the third person.
    About,
}

/// Finds the contributors of all parts.
pub(super) fn find(search: &mut SpeakerSearch<'_>) {
    let headed: Vec<ContributorPart> =
        (0..search.body.blocks.len()).filter_map(|at| headed_part(search, at)).collect();
    let signed = signed_parts(search);
    let are_below = names_stand_below(search);
    for part in headed.iter().filter(|part| part.is_headed || part.is_captioned || !are_below) {
        // A heading of two words with capitals is not yet a name.
        let line = part.names.first().and_then(|&at| search.people.person_line(search.text(at)));
        let has_details = line.is_some_and(|line| line.has_details);
        if has_details || part.is_captioned || is_known(search, &part.name) {
            set_quotations(search, part);
        }
    }
    let (captioned, named): (Vec<ContributorPart>, Vec<ContributorPart>) =
        headed.into_iter().partition(|part| part.is_captioned);
    let is_own = |part: &&ContributorPart| voice(search, part) == Voice::Own;
    let speaking: HashSet<&str> = captioned.iter().filter(is_own).map(|part| part.name.as_str()).collect();
    let own: Vec<&ContributorPart> = [(&captioned, 1), (&named, 2), (&signed, 2)]
        .into_iter()
        .flat_map(|(parts, min_people)| own_parts(search, parts, &speaking, min_people))
        .collect();
    for part in own {
        for at in part.start..part.end {
            search.set_speaker(at, &part.name);
        }
    }
}

/// Returns the parts that are the words of the people whom they name, if these are so many, together with the people who
/// speak below their pictures. One heading with a name may stand over a talk that the author liked; with several, hardly
/// any is about the named person if they are contributors.
fn own_parts<'p>(
    search: &SpeakerSearch<'_>,
    parts: &'p [ContributorPart],
    speaking: &HashSet<&str>,
    min_people: usize,
) -> Vec<&'p ContributorPart> {
    let voices: Vec<Voice> = parts.iter().map(|part| voice(search, part)).collect();
    let about = voices.iter().filter(|voice| **voice == Voice::About).count();
    let all = || parts.iter().zip(&voices);
    let own = all().filter(|(_, voice)| **voice == Voice::Own).map(|(part, _)| part.name.as_str());
    let people: HashSet<&str> = own.chain(speaking.iter().copied()).collect();
    if people.len() < min_people || min_people > 1 && about * 3 > parts.len() {
        return Vec::new();
    }
    let are_contributors = people.len() >= 2 && (min_people == 1 || about == 0);
    let is_taken = |voice: Voice| voice == Voice::Own || voice == Voice::Silent && are_contributors;
    all().filter(|(_, voice)| is_taken(**voice)).map(|(part, _)| part).collect()
}

/// Whether the lines with names stand below the quotations of a post, and not above them: as the first one does.
pub(super) fn names_stand_below(search: &SpeakerSearch<'_>) -> bool {
    *search.cache.names_stand_below.get_or_init(|| find_names_below(search))
}

fn find_names_below(search: &SpeakerSearch<'_>) -> bool {
    let is_name = |at: usize| {
        let text = search.text(at);
        let is_line = search.kind(at) == Some(BlockKind::Paragraph) && text.len() <= MAX_HEADING_LINE;
        is_line && search.people.person_line(text).is_some_and(|line| line.has_details)
    };
    let is_above = |at: usize| at.checked_sub(1).is_some_and(|above| is_quotation(search, above));
    let mut beside = (0..search.body.blocks.len()).filter(|&at| is_above(at) || is_quotation(search, at + 1));
    beside.find(|&at| is_name(at)).is_some_and(is_above)
}

/// Gives the paragraphs in quotation marks below a heading with a person to that person, and so block quotes if nothing
/// else stands there.
fn set_quotations(search: &mut SpeakerSearch<'_>, part: &ContributorPart) {
    let texts: Vec<usize> =
        (part.start..part.end).filter(|at| !part.names.contains(at) && !is_label(search, *at)).collect();
    let are_all = texts.iter().all(|&at| is_quotation(search, at));
    for at in texts {
        if is_quotation(search, at) && (are_all || search.kind(at) == Some(BlockKind::Paragraph)) {
            search.set_speaker(at, &part.name);
        }
    }
}

/// Returns how a part speaks of the person whom it names.
fn voice(search: &SpeakerSearch<'_>, part: &ContributorPart) -> Voice {
    let people = &search.people;
    let is_word_of_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && part.name.split(' ').any(|part| part.len() > 2 && part == word)
    };
    let (mut is_first_person, mut is_third_person) = (false, false);
    for at in (part.start..part.end).filter(|at| !part.names.contains(at) && !is_label(search, *at)) {
        let text = search.text(at);
        if text.split(|c: char| !c.is_alphabetic() && c != '-').any(is_word_of_name) {
            return Voice::About;
        }
        // Before a part speaks of itself, "she" is the named person.
        is_third_person |= !is_first_person && people.has_word(text, |words| &words.third_person);
        is_first_person |= people.has_word(text, |words| &words.first_person);
    }
    match (is_first_person, is_third_person) {
        (true, false) => Voice::Own,
        (true, true) if part.is_captioned => Voice::Own,
        (false, false) => Voice::Silent,
        (_, true) => Voice::About,
    }
}

/// Whether a block is no text of a part: a heading, a caption or a signature.
fn is_label(search: &SpeakerSearch<'_>, at: usize) -> bool {
    let is_picture = matches!(search.kind(at), Some(BlockKind::Caption | BlockKind::ImageAlt));
    is_picture || search.is_heading(at) || attribution_line(search, search.text(at)).is_some()
}

/// Returns the part below a heading or a short paragraph that names a person.
fn headed_part(search: &SpeakerSearch<'_>, at: usize) -> Option<ContributorPart> {
    let count = search.body.blocks.len();
    let (end, is_headed) = match search.kind(at)? {
        BlockKind::Heading(level) => {
            let ends = |next: &usize| match search.kind(*next) {
                Some(BlockKind::Heading(other)) => other <= level,
                Some(_) => false,
                None => true,
            };
            ((at + 1..=count).find(ends)?, true)
        }
        _ if is_heading_line(search, at) => {
            let mut captions = 0;
            let mut is_caption_of_part = |next: usize| {
                captions += 1;
                captions <= MAX_CAPTIONS && person_of_caption(search, at, next).is_some()
            };
            let ends = |next: &usize| {
                search.section(*next) != search.section(at)
                    || is_heading_line(search, *next) && !is_caption_of_part(*next)
            };
            ((at + 1..=count).find(ends)?, false)
        }
        _ => return None,
    };
    let part = |names, name, is_captioned| {
        Some(ContributorPart { names, start: at + 1, end, name, is_headed, is_captioned })
    };
    let below = (at + 1..end).take_while(|&at| !search.is_heading(at));
    let mut caption = at.checked_sub(1).into_iter().chain(below);
    let caption = caption.find_map(|caption| Some((caption, person_of_caption(search, at, caption)?)));
    if let Some((caption, name)) = caption {
        return part(vec![at, caption], name, true);
    }
    let line = search.people.person_line(search.text(at))?;
    if part_with_person(search, search.text(at)).is_some() {
        return None;
    }
    if is_headed || line.has_details { part(vec![at], line.name, false) } else { None }
}

/// Whether a block is a heading, or looks like one: plain text has no other headings than short lines.
fn is_heading_line(search: &SpeakerSearch<'_>, at: usize) -> bool {
    let text = search.text(at);
    search.is_heading(at)
        || search.kind(at) == Some(BlockKind::Paragraph)
            && text.len() <= MAX_HEADING_LINE
            && text.starts_with(char::is_uppercase)
            && text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '!' | '?'))
            && !text.contains(". ")
            && !is_quotation(search, at)
}

/// Returns the full name in a caption, if the heading begins with the first name of that person.
fn person_of_caption(search: &SpeakerSearch<'_>, heading: usize, caption: usize) -> Option<String> {
    let is_caption = match search.kind(caption)? {
        BlockKind::Caption | BlockKind::ImageAlt => true,
        BlockKind::Paragraph => search.text(caption).len() <= MAX_HEADING_LINE,
        _ => false,
    };
    let line = search.people.person_line(search.text(caption)).filter(|_| is_caption)?;
    let first = line.name.split(' ').next()?;
    let is_letter = |c: char| c.is_alphabetic() || c == '-';
    let behind = search.text(heading).strip_prefix(first)?;
    let is_same = first.chars().all(is_letter)
        && !behind.starts_with(is_letter)
        && search.text(heading) != search.text(caption);
    is_same.then_some(line.name)
}

/// Returns the parts that end with a dash and a name, each from the heading or the signature before it.
fn signed_parts(search: &SpeakerSearch<'_>) -> Vec<ContributorPart> {
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
            parts.push(ContributorPart {
                names: vec![at],
                start,
                end: at + 1,
                name,
                is_headed: false,
                is_captioned: false,
            });
            start = at + 1;
        }
    }
    parts
}
