//! The operator's API keys: making them, taking them back, and finding the one that a caller presents.

use std::time::Duration;

use super::Flows;
use crate::domain::{
    AccountError, AccountId, ApiKey, ApiKeyName, Clock, EmailAddress, Millis, Random, Role, Scope, Token,
    lifetimes,
};
use crate::store::{Store, StoreError, api_keys, roles};

/// What the operator says of a new key.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its name.
    pub name: ApiKeyName,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The highest role that it may give.
    pub max_role: Role,
    /// When it ends by itself.
    pub expires_in: Option<Duration>,
}

/// Why a key was not made.
#[derive(Debug)]
pub enum NewKeyError {
    /// A key of this name exists that is not revoked.
    NameTaken,
    /// There is no such role.
    RoleUnknown,
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for NewKeyError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) => Self::NameTaken,
            other => Self::Store(other),
        }
    }
}

/// Makes a key and gives its secret, which is kept nowhere.
///
/// # Errors
/// `NameTaken`, `RoleUnknown`; `Store` when the database fails.
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    random: &dyn Random,
    new: &NewKey,
) -> Result<Token, NewKeyError> {
    let now = clock.now();
    let token = Token::generate(random);
    let row = api_keys::NewApiKey {
        name: new.name.clone(),
        token: token.digest(),
        scopes: new.scopes.clone(),
        max_role: new.max_role,
        expires_at: new.expires_in.map(|lasts| now.after(lasts)),
    };
    store
        .transact(async |tx| {
            if !roles::exists(tx, new.max_role).await? {
                return Err(NewKeyError::RoleUnknown);
            }
            Ok(api_keys::insert(tx, &row, now).await?)
        })
        .await?;
    Ok(token)
}

/// All keys, oldest first.
pub async fn list(store: &Store) -> Result<Vec<ApiKey>, AccountError> {
    Ok(api_keys::list(&mut store.read().await?).await?)
}

/// Takes a key back: it is dead by the next request, on every instance.
///
/// # Errors
/// `NotFound` when no key of this name is alive.
pub async fn revoke(store: &Store, clock: &dyn Clock, name: &ApiKeyName) -> Result<(), AccountError> {
    let now = clock.now();
    let revoked = store.transact(async |tx| match api_keys::revoke(tx, name, now).await? {
        true => Ok(()),
        false => Err(AccountError::NotFound),
    });
    revoked.await
}

/// A key that a caller presents, not looked up yet.
pub struct PresentedKey {
    /// The name that the caller gave with it, if it gave one.
    pub name: Option<String>,
    /// Its secret.
    pub token: Token,
}

impl Flows {
    /// The key that a caller presents; of several, one that is right is enough. Asked of the database every time: the
    /// operator revokes from another process.
    ///
    /// # Errors
    /// `Unauthenticated` when each is unknown, revoked, expired or of another name.
    pub async fn present_key(&self, presented: &[PresentedKey]) -> Result<ApiKey, AccountError> {
        for one in presented {
            let found = api_keys::find(self.store(), &one.token.digest()).await?;
            if let Some(key) = found.filter(|key| self.is_alive(key, one)) {
                return Ok(key);
            }
        }
        Err(AccountError::Unauthenticated)
    }

    /// The same, with the number of the account of an address: both in one look.
    pub(super) async fn present_key_with_account(
        &self,
        presented: &[PresentedKey],
        email: &EmailAddress,
    ) -> Result<(ApiKey, Option<AccountId>), AccountError> {
        for one in presented {
            let found = api_keys::find_with_account(self.store(), &one.token.digest(), email).await?;
            if let Some(found) = found.filter(|(key, _)| self.is_alive(key, one)) {
                return Ok(found);
            }
        }
        Err(AccountError::Unauthenticated)
    }

    /// Whether `key` is what was presented, and alive; then its use is noted.
    fn is_alive(&self, key: &ApiKey, presented: &PresentedKey) -> bool {
        let now = self.now();
        let alive = key.live(now) && presented.name.as_ref().is_none_or(|name| *name == key.name);
        if alive {
            self.touch_key(key, now);
        }
        alive
    }

    /// Notes the use without making the request wait for it.
    fn touch_key(&self, key: &ApiKey, now: Millis) {
        let fresh = |at: Millis| now.since(at) < lifetimes::API_KEY_TOUCH;
        if key.used_at.is_some_and(fresh) {
            return;
        }
        {
            let mut touched = self.0.keys_touched.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if touched.insert(key.id, now).is_some_and(fresh) {
                return;
            }
        }
        let (flows, id) = (self.clone(), key.id);
        tokio::spawn(async move {
            let written: Result<(), StoreError> =
                flows.store().transact(async |tx| api_keys::touch(tx, id, now).await).await;
            if let Err(error) = written {
                log::warn!("the last use of an API key was not noted: {error}");
            }
        });
    }
}

/// What a key needs for a kind of call.
pub(super) fn require(key: &ApiKey, scope: Scope) -> Result<(), AccountError> {
    if key.allows(scope) { Ok(()) } else { Err(AccountError::Forbidden) }
}
