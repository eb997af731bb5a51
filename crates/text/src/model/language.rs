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
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Other => "und",
                }
            }

            /// The text of its file in `config/languages/`; empty for [`Language::Other`].
            #[must_use]
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
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(primary))
            .unwrap_or(Self::Other)
    }
}
