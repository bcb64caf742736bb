//! All accounts as they leave for another place: one object each, as `docs/export.md` describes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AccountError, AccountId, InternalError, Millis, PictureRef, Role, TotpSecret};
use secrets::Keyring;
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::accounts::{self, Credentials};
use store::{Conn, Store, identities, passkeys, roles, totp_secrets};

use crate::flows::second_factors::totp_context;

/// How many accounts are read at once.
const AT_ONCE: i64 = 2_000;

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
    /// The host that passkeys belong to; empty where none can work.
    site: String,
    wanted: ExportWanted,
    roles: Arc<BTreeMap<Role, String>>,
    after: AccountId,
}

impl<'a> AccountExport<'a> {
    /// Begins with the first account. `secrets` opens what is encrypted; without it, no factor is exported.
    /// `site` is the host that passkeys belong to.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn begin(
        store: &'a Store,
        secrets: Option<&'a Keyring>,
        site: &str,
        wanted: ExportWanted,
    ) -> Result<Self, AccountError> {
        let roles = Arc::new(roles::list(&mut store.read().await?).await?.into_iter().collect());
        Ok(Self { store, secrets, site: site.to_owned(), wanted, roles, after: AccountId(0) })
    }

    /// The next accounts; `None` when all were exported.
    ///
    /// # Errors
    /// Those of the store; `Internal` when a secret cannot be decrypted.
    pub async fn next(&mut self) -> Result<Option<ExportedPage>, AccountError> {
        let mut db = self.store.read().await?;
        let found = accounts::list_after(&mut db, self.after, AT_ONCE).await?;
        let (Some(first), Some(last)) = (found.first(), found.last()) else { return Ok(None) };
        let ends = (first.account.id, last.account.id);
        let identities = identities::between(&mut db, ends.0, ends.1).await?;
        let factors = match self.secrets.filter(|_| self.wanted.factors) {
            Some(secrets) => factors(&mut db, secrets, &self.site, ends).await?,
            None => BTreeMap::new(),
        };
        self.after = ends.1;
        Ok(Some(ExportedPage { found, identities, factors, wanted: self.wanted, roles: self.roles.clone() }))
    }
}

/// Some accounts as the database has them. Whoever writes them makes of them what is written: the thread that
/// waits for the database has enough to do.
pub struct ExportedPage {
    found: Vec<Credentials>,
    identities: Vec<(AccountId, String, String)>,
    factors: BTreeMap<AccountId, (Value, Vec<Value>)>,
    wanted: ExportWanted,
    roles: Arc<BTreeMap<Role, String>>,
}

impl ExportedPage {
    /// The accounts, in their order.
    pub fn into_accounts(mut self) -> impl Iterator<Item = ExportedAccount> {
        let mut identities = BTreeMap::<AccountId, Vec<ExportedIdentity>>::new();
        for (account, provider, subject) in self.identities {
            identities.entry(account).or_default().push(ExportedIdentity { provider, subject });
        }
        self.found.into_iter().map(move |found| {
            let id = found.account.id;
            let role = self.roles.get(&found.account.role).cloned();
            let (totp, passkeys) = self.factors.remove(&id).unwrap_or_default();
            ExportedAccount {
                identities: identities.remove(&id).unwrap_or_default(),
                password_hash: self.wanted.hashes.then(|| found.password_hash.clone()),
                totp: self.wanted.factors.then_some(totp),
                passkeys: self.wanted.factors.then_some(passkeys),
                facts: facts(found, role),
            }
        })
    }
}

/// An account as it is exported. The names of its keys are those of `docs/export.md`.
#[derive(Debug, Serialize)]
pub struct ExportedAccount {
    #[serde(flatten)]
    facts: ExportedFacts,
    identities: Vec<ExportedIdentity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totp: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    passkeys: Option<Vec<Value>>,
}

/// An account of another provider that signs in.
#[derive(Debug, Serialize)]
struct ExportedIdentity {
    provider: String,
    subject: String,
}

/// What an account shows of itself.
#[derive(Debug, Serialize)]
struct ExportedFacts {
    id: i64,
    email: String,
    email_verified_at: Option<i64>,
    username: Option<String>,
    name: String,
    firstname: String,
    lastname: String,
    locale: Option<String>,
    role: String,
    fields: BTreeMap<String, String>,
    picture: Option<String>,
    created_at: i64,
    updated_at: i64,
    disabled_at: Option<i64>,
    approval_wanted_at: Option<i64>,
    terms: Option<String>,
    has_password: bool,
    password_changed_at: Option<i64>,
    password_expires_at: Option<i64>,
    second_factor_at: Option<i64>,
}

/// What an account shows of itself, as an object to which more is added.
pub(in crate::flows) fn facts_of(found: &Credentials, role: Option<String>) -> Map<String, Value> {
    match serde_json::to_value(facts(found.clone(), role)) {
        Ok(Value::Object(object)) => object,
        // A struct of texts and numbers is always an object.
        Ok(_) | Err(_) => Map::new(),
    }
}

/// `role` is the name of its role; without, the role has its number for a name.
fn facts(found: Credentials, role: Option<String>) -> ExportedFacts {
    let Credentials { account, password_hash, password_changed_at, password_expires_at } = found;
    let at = |time: Option<Millis>| time.map(|at| at.0);
    ExportedFacts {
        id: account.id.0,
        email: account.email.as_str().to_owned(),
        email_verified_at: at(account.verified_at),
        username: account.username.as_ref().map(|name| name.as_str().to_owned()),
        role: role.unwrap_or_else(|| account.role.0.to_string()),
        picture: account.picture.as_ref().map(PictureRef::to_stored),
        name: account.name,
        firstname: account.firstname,
        lastname: account.lastname,
        locale: account.locale,
        fields: account.fields,
        created_at: account.created_at.0,
        updated_at: account.updated_at.0,
        disabled_at: at(account.locked_at),
        approval_wanted_at: at(account.approval_wanted_at),
        terms: account.terms,
        has_password: password_hash.is_some(),
        password_changed_at: at(password_changed_at),
        password_expires_at: at(password_expires_at),
        second_factor_at: at(account.second_factor_at),
    }
}

/// The second factors of the accounts with numbers between `ends`: the secret of an app, and passkeys.
async fn factors(
    db: &mut Conn,
    secrets: &Keyring,
    site: &str,
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
    let base64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let handles: BTreeMap<_, _> = passkeys::handles_between(db, ends.0, ends.1).await?.into_iter().collect();
    for stored in passkeys::between(db, ends.0, ends.1).await? {
        let passkey = stored.passkey;
        // What this server wrote is JSON.
        let credential: Value =
            serde_json::from_str(&stored.credential).map_err(|error| internal(InternalError::new(error)))?;
        let value = json!({
            "site": site,
            "user_handle": base64(handles.get(&passkey.account_id).map(Vec::as_slice).unwrap_or_default()),
            "credential_id": base64(&passkey.credential_id),
            "model": base64(&passkey.model.0),
            "name": passkey.name,
            "created_at": passkey.created_at.0,
            "credential": credential,
        });
        all.entry(passkey.account_id).or_default().1.push(value);
    }
    Ok(all)
}
