//! The options that `/ask` and the commands for overviews share.

use super::{CommandOption, OptionKind, OptionMismatch, OptionValues};
use super::{authors, events, years};
use crate::bot::UserScope;

pub const EVENT: CommandOption = CommandOption::name("event", "Only recaps of this event", 200, events);
pub const YEAR: CommandOption =
    CommandOption::name("year", "Only this year or these years: 2018-2020", 100, years);
pub const AUTHOR: CommandOption = CommandOption::name("author", "Only recaps by this author", 200, authors);
pub const PRIVATE: CommandOption =
    CommandOption::new("private", "Show the answer only to you", OptionKind::Flag);

/// The scope that the options set. A command need not have all of them.
pub fn scope(values: &OptionValues<'_>) -> Result<UserScope, OptionMismatch> {
    Ok(UserScope { event: values.text(&EVENT)?, year: values.text(&YEAR)?, author: values.text(&AUTHOR)? })
}
