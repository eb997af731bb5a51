//! What a press of one of our buttons means.
//!
//! All of it is in the button itself, so that it works after a restart: the version of this form, the kind, and one or
//! two numbers. They are places and ids, never rights: who may do it is looked up at each press.

/// A button that was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ButtonId {
    /// Ask the question that is the button's label.
    Ask {
        /// Its place in the row: no two buttons of a message may have the same id.
        place: u8,
    },
    /// Show what a digest has no room for. Which digest: that of the message with the button.
    Overflow {
        /// Which page of it, from 0.
        page: u8,
    },
    /// Delete the answer.
    Delete {
        /// The user who asked; they and moderators may.
        asker: u64,
    },
    /// Show what a digest would hold now.
    Preview {
        /// The digest's number.
        subscription: i64,
        /// 0 for the digest, then the pages of what did not fit.
        page: u16,
    },
    /// Bring a removed digest back.
    Restore {
        /// Its number.
        subscription: i64,
    },
    /// Show more of a server's digests.
    List {
        /// From 0.
        page: u16,
    },
    /// Let a member's own digest come again.
    Resume {
        /// Its number.
        subscription: i64,
    },
}

/// Of this form. Buttons of another version are on messages that stay in Discord as long as anybody wants.
const VERSION: &str = "1";
const ASK: &str = "try";
const OVERFLOW: &str = "more";
const DELETE: &str = "del";
const PREVIEW: &str = "pre";
const RESTORE: &str = "undo";
const LIST: &str = "list";
const RESUME: &str = "go";

impl ButtonId {
    /// The button's `custom_id`: at most 33 characters.
    #[must_use]
    pub fn custom_id(self) -> String {
        match self {
            Self::Ask { place } => format!("{VERSION}:{ASK}:{place}"),
            Self::Overflow { page } => format!("{VERSION}:{OVERFLOW}:{page}"),
            Self::Delete { asker } => format!("{VERSION}:{DELETE}:{asker}"),
            Self::Preview { subscription, page } => format!("{VERSION}:{PREVIEW}:{subscription}:{page}"),
            Self::Restore { subscription } => format!("{VERSION}:{RESTORE}:{subscription}"),
            Self::List { page } => format!("{VERSION}:{LIST}:{page}"),
            Self::Resume { subscription } => format!("{VERSION}:{RESUME}:{subscription}"),
        }
    }

    /// What a `custom_id` means; `None` for whatever [`ButtonId::custom_id`] would not have written.
    #[must_use]
    pub fn parse(custom_id: &str) -> Option<Self> {
        let (kind, number) = custom_id.strip_prefix(VERSION)?.strip_prefix(':')?.split_once(':')?;
        let press = match kind {
            ASK => Self::Ask { place: number.parse().ok()? },
            OVERFLOW => Self::Overflow { page: number.parse().ok()? },
            DELETE => Self::Delete { asker: number.parse().ok()? },
            PREVIEW => {
                let (subscription, page) = number.split_once(':')?;
                Self::Preview { subscription: subscription.parse().ok()?, page: page.parse().ok()? }
            }
            RESTORE => Self::Restore { subscription: number.parse().ok()? },
            LIST => Self::List { page: number.parse().ok()? },
            RESUME => Self::Resume { subscription: number.parse().ok()? },
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
            ("1:try:0", Some(ButtonId::Ask { place: 0 })),
            ("1:try:255", Some(ButtonId::Ask { place: 255 })),
            ("1:more:0", Some(ButtonId::Overflow { page: 0 })),
            ("1:more:256", None),
            ("1:more:00", None),
            ("1:del:18446744073709551615", Some(ButtonId::Delete { asker: u64::MAX })),
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
            ("1:pre:12:0", Some(ButtonId::Preview { subscription: 12, page: 0 })),
            ("1:pre:12", None),
            ("1:pre:12:0:1", None),
            ("1:pre:12:65536", None),
            ("1:undo:12", Some(ButtonId::Restore { subscription: 12 })),
            ("1:undo:9223372036854775808", None),
            ("1:list:1", Some(ButtonId::List { page: 1 })),
            ("1:go:3", Some(ButtonId::Resume { subscription: 3 })),
            ("1:go:03", None),
            ("1:del:-1", None),
            ("1:del:18446744073709551616", None),
            ("1:del:١", None),
            ("2:try:0", None),
            ("11:try:0", None),
            (" 1:try:0", None),
            ("1:TRY:0", None),
        ] {
            assert_eq!(ButtonId::parse(custom_id), press, "{custom_id:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            asker in any::<u64>(), place in any::<u8>(), subscription in any::<i64>(), page in any::<u16>(),
        ) {
            for press in [
                ButtonId::Ask { place },
                ButtonId::Overflow { page: place },
                ButtonId::Delete { asker },
                ButtonId::Preview { subscription, page },
                ButtonId::Restore { subscription },
                ButtonId::List { page },
                ButtonId::Resume { subscription },
            ] {
                prop_assert_eq!(ButtonId::parse(&press.custom_id()), Some(press));
                prop_assert!(press.custom_id().len() <= 33);
            }
        }

        #[test]
        fn nothing_else_is_read(text in "\\PC{0,30}|1:(try|more|del|pre|undo|list|go):[-+0-9 :]{0,25}") {
            let read = ButtonId::parse(&text).map(ButtonId::custom_id);
            prop_assert!(read.is_none_or(|custom_id| custom_id == text));
        }
    }
}
