//! What takes from a sentence: praise that says nothing, a programme told again, the writer's own days, a lean on what
//! stands around it.

use std::sync::LazyLock;

use super::phrase_match::{FoldedText, PhraseSet};

/// Praise and thanks that could stand in any recap.
static PRAISE: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.praise));

/// What somebody wants to sell.
static MARKETING: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.marketing));

/// A story rather than what it taught.
static PAST: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.past_verbs));

/// Who told what, instead of what was told.
static REPORTS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.reports));

/// The event itself rather than what it was about.
static OF_EVENT: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.event_words));

/// Who writes about themselves.
static OF_SELF: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.first_person));

/// Where it says what the writer thinks, that is no harm.
static THINKS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.opinions));

/// Points at what stands before.
static POINTS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.references));

/// Points at a thing that stands before.
static POINTS_AT: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.object_references));
/// Where it begins so, it wants something from its reader.
static URGES: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.calls_to_action));

/// What it loses by that.
pub(super) fn penalty(text: &str, folded: &FoldedText) -> f32 {
    let steps = |found: usize, first: f32| match found {
        0 => 0.0,
        1 => first,
        _ => first * 1.6,
    };
    let of_self = if THINKS.is_in(folded) { 0 } else { OF_SELF.count_in(folded) };
    steps(PRAISE.count_in(folded), 0.35)
        + steps(REPORTS.count_in(folded), 0.35)
        + steps(MARKETING.count_in(folded), 0.4)
        + steps(PAST.count_in(folded), 0.2)
        + steps(OF_EVENT.count_in(folded), 0.25)
        + steps(of_self, 0.25)
        + steps(POINTS.count_in(folded), 0.15)
        + steps(POINTS_AT.count_in(folded), 0.4)
        + if text.ends_with(['!', '！']) { 0.2 } else { 0.0 }
        + if URGES.begins(folded) { 0.4 } else { 0.0 }
        + if names_a_title(text) { 0.4 } else { 0.0 }
        + if names_many(text) { 0.3 } else { 0.0 }
}

/// Whether three or more words stand in quotation marks, with capitals: the title of a talk.
fn names_a_title(text: &str) -> bool {
    text.split(['"', '“', '”', '„', '«', '»']).skip(1).step_by(2).any(|quoted| {
        let words: Vec<&str> = quoted.split_whitespace().collect();
        let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
        words.len() >= 3 && capitals * 2 > words.len()
    })
}

/// Whether more than every third word has a capital that no sentence begins with: a list of names.
fn names_many(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().skip(1).collect();
    let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    capitals * 3 > words.len() && words.len() > 5
}
