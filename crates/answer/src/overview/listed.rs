//! The items of lists whose heading or introduction names what a question asks for: of `Tools we want to try` all are wanted.

use std::collections::HashSet;
use std::sync::Arc;

use super::lines::{Line, is_short_enough, sort_best_first};
use super::on_topic::Topic;
use super::talks::{is_in_scope, line_at, talks_of};
use super::weak_lines::language_gain;
use crate::{answer_type::AnswerType, candidates::Candidate, plan::QueryPlan};
use takeaways_text::model::{Block, BlockKind, Post, PostId, ReasonKind};

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
/// What each item before it takes from the score: a list keeps its order.
const LOSS_AFTER_ITEM: f32 = 0.01;

/// The items of such lists in the posts of some candidates for lines on the topic of a plan, the best first. `asked` is the plan with
/// all words of the question.
pub(super) fn listed_lines(candidates: &[Candidate], plan: &QueryPlan, asked: &QueryPlan) -> Vec<Line> {
    if !matches!(plan.answer_type, AnswerType::Anything | AnswerType::Project) {
        return Vec::new(); // What names a company or a person may be told in any list.
    }
    let (topic, asked) = (Topic::new(plan), Topic::new(asked));
    let mut seen: HashSet<&PostId> = HashSet::new();
    let posts = candidates.iter().map(|candidate| &candidate.post).filter(|post| seen.insert(&post.id));
    let mut lines: Vec<Line> = posts.flat_map(|post| lines_of_post(post, &topic, &asked, plan)).collect();
    sort_best_first(&mut lines);
    lines.truncate(MAX_LISTED);
    lines
}

/// The items of the lists of a post that are headed by what is asked for.
fn lines_of_post(post: &Arc<Post>, topic: &Topic<'_>, asked: &Topic<'_>, plan: &QueryPlan) -> Vec<Line> {
    let body = &post.body;
    let items = body.blocks.iter().filter(|block| block.kind == BlockKind::ListItem).collect::<Vec<&Block>>();
    let lists = items.chunk_by(|a, b| (a.section, a.lead_in) == (b.section, b.lead_in));
    let talks: HashSet<u32> = talks_of(body).iter().map(|talk| talk.section).collect();
    let named = lists.filter(|items| {
        let Some(first) = items.first().filter(|_| items.len() >= MIN_ITEMS) else { return false };
        is_headed(post, first, talks.contains(&first.section), topic, asked)
    });
    let lines = named.flat_map(|items| items.iter().zip(0_u16..)).filter_map(|(item, at)| {
        let text = body.slice(item.span);
        let can_be_line = is_short_enough(text) && !text.ends_with([':', '：']);
        if !can_be_line || !is_in_scope(post, item.section, item.span, plan) {
            return None;
        }
        let mut line = line_at(post, item.span);
        line.add(ReasonKind::Heading, LISTED_GAIN - LOSS_AFTER_ITEM * f32::from(at));
        line.add(ReasonKind::Language, language_gain(post.language, plan.language));
        Some(line)
    });
    lines.collect()
}

/// Whether the introduction of a list, or the heading right above it, says little more than what is asked for, and names with the other
/// headings and the title all of the topic and most of the question; or less of it, if it has several words of the question itself.
/// The notes on a talk are no list of its title.
fn is_headed(post: &Post, item: &Block, is_of_talk: bool, topic: &Topic<'_>, asked: &Topic<'_>) -> bool {
    let body = &post.body;
    let introduction = body.lead_in_of(item).map(|it| body.slice(it.span));
    let introduction = introduction.filter(|text| text.chars().count() <= MAX_INTRODUCTION);
    let path = body.heading_path(item.section);
    let heading = path.last().copied().filter(|_| !is_of_talk);
    let texts = || introduction.into_iter().chain(path.iter().copied()).chain(post.title.as_deref());
    let is_whole = topic.is_named_by(texts(), post.language);
    let least = if is_whole { MIN_SHARE_OF_QUESTION } else { MIN_SHARE_OF_QUESTION_IN_PART };
    let has_enough = asked.share_named_by(texts(), post.language) >= least;
    let is_head = |head: &str| {
        let has_parts = || asked.count_named_by([head], post.language) >= ENOUGH_WORDS_OF_HEAD;
        asked.share_of_words(head, post.language) >= MIN_SHARE_OF_HEAD && (is_whole || has_parts())
    };
    has_enough && introduction.into_iter().chain(heading).any(is_head)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};

    fn lines(text: &str, question: &str) -> Vec<String> {
        let other = "Most teams should try Istio first, because it is easier to debug than what they had.";
        let overview = overview_of(&engine_of_recaps(&[("Ann", text), ("Bo", other)]), question);
        let Some(overview) = overview else { return Vec::new() };
        assert_sound(&overview);
        overview.excerpts.into_iter().map(|line| line.quote.text).collect()
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
    fn a_list_under_other_words_is_none_of_what_is_asked_for() {
        let items = "- Linkerd, which is easy\n- Helm\n- Kuma for two clusters\n";
        for head in
            ["## Why Ann left the evening of the third day", "## Keynote: Tools to try – Ann Lee, Acme"]
        {
            let recap = format!("{head}\n\n{items}");
            let lines = lines(&recap, "which tools did people want to try?");
            let first = lines.first().map(String::as_str);
            assert_ne!(first, Some("Linkerd, which is easy"), "{head}: {lines:?}");
        }
    }
}
