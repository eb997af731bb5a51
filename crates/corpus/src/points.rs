//! Finds the points of a post: one or two sentences each that a person may want to quote by themselves.
//!
//! How good a quote a sentence is, is a weighted sum of features and words. The weights stand in `config/points.toml`.
//! `takeaways-eval points` fits them to sentences that readers graded (`tests/questions/points.jsonl`).

mod advertisement;
mod advice;
mod features;
mod own_things;
mod said_of;
mod stance;
mod summaries;
mod weights;

use crate::entities::EntityMention;
use crate::topics::{TopicTable, is_event_topic};
pub use advertisement::is_advertisement;
pub use advice::{AdviceAudience, AdviceKind};
pub use features::{FEATURES, SentenceReader, SentenceValues, feature_names, width};
use stance::{Judgement, event_stance, judge_sentence};
pub use stance::{asked_side, find_stance, gives_view, may_take_side, shows_side, takes_side};
use takeaways_text::model::{BlockKind, Body, Language, Point, PointKind, Sentence, Span, Stance};
use takeaways_text::phrases::Words;
use takeaways_text::quotation::Quotations;
pub(crate) use weights::POINTS_TOML;
pub use weights::{PointWeights, has_words};

/// The most and the fewest characters of a point. One of a script without spaces counts more; see [`width`].
pub const MAX_POINT_WIDTH: f32 = 300.0;
const MIN_POINT_WIDTH: f32 = 40.0;
/// The fewest of an item of a list in which a writer sums up.
const MIN_TAKEAWAY_WIDTH: f32 = 20.0;
/// Sentences with a lower grade are no points.
const MIN_GRADE: f32 = 0.5;
/// The same for advice to people who go to events, which is plain ("Book your hotel early"), and where the writer sums up.
const MIN_ADVICE_GRADE: f32 = 0.0;
/// The same for views of events, which are plainer: "The rooms were too small."
const MIN_VIEW_GRADE: f32 = -0.5;
/// The fewest characters of a sentence that a second one makes clear. A shorter one is a heading: "Meetups."
const MIN_FIRST_CHARS: f32 = 20.0;
/// What a second sentence adds to a point that it makes clear.
const CLEARER: f32 = 0.05;
/// A text that names as many topics lists them.
const MANY_TOPICS: usize = 4;
/// The most sentences of a post that are looked at, from the first on, so that a post is read in time.
const MAX_SENTENCES: usize = 4_000;

/// A sentence with its grade.
struct GradedSentence {
    sentence: Sentence,
    grade: f32,
    /// Whether it refers to the text before it.
    leans: bool,
    /// Whether it may be a point.
    is_point: bool,
    /// The side that a heading above it takes.
    headed_side: Option<Stance>,
    kind: PointKind,
    /// What it judges.
    judgement: Judgement,
}

/// Finds the points of a text with this title and by these authors, and writes them into it.
/// `mentions` are the projects and companies that it names.
pub(crate) fn fill_points(
    body: &mut Body,
    title: Option<&str>,
    authors: &[String],
    language: Language,
    mentions: &[EntityMention<'_>],
) {
    let graded = grade_sentences(body, authors, language);
    let own_things = own_things::own_things(body, title, mentions, language);
    let mut drafts = draft_points(body, &graded);
    drafts.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.start.cmp(&b.0.start)));
    let mut points: Vec<Point> = Vec::new();
    let mut taken = vec![false; graded.len()];
    for (sentences, grade) in drafts {
        let is_free = !taken[sentences.clone()].contains(&true);
        let kinds = || graded[sentences.clone()].iter().map(|graded| graded.kind);
        let judgements: Vec<Judgement> =
            graded[sentences.clone()].iter().map(|graded| graded.judgement).collect();
        let headed_side = graded[sentences.start].headed_side;
        let takes_other =
            |judgement: &Judgement| judgement.side.is_some_and(|side| Some(side) != headed_side);
        let headed_side = headed_side.filter(|_| !judgements.iter().any(takes_other));
        let event_stance = event_stance(&judgements).or(headed_side);
        let least = if event_stance.is_some() {
            MIN_VIEW_GRADE
        } else if kinds().any(|kind| kind.attendee_advice > 0 || kind.sums_up || kind.prevalence > 0) {
            MIN_ADVICE_GRADE
        } else {
            MIN_GRADE
        };
        if is_free && grade >= least {
            taken[sentences.clone()].fill(true);
            let spans = graded[sentences.clone()].iter().map(|graded| graded.sentence.span);
            let kind = PointKind {
                advises: kinds().any(|kind| kind.advises),
                judges: kinds().any(|kind| kind.judges),
                is_about_event: kinds().any(|kind| kind.is_about_event),
                event_stance,
                attendee_advice: kinds().map(|kind| kind.attendee_advice).max().unwrap_or_default(),
                sums_up: kinds().any(|kind| kind.sums_up),
                prevalence: kinds().map(|kind| kind.prevalence).max().unwrap_or_default(),
                promotes: false,
            };
            points.extend(spans.reduce(Span::cover).map(|span| {
                let topics = TopicTable::builtin().positions_in_text(body.slice(span));
                let entities = entities_in(mentions, span);
                let promotes = entities.iter().any(|entity| own_things.contains(entity));
                let mut point = Point::new(span, grade, PointKind { promotes, ..kind }, topics, entities);
                point.about = topics_about(body, span);
                point
            }));
        }
    }
    points.sort_by_key(|point| point.span);
    body.points = points;
}

/// The topics that the text at a span is about: those that it names, the ones named most often first. Of many that are each named
/// once it is about none, and under a heading that names topics only about those.
fn topics_about(body: &Body, span: Span) -> Vec<u16> {
    let table = TopicTable::builtin();
    let mut named = table.mentions_in(&Words::new(body.slice(span)));
    if named.len() >= MANY_TOPICS {
        named.retain(|(_, count)| *count > 1);
    }
    let block = body.blocks_at(span).next().and_then(|block| body.blocks.get(block as usize));
    let heading = block.and_then(|block| body.headings_above(block.section).next());
    let of_heading = heading.map(|it| table.positions_in_text(body.slice(it))).unwrap_or_default();
    let is_of_content = |at: &&u16| table.id_at(**at).is_some_and(|id| !is_event_topic(id));
    if of_heading.iter().any(|at| is_of_content(&at)) {
        named.retain(|(topic, _)| of_heading.contains(topic));
    }
    named.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    named.into_iter().map(|(topic, _)| topic).collect()
}

/// The positions in the table of the projects and companies that a span names, the one that it names first at the beginning, each once.
fn entities_in(mentions: &[EntityMention<'_>], span: Span) -> Vec<u16> {
    let from = mentions.partition_point(|mention| mention.span.start < span.start());
    let inside = mentions.iter().skip(from).take_while(|mention| mention.span.end <= span.end());
    let mut entities: Vec<u16> = Vec::new();
    for mention in inside {
        if !entities.contains(&mention.position) {
            entities.push(mention.position);
        }
    }
    entities
}

/// Grades the sentences of paragraphs, list items and quotes.
fn grade_sentences(body: &Body, authors: &[String], language: Language) -> Vec<GradedSentence> {
    let reader = SentenceReader::new(body, authors, language);
    let summary_blocks = summaries::summary_blocks(body);
    let judged_sections = summaries::judged_sections(body);
    let weights = PointWeights::builtin();
    let graded = reader.read_all(MAX_SENTENCES).filter_map(|(sentence, values)| {
        let block = body.blocks.get(sentence.block as usize)?;
        let kind = block.kind;
        let judgement = judge_sentence(body.slice(sentence.span), language);
        // Who criticises a talk says more than that there was one.
        let announces = values.announces && judgement.event_side != Some(Stance::Against);
        let is_point = values.is_statement(kind == BlockKind::ListItem)
            && !values.is_advertisement
            && (values.attendee_advice > 0 || !announces && !values.is_in_list_of_links);
        Some(GradedSentence {
            sentence: *sentence,
            grade: weights.grade(&values, language),
            leans: values.leans(),
            is_point,
            kind: PointKind {
                sums_up: values.sums_up || summary_blocks.contains(&sentence.block),
                is_about_event: weights.is_about_event(&values, language),
                ..values.kind()
            },
            headed_side: judged_sections.get(&block.section).copied(),
            judgement,
        })
    });
    graded.collect()
}

/// Returns the runs of one or two sentences that may become points, with their grades. A sentence that refers to the one
/// before it is no point without it, and none begins or ends within a quotation.
fn draft_points(body: &Body, graded: &[GradedSentence]) -> Vec<(std::ops::Range<usize>, f32)> {
    let mut drafts = Vec::new();
    // Once for each block, since a block may have thousands of sentences.
    let quotations: Vec<Quotations> =
        body.blocks.iter().map(|block| Quotations::find(body.slice(block.span))).collect();
    let can_stand = |span: Span, is_listed_well: bool, block: u32| {
        let block = body.blocks.get(block as usize).zip(quotations.get(block as usize));
        let is_cut = block.is_some_and(|(block, quotations)| {
            [span.start(), span.end()].into_iter().any(|at| quotations.contain(at - block.span.start()))
        });
        let is_takeaway = is_listed_well && block.is_some_and(|(block, _)| block.kind == BlockKind::ListItem);
        let least = if is_takeaway { MIN_TAKEAWAY_WIDTH } else { MIN_POINT_WIDTH };
        (least..=MAX_POINT_WIDTH).contains(&width(body.slice(span))) && !is_cut
    };
    for (at, first) in graded.iter().enumerate() {
        if !first.is_point {
            continue;
        }
        if !first.leans
            && can_stand(
                first.sentence.span,
                first.kind.sums_up || first.headed_side.is_some(),
                first.sentence.block,
            )
        {
            drafts.push((at..at + 1, first.grade));
        }
        let Some(second) = graded.get(at + 1) else { continue };
        let is_pair = second.leans
            && second.is_point
            && !first.leans
            && first.sentence.block == second.sentence.block
            && features::width(body.slice(first.sentence.span)) >= MIN_FIRST_CHARS
            && can_stand(first.sentence.span.cover(second.sentence.span), false, first.sentence.block);
        if is_pair {
            drafts.push((at..at + 2, first.grade.max(second.grade) + CLEARER));
        }
    }
    drafts
}

#[cfg(test)]
mod measured;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::read_text;

    fn points_of(text: &str) -> Vec<(String, f32)> {
        let body = read_text(text).body;
        body.points.iter().map(|it| (body.slice(it.span).to_owned(), it.grade())).collect()
    }

    #[test]
    fn the_file_weighs_all_features_and_nothing_else() {
        let file = PointWeights::parse(POINTS_TOML).expect("it can be read");
        let mut names: Vec<&str> = feature_names().collect();
        names.sort_unstable();
        for sum in [&file.quote, &file.event] {
            let mut weighed: Vec<&str> = sum.features.keys().map(String::as_str).collect();
            weighed.sort_unstable();
            assert_eq!(weighed, names);
            for code in sum.words.keys() {
                assert!(Language::ALL.iter().any(|language| language.code() == code), "{code}");
            }
        }
    }

    #[test]
    fn what_tells_of_the_event_as_a_whole_is_told_from_what_a_talk_was_about() {
        for (text, expected) in [
            (
                "The conference had grown to 4,000 attendees this year, and it was sold out within a week.",
                true,
            ),
            (
                "This year the event was held in a beautiful venue in the centre of the city, with great food.",
                true,
            ),
            (
                "Most teams should not start with a service mesh, because each sidecar costs memory and time.",
                false,
            ),
            (
                "The operator registers the resource first, so that the controller reads the secret from the volume.",
                false,
            ),
        ] {
            let body = read_text(&format!("{text}\n")).body;
            let reader = SentenceReader::new(&body, &[], Language::En);
            let values = reader.read(&body.sentences[0], true).expect("it is read");
            assert_eq!(PointWeights::builtin().is_about_event(&values, Language::En), expected, "{text}");
        }
    }

    #[test]
    fn a_point_is_a_claim_and_not_a_travel_note() {
        let claim =
            "Most teams should not start with a service mesh, because each sidecar costs memory and time.";
        let text = format!(
            "We flew to Barcelona on Sunday and had a great dinner with friends near the beach.\n\n{claim}\n\nThanks to \
             all organisers and sponsors for this wonderful event, see you next year!\n"
        );
        let points = points_of(&text);
        let best = points.iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("a point");
        assert_eq!(best.0, claim, "{points:?}");
    }

    #[test]
    fn a_sentence_that_refers_to_the_one_before_brings_it_along() {
        let text = "Service meshes are becoming more common in production at many companies. This means that teams need \
                    to learn how to run them.\n";
        let points = points_of(text);
        assert_eq!(points.len(), 1, "{points:?}");
        assert_eq!(points[0].0, text.trim_end());
    }

    #[test]
    fn a_heading_before_a_sentence_makes_no_point_of_it() {
        let follows = "This has become more important than tools, because teams need to learn from others.";
        for (first, expected) in [("Meetups.", 0), ("Meetups are becoming more common at work.", 1)] {
            assert_eq!(points_of(&format!("{first} {follows}\n")).len(), expected, "{first}");
        }
    }

    #[test]
    fn what_announces_lists_links_or_leans_is_no_point() {
        let claim =
            "most teams should not start with a service mesh, because each sidecar costs memory and time.";
        for (start, expected) in [
            ("Ada Ito says that", true),
            ("Ada Ito gave a talk about why", false),
            ("Ada Ito is a developer advocate at Example and thinks that", false),
            ("I am not sure if that's so, but", false),
            ("More about it is in our blog posts:", false),
            ("[Ada Ito on meshes](https://a.example/mesh) says that", false),
            ("- 🔭 [Ada Ito](https://a.example/mesh) says that", false),
            ("Ada Ito says in [a paper](https://a.example/mesh) that", true),
            ("With this in mind,", false),
            ("With a look at the costs of this and other tools,", true),
            ("In Ghent this year,", true),
            ("They say that", false),
            ("Once they run it,", false),
            ("In Ghent it was clear that", true),
            ("At Example, it showed that", false),
            ("In her words “a mesh is not free”, so", true),
            ("“What is it for? It costs more than it gives” is how Ada puts why", false),
        ] {
            let points = points_of(&format!("{start} {claim}\n"));
            let has_claim = points.iter().any(|(point, _)| point.ends_with(claim));
            assert_eq!(has_claim, expected, "{start} {points:?}");
        }
    }

    #[test]
    fn what_only_points_to_a_recording_advises_nobody_who_goes_to_an_event() {
        for (text, expected) in [
            (
                "I recommend every newcomer to book the hotel near the venue early, since all others are far away.",
                true,
            ),
            (
                "I recommend the recording of the talk to every attendee, since it shows how they measured it.",
                false,
            ),
        ] {
            let points = points_of(&format!("{text}\n"));
            assert_eq!(!points.is_empty(), expected, "{text} {points:?}");
        }
    }

    #[test]
    fn a_point_is_about_what_it_names_first_or_most_often() {
        for (heading, text, expected) in [
            (
                "Day 1",
                "Most teams should learn tracing first, because debugging a cluster without it takes days.",
                vec!["tracing", "debugging"],
            ),
            (
                "Day 1",
                "Debugging takes days without tracing, and tracing is what most teams should learn first.",
                vec!["tracing", "debugging"],
            ),
            (
                "Security",
                "Most teams should learn tracing first, because debugging a cluster without it takes days.",
                vec![],
            ),
            (
                "Tracing",
                "Most teams should not start debugging before they learn tracing, because it takes days.",
                vec!["tracing"],
            ),
            (
                "Day 1",
                "Most talks were about tracing, debugging, storage, serverless and databases, as they should.",
                vec![],
            ),
        ] {
            let text = format!("# Recap\n\nIt rained.\n\n## {heading}\n\n{text}\n");
            let body = read_text(&text).body;
            let point = body.points.iter().max_by_key(|it| it.span).expect("a point");
            let about = point.about.iter().filter_map(|at| TopicTable::builtin().id_at(*at));
            assert_eq!(about.collect::<Vec<&str>>(), expected, "{text}");
        }
    }

    #[test]
    fn points_are_short_and_apart() {
        let long = "A mesh is not free, because it must be run and paid for, ".repeat(12);
        let text = format!("{long}.\n\nTeams should start small. This is because they need to learn more.\n");
        let points = points_of(&text);
        assert_eq!(points.len(), 1, "{points:?}");
        assert!(
            points[0].0.starts_with("Teams should start small.") && width(&points[0].0) <= MAX_POINT_WIDTH
        );
    }
}
