//! What an account has, counted.

use domain::{AccountId, EventKind, Millis};

use crate::row::row_struct;
use crate::statement::{row, value};
use crate::{Linked, StoreError};

/// How much an account has of everything that opens it or proves its owner.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    pub sessions: i64,
    /// Programs that are signed in by a bearer, paired devices not among them.
    pub programs: i64,
    pub paired_devices: i64,
    pub known_browsers: i64,
    pub app_passwords: i64,
    /// Clients of OpenID Connect that it permits.
    pub applications: i64,
    /// Accounts at other providers.
    pub identities: i64,
    pub passkeys: i64,
    /// Whether an authenticator app is set up.
    pub totp: bool,
    /// Recovery codes that were not used yet.
    pub recovery_codes: i64,
    /// Messages that wait for their next try, or were set aside.
    pub mails: i64,
    /// When somebody last signed in, as far back as the log goes.
    pub signed_in_at: Option<Millis>,
}

row_struct! {
    struct HoldingsRow {
        sessions: i64,
        programs: i64,
        paired_devices: i64,
        known_browsers: i64,
        app_passwords: i64,
        applications: i64,
        identities: i64,
        passkeys: i64,
        totp: i64,
        recovery_codes: i64,
        mails: i64,
    }
}

/// Counts what `account` has, whether it still works or has expired and was not removed yet.
pub async fn holdings(db: &mut impl Linked, account: AccountId) -> Result<Holdings, StoreError> {
    let sql = "SELECT \
         (SELECT COUNT(*) FROM sessions WHERE account_id = $1) AS sessions, \
         (SELECT COUNT(*) FROM bearers WHERE account_id = $1 AND paired_at IS NULL) AS programs, \
         (SELECT COUNT(*) FROM bearers WHERE account_id = $1 AND paired_at IS NOT NULL) AS paired_devices, \
         (SELECT COUNT(*) FROM devices WHERE account_id = $1) AS known_browsers, \
         (SELECT COUNT(*) FROM app_passwords WHERE account_id = $1) AS app_passwords, \
         (SELECT COUNT(*) FROM oidc_grants WHERE account_id = $1) AS applications, \
         (SELECT COUNT(*) FROM identities WHERE account_id = $1) AS identities, \
         (SELECT COUNT(*) FROM passkeys WHERE account_id = $1) AS passkeys, \
         (SELECT COUNT(*) FROM totp_secrets WHERE account_id = $1 AND confirmed_at IS NOT NULL) AS totp, \
         (SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1) AS recovery_codes, \
         (SELECT COUNT(*) FROM outbox WHERE account_id = $1) AS mails";
    let counted: Option<HoldingsRow> = row!(db, sql, account.0)?;
    let sql = "SELECT at FROM audit_events WHERE account_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1";
    let signed_in_at: Option<i64> = value!(db, sql, account.0, EventKind::SignedIn.as_str())?;
    Ok(counted
        .map(|row| Holdings {
            sessions: row.sessions,
            programs: row.programs,
            paired_devices: row.paired_devices,
            known_browsers: row.known_browsers,
            app_passwords: row.app_passwords,
            applications: row.applications,
            identities: row.identities,
            passkeys: row.passkeys,
            totp: row.totp > 0,
            recovery_codes: row.recovery_codes,
            mails: row.mails,
            signed_in_at: signed_in_at.map(Millis),
        })
        .unwrap_or_default())
}
