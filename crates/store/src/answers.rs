//! Answers that were given, for their buttons and for conversations that go on.
//!
//! The words of a question are kept for a conversation only: for its last turns, and for hours. What buttons need is kept for
//! a month.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{Store, StoreError, database::Durability};
use crate::error::QueryError;
use crate::row_hash::{ANSWERS, ColumnValue, hash_values};
use crate::subscription_row::{from_millis, to_millis, to_sql_id};

/// An answer that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Its number, a random one that the buttons of its message name.
    pub number: u64,
    /// The channel of the conversation.
    pub channel: u64,
    /// The server of the channel; `None` in direct messages and group chats.
    pub server: Option<u64>,
    /// The person who asked.
    pub person: u64,
    /// The time of the answer.
    pub asked_at: Timestamp,
    /// The words of the question; `None` after their time.
    pub question: Option<String>,
    /// What else is kept of the answer, as text without the words of the question.
    pub turn: String,
}

/// How long an answer is kept for its buttons, in milliseconds: 30 days.
const BUTTONS_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// The number of turns of a conversation whose words are kept.
const MAX_TURNS: i64 = 10;

/// `SELECT` with all columns.
macro_rules! select_answers {
    ($rest:literal) => {
        concat!("SELECT number, channel, server, person, asked_at, question, turn, hash FROM answers ", $rest)
    };
}
pub(super) use select_answers;

impl Store {
    /// Keeps an answer. Of its conversation the words of the last ten questions stay. A failure of power may lose it: then its
    /// buttons say that it is gone.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn save_answer(&self, answer: &KeptAnswer) -> Result<(), StoreError> {
        self.write_as(Durability::ProcessEnd, async |mut tx| {
            let sql = "INSERT INTO answers (number, channel, server, person, asked_at, question, turn, hash) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let query = sqlx::query(sql)
                .bind(to_sql_id(answer.number))
                .bind(to_sql_id(answer.channel))
                .bind(answer.server.map(to_sql_id))
                .bind(to_sql_id(answer.person))
                .bind(to_millis(answer.asked_at))
                .bind(answer.question.as_deref())
                .bind(answer.turn.as_str())
                .bind(hash(answer));
            query.execute(tx.conn()).await?;
            // Only the newest rows can have words. All rows of a person may be thousands.
            let sql = select_answers!(
                "WHERE number IN (SELECT number FROM (SELECT number, question FROM answers WHERE person = $1 AND \
                 channel = $2 ORDER BY asked_at DESC LIMIT 100 OFFSET $3) AS older WHERE question IS NOT NULL)"
            );
            let query = sqlx::query(sql).bind(to_sql_id(answer.person)).bind(to_sql_id(answer.channel));
            let old = query.bind(MAX_TURNS).fetch_all(tx.conn()).await?;
            drop_words(tx.conn(), &old).await?;
            tx.commit().await
        })
        .await
    }

    /// The answer with a number, if it is not older than a month.
    ///
    /// # Errors
    /// If the state can't be read, or the row is damaged.
    pub async fn find_answer(&self, number: u64, now: Timestamp) -> Result<Option<KeptAnswer>, StoreError> {
        self.read(async |mut conn| {
            let sql = select_answers!("WHERE number = $1 AND asked_at >= $2");
            let query = sqlx::query(sql).bind(to_sql_id(number)).bind(to_millis(now) - BUTTONS_MS);
            query.fetch_optional(&mut *conn).await?.as_ref().map(parse).transpose()
        })
        .await
    }

    /// The last answer of a person's conversation in a channel since a time, if its words are still there.
    ///
    /// # Errors
    /// If the state can't be read, or the row is damaged.
    pub async fn find_last_answer(
        &self,
        channel: u64,
        person: u64,
        since: Timestamp,
    ) -> Result<Option<KeptAnswer>, StoreError> {
        self.read(async |mut conn| {
            let sql = select_answers!(
                "WHERE person = $1 AND channel = $2 AND asked_at >= $3 AND question IS NOT NULL \
                 ORDER BY asked_at DESC, number LIMIT 1"
            );
            let query =
                sqlx::query(sql).bind(to_sql_id(person)).bind(to_sql_id(channel)).bind(to_millis(since));
            query.fetch_optional(&mut *conn).await?.as_ref().map(parse).transpose()
        })
        .await
    }

    /// Ends a person's conversation in a channel: the words of its questions go, and its buttons stay.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn end_conversation(&self, channel: u64, person: u64) -> Result<(), StoreError> {
        self.write(async |mut tx| {
            let sql = select_answers!("WHERE person = $1 AND channel = $2 AND question IS NOT NULL");
            let query = sqlx::query(sql).bind(to_sql_id(person)).bind(to_sql_id(channel));
            let found = query.fetch_all(tx.conn()).await?;
            drop_words(tx.conn(), &found).await?;
            tx.commit().await
        })
        .await
    }

    /// Deletes the answers that are older than a month, and the words of questions asked before `words_since`.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn remove_old_answers(&self, now: Timestamp, words_since: Timestamp) -> Result<(), StoreError> {
        self.write(async |mut tx| {
            let sql = "DELETE FROM answers WHERE asked_at < $1";
            sqlx::query(sql).bind(to_millis(now) - BUTTONS_MS).execute(tx.conn()).await?;
            // Some at a time, for the sake of memory.
            loop {
                let sql = select_answers!("WHERE asked_at < $1 AND question IS NOT NULL LIMIT 100");
                let old = sqlx::query(sql).bind(to_millis(words_since)).fetch_all(tx.conn()).await?;
                if old.is_empty() {
                    return tx.commit().await;
                }
                drop_words(tx.conn(), &old).await?;
            }
        })
        .await
    }
}

/// Deletes the words of the questions of some rows. A row that was damaged before stays damaged.
async fn drop_words(conn: &mut AnyConnection, rows: &[AnyRow]) -> Result<(), QueryError> {
    for row in rows {
        let number: i64 = row.try_get("number")?;
        let wordless = parse(row).ok().map(|kept| KeptAnswer { question: None, ..kept });
        let sql = "UPDATE answers SET question = NULL, hash = $2 WHERE number = $1";
        sqlx::query(sql).bind(number).bind(wordless.as_ref().map(hash)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// The hash of the row of an answer.
fn hash(answer: &KeptAnswer) -> i64 {
    hash_values(&[
        ColumnValue::Number(Some(to_sql_id(answer.number))),
        ColumnValue::Number(Some(to_sql_id(answer.channel))),
        ColumnValue::Number(answer.server.map(to_sql_id)),
        ColumnValue::Number(Some(to_sql_id(answer.person))),
        ColumnValue::Number(Some(to_millis(answer.asked_at))),
        ColumnValue::Text(answer.question.as_deref()),
        ColumnValue::Text(Some(&answer.turn)),
    ])
}

/// Parses a row.
///
/// # Errors
/// If the row differs from its hash.
pub(super) fn parse(row: &AnyRow) -> Result<KeptAnswer, QueryError> {
    if let Some(problem) = ANSWERS.problem(row) {
        return Err(StoreError::Damaged(format!("the state is damaged ({problem}): restore a backup")).into());
    }
    let id = |column: &str| row.try_get::<i64, _>(column).map(i64::cast_unsigned);
    Ok(KeptAnswer {
        number: id("number")?,
        channel: id("channel")?,
        server: row.try_get::<Option<i64>, _>("server")?.map(i64::cast_unsigned),
        person: id("person")?,
        asked_at: from_millis(row.try_get("asked_at")?)?,
        question: row.try_get("question")?,
        turn: row.try_get("turn")?,
    })
}
