//! Questions for a price, and the amounts of money that answer them.

use crate::{
    answer_type::matches_form,
    question_syntax::{QuestionSyntax, QuestionWord, Script},
};
use std::{collections::HashSet, sync::LazyLock};
use takeaways_text::{
    language::{all_words, inner_words, whole_words},
    model::Language,
    tokens::{folding::fold, is_stop_word},
};

/// The maximum number of words from "which" to the word for a price: "what was the ticket price".
const MAX_DISTANCE: usize = 4;

/// The signs of currencies.
const SIGNS: [char; 7] = ['$', '€', '£', '¥', '￥', '₩', '₹'];

/// Whether a question asks for a price: "how much does it cost", "what was the ticket price".
pub(crate) fn asks_for_price(syntax: &QuestionSyntax, language: Language) -> bool {
    static HOW_MUCH: LazyLock<Vec<&str>> = LazyLock::new(|| whole_words(|words| &words.questions.how_much));
    static INNER: LazyLock<Vec<&str>> = LazyLock::new(|| inner_words(|words| &words.questions.how_much));
    let words = &syntax.words;
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    let find_form = |at: usize| {
        let form = HOW_MUCH.iter().find(|form| matches_form(form, &lower[at..]));
        form.map(|form| words[at..].split_at(form.split(' ').count()))
    };
    let Some((form, rest)) = (0..words.len()).find_map(find_form) else {
        return asks_which_price(words, language) || INNER.iter().any(|form| syntax.text.contains(form));
    };
    // "How much time did they pay for?" asks for a time.
    let is_price_or_grammar = |word: &QuestionWord| is_price(word) || is_stop_word(&word.text, language);
    form.iter().any(is_price) || rest.first().is_some_and(is_price_or_grammar) && rest.iter().any(is_price)
}

/// Whether a question asks "which price": with words of grammar between, and maybe one other right before it.
fn asks_which_price(words: &[QuestionWord], language: Language) -> bool {
    static WHICH: LazyLock<HashSet<String>> =
        LazyLock::new(|| all_words(|words| &words.questions.which).into_iter().map(fold).collect());
    let is_grammar = |word: &QuestionWord| is_stop_word(&word.text, language);
    let Some(which) = words.iter().position(|word| WHICH.contains(&fold(&word.text))) else { return false };
    let rest = &words[which + 1..];
    let Some(price) = rest.iter().take(MAX_DISTANCE).position(is_price) else { return false };
    let grammar = rest.iter().take_while(|word| is_grammar(word)).count();
    // The model of "which pricing model" is not a price, and neither is what "drives cost".
    let is_last = rest.get(price + 1).is_none_or(is_grammar);
    is_last && (grammar >= price || grammar > 0 && grammar + 1 == price)
}

fn is_price(word: &QuestionWord) -> bool {
    static PRICES: LazyLock<HashSet<String>> =
        LazyLock::new(|| all_words(|words| &words.questions.prices).into_iter().map(fold).collect());
    PRICES.contains(&fold(&word.text))
}

/// Whether a text may tell a price: it names a currency, or says that something is free. A text that is written without blanks
/// always may.
pub(crate) fn may_tell_price(text: &str) -> bool {
    static MONEY: LazyLock<HashSet<String>> =
        LazyLock::new(|| all_words(|words| &words.answers.money).into_iter().map(fold).collect());
    text.contains(SIGNS)
        || text.chars().any(|c| Script::of_char(c).uses_bigrams())
        || text.split(|c: char| !c.is_alphabetic()).any(|word| !word.is_empty() && MONEY.contains(&fold(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    #[test]
    fn questions_for_a_price_are_known() {
        for (question, language, expected) in [
            ("how much does a ticket cost?", Language::En, true),
            ("At KubeCon, how much money did Acme pay?", Language::En, true),
            ("what's the license price of Acme?", Language::En, true),
            ("Which salary do they get?", Language::En, true),
            ("how much time did it cost?", Language::En, false),
            ("how much faster was it?", Language::En, false),
            ("what pricing model does Acme have?", Language::En, false),
            ("what drives cost at Acme?", Language::En, false),
            ("what did Ann say about the price?", Language::En, false),
            ("Wie viel kostet ein Ticket?", Language::De, true),
            ("Was kostet Acme?", Language::De, true),
            ("Was the price high?", Language::En, false),
            ("Quel est le prix du billet ?", Language::Fr, true),
            ("¿Cuánto cuesta la entrada?", Language::Es, true),
            ("Qual o preço do ingresso?", Language::Pt, true),
            ("チケットはいくらですか？", Language::Ja, true),
        ] {
            assert_eq!(asks_for_price(&parse_syntax(question), language), expected, "{question}");
        }
    }

    #[test]
    fn an_amount_of_money_may_be_a_price() {
        for (text, expected) in [
            ("It is $20 a month.", true),
            ("Tickets were 300 Euros.", true),
            ("Attendance is free.", true),
            ("300 people came.", false),
        ] {
            assert_eq!(may_tell_price(text), expected, "{text}");
        }
    }
}
