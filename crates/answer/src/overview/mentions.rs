//! Where posts mention something first and last.

use jiff::civil::Date;

use super::scoped_posts::MAX_POSTS;
use crate::engine::AnswerError;
use takeaways_search::{Filter, Index};
use takeaways_text::model::{Mention, Mentions, Post, Years};

/// Where the posts that a filter allows mention something first and last; `None` if none of them has a year.
pub(super) fn first_and_last(index: &Index, filter: &Filter) -> Result<Option<Box<Mentions>>, AnswerError> {
    let years = index.count_by_year(filter)?;
    let (Some((first, _)), Some((last, _))) = (years.first_key_value(), years.last_key_value()) else {
        return Ok(None);
    };
    let mentions_of = |year: i16| -> Result<Vec<Mention>, AnswerError> {
        let years = Some(Years::single(year));
        let (posts, all) = index.posts_in(&Filter { years, ..filter.clone() }, MAX_POSTS)?;
        // The month is told where all posts of the year can be read.
        let year_alone = || vec![Mention { year, month: None, event: None }];
        Ok(if all > posts.len() {
            year_alone()
        } else {
            posts.iter().map(|post| mention(post, year)).collect()
        })
    };
    // Of one month, the mention with an event tells more.
    let first = mentions_of(*first)?.into_iter().min_by_key(|it| (it.month, it.event.is_none()));
    let last = mentions_of(*last)?.into_iter().max_by_key(|it| (it.month, it.event.is_some()));
    Ok(first.zip(last).map(|(first, last)| Box::new(Mentions { first, last })))
}

/// When a post mentions something in a year that it counts in: the month of its event of that year, or its own.
fn mention(post: &Post, year: i16) -> Mention {
    let of_unknown_year = || post.main_event().filter(|event| event.year.is_none());
    let event = post.events.iter().find(|event| event.year == Some(year)).or_else(of_unknown_year);
    let of_year = |day: &Date| day.year() == year;
    let day = event.and_then(|event| event.start).or_else(|| post.date.filter(of_year));
    Mention { year, month: day.map(Date::month), event: event.cloned() }
}
