//! API keys: creating them, revoking them, and looking up the key that a caller presents.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::flows::administration::Order;
use domain::{
    AccountError, AccountId, ApiKey, ApiKeyId, ApiKeyName, Clock, EmailAddress, EventKind, Millis, Random,
    Role, Scope, Token, lifetimes,
};
use store::{Store, StoreError, api_keys, roles};

/// The operator's choices for a new key.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Name of the key.
    pub name: ApiKeyName,
    /// Scopes of the key.
    pub scopes: Vec<Scope>,
    /// The roles that the key may assign.
    pub roles: Vec<Role>,
    /// Time until the key expires; `None` for never.
    pub expires_in: Option<Duration>,
}

/// Why a key was not made.
#[derive(Debug)]
pub enum NewKeyError {
    /// A live key has this name.
    NameTaken,
    /// The actor may not make keys.
    Forbidden,
    /// No role has this name or number.
    RoleUnknown(String),
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

/// The roles that these words name, each by its name or its number, with their names. No word at all means
/// those below administrator.
///
/// # Errors
/// `RoleUnknown`; `Store` when the database fails.
pub async fn named_roles(store: &Store, words: &[String]) -> Result<Vec<(Role, String)>, NewKeyError> {
    let mut known = all_roles(store).await?;
    let is_named = |(role, name): &(Role, String), word: &String| name == word || role.0.to_string() == *word;
    if let Some(word) = words.iter().find(|word| !known.iter().any(|role| is_named(role, word))) {
        return Err(NewKeyError::RoleUnknown(word.clone()));
    }
    known.retain(|role| match words {
        [] => Role::BELOW_ADMINISTRATOR.contains(&role.0),
        words => words.iter().any(|word| is_named(role, word)),
    });
    Ok(known)
}

/// All roles with their names, in the order of their numbers.
pub async fn all_roles(store: &Store) -> Result<Vec<(Role, String)>, StoreError> {
    roles::list(&mut store.read().await?).await
}

/// Creates a key and returns its secret. Only a digest of the secret is stored.
///
/// # Errors
/// `NameTaken`, `RoleUnknown`, `Forbidden`; `Store` when the database fails.
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    random: &dyn Random,
    order: impl Into<Order<'_>>,
    new: &NewKey,
) -> Result<Token, NewKeyError> {
    let order = order.into();
    if !order.actor.allows(Scope::AccountsWrite) {
        return Err(NewKeyError::Forbidden);
    }
    let now = clock.now();
    let token = Token::generate(random);
    let row = api_keys::NewApiKey {
        name: new.name.clone(),
        token: token.digest(),
        scopes: new.scopes.clone(),
        roles: new.roles.clone(),
        expires_at: new.expires_in.map(|lasts| now.after(lasts)),
    };
    store
        .transact(async |tx| {
            if !order.stands(tx).await? {
                return Err(NewKeyError::Forbidden);
            }
            for role in &new.roles {
                if !roles::exists(tx, *role).await? {
                    return Err(NewKeyError::RoleUnknown(role.0.to_string()));
                }
            }
            api_keys::insert(tx, &row, now).await?;
            let scopes = new.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
            Ok(order.note_thing(tx, new.name.as_str(), EventKind::KeyMade, &scopes, now).await?)
        })
        .await?;
    Ok(token)
}

/// All keys, oldest first.
pub async fn list(store: &Store) -> Result<Vec<ApiKey>, AccountError> {
    Ok(api_keys::list(&mut store.read().await?).await?)
}

/// Revokes a key. Every instance refuses it from the next request on.
///
/// # Errors
/// `NotFound` when no live key has this name; `Forbidden`.
pub async fn revoke(
    store: &Store,
    clock: &dyn Clock,
    order: impl Into<Order<'_>>,
    name: &ApiKeyName,
) -> Result<(), AccountError> {
    let order = order.into();
    let now = clock.now();
    order.actor.require(Scope::AccountsWrite)?;
    let revoked = store.transact(async |tx| {
        order.require_still(tx).await?;
        if !api_keys::revoke(tx, name, now).await? {
            return Err(AccountError::NotFound);
        }
        Ok(order.note_thing(tx, name.as_str(), EventKind::KeyRevoked, "", now).await?)
    });
    revoked.await
}

/// A key that a caller presents, before it is looked up.
pub struct PresentedKey {
    /// The name that the caller sent with the key, if any.
    pub name: Option<String>,
    /// Secret of the key.
    pub token: Token,
}

/// Looks up the keys that callers present.
pub struct ApiKeys {
    store: Store,
    clock: Arc<dyn Clock>,
    /// When this instance last wrote the last use of each key.
    touched: Mutex<HashMap<ApiKeyId, Millis>>,
}

impl ApiKeys {
    pub(in crate::flows) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, touched: Mutex::default() }
    }

    /// Returns the first presented key that is right. The database is asked each time, because the operator
    /// revokes keys from another process.
    ///
    /// # Errors
    /// `Unauthenticated` when each key is unknown, revoked, expired or of another name.
    pub async fn present(&self, presented: &[PresentedKey]) -> Result<ApiKey, AccountError> {
        for one in presented {
            let found = api_keys::find(&self.store, &one.token.digest()).await?;
            if let Some(key) = found.filter(|key| self.is_alive(key, one)) {
                return Ok(key);
            }
        }
        Err(AccountError::Unauthenticated)
    }

    /// As [`present`](Self::present), and also returns the number of the account that has the address
    /// `email`. One query reads both.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub(in crate::flows) async fn present_with_account(
        &self,
        presented: &[PresentedKey],
        email: &EmailAddress,
    ) -> Result<(ApiKey, Option<AccountId>), AccountError> {
        for one in presented {
            let found = api_keys::find_with_account(&self.store, &one.token.digest(), email).await?;
            if let Some(found) = found.filter(|(key, _)| self.is_alive(key, one)) {
                return Ok(found);
            }
        }
        Err(AccountError::Unauthenticated)
    }

    /// Whether `key` is alive and has the name that was presented. Records the use of a live key.
    fn is_alive(&self, key: &ApiKey, presented: &PresentedKey) -> bool {
        let now = self.clock.now();
        let alive = key.live(now) && presented.name.as_ref().is_none_or(|name| *name == key.name);
        if alive {
            self.touch_key(key, now);
        }
        alive
    }

    /// Records the last use in a background task, so that the request does not wait for the write.
    fn touch_key(&self, key: &ApiKey, now: Millis) {
        let fresh = |at: Millis| now.since(at) < lifetimes::API_KEY_TOUCH;
        if key.used_at.is_some_and(fresh) {
            return;
        }
        {
            let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
            if touched.insert(key.id, now).is_some_and(fresh) {
                return;
            }
        }
        let (store, id) = (self.store.clone(), key.id);
        tokio::spawn(async move {
            let written: Result<(), StoreError> =
                store.transact(async |tx| api_keys::touch(tx, id, now).await).await;
            if let Err(error) = written {
                log::warn!("the last use of an API key was not noted: {error}");
            }
        });
    }
}
