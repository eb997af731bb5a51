//! What the names of features and signals mean, in a few words for people.

/// The meanings by name. A feature and a signal of one name say the same; a signal says it as a logarithm or a count.
const MEANINGS: [(&str, &str); 29] = [
    ("about_itself", "it speaks of its own post: \"watch the replay\""),
    ("after", "share of the question that only the next sentence covers"),
    ("counts", "a number is asked for, and one is beside a word of the question"),
    ("coverage", "share of the question that it and its context (title, section, sentences around) cover"),
    ("defines", "a meaning is asked for, and it looks like a definition"),
    ("direct", "share of the question that its own words cover"),
    ("early", "how near it is to the beginning of its post"),
    ("elsewhere", "no post is about the event, of the year or by the author that the question names"),
    ("exact", "share of the question that it has in the same words"),
    ("fits", "it has what is asked for: a person, a day, a place, a reason"),
    ("in_english", "its post is in English and the question is not"),
    ("in_post", "share of the question that the passages of its post cover together"),
    ("length", "how long it is"),
    ("linked", "share of it that is link text"),
    ("misfits", "it has nothing of what is asked for: no person, no day, no place"),
    ("names", "share of the names in the question that its own words have"),
    ("names_unknown", "names in the question that no post has"),
    ("names_unsaid", "names in the question that neither it nor its context has"),
    ("nearness", "how near each other the words of the question are in it"),
    ("no_number", "a number is asked for, and it has none"),
    ("passage", "how well its passage was found, compared with the best"),
    ("post", "how well the best passage of its post was found, compared with the best"),
    ("rarest", "how much it covers the most important search term"),
    ("said", "how many search terms it and its context cover"),
    ("set_off", "it is a quote within the post, or a row of a table"),
    ("third_language", "its post is in neither the question's language nor English"),
    ("title_like", "it reads as a title or a name, not as a sentence"),
    ("uncounted", "a number is asked for, and none is beside a word of the question"),
    ("whole", "it and its context cover the whole question"),
];

/// Returns what a name means; `None` for a name that is not here.
pub(super) fn meaning(name: &str) -> Option<&'static str> {
    MEANINGS.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use takeaways_answer::{Feature, Signal};

    use super::*;

    #[test]
    fn each_feature_and_each_signal_has_a_meaning() {
        let names = Feature::ALL.map(Feature::name).into_iter().chain(Signal::ALL.map(Signal::name));
        for name in names {
            assert!(meaning(name).is_some(), "{name}");
        }
    }
}
