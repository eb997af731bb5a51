//! Distributes the posts of a digest to its message and the pages of its buttons.

use std::collections::BTreeSet;

use super::{ItemDetail, heading, item_text, subheading};
use crate::discord::message::{
    MAX_BUTTONS, MAX_DESCRIPTION, MAX_EMBED_COUNT, MAX_EMBEDS_LENGTH, utf16_length,
};
use takeaways_digest::Digest;

/// Indexes of posts in [`Digest::items`].
pub(super) type ItemIndexes = BTreeSet<usize>;

/// How many posts a message has; more would be a list, not a digest.
const MAX_ITEMS: usize = 12;
/// The length of the blank line between two parts of an embed.
const SEPARATOR_LENGTH: usize = 2;

/// The posts of the message: the first of each event, then the second of each event, and so on while there is room. So no
/// event displaces the others.
/// `reserved` is the length of what is added to the last box, `beside` that of other boxes, and `boxes` the maximum number of
/// boxes.
pub(super) fn first_page(digest: &Digest, reserved: usize, beside: usize, boxes: usize) -> ItemIndexes {
    let mut room = PageLayout { reserved, beside, boxes, ..PageLayout::new(digest, ItemDetail::Sentence) };
    for at in round_robin(digest) {
        if room.items.len() < MAX_ITEMS {
            room.try_add(at);
        }
    }
    room.items
}

/// The pages of the hidden posts, their detail, and the number of posts that fit on no page.
pub(super) fn overflow_pages(digest: &Digest, shown: &ItemIndexes) -> (Vec<ItemIndexes>, ItemDetail, usize) {
    let hidden: Vec<usize> = (0..digest.items().count()).filter(|at| !shown.contains(at)).collect();
    let whole = paginate(digest, &hidden, ItemDetail::Sentence);
    if whole.len() <= 1 {
        return (whole, ItemDetail::Sentence, 0);
    }
    let mut pages = paginate(digest, &hidden, ItemDetail::Title);
    pages.truncate(MAX_BUTTONS);
    let listed: usize = pages.iter().map(BTreeSet::len).sum();
    (pages, ItemDetail::Title, hidden.len() - listed)
}

/// Fills one page after the other.
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
    let mut order: Vec<(usize, usize, usize)> = Vec::new();
    for (group, event_group) in digest.groups.iter().enumerate() {
        let posts = event_group.items().count();
        order.extend((0..posts).map(|round| (round, group, first + round)));
        first += posts;
    }
    order.sort_unstable();
    order.into_iter().map(|(_, _, at)| at).collect()
}

/// A page while it is filled.
struct PageLayout<'d> {
    digest: &'d Digest,
    detail: ItemDetail,
    /// The length of what will be added to the message.
    reserved: usize,
    /// The length of boxes that are no posts'.
    beside: usize,
    /// The maximum number of embeds.
    boxes: usize,
    items: ItemIndexes,
    /// The length of each embed; 0 if there is none.
    embed_lengths: Vec<usize>,
    /// Bundles that have their subheading.
    started_bundles: BTreeSet<(usize, usize)>,
}

impl<'d> PageLayout<'d> {
    fn new(digest: &'d Digest, detail: ItemDetail) -> Self {
        let embed_lengths = vec![0; digest.groups.len()];
        let (items, started_bundles) = (ItemIndexes::new(), BTreeSet::new());
        Self {
            digest,
            detail,
            reserved: 0,
            beside: 0,
            boxes: MAX_EMBED_COUNT,
            items,
            embed_lengths,
            started_bundles,
        }
    }

    /// Adds a post if there is room for it.
    fn try_add(&mut self, at: usize) -> bool {
        let Some((group, bundle, item)) = locate_item(self.digest, at) else { return false };
        let event_group = &self.digest.groups[group];
        let old = self.embed_lengths[group];
        let heading = if old == 0 { utf16_length(&heading(event_group)) + SEPARATOR_LENGTH } else { 0 };
        let line = subheading(&event_group.bundles[bundle], event_group, self.detail);
        let line = line
            .filter(|_| !self.started_bundles.contains(&(group, bundle)))
            .map_or(0, |line| utf16_length(&line) + SEPARATOR_LENGTH);
        let own = utf16_length(&item_text(&event_group.bundles[bundle].items[item], self.detail))
            + SEPARATOR_LENGTH;
        let new = old + heading + line + own;
        let all: usize = self.embed_lengths.iter().sum::<usize>() - old + new;
        let boxes = self.embed_lengths.iter().filter(|length| **length > 0).count() + usize::from(old == 0);
        let is_too_long =
            new + self.reserved > MAX_DESCRIPTION || all + self.reserved + self.beside > MAX_EMBEDS_LENGTH;
        if is_too_long || boxes > self.boxes {
            return false;
        }
        self.embed_lengths[group] = new;
        self.started_bundles.insert((group, bundle));
        self.items.insert(at);
        true
    }
}

/// The group, bundle and item of an index.
fn locate_item(digest: &Digest, at: usize) -> Option<(usize, usize, usize)> {
    let mut first = 0;
    for (group, event_group) in digest.groups.iter().enumerate() {
        for (bundle, topic_bundle) in event_group.bundles.iter().enumerate() {
            if at < first + topic_bundle.items.len() {
                return Some((group, bundle, at - first));
            }
            first += topic_bundle.items.len();
        }
    }
    None
}
