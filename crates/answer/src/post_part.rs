//! A post, or one part of it.

use std::ops::Range;
use std::sync::Arc;

use takeaways_text::model::{Body, Post, Section, Span};

/// A section with fewer points is not summed up by itself.
const MIN_POINTS: usize = 2;

/// A post, or one part of it, such as what a recap tells of one day.
#[derive(Debug, Clone)]
pub struct PostPart {
    post: Arc<Post>,
    /// The place of the part; `None` for the whole post.
    place: Option<Range<usize>>,
}

impl PostPart {
    /// A part of a post, by its place in the text.
    pub(crate) fn new(post: &Arc<Post>, place: Range<usize>) -> Self {
        Self { post: Arc::clone(post), place: Some(place) }
    }

    /// A post as a whole.
    pub(crate) fn whole(post: &Arc<Post>) -> Self {
        Self { post: Arc::clone(post), place: None }
    }

    /// The post as a whole.
    pub(crate) fn post(&self) -> &Arc<Post> {
        &self.post
    }

    /// The place of the part; `None` for the whole post.
    pub(crate) fn place(&self) -> Option<&Range<usize>> {
        self.place.as_ref()
    }

    /// Whether a place in the post belongs to it.
    pub(crate) fn contains(&self, span: Span) -> bool {
        self.place.as_ref().is_none_or(|place| place.start <= span.start() && span.end() <= place.end)
    }

    /// The part of a post under the first heading of a kind, with those below it.
    pub(crate) fn under(post: &Arc<Post>, is_wanted: impl Fn(&str) -> bool) -> Option<Self> {
        let body = &post.body;
        let is_asked =
            |section: &Section| section.heading.is_some_and(|heading| is_wanted(body.slice(heading)));
        let (section, _) = (0..).zip(&body.sections).find(|(_, section)| is_asked(section))?;
        Some(Self::new(post, place_of_section(body, section)))
    }

    /// Whether it has enough points to be summed up.
    pub(crate) fn has_points(&self) -> bool {
        let points = self.post.body.points.iter();
        points.filter(|point| self.contains(point.span)).count() >= MIN_POINTS
    }
}

/// The place of a section with those below it: from its heading to the first text of another one. Below the last rule an author closes
/// the post, which is of a section above.
pub(crate) fn place_of_section(body: &Body, section: u32) -> Range<usize> {
    let heading = body.sections.get(section as usize).and_then(|section| section.heading);
    let start = heading.map_or(0, Span::start);
    let parent = |at: &u32| body.sections.get(*at as usize).and_then(|section| section.parent);
    let is_inside = |at: u32| std::iter::successors(Some(at), parent).any(|at| at == section);
    let from = body.blocks.partition_point(|block| block.span.start() < start);
    let mut blocks = body.blocks.get(from..).unwrap_or_default().iter();
    let outside = blocks.find(|block| !is_inside(block.section));
    start..outside.map_or(body.text.len(), |block| block.span.start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn what_closes_a_post_is_of_no_day() {
        let text = "# Recap\n\nIt rained.\n\n## Day 1\n\nSoup.\n\n## Day 2\n\nCake.\n\n### Late\n\nTea.\n\n---\n\nRead our blog.\n";
        let post = samples::post("a", text);
        let part = |heading: &str| {
            let part = PostPart::under(&post, |it| it == heading).expect(heading);
            post.body.text.get(part.place().expect("a place").clone()).expect("a text").trim_end().to_owned()
        };
        assert_eq!(part("Day 1"), "Day 1\n\nSoup.");
        assert_eq!(part("Day 2"), "Day 2\n\nCake.\n\nLate\n\nTea.");
    }
}
