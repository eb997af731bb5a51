//! Which posts of a digest have room in its message, and which stand on the pages behind the button.

use std::collections::BTreeSet;

use super::{ItemDetail, heading, item_text, subheading};
use crate::discord::message::{
    MAX_BUTTONS, MAX_DESCRIPTION, MAX_EMBED_COUNT, MAX_EMBEDS_LENGTH, utf16_length,
};
use takeaways_digest::Digest;

/// Posts by their places in [`Digest::items`].
pub(super) type ItemIndexes = BTreeSet<usize>;

/// More posts are no digest any more, but a list.
const MAX_ITEMS: usize = 12;
/// The blank line between two parts of a box.
const SEPARATOR_LENGTH: usize = 2;

/// The posts of the message: the first of each event, then the second of each, and so on, as long as there is room. So
/// no event keeps the others out.
pub(super) fn first_page(digest: &Digest) -> ItemIndexes {
    let mut room = PageLayout::new(digest, ItemDetail::Sentence);
    for at in round_robin(digest) {
        if room.items.len() < MAX_ITEMS {
            room.try_add(at);
        }
    }
    room.items
}

/// The pages of what is not shown, what is told on them, and how many posts are on none.
pub(super) fn overflow_pages(digest: &Digest, shown: &ItemIndexes) -> (Vec<ItemIndexes>, ItemDetail, usize) {
    let hidden: Vec<usize> = (0..digest.items().count()).filter(|at| !shown.contains(at)).collect();
    let whole = paginate(digest, &hidden, ItemDetail::Sentence);
    if whole.len() <= 1 {
        return (whole, ItemDetail::Sentence, 0);
    }
    let mut pages = paginate(digest, &hidden, ItemDetail::Title);
    pages.truncate(MAX_BUTTONS);
    let told: usize = pages.iter().map(BTreeSet::len).sum();
    (pages, ItemDetail::Title, hidden.len() - told)
}

/// Page after page, each as full as it can be.
fn paginate(digest: &Digest, hidden: &[usize], detail: ItemDetail) -> Vec<ItemIndexes> {
    let mut pages = Vec::new();
    let mut room = PageLayout::new(digest, detail);
    for &at in hidden {
        if !room.try_add(at) {
            let full = std::mem::replace(&mut room, PageLayout::new(digest, detail));
            pages.push(full.items);
            room.try_add(at);
        }
    }
    if !room.items.is_empty() {
        pages.push(room.items);
    }
    pages
}

fn round_robin(digest: &Digest) -> Vec<usize> {
    let mut first = 0;
    let mut turns: Vec<(usize, usize, usize)> = Vec::new();
    for (group, of_event) in digest.groups.iter().enumerate() {
        let posts = of_event.items().count();
        turns.extend((0..posts).map(|turn| (turn, group, first + turn)));
        first += posts;
    }
    turns.sort_unstable();
    turns.into_iter().map(|(_, _, at)| at).collect()
}

/// A page that is being filled: what is on it, and how long its boxes are.
struct PageLayout<'d> {
    digest: &'d Digest,
    detail: ItemDetail,
    items: ItemIndexes,
    /// Length of each box; 0 where there is none.
    embed_lengths: Vec<usize>,
    /// Bundles that have their line.
    started_bundles: BTreeSet<(usize, usize)>,
}

impl<'d> PageLayout<'d> {
    fn new(digest: &'d Digest, detail: ItemDetail) -> Self {
        let embed_lengths = vec![0; digest.groups.len()];
        Self { digest, detail, items: ItemIndexes::new(), embed_lengths, started_bundles: BTreeSet::new() }
    }

    /// Takes a post in where there is room for it.
    fn try_add(&mut self, at: usize) -> bool {
        let Some((group, bundle, item)) = locate_item(self.digest, at) else { return false };
        let of_event = &self.digest.groups[group];
        let old = self.embed_lengths[group];
        let heading = if old == 0 { utf16_length(&heading(of_event)) + SEPARATOR_LENGTH } else { 0 };
        let line = subheading(&of_event.bundles[bundle], of_event, self.detail);
        let line = line
            .filter(|_| !self.started_bundles.contains(&(group, bundle)))
            .map_or(0, |line| utf16_length(&line) + SEPARATOR_LENGTH);
        let own =
            utf16_length(&item_text(&of_event.bundles[bundle].items[item], self.detail)) + SEPARATOR_LENGTH;
        let new = old + heading + line + own;
        let all: usize = self.embed_lengths.iter().sum::<usize>() - old + new;
        let boxes = self.embed_lengths.iter().filter(|length| **length > 0).count() + usize::from(old == 0);
        if new > MAX_DESCRIPTION || all > MAX_EMBEDS_LENGTH || boxes > MAX_EMBED_COUNT {
            return false;
        }
        self.embed_lengths[group] = new;
        self.started_bundles.insert((group, bundle));
        self.items.insert(at);
        true
    }
}

/// The group, the bundle and the item of a place.
fn locate_item(digest: &Digest, at: usize) -> Option<(usize, usize, usize)> {
    let mut first = 0;
    for (group, of_event) in digest.groups.iter().enumerate() {
        for (bundle, of_topic) in of_event.bundles.iter().enumerate() {
            if at < first + of_topic.items.len() {
                return Some((group, bundle, at - first));
            }
            first += of_topic.items.len();
        }
    }
    None
}
