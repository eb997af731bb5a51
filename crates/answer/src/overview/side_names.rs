//! The names of the sides of a comparison, as the words of a question give them.

use takeaways_text::language;

/// What stands between sides, in all languages that have it.
const VERSUS: [&str; 3] = [" vs ", " vs. ", " versus "];

/// The parts of a side that names several: `2019 vs 2022`.
pub(super) fn split_at_versus(side: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = side;
    let next = |text: &str| {
        let found = VERSUS.iter().filter_map(|sign| Some((text.find(sign)?, sign.len())));
        found.min()
    };
    while let Some((at, len)) = next(rest) {
        let (part, after) = (rest.get(..at), rest.get(at + len..));
        parts.extend(part);
        rest = after.unwrap_or_default();
    }
    parts.push(rest);
    parts
}

/// What a side may be called in full. In "KubeCon EU 2018 and 2019" the second one leaves out the name of the first, and in
/// "KubeCon NA and EU in 2024" the first one the year of the second.
pub(super) fn names_of_side(name: &str, other: &str) -> Vec<String> {
    let is_year = |word: &&str| word.len() == 4 && word.parse::<u16>().is_ok();
    let words: Vec<&str> = other.split_whitespace().collect();
    let year = words.last().filter(|word| is_year(word));
    let mut names = vec![name.to_owned()];
    if let Some((first, rest)) =
        words.split_first().filter(|(first, rest)| is_year(first) && !rest.is_empty())
    {
        // "2018 and 2022 KubeCon EU", "security 2018 vs 2024".
        let named_rest = format!("{} {name}", rest.join(" "));
        return if is_year(&name) {
            vec![named_rest]
        } else {
            vec![name.to_owned(), format!("{name} {first}")]
        };
    }
    match year {
        Some(_) if is_year(&name) => {
            let without_year = words.split_last().map(|(_, words)| words.join(" ")).unwrap_or_default();
            return vec![format!("{without_year} {name}")];
        }
        // "In 2024" is the year of both.
        Some(year) if words.len() > 2 && !name.split_whitespace().any(|word| is_year(&word)) => {
            let has_preposition =
                language::all().questions.in_places.contains(words[words.len() - 2].to_lowercase().as_str());
            names = if has_preposition { vec![format!("{name} {year}")] } else { names };
        }
        _ => {}
    }
    if let Some(first) = words.first().filter(|first| !is_year(first)) {
        let with_first: Vec<String> = names.iter().map(|name| format!("{first} {name}")).collect();
        names.extend(with_first);
    }
    names
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
