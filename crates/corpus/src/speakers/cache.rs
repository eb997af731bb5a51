//! What the search for speakers asks again and again, and finds out once: a hostile post would cost hours else.

use super::name_index::NamePlaces;
use std::cell::OnceCell;

/// Answers about a body that do not depend on the speakers found so far.
#[derive(Default)]
pub(super) struct SearchCache<'b> {
    /// Where names may begin.
    pub(super) places: OnceCell<NamePlaces<'b>>,
    /// Whether lines with names stand below the quotations.
    pub(super) names_stand_below: OnceCell<bool>,
    /// The person whom the title announces as the one who answers.
    pub(super) announced: OnceCell<Option<String>>,
    /// The first block with one person who may answer, and that person.
    pub(super) introduced: OnceCell<Option<(usize, String)>>,
    /// For each section, who gives its talk.
    pub(super) talks: Vec<OnceCell<Option<String>>>,
    /// For each section, the person whom the headings above announce as the one who answers.
    pub(super) interviews: Vec<OnceCell<Option<String>>>,
}
