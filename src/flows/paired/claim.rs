//! Typing the code that a device shows.

use super::start::{KEPT, PairedDevices};
use crate::flows::refusals::refuse_throttled;
use crate::flows::sessions::signed_in::SignedIn;
use domain::lifetimes::PAIRING_CODE;
use domain::{
    AccountError, AccountId, Audience, Bearer, Field, FieldCode, Lifetime, Millis, PairingCode, Token,
};
use store::{StoreError, Tx, accounts, bearers, paired_devices, sessions};

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

impl PairedDevices {
    /// Pairs the device that shows this code with the account of whoever typed it; gives its name.
    ///
    /// # Errors
    /// `Unauthenticated` for a bearer that is worth nothing, or when whoever typed it was signed out
    /// meanwhile; `Invalid` when nothing was typed, `NotFound` when no device shows the code, `Throttled`
    /// after five wrong codes.
    pub async fn pair(&self, by: Pairer<'_>, typed: &str) -> Result<String, AccountError> {
        let code = PairingCode::parse(typed);
        let (pass, shown_until) = self.look_at_code(by, code.as_ref()).await?;
        if typed.trim().is_empty() {
            return Err(AccountError::field(Field::PairingCode, FieldCode::Required));
        }
        let now = self.clock.now();
        // What was found is told only to those who may still guess.
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

    /// What lets the caller in, and until when a device shows the code.
    async fn look_at_code<'a>(
        &self,
        by: Pairer<'a>,
        code: Option<&PairingCode>,
    ) -> Result<(Pass<'a>, Option<Millis>), AccountError> {
        Ok(match (by, code) {
            (Pairer::Bearer(token), Some(code)) => {
                let (bearer, until) = self.bearers.present_with_code(Audience::MIRROR, token, code).await?;
                (Pass::Bearer(bearer), until)
            }
            (Pairer::Bearer(token), None) => {
                (Pass::Bearer(self.bearers.present(Audience::MIRROR, token).await?), None)
            }
            (Pairer::Session(who), Some(code)) => {
                (Pass::Session(who), paired_devices::shown_until(&mut self.store.read().await?, code).await?)
            }
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
        let nobodys = Token::generate(self.random.as_ref()).digest();
        self.store
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
