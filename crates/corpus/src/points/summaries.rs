//! Finds the sections in which a writer sums up: a conclusion, or a list of takeaways.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::folded_text::{FoldedText, PhraseLists};
use takeaways_text::model::{Body, Span};

/// A longer heading is mostly the title of a talk: "Conclusions from five years of chaos, by Ada Ito".
const MAX_HEADING_WORDS: usize = 6;

/// The sections of a text under a heading that says that its writer sums up there.
pub(super) fn summary_sections(body: &Body) -> HashSet<u32> {
    static HEADINGS: LazyLock<PhraseLists<1>> =
        LazyLock::new(|| PhraseLists::new([|words| &words.points.summary_headings]));
    let is_over_summary = |heading: Span| {
        let folded = FoldedText::fold(body.slice(heading));
        // The title of a post at its beginning stands over all of it.
        heading.start() > 0
            && folded.words().count() <= MAX_HEADING_WORDS
            && HEADINGS.find(&folded).counts[0] > 0
    };
    let sections = (0..).zip(&body.sections).map(|(section, _)| section);
    sections.filter(|section| body.headings_above(*section).any(is_over_summary)).collect()
}

#[cfg(test)]
mod tests {
    use crate::{SourceFile, read_post};
    use takeaways_text::model::PostId;

    #[test]
    fn a_writer_sums_up_under_a_short_heading_of_their_own() {
        let claim = "Most teams should start without a mesh, because each sidecar costs memory and time.";
        for (heading, expected) in [
            ("## Key takeaways", true),
            ("## Conclusion\n\n### On meshes", true),
            ("## Fazit", true),
            ("## À retenir", true),
            ("## Major themes", true),
            ("## Meshes", false),
            ("## Conclusions from five years with Istio - Ada Ito, Example Inc.", false),
        ] {
            let text = format!("# Takeaways of Ghent\n\nIt rained.\n\n{heading}\n\n{claim}\n");
            let source = SourceFile { id: &PostId("post".into()), path: "post.md", bytes: text.as_bytes() };
            let post = read_post(&source, jiff::Timestamp::UNIX_EPOCH).post.expect("a post");
            let points = post.body.points.iter().filter(|it| post.body.slice(it.span) == claim);
            let sums_up: Vec<bool> = points.map(|point| point.kind.sums_up).collect();
            assert_eq!(sums_up, [expected], "{heading}");
        }
    }
}
