//! Questions for an amount, such as a price, a version or a number of people, and the texts that may have one.

use crate::{
    answer_type::{AnswerType, is_number, words_of_form},
    attendance::Attendance,
    question_forms::QuestionForms,
    question_syntax::{QuestionSyntax, QuestionWord},
};
use std::sync::LazyLock;
use takeaways_text::{
    language::{self, WordList, inner_words},
    model::Language,
    script::is_cjk,
    tokens::{folding::fold, is_any_stop_word, is_stop_word},
};

/// The maximum number of words from "which" to the word for an amount: "what was the ticket price".
const MAX_DISTANCE: usize = 4;
/// The maximum number of them that are no words of grammar: "which new Helm version".
const MAX_OTHERS: usize = 2;

/// The signs of currencies.
const SIGNS: [char; 7] = ['$', '€', '£', '¥', '￥', '₩', '₹'];
/// The signs for per cent.
const PERCENT_SIGNS: [char; 2] = ['%', '％'];
/// The numerals of Chinese, Japanese and Korean from which larger numbers are made.
const CJK_NUMBERS: [char; 12] = ['十', '百', '千', '万', '億', '亿', '십', '백', '천', '만', '억', '萬'];

/// An amount that a question asks for. Nothing else answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// "How much does it cost?"
    Price,
    /// "Which version was it?"
    Number,
    /// "How many people came?"
    Attendance,
    /// "What percent of them came again?"
    Percent,
    /// "How long did it take?"
    Duration,
}

impl Amount {
    /// Whether a text may have it: for a price a currency, a share or the word that something is free, for a length of time a unit of
    /// time, and else a number, a number of people or a percentage.
    pub(crate) fn may_be_in(self, text: &str) -> bool {
        static INNER_TIME: LazyLock<Vec<&str>> =
            LazyLock::new(|| inner_words(|words| &words.answers.time_units));
        let has_digit = || text.contains(|c: char| c.is_numeric() || CJK_NUMBERS.contains(&c));
        match self {
            // What was saved is mostly told as a share.
            Self::Price => is_price_in(text) || Self::Percent.may_be_in(text),
            Self::Duration => has_any_word(text, &language::all().answers.time_units, &INNER_TIME),
            Self::Percent => text.contains(PERCENT_SIGNS) || has_percent_word(text),
            Self::Number => has_digit() || text.split_whitespace().any(is_number),
            // Texts without blanks have no words beside which a number could stand.
            Self::Attendance if text.contains(is_cjk) => has_digit(),
            Self::Attendance => Attendance::find_in(text).iter().any(|it| !it.is_of_part),
        }
    }
}

/// Whether a text has a currency or the word that something is free.
pub(crate) fn is_price_in(text: &str) -> bool {
    static INNER_MONEY: LazyLock<Vec<&str>> = LazyLock::new(|| inner_words(|words| &words.answers.money));
    text.contains(SIGNS) || has_any_word(text, &language::all().answers.money, &INNER_MONEY)
}

/// Whether a text has a word of a list, or one of those that stand within words anywhere.
fn has_any_word(text: &str, list: &WordList, inner: &[&str]) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    words.any(|word| !word.is_empty() && list.has_word(word)) || inner.iter().any(|it| text.contains(it))
}

/// Returns the amount that a question asks for.
pub(crate) fn asked_amount(syntax: &QuestionSyntax, language: Language) -> Option<Amount> {
    if asks_how_much(syntax, language)
        || asks_which(&syntax.words, language, is_price, 0)
        || names_price_of(&syntax.words)
    {
        return Some(Amount::Price);
    }
    if asks_percent(&syntax.words) {
        return Some(Amount::Percent);
    }
    if asks_how_long(syntax) {
        return Some(Amount::Duration);
    }
    asks_which(&syntax.words, language, is_measure, MAX_OTHERS).then_some(Amount::Number)
}

/// Whether a question begins with what something costs: "price of a coffee". "Costs at KubeCon" are a topic.
fn names_price_of(words: &[QuestionWord]) -> bool {
    let [first, second, ..] = words else { return false };
    let is_place = language::all().answers.place_prepositions.contains(fold(&second.text).as_str());
    is_price(first) && is_any_stop_word(&second.text) && !is_place
}

/// Whether a question asks how much something costs.
fn asks_how_much(syntax: &QuestionSyntax, language: Language) -> bool {
    static HOW_MUCH: LazyLock<QuestionForms> =
        LazyLock::new(|| QuestionForms::new(|words| &words.questions.how_much));
    let words = &syntax.words;
    let Some(form) = HOW_MUCH.find_words(words) else {
        return HOW_MUCH.are_inside(&syntax.text);
    };
    let (form, rest) = words[form.start..].split_at(form.len());
    // "How much time did they pay for?" asks for a time.
    let is_price_or_grammar = |word: &QuestionWord| is_price(word) || is_stop_word(&word.text, language);
    form.iter().any(is_price) || rest.first().is_some_and(is_price_or_grammar) && rest.iter().any(is_price)
}

/// Whether a question asks how long something takes.
fn asks_how_long(syntax: &QuestionSyntax) -> bool {
    static HOW_LONG: LazyLock<QuestionForms> =
        LazyLock::new(|| QuestionForms::new(|words| &words.questions.how_long));
    HOW_LONG.find_words(&syntax.words).is_some() || HOW_LONG.are_inside(&syntax.text)
}

/// Whether a question asks for a percentage: its form or the word after it says so.
fn asks_percent(words: &[QuestionWord]) -> bool {
    let form = words_of_form(words, AnswerType::HowMany);
    !form.is_empty()
        && words.iter().take(form.end + 1).skip(form.start).any(|word| is_percent_word(&word.text))
}

/// Whether a word is for per cent or for a percentage.
pub(crate) fn is_percent_word(word: &str) -> bool {
    language::all().answers.percent.has_word(word)
}

/// Whether a text has a word for per cent, or two: "pour cent".
fn has_percent_word(text: &str) -> bool {
    static INNER: LazyLock<Vec<&str>> = LazyLock::new(|| inner_words(|words| &words.answers.percent));
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    INNER.iter().any(|word| text.contains(word))
        || words.iter().any(|word| is_percent_word(word))
        || words.windows(2).any(|pair| is_percent_word(&pair.join(" ")))
}

/// Whether a question asks which amount: with words of grammar between and then at most `max_others` others, one more if there is
/// grammar.
fn asks_which(
    words: &[QuestionWord],
    language: Language,
    is_amount: fn(&QuestionWord) -> bool,
    max_others: usize,
) -> bool {
    let is_grammar = |word: &QuestionWord| is_stop_word(&word.text, language);
    let Some(which) = words.iter().position(|word| language::all().questions.which.has_word(&word.text))
    else {
        return false;
    };
    let rest = &words[which + 1..];
    let Some(amount) = rest.iter().take(MAX_DISTANCE).position(is_amount) else { return false };
    let grammar = rest[..amount].iter().take_while(|word| is_grammar(word)).count();
    let others = amount - grammar;
    // The model of "which pricing model" is not a price, and neither is what "drives cost".
    let is_last = rest.get(amount + 1).is_none_or(is_grammar);
    is_last && others <= max_others + usize::from(grammar > 0)
}

fn is_price(word: &QuestionWord) -> bool {
    language::all().questions.prices.has_word(&word.text)
}

/// Whether a word is for what a number says.
fn is_measure(word: &QuestionWord) -> bool {
    language::all().questions.measures.has_word(&word.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    #[test]
    fn questions_for_an_amount_are_known() {
        for (question, language, expected) in [
            ("how much does a ticket cost?", Language::En, Some(Amount::Price)),
            ("At KubeCon, how much money did Acme pay?", Language::En, Some(Amount::Price)),
            ("what's the license price of Acme?", Language::En, Some(Amount::Price)),
            ("Which salary do they get?", Language::En, Some(Amount::Price)),
            ("how much time did it cost?", Language::En, Some(Amount::Duration)),
            ("how much faster was it?", Language::En, None),
            ("what pricing model does Acme have?", Language::En, None),
            ("what drives cost at Acme?", Language::En, None),
            ("what did Ann say about the price?", Language::En, None),
            ("price of a coffee at KubeCon", Language::En, Some(Amount::Price)),
            ("costs at KubeCon", Language::En, None),
            ("cost optimization at KubeCon", Language::En, None),
            ("costs", Language::En, None),
            ("Was the price high?", Language::En, None),
            ("Wie viel kostet ein Ticket?", Language::De, Some(Amount::Price)),
            ("Was kostet Acme?", Language::De, Some(Amount::Price)),
            ("Quel est le prix du billet ?", Language::Fr, Some(Amount::Price)),
            ("¿Cuánto cuesta la entrada?", Language::Es, Some(Amount::Price)),
            ("Qual o preço do ingresso?", Language::Pt, Some(Amount::Price)),
            ("チケットはいくらですか？", Language::Ja, Some(Amount::Price)),
            ("which new Helm version is out?", Language::En, Some(Amount::Number)),
            ("What overhead did Ann measure?", Language::En, Some(Amount::Number)),
            ("which version control do they use?", Language::En, None),
            ("what percent of them came again?", Language::En, Some(Amount::Percent)),
            ("Wie viel Prozent kamen wieder?", Language::De, Some(Amount::Percent)),
            ("how many came, and what did the percentage tell?", Language::En, None),
            ("How long did it take to restore it?", Language::En, Some(Amount::Duration)),
            ("restore, how long did it take", Language::En, Some(Amount::Duration)),
            ("How long was the waiting list?", Language::En, None),
            ("Wie lange dauerte die Keynote?", Language::De, Some(Amount::Duration)),
            ("復旧に何時間かかりましたか？", Language::Ja, Some(Amount::Duration)),
        ] {
            assert_eq!(asked_amount(&parse_syntax(question), language), expected, "{question}");
        }
    }

    #[test]
    fn a_percentage_has_the_sign_or_the_word() {
        for (text, expected) in [
            ("It is 11.7% of all.", true),
            ("C'est dix pour cent.", true),
            ("Ten percent came.", true),
            ("Three of them came.", false),
        ] {
            assert_eq!(Amount::Percent.may_be_in(text), expected, "{text}");
        }
    }

    #[test]
    fn a_length_of_time_has_a_unit() {
        for (text, expected) in [
            ("It took 3.25 hours to restore it.", true),
            ("They did it overnight.", true),
            ("Trois semaines plus tard", true),
            ("復旧に3時間かかった。", true),
            ("They restored 700 clusters.", false),
        ] {
            assert_eq!(Amount::Duration.may_be_in(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_may_have_some_amounts() {
        for (text, price, number) in [
            ("It is $20 a month.", true, true),
            ("Tickets were a hundred Euros.", true, true),
            ("Attendance is free.", true, false),
            ("They cut their bill by 30%.", true, true),
            ("They cut their bill by 30 percent.", true, true),
            ("300 people came.", false, true),
            ("People came.", false, false),
            ("門票是300円。", true, true),
            ("咖啡每杯要价45元。", true, true),
            ("입장료는 30원입니다.", true, true),
            ("７７００人が来た。", false, true),
            ("我喜欢这次会议。", false, false),
        ] {
            assert_eq!(
                [Amount::Price, Amount::Number].map(|it| it.may_be_in(text)),
                [price, number],
                "{text}"
            );
        }
    }
}
