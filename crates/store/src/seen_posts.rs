//! The posts that this state has seen, and how posts of the corpus are matched with them.

use crate::{
    Store, StoreError,
    database::Durability,
    error::QueryError,
    row_hash::{ColumnValue, POSTS, STATE, hash_values},
    subscription_row::{from_millis, parse_optional_time, to_millis},
};
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use sqlx::{
    Any, AnyConnection, AssertSqlSafe, Row as _,
    any::{AnyArguments, AnyRow},
    query::Query,
};
use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
};
use takeaways_digest::{PostRecord, Sighting};

/// Rows that are inserted at once.
const ROWS_PER_INSERT: usize = 500;

/// The data by which a post of the corpus is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostIdentity {
    /// Its canonical URL, if it has one.
    pub url: Option<String>,
    /// The path of its file.
    pub path: String,
    /// A hash of its title and text. It stays the same if the file is renamed.
    pub fingerprint: u64,
}

impl From<&PostRecord> for PostIdentity {
    fn from(post: &PostRecord) -> Self {
        Self { url: post.url.clone(), path: post.path.clone(), fingerprint: post.fingerprint }
    }
}

/// The posts of an index that are published until a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenContents {
    /// The hash of the contents of the index.
    pub hash: u64,
    /// When the next post is published; `None` if all are, or will never be.
    pub until: Option<Timestamp>,
}

impl Store {
    /// Records all posts, in order, and returns when each was first seen. A post is matched by URL, else by path, else
    /// by text. New posts get the next numbers, in one transaction. Those that are old get numbers below those of all
    /// others, so that they are news for no digest.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn record_posts(
        &self,
        posts: &[PostIdentity],
        now: Timestamp,
        is_old: &(dyn Fn(&PostIdentity) -> bool + Send + Sync),
    ) -> Result<Vec<Sighting>, StoreError> {
        let work = async {
            let mut conn = self.database().acquire().await?;
            let known = self.load_seen_posts(&mut conn).await?;
            drop(conn);
            let diff = SeenPostDiff::compute(&known, posts, now, is_old);
            if known.version > 0 && diff.is_empty() {
                return Ok(diff.sightings);
            }
            let mut tx = self.database().begin_write(Durability::PowerFailure).await?;
            let known = self.load_seen_posts(tx.conn()).await?;
            let diff = SeenPostDiff::compute(&known, posts, now, is_old);
            diff.write_changes(tx.conn()).await?;
            tx.commit().await?;
            Ok(diff.sightings)
        };
        self.database().with_long_timeout(work).await
    }

    /// The contents that were recorded last, if they have this hash and no post of them was published since.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_contents(&self, hash: u64, now: Timestamp) -> Result<Option<SeenContents>, StoreError> {
        self.read(async |mut conn| {
            let row = sqlx::query("SELECT contents, contents_until FROM state").fetch_one(&mut *conn).await?;
            let recorded: Option<i64> = row.try_get("contents")?;
            let until = parse_optional_time(&row, "contents_until")?;
            let is_recorded = recorded == Some(hash.cast_signed()) && until.is_none_or(|until| now < until);
            Ok(is_recorded.then_some(SeenContents { hash, until }))
        })
        .await
    }

    /// Records that all posts of an index are recorded that are published before its next one.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn record_contents(&self, contents: SeenContents) -> Result<(), StoreError> {
        self.write(async |mut tx| {
            let sql = "UPDATE state SET contents = $1, contents_until = $2 WHERE one = 1";
            let query = sqlx::query(sql).bind(contents.hash.cast_signed());
            query.bind(contents.until.map(to_millis)).execute(tx.conn()).await?;
            STATE.seal(tx.conn(), 1).await?;
            tx.commit().await
        })
        .await
    }

    /// The same as [`Store::record_posts`] without recording anything: `None` for a post that was never seen.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_sightings(&self, posts: &[PostIdentity]) -> Result<Vec<Option<Sighting>>, StoreError> {
        self.read(async |mut conn| {
            let known = self.load_seen_posts(&mut conn).await?;
            let found = known.find(posts);
            Ok(found.into_iter().map(|at| at.map(|at| known.rows()[at].sighting)).collect())
        })
        .await
    }

    /// The posts in the state. They are not kept in memory, since they are needed only when posts changed.
    async fn load_seen_posts(&self, conn: &mut AnyConnection) -> Result<SeenPostIndex, QueryError> {
        let version: i64 =
            sqlx::query("SELECT seen FROM state").fetch_one(&mut *conn).await?.try_get("seen")?;
        let mut entries = Vec::new();
        let sql =
            "SELECT number, url, path, fingerprint, first_seen, is_initial, hash FROM posts ORDER BY number";
        let mut rows = sqlx::query(sql).fetch(conn);
        while let Some(row) = rows.try_next().await? {
            // The digests go on: at worst the post counts as new again.
            if let Some(problem) = POSTS.problem(&row) {
                tracing::error!(problem, "the state is damaged: run `takeaways state check`");
            }
            entries.push(parse_seen_post(&row)?);
        }
        drop(rows);
        Ok(SeenPostIndex::new(version, entries))
    }
}

fn parse_seen_post(row: &AnyRow) -> Result<SeenPostRow, QueryError> {
    let sighting = Sighting {
        number: row.try_get("number")?,
        first_seen: from_millis(row.try_get("first_seen")?)?,
        is_initial: row.try_get::<i64, _>("is_initial")? != 0,
    };
    let fingerprint = row.try_get::<i64, _>("fingerprint")?.cast_unsigned();
    let post = PostIdentity { url: row.try_get("url")?, path: row.try_get("path")?, fingerprint };
    Ok(SeenPostRow { post, sighting })
}

/// The changes that a list of posts makes to the rows.
struct SeenPostDiff {
    sightings: Vec<Sighting>,
    new: Vec<SeenPostRow>,
    changed: Vec<SeenPostRow>,
}

impl SeenPostDiff {
    fn compute(
        known: &SeenPostIndex,
        posts: &[PostIdentity],
        now: Timestamp,
        is_old: &dyn Fn(&PostIdentity) -> bool,
    ) -> Self {
        let mut diff =
            Self { sightings: Vec::with_capacity(posts.len()), new: Vec::new(), changed: Vec::new() };
        let mut next = known.rows().last().map_or(0, |entry| entry.sighting.number) + 1;
        // Below all that a digest can have covered.
        let mut next_old = known.rows().first().map_or(0, |entry| entry.sighting.number.min(1) - 1);
        // In whole milliseconds, as they are stored.
        let first_seen = from_millis(to_millis(now)).unwrap_or(now);
        let mut matched_rows = HashSet::new();
        let mut by_url: HashMap<&str, Sighting> = HashMap::new();
        for (post, found) in posts.iter().zip(known.find(posts)) {
            let shared = post.url.as_deref().and_then(|url| by_url.get(url)).copied();
            let sighting = match (found.map(|at| (at, &known.rows()[at])), shared) {
                (Some((at, entry)), _) => {
                    diff.changed.extend(matched_rows.insert(at).then(|| entry.updated_from(post)).flatten());
                    entry.sighting
                }
                (None, Some(sighting)) => sighting,
                (None, None) if known.version > 0 && is_old(post) => {
                    let sighting = Sighting { number: next_old, first_seen, is_initial: true };
                    next_old -= 1;
                    diff.new.push(SeenPostRow { post: post.clone(), sighting });
                    sighting
                }
                (None, None) => {
                    let sighting = Sighting { number: next, first_seen, is_initial: known.version == 0 };
                    next += 1;
                    diff.new.push(SeenPostRow { post: post.clone(), sighting });
                    sighting
                }
            };
            by_url.extend(post.url.as_deref().map(|url| (url, sighting)));
            diff.sightings.push(sighting);
        }
        diff
    }

    fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty()
    }

    async fn write_changes(&self, conn: &mut AnyConnection) -> Result<(), QueryError> {
        for entry in &self.changed {
            let sql = "UPDATE posts SET url = $1, path = $2, fingerprint = $3, hash = $4 WHERE number = $5";
            let query = bind_identity(sqlx::query(sql), &entry.post).bind(entry.hash());
            query.bind(entry.sighting.number).execute(&mut *conn).await?;
        }
        for entries in self.new.chunks(ROWS_PER_INSERT) {
            insert_seen_posts(conn, entries).await?;
        }
        sqlx::query("UPDATE state SET seen = seen + 1").execute(&mut *conn).await?;
        STATE.seal(conn, 1).await
    }
}

async fn insert_seen_posts(conn: &mut AnyConnection, entries: &[SeenPostRow]) -> Result<(), QueryError> {
    let mut sql = String::from(
        "INSERT INTO posts (number, url, path, fingerprint, first_seen, is_initial, hash) VALUES ",
    );
    for at in 0..entries.len() {
        let (comma, first) = (if at == 0 { "" } else { ", " }, at * 7);
        let values: Vec<String> = (first + 1..=first + 7).map(|number| format!("${number}")).collect();
        // Writing to a `String` does not fail.
        let _ = write!(sql, "{comma}({})", values.join(", "));
    }
    // It contains only numbers.
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for entry in entries {
        let Sighting { number, first_seen, is_initial } = entry.sighting;
        query = bind_identity(query.bind(number), &entry.post);
        query = query.bind(to_millis(first_seen)).bind(i64::from(is_initial)).bind(entry.hash());
    }
    query.execute(conn).await?;
    Ok(())
}

/// Binds the URL, the path and the fingerprint of a post.
fn bind_identity<'q>(
    query: Query<'q, Any, AnyArguments>,
    post: &PostIdentity,
) -> Query<'q, Any, AnyArguments> {
    query
        .bind(post.url.as_deref().map(strip_nul))
        .bind(strip_nul(&post.path))
        .bind(post.fingerprint.cast_signed())
}

/// PostgreSQL accepts no NUL in a text. Paths have none, but a URL comes from the post.
fn strip_nul(text: &str) -> String {
    text.replace('\0', "")
}

/// The posts that a state has seen, at one version of the list.
#[derive(Debug, Default)]
pub(super) struct SeenPostIndex {
    /// The version; 0 before any corpus was read.
    pub version: i64,
    rows: Vec<SeenPostRow>,
    by_url: HashMap<String, usize>,
    by_path: HashMap<String, Vec<usize>>,
    by_fingerprint: HashMap<u64, Vec<usize>>,
}

/// A post that was seen before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SeenPostRow {
    pub post: PostIdentity,
    pub sighting: Sighting,
}

impl SeenPostIndex {
    /// An index of the posts of a version, in the order of their numbers.
    pub(crate) fn new(version: i64, rows: Vec<SeenPostRow>) -> Self {
        let mut index = Self { version, ..Self::default() };
        for (at, row) in rows.iter().enumerate() {
            if let Some(url) = &row.post.url {
                index.by_url.entry(url.clone()).or_insert(at);
            }
            index.by_path.entry(row.post.path.clone()).or_default().push(at);
            index.by_fingerprint.entry(row.post.fingerprint).or_default().push(at);
        }
        index.rows = rows;
        index
    }

    /// The posts in this index.
    pub(crate) fn rows(&self) -> &[SeenPostRow] {
        &self.rows
    }

    /// Matches each post with a row: by URL, else by path, else by text. A row matches at most one post by path or
    /// text, and none if another post matches it by URL.
    pub(crate) fn find(&self, posts: &[PostIdentity]) -> Vec<Option<usize>> {
        let mut found: Vec<Option<usize>> =
            posts.iter().map(|post| self.by_url.get(post.url.as_ref()?).copied()).collect();
        let mut used: HashSet<usize> = found.iter().flatten().copied().collect();
        for (post, found) in posts.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let candidates = self.by_path.get(&post.path).into_iter().flatten().copied();
            let mut same = candidates.filter(|at| is_same_file(post, &self.rows[*at]));
            *found = same.find(|at| used.insert(*at));
        }
        for (post, found) in posts.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let mut candidates = self.by_fingerprint.get(&post.fingerprint).into_iter().flatten().copied();
            *found = candidates.find(|at| used.insert(*at));
        }
        found
    }
}

/// Whether a path match is the same post. If both have a URL and the URLs differ, two posts had this path one after the
/// other.
fn is_same_file(post: &PostIdentity, entry: &SeenPostRow) -> bool {
    post.url.is_none() || entry.post.url.is_none()
}

impl SeenPostRow {
    /// The hash of the row, as it is stored.
    fn hash(&self) -> i64 {
        let PostIdentity { url, path, fingerprint } = &self.post;
        let Sighting { number, first_seen, is_initial } = self.sighting;
        hash_values(&[
            ColumnValue::Number(Some(number)),
            ColumnValue::Text(url.as_deref().map(strip_nul).as_deref()),
            ColumnValue::Text(Some(&strip_nul(path))),
            ColumnValue::Number(Some(fingerprint.cast_signed())),
            ColumnValue::Number(Some(to_millis(first_seen))),
            ColumnValue::Number(Some(i64::from(is_initial))),
        ])
    }

    /// The row with the current data of the post; `None` if nothing changed. If the post lost its URL, the row keeps
    /// it.
    pub(crate) fn updated_from(&self, post: &PostIdentity) -> Option<Self> {
        let url = post.url.as_ref().or(self.post.url.as_ref()).cloned();
        let updated = Self { post: PostIdentity { url, ..post.clone() }, sighting: self.sighting };
        (updated != *self).then_some(updated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(url: Option<&str>, path: &str, fingerprint: u64) -> PostIdentity {
        PostIdentity { url: url.map(str::to_owned), path: path.into(), fingerprint }
    }

    fn index_of(posts: &[PostIdentity]) -> SeenPostIndex {
        let entry = |(post, number): (&PostIdentity, i64)| SeenPostRow {
            post: post.clone(),
            sighting: Sighting { number, first_seen: jiff::Timestamp::UNIX_EPOCH, is_initial: false },
        };
        SeenPostIndex::new(1, posts.iter().zip(1..).map(entry).collect())
    }

    #[test]
    fn a_post_is_known_by_its_address_then_its_path_then_its_text() {
        let known = index_of(&[post(Some("u"), "a", 1), post(None, "b", 2), post(None, "c", 3)]);
        for (post, expected, why) in [
            (post(Some("u"), "z", 9), Some(0), "moved and edited, with its address"),
            (post(None, "b", 9), Some(1), "edited"),
            (post(Some("v"), "b", 9), Some(1), "got an address"),
            (post(None, "z", 3), Some(2), "renamed"),
            (post(Some("v"), "z", 3), Some(2), "renamed, with an address"),
            (post(None, "a", 9), Some(0), "lost its address"),
            (post(Some("v"), "a", 9), None, "another post in its place"),
            (post(Some("v"), "a", 1), Some(0), "a new address for the same text"),
            (post(None, "z", 9), None, "new"),
        ] {
            assert_eq!(known.find(&[post]), [expected], "{why}");
        }
    }

    #[test]
    fn an_entry_is_not_two_posts_by_path_or_text() {
        let known = index_of(&[post(Some("u"), "a", 1), post(None, "b", 2)]);
        let copied = [post(None, "b", 2), post(None, "copy of b", 2)];
        assert_eq!(known.find(&copied), [Some(1), None]);
        let moved = [post(None, "a", 7), post(Some("u"), "elsewhere", 1)];
        assert_eq!(known.find(&moved), [None, Some(0)]);
        let twice = [post(Some("u"), "a", 1), post(Some("u"), "a again", 1)];
        assert_eq!(known.find(&twice), [Some(0), Some(0)]);
    }

    #[test]
    fn an_address_that_was_lost_is_kept() {
        let known = index_of(&[post(Some("u"), "a", 1)]);
        let entry = &known.rows()[0];
        assert_eq!(entry.updated_from(&post(None, "a", 1)), None);
        assert_eq!(
            entry.updated_from(&post(None, "a", 2)).and_then(|entry| entry.post.url).as_deref(),
            Some("u")
        );
    }
}
