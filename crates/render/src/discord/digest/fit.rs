//! Which posts of a digest have room in its message, and which stand on the pages behind the button.

use std::collections::BTreeSet;

use super::{Detail, heading, subheading, told};
use crate::discord::page::{MAX_BOXES, MAX_BUTTONS, MAX_DESCRIPTION, MAX_EMBEDS, length};
use takeaways_digest::Digest;

/// Posts by their places in [`Digest::items`].
pub(super) type Places = BTreeSet<usize>;

/// More posts are no digest any more, but a list.
const MOST: usize = 12;
/// The blank line between two parts of a box.
const JOINT: usize = 2;

/// The posts of the message: the first of each event, then the second of each, and so on, as long as there is room. So no
/// event keeps the others out.
pub(super) fn first_page(digest: &Digest) -> Places {
    let mut room = Room::new(digest, Detail::Sentence);
    for at in by_turns(digest) {
        if room.places.len() < MOST {
            room.take(at);
        }
    }
    room.places
}

/// The pages of what is not shown, what is told on them, and how many posts are on none.
pub(super) fn next_pages(digest: &Digest, shown: &Places) -> (Vec<Places>, Detail, usize) {
    let hidden: Vec<usize> = (0..digest.items().count()).filter(|at| !shown.contains(at)).collect();
    let whole = filled(digest, &hidden, Detail::Sentence);
    if whole.len() <= 1 {
        return (whole, Detail::Sentence, 0);
    }
    let mut pages = filled(digest, &hidden, Detail::Title);
    pages.truncate(MAX_BUTTONS);
    let told: usize = pages.iter().map(BTreeSet::len).sum();
    (pages, Detail::Title, hidden.len() - told)
}

/// Page after page, each as full as it can be.
fn filled(digest: &Digest, hidden: &[usize], detail: Detail) -> Vec<Places> {
    let mut pages = Vec::new();
    let mut room = Room::new(digest, detail);
    for &at in hidden {
        if !room.take(at) {
            let full = std::mem::replace(&mut room, Room::new(digest, detail));
            pages.push(full.places);
            room.take(at);
        }
    }
    if !room.places.is_empty() {
        pages.push(room.places);
    }
    pages
}

fn by_turns(digest: &Digest) -> Vec<usize> {
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
struct Room<'d> {
    digest: &'d Digest,
    detail: Detail,
    places: Places,
    /// Length of each box; 0 where there is none.
    boxes: Vec<usize>,
    /// Bundles that have their line.
    begun: BTreeSet<(usize, usize)>,
}

impl<'d> Room<'d> {
    fn new(digest: &'d Digest, detail: Detail) -> Self {
        let boxes = vec![0; digest.groups.len()];
        Self { digest, detail, places: Places::new(), boxes, begun: BTreeSet::new() }
    }

    /// Takes a post in where there is room for it.
    fn take(&mut self, at: usize) -> bool {
        let Some((group, bundle, item)) = place(self.digest, at) else { return false };
        let of_event = &self.digest.groups[group];
        let old = self.boxes[group];
        let heading = if old == 0 { length(&heading(of_event)) + JOINT } else { 0 };
        let line = subheading(&of_event.bundles[bundle], of_event, self.detail);
        let line =
            line.filter(|_| !self.begun.contains(&(group, bundle))).map_or(0, |line| length(&line) + JOINT);
        let own = length(&told(&of_event.bundles[bundle].items[item], self.detail)) + JOINT;
        let new = old + heading + line + own;
        let all: usize = self.boxes.iter().sum::<usize>() - old + new;
        let boxes = self.boxes.iter().filter(|length| **length > 0).count() + usize::from(old == 0);
        if new > MAX_DESCRIPTION || all > MAX_EMBEDS || boxes > MAX_BOXES {
            return false;
        }
        self.boxes[group] = new;
        self.begun.insert((group, bundle));
        self.places.insert(at);
        true
    }
}

/// The group, the bundle and the item of a place.
fn place(digest: &Digest, at: usize) -> Option<(usize, usize, usize)> {
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
