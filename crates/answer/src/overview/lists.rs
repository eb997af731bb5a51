//! The lines of a list: each names another thing of the kind that the question asks for, such as a company.

use std::collections::HashSet;

use super::lines::Line;
use crate::{answer_type::AnswerType, people::full_names};
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_text::tokens::folding::fold;

/// With as many lines that name something of the kind, the others are left out.
const ENOUGH_LINES: usize = 3;

/// Puts the lines first that name something of the kind asked for that no line before them names, and that the question does
/// not name, and the items of lists, which mostly name something that no table has. If there are enough of them, there are no
/// others. All lines stay if the question asks for no kind.
pub(super) fn naming_others(lines: Vec<Line>, asked: AnswerType, question: &str) -> Vec<Line> {
    if !matches!(asked, AnswerType::Company | AnswerType::Project | AnswerType::Who) {
        return lines;
    }
    let mut known: HashSet<String> = names_in(question, asked).collect();
    let (mut naming, others): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| {
        let names: Vec<String> = names_in(line.post.body.slice(line.span), asked).collect();
        let before = known.len();
        known.extend(names);
        known.len() > before || line.is_list_item()
    });
    if naming.len() < ENOUGH_LINES {
        naming.extend(others);
    }
    naming
}

/// The things of a kind that a text names.
fn names_in(text: &str, kind: AnswerType) -> impl Iterator<Item = String> {
    let wanted = match kind {
        AnswerType::Company => Some(EntityKind::Company),
        AnswerType::Project => Some(EntityKind::Project),
        _ => None,
    };
    let mentions = EntityTable::builtin().mentions(text).into_iter();
    let wanted_mentions = mentions.filter(move |mention| Some(mention.kind) == wanted);
    let things = wanted_mentions.map(|mention| mention.id.to_owned());
    let people = full_names(text).filter(|_| kind == AnswerType::Who).map(|name| fold(&name));
    things.chain(people.collect::<Vec<_>>())
}
