//! The newest posts, as the command for them shows them.

use std::cmp::Reverse;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use takeaways_search::{Filter, PostRecord, SearchError};
use takeaways_text::model::{Citation, Scope};

use crate::{
    handle::Snapshot,
    resolve::{ScopeOptions, explicit_scope},
    select::citation,
};

impl Snapshot {
    /// Returns at most `limit` published posts of a scope with a date, from `since` on, newest first, without those that are old: they
    /// are dated before their source was added. A post is named by its address, or by its path if it has none. If all are old, the newest of
    /// them.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn newest_posts(
        &self,
        now: Timestamp,
        since: Option<Date>,
        scope: &ScopeOptions,
        limit: usize,
        is_old: impl Fn(&str) -> bool,
    ) -> Result<Vec<Citation>, SearchError> {
        let index = self.engine().index();
        let mut records = index.post_records()?;
        let today = now.to_zoned(TimeZone::UTC).date();
        let days = since.unwrap_or(Date::MIN)..=today;
        records.retain(|record| {
            record.date.is_some_and(|date| days.contains(&date)) && record.is_published(now)
        });
        if !scope.is_empty() {
            let found = explicit_scope(scope, &*index.facets(now)?, today);
            let Some(Scope { events, years, authors, .. }) = found else { return Ok(Vec::new()) };
            let filter = Filter { events, years, authors, visible_at: now, ..Filter::default() };
            let allowed = index.post_ids_in(&filter)?;
            records.retain(|record| allowed.contains(&record.id));
        }
        let is_news = |record: &PostRecord| !is_old(record.url.as_ref().unwrap_or(&record.path));
        if records.iter().any(is_news) {
            records.retain(is_news);
        }
        // The records come in the order of their ids, which decides between posts of one day.
        records.sort_by_key(|record| Reverse(record.date));
        let posts = records.iter().take(limit).map(|record| index.post(&record.id));
        let posts = posts.collect::<Result<Vec<_>, _>>()?;
        Ok(posts.iter().flatten().map(|post| citation(post, 0, &Scope::default(), now)).collect())
    }
}

#[cfg(test)]
mod tests {
    use takeaways_text::model::Years;

    use super::*;
    use crate::{EngineHandle, samples::engine};

    #[test]
    fn the_newest_posts_come_first() {
        let handle = EngineHandle::new(engine(), Box::new(|_| Err("not opened again".into())), 3);
        let newest_of = |since, scope: &ScopeOptions, limit| {
            let snapshot = handle.snapshot();
            let posts =
                snapshot.newest_posts(Timestamp::now(), since, scope, limit, |_| false).expect("read");
            posts.iter().map(|post| post.date.expect("a date")).collect::<Vec<_>>()
        };
        let newest_since = |since, limit| newest_of(since, &ScopeOptions::default(), limit);
        let newest = |limit| newest_since(None, limit);
        let all = newest(usize::MAX);
        assert!(all.len() > 2 && all.is_sorted_by(|newer, older| newer >= older), "{all:?}");
        assert_eq!(newest(2), all[..2]);
        assert_eq!(newest_since(Some(all[0]), usize::MAX), all[..1]);
        assert_eq!(newest_since(all[0].tomorrow().ok(), 2), []);
        assert_eq!(handle.snapshot().engine().index().status().newest, Some(all[0]));
        let year = all.last().expect("a post").year();
        let of_year = ScopeOptions { years: Some(Years::single(year)), ..ScopeOptions::default() };
        let only: Vec<_> = newest_of(None, &of_year, usize::MAX);
        assert!(
            !only.is_empty() && only.len() < all.len() && only.iter().all(|date| date.year() <= year + 1),
            "{only:?}"
        );
        let of_nobody = ScopeOptions { authors: vec!["Nobody Here".into()], ..ScopeOptions::default() };
        assert_eq!(newest_of(None, &of_nobody, usize::MAX), []);
    }
}
