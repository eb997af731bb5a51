//! Tells how a line names the topic of a question.

use std::ops::Range;

use super::lines::Line;
use super::listed::{introduction_of, item_of};
use super::themes::ratio;
use crate::{
    candidates::merge_marks,
    concepts::Concept,
    matcher::Matcher,
    plan::{QueryPlan, names_thing},
    question_syntax::blank_out,
    shape_words::{is_done_word, is_event_word, is_mention_word},
};
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_text::{
    language,
    model::{Language, Post, Span},
    script::is_cjk,
    tokens::is_stop_word,
};

/// The topic of a sentence stands among its first words. The maximum number of words before it.
const MAX_WORDS_BEFORE: usize = 6;
/// The least share of the words of a heading that names the topic itself.
const MIN_SHARE_OF_HEADING: f32 = 0.5;
/// The least weight of a word that names the topic itself, and not a thing like it.
const MIN_WEIGHT: f32 = 0.9;

/// The topic of a question.
pub(super) struct Topic<'p> {
    matcher: Matcher<'p>,
    concepts: usize,
    /// Which of its parts are known things.
    are_things: Vec<bool>,
    /// How much each of its parts matters.
    importance: Vec<f32>,
}

impl<'p> Topic<'p> {
    pub fn new(concepts: &'p [Concept]) -> Self {
        let importance = concepts.iter().map(|concept| concept.importance).collect();
        let are_things = concepts.iter().map(|concept| names_thing(&concept.text)).collect();
        Self { matcher: Matcher::new(concepts), concepts: concepts.len(), are_things, importance }
    }

    /// Whether a line is about the topic: its headings or the title of its post name all of it, or the sentence does and begins
    /// with it. What names it on the way says nothing of it.
    pub fn is_subject_of(&self, line: &Line) -> bool {
        let Line { post, span, section, .. } = line;
        let first_in = |text: &str| {
            let mut found = self.matcher.scan(text, post.language);
            found.retain(|found| found.weight >= MIN_WEIGHT);
            let has_all = (0..self.concepts).all(|at| found.iter().any(|it| it.concept == at));
            found.into_iter().map(|found| found.range.start).min().filter(|_| has_all)
        };
        let headings = post.body.heading_path(*section).into_iter();
        if headings.chain(post.title.as_deref()).any(|text| first_in(text).is_some()) {
            return true;
        }
        let text = post.body.slice(*span);
        let before = first_in(text).and_then(|start| text.get(..start));
        let is_short = |before: &str| before.split_whitespace().count() <= MAX_WORDS_BEFORE;
        before.is_some_and(|before| is_short(before) || text.contains(is_cjk))
    }

    /// How much of the topic, by importance, the headings above a line name: 0 to 1.
    pub fn share_in_headings(&self, line: &Line) -> f32 {
        let headings = line.post.body.heading_path(line.section);
        let named = self.named_by(headings, line.post.language);
        let named = self.importance.iter().zip(named).filter(|(_, is_named)| *is_named);
        let total: f32 = self.importance.iter().sum();
        named.map(|(importance, _)| importance).sum::<f32>() / total.max(f32::EPSILON)
    }

    /// The places of the words in a part of a post that name the topic itself; none if they do not name all of it.
    pub fn marks_of(&self, post: &Post, span: Span) -> Vec<Span> {
        let mut found = self.matcher.scan(post.body.slice(span), post.language);
        found.retain(|found| found.weight >= MIN_WEIGHT);
        if !(0..self.concepts).all(|at| found.iter().any(|it| it.concept == at)) {
            return Vec::new();
        }
        let place = |range: &Range<usize>| {
            Span::new(&post.body.text, span.start() + range.start..span.start() + range.end)
        };
        // Two words of the topic may mean one word: "Kubernetes or k8s".
        merge_marks(found.iter().filter_map(|found| place(&found.range)).collect())
    }

    /// Whether a line with the headings above it and the title of its post names all of the topic.
    pub fn is_whole_at(&self, line: &Line) -> bool {
        !self.named_at(line).contains(&false)
    }

    /// The same with what introduces the list that the line is an item of.
    pub fn is_whole_in_list(&self, line: &Line) -> bool {
        let body = &line.post.body;
        let introduction = item_of(line).and_then(|(_, item)| introduction_of(body, item));
        let introduction = introduction.map(|span| body.slice(span));
        let introduced = self.named_by(introduction, line.post.language);
        self.named_at(line).iter().zip(introduced).all(|(named, introduced)| *named || introduced)
    }

    /// Whether a text in this language, such as a heading, names all of the topic and little else.
    pub fn is_all_of(&self, text: &str, language: Language) -> bool {
        self.share_of_words(text, language) >= MIN_SHARE_OF_HEADING && self.is_named_by([text], language)
    }

    /// Whether texts of a post in this language name together all of the topic.
    pub fn is_named_by<'t>(&self, texts: impl IntoIterator<Item = &'t str>, language: Language) -> bool {
        !self.named_by(texts, language).contains(&false)
    }

    /// How many parts of the topic texts of a post in this language name.
    pub fn count_named_by<'t>(&self, texts: impl IntoIterator<Item = &'t str>, language: Language) -> usize {
        self.named_by(texts, language).into_iter().filter(|is_named| *is_named).count()
    }

    /// Whether all known things of the topic are among the parts that are named.
    pub fn has_things(&self, named: &[bool]) -> bool {
        named.iter().zip(&self.are_things).all(|(is_named, is_thing)| *is_named || !is_thing)
    }

    /// How many of the words of a text in this language name the topic, and how many there are beside those that say nothing: stop words,
    /// and what is said of any list, as in "Books discussed at the conference".
    pub fn words_named(&self, text: &str, language: Language) -> (usize, usize) {
        let mut found = self.matcher.scan(text, language);
        found.retain(|found| found.weight >= MIN_WEIGHT);
        let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        let is_named = |word: &str| found.iter().any(|found| found.range.contains(&start(word)));
        let says_nothing = |word: &str| {
            let of_lists = [is_mention_word, is_done_word, is_event_word];
            is_stop_word(word, language) || !is_named(word) && of_lists.into_iter().any(|is| is(word))
        };
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let words: Vec<&str> = words.filter(|word| !says_nothing(word)).collect();
        (words.iter().filter(|word| is_named(word)).count(), words.len())
    }

    /// The same as a share of all words: 0 to 1.
    pub fn share_of_words(&self, text: &str, language: Language) -> f32 {
        let (named, all) = self.words_named(text, language);
        ratio(named, all)
    }

    /// Whether a line with the headings above it and the title of its post names each part of the topic.
    pub fn named_at(&self, line: &Line) -> Vec<bool> {
        let Line { post, span, section, .. } = line;
        let texts = post.body.heading_path(*section).into_iter().chain(post.title.as_deref());
        self.named_by(texts.chain([post.body.slice(*span)]), post.language)
    }

    /// Whether texts of a post in this language name each part of the topic.
    pub fn named_by<'t>(&self, texts: impl IntoIterator<Item = &'t str>, language: Language) -> Vec<bool> {
        let mut named = vec![false; self.concepts];
        for text in texts {
            if !named.contains(&false) {
                break;
            }
            for found in self.matcher.scan(text, language) {
                if let Some(named) = named.get_mut(found.concept).filter(|_| found.weight >= MIN_WEIGHT) {
                    *named = true;
                }
            }
        }
        named
    }
}

/// Whether the last word of the topic of a plan describes a part of events: the "virtual" of "virtual conferences". Events stand in
/// most posts, so their words are no topic.
pub(super) fn describes_events(plan: &QueryPlan) -> bool {
    let words = &plan.question.syntax.words;
    let is_of_topic = |at: usize| plan.concepts.iter().any(|concept| concept.words.contains(&at));
    plan.concepts.iter().any(|concept| {
        let next = concept.words.end;
        !is_of_topic(next) && words.get(next).is_some_and(|word| has_event_word(&word.text))
    })
}

/// Whether a line, but for its words of the topic, or the heading above it has a word for events or their parts. True in a script
/// without spaces.
pub(super) fn is_on_events(line: &Line) -> bool {
    let body = &line.post.body;
    let mut rest = body.slice(line.span).to_owned();
    for mark in &line.marks {
        let place =
            mark.start().saturating_sub(line.span.start())..mark.end().saturating_sub(line.span.start());
        if rest.get(place.clone()).is_some() {
            blank_out(&mut rest, place);
        }
    }
    let heading = body.headings_above(line.section).next().map(|heading| body.slice(heading));
    rest.contains(is_cjk) || has_event_word(&rest) || heading.is_some_and(has_event_word)
}

/// Whether a text has a single word for events or their parts.
fn has_event_word(text: &str) -> bool {
    let is_of = |phrase: &str, word: &str| {
        // Most words differ in the first letter.
        phrase.as_bytes().first() == word.as_bytes().first()
            && phrase.strip_suffix('*').map_or(word == phrase, |prefix| word.starts_with(prefix))
    };
    let event_words = &language::all().points.event_words;
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.into_iter().any(|word| event_words.iter().any(|phrase| is_of(phrase, &word)))
}

/// Whether the text at a span names a project where no word of the topic is marked.
pub(super) fn names_other_project(text: &str, span: Span, marks: &[Span]) -> bool {
    let is_topic = |name: &Range<usize>| {
        let (start, end) = (span.start() + name.start, span.start() + name.end);
        marks.iter().any(|mark| mark.start() < end && start < mark.end())
    };
    let mentions = EntityTable::builtin().mentions(text);
    mentions.iter().any(|mention| mention.kind == EntityKind::Project && !is_topic(&mention.span))
}
