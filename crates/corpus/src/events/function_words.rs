//! Little words around the names of conferences, folded, in the languages that questions and posts come in.

use std::sync::LazyLock;

use takeaways_text::language::all_words;

/// Before a place. French `à` is one, but not English `a`; the two differ only as typed.
pub(super) static WITHIN: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.events.place_prepositions));

/// Between the last two of several.
pub(super) static LISTING: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.events.conjunctions));

/// Between a name, a place and a year.
pub(super) static LITTLE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.events.joiners));

/// Inside the name of a place: Juiz de Fora.
pub(super) static PARTICLES: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.events.name_particles));

/// Words that follow a conference's name with a capital and are no place.
pub(super) static NO_PLACE: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.events.not_places));

/// What is counted: `KubeCon 20 years later` names no year.
pub(super) static COUNTED: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.events.counted));

/// Behind a name that something belongs to.
pub(super) static GENITIVES: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.events.genitives));

/// Between the day and the month of an event.
pub(super) static DAY_WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.calendar.event_day_words));
