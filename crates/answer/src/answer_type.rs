//! What kind of thing a question asks for: a person, a number, a day, a reason.

use std::sync::LazyLock;

use takeaways_text::language::{LanguageWords, WordList, all_words, inner_words, whole_words};

use super::question_syntax::QuestionWord;

/// What an answer to the question should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerType {
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

impl AnswerType {
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
static FORMS: LazyLock<Vec<(&str, AnswerType)>> = LazyLock::new(|| forms(whole_words));

/// Endings of Japanese, Chinese and Korean questions, which have no words to look at.
static CJK_FORMS: LazyLock<Vec<(&str, AnswerType)>> = LazyLock::new(|| forms(inner_words));

/// Puts one list of all languages together.
type MergeLists = fn(fn(&LanguageWords) -> &WordList) -> Vec<&'static str>;

/// The forms of each type in turn, from the lists that `merged` puts together.
fn forms(merged: MergeLists) -> Vec<(&'static str, AnswerType)> {
    let of = |asked, list| merged(list).into_iter().map(move |form| (form, asked));
    of(AnswerType::Who, |words| &words.questions.who)
        .chain(of(AnswerType::When, |words| &words.questions.when))
        .chain(of(AnswerType::Where, |words| &words.questions.r#where))
        .chain(of(AnswerType::HowMany, |words| &words.questions.how_many))
        .chain(of(AnswerType::Why, |words| &words.questions.why))
        .chain(of(AnswerType::Meaning, |words| &words.questions.meaning))
        .collect()
}

/// What the words ask for. The form that begins first counts, also behind a lead ("at KubeCon 2019, who …"), but not
/// where its word only joins two parts ("gotchas when putting …"); of two that begin together the longer one.
#[must_use]
pub fn detect_answer_type(words: &[QuestionWord], text: &str) -> AnswerType {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    for at in 0..lower.len() {
        let best = FORMS
            .iter()
            .filter(|(form, _)| matches_form(form, &lower[at..]))
            .max_by_key(|(form, _)| form.split(' ').count());
        if let Some(&(form, asked)) = best {
            let words_of_form = form.split(' ').count();
            if asked != AnswerType::HowMany && !may_begin_question(words, &lower, at, words_of_form, text) {
                continue;
            }
            let said = &lower[at + words_of_form..];
            let is_of_something = said.iter().any(|word| OF_SOMETHING.contains(&word.as_str()));
            return if asked == AnswerType::Meaning && is_of_something {
                AnswerType::Anything
            } else {
                asked
            };
        }
    }
    CJK_FORMS.iter().find(|(form, _)| text.contains(form)).map_or(AnswerType::Anything, |&(_, asked)| asked)
}

/// Whether a question may begin at a word: at the first one, behind a lead or a pause, or where little follows.
fn may_begin_question(
    words: &[QuestionWord],
    lower: &[String],
    at: usize,
    words_of_form: usize,
    text: &str,
) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    let between = text.get(words[before].range.end..words[at].range.start).unwrap_or_default();
    let pauses = between.contains(|c: char| !c.is_whitespace());
    pauses || LEADS.contains(&lower[0].as_str()) || at + words_of_form + 1 >= words.len()
}

/// What a question's lead begins with.
static LEADS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.lead_words));

/// Words with which "what is …" asks for something about a thing, not for what it is: "the price of Tilt", "new in
/// GitOps".
static OF_SOMETHING: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.questions.property_words));

/// Whether words begin with a form, in which `*` stands for any one word.
pub(super) fn matches_form(form: &str, words: &[String]) -> bool {
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
            ("Who gave the keynote?", AnswerType::Who),
            ("At KubeCon 2019, how many people came?", AnswerType::HowMany),
            ("roughly how much did it cost", AnswerType::HowMany),
            ("what does SMI stand for?", AnswerType::Meaning),
            ("what was said about storage", AnswerType::Anything),
            ("what's the price of Tilt?", AnswerType::Anything),
            ("what is eBPF?", AnswerType::Meaning),
            ("Wie viele Leute kamen?", AnswerType::HowMany),
            ("¿Dónde fue?", AnswerType::Where),
            ("会場はどこですか", AnswerType::Where),
            ("开源项目是谁写的", AnswerType::Who),
            ("service mesh", AnswerType::Anything),
            ("Any gotchas when putting Envoy behind Linkerd?", AnswerType::Anything),
            ("people who complained about the food", AnswerType::Anything),
            ("Fedora on a console, who showed that?", AnswerType::Who),
            ("do you know who gave the keynote", AnswerType::Who),
        ] {
            let typed = parse_syntax(question);
            assert_eq!(detect_answer_type(&typed.words, &typed.text), expected, "{question}");
        }
    }
}
