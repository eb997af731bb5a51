//! The names of the sides of a comparison, as the words of a question give them.

use crate::shape_words::is_word_of_shape;
use takeaways_corpus::events::EventTable;
use takeaways_text::language;
use takeaways_text::model::{Language, Shape};
use takeaways_text::tokens::is_stop_word;

/// The parts of a side that names several: `2019 vs 2022`.
pub(super) fn split_at_versus(side: &str) -> Vec<&str> {
    let parts = side.split(" versus ").flat_map(|part| part.split(" vs. "));
    parts.flat_map(|part| part.split(" vs ")).collect()
}

/// A side without the words at its end that are none of its name: those for what is asked of it ("Linkerd vs Istio opinions"), and of
/// one that names an event those of grammar ("compare a KubeCon com a FOSDEM").
pub(super) fn name_of_side(mut side: &str, language: Language) -> &str {
    let mut ends_with_name = EventTable::builtin().mentions(side).is_empty();
    while let Some((rest, last)) = side.rsplit_once(' ') {
        let is_asked = is_word_of_shape(last, Shape::Opinions);
        if !is_asked && (ends_with_name || !is_stop_word(&last.to_lowercase(), language)) {
            break;
        }
        ends_with_name &= !is_asked;
        side = rest.trim_end();
    }
    side
}

/// What a side may be called in full. In "KubeCon EU 2018 and 2019" the second one leaves out the name of the first, and in
/// "KubeCon NA and EU in 2024" the first one the year of the second. In "KubeCon Paris and the London one" the second one
/// is first of all one of the same conference.
pub(super) fn names_of_side(name: &str, other: &str, language: Language) -> Vec<String> {
    let edition = as_edition(name, language);
    let name = edition.as_deref().unwrap_or(name);
    let words: Vec<&str> = other.split_whitespace().collect();
    let (year, rest) = match words.as_slice() {
        [rest @ .., last] if is_year(last) => (Some(last), rest),
        [first, rest @ ..] if is_year(first) => (Some(first), rest),
        all => (None, all),
    };
    if is_year(name) && year.is_some() {
        return vec![format!("{} {name}", rest.join(" "))];
    }
    let Some(first) = words.first().filter(|first| !is_year(first)) else {
        let with_year = year.filter(|_| !rest.is_empty()).map(|year| format!("{name} {year}"));
        return [name.to_owned()].into_iter().chain(with_year).collect();
    };
    // "In 2024" is the year of both.
    let is_in = |word: &&str| language::all().questions.in_places.contains(word.to_lowercase().as_str());
    let is_of_both =
        !name.split_whitespace().any(is_year) && rest.len() > 1 && rest.last().is_some_and(is_in);
    let name = year.filter(|_| is_of_both).map_or_else(|| name.to_owned(), |year| format!("{name} {year}"));
    if let Some(conference) = conference_of(other).filter(|_| EventTable::builtin().is_place(&name)) {
        return vec![format!("{conference} {name}"), name];
    }
    let with_first = format!("{first} {name}");
    vec![name, with_first]
}

/// The name of the conference in a side, with what stands before it, unless that names another place: of "security at KubeCon Paris" it
/// is "security at KubeCon".
fn conference_of(side: &str) -> Option<String> {
    let table = EventTable::builtin();
    let mentions = table.mentions(side);
    let (start, series) =
        mentions.iter().find_map(|mention| Some((mention.range.start, &mention.series?.name)))?;
    let before = side.get(..start)?;
    let names_place = before.split_whitespace().any(|word| table.is_place(word));
    Some(if names_place { series.clone() } else { format!("{before}{series}") })
}

/// Whether a side names only a year: "2019", "the 2019 edition".
pub(super) fn is_year_alone(side: &str, language: Language) -> bool {
    is_year(as_edition(side, language).as_deref().unwrap_or(side))
}

/// The year or the place of a side that calls itself an edition: "London" for "the London one".
fn as_edition(side: &str, language: Language) -> Option<String> {
    let nouns = &language.words().conversation.edition_nouns;
    let (rest, noun) = side.trim().rsplit_once(' ')?;
    let words = rest.split_whitespace().filter(|word| !is_stop_word(&word.to_lowercase(), language));
    let name = words.collect::<Vec<&str>>().join(" ");
    let is_edition = nouns.contains(noun.to_lowercase().as_str())
        && (is_year(&name) || EventTable::builtin().is_place(&name));
    is_edition.then_some(name)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_takes_what_it_leaves_out_from_the_other() {
        for (name, other, expected) in [
            ("2019", "KubeCon EU 2018", "KubeCon EU 2019"),
            ("2018", "2022 KubeCon EU", "KubeCon EU 2018"),
            ("security 2018", "2024", "security 2018"),
            ("the 2019 edition", "KubeCon EU 2018", "KubeCon EU 2019"),
            ("the London one", "ContainerDays Hamburg", "ContainerDays London"),
            ("London", "ContainerDays Hamburg", "ContainerDays London"),
            ("London", "Hamburg editions of ContainerDays", "ContainerDays London"),
            ("London", "security at KubeCon Paris", "security at KubeCon + CloudNativeCon London"),
            ("hamburg", "london containerdays", "ContainerDays hamburg"),
            ("FOSDEM", "KubeCon Valencia", "FOSDEM"),
            ("huge ones", "small confs", "huge ones"),
        ] {
            assert_eq!(names_of_side(name, other, Language::En)[0], expected, "{name} beside {other}");
        }
        let names = names_of_side("security 2018", "2024", Language::En);
        assert_eq!(names.len(), 1, "no year stands before a name");
    }

    #[test]
    fn the_words_at_the_end_of_a_side_may_be_none_of_its_name() {
        for (side, expected) in [
            ("Istio opinions", "Istio"),
            ("opinions", "opinions"),
            ("Istio for people", "Istio"),
            ("a KubeCon with the", "a KubeCon"),
            ("life with the", "life with the"),
        ] {
            assert_eq!(name_of_side(side, Language::En), expected, "{side}");
        }
    }

    #[test]
    fn a_year_may_be_called_an_edition() {
        for (side, expected) in
            [("2019", true), ("the 2019 edition", true), ("KubeCon 2019", false), ("the edition", false)]
        {
            assert_eq!(is_year_alone(side, Language::En), expected, "{side}");
        }
    }

    #[test]
    fn a_side_that_names_several_is_split() {
        assert_eq!(split_at_versus("2019 vs 2022 versus 2024"), ["2019", "2022", "2024"]);
        assert_eq!(split_at_versus("canvas"), ["canvas"]);
    }
}
