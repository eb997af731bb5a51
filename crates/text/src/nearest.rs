//! Suggests known names for an unknown name.

/// Names with a lower similarity (Jaro–Winkler, 0 to 1) are not suggested.
const MIN_SIMILARITY: f64 = 0.75;

/// The longest name that is compared, in characters: the cost is the product of both lengths.
const MAX_CHARS: usize = 200;

/// The known names most similar to `name`, best first, at most `limit`. The comparison ignores case.
///
/// A known name that contains `name`, or whose last part (after `.` or `/`) is similar, counts as similar.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, limit: usize) -> Vec<&'a str> {
    let name = comparable(name);
    let mut similar: Vec<(f64, &str)> = known
        .into_iter()
        .map(|known| (similarity(&name, known), known))
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .collect();
    similar.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    similar.into_iter().take(limit).map(|(_, name)| name).collect()
}

/// Returns whether a name is a misspelt known one: it differs by one slip, or by two in ten signs or more. The comparison
/// ignores case.
pub fn is_typo_of(name: &str, known: &str) -> bool {
    count_slips(name, known).is_some_and(|slips| slips > 0)
}

/// A question about the names of [`nearest`]: `did you mean a or b?`; `None` without names.
pub fn did_you_mean(names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| format!("did you mean {}?", names.join(" or ")))
}

/// The known name that is probably meant by `name`: the one with the fewest slips, if they are few for its length (one, or
/// two in ten signs or more). The comparison ignores case.
pub fn misspelt<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let slips = known.into_iter().filter_map(|known| Some((count_slips(name, known)?, known)));
    slips.min().map(|(_, known)| known)
}

/// The number of typing errors after which the typed text is the beginning of `name` or all of it; `None` if there are
/// too many for its length.
///
/// Both are compared as they are. The first letter must be right: people rarely get that wrong. So must numbers: another
/// one means something else.
pub fn typing_errors(typed: &str, name: &str) -> Option<usize> {
    if typed.chars().next() != name.chars().next() {
        return None;
    }
    let length = typed.chars().count();
    let most = match length {
        0..=3 => 0,
        _ if typed.contains(|c: char| c.is_numeric()) => 0,
        4..=7 => 1,
        8..=32 => 2,
        _ => return None,
    };
    // Each letter that the name does not have costs an error. This is quick, and rules out most names.
    if (letters(typed) & !letters(name)).count_ones() as usize > most {
        return None;
    }
    let name: Vec<char> = name.chars().take(length + most).collect();
    let beginnings = (length.saturating_sub(most)..=name.len()).filter_map(|end| name.get(..end));
    let errors =
        beginnings.map(|beginning| strsim::osa_distance(typed, &String::from_iter(beginning))).min()?;
    (errors <= most).then_some(errors)
}

/// The letters of a text, a bit for each. Some share one, so that there may be more than there seem.
fn letters(text: &str) -> u64 {
    text.chars().fold(0, |all, c| all | 1 << (u32::from(c) % 64))
}

/// The minimum number of letters of a last name that two swapped ones make no other name.
const MIN_LAST_NAME: usize = 7;

/// Whether two names of people are one name with two letters swapped: "Kelsey Hightwoer". Another slip may make the name of
/// somebody else: Schmidt and Schmitt.
pub fn are_one_person_misspelt(one: &str, other: &str) -> bool {
    let (one, other) = (comparable(one), comparable(other));
    let (Some((first, last)), Some((other_first, other_last))) =
        (one.rsplit_once(' '), other.rsplit_once(' '))
    else {
        return false;
    };
    let is_long = [last, other_last].iter().all(|name| name.chars().count() >= MIN_LAST_NAME);
    first == other_first && is_long && has_swapped_letters(last, other_last)
}

/// The number of slips that make a typed word of a known one: letters that are missing, typed twice or swapped with the next. Another
/// letter that is added or stands in place of one counts as two, since it often makes another word: "rugby" is no slip of "ruby", and
/// "lager" none of "later". It is the distance of Damerau and Levenshtein in the form of optimal string alignment, with these costs.
pub fn count_key_slips(typed: &str, known: &str) -> usize {
    let (typed, known): (Vec<char>, Vec<char>) = (typed.chars().collect(), known.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=known.len()).collect()];
    for (at, letter) in typed.iter().enumerate() {
        let mut row = vec![2 * (at + 1)];
        for (column, other) in known.iter().enumerate() {
            let replaced = rows[at][column] + if letter == other { 0 } else { 2 };
            let is_doubled = at > 0 && typed[at - 1] == *letter;
            let added = rows[at][column + 1] + if is_doubled { 1 } else { 2 };
            let mut least = replaced.min(added).min(row[column] + 1);
            if at > 0 && column > 0 && *letter == known[column - 1] && typed[at - 1] == *other {
                least = least.min(rows[at - 1][column - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or_default()
}

/// Whether two words are one but for two letters side by side that are swapped.
pub fn has_swapped_letters(word: &str, other: &str) -> bool {
    word.len() == other.len()
        && letters_in_order(word) == letters_in_order(other)
        && strsim::osa_distance(word, other) == 1
}

fn letters_in_order(name: &str) -> Vec<char> {
    let mut letters: Vec<char> = name.chars().collect();
    letters.sort_unstable();
    letters
}

/// The number of slips of the keyboard between two names: signs that are missing, added, changed or swapped with the next.
/// `None` if there are too many for the length of the known name. Of a known name with fewer than five signs only the same
/// name counts, with 0 slips.
fn count_slips(name: &str, known: &str) -> Option<usize> {
    let (name, known) = (comparable(name), comparable(known));
    let most = match known.chars().count() {
        0..5 => 0,
        5..10 => 1,
        _ => 2,
    };
    Some(strsim::osa_distance(&name, &known)).filter(|slips| *slips <= most)
}

fn similarity(name: &str, known: &str) -> f64 {
    let known = comparable(known);
    let whole = strsim::jaro_winkler(name, &known);
    let last = strsim::jaro_winkler(last_part(name), last_part(&known)) * 0.98;
    let contained = if name.chars().count() >= 3 && known.contains(name) { 0.9 } else { 0.0 };
    whole.max(last).max(contained)
}

fn comparable(name: &str) -> String {
    name.to_lowercase().chars().take(MAX_CHARS).collect()
}

fn last_part(name: &str) -> &str {
    name.rsplit(['.', '/']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_suggested() {
        let known = ["corpus.drafts", "corpus.folders", "log.level", "2019/kubecon-san-diego"];
        for (name, expected) in [
            ("corpus.draft", Some("corpus.drafts")),
            ("drafts", Some("corpus.drafts")),
            ("logging.level", Some("log.level")),
            ("san-diego", Some("2019/kubecon-san-diego")),
            ("KUBECON-san-deigo", Some("2019/kubecon-san-diego")),
            ("xyz", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known, 1).first().copied(), expected, "{name}");
        }
    }

    #[test]
    fn a_replaced_or_added_letter_is_two_slips() {
        for (typed, known, expected) in [
            ("cluser", "cluster", 1),
            ("bougth", "bought", 1),
            ("goolden", "golden", 1),
            ("rugby", "ruby", 2),
            ("lager", "later", 2),
            ("mesh", "mesh", 0),
            ("", "ab", 2),
        ] {
            assert_eq!(count_key_slips(typed, known), expected, "{typed}");
        }
    }

    #[test]
    fn slips_are_told_from_other_names() {
        for (name, known, expected) in [
            ("KubeCorn", "kubecon", true),
            ("KuebCon", "KubeCon", true),
            ("KubeCon", "KubeCon", false),
            ("RustConf", "RubyConf", false),
            ("Observabilty Con", "ObservabilityCon", true),
            ("GOTO", "GOTC", false),
        ] {
            assert_eq!(is_typo_of(name, known), expected, "{name}");
        }
    }

    #[test]
    fn a_misspelt_last_name_is_of_the_same_person() {
        for (one, other, expected) in [
            ("Kelsey Hightower", "kelsey hightwoer", true),
            ("Kelsey Hightower", "Kelly Hightower", false),
            ("Chris Short", "Chris Shore", false),
            ("Robin Underwood", "Robin Overwood", false),
            ("Thomas Schmidt", "Thomas Schmitt", false),
            ("Hightower", "Hightwoer", false),
        ] {
            assert_eq!(are_one_person_misspelt(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn slips_are_recognised() {
        let known = ["DISCORD_TOKEN", "DISCORD_TOKEN_FILE"];
        for (name, expected) in [
            ("DISCORD_TOKN", Some("DISCORD_TOKEN")),
            ("DISCROD_TOCKEN", Some("DISCORD_TOKEN")),
            ("discord_token", Some("DISCORD_TOKEN")),
            ("DISCORD_TOKEN_FIEL", Some("DISCORD_TOKEN_FILE")),
            ("DISCORD", None),
            ("DISCORD_WEBHOOK", None),
        ] {
            assert_eq!(misspelt(name, known), expected, "{name}");
        }
    }

    #[test]
    fn the_beginning_of_a_name_may_have_an_error_or_two() {
        for (typed, name, errors) in [
            ("copenhagen", "copenhagen", Some(0)),
            ("copenhagn", "copenhagen", Some(1)),
            ("copnha", "copenhagen", Some(1)),
            ("copehnagen", "copenhagen", Some(1)),
            ("garucio", "garuccio", Some(1)),
            ("tokio", "tokyo", Some(1)),
            ("ber", "berlin", Some(0)),
            ("brl", "berlin", None),
            ("monday", "monaco", None),
            ("dopenhagen", "copenhagen", None),
            ("", "", Some(0)),
            ("berlin", "", None),
            ("2018", "2019", None),
            ("2018", "2018", Some(0)),
            ("münhcen", "münchen", Some(1)),
        ] {
            assert_eq!(typing_errors(typed, name), errors, "{typed} {name}");
        }
        assert_eq!(typing_errors(&"x".repeat(1 << 20), "x"), None);
    }

    #[test]
    fn names_are_offered_as_a_question() {
        assert_eq!(did_you_mean(&["a", "b"]).as_deref(), Some("did you mean a or b?"));
        assert_eq!(did_you_mean(&[]), None);
    }
}
