//! Where a post is from: the name of its file, its site, its publisher. People name a blog by it, although no post says it:
//! "according to zerokspot".

use takeaways_text::model::Post;
use takeaways_text::tokens::folding::fold;
use takeaways_text::tokens::strip_genitive;

/// The minimum number of letters of a word that may be a part of another: "larson" in "sethmlarson". Shorter ones are in many.
const MIN_LETTERS: usize = 5;

/// Whether a word names where a post is from.
pub fn names_origin(word: &str, post: &Post) -> bool {
    let word = fold(strip_genitive(word));
    // Nobody types the apostrophe.
    let without_genitive = word.strip_suffix('s').unwrap_or(&word);
    let is_in = |name: &str| name.contains(word.as_str()) || name.contains(without_genitive);
    let file = post.id.0.rsplit('/').next();
    let site = post.url.as_deref().and_then(site);
    without_genitive.chars().count() >= MIN_LETTERS
        && word.chars().all(char::is_alphanumeric)
        && file.into_iter().chain(site).chain(post.publisher.as_deref()).any(|name| is_in(&fold(name)))
}

/// The host of an address.
fn site(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split(['/', '?', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::post;

    #[test]
    fn words_name_the_file_the_site_or_the_publisher_of_a_post() {
        let mut post = (*post("posts/2019-kubecon-eu-zerokspot", "The mesh is young.")).clone();
        post.url = Some("https://www.sethmlarson.dev/mesh-notes".into());
        post.publisher = Some("Example Weekly".into());
        for (word, expected) in [
            ("zerokspot", true),
            ("Zerokspot's", true),
            ("zerokspots", true),
            ("Larson", true),
            ("example", true),
            ("seth", false),
            ("notes", false),
            ("posts", false),
        ] {
            assert_eq!(names_origin(word, &post), expected, "{word}");
        }
    }
}
