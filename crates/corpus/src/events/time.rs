//! Words that tell that an event which is named is not the one a text is about: it is still to come, or it is
//! only compared with.

use std::ops::Range;
use std::sync::LazyLock;

use takeaways_text::language::all_words;
use takeaways_text::phrases::{PhraseTable, Words};

/// How many words before and after a name are looked at, within its sentence.
const MAX_WORDS_AROUND: usize = 9;

/// Whether the sentence around some words speaks of another time.
pub(super) fn refers_to_another_time(words: &Words<'_>, around: &Range<usize>) -> bool {
    let from = sentence_start(words, around.start);
    let to = sentence_end(words, around.end);
    (from..to).any(|at| {
        time_cues().matches_at(words, at).any(|(len, ())| at + len <= around.start || at >= around.end)
    })
}

fn sentence_start(words: &Words<'_>, at: usize) -> usize {
    let mut from = at;
    while from > at.saturating_sub(MAX_WORDS_AROUND) && from > 0 && !ends_sentence(words.gap(from)) {
        from -= 1;
    }
    from
}

fn sentence_end(words: &Words<'_>, at: usize) -> usize {
    let mut to = at;
    // What is said behind a comma is of something else: "a recap of …, see you at …".
    while to < words.len().min(at + MAX_WORDS_AROUND)
        && !ends_sentence(words.gap(to))
        && !words.gap(to).contains(',')
    {
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

fn time_cues() -> &'static PhraseTable<()> {
    static CUES: LazyLock<PhraseTable<()>> = LazyLock::new(|| {
        let mut cues = PhraseTable::default();
        for cue in all_words(|words| &words.events.upcoming)
            .into_iter()
            .chain(all_words(|words| &words.events.compared))
        {
            cues.add(cue, ());
        }
        cues
    });
    &CUES
}

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
            let words = Words::new(text);
            let at = (0..words.len()).find(|at| words.original(*at) == name).expect(name);
            assert_eq!(refers_to_another_time(&words, &(at..at + 1)), expected, "{text}");
        }
    }
}
