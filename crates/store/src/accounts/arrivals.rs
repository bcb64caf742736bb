//! Accounts that come from elsewhere, many at once.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::directory::NameKeys;
use super::{AccountOrigin, NewAccountRow, fields_text};
use crate::connection::on;
use crate::many_rows::{AT_ONCE, Parameters};
use crate::statement::only_value;
use crate::{Link, Linked as _, StoreError, Tx};
use domain::{AccountId, Millis, Username};

/// An account that was made elsewhere.
#[derive(Clone, Debug)]
pub struct Arrival {
    row: NewAccountRow,
    pub origin: AccountOrigin,
    /// Whether a password alone does not open it.
    pub wants_second_factor: bool,
    keys: OnceLock<ArrivalKeys>,
}

/// What an account that arrives will be found by.
#[derive(Clone, Debug)]
pub struct ArrivalKeys {
    pub email: String,
    /// The key of its username, and what that looks like.
    pub username: Option<(String, String)>,
    names: NameKeys,
}

impl ArrivalKeys {
    fn of(row: &NewAccountRow) -> Self {
        let NewAccountRow { email, username, profile, .. } = row;
        let [name, firstname, lastname] = [&profile.name, &profile.firstname, &profile.lastname]
            .map(|name| name.as_deref().unwrap_or_default());
        Self {
            email: email.key(),
            username: username.as_ref().map(|name| (name.key(), name.skeleton())),
            names: NameKeys::of(name, firstname, lastname),
        }
    }
}

impl Arrival {
    pub fn new(row: NewAccountRow, origin: AccountOrigin) -> Self {
        Self { row, origin, wants_second_factor: false, keys: OnceLock::new() }
    }

    pub fn row(&self) -> &NewAccountRow {
        &self.row
    }

    /// The row and the times, to be changed.
    pub fn parts_mut(&mut self) -> (&mut NewAccountRow, &mut AccountOrigin) {
        self.keys = OnceLock::new();
        (&mut self.row, &mut self.origin)
    }

    /// What it will be found by. That is made with the first call, which whoever reads a file makes on their
    /// own thread.
    pub fn keys(&self) -> &ArrivalKeys {
        self.keys.get_or_init(|| ArrivalKeys::of(&self.row))
    }

    /// The same, which a password alone does not open.
    pub fn held(&self) -> Self {
        Self { wants_second_factor: true, ..self.clone() }
    }
}

const INSERT: &str = "INSERT INTO accounts (email, email_key, username, username_key, username_skeleton, name, firstname, \
                      lastname, locale, role_id, fields, password_hash, password_changed_at, created_at, updated_at, \
                      name_key, lastname_key, verified_at, locked_at, second_factor_at)";
const COLUMNS: usize = 20;
/// How many accounts one statement adds to PostgreSQL. With PostgreSQL's TLS a statement of more than 16 KiB
/// is sent in several records, of which the second waits 40 ms until the first is acknowledged (Nagle's
/// algorithm, RFC 896, which sqlx leaves on). An account has about 350 bytes.
const FEW_AT_ONCE: usize = 32;

/// Binds the values of one account's row.
macro_rules! bind {
    ($query:expr, $arrival:expr, $now:expr) => {{
        let Arrival { row, origin, wants_second_factor, .. } = $arrival;
        let (keys, profile) = ($arrival.keys(), &row.profile);
        $query
            .bind(row.email.as_str())
            .bind(keys.email.as_str())
            .bind(row.username.as_ref().map(Username::as_str))
            .bind(keys.username.as_ref().map(|(key, _)| key.as_str()))
            .bind(keys.username.as_ref().map(|(_, skeleton)| skeleton.as_str()))
            .bind(profile.name.as_deref().unwrap_or_default())
            .bind(profile.firstname.as_deref().unwrap_or_default())
            .bind(profile.lastname.as_deref().unwrap_or_default())
            .bind(profile.locale.as_ref().and_then(Option::as_deref))
            .bind(row.role.0)
            .bind(fields_text(&profile.fields))
            .bind(row.password_hash.as_deref())
            .bind(row.password_hash.is_some().then_some(origin.created_at.0))
            .bind(origin.created_at.0)
            .bind($now.0)
            .bind(keys.names.name.as_str())
            .bind(keys.names.lastname.as_str())
            .bind(origin.verified_at.map(|at| at.0))
            .bind(origin.locked_at.map(|at| at.0))
            .bind(wants_second_factor.then_some($now.0))
    }};
}

/// Adds accounts. One whose address or username another account has is left out: its number is `None`. Which
/// of its password's changes was the last nobody knows: it is as old as the account.
///
/// # Errors
/// `Reserved` when one of the usernames is kept for somebody else; then which one is to be found out one by
/// one, with [`taken`](super::taken). On SQLite nothing has been changed by then.
pub async fn insert_arrivals(
    tx: &mut Tx,
    arrivals: &[&Arrival],
    now: Millis,
) -> Result<Vec<Option<AccountId>>, StoreError> {
    let mut numbers = Vec::with_capacity(arrivals.len());
    match tx.link() {
        Link::Sqlite(_) => {
            refuse_kept(tx, arrivals).await?;
            for chunk in arrivals.chunks(AT_ONCE) {
                numbers.extend(insert_into_sqlite(tx, chunk, now).await?);
            }
        }
        Link::Postgres(_) => {
            for chunk in arrivals.chunks(FEW_AT_ONCE) {
                numbers.extend(insert_into_postgres(tx, chunk, now).await?);
            }
            // Behind the insertion: others write meanwhile.
            refuse_kept(tx, arrivals).await?;
        }
    }
    Ok(numbers)
}

/// SQLite counts rows faster than it hands them out, and has one writer: the new numbers are those above all
/// before, one for each row, unless one was left out.
async fn insert_into_sqlite(
    tx: &mut Tx,
    chunk: &[&Arrival],
    now: Millis,
) -> Result<Vec<Option<AccountId>>, StoreError> {
    let before: i64 = only_value!(tx, "SELECT COALESCE(MAX(id), 0) FROM accounts")?;
    let sql = Parameters::of(tx).rows(INSERT, chunk.len(), COLUMNS, "ON CONFLICT DO NOTHING");
    let Link::Sqlite(c) = tx.link() else { return Ok(Vec::new()) };
    let mut query = sqlx::query(sql).persistent(chunk.len() == AT_ONCE);
    for arrival in chunk {
        query = bind!(query, arrival, now);
    }
    let done = query.execute(&mut *c).await?;
    let made = i64::try_from(chunk.len()).unwrap_or(i64::MAX);
    if i64::try_from(done.rows_affected()) == Ok(made) {
        let first = done.last_insert_rowid() - made + 1;
        return Ok((first..first + made).map(|id| Some(AccountId(id))).collect());
    }
    let made = sqlx::query_as("SELECT id, email_key FROM accounts WHERE id > ?").bind(before).fetch_all(c);
    Ok(numbers_of(chunk, made.await?))
}

async fn insert_into_postgres(
    tx: &mut Tx,
    chunk: &[&Arrival],
    now: Millis,
) -> Result<Vec<Option<AccountId>>, StoreError> {
    let tail = "ON CONFLICT DO NOTHING RETURNING id, email_key";
    let sql = Parameters::of(tx).rows(INSERT, chunk.len(), COLUMNS, tail);
    let Link::Postgres(c) = tx.link() else { return Ok(Vec::new()) };
    let mut query = sqlx::query_as(sql).persistent(matches!(chunk.len(), 1 | FEW_AT_ONCE));
    for arrival in chunk {
        query = bind!(query, arrival, now);
    }
    Ok(numbers_of(chunk, query.fetch_all(c).await?))
}

/// Which numbers the accounts have got, in their order.
fn numbers_of(chunk: &[&Arrival], made: Vec<(i64, String)>) -> Vec<Option<AccountId>> {
    let made: HashMap<String, i64> = made.into_iter().map(|(id, key)| (key, id)).collect();
    chunk.iter().map(|arrival| made.get(&arrival.keys().email).copied().map(AccountId)).collect()
}

/// Refuses usernames that are kept for somebody: who gave one up, or who claims one with a registration.
async fn refuse_kept(tx: &mut Tx, arrivals: &[&Arrival]) -> Result<(), StoreError> {
    let sql = "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM former_usernames WHERE reserved_key IS NOT NULL LIMIT 1) AS former) \
               + (SELECT COUNT(*) FROM (SELECT 1 FROM claimed_usernames LIMIT 1) AS claimed)";
    let any: i64 = only_value!(tx, sql)?;
    if any == 0 {
        return Ok(());
    }
    let usernames: Vec<&(String, String)> =
        arrivals.iter().filter_map(|arrival| arrival.keys().username.as_ref()).collect();
    for (table, key, skeleton) in [
        ("former_usernames", "reserved_key", "reserved_skeleton"),
        ("claimed_usernames", "username_key", "username_skeleton"),
    ] {
        for chunk in usernames.chunks(AT_ONCE) {
            for (column, is_key) in [(key, true), (skeleton, false)] {
                let head = format!("SELECT COUNT(*) FROM {table} WHERE {column} IN");
                let sql = Parameters::of(tx).list(&head, chunk.len());
                let found: i64 = on!(tx.link(), c => {
                    let mut query = sqlx::query_scalar(sql);
                    for (key, skeleton) in chunk {
                        query = query.bind(if is_key { key } else { skeleton });
                    }
                    query.fetch_one(c).await
                })?;
                if found > 0 {
                    return Err(StoreError::Reserved);
                }
            }
        }
    }
    Ok(())
}
