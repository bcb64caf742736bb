//! Accounts that come from elsewhere, many at once.

use std::collections::HashMap;

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
    pub row: NewAccountRow,
    pub origin: AccountOrigin,
    /// Whether a password alone does not open it.
    pub wants_second_factor: bool,
}

impl Arrival {
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

/// Adds accounts. One whose address or username another account has is left out: its number is `None`. Which
/// of its password's changes was the last nobody knows: it is as old as the account.
///
/// # Errors
/// `Reserved` when one of the usernames is kept for somebody else; then which one is to be found out one by
/// one, with [`taken`](super::taken).
pub async fn insert_arrivals(
    tx: &mut Tx,
    arrivals: &[&Arrival],
    now: Millis,
) -> Result<Vec<Option<AccountId>>, StoreError> {
    let mut numbers = Vec::with_capacity(arrivals.len());
    let at_once = match tx.link() {
        Link::Sqlite(_) => AT_ONCE,
        Link::Postgres(_) => FEW_AT_ONCE,
    };
    for chunk in arrivals.chunks(at_once) {
        let tail = "ON CONFLICT DO NOTHING RETURNING id, email_key";
        let sql = Parameters::of(tx).rows(INSERT, chunk.len(), COLUMNS, tail);
        let keeps = chunk.len() == 1 || chunk.len() == at_once;
        let made: Vec<(i64, String)> = on!(tx.link(), c => {
            let mut query = sqlx::query_as(sql).persistent(keeps);
            for Arrival { row, origin, wants_second_factor } in chunk {
                let text = |name: &Option<String>| name.clone().unwrap_or_default();
                let profile = &row.profile;
                let (name, firstname, lastname) =
                    (text(&profile.name), text(&profile.firstname), text(&profile.lastname));
                let keys = NameKeys::of(&name, &firstname, &lastname);
                query = query
                    .bind(row.email.as_str())
                    .bind(row.email.key())
                    .bind(row.username.as_ref().map(Username::as_str))
                    .bind(row.username.as_ref().map(Username::key))
                    .bind(row.username.as_ref().map(Username::skeleton))
                    .bind(name)
                    .bind(firstname)
                    .bind(lastname)
                    .bind(profile.locale.clone().flatten())
                    .bind(row.role.0)
                    .bind(fields_text(&profile.fields))
                    .bind(row.password_hash.as_deref())
                    .bind(row.password_hash.is_some().then_some(origin.created_at.0))
                    .bind(origin.created_at.0)
                    .bind(now.0)
                    .bind(keys.name)
                    .bind(keys.lastname)
                    .bind(origin.verified_at.map(|at| at.0))
                    .bind(origin.locked_at.map(|at| at.0))
                    .bind(wants_second_factor.then_some(now.0));
            }
            query.fetch_all(c).await
        })?;
        let made: HashMap<String, i64> = made.into_iter().map(|(id, key)| (key, id)).collect();
        numbers
            .extend(chunk.iter().map(|arrival| made.get(&arrival.row.email.key()).copied().map(AccountId)));
    }
    refuse_kept(tx, arrivals).await?;
    Ok(numbers)
}

/// Refuses usernames that are kept for somebody: who gave one up, or who claims one with a registration. As
/// with one account, this comes behind the insertion.
async fn refuse_kept(tx: &mut Tx, arrivals: &[&Arrival]) -> Result<(), StoreError> {
    let sql = "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM former_usernames WHERE reserved_key IS NOT NULL LIMIT 1) AS former) \
               + (SELECT COUNT(*) FROM (SELECT 1 FROM claimed_usernames LIMIT 1) AS claimed)";
    let any: i64 = only_value!(tx, sql)?;
    if any == 0 {
        return Ok(());
    }
    let usernames: Vec<&Username> =
        arrivals.iter().filter_map(|arrival| arrival.row.username.as_ref()).collect();
    for (table, key, skeleton) in [
        ("former_usernames", "reserved_key", "reserved_skeleton"),
        ("claimed_usernames", "username_key", "username_skeleton"),
    ] {
        for chunk in usernames.chunks(AT_ONCE) {
            for (column, of) in
                [(key, Username::key as fn(&Username) -> String), (skeleton, Username::skeleton)]
            {
                let head = format!("SELECT COUNT(*) FROM {table} WHERE {column} IN");
                let sql = Parameters::of(tx).list(&head, chunk.len());
                let found: i64 = on!(tx.link(), c => {
                    let mut query = sqlx::query_scalar(sql);
                    for username in chunk {
                        query = query.bind(of(username));
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
