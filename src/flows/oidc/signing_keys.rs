//! The keys that sign ID tokens. They are in the database, encrypted like the other secrets, so that every
//! instance signs with the same; a new one is made by itself, and published before it signs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::lifetimes::{SIGNING_KEY, SIGNING_KEY_PUBLISHED};
use domain::{AccountError, Clock, InternalError, Millis, OidcClient, Random};
use secrets::Keyring;
use serde_json::Value;
use signing::{SignatureAlgorithm, SigningKey};
use store::oidc_signing_keys::{self, NewSigningKey, StoredSigningKey};
use store::{Store, secret_keys};

/// How long a key stays in memory: a rotation of the secret keys, and a new signing key, are seen after that.
const KEPT: Duration = Duration::from_secs(60);

/// Keys that were decrypted, with the time of that.
type Opened = HashMap<&'static str, (Millis, Arc<SigningKey>)>;

/// Makes keys and signs with them.
pub struct SigningKeys {
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    secrets: Keyring,
    opened: Mutex<Opened>,
    /// Held while a key is made: an RSA key takes a second, and one is enough.
    making: tokio::sync::Mutex<()>,
}

/// The context that a signing key is encrypted for.
pub fn signing_key_context(algorithm: &str) -> String {
    format!("oidc signing key:{algorithm}")
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> AccountError {
    AccountError::Internal(InternalError::new(error))
}

impl SigningKeys {
    pub(in crate::flows) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        secrets: Keyring,
    ) -> Self {
        Self {
            store,
            clock,
            random,
            secrets,
            opened: Mutex::default(),
            making: tokio::sync::Mutex::default(),
        }
    }

    /// The key that signs by `algorithm` now. The first is made when it is first asked for.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when a key cannot be decrypted.
    pub async fn current(&self, algorithm: SignatureAlgorithm) -> Result<Arc<SigningKey>, AccountError> {
        let now = self.clock.now();
        if let Some(key) = self.in_memory(algorithm, now) {
            return Ok(key);
        }
        let mut stored = self.of(algorithm).await?;
        let fresh = |key: &StoredSigningKey| now.since(key.created_at) < SIGNING_KEY;
        if !stored.first().is_some_and(fresh) {
            let _held = self.making.lock().await;
            stored = self.of(algorithm).await?;
        }
        if !stored.first().is_some_and(fresh) {
            self.make(algorithm, now).await?;
            stored = self.of(algorithm).await?;
        }
        let came_of_age = |key: &&StoredSigningKey| now.since(key.created_at) >= SIGNING_KEY_PUBLISHED;
        // The very first key has no predecessor that could sign meanwhile.
        let chosen = stored.iter().find(came_of_age).or(stored.last());
        let chosen = chosen.ok_or_else(|| broken("a signing key that was just made is gone"))?;
        let der =
            self.secrets.open(&signing_key_context(&chosen.algorithm), &chosen.sealed).map_err(broken)?;
        let key = Arc::new(SigningKey::from_der(algorithm, der).map_err(broken)?);
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.insert(algorithm.as_str(), (now, key.clone()));
        Ok(key)
    }

    /// The key that signs for `client` now.
    ///
    /// # Errors
    /// As [`current`](Self::current); `Internal` when the client wants an algorithm that is not known.
    pub async fn of_client(&self, client: &OidcClient) -> Result<Arc<SigningKey>, AccountError> {
        let algorithm = SignatureAlgorithm::parse(&client.algorithm);
        let algorithm = algorithm.ok_or_else(|| broken("a client wants an algorithm that is not known"))?;
        self.current(algorithm).await
    }

    /// The public halves of all keys that sign, are going to, or have signed lately: a JSON Web Key Set (RFC
    /// 7517). They are read each time, so that no instance lacks the key of another.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn published(&self) -> Result<Vec<Value>, AccountError> {
        let mut stored = self.all().await?;
        if stored.is_empty() {
            self.current(SignatureAlgorithm::Es256).await?;
            stored = self.all().await?;
        }
        stored.iter().map(|key| serde_json::from_str(&key.public).map_err(broken)).collect()
    }

    fn in_memory(&self, algorithm: SignatureAlgorithm, now: Millis) -> Option<Arc<SigningKey>> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, key) = opened.get(algorithm.as_str())?;
        (now.since(*since) < KEPT).then(|| key.clone())
    }

    async fn all(&self) -> Result<Vec<StoredSigningKey>, AccountError> {
        Ok(oidc_signing_keys::list(&mut self.store.read().await?).await?)
    }

    async fn of(&self, algorithm: SignatureAlgorithm) -> Result<Vec<StoredSigningKey>, AccountError> {
        let mut stored = self.all().await?;
        stored.retain(|key| key.algorithm == algorithm.as_str());
        Ok(stored)
    }

    /// Draws a key and writes it, unless another instance has.
    async fn make(&self, algorithm: SignatureAlgorithm, now: Millis) -> Result<(), AccountError> {
        let random = self.random.clone();
        // A key for RSA takes a second.
        let drawn = tokio::task::spawn_blocking(move || SigningKey::generate(algorithm, random.as_ref()));
        let drawn = drawn.await.map_err(broken)?.map_err(broken)?;
        let public = drawn.public().to_string();
        self.store
            .transact(async |tx| {
                for _ in 0..2 {
                    let context = signing_key_context(algorithm.as_str());
                    let sealed = self.secrets.seal(self.random.as_ref(), &context, drawn.der());
                    let (key, sealed) = sealed.map_err(broken)?;
                    if secret_keys::take(tx, key.as_bytes(), now).await? {
                        let algorithm = algorithm.as_str();
                        let (sealed, key) = (sealed.as_slice(), key.as_bytes());
                        let new = NewSigningKey { algorithm, sealed, key, public: &public };
                        oidc_signing_keys::insert(tx, new, now.before(SIGNING_KEY), now).await?;
                        return Ok(());
                    }
                    if !self.secrets.read_again() {
                        break;
                    }
                }
                Err(broken("the first secret key was retired; restart with its successor"))
            })
            .await
    }
}
