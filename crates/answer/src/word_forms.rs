//! The terms of words in each language of the posts.

use takeaways_search::{Alternative, Index};
use takeaways_text::model::{Language, LanguageSet};
use takeaways_text::tokens::{is_stop_word, tokenize};

/// The languages of the posts that are searched.
#[derive(Debug, Clone, Copy)]
pub struct PostLanguages<'a> {
    /// The frequent ones. Each may add a form to a word.
    pub frequent: &'a [Language],
    /// All of them. In the others only the forms that a frequent language has too are searched.
    pub all: LanguageSet,
}

impl<'a> PostLanguages<'a> {
    /// English only.
    pub const ENGLISH: PostLanguages<'static> =
        PostLanguages { frequent: &[Language::En], all: LanguageSet::EMPTY };

    /// Returns the languages of the posts of an index.
    pub fn of_index(index: &'a Index) -> Self {
        Self { frequent: index.frequent_languages(), all: index.languages() }
    }

    fn rare(self) -> impl Iterator<Item = Language> {
        let is_rare = move |it: &Language| self.all.contains(*it) && !self.frequent.contains(it);
        Language::ALL.into_iter().chain([Language::Other]).filter(is_rare)
    }
}

/// Returns the terms of words in each language of the posts; several words are a phrase. Terms count only in posts of
/// the languages that have them for these words. So the words as typed are found in all posts, and their other forms
/// in posts of the language whose forms they are: in a German post, the German stem of "theme" is that of "Themen"; in
/// an English post it would be "them". An abbreviation has no form in another language than English where it is a word of grammar: the
/// "j'ai" of a French post is no AI.
pub fn word_forms(text: &str, weight: f32, languages: PostLanguages<'_>) -> Vec<Alternative> {
    let mut forms: Vec<Alternative> = Vec::new();
    let default = languages.frequent.is_empty().then_some(Language::En);
    for language in languages.frequent.iter().copied().chain(default) {
        for terms in terms_in_language(text, language) {
            push_form(&mut forms, Alternative { terms, weight, languages: language.into() });
        }
    }
    for language in languages.rare() {
        for terms in terms_in_language(text, language) {
            if let Some(known) = forms.iter_mut().find(|form| form.terms == terms) {
                known.languages = known.languages.union(language.into());
            }
        }
    }
    forms
}

/// The minimum number of letters of a stem that two languages share. A shorter one is another word: "redes" is not "red".
const MIN_COGNATE: usize = 4;

/// Lets the forms of a question in another language count in English posts too, because most words that two languages share
/// differ only in their endings: "carbono", "emisiones". English stop words are left out: "Themen" is not "them".
pub fn count_in_english(forms: &mut [Alternative], language: Language) {
    if language == Language::En {
        return;
    }
    for form in forms.iter_mut().filter(|form| form.languages.contains(language)) {
        let is_shared =
            |term: &String| term.chars().count() >= MIN_COGNATE && !is_stop_word(term, Language::En);
        if form.terms.iter().all(is_shared) {
            form.languages = form.languages.union(Language::En.into());
        }
    }
}

/// Adds a form. If its terms are known, they only count in its languages too.
pub fn push_form(forms: &mut Vec<Alternative>, form: Alternative) {
    match forms.iter_mut().find(|known| known.terms == form.terms) {
        Some(known) => known.languages = known.languages.union(form.languages),
        None => forms.push(form),
    }
}

/// Returns the terms of words in one language: one term for a word, a phrase for several, and both for a compound.
fn terms_in_language(text: &str, language: Language) -> Vec<Vec<String>> {
    let is_abbreviation = || text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if language != Language::En && is_abbreviation() && is_stop_word(&text.to_ascii_lowercase(), language) {
        return Vec::new();
    }
    let tokens = tokenize(text, language);
    let Some(last) = tokens.iter().map(|token| token.position).max() else { return Vec::new() };
    if last == 0 {
        return tokens.into_iter().map(|token| vec![token.term]).collect();
    }
    // Of the terms at one position the shortest is a part of a compound, and a longer one the whole compound.
    let part = |position| {
        tokens.iter().filter(|token| token.position == position).min_by_key(|token| token.range.len())
    };
    let phrase: Vec<String> = (0..=last).filter_map(part).map(|token| token.term.clone()).collect();
    let whole = tokens.iter().find(|token| token.range == (0..text.len()));
    [phrase].into_iter().chain(whole.map(|token| vec![token.term.clone()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str, frequent: &[Language], all: &[Language]) -> Vec<(String, LanguageSet)> {
        let languages = PostLanguages { frequent, all: all.iter().copied().collect() };
        let forms = word_forms(text, 1.0, languages);
        forms.into_iter().map(|form| (form.terms.join(" "), form.languages)).collect()
    }

    fn expected(forms: &[(&str, &[Language])]) -> Vec<(String, LanguageSet)> {
        forms
            .iter()
            .map(|(terms, languages)| ((*terms).to_owned(), languages.iter().copied().collect()))
            .collect()
    }

    #[test]
    fn a_form_counts_in_the_languages_that_have_it() {
        use Language::{De, En, Es, Fr, Ja, Other};
        let frequent = [En, De, Fr];
        for (text, found) in [
            ("theme", vec![("theme", &[En][..]), ("them", &[De, Fr])]),
            ("k8s", vec![("k8s", &[En, De, Fr])]),
            ("GenAI", vec![("genai", &[En, De]), ("gen", &[Fr])]),
            ("gen AI", vec![("gen ai", &[En, De, Fr])]),
            // "J'ai"
            ("AI", vec![("ai", &[En, De])]),
            ("ai", vec![("ai", &[En, De, Fr])]),
            (
                "co-located",
                vec![
                    ("co locat", &[En][..]),
                    ("coloc", &[En]),
                    ("co located", &[De, Fr]),
                    ("colocated", &[De, Fr]),
                ],
            ),
            ("?", vec![]),
        ] {
            assert_eq!(forms(text, &frequent, &frequent), expected(&found), "{text}");
        }
        // A rare language adds no form, but may have one of the others.
        let all = [En, De, Fr, Es, Ja, Other];
        let found = [("theme", &[En, Ja, Other][..]), ("them", &[De, Fr, Es])];
        assert_eq!(forms("theme", &frequent, &all), expected(&found));
    }

    #[test]
    fn cognates_are_found_in_english_posts() {
        use Language::{De, En, Es};
        let languages = PostLanguages { frequent: &[En, De, Es], all: [En, De, Es].into_iter().collect() };
        for (text, language, term, expected) in [
            ("carbono", Es, "carbon", true),
            ("Themen", De, "them", false),
            ("redes", Es, "red", false),
            ("theme", En, "them", false),
        ] {
            let mut forms = word_forms(text, 1.0, languages);
            count_in_english(&mut forms, language);
            let found = forms.iter().any(|form| form.terms == [term] && form.languages.contains(En));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn without_posts_words_are_english() {
        assert_eq!(forms("meshes", &[], &[]), expected(&[("mesh", &[Language::En])]));
    }
}
