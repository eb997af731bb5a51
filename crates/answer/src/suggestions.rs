//! Suggests questions after a refusal, and example questions. Each one is searched first, so that it has an answer.

mod correction;
mod offers;
mod related;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use crate::{
    candidates::Candidate,
    confidence::Strictness,
    engine::{AnswerError, Engine, Request},
    plan::QueryPlan,
    resolve::ScopeOptions,
};
use jiff::{Timestamp, civil::Date};
use offers::{Offer, make_offers};
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_text::model::{Answer, Question, Suggestion};
use takeaways_text::tokens::folding::folded_words;

/// The maximum number of questions that are tried for suggestions. Each costs as much as an answer, if it was not tried before. With 3,
/// a refusal takes about twice as long as an answer, since most are tried less often.
const MAX_TRIES: usize = 3;
/// The most offers of which it is kept whether they have a good answer.
const MAX_KEPT: usize = 1_000;

/// Suggests questions near a refused one, nearest first. Each has an answer that is sure, and whose first excerpt is
/// about what the suggestion asks for; but for a name of several people, the question
/// with each whole name that has an answer. `candidates` are
/// those of the refused question, best first.
///
/// # Errors
/// If the index can't be read.
pub fn suggest(
    engine: &Engine,
    plan: &QueryPlan,
    candidates: &[Candidate],
) -> Result<Vec<Suggestion>, AnswerError> {
    let request = &*plan.request;
    if !plan.choices.is_empty() {
        let mut choices = Vec::new();
        for choice in &plan.choices {
            let Ok(question) = choice.parse::<Question>() else { continue };
            if engine.has_answer(&Request { question, ..request.clone() })? {
                choices.push(Suggestion { question: choice.clone() });
            }
        }
        return Ok(choices);
    }
    let mut tried = vec![folded_words(request.question.text())];
    let mut accepted: Vec<Vec<String>> = Vec::new();
    let mut suggestions = Vec::new();
    for offer in make_offers(engine, plan, candidates)? {
        if tried.len() > MAX_TRIES {
            break;
        }
        let words = folded_words(&offer.question);
        // "What about Java and the JVM?" adds nothing to "What about Java?".
        let adds_nothing = |known: &Vec<String>| known.iter().all(|word| words.contains(word));
        if tried.contains(&words) || accepted.iter().any(adds_nothing) {
            continue;
        }
        tried.push(words.clone());
        if is_well_answered(engine, request, &offer)? {
            accepted.push(words);
            suggestions.push(Suggestion { question: offer.question });
        }
    }
    Ok(suggestions)
}

/// Whether offers have a good answer, as far as they were tried: many refusals make the same ones. An offer may have words that
/// somebody typed, so only its hash is kept.
#[derive(Debug, Default)]
pub(crate) struct TriedOffers(Mutex<HashMap<u64, bool>>);

impl TriedOffers {
    /// The key of an offer on a day. On another day a post may be visible that was not.
    fn key(offer: &Offer<'_>, today: Date) -> u64 {
        let mut hasher = DefaultHasher::new();
        (today, &offer.question, &offer.subject).hash(&mut hasher);
        hasher.finish()
    }

    fn get(&self, key: u64) -> Option<bool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied()
    }

    fn insert(&self, key: u64, is_good: bool) {
        let mut tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tried.len() >= MAX_KEPT {
            tried.clear();
        }
        tried.insert(key, is_good);
    }
}

/// Whether an offered question has a sure answer, and its first excerpt is about what it asks for. What was found out on the same day is
/// not tried again, unless only some posts are searched.
fn is_well_answered(engine: &Engine, request: &Request, offer: &Offer<'_>) -> Result<bool, AnswerError> {
    if !request.posts.is_empty() {
        return try_offer(engine, request, offer);
    }
    let key = TriedOffers::key(offer, request.today());
    if let Some(is_good) = engine.tried_offers().get(key) {
        return Ok(is_good);
    }
    let is_good = try_offer(engine, request, offer)?;
    engine.tried_offers().insert(key, is_good);
    Ok(is_good)
}

fn try_offer(engine: &Engine, request: &Request, offer: &Offer<'_>) -> Result<bool, AnswerError> {
    let Ok(question) = offer.question.parse::<Question>() else { return Ok(false) };
    let request =
        Request { question, scope_options: ScopeOptions::default(), subject: None, ..request.clone() };
    if matches!(offer.subject, offers::Subject::Author) {
        let answer = engine.answer(&request)?;
        return Ok(matches!(answer, Answer::Overview(overview) if !overview.scope.authors.is_empty()));
    }
    let ranked = engine.rank_subject_candidates(&request)?;
    let is_sure = ranked.confidence >= engine.threshold().max(Strictness::Strict.threshold());
    Ok(is_sure && offer.subject.is_answered_by(&ranked.candidates))
}

/// The maximum number of questions of one kind that are tried for examples. Each costs as much as an answer.
const MAX_EXAMPLE_TRIES: usize = 8;

/// Returns up to four questions with an answer: for the takeaways of an event, for views on a topic, for a topic at an event, and for
/// a topic over the years. The events and topics with the most posts come first; no two are about the same topic.
///
/// # Errors
/// If the index can't be read.
pub fn examples(engine: &Engine, now: Timestamp) -> Result<Vec<String>, AnswerError> {
    let facets = engine.index().facets(now)?;
    let table = TopicTable::builtin();
    let all_posts = engine.index().status().posts;
    // What most posts are about is no example of a topic.
    let topics = facets.topics.iter().filter(|(id, posts)| !is_event_topic(id) && posts * 2 <= all_posts);
    let topics: Vec<String> = topics.filter_map(|(id, _)| table.name_in_sentence(id)).collect();
    let events: Vec<&str> = facets.events.iter().map(|(event, _)| event.name.as_str()).collect();
    let is_answered = |text: &str| match text.parse::<Question>() {
        Ok(question) => Ok(engine.answer(&Request::new(question, 1, now))?.is_answered()),
        Err(_) => Ok::<_, AnswerError>(false),
    };
    let mut examples = Vec::new();
    for event in events.iter().take(MAX_EXAMPLE_TRIES) {
        let text = format!("What were the main takeaways of {event}?");
        if is_answered(&text)? {
            examples.push(text);
            break;
        }
    }
    // What stands before and after the topic.
    let views = Some(("What did people say about ", "?".to_owned()));
    let at_event = events.get(1).or(events.first()).map(|event| ("What about ", format!(" at {event}?")));
    let trend = Some(("How much was ", " talked about over the years?".to_owned()));
    let mut topics = topics.iter();
    for (before, after) in [views, at_event, trend].into_iter().flatten() {
        for topic in topics.by_ref().take(MAX_EXAMPLE_TRIES) {
            let text = format!("{before}{topic}{after}");
            if is_answered(&text)? {
                examples.push(text);
                break;
            }
        }
    }
    Ok(examples)
}

#[cfg(test)]
mod tests {
    use super::offers::Subject;
    use super::*;
    use takeaways_text::model::{Language, Missing, PostId};
    use takeaways_text::tokens::is_boilerplate;

    use crate::samples::{self, engine, engine_over, now, request};

    fn suggestions(engine: &Engine, request: &Request) -> Vec<String> {
        let (plan, ranked) = engine.rank_candidates(request).expect("a plan");
        let suggestions = suggest(engine, &plan, &ranked.candidates).expect("suggestions");
        suggestions.into_iter().map(|it| it.question).collect()
    }

    #[test]
    fn every_suggestion_and_every_example_has_an_answer() {
        let engine = engine();
        let suggestions = suggestions(&engine, &request("who sang about the service mesh of sourdough?"));
        assert_eq!(suggestions, ["What about service mesh?"]);
        let examples = examples(&engine, now()).expect("examples");
        assert_eq!(examples.len(), 4, "{examples:?}");
        assert_eq!(examples[0], "What were the main takeaways of KubeCon NA 2019?");
        for text in suggestions.iter().chain(&examples) {
            assert!(engine.answer(&samples::request(text)).expect("an answer").is_answered(), "{text}");
        }
    }

    #[test]
    fn who_asks_what_an_author_did_not_write_is_offered_what_the_author_writes() {
        let text = "---\ntitle: Notes\nauthor: Mira Oakley\nevent: KubeCon EU 2018\n---\n\n\
            Most teams should scan images early, because security costs less then.\n\n\
            Most teams should start without a mesh, because it takes months to learn.\n";
        let engine = engine_over(&[("a.md".to_owned(), text.to_owned())]);
        let offered = suggestions(&engine, &request("what did Mira Oakley write about sourdough?"));
        assert!(offered.contains(&"What does Mira Oakley write about?".to_owned()), "{offered:?}");
        let answer = engine.answer(&request("What does Mira Oakley write about?")).expect("an answer");
        assert!(matches!(answer, Answer::Overview(_)), "{answer:?}");
    }

    #[test]
    fn a_name_of_several_people_gives_the_choice() {
        let post = |author: &str, thought: &str| {
            format!("---\ntitle: Notes of a week\nauthor: {author}\n---\n\n{thought}\n\nThe food was good.\n")
        };
        let mut files = vec![
            (
                "one.md".to_owned(),
                post("Robin Stone", "Rotating the certificates by hand broke our ingress twice."),
            ),
            (
                "two.md".to_owned(),
                post("Robin Wood", "Rotating certificates is easy once cert-manager does it."),
            ),
        ];
        files.extend((0..20).map(|at| {
            (
                format!("{at}.md"),
                post(&format!("Jo Hill{at}"), &format!("Talk {at} was about databases and queues.")),
            )
        }));
        let engine = engine_over(&files);
        let request = request("what did Robin say about rotating certificates?");
        let Ok(Answer::NothingFound { missing, suggestions, .. }) = engine.answer(&request) else {
            panic!("an answer");
        };
        assert_eq!(missing, [Missing::Namesakes("Robin".into())]);
        let offered: Vec<&str> = suggestions.iter().map(|it| it.question.as_str()).collect();
        let choices = ["Robin Stone", "Robin Wood"];
        let choices = choices.map(|name| format!("what did {name} say about rotating certificates?"));
        assert_eq!(offered, choices);
        let answer = engine.answer(&samples::request(&choices[0])).expect("an answer");
        assert!(!answer.excerpts().is_empty());
        assert!(
            answer.excerpts().iter().all(|excerpt| excerpt.citation.author.as_deref() == Some("Robin Stone"))
        );
    }

    #[test]
    fn a_refusal_shows_what_comes_nearest_where_the_question_names_a_subject() {
        let engine = engine();
        let nearest = |question: &str| match engine.answer(&samples::request(question)).expect("an answer") {
            Answer::NothingFound { nearest, .. } => nearest.map(|nearest| nearest.quote.text),
            answer => panic!("{question}: {answer:?}"),
        };
        let near = nearest("which bicycles did the vendors have in San Diego?").expect("an excerpt");
        assert!(near.contains("San Diego"), "{near}");
        // No event, no person and no topic; a name that nobody knows; what recaps can't answer.
        assert_eq!(nearest("which bicycles have the vendors in the town?"), None);
        assert_eq!(nearest("which sponsors in San Diego did Zanzibarix like?"), None);
        assert_eq!(nearest("how much is a ticket for KubeCon San Diego?"), None);
    }

    #[test]
    fn a_suggested_question_asks_for_its_topic_only_in_each_language() {
        let engine = engine();
        for language in Language::ALL {
            let words = language.refusals();
            let about_topic = words.about_topic.fill(&[("topic", "Istio")]);
            let about_event = words.about_event.fill(&[("event", "KubeCon NA 2019")]);
            for (text, topics) in [(about_topic, &["Istio"][..]), (about_event, &[])] {
                let (plan, _) = engine.rank_candidates(&request(&text)).expect("a plan");
                let has_content = |text: &&str| !text.is_empty() && !is_boilerplate(text);
                let found: Vec<&str> =
                    plan.concepts.iter().map(|concept| concept.text.as_str()).filter(has_content).collect();
                assert_eq!(found, topics, "{text}");
            }
        }
    }

    /// Posts on two editions of a conference.
    fn small_corpus() -> Engine {
        engine_over(&[
            (
                "2018-eu.md",
                "---\ntitle: KubeCon EU 2018\ndate: 2018-05-10\n---\n\nThe conference was a great experience in \
                 Copenhagen, and the best talks were about Otterctl.\n\n## Otterctl\n\nOtterctl moves clusters \
                 between rivers. Nobody expected Otterctl to win.\n\n## Security\n\nSecurity is a habit, says the \
                 security team of the zoo.\n",
            ),
            (
                "2019-eu.md",
                "---\ntitle: KubeCon EU 2019\ndate: 2019-05-25\n---\n\nBarcelona was a great experience, and the \
                 highlight was the crowd. The weather was warm.\n\n## Booths\n\nThe booths of sponsors and vendors gave \
                 lollipops to everybody.\n\nThe badge was made by Ada Lovelace and Grace.\n",
            ),
        ])
    }

    #[test]
    fn only_topics_names_and_events_are_suggested() {
        let engine = small_corpus();
        for (question, expected) in [
            ("what did nobody like about Barcelona?", vec!["How was KubeCon EU 2019?"]),
            ("which weather forecast was wrong in Denver?", vec![]),
            ("does Otterctl support mainframes and floppy disks?", vec!["What about Otterctl?"]),
            ("what did Grace say about submarines?", vec![]),
            ("how was KubeCon EU 2031?", vec!["How was KubeCon EU 2019?"]),
            ("is the security of submarines and mainframes certified?", vec!["What about security?"]),
            (
                "which booths sold aquariums at KubeCon EU 2031?",
                vec![
                    "What about sponsors, booths and vendors at KubeCon EU 2019?",
                    "What about sponsors, booths and vendors?",
                    "How was KubeCon EU 2019?",
                ],
            ),
            ("which lollipops of KubeCon EU were certified by submarines?", vec!["How was KubeCon EU 2019?"]),
            ("does Ottercti support mainframes?", vec![]),
            ("xylophone", vec![]),
        ] {
            assert_eq!(suggestions(&engine, &request(question)), expected, "{question}");
        }
    }

    #[test]
    fn what_was_found_out_of_an_offer_is_kept_for_the_day_and_the_subject() {
        let engine = small_corpus();
        let offer = |subject| Offer { question: "What about security?".to_owned(), subject };
        let of_topic = offer(Subject::Topic("security"));
        let of_nothing = offer(Subject::Name("Zanzibarix".to_owned()));
        let asked = request("who?");
        let is_good = |asked: &Request, offer: &Offer<'_>| is_well_answered(&engine, asked, offer);
        assert!(is_good(&asked, &of_topic).expect("tried"));
        assert!(!is_good(&asked, &of_nothing).expect("tried"), "the same text for another subject");
        // What is kept is not tried again.
        engine.tried_offers().insert(TriedOffers::key(&of_topic, asked.today()), false);
        assert!(!is_good(&asked, &of_topic).expect("kept"));
        let posts = vec![PostId("2018-eu".into())];
        let of_posts = Request { posts, ..asked.clone() };
        assert!(is_good(&of_posts, &of_topic).expect("tried"), "only some posts are searched");
        let tomorrow = Request { now: asked.now + jiff::SignedDuration::from_hours(24), ..asked };
        assert!(is_good(&tomorrow, &of_topic).expect("tried"), "on another day");
    }

    #[test]
    fn the_same_question_is_never_suggested() {
        let engine = small_corpus();
        let options = ScopeOptions { events: vec!["kubecon-eu-2019".into()], ..ScopeOptions::default() };
        let request = Request { scope_options: options, ..request("What about security") };
        assert_eq!(suggestions(&engine, &request), ["How was KubeCon EU 2019?"]);
    }
}
