//! Overviews that a caller names by their parts, as commands with options do. No words have to be recognised.

use std::ops::Range;

use jiff::Timestamp;

use crate::{
    completion,
    engine::{AnswerError, AnswerLimits, Engine, Request},
    find_name::event_name,
    overview::missing_sides,
    question_syntax::normalise,
    resolve::ScopeOptions,
};
use takeaways_search::fold_name;
use takeaways_text::model::{Missing, Question, QuestionError, QuestionShape, Shape, Suggestion};

/// The maximum number of names that are offered in place of an unknown one.
const MAX_SUGGESTIONS: usize = 3;

/// What is asked for, said by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An overview of this shape. Its words are those of the question that are no topic.
    Overview(QuestionShape),
    /// The card of who or what the question names.
    Card(CardSubject),
}

/// What a card may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardSubject {
    /// A person.
    Person,
    /// A topic, a project or a company.
    Thing,
}

/// An overview with the names that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedOverview {
    /// The takeaways of the scope that the options set, on a topic if there is one.
    Takeaways {
        /// The topic.
        topic: Option<String>,
    },
    /// What differs between two events, years, authors or things.
    Comparison {
        /// The two.
        sides: [String; 2],
    },
    /// How often posts name a topic over the years.
    Trend {
        /// The topic.
        topic: String,
    },
    /// The card of a person.
    Person {
        /// The name, or a part of it that no other person has.
        name: String,
    },
    /// The card of a topic, a project or a company.
    Thing {
        /// The name.
        name: String,
    },
}

impl NamedOverview {
    /// Returns the request for the overview. Its question is what people read in place of one: the names.
    ///
    /// # Errors
    /// If a name is empty or too long.
    pub fn request(
        self,
        scope_options: ScopeOptions,
        limits: impl Into<AnswerLimits>,
        now: Timestamp,
    ) -> Result<Request, QuestionError> {
        let (text, subject) = match self {
            Self::Takeaways { topic: Some(topic) } => overview(topic, Shape::Takeaways),
            Self::Takeaways { topic: None } => {
                let text = scope_text(&scope_options);
                // None of these words is a topic.
                let words = whole(&text);
                let shape = QuestionShape { shape: Shape::Takeaways, words, ..QuestionShape::default() };
                (text, Subject::Overview(shape))
            }
            Self::Comparison { sides } => comparison(&sides)?,
            Self::Trend { topic } => overview(topic, Shape::Trend),
            Self::Person { name } => (name, Subject::Card(CardSubject::Person)),
            Self::Thing { name } => (name, Subject::Card(CardSubject::Thing)),
        };
        let question: Question = text.parse()?;
        Ok(Request { subject: Some(subject), scope_options, ..Request::new(question, limits, now) })
    }
}

fn overview(topic: String, shape: Shape) -> (String, Subject) {
    (topic, Subject::Overview(QuestionShape { shape, ..QuestionShape::default() }))
}

fn comparison(sides: &[String; 2]) -> Result<(String, Subject), QuestionError> {
    // Each is a question of its own, so an empty one is an error.
    let [left, right] = [sides[0].parse::<Question>()?, sides[1].parse::<Question>()?];
    let (left, right) = (event_name(left.text()), event_name(right.text()));
    Ok(compare_names([left, right], ""))
}

/// The question for takeaways on a topic, and what it asks for.
pub(crate) fn takeaways_on(topic: &str) -> (String, Subject) {
    overview(topic.to_owned(), Shape::Takeaways)
}

/// The question that compares two names, with other words after them, and what it asks for.
pub(crate) fn compare_names(names: [&str; 2], after: &str) -> (String, Subject) {
    // The places are those in the text that is parsed.
    let [left, right] = names.map(normalise);
    let before = format!("{left} vs ");
    let ranges = [0..left.len(), before.len()..before.len() + right.len()];
    let text = format!("{before}{right}{}", normalise(after));
    let shape = QuestionShape {
        shape: Shape::Comparison,
        words: whole(&text),
        sides: Some(ranges),
        ..QuestionShape::default()
    };
    (text, Subject::Overview(shape))
}

/// The question for views on a thing, with other words after it, and what it asks for.
pub(crate) fn views_on(thing: &str, after: &str) -> (String, Subject) {
    let thing = normalise(thing);
    let text = format!("{thing}{}", normalise(after));
    let words = std::iter::once(thing.len()..text.len()).collect();
    let shape = QuestionShape { shape: Shape::Opinions, words, ..QuestionShape::default() };
    (text, Subject::Overview(shape))
}

/// All words of a text, in one range.
pub(crate) fn whole(text: &str) -> Vec<Range<usize>> {
    std::iter::once(0..text.len()).collect()
}

/// The names of a scope; a word for all posts if it has none.
fn scope_text(options: &ScopeOptions) -> String {
    let years = options.years.map(|years| years.to_string());
    let events = options.events.iter().map(|event| event_name(event.trim()));
    let names = events.chain(years.iter().chain(&options.authors).map(|name| name.trim()));
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    if names.is_empty() { "takeaways".to_owned() } else { names.join(", ") }
}

impl Engine {
    /// The events that an unknown event may be: "KubeCon Berln".
    fn similar_events(&self, missing: &[Missing], request: &Request) -> Result<Vec<Suggestion>, AnswerError> {
        let [Missing::Event(name)] = missing else { return Ok(Vec::new()) };
        let facets = self.index().facets(request.now)?;
        let similar =
            completion::complete_events(name, &facets, request.today()).into_iter().take(MAX_SUGGESTIONS);
        Ok(similar.map(|(event, _)| Suggestion { question: event.name.clone() }).collect())
    }

    /// Adds to a refusal what a card lacks, and the names that may be meant.
    pub(crate) fn complete_refusal(
        &self,
        request: &Request,
        mut missing: Vec<Missing>,
        suggestions: Vec<Suggestion>,
    ) -> Result<(Vec<Missing>, Vec<Suggestion>), AnswerError> {
        let wanted = match &request.subject {
            Some(Subject::Card(wanted)) => *wanted,
            Some(Subject::Overview(shape)) => {
                // Of two sides both may be unknown.
                if missing.iter().all(|it| matches!(it, Missing::Words(_))) {
                    let sides = missing_sides(self, request, shape)?;
                    missing = if sides.is_empty() { missing } else { sides };
                }
                let similar = self.similar_events(&missing, request)?;
                return Ok((missing, if similar.is_empty() { suggestions } else { similar }));
            }
            None => return Ok((missing, suggestions)),
        };
        let facets = self.index().facets(request.now)?;
        let name = request.question.text();
        let similar: Vec<String> = match wanted {
            CardSubject::Person => {
                completion::complete_authors(name, &facets).iter().map(|(it, _)| (*it).to_owned()).collect()
            }
            CardSubject::Thing => {
                completion::complete_things(name, &facets).into_iter().map(|(it, _)| it.to_owned()).collect()
            }
        };
        // The whole name is unknown, not a word of it.
        missing.retain(|it| !matches!(it, Missing::Words(_)));
        // A part of several names is known, but means nobody.
        let is_ambiguous =
            similar.len() > 1 && similar.iter().all(|it| fold_name(it).contains(&fold_name(name)));
        if is_ambiguous && wanted == CardSubject::Person {
            missing = vec![Missing::Namesakes(name.to_owned())];
        } else if missing.is_empty() && !is_ambiguous {
            missing.push(match wanted {
                CardSubject::Person => Missing::Author(name.to_owned()),
                CardSubject::Thing => Missing::Words(name.to_owned()),
            });
        }
        // What was asked for has nothing here.
        let similar = similar.into_iter().filter(|it| fold_name(it) != fold_name(name));
        let similar: Vec<String> = similar.collect();
        let similar = similar.into_iter().take(MAX_SUGGESTIONS).map(|question| Suggestion { question });
        let suggestions = if similar.len() > 0 { similar.collect() } else { suggestions };
        Ok((missing, suggestions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::now;

    fn request(named: NamedOverview) -> Result<Request, QuestionError> {
        let scope =
            ScopeOptions { events: vec!["KubeCon EU 2019".into(), " ".into()], ..ScopeOptions::default() };
        named.request(scope, 3, now())
    }

    #[test]
    fn a_request_says_its_shape_and_its_sides() {
        let named = NamedOverview::Comparison { sides: [" KubeCon 2019 ".into(), "2021".into()] };
        let request = request(named).expect("a request");
        let Some(Subject::Overview(shape)) = request.subject else { panic!("an overview") };
        let text = request.question.text();
        assert_eq!((text, shape.shape), ("KubeCon 2019 vs 2021", Shape::Comparison));
        let [left, right] = shape.sides.expect("sides");
        assert_eq!((&text[left], &text[right]), ("KubeCon 2019", "2021"));
    }

    #[test]
    fn takeaways_without_a_topic_are_named_by_their_scope() {
        let named = request(NamedOverview::Takeaways { topic: None }).expect("a request");
        assert_eq!(named.question.text(), "KubeCon EU 2019");
        let everything = NamedOverview::Takeaways { topic: None }.request(ScopeOptions::default(), 3, now());
        assert_eq!(everything.expect("a request").question.text(), "takeaways");
    }

    #[test]
    fn an_empty_name_is_an_error() {
        for named in [
            NamedOverview::Trend { topic: "  ".into() },
            NamedOverview::Comparison { sides: ["Istio".into(), String::new()] },
            NamedOverview::Person { name: String::new() },
        ] {
            assert_eq!(request(named), Err(QuestionError::Empty));
        }
    }
}
