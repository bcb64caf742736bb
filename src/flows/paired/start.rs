//! Letting a device begin to wait, telling it what came of it, and looking after the paired ones.

use std::sync::Arc;
use std::time::Duration;

use super::streams::DeviceStreams;
use crate::flows::client::Client;
use crate::flows::keys::bearers::Bearers;
use crate::flows::refusals::refuse_throttled;
use crate::flows::sessions::signed_in::SignedIn;
use domain::lifetimes::PAIRING_CODE;
use domain::{
    AccountError, AccountId, Bearer, BearerId, Clock, DEVICE_NAME_MAX_CHARS, EmailAddress, Field, FieldCode,
    InternalError, PairingCode, Random, Token, TokenDigest, clean_text,
};
use limiter::{Action, Key, Limiter};
use store::paired_devices::{self, NewPairing, Pairing};
use store::{Store, StoreError, accounts};

/// Paired devices that an account may have; one more ends the oldest.
pub(super) const KEPT: i64 = 100;

/// Codes that are drawn before it is taken for a fault that each is shown already.
pub(super) const DRAWS: usize = 8;

/// A device that has begun to wait.
#[derive(Debug)]
pub struct StartedDevice {
    /// What it shows.
    pub code: PairingCode,
    /// The secret by which it asks what came of it.
    pub token: Token,
    /// How long the code is good.
    pub expires_in: Duration,
}

/// What a waiting device is told.
#[derive(Debug)]
pub enum DeviceStatus {
    /// Nobody has typed its code yet.
    Pending {
        /// What it shows.
        code: PairingCode,
        /// How long the code is good.
        expires_in: Duration,
    },
    /// It is paired: its bearer lies ready, see [`PairedDevices::fetch_bearer`].
    Paired,
}

/// A paired device's own bearer, in the one answer that hands it out.
#[derive(Debug)]
pub struct FetchedBearer {
    /// Address of the account that it is paired with.
    pub email: EmailAddress,
    /// Its secret.
    pub bearer: Token,
}

/// Pairs devices.
pub struct PairedDevices {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) bearers: Bearers,
    pub(super) streams: Arc<DeviceStreams>,
}

impl PairedDevices {
    pub(in crate::flows) fn new(
        store: Store,
        limiter: Limiter,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        bearers: Bearers,
    ) -> Self {
        let streams = DeviceStreams::new(&store);
        Self { store, limiter, clock, random, bearers, streams }
    }

    /// Lets a device begin to wait.
    ///
    /// # Errors
    /// `Invalid` for its name, `Throttled`.
    pub async fn start(&self, name: &str, client: &Client) -> Result<StartedDevice, AccountError> {
        let refuse = |code| AccountError::field(Field::DeviceName, code);
        let name = clean_text(name, DEVICE_NAME_MAX_CHARS).map_err(refuse)?;
        if name.is_empty() {
            return Err(refuse(FieldCode::Required));
        }
        let now = self.clock.now();
        self.limiter
            .take(Action::PairingStart, Key::Ip(client.ip.into()), now.0)
            .map_err(refuse_throttled)?;
        let token = Token::generate(self.random.as_ref());
        for _ in 0..DRAWS {
            let code = PairingCode::draw(self.random.as_ref());
            let new = NewPairing {
                name: &name,
                device: token.digest(),
                code: &code,
                expires_at: now.after(PAIRING_CODE),
            };
            match self.store.transact(async |tx| paired_devices::insert(tx, &new, now).await).await {
                // Another device shows this code.
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
                Ok(()) => return Ok(StartedDevice { code, token, expires_in: PAIRING_CODE }),
            }
        }
        Err(no_free_code())
    }

    /// What there is to tell a device. Changes nothing.
    ///
    /// # Errors
    /// `NotFound` when its token is unknown, expired or spent.
    pub async fn status(&self, device: &Token) -> Result<DeviceStatus, AccountError> {
        let now = self.clock.now();
        let waiting = self.waiting_device(&device.digest()).await?;
        let expires_in = waiting.expires_at.since(now);
        Ok(match waiting.code {
            Some(code) => DeviceStatus::Pending { code, expires_in },
            None => DeviceStatus::Paired,
        })
    }

    /// The device of this token, if it is in time.
    pub(super) async fn waiting_device(&self, device: &TokenDigest) -> Result<Pairing, AccountError> {
        let now = self.clock.now();
        let found = paired_devices::find(&mut self.store.read().await?, device).await?;
        found.filter(|waiting| now < waiting.expires_at).ok_or(AccountError::NotFound)
    }

    /// Hands a paired device its bearer: once, however many requests ask for it at the same time.
    ///
    /// # Errors
    /// `NotFound` when it is not paired, or has its bearer, or came too late.
    pub async fn fetch_bearer(&self, device: &Token) -> Result<FetchedBearer, AccountError> {
        self.fetch_bearer_by(&device.digest()).await
    }

    pub(super) async fn fetch_bearer_by(&self, device: &TokenDigest) -> Result<FetchedBearer, AccountError> {
        let bearer = Token::generate(self.random.as_ref());
        let now = self.clock.now();
        let email = self.store.transact(async |tx| {
            let delivered = paired_devices::deliver(tx, device, now).await?;
            let (id, account) = delivered.ok_or(AccountError::NotFound)?;
            paired_devices::set_token(tx, id, &bearer.digest(), now).await?;
            let found = accounts::find(tx, account).await?;
            let found = found.filter(|found| found.account.active()).ok_or(AccountError::NotFound)?;
            Ok::<_, AccountError>(found.account.email)
        });
        let email = email.await?;
        Ok(FetchedBearer { email, bearer })
    }

    /// The paired devices of an account, newest first.
    pub async fn list(&self, account: AccountId) -> Result<Vec<Bearer>, AccountError> {
        let now = self.clock.now();
        let mut devices = paired_devices::list(&mut self.store.read().await?, account, KEPT).await?;
        devices.retain(|device| device.live(now));
        Ok(devices)
    }

    /// Removes a paired device: its bearer is worth nothing from now on.
    ///
    /// # Errors
    /// `NotFound` when the account has none of this number.
    pub async fn remove(&self, who: &SignedIn, id: BearerId) -> Result<(), AccountError> {
        let account = who.account().id;
        let ended = self.store.transact(async |tx| match paired_devices::end(tx, account, id).await? {
            true => Ok(()),
            false => Err(AccountError::NotFound),
        });
        ended.await
    }
}

pub(super) fn no_free_code() -> AccountError {
    AccountError::Internal(InternalError::new("every pairing code that was drawn is shown already"))
}
