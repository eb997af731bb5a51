//! Splits blocks into sentences, and cuts sentences that are too long to show.
//!
//! It knows abbreviations and names with full stops, but no topics.

mod ends;

use crate::language;
use crate::model::{BlockKind, Body, Language, Sentence, Span};
use std::ops::Range;

/// A table row of more bytes than this holds running text and is split into sentences. A shorter one is one sentence.
const LONG_ROW: usize = 300;

/// Fills [`Body::sentences`]: the text of each block, split into sentences, in order. A heading, a caption, an
/// alternative text, a short table row and code are one sentence each.
///
/// Sentences have no white space at their ends, and only white space is left out. A sentence of more than 1,200 bytes
/// is cut between its clauses.
pub fn fill_sentences(body: &mut Body, language: Language) {
    let mut sentences = Vec::with_capacity(body.blocks.len());
    for (at, block) in (0..).zip(&body.blocks) {
        let start = block.span.start();
        let ranges = block_sentences(block.kind, body.slice(block.span), language);
        sentences.extend(ranges.into_iter().filter_map(|range| {
            let span = Span::new(&body.text, start + range.start..start + range.end)?;
            Some(Sentence { span, block: at })
        }));
    }
    body.sentences = sentences;
}

fn block_sentences(kind: BlockKind, text: &str, language: Language) -> Vec<Range<usize>> {
    match kind {
        BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote => sentence_ranges(text, language),
        BlockKind::TableRow if text.len() > LONG_ROW => sentence_ranges(text, language),
        BlockKind::Heading(_)
        | BlockKind::TableRow
        | BlockKind::Code
        | BlockKind::Caption
        | BlockKind::ImageAlt => trimmed(text, 0..text.len()).into_iter().collect(),
    }
}

/// The sentences of a running text, as ranges of its bytes.
pub(crate) fn sentence_ranges(text: &str, language: Language) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for end in ends::SentenceEnds::new(text, language).chain([text.len()]) {
        if let Some(range) = trimmed(text, start..end) {
            push_split(text, range, &mut out);
        }
        start = end;
    }
    out
}

/// The range without the white space at its ends; `None` if nothing remains.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let cut = text.get(range.clone())?;
    let start = range.start + (cut.len() - cut.trim_start().len());
    let end = start + cut.trim().len();
    (start < end).then_some(start..end)
}

/// A longer sentence is cut. The longest real sentences of the posts have about 900 bytes.
const MAX_SENTENCE_BYTES: usize = 1_200;

/// Appends a sentence, in parts if it is too long and has places to cut. Takes linear time.
fn push_split(text: &str, sentence: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut start = sentence.start;
    while sentence.end - start > MAX_SENTENCE_BYTES {
        let Some(cut) = best_split(text, start..sentence.end) else { break };
        out.extend(trimmed(text, start..cut));
        start = cut;
    }
    out.extend(trimmed(text, start..sentence.end));
}

/// The first cut: at the strongest sign within reach, the nearest to the middle of those; else at the first sign.
fn best_split(text: &str, range: Range<usize>) -> Option<usize> {
    let target =
        if range.len() <= 2 * MAX_SENTENCE_BYTES { range.len() / 2 } else { MAX_SENTENCE_BYTES * 2 / 3 };
    let from = text.floor_char_boundary(range.start + MAX_SENTENCE_BYTES / 4);
    let within = text.floor_char_boundary(range.start + MAX_SENTENCE_BYTES);
    let best = split_points(text, from..within)
        .max_by_key(|&(at, strength)| (strength, std::cmp::Reverse((at - range.start).abs_diff(target))));
    best.or_else(|| split_points(text, within..range.end).next()).map(|(at, _)| at)
}

/// The places within `range` where a sentence may be cut, each with the strength of its sign.
fn split_points(text: &str, range: Range<usize>) -> impl Iterator<Item = (usize, u8)> {
    let cut = text.get(range.clone()).unwrap_or_default();
    let mut before = ' ';
    cut.char_indices().filter_map(move |(at, c)| {
        let at = range.start + at;
        let previous = std::mem::replace(&mut before, c);
        match c {
            '；' => Some((at + c.len_utf8(), 5)),
            '：' => Some((at + c.len_utf8(), 4)),
            '、' | '，' => Some((at + c.len_utf8(), 2)),
            '–' | '—' if previous.is_whitespace() => Some((at, 3)),
            _ if c.is_whitespace() && !previous.is_whitespace() => Some((at, split_strength(previous))),
            _ => None,
        }
        .filter(|&(at, _)| at > range.start)
    })
}

fn split_strength(sign: char) -> u8 {
    match sign {
        ';' => 5,
        ':' => 4,
        ',' => 2,
        _ => 1,
    }
}

/// Signs that may end a sentence.
pub(crate) fn is_sentence_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‼' | '⁇' | '⁈' | '⁉') || is_spaceless_mark(c)
}

/// Signs that end a sentence even without a space after them: Asian and Arabic ones.
fn is_spaceless_mark(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡' | '．' | '।' | '॥' | '؟' | '۔' | '။' | '።')
}

/// Whether a text ends with a question, in quotation marks or without. A statement with a tag, such as `…, right?`, is none.
pub fn ends_with_question(text: &str) -> bool {
    let text = text.trim_end_matches(|c| is_closer(c) || is_emoji(c) || c == ' ');
    let Some(asked) = text.strip_suffix(['?', '？', '⁇', '؟']) else { return false };
    let tag = asked.rsplit_once(',').map(|(_, tag)| tag.trim_matches([' ', '\u{a0}', '¿']).to_lowercase());
    !tag.is_some_and(|tag| language::all().answers.question_tags.contains(tag.as_str()))
}

/// The minimum share of words with a capital in a title.
const MIN_CAPITALISED: f32 = 0.85;
/// The maximum number of words of a title.
const MAX_TITLE_WORDS: usize = 20;

/// Whether a text reads as a title or a name and not as a sentence: most of its words have a capital, and it ends without a
/// full stop.
pub fn is_title_like(text: &str) -> bool {
    let is_sentence = text.ends_with(|c| is_sentence_mark(c) || matches!(c, ':' | '"' | '”'));
    if is_sentence || text.split_whitespace().count() > MAX_TITLE_WORDS {
        return false;
    }
    let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    // Short words of a title are small: "of", "the", "and".
    let words = words.filter(|word| word.chars().count() > 3 && word.starts_with(char::is_alphabetic));
    let (mut all, mut capitalised) = (0_u16, 0_u16);
    for word in words {
        all += 1;
        capitalised += u16::from(word.starts_with(char::is_uppercase));
    }
    all > 1 && f32::from(capitalised) >= MIN_CAPITALISED * f32::from(all)
}

/// Signs that close a quotation or bracket around a sentence.
fn is_closer(c: char) -> bool {
    matches!(
        c,
        ')' | ']'
            | '}'
            | '"'
            | '\''
            | '”'
            | '’'
            | '»'
            | '›'
            | '」'
            | '』'
            | '）'
            | '】'
            | '》'
            | '〉'
            | '］'
            | '〕'
    )
}

/// Signs that may precede the first letter of a sentence.
fn is_opener(c: char) -> bool {
    matches!(
        c,
        '(' | '['
            | '{'
            | '"'
            | '\''
            | '“'
            | '„'
            | '‘'
            | '‚'
            | '«'
            | '‹'
            | '「'
            | '『'
            | '（'
            | '【'
            | '《'
            | '〈'
            | '［'
            | '〔'
            | '¿'
            | '¡'
            | '-'
            | '–'
            | '—'
            | '*'
            | '•'
            | '→'
            | '`'
            | '”'
            | '»'
    )
}

/// Emoji and other pictographs, with their modifiers.
fn is_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{200d}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}'
            | '©' | '®'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::invariants,
        testing::{BlockRow, body_of},
    };
    use proptest::prelude::*;

    #[test]
    fn long_rows_of_tables_have_sentences() {
        let long = "14:00 | A talk | It began late. ".to_owned() + &"Then it went on. ".repeat(20);
        for (row, sentences) in [("14:00 | A talk | It began late. It ended.", 1), (long.trim_end(), 21)] {
            assert_eq!(block_sentences(BlockKind::TableRow, row, Language::En).len(), sentences, "{row}");
        }
    }

    /// The sentences of a text, with bars between them.
    fn divided(text: &str, language: Language) -> String {
        sentence_ranges(text, language).into_iter().map(|range| &text[range]).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn english_sentences() {
        for text in [
            "One came.| Two left!| Three?",
            "It was great (really great).| We left.",
            "\"Wow!\"| She left.",
            "She said \"wow!\" and left.",
            "We met Dr. Smith and Mr. Jones, e.g. at St. Mary's, i.e. in town.| Then we left.",
            "Tools, etc. were shown.| Tools, talks, etc.| The rest was fun.",
            "Acme Inc. CEO Bob spoke.| He joined Acme Inc.| The next day was calm.",
            "J. R. Smith and U.S. Senator X. Y. Zed spoke.| He left the U.S.| We stayed.",
            "It starts at 10 a.m. on Monday.| It ends at 5 p.m.| We left.",
            "On Nov. 20 we flew.| In Dec. the snow came.",
            "With v1.16. the API changed.| Version 1.16 is out.| It costs $2.50.",
            "With v1.16.| Now more.",
            "See k8s.af for node.js and config.yaml.| See re:Invent.",
            "See https://example.com/a?b=c.| Then go.",
            "Well... maybe not… or so.| Yes...| No…| Good.",
            "About 120 (!!!) people came.| It was there too(?)| Let's see (!) Bob.",
            "It was there (?).| Enfin, \"really?\".| Yes.",
            "Talks, tools etc.| Later we left, etc. etc., as one does.",
            "Yahoo! is here.| Yahoo! Japan too.| We like Yahoo!| The end.",
            "What?!| No way!!| Yes.",
            "Fig. 3 shows No. 5 on p. 7.| The answer is no.| It is so.",
            "It is done.|The next one came.",
            "Use System.Collections.Generic and foo.Bar.Baz and done.Net today.",
            "Done!|There is more.",
            "Great!| 🎉 Next",
            "Great!🎉| Next one.",
            "1. First thing.| Second thing.",
            "a. first thing",
            "Q. 1 is about 2.| A. 1 is not.",
            "We saw it.| eBPF is everywhere.| iPhones too.",
            "We ran it. kubectl worked.",
            "i went there.| it was fun.| then, e.g. today, i left.",
            "In 2019.| 500 people came.",
            "So. . . it goes.",
            "... and so it went.| \"Quoted.\"| (Bracketed.)| Plain.",
            "Wait 20 ms.| Then retry.",
            "In Palo Alto, CA.| The sun shone.",
            "The talk by Kelsey et al. was fun.",
            "One.  |  Two.\r\n|Three.",
            "One.\u{a0}|Two.",
            "Nothing here",
            "!!!",
            "He said: “It works.”| She said: ‘No.’| They left.",
            "My second (and last!) Conf as a Heptio employee.| Then (why not?) Bob went home.",
            "We went in (what a queue!).| It ended (really!)| It did.",
            "A great event!)| More.",
            "What is a Pod?| A pod is one or more containers.",
        ] {
            check_division(text, Language::En);
        }
    }

    #[test]
    fn sentences_of_other_languages() {
        for (text, language) in [
            ("Am 23. und 24. August war es, z.B. in Bonn, bzw. Köln.| Das war gut.", Language::De),
            ("Der 2. Tag, u. a. mit z. B. Helm, d. h. viel.| Es war der 3. Tag.| Wir gingen.", Language::De),
            ("Es kamen 120.| Danach usw.| Die Zeit lief.", Language::De),
            ("Il a dit « quoi ? »| Puis M. Dupont, p. ex. hier, est parti.", Language::Fr),
            ("Quoi ?| Rien !| Bon.", Language::Fr),
            ("El Sr. Pérez, p. ej. hoy, vive en EE. UU. desde 2010.| ¿Qué tal?| ¡Bien!| Sí.", Language::Es),
            ("A Sra. Silva falou.| O Dr. Souza também.", Language::Pt),
            ("Il sig. Rossi, ecc. e altri.| La fine.", Language::It),
            ("Dhr. Jansen, bijv. gisteren, enz.| Het was goed.", Language::Nl),
            ("一つ。|二つ！|三つ？|四", Language::Ja),
            ("「はい。」と言った。|「いいえ。」|次です。", Language::Ja),
            ("120（！！！）人が来た。|終わり。", Language::Ja),
            ("Kubernetes.|これは KubeCon です｡|次", Language::Ja),
            ("他说：“你好。”|我们走了！？|好。", Language::Zh),
            ("k8s.af 和 v1.16 都好。|完", Language::Zh),
            ("좋았습니다.| 다음에 또 갑니다.", Language::Ko),
            ("Было хорошо.| Потом мы ушли.", Language::Other),
            ("यह अच्छा था।| हम गए।", Language::Other),
        ] {
            check_division(text, language);
        }
    }

    /// `text` with a bar at each end of a sentence; white space beside a bar is not part of any.
    fn check_division(text: &str, language: Language) {
        let expected: Vec<&str> = text.split('|').map(str::trim).collect();
        assert_eq!(divided(&text.replace('|', ""), language), expected.join("|"), "{language:?}");
    }

    #[test]
    fn questions_end_with_a_question_mark() {
        for (text, expected) in [
            ("Is it?", true),
            ("“Is it?”", true),
            ("Is it? 🎉", true),
            ("どうですか？", true),
            ("Big numbers, right?", false),
            ("C'est grand, non ?", false),
            ("Who is right?", true),
            ("It is (?!).", false),
            ("It is.", false),
            ("", false),
        ] {
            assert_eq!(ends_with_question(text), expected, "{text}");
        }
    }

    #[test]
    fn titles_and_names_have_capitals_and_no_full_stop() {
        for (text, expected) in [
            ("Anna Leeds, Acme", true),
            ("Meshes in Production – Ann Lee, Acme", true),
            ("Meshes in production at Acme", false),
            ("Ann Lee spoke.", false),
            ("Ann Lee:", false),
            ("Kubernetes", false),
            ("自動化を進める", false),
        ] {
            assert_eq!(is_title_like(text), expected, "{text}");
        }
    }

    #[test]
    fn only_running_text_has_several_sentences() {
        for (kind, count) in [
            (BlockKind::Paragraph, 2),
            (BlockKind::ListItem, 2),
            (BlockKind::Quote, 2),
            (BlockKind::Heading(2), 1),
            (BlockKind::TableRow, 1),
            (BlockKind::Code, 1),
            (BlockKind::Caption, 1),
            (BlockKind::ImageAlt, 1),
        ] {
            let mut body = body_of(&[(kind, "One thing. Two things.", 0)]);
            fill_sentences(&mut body, Language::En);
            assert_eq!(body.sentences.len(), count, "{kind:?}");
        }
    }

    #[test]
    fn endless_sentences_are_cut_between_clauses() {
        for (text, at) in [
            (format!("{}; {}", "word, ".repeat(120), "word ".repeat(120)), ";"),
            (format!("{}: {}", "word, ".repeat(120), "word ".repeat(120)), ":"),
            (format!("{} – {}", "word, ".repeat(120), "word ".repeat(120)), ""),
            ("word, ".repeat(300), ","),
            ("word ".repeat(300), "word"),
            ("語、".repeat(300), "、"),
        ] {
            let parts = sentence_ranges(&text, Language::En);
            assert!(parts.len() > 1, "{}", &text[..30]);
            for part in &parts {
                assert!(part.len() <= MAX_SENTENCE_BYTES, "{}", part.len());
            }
            assert!(text[parts[0].clone()].trim_end().ends_with(at), "{}", &text[parts[0].clone()]);
        }
        assert_eq!(sentence_ranges(&"x".repeat(5_000), Language::En).len(), 1);
        assert_eq!(sentence_ranges(&format!("{} a", "x".repeat(5_000)), Language::En).len(), 2);
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        for text in [
            "a.".repeat(1 << 20),
            "a. ".repeat(1 << 15),
            "! ".repeat(1 << 15),
            "x".repeat(1 << 21),
            ". (".repeat(1 << 15),
            "A.".repeat(1 << 15),
            "。".repeat(1 << 15),
            "漢".repeat(1 << 15),
            "the end.The".repeat(1 << 15),
            "a b ".repeat(1 << 15),
            " ".repeat(1 << 18),
            ". a".repeat(1 << 15),
            "?»".repeat(1 << 15),
        ] {
            check(&[(BlockKind::Paragraph, &text, 0)], Language::Fr);
        }
    }

    fn check(blocks: &[BlockRow], language: Language) {
        let mut body = body_of(blocks);
        fill_sentences(&mut body, language);
        assert_eq!(invariants::sentence_violation(&body), None);
    }

    proptest! {
        #[test]
        fn sentences_leave_out_nothing_but_space(texts in any_blocks(), language in 0..11_usize) {
            let blocks: Vec<_> = texts.iter().map(|(kind, text)| (*kind, text.as_str(), 0)).collect();
            check(&blocks, Language::ALL.get(language).copied().unwrap_or(Language::Other));
        }
    }

    fn any_blocks() -> impl Strategy<Value = Vec<(BlockKind, String)>> {
        let kind = prop_oneof![Just(BlockKind::Paragraph), Just(BlockKind::Code), Just(BlockKind::ListItem)];
        let signs = "[.!?…。！？｡»«\"')( \r\n\u{a0}\u{3000}a-cA-C0-9éß漢か한😀\0-]{0,60}";
        let text = prop_oneof![
            any::<String>(),
            signs,
            "(Dr\\. |v1\\.1|e\\.g\\. |A\\. |the end\\.|The |[a-z]{300} ){0,9}"
        ];
        prop::collection::vec((kind, text), 0..4)
    }
}
