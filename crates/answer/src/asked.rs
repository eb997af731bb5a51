//! What kind of thing a question asks for: a person, a number, a day, a reason.

use super::question_syntax::Word;

/// What an answer to the question should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asked {
    /// A person or a company.
    Who,
    /// A day, a month or a year.
    When,
    /// A place.
    Where,
    /// A number.
    HowMany,
    /// A reason.
    Why,
    /// What something is, or what letters stand for.
    Meaning,
    /// What people made of an event as a whole.
    Impression,
    /// Anything else.
    Anything,
}

impl Asked {
    /// In a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::When => "when",
            Self::Where => "where",
            Self::HowMany => "how many",
            Self::Why => "why",
            Self::Meaning => "meaning",
            Self::Impression => "impression",
            Self::Anything => "anything",
        }
    }
}

/// Openings of questions in the languages of the posts. The longest that fits wins; `*` stands for any one word.
/// A whole question is asked in few forms, so a list is exact, quick and easy to extend.
const FORMS: &[(&str, Asked)] = &[
    ("who", Asked::Who),
    ("whom", Asked::Who),
    ("whose", Asked::Who),
    ("which company", Asked::Who),
    ("which companies", Asked::Who),
    ("which person", Asked::Who),
    ("which speaker", Asked::Who),
    ("which speakers", Asked::Who),
    ("wer", Asked::Who),
    ("wem", Asked::Who),
    ("wie heißt", Asked::Who),
    ("qui", Asked::Who),
    ("quién", Asked::Who),
    ("quiénes", Asked::Who),
    ("quem", Asked::Who),
    ("wie was", Asked::Who),
    ("wie waren", Asked::Who),
    ("chi", Asked::Who),
    ("when", Asked::When),
    ("what date", Asked::When),
    ("what day", Asked::When),
    ("what year", Asked::When),
    ("which day", Asked::When),
    ("which year", Asked::When),
    ("which month", Asked::When),
    ("wann", Asked::When),
    ("quand", Asked::When),
    ("cuándo", Asked::When),
    ("quando", Asked::When),
    ("wanneer", Asked::When),
    ("where", Asked::Where),
    ("what city", Asked::Where),
    ("which city", Asked::Where),
    ("what venue", Asked::Where),
    ("which venue", Asked::Where),
    ("what building", Asked::Where),
    ("which building", Asked::Where),
    ("what hotel", Asked::Where),
    ("which hotel", Asked::Where),
    ("what place", Asked::Where),
    ("which place", Asked::Where),
    ("what country", Asked::Where),
    ("which country", Asked::Where),
    ("wo", Asked::Where),
    ("où", Asked::Where),
    ("dónde", Asked::Where),
    ("onde", Asked::Where),
    ("waar", Asked::Where),
    ("dove", Asked::Where),
    ("how many", Asked::HowMany),
    ("how much", Asked::HowMany),
    ("how big", Asked::HowMany),
    ("how large", Asked::HowMany),
    ("how often", Asked::HowMany),
    ("how long", Asked::HowMany),
    ("how old", Asked::HowMany),
    ("what percentage", Asked::HowMany),
    ("what percent", Asked::HowMany),
    ("what share", Asked::HowMany),
    ("what number", Asked::HowMany),
    ("what fraction", Asked::HowMany),
    ("which percentage", Asked::HowMany),
    ("the number of", Asked::HowMany),
    ("number of", Asked::HowMany),
    ("roughly how many", Asked::HowMany),
    ("by how much", Asked::HowMany),
    ("wie viele", Asked::HowMany),
    ("wieviele", Asked::HowMany),
    ("wie viel", Asked::HowMany),
    ("combien", Asked::HowMany),
    ("cuántos", Asked::HowMany),
    ("cuántas", Asked::HowMany),
    ("cuánto", Asked::HowMany),
    ("quantos", Asked::HowMany),
    ("quantas", Asked::HowMany),
    ("hoeveel", Asked::HowMany),
    ("quanti", Asked::HowMany),
    ("quante", Asked::HowMany),
    ("why", Asked::Why),
    ("how come", Asked::Why),
    ("what reason", Asked::Why),
    ("warum", Asked::Why),
    ("wieso", Asked::Why),
    ("pourquoi", Asked::Why),
    ("por qué", Asked::Why),
    ("por que", Asked::Why),
    ("waarom", Asked::Why),
    ("perché", Asked::Why),
    ("what is", Asked::Meaning),
    ("what's", Asked::Meaning),
    ("whats", Asked::Meaning),
    ("what are", Asked::Meaning),
    ("what does * stand for", Asked::Meaning),
    ("what does * mean", Asked::Meaning),
    ("was ist", Asked::Meaning),
    ("qu'est-ce que", Asked::Meaning),
    ("qué es", Asked::Meaning),
    ("o que é", Asked::Meaning),
    ("wat is", Asked::Meaning),
    ("cos'è", Asked::Meaning),
];

/// Endings of Japanese, Chinese and Korean questions, which have no words to look at.
const CJK_FORMS: &[(&str, Asked)] = &[
    ("誰", Asked::Who),
    ("谁", Asked::Who),
    ("누구", Asked::Who),
    ("いつ", Asked::When),
    ("何日", Asked::When),
    ("什么时候", Asked::When),
    ("何时", Asked::When),
    ("哪一天", Asked::When),
    ("哪天", Asked::When),
    ("几月", Asked::When),
    ("몇 월", Asked::When),
    ("언제", Asked::When),
    ("どこ", Asked::Where),
    ("会場", Asked::Where),
    ("哪里", Asked::Where),
    ("在哪", Asked::Where),
    ("어디", Asked::Where),
    ("何人", Asked::HowMany),
    ("いくつ", Asked::HowMany),
    ("何名", Asked::HowMany),
    ("多少", Asked::HowMany),
    ("几个", Asked::HowMany),
    ("몇", Asked::HowMany),
    ("なぜ", Asked::Why),
    ("为什么", Asked::Why),
    ("왜", Asked::Why),
    ("とは", Asked::Meaning),
];

/// What the words ask for. The form that begins first counts, also behind a lead ("at KubeCon 2019, who …"), but not
/// where its word only joins two parts ("gotchas when putting …"); of two that begin together the longer one.
#[must_use]
pub fn asked(words: &[Word], text: &str) -> Asked {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    for at in 0..lower.len() {
        let best = FORMS
            .iter()
            .filter(|(form, _)| fits(form, &lower[at..]))
            .max_by_key(|(form, _)| form.split(' ').count());
        if let Some(&(form, asked)) = best {
            let words_of_form = form.split(' ').count();
            if asked != Asked::HowMany && !may_begin(words, &lower, at, words_of_form, text) {
                continue;
            }
            let said = &lower[at + words_of_form..];
            let is_of_something = said.iter().any(|word| OF_SOMETHING.contains(&word.as_str()));
            return if asked == Asked::Meaning && is_of_something { Asked::Anything } else { asked };
        }
    }
    CJK_FORMS.iter().find(|(form, _)| text.contains(form)).map_or(Asked::Anything, |&(_, asked)| asked)
}

/// Whether a question may begin at a word: at the first one, behind a lead or a pause, or where little follows.
fn may_begin(words: &[Word], lower: &[String], at: usize, words_of_form: usize, text: &str) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    let between = text.get(words[before].range.end..words[at].range.start).unwrap_or_default();
    let pauses = between.contains(|c: char| !c.is_whitespace());
    pauses || LEADS.contains(&lower[0].as_str()) || at + words_of_form + 1 >= words.len()
}

/// What a question's lead begins with.
const LEADS: &[&str] = &[
    "a", "about", "after", "also", "an", "and", "at", "auf", "aux", "before", "bei", "beim", "bij", "but",
    "can", "could", "do", "during", "em", "en", "et", "for", "from", "hello", "hey", "hi", "im", "in", "na",
    "no", "nach", "ok", "on", "op", "or", "please", "pls", "remember", "remind", "say", "since", "so",
    "tell", "the", "then", "to", "und", "until", "von", "vor", "with", "y", "à",
];

/// Words with which "what is …" asks for something about a thing, not for what it is: "the price of Tilt", "new in
/// GitOps".
const OF_SOMETHING: &[&str] = &[
    "of", "for", "from", "with", "about", "behind", "new", "next", "wrong", "like", "in", "on", "von", "vom",
    "neu", "bei", "de", "du", "del", "do", "da", "nouveau", "nuevo", "novo", "van", "nieuw",
];

/// Whether words begin with a form, in which `*` stands for any one word.
pub(super) fn fits(form: &str, words: &[String]) -> bool {
    let mut words = words.iter();
    form.split(' ').all(|part| words.next().is_some_and(|word| part == "*" || part == word))
}

#[cfg(test)]
mod tests {
    use super::super::question_syntax::parse_syntax;
    use super::*;

    #[test]
    fn what_is_asked_for() {
        for (question, expected) in [
            ("Who gave the keynote?", Asked::Who),
            ("At KubeCon 2019, how many people came?", Asked::HowMany),
            ("roughly how much did it cost", Asked::HowMany),
            ("what does SMI stand for?", Asked::Meaning),
            ("what was said about storage", Asked::Anything),
            ("what's the price of Tilt?", Asked::Anything),
            ("what is eBPF?", Asked::Meaning),
            ("Wie viele Leute kamen?", Asked::HowMany),
            ("¿Dónde fue?", Asked::Where),
            ("会場はどこですか", Asked::Where),
            ("开源项目是谁写的", Asked::Who),
            ("service mesh", Asked::Anything),
            ("Any gotchas when putting Envoy behind Linkerd?", Asked::Anything),
            ("people who complained about the food", Asked::Anything),
            ("Fedora on a console, who showed that?", Asked::Who),
            ("do you know who gave the keynote", Asked::Who),
        ] {
            let typed = parse_syntax(question);
            assert_eq!(asked(&typed.words, &typed.text), expected, "{question}");
        }
    }
}
