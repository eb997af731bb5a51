//! What a press of one of our buttons means.
//!
//! All of it is in the button itself, so that it works after a restart: the version of this form, the kind, and one
//! number.

/// A button that was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Press {
    /// Ask the question that is the button's label.
    Ask {
        /// Its place in the row: no two buttons of a message may have the same id.
        place: u8,
    },
    /// Show what a digest has no room for. Which digest: that of the message with the button.
    Rest {
        /// Which page of it, from 0.
        page: u8,
    },
    /// Delete the answer.
    Delete {
        /// The user who asked; they and moderators may.
        asker: u64,
    },
}

/// Of this form. Buttons of another version are on messages that stay in Discord as long as anybody wants.
const VERSION: &str = "1";
const ASK: &str = "try";
const REST: &str = "more";
const DELETE: &str = "del";

impl Press {
    /// The button's `custom_id`: at most 26 characters.
    #[must_use]
    pub fn custom_id(self) -> String {
        match self {
            Self::Ask { place } => format!("{VERSION}:{ASK}:{place}"),
            Self::Rest { page } => format!("{VERSION}:{REST}:{page}"),
            Self::Delete { asker } => format!("{VERSION}:{DELETE}:{asker}"),
        }
    }

    /// What a `custom_id` means; `None` for whatever [`Press::custom_id`] would not have written.
    #[must_use]
    pub fn parse(custom_id: &str) -> Option<Self> {
        let (kind, number) = custom_id.strip_prefix(VERSION)?.strip_prefix(':')?.split_once(':')?;
        let press = match kind {
            ASK => Self::Ask { place: number.parse().ok()? },
            REST => Self::Rest { page: number.parse().ok()? },
            DELETE => Self::Delete { asker: number.parse().ok()? },
            _ => return None,
        };
        // Numbers can be read from more than one text: `+7`, `007`.
        (press.custom_id() == custom_id).then_some(press)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_press_is_read_strictly() {
        for (custom_id, press) in [
            ("1:try:0", Some(Press::Ask { place: 0 })),
            ("1:try:255", Some(Press::Ask { place: 255 })),
            ("1:more:0", Some(Press::Rest { page: 0 })),
            ("1:more:256", None),
            ("1:more:00", None),
            ("1:del:18446744073709551615", Some(Press::Delete { asker: u64::MAX })),
            ("", None),
            ("1", None),
            ("1:", None),
            ("1:try", None),
            ("1:try:", None),
            ("1:try:256", None),
            ("1:try:+1", None),
            ("1:try:01", None),
            ("1:try:1:", None),
            ("1:try: 1", None),
            ("1:del:-1", None),
            ("1:del:18446744073709551616", None),
            ("1:del:١", None),
            ("2:try:0", None),
            ("11:try:0", None),
            (" 1:try:0", None),
            ("1:TRY:0", None),
        ] {
            assert_eq!(Press::parse(custom_id), press, "{custom_id:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(asker in any::<u64>(), place in any::<u8>()) {
            for press in [Press::Ask { place }, Press::Rest { page: place }, Press::Delete { asker }] {
                prop_assert_eq!(Press::parse(&press.custom_id()), Some(press));
                prop_assert!(press.custom_id().len() <= 26);
            }
        }

        #[test]
        fn nothing_else_is_read(text in "\\PC{0,30}|1:(try|more|del):[-+0-9 :]{0,25}") {
            let read = Press::parse(&text).map(Press::custom_id);
            prop_assert!(read.is_none_or(|custom_id| custom_id == text));
        }
    }
}
