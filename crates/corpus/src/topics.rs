//! Finds the topics of a post or passage.
//!
//! `config/topics.toml` holds the words. Index, answers and digests all use this table, so that a topic means the
//! same everywhere.

use serde::{Deserialize, de::Error};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;
use takeaways_text::phrases::{PhraseTable, Words};

/// How often the text of a post must name a topic that its tags, its title and its headings don't name.
const MIN_MENTIONS: usize = 3;

/// The text of the compiled-in table.
pub(crate) const TOPICS_TOML: &str = include_str!("../../../config/topics.toml");

/// All topics and their names.
#[derive(Debug, Clone)]
pub struct TopicTable {
    topics: Vec<Topic>,
    /// The names that a text may contain.
    names: PhraseTable<TopicName>,
    /// The index in `topics` by the folded letters of a tag.
    topic_by_tag: HashMap<String, usize>,
}

/// What sets a topic apart from those about the content of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TopicKind {
    /// Events themselves, such as keynotes.
    Event,
    /// How people come to events and are looked after there.
    Logistics,
    /// What whole conferences are about.
    General,
}

#[derive(Debug, Clone)]
struct Topic {
    id: String,
    name: String,
    kind: Option<TopicKind>,
    /// Whether the name begins with a capital within a sentence too.
    is_proper_name: bool,
    /// Its aliases and tags.
    other_names: Vec<String>,
    /// The ids of the narrower topics whose names belong to this one too.
    parts: Vec<String>,
}

#[derive(Debug, Clone)]
struct TopicName {
    topic: usize,
    /// The only spelling that counts as this name.
    exact_spelling: Option<Box<str>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicsFile {
    topic: Vec<TopicRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicRow {
    id: String,
    name: String,
    kind: Option<TopicKind>,
    #[serde(default)]
    unnamed: bool,
    #[serde(default)]
    proper: bool,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    cased: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    parts: Vec<String>,
}

impl TopicTable {
    /// The compiled-in table.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<TopicTable> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "the text is compiled in and a test reads it")]
            TopicTable::parse(TOPICS_TOML).expect("the table of topics is sound")
        });
        &BUILTIN
    }

    /// Parses a table.
    ///
    /// # Errors
    /// The text is not TOML of the expected shape, or two topics have the same id.
    pub fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let file: TopicsFile = toml::from_str(toml)?;
        let mut table =
            Self { topics: Vec::new(), names: PhraseTable::default(), topic_by_tag: HashMap::new() };
        for row in file.topic {
            if table.topic(&row.id).is_some() {
                return Err(Error::custom(format!("{} is in the table twice", row.id)));
            }
            table.add(row);
        }
        Ok(table)
    }

    fn add(&mut self, row: TopicRow) {
        let topic = self.topics.len();
        let name = (!row.unnamed).then_some(&row.name);
        for alias in row.aliases.iter().chain(name) {
            let exact_spelling = needs_capitals(alias).then(|| alias.as_str().into());
            self.names.add(alias, TopicName { topic, exact_spelling });
        }
        for alias in &row.cased {
            self.names.add(alias, TopicName { topic, exact_spelling: Some(alias.as_str().into()) });
        }
        for tag in row.aliases.iter().chain(&row.tags).chain([&row.id, &row.name]) {
            self.topic_by_tag.entry(fold_tag(tag)).or_insert(topic);
        }
        let other_names = [row.aliases, row.cased, row.tags].concat();
        let is_proper_name = row.proper || has_inner_capital(&row.name);
        let TopicRow { id, name, kind, parts, .. } = row;
        self.topics.push(Topic { id, name, kind, is_proper_name, other_names, parts });
    }

    fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// Returns the name of a topic.
    pub fn name(&self, id: &str) -> Option<&str> {
        self.topic(id).map(|topic| topic.name.as_str())
    }

    /// Returns the name of a topic as it stands within a sentence: `service mesh`, `Helm and packaging`.
    pub fn name_in_sentence(&self, id: &str) -> Option<String> {
        let topic = self.topic(id)?;
        let mut letters = topic.name.chars();
        match letters.next() {
            Some(first) if !topic.is_proper_name => Some(first.to_lowercase().chain(letters).collect()),
            _ => Some(topic.name.clone()),
        }
    }

    /// The other names of a topic: its aliases and tags.
    pub fn other_names(&self, id: &str) -> impl Iterator<Item = &str> {
        self.topic(id).into_iter().flat_map(|topic| &topic.other_names).map(String::as_str)
    }

    /// The other names of a topic and of its parts.
    pub fn names_with_parts(&self, id: &str) -> impl Iterator<Item = &str> {
        let parts = self.topic(id).into_iter().flat_map(|topic| &topic.parts);
        self.other_names(id).chain(parts.flat_map(|part| self.other_names(part)))
    }

    /// The ids of all topics, in the order of the table.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.topics.iter().map(|topic| topic.id.as_str())
    }

    /// Returns the id of the topic that a tag names. Case, spaces and hyphens make no difference.
    pub fn topic_of_tag(&self, tag: &str) -> Option<&str> {
        self.topic_by_tag
            .get(&fold_tag(tag))
            .and_then(|&topic| self.topics.get(topic))
            .map(|topic| topic.id.as_str())
    }

    /// Returns the ids of the topics that a text names and how often it does, in the order of the table.
    pub fn topics_in_text(&self, text: &str) -> Vec<(&str, usize)> {
        self.topics_in_words(&Words::new(text))
    }

    fn topics_in_words(&self, words: &Words<'_>) -> Vec<(&str, usize)> {
        let mut mentions = self.mentions_in(words);
        mentions.sort_unstable();
        mentions.into_iter().filter_map(|(at, count)| Some((self.id_at(at)?, count))).collect()
    }

    /// Returns the positions in the table of the topics that a text names, in order.
    pub(crate) fn positions_in_text(&self, text: &str) -> Vec<u16> {
        let mentions = self.mentions_in(&Words::new(text));
        let mut positions: Vec<u16> = mentions.into_iter().map(|(at, _)| at).collect();
        positions.sort_unstable();
        positions
    }

    /// Returns the positions in the table of the topics that a text names, each with how often it does, in the order in which it
    /// names them first.
    pub(crate) fn mentions_in(&self, words: &Words<'_>) -> Vec<(u16, usize)> {
        let mut found: Vec<(u16, usize)> = Vec::new();
        for (topic, _) in self.names_in(words) {
            let Ok(position) = u16::try_from(topic) else { continue };
            match found.iter_mut().find(|(known, _)| *known == position) {
                Some((_, count)) => *count += 1,
                None => found.push((position, 1)),
            }
        }
        found
    }

    /// Returns the ids of the topics that a text names, in the order of the table.
    pub fn ids_in_text(&self, text: &str) -> impl Iterator<Item = &str> {
        self.topics_in_text(text).into_iter().map(|(id, _)| id)
    }

    /// Returns the id of the topic at a position in the table.
    pub fn id_at(&self, position: u16) -> Option<&str> {
        self.topics.get(usize::from(position)).map(|topic| topic.id.as_str())
    }

    /// Returns the sorted ids of the topics of a post: those that a tag, the title or a heading names, and those
    /// that the text names at least three times.
    pub(crate) fn topics_of_post(
        &self,
        title: Option<&str>,
        tags: &[String],
        headings: &[&str],
        text: &Words<'_>,
    ) -> Vec<String> {
        let mut ids: Vec<&str> = tags.iter().filter_map(|tag| self.topic_of_tag(tag)).collect();
        for line in title.iter().chain(headings) {
            ids.extend(self.ids_in_text(line));
        }
        let frequent = self.topics_in_words(text).into_iter().filter(|(_, count)| *count >= MIN_MENTIONS);
        ids.extend(frequent.map(|(id, _)| id));
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(str::to_owned).collect()
    }

    /// Returns the ids of the topics that a text names with the places, in bytes, at which it does, in order.
    pub fn named_in(&self, text: &str) -> Vec<(&str, Range<usize>)> {
        let words = Words::new(text);
        let named = self.names_in(&words).into_iter();
        let with_ids = named.filter_map(|(topic, named)| {
            Some((self.topics.get(topic)?.id.as_str(), words.byte_range(named)))
        });
        with_ids.collect()
    }

    /// The position in the table of each topic that is named, with the words that name it. Of overlapping names the longest counts.
    fn names_in(&self, words: &Words<'_>) -> Vec<(usize, Range<usize>)> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < words.len() {
            let longest = self.names.matches_at(words, at).find(|(len, name)| {
                let spelling = words.slice(at..at + len);
                let is_whole = !words.is_glued(at) && !words.is_glued(at + len);
                is_whole && name.exact_spelling.as_deref().is_none_or(|exact| exact == spelling)
            });
            let len = longest.map_or(1, |(len, _)| len);
            found.extend(longest.map(|(_, name)| (name.topic, at..at + len)));
            at += len;
        }
        found
    }
}

/// Whether a topic is about events and not about their content, such as keynotes.
pub fn is_event_topic(topic: &str) -> bool {
    matches!(kind_of(topic), Some(TopicKind::Event | TopicKind::Logistics))
}

/// Whether a topic is what whole conferences are about, so that it tells little of one.
pub fn is_general_topic(topic: &str) -> bool {
    kind_of(topic) == Some(TopicKind::General)
}

/// Whether a topic is about how people come to events and are looked after there.
pub fn is_logistics_topic(topic: &str) -> bool {
    kind_of(topic) == Some(TopicKind::Logistics)
}

fn kind_of(topic: &str) -> Option<TopicKind> {
    TopicTable::builtin().topic(topic)?.kind
}

/// Whether the first word of a name has a capital after its first letter: `OpenStack`, `AI`, `gRPC`.
fn has_inner_capital(name: &str) -> bool {
    name.chars().skip(1).take_while(|c| !c.is_whitespace()).any(char::is_uppercase)
}

/// Whether a name, such as `AI`, `SREs` or `IoT`, is another word in lower case: it is short and has two capitals.
fn needs_capitals(alias: &str) -> bool {
    alias.chars().count() <= 5 && alias.chars().filter(|c| c.is_uppercase()).count() >= 2
}

/// Returns the folded letters and digits of a tag, with nothing between its words.
fn fold_tag(tag: &str) -> String {
    let words = Words::new(tag);
    let mut letters: String = (0..words.len()).map(|at| words.folded(at)).collect();
    // These signs tell C# from C and C++.
    letters.extend(tag.chars().filter(|c| matches!(c, '#' | '+')).filter(|_| tag.len() <= 4));
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> &'static TopicTable {
        TopicTable::builtin()
    }

    #[test]
    fn the_table_is_sound() {
        let ids: Vec<&str> = table().ids().collect();
        assert!((60..=100).contains(&ids.len()), "{}", ids.len());
        for id in ids {
            assert!(table().name(id).is_some_and(|name| !name.is_empty()), "{id}");
            assert_eq!(table().topic_of_tag(id), Some(id));
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
        }
        assert_eq!(table().name("nothing"), None);
        let parts = table().topics.iter().flat_map(|topic| &topic.parts);
        assert!(parts.clone().all(|part| table().name(part).is_some()), "{:?}", parts.collect::<Vec<_>>());
        let of_observability: Vec<&str> = table().names_with_parts("observability").collect();
        assert!(["OpenTelemetry", "Prometheus"].iter().all(|name| of_observability.contains(name)));
    }

    #[test]
    fn some_topics_are_not_about_the_content_of_events() {
        for (id, is_event, is_logistics) in [
            ("keynotes", true, false),
            ("travel", true, true),
            ("security", false, false),
            ("cloud-native", false, false),
            ("?", false, false),
        ] {
            assert_eq!((is_event_topic(id), is_logistics_topic(id)), (is_event, is_logistics), "{id}");
            assert_eq!(is_general_topic(id), id == "cloud-native", "{id}");
        }
    }

    #[test]
    fn names_within_a_sentence() {
        for (id, expected) in [
            ("service-mesh", "service mesh"),
            ("sponsors", "sponsors, booths and vendors"),
            ("packaging", "Helm and packaging"),
            ("linux", "Linux and operating systems"),
            ("ebpf", "eBPF"),
            ("ci-cd", "CI/CD"),
            ("ai", "AI and machine learning"),
            ("kubernetes", "Kubernetes"),
            ("gpus", "GPUs and accelerators"),
        ] {
            assert_eq!(table().name_in_sentence(id).as_deref(), Some(expected));
        }
        assert_eq!(table().name_in_sentence("nothing"), None);
    }

    #[test]
    fn tags_are_folded() {
        for (tag, expected) in [
            ("service-mesh", Some("service-mesh")),
            ("ServiceMesh", Some("service-mesh")),
            ("K8S", Some("kubernetes")),
            ("CI/CD", Some("ci-cd")),
            ("go", Some("go")),
            ("machine learning", Some("ai")),
            ("MachineLearning", Some("ai")),
            ("sécurité", Some("security")),
            ("C#", Some("programming-languages")),
            ("c", None),
            ("conference", None),
            ("", None),
        ] {
            assert_eq!(table().topic_of_tag(tag), expected, "{tag}");
        }
    }

    #[test]
    fn a_text_names_topics() {
        for (text, expected) in [
            ("Service meshes and a service-mesh", vec![("service-mesh", 2)]),
            ("to aim, or said the AI", vec![("ai", 1)]),
            ("AI AND ai", vec![("ai", 1)]),
            ("Go talks! Let's go, go to it", vec![("go", 1)]),
            ("log4j ec2x", vec![]),
            ("用服务网格和可观测性", vec![("service-mesh", 1), ("observability", 1)]),
            ("쿠버네티스에서", vec![("kubernetes", 1)]),
            ("open policy agent, Open Source", vec![("policy", 1), ("open-source", 1)]),
            ("Spark joy with sparks, spark and garden", vec![("data", 1)]),
            ("", vec![]),
        ] {
            assert_eq!(table().topics_in_text(text), expected, "{text}");
        }
    }

    #[test]
    fn a_post_has_the_topics_of_tags_title_headings_and_much_used_words() {
        let tags = ["Prometheus".to_owned(), "conference".to_owned()];
        let text = "istio istio, linkerd. Helm and Helm.";
        assert_eq!(
            table().topics_of_post(Some("All about eBPF"), &tags, &["GitOps at work"], &Words::new(text)),
            ["ebpf", "gitops", "monitoring", "service-mesh"]
        );
        assert_eq!(table().topics_of_post(None, &[], &[], &Words::new("")), Vec::<String>::new());
    }
}
