//! Finds the projects and companies that a text names.
//!
//! `config/entities.toml` holds the names. Many are ordinary words too: case, the words beside a name, and other
//! mentions in the same text decide what it means there.

mod context;
mod table;

#[cfg(test)]
mod measured;

use crate::events::EventTable;
use context::NameContext;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use takeaways_text::phrases::Words;

pub(crate) use table::ENTITIES_TOML;
pub use table::EntityTable;
use table::{Entity, NameForm, NameStrength};

/// What kind of thing a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// A project, product, programming language or standard.
    Project,
    /// A company or another organisation.
    Company,
}

/// A place of a text that names a project or a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityMention<'t> {
    /// What is named.
    pub kind: EntityKind,
    /// Its id. A project and a company may have the same.
    pub id: &'t str,
    /// Its position in the table of projects and companies.
    pub position: u16,
    /// The bytes of the name.
    pub span: Range<usize>,
}

/// The ids of what a text names, most mentions first, then as they come first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedEntities {
    /// The projects.
    pub projects: Vec<String>,
    /// The companies.
    pub companies: Vec<String>,
}

impl NamedEntities {
    /// Returns what the mentions of a text name.
    pub(crate) fn of_mentions(mentions: &[EntityMention<'_>]) -> Self {
        let mut counts: HashMap<(EntityKind, &str), (usize, usize)> = HashMap::new();
        for (at, mention) in mentions.iter().enumerate() {
            counts.entry((mention.kind, mention.id)).or_insert((0, at)).0 += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, (count, first))| (std::cmp::Reverse(*count), *first));
        let ids_of = |wanted: EntityKind| {
            let ids = counts.iter().filter(|((kind, _), _)| *kind == wanted);
            ids.map(|((_, id), _)| (*id).to_owned()).collect()
        };
        Self { projects: ids_of(EntityKind::Project), companies: ids_of(EntityKind::Company) }
    }
}

/// Some words that may be a name, with what they may mean; at most one project and one company.
struct NameCandidate<'t> {
    words: Range<usize>,
    span: Range<usize>,
    project: Option<&'t NameForm>,
    company: Option<&'t NameForm>,
}

impl EntityTable {
    /// Returns the mentions in a text, in order. Of overlapping names the longest counts.
    pub fn mentions(&self, text: &str) -> Vec<EntityMention<'_>> {
        self.found_in(&Words::new(text)).into_iter().map(|(mention, _)| mention).collect()
    }

    /// Returns the mentions in a post, in order: as in any text, but names that are also words, such as `Harbor`, count only
    /// beside clear ones. Those of projects need a clear name of a project, or of an event of the table, which `about` may have too:
    /// the title of the post and what it says that it is about.
    pub fn mentions_of_post<'a>(
        &self,
        text: &str,
        about: impl IntoIterator<Item = &'a str>,
    ) -> Vec<EntityMention<'_>> {
        let found = self.found_in(&Words::new(text));
        let has_clear = |kinds: &[EntityKind]| {
            found.iter().any(|(mention, is_ambiguous)| !is_ambiguous && kinds.contains(&mention.kind))
        };
        let has_event =
            |text: &str| EventTable::builtin().mentions(text).iter().any(|event| event.series.is_some());
        let is_technical =
            has_clear(&[EntityKind::Project]) || about.into_iter().any(has_event) || has_event(text);
        let names_companies = is_technical || has_clear(&[EntityKind::Company]);
        let counts = |kind| if kind == EntityKind::Project { is_technical } else { names_companies };
        let counted =
            found.into_iter().filter(|(mention, is_ambiguous)| !is_ambiguous || counts(mention.kind));
        counted.map(|(mention, _)| mention).collect()
    }

    /// Returns the mentions in the words of a text, and whether each is by an ambiguous name without evidence beside it.
    fn found_in(&self, words: &Words<'_>) -> Vec<(EntityMention<'_>, bool)> {
        let candidates = self.candidates(words);
        let meanings = self.meanings(words, &candidates);
        let context = NameContext { words, cues: &self.cues };
        let mentions = candidates.into_iter().zip(meanings).filter_map(|(candidate, entity)| {
            let at = entity?;
            let found = self.entities.get(at)?;
            let form = [candidate.project, candidate.company]
                .into_iter()
                .flatten()
                .find(|form| form.entity == entity)?;
            let before = candidate.words.start.checked_sub(1);
            let is_known = |at| self.longest_at(words, at).is_some();
            if form.is_ambiguous && before.is_some_and(|at| context.is_given_name(at) && !is_known(at)) {
                return None; // The last name of a person.
            }
            let has_evidence = || {
                context.has_near(&candidate.words, &found.near)
                    || found.kind == EntityKind::Company && context.is_company(&candidate.words, false)
            };
            let is_ambiguous = form.is_ambiguous && !has_evidence();
            let (position, Entity { kind, id, .. }) = (u16::try_from(at).ok()?, found);
            Some((EntityMention { kind: *kind, id, position, span: candidate.span }, is_ambiguous))
        });
        mentions.collect()
    }

    /// Whether a text is a name of a project or a company, in any case and whatever it may mean elsewhere.
    pub fn knows(&self, text: &str) -> bool {
        let words = Words::new(text);
        let found = self.longest_at(&words, 0);
        found.is_some_and(|(len, forms)| len == words.len() && forms.iter().any(|form| form.entity.is_some()))
    }

    /// Finds the words that may be names, without those of a longer phrase that means something else.
    fn candidates(&self, words: &Words<'_>) -> Vec<NameCandidate<'_>> {
        let mut candidates = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let Some((len, forms)) = self.longest_at(words, at) else {
                at += 1;
                continue;
            };
            let of_kind = |wanted: EntityKind| {
                let is_wanted = |form: &&NameForm| {
                    form.entity
                        .and_then(|entity| self.entities.get(entity))
                        .is_some_and(|it| it.kind == wanted)
                };
                forms.iter().copied().find(is_wanted)
            };
            if let Some(first) = forms.first().filter(|_| forms.iter().all(|form| form.entity.is_some())) {
                let (project, company) = (of_kind(EntityKind::Project), of_kind(EntityKind::Company));
                let span = first.span(words, at..at + len);
                candidates.push(NameCandidate { words: at..at + len, span, project, company });
            }
            at += len;
        }
        candidates
    }

    /// Returns the number of words of the longest names that are written at a word, and these names.
    fn longest_at(&self, words: &Words<'_>, at: usize) -> Option<(usize, Vec<&NameForm>)> {
        if words.is_glued(at) {
            return None;
        }
        let written = self.names.matches_at(words, at);
        let mut written = written.filter(|(len, form)| form.is_written_at(words, at..at + len)).peekable();
        let (longest, _) = *written.peek()?;
        Some((longest, written.take_while(|(len, _)| *len == longest).map(|(_, form)| form).collect()))
    }

    /// Returns what each candidate means; `None` where it is only a word. What the words beside it don't decide is
    /// decided by whether the text names the same thing elsewhere.
    fn meanings(&self, words: &Words<'_>, candidates: &[NameCandidate<'_>]) -> Vec<Option<usize>> {
        let context = NameContext { words, cues: &self.cues };
        let mut meanings = Vec::with_capacity(candidates.len());
        let mut end_before = 0;
        for candidate in candidates {
            let follows_name = end_before == candidate.words.start && end_before > 0;
            let meaning = self.meaning_by_context(&context, candidate, follows_name);
            if meaning.is_some() {
                end_before = candidate.words.end;
            }
            meanings.push(meaning);
        }
        let named: HashSet<usize> = meanings.iter().copied().flatten().collect();
        for (candidate, meaning) in candidates.iter().zip(&mut meanings) {
            let entities = [candidate.project, candidate.company];
            let entities = entities.into_iter().flatten().filter_map(|form| form.entity);
            let mut known = entities.filter(|entity| named.contains(entity));
            *meaning = meaning.or_else(|| known.next());
        }
        meanings
    }

    /// Returns what a candidate means by the words beside it.
    fn meaning_by_context(
        &self,
        context: &NameContext<'_>,
        candidate: &NameCandidate<'_>,
        follows_name: bool,
    ) -> Option<usize> {
        let at = &candidate.words;
        let near = |form: &NameForm| {
            let near = form.entity.and_then(|entity| self.entities.get(entity)).map(|entity| &entity.near);
            near.is_some_and(|near| context.has_near(at, near))
        };
        let is_certain = |form: &NameForm| match form.strength {
            NameStrength::Certain => true,
            NameStrength::Inside => !context.starts_sentence(at.start) || near(form),
            NameStrength::Weak => near(form),
        };
        let is_company = || context.is_company(at, follows_name);
        match (candidate.project, candidate.company) {
            (Some(project), Some(company)) => {
                let means_company = is_company() || (!is_certain(project) && is_certain(company));
                let form = if means_company { company } else { project };
                form.entity.filter(|_| means_company || is_certain(project))
            }
            (Some(project), None) => project.entity.filter(|_| is_certain(project)),
            (None, Some(company)) => company.entity.filter(|_| is_certain(company) || is_company()),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EntityKind, EntityTable, NamedEntities};
    use proptest::prelude::*;
    use takeaways_text::phrases::Words;

    fn table() -> &'static EntityTable {
        EntityTable::builtin()
    }

    /// The mentions in a text, such as `P helm` and `C docker`.
    fn mentions(text: &str) -> Vec<String> {
        let kind = |kind| if kind == EntityKind::Project { 'P' } else { 'C' };
        table().mentions(text).into_iter().map(|found| format!("{} {}", kind(found.kind), found.id)).collect()
    }

    #[test]
    fn a_project_goes_by_its_name_without_the_company() {
        for (name, expected) in [
            ("Apache Kafka", Some("Kafka")),
            ("amazon eks", Some("EKS")),
            ("Kafka", None),
            // "Swarm" may be Giant Swarm, and "Tempo" any word.
            ("Docker Swarm", None),
            ("Grafana Tempo", None),
        ] {
            assert_eq!(table().short_name(name), expected, "{name}");
        }
    }

    #[test]
    fn the_table_is_sound() {
        for (kind, at_least) in [(EntityKind::Project, 500), (EntityKind::Company, 300)] {
            let ids: Vec<&str> = table().ids(kind).collect();
            assert!(ids.len() >= at_least, "{}", ids.len());
            for id in ids {
                assert!(table().name(kind, id).is_some_and(|name| !name.is_empty()), "{id}");
                assert!(!id.is_empty() && !id.contains(char::is_uppercase) && !id.contains(' '), "{id}");
            }
        }
        assert_eq!(table().name(EntityKind::Project, "nothing"), None);
        for near in table().entities.iter().flat_map(|entity| &entity.near) {
            let words = Words::new(near);
            assert_eq!((words.len(), words.folded(0)), (1, &**near), "{near} is not one folded word");
        }
    }

    #[test]
    fn each_name_that_counts_alone_means_one_thing_of_a_kind() {
        let mut wrong = Vec::new();
        for kind in [EntityKind::Project, EntityKind::Company] {
            for id in table().ids(kind) {
                let name = table().name(kind, id).expect("a name");
                for mention in table().mentions(&format!("we saw {name} there")) {
                    if mention.kind == kind && mention.id != id && mention.span == (7..7 + name.len()) {
                        wrong.push(format!("{name} is taken for {}", mention.id));
                    }
                }
            }
        }
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn a_text_names_projects_and_companies() {
        for (text, expected) in [
            ("k8s, Kubernetes and KUBERNETES", vec!["P kubernetes"; 3]),
            (
                "Postgres on AWS and Amazon Web Services",
                vec!["P postgresql", "C amazon-web-services", "C amazon-web-services"],
            ),
            ("Amazon EKS, Google Cloud", vec!["C amazon", "P amazon-eks", "C google"]),
            ("HashiCorp Vault and Argo CD", vec!["C hashicorp", "P vault", "P argo"]),
            ("Open Policy Agent (OPA), no opa", vec!["P open-policy-agent"; 2]),
            ("C++, C# and .NET, but not C and net", vec!["P cplusplus", "P csharp", "P dotnet"]),
            ("Node.js and node", vec!["P node-js"]),
            ("log4k8s, kubernetesio", vec![]),
            ("用Kubernetes和阿里云以及Envoy代理", vec!["P kubernetes", "C alibaba", "P envoy"]),
            ("쿠버네티스에서 구글이", vec!["P kubernetes", "C google"]),
            ("Ruby のログ", vec!["P ruby"]),
            ("", vec![]),
        ] {
            assert_eq!(mentions(text), expected, "{text}");
        }
    }

    #[test]
    fn case_and_neighbours_decide_for_ordinary_words() {
        for (text, expected) in [
            ("we use Helm; she is at the helm", vec!["P helm"]),
            ("At the Helm of a ship", vec![]),
            ("Harbor keeps images in a harbor", vec!["P harbor"]),
            ("written in Go, so let's go to it", vec!["P go"]),
            ("Go to the booth. Let's Go! Go now.", vec![]),
            ("Go packages are small", vec!["P go"]),
            ("we like Go. Go is small. Go to bed", vec!["P go"; 2]),
            ("Spark joy with sparks", vec![]),
            ("batch jobs on Spark", vec!["P spark"]),
            ("Rust never sleeps, iron may rust", vec!["P rust"]),
            ("In Salt Lake City with a Chef", vec![]),
            ("Chef or Puppet with Salt minions", vec!["P chef", "P puppet", "P salt"]),
            ("as a CNCF Ambassador", vec![]),
            ("Ambassador is a gateway", vec!["P ambassador"]),
            ("a black box and a Target", vec![]),
            ("engineers at Target and Ada Lovelace, Box", vec!["C target", "C box"]),
            ("the Orange room, the Square, a Shell script", vec![]),
            ("Ada Lovelace (Square) spoke", vec!["C square"]),
            ("a meta talk on Meta and Facebook", vec!["C meta", "C facebook"]),
            ("un flux de logs, une vue", vec![]),
            ("KIND is kind of small", vec!["P kind"]),
        ] {
            assert_eq!(mentions(text), expected, "{text}");
        }
    }

    #[test]
    fn a_word_is_a_name_in_a_post_only_beside_clear_names() {
        let named = |text: &str| -> Vec<&str> {
            table().mentions_of_post(text, None).into_iter().map(|found| found.id).collect()
        };
        for (text, expected) in [
            ("We moved the Prometheus of 1911, said Mr. Falco of the Harbor Museum.", vec![]),
            ("Harbor keeps images of Kubernetes", vec!["harbor", "kubernetes"]),
            ("At KubeCon we saw Harbor.", vec!["harbor"]),
            ("Oracle bones, and Kafka", vec![]),
            ("Kafka and Oracle had a stand beside Google", vec!["oracle", "google"]),
            ("an engineer from Oracle spoke", vec!["oracle"]),
            (
                "Kubernetes, with Aurelio Falco and Ruby Sinatra; will Falco do?",
                vec!["kubernetes", "ruby", "falco"],
            ),
            ("CNCF and SQL", vec!["cloud-native-computing-foundation", "sql"]),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_both_is_a_company_where_it_acts() {
        for (text, expected) in [
            ("Docker announced it", "C docker"),
            ("a friend from Docker", "C docker"),
            ("Docker, Inc.", "C docker"),
            ("Docker's CEO", "C docker"),
            ("Ada Lovelace, Docker", "C docker"),
            ("a Director of Engineering, GitLab", "C gitlab"),
            ("we moved from Docker to it", "P docker"),
            ("images for Docker", "P docker"),
            ("Docker's layers", "P docker"),
            ("Docker Swarm", "P docker-swarm"),
            ("they use Redis", "P redis"),
        ] {
            assert_eq!(mentions(text), [expected], "{text}");
        }
        assert_eq!(mentions("they run Apache Mesos, Docker"), ["P mesos", "P docker"]);
    }

    #[test]
    fn spans_hold_the_names() {
        let text = "with .NET, C++ or Red Hat's OpenShift";
        let names: Vec<&str> = table().mentions(text).into_iter().map(|it| &text[it.span]).collect();
        assert_eq!(names, [".NET", "C++", "Red Hat", "OpenShift"]);
    }

    #[test]
    fn the_most_named_come_first() {
        let mentions = table().mentions("Istio, Linkerd and Linkerd by Buoyant, at Google, Google");
        let named = NamedEntities::of_mentions(&mentions);
        assert_eq!(named.projects, ["linkerd", "istio"]);
        assert_eq!(named.companies, ["google", "buoyant"]);
        assert_eq!(NamedEntities::of_mentions(&table().mentions("")), NamedEntities::default());
    }

    #[test]
    fn broken_tables_are_refused() {
        let is_twice =
            |toml: &str| EntityTable::parse(toml).is_err_and(|error| error.to_string().contains("twice"));
        assert!(is_twice("company = []\n[[project]]\nname = \"A b\"\n[[project]]\nname = \"a-B\"\n"));
        assert!(!is_twice("[[project]]\nname = \"A\"\n[[company]]\nname = \"A\"\n"));
        assert!(EntityTable::parse("project = 1").is_err());
    }

    proptest! {
        #[test]
        fn mentions_are_in_order_and_within_the_text(
            parts in prop::collection::vec(prop::sample::select(vec![
                "Go", "go to", "C++", ".", " ", ",", "\n", "Docker", "Inc", "'s", "kubernetes", "K", "8", "s", "用", "😀", "é",
            ]), 0..30),
        ) {
            let text = parts.concat();
            let mut end = 0;
            for mention in table().mentions(&text) {
                prop_assert!(mention.span.start >= end && mention.span.start < mention.span.end);
                prop_assert!(text.get(mention.span.clone()).is_some());
                end = mention.span.end;
            }
        }
    }
}
