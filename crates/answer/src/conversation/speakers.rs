//! Tells who gave the talks that the excerpts of an answer are about: `who was the speaker?`

use super::turn::{keep_shown, known_person};
use super::{AnswerHeading, Notice, Reply, Turn};
use crate::{
    engine::{MAX_EXCERPTS, Request},
    handle::{HandleError, Snapshot},
    people::{capitalised_pairs, full_name, may_be_person, people_of_heading},
};
use takeaways_search::Facets;
use takeaways_text::model::Excerpt;

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

/// The people whom the nearest heading over an excerpt names, else the one whom its text names, else whose words it is.
fn speakers_of(excerpt: &Excerpt, facets: &Facets) -> Vec<String> {
    let citation = &excerpt.citation;
    let headings = citation.section.iter().rev().map(|heading| people_of_heading(heading));
    if let Some(people) = headings.into_iter().find(|people| !people.is_empty()) {
        return people;
    }
    let texts = excerpt.lead_in.iter().chain([&excerpt.quote]).map(|quote| quote.text.as_str());
    let mut named = texts.filter_map(|text| {
        known_person(text, facets).or_else(|| full_name(text)).or_else(|| person_at_start(text))
    });
    let author = citation.author.as_deref().unwrap_or_default();
    let named = named.find(|name| !author.contains(name.as_str()));
    named.or_else(|| citation.speaker.clone()).into_iter().collect()
}

/// The name with which a text begins, though nobody known has that given name: "Zyx Wvut showed how …".
fn person_at_start(text: &str) -> Option<String> {
    capitalised_pairs(text).next().filter(|name| text.starts_with(name.as_str()) && may_be_person(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_begin_with_the_name_of_who_spoke() {
        for (text, expected) in [
            ("Zyx Wvut showed how otters swim.", Some("Zyx Wvut")),
            ("The talk of Zyx Wvut was fine.", None),
            ("Otters swim.", None),
            ("Service Mesh was the topic.", None),
        ] {
            assert_eq!(person_at_start(text).as_deref(), expected, "{text}");
        }
    }
}
