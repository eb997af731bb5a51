//! English words to stems: Snowball's rules, with what they get wrong for talk about software put right.

use std::borrow::Cow;

use frostem::{Algorithm, Stemmer};

/// Word beginnings whose stem Snowball shares with a word of another meaning (author and authorization, engine
/// and engineer, important and import), and the stem they get instead.
const OWN_STEMS: [(&str, &str); 14] = [
    ("authoriz", "authoriz"),
    ("authoris", "authoriz"),
    ("authoritat", "authorit"),
    ("authorit", "authorit"),
    ("container", "container"),
    ("engineer", "engineer"),
    ("importan", "important"),
    ("international", "internation"),
    ("operator", "operator"),
    ("organizer", "organizer"),
    ("organiser", "organizer"),
    ("scheduler", "scheduler"),
    ("several", "several"),
    ("universit", "universit"),
];

/// The endings that a word of [`OWN_STEMS`] may have; `containerd` is a name.
const OWN_ENDINGS: [&str; 22] = [
    "", "s", "e", "es", "ed", "er", "ers", "ing", "ation", "ations", "ive", "y", "ies", "t", "tly", "ce",
    "ize", "ized", "izing", "ization", "ise", "ised",
];

/// British beginnings and their American twins.
const SPELLINGS: [(&str, &str); 26] = [
    ("analogue", "analog"),
    ("analyse", "analyze"),
    ("analysing", "analyzing"),
    ("armour", "armor"),
    ("artefact", "artifact"),
    ("behaviour", "behavior"),
    ("catalogue", "catalog"),
    ("centre", "center"),
    ("colour", "color"),
    ("defence", "defense"),
    ("dialogue", "dialog"),
    ("endeavour", "endeavor"),
    ("favour", "favor"),
    ("fibre", "fiber"),
    ("flavour", "flavor"),
    ("harbour", "harbor"),
    ("honour", "honor"),
    ("humour", "humor"),
    ("labour", "labor"),
    ("licence", "license"),
    ("metre", "meter"),
    ("neighbour", "neighbor"),
    ("offence", "offense"),
    ("programme", "program"),
    ("rumour", "rumor"),
    ("theatre", "theater"),
];

/// British endings and their American twins.
const SPELLING_ENDINGS: [(&str, &str); 8] = [
    ("isation", "ization"),
    ("isations", "izations"),
    ("ise", "ize"),
    ("ises", "izes"),
    ("ised", "ized"),
    ("iser", "izer"),
    ("isers", "izers"),
    ("ising", "izing"),
];

/// The stem of an English word in lower case.
#[must_use]
pub fn stem_english(word: &str) -> Cow<'_, str> {
    if let Some(whole) = double_e_stem(word) {
        return Cow::Borrowed(whole);
    }
    if let Some(singular) = singular_of_acronym(word) {
        return Cow::Borrowed(singular);
    }
    if let Some(own) = own_stem(word) {
        return Cow::Borrowed(own);
    }
    let stemmer = Stemmer::new(Algorithm::English);
    match american_spelling(word) {
        Cow::Borrowed(word) => stemmer.stem(word),
        Cow::Owned(word) => Cow::Owned(stemmer.stem(&word).into_owned()),
    }
}

/// Who is done something to is not the doing: `tracee` is no tracing, `trainee` no training. So the second `e` stays,
/// which Snowball takes off, and with it that of `agreed`, `agreeing` and `agrees`.
fn double_e_stem(word: &str) -> Option<&str> {
    ["", "s", "d", "ing"].into_iter().find_map(|ending| {
        let whole = word.strip_suffix(ending).filter(|whole| whole.ends_with("ee") && whole.len() > 3)?;
        // `speed`, `exceed` and `proceed` are whole words.
        (ending != "d" || Stemmer::new(Algorithm::English).stem(word) != word).then_some(whole)
    })
}

/// `vms`, `gpus` and `slas` are plurals: Snowball takes the `s` only off words with a vowel well before it.
fn singular_of_acronym(word: &str) -> Option<&str> {
    let singular = word.strip_suffix('s')?;
    let letters = singular.as_bytes();
    let has_no_vowel =
        letters.len() >= 2 && !singular.ends_with('s') && !letters.iter().any(|&letter| is_vowel(letter));
    let is_acronym = match letters {
        &[first, second, third] => !is_vowel(first) && !is_vowel(second) && is_vowel(third),
        _ => false,
    };
    (has_no_vowel || is_acronym && !matches!(word, "plus" | "this" | "thus")).then_some(singular)
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | 0x80..)
}

fn own_stem(word: &str) -> Option<&'static str> {
    OWN_STEMS.into_iter().find_map(|(start, own)| {
        let ending = word.strip_prefix(start)?;
        OWN_ENDINGS.contains(&ending).then_some(own)
    })
}

/// The American spelling, so that both find each other.
fn american_spelling(word: &str) -> Cow<'_, str> {
    for (british, american) in SPELLINGS {
        if let Some(ending) = word.strip_prefix(british) {
            return Cow::Owned(format!("{american}{ending}"));
        }
    }
    // Shorter ones are mostly words like `rise` and `wise` that have another spelling of another meaning.
    if word.len() >= 7 && word.contains("is") {
        for (british, american) in SPELLING_ENDINGS {
            if let Some(start) = word.strip_suffix(british) {
                return Cow::Owned(format!("{start}{american}"));
            }
        }
    }
    Cow::Borrowed(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_belong_together() {
        for (one, other) in [
            ("vms", "vm"),
            ("crds", "crd"),
            ("gpus", "gpu"),
            ("apis", "api"),
            ("slos", "slo"),
            ("slas", "sla"),
            ("cves", "cve"),
            ("attendees", "attendee"),
            ("agreed", "agree"),
            ("agreeing", "agrees"),
            ("organisation", "organization"),
            ("organised", "organize"),
            ("behaviours", "behavior"),
            ("centre", "centers"),
            ("theatre", "theater"),
            ("analysed", "analyze"),
            ("programme", "programs"),
            ("modelling", "modeling"),
            ("containers", "container"),
            ("containerized", "containerize"),
            ("operators", "operator"),
            ("policies", "policy"),
            ("meshes", "mesh"),
            ("releases", "released"),
        ] {
            assert_eq!(stem_english(one), stem_english(other), "{one} {other}");
        }
    }

    #[test]
    fn words_that_do_not() {
        for (one, other) in [
            ("author", "authorization"),
            ("engine", "engineering"),
            ("import", "important"),
            ("scheduler", "schedule"),
            ("operator", "operating"),
            ("container", "contains"),
            ("container", "containerd"),
            ("university", "universal"),
            ("internal", "international"),
            ("several", "severe"),
            ("css", "cs"),
            ("this", "thi"),
            ("authority", "author"),
            ("news", "new"),
            ("tracee", "tracing"),
            ("trainees", "training"),
            ("exceed", "excess"),
        ] {
            assert_ne!(stem_english(one), stem_english(other), "{one} {other}");
        }
    }
}
