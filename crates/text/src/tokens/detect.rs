//! Detects the language of a text.

use std::{collections::HashMap, sync::LazyLock};

use whatlang::{Detector, Lang};

use super::{
    folding::{CharClass, char_class, truncate},
    question_words::{language_by_opening, language_by_question_words},
    stop_words::stop_word_languages,
};
use crate::model::{Language, LanguageSet};
use crate::script::Script;
use crate::translations::{Translations, is_english_word, only_language_of};

/// The maximum number of bytes that are read of a text.
const MAX_SAMPLE: usize = 4_096;

/// A text with fewer letters is short: its hint decides.
const SHORT_TEXT: usize = 200;

/// A shorter function word of another language may be the abbreviation or the sound that it is in English: "um".
const MIN_HOMOGRAPH: usize = 4;

/// The language of a text, by script and words. For a short text `hint` (from front matter) decides. Without a hint the
/// result is English.
pub fn detect_language(text: &str, hint: Option<Language>) -> Language {
    let sample = truncate(text, MAX_SAMPLE);
    let letters = ScriptCounts::count_letters(sample);
    if let Some(language) = letters.language_by_script(hint) {
        return language;
    }
    let votes = LanguageVotes::count_votes(sample);
    let is_short = letters.latin < SHORT_TEXT;
    match (hint, votes.clear_winner()) {
        (Some(hint), _) if is_short => hint,
        (_, Some(language)) => language,
        (_, None) if is_short => votes.leader(),
        (hint, None) => language_by_trigrams(sample).or(hint).unwrap_or_else(|| votes.leader()),
    }
}

/// The language of a question, by script and words. It is English if the words do not tell: for a single word, for one
/// word that several languages have ("na keynotes"), and for names and acronyms, whose parts may be words elsewhere ("Las
/// Vegas", "La Poste", "AI agents").
pub fn detect_question_language(text: &str) -> Language {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_quote = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '(' | ')' | '‘');
    let is_name_like = |word: &str| {
        word.trim_start_matches(is_quote).starts_with(|c: char| c.is_uppercase() || c.is_numeric())
    };
    let is_shouted = !text.contains(char::is_lowercase);
    let is_acronym = |word: &str| word.chars().count() > 1 && word.chars().all(char::is_uppercase);
    let is_sentence = words.iter().any(|word| !is_name_like(word));
    let is_informative = |(at, word): &(usize, &str)| {
        let is_first = *at == 0 && is_sentence && !is_acronym(word);
        is_shouted
            || !is_name_like(word)
            || is_first
            || stop_word_languages(word.trim_matches(is_quote)) == LanguageSet::EMPTY
    };
    let kept: Vec<&str> =
        words.iter().copied().enumerate().filter(is_informative).map(|(_, word)| word).collect();
    let is_latin = |c: char| c.is_alphabetic() && c < '\u{250}';
    let has_function_word =
        kept.iter().any(|word| word.starts_with(is_latin) && stop_word_languages(word) != LanguageSet::EMPTY);
    let mut text = kept.join(" ");
    if !has_function_word && text.contains(|c: char| c.is_alphabetic() && !is_latin(c)) {
        // Names in Latin letters say nothing about the language of the few letters around them.
        text.retain(|c| !is_latin(c));
    }
    let votes = LanguageVotes::count_votes(truncate(&text, MAX_SAMPLE));
    if let Some(language) = language_by_opening(&text) {
        return language;
    }
    if is_english_but_for_shared_words(&text) {
        return Language::En;
    }
    if let Some(language) = language_by_question_words(&text) {
        return language;
    }
    let close = votes.close_to_leader();
    if let Some(language) = language_by_content_words(&text, &close) {
        return language;
    }
    let (by_vocabulary, language) = (language_by_vocabulary(&text, &close), detect_language(&text, None));
    let is_by_words = language != Language::Other && !language.matches_inside_words();
    let is_one_word = words.iter().filter(|word| word.contains(char::is_alphabetic)).count() <= 1;
    if is_by_words && (is_one_word || by_vocabulary.is_none() && votes.is_shared()) {
        return Language::En;
    }
    let language = by_vocabulary.unwrap_or(language);
    if is_by_words && !has_enough_words(&text, language) { Language::En } else { language }
}

/// Whether a language has at least a third of the words of a question, without names. The few words that a Swedish question shares
/// with others tell nothing.
fn has_enough_words(text: &str, language: Language) -> bool {
    let table = Translations::of(language);
    let is_of_language = |word: &&str| {
        stop_word_languages(word).contains(language)
            || table.is_some_and(|table| table.translate(word).is_some())
    };
    let (known, others): (Vec<&str>, Vec<&str>) = letter_words(text).partition(is_of_language);
    let others = others.iter().filter(|word| !word.starts_with(char::is_uppercase)).count();
    known.len() * 2 >= others.max(1)
}

/// The language of a question in a conversation: as of any question, but that of the conversation if its function words may all
/// be of it.
pub fn detect_language_in_conversation(text: &str, conversation: Option<Language>) -> Language {
    let language = detect_question_language(text);
    let Some(conversation) = conversation else { return language };
    let mut languages = letter_words(text)
        .map(stop_word_languages)
        .filter(|of_word| *of_word != LanguageSet::EMPTY)
        .peekable();
    // Without function words the letters tell more.
    let may_be_other = language == Language::En || languages.peek().is_some();
    if may_be_other && languages.all(|of_word| of_word.contains(conversation)) {
        conversation
    } else {
        language
    }
}

/// Whether English has at least half of the function words of a text, no language has one of them alone, and the other words are English or
/// unknown: in "main takeaways on ai", "on" and "ai" are French too. Italian has the "state" of "state of AI" as a function word, and
/// English as another word.
fn is_english_but_for_shared_words(text: &str) -> bool {
    let is_function_word = |word: &&str| {
        let languages = stop_word_languages(word);
        let is_english_otherwise = word.len() >= MIN_HOMOGRAPH
            && languages.len() == 1
            && !languages.contains(Language::En)
            && is_english_word(word);
        languages != LanguageSet::EMPTY && !is_english_otherwise
    };
    let (function, content): (Vec<&str>, Vec<&str>) = letter_words(text).partition(is_function_word);
    let languages = || function.iter().map(|word| stop_word_languages(word));
    content.iter().any(|word| is_english_word(word))
        && languages().filter(|of_word| of_word.contains(Language::En)).count() * 2 >= function.len().max(1)
        && languages().all(|of_word| of_word.len() > 1)
        && content
            .iter()
            .all(|word| is_english_word(word) || only_language_of(&word.to_lowercase()).is_none())
}

/// The language that alone has all content words of a question, if its stop words don't speak against it: "seguridad", or
/// "observabilidad entre 2017 y 2019", whose stop words are of several languages. `close` are those whose stop words lead.
fn language_by_content_words(text: &str, close: &[Language]) -> Option<Language> {
    if *close == [Language::En] {
        return None;
    }
    let words = letter_words(text).filter(|word| stop_word_languages(word) == LanguageSet::EMPTY);
    let words = words.map(str::to_lowercase);
    let mut languages = words.map(|word| only_language_of(&word).filter(|_| !is_english_word(&word)));
    let language = languages.next()??;
    let is_possible = close.is_empty() || close.contains(&language);
    (is_possible && languages.all(|it| it == Some(language))).then_some(language)
}

/// Of the languages between which stop words don't decide ("que" is a word of three), the one with most of the words;
/// `None` if English is one of them. `close` are those whose stop words lead.
fn language_by_vocabulary(text: &str, close: &[Language]) -> Option<Language> {
    if close.len() < 2 || close.contains(&Language::En) {
        return None;
    }
    let words: Vec<&str> = letter_words(text).collect();
    let known = |language: &Language| {
        let table = Translations::of(*language)?;
        Some((words.iter().filter(|word| table.translate(word).is_some()).count(), *language))
    };
    let mut counts: Vec<(usize, Language)> = close.iter().filter_map(known).collect();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match counts.as_slice() {
        [(first, language), rest @ ..] => {
            (*first > rest.first().map_or(0, |(second, _)| *second)).then_some(*language)
        }
        [] => None,
    }
}

/// The number of letters of each script.
#[derive(Default)]
struct ScriptCounts {
    latin: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    other: usize,
}

impl ScriptCounts {
    fn count_letters(text: &str) -> Self {
        let mut count = Self::default();
        for c in text.chars() {
            match char_class(c) {
                CharClass::Bigram(Script::Hangul) => count.hangul += 1,
                CharClass::Bigram(Script::Han) => count.han += 1,
                CharClass::Bigram(Script::Hiragana | Script::Katakana) => count.kana += 1,
                CharClass::Bigram(Script::SouthEastAsian) => count.other += 1,
                CharClass::Word if c.is_alphabetic() && c < '\u{250}' => count.latin += 1,
                CharClass::Word if c.is_alphabetic() => count.other += 1,
                CharClass::Word | CharClass::Mark | CharClass::Gap => {}
            }
        }
        count
    }

    /// The language of a text that is not in Latin script. An East Asian letter counts as about three Latin ones, so a
    /// few names in Latin letters do not make a text English.
    fn language_by_script(&self, hint: Option<Language>) -> Option<Language> {
        let east = self.han + self.kana + self.hangul;
        if self.other > self.latin && self.other > east {
            return Some(Language::Other);
        }
        if east * 3 <= self.latin {
            return None;
        }
        Some(if self.hangul > self.han + self.kana {
            Language::Ko
        } else if self.kana * 10 >= self.han.max(1) {
            Language::Ja
        } else if hint == Some(Language::Ja) && east < SHORT_TEXT / 4 {
            // A Japanese heading may have no kana.
            Language::Ja
        } else {
            Language::Zh
        })
    }
}

/// The number of words that are stop words of each language. A stop word of several languages counts as a fraction for
/// each.
#[derive(Default)]
struct LanguageVotes {
    words: f32,
    by_language: [f32; Language::ALL.len()],
}

impl LanguageVotes {
    fn count_votes(text: &str) -> Self {
        let mut votes = Self::default();
        for word in text.split(|c: char| char_class(c) == CharClass::Gap && !matches!(c, '\'' | '’')) {
            if word.is_empty() {
                continue;
            }
            votes.words += 1.0;
            votes.add(stop_word_languages(word), 1.0);
            // `d'après`: both parts count. But `Alex's` is English.
            if let Some((first, last)) = word.rsplit_once(['\'', '’'])
                && !last.eq_ignore_ascii_case("s")
            {
                let parts = first.split(['\'', '’']).chain([last]);
                parts.for_each(|part| votes.add(stop_word_languages(part), 1.0));
            }
        }
        text.chars().for_each(|c| votes.add(languages_with_letter(c), 0.5));
        votes
    }

    fn add(&mut self, languages: LanguageSet, weight: f32) {
        for (vote, language) in self.by_language.iter_mut().zip(Language::ALL) {
            if languages.contains(language) {
                *vote += weight / f32::from(languages.len());
            }
        }
    }

    /// The languages that separate words by spaces. The others are detected by their script.
    fn candidates(&self) -> impl Iterator<Item = (f32, Language)> {
        self.by_language
            .into_iter()
            .zip(Language::ALL)
            .filter(|(_, language)| !language.matches_inside_words())
    }

    /// The languages that no other leads clearly.
    fn close_to_leader(&self) -> Vec<Language> {
        let leading = self.candidates().map(|(votes, _)| votes).fold(0.0, f32::max);
        let is_close = |(votes, _): &(f32, Language)| leading > 0.3 && votes * 1.3 > leading;
        self.candidates().filter(is_close).map(|(_, language)| language).collect()
    }

    /// Whether there is no more than one word that several languages have.
    fn is_shared(&self) -> bool {
        let votes: Vec<f32> = self.by_language.into_iter().filter(|votes| *votes > 0.0).collect();
        votes.len() > 1 && votes.iter().sum::<f32>() <= 1.01
    }

    /// The language that leads clearly, if the text has enough of its stop words.
    fn clear_winner(&self) -> Option<Language> {
        let mut ranked: Vec<(f32, Language)> = self.candidates().collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let [(first, language), (second, _), ..] = ranked[..] else { return None };
        (first > 0.3 && first >= self.words * 0.1 && first >= second * 1.3).then_some(language)
    }

    fn leader(&self) -> Language {
        self.candidates().fold((0.3, Language::En), |best, next| if next.0 > best.0 { next } else { best }).1
    }
}

/// The languages for which a letter or sign is typical.
fn languages_with_letter(c: char) -> LanguageSet {
    static LETTERS: LazyLock<HashMap<char, LanguageSet>> = LazyLock::new(|| {
        let mut letters: HashMap<char, LanguageSet> = HashMap::new();
        for language in Language::ALL {
            for letter in language.words().tokens.typical_letters.iter().flat_map(str::chars) {
                letters.entry(letter).or_default().insert(language);
            }
        }
        letters
    });
    if c.is_ascii() { LanguageSet::EMPTY } else { LETTERS.get(&c).copied().unwrap_or_default() }
}

/// The words of a text by their letters, without signs.
pub(super) fn letter_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// Detects the language by trigrams, which also covers languages that have no stop words here.
fn language_by_trigrams(sample: &str) -> Option<Language> {
    let codes = "cat ces dan deu eng epo est fin fra hrv hun ind ita lav lit nld nob pol por ron slk slv spa swe tur vie";
    let candidates = codes.split(' ').filter_map(Lang::from_code).collect();
    let found = Detector::with_allowlist(candidates).detect(sample).filter(whatlang::Info::is_reliable)?;
    let is_found = |language: &Language| language.words().writing.iso_639_3 == found.lang().code();
    Some(Language::ALL.into_iter().find(is_found).unwrap_or(Language::Other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_detected_by_script_and_stop_words() {
        for (text, language) in [
            ("Which German ISP talked about service mesh at KubeCon Barcelona?", Language::En),
            ("Wat was de grootste aankondiging op DockerCon EU 2017?", Language::Nl),
            ("Was war die größte Ankündigung auf der DockerCon?", Language::De),
            ("Quelle banque a déployé VPA d'après Bedrock à la KubeCon 2022 ?", Language::Fr),
            ("¿Qué predijo Janet Kuo para el futuro de Kubernetes en Barcelona 2019?", Language::Es),
            ("O que foi anunciado na KubeCon de Paris?", Language::Pt),
            ("Che cosa è stato annunciato alla KubeCon di Parigi?", Language::It),
            ("Quando si terrà la prossima KubeCon?", Language::It),
            ("KubeCon China 2018 的 PPT 百度网盘提取码是什么？", Language::Zh),
            ("RubyKaigi2023の後に行ったPixiv主催の音楽イベントは？", Language::Ja),
            ("CloudNative Days Summer 2025 の会場はどこですか？", Language::Ja),
            ("파이콘 2018 둘째 날에 소개된 RPC 라이브러리 이름은?", Language::Ko),
            ("security", Language::En),
            ("KubeCon 2019", Language::En),
            ("service mesh", Language::En),
            ("What is KubeCon in Zürich?", Language::En),
            ("Что нового было на конференции?", Language::Other),
            ("", Language::En),
            ("🎉", Language::En),
        ] {
            assert_eq!(detect_language(text, None), language, "{text}");
            assert_eq!(detect_question_language(text), language, "{text}");
        }
    }

    #[test]
    fn a_question_of_names_or_one_word_is_english() {
        for (text, language) in [
            ("die", Language::En),
            ("\"Grace Hopper\"", Language::En),
            ("Zürich", Language::En),
            ("Las Vegas", Language::En),
            ("KubeCon Los Angeles 2017", Language::En),
            ("keynotes in Los Angeles", Language::En),
            ("AI agents?", Language::En),
            ("NA 2019", Language::En),
            ("eu 19", Language::En),
            ("na keynotes", Language::En),
            ("na segurança da conferência", Language::Pt),
            ("seguridad", Language::Es),
            ("sicherheit 2019?", Language::De),
            ("observabilidad entre 2017 y 2019", Language::Es),
            ("security", Language::En),
            ("pain points", Language::En),
            ("flux vs argo", Language::En),
            ("main takeaways on ai", Language::En),
            ("state of wasm", Language::En),
            ("die Keynotes in Wien", Language::De),
            ("Por que a Grab colocou um proxy na frente do monorepo Go?", Language::Pt),
            ("sono state annunciate novità?", Language::It),
            ("Was war neu in Los Angeles?", Language::De),
            ("Wer sprach?", Language::De),
            ("que dijeron de seguridad en la kubecon 2019", Language::Es),
            ("que falaram de segurança na conferência", Language::Pt),
            ("que se dijo de inteligencia artificial", Language::Es),
            ("summarise Alex Ellis's recap", Language::En),
            ("¿Quién habló en Las Vegas?", Language::Es),
            ("WER SPRACH ÜBER DIE KEYNOTE?", Language::De),
            ("会場", Language::Zh),
            ("파이콘", Language::Ko),
            ("Конференция", Language::Other),
            ("CloudNativeCon Europe 2025 怎么样？", Language::Zh),
            ("CloudNativeSecurityConの感想", Language::Ja),
            ("What does 可观测性 stand for?", Language::En),
            ("vad tyckte folk om mötet?", Language::En),
            ("toplantı hakkında ne düşünüyorlar?", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(detect_question_language(text), language, "{text}");
        }
    }

    #[test]
    fn a_hint_decides_for_short_texts_only() {
        let english = "We went to the conference and there were many talks about the cloud. ".repeat(6);
        assert_eq!(detect_language(&english, Some(Language::De)), Language::En);
        assert_eq!(detect_language("KubeCon 2019", Some(Language::De)), Language::De);
        assert_eq!(detect_language("発表資料", Some(Language::Ja)), Language::Ja);
        assert_eq!(detect_language("発表資料", None), Language::Zh);
        assert_eq!(detect_language(&"kubectl ".repeat(100), Some(Language::Nl)), Language::Nl);
    }

    #[test]
    fn other_languages_are_other() {
        let polish = "Konferencja odbyła się w Krakowie, a uczestnicy mogli posłuchać wielu ciekawych wystąpień \
            dotyczących chmury obliczeniowej oraz bezpieczeństwa aplikacji. Wieczorem wszyscy spotkali się na \
            wspólnej kolacji, podczas której dyskutowano o przyszłości projektu i społeczności.";
        assert_eq!(detect_language(polish, None), Language::Other);
    }

    #[test]
    fn a_message_is_in_the_language_of_its_conversation_if_its_function_words_may_be() {
        for (text, conversation, language) in [
            ("und 2015?", Language::De, Language::De),
            ("security", Language::De, Language::De),
            ("会場はどこですか？", Language::En, Language::Ja),
        ] {
            assert_eq!(detect_language_in_conversation(text, Some(conversation)), language, "{text}");
        }
    }
}
