//! What a person asks, as typed.

use std::str::FromStr;

/// The most characters a question may have. Discord's messages end at 4,000; a pasted paragraph still fits.
pub const MAX_QUESTION_CHARS: usize = 6_000;

/// A question as typed, trimmed: never empty, at most [`MAX_QUESTION_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    text: String,
}

/// Why a text is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// Nothing but white space.
    #[error("the question is empty")]
    Empty,
    /// Too long to be one.
    #[error("the question has {chars} characters, at most {max} are read")]
    TooLong {
        /// How many it has.
        chars: usize,
        /// How many are allowed.
        max: usize,
    },
}

impl Question {
    /// The words.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl FromStr for Question {
    type Err = QuestionError;

    fn from_str(typed: &str) -> Result<Self, QuestionError> {
        let text = typed.trim();
        match text.chars().count() {
            0 => Err(QuestionError::Empty),
            chars if chars > MAX_QUESTION_CHARS => {
                Err(QuestionError::TooLong { chars, max: MAX_QUESTION_CHARS })
            }
            _ => Ok(Self { text: text.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_parsed_once() {
        assert_eq!("  what? ".parse::<Question>().map(|q| q.text().to_owned()), Ok("what?".into()));
        assert_eq!(" \n".parse::<Question>(), Err(QuestionError::Empty));
        assert_eq!("é".repeat(6_000).parse::<Question>().map(|_| ()), Ok(()));
        assert_eq!(
            "x".repeat(6_001).parse::<Question>(),
            Err(QuestionError::TooLong { chars: 6_001, max: 6_000 })
        );
    }
}
