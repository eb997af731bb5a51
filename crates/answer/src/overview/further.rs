//! What is left to tell after an overview.

use super::lines::{Line, lines_of_candidates, points_of_posts, topic_lines};
use super::picked_lines::PickedLines;
use super::topic_groups::keep_on_topic;
use super::{
    MAX_LINES, ScopedPosts, advice, announcements, lists, names, recent, take_other_words, talks, views,
};
use crate::{
    engine::{AnswerError, Engine, Request},
    excerpt_place::ExcerptPlace,
    resolve::NameRole,
};
use takeaways_text::model::Shape;

impl Engine {
    /// Returns the places of the lines that come after those of an overview, best first.
    pub(crate) fn further_lines(
        &self,
        request: &Request,
        shown: &[ExcerptPlace],
    ) -> Result<Vec<ExcerptPlace>, AnswerError> {
        let mut plan = self.plan(request, NameRole::Subject)?;
        let shape = self.shape_of(request, &plan)?;
        plan.keep_topic(&shape);
        let other_words = take_other_words(&mut plan, shape.shape);
        let is_list = shape.shape == Shape::List && !shape.asks_for_events;
        let names = || names::lines_of_names(self, &plan, request);
        let talks = || talks::lines_of_talks(self, &plan, request);
        let announcements = || announcements::lines_of_announcements(self, &plan, request);
        let things = if is_list { lists::first_list(&plan, announcements, names, talks)? } else { None };
        let lines = if let Some(lines) = things {
            lines
        } else if plan.concepts.is_empty() {
            let posts = ScopedPosts::read(self.index(), &plan, request)?.posts;
            match shape.shape {
                Shape::Advice => advice::lines(self, &posts, &plan, &other_words, request)?,
                Shape::Opinions => {
                    let asked = plan.question.asked_side;
                    let mut lines = views::lines_of_event(&posts, &plan);
                    lines.retain(|line| asked.is_none() || line.stance == asked);
                    lines
                }
                _ => points_of_posts(&posts, &plan),
            }
        } else if shape.shape == Shape::List {
            lists::take_kind_word(&mut plan, shape.shape);
            let candidates = recent::candidates_on_topic(self, &plan, shape.shape, request)?;
            let mut lines = lines_of_candidates(&candidates, &plan, shape.shape);
            keep_on_topic(&mut lines, &plan, shape.shape);
            self.lines_of_list(lines, &candidates, &plan, request)?
        } else {
            topic_lines(self, &plan, shape.shape, request)?
        };
        let is_new = |line: &Line| {
            !shown.iter().any(|place| place.post == line.post.id && place.span.overlaps(line.span))
        };
        let lines: Vec<Line> = lines.into_iter().filter(is_new).collect();
        let picked = PickedLines::default().pick_fairly(&lines, MAX_LINES);
        let excerpts = picked.iter().filter_map(|line| line.excerpt(&plan, request.now));
        Ok(excerpts.map(|excerpt| ExcerptPlace::from(&excerpt)).collect())
    }
}
