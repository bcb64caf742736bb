//! Devices and programs without a browser (RFC 8628): the device shows a code, a signed-in person types it,
//! and the device gets tokens.

use std::time::Duration;

use domain::lifetimes::{DEVICE_ASKS, DEVICE_CODE, OIDC_ACCESS_TOKEN};
use domain::{
    AccountError, EventKind, Field, InternalError, Millis, OidcClient, OidcScope, OidcScopes, PairingCode,
    RequestedClaims, Token, TokenDigest, require_fields,
};
use limiter::Action;
use store::oidc_devices::{self, AskingDevice, DevicePermission, ShownDevice};
use store::oidc_tokens::OidcToken;
use store::{StoreError, oidc_clients, oidc_grants, oidc_tokens, paired_devices, roles};

use super::tokens::{Decided, Issued, Subject, active, issued};
use super::{Oidc, Refused};
use crate::flows::client::Client;
use crate::flows::refusals::{refuse_throttled, spend, spend_by_address};
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::{SignedIn, require_session};

/// Codes drawn before the flow gives up. So many collisions in a row mean a fault.
const DRAWS: usize = 8;

/// The longest pause between two questions.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A question that comes so soon after the last is not even written down.
const AT_ONCE: Duration = Duration::from_millis(500);

/// A device that has begun to wait.
#[derive(Debug)]
pub struct StartedDeviceGrant {
    /// The secret by which it asks.
    pub device: Token,
    /// What a person is to type.
    pub code: PairingCode,
    /// Seconds until it is too late.
    pub expires_in: u64,
    /// Seconds between two questions.
    pub interval: u64,
}

/// A client whose device shows a code.
#[derive(Debug)]
pub struct WaitingClient {
    pub client: OidcClient,
    pub scopes: OidcScopes,
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl Oidc {
    /// Begins to wait for somebody to type a code.
    ///
    /// # Errors
    /// `Unpermitted` for a client that signs in no devices, `Scope` without `openid`; `Account` with
    /// `Throttled`.
    pub async fn start_device(
        &self,
        client: &OidcClient,
        scopes: OidcScopes,
        caller: &Client,
    ) -> Result<StartedDeviceGrant, Refused> {
        if !client.device {
            return Err(Refused::Unpermitted);
        }
        if !scopes.contains(OidcScope::OpenId) {
            return Err(Refused::Scope);
        }
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::PairingStart, caller, now)?;
        let device = Token::generate(self.random.as_ref());
        for _ in 0..DRAWS {
            let code = PairingCode::draw(self.random.as_ref());
            let (shown, digest) = (ShownDevice { client: client.id, scopes }, device.digest());
            let inserted = self.store.transact(async |tx| {
                // Both kinds of devices are typed into one form.
                if paired_devices::shown_until(tx, &code).await?.is_some() {
                    return Ok(false);
                }
                oidc_devices::insert(tx, &digest, &code, &shown, millis(DEVICE_ASKS), now).await?;
                Ok(true)
            });
            match inserted.await {
                Ok(true) => {
                    let (expires_in, interval) = (DEVICE_CODE.as_secs(), DEVICE_ASKS.as_secs());
                    return Ok(StartedDeviceGrant { device, code, expires_in, interval });
                }
                Ok(false) | Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(AccountError::Internal(InternalError::new("no code for a device is free")).into())
    }

    /// The client whose device shows the code `typed`; `None` where it is none of a client. One that no
    /// client's device shows is no guess yet: other devices are asked next.
    ///
    /// # Errors
    /// `Throttled` after five wrong codes.
    pub async fn waiting_device(
        &self,
        who: &SignedIn,
        typed: &str,
    ) -> Result<Option<WaitingClient>, AccountError> {
        let Some(code) = PairingCode::parse(typed) else { return Ok(None) };
        let now = self.clock.now();
        // The limiter is asked before the result is revealed, so a throttled caller learns nothing.
        let guess = self.limiter.begin_code(now.0, who.account().id.0).await.map_err(refuse_throttled)?;
        let found = self.shown(&code, now).await;
        match &found {
            Ok(Some(_)) => guess.succeeded().await,
            Ok(None) | Err(_) => guess.refund().await,
        }
        found
    }

    async fn shown(&self, code: &PairingCode, now: Millis) -> Result<Option<WaitingClient>, AccountError> {
        let mut db = self.store.read().await?;
        let Some(shown) = oidc_devices::shown(&mut db, code, now.before(DEVICE_CODE)).await? else {
            return Ok(None);
        };
        let client = oidc_clients::find_by_id(&mut db, shown.client).await?;
        Ok(client.map(|client| WaitingClient { client, scopes: shown.scopes }))
    }

    /// Permits the device that shows the code `typed` to learn who its owner is, or does not. Returns the
    /// name of the client.
    ///
    /// # Errors
    /// `NotFound` when no device shows the code any more; `Unauthenticated` when the session has ended;
    /// `Throttled`.
    pub async fn decide_device(
        &self,
        who: &SignedIn,
        typed: &str,
        allowed: bool,
        caller: &Client,
    ) -> Result<String, AccountError> {
        require_fields([(Field::PairingCode, typed)])?;
        let (account, now) = (who.account().id, self.clock.now());
        spend(&self.limiter, Action::Pairing, account, caller, now)?;
        let code = PairingCode::parse(typed).ok_or(AccountError::NotFound)?;
        let since = now.before(DEVICE_CODE);
        let decided = self.store.transact_on(account, async |tx| {
            require_session(tx, who).await?;
            let shown = oidc_devices::shown(tx, &code, since).await?.ok_or(AccountError::NotFound)?;
            let client = oidc_clients::find_by_id(tx, shown.client).await?.ok_or(AccountError::NotFound)?;
            if !allowed {
                return match oidc_devices::deny(tx, &code, since, now).await? {
                    true => Ok(client.name),
                    false => Err(AccountError::NotFound),
                };
            }
            let grant = oidc_grants::permit(tx, account, client.id, shown.scopes, now).await?;
            let proven_at = who.session.proven_or_made_at();
            let by = DevicePermission { grant, account, proven_at, factors: who.session.proof };
            if !oidc_devices::permit(tx, &code, &by, since).await? {
                return Err(AccountError::NotFound);
            }
            // A device is noted each time: somebody may have been talked into typing its code.
            let noted = Noted::by_owner(EventKind::ApplicationPermitted, &client.name);
            security_log::note(tx, account, &noted, caller, now).await?;
            Ok(client.name)
        });
        decided.await
    }

    /// Gives a device tokens, once somebody has permitted it.
    ///
    /// # Errors
    /// `Pending`, `TooFast`, `Late`, `Denied`, `Grant`; `Account`.
    pub async fn exchange_device(
        &self,
        client: &OidcClient,
        device: &str,
        address: impl Fn(&str) -> String,
    ) -> Result<Issued, Refused> {
        let now = self.clock.now();
        let digest = Token::parse(device).ok_or(Refused::Grant)?.digest();
        let found = oidc_devices::find(&mut self.store.read().await?, &digest).await?;
        let asking = found.filter(|asking| asking.client == client.id).ok_or(Refused::Grant)?;
        if asking.denied_at.is_some() {
            return Err(Refused::Denied);
        }
        // One that comes again is noticed however late.
        if asking.used_at.is_none() && now.since(asking.created_at) >= DEVICE_CODE {
            return Err(Refused::Late);
        }
        let Some(by) = &asking.permitted else {
            return Err(self.not_yet(&digest, &asking, now).await?);
        };
        let decided = self.store.transact_on(by.account, async |tx| {
            let account = active(tx, by.account).await?;
            if !oidc_devices::consume(tx, &digest, now).await? {
                oidc_tokens::end_family(tx, &digest).await?;
                return Ok(Decided::Replayed);
            }
            let token = first(&asking, by, &digest, now);
            let made = self.insert(tx, &token, asking.scopes.contains(OidcScope::OfflineAccess), now).await?;
            self.touch(tx, client, &token, now).await?;
            Ok::<_, Refused>(Decided::Issued((made, token, account)))
        });
        let (made, token, account) = issued(decided.await?)?;
        let role = roles::name(&self.store, account.role).await?;
        let subject = Subject { account: &account, role: &role, nonce: None, sid: None, token: &token };
        let id_token = self.id_token(client, &subject, now, address).await?;
        Ok(self.answer(made, id_token, token.scopes))
    }

    /// Why a device that nobody has decided about gets nothing: it is too early, or it asks too often.
    async fn not_yet(
        &self,
        digest: &TokenDigest,
        asking: &AskingDevice,
        now: Millis,
    ) -> Result<Refused, AccountError> {
        let (since, pause) = (now.since(asking.asked_at), asking.pause);
        if since < AT_ONCE {
            return Ok(Refused::TooFast);
        }
        // Clocks and networks are not exact to the millisecond.
        let fast = millis(since) < pause - millis(AT_ONCE);
        // One that was slowed down and does not wait is not written down again: a stranger's device would
        // write as often as it asks.
        if fast && pause > millis(DEVICE_ASKS) {
            return Ok(Refused::TooFast);
        }
        let pause = if fast { (pause + millis(DEVICE_ASKS)).min(millis(LONGEST_PAUSE)) } else { pause };
        let noted = self.store.transact(async |tx| oidc_devices::asked(tx, digest, pause, now).await);
        noted.await?;
        Ok(if fast { Refused::TooFast } else { Refused::Pending })
    }
}

/// The access token of a device. It ends with no session: the device is no part of the browser that
/// permitted it.
fn first(asking: &AskingDevice, by: &DevicePermission, digest: &TokenDigest, now: Millis) -> OidcToken {
    OidcToken {
        refreshes: false,
        grant: by.grant,
        account: by.account,
        client: asking.client,
        session: None,
        family: *digest,
        scopes: asking.scopes,
        claims: RequestedClaims::default(),
        proven_at: by.proven_at,
        factors: by.factors,
        created_at: now,
        expires_at: now.after(OIDC_ACCESS_TOKEN),
        spent_at: None,
        // The person has permitted it just now.
        grant_used_at: now,
    }
}
