//! What a preview leaves out, and why: how many for each reason, and the first of them.

use super::help::counted;
use super::page::{Embed, MAX_DESCRIPTION, Page, length};
use super::subscriptions::sentence;
use super::{brief, short};
use crate::said;
use takeaways_digest::{LeftOut, Why};

/// The edge of what is not in a digest: grey.
const EDGE: u32 = 0x8A_8F_98;
/// So many posts are named for each reason.
const NAMED: usize = 5;

/// Each post that a digest leaves out with its reason, as far as there is room: the posts of a reason together, those of the
/// rarest reason first, since they tell most.
#[must_use]
pub fn left_out(all: &[LeftOut]) -> Page {
    if all.is_empty() {
        return Page::of_text("Nothing is left out.".to_owned(), None);
    }
    let mut reasons: Vec<(String, Vec<&LeftOut>)> = Vec::new();
    for post in all {
        let why = reason(&post.why);
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, posts)) => posts.push(post),
            None => reasons.push((why, vec![post])),
        }
    }
    reasons.sort_by_key(|(_, posts)| posts.len());
    let content = format!("Left out: {}.", counted(all.len() as u64, "post"));
    let mut named = NAMED;
    loop {
        let description = told(&reasons, named);
        if length(&description) <= MAX_DESCRIPTION || named == 0 {
            return Page { content, embeds: vec![Embed { description, color: EDGE }], ..Page::default() };
        }
        named -= 1;
    }
}

/// Each reason with its number of posts and the first of them.
fn told(reasons: &[(String, Vec<&LeftOut>)], named: usize) -> String {
    let mut lines = Vec::new();
    for (why, posts) in reasons {
        lines.push(format!("**{}** – {}", counted(posts.len() as u64, "post"), short(why)));
        lines.extend(posts.iter().take(named).map(|post| line(post)));
        let more = posts.len().saturating_sub(named);
        lines.extend((more > 0 && named > 0).then(|| format!("- and {more} more")));
    }
    lines.join("\n")
}

fn line(post: &LeftOut) -> String {
    let title = brief(post.recap.post.shown_title());
    match &post.why {
        Why::SameAs(other) => format!("- {title}: as {}", brief(&other.to_string())),
        Why::NotBefore(from) => format!("- {title}: <t:{}:D>", from.as_second()),
        _ => format!("- {title}"),
    }
}

/// A reason without what differs from post to post.
fn reason(why: &Why) -> String {
    sentence(&match why {
        Why::SameAs(_) => "it says the same as another one that the digest holds".to_owned(),
        Why::NotBefore(_) => "it is not published yet".to_owned(),
        other => said::why(other),
    })
}
