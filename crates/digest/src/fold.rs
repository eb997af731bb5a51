//! Posts that say the same, folded into one.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use super::{LeftOut, Recap, Why};
use takeaways_text::model::Kind;

/// Posts of which no two say the same, and the others.
pub(super) struct Folded {
    /// In the order in which they came.
    pub kept: Vec<Arc<Recap>>,
    /// The others, with the one each says the same as.
    pub same: Vec<LeftOut>,
}

/// Keeps one of posts with the same address or nearly the same text: a post rather than a note on it, then one with an
/// address, then the one that came first. Notes on one post that differ in their words are all kept.
pub(super) fn fold(recaps: &[Arc<Recap>]) -> Folded {
    let mut seen = Seen::default();
    let mut order: Vec<usize> = (0..recaps.len()).collect();
    order.sort_by_key(|&at| (recaps[at].post.kind == Kind::Note, Reverse(recaps[at].address.is_some()), at));
    let mut same_as: Vec<Option<usize>> = vec![None; recaps.len()];
    for at in order {
        same_as[at] = seen.like(recaps, at);
        if same_as[at].is_none() {
            seen.add(&recaps[at], at);
        }
    }
    let same = |(at, other): (usize, &Option<usize>)| {
        let why = Why::SameAs(recaps[(*other)?].post.id.clone());
        Some(LeftOut { recap: Arc::clone(&recaps[at]), why })
    };
    let same = same_as.iter().enumerate().filter_map(same).collect();
    let kept = recaps.iter().zip(&same_as).filter(|(_, same)| same.is_none());
    Folded { kept: kept.map(|(recap, _)| Arc::clone(recap)).collect(), same }
}

/// The posts that were kept, by what others may share with them.
#[derive(Default)]
struct Seen {
    texts: HashMap<u128, usize>,
    addresses: HashMap<u128, usize>,
    bands: HashMap<u64, usize>,
}

impl Seen {
    /// One that says the same.
    fn like(&self, recaps: &[Arc<Recap>], at: usize) -> Option<usize> {
        let recap = &recaps[at];
        let is_like = |other: &usize| recaps[*other].likeness.is_like(&recap.likeness);
        let exact = self.texts.get(&recap.text);
        let address = || recap.address.and_then(|address| self.addresses.get(&address));
        let near =
            || recap.likeness.bands().filter_map(|band| self.bands.get(&band)).find(|other| is_like(other));
        exact.or_else(address).or_else(near).copied()
    }

    fn add(&mut self, recap: &Recap, at: usize) {
        self.texts.entry(recap.text).or_insert(at);
        if let Some(address) = recap.address.filter(|_| recap.post.kind == Kind::Post) {
            self.addresses.entry(address).or_insert(at);
        }
        for band in recap.likeness.bands() {
            self.bands.entry(band).or_insert(at);
        }
    }
}
