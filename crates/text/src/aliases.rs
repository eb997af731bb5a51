//! Finds names with the same meaning: `k8s` and Kubernetes, OPA and Open Policy Agent.
//!
//! Names are compared by their stemmed terms.

use crate::{
    model::Language,
    tokens::{folding::trim_punctuation, is_stop_word, strip_genitive},
    word_terms::{NameLengths, WordTerms},
};
use serde::{Deserialize, de::Error};
use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::LazyLock,
};

/// Groups of names for one thing, and looser groups of synonyms. The built-in ones are from `config/aliases.toml` and
/// `config/synonyms.toml`.
#[derive(Debug, Clone, Default)]
pub struct Aliases {
    groups: Vec<AliasGroup>,
    /// Maps the key of a name to the groups that contain it.
    memberships_by_key: HashMap<String, Vec<GroupMembership>>,
    lengths: NameLengths,
}

/// From this weight on, several words are searched as a phrase.
const NAME_WEIGHT: f32 = 0.9;

/// The rules for the terms of names in every language: the table and the question only have to agree.
const LANGUAGE: Language = Language::En;

/// Words that may stand for words of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    /// The words in their written form: `open policy agent`.
    pub words: String,
    /// 1 for another name of the same thing, less for a translation and for a synonym.
    pub weight: f32,
    /// Whether it is from a table of translations. It counts in English posts only.
    pub is_translation: bool,
}

/// The weight of a translation: a word has several, and not all are meant.
pub const TRANSLATION_WEIGHT: f32 = 0.9;

impl Alias {
    /// Whether it means what the words mean, and is not just near it.
    pub fn is_same_thing(&self) -> bool {
        self.weight >= if self.is_translation { TRANSLATION_WEIGHT } else { 1.0 }
    }
}

impl Aliases {
    /// The built-in table.
    pub fn builtin() -> &'static Self {
        // A test reads the same text, so the empty table is never used.
        static BUILTIN: LazyLock<Aliases> =
            LazyLock::new(|| Aliases::from_tables(&TABLES).unwrap_or_default());
        &BUILTIN
    }

    /// Parses tables in the form of `config/aliases.toml`.
    fn from_tables(tables: &[&str]) -> Result<Self, toml::de::Error> {
        let mut capitals = Vec::new();
        let mut lists = Vec::new();
        for table in tables {
            let file: AliasFile = toml::from_str(table)?;
            capitals.extend(file.capitals);
            lists.extend(file.lists.into_values());
        }
        if let Some(list) = lists.iter().find(|list| !(list.weight > 0.0 && list.weight <= 1.0)) {
            let what = format!("an alias has weight {}, it must be above 0 and at most 1", list.weight);
            return Err(Error::custom(what));
        }
        lists.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let mut aliases = Self::default();
        let mut terms = WordTerms::new(&[], LANGUAGE);
        for list in &lists {
            for names in &list.groups {
                aliases.add(names, list, &capitals, &mut terms);
            }
        }
        Ok(aliases)
    }

    /// The known names in `words` (as written, in order): the range of words of each, and its alternatives. The longest
    /// names come first; none overlap.
    pub fn find_names(&self, words: &[&str]) -> Vec<(Range<usize>, Vec<Alias>)> {
        let terms = WordTerms::new(words, LANGUAGE);
        self.lengths.find(words, &terms, |range, key| {
            let aliases = self.other_names(key, words.get(range.clone()).unwrap_or_default());
            // Weak synonyms are searched word by word: "high price" also as "high" and "price". A verb with its particle is one
            // word: "turn on" is not "turn".
            let is_name = aliases.iter().any(|alias| alias.weight >= NAME_WEIGHT);
            let is_particle = |word: &&str| is_stop_word(word, LANGUAGE);
            let words = words.get(range.clone()).unwrap_or_default();
            let is_one_word = words.split_first().is_some_and(|(_, rest)| rest.iter().all(is_particle))
                && words.first().is_some_and(|word| words.len() == 1 || !is_particle(word));
            (!aliases.is_empty() && (is_name || is_one_word)).then_some(aliases)
        })
    }

    fn add(&mut self, names: &[String], list: &AliasList, capitals: &[String], terms: &mut WordTerms) {
        let mut group = AliasGroup { names: Vec::with_capacity(names.len()), weight: list.weight };
        for (at, name) in names.iter().enumerate() {
            terms.set_words(&[name]);
            if !self.lengths.add(terms) {
                continue;
            }
            if at == 0 || !list.is_one_way {
                let membership =
                    GroupMembership { group: self.groups.len(), in_capitals: capitals.contains(name) };
                self.memberships_by_key.entry(terms.text().to_owned()).or_default().push(membership);
            }
            group.names.push(AliasName { words: name.clone(), key: terms.text().to_owned() });
        }
        self.groups.push(group);
    }

    /// The other names in all groups with this key, each once, with its greatest weight.
    fn other_names(&self, key: &str, words: &[&str]) -> Vec<Alias> {
        let is_in_capitals = words.iter().all(|word| is_in_capitals(word));
        let memberships = self.memberships_by_key.get(key).into_iter().flatten();
        let groups = memberships
            .filter(|membership| !membership.in_capitals || is_in_capitals)
            .filter_map(|membership| self.groups.get(membership.group));
        let mut known = vec![key];
        let mut aliases = Vec::new();
        // The groups are in the order of their weights, so the first of equal names has the greatest.
        for (group, name) in groups.flat_map(|group| group.names.iter().map(move |name| (group, name))) {
            if !known.contains(&name.key.as_str()) {
                known.push(&name.key);
                aliases.push(Alias {
                    words: name.words.clone(),
                    weight: group.weight,
                    is_translation: false,
                });
            }
        }
        aliases
    }
}

const TABLES: [&str; 2] =
    [include_str!("../../../config/aliases.toml"), include_str!("../../../config/synonyms.toml")];

#[derive(Deserialize)]
struct AliasFile {
    #[serde(default)]
    capitals: Vec<String>,
    /// Groups by their headings, which are there for readers of the file.
    #[serde(flatten)]
    lists: BTreeMap<String, AliasList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AliasList {
    weight: f32,
    /// Whether only the first name of a group has the others as aliases.
    #[serde(default)]
    is_one_way: bool,
    groups: Vec<Vec<String>>,
}

#[derive(Debug, Clone)]
struct AliasGroup {
    names: Vec<AliasName>,
    weight: f32,
}

#[derive(Debug, Clone)]
struct AliasName {
    words: String,
    /// The terms of a name with spaces between them: its key.
    key: String,
}

/// A group that contains a name.
#[derive(Debug, Clone, Copy)]
struct GroupMembership {
    group: usize,
    in_capitals: bool,
}

/// Whether a word has capitals only, but for the `s` of a plural: `US`, `VMs`, but not `us`.
fn is_in_capitals(word: &str) -> bool {
    let word = trim_punctuation(word);
    let word = strip_genitive(word);
    let word = word.strip_suffix('s').unwrap_or(word);
    word.contains(char::is_uppercase) && !word.contains(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// The names of a question, each with its aliases.
    fn find_in_question(question: &str) -> Vec<(String, Vec<String>)> {
        let words: Vec<&str> = question.split_whitespace().collect();
        let found = Aliases::builtin().find_names(&words);
        found
            .into_iter()
            .map(|(range, a)| (words[range].join(" "), a.into_iter().map(|a| a.words).collect()))
            .collect()
    }

    fn names_of(question: &str) -> Vec<String> {
        find_in_question(question).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_name_is_found_in_any_spelling() {
        for (question, name, other) in [
            ("What about k8s?", "k8s?", "kubernetes"),
            ("the Open Policy Agent, again", "Open Policy Agent,", "OPA"),
            ("opa", "opa", "open policy agent"),
            ("role based access control", "role based access control", "RBAC"),
            ("Role-Based access control", "Role-Based access control", "RBAC"),
            ("virtual machines", "virtual machines", "VM"),
            ("VMs", "VMs", "virtual machine"),
            ("CI/CD pipelines", "CI/CD", "continuous integration and delivery"),
            ("ci cd", "ci cd", "cicd"),
            ("KubeCon + CloudNativeCon", "KubeCon + CloudNativeCon", "CloudNativeCon"),
            ("KubeCon's", "KubeCon's", "CloudNativeCon"),
            ("in the US?", "US?", "united states"),
            ("the SIGs", "SIGs", "special interest group"),
            ("multi tenant", "multi tenant", "multi-tenancy"),
            ("multitenant", "multitenant", "multi-tenancy"),
            ("Konferenz", "Konferenz", "conference"),
            ("カンファレンス", "カンファレンス", "conference"),
            (".NET", ".NET", "dotnet"),
        ] {
            let found = find_in_question(question);
            let others = found.iter().find(|(words, _)| words == name).map(|(_, others)| others.as_slice());
            assert!(others.unwrap_or_default().iter().any(|o| o == other), "{question}: {found:?}");
        }
    }

    #[test]
    fn the_longest_name_wins() {
        assert_eq!(names_of("the horizontal pod autoscaler"), ["horizontal pod autoscaler"]);
        assert_eq!(
            names_of("open source program office in open source"),
            ["open source program office", "open source"]
        );
        assert_eq!(names_of("ci/cd/gitops"), Vec::<String>::new(), "part of a word is no name");
    }

    #[test]
    fn a_verb_and_its_particle_are_one_word() {
        assert_eq!(names_of("how do I turn on telemetry?"), ["turn on", "telemetry?"]);
        assert_eq!(names_of("how long is it?"), ["long"], "no verb");
        assert_eq!(names_of("a high price")[..], ["high", "price"]);
    }

    #[test]
    fn words_that_look_like_acronyms_are_not_names() {
        for question in
            ["tell us", "la kubecon", "the rest of it", "what kind of tag", "na", "ha ha", "os dias"]
        {
            let words: Vec<&str> = question.split_whitespace().collect();
            for (range, others) in Aliases::builtin().find_names(&words) {
                let is_name =
                    others.iter().any(|alias| alias.weight >= NAME_WEIGHT && alias.words.contains(' '));
                assert!(!is_name || words[range] == ["kubecon"], "{question}: {others:?}");
            }
        }
        assert!(find_in_question("").is_empty() && find_in_question("? !").is_empty());
    }

    #[test]
    fn names_weigh_more_than_synonyms() {
        let weight = |words: &[&str], other: &str| {
            let found = Aliases::builtin().find_names(words);
            found.into_iter().flat_map(|(_, aliases)| aliases).find(|a| a.words == other).map(|a| a.weight)
        };
        assert_eq!(weight(&["k8s"], "kubernetes"), Some(1.0));
        assert_eq!(weight(&["attendees"], "participant"), Some(0.5));
    }

    #[test]
    fn a_kind_has_its_members_and_not_the_other_way_round() {
        let others = |word: &str| {
            let found = Aliases::builtin().find_names(&[word]).into_iter().flat_map(|(_, aliases)| aliases);
            found.map(|alias| alias.words).collect::<Vec<_>>()
        };
        let purple = "purple".to_owned();
        assert!(others("colours").contains(&purple));
        for word in ["related", "disabled", "instrumentation", "build"] {
            let kinds = ["son", "deaf", "guitar", "tower"];
            assert!(others(word).iter().all(|other| !kinds.contains(&other.as_str())), "{word}");
        }
        assert_eq!(others("purple"), [""; 0]);
    }

    #[test]
    fn the_tables_are_sound() {
        let files: Vec<AliasFile> = TABLES.iter().map(|table| toml::from_str(table).unwrap()).collect();
        assert!(Aliases::from_tables(&TABLES).is_ok());
        let lists = || files.iter().flat_map(|file| &file.lists);
        let groups =
            |name: &str| lists().find(|(known, _)| *known == name).map_or(0, |(_, it)| it.groups.len());
        for (name, least) in [("names", 120), ("synonyms", 80), ("forms", 200), ("related", 500)] {
            assert!(groups(name) >= least, "too few {name}");
        }
        for name in files.iter().flat_map(|file| &file.capitals) {
            let is_known = lists().any(|(_, list)| list.groups.iter().any(|group| group.contains(name)));
            assert!(is_known, "{name} is in no group");
        }
        for (list, group) in lists().flat_map(|(_, list)| list.groups.iter().map(move |group| (list, group)))
        {
            let keys: HashSet<String> =
                group.iter().map(|name| WordTerms::new(&[name], LANGUAGE).text().to_owned()).collect();
            assert_eq!(keys.len(), group.len(), "two names of {group:?} are recognised as one");
            assert!(group.len() > 1, "{group:?} is alone");
            let asked = if list.is_one_way { &group[..1] } else { &group[..] };
            for name in asked.iter().filter(|name| list.weight >= NAME_WEIGHT || !name.contains(' ')) {
                let words: Vec<&str> = name.split_whitespace().collect();
                let found = Aliases::builtin().find_names(&words);
                assert_eq!(found.first().map(|(range, _)| range.clone()), Some(0..words.len()), "{name}");
            }
        }
    }

    #[test]
    fn a_table_of_another_form_is_refused() {
        for table in [
            "more = 1",
            "[names]\nweight = 2.0\ngroups = []",
            "[names]\nweight = 1.0\ngroups = []\n[synonyms]\nweight = nan\ngroups = []",
            "capitals = []\n[names]\nweight = 1.0\ngroups = [[1]]",
        ] {
            assert!(Aliases::from_tables(&[table]).is_err(), "{table}");
        }
    }

    #[test]
    fn a_question_of_ten_thousand_names_takes_linear_time() {
        for word in ["kubernetes", "continuous", "role-based", "K8s/kubernetes", "カ"] {
            let _ = Aliases::builtin().find_names(&vec![word; 10_000]);
        }
    }
}
