//! The names of months and weekdays in the languages that posts are read in.

/// Months by their whole names in lower case, with and without accents.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner", "janvier", "enero", "janeiro", "gennaio", "januari"],
    &["february", "februar", "février", "fevrier", "febrero", "fevereiro", "febbraio", "februari"],
    &["march", "märz", "marz", "maerz", "mars", "marzo", "março", "marco", "maart"],
    &["april", "avril", "abril", "aprile"],
    &["may", "mai", "mayo", "maio", "maggio", "mei"],
    &["june", "juni", "juin", "junio", "junho", "giugno"],
    &["july", "juli", "juillet", "julio", "julho", "luglio"],
    &["august", "août", "aout", "agosto", "augustus"],
    &["september", "septembre", "septiembre", "setembro", "settembre"],
    &["october", "oktober", "octobre", "octubre", "outubro", "ottobre"],
    &["november", "novembre", "noviembre", "novembro"],
    &["december", "dezember", "décembre", "decembre", "diciembre", "dezembro", "dicembre"],
];

/// English short forms. Those of other languages are words of their own too often: `set`, `out`, `ago`.
const ENGLISH: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mar"],
    &["apr"],
    &[],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep", "sept"],
    &["oct"],
    &["nov"],
    &["dec"],
];

/// Short forms of other languages that are not the first three letters.
const OTHERS: [(&str, u8); 4] = [("févr", 2), ("fevr", 2), ("mrz", 3), ("mrt", 3)];

const WEEKDAYS: [&[&str]; 7] = [
    &["monday", "montag", "lundi", "lunes", "lunedì", "maandag"],
    &["tuesday", "dienstag", "mardi", "martes", "martedì", "dinsdag"],
    &["wednesday", "mittwoch", "mercredi", "miércoles", "mercoledì", "woensdag"],
    &["thursday", "donnerstag", "jeudi", "jueves", "giovedì", "donderdag"],
    &["friday", "freitag", "vendredi", "viernes", "venerdì", "vrijdag"],
    &["saturday", "samstag", "sonnabend", "samedi", "sábado", "sabato", "zaterdag"],
    &["sunday", "sonntag", "dimanche", "domingo", "domenica", "zondag"],
];

/// The month, 1 to 12, that a word names, by its whole name or an English short form.
#[must_use]
pub fn month(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    place(|at| MONTHS[at].contains(&word.as_str()) || ENGLISH[at].contains(&word.as_str()))
}

/// The same by any language's short form too: for words of which a date is all that can be expected.
#[must_use]
pub fn month_in_short(word: &str) -> Option<u8> {
    month(word).or_else(|| {
        let word = word.to_lowercase();
        let begins = |name: &&str| word.chars().count() == 3 && name.starts_with(word.as_str());
        let other = OTHERS.iter().find(|(short, _)| *short == word).map(|(_, month)| *month);
        other.or_else(|| place(|at| MONTHS[at].iter().any(begins)))
    })
}

fn place(is_month: impl FnMut(usize) -> bool) -> Option<u8> {
    (0..MONTHS.len()).position(is_month).and_then(|at| u8::try_from(at + 1).ok())
}

/// The whole names of a month, 1 to 12, in lower case; none for another number.
#[must_use]
pub fn month_names(month: i8) -> &'static [&'static str] {
    usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default()
}

/// Whether a word is a weekday's whole name.
#[must_use]
pub fn is_weekday(word: &str) -> bool {
    WEEKDAYS.iter().any(|names| names.contains(&word.to_lowercase().as_str()))
}

/// Whether a word begins a weekday's name with at least three letters.
#[must_use]
pub fn begins_weekday(word: &str) -> bool {
    let word = word.to_lowercase();
    word.chars().count() >= 3
        && WEEKDAYS.iter().flat_map(|names| names.iter()).any(|name| name.starts_with(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_by_their_names() {
        for (word, whole, short) in [
            ("May", Some(5), Some(5)),
            ("sept", Some(9), Some(9)),
            ("Août", Some(8), Some(8)),
            ("marz", Some(3), Some(3)),
            ("dez", None, Some(12)),
            ("fév", None, Some(2)),
            ("févr", None, Some(2)),
            ("mrt", None, Some(3)),
            ("out", None, Some(10)),
            ("de", None, None),
            ("word", None, None),
        ] {
            assert_eq!((month(word), month_in_short(word)), (whole, short), "{word}");
        }
    }

    #[test]
    fn every_three_letters_name_one_month() {
        for (at, names) in MONTHS.iter().enumerate() {
            // In French "jui" could be either; nobody writes it.
            for name in names.iter().filter(|name| **name != "juillet") {
                let short: String = name.chars().take(3).collect();
                let found = month_in_short(&short).map(usize::from);
                assert_eq!(found, Some(at + 1), "{name}");
            }
        }
    }

    #[test]
    fn weekdays_by_their_names() {
        assert!(is_weekday("Sonntag") && !is_weekday("Sonne") && !is_weekday("sun"));
        assert!(begins_weekday("Sun") && begins_weekday("mié") && !begins_weekday("su"));
    }
}
