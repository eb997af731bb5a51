//! Encodes the action of a button in its id.
//!
//! The id has the version of the format, the kind of action, and one or two numbers, so a button works after a restart. It
//! grants no rights: they are checked at each press.

use takeaways_sources::SourceKind;

/// The action of a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ButtonId {
    /// Ask the question in the label of the button.
    Ask {
        /// The position in the row, because two buttons of a message can't have the same id.
        place: u8,
    },
    /// Show the posts for which the digest in the same message has no room.
    Overflow {
        /// The page, from 0.
        page: u8,
    },
    /// Do something with an answer that is kept.
    Answer {
        /// What to do.
        action: AnswerAction,
        /// The number of the answer.
        number: u64,
    },
    /// Show a text around an excerpt of an answer that is kept.
    Context {
        /// The number of the answer.
        number: u64,
        /// The excerpt, from 0.
        excerpt: u8,
        /// 0 is the text around the excerpt; 1 is what follows it, -1 what precedes it, and so on.
        step: i8,
    },
    /// List all posts that an answer that is kept rests on.
    Recaps {
        /// The number of the answer.
        number: u64,
        /// The number of posts before the first of the list.
        first: u16,
    },
    /// Delete the answer.
    Delete {
        /// The user who asked. Only they and moderators may delete it.
        asker: u64,
    },
    /// Show a preview of a digest.
    Preview {
        /// The number of the digest.
        subscription: i64,
        /// 0 is the digest; the next pages have the posts that did not fit.
        page: u16,
    },
    /// Restore a removed digest.
    Restore {
        /// The number of the digest.
        subscription: i64,
    },
    /// Show a page of the digests of a server.
    List {
        /// The page, from 0.
        page: u16,
    },
    /// Resume a personal digest.
    Resume {
        /// The number of the digest.
        subscription: i64,
    },
    /// Follow what the digest of a channel is about.
    FollowDigest {
        /// The number of the digest.
        subscription: i64,
    },
    /// Stop following something of a personal digest.
    Unfollow {
        /// The number of the digest.
        subscription: i64,
    },
    /// Add the source whose address the message begins with.
    AddSource {
        /// What the source is.
        kind: SourceKind,
    },
}

/// What to do with an answer that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerAction {
    /// Show more excerpts.
    More,
    /// Show the newest posts first.
    NewestFirst,
    /// Show the private answer to everybody.
    Share,
    /// Ask the same without its scope.
    RemoveScope,
    /// End the conversation.
    NewTopic,
    /// Show the text around the excerpt that is chosen in a menu.
    ChooseContext,
    /// Show all lines of the group that is chosen in a menu.
    ChooseGroup,
    /// Follow the topic or the author that the question is about.
    Follow,
    /// Compare the event or the year of the answer with the one before.
    Compare,
}

impl AnswerAction {
    /// All actions.
    pub const ALL: [Self; 9] = [
        Self::More,
        Self::NewestFirst,
        Self::Share,
        Self::RemoveScope,
        Self::NewTopic,
        Self::ChooseContext,
        Self::ChooseGroup,
        Self::Follow,
        Self::Compare,
    ];

    /// Its name in a `custom_id`.
    const fn name(self) -> &'static str {
        match self {
            Self::More => "next",
            Self::NewestFirst => "newest",
            Self::Share => "share",
            Self::RemoveScope => "wide",
            Self::NewTopic => "topic",
            Self::ChooseContext => "context",
            Self::ChooseGroup => "group",
            Self::Follow => "follow",
            Self::Compare => "compare",
        }
    }
}

/// The version of the format. Messages with buttons of an older version stay in Discord.
const VERSION: &str = "1";
const ASK: &str = "try";
const OVERFLOW: &str = "more";
const DELETE: &str = "del";
const PREVIEW: &str = "pre";
const RESTORE: &str = "undo";
const LIST: &str = "list";
const RESUME: &str = "go";
const CONTEXT: &str = "around";
const RECAPS: &str = "recaps";
const FOLLOW_DIGEST: &str = "subscribe";
const UNFOLLOW: &str = "unfollow";
const ADD_SOURCE: &str = "add";
/// The kinds of sources that a button adds, in the order of their numbers. The order must stay: messages keep the
/// numbers.
const ADDABLE_KINDS: [SourceKind; 3] = [SourceKind::Feed, SourceKind::Sitemap, SourceKind::Page];

impl ButtonId {
    /// The `custom_id` of the button, at most 38 characters.
    pub fn custom_id(self) -> String {
        match self {
            Self::Ask { place } => format!("{VERSION}:{ASK}:{place}"),
            Self::Overflow { page } => format!("{VERSION}:{OVERFLOW}:{page}"),
            Self::Answer { action, number } => format!("{VERSION}:{}:{number}", action.name()),
            Self::Context { number, excerpt, step } => {
                format!("{VERSION}:{CONTEXT}:{number}:{excerpt}:{step}")
            }
            Self::Recaps { number, first } => format!("{VERSION}:{RECAPS}:{number}:{first}"),
            Self::Delete { asker } => format!("{VERSION}:{DELETE}:{asker}"),
            Self::Preview { subscription, page } => format!("{VERSION}:{PREVIEW}:{subscription}:{page}"),
            Self::Restore { subscription } => format!("{VERSION}:{RESTORE}:{subscription}"),
            Self::List { page } => format!("{VERSION}:{LIST}:{page}"),
            Self::Resume { subscription } => format!("{VERSION}:{RESUME}:{subscription}"),
            Self::FollowDigest { subscription } => format!("{VERSION}:{FOLLOW_DIGEST}:{subscription}"),
            Self::Unfollow { subscription } => format!("{VERSION}:{UNFOLLOW}:{subscription}"),
            Self::AddSource { kind } => {
                let number = ADDABLE_KINDS.iter().position(|addable| *addable == kind);
                // No button adds another kind. Its number would be that of none, so that a press says so.
                format!("{VERSION}:{ADD_SOURCE}:{}", number.unwrap_or(ADDABLE_KINDS.len()))
            }
        }
    }

    /// Parses a `custom_id`; `None` if [`ButtonId::custom_id`] would not have written it.
    pub fn parse(custom_id: &str) -> Option<Self> {
        let (kind, number) = custom_id.strip_prefix(VERSION)?.strip_prefix(':')?.split_once(':')?;
        let id = match kind {
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
            FOLLOW_DIGEST => Self::FollowDigest { subscription: number.parse().ok()? },
            UNFOLLOW => Self::Unfollow { subscription: number.parse().ok()? },
            ADD_SOURCE => Self::AddSource { kind: *ADDABLE_KINDS.get(number.parse::<usize>().ok()?)? },
            CONTEXT => {
                let (answer, place) = number.split_once(':')?;
                let (excerpt, step) = place.split_once(':')?;
                Self::Context {
                    number: answer.parse().ok()?,
                    excerpt: excerpt.parse().ok()?,
                    step: step.parse().ok()?,
                }
            }
            RECAPS => {
                let (answer, first) = number.split_once(':')?;
                Self::Recaps { number: answer.parse().ok()?, first: first.parse().ok()? }
            }
            _ => {
                let action = AnswerAction::ALL.into_iter().find(|action| action.name() == kind)?;
                Self::Answer { action, number: number.parse().ok()? }
            }
        };
        // `+7` and `007` are numbers too.
        (id.custom_id() == custom_id).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_custom_id_is_parsed_strictly() {
        for (custom_id, id) in [
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
            ("1:subscribe:3", Some(ButtonId::FollowDigest { subscription: 3 })),
            ("1:unfollow:3", Some(ButtonId::Unfollow { subscription: 3 })),
            ("1:unfollow:x", None),
            ("1:add:0", Some(ButtonId::AddSource { kind: SourceKind::Feed })),
            ("1:add:2", Some(ButtonId::AddSource { kind: SourceKind::Page })),
            ("1:add:3", None),
            ("1:add:00", None),
            ("1:next:7", Some(ButtonId::Answer { action: AnswerAction::More, number: 7 })),
            ("1:next:-7", None),
            ("1:around:7:0:-1", Some(ButtonId::Context { number: 7, excerpt: 0, step: -1 })),
            ("1:around:7:0", None),
            ("1:recaps:7:20", Some(ButtonId::Recaps { number: 7, first: 20 })),
            ("1:recaps:7", None),
            ("1:recaps:7:65536", None),
            ("1:compare:7", Some(ButtonId::Answer { action: AnswerAction::Compare, number: 7 })),
            ("1:del:-1", None),
            ("1:del:18446744073709551616", None),
            ("1:del:١", None),
            ("2:try:0", None),
            ("11:try:0", None),
            (" 1:try:0", None),
            ("1:TRY:0", None),
        ] {
            assert_eq!(ButtonId::parse(custom_id), id, "{custom_id:?}");
        }
    }

    proptest! {
        #[test]
        fn every_id_is_parsed_back(
            asker in any::<u64>(), place in any::<u8>(), subscription in any::<i64>(), page in any::<u16>(),
        ) {
            for id in [
                ButtonId::Ask { place },
                ButtonId::Overflow { page: place },
                ButtonId::Delete { asker },
                ButtonId::Preview { subscription, page },
                ButtonId::Restore { subscription },
                ButtonId::List { page },
                ButtonId::Resume { subscription },
                ButtonId::FollowDigest { subscription },
                ButtonId::Unfollow { subscription },
                ButtonId::AddSource { kind: ADDABLE_KINDS[usize::from(place) % 3] },
                ButtonId::Recaps { number: asker, first: page },
                ButtonId::Context { number: asker, excerpt: place, step: -1 },
                ButtonId::Answer { action: AnswerAction::ALL[usize::from(place) % 9], number: asker },
            ] {
                prop_assert_eq!(ButtonId::parse(&id.custom_id()), Some(id));
                prop_assert!(id.custom_id().len() <= 38);
            }
        }

        #[test]
        fn no_other_text_is_an_id(text in "\\PC{0,30}|1:(try|more|del|pre|undo|list|go|next|around|context|recaps|compare|follow|unfollow|subscribe|add):[-+0-9 :]{0,25}") {
            let read = ButtonId::parse(&text).map(ButtonId::custom_id);
            prop_assert!(read.is_none_or(|custom_id| custom_id == text));
        }
    }
}
