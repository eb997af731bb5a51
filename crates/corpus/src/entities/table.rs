//! Reads the table of projects and companies.

use super::EntityKind;
use serde::{Deserialize, de::Error};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;
use takeaways_text::phrases::{PhraseTable, Words};

/// The text of the compiled-in table.
pub(crate) const ENTITIES_TOML: &str = include_str!("../../../../config/entities.toml");

/// All projects and companies with their names.
#[derive(Debug, Clone)]
pub struct EntityTable {
    pub(super) entities: Vec<Entity>,
    /// Where the ids stand: a project and a company may have the same.
    positions: HashMap<String, Vec<usize>>,
    /// The names, and the phrases in which they mean something else.
    pub(super) names: PhraseTable<NameForm>,
    /// The names of projects without their first word, by the ids of the whole names: `Kafka` of `apache-kafka`.
    short_names: HashMap<String, String>,
    /// The names of one thing that differ only in spaces and signs, by what they have in common: `argocd` of `Argo CD` and `ArgoCD`.
    spellings: HashMap<String, Vec<String>>,
    pub(super) cues: Cues,
}

/// A project or a company.
#[derive(Debug, Clone)]
pub(super) struct Entity {
    pub(super) kind: EntityKind,
    pub(super) id: String,
    name: String,
    /// The folded words that say near a weak name that it is meant.
    pub(super) near: HashSet<Box<str>>,
}

/// A name as it may be written.
#[derive(Debug, Clone)]
pub(super) struct NameForm {
    /// What it names, as an index; `None` for a phrase that names nothing of the table.
    pub(super) entity: Option<usize>,
    pub(super) strength: NameStrength,
    /// Whether it is an ordinary word or the name of somebody too.
    pub(super) is_ambiguous: bool,
    /// The only spelling that counts as this name.
    exact_spelling: Option<Box<str>>,
    /// The signs before the first and after the last word: the full stop of `.NET`, the plus signs of `C++`.
    signs: [Box<str>; 2],
}

/// What a name needs to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameStrength {
    /// Nothing more.
    Certain,
    /// Evidence, at the beginning of a sentence.
    Inside,
    /// Evidence.
    Weak,
}

/// Folded words that stand beside the names of companies.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cues {
    pub(super) before: HashSet<Box<str>>,
    /// Those that take its meaning from a word of `before` that follows.
    pub(super) contrary: HashSet<Box<str>>,
    pub(super) after: HashSet<Box<str>>,
    pub(super) roles: HashSet<Box<str>>,
    pub(super) owned: HashSet<Box<str>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntitiesFile {
    project: Vec<EntityRow>,
    company: Vec<EntityRow>,
    #[serde(default)]
    cues: Cues,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntityRow {
    name: String,
    #[serde(default)]
    unnamed: bool,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    cased: Vec<String>,
    #[serde(default)]
    inside: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    near: Vec<Box<str>>,
    #[serde(default)]
    unless: Vec<String>,
}

impl EntityTable {
    /// The compiled-in table.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<EntityTable> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "the text is compiled in and a test reads it")]
            EntityTable::parse(ENTITIES_TOML).expect("the table of projects and companies is sound")
        });
        &BUILTIN
    }

    /// Parses a table.
    ///
    /// # Errors
    /// The text is not TOML of the expected shape, or two projects or two companies have the same id.
    pub fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let file: EntitiesFile = toml::from_str(toml)?;
        let (positions, names) = (HashMap::new(), PhraseTable::default());
        let (entities, short_names, spellings) = (Vec::new(), HashMap::new(), HashMap::new());
        let mut table = Self { entities, positions, names, short_names, spellings, cues: file.cues };
        for (kind, rows) in [(EntityKind::Project, file.project), (EntityKind::Company, file.company)] {
            for row in rows {
                let id = id_of(&row.name);
                if table.position_of(kind, &id).is_some() {
                    return Err(Error::custom(format!("{id} is in the table twice")));
                }
                table.add(kind, id, row);
            }
        }
        table.spellings.retain(|_, names| names.len() > 1);
        // "Swarm" may be Giant Swarm.
        let ids = table.entities.iter().map(|entity| entity.id.as_str());
        table.short_names.retain(|whole, short| {
            let short = id_of(short);
            let is_other = |id: &str| id != whole && id != short && id.split('-').any(|part| part == short);
            !ids.clone().any(is_other)
        });
        Ok(table)
    }

    fn add(&mut self, kind: EntityKind, id: String, row: EntityRow) {
        let entity = Some(self.entities.len());
        if kind == EntityKind::Project {
            self.add_short_names(&row);
        }
        for name in [&row.name].into_iter().chain(&row.aliases).chain(&row.cased) {
            let spellings = self.spellings.entry(joined(name)).or_default();
            if !spellings.iter().any(|it| id_of(it) == id_of(name)) {
                spellings.push(name.clone());
            }
        }
        let cased = [
            (&row.cased, NameStrength::Certain),
            (&row.inside, NameStrength::Inside),
            (&row.weak, NameStrength::Weak),
        ];
        let is_elsewhere =
            row.unnamed || cased.iter().any(|(names, _)| names.iter().any(|name| id_of(name) == id));
        for alias in row.aliases.iter().chain((!is_elsewhere).then_some(&row.name)) {
            let is_exact = needs_capitals(alias);
            self.names.add(
                alias,
                NameForm {
                    is_ambiguous: false,
                    ..NameForm::new(alias, entity, NameStrength::Certain, is_exact)
                },
            );
        }
        for (names, strength) in cased {
            for name in names {
                self.names.add(name, NameForm::new(name, entity, strength, true));
            }
        }
        for phrase in &row.unless {
            self.names.add(phrase, NameForm::new(phrase, None, NameStrength::Certain, false));
        }
        let near = row.near.into_iter().collect();
        self.positions.entry(id.clone()).or_default().push(self.entities.len());
        self.entities.push(Entity { kind, id, name: row.name, near });
    }

    fn add_short_names(&mut self, row: &EntityRow) {
        let names = || [&row.name].into_iter().chain(&row.aliases).chain(&row.cased);
        // Words that mean something else, too.
        let is_ambiguous = |name: &str| row.inside.iter().chain(&row.weak).any(|it| it == name);
        let is_short = |rest: &&str| names().any(|name| name == rest) && !is_ambiguous(rest);
        for whole in names() {
            let without_first = whole.split_once(' ').map(|(_, rest)| rest);
            if let Some(short) = without_first.filter(is_short) {
                self.short_names.insert(id_of(whole), short.to_owned());
            }
        }
    }

    /// The name of a project without its first word, if it goes by that name too: `Kafka` for `Apache Kafka`.
    pub fn short_name(&self, name: &str) -> Option<&str> {
        self.short_names.get(&id_of(name)).map(String::as_str)
    }

    /// The other spellings of a name that differ only in spaces and signs: `ArgoCD` for `Argo CD`.
    pub fn other_spellings(&self, name: &str) -> impl Iterator<Item = &str> {
        let id = id_of(name);
        let spellings = self.spellings.get(&joined(name)).into_iter().flatten();
        spellings.map(String::as_str).filter(move |it| id_of(it) != id)
    }

    /// Returns the name of a project or a company.
    pub fn name(&self, kind: EntityKind, id: &str) -> Option<&str> {
        self.entities.get(self.position_of(kind, id)?).map(|entity| entity.name.as_str())
    }

    fn position_of(&self, kind: EntityKind, id: &str) -> Option<usize> {
        self.positions.get(id)?.iter().copied().find(|at| self.entities[*at].kind == kind)
    }

    /// The id of the first project or company with this name as it is written.
    pub fn id_of_name(&self, kind: EntityKind, name: &str) -> Option<&str> {
        let named = self.entities.iter().find(|entity| entity.name == name && entity.kind == kind)?;
        Some(named.id.as_str())
    }

    /// The ids of all projects or all companies, in the order of the table.
    pub fn ids(&self, kind: EntityKind) -> impl Iterator<Item = &str> {
        self.entities.iter().filter(move |entity| entity.kind == kind).map(|entity| entity.id.as_str())
    }

    /// Returns the kind, the id and the name of what stands at a position in the table.
    pub fn named_at(&self, position: u16) -> Option<(EntityKind, &str, &str)> {
        let entity = self.entities.get(usize::from(position))?;
        Some((entity.kind, &entity.id, &entity.name))
    }

    /// Returns the position in the table of a project or a company.
    pub fn position(&self, kind: EntityKind, id: &str) -> Option<u16> {
        u16::try_from(self.position_of(kind, id)?).ok()
    }
}

impl NameForm {
    fn new(name: &str, entity: Option<usize>, strength: NameStrength, is_exact: bool) -> Self {
        let words = Words::new(name);
        let signs = [0, words.len()].map(|at| words.gap(at).trim().into());
        let exact_spelling = is_exact.then(|| words.slice(0..words.len()).into());
        // What counts only as written means something else in lower case.
        let is_ambiguous = is_exact && words.len() == 1 && name.contains(char::is_lowercase);
        Self { entity, strength, is_ambiguous, exact_spelling, signs }
    }

    /// Whether these words are written as the name.
    pub(super) fn is_written_at(&self, words: &Words<'_>, at: Range<usize>) -> bool {
        let [before, after] = &self.signs;
        !words.is_glued(at.end)
            && words.gap(at.start).ends_with(&**before)
            && words.gap(at.end).starts_with(&**after)
            && self.exact_spelling.as_deref().is_none_or(|exact| exact == words.slice(at))
    }

    /// The bytes of the name with its signs.
    pub(super) fn span(&self, words: &Words<'_>, at: Range<usize>) -> Range<usize> {
        let [before, after] = self.signs.each_ref().map(|signs| signs.len());
        let span = words.byte_range(at);
        span.start - before..span.end + after
    }
}

/// The letters and digits of a name.
fn joined(name: &str) -> String {
    id_of(name).replace('-', "")
}

/// The id of a name: its letters and digits in lower case, with hyphens between them.
fn id_of(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '+' => id.push_str("plus"),
            '#' => id.push_str("sharp"),
            '.' if id.is_empty() => id.push_str("dot"),
            '\'' => {}
            _ if c.is_alphanumeric() => id.extend(c.to_lowercase()),
            _ if id.is_empty() || id.ends_with('-') => {}
            _ => id.push('-'),
        }
    }
    id.truncate(id.trim_end_matches('-').len());
    id
}

/// Whether a name, such as `AWS` or `OPA`, is another word in lower case: it has at most four characters, all capitals.
fn needs_capitals(name: &str) -> bool {
    name.chars().count() <= 4 && name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
}
