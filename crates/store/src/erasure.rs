//! The end of an account: what becomes of each table's rows.

use super::statement::{execute, rows};
use super::{
    Change, Link, Linked, StoreError, Tx, former_usernames, imported_accounts, mail_log, webhook_deliveries,
};
use domain::{AccountId, Millis};

/// What becomes of the rows about an account when it is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They go with the account's own row: a foreign key leads there, by way of other tables or directly.
    Gone,
    /// [`erase`] removes them.
    Removed,
    /// They stay, without anything that tells who it was.
    Anonymous,
    /// None is about an account for longer than the hour or so that it lives.
    ShortLived,
    /// None is about an account.
    Unrelated,
}

/// What becomes of every table of ours. A plug-in has a list of its own.
pub const FATES: [(&str, Fate); 44] = [
    ("accounts", Fate::Removed),
    ("api_keys", Fate::Unrelated),
    ("app_passwords", Fate::Gone),
    // The numbers stay, and what was done when: neither from where, nor what it was changed from.
    ("audit_events", Fate::Anonymous),
    ("bearers", Fate::Gone),
    ("claimed_usernames", Fate::Gone),
    ("claims", Fate::Gone),
    // The files go with the next sweep.
    ("data_exports", Fate::Gone),
    ("devices", Fate::Gone),
    ("exchanged_bearers", Fate::Gone),
    // A name stays reserved, and belongs to nobody.
    ("former_usernames", Fate::Anonymous),
    ("identities", Fate::Gone),
    // A digest of the number that the account had where it came from: a second import does not bring it
    // back.
    ("imported_accounts", Fate::Anonymous),
    ("known_apps", Fate::Gone),
    ("known_places", Fate::Gone),
    ("mail_log", Fate::Removed),
    ("mailbox_uses", Fate::ShortLived),
    ("oidc_clients", Fate::Unrelated),
    ("oidc_codes", Fate::Gone),
    ("oidc_devices", Fate::Gone),
    ("oidc_grants", Fate::Gone),
    // A client is told the number that it knows the account by, until it has heard.
    ("oidc_logouts", Fate::ShortLived),
    ("oidc_pushed_requests", Fate::ShortLived),
    ("oidc_sign_ins", Fate::Gone),
    ("oidc_signing_keys", Fate::Unrelated),
    ("oidc_tokens", Fate::Gone),
    ("outbox", Fate::Gone),
    ("pairings", Fate::Gone),
    ("passkey_challenges", Fate::Gone),
    ("passkey_handles", Fate::Gone),
    ("passkeys", Fate::Gone),
    ("pending_identities", Fate::ShortLived),
    ("pending_sign_ins", Fate::Gone),
    ("provider_departures", Fate::Gone),
    ("readiness", Fate::Unrelated),
    ("recovery_codes", Fate::Gone),
    ("roles", Fate::Unrelated),
    ("secret_keys", Fate::Unrelated),
    ("sessions", Fate::Gone),
    ("tickets", Fate::Gone),
    ("totp_secrets", Fate::Gone),
    ("user_secrets", Fate::Gone),
    // What waits is still sent, as sites have to know; what was set aside goes.
    ("webhook_deliveries", Fate::Removed),
    // The migrations that have run.
    ("_sqlx_migrations", Fate::Unrelated),
];

/// Erases an account that was deleted before `before`: each table as [`FATES`] says. Its username stays
/// reserved until `reserved_until`. Returns `false` when it is not there, or was brought back. Call it with
/// the account held.
pub async fn erase(
    tx: &mut Tx,
    id: AccountId,
    (before, reserved_until): (Millis, Millis),
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM accounts WHERE id = $1 AND deleted_at < $2";
    let due: Vec<(i64,)> = rows!(tx, sql, id.0, before.0)?;
    if due.is_empty() {
        return Ok(false);
    }
    former_usernames::outlive(tx, id, reserved_until, now).await?;
    imported_accounts::forget(tx, id).await?;
    execute!(tx, "DELETE FROM accounts WHERE id = $1", id.0)?;
    // These have no foreign key. A message that is being settled has its row by now: the account's row went
    // after the message's.
    mail_log::forget(tx, id).await?;
    webhook_deliveries::forget(tx, id).await?;
    let sql = "UPDATE audit_events SET device = '', address = '', origin = '', detail = '', reason = '', \
               target = '' WHERE account_id = $1";
    execute!(tx, sql, id.0)?;
    // What it did to others, as one of the operator's staff.
    let sql = "UPDATE audit_events SET device = '', address = '', origin = '' \
               WHERE actor = 'staff' AND actor_id = $1";
    execute!(tx, sql, id.0)?;
    tx.announce(Change::Account(id));
    Ok(true)
}

/// The tables of the database, in no order.
pub async fn tables(db: &mut impl Linked) -> Result<Vec<String>, StoreError> {
    let found: Vec<(String,)> = match db.link() {
        Link::Sqlite(c) => {
            let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
            sqlx::query_as(sql).fetch_all(c).await?
        }
        Link::Postgres(c) => {
            let sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()";
            sqlx::query_as(sql).fetch_all(c).await?
        }
    };
    Ok(found.into_iter().map(|(name,)| name).collect())
}
