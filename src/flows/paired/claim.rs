//! Claiming a device: a signed-in person types the code that the device shows.

use std::net::IpAddr;

use super::start::{KEPT, PairedDevices};
use crate::flows::client::Client;
use crate::flows::refusals::{refuse_throttled, spend};
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::SignedIn;
use domain::lifetimes::PAIRING_CODE;
use domain::{
    AccountError, AccountId, Audience, Bearer, EventKind, Field, Lifetime, Millis, OpeningKind, PairingCode,
    Token, require_fields,
};
use limiter::{Action, Attempt};
use store::{StoreError, Tx, accounts, bearers, paired_devices, sessions};

/// The caller who types a code.
#[derive(Clone, Copy)]
pub enum Pairer<'a> {
    /// A program that presents this bearer. That of a paired device pairs nothing.
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

/// A bearer that a sign-in made. The bearer of a paired device pairs nothing: whoever takes the device off
/// the wall would otherwise leave another behind, which does not end with it.
///
/// # Errors
/// `Unauthenticated` for the bearer of a device.
fn of_person(bearer: Bearer) -> Result<Bearer, AccountError> {
    if bearer.paired_at.is_none() { Ok(bearer) } else { Err(AccountError::Unauthenticated) }
}

/// Counts the guess of a code as wrong when no device shows it.
async fn settle(guess: Attempt, outcome: Result<String, AccountError>) -> Result<String, AccountError> {
    match outcome {
        Err(AccountError::NotFound) => guess.failed(),
        _ => guess.succeeded().await,
    }
    outcome
}

impl PairedDevices {
    /// Pairs the device that shows the code `typed` with the caller's account. Returns the device's name.
    ///
    /// # Errors
    /// `Unauthenticated` when the bearer is invalid or the caller's session or bearer has ended meanwhile.
    /// `Invalid` when `typed` is empty, `NotFound` when no device shows the code, `Throttled` after five
    /// wrong codes or too many of any kind. What cannot be a code is no guess at one.
    pub async fn pair(&self, by: Pairer<'_>, typed: &str, client: &Client) -> Result<String, AccountError> {
        let code = PairingCode::parse(typed);
        let (pass, shown_until) = self.look_at_code(by, code.as_ref(), client.ip).await?;
        require_fields([(Field::PairingCode, typed)])?;
        let now = self.clock.now();
        spend(&self.limiter, Action::Pairing, pass.account(), client, now)?;
        if !PairingCode::is_guess(typed) {
            return Err(AccountError::NotFound);
        }
        // The limiter is asked before the result is revealed, so a throttled caller learns nothing.
        let guess = self.limiter.begin_code(now.0, pass.account().0).await.map_err(refuse_throttled)?;
        let shown = code.as_ref().filter(|_| shown_until.is_some_and(|until| now < until));
        let paired = match shown {
            Some(code) => Box::pin(self.pair_shown(&pass, code, client, now)).await,
            None => Err(AccountError::NotFound),
        };
        let paired = match (paired, &pass, &code) {
            (Err(AccountError::NotFound), PairerCredential::Session(_), Some(code)) => {
                self.paired_before(pass.account(), code, now).await
            }
            (paired, ..) => paired,
        };
        settle(guess, paired).await
    }

    /// The name of the device that this code has just paired with `account`: a browser without script sends
    /// a form twice when its button is pressed twice, and shows the second answer.
    async fn paired_before(
        &self,
        account: AccountId,
        code: &PairingCode,
        now: Millis,
    ) -> Result<String, AccountError> {
        let mut db = self.store.read().await?;
        paired_devices::claimed_name(&mut db, account, code, now).await?.ok_or(AccountError::NotFound)
    }

    /// Returns the name of the device that shows the code `typed`, which pairs nothing: its owner is to
    /// recognise it first. A code that no device shows counts as wrong.
    ///
    /// # Errors
    /// `Invalid` when `typed` is empty, `NotFound` when no device shows the code, `Throttled` after five
    /// wrong codes.
    pub async fn look_at_device(&self, who: &SignedIn, typed: &str) -> Result<String, AccountError> {
        require_fields([(Field::PairingCode, typed)])?;
        if !PairingCode::is_guess(typed) {
            return Err(AccountError::NotFound);
        }
        let now = self.clock.now();
        let account = who.account().id;
        let guess = self.limiter.begin_code(now.0, account.0).await.map_err(refuse_throttled)?;
        let name = match PairingCode::parse(typed) {
            Some(code) => paired_devices::shown_name(&mut self.store.read().await?, &code, now).await?,
            None => None,
        };
        settle(guess, name.ok_or(AccountError::NotFound)).await
    }

    /// Checks the caller's credential, and returns it with the time until which a device shows the code.
    async fn look_at_code<'a>(
        &self,
        by: Pairer<'a>,
        code: Option<&PairingCode>,
        ip: IpAddr,
    ) -> Result<(PairerCredential<'a>, Option<Millis>), AccountError> {
        Ok(match (by, code) {
            (Pairer::Bearer(token), Some(code)) => {
                let found = self.bearers.present_with_code(Audience::MIRROR, token, code, ip);
                let (bearer, until) = found.await?;
                (PairerCredential::Bearer(of_person(bearer)?), until)
            }
            (Pairer::Bearer(token), None) => (PairerCredential::Bearer(self.pairer(token, ip).await?), None),
            (Pairer::Session(who), Some(code)) => {
                let until = paired_devices::shown_until(&mut self.store.read().await?, code).await?;
                (PairerCredential::Session(who), until)
            }
            (Pairer::Session(who), None) => (PairerCredential::Session(who), None),
        })
    }

    /// The bearer of `token`, if it may pair devices: one that a sign-in made.
    ///
    /// # Errors
    /// `Unauthenticated` otherwise.
    pub async fn pairer(&self, token: &Token, ip: IpAddr) -> Result<Bearer, AccountError> {
        of_person(self.bearers.present(Audience::MIRROR, token, ip).await?)
    }

    async fn pair_shown(
        &self,
        pass: &PairerCredential<'_>,
        code: &PairingCode,
        client: &Client,
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
                let owner = accounts::find(tx, account).await?.ok_or(AccountError::Unauthenticated)?.account;
                self.notices.notify_new_opening(tx, &owner, OpeningKind::Device, client, now).await?;
                let bearer = bearers::NewBearer {
                    account_id: account,
                    audience: Audience::MIRROR,
                    token: nobodys,
                    holder: claimed.name,
                    place: String::new(),
                    paired: true,
                    family: None,
                    lifetime: Lifetime::PAIRED_DEVICE,
                };
                let id = bearers::insert(tx, &bearer, now).await?;
                paired_devices::keep_newest(tx, account, KEPT).await?;
                paired_devices::assign(tx, &claimed.device, id, now.after(PAIRING_CODE)).await?;
                let noted = Noted::by_owner(EventKind::DevicePaired, &bearer.holder);
                security_log::note(tx, account, &noted, client, now).await?;
                Ok(bearer.holder)
            })
            .await
    }
}
