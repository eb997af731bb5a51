//! Groups sentences into passages, the units of the index. Each is large enough to stand alone.
//!
//! It knows the kinds and sizes of blocks, but no words.

use crate::model::{Block, BlockKind, Body, Passage, Sentence};

// Sizes count characters. Wide ones (Han, kana, Hangul) count two, because they say about as much.

/// Blocks are joined up to this size.
const TARGET_SIZE: usize = 700;

/// A smaller passage takes in the next block, if both stay within [`MAX_SIZE`].
const SMALL_SIZE: usize = 300;

/// The maximum size of joined blocks, and of a block that is not split.
const MAX_SIZE: usize = 1_000;

/// A smaller piece says too little alone. It joins its neighbour even beyond [`MAX_SIZE`].
const SHORT_SIZE: usize = 120;

/// Fills [`Body::passages`] from blocks and sentences.
///
/// A passage consists of adjacent blocks of one section, or of some sentences of a long block. Passages are in order,
/// do not overlap, and contain every sentence but the headings. A block of code or a single sentence may exceed the
/// size.
pub fn fill_passages(body: &mut Body) {
    let units = passage_units(body);
    body.passages =
        units.chunk_by(|one, next| one.section_run == next.section_run).flat_map(merge_units).collect();
}

/// The smallest part of a passage: a block, or some sentences of a long one.
#[derive(Debug, Clone, Copy)]
struct PassageUnit {
    passage: Passage,
    size: usize,
    /// Units of the same run may be joined.
    section_run: usize,
    /// Whether it says little without the next unit: it introduces a list.
    introduces_list: bool,
    /// Whether it says little without a neighbour.
    needs_neighbour: bool,
}

fn passage_units(body: &Body) -> Vec<PassageUnit> {
    let mut units: Vec<PassageUnit> = Vec::with_capacity(body.blocks.len());
    let mut run = 0;
    let mut section = None;
    let mut sentences = (0..).zip(&body.sentences).peekable();
    for (at, block) in (0..).zip(&body.blocks) {
        if block.is_heading() || section != Some(block.section) {
            run += 1;
            section = Some(block.section);
        }
        let mut own: Vec<(u32, &Sentence)> = Vec::new();
        while let Some(sentence) = sentences.next_if(|(_, sentence)| sentence.block <= at) {
            own.push(sentence);
        }
        if !block.is_heading() {
            if let Some(before) = units.last_mut() {
                let lead_in = body.lead_in_of(block);
                before.introduces_list |= lead_in.is_some_and(|it| it.span.contains(before.passage.span));
            }
            push_units(body, block, run, &own, &mut units);
        }
    }
    units
}

/// Appends a block as one unit, or as several if it is too long.
fn push_units(
    body: &Body,
    block: &Block,
    run: usize,
    own: &[(u32, &Sentence)],
    units: &mut Vec<PassageUnit>,
) {
    let sizes: Vec<usize> =
        own.iter().map(|(_, sentence)| text_size(block.kind, body.slice(sentence.span))).collect();
    let total: usize = sizes.iter().sum();
    let parts = if total > MAX_SIZE { total.div_ceil(TARGET_SIZE) } else { 1 };
    let mut from = 0;
    let mut filled = 0;
    for (at, size) in sizes.iter().enumerate() {
        filled += size;
        let is_last = at + 1 == sizes.len();
        if is_last || (parts > 1 && filled >= total / parts) {
            units.extend(make_unit(body, block, run, own.get(from..=at).unwrap_or_default(), filled));
            from = at + 1;
            filled = 0;
        }
    }
}

fn make_unit(
    body: &Body,
    block: &Block,
    run: usize,
    own: &[(u32, &Sentence)],
    size: usize,
) -> Option<PassageUnit> {
    let (first, last) = (own.first()?, own.last()?);
    let is_whole =
        body.sentences.get((first.0 as usize).wrapping_sub(1)).is_none_or(|s| s.block != first.1.block)
            && body.sentences.get(last.0 as usize + 1).is_none_or(|s| s.block != last.1.block);
    let span = if is_whole { block.span } else { first.1.span.cover(last.1.span) };
    let needs_neighbour = size < SHORT_SIZE || matches!(block.kind, BlockKind::Caption | BlockKind::ImageAlt);
    let passage = Passage { span, section: block.section, first_sentence: first.0, end_sentence: last.0 + 1 };
    Some(PassageUnit {
        passage,
        size,
        section_run: run,
        introduces_list: body.slice(span).ends_with([':', '：']),
        needs_neighbour,
    })
}

/// The size of a sentence. Code counts less: it is long for its content.
fn text_size(kind: BlockKind, text: &str) -> usize {
    let width = |c: char| if c < '\u{1100}' { 1 } else { 2 };
    let size = text.chars().map(width).sum();
    if kind == BlockKind::Code { usize::min(size / 10, SHORT_SIZE - 1) } else { size }
}

/// Joins the units of one run.
fn merge_units(run: &[PassageUnit]) -> Vec<Passage> {
    let mut groups: Vec<PassageUnit> = Vec::new();
    for (at, unit) in run.iter().enumerate() {
        let next = run.get(at + 1);
        match groups.last_mut() {
            Some(group) if should_merge(group, unit, next) => *group = group.merge(unit),
            _ => groups.push(*unit),
        }
    }
    merge_short_tail(&mut groups);
    groups.into_iter().map(|group| group.passage).collect()
}

fn should_merge(group: &PassageUnit, unit: &PassageUnit, next: Option<&PassageUnit>) -> bool {
    let joined_size = group.size + unit.size;
    if group.introduces_list || group.needs_neighbour {
        return joined_size <= MAX_SIZE + SHORT_SIZE;
    }
    if let (true, Some(next)) = (unit.introduces_list, next) {
        return joined_size + next.size <= TARGET_SIZE;
    }
    joined_size <= TARGET_SIZE
        || (group.size < SMALL_SIZE && joined_size <= MAX_SIZE)
        || (unit.needs_neighbour && joined_size <= MAX_SIZE + SHORT_SIZE)
}

/// A last group that says little alone joins the previous one.
fn merge_short_tail(groups: &mut Vec<PassageUnit>) {
    if let [.., before, last] = groups.as_mut_slice()
        && last.needs_neighbour
        && before.size + last.size <= MAX_SIZE + 2 * SHORT_SIZE
    {
        *before = before.merge(last);
        groups.pop();
    }
}

impl PassageUnit {
    fn merge(&self, next: &Self) -> Self {
        let size = self.size + next.size;
        let passage = Passage {
            span: self.passage.span.cover(next.passage.span),
            end_sentence: next.passage.end_sentence,
            ..self.passage
        };
        Self {
            passage,
            size,
            section_run: self.section_run,
            introduces_list: next.introduces_list,
            needs_neighbour: size < SHORT_SIZE,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Language, invariants};
    use crate::sentences::fill_sentences;
    use crate::testing::{BlockRow, body_of};

    const P: BlockKind = BlockKind::Paragraph;
    const LI: BlockKind = BlockKind::ListItem;
    const H: BlockKind = BlockKind::Heading(2);

    fn divided_body(rows: &[BlockRow]) -> Body {
        let mut body = body_of(rows);
        fill_sentences(&mut body, Language::En);
        fill_passages(&mut body);
        body
    }

    /// How many blocks each passage touches.
    fn layout(rows: &[BlockRow]) -> Vec<usize> {
        let body = divided_body(rows);
        check(&body);
        let touched =
            |passage: &Passage| body.blocks.iter().filter(|b| b.span.overlaps(passage.span)).count();
        body.passages.iter().map(touched).collect()
    }

    /// A text of `size` characters, in sentences of 50.
    fn text(size: usize) -> String {
        let sentence = "A sentence that has fifty characters with its dot. ";
        sentence.repeat(size / 50 + 1).get(..size).unwrap_or_default().to_owned()
    }

    #[test]
    fn blocks_of_a_section_are_put_together_up_to_a_size() {
        let (short, medium, long) = (text(80), text(350), text(650));
        for (name, rows, expected) in [
            (
                "small sections stand alone",
                vec![(H, "One", 0), (P, &*short, 0), (H, "Two", 0), (P, &short, 0)],
                vec![1, 1],
            ),
            ("two medium ones fit", vec![(P, &medium, 0), (P, &medium, 0), (P, &medium, 0)], vec![2, 1]),
            ("long ones don't", vec![(P, &long, 0), (P, &long, 0)], vec![1, 1]),
            (
                "a short one joins the one before",
                vec![(P, &long, 0), (P, &short, 0), (P, &long, 0)],
                vec![2, 1],
            ),
            (
                "a short one joins the one after",
                vec![(P, &short, 0), (P, &long, 0), (P, &long, 0)],
                vec![2, 1],
            ),
            ("a short one does at the end", vec![(P, &long, 0), (P, &long, 0), (P, &short, 0)], vec![1, 2]),
            (
                "a lead-in goes with its list",
                vec![(P, &medium, 0), (P, &short, 0), (LI, &medium, 1)],
                vec![1, 2],
            ),
            (
                "items join",
                vec![(P, "Three:", 0), (LI, &short, 1), (LI, &short, 2), (LI, &short, 3)],
                vec![4],
            ),
            (
                "a caption joins",
                vec![(P, &long, 0), (BlockKind::Caption, &medium, 0), (P, &long, 0)],
                vec![2, 1],
            ),
            (
                "code counts little",
                vec![(P, &medium, 0), (BlockKind::Code, &long, 0), (P, &short, 0)],
                vec![3],
            ),
            ("code alone", vec![(H, "x", 0), (BlockKind::Code, &long, 0)], vec![1]),
            ("nothing", vec![(H, "x", 0)], vec![]),
        ] {
            assert_eq!(layout(&rows), expected, "{name}");
        }
    }

    #[test]
    fn a_long_block_is_split_between_sentences() {
        let body = divided_body(&[(P, &text(2_500), 0)]);
        check(&body);
        assert_eq!(body.passages.len(), 4);
        for passage in &body.passages {
            assert!((500..=800).contains(&passage.span.len()), "{passage:?}");
        }
    }

    #[test]
    fn wide_letters_count_twice() {
        let japanese = "これは長い文章です。".repeat(60);
        let body = divided_body(&[(P, &japanese, 0)]);
        check(&body);
        assert_eq!(body.passages.len(), 2);
    }

    #[test]
    fn long_texts_are_cut_in_linear_time() {
        for text in ["a. ".repeat(120_000), "x".repeat(1 << 18), text(1 << 18)] {
            check(&divided_body(&[(P, &text, 0)]));
        }
        let rows: Vec<BlockRow> = (0..20_000).map(|_| (LI, "An item.", 1)).collect();
        check(&divided_body(&rows));
    }

    fn check(body: &Body) {
        assert_eq!(invariants::passage_violation(body), None);
    }

    proptest! {
        #[test]
        fn passages_hold_every_sentence_once(rows in prop::collection::vec(any_row(), 0..12)) {
            let rows: Vec<BlockRow> = rows.iter().map(|(kind, text, above)| (*kind, text.as_str(), *above)).collect();
            check(&divided_body(&rows));
        }
    }

    fn any_row() -> impl Strategy<Value = (BlockKind, String, u32)> {
        let kind = prop::sample::select(vec![
            P,
            LI,
            H,
            BlockKind::Code,
            BlockKind::Quote,
            BlockKind::Caption,
            BlockKind::ImageAlt,
            BlockKind::TableRow,
        ]);
        let text =
            prop_oneof!["[ \r\na-zA-Z.!?。漢😀]{0,80}", "[A-Z][a-z ]{20,90}\\. ".prop_map(|s| s.repeat(12))];
        (kind, text, 0..3_u32)
    }
}
