//! The state of a source, and of its posts, between two refreshes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fetcher::MAX_RETRY_AFTER;
use crate::http::Validators;

/// The longest pause after failures.
const MAX_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// What became of a post that a source lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PostStatus {
    /// It is in the corpus.
    #[serde(rename = "taken")]
    Included,
    /// It is not in the corpus, with the reason.
    #[serde(rename = "left")]
    Excluded(String),
    /// It is the same post as another one, whose file or address this is.
    #[serde(rename = "same")]
    Duplicate(String),
    /// Its page could not be read, with the reason.
    Failed(String),
    /// A person removed it.
    Removed,
}

/// A post that a source lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostState {
    /// Its address; the place of its file in a folder if it has none on the web.
    pub url: String,
    /// What became of it.
    pub status: PostStatus,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The event that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The path of its file below the folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The hash of its text.
    #[serde(default)]
    pub text_hash: u64,
    /// The hash of its file as it was written. Another one means that a person edited it.
    #[serde(default)]
    pub file_hash: u64,
    /// The hash of what the source says of it.
    #[serde(default)]
    pub version: u64,
    /// Whether it is dated before its source was added, so that it is no news.
    #[serde(default)]
    pub is_old: bool,
    /// When it came into the corpus.
    #[serde(rename = "taken")]
    pub included_at: Timestamp,
    /// How often its page could not be read in a row.
    #[serde(default)]
    pub failures: u32,
    /// When its page is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// Whether its page is gone for good and is not fetched again.
    #[serde(default)]
    pub is_gone: bool,
}

impl PostState {
    /// A post with nothing but an address, a status and a time.
    pub fn new(url: String, status: PostStatus, included_at: Timestamp) -> Self {
        Self {
            url,
            status,
            title: None,
            date: None,
            event: None,
            file: None,
            text_hash: 0,
            file_hash: 0,
            version: 0,
            is_old: false,
            included_at,
            failures: 0,
            retry_at: None,
            is_gone: false,
        }
    }

    /// Its address, if it has one on the web. A post of a folder may have none.
    pub fn web_url(&self) -> Option<&str> {
        Some(self.url.as_str()).filter(|url| crate::address::parse_address(url).is_ok())
    }

    /// What people see of it: its title, else its address, else its file. It never shows a place on this machine.
    pub fn shown_name(&self) -> &str {
        let name = self.title.as_deref().or_else(|| self.web_url());
        name.or(self.file.as_deref()).unwrap_or("a post without a title")
    }
}

/// The state of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// The source, so that a person who looks at the file knows whose it is.
    pub url: String,
    /// What the server wants to see again.
    #[serde(default)]
    pub validators: Validators,
    /// The address to which the source moved for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// The name of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it is fetched again; `None` before the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// When it was last read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// Why it can't be read now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Since when it can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// Until when it is not fetched, also if a person wants to: its host asked for that, or its rules can't be read.
    #[serde(default, rename = "left_alone_until", skip_serializing_if = "Option::is_none")]
    pub backed_off_until: Option<Timestamp>,
    /// How often it could not be read in a row.
    #[serde(default)]
    pub failures: u32,
    /// Whether it is gone for good and is not fetched again.
    #[serde(default)]
    pub is_gone: bool,
    /// Whether the person who added it was notified of the failure.
    #[serde(default, rename = "was_told")]
    pub was_notified: bool,
    /// The hash of the filters that its posts were judged by. If a person changes them, posts are judged again.
    #[serde(default)]
    pub filters: u64,
    /// Its posts by their identities.
    #[serde(default)]
    pub posts: BTreeMap<String, PostState>,
}

impl SourceState {
    /// Whether the source is to be fetched at `now`.
    pub fn is_due(&self, now: Timestamp) -> bool {
        !self.is_gone && self.due.is_none_or(|due| due <= now)
    }

    /// Why its host gets no requests now, also if a person wants them and after a restart.
    pub(crate) fn back_off(&self, now: Timestamp) -> Option<String> {
        // A time further away than any that is written means that the clock was wrong.
        let is_now = |until: &Timestamp| *until > now && until.duration_since(now) <= MAX_RETRY_AFTER;
        self.problem.clone().filter(|_| self.backed_off_until.as_ref().is_some_and(is_now))
    }

    /// Marks the posts with these identities as removed by a person.
    pub(crate) fn mark_removed(&mut self, removed: &BTreeSet<String>) {
        for (_, post) in self.posts.iter_mut().filter(|(identity, _)| removed.contains(*identity)) {
            post.status = PostStatus::Removed;
        }
    }

    /// Records that the source was read. `jitter` is a number from which the spread of the next time is made.
    pub(crate) fn record_success(&mut self, now: Timestamp, interval: SignedDuration, jitter: u64) {
        self.read_at = Some(now);
        (self.problem, self.failing_since, self.failures, self.was_notified) = (None, None, 0, false);
        (self.is_gone, self.backed_off_until) = (false, None);
        self.due = Some(later(now, with_jitter(interval, jitter)));
    }

    /// Records that the source could not be read. Each failure in a row doubles the pause, up to a day.
    pub(crate) fn record_failure(
        &mut self,
        problem: String,
        now: Timestamp,
        interval: SignedDuration,
        not_before: Option<Timestamp>,
        jitter: u64,
    ) {
        self.failures = self.failures.saturating_add(1);
        self.failing_since = self.failing_since.or(Some(now));
        self.problem = Some(problem);
        let pause = with_jitter(pause_after(self.failures, interval), jitter);
        let due = later(now, pause);
        self.due = Some(not_before.map_or(due, |not_before| due.max(not_before)));
    }

    /// Since when the source fails, if that is longer than a day.
    pub fn failing_for_a_day(&self, now: Timestamp) -> Option<Timestamp> {
        self.failing_since.filter(|since| now.duration_since(*since) >= SignedDuration::from_hours(24))
    }
}

/// The pause after a number of failures in a row.
pub(crate) fn pause_after(failures: u32, interval: SignedDuration) -> SignedDuration {
    let doubled = 1_i32.checked_shl(failures.saturating_sub(1).min(20)).unwrap_or(i32::MAX);
    interval.checked_mul(doubled).unwrap_or(MAX_PAUSE).min(MAX_PAUSE).max(interval.min(MAX_PAUSE))
}

/// Adds up to a tenth, so that sources do not come all at once.
fn with_jitter(interval: SignedDuration, jitter: u64) -> SignedDuration {
    let tenth = (interval / 10).as_millis();
    let extra = i64::try_from(u128::from(jitter) % u128::try_from(tenth.max(1)).unwrap_or(1)).unwrap_or(0);
    interval + SignedDuration::from_millis(extra)
}

pub(crate) fn later(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_double_the_pause_up_to_a_day() {
        let hour = SignedDuration::from_hours(1);
        let hours: Vec<i64> = (1..8).map(|failures| pause_after(failures, hour).as_hours()).collect();
        assert_eq!(hours, [1, 2, 4, 8, 16, 24, 24]);
        assert_eq!(pause_after(u32::MAX, hour).as_hours(), 24);
    }

    #[test]
    fn a_source_is_never_due_before_its_interval() {
        let (hour, now) = (SignedDuration::from_hours(1), Timestamp::UNIX_EPOCH);
        for jitter in [0, 1, 359_999, 360_000, u64::MAX] {
            let mut state = SourceState::default();
            assert!(state.is_due(now));
            state.record_success(now, hour, jitter);
            let wait = state.due.expect("a time").duration_since(now);
            assert!(wait >= hour && wait <= hour * 11 / 10, "{wait}");
        }
    }

    /// The names on disk are older than those of the fields.
    #[test]
    fn a_state_keeps_its_names_on_disk() {
        let post = |status: &str| {
            format!(
                r#"{{"url":"a","status":{status},"text_hash":0,"file_hash":0,"version":0,"is_old":false,"taken":"1970-01-01T00:00:00Z","failures":0,"is_gone":false}}"#
            )
        };
        let posts = [
            (r#""taken""#, 1),
            (r#"{"left":"why"}"#, 2),
            (r#"{"same":"b"}"#, 3),
            (r#"{"failed":"c"}"#, 4),
            (r#""removed""#, 5),
        ]
        .map(|(status, number)| format!(r#""{number}":{}"#, post(status)))
        .join(",");
        let text = format!(
            r#"{{"url":"s","validators":{{}},"left_alone_until":"1970-01-01T00:00:00Z","failures":0,"is_gone":false,"was_told":true,"filters":0,"posts":{{{posts}}}}}"#
        );
        let state: SourceState = serde_json::from_str(&text).expect("a state");
        let statuses: Vec<&PostStatus> = state.posts.values().map(|post| &post.status).collect();
        let expected = [
            PostStatus::Included,
            PostStatus::Excluded("why".into()),
            PostStatus::Duplicate("b".into()),
            PostStatus::Failed("c".into()),
            PostStatus::Removed,
        ];
        assert_eq!(statuses, expected.iter().collect::<Vec<_>>());
        assert!(state.was_notified && state.backed_off_until == Some(Timestamp::UNIX_EPOCH));
        assert_eq!(serde_json::to_string(&state).expect("JSON"), text);
    }
}
