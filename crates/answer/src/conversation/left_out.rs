//! The person whom a message means that has no subject, in a language in which verbs need none: `¿dijo algo de Istio?`

use super::follow_up::Message;
use super::pointers::PointerKind;
use super::words::split_words;
use crate::resolve::asks_for_words;
use takeaways_text::language::WordList;

impl Message<'_> {
    /// The only person of the scope before, if the message asks what was said and neither names nor means anybody else.
    pub(super) fn left_out_person(&self) -> Option<&str> {
        let language = self.names.parsed.language.words();
        let (impersonal, resolved) = (&language.conversation.impersonal, &self.names.resolved);
        let scope = &self.previous.scope;
        let mut people = scope.authors.iter().chain(&scope.people);
        let (person, other) = (people.next()?, people.next());
        let points_at = |kind| self.follow_up.points_at(kind);
        let is_named = !resolved.scope.authors.is_empty()
            || !resolved.scope.people.is_empty()
            || points_at(PointerKind::Person)
            || points_at(PointerKind::Author)
            || points_at(PointerKind::People);
        let words = split_words(self.request.question.text());
        let has_any = |list: &WordList| words.iter().any(|word| list.contains_folded(&word.folded));
        let is_of_others = has_any(impersonal) || language.shapes.groups.get("people").is_some_and(has_any);
        let may_be_left_out = impersonal.iter().next().is_some() && asks_for_words(&self.names.parsed.syntax);
        (may_be_left_out && other.is_none() && !is_named && !is_of_others && !self.follow_up.asks_others)
            .then_some(person.as_str())
    }
}
