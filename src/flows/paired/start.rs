//! Starting a pairing, reporting its state, and listing and removing paired devices.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::streams::DeviceStreams;
use crate::flows::client::Client;
use crate::flows::keys::bearers::Bearers;
use crate::flows::mail::cause::Notices;
use crate::flows::refusals::{spend, spend_by_address};
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::SignedIn;
use domain::lifetimes::PAIRING_CODE;
use domain::{
    AccountError, AccountId, Bearer, BearerId, Clock, DEVICE_NAME_MAX_CHARS, EmailAddress, EventKind, Field,
    InternalError, OpeningKind, PairingCode, Random, Token, TokenDigest, clean_text, network_of,
    require_fields,
};
use limiter::{Action, Limiter};
use store::paired_devices::{self, NewPairing, Pairing};
use store::{Store, StoreError, accounts};

/// Most paired devices of an account. One more ends the oldest.
pub(super) const KEPT: i64 = 100;

/// Codes drawn before the flow gives up. So many collisions in a row mean a fault.
pub(super) const DRAWS: usize = 8;

/// A new pairing.
#[derive(Debug)]
pub struct StartedDevice {
    /// The code that the device shows.
    pub code: PairingCode,
    /// The secret with which the device asks for its state.
    pub token: Token,
    /// How long the code is valid.
    pub expires_in: Duration,
}

/// The state of a pairing, as its device sees it.
#[derive(Debug)]
pub enum DeviceStatus {
    /// Nobody has typed the code yet.
    Pending {
        /// The code that the device shows.
        code: PairingCode,
        /// How long the code is valid.
        expires_in: Duration,
    },
    /// The device is paired; [`PairedDevices::fetch_bearer`] returns its bearer.
    Paired,
}

/// A paired device's bearer. Only one answer contains it.
#[derive(Debug)]
pub struct FetchedBearer {
    /// Address of the account that the device is paired with.
    pub email: EmailAddress,
    /// The secret of the bearer.
    pub bearer: Token,
}

pub struct PairedDevices {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) bearers: Bearers,
    pub(in crate::flows) notices: Notices,
    pub(super) streams: Arc<DeviceStreams>,
}

impl PairedDevices {
    pub(in crate::flows) fn new(
        store: Store,
        limiter: Limiter,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        bearers: Bearers,
        notices: Notices,
    ) -> Self {
        let streams = DeviceStreams::new(&store);
        Self { store, limiter, clock, random, bearers, notices, streams }
    }

    /// Starts the pairing of a device.
    ///
    /// # Errors
    /// `Invalid` when the name is empty, too long or has control characters; `Throttled`.
    pub async fn start(&self, name: &str, client: &Client) -> Result<StartedDevice, AccountError> {
        let name = clean_text(name, DEVICE_NAME_MAX_CHARS)
            .map_err(|code| AccountError::field(Field::DeviceName, code))?;
        require_fields([(Field::DeviceName, name.as_str())])?;
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::PairingStart, client, now)?;
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

    /// Returns the state of a pairing and changes nothing.
    ///
    /// # Errors
    /// `NotFound` when the device's token is unknown, expired or spent.
    pub async fn status(&self, device: &Token) -> Result<DeviceStatus, AccountError> {
        let now = self.clock.now();
        let waiting = self.waiting_device(&device.digest()).await?;
        let expires_in = waiting.expires_at.since(now);
        Ok(match waiting.code {
            Some(code) => DeviceStatus::Pending { code, expires_in },
            None => DeviceStatus::Paired,
        })
    }

    /// Finds the pairing of this device token, if it has not expired.
    ///
    /// # Errors
    /// `NotFound` when the token is unknown, expired or spent.
    pub(super) async fn waiting_device(&self, device: &TokenDigest) -> Result<Pairing, AccountError> {
        let now = self.clock.now();
        let found = paired_devices::find(&mut self.store.read().await?, device).await?;
        found.filter(|waiting| now < waiting.expires_at).ok_or(AccountError::NotFound)
    }

    /// Hands a paired device its bearer. Of concurrent calls only one gets it. `ip` is the device's.
    ///
    /// # Errors
    /// `NotFound` when the device is not paired, has fetched its bearer already, or is too late.
    pub async fn fetch_bearer(&self, device: &Token, ip: IpAddr) -> Result<FetchedBearer, AccountError> {
        self.fetch_bearer_by(&device.digest(), ip).await
    }

    /// As [`fetch_bearer`](Self::fetch_bearer), by the digest of the device's token.
    ///
    /// # Errors
    /// `NotFound`.
    pub(super) async fn fetch_bearer_by(
        &self,
        device: &TokenDigest,
        ip: IpAddr,
    ) -> Result<FetchedBearer, AccountError> {
        let bearer = Token::generate(self.random.as_ref());
        let now = self.clock.now();
        let email = self.store.transact(async |tx| {
            let delivered = paired_devices::deliver(tx, device, now).await?;
            let (id, account) = delivered.ok_or(AccountError::NotFound)?;
            paired_devices::set_token(tx, id, &bearer.digest(), &network_of(ip), now).await?;
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

    /// Ends a paired device's bearer.
    ///
    /// # Errors
    /// `NotFound` when the account has no paired device with this number; `Throttled`.
    pub async fn remove(&self, who: &SignedIn, id: BearerId, client: &Client) -> Result<(), AccountError> {
        let account = who.account().id;
        let now = self.clock.now();
        spend(&self.limiter, Action::Ending, account, client, now)?;
        let ended = self.store.transact_on(account, async |tx| {
            if !paired_devices::end(tx, account, id).await? {
                return Err(AccountError::NotFound);
            }
            let noted = Noted::by_owner(EventKind::OpeningEnded, OpeningKind::Device.as_str());
            Ok(security_log::note(tx, account, &noted, client, now).await?)
        });
        ended.await
    }
}

pub(super) fn no_free_code() -> AccountError {
    AccountError::Internal(InternalError::new("every pairing code that was drawn is shown already"))
}
