//! Tells who gave the talks that the excerpts of an answer are about: `who was the speaker?`

use super::turn::{keep_shown, known_person};
use super::{AnswerHeading, Notice, Reply, Turn};
use crate::{
    engine::{MAX_EXCERPTS, Request},
    handle::{HandleError, Snapshot},
    people::{full_names, people_of_heading},
    shape_words::is_word_of_speaking,
};
use takeaways_search::Facets;
use takeaways_text::{
    language,
    model::Excerpt,
    tokens::{folding::fold, is_any_stop_word},
};

impl Snapshot {
    /// Shows the excerpts of a turn that name who gave the talk they are about, with these people above. Pronouns mean the first of
    /// them from then on. Who wrote the post has given no talk.
    pub(super) fn speakers(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let facets = self.engine().index().facets(request.now)?;
        let cited_for = previous.cited_for(request.now);
        let (mut people, mut excerpts): (Vec<String>, Vec<Excerpt>) = (Vec::new(), Vec::new());
        for place in &previous.shown {
            let Some(excerpt) = self.engine().excerpt_at(place, &cited_for)? else { continue };
            let named = speakers_of(&excerpt, &facets);
            if named.is_empty() || excerpts.len() == MAX_EXCERPTS {
                continue;
            }
            for name in named {
                if !people.contains(&name) {
                    people.push(name);
                }
            }
            excerpts.push(excerpt);
        }
        if excerpts.is_empty() {
            return Ok(Reply::Notice(Notice::NoSpeaker));
        }
        let shown = self.show_excerpts(excerpts, previous.further.clone(), previous, request)?;
        let mut reply = keep_shown(shown, previous);
        if let Reply::Answer(answer) = &mut reply {
            answer.turn.person = people.first().cloned();
            answer.turn.named_person.clone_from(&answer.turn.person);
        }
        Ok(reply.with_heading(AnswerHeading::Speakers(people)))
    }
}

/// The people whom the nearest heading over an excerpt names, else those of whom its text says that they spoke. Who is only named
/// or quoted may have given no talk.
fn speakers_of(excerpt: &Excerpt, facets: &Facets) -> Vec<String> {
    let citation = &excerpt.citation;
    let headings = citation.section.iter().rev().map(|heading| people_of_heading(heading));
    if let Some(people) = headings.into_iter().find(|people| !people.is_empty()) {
        return people;
    }
    let author = citation.author.as_deref().unwrap_or_default();
    let texts = excerpt.lead_in.iter().chain([&excerpt.quote]).map(|quote| quote.text.as_str());
    let mut people = Vec::new();
    for text in texts {
        for name in full_names(text).chain(known_person(text, facets)) {
            if is_said_to_speak(&name, text) && !author.contains(&name) {
                people.push(name);
            }
        }
    }
    people
}

/// Whether a text says that a person spoke or gave a talk: "Jane Doe from Acme presented", "a talk by Jane Doe", "Speaker: Jane Doe".
fn is_said_to_speak(name: &str, text: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        is_after_talk(before) || is_before_speaking(after)
    })
}

/// Whether the words before a name end with a talk and whose it is, or with a label for who speaks.
fn is_after_talk(before: &str) -> bool {
    let mut words = before.split_whitespace().rev();
    let Some(last) = words.next() else { return false };
    let is_label = || last.strip_suffix(':').is_some_and(|label| is_word_of_speaking(letters(label)));
    let lists = language::all();
    let mut is_of_talk = || words.next().is_some_and(|word| lists.questions.talks.has_word(word));
    is_label() || lists.speakers.before_speakers.has_word(last) && is_of_talk()
}

/// Whether the words after a name begin with one that says that somebody speaks. Where the person is from may stand between.
fn is_before_speaking(after: &str) -> bool {
    if after.starts_with(is_sentence_end) {
        return false;
    }
    for word in after.split_whitespace().take(MAX_BETWEEN) {
        let plain = letters(word);
        if is_word_of_speaking(plain) {
            return true;
        }
        let is_between =
            plain.is_empty() || plain.starts_with(char::is_uppercase) || is_any_stop_word(&fold(plain));
        if !is_between || plain == "I" || word.ends_with(is_sentence_end) {
            return false;
        }
    }
    false
}

/// The maximum number of words between a name and the one that says that this person speaks: "from Acme and John Roe presented".
const MAX_BETWEEN: usize = 12;

/// A word without the signs around it.
fn letters(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_sentence_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ';' | ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_spoke_is_only_who_is_said_to() {
        for (text, expected) in [
            ("Jane Doe gave a talk on otters.", true),
            ("Jane Doe (Acme) and John Roe presented otters.", true),
            ("The keynote by Jane Doe was on otters.", true),
            ("Der Vortrag von Jane Doe war gut.", true),
            ("Jane Doe sprach über Otter.", true),
            ("Otters in the lake. Speaker: Jane Doe", true),
            ("The seminal book by Jane Doe is on otters.", false),
            ("Jane Doe wrote an article on otters, and others talked.", false),
            ("I met Jane Doe. She liked otters.", false),
            ("I met Jane Doe and I talked.", false),
            ("“Otters swim,” said Jane Doe.", false),
        ] {
            assert_eq!(is_said_to_speak("Jane Doe", text), expected, "{text}");
        }
    }
}
