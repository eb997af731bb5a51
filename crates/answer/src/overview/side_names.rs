//! The names of the sides of a comparison, as the words of a question give them.

use takeaways_text::language;

/// The parts of a side that names several: `2019 vs 2022`.
pub(super) fn split_at_versus(side: &str) -> Vec<&str> {
    let parts = side.split(" versus ").flat_map(|part| part.split(" vs. "));
    parts.flat_map(|part| part.split(" vs ")).collect()
}

/// What a side may be called in full. In "KubeCon EU 2018 and 2019" the second one leaves out the name of the first, and in
/// "KubeCon NA and EU in 2024" the first one the year of the second.
pub(super) fn names_of_side(name: &str, other: &str) -> Vec<String> {
    let is_year = |word: &str| word.len() == 4 && word.parse::<u16>().is_ok();
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
    let with_first = format!("{first} {name}");
    vec![name, with_first]
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
        ] {
            assert_eq!(names_of_side(name, other)[0], expected, "{name} beside {other}");
        }
        assert_eq!(names_of_side("security 2018", "2024").len(), 1, "no year stands before a name");
    }

    #[test]
    fn a_side_that_names_several_is_split() {
        assert_eq!(split_at_versus("2019 vs 2022 versus 2024"), ["2019", "2022", "2024"]);
        assert_eq!(split_at_versus("canvas"), ["canvas"]);
    }
}
