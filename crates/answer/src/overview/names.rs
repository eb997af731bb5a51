//! Lists of names: the projects or companies that posts name, each with its best line.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::lines::{Line, SUBJECT_GAIN, is_in_scope, points_of_posts, sort_best_first, topic_lines};
use super::lists::{ThingList, Things};
use super::on_topic::Topic;
use super::picked_lines::PickedLines;
use super::scoped_posts::ScopedPosts;
use super::talks::can_be_line;
use super::{DraftGroup, to_u32};
use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    question_syntax::{QuestionWord, overlap},
    shape_words::{
        is_done_word, is_event_word, is_kind_of_name, is_kind_of_project, is_mention_word, is_person_word,
        is_word_of_shape, is_word_of_speaking,
    },
};
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_corpus::topics::TopicTable;
use takeaways_text::language;
use takeaways_text::model::{GroupTitle, Language, Post, PostCount, ReasonKind, Shape, Span};
use takeaways_text::tokens::{is_boilerplate, is_stop_word};

/// With fewer posts, what all of them name is no matter of course.
const MIN_POSTS: u32 = 5;
/// What it adds to the score of a line that it names the topic whose projects are wanted.
const TOPIC_GAIN: f32 = 0.6;
/// A topic with fewer projects is no kind of them.
const MIN_PROJECTS_OF_TOPIC: usize = 2;

/// The names that a question for a list asks for.
struct NamesAsked {
    kind: EntityKind,
    /// The ids of those that are wanted; all if `None`.
    ids: Option<HashSet<&'static str>>,
    /// The words of the topic whose projects are wanted.
    topic: Vec<Concept>,
}

/// The list of the projects or companies that a question asks for; `None` if it asks for something else, or posts name none.
pub(super) fn list(engine: &Engine, plan: &QueryPlan) -> Result<Option<ThingList>, AnswerError> {
    let Some(asked) = names_asked(plan) else { return Ok(None) };
    let on_topic = lines_on_topic(engine, plan, &asked)?;
    let plan = QueryPlan { concepts: Vec::new(), ..plan.clone() };
    let scoped = ScopedPosts::read(engine.index(), &plan)?;
    let groups = names_in_scope(&scoped.posts, &plan, &asked, on_topic);
    Ok((groups.len() > 1).then(|| ThingList { plan, scoped, things: Things::Names(groups) }))
}

/// The lines on the topic whose projects are wanted, with the projects that they name: "we spoke of Argo and Flux" tells less of tools for
/// GitOps than what names that too.
fn lines_on_topic(engine: &Engine, plan: &QueryPlan, asked: &NamesAsked) -> Result<Vec<Line>, AnswerError> {
    if asked.topic.is_empty() {
        return Ok(Vec::new());
    }
    let plan = QueryPlan { concepts: asked.topic.clone(), ..plan.clone() };
    let topic = Topic::new(&asked.topic);
    let found = topic_lines(engine, &plan, Shape::List)?.into_iter();
    let naming = found.filter(|line| !topic.marks_of(&line.post, line.span).is_empty());
    let with_names = naming.map(|found| {
        let mut line = Line::graded_at(&found.post, found.span);
        let mentions = EntityTable::builtin().mentions(line.text());
        line.entities = mentions.iter().map(|mention| mention.position).collect();
        line.add(ReasonKind::Topic, TOPIC_GAIN);
        line
    });
    Ok(with_names.collect())
}

/// The names that a question asks for if it asks for nothing else: `which tools were mentioned at KubeCon?`, `which databases?`
fn names_asked(plan: &QueryPlan) -> Option<NamesAsked> {
    if let Some(asked) = projects_of_topics(plan) {
        return Some(asked);
    }
    let kind = kind_of(plan.answer_type)?;
    let phrases = match kind {
        EntityKind::Project => &language::all().questions.project,
        EntityKind::Company => &language::all().questions.company,
    };
    let is_of_kind = |word: &str| {
        phrases.iter().any(|phrase| phrase.split(' ').any(|it| it == word))
            || is_word_of_shape(word, Shape::Takeaways)
    };
    // Which tools were presented is which ones were mentioned.
    let asks_for_kind = plan.concepts.iter().all(|concept| {
        is_of_kind(&concept.text.to_lowercase())
            || is_mention_word(&concept.text)
            || kind == EntityKind::Project && is_word_of_speaking(&concept.text)
    });
    // "Which projects?" alone may go on with what was said before.
    let says_more =
        plan.names_scope() || plan.question.syntax.words.iter().any(|it| is_mention_word(&it.text));
    (asks_for_kind && says_more).then_some(NamesAsked { kind, ids: None, topic: Vec::new() })
}

/// The projects of the topics that a question asks for: those that the table of topics has among the names of the topic, such as
/// Istio for service meshes.
fn projects_of_topics(plan: &QueryPlan) -> Option<NamesAsked> {
    if !matches!(plan.answer_type, AnswerType::Project | AnswerType::Anything) {
        return None;
    }
    let syntax = &plan.question.syntax;
    let words = &syntax.words;
    let table = EntityTable::builtin();
    let entities = table.mentions(&syntax.text);
    let mut topics = TopicTable::builtin().named_in(&syntax.text);
    topics.retain(|(_, place)| !entities.iter().any(|entity| overlap(place, &entity.span))); // Flux is no kind of tool.
    if topics.is_empty() {
        // Before "tools" a word means its topic that has other meanings elsewhere.
        let is_tag = |word: &QuestionWord| word.text.chars().nth(1).is_some();
        let pairs = words.windows(2).filter(|pair| is_tag(&pair[0]) && is_kind_of_project(&pair[1].text));
        let tag =
            |word: &QuestionWord| Some((TopicTable::builtin().topic_of_tag(&word.text)?, word.range.clone()));
        topics.extend(pairs.filter_map(|pair| tag(&pair[0])));
    }
    let is_named = |word: &QuestionWord| topics.iter().any(|(_, place)| overlap(place, &word.range));
    let is_of_question = |concept: &Concept| {
        [is_mention_word, is_boilerplate, is_kind_of_name].into_iter().any(|is| is(&concept.text))
    };
    let is_of_topic = |concept: &Concept| {
        let words = words.get(concept.words.clone()).unwrap_or_default();
        !words.is_empty() && words.iter().all(is_named)
    };
    // "Which databases graduated?" asks for more than their names.
    let says_what_was_done = |word: &QuestionWord| is_done_word(&word.text) && !is_mention_word(&word.text);
    if words.iter().any(says_what_was_done) {
        return None;
    }
    let is_of_kind = |concept: &Concept| is_of_topic(concept) || is_of_question(concept);
    if !plan.concepts.iter().all(is_of_kind) {
        return None;
    }
    if !begins_with_kind(words, is_named, plan.language) {
        return None;
    }
    let names = topics.iter().flat_map(|(topic, _)| TopicTable::builtin().names_with_parts(topic));
    let ids: HashSet<&str> = names
        .filter_map(|name| match table.mentions(name).as_slice() {
            [it] if it.kind == EntityKind::Project && it.span == (0..name.len()) => Some(it.id),
            _ => None,
        })
        .collect();
    let topic = plan.concepts.iter().filter(|concept| is_of_topic(concept)).cloned().collect();
    let is_kind = ids.len() >= MIN_PROJECTS_OF_TOPIC;
    is_kind.then_some(NamesAsked { kind: EntityKind::Project, ids: Some(ids), topic })
}

/// Whether a question asks for a kind of projects: "which databases", "which CI tools", "list all tools for CI", and not "which talks on
/// databases". `is_named` tells the words of its topics.
fn begins_with_kind(
    words: &[QuestionWord],
    is_named: impl Fn(&QuestionWord) -> bool,
    language: Language,
) -> bool {
    let questions = &language::all().questions;
    let is_which = |word: &QuestionWord| questions.which.contains(word.text.to_lowercase().as_str());
    let is_opening = |word: &&QuestionWord| {
        let says_nothing = is_stop_word(&word.text, language) || is_boilerplate(&word.text);
        let is_other_kind =
            is_person_word(&word.text) || is_event_word(&word.text) || questions.talks.has_word(&word.text);
        says_nothing && !is_other_kind && !is_kind_of_project(&word.text) && !is_named(word)
    };
    // "What were the main tools", "list all databases".
    let after_which = words.iter().position(is_which).map_or(0, |which| which + 1);
    let rest = words.get(after_which..).unwrap_or_default();
    let head = rest.get(rest.iter().take_while(is_opening).count()..).unwrap_or_default();
    let of_topic = head.iter().take_while(|word| is_named(word)).count();
    let is_end = |word: &QuestionWord| {
        let is_excluding = || questions.exclusions.has_word(&word.text);
        (is_stop_word(&word.text, language) || is_mention_word(&word.text) || is_excluding())
            && !questions.talks.has_word(&word.text)
    };
    match head.get(of_topic) {
        Some(next) => is_kind_of_project(&next.text) || of_topic > 0 && is_end(next),
        None => of_topic > 0,
    }
}

/// The projects or companies that most posts of a scope name, each with its best line. What nearly all of them name tells
/// nothing.
fn names_in_scope(
    posts: &[Arc<Post>],
    plan: &QueryPlan,
    asked: &NamesAsked,
    on_topic: Vec<Line>,
) -> Vec<DraftGroup> {
    let kind = asked.kind;
    // "Which service meshes other than Istio?"
    let excluded = plan.excluded_entity_ids();
    let is_asked =
        |id: &str| asked.ids.as_ref().is_none_or(|ids| ids.contains(id)) && !excluded.contains(&id);
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for post in posts {
        let ids = if kind == EntityKind::Project { &post.projects } else { &post.companies };
        for id in ids.iter().filter(|id| is_asked(id)) {
            *counts.entry(id.as_str()).or_default() += 1;
        }
    }
    let of = to_u32(posts.len());
    let is_informative = |count: u32| asked.ids.is_some() || of < MIN_POSTS || count * 10 <= of * 9;
    let table = EntityTable::builtin();
    let mut lines = on_topic;
    lines.extend(points_of_posts(posts, plan));
    let named = counts.into_iter().filter(|(_, count)| is_informative(*count)).filter_map(|(id, count)| {
        let (at, name) = (table.position(kind, id)?, table.name(kind, id)?);
        let mut naming: Vec<Line> =
            lines.iter().filter(|line| line.entities.contains(&at)).cloned().collect();
        if naming.is_empty() && asked.ids.is_some() {
            naming = posts.iter().flat_map(|post| sentences_naming(post, plan, id, at)).collect();
        }
        for line in &mut naming {
            line.add(ReasonKind::Kind, SUBJECT_GAIN * f32::from(begins_with(line, at)));
        }
        sort_best_first(&mut naming);
        Some((count, name, naming)).filter(|(.., naming)| !naming.is_empty())
    });
    let mut named: Vec<(u32, &str, Vec<Line>)> = named.collect();
    let best = |lines: &[Line]| lines.first().map_or(0.0, |line| line.score);
    named.sort_by(|a, b| {
        b.0.cmp(&a.0).then_with(|| best(&b.2).total_cmp(&best(&a.2))).then_with(|| a.1.cmp(b.1))
    });
    let mut picked = PickedLines::new(plan.request.limits);
    let groups = named.into_iter().filter_map(|(posts, name, naming)| {
        let mut best = picked.pick_fairly(&naming, 1);
        if best.is_empty() {
            // Each name has a line, also where one author tells of most.
            best = picked.pick_or_shortest(&naming, 1, usize::MAX);
        }
        let title = GroupTitle::Theme(name.to_owned());
        (!best.is_empty()).then(|| DraftGroup::new(title, PostCount { posts, of }, best))
    });
    groups.collect()
}

/// The sentences of a post that name a project or a company: few posts name some, and none of their points does.
fn sentences_naming(post: &Arc<Post>, plan: &QueryPlan, id: &str, at: u16) -> Vec<Line> {
    if !post.projects.iter().chain(&post.companies).any(|it| it == id) {
        return Vec::new();
    }
    let names = |span: &Span| {
        let text = post.body.slice(*span);
        can_be_line(text) && EntityTable::builtin().mentions(text).iter().any(|it| it.position == at)
    };
    let spans = post.body.sentences.iter().map(|sentence| sentence.span).filter(names);
    let lines = spans.map(|span| Line::at(post, span));
    lines.filter(|line| is_in_scope(post, line.section, line.span, plan)).collect()
}

/// Whether a line names this project or company before any other: it is about it then.
fn begins_with(line: &Line, entity: u16) -> bool {
    let mentions = EntityTable::builtin().mentions(line.text());
    mentions.first().is_some_and(|first| first.position == entity)
}

/// The kind of names that an answer has.
pub(super) fn kind_of(asked: AnswerType) -> Option<EntityKind> {
    match asked {
        AnswerType::Company => Some(EntityKind::Company),
        AnswerType::Project => Some(EntityKind::Project),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};
    use crate::{excerpt_place::ExcerptPlace, samples::request};

    #[test]
    fn what_an_event_names_is_a_list_of_names() {
        let engine = engine_of_recaps(&[
            ("Ann", "Everyone should look at Linkerd first, because it costs less and is easier to debug."),
            ("Bo", "Most teams need months to learn Istio well, because it is complex. Linkerd is not."),
            ("Cy", "I think that the evening at the lake was better than most keynotes."),
        ]);
        for question in [
            "list of tools people discovered at KubeCon EU 2018",
            "which tools were presented at KubeCon EU 2018?",
        ] {
            let overview = overview_of(&engine, question).expect(question);
            assert_sound(&overview);
            let names: Vec<(String, u32)> = overview
                .groups
                .iter()
                .map(|group| (format!("{:?}", group.title), group.posts.posts))
                .collect();
            let expected = [("Theme(\"Linkerd\")".to_owned(), 2), ("Theme(\"Istio\")".to_owned(), 1)];
            assert_eq!(names, expected, "{question}");
        }
    }

    #[test]
    fn what_is_named_most_is_found_without_an_event() {
        let engine = engine_of_recaps(&[
            ("Ann", "Everyone should look at Linkerd first, because it costs less and is easier to debug."),
            ("Bo", "Most teams need months to learn Istio well, because it is complex. Linkerd is not."),
            ("Cy", "I think that the evening at the lake was better than most keynotes."),
        ]);
        for question in
            ["which tools are mentioned most?", "most popular projects", "which projects came up most often?"]
        {
            let overview = overview_of(&engine, question).expect(question);
            assert_sound(&overview);
            let titles: Vec<String> =
                overview.groups.iter().map(|group| format!("{:?}", group.title)).collect();
            assert_eq!(titles, ["Theme(\"Linkerd\")", "Theme(\"Istio\")"], "{question}");
        }
    }

    #[test]
    fn a_line_on_the_topic_of_a_list_comes_before_others_with_the_name() {
        let engine = engine_of_recaps(&[
            ("Ann", "Linkerd had its booth beside the door, and we went there on the first of the days."),
            ("Bo", "Of the service meshes, Linkerd and Istio were shown to us."),
            ("Cy", "Most teams need months to learn Istio well, because it is complex. Helm is not."),
        ]);
        let overview = overview_of(&engine, "which service meshes were mentioned?").expect("an overview");
        assert_sound(&overview);
        let mut lines = overview.excerpts.iter().map(|line| line.quote.text.as_str());
        assert!(lines.any(|line| line.starts_with("Of the service meshes")), "{overview:?}");
    }

    #[test]
    fn what_is_not_wanted_is_not_listed() {
        let engine = engine_of_recaps(&[
            ("Ann", "Everyone should look at Linkerd first, because it costs less and is easier to debug."),
            ("Bo", "Most teams need months to learn Istio well, because it is complex. Consul is not."),
            ("Cy", "I think that Consul is better than what most teams had before, because it is simple."),
        ]);
        for question in [
            "which service meshes other than Istio were mentioned?",
            "which service meshes besides Istio were mentioned?",
        ] {
            let overview = overview_of(&engine, question).expect(question);
            assert_sound(&overview);
            let titles: Vec<String> =
                overview.groups.iter().map(|group| format!("{:?}", group.title)).collect();
            assert!(titles.len() == 2 && !titles.iter().any(|title| title.contains("Istio")), "{titles:?}");
        }
    }

    #[test]
    fn what_belongs_to_a_topic_is_a_list_of_its_projects() {
        let engine = engine_of_recaps(&[
            ("Ann", "Everyone should look at Linkerd first, because it costs less and is easier to debug."),
            ("Bo", "Most teams need months to learn Istio well, because it is complex. Helm is not."),
            ("Cy", "I think that service meshes are better than what most teams had before."),
        ]);
        for question in ["which service meshes were talked about?", "which service mesh tools get mentioned"]
        {
            let overview = overview_of(&engine, question).expect(question);
            assert_sound(&overview);
            let names: Vec<String> =
                overview.groups.iter().map(|group| format!("{:?}", group.title)).collect();
            assert_eq!(names, ["Theme(\"Linkerd\")", "Theme(\"Istio\")"], "{question}");
        }
        for question in ["which talks on service meshes were there?", "which service mesh problems came up?"]
        {
            let overview = overview_of(&engine, question);
            let names = overview.map(|it| it.groups.len()).unwrap_or_default();
            assert!(names < 2, "{question}");
        }
    }

    #[test]
    fn tools_of_a_topic_may_be_named_by_its_tag_and_by_sentences_that_are_no_points() {
        let engine = engine_of_recaps(&[
            ("Ann", "Everyone should look at Jenkins first, because it costs less and is easier to debug."),
            ("Bo", "On the ground floor near the stairs stood a booth of Tekton, with a green roof."),
        ]);
        let overview = overview_of(&engine, "ci tools").expect("an overview");
        assert_sound(&overview);
        let mut names: Vec<String> =
            overview.groups.iter().map(|group| format!("{:?}", group.title)).collect();
        names.sort();
        assert_eq!(names, ["Theme(\"Jenkins\")", "Theme(\"Tekton\")"]);
    }

    #[test]
    fn the_names_that_have_no_room_come_after_those_that_have() {
        let names = [
            "MySQL",
            "PostgreSQL",
            "MongoDB",
            "Redis",
            "Cassandra",
            "CockroachDB",
            "SQLite",
            "TiKV",
            "etcd",
            "Vitess",
            "DynamoDB",
            "TiDB",
        ];
        let texts =
            names.map(|name| format!("Most teams need months to learn {name}, because it is complex."));
        let recaps: Vec<(&str, &str)> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
        let engine = engine_of_recaps(&recaps);
        let question = "which databases were talked about?";
        let overview = overview_of(&engine, question).expect("an overview");
        assert_eq!((overview.groups.len(), overview.further), (10, 2));
        let shown: Vec<ExcerptPlace> = overview.excerpts.iter().map(ExcerptPlace::from).collect();
        let further = engine.further_lines(&request(question), &shown).expect("lines");
        let is_new = |place: &ExcerptPlace| !shown.iter().any(|it| it.post == place.post);
        assert!(further.len() == 2 && further.iter().all(is_new), "{further:?}");
    }
}
