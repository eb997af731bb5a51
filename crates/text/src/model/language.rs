//! The language of a text.

use serde::{Deserialize, Serialize};

/// Declares the languages that have a file in `config/languages/`, each with its ISO 639-1 code.
macro_rules! languages {
    ($($(#[$doc:meta])* $variant:ident $code:literal,)+) => {
        /// The languages with a file in `config/languages/`. All others are [`Language::Other`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Language {
            $($(#[$doc])* $variant,)+
            /// Any other language: no stemming, no stop words.
            Other,
        }

        impl Language {
            /// All languages with a code of their own.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant),+];

            /// The ISO 639-1 code; `und` for [`Language::Other`].
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Other => "und",
                }
            }

            /// The text of its file in `config/languages/`; empty for [`Language::Other`].
            pub fn file(self) -> &'static str {
                match self {
                    $(Self::$variant => {
                        include_str!(concat!("../../../../config/languages/", $code, ".toml"))
                    })+
                    Self::Other => "",
                }
            }
        }
    };
}

languages! {
    /// English.
    En "en",
    /// German.
    De "de",
    /// French.
    Fr "fr",
    /// Spanish.
    Es "es",
    /// Portuguese.
    Pt "pt",
    /// Italian.
    It "it",
    /// Dutch.
    Nl "nl",
    /// Japanese.
    Ja "ja",
    /// Chinese.
    Zh "zh",
    /// Korean.
    Ko "ko",
}

impl Language {
    /// Parses a tag of front matter or HTML: `en`, `en-US`, `pt_BR`, `zh-Hans`. An unknown tag gives `Other`.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(primary))
            .unwrap_or(Self::Other)
    }
}

/// A set of languages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct LanguageSet(u16);

// A bit for each language and one for `Language::Other`.
const _: () = assert!(Language::ALL.len() < 16);

impl LanguageSet {
    /// No language.
    pub const EMPTY: Self = Self(0);
    /// All languages, with [`Language::Other`].
    pub const ALL: Self = Self(u16::MAX);

    /// The number of its languages.
    pub(crate) fn len(self) -> u8 {
        u8::try_from(self.0.count_ones()).unwrap_or(u8::MAX)
    }

    /// Whether it holds a language.
    pub fn contains(self, language: Language) -> bool {
        !self.is_disjoint(language.into())
    }

    /// Whether it holds all languages of another set.
    pub fn is_superset(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether no language is in both sets.
    pub fn is_disjoint(self, other: Self) -> bool {
        self.0 & other.0 == 0
    }

    /// Adds a language.
    pub(crate) fn insert(&mut self, language: Language) {
        *self = self.union(language.into());
    }

    /// The languages of the set but this one.
    pub fn without(self, language: Language) -> Self {
        Self(self.0 & !Self::from(language).0)
    }

    /// The languages of either set.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The languages of both sets.
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl From<Language> for LanguageSet {
    fn from(language: Language) -> Self {
        Self(1 << (language as u16))
    }
}

impl FromIterator<Language> for LanguageSet {
    fn from_iter<I: IntoIterator<Item = Language>>(languages: I) -> Self {
        languages.into_iter().fold(Self(0), |set, language| set.union(language.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_the_languages_that_were_put_in() {
        let set: LanguageSet = [Language::En, Language::Other].into_iter().collect();
        for language in Language::ALL.into_iter().chain([Language::Other]) {
            let expected = matches!(language, Language::En | Language::Other);
            assert_eq!(set.contains(language), expected, "{language:?}");
            assert!(LanguageSet::ALL.contains(language), "{language:?}");
        }
        assert!(LanguageSet::ALL.is_superset(set) && !set.is_superset(LanguageSet::ALL));
        assert_eq!(set.intersection(Language::En.into()), Language::En.into());
        assert!(set.is_disjoint(Language::De.into()));
        assert_eq!(set.without(Language::En), Language::Other.into());
    }
}
