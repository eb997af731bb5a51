//! Lists of announcements: the sentences of posts about events that tell of one, and what stands under headings that do.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use super::lines::{Line, is_in_scope, is_short_enough, sort_best_first};
use super::lists::{ThingList, Things, names_in};
use super::on_topic::Topic;
use super::scoped_posts::ScopedPosts;
use super::talks::has_word_for_talk;
use super::weak_lines::{is_readable, keep_if_enough, language_gain, spread_over};
use crate::{
    answer_type::AnswerType,
    candidates::{MAX_HEADING, begins_with_reference, has_at_most},
    concepts::Concept,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    shape_words::{
        is_done_word, is_event_word, is_kind_of_name, is_mention_word, is_word_of_shape,
        tells_of_announcement,
    },
};
use takeaways_corpus::entities::EntityTable;
use takeaways_text::model::{Block, BlockKind, Body, Event, Language, Post, ReasonKind, Shape, Span};
use takeaways_text::phrases::PhrasesByLanguage;
use takeaways_text::tokens::{
    folding::{fold, folded_words},
    is_boilerplate, is_stop_word,
};

/// With fewer lines, the answer is another one.
const MIN_LINES: usize = 2;
/// With as many lines in the language of the question or in English, there are no others.
const ENOUGH_READABLE: usize = 2;
/// The fewest words of a line: a name alone tells nothing.
const MIN_WORDS: usize = 4;
/// A list has at most as many lines, the best ones: each is compared with all before it.
const MAX_ANNOUNCEMENTS: usize = 100;
/// What it adds to the score of a line that it tells of an announcement, more if in so many words, that it stands under a heading or
/// after an introduction that does, and that it names a project or a company.
const NEWS_GAIN: f32 = 0.6;
const SURE_NEWS_GAIN: f32 = 1.0;
const LISTED_GAIN: f32 = 1.5;
const NAME_GAIN: f32 = 0.5;
/// A project or a company that more than one of so many lines names does not tell lines apart.
const MAX_SHARE_OF_ENTITY: usize = 3;
/// An item of a list with more characters is no line, whatever of it is left out.
const MAX_ITEM: usize = 1_000;
/// A heading of announcements has at most as many words, without those that say nothing.
const MAX_HEADING_WORDS: usize = 3;
/// Numbers from here on are years.
const FIRST_YEAR: i16 = 1970;

/// The concepts of a question for announcements that say of what they are.
fn topic_of(plan: &QueryPlan) -> Vec<Concept> {
    let is_of_question = |word: &str| {
        tells_of_announcement(word, plan.language)
            || [is_done_word, is_kind_of_name, is_mention_word, is_boilerplate, is_event_word]
                .into_iter()
                .any(|is| is(word))
            || is_word_of_shape(word, Shape::Takeaways)
    };
    // What AWS announces at AWS re:Invent, and Docker at DockerCon, is announced there.
    let is_host = |word: &str| {
        let host = fold(word);
        let is_of = |word: &String| *word == host || word.strip_suffix("con") == Some(host.as_str());
        let hosts = |event: &Event| folded_words(&event.name).iter().any(is_of);
        !plan.events.is_empty() && plan.events.iter().all(hosts)
    };
    plan.concepts
        .iter()
        .filter(|it| !it.text.is_empty() && !it.text.split(' ').all(is_of_question) && !is_host(&it.text))
        .cloned()
        .collect()
}

/// The list of the announcements that a question asks for; `None` if it asks for something else, or posts tell of too few.
pub(super) fn list(engine: &Engine, plan: &QueryPlan) -> Result<Option<ThingList>, AnswerError> {
    let asks = tells_of_announcement(&plan.question.syntax.text, plan.language);
    let asks_for_others =
        plan.answer_type == AnswerType::Who || has_word_for_talk(&plan.question.syntax.text);
    if !asks || !plan.names_scope() || asks_for_others {
        return Ok(None);
    }
    let concepts = topic_of(plan);
    let topic = Topic::new(&concepts);
    let everything = QueryPlan { concepts: Vec::new(), ..plan.clone() };
    let scoped = ScopedPosts::read(engine.index(), &everything)?;
    let mut lines: Vec<Line> = scoped.posts.iter().flat_map(|post| lines_of_post(post, plan)).collect();
    lines.retain(|line| topic.is_whole_at(line));
    if matches!(plan.answer_type, AnswerType::Company | AnswerType::Project) {
        lines.retain(|line| !names_in(line.text(), plan.answer_type).is_empty());
    }
    sort_best_first(&mut lines);
    lines.truncate(MAX_ANNOUNCEMENTS);
    keep_if_enough(&mut lines, ENOUGH_READABLE, |line| is_readable(line, plan.language));
    // What most lines name, such as the host of the event, tells nothing.
    let all: Vec<u16> = lines.iter().flat_map(|line| line.entities.iter().copied()).collect();
    let is_of_most =
        |entity: &u16| all.iter().filter(|it| *it == entity).count() * MAX_SHARE_OF_ENTITY > lines.len();
    let of_most: HashSet<u16> = all.iter().copied().filter(is_of_most).collect();
    spread_over(&mut lines, ReasonKind::Topic, |line| {
        line.entities.iter().copied().filter(|it| !of_most.contains(it)).collect()
    });
    let is_enough = lines.len() >= MIN_LINES;
    Ok(is_enough.then(|| ThingList {
        plan: QueryPlan { concepts, ..plan.clone() },
        scoped,
        things: Things::Lines(lines),
    }))
}

/// The lines of a post that tell of an announcement.
fn lines_of_post(post: &Arc<Post>, plan: &QueryPlan) -> Vec<Line> {
    let body = &post.body;
    let mut lines = Vec::new();
    // The items of one list have one head, which is looked at once.
    let mut last_head = None;
    for (at, block) in (0_u32..).zip(&body.blocks) {
        let line_of = |span: Span, is_listed: bool| line_of_span(post, block, span, is_listed, plan);
        match block.kind {
            // An item of a list is whole.
            BlockKind::ListItem => {
                let place = (block.section, block.lead_in);
                let is_listed = match last_head {
                    Some((known, is_listed)) if known == place => is_listed,
                    _ => is_under_announcements(body, block, post.language),
                };
                last_head = Some((place, is_listed));
                if has_at_most(body, block.span, MAX_ITEM) {
                    lines.extend(line_of(without_last_links(body, block), is_listed));
                }
            }
            // A point has what a sentence needs beside it.
            BlockKind::Paragraph | BlockKind::Quote => {
                let from = body.sentences.partition_point(|sentence| sentence.block < at);
                let sentences = body.sentences.get(from..).unwrap_or_default().iter();
                let sentences = sentences.take_while(|sentence| sentence.block == at).map(|it| it.span);
                let spans = sentences.map(|span| point_around(body, span).unwrap_or(span));
                lines.extend(spans.filter_map(|span| line_of(span, false)));
            }
            _ => {}
        }
    }
    lines.dedup_by_key(|line| line.span);
    lines
}

/// The line of a span of a block; `None` if it tells of no announcement. `is_listed` tells that it stands under a heading for these.
fn line_of_span(
    post: &Arc<Post>,
    block: &Block,
    span: Span,
    is_listed: bool,
    plan: &QueryPlan,
) -> Option<Line> {
    let text = post.body.slice(span);
    if !can_be_line(text) {
        return None;
    }
    let is_news = NEWS.are_in(text, post.language);
    if !is_news && !is_listed || tells_of_past(text, post) || !is_in_scope(post, block.section, span, plan) {
        return None;
    }
    let names = EntityTable::builtin().mentions(text);
    if !is_listed && names.is_empty() {
        return None;
    }
    let mut line = Line::graded_at(post, span);
    line.entities = names.iter().map(|it| it.position).collect();
    let gain = if tells_of_announcement(text, post.language) { SURE_NEWS_GAIN } else { NEWS_GAIN };
    line.add(ReasonKind::Kind, gain * f32::from(is_news));
    line.add(ReasonKind::Heading, LISTED_GAIN * f32::from(is_listed));
    line.add(ReasonKind::Topic, NAME_GAIN * f32::from(!names.is_empty()));
    line.add(ReasonKind::Language, language_gain(post.language, plan.language));
    Some(line)
}

/// Whether an item of a list stands under a heading or after an introduction for announcements.
fn is_under_announcements(body: &Body, item: &Block, language: Language) -> bool {
    let heading = body.headings_above(item.section).next();
    let heads = heading.into_iter().chain(body.lead_in_of(item).map(|it| it.span));
    let mut heads = heads.filter(|span| has_at_most(body, *span, MAX_HEADING));
    heads.any(|span| heads_announcements(body.slice(span), language))
}

/// The point that a sentence is a part of.
fn point_around(body: &Body, sentence: Span) -> Option<Span> {
    let at = body.points.partition_point(|point| point.span.end() < sentence.end());
    body.points.get(at).map(|point| point.span).filter(|point| point.contains(sentence))
}

/// Whether a text is little more than a word for announcements: `What was announced?`, and not `Keynotes and announcements`.
fn heads_announcements(text: &str, language: Language) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !is_stop_word(word, language));
    tells_of_announcement(text, language)
        && !has_word_for_talk(text)
        && words.filter(|word| !word.is_empty()).count() <= MAX_HEADING_WORDS
}

/// The text of an item of a list without the sentences at its end that are links, such as `Read more`.
fn without_last_links(body: &Body, block: &Block) -> Span {
    let from = body.sentences.partition_point(|sentence| sentence.span.end() <= block.span.start());
    let sentences = body.sentences.get(from..).unwrap_or_default().iter();
    let sentences = sentences.map(|it| it.span).take_while(|it| it.start() < block.span.end());
    let is_link = |span: Span| {
        let linked: usize = body.links_in(span).iter().map(|link| letters(body.slice(link.span))).sum();
        linked >= letters(body.slice(span))
    };
    let told = sentences.filter(|span| !is_link(*span));
    told.reduce(Span::cover).unwrap_or(block.span)
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// The phrases of sentences that announce something.
static NEWS: LazyLock<PhrasesByLanguage> =
    LazyLock::new(|| PhrasesByLanguage::new(|language| language.words().questions.news.iter().collect()));

fn can_be_line(text: &str) -> bool {
    is_short_enough(text)
        && text.split_whitespace().nth(MIN_WORDS - 1).is_some()
        && !begins_with_reference(text)
        && !text.ends_with([':', '：', '?', '？'])
}

/// Whether a text names a year before that of the event of its post, and not this year: it tells of the past.
fn tells_of_past(text: &str, post: &Post) -> bool {
    let Some(year) = post.main_event().and_then(|event| event.year) else { return false };
    let years = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() == 4);
    let mut years =
        years.filter_map(|word| word.parse::<i16>().ok()).filter(|it| *it >= FIRST_YEAR).peekable();
    years.peek().is_some() && years.all(|it| it < year)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};
    use super::*;
    use crate::samples::engine_over;
    use crate::{excerpt_place::ExcerptPlace, samples::request};

    fn announced(recaps: &[(&str, &str)], question: &str) -> Option<Vec<String>> {
        let overview = overview_of(&engine_of_recaps(recaps), question)?;
        assert_sound(&overview);
        Some(overview.excerpts.into_iter().map(|line| line.quote.text).collect())
    }

    #[test]
    fn sentences_that_tell_of_announcements_are_lines() {
        let recaps = [
            ("Ann", "Google announced a new mesh that is based on Istio. Linkerd is easy to run, we think."),
            ("Bo", "In 2014 Kubernetes was announced. Vitess 3 is now generally available, after two years."),
            ("Cy", "There were many announcements. CoreDNS graduated on the second day of the conference."),
        ];
        let mut lines = announced(&recaps, "what was announced at KubeCon EU 2018?").expect("an overview");
        lines.sort();
        let expected = [
            "CoreDNS graduated on the second day of the conference.",
            "Google announced a new mesh that is based on Istio.",
            "Vitess 3 is now generally available, after two years.",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_is_listed_under_announcements_needs_no_word_for_one() {
        let listed = "## Announcements\n\n- Managed nodes of EKS\n- Dive, a control plane, [read more](https://a.example)\n- Flux merges with Argo. [Read more](https://b.example)\n\n## Talks\n\n- Helm and how to use it\n";
        let lines = announced(&[("Ann", listed)], "announcements at KubeCon EU 2018").expect("an overview");
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines.contains(&"Flux merges with Argo.".to_owned()), "{lines:?}");
        assert!(!heads_announcements("Announcing a new mesh for clusters of banks", Language::En));
    }

    #[test]
    fn announcements_are_on_the_topic_that_is_asked_for() {
        let recaps = [
            ("Ann", "Google announced a new mesh that is based on Istio. Google launched GKE in Finland."),
            ("Bo", "Docker announced a new registry, and Helm 3 was released by its maintainers at last."),
        ];
        let lines = announced(&recaps, "what did Google announce at KubeCon EU 2018?").expect("an overview");
        assert!(lines.len() == 2 && lines.iter().all(|line| line.contains("Google")), "{lines:?}");
    }

    #[test]
    fn only_a_name_that_an_event_has_is_its_host() {
        let recaps = [
            ("Ann", "Docker announced a new registry, and it was shown on the stage at once."),
            ("Bo", "Microsoft announced that Windows runs containers now, which many had waited for."),
        ]
        .map(|(author, text)| {
            (format!("{author}.md"), format!("---\nauthor: {author}\nevent: DockerCon 2015\n---\n\n{text}\n"))
        });
        let overview = overview_of(&engine_over(&recaps), "what did Docker announce at DockerCon 2015?");
        assert_eq!(overview.expect("an overview").excerpts.len(), 2);
        let recaps = recaps.map(|(path, text)| (path, text.replace("DockerCon 2015", "GopherCon 2018")));
        let overview = overview_of(&engine_over(&recaps), "what was announced about Go at GopherCon 2018?");
        let lines = overview.map(|it| it.excerpts.len()).unwrap_or_default();
        assert_eq!(lines, 0, "nothing was said about Go");
    }

    #[test]
    fn large_items_and_introductions_are_read_once() {
        let sentence = "Google announced a mesh. ".repeat(20_000);
        let items = "- Istio was released in a new version\n".repeat(20_000);
        let introduction = "This was announced and told at length ".repeat(10_000);
        let text = format!("- {sentence}\n\n{introduction}:\n\n{items}");
        let lines = announced(&[("Ann", &text)], "what was announced at KubeCon EU 2018?");
        assert!(lines.is_some_and(|lines| !lines.is_empty()));
    }

    #[test]
    fn announcements_for_which_there_is_no_room_come_next() {
        let names =
            ["Istio", "Linkerd", "Helm", "Harbor", "Vitess", "Kuma", "Tekton", "Falco", "Kyverno", "Cilium"];
        let item = |name: &&str| format!("- {name} was released in a new version by its maintainers\n");
        let items: String = names.iter().chain(&["Rook", "Jaeger"]).map(item).collect();
        let engine = engine_of_recaps(&[("Ann", &items)]);
        let question = "what was announced at KubeCon EU 2018?";
        let overview = overview_of(&engine, question).expect("an overview");
        assert_eq!((overview.excerpts.len(), overview.further), (10, 2));
        let shown: Vec<ExcerptPlace> = overview.excerpts.iter().map(ExcerptPlace::from).collect();
        assert_eq!(engine.further_lines(&request(question), &shown).expect("lines").len(), 2);
    }
}
