//! Recognises the shape of a question by its words, before anything is searched.
//!
//! The phrases of all languages are tried. The phrase with the most words decides, because a longer phrase is more
//! specific: `how many` asks for a fact, `how many recaps mention` for a count. Where a clause begins as a fact does
//! (`who`, `when`), a phrase of another shape counts only if it begins there too and is longer. What the phrases tell and all words
//! together are then weighed by a model (`estimate.rs`), which is mostly of the same opinion.

mod asked_lines;
mod clauses;
pub mod estimate;
mod patterns;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::language;
use crate::model::{Language, QuestionShape, Shape, Unanswerable};
use crate::phrases::Words;
use crate::script::is_cjk;
use asked_lines::AskedLines;
use clauses::Clauses;
use estimate::{ShapeWords, UNANSWERABLE};
use patterns::{Element, Meaning, PatternMatch, Strength};
use table::TABLE;

/// The maximum number of words that are read. The shape of a longer text is rarely told by its end.
const MAX_WORDS: usize = 100;
/// The maximum number of words on each side of a short question such as `Istio or Linkerd?`.
const MAX_SHORT_SIDE: usize = 4;
/// The maximum number of words before a span of years at the end of a question that names a thing.
const MAX_BEFORE_YEARS: usize = 8;
/// The maximum number of words of a side that a phrase encloses. A longer one is not a name.
const MAX_SIDE: usize = 12;
/// What stands between the sides of a comparison in all languages, and nowhere else.
const VERSUS: [&str; 2] = ["vs", "versus"];
/// The least number of years from the first to the last of a span of them.
const MIN_YEARS: u16 = 2;

/// The least number of words of which the model estimates a shape. Fewer are a name, or a message that goes on from another one.
const MIN_WORDS: usize = 2;
/// The least probability of a shape that phrases do not tell if they tell another one, and that of a fact. People wonder where a plain
/// phrase counts for nothing, and most where they then get no overview.
const MIN_OVER_PHRASES: f32 = 0.7;
const MIN_OF_FACT_OVER_PHRASES: f32 = 0.8;
/// The least probability that recaps can't answer a question, if no phrase tells a shape. At this one three of five such messages of
/// another writer are found (`outside` in `tests/questions/shapes.jsonl`).
const MIN_OF_UNANSWERABLE: f32 = 0.5;

/// Recognises the shape of a question. Any text has one: where nothing tells it, it is [`Shape::Fact`].
pub fn find_shape(question: &str) -> QuestionShape {
    with_asked_lines(question, weighed_shape)
}

/// Returns the shape that the phrases of a question alone tell; an open fact if none does.
pub fn find_told_shape(question: &str) -> QuestionShape {
    with_asked_lines(question, |question| {
        let words = Words::new(question);
        QuestionText::new(&words).told_shape().0
    })
}

/// The shape of a question by `find`, with the number of lines that it asks for. To `find` that number says nothing, unless the rest is
/// too short to tell a shape.
fn with_asked_lines(question: &str, find: impl Fn(&str) -> QuestionShape) -> QuestionShape {
    let Some(asked) = AskedLines::find(question) else { return find(question) };
    let mut without = question.to_owned();
    without.replace_range(asked.place.clone(), &" ".repeat(asked.place.len()));
    let mut found = find(&without);
    if found.shape == Shape::Fact {
        found = find(question);
        // A phrase with the number counts something else.
        if !found.is_estimated {
            return found;
        }
    }
    found.lines = Some(asked.lines);
    found
        .words
        .retain(|words| !asked.place.contains(&words.start) || !asked.place.contains(&(words.end - 1)));
    if !found.words.iter().any(|words| words.contains(&asked.place.start)) {
        found.words.push(asked.place);
        found.words.sort_by_key(|words| words.start);
    }
    found
}

/// The shape of a question by its phrases and all its words together.
fn weighed_shape(question: &str) -> QuestionShape {
    let words = Words::new(question);
    let text = QuestionText::new(&words);
    let (found, telling) = text.told_shape();
    // The words of a script without spaces are not told apart.
    let may_be_weighed = telling.len() >= MIN_WORDS && !question.contains(is_cjk);
    let compares = found.sides.is_some() && text.folded.iter().any(|word| VERSUS.contains(word));
    if found.unanswerable.is_some() || compares || !may_be_weighed {
        return found;
    }
    let probabilities = estimate::probabilities(&text.weight_rows(&telling, &found));
    let least_of_unanswerable = if found.is_told() { MIN_OVER_PHRASES } else { MIN_OF_UNANSWERABLE };
    if probabilities[UNANSWERABLE] >= least_of_unanswerable {
        let unanswerable = Some(Unanswerable::Other);
        return QuestionShape { unanswerable, is_estimated: true, ..QuestionShape::default() };
    }
    let probability = |of: &Shape| probabilities.get(of.index()).copied().unwrap_or_default();
    let best = Shape::ALL.into_iter().max_by(|a, b| probability(a).total_cmp(&probability(b)));
    let least =
        |shape: &Shape| if *shape == Shape::Fact { MIN_OF_FACT_OVER_PHRASES } else { MIN_OVER_PHRASES };
    let is_sure = |shape: &Shape| !found.is_told() || probability(shape) >= least(shape);
    let Some(shape) = best.filter(|shape| *shape != found.shape && is_sure(shape)) else { return found };
    if shape == Shape::Fact {
        return QuestionShape::default();
    }
    let listed = ShapeWords::builtin();
    // A capital may begin a name, unless all words have one.
    let has_small = (0..words.len()).any(|at| words.original(at).starts_with(char::is_lowercase));
    let may_be_name = |at: usize| at > 0 && has_small && words.is_capitalised(at);
    let is_common = |at: &usize| listed.is_common(text.folded[*at]) && !may_be_name(*at);
    let common: Vec<usize> = telling.iter().copied().filter(is_common).collect();
    QuestionShape {
        shape,
        words: common.into_iter().map(|at| words.byte_range(at..at + 1)).collect(),
        is_open: found.is_open,
        is_estimated: true,
        ..QuestionShape::default()
    }
}

/// Returns the rows of the weights of a question: see [`estimate::rows`]. Words that name the posts (`according to the recaps`) are left
/// out.
pub fn weight_rows(question: &str) -> Vec<usize> {
    let words = Words::new(question);
    let text = QuestionText::new(&words);
    let (told, telling) = text.told_shape();
    text.weight_rows(&telling, &told)
}

/// Returns the whole of which a single letter is a part beside digits, or before a word of grammar. The "v" of "v2", the "x" of "4x"
/// and that of "Jenkins X in 2019" join no two sides of a comparison; "Linkerd v the others" compares.
fn part_of_version<'w>(words: &'w Words<'_>, at: usize) -> Option<&'w str> {
    let joins_nothing = || {
        let is_word = |at: usize| at > 0 && at < words.len() && words.gap(at).trim().is_empty();
        // "When was Jenkins X released?", but "Flux X argo".
        let is_name = || {
            words.original(at) == "X"
                && !words.original(at + 1).starts_with(char::is_uppercase)
                && TABLE.is_stop_word(words.folded(0))
        };
        let goes_on = || TABLE.is_stop_word(words.folded(at + 1)) || is_name();
        // "What should I do" has no thing "I do".
        let is_letter = !TABLE.is_stop_word(words.folded(at));
        words.folded(at) != "v" && is_letter && is_word(at) && is_word(at + 1) && goes_on()
    };
    if words.original(at).len() != 1 || words.original(at).starts_with(char::is_numeric) {
        None
    } else if words.is_glued(at + 1) {
        Some(words.slice(at..at + 2))
    } else if words.is_glued(at) || joins_nothing() {
        Some(words.slice(at - 1..at + 1))
    } else {
        None
    }
}

/// Whether a phrase that names the posts means all of them: "based on the recaps", but not "in the recap by Ann".
fn names_all_posts(found: &PatternMatch) -> bool {
    !found.pattern.elements.iter().any(|element| matches!(element, Element::Gap { .. }))
}

/// The words of a question, with typos corrected and the places where clauses begin.
struct QuestionText<'w, 't> {
    words: &'w Words<'t>,
    /// The folded words. A misspelt word of a phrase is replaced by the right one.
    folded: Vec<&'w str>,
    clauses: Clauses,
}

impl<'w, 't> QuestionText<'w, 't> {
    fn new(words: &'w Words<'t>) -> Self {
        let len = words.len().min(MAX_WORDS);
        // A word with a capital may be a name, which no phrase means: Canada is not "casada". So
        // typing errors in German nouns are not corrected.
        let may_be_name = |at: usize| at > 0 && words.original(at).starts_with(char::is_uppercase);
        let corrected = |at| match part_of_version(words, at) {
            Some(whole) => whole,
            None if may_be_name(at) => words.folded(at),
            None => TABLE.corrected(words.folded(at)),
        };
        let folded: Vec<&str> = (0..len).map(corrected).collect();
        let clauses = Clauses::new(words, &folded);
        Self { words, folded, clauses }
    }

    /// The shape that the phrases of the question tell, and the places of the words that do not name the posts.
    fn told_shape(&self) -> (QuestionShape, Vec<usize>) {
        let (matches, sources) = self.find_matches();
        (self.shape_of_phrases(&matches, &sources), self.without_sources(&sources))
    }

    /// The shape that these phrases tell.
    fn shape_of_phrases(&self, matches: &[PatternMatch], sources: &[PatternMatch]) -> QuestionShape {
        let longest =
            matches.iter().max_by_key(|found| (found.rank(), std::cmp::Reverse(found.pattern.meaning)));
        let unanswerable = longest.and_then(|found| match found.pattern.meaning {
            Meaning::Unanswerable(reason) => Some(reason),
            Meaning::Shape(_) | Meaning::List(_) | Meaning::NamesPosts => None,
        });
        let rank = |found: &&PatternMatch| (found.rank(), std::cmp::Reverse(found.pattern.meaning));
        let found = matches.iter().filter(|found| found.shape().is_some()).max_by_key(rank);
        // "2016 vs 2023 - sessions, announcements" says behind its sides what to compare.
        let compared = self.sides(matches, sources);
        let follows_sides = |found: &PatternMatch| {
            compared.as_ref().is_some_and(|[_, right]| {
                self.words.byte_range(found.at..found.at + 1).start >= right.end
                    && self.clauses.start_of(found.at) == found.at
            })
        };
        let found = found.filter(|found| found.shape() == Some(Shape::Fact) || !follows_sides(found));
        let list_kind = found.and_then(|found| match found.pattern.meaning {
            Meaning::List(kind) => Some(kind),
            Meaning::Shape(_) | Meaning::Unanswerable(_) | Meaning::NamesPosts => None,
        });
        let shape = found.and_then(PatternMatch::shape);
        match shape.or(compared.is_some().then_some(Shape::Comparison)) {
            None => {
                let open = QuestionShape { unanswerable, is_open: true, ..QuestionShape::default() };
                self.choice(&[], unanswerable).or_else(|| self.span_of_years()).unwrap_or(open)
            }
            Some(Shape::Fact) => QuestionShape { unanswerable, ..QuestionShape::default() },
            Some(shape) => {
                let words = self.shape_words(matches, sources, shape);
                let sides = compared.filter(|_| shape == Shape::Comparison);
                // "Flux or Argo, what do people prefer?"
                let may_be_choice = matches!(shape, Shape::Opinions | Shape::Comparison) && sides.is_none();
                let choice = may_be_choice.then(|| self.choice(&words, unanswerable)).flatten();
                choice.unwrap_or(QuestionShape {
                    shape,
                    words,
                    sides,
                    list_kind,
                    unanswerable,
                    ..QuestionShape::default()
                })
            }
        }
    }

    /// The places of the words that do not name the posts.
    fn without_sources(&self, sources: &[PatternMatch]) -> Vec<usize> {
        let is_source = |at: &usize| sources.iter().any(|source| source.words.contains(at));
        (0..self.folded.len()).filter(|at| !is_source(at)).collect()
    }

    /// The rows of the weights for the words at these places and for the shape that phrases tell.
    fn weight_rows(&self, places: &[usize], told: &QuestionShape) -> Vec<usize> {
        let words: Vec<&str> = places.iter().map(|at| self.folded[*at]).collect();
        estimate::rows(&words, told.is_told().then_some(told.shape))
    }

    /// The phrases in the question. Once a clause begins as a fact does, phrases of other shapes count only where they
    /// begin at the same word: in `tips for vim, who gave the talk` one person is asked for. Strong ones count before it. The second
    /// are those that name the posts.
    fn find_matches(&self) -> (Vec<PatternMatch>, Vec<PatternMatch>) {
        let mut matches = TABLE.find_matches(&self.folded, &self.clauses);
        // "From that wrap-up" asks for no wrap-up.
        let names_posts = |found: &PatternMatch| found.pattern.meaning == Meaning::NamesPosts;
        let sources: Vec<PatternMatch> = matches.extract_if(.., |found| names_posts(found)).collect();
        matches.retain(|found| !sources.iter().any(|source| source.contains(found)));
        let is_fact = |found: &&PatternMatch| {
            found.shape() == Some(Shape::Fact)
                && found.pattern.is_opening()
                && self.clauses.end_of(found.at) > found.at + 1
        };
        let facts: BTreeSet<usize> = matches.iter().filter(is_fact).map(|found| found.at).collect();
        if let Some(first) = facts.first() {
            // "Istio vs Linkerd, what do the posts say?" names what it asks about first.
            let is_before = |found: &PatternMatch| {
                found.pattern.strength == Strength::Strong && found.pattern.is_opening() && found.at < *first
            };
            matches.retain(|found| {
                matches!(found.shape(), None | Some(Shape::Fact))
                    || facts.contains(&found.at)
                    || is_before(found)
            });
        }
        let is_weak = |found: &PatternMatch| found.pattern.strength == Strength::Weak;
        if !matches.iter().all(is_weak) {
            matches.retain(|found| !is_weak(found));
        }
        (matches, sources)
    }

    /// The ranges of the words of all phrases of a shape, and of those that name all posts. Beside a comparison, phrases of opinions
    /// say what is compared: `A vs B, pros and cons`.
    fn shape_words(
        &self,
        matches: &[PatternMatch],
        sources: &[PatternMatch],
        shape: Shape,
    ) -> Vec<Range<usize>> {
        let tells = |other: Option<Shape>| {
            other == Some(shape) || shape == Shape::Comparison && other == Some(Shape::Opinions)
        };
        let of_shape = matches.iter().filter(|found| tells(found.shape()));
        let of_all_posts = sources.iter().filter(|found| names_all_posts(found));
        let mut words: BTreeSet<usize> =
            of_shape.chain(of_all_posts).flat_map(|found| found.words.iter().copied()).collect();
        // "A vs B vs C" lists three things.
        let joins =
            |at: &usize| shape == Shape::Comparison && language::all().shapes.or.contains(self.folded[*at]);
        words.extend((0..self.folded.len()).filter(joins));
        let mut runs: Vec<Range<usize>> = Vec::new();
        for at in words {
            match runs.last_mut() {
                Some(run) if run.end == at => run.end = at + 1,
                _ => runs.push(at..at + 1),
            }
        }
        runs.into_iter().map(|run| self.words.byte_range(run)).collect()
    }

    /// The two sides of the longest phrase that has two gaps, without words that name all posts.
    fn sides(&self, matches: &[PatternMatch], sources: &[PatternMatch]) -> Option<[Range<usize>; 2]> {
        let comparisons = matches.iter().filter(|found| found.shape() == Some(Shape::Comparison));
        // "kubecon eu vs na" is in all languages. The "eu" is no word of the English ones.
        let rank = |found: &&PatternMatch| (found.rank(), std::cmp::Reverse(found.pattern.language));
        let longest = comparisons.filter(|found| found.gaps.len() == 2).max_by_key(rank)?;
        let [left, right] = longest.gaps.as_slice() else { return None };
        let side = |gap: &Range<usize>| {
            let mut side = longest.whole(gap);
            let of_all_posts =
                sources.iter().filter(|found| names_all_posts(found) && side.contains(&found.at));
            if let Some(end) = of_all_posts.map(|found| found.at).min() {
                side.end = end;
            } else if gap == right {
                let is_of_scope = |at: &usize| self.words.is_number(*at) || self.words.is_capitalised(*at);
                // "2016 vs 2023 - size, sessions" names behind the side what to compare.
                let first_clause = self.clauses.end_of(side.start);
                if (first_clause..side.end).any(|at| !is_of_scope(&at)) {
                    side.end = side.end.min(first_clause);
                }
                // A phrase may end before the names and the years at the end of a clause.
                let end = self.clauses.end_of(side.end.saturating_sub(1));
                side.end += (side.end..end).take_while(is_of_scope).count();
            }
            let side = self.without_stop_words(side, longest.pattern.language);
            (side.len() <= MAX_SIDE && !side.is_empty()).then_some(side)
        };
        let is_name = |side: &Range<usize>| {
            self.words.is_capitalised(side.start) || !TABLE.is_stop_word(self.words.folded(side.start))
        };
        let sides = [side(left)?, side(right)?];
        // "Selon eux entre les deux" names nothing.
        sides.iter().any(is_name).then(|| sides.map(|side| self.words.byte_range(side)))
    }

    /// Removes stop words, and those that ask how two things differ, from both ends. The last word stays, since it may be a name: `Go`.
    fn without_stop_words(&self, mut side: Range<usize>, language: Language) -> Range<usize> {
        let is_stop_word = |at: usize| {
            let is_acronym = self.words.original(at).chars().all(char::is_uppercase);
            let folded = self.words.folded(at);
            let words = language.words();
            let shapes = &words.shapes;
            // "What is nicer about Flux?" asks for more than how it differs.
            let compares = || {
                shapes.compare_words.contains_folded(folded)
                    && !shapes.preference_words.contains_folded(folded)
            };
            !is_acronym && (words.tokens.stop_words.contains(folded) || compares())
        };
        while side.len() > 1 && is_stop_word(side.start) {
            side.start += 1;
        }
        while side.len() > 1 && is_stop_word(side.end - 1) {
            side.end -= 1;
        }
        side
    }

    /// A question that only names something and years with a dash between them: `AI 2017-2025`.
    fn span_of_years(&self) -> Option<QuestionShape> {
        let year = |at: usize| {
            let year = self.words.original(at).parse().ok().filter(|year| (1990..2100).contains(year));
            year.filter(|_: &u16| self.words.is_number(at))
        };
        let is_span = |at: &usize| {
            let years = year(*at - 1).zip(year(*at));
            matches!(self.words.gap(*at).trim(), "-" | "–" | "—")
                && years.is_some_and(|(first, last)| first + MIN_YEARS <= last)
        };
        let at = self
            .folded
            .len()
            .checked_sub(1)
            .filter(|at| (1..=MAX_BEFORE_YEARS + 1).contains(at) && is_span(at))?;
        let words = vec![self.words.byte_range(at - 1..at + 1)];
        Some(QuestionShape { shape: Shape::Trend, words, ..QuestionShape::default() })
    }

    /// Whether words judge: `annoyed`, `a waste`.
    fn judges(&self, words: Range<usize>) -> bool {
        let all = language::all();
        let text = self.folded.get(words).unwrap_or_default().join(" ");
        let lists = [&all.shapes.opinion_words, &all.stances.praise, &all.stances.criticism];
        lists.into_iter().any(|list| list.contains_folded(&text))
    }

    /// A question that only names two things, in its only clause or in one before or after words that ask for a shape:
    /// `Istio or Linkerd?` If these judge, as in `Istio: good or bad?`, it asks for opinions.
    fn choice(&self, asking: &[Range<usize>], unanswerable: Option<Unanswerable>) -> Option<QuestionShape> {
        let mut joiners =
            (0..self.folded.len()).filter(|at| language::all().shapes.or.contains(self.folded[*at]));
        let (or, None) = (joiners.next()?, joiners.next()) else { return None };
        let end = if asking.is_empty() { self.folded.len() } else { self.clauses.end_of(or) };
        let (left, right) = (self.clauses.start_of(or)..or, or + 1..end);
        let is_short = |side: &Range<usize>| (1..=MAX_SHORT_SIDE).contains(&side.len());
        let has_stop_word = left.clone().chain([or + 1]).any(|at| TABLE.is_stop_word(self.words.folded(at)));
        if !is_short(&left) || !is_short(&right) || has_stop_word {
            return None;
        }
        let judges = self.judges(left.clone()) && self.judges(right.clone());
        let sides = [self.words.byte_range(left), self.words.byte_range(right)];
        let asks_within = sides
            .iter()
            .any(|side| asking.iter().any(|words| words.start < side.end && side.start < words.end));
        let joiner = self.words.byte_range(or..or + 1);
        // The phrases of a comparison have it already.
        let is_known = asking.iter().any(|words| words.start <= joiner.start && joiner.end <= words.end);
        let words = asking.iter().cloned().chain((!is_known).then_some(joiner));
        let judging = sides.iter().filter(|_| judges).cloned();
        let mut words: Vec<Range<usize>> = words.chain(judging).collect();
        words.sort_by_key(|range| range.start);
        (!asks_within).then_some(QuestionShape {
            shape: if judges { Shape::Opinions } else { Shape::Comparison },
            words,
            sides: Some(sides).filter(|_| !judges),
            unanswerable,
            ..QuestionShape::default()
        })
    }
}
