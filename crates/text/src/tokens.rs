//! Tokenizer: text to the terms of the index and of questions.
//!
//! Texts and questions use the same tokenizer, so equal words become equal terms.

mod address;
mod compound;
mod detect;
pub mod folding;
mod question_words;
mod stemming;
mod stop_words;
mod tokenizer;
mod word_key;

use std::{cell::Cell, ops::Range};

use crate::model::Language;

pub use detect::{detect_language, detect_language_in_conversation, detect_question_language};
pub use stop_words::{is_any_stop_word, is_boilerplate, is_stop_word};
pub use tokenizer::{strip_elision, strip_genitive};
pub use word_key::{word_key, word_keys};

/// A term and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The term: folded (case, width, accents) and stemmed. Never empty, at most 64 bytes.
    pub term: String,
    /// The bytes of the text that the term was made from.
    pub range: Range<usize>,
    /// The number of the word, from 0. Two tokens of one word (a compound and its parts) have the same position or
    /// successive ones.
    pub position: u32,
}

/// The tokens of a text in one language, in order.
///
/// A compound (`multi-cloud`, `CI/CD`, `node.js`) gives its whole without signs at the position of its first part, and
/// its parts at successive positions. Tokens at one position are first the wholes (`multicloud`), last the part
/// (`multi`). Texts in scripts without spaces give overlapping pairs of letters.
pub fn tokenize(text: &str, language: Language) -> Vec<Token> {
    let mut out = Vec::new();
    for_each_token(text, language, &mut |term, range, position| {
        out.push(Token { term: term.to_owned(), range, position });
    });
    out
}

/// Calls `each` with the term, the bytes and the position of each token of `text`. It allocates nothing per token.
pub fn for_each_token(text: &str, language: Language, each: &mut impl FnMut(&str, Range<usize>, u32)) {
    for_each_token_from(&[true; 256], text, language, each);
}

/// The same, but it may leave out words whose terms begin with other bytes than the `wanted` ones. To find the term of a word
/// takes most of the time.
pub fn for_each_token_from(
    wanted: &[bool; 256],
    text: &str,
    language: Language,
    each: &mut impl FnMut(&str, Range<usize>, u32),
) {
    thread_local! {
        static BUFFERS: Cell<Option<Box<tokenizer::TokenizerBuffers>>> = const { Cell::new(None) };
    }
    // The buffers are taken out, so that `each` may call this function again.
    let mut buffers = BUFFERS.take().unwrap_or_default();
    tokenizer::Tokenizer::new(text, language, wanted, &mut buffers, each).run();
    BUFFERS.set(Some(buffers));
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    /// The terms of each position: `0:multicloud/multi 1:cloud`.
    fn layout(text: &str, language: Language) -> String {
        let mut out = String::new();
        let mut at = None;
        for token in tokenize(text, language) {
            match at {
                Some(at) if at == token.position => out.push('/'),
                Some(_) => write!(out, " {}:", token.position).unwrap(),
                None => write!(out, "{}:", token.position).unwrap(),
            }
            out += &token.term;
            at = Some(token.position);
        }
        out
    }

    #[test]
    fn english_words() {
        for (text, expected) in [
            ("The clusters, running!", "0:the 1:cluster 2:run"),
            ("CloudNativeCon GitOps OpenTelemetry", "0:cloudnativecon 1:gitop 2:opentelemetri"),
            ("Kubernetes’s and Kubernetes's", "0:kubernet 1:and 2:kubernet"),
            ("don't we're O'Reilly's attendees'", "0:dont 1:we 2:oreilli 3:attendee"),
            ("Zürich CAFÉ ＫｕｂｅＣｏｎ", "0:zurich 1:cafe 2:kubecon"),
            ("c++ C# f#, g++. a # b", "0:c++ 1:c# 2:f# 3:g++ 4:a 5:b"),
            (".NET and ASP.NET, x.net", "0:.net 1:and 2:aspnet/asp 3:net 4:xnet/x 5:net"),
            ("Node.js nodejs", "0:nodej/node 1:js 2:nodej"),
            ("v1.16 1.16 0.15.1 V1.16.0.", "0:1.16 1:1.16 2:0.15.1 3:1.16.0"),
            ("Zuul v3", "0:zuul 1:v3/3"),
            ("k8s.af k8s", "0:k8saf/k8s 1:af 2:k8s"),
            ("1&1 AT&T Q&A foo&barbar", "0:1&1 1:at&t 2:q&a 3:foo 4:barbar"),
            ("12,000 27,000.5 8K 1,2,3", "0:12000 1:27000.5 2:8k 3:1 4:2 5:3"),
            (
                "CI/CD and/or pros/cons TCP/IP",
                "0:cicd/ci 1:cd 2:andor/and 3:or 4:proscon/pro 5:con 6:tcpip/tcp 7:ip",
            ),
            ("client/server", "0:client 1:server"),
            ("re:Invent note:this", "0:reinvent/re 1:invent 2:note 3:this"),
            ("co-located", "0:coloc/co 1:locat"),
            (
                "multi-cloud multi cloud multicloud",
                "0:multicloud/multi 1:cloud 2:multicloud/multi 3:cloud 4:multicloud/multi 5:cloud",
            ),
            ("multiple multiply multi 2", "0:multipl 1:multipli 2:multi 3:2"),
            ("role-based state-of-the-art", "0:rolebas/role 1:base 2:stateoftheart/state 3:of 4:the 5:art"),
            ("a-b-c-d-e", "0:a 1:b 2:c 3:d 4:e"),
            ("COVID-19 2018-2019 2019-11-19", "0:covid19/covid 1:19 2:2018 3:2019 4:2019 5:11 6:19"),
            ("my_function", "0:myfunct/my 1:function"),
            (&format!("Oh-{}", "x".repeat(63)), &format!("0:oh 1:{}", "x".repeat(63))),
            ("U.S. e.g. U.S", "0:us 1:eg 2:us"),
            ("#KubeCon @cra 😀 …", "0:kubecon 1:cra"),
            ("#ServiceMesh ServiceMesh", "0:servicemesh/servic 1:mesh 2:servicemesh"),
            ("see https://k8s.af/x?y=z, ok", "0:see 1:k8saf/k8s 2:ok"),
            ("VMs GPUs CRDs", "0:vm 1:gpu 2:crd"),
            ("Node.js-based", "0:nodejsbas/nodej/node 1:js 2:base"),
            ("multi-cloud's", "0:multicloud/multi 1:cloud"),
            ("done.The", "0:doneth/done 1:the"),
            ("23.08.2025", "0:23 1:08 2:2025"),
            ("Prisma™ ½", "0:prisma 1:12"),
            ("'90s ''", "0:90s"),
            ("", ""),
        ] {
            assert_eq!(layout(text, Language::En), expected, "{text}");
        }
    }

    #[test]
    fn words_of_other_languages() {
        for (text, language, expected) in [
            ("l'annonce d’un outil aujourd'hui", Language::Fr, "0:l 1:annonc 2:d 3:un 4:outil 5:aujourdhui"),
            ("dell'evento", Language::It, "0:dell 1:event"),
            ("l'annonce", Language::En, "0:lannonc"),
            ("27.000 3,5 1.234,56 12,000", Language::De, "0:27000 1:3.5 2:1234.56 3:12000"),
            ("Größe Konferenzen", Language::De, "0:gross 1:konferenz"),
            ("東京都へ", Language::Ja, "0:東京 1:京都 2:都へ"),
            ("2025年 KubeCon参加", Language::Ja, "0:2025 1:年 2:kubecon 3:参加"),
            ("ｶﾞｲﾄﾞ・コンテナ", Language::Ja, "0:ガイ 1:イド 2:コン 3:ンテ 4:テナ"),
            ("쿠버네티스 를", Language::Ko, "0:쿠버 1:버네 2:네티 3:티스 4:를"),
            ("\u{1112}\u{1161}\u{11ab}글", Language::Ko, "0:한글"),
            ("云原生社区。", Language::Zh, "0:云原 1:原生 2:生社 3:社区"),
            ("Контейнеры Йота", Language::Other, "0:контейнеры 1:йота"),
            ("containers", Language::Other, "0:containers"),
        ] {
            assert_eq!(layout(text, language), expected, "{text}");
        }
    }

    #[test]
    fn ranges_are_the_words() {
        for (text, word, range) in [
            ("the Mesh's end", "mesh", "Mesh"),
            ("in multi-cloud", "multicloud", "multi-cloud"),
            ("in multi-cloud", "cloud", "cloud"),
            ("over v1.16,", "1.16", "v1.16"),
            ("use c++!", "c++", "c++"),
            ("see https://www.k8s.af/a", "k8s", "k8s"),
            ("in Zürich.", "zurich", "Zürich"),
            ("東京都", "京都", "京都"),
            ("multicloud", "cloud", "cloud"),
        ] {
            let found = tokenize(text, Language::En).into_iter().find(|token| token.term == word);
            assert_eq!(found.map(|token| &text[token.range]), Some(range), "{text}");
        }
    }

    #[test]
    fn tokens_may_be_made_while_tokens_are_made() {
        let mut inner = 0;
        for_each_token("one two", Language::En, &mut |term, _, _| {
            inner += tokenize(term, Language::De).len();
        });
        assert_eq!(inner, 2);
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        for text in [
            "a-".repeat(100_000),
            "a.".repeat(100_000),
            "a'".repeat(100_000),
            "1,".repeat(100_000),
            "x".repeat(1 << 17),
            "e\u{301}".repeat(60_000),
            format!("a{}", "\u{301}".repeat(100_000)),
            "漢".repeat(60_000),
            "ｶﾞ".repeat(40_000),
            "http://".repeat(30_000),
            "www.".repeat(40_000),
            "multi ".repeat(30_000),
            "\0".repeat(1 << 17),
            "c++".repeat(60_000),
        ] {
            check(&text, Language::Fr);
        }
    }

    fn check(text: &str, language: Language) {
        let mut before = (0, 0);
        for_each_token(text, language, &mut |term, range, position| {
            assert!(!term.is_empty() && term.len() <= 64, "{term}");
            assert!(text.get(range.clone()).is_some_and(|word| !word.is_empty()), "{range:?}");
            assert!((range.start, position) >= before, "{range:?} {position} after {before:?}");
            before = (range.start, position);
        });
    }

    proptest! {
        #[test]
        fn tokens_are_in_order_and_never_empty(text in any_text(), language in any_language()) {
            check(&text, language);
        }

        #[test]
        fn a_term_of_letters_is_found_whatever_its_case(word in "[a-zA-Z]{1,20}", language in any_language()) {
            let terms = |word: &str| tokenize(word, language).into_iter().map(|t| t.term).collect::<Vec<_>>();
            prop_assert_eq!(terms(&word), terms(&word.to_uppercase()));
        }
    }

    fn any_language() -> impl Strategy<Value = Language> {
        (0..=Language::ALL.len()).prop_map(|at| Language::ALL.get(at).copied().unwrap_or(Language::Other))
    }

    fn any_text() -> impl Strategy<Value = String> {
        let sign = "[-._'’/&:,+# @a-cA-C0-9éßü漢かカｶﾞ한กé\u{301}\u{200d}\u{ad}😀\0\r\n]{0,40}";
        prop_oneof![any::<String>(), sign, "(multi|v|http://|www\\.|l'|\\.net|c\\+\\+|1,|x\\.){1,8}"]
    }
}
