//! What is measured of a sentence to tell how good a quote it is.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use takeaways_text::language::{LanguageWords, WordList};
use takeaways_text::model::{Block, BlockKind, Body, Language, PointKind, Sentence};
use takeaways_text::script::is_cjk;
use takeaways_text::sentences::{ends_with_question, is_title_like};

use super::advertisement::has_paid_link;
use crate::folded_text::{FoldedText, PhraseLists, PhraseMatches};

/// A list of the language files.
type PhraseList = fn(&LanguageWords) -> &WordList;

/// The lists of phrases whose matches are counted, with their names.
const LISTS: [(&str, PhraseList); 18] = [
    ("praise", |words| &words.points.praise),
    ("marketing", |words| &words.points.marketing),
    ("past_verbs", |words| &words.points.past_verbs),
    ("reports", |words| &words.points.reports),
    ("event_words", |words| &words.points.event_words),
    ("first_person", |words| &words.points.first_person),
    ("opinions", |words| &words.points.opinions),
    ("references", |words| &words.points.references),
    ("object_references", |words| &words.points.object_references),
    ("lessons", |words| &words.points.lessons),
    ("contrasts", |words| &words.points.contrasts),
    ("reasons", |words| &words.points.reasons),
    ("references_elsewhere", |words| &words.points.references_elsewhere),
    ("small_talk", |words| &words.points.small_talk),
    ("programme", |words| &words.points.programme),
    ("asides", |words| &words.answers.asides),
    ("leaning_openings", |words| &words.points.leaning_openings),
    ("calls_to_action", |words| &words.points.calls_to_action),
];
/// The first of the lists that count only at the beginning of a sentence.
const OPENINGS: usize = 16;
/// The lists of each language that tell advice for people who go to events. They are no features.
static ADVICE: LazyLock<Vec<PhraseLists<3>>> = LazyLock::new(|| {
    PhraseLists::of_each_language([
        |words| &words.advice.cues,
        |words| &words.advice.openings,
        |words| &words.advice.attending,
    ])
});
/// The lists of each language that tell whether a sentence stands alone and says more than that there was a talk. They are no
/// features: such a sentence is no point, or none without the one before it, however good the rest of it is.
static STANDING: LazyLock<Vec<PhraseLists<6>>> = LazyLock::new(|| {
    PhraseLists::of_each_language([
        |words| &words.points.announcements,
        |words| &words.points.object_references,
        |words| &words.points.event_words,
        |words| &words.points.impersonal,
        |words| &words.points.prevalence,
        |words| &words.points.summing_openings,
    ])
});
/// The lists of [`STANDING`] with references, and with words such as "this year" and "it is", a bit each.
const STANDING_REFERENCE: u32 = 1 << 1;
const STANDING_NO_REFERENCE: u32 = 1 << 2 | 1 << 3;
/// The list of [`STANDING`] of words that say that many spoke of something.
const STANDING_PREVALENCE: usize = 4;
/// The list of [`STANDING`] of words with which a writer sums up, and how many words from the start they do so: "So, overall".
const STANDING_SUMMING: usize = 5;
const NEAR_OPENING: usize = 3;
/// How many words from the start a reference is to the text before: "With this change", "Managing this data".
const NEAR_START: usize = 5;
/// More matches of a list count as this number.
const MAX_MATCHES: u8 = 2;

/// The names of the features that no list gives, in the order of [`SentenceReader::form`].
const FORM: [&str; 27] = [
    "length",
    "short",
    "long",
    "capitals",
    "many_names",
    "title_like",
    "names_title",
    "number",
    "question",
    "exclamation",
    "colon",
    "no_end",
    "small_start",
    "commas",
    "bracket",
    "address",
    "linked",
    "list_item",
    "block_quote",
    "nested",
    "speaker",
    "names_author",
    "early",
    "late",
    "block_start",
    "under_takeaways",
    "under_logistics",
];

/// The number of features.
pub const FEATURES: usize = LISTS.len() + FORM.len();
/// Sentences with fewer characters are short.
const SHORT: f32 = 60.0;
/// Sentences with more characters are long.
const LONG: f32 = 240.0;
/// What a character of a script without spaces counts as.
const UNSPACED_WIDTH: f32 = 2.5;
/// The part of a post that is its beginning, and the one that is not yet its end.
const EARLY: f32 = 0.06;
const LATE: f32 = 0.93;

/// What the weights of a model are multiplied with.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "a sentence may have any of these")]
pub struct SentenceValues {
    /// The features, in the order of [`feature_names`].
    pub features: [f32; FEATURES],
    /// The words in lower case, each once.
    pub words: Vec<String>,
    /// The value of each of the words: less in a longer sentence.
    pub word_value: f32,
    /// See [`PointKind::attendee_advice`].
    pub attendee_advice: u8,
    /// Whether it refers to the text before it near its beginning.
    pub refers_back: bool,
    /// Whether it only announces: that there was or will be a talk, a post or a meeting, or where to find it.
    pub announces: bool,
    /// See [`PointKind::prevalence`].
    pub prevalence: u8,
    /// Whether its writer sums up in it, or names what was best, as its first words say.
    pub sums_up: bool,
    /// Whether its block begins with a link, as the items of a list of links do. What follows is told by others.
    pub is_in_list_of_links: bool,
    /// Whether its block is an advertisement.
    pub is_advertisement: bool,
}

impl SentenceValues {
    /// Whether the sentence begins with words that refer to the text before it. Where a writer sums up, that is the event or the post:
    /// "So overall, this was worth it".
    pub(crate) fn leans(&self) -> bool {
        !self.sums_up && (self.refers_back || self.has_any(&["leaning_openings"]))
    }

    /// The kind of point that the sentence is.
    pub fn kind(&self) -> PointKind {
        PointKind {
            advises: self.has_any(&["lessons", "calls_to_action"]),
            judges: self.has_any(&["opinions", "praise", "contrasts", "reasons"]),
            attendee_advice: self.attendee_advice,
            prevalence: self.prevalence,
            sums_up: self.sums_up,
            ..PointKind::default()
        }
    }

    /// Whether the sentence states something by itself: it has a start and an end, asks and announces nothing, and does
    /// not mention an author. List items may end without a full stop.
    pub(crate) fn is_statement(&self, is_list_item: bool) -> bool {
        let is_whole = is_list_item || !self.has_any(&["no_end"]);
        is_whole && !self.has_any(&["question", "colon", "small_start", "names_author"])
    }

    /// Whether one of these features is above zero.
    fn has_any(&self, names: &[&str]) -> bool {
        feature_names().zip(&self.features).any(|(name, value)| *value > 0.0 && names.contains(&name))
    }
}

/// The names of all features, in order.
pub fn feature_names() -> impl Iterator<Item = &'static str> {
    LISTS.into_iter().map(|(name, _)| name).chain(FORM)
}

/// Measures the sentences of one post.
pub struct SentenceReader<'a> {
    body: &'a Body,
    authors: &'a [String],
    /// Of each section: whether its headings stand over takeaways, and over logistics.
    sections: HashMap<u32, [bool; 2]>,
    /// The lists of advice in the language of the post.
    advice: Option<&'static PhraseLists<3>>,
    /// The sections whose headings give advice.
    advice_sections: HashSet<u32>,
    standing: Option<&'static PhraseLists<6>>,
    /// The blocks that begin with a link.
    link_blocks: HashSet<u32>,
    advertisements: HashSet<u32>,
}

impl<'a> SentenceReader<'a> {
    /// Returns a reader of a text in this language by these authors.
    pub fn new(body: &'a Body, authors: &'a [String], language: Language) -> Self {
        static HEADINGS: LazyLock<PhraseLists<2>> = LazyLock::new(|| {
            PhraseLists::new([
                |words| &words.points.takeaway_headings,
                |words| &words.points.logistics_headings,
            ])
        });
        let advice = ADVICE.get(language as usize);
        let mut sections: HashMap<u32, [bool; 2]> = HashMap::new();
        let mut advice_sections = HashSet::new();
        // A section comes after the one that it is in.
        for (at, section) in (0..).zip(&body.sections) {
            let heading = FoldedText::fold(section.heading.map_or("", |heading| body.slice(heading)));
            let parent = section.parent;
            let [takeaways, logistics] = HEADINGS.find(&heading).counts.map(|count| count > 0);
            let [of_takeaways, of_logistics] =
                parent.and_then(|parent| sections.get(&parent)).copied().unwrap_or_default();
            sections.insert(at, [takeaways || of_takeaways, logistics || of_logistics]);
            let gives_advice = advice.is_some_and(|lists| lists.find(&heading).counts[0] > 0);
            if gives_advice || parent.is_some_and(|parent| advice_sections.contains(&parent)) {
                advice_sections.insert(at);
            }
        }
        let standing = STANDING.get(language as usize);
        let link_blocks = blocks_that(body, |block| begins_with_link(body, block));
        let advertisements = blocks_that(body, |block| has_paid_link(body, block));
        Self { body, authors, sections, advice, advice_sections, standing, link_blocks, advertisements }
    }

    /// Measures the sentences of paragraphs, list items and quotes, at most so many sentences from the first of all on.
    pub fn read_all(&self, limit: usize) -> impl Iterator<Item = (&'a Sentence, SentenceValues)> {
        let mut last_block = None;
        self.body.sentences.iter().take(limit).filter_map(move |sentence| {
            let is_first = last_block.replace(sentence.block) != Some(sentence.block);
            let kind = self.body.blocks.get(sentence.block as usize)?.kind;
            let is_text = matches!(kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote);
            is_text.then(|| self.read(sentence, is_first)).flatten().map(|values| (sentence, values))
        })
    }

    /// Measures a sentence. `is_first` says that its block begins with it.
    pub fn read(&self, sentence: &Sentence, is_first: bool) -> Option<SentenceValues> {
        static PHRASES: LazyLock<PhraseLists<{ LISTS.len() }>> =
            LazyLock::new(|| PhraseLists::new(LISTS.map(|(_, list)| list)));
        let block = self.body.blocks.get(sentence.block as usize)?;
        let text = self.body.slice(sentence.span);
        let folded = FoldedText::fold(text);
        let found: PhraseMatches<{ LISTS.len() }> = PHRASES.find(&folded);
        let mut features = [0.0; FEATURES];
        for (list, feature) in features.iter_mut().enumerate().take(LISTS.len()) {
            *feature = if list < OPENINGS {
                f32::from(found.counts[list].min(MAX_MATCHES))
            } else {
                f32::from(found.begins_with(list))
            };
        }
        let form = self.form(text, block, sentence, is_first);
        for (feature, value) in features.iter_mut().skip(LISTS.len()).zip(form) {
            *feature = value;
        }
        // A number says what a sentence is about, not how good it is.
        let has_letters = |word: &&str| word.contains(char::is_alphabetic);
        let mut words: Vec<String> = folded.words().filter(has_letters).map(str::to_owned).collect();
        words.sort_unstable();
        words.dedup();
        #[expect(clippy::cast_precision_loss, reason = "a sentence has far fewer words than 2^24")]
        let word_value = 1.0 / (words.len().max(4) as f32).sqrt();
        let standing = self.standing.map(|lists| lists.find(&folded).counts).unwrap_or_default();
        let mut values = SentenceValues {
            features,
            words,
            word_value,
            attendee_advice: 0,
            refers_back: self.standing.is_some_and(|lists| refers_back(&folded, lists)),
            announces: standing[0] > 0,
            prevalence: standing[STANDING_PREVALENCE],
            sums_up: self.standing.is_some_and(|lists| sums_up(&folded, lists)),
            is_in_list_of_links: self.link_blocks.contains(&sentence.block),
            is_advertisement: self.advertisements.contains(&sentence.block),
        };
        if values.is_statement(block.kind == BlockKind::ListItem) {
            values.attendee_advice = self.attendee_advice(&folded, block, values.announces);
        }
        Some(values)
    }

    /// How clearly a sentence advises people who go to events. It advises, or stands under a heading that does, and mentions
    /// going there. One that `announces` advises only under such a heading: "I recommend the recording of the talk".
    fn attendee_advice(&self, folded: &FoldedText, block: &Block, announces: bool) -> u8 {
        let Some(found) = self.advice.map(|lists| lists.find(folded)) else { return 0 };
        let [cues, _, attending] = found.counts.map(|count| count.min(MAX_MATCHES));
        let is_under_advice = self.advice_sections.contains(&block.section);
        if announces && !is_under_advice {
            return 0;
        }
        let advises = cues + u8::from(found.begins_with(1)) + u8::from(is_under_advice);
        if advises > 0 && attending > 0 { advises + attending } else { 0 }
    }

    #[expect(clippy::cast_precision_loss, reason = "a share of a text needs no more than seven digits")]
    fn form(&self, text: &str, block: &Block, sentence: &Sentence, is_first: bool) -> [f32; FORM.len()] {
        let length = width(text);
        let words: Vec<&str> = text.split_whitespace().skip(1).collect();
        let capitals = count_capitalised(&words) as f32 / words.len().max(1) as f32;
        let end = text.trim_end_matches(['"', '”', '“', '»', '」', '\'', '’', ')', '）']);
        let start = text.chars().find(|c| c.is_alphanumeric());
        let linked: usize = self.body.links_in(sentence.span).iter().map(|link| link.span.len()).sum();
        let position = sentence.span.start() as f32 / self.body.text.len().max(1) as f32;
        let [under_takeaways, under_logistics] =
            self.sections.get(&block.section).copied().unwrap_or_default();
        let is = |is: bool| f32::from(u8::from(is));
        [
            length.min(400.0) / 100.0,
            is(length < SHORT),
            is(length > LONG),
            capitals,
            is(capitals > 1.0 / 3.0 && words.len() > 5),
            is(is_title_like(text)),
            is(names_title(text)),
            is(text.contains(char::is_numeric)),
            is(ends_with_question(text)),
            is(text.ends_with(['!', '！'])),
            is(text.ends_with([':', '：'])),
            is(!end.ends_with(['.', '!', '?', '。', '！', '？', '．', '…', ':', '：'])),
            is(start.is_some_and(char::is_lowercase)),
            text.matches([',', '、', '，', ';']).take(10).count() as f32 / 5.0,
            is(text.contains(['(', '（'])),
            is(text.contains("://") || text.contains("www.")),
            linked as f32 / sentence.span.len().max(1) as f32,
            is(block.kind == BlockKind::ListItem),
            is(block.kind == BlockKind::Quote),
            is(block.depth > 1),
            is(block.speaker.is_some()),
            is(self.names_author(text) || position > LATE && self.is_about_author(block)),
            is(position < EARLY),
            is(position > LATE),
            is(is_first),
            is(under_takeaways),
            is(under_logistics),
        ]
    }

    /// Whether a block begins with the whole name of an author, as what stands about them at the end of a post does.
    fn is_about_author(&self, block: &Block) -> bool {
        let text = self.body.slice(block.span);
        self.authors.iter().any(|author| author.contains(' ') && text.starts_with(author.as_str()))
    }

    /// Whether a sentence names an author of the post, or begins with a part of their name.
    fn names_author(&self, text: &str) -> bool {
        let first = text.split([' ', '\'', '’', ',']).next().unwrap_or_default();
        let is_named = |author: &String| {
            author.contains(' ')
                && (text.contains(author.as_str()) || author.split(' ').any(|name| name == first))
        };
        self.authors.iter().any(is_named)
    }
}

fn blocks_that(body: &Body, are: impl Fn(&Block) -> bool) -> HashSet<u32> {
    (0..).zip(&body.blocks).filter(|(_, block)| are(block)).map(|(at, _)| at).collect()
}

/// Whether a block begins with a link, perhaps after a sign.
fn begins_with_link(body: &Body, block: &Block) -> bool {
    let first = body.links_in(block.span).first().map(|link| link.span.start());
    let words = body.slice(block.span).find(char::is_alphanumeric).unwrap_or_default();
    first.is_some_and(|first| first <= block.span.start() + words)
}

/// Whether one of the first words refers to something in the text before. "This year" does not.
fn refers_back(folded: &FoldedText, lists: &PhraseLists<6>) -> bool {
    (0..NEAR_START)
        .filter_map(|at| lists.longest_at(folded, at))
        .any(|(lists, _)| lists & STANDING_REFERENCE != 0 && lists & STANDING_NO_REFERENCE == 0)
}

/// Whether words with which a writer sums up are among the first ones, or anywhere in a script without spaces.
fn sums_up(folded: &FoldedText, lists: &PhraseLists<6>) -> bool {
    let is_at =
        |at: usize| lists.longest_at(folded, at).is_some_and(|(it, _)| it & 1 << STANDING_SUMMING != 0);
    (0..NEAR_OPENING).any(is_at)
        || folded.words().any(|word| word.contains(is_cjk)) && lists.find(folded).counts[STANDING_SUMMING] > 0
}

/// Whether a text quotes three or more words, most of them capitalised: the title of a talk.
fn names_title(text: &str) -> bool {
    text.split(['"', '“', '”', '„', '«', '»']).skip(1).step_by(2).any(|quoted| {
        let words: Vec<&str> = quoted.split_whitespace().collect();
        words.len() >= 3 && count_capitalised(&words) * 2 > words.len()
    })
}

fn count_capitalised(words: &[&str]) -> usize {
    words.iter().filter(|word| word.starts_with(char::is_uppercase)).count()
}

/// The number of characters of a text. One of a script without spaces counts as 2.5, since it says as much.
#[expect(clippy::cast_precision_loss, reason = "a post has at most 2 MiB")]
pub fn width(text: &str) -> f32 {
    let (all, unspaced) = (text.chars().count(), text.chars().filter(|c| is_cjk(*c)).count());
    (all - unspaced) as f32 + unspaced as f32 * UNSPACED_WIDTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_features_are_those_of_their_names() {
        let names: Vec<&str> = feature_names().collect();
        assert_eq!(names[OPENINGS], "leaning_openings");
        assert_eq!(names.len(), FEATURES);
    }
}
