//! Where a trend turns: the years in which the share of posts that name a topic begins, is the highest, or changes clearly.

use takeaways_text::model::{TrendTurn, YearCount};

/// A share that differs by less than this from that of the turn before does not turn: with five posts a year it may be one
/// post.
const CLEAR_CHANGE: f64 = 0.25;
/// With fewer posts a year is no peak, as fewer authors have no theme.
const MIN_POSTS_OF_PEAK: u32 = 3;
/// The maximum number of turns: the themes of an overview are no more.
const MAX_TURNS: usize = 6;

/// Returns the years in which a trend turns, in their order: the first that names the topic, the one with the highest share
/// if at least three posts are in it, and those whose share is clearly higher or lower than at the turn before. Only years with enough posts to tell a
/// share are compared; if there are not two of them, nothing turns. `series` must be in the order of the years.
pub(super) fn turns(series: &[YearCount]) -> Vec<(i16, TrendTurn)> {
    let with_share: Vec<(i16, f64)> =
        series.iter().filter_map(|count| Some((count.year, count.share()?))).collect();
    if with_share.len() < 2 {
        return Vec::new();
    }
    let mut found: Vec<(i16, TrendTurn)> = Vec::new();
    let first = series.iter().find(|count| count.posts.posts > 0);
    found.extend(first.map(|count| (count.year, TrendTurn::First)));
    // Of equal ones the earliest.
    let high = series.iter().rev().filter(|count| count.posts.posts >= MIN_POSTS_OF_PEAK);
    let peak = high.max_by(|a, b| a.share().unwrap_or_default().total_cmp(&b.share().unwrap_or_default()));
    found.extend(peak.filter(|peak| peak.has_share()).map(|count| (count.year, TrendTurn::Peak)));
    let mut changes: Vec<(i16, f64)> = Vec::new();
    let mut before = with_share.first().map_or(0.0, |(_, share)| *share);
    for (year, share) in &with_share {
        let is_clear = (share - before).abs() >= CLEAR_CHANGE;
        if is_clear {
            changes.push((*year, share - before));
        }
        if is_clear || found.iter().any(|(it, _)| it == year) {
            before = *share;
        }
    }
    changes.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    let turn = |change: f64| if change > 0.0 { TrendTurn::Rise } else { TrendTurn::Fall };
    found.extend(changes.into_iter().map(|(year, change)| (year, turn(change))));
    let mut kept: Vec<(i16, TrendTurn)> = Vec::new();
    for (year, turn) in found {
        if kept.len() < MAX_TURNS && !kept.iter().any(|(it, _)| *it == year) {
            kept.push((year, turn));
        }
    }
    kept.sort_by_key(|(year, _)| *year);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_text::model::PostCount;

    fn turns_of(counts: &[(i16, u32, u32)]) -> Vec<(i16, TrendTurn)> {
        let count = |(year, posts, of): &(i16, u32, u32)| YearCount {
            year: *year,
            posts: PostCount { posts: *posts, of: *of },
        };
        turns(&counts.iter().map(count).collect::<Vec<_>>())
    }

    #[test]
    fn a_trend_turns_where_it_begins_peaks_and_changes_clearly() {
        use TrendTurn::{Fall, First, Peak, Rise};
        let found = turns_of(&[
            (2016, 1, 3),
            (2017, 2, 10),
            (2018, 5, 10),
            (2019, 7, 10),
            (2020, 7, 10),
            (2021, 5, 10),
            (2022, 4, 10),
            (2023, 3, 10),
        ]);
        assert_eq!(found, [(2016, First), (2018, Rise), (2019, Peak), (2022, Fall)]);
    }

    #[test]
    fn a_year_with_few_posts_is_no_turn_unless_it_is_the_first() {
        use TrendTurn::{First, Peak};
        assert_eq!(turns_of(&[(2018, 1, 5), (2019, 4, 4), (2020, 2, 10)]), [(2018, First)]);
        assert_eq!(turns_of(&[(2018, 1, 10), (2019, 4, 4), (2020, 3, 10)]), [(2018, First), (2020, Peak)]);
        assert_eq!(turns_of(&[(2018, 1, 4), (2019, 4, 4), (2020, 3, 10)]), []);
        assert_eq!(turns_of(&[]), []);
    }

    #[test]
    fn there_are_no_more_turns_than_fit() {
        let year = |at: i16| (2000 + at, if at % 2 == 0 { 1 } else { 9 }, 10);
        let found = turns_of(&(0..12).map(year).collect::<Vec<_>>());
        assert_eq!(found.len(), MAX_TURNS);
        assert!(found.is_sorted_by_key(|(year, _)| *year));
    }
}
