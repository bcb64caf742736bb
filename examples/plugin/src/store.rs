//! The plug-in's own table, with one SQL text for both engines.

use vestibule::plugin::{AccountId, Link, Linked, Millis, Store, StoreError, on};

pub struct Note {
    pub id: i64,
    pub text: String,
    pub created_at: Millis,
}

/// The notes of an account, newest first.
pub async fn list(store: &Store, account: AccountId) -> Result<Vec<Note>, StoreError> {
    let text = "SELECT id, text, created_at FROM notes WHERE account_id = $1 ORDER BY id DESC";
    let mut db = store.read().await?;
    let rows: Vec<(i64, String, i64)> =
        on!(db.link(), c => sqlx::query_as(text).bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, text, at)| Note { id, text, created_at: Millis(at) }).collect())
}

/// Keeps a note unless the account has `most` of them; returns whether it was kept.
pub async fn keep(
    store: &Store,
    account: AccountId,
    note: &str,
    now: Millis,
    most: i64,
) -> Result<bool, StoreError> {
    let (account, now) = (account.0, now.0);
    store
        .transact(async |tx| {
            // Counting and inserting must not run concurrently for an account. SQLite has one writer at a
            // time anyway.
            let lock = "SELECT id FROM accounts WHERE id = $1 FOR UPDATE";
            if let Link::Postgres(c) = tx.link() {
                sqlx::query(lock).bind(account).execute(c).await?;
            }
            let count = "SELECT COUNT(*) FROM notes WHERE account_id = $1";
            let kept: i64 = on!(tx.link(), c => sqlx::query_scalar(count).bind(account).fetch_one(c).await)?;
            if kept >= most {
                return Ok(false);
            }
            let insert = "INSERT INTO notes (account_id, text, created_at) VALUES ($1, $2, $3)";
            on!(tx.link(), c => {
                sqlx::query(insert).bind(account).bind(note).bind(now).execute(c).await.map(drop)
            })?;
            Ok(true)
        })
        .await
}
