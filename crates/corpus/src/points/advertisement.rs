//! Tells the advertisements in a post.

use takeaways_text::model::{Block, Body, Link, Span};

/// The values of the parameter `utm_medium` of a link, or words of them, that say that somebody paid for it. The parameter is that
/// of Google Analytics' campaign links; the values are those of its default channels, and what newsletters use.
const PAID_MEDIA: [&str; 12] = [
    "ad",
    "ads",
    "affiliate",
    "banner",
    "cpc",
    "cpm",
    "display",
    "newsletter",
    "paid",
    "partner",
    "ppc",
    "sponsor",
];

/// Whether a part of a post is in an advertisement: a block with a link that somebody paid for.
pub fn is_advertisement(body: &Body, span: Span) -> bool {
    body.blocks.iter().any(|block| block.span.overlaps(span) && has_paid_link(body, block))
}

/// Whether a block has a link that somebody paid for.
pub(super) fn has_paid_link(body: &Body, block: &Block) -> bool {
    let is_paid = |link: &Link| {
        let (_, query) = link.url.split_once('?').unwrap_or_default();
        let media =
            query.split('&').filter_map(|pair| pair.split_once('=').filter(|(key, _)| *key == "utm_medium"));
        media
            .flat_map(|(_, medium)| medium.split(|c: char| !c.is_alphabetic()))
            .any(|word| PAID_MEDIA.iter().any(|paid| paid.eq_ignore_ascii_case(word)))
    };
    body.links_in(block.span).iter().any(is_paid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::read_text;

    #[test]
    fn an_advertisement_has_no_points() {
        let claim = "Most teams should try Honeycomb first, because it is easier to run than others.";
        for (medium, is_point) in [("newsletter", false), ("email-ad", false), ("blog", true)] {
            let link = format!("[Get it](https://example.com/get?utm_source=here&utm_medium={medium})");
            let text = format!("# Recap\n\nThe talks were long.\n\n{claim} {link}.\n");
            let post = read_text(&text);
            let found = post.body.points.iter().any(|it| post.body.slice(it.span).starts_with(claim));
            assert_eq!(found, is_point, "{medium}");
            let start = post.body.text.find(claim).expect("the claim");
            let span = Span::new(&post.body.text, start..start + claim.len()).expect("a span");
            assert_eq!(is_advertisement(&post.body, span), !is_point, "{medium}");
        }
    }
}
