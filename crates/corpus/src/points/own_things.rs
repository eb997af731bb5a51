//! Finds what the writers of a post make or sell: posts of vendors and projects tell most of their own.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::entities::{EntityMention, EntityTable};
use crate::events::EventTable;
use crate::folded_text::{FoldedText, PhraseLists};
use crate::topics::TopicTable;
use takeaways_text::model::{Body, Language};

/// The least share of the sentences that name an own thing, in percent.
const MIN_NAMING: usize = 15;
/// The least product of that share and of the share of sentences in the first person plural is one to this number. Where most sentences
/// name a thing, a few of these are enough.
const MIN_PRODUCT: usize = 40;
/// A shorter post has too few sentences to tell.
const MIN_SENTENCES: usize = 8;

/// The positions in the table of the projects and companies that a post names again and again, in the first person plural or with
/// its title: "Keycloak at KubeCon" tells of Keycloak. What is a topic by itself, such as Kubernetes, is nobody's own.
pub(super) fn own_things(
    body: &Body,
    title: Option<&str>,
    mentions: &[EntityMention<'_>],
    language: Language,
) -> Vec<u16> {
    static PLURAL: LazyLock<Vec<PhraseLists<1>>> =
        LazyLock::new(|| PhraseLists::of_each_language([|words| &words.points.first_person_plural]));
    let all = body.sentences.len();
    let Some(plural) = PLURAL.get(language as usize).filter(|_| all >= MIN_SENTENCES) else {
        return Vec::new();
    };
    let mut naming: HashMap<u16, usize> = HashMap::new();
    for entity in body.sentences.iter().flat_map(|sentence| super::entities_in(mentions, sentence.span)) {
        *naming.entry(entity).or_default() += 1;
    }
    naming.retain(|entity, count| *count * 100 >= all * MIN_NAMING && !is_topic(*entity));
    if naming.is_empty() {
        return Vec::new();
    }
    let in_title = title.map(named_beside_events).unwrap_or_default();
    let is_plural = |text: &str| plural.find(&FoldedText::fold(text)).counts[0] > 0;
    let plurals = body.sentences.iter().filter(|sentence| is_plural(body.slice(sentence.span))).count();
    naming
        .into_iter()
        .filter(|(entity, count)| in_title.contains(entity) || count * plurals * MIN_PRODUCT >= all * all)
        .map(|(it, _)| it)
        .collect()
}

/// The positions of what a title names, beside the names of events: "Jenkins World" is not about Jenkins.
fn named_beside_events(title: &str) -> Vec<u16> {
    let events = EventTable::builtin().mentions(title);
    let is_of_event = |mention: &EntityMention<'_>| {
        events.iter().any(|it| it.range.start < mention.span.end && mention.span.start < it.range.end)
    };
    let mentions = EntityTable::builtin().mentions(title);
    mentions.iter().filter(|mention| !is_of_event(mention)).map(|mention| mention.position).collect()
}

/// Whether a topic is called like a project or company.
fn is_topic(entity: u16) -> bool {
    let (table, topics) = (EntityTable::builtin(), TopicTable::builtin());
    let Some((_, _, name)) = table.named_at(entity) else { return false };
    let topic = topics.topic_of_tag(name).and_then(|topic| topics.name(topic));
    topic.is_some_and(|topic| table.mentions(topic).iter().any(|mention| mention.position == entity))
}

#[cfg(test)]
mod tests {
    use crate::testing::read_text;

    #[test]
    fn what_writers_make_is_promoted() {
        let others =
            "The talks were long, and the rooms of the old hall were full on all three days. ".repeat(6);
        for (title, name, pronoun, expected) in [
            ("Recap", "Linkerd", "Our", true),
            ("Recap", "Linkerd", "The", false),
            ("Recap", "Kubernetes", "Our", false),
            ("Linkerd at KubeCon EU 2019", "Linkerd", "The", true),
            ("Kubernetes at KubeCon EU 2019", "Kubernetes", "The", false),
            ("A week at Jenkins World 2019", "Jenkins", "The", false),
        ] {
            let claim =
                format!("Most teams should try {name} first, because it is easier to run than others.");
            let ours = format!("{pronoun} {name} booth was never empty. ").repeat(3);
            let text = format!("# {title}\n\n{ours}\n\n{others}\n\n{claim}\n");
            let post = read_text(&text);
            let point = post.body.points.iter().find(|it| post.body.slice(it.span) == claim);
            assert_eq!(point.map(|it| it.kind.promotes), Some(expected), "{title}: {name} {pronoun}");
        }
    }
}
