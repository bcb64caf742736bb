//! All accounts as they leave for another place: one object each, as `docs/export.md` describes it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AccountError, AccountId, InternalError, Millis, Role, TotpSecret};
use secrets::Keyring;
use serde_json::{Map, Value, json};
use store::accounts::{self, Credentials};
use store::{Conn, Store, identities, passkeys, roles, totp_secrets};

use crate::flows::second_factors::totp_context;

/// How many accounts are read at once.
const AT_ONCE: i64 = 1_000;

/// What is exported beside what an account shows of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExportWanted {
    /// The hashes of passwords.
    pub hashes: bool,
    /// The secrets of authenticator apps, in clear, and passkeys.
    pub factors: bool,
}

/// Every account but the deleted ones, the oldest first, some at a time. An account that changes meanwhile is
/// as it is when its turn comes.
pub struct AccountExport<'a> {
    store: &'a Store,
    secrets: Option<&'a Keyring>,
    wanted: ExportWanted,
    roles: BTreeMap<Role, String>,
    after: AccountId,
}

impl<'a> AccountExport<'a> {
    /// Begins with the first account. `secrets` opens what is encrypted; without it, no factor is exported.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn begin(
        store: &'a Store,
        secrets: Option<&'a Keyring>,
        wanted: ExportWanted,
    ) -> Result<Self, AccountError> {
        let roles = roles::list(&mut store.read().await?).await?.into_iter().collect();
        Ok(Self { store, secrets, wanted, roles, after: AccountId(0) })
    }

    /// The next accounts; none when all were exported.
    ///
    /// # Errors
    /// Those of the store; `Internal` when a secret cannot be decrypted.
    pub async fn next(&mut self) -> Result<Vec<Value>, AccountError> {
        let mut db = self.store.read().await?;
        let found = accounts::list_after(&mut db, self.after, AT_ONCE).await?;
        let (Some(first), Some(last)) = (found.first(), found.last()) else { return Ok(Vec::new()) };
        let ends = (first.account.id, last.account.id);
        let mut identities = BTreeMap::<AccountId, Vec<Value>>::new();
        for (account, provider, subject) in identities::between(&mut db, ends.0, ends.1).await? {
            let identity = json!({ "provider": provider, "subject": subject });
            identities.entry(account).or_default().push(identity);
        }
        let mut factors = match self.secrets.filter(|_| self.wanted.factors) {
            Some(secrets) => factors(&mut db, secrets, ends).await?,
            None => BTreeMap::new(),
        };
        self.after = ends.1;
        let objects = found.into_iter().map(|found| {
            let id = found.account.id;
            let mut object = self.facts(&found);
            object.insert("identities".into(), identities.remove(&id).unwrap_or_default().into());
            if self.wanted.hashes {
                object.insert("password_hash".into(), found.password_hash.into());
            }
            if self.wanted.factors {
                let (totp, passkeys) = factors.remove(&id).unwrap_or_default();
                object.insert("totp".into(), totp);
                object.insert("passkeys".into(), passkeys.into());
            }
            Value::Object(object)
        });
        Ok(objects.collect())
    }

    fn facts(&self, found: &Credentials) -> Map<String, Value> {
        let account = &found.account;
        let at = |time: Option<Millis>| Value::from(time.map(|at| at.0));
        // A role that was taken out of the table has its number for a name.
        let role = self.roles.get(&account.role).cloned().unwrap_or_else(|| account.role.0.to_string());
        let object = [
            ("id", account.id.0.into()),
            ("email", account.email.as_str().into()),
            ("email_verified_at", at(account.verified_at)),
            ("username", account.username.as_ref().map(|name| name.as_str()).into()),
            ("name", account.name.as_str().into()),
            ("firstname", account.firstname.as_str().into()),
            ("lastname", account.lastname.as_str().into()),
            ("locale", account.locale.as_deref().into()),
            ("role", role.into()),
            ("fields", json!(account.fields)),
            ("picture", account.picture.as_ref().map(|picture| picture.id.as_str()).into()),
            ("created_at", account.created_at.0.into()),
            ("updated_at", account.updated_at.0.into()),
            ("disabled_at", at(account.locked_at)),
            ("approval_wanted_at", at(account.approval_wanted_at)),
            ("terms", account.terms.as_deref().into()),
            ("has_password", found.password_hash.is_some().into()),
            ("password_changed_at", at(found.password_changed_at)),
            ("password_expires_at", at(found.password_expires_at)),
            ("second_factor_at", at(account.second_factor_at)),
        ];
        object.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// The second factors of the accounts with numbers between `ends`: the secret of an app, and passkeys.
async fn factors(
    db: &mut Conn,
    secrets: &Keyring,
    ends: (AccountId, AccountId),
) -> Result<BTreeMap<AccountId, (Value, Vec<Value>)>, AccountError> {
    let internal = |why: InternalError| AccountError::Internal(why);
    let mut all = BTreeMap::<AccountId, (Value, Vec<Value>)>::new();
    for totp in totp_secrets::confirmed_between(db, ends.0, ends.1).await? {
        let opened = secrets.open(&totp_context(totp.account_id), &totp.sealed);
        let opened = opened.map_err(|error| internal(InternalError::new(error)))?;
        let secret = TotpSecret::from_slice(&opened)
            .ok_or_else(|| internal(InternalError::new("a secret of another length")))?;
        let confirmed_at = totp.confirmed_at.map(|at| at.0);
        let value = json!({ "secret": secret.to_base32().as_str(), "confirmed_at": confirmed_at });
        all.entry(totp.account_id).or_default().0 = value;
    }
    for stored in passkeys::between(db, ends.0, ends.1).await? {
        let passkey = stored.passkey;
        // What this server wrote is JSON.
        let credential: Value =
            serde_json::from_str(&stored.credential).map_err(|error| internal(InternalError::new(error)))?;
        let value = json!({
            "credential_id": URL_SAFE_NO_PAD.encode(&passkey.credential_id),
            "name": passkey.name,
            "created_at": passkey.created_at.0,
            "credential": credential,
        });
        all.entry(passkey.account_id).or_default().1.push(value);
    }
    Ok(all)
}
