//! Whether an excerpt says what its file says, and names where that is from as the file does.

use super::library::Library;
use takeaways_text::model::{Citation, Excerpt, Post, Quoted};

/// What an excerpt says otherwise than its file, in the order quote, lead-in, citation; empty where it is exact.
///
/// It is compared with the post as it was read from its file, not with what the index keeps of it: an error on the way
/// into the index is one too.
#[must_use]
pub fn differences(excerpt: &Excerpt, library: &Library) -> Vec<&'static str> {
    let Some(post) = library.post(&excerpt.citation.post) else { return vec!["post"] };
    let is_said = |quoted: &Quoted| quoted.span.slice(&post.body.text) == Some(quoted.quote.as_str());
    let words = [("quote", is_said(&excerpt.quoted)), ("lead-in", excerpt.lead_in.iter().all(is_said))];
    let all = words.into_iter().chain(cited(&excerpt.citation, post));
    all.filter(|(_, same)| !same).map(|(what, _)| what).collect()
}

fn cited(citation: &Citation, post: &Post) -> [(&'static str, bool); 5] {
    [
        ("title", citation.title == post.shown_title()),
        ("author", citation.author == post.byline()),
        ("date", citation.date == post.date),
        ("link", citation.url == post.url),
        ("path", citation.path == post.path),
    ]
}
