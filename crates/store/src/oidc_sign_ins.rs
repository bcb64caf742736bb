//! The `oidc_sign_ins` table: which clients somebody was signed in to by a session. A row that goes, with its
//! session or with its grant, leaves a row in `oidc_logouts`: a trigger writes it in the same transaction.

use super::fast::{Parameter, fast_row};
use super::statement::only_value;
use super::{Store, StoreError, Tx};
use domain::{AccountId, OidcClientId, OidcGrantId, SessionId};

/// Notes that the owner of `session` is signed in to `client`. Returns the name of the session in ID tokens
/// of that client: `sid`, unless it had one before.
pub async fn note(
    tx: &mut Tx,
    session: SessionId,
    (grant, client, account): (OidcGrantId, OidcClientId, AccountId),
    sid: &str,
) -> Result<String, StoreError> {
    Ok(only_value!(
        tx,
        "INSERT INTO oidc_sign_ins (sid, session_id, grant_id, client_id, account_id) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (session_id, client_id) \
         DO UPDATE SET grant_id = excluded.grant_id RETURNING sid",
        sid,
        session.0,
        grant.0,
        client.0,
        account.0,
    )?)
}

fast_row! {
    struct SignInRow {
        sid: String,
    }
}

/// The name of `session` in ID tokens of `client`; `None` where nobody was signed in to it.
pub async fn sid(
    store: &Store,
    session: SessionId,
    client: OidcClientId,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT sid FROM oidc_sign_ins WHERE session_id = $1 AND client_id = $2";
    let values = [Parameter::Number(session.0), Parameter::Number(client.0)];
    let found: Option<SignInRow> = store.fast_row(sql, &values).await?;
    Ok(found.map(|row| row.sid))
}
