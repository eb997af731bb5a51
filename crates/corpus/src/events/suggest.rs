//! Suggests a known conference for a declared name that is misspelt.

use super::table::EventTable;
use takeaways_text::model::EventId;
use takeaways_text::nearest::is_typo_of;

/// Returns the declared name with the known name of its conference, if the table does not know it but a name that
/// differs by a slip of the keyboard: `KubeCon EU 2019` for `KubeCorn EU 2019`.
pub(crate) fn suggest_event(table: &EventTable, declared: &str) -> Option<String> {
    let declared = declared.trim();
    let is_known = table.edition(&EventId(declared.to_owned())).is_some()
        || table.mentions(declared).iter().any(|mention| mention.series.is_some());
    if is_known {
        return None;
    }
    let words: Vec<&str> = declared.split_whitespace().collect();
    table.series().flat_map(|series| [&series.short, &series.name]).find_map(|name| {
        let count = name.split_whitespace().count();
        let (start, rest) = (words.get(..count)?, words.get(count..)?);
        is_typo_of(&start.join(" "), name).then(|| [&[name.as_str()], rest].concat().join(" "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_gets_the_known_one() {
        for (declared, expected) in [
            ("KubeCorn 2019", Some("KubeCon 2019")),
            ("kubecob EU 2019", Some("KubeCon EU 2019")),
            ("PromCn 2017", Some("PromCon 2017")),
            ("KubeCon EU 2019", None),
            ("kubecon-eu-2019", None),
            ("Team meeting 2019", None),
            ("", None),
        ] {
            assert_eq!(suggest_event(EventTable::builtin(), declared).as_deref(), expected, "{declared}");
        }
    }
}
