//! Names of people in a text.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use crate::candidates::Candidate;
use crate::origin::is_named_after;
use takeaways_corpus::{entities::EntityTable, events::EventTable, topics::TopicTable};
use takeaways_text::aliases::Aliases;
use takeaways_text::language;
use takeaways_text::model::Post;
pub(crate) use takeaways_text::person_names::is_given_name;
use takeaways_text::person_names::{is_initial, is_name_word};
use takeaways_text::script::is_cjk;
use takeaways_text::tokens::{
    folding::{fold, folded_words},
    strip_genitive,
};
use takeaways_text::translations::is_english_word;

/// The full names in a text: given names and the capitalised word after them, perhaps with an initial between them.
pub(crate) fn full_names(text: &str) -> impl Iterator<Item = String> {
    let mut names: Vec<String> = Vec::new();
    for name in capitalised_pairs(text) {
        let Some((first, rest)) = name.split_once(' ') else { continue };
        // "Jean-Gabriel"
        let is_given = first.split('-').any(|part| is_given_name(&fold(part)));
        if !is_given || !may_be_person(&name) {
            continue;
        }
        match names.last_mut() {
            // "Ana Maria Souza"
            Some(last) if last.ends_with(&format!(" {first}")) => *last = format!("{last} {rest}"),
            _ => names.push(name),
        }
    }
    names.into_iter()
}

/// The first full name in a text.
pub(crate) fn full_name(text: &str) -> Option<String> {
    full_names(text).next()
}

/// The people whom a heading names: those with a given name that is known, else who stands after `by`.
pub(crate) fn people_of_heading(heading: &str) -> Vec<String> {
    static OPENINGS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| language::all().bylines.name_openings.iter().map(str::trim).collect());
    let known: Vec<String> = full_names(heading).collect();
    if !known.is_empty() {
        return known;
    }
    let words: Vec<&str> = heading.split_whitespace().collect();
    let Some(by) = words.iter().rposition(|word| OPENINGS.contains(word.to_lowercase().as_str())) else {
        return known;
    };
    let after = words.get(by + 1..).unwrap_or_default().join(" ");
    capitalised_pairs(&after).filter(|name| may_be_person(name)).take(1).collect()
}

/// The signs between the parts of a heading: "Meshes – Ann Lee, Acme".
const HEADING_SEPARATORS: [&str; 10] = [" - ", " – ", " — ", "—", " | ", ": ", ", ", " / ", " & ", " ("];

/// Whether a heading names a person beside a title: "Meshes – Ann Lee, Acme", "Ann Lee: Meshes". Two or three
/// capitalised words that are all of one part are taken for a name, unless one means something and none is a given name: "Keynote: Go
/// Telemetry Wins".
pub(crate) fn heading_names_person(heading: &str) -> bool {
    let mut parts = vec![heading];
    for separator in HEADING_SEPARATORS.into_iter().filter(|it| heading.contains(it)) {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    let is_name = |part: &&str| {
        let letters = |word| str::trim_matches(word, |c: char| !c.is_alphanumeric());
        let words: Vec<&str> = part.split_whitespace().map(letters).collect();
        (2..=3).contains(&words.len())
            && words.iter().all(|word| is_name_word(word))
            && (words.iter().any(|word| is_given_name(&fold(word)))
                || !words.iter().any(|word| is_english_word(&word.to_lowercase())))
    };
    parts.len() > 1 && parts.iter().any(is_name)
}

/// The other spellings of a folded word that is a given name: `bryan` for `brian`.
pub(crate) fn other_given_names(word: &str) -> Vec<String> {
    if !is_given_name(word) {
        return Vec::new();
    }
    let aliases = Aliases::builtin().find_names(&[word]).into_iter().flat_map(|(_, aliases)| aliases);
    let same = aliases.filter(|it| it.is_same_thing() && is_given_name(&it.words));
    same.map(|it| it.words).collect()
}

/// Whether texts name each of these people, at least by the last name.
pub(crate) fn name_people<'t>(texts: impl Iterator<Item = &'t str>, people: &[String]) -> bool {
    let words: HashSet<String> = texts.flat_map(folded_words).collect();
    people.iter().all(|name| has_last_name(&words, name))
}

fn has_last_name(words: &HashSet<String>, name: &str) -> bool {
    folded_words(name).last().is_none_or(|last| words.contains(last))
}

/// Tells where posts name some people. A post that names one in full may go on with the given name alone: "Werner highlighted".
pub(crate) struct PeopleFinder<'p> {
    people: &'p [String],
    /// Whether the given name of each of them stands for that person in a post.
    by_given_name: RefCell<HashMap<*const Post, Vec<bool>>>,
    /// Whether each section that was read, or a heading above it, names them.
    sections: RefCell<HashMap<(*const Post, u32), bool>>,
}

impl<'p> PeopleFinder<'p> {
    pub fn new(people: &'p [String]) -> Self {
        Self { people, by_given_name: RefCell::default(), sections: RefCell::default() }
    }

    /// Whether the paragraphs of a candidate, its lead-in or a heading above it name each of the people, or they are their words. The
    /// words of a blog that has their names are theirs, if its posts name no author.
    pub fn are_in(&self, candidate: &Candidate) -> bool {
        if self.people.is_empty() {
            return true;
        }
        let body = &candidate.post.body;
        let blocks = body.blocks_at(candidate.span).filter_map(|block| body.blocks.get(block as usize));
        let spans = blocks.map(|block| block.span).chain(candidate.lead_in);
        let speaker = body.speaker_at(candidate.span);
        let context = body.heading_path(candidate.section).into_iter().chain(speaker);
        let is_blogger = |name: &String| is_named_after(name, &candidate.post);
        self.are_named(&candidate.post, spans.map(|span| body.slice(span)).chain(context))
            || candidate.post.authors.is_empty() && speaker.is_none() && self.people.iter().all(is_blogger)
    }

    /// Whether the section of a candidate, or a heading above it, names each of the people.
    pub fn are_in_section_of(&self, candidate: &Candidate) -> bool {
        let (body, section) = (&candidate.post.body, candidate.section);
        let key = (Arc::as_ptr(&candidate.post), section);
        if let Some(known) = self.sections.borrow().get(&key) {
            return *known;
        }
        let texts = body.blocks.iter().filter(|block| block.section == section);
        let texts = texts.map(|block| body.slice(block.span)).chain(body.heading_path(section));
        let are_named = self.are_named(&candidate.post, texts);
        self.sections.borrow_mut().insert(key, are_named);
        are_named
    }

    /// Whether texts of a post name each of the people.
    fn are_named<'t>(&self, post: &Arc<Post>, texts: impl Iterator<Item = &'t str>) -> bool {
        let words: HashSet<String> = texts.flat_map(folded_words).collect();
        self.people.iter().enumerate().all(|(at, name)| {
            has_last_name(&words, name)
                || folded_words(name).first().is_some_and(|first| words.contains(first))
                    && self.is_given_name_enough(post, at)
        })
    }

    /// Whether a post names a person in full, and nobody else with the same given name.
    fn is_given_name_enough(&self, post: &Arc<Post>, person: usize) -> bool {
        let mut known = self.by_given_name.borrow_mut();
        let of_post = known.entry(Arc::as_ptr(post)).or_insert_with(|| {
            self.people.iter().map(|name| is_given_name_unique(&post.body.text, name)).collect()
        });
        of_post.get(person).copied().unwrap_or_default()
    }
}

/// Whether a text has a full name, and no other one with its given name.
fn is_given_name_unique(text: &str, name: &str) -> bool {
    let name = folded_words(name);
    let Some((given, rest)) = name.split_first() else { return false };
    let mut after_given = capitalised_pairs(text).filter_map(|pair| {
        let mut words = folded_words(&pair);
        let last = words.pop();
        last.filter(|_| words.first() == Some(given))
    });
    let is_own = |word: &String| rest.contains(word);
    after_given.next().is_some_and(|word| is_own(&word)) && after_given.all(|word| is_own(&word))
}

/// The pairs of words in a row that begin with capitals, as names of people do, perhaps with an initial between them.
pub(crate) fn capitalised_pairs(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let pairs = (0..words.len()).filter_map(|at| {
        let first = words[at].trim_start_matches(|c: char| !c.is_alphanumeric());
        if !is_name_word(first) {
            return None;
        }
        let middle = words.get(at + 1).filter(|word| is_initial(word));
        let last = words.get(at + if middle.is_some() { 2 } else { 1 })?;
        // Japanese goes on without a blank: `Neumannは`.
        let last = last.split(is_cjk).next().unwrap_or_default();
        let last = last.trim_end_matches(|c: char| !c.is_alphanumeric());
        let last = strip_genitive(last);
        is_name_word(last).then(|| match middle {
            Some(initial) => format!("{first} {initial} {last}"),
            None => format!("{first} {last}"),
        })
    });
    pairs.collect::<Vec<_>>().into_iter()
}

/// Whether a name is neither of a place, nor of a project, a company or a topic.
pub(crate) fn may_be_person(name: &str) -> bool {
    !is_of_recaps(name) && !name.split(' ').any(|word| EntityTable::builtin().knows(word))
}

/// Whether a text names an event, a place of one, a project, a company or a topic.
pub(crate) fn is_of_recaps(text: &str) -> bool {
    !EventTable::builtin().mentions(text).is_empty()
        || !EntityTable::builtin().mentions(text).is_empty()
        || TopicTable::builtin().ids_in_text(text).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer_type::AnswerType;
    use crate::samples::{candidate, concepts, post};

    #[test]
    fn a_given_name_has_several_spellings() {
        for (one, other, expected) in
            [("brian", "bryan", true), ("jon", "john", true), ("brian", "john", false)]
        {
            assert_eq!(other_given_names(one).iter().any(|it| it == other), expected, "{one} {other}");
        }
    }

    #[test]
    fn the_words_of_a_blog_are_those_of_whom_it_is_named_after() {
        let people = ["Seth Larson".to_owned()];
        for (id, text, expected) in [
            ("2024-pycon-sethmlarson", "The mesh is young.", true),
            ("2024-pycon-notes", "The mesh is young.", false),
            ("2024-pycon-larsonblog", "The mesh is young.", false),
            ("2024-pycon-notes", "Larson said that the mesh is young.", true),
            ("2024-pycon-sethmlarson", "---\nauthor: Ann Lee\n---\n\nThe mesh is young.", false),
        ] {
            let post = post(id, text);
            let sentence = text.rsplit("\n\n").next().unwrap_or(text);
            let candidate = candidate(&post, &concepts(&["mesh"]), AnswerType::Anything, sentence);
            assert_eq!(PeopleFinder::new(&people).are_in(&candidate), expected, "{id}: {text}");
        }
    }

    #[test]
    fn a_given_name_stands_for_whom_the_post_names_in_full() {
        let people = ["Liz Rice".to_owned()];
        let said = "Liz says that the mesh is young.";
        for (before, expected) in [
            ("Then came the keynote of Liz Rice.", true),
            ("Then came the keynote of Liz.", false),
            ("Liz Rice and Liz Fong-Jones were there.", false),
            ("Liz Fong-Jones was there.", false),
        ] {
            let post = post("2024-notes", &format!("# Keynotes\n\n{before}\n\n{said}"));
            let candidate = candidate(&post, &concepts(&["mesh"]), AnswerType::Anything, said);
            assert_eq!(PeopleFinder::new(&people).are_in(&candidate), expected, "{before}");
        }
    }

    #[test]
    fn a_heading_names_who_gives_a_talk() {
        for (heading, expected) in [
            ("“On-Call Simulator” by Franka Schmidt", "Franka Schmidt"),
            ("Safe Programs by Alexei Starovoitov (Facebook)", "Alexei Starovoitov"),
            ("Liz Rice on containers", "Liz Rice"),
            ("Moving away from Harvest Moon", ""),
            ("Closing Thoughts", ""),
        ] {
            assert_eq!(people_of_heading(heading).join(", "), expected, "{heading}");
        }
    }

    #[test]
    fn headings_name_persons_beside_titles() {
        for (heading, expected) in [
            ("Meshes in Anger – Ann Lee, Acme", true),
            ("Ann Lee: why meshes fail", true),
            ("Keynote: Ann van Lee", false),
            ("Why meshes fail (Ann Lee)", true),
            ("Service Mesh", false),
            ("Day 2: the talks", false),
            ("Keynote: Go Telemetry Wins", false),
            ("Meshes – Kunal Kushwaha", true),
        ] {
            assert_eq!(heading_names_person(heading), expected, "{heading}");
        }
    }

    #[test]
    fn a_full_name_begins_with_a_given_name() {
        let names = |text: &str| full_names(text).collect::<Vec<_>>();
        assert_eq!(
            names("Then Liz Rice's talk, and Andrew S. Tanenbaum."),
            ["Liz Rice", "Andrew S. Tanenbaum"]
        );
        assert_eq!(names("Severin Neumannはどこで働いていますか？"), ["Severin Neumann"]);
        assert_eq!(names("did Ana Maria Souza speak?"), ["Ana Maria Souza"]);
        assert_eq!(names("(Priyanka Sharma) opened it at the Palace Hotel"), ["Priyanka Sharma"]);
        assert_eq!(names("Best Effort and Machine Metrics, Google Cloud, liz rice, Big Data"), [""; 0]);
    }
}
