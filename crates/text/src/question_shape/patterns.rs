//! The phrases of `[shapes]` in the language files, and where they occur in a question.
//!
//! `docs/languages.md` explains their notation.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::clauses::Clauses;
use super::table::TABLE;
use crate::language::{ShapeWords, WordList};
use crate::model::{Language, ListKind, Shape, Unanswerable};
use crate::phrases::Words;

/// The maximum number of words of a gap.
const MAX_GAP: usize = 8;
/// The group of words that are what a question asks about: the parts of an event.
const TOPIC_GROUP: &str = "parts";
/// The number of words that a strong phrase counts more than it has.
const STRONG_WORDS: usize = 3;
/// The minimum number of letters of a word that is known by its ending.
const MIN_ENDING_LETTERS: usize = 4;

/// What a phrase says about a question. Of phrases of equal length the first meaning counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The form of the answer.
    Shape(Shape),
    /// A list that is not one of lines.
    List(ListKind),
    /// Recaps cannot answer.
    Unanswerable(Unanswerable),
    /// Nothing: it names the post that a question is about, or without a gap all posts, which are no topic then.
    NamesPosts,
}

/// Returns one list of a language.
type ListOf = fn(&ShapeWords) -> &WordList;

/// The meanings in the order of their precedence, with their lists.
pub(crate) const MEANINGS: [(Meaning, ListOf); 18] = [
    (Meaning::Shape(Shape::Fact), |words| &words.fact),
    (Meaning::Unanswerable(Unanswerable::Future), |words| &words.future),
    (Meaning::Unanswerable(Unanswerable::Best), |words| &words.best),
    (Meaning::Unanswerable(Unanswerable::Price), |words| &words.price),
    (Meaning::Unanswerable(Unanswerable::Schedule), |words| &words.schedule),
    (Meaning::Unanswerable(Unanswerable::Weather), |words| &words.weather),
    (Meaning::Unanswerable(Unanswerable::Personal), |words| &words.personal),
    (Meaning::List(ListKind::Events), |words| &words.events),
    (Meaning::List(ListKind::Posts), |words| &words.posts),
    (Meaning::Shape(Shape::Count), |words| &words.count),
    (Meaning::Shape(Shape::Comparison), |words| &words.comparison),
    (Meaning::Shape(Shape::Trend), |words| &words.trend),
    (Meaning::Shape(Shape::Summary), |words| &words.summary),
    (Meaning::Shape(Shape::Advice), |words| &words.advice),
    (Meaning::Shape(Shape::Opinions), |words| &words.opinions),
    (Meaning::Shape(Shape::List), |words| &words.list),
    (Meaning::Shape(Shape::Takeaways), |words| &words.takeaways),
    (Meaning::NamesPosts, |words| &words.sources),
];

impl PartialOrd for Meaning {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Meaning {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let place = |meaning: &Self| MEANINGS.iter().position(|(listed, _)| listed == meaning);
        place(self).cmp(&place(other))
    }
}

/// How much a phrase counts beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    /// `~`: only where no other phrase is found, and anywhere in a clause.
    Weak,
    Plain,
    /// `!`: as a longer phrase.
    Strong,
}

/// A phrase with its meaning.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub meaning: Meaning,
    pub language: Language,
    pub strength: Strength,
    pub elements: Vec<Element>,
}

/// A part of a phrase.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Element {
    /// `^`: a clause begins.
    Start,
    /// `$`: a clause ends.
    End,
    /// `*`: one to eight words, or with a question mark none; `*3`: at most three words.
    Gap { max: Option<usize>, is_optional: bool },
    /// One of these runs of words.
    Words { choice: Arc<Choice>, is_optional: bool },
}

/// Runs of words of which a phrase has one. Phrases of a language that have them in the same notation share them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Counted from 0 over all languages.
    pub number: usize,
    /// The longest first.
    pub alternatives: Vec<Alternative>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Alternative {
    /// These words one after the other.
    Run(Vec<String>),
    /// The same, but they are what is asked about: the food of "how was the food?".
    Topic(Vec<String>),
    /// `-s`: a word with this ending.
    Ending(String),
    /// `#`: a number.
    Number,
}

/// A phrase in a question. Places are numbers of words.
#[derive(Debug)]
pub(crate) struct PatternMatch {
    pub pattern: &'static Pattern,
    /// The first word.
    pub at: usize,
    /// The words of the phrase itself, without its topic, numbers, gaps and words that are known by their ending.
    pub words: Vec<usize>,
    /// The words in its gaps.
    pub gaps: Vec<Range<usize>>,
    /// The number of words of the question that had to be as in the phrase.
    pub len: usize,
}

impl PatternMatch {
    /// A gap with the words right before it that matched only an ending or a number: the phrase tells nothing of them.
    pub(crate) fn whole(&self, gap: &Range<usize>) -> Range<usize> {
        let is_own = |at: &usize| {
            let is_in_gap = self.gaps.iter().any(|gap| gap.contains(at));
            !self.words.contains(at) && !is_in_gap
        };
        let before = (self.at..gap.start).rev().take_while(is_own).count();
        gap.start - before..gap.end
    }

    /// The shape, unless the phrase says that recaps cannot answer.
    pub(crate) fn shape(&self) -> Option<Shape> {
        match self.pattern.meaning {
            Meaning::Shape(shape) => Some(shape),
            Meaning::List(_) => Some(Shape::List),
            Meaning::Unanswerable(_) | Meaning::NamesPosts => None,
        }
    }

    /// Whether all words of another phrase are within this one, with its gaps.
    pub(crate) fn contains(&self, other: &Self) -> bool {
        let end = self.words.iter().max().map_or(self.at, |last| last + 1);
        other.words.iter().all(|at| (self.at..end).contains(at))
    }

    /// The longer phrase is more specific, and of equally long ones that which begins a clause. A strong one counts as longer.
    pub(crate) fn rank(&self) -> (usize, bool) {
        let bonus = if self.pattern.strength == Strength::Strong { STRONG_WORDS } else { 0 };
        (self.len + bonus, self.pattern.is_opening())
    }
}

/// Reads phrases.
#[derive(Default)]
pub(crate) struct PatternReader {
    choices: HashMap<(Language, &'static str), Arc<Choice>>,
}

impl PatternReader {
    /// Reads the notation of the language files.
    pub(crate) fn read(&mut self, phrase: &'static str, meaning: Meaning, language: Language) -> Pattern {
        let signs = [('!', Strength::Strong), ('~', Strength::Weak)];
        let signed =
            signs.into_iter().find_map(|(sign, strength)| Some((phrase.strip_prefix(sign)?, strength)));
        let (phrase, strength) = signed.unwrap_or((phrase, Strength::Plain));
        let elements = phrase.split_whitespace().map(|notation| self.element(notation, language)).collect();
        Pattern { meaning, language, strength, elements }
    }

    fn element(&mut self, notation: &'static str, language: Language) -> Element {
        match notation {
            "^" => return Element::Start,
            "$" => return Element::End,
            _ => {}
        }
        if let Some(limit) = notation.strip_prefix('*') {
            let max = limit.trim_end_matches('?').parse().ok();
            return Element::Gap { max, is_optional: limit.ends_with('?') };
        }
        let listed = notation.strip_suffix('?').unwrap_or(notation);
        let number = self.choices.len();
        let choice = self.choices.entry((language, listed));
        let choice = choice.or_insert_with(|| Arc::new(Choice::new(number, listed, language)));
        Element::Words { choice: Arc::clone(choice), is_optional: notation.ends_with('?') }
    }
}

impl Pattern {
    /// Whether the phrase must begin a clause.
    pub(crate) fn is_opening(&self) -> bool {
        self.elements.first() == Some(&Element::Start)
    }

    /// Whether the phrase begins with a gap, which then reaches back to the beginning of the clause.
    fn has_leading_gap(&self) -> bool {
        matches!(self.elements.first(), Some(Element::Gap { .. }))
    }

    fn elements_after_gap(&self) -> &[Element] {
        self.elements.get(usize::from(self.has_leading_gap())..).unwrap_or_default()
    }

    /// The choices of words with which the phrase may begin; `None` if it may begin with any word.
    pub(crate) fn first_choices(&self) -> Option<Vec<&Choice>> {
        let mut first = Vec::new();
        for element in self.elements_after_gap() {
            match element {
                Element::Start => {}
                Element::Words { choice, is_optional } if choice.is_by_words() => {
                    first.push(choice.as_ref());
                    if !is_optional {
                        return Some(first);
                    }
                }
                Element::Words { .. } | Element::End | Element::Gap { .. } => return None,
            }
        }
        None
    }

    /// The numbers of the choices of words of which each match has one.
    pub(crate) fn required_choices(&self) -> impl Iterator<Item = usize> {
        self.elements.iter().filter_map(|element| match element {
            Element::Words { choice, is_optional: false } => choice.is_by_words().then_some(choice.number),
            _ => None,
        })
    }

    /// The longest match that begins at a word.
    pub(crate) fn match_at(
        &'static self,
        text: &[&str],
        at: usize,
        clauses: &Clauses,
    ) -> Option<PatternMatch> {
        let may_end_anywhere = self.strength != Strength::Plain
            || self.has_leading_gap()
            || self.meaning == Meaning::Shape(Shape::Fact)
            || clauses.is_start(at);
        let mut matcher =
            Matcher { pattern: self, text, clauses, may_end_anywhere, current: Trail::default(), best: None };
        if let Some(Element::Gap { max, is_optional }) = self.elements.first() {
            let start = clauses.start_of(at);
            let len = at.saturating_sub(start);
            if (len == 0 && !is_optional) || max.is_some_and(|max| len > max) {
                return None;
            }
            matcher.current.gaps.push(start..start + len);
        }
        matcher.step(self.elements_after_gap(), at);
        let Trail { len, words, gaps, .. } = matcher.best.filter(|trail| trail.len > 0)?;
        Some(PatternMatch { pattern: self, at, words, gaps, len })
    }
}

impl Choice {
    fn new(number: usize, listed: &str, language: Language) -> Self {
        let groups = &language.words().shapes.groups;
        let mut alternatives: Vec<Alternative> = listed
            .split('|')
            .flat_map(|alternative| match group_name(alternative) {
                Some(name) => {
                    let listed = groups.get(name).into_iter().flat_map(WordList::iter);
                    let found = listed.filter_map(Alternative::new);
                    found.map(|it| if name == TOPIC_GROUP { it.into_topic() } else { it }).collect::<Vec<_>>()
                }
                None => Alternative::new(alternative).into_iter().collect(),
            })
            .collect();
        alternatives.sort_by_key(|alternative| std::cmp::Reverse(alternative.len()));
        Self { number, alternatives }
    }

    /// The first words of its runs.
    pub(crate) fn first_words(&self) -> impl Iterator<Item = &str> {
        self.alternatives.iter().filter_map(Alternative::first_word)
    }

    /// Whether it has no words that are known by their ending, and no numbers.
    fn is_by_words(&self) -> bool {
        self.alternatives.iter().all(|alternative| alternative.first_word().is_some())
    }
}

/// The name in `{people}`.
pub(crate) fn group_name(notation: &str) -> Option<&str> {
    notation.strip_prefix('{')?.strip_suffix('}')
}

impl Alternative {
    fn new(notation: &str) -> Option<Self> {
        if notation == "#" {
            return Some(Self::Number);
        }
        let words = Words::new(notation);
        let run: Vec<String> = (0..words.len()).map(|at| words.folded(at).to_owned()).collect();
        match notation.starts_with('-') {
            _ if run.is_empty() => None,
            true => Some(Self::Ending(run.concat())),
            false => Some(Self::Run(run)),
        }
    }

    /// The same words as the topic of the question.
    fn into_topic(self) -> Self {
        if let Self::Run(run) = self { Self::Topic(run) } else { self }
    }

    fn len(&self) -> usize {
        match self {
            Self::Run(run) | Self::Topic(run) => run.len(),
            Self::Ending(_) | Self::Number => 1,
        }
    }

    /// The first of its words; `None` if it may be any word with an ending, or any number.
    fn first_word(&self) -> Option<&str> {
        match self {
            Self::Run(run) | Self::Topic(run) => run.first().map(String::as_str),
            Self::Ending(_) | Self::Number => None,
        }
    }

    fn is_at(&self, text: &[&str], at: usize) -> bool {
        match self {
            Self::Run(run) | Self::Topic(run) => {
                text.get(at..at + run.len()).is_some_and(|words| words == run.as_slice())
            }
            Self::Number => text.get(at).is_some_and(|word| word.starts_with(char::is_numeric)),
            Self::Ending(ending) => text.get(at).is_some_and(|word| {
                word.len() >= MIN_ENDING_LETTERS
                    && word.ends_with(ending.as_str())
                    && !TABLE.is_stop_word(word)
            }),
        }
    }
}

/// What has been matched so far.
#[derive(Debug, Clone, Default)]
struct Trail {
    len: usize,
    end: usize,
    words: Vec<usize>,
    gaps: Vec<Range<usize>>,
}

impl Trail {
    /// The longer one is better, then the one that leaves fewer words over.
    fn rank(&self) -> (usize, usize) {
        (self.len, self.end)
    }
}

struct Matcher<'a> {
    pattern: &'static Pattern,
    text: &'a [&'a str],
    clauses: &'a Clauses,
    /// Whether words may follow in the clause: a phrase in the midst of a clause is no sign of a shape.
    may_end_anywhere: bool,
    current: Trail,
    best: Option<Trail>,
}

impl Matcher<'_> {
    /// Tries the remaining elements at a word. The work is bounded by the lengths of phrases and gaps.
    fn step(&mut self, elements: &'static [Element], at: usize) {
        let Some((element, rest)) = elements.split_first() else {
            let is_in_place = self.may_end_anywhere || self.clauses.is_end(at);
            self.current.end = at;
            if is_in_place && self.best.as_ref().is_none_or(|best| best.rank() < self.current.rank()) {
                self.best = Some(self.current.clone());
            }
            return;
        };
        match element {
            Element::Start if self.may_start(at) => self.step(rest, at),
            Element::End if self.clauses.is_end(at) => self.step(rest, at),
            Element::Start | Element::End => {}
            Element::Gap { max, is_optional } => {
                if *is_optional {
                    self.step(rest, at);
                }
                self.step_over_gap(*max, rest, at);
            }
            Element::Words { choice, is_optional } => {
                for alternative in choice.alternatives.iter().filter(|words| words.is_at(self.text, at)) {
                    self.step_over_words(alternative, rest, at);
                }
                if *is_optional {
                    self.step(rest, at);
                }
            }
        }
    }

    fn step_over_words(&mut self, alternative: &Alternative, rest: &'static [Element], at: usize) {
        let known = self.current.words.len();
        let end = at + alternative.len();
        if matches!(alternative, Alternative::Run(_)) {
            self.current.words.extend(at..end);
        }
        self.current.len += alternative.len();
        self.step(rest, end);
        self.current.len -= alternative.len();
        self.current.words.truncate(known);
    }

    /// Tries gaps of all lengths within the clause. A gap at the end of a phrase reaches to the end of the clause.
    fn step_over_gap(&mut self, max: Option<usize>, rest: &'static [Element], at: usize) {
        let clause_end = self.clauses.end_of(at);
        let farthest = at + max.unwrap_or(if rest.is_empty() { usize::MAX - at } else { MAX_GAP });
        let first = if rest.is_empty() { clause_end } else { at + 1 };
        for end in first.max(at + 1)..=clause_end.min(farthest) {
            self.current.gaps.push(at..end);
            self.step(rest, end);
            self.current.gaps.pop();
        }
    }

    /// A fact begins after all words that open a clause; other phrases may contain some of them.
    fn may_start(&self, at: usize) -> bool {
        match self.pattern.meaning {
            Meaning::Shape(Shape::Fact) => self.clauses.is_first_word(at),
            _ => self.clauses.is_start(at),
        }
    }
}
