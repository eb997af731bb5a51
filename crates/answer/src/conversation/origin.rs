//! The blog or the group that a conversation is of, by the name that its files have: `what did the Otter engineers learn?`, `and
//! about Istio?`

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Turn;
use crate::{
    engine::{AnswerError, Engine, Request},
    overview::take_origin,
    plan::plan_query,
    question_names::QuestionNames,
};
use takeaways_text::model::PostId;
use takeaways_text::tokens::folding::folded_words;

/// The posts of a larger blog are not kept.
const MAX_POSTS: usize = 100;

/// A blog or a group of which a question asks for the posts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its name, as the question has it: `Otter engineers`.
    pub name: String,
    /// Its posts.
    pub posts: Vec<PostId>,
}

impl Origin {
    /// Whether a text names it itself.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        let words = folded_words(text);
        folded_words(&self.name).iter().all(|word| words.contains(word))
    }
}

impl Engine {
    /// The blog or the group that a question names by the name that its files have; `None` if it names none.
    pub(super) fn origin_of(
        &self,
        names: &QuestionNames,
        request: &Request,
    ) -> Result<Option<Origin>, AnswerError> {
        let mut plan = plan_query(names.clone(), Arc::new(request.clone()), self.index())?;
        let before = plan.concepts.clone();
        if !take_origin(self, &mut plan)? {
            return Ok(None);
        }
        let is_left = |text: &String| plan.concepts.iter().any(|concept| concept.text == *text);
        let taken: Vec<String> =
            before.into_iter().map(|concept| concept.text).filter(|text| !is_left(text)).collect();
        let posts = plan.request.posts.clone();
        let is_kept = !taken.is_empty() && posts.len() <= MAX_POSTS;
        Ok(is_kept.then(|| Origin { name: taken.join(" "), posts }))
    }
}

impl Turn {
    /// The only posts of which a question that goes on with the turn is; empty for all, and if the question names them itself.
    pub(super) fn posts_of_origin(&self, question: &str) -> Vec<PostId> {
        let origin = self.origin.as_ref().filter(|origin| !origin.is_named_in(question));
        origin.map(|origin| origin.posts.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_word_names_no_origin() {
        let origin = Origin { name: "Otter engineers".into(), posts: Vec::new() };
        assert!(origin.is_named_in("What do the otter engineers say?"));
        assert!(!origin.is_named_in("What do the engineers of Otterware say?"));
    }
}
