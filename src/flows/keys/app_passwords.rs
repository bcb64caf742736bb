//! App passwords: an account that wants a second factor makes one for each program that cannot ask for it.

use std::sync::Arc;

use crate::flows::client::Client;
use crate::flows::mail::cause::notify_of_opening;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session};
use domain::{
    AccountError, AppPassword, AppPasswordId, Audience, Clock, EventKind, Field, FieldCode, FieldError,
    MailKind, Millis, NAME_MAX_CHARS, OpeningKind, Random, Step, StoredAppPassword, clean_text,
};
use limiter::{Action, Limiter};
use store::app_passwords::{self, NewAppPassword};
use store::{Store, Tx, accounts};

/// Makes, lists and revokes app passwords.
pub struct AppPasswords {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
}

/// An app password that was just made, with its secret.
#[derive(Debug)]
pub struct MadeAppPassword {
    pub id: AppPasswordId,
    pub name: String,
    /// The dialect that it is for.
    pub door: &'static str,
    pub secret: AppPassword,
}

impl AppPasswords {
    /// The app passwords of the signed-in account, the newest first. An account that wants no second factor
    /// has none, and the database is not asked.
    pub async fn list(&self, who: &SignedIn) -> Result<Vec<StoredAppPassword>, AccountError> {
        let account = who.account();
        if account.second_factor_at.is_none() {
            return Ok(Vec::new());
        }
        Ok(app_passwords::list(&mut self.store.read().await?, account.id).await?)
    }

    /// Makes a password for one program, called `name`, that signs in through the dialect `door`. Its owner
    /// is told by mail.
    ///
    /// # Errors
    /// `ProofWanted`; `StepWanted` for an account that wants no second factor; `Invalid` for a name or a
    /// dialect that cannot be, and for one password too many; `Throttled`.
    pub async fn make(
        &self,
        who: &SignedIn,
        name: &str,
        door: &str,
        client: &Client,
    ) -> Result<MadeAppPassword, AccountError> {
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let account = who.account().id;
        spend(&self.limiter, Action::SettingsWrite, account, client, now)?;
        let (name, door) = read(name, door)?;
        let secret = AppPassword::generate(self.random.as_ref());
        let digest = AppPassword::digest(secret.reveal(), account, door);
        let made = self.store.transact_on(account, async |tx| {
            require_session(tx, who).await?;
            let found = accounts::find(tx, account).await?.ok_or(AccountError::Unauthenticated)?.account;
            // The last second factor may have gone meanwhile, and its app passwords with it.
            if found.second_factor_at.is_none() {
                return Err(AccountError::StepWanted(Step::SetUpFactor));
            }
            if app_passwords::count(tx, account).await? >= AppPassword::MOST as i64 {
                let code = FieldCode::AppPasswordsTooMany { most: AppPassword::MOST };
                return Err(AccountError::field(Field::Name, code));
            }
            let new = NewAppPassword { account_id: account, name: &name, door, digest: &digest };
            let id = app_passwords::insert(tx, &new, now).await?;
            let detail = format!("{} {name}", door.0);
            let noted = Noted::by_owner(EventKind::AppPasswordMade, &detail);
            security_log::note(tx, account, &noted, client, now).await?;
            let (kind, opening) = (MailKind::AppPasswordMade, OpeningKind::AppPassword);
            notify_of_opening(tx, kind, &found, opening, client, now).await?;
            Ok(id)
        });
        let id = made.await?;
        Ok(MadeAppPassword { id, name, door: door.0, secret })
    }

    /// Revokes an app password of the signed-in account, and ends what was given for it.
    ///
    /// # Errors
    /// `ProofWanted`; `NotFound` when the account has none with this number; `Throttled`.
    pub async fn revoke(
        &self,
        who: &SignedIn,
        id: AppPasswordId,
        client: &Client,
    ) -> Result<(), AccountError> {
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let account = who.account();
        spend(&self.limiter, Action::Ending, account.id, client, now)?;
        let revoked = self.store.transact_on(account.id, async |tx| revoke(tx, who, id, client, now).await);
        if revoked.await? { Ok(()) } else { Err(AccountError::NotFound) }
    }
}

/// The name and the dialect of a new app password, as typed.
///
/// # Errors
/// `Invalid` with each that cannot be.
fn read(name: &str, door: &str) -> Result<(String, Audience), AccountError> {
    let mut errors = Vec::new();
    let mut refuse = |field, code| errors.push(FieldError { field, code });
    let name = match clean_text(name, NAME_MAX_CHARS) {
        Ok(name) if name.is_empty() => Err(FieldCode::Required),
        cleaned => cleaned,
    };
    let name = name.map_err(|code| refuse(Field::Name, code));
    let known = AppPassword::door(door.trim());
    let code = if door.trim().is_empty() { FieldCode::Required } else { FieldCode::DialectUnknown };
    let door = known.ok_or(code).map_err(|code| refuse(Field::Dialect, code));
    match (name, door) {
        (Ok(name), Ok(door)) => Ok((name, door)),
        _ => Err(AccountError::Invalid(errors)),
    }
}

/// Revokes one app password of the account of `who`, ends what was given for it, and tells its owner. Returns
/// `false` when the account has none with this number.
///
/// # Errors
/// `Unauthenticated` when the session has ended.
pub(in crate::flows) async fn revoke(
    tx: &mut Tx,
    who: &SignedIn,
    id: AppPasswordId,
    client: &Client,
    now: Millis,
) -> Result<bool, AccountError> {
    require_session(tx, who).await?;
    let account = who.account();
    let Some(ended) = app_passwords::end(tx, account.id, id).await? else { return Ok(false) };
    let detail = format!("{} {}", ended.door, ended.name);
    let noted = Noted::by_owner(EventKind::AppPasswordRevoked, &detail);
    security_log::note(tx, account.id, &noted, client, now).await?;
    let (kind, opening) = (MailKind::AppPasswordRevoked, OpeningKind::AppPassword);
    notify_of_opening(tx, kind, account, opening, client, now).await?;
    Ok(true)
}
