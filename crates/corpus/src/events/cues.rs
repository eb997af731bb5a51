//! Words that tell that an event which is named is not the one a text is about: it is still to come, or it is
//! only compared with.

use std::ops::Range;
use std::sync::LazyLock;

use takeaways_text::phrases::{Phrases, Words};

/// How many words before and after a name are looked at, within its sentence.
const REACH: usize = 9;

/// Whether the sentence around some words speaks of another time.
pub(super) fn speaks_of_another_time(words: &Words<'_>, around: &Range<usize>) -> bool {
    let from = sentence_start(words, around.start);
    let to = sentence_end(words, around.end);
    (from..to).any(|at| cues().at(words, at).any(|(len, ())| at + len <= around.start || at >= around.end))
}

fn sentence_start(words: &Words<'_>, at: usize) -> usize {
    let mut from = at;
    while from > at.saturating_sub(REACH) && from > 0 && !ends_sentence(words.gap(from)) {
        from -= 1;
    }
    from
}

fn sentence_end(words: &Words<'_>, at: usize) -> usize {
    let mut to = at;
    // What is said behind a comma is of something else: "a recap of …, see you at …".
    while to < words.len().min(at + REACH) && !ends_sentence(words.gap(to)) && !words.gap(to).contains(',') {
        to += 1;
    }
    to
}

fn ends_sentence(gap: &str) -> bool {
    gap.contains(['!', '?', '。', '！', '？', ';'])
        || gap.contains(". ")
        || gap.contains(".\n")
        || gap.contains("\n\n")
}

fn cues() -> &'static Phrases<()> {
    static CUES: LazyLock<Phrases<()>> = LazyLock::new(|| {
        let mut cues = Phrases::default();
        for cue in TO_COME.iter().chain(COMPARED) {
            cues.add(cue, ());
        }
        cues
    });
    &CUES
}

const TO_COME: &[&str] = &[
    "next",
    "see you",
    "will take place",
    "will be held",
    "will be in",
    "will happen",
    "upcoming",
    "looking forward",
    "look forward",
    "save the date",
    "coming up",
    "later this year",
    "can't wait",
    "until then",
    "hope to see",
    "join us",
    "nächste",
    "nächstes",
    "nächsten",
    "wir sehen uns",
    "prochain",
    "prochaine",
    "prochainement",
    "rendez-vous",
    "próximo",
    "próxima",
    "nos vemos",
    "volgend",
    "volgende",
    "次回",
    "来年",
    "下一",
    "下届",
    "明年",
    "다음",
    "내년",
];

const COMPARED: &[&str] = &[
    "last year",
    "last year's",
    "previous",
    "previously",
    "years ago",
    "since",
    "unlike",
    "compared",
    "used to",
    "originally",
    "the last time",
    "last time",
    "the last being",
    "back in",
    "at the time",
    "earlier editions",
    "letztes Jahr",
    "letzten Jahr",
    "voriges Jahr",
    "l'année dernière",
    "l'an dernier",
    "après",
    "año pasado",
    "ano passado",
    "vorig jaar",
    "去年",
    "昨年",
    "前回",
    "往届",
    "上届",
    "작년",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_tells() {
        for (text, name, expected) in [
            ("the next one will take place in Barcelona", "Barcelona", true),
            ("like last year in Austin", "Austin", true),
            ("KubeCon in Seattle last month", "Seattle", false),
            ("See you there! We were in Austin this week.", "Austin", false),
            ("We were in Austin this week. See you next time", "Austin", false),
            ("下一次在西雅图", "西", true),
        ] {
            let words = Words::of(text);
            let at = (0..words.len()).find(|at| words.typed(*at) == name).expect(name);
            assert_eq!(speaks_of_another_time(&words, &(at..at + 1)), expected, "{text}");
        }
    }
}
