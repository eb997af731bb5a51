//! Where a post is from: the name of its file, its site, its publisher. People name a blog by it, although no post says it:
//! "according to zerokspot".

use takeaways_text::model::Post;
use takeaways_text::tokens::folding::{fold, folded_words};
use takeaways_text::tokens::strip_genitive;

/// The minimum number of letters of a word that may be a part of another: "larson" in "sethmlarson". Shorter ones are in many.
const MIN_LETTERS: usize = 5;

/// Whether a word names where a post is from.
pub fn names_origin(word: &str, post: &Post) -> bool {
    let word = fold(strip_genitive(word));
    // Nobody types the apostrophe.
    let without_genitive = word.strip_suffix('s').unwrap_or(&word);
    let is_in = |name: &str| name.contains(word.as_str()) || name.contains(without_genitive);
    without_genitive.chars().count() >= MIN_LETTERS
        && word.chars().all(char::is_alphanumeric)
        && names_of_origin(post).any(|name| is_in(&fold(name)))
}

/// Whether a post is from a blog that is named after a person.
pub(crate) fn is_named_after(person: &str, post: &Post) -> bool {
    names_of_origin(post).any(|name| has_name_of(person, name))
}

/// Whether a whole part of the name of a file, a site or a publisher is the full name of a person, perhaps with a middle initial:
/// `sethmlarson`, `seth-larson`.
pub(crate) fn has_name_of(person: &str, name: &str) -> bool {
    let words = folded_words(person);
    let [first, .., last] = words.as_slice() else { return false };
    let whole = words.concat();
    let is_name = |part: &str| {
        let middle = part.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
        part == whole || middle.is_some_and(|middle| middle.chars().count() <= 1)
    };
    let parts = folded_words(name);
    (1..=words.len() + 1).any(|len| parts.windows(len).any(|parts| is_name(&parts.concat())))
}

/// The names of where a post is from: its file, its site, its publisher.
fn names_of_origin(post: &Post) -> impl Iterator<Item = &str> {
    let file = post.id.0.rsplit('/').next();
    file.into_iter().chain(post.url.as_deref().and_then(site)).chain(post.publisher.as_deref())
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

    #[test]
    fn a_blog_is_named_after_a_person_by_the_full_name() {
        for (file, person, expected) in [
            ("2024-pycon-sethmlarson", "Seth Larson", true),
            ("2024-pycon-sethlarson", "Seth Larson", true),
            ("2024-pycon-seth-larson", "Seth Larson", true),
            ("2024-pycon-sethmlarson", "Seth M. Larson", true),
            ("2024-pycon-sethmlarson", "Gary Larson", false),
            ("2024-pycon-sethmlarson", "Larson", false),
            ("2024-pycon-larsonblog", "Seth Larson", false),
        ] {
            let post = post(file, "The mesh is young.");
            assert_eq!(is_named_after(person, &post), expected, "{file}: {person}");
        }
    }
}
