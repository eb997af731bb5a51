//! A post, or one part of it.

use std::ops::Range;
use std::sync::Arc;

use takeaways_text::model::{Post, Span};

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
        let headings = || body.sections.iter().filter_map(|section| Some((section.level, section.heading?)));
        let (level, start) = headings().find(|(_, heading)| is_wanted(body.slice(*heading)))?;
        let next = headings().filter(|(it, heading)| *it <= level && heading.start() > start.start());
        let end = next.map(|(_, heading)| heading.start()).min().unwrap_or(body.text.len());
        Some(Self::new(post, start.start()..end))
    }

    /// Whether it has enough points to be summed up.
    pub(crate) fn has_points(&self) -> bool {
        let points = self.post.body.points.iter();
        points.filter(|point| self.contains(point.span)).count() >= MIN_POINTS
    }
}
