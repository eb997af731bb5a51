//! Which topics a post or a passage is about.
//!
//! The words for topics stand in `config/topics.toml`. Index, answers and digests all ask here, so that a
//! topic means the same everywhere.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use takeaways_text::phrases::{PhraseTable, Words};

/// How often a post's text must name a topic that neither its tags nor its title nor a heading names.
const MIN_MENTIONS: usize = 3;

/// The text of the compiled-in table.
pub(crate) const TOPICS_TOML: &str = include_str!("../../../config/topics.toml");

/// Topics and what people call them.
#[derive(Debug, Clone)]
pub struct TopicTable {
    topics: Vec<Topic>,
    /// Words in a text.
    names: PhraseTable<TopicName>,
    /// Tags, folded and without anything between their words.
    topic_by_tag: HashMap<String, usize>,
}

#[derive(Debug, Clone)]
struct Topic {
    id: String,
    name: String,
}

#[derive(Debug, Clone)]
struct TopicName {
    topic: usize,
    /// It must be typed like this.
    exact_spelling: Option<Box<str>>,
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TopicsError {
    /// Not the TOML that is expected.
    #[error("the table of topics is not what is expected")]
    Toml(#[from] toml::de::Error),
    /// Two topics have one id.
    #[error("the topic {0} is in the table twice")]
    DuplicateId(String),
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
    #[serde(default)]
    unnamed: bool,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    cased: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
}

impl TopicTable {
    /// The table that is compiled in.
    ///
    /// # Panics
    /// Never in a build whose tests pass: they read the same text.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<TopicTable> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "the text is compiled in and a test reads it")]
            TopicTable::parse(TOPICS_TOML).expect("the table of topics is sound")
        });
        &BUILTIN
    }

    /// Reads a table.
    ///
    /// # Errors
    /// Where the text is not TOML of the expected shape, or two topics have one id.
    pub fn parse(toml: &str) -> Result<Self, TopicsError> {
        let file: TopicsFile = toml::from_str(toml)?;
        let mut table =
            Self { topics: Vec::new(), names: PhraseTable::default(), topic_by_tag: HashMap::new() };
        for row in file.topic {
            if table.topics.iter().any(|topic| topic.id == row.id) {
                return Err(TopicsError::DuplicateId(row.id));
            }
            table.add(row);
        }
        Ok(table)
    }

    fn add(&mut self, row: TopicRow) {
        let topic = self.topics.len();
        let named = (!row.unnamed).then_some(&row.name);
        for alias in row.aliases.iter().chain(named) {
            let exact = is_acronym(alias).then(|| alias.as_str().into());
            self.names.add(alias, TopicName { topic, exact_spelling: exact });
        }
        for alias in &row.cased {
            self.names.add(alias, TopicName { topic, exact_spelling: Some(alias.as_str().into()) });
        }
        for tag in row.aliases.iter().chain(&row.tags).chain([&row.id, &row.name]) {
            self.topic_by_tag.entry(fold_tag(tag)).or_insert(topic);
        }
        self.topics.push(Topic { id: row.id, name: row.name });
    }

    /// A topic's name.
    #[must_use]
    pub fn name(&self, id: &str) -> Option<&str> {
        self.topics.iter().find(|topic| topic.id == id).map(|topic| topic.name.as_str())
    }

    /// All topics' ids, in the table's order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.topics.iter().map(|topic| topic.id.as_str())
    }

    /// The topic that a tag stands for; case, spaces and hyphens don't matter.
    #[must_use]
    pub fn topic_of_tag(&self, tag: &str) -> Option<&str> {
        self.topic_by_tag
            .get(&fold_tag(tag))
            .and_then(|&topic| self.topics.get(topic))
            .map(|topic| topic.id.as_str())
    }

    /// The topics that a text names and how often, in the table's order.
    #[must_use]
    pub fn topics_in_text(&self, text: &str) -> Vec<(&str, usize)> {
        let counts = self.count_topics(text);
        let named = self.topics.iter().zip(counts).filter(|(_, times)| *times > 0);
        named.map(|(topic, times)| (topic.id.as_str(), times)).collect()
    }

    /// The topics of a post: its tags', those that its title or a heading names, and those that its text
    /// names at least three times. Ids, sorted.
    #[must_use]
    pub fn topics_of_post(
        &self,
        title: Option<&str>,
        tags: &[String],
        headings: &[&str],
        text: &str,
    ) -> Vec<String> {
        let mut ids: Vec<&str> = tags.iter().filter_map(|tag| self.topic_of_tag(tag)).collect();
        for line in title.iter().chain(headings) {
            ids.extend(self.topics_in_text(line).into_iter().map(|(id, _)| id));
        }
        let often = self.topics_in_text(text).into_iter().filter(|(_, times)| *times >= MIN_MENTIONS);
        ids.extend(often.map(|(id, _)| id));
        sorted_ids(ids)
    }

    /// The topics of a passage: those that it or a heading over it names. Ids, sorted.
    #[must_use]
    pub fn topics_of_passage(&self, headings: &[&str], text: &str) -> Vec<String> {
        let lines = headings.iter().copied().chain([text]);
        sorted_ids(lines.flat_map(|line| self.topics_in_text(line)).map(|(id, _)| id).collect())
    }

    /// How often each topic is named; of names that overlap the longest counts.
    fn count_topics(&self, text: &str) -> Vec<usize> {
        let words = Words::new(text);
        let mut counts = vec![0; self.topics.len()];
        let mut at = 0;
        while at < words.len() {
            let found = self.names.matches_at(&words, at).find(|(len, called)| {
                let typed = words.slice(at..at + len);
                let whole = !words.is_glued(at) && !words.is_glued(at + len);
                whole && called.exact_spelling.as_deref().is_none_or(|exact| exact == typed)
            });
            let Some((len, called)) = found else {
                at += 1;
                continue;
            };
            if let Some(count) = counts.get_mut(called.topic) {
                *count += 1;
            }
            at += len;
        }
        counts
    }
}

/// Short and with two capitals: `AI`, `SREs`, `IoT`. In small letters they are other words.
fn is_acronym(alias: &str) -> bool {
    alias.chars().count() <= 5 && alias.chars().filter(|c| c.is_uppercase()).count() >= 2
}

/// A tag's letters and digits, folded, with nothing between.
fn fold_tag(tag: &str) -> String {
    let words = Words::new(tag);
    let mut letters: String = (0..words.len()).map(|at| words.folded(at)).collect();
    // The signs that tell C# from C and C++.
    letters.extend(tag.chars().filter(|c| matches!(c, '#' | '+')).filter(|_| tag.len() <= 4));
    letters
}

fn sorted_ids(mut ids: Vec<&str>) -> Vec<String> {
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(str::to_owned).collect()
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
            table().topics_of_post(Some("All about eBPF"), &tags, &["GitOps at work"], text),
            ["ebpf", "gitops", "monitoring", "service-mesh"]
        );
        assert_eq!(
            table().topics_of_passage(&["GitOps at work"], text),
            ["gitops", "packaging", "service-mesh"]
        );
        assert_eq!(table().topics_of_post(None, &[], &[], ""), Vec::<String>::new());
    }
}
