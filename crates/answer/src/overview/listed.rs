//! The items of lists whose heading or introduction names what a question asks for: of `Tools we want to try` all are wanted.

use std::collections::HashSet;
use std::sync::Arc;

use super::lines::{Line, is_short_enough, posts_of};
use super::on_topic::Topic;
use super::talks::{is_in_scope, line_at, talks_of};
use super::themes::ratio;
use super::weak_lines::language_gain;
use crate::{
    answer_type::AnswerType,
    candidates::{Candidate, has_at_most},
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    resolve::NameRole,
};
use takeaways_text::model::{Block, BlockKind, Language, Post, ReasonKind, Span};

/// An answer has at most as many items, the best ones: each is compared with all before it.
const MAX_LISTED: usize = 100;
/// Fewer items are no list.
const MIN_ITEMS: usize = 3;
/// An introduction of a list has at most as many characters: a longer paragraph tells of more than the list.
const MAX_INTRODUCTION: usize = 200;
/// How many of the words of the heading or the introduction the question has.
const MIN_SHARE_OF_HEAD: f32 = 0.5;
/// How many of the words of the question must stand above the list.
const MIN_SHARE_OF_QUESTION: f32 = 0.5;
/// The same where they lack a part of the topic.
const MIN_SHARE_OF_QUESTION_IN_PART: f32 = 0.3;
/// With as many words of the question in the heading or the introduction, the others need not be there.
const ENOUGH_WORDS_OF_HEAD: usize = 2;
/// What it adds to the score of a line that it is an item of such a list.
const LISTED_GAIN: f32 = 1.5;

/// The items of such lists in the posts of some candidates for lines on the topic of a plan, list by list, those with most of the
/// question first.
pub(super) fn listed_lines(
    engine: &Engine,
    candidates: &[Candidate],
    plan: &QueryPlan,
) -> Result<Vec<Line>, AnswerError> {
    if !matches!(plan.answer_type, AnswerType::Anything | AnswerType::Project) {
        return Ok(Vec::new()); // What names a company or a person may be told in any list.
    }
    // With all words of the question, also that for the kind of a list.
    let asked = engine.plan_again(plan, NameRole::Subject)?;
    let (topic, asked) = (Topic::new(plan), Topic::new(&asked));
    let mut lists: Vec<List> =
        posts_of(candidates).flat_map(|post| lists_of_post(post, &topic, &asked, plan)).collect();
    lists.sort_by(|a, b| b.share.total_cmp(&a.share));
    let mut lines: Vec<Line> = lists.into_iter().flat_map(|list| list.lines).collect();
    lines.truncate(MAX_LISTED);
    Ok(lines)
}

/// A list that is headed by what is asked for.
struct List {
    /// How much of the question stands above it: 0 to 1.
    share: f32,
    /// Its items, in order.
    lines: Vec<Line>,
}

/// The lists of a post that are headed by what is asked for.
fn lists_of_post(post: &Arc<Post>, topic: &Topic<'_>, asked: &Topic<'_>, plan: &QueryPlan) -> Vec<List> {
    let body = &post.body;
    let items = body.blocks.iter().filter(|block| block.kind == BlockKind::ListItem).collect::<Vec<&Block>>();
    let lists = items.chunk_by(|a, b| (a.section, a.lead_in) == (b.section, b.lead_in));
    let talks: HashSet<u32> = talks_of(body).iter().map(|talk| talk.section).collect();
    let mut lists_of_post = Vec::new();
    // A section may have thousands of lists.
    let mut last = None;
    for items in lists.filter(|items| items.len() >= MIN_ITEMS) {
        let Some(first) = items.first() else { continue };
        let headings = match last.take() {
            Some((section, headings)) if section == first.section => headings,
            _ => Headings::above(post, first.section, talks.contains(&first.section), topic, asked),
        };
        let head = headings.head_of(post, first, topic, asked);
        last = Some((first.section, headings));
        let Some((share, head)) = head else { continue };
        let mut lines: Vec<Line> = items.iter().filter_map(|item| line_of_item(post, item, plan)).collect();
        if let Some(line) = lines.first_mut() {
            line.lead_in = Some(head);
            lists_of_post.push(List { share, lines });
        }
    }
    lists_of_post
}

/// The line of an item of a list; `None` if it is too long, announces what is not shown, or is not in the scope.
fn line_of_item(post: &Arc<Post>, item: &Block, plan: &QueryPlan) -> Option<Line> {
    let text = post.body.slice(item.span);
    let can_be_line = is_short_enough(text) && !text.ends_with([':', '：']);
    if !can_be_line || !is_in_scope(post, item.section, item.span, plan) {
        return None;
    }
    let mut line = line_at(post, item.span);
    line.add(ReasonKind::Heading, LISTED_GAIN);
    line.add(ReasonKind::Language, language_gain(post.language, plan.language));
    Some(line)
}

/// How the headings of a section, those above them and the title of the post name what is asked for.
struct Headings {
    /// The parts of the topic that they name.
    topic: Vec<bool>,
    /// The parts of the question that they name.
    asked: Vec<bool>,
    /// The heading right above the section, and how well it agrees with the question. The notes on a talk are no list of its title.
    heading: Option<(Span, HeadMatch)>,
}

/// How well a heading or an introduction agrees with a question.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum HeadMatch {
    /// It says more than what is asked for.
    None,
    /// It names one part of the question.
    One,
    /// It names several parts of the question.
    Several,
}

impl HeadMatch {
    fn of(head: &str, asked: &Topic<'_>, language: Language) -> Self {
        if asked.share_of_words(head, language) < MIN_SHARE_OF_HEAD {
            Self::None
        } else if asked.count_named_by([head], language) >= ENOUGH_WORDS_OF_HEAD {
            Self::Several
        } else {
            Self::One
        }
    }
}

impl Headings {
    fn above(post: &Post, section: u32, is_of_talk: bool, topic: &Topic<'_>, asked: &Topic<'_>) -> Self {
        let (body, language) = (&post.body, post.language);
        let texts = || body.heading_path(section).into_iter().chain(post.title.as_deref());
        let heading = body.headings_above(section).next().filter(|_| !is_of_talk);
        Self {
            topic: topic.named_by(texts(), language),
            asked: asked.named_by(texts(), language),
            heading: heading.map(|it| (it, HeadMatch::of(body.slice(it), asked, language))),
        }
    }

    /// The introduction of a list, or the heading right above it, if it says little more than what is asked for, and names with the
    /// other headings and the title all of the topic and most of the question; or the known things and less of the question, if it
    /// has several of its words itself. Also returns how much of the question stands there: 0 to 1.
    fn head_of(
        &self,
        post: &Post,
        item: &Block,
        topic: &Topic<'_>,
        asked: &Topic<'_>,
    ) -> Option<(f32, Span)> {
        let (body, language) = (&post.body, post.language);
        let introduction = body.lead_in_of(item).map(|it| it.span);
        let introduction = introduction.filter(|span| has_at_most(body, *span, MAX_INTRODUCTION));
        let with_introduction = |topic: &Topic<'_>, above: &[bool]| -> Vec<bool> {
            let own = topic.named_by(introduction.map(|span| body.slice(span)), language);
            own.iter().zip(above).map(|(own, above)| *own || *above).collect()
        };
        let is_whole = !with_introduction(topic, &self.topic).contains(&false);
        let (least, enough) = if is_whole {
            (MIN_SHARE_OF_QUESTION, HeadMatch::One)
        } else {
            (MIN_SHARE_OF_QUESTION_IN_PART, HeadMatch::Several)
        };
        let named = with_introduction(asked, &self.asked);
        let share = ratio(named.iter().filter(|is_named| **is_named).count(), named.len());
        if share < least || !asked.has_things(&named) {
            return None;
        }
        let introduction = introduction.map(|it| (it, HeadMatch::of(body.slice(it), asked, language)));
        let mut heads = introduction.into_iter().chain(self.heading);
        Some((share, heads.find(|(_, head_match)| *head_match >= enough)?.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};
    use crate::{excerpt_place::ExcerptPlace, samples::request};

    const OTHER: &str =
        "Most teams should try Istio first, because it is easier to debug than what they had.";

    fn lines(text: &str, question: &str) -> Vec<String> {
        let overview = overview_of(&engine_of_recaps(&[("Ann", text), ("Bo", OTHER)]), question);
        let Some(overview) = overview else { return Vec::new() };
        assert_sound(&overview);
        overview.excerpts.into_iter().map(|line| line.quote.text).collect()
    }

    /// The texts of the items of a list.
    fn items_of(list: &str) -> Vec<String> {
        list.lines().map(|item| item.trim_start_matches("- ").to_owned()).collect()
    }

    #[test]
    fn a_list_that_is_headed_by_what_is_asked_for_is_shown_whole_and_in_order() {
        let items = "- Linkerd, which is easy\n- Helm\n- Kuma for two clusters\n- Our own operator\n";
        let expected = ["Linkerd, which is easy", "Helm", "Kuma for two clusters", "Our own operator"];
        for head in ["## Tools we want to try", "These are the tools we will try at home:"] {
            let recap = format!("{head}\n\n{items}");
            assert_eq!(lines(&recap, "which tools did people want to try?"), expected, "{head}");
        }
    }

    #[test]
    fn two_lists_stay_apart_under_what_introduces_them() {
        let text = "New features of Linkerd 1.1:\n\n- balancing\n- scaling by itself\n- jobs\n\n\
            Planned features of Linkerd 1.2:\n\n- a store\n- meshes of meshes\n- charts\n";
        let engine =
            engine_of_recaps(&[("Ann", text), ("Bo", "Linkerd is easy to run, we think, for most.")]);
        let overview =
            overview_of(&engine, "which new and planned features of Linkerd were named?").expect("a list");
        assert_sound(&overview);
        let shown: Vec<(&str, Option<&str>)> = overview
            .excerpts
            .iter()
            .map(|line| (line.quote.text.as_str(), line.lead_in.as_ref().map(|it| it.text.as_str())))
            .take(6)
            .collect();
        let expected = [
            ("balancing", Some("New features of Linkerd 1.1:")),
            ("scaling by itself", None),
            ("jobs", None),
            ("a store", Some("Planned features of Linkerd 1.2:")),
            ("meshes of meshes", None),
            ("charts", None),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_items_for_which_there_is_no_room_come_next() {
        let names = "Linkerd Helm Kuma Istio Falco Harbor Rook Vitess Tekton Kyverno Cilium Jaeger Flux";
        let text = format!("## Tools we want to try\n\n- {}", names.replace(' ', "\n- "));
        let engine = engine_of_recaps(&[("Ann", &text), ("Bo", OTHER)]);
        let question = "which tools did people want to try?";
        let overview = overview_of(&engine, question).expect("a list");
        assert_eq!((overview.excerpts.len(), overview.further), (10, 3));
        let shown: Vec<ExcerptPlace> = overview.excerpts.iter().map(ExcerptPlace::from).collect();
        assert_eq!(engine.further_lines(&request(question), &shown).expect("lines").len(), 3);
    }

    #[test]
    fn a_list_with_very_many_items_is_no_fault() {
        let items: Vec<String> = (0..70_000).map(|number| format!("- tool {number}")).collect();
        let items = items.join("\n");
        let recap = format!("## Tools we want to try\n\n{items}");
        assert!(!lines(&recap, "which tools did people want to try?").is_empty());
    }

    #[test]
    fn a_list_under_other_words_is_none_of_what_is_asked_for() {
        let items = "- Linkerd, which is easy\n- Helm\n- Kuma for two clusters\n";
        for head in
            ["## Why Ann left the evening of the third day", "## Keynote: Tools to try – Ann Lee, Acme"]
        {
            let recap = format!("{head}\n\n{items}");
            let lines = lines(&recap, "which tools did people want to try?");
            assert!(!lines.starts_with(&items_of(items)), "{head}: {lines:?}");
        }
    }
}
