//! Chooses the key sentence of a post: the best of its points that a digest has room for.

use std::cmp::Reverse;

use takeaways_text::model::{BlockKind, Point, Post, Quote};

/// The least grade of a key sentence; below it only the title is shown. Found by reading digests of real posts.
const MIN_GRADE: f32 = 0.9;
/// The most characters of a key sentence.
const MAX_CHARS: usize = 240;
/// A list item nested deeper needs the items above it.
const MAX_DEPTH: u8 = 2;

/// Returns the key sentence of a post, quoted from it; `None` if no point is good enough.
pub fn key_sentence(post: &Post) -> Option<Quote> {
    let points = post.body.points.iter().filter(|point| is_readable(post, point));
    let best = points
        .max_by(|a, b| a.grade().total_cmp(&b.grade()).then_with(|| Reverse(a.span).cmp(&Reverse(b.span))))?;
    (best.grade() >= MIN_GRADE)
        .then(|| Quote { text: post.body.slice(best.span).to_owned(), span: best.span })
}

/// Whether a point can be read in a digest, where nothing stands around it.
fn is_readable(post: &Post, point: &Point) -> bool {
    let body = &post.body;
    let blocks = body.blocks_at(point.span).filter_map(|block| body.blocks.get(block as usize));
    let is_prose = |kind: BlockKind, depth: u8| match kind {
        BlockKind::Paragraph => true,
        BlockKind::ListItem => depth <= MAX_DEPTH,
        _ => false,
    };
    body.slice(point.span).chars().count() <= MAX_CHARS
        && blocks.into_iter().all(|block| is_prose(block.kind, block.depth))
}

#[cfg(test)]
mod tests;
