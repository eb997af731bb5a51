//! Posts that say the same, folded into one.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use super::{DigestPost, OmissionReason, OmittedPost};
use takeaways_text::model::PostKind;

/// Posts of which no two say the same, and the others.
pub(super) struct UniquePosts {
    /// In the order in which they came.
    pub unique: Vec<Arc<DigestPost>>,
    /// The others, with the one each says the same as.
    pub duplicates: Vec<OmittedPost>,
}

/// Keeps one of posts with the same address or nearly the same text: a post rather than a note on it, then one with an
/// address, then the one that came first. Notes on one post that differ in their words are all kept.
pub(super) fn remove_duplicates(recaps: &[Arc<DigestPost>]) -> UniquePosts {
    let mut seen = DuplicateIndex::default();
    let mut order: Vec<usize> = (0..recaps.len()).collect();
    order.sort_by_key(|&at| {
        (recaps[at].metadata.kind == PostKind::Note, Reverse(recaps[at].address_key.is_some()), at)
    });
    let mut same_as: Vec<Option<usize>> = vec![None; recaps.len()];
    for at in order {
        same_as[at] = seen.find_duplicate(recaps, at);
        if same_as[at].is_none() {
            seen.add(&recaps[at], at);
        }
    }
    let same = |(at, other): (usize, &Option<usize>)| {
        let why = OmissionReason::SameAs(recaps[(*other)?].metadata.id.clone());
        Some(OmittedPost { post: Arc::clone(&recaps[at]), reason: why })
    };
    let same = same_as.iter().enumerate().filter_map(same).collect();
    let kept = recaps.iter().zip(&same_as).filter(|(_, same)| same.is_none());
    UniquePosts { unique: kept.map(|(recap, _)| Arc::clone(recap)).collect(), duplicates: same }
}

/// The posts that were kept, by what others may share with them.
#[derive(Default)]
struct DuplicateIndex {
    texts: HashMap<u128, usize>,
    addresses: HashMap<u128, usize>,
    bands: HashMap<u64, usize>,
}

impl DuplicateIndex {
    /// One that says the same.
    fn find_duplicate(&self, recaps: &[Arc<DigestPost>], at: usize) -> Option<usize> {
        let recap = &recaps[at];
        let is_like = |other: &usize| recaps[*other].min_hash.is_near_duplicate(&recap.min_hash);
        let exact = self.texts.get(&recap.text_key);
        let address = || recap.address_key.and_then(|address| self.addresses.get(&address));
        let near =
            || recap.min_hash.bands().filter_map(|band| self.bands.get(&band)).find(|other| is_like(other));
        exact.or_else(address).or_else(near).copied()
    }

    fn add(&mut self, recap: &DigestPost, at: usize) {
        self.texts.entry(recap.text_key).or_insert(at);
        if let Some(address) = recap.address_key.filter(|_| recap.metadata.kind == PostKind::Post) {
            self.addresses.entry(address).or_insert(at);
        }
        for band in recap.min_hash.bands() {
            self.bands.entry(band).or_insert(at);
        }
    }
}
