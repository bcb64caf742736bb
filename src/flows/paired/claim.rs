//! Claiming a device: a signed-in person types the code that the device shows.

use super::start::{KEPT, PairedDevices};
use crate::flows::client::Client;
use crate::flows::refusals::{refuse_throttled, spend};
use crate::flows::sessions::signed_in::SignedIn;
use domain::lifetimes::PAIRING_CODE;
use domain::{
    AccountError, AccountId, Audience, Bearer, Field, Lifetime, Millis, PairingCode, Token, require_fields,
};
use limiter::Action;
use store::{StoreError, Tx, accounts, bearers, paired_devices, sessions};

/// The caller who types a code.
#[derive(Clone, Copy)]
pub enum Pairer<'a> {
    /// A program that presents this bearer.
    Bearer(&'a Token),
    /// A signed-in browser.
    Session(&'a SignedIn),
}

/// What let in whoever types a code.
enum PairerCredential<'a> {
    Bearer(Bearer),
    Session(&'a SignedIn),
}

impl PairerCredential<'_> {
    fn account(&self) -> AccountId {
        match self {
            Self::Bearer(bearer) => bearer.account_id,
            Self::Session(who) => who.account().id,
        }
    }

    /// Whether the credential still exists. A change of password ends it, and must leave no newly paired
    /// device behind.
    async fn is_there(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        match self {
            Self::Bearer(bearer) => bearers::exists(tx, bearer.account_id, bearer.id).await,
            Self::Session(who) => Ok(sessions::find(tx, &who.session.token).await?.is_some()),
        }
    }
}

impl PairedDevices {
    /// Pairs the device that shows the code `typed` with the caller's account. Returns the device's name.
    ///
    /// # Errors
    /// `Unauthenticated` when the bearer is invalid or the caller's session or bearer has ended meanwhile.
    /// `Invalid` when `typed` is empty, `NotFound` when no device shows the code, `Throttled` after five
    /// wrong codes or too many of any kind.
    pub async fn pair(&self, by: Pairer<'_>, typed: &str, client: &Client) -> Result<String, AccountError> {
        let code = PairingCode::parse(typed);
        let (pass, shown_until) = self.look_at_code(by, code.as_ref()).await?;
        require_fields([(Field::PairingCode, typed)])?;
        let now = self.clock.now();
        spend(&self.limiter, Action::Pairing, pass.account(), client, now)?;
        // The limiter is asked before the result is revealed, so a throttled caller learns nothing.
        let guess = self.limiter.begin_code(now.0, pass.account().0).await.map_err(refuse_throttled)?;
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

    /// Checks the caller's credential, and returns it with the time until which a device shows the code.
    async fn look_at_code<'a>(
        &self,
        by: Pairer<'a>,
        code: Option<&PairingCode>,
    ) -> Result<(PairerCredential<'a>, Option<Millis>), AccountError> {
        Ok(match (by, code) {
            (Pairer::Bearer(token), Some(code)) => {
                let (bearer, until) = self.bearers.present_with_code(Audience::MIRROR, token, code).await?;
                (PairerCredential::Bearer(bearer), until)
            }
            (Pairer::Bearer(token), None) => {
                (PairerCredential::Bearer(self.bearers.present(Audience::MIRROR, token).await?), None)
            }
            (Pairer::Session(who), Some(code)) => {
                let until = paired_devices::shown_until(&mut self.store.read().await?, code).await?;
                (PairerCredential::Session(who), until)
            }
            (Pairer::Session(who), None) => (PairerCredential::Session(who), None),
        })
    }

    async fn pair_shown(
        &self,
        pass: &PairerCredential<'_>,
        code: &PairingCode,
        now: Millis,
    ) -> Result<String, AccountError> {
        let account = pass.account();
        // The bearer gets a random digest. No token exists for it until the device fetches one.
        let nobodys = Token::generate(self.random.as_ref()).digest();
        self.store
            .transact_on(account, async |tx| {
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
                    lifetime: Lifetime::PAIRED_DEVICE,
                };
                let id = bearers::insert(tx, &bearer, now).await?;
                paired_devices::keep_newest(tx, account, KEPT).await?;
                paired_devices::assign(tx, &claimed.device, id, now.after(PAIRING_CODE)).await?;
                Ok(bearer.holder)
            })
            .await
    }
}
