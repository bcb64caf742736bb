//! Devices without a keyboard: one shows a code, somebody who is signed in types it, and the device is given a bearer of
//! its own (after RFC 8628).

use std::time::Duration;

use super::{Client, Flows, SignedIn, refuse_throttled};
use crate::domain::{
    AccountError, AccountId, Audience, Bearer, BearerId, DEVICE_NAME_MAX_CHARS, EmailAddress, Field,
    FieldCode, InternalError, Lifetime, Millis, PairingCode, Token, TokenDigest, clean_text,
    lifetimes::PAIRING_CODE,
};
use crate::infra::limiter::{Action, Key};
use crate::store::paired_devices::{self, NewPairing, Pairing};
use crate::store::{StoreError, Tx, accounts, bearers, sessions};

/// Paired devices that an account may have; one more ends the oldest.
const KEPT: i64 = 100;

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
    /// It is paired: its bearer lies ready, see [`Flows::fetch_bearer`].
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

/// Who types a code.
#[derive(Clone, Copy)]
pub enum Pairer<'a> {
    /// Whoever presents this bearer.
    Bearer(&'a Token),
    /// A browser.
    Session(&'a SignedIn),
}

/// What let in whoever types a code.
enum Pass<'a> {
    Bearer(Bearer),
    Session(&'a SignedIn),
}

impl Pass<'_> {
    fn account(&self) -> AccountId {
        match self {
            Self::Bearer(bearer) => bearer.account_id,
            Self::Session(who) => who.account().id,
        }
    }

    /// Whether it is still there: a change of password ends it, and must not leave a device behind.
    async fn is_there(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        match self {
            Self::Bearer(bearer) => bearers::exists(tx, bearer.account_id, bearer.id).await,
            Self::Session(who) => Ok(sessions::find(tx, &who.session.token).await?.is_some()),
        }
    }
}

impl Flows {
    /// Lets a device begin to wait.
    ///
    /// # Errors
    /// `Invalid` for its name, `Throttled`.
    pub async fn start_device(&self, name: &str, client: &Client) -> Result<StartedDevice, AccountError> {
        let parts = self.parts();
        let refuse = |code| AccountError::field(Field::DeviceName, code);
        let name = clean_text(name, DEVICE_NAME_MAX_CHARS).map_err(refuse)?;
        if name.is_empty() {
            return Err(refuse(FieldCode::Required));
        }
        let now = parts.clock.now();
        parts
            .limiter
            .take(Action::PairingStart, Key::Ip(client.address.into()), now.0)
            .map_err(refuse_throttled)?;
        let token = Token::generate(parts.random.as_ref());
        for _ in 0..DRAWS {
            let code = PairingCode::draw(parts.random.as_ref());
            let new = NewPairing {
                name: &name,
                device: token.digest(),
                code: &code,
                expires_at: now.after(PAIRING_CODE),
            };
            match parts.store.transact(async |tx| paired_devices::insert(tx, &new, now).await).await {
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
    pub async fn device_status(&self, device: &Token) -> Result<DeviceStatus, AccountError> {
        let now = self.parts().clock.now();
        let waiting = self.waiting_device(&device.digest()).await?;
        let expires_in = waiting.expires_at.since(now);
        Ok(match waiting.code {
            Some(code) => DeviceStatus::Pending { code, expires_in },
            None => DeviceStatus::Paired,
        })
    }

    /// The device of this token, if it is in time.
    pub(super) async fn waiting_device(&self, device: &TokenDigest) -> Result<Pairing, AccountError> {
        let now = self.parts().clock.now();
        let found = paired_devices::find(&mut self.store().read().await?, device).await?;
        found.filter(|waiting| now < waiting.expires_at).ok_or(AccountError::NotFound)
    }

    /// Hands a paired device its bearer: once, whoever asks how often at the same time.
    ///
    /// # Errors
    /// `NotFound` when it is not paired, or has its bearer, or came too late.
    pub async fn fetch_bearer(&self, device: &Token) -> Result<FetchedBearer, AccountError> {
        self.fetch_bearer_by(&device.digest()).await
    }

    pub(super) async fn fetch_bearer_by(&self, device: &TokenDigest) -> Result<FetchedBearer, AccountError> {
        let parts = self.parts();
        let bearer = Token::generate(parts.random.as_ref());
        let now = parts.clock.now();
        let email = parts.store.transact(async |tx| {
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

    /// Pairs the device that shows this code with the account of whoever typed it; gives its name.
    ///
    /// # Errors
    /// `Unauthenticated` for a bearer that is worth nothing, or when whoever typed it was signed out meanwhile; `Invalid`
    /// when nothing was typed, `NotFound` when no device shows the code, `Throttled` after five wrong codes.
    pub async fn pair_device(&self, by: Pairer<'_>, typed: &str) -> Result<String, AccountError> {
        let code = PairingCode::parse(typed);
        let (pass, shown_until) = self.look_at_code(by, code.as_ref()).await?;
        if typed.trim().is_empty() {
            return Err(AccountError::field(Field::PairingCode, FieldCode::Required));
        }
        let now = self.now();
        // What was found is told only to those who may still guess.
        let guess =
            self.parts().limiter.begin_code(now.0, pass.account().0).await.map_err(refuse_throttled)?;
        let paired = match code.filter(|_| shown_until.is_some_and(|until| now < until)) {
            Some(code) => Box::pin(self.pair_shown(&pass, &code, now)).await,
            None => Err(AccountError::NotFound),
        };
        match paired {
            Err(AccountError::NotFound) => {
                guess.failed();
                Err(AccountError::NotFound)
            }
            other => {
                guess.succeeded().await;
                other
            }
        }
    }

    /// What lets the caller in, and until when a device shows the code.
    async fn look_at_code<'a>(
        &self,
        by: Pairer<'a>,
        code: Option<&PairingCode>,
    ) -> Result<(Pass<'a>, Option<Millis>), AccountError> {
        Ok(match (by, code) {
            (Pairer::Bearer(token), Some(code)) => {
                let (bearer, until) = self.present_bearer_with_code(Audience::MIRROR, token, code).await?;
                (Pass::Bearer(bearer), until)
            }
            (Pairer::Bearer(token), None) => {
                (Pass::Bearer(self.present_bearer(Audience::MIRROR, token).await?), None)
            }
            (Pairer::Session(who), Some(code)) => (
                Pass::Session(who),
                paired_devices::shown_until(&mut self.store().read().await?, code).await?,
            ),
            (Pairer::Session(who), None) => (Pass::Session(who), None),
        })
    }

    async fn pair_shown(
        &self,
        pass: &Pass<'_>,
        code: &PairingCode,
        now: Millis,
    ) -> Result<String, AccountError> {
        let account = pass.account();
        // Until the device fetches its secret, nobody has one.
        let nobodys = Token::generate(self.parts().random.as_ref()).digest();
        self.store()
            .transact(async |tx| {
                accounts::hold(tx, account).await?;
                if !pass.is_there(tx).await? {
                    return Err(AccountError::Unauthenticated);
                }
                let claimed = paired_devices::claim(tx, code, now).await?.ok_or(AccountError::NotFound)?;
                let bearer = bearers::NewBearer {
                    account_id: account,
                    audience: Audience::MIRROR,
                    token: nobodys,
                    holder: claimed.name,
                    paired: true,
                    lifetime: Lifetime::DEVICE,
                };
                let id = bearers::insert(tx, &bearer, now).await?;
                paired_devices::keep_newest(tx, account, KEPT).await?;
                paired_devices::assign(tx, &claimed.device, id, now.after(PAIRING_CODE)).await?;
                Ok(bearer.holder)
            })
            .await
    }

    /// The paired devices of an account, newest first.
    pub async fn devices(&self, account: AccountId) -> Result<Vec<Bearer>, AccountError> {
        let now = self.parts().clock.now();
        let mut devices = paired_devices::list(&mut self.store().read().await?, account, KEPT).await?;
        devices.retain(|device| device.live(now));
        Ok(devices)
    }

    /// Removes a paired device: its bearer is worth nothing from now on.
    ///
    /// # Errors
    /// `NotFound` when the account has none of this number.
    pub async fn remove_device(&self, who: &SignedIn, id: BearerId) -> Result<(), AccountError> {
        let account = who.account().id;
        let ended = self.store().transact(async |tx| match paired_devices::end(tx, account, id).await? {
            true => Ok(()),
            false => Err(AccountError::NotFound),
        });
        ended.await
    }
}

pub(super) fn no_free_code() -> AccountError {
    AccountError::Internal(InternalError::new("every pairing code that was drawn is shown already"))
}
