//! The language of a text.

use serde::{Deserialize, Serialize};

/// The languages that words are stemmed and stop words are known in; all others are [`Language::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
    /// Italian.
    It,
    /// Dutch.
    Nl,
    /// Japanese.
    Ja,
    /// Chinese.
    Zh,
    /// Korean.
    Ko,
    /// Any other language: no stemming, no stop words.
    Other,
}

impl Language {
    /// All that have a code of their own.
    pub const ALL: [Self; 10] =
        [Self::En, Self::De, Self::Fr, Self::Es, Self::Pt, Self::It, Self::Nl, Self::Ja, Self::Zh, Self::Ko];

    /// The ISO 639-1 code; `und` for [`Language::Other`].
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Pt => "pt",
            Self::It => "it",
            Self::Nl => "nl",
            Self::Ja => "ja",
            Self::Zh => "zh",
            Self::Ko => "ko",
            Self::Other => "und",
        }
    }

    /// From a tag as found in front matter and HTML: `en`, `en-US`, `pt_BR`, `zh-Hans`. An unknown tag is `Other`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(primary))
            .unwrap_or(Self::Other)
    }
}
