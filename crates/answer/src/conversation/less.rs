//! Shows less of an answer: its first excerpts, or one sentence.

use super::turn::keep_shown;
use super::{Reply, Turn};
use crate::{
    engine::{AnswerLimits, MAX_EXCERPTS, Request},
    excerpt_place::ExcerptPlace,
    handle::{HandleError, Snapshot},
};

impl Snapshot {
    /// Shows the first excerpts of a turn.
    pub(super) fn first(
        &self,
        limit: usize,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let limits = AnswerLimits { excerpts: limit, ..request.limits };
        self.show_first(&found(previous), previous, &Request { limits, ..request.clone() })
    }

    /// Shows less of a turn: few excerpts of many, one of few, and a sentence of one.
    pub(super) fn shorter(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        match previous.shown.len() {
            0 | 1 => self.one_sentence(previous, request),
            2..=MAX_EXCERPTS => self.first(1, previous, request),
            _ => self.first(MAX_EXCERPTS, previous, request),
        }
    }

    /// Shows the sentence of the first excerpt of a turn that says most of its topic.
    pub(super) fn one_sentence(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let found = found(previous);
        let cited_for = previous.cited_for(request.now);
        let sentence = found
            .first()
            .map(|first| self.engine().sentence_of(first, &previous.topic, &cited_for))
            .transpose()?;
        let later = found.into_iter().skip(1).collect();
        let reply = self.show_excerpts(sentence.flatten().into_iter().collect(), later, previous, request)?;
        // Of one excerpt of several, numbers still name the others.
        Ok(if previous.whole.is_empty() { reply } else { keep_shown(reply, previous) })
    }
}

/// What a turn has shown and may show, best first.
fn found(turn: &Turn) -> Vec<ExcerptPlace> {
    turn.shown.iter().chain(&turn.further).cloned().collect()
}
