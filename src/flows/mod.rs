//! What an account can do, and the only place that decides it. A command goes in, an outcome or an
//! [`AccountError`] comes out; no HTTP, no templates, no SQL.

mod addresses;
mod administration;
pub mod api_keys;
mod autologin;
mod bearers;
mod device_news;
mod devices;
mod grants;
mod letters;
mod login;
mod mailing;
mod notices;
pub mod outbox;
mod passwords;
mod pictures;
mod recovery;
mod registration;
mod sessions;
mod settings;
mod signed_in;
mod sweep;
mod user_secrets;
mod verification;
mod waiting_room;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::domain::{
    Account, AccountError, AccountId, ApiKeyId, Clock, CustomFields, InternalError, Millis, Password,
    PasswordPolicy, Random, SessionLimits, Verification,
};
use crate::infra::hasher::{HashError, Hasher};
use crate::infra::limiter::{Limiter, Throttled};
use crate::infra::mailer::Mailer;
use crate::infra::picture::{PicturePool, PictureStorage};
use crate::store::{Store, accounts};
use crate::view::Renderer;

pub use administration::{AccountChange, NewAccount};
pub use api_keys::PresentedKey;
pub use autologin::TicketLogin;
pub use device_news::{DeviceNews, NewsOfDevice};
pub use devices::{DeviceStatus, FetchedBearer, POLL_EVERY, Pairer, StartedDevice};
pub use grants::Grant;
pub use login::{LoggedIn, LoginAttempt};
pub use pictures::{CropRequest, letter_picture, picture_addresses};
pub use recovery::ResetOffer;
pub use registration::{NewRegistration, Registered, Secret};
pub use settings::{PasswordChange, ProfileInput};
pub use signed_in::{AccountState, SignedIn};
pub use user_secrets::{ResetCaller, ResetOutcome};
pub use verification::{AddressProof, VerificationOffer};

use mailing::Mailing;
use signed_in::SignedInCache;
use waiting_room::WaitingRoom;

/// What the flows are allowed to do, derived from the settings.
#[derive(Clone, Debug)]
pub struct AccountPolicy {
    /// Rules for new passwords.
    pub password: PasswordPolicy,
    /// How long sessions last.
    pub session: SessionLimits,
    /// Sessions kept in memory.
    pub cached_sessions: u64,
    /// The operator's fields.
    pub fields: CustomFields,
    /// Languages that an account may choose.
    pub locales: Vec<String>,
    /// Largest upload in MiB, for the sentence that says so.
    pub picture_max_mib: u64,
    /// Whether addresses have to be proven.
    pub verification: Verification,
}

/// The parts that flows work with.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Password hashing.
    pub hasher: Hasher,
    /// Who may try how often.
    pub limiter: Limiter,
    /// Makes pictures fit to show.
    pub pictures_at_work: PicturePool,
    /// Where pictures are kept.
    pub pictures: Arc<dyn PictureStorage>,
    /// Mail.
    pub mail: MailParts,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The rules.
    pub policy: AccountPolicy,
}

/// What is needed for mail.
pub struct MailParts {
    /// Sends it.
    pub mailer: Mailer,
    /// Words it.
    pub renderer: Arc<Renderer>,
    /// Where its links lead, such as `https://accounts.example.org`.
    pub origin: String,
    /// Messages that are sent at once, at most.
    pub at_once: usize,
    /// Transactions that are open for them at once, at most; at least one.
    pub writes_at_once: usize,
}

/// Everything an account can do. Cheap to clone.
#[derive(Clone)]
pub struct Flows(Arc<Inner>);

struct Inner {
    parts: Parts,
    cache: Arc<SignedInCache>,
    mailing: Arc<Mailing>,
    devices: Arc<WaitingRoom>,
    /// Held from storing a picture until its account names it, and while an unused one is removed: the same
    /// picture of two accounts is one file.
    picture_gate: tokio::sync::Mutex<()>,
    /// When the use of each API key was last noted by this instance.
    keys_touched: Mutex<HashMap<ApiKeyId, Millis>>,
}

/// Where a request comes from.
#[derive(Clone, Debug)]
pub struct Client {
    /// Network address.
    pub address: IpAddr,
    /// Browser and system, such as `Firefox · Android`; may be empty.
    pub device: String,
    /// Whether it is a server that presented an API key: it speaks for many people, so that its address is not
    /// counted against them, and its own clients give up soon.
    pub trusted: bool,
    /// Language that it asks for, a code such as `fr`, if it is one that there is. None for a trusted server, which asks
    /// for others.
    pub locale: Option<String>,
}

impl Client {
    /// How long a trusted server is kept waiting for a hash: siberian's published clients hang up after three
    /// seconds, and an answer that says "busy" is better than none.
    const PATIENCE: Duration = Duration::from_millis(1_800);

    /// How long beyond that for what can as well be done the next time.
    const SPARE: Duration = Duration::from_millis(400);

    async fn wait_for<T>(&self, hash: impl Future<Output = Result<T, HashError>>) -> Result<T, HashError> {
        if !self.trusted {
            return hash.await;
        }
        let busy = HashError::Busy { retry_after: Self::PATIENCE };
        tokio::time::timeout(Self::PATIENCE, hash).await.unwrap_or(Err(busy))
    }

    /// Does what need not be done now, if that takes no longer than the caller can wait.
    async fn spare_time_for<T, E>(&self, work: impl Future<Output = Result<T, E>>) -> Option<T> {
        if !self.trusted {
            return work.await.ok();
        }
        tokio::time::timeout(Self::SPARE, work).await.ok()?.ok()
    }
}

impl Flows {
    /// Puts the parts together and starts listening for changes.
    pub fn new(parts: Parts) -> Self {
        let cache = Arc::new(SignedInCache::new(parts.policy.cached_sessions));
        let mailing = Arc::new(Mailing::new(parts.mail.writes_at_once));
        parts.store.subscribe(cache.clone());
        parts.store.subscribe(mailing.clone());
        let devices = WaitingRoom::new();
        parts.store.subscribe(devices.clone());
        Self(Arc::new(Inner {
            parts,
            cache,
            mailing,
            devices,
            picture_gate: tokio::sync::Mutex::new(()),
            keys_touched: Mutex::default(),
        }))
    }

    /// The rules.
    pub fn policy(&self) -> &AccountPolicy {
        &self.0.parts.policy
    }

    /// The database, for health checks and plug-ins.
    pub fn store(&self) -> &Store {
        &self.0.parts.store
    }

    /// The time: in tests it is the one that they set.
    pub fn now(&self) -> Millis {
        self.parts().clock.now()
    }

    /// The account of this number, read afresh.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, AccountError> {
        let mut db = self.store().read().await?;
        Ok(accounts::find(&mut db, id).await?.map(|found| found.account))
    }

    fn parts(&self) -> &Parts {
        &self.0.parts
    }

    async fn hash(&self, password: &Password, client: &Client) -> Result<String, AccountError> {
        let hashed = self.parts().hasher.hash(Zeroizing::new(password.as_bytes().to_vec()));
        let hashed = client.wait_for(hashed).await;
        Ok(hashed.map_err(refuse_hash)?.into_string())
    }
}

fn refuse_hash(error: HashError) -> AccountError {
    match error {
        HashError::Busy { retry_after } => AccountError::Busy { retry_after },
        other => AccountError::Internal(InternalError::new(other)),
    }
}

fn refuse_throttled(throttled: Throttled) -> AccountError {
    AccountError::Throttled { retry_after: throttled.retry_after }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::net::Ipv4Addr;

    use super::*;

    #[tokio::test]
    async fn all_that_a_trusted_server_waits_for_fits_into_what_its_clients_wait() {
        let client = Client {
            address: Ipv4Addr::LOCALHOST.into(),
            device: String::new(),
            trusted: true,
            locale: None,
        };
        let asked = tokio::time::Instant::now();
        assert!(matches!(client.wait_for(pending::<Result<(), _>>()).await, Err(HashError::Busy { .. })));
        assert!(client.spare_time_for(pending::<Result<(), ()>>()).await.is_none());
        let waited = asked.elapsed();
        assert!(waited < Duration::from_millis(2_500), "{waited:?}");
        assert_eq!(client.spare_time_for(async { Ok::<_, ()>(1) }).await, Some(1));
    }
}
