//! The last part of every sign-in: from a right credential to its grant.

use std::sync::Arc;

use super::admission::{Admission, Verdict};
use super::grants::{Grant, Grants};
use crate::flows::client::Client;
use crate::flows::mail::cause::Notices;
use crate::flows::passkeys::{PasskeyProof, Passkeys};
use crate::flows::passwords::Passwords;
use crate::flows::second_factors::SecondFactors;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::SignedIn;
use domain::{
    Account, AccountError, AccountId, AppPasswordId, Clock, EventKind, Factor, Factors, Field, FieldCode,
    IdentityId, Millis, Random, SessionId, Step, TicketPurpose, Token, TypedPassword,
};
use limiter::Limiter;
use store::accounts::{self, Credentials};
use store::{
    Store, StoreError, Tx, app_passwords, claims, identities, known_browsers, pending_sign_ins, sessions,
    tickets,
};
use zeroize::Zeroizing;

/// Most known browsers of an account.
const BROWSERS_KEPT: i64 = 20;

pub struct SignIn {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) passwords: Passwords,
    pub(in crate::flows) passkeys: Passkeys,
    pub(in crate::flows) admission: Admission,
    pub(in crate::flows) grants: Grants,
    pub(in crate::flows) notices: Notices,
    pub(in crate::flows) second_factors: Arc<SecondFactors>,
}

/// The sign-in form, as typed, and the browser's cookies.
#[derive(Clone, Debug)]
pub struct LoginAttempt<'a> {
    pub identifier: &'a str,
    pub password: TypedPassword<'a>,
    /// The known-browser secret of this browser, if it has one.
    pub browser: Option<&'a Token>,
    /// The browser's present session, which the new one replaces.
    pub replaces: Option<&'a SignedIn>,
}

/// A browser's new session.
#[derive(Debug)]
pub struct LoggedIn {
    pub account: Account,
    /// The session's secret, for the cookie.
    pub session: Token,
    /// The browser's known-browser secret, old or new.
    pub browser: Token,
}

/// How far a sign-in has come.
#[derive(Debug)]
pub enum SignInOutcome<T> {
    /// The sign-in is complete; `T` is its grant.
    Granted(T),
    /// The credential was right, but a further step is wanted. A door that can ask for the step calls
    /// [`SignIn::advance`] after it; the credential is checked again then.
    Wanted(Step, Box<PendingSignIn>),
}

impl<T> SignInOutcome<T> {
    /// Whether `step` comes first.
    pub fn wants(&self, step: Step) -> bool {
        matches!(self, Self::Wanted(wanted, _) if *wanted == step)
    }

    /// Returns the grant, at a door that cannot ask for a further step.
    ///
    /// # Errors
    /// `StepWanted`.
    pub fn granted(self) -> Result<T, AccountError> {
        match self {
            Self::Granted(given) => Ok(given),
            Self::Wanted(step, _) => Err(AccountError::StepWanted(step)),
        }
    }

    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> SignInOutcome<U> {
        match self {
            Self::Granted(given) => SignInOutcome::Granted(change(given)),
            Self::Wanted(step, pending) => SignInOutcome::Wanted(step, pending),
        }
    }
}

/// A right credential and the grant that it is for.
pub struct PendingSignIn {
    pub(super) account: AccountId,
    pub(super) credential: Credential,
    /// What was proven so far.
    pub(super) factors: Factors,
    pub(super) grant: Grant,
    /// The known-browser secret to remember; `None` for programs.
    pub(super) browser: Option<Token>,
    /// The session that the new one replaces.
    pub(super) replaces: Option<(AccountId, SessionId)>,
    /// The code that a program sent, which is still to be checked.
    pub(super) code: Option<PendingCode>,
}

/// A code that came with a password. Both are answered as one.
pub(super) struct PendingCode {
    pub(super) typed: Zeroizing<String>,
    /// Whether the password was right.
    pub(super) password: bool,
}

impl PendingSignIn {
    /// The account that is signed in to.
    pub(in crate::flows) fn account(&self) -> AccountId {
        self.account
    }
}

impl std::fmt::Debug for PendingSignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingSignIn").field("account", &self.account).finish_non_exhaustive()
    }
}

/// The credential that was right.
pub(super) enum Credential {
    /// The password that was set at `changed_at`.
    Password {
        changed_at: Option<Millis>,
        /// The stored hash, and its replacement at today's cost.
        rehashed: Option<(Option<String>, String)>,
    },
    /// A password that was made for one program.
    AppPassword(AppPasswordId),
    /// A ticket. The grant uses it up.
    Ticket(Token),
    /// A sign-in that waited for the second factor, by its number. The grant ends it.
    Suspended {
        number: i64,
        /// When the password was set that it began with.
        changed_at: Option<Millis>,
    },
    /// A passkey's answer. The grant uses its challenge up.
    Passkey(PasskeyProof),
    /// An account at another provider.
    Identity(IdentityId),
}

impl Credential {
    /// The error for a credential that has become invalid.
    pub(super) fn refusal(&self) -> AccountError {
        match self {
            Self::Password { .. } | Self::AppPassword(_) => AccountError::InvalidCredentials,
            Self::Ticket(_) | Self::Identity(_) => AccountError::NotFound,
            Self::Suspended { .. } => AccountError::TicketSpent,
            Self::Passkey(_) => AccountError::field(Field::Passkey, FieldCode::PasskeyExpired),
        }
    }

    /// The error for an account that was locked meanwhile. A ticket is not a password: its holder is told
    /// nothing.
    pub(super) fn barred(&self) -> AccountError {
        match self {
            Self::Password { .. }
            | Self::AppPassword(_)
            | Self::Suspended { .. }
            | Self::Passkey(_)
            | Self::Identity(_) => AccountError::Locked,
            Self::Ticket(_) => self.refusal(),
        }
    }

    /// Whether the credential is still valid for `found`, which was read under the account's lock.
    pub(super) async fn still_holds(
        &self,
        tx: &mut Tx,
        found: &Credentials,
        client: &Client,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let id = found.account.id;
        match self {
            Self::Password { changed_at, rehashed } => {
                if found.password_changed_at != *changed_at {
                    return Ok(false);
                }
                if let Some((old, new)) = rehashed
                    && accounts::set_password_hash(tx, id, old.as_deref(), new, false, now).await?
                    && let Some(old) = old
                {
                    claims::follow(tx, id, old, new).await?;
                }
                Ok(true)
            }
            Self::AppPassword(app_password) => {
                let place = client.place();
                app_passwords::touch(tx, id, *app_password, (&client.browser_label, &place), now).await
            }
            Self::Ticket(ticket) => {
                let used = tickets::consume(tx, &ticket.digest(), TicketPurpose::Autologin, now).await?;
                Ok(used == Some(id))
            }
            Self::Suspended { number, changed_at } => {
                Ok(found.password_changed_at == *changed_at && pending_sign_ins::end(tx, *number).await?)
            }
            Self::Passkey(proof) => proof.settle(tx, now).await,
            Self::Identity(identity) => identities::touch(tx, id, *identity, now).await,
        }
    }
}

/// Why a sign-in was not granted.
pub(super) enum NotGranted {
    Wanted(Step),
    Refused(AccountError),
}

impl From<StoreError> for NotGranted {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl SignIn {
    /// Writes the grant of a right credential, unless a further step is wanted. Everything is checked again
    /// under the account's lock: a session granted for an old password would survive the change.
    ///
    /// # Errors
    /// `InvalidCredentials` when the password was changed meanwhile, `Locked` when the account was;
    /// `NotFound` when the ticket was used or voided meanwhile; `Invalid` when the passkey was.
    pub async fn advance(
        &self,
        pending: PendingSignIn,
        client: &Client,
    ) -> Result<SignInOutcome<(Account, Token)>, AccountError> {
        let account = pending.account;
        let entered =
            self.store.transact_on(account, async |tx| self.enter(tx, &pending, client).await).await;
        if entered.is_err() {
            self.spend_challenge(&pending).await?;
        }
        match entered {
            Ok(entered) => Ok(SignInOutcome::Granted(entered)),
            Err(NotGranted::Wanted(step)) => Ok(SignInOutcome::Wanted(step, Box::new(pending))),
            Err(NotGranted::Refused(error)) => Err(error),
        }
    }

    pub(super) async fn enter(
        &self,
        tx: &mut Tx,
        pending: &PendingSignIn,
        client: &Client,
    ) -> Result<(Account, Token), NotGranted> {
        let (id, now) = (pending.account, self.clock.now());
        let refused = || NotGranted::Refused(pending.credential.refusal());
        // A concurrent change of the password or the address either waits for this lock, and then ends this
        // grant too, or came first, and then the credential is no longer valid.
        let found = accounts::hold_and_find(tx, id).await?.ok_or_else(refused)?;
        if !pending.credential.still_holds(tx, &found, client, now).await? {
            return Err(refused());
        }
        let factors = match &pending.code {
            Some(code) => self.with_code(tx, &found, code, pending.factors, client, now).await?,
            None => pending.factors,
        };
        let account = found.account;
        let factors = self.with_trust(tx, &account, pending, factors, now).await?;
        match self.admission.of(&account, factors, pending.grant) {
            Verdict::Admitted => {}
            Verdict::Wanted(step) => return Err(NotGranted::Wanted(step)),
            Verdict::Barred => return Err(NotGranted::Refused(pending.credential.barred())),
        }
        if pending.grant != Grant::Autologin {
            let noted = Noted::by_owner(EventKind::SignedIn, pending.grant.door()).with(factors);
            security_log::note(tx, id, &noted, client, now).await?;
        }
        if let Some(browser) = &pending.browser {
            self.notices.notify_new_browser(tx, &account, &browser.digest(), client, now).await?;
        }
        if let Some(program) = pending.grant.of_program() {
            self.notices.notify_new_program(tx, &account, program, client, now).await?;
        }
        if let Some((account, session)) = pending.replaces {
            sessions::end(tx, account, session).await?;
        }
        let token = self.grants.give(tx, id, pending.grant, factors, client, now).await?;
        let token = token.ok_or_else(refused)?;
        if let Credential::AppPassword(app_password) = pending.credential {
            app_passwords::tie(tx, id, app_password, &token.digest()).await?;
        }
        if let Some(browser) = &pending.browser {
            let (digest, place) = (browser.digest(), client.place());
            let label = client.browser_label.as_str();
            let seen = known_browsers::NewKnownBrowser { token: &digest, label, place: &place };
            known_browsers::remember(tx, id, &seen, BROWSERS_KEPT, now).await?;
        }
        Ok((account, token))
    }

    /// What was proven, with the trust that the account's owner has in this browser where that counts.
    async fn with_trust(
        &self,
        tx: &mut Tx,
        account: &Account,
        pending: &PendingSignIn,
        proven: Factors,
        now: Millis,
    ) -> Result<Factors, StoreError> {
        if account.second_factor_at.is_none() || proven.are_enough() || pending.grant != Grant::Session {
            return Ok(proven);
        }
        let Some(browser) = &pending.browser else { return Ok(proven) };
        let trusted = known_browsers::is_trusted(tx, account.id, &browser.digest(), now).await?;
        Ok(if trusted { proven.and(Factor::TrustedBrowser) } else { proven })
    }

    /// The factors that a password and a code prove together. The code of an account that wants no second
    /// factor any more is ignored.
    ///
    /// # Errors
    /// `InvalidCredentials` where either is wrong; `StepWanted` for a right code beside an expired password.
    async fn with_code(
        &self,
        tx: &mut Tx,
        found: &Credentials,
        code: &PendingCode,
        factors: Factors,
        client: &Client,
        now: Millis,
    ) -> Result<Factors, NotGranted> {
        let refused = |error| Err(NotGranted::Refused(error));
        let proven = match found.account.second_factor_at {
            Some(_) => {
                let id = found.account.id;
                let used = self.second_factors.use_code(tx, id, &code.typed, client, now).await;
                used.map_err(NotGranted::Refused)?.map(|factor| factors.and(factor))
            }
            None => Some(factors),
        };
        match proven.filter(|_| code.password) {
            None => refused(AccountError::InvalidCredentials),
            Some(_) if found.password_expires_at.is_some_and(|end| end <= now) => {
                refused(AccountError::StepWanted(Step::NewPassword))
            }
            Some(proven) => Ok(proven),
        }
    }

    /// As [`advance`](Self::advance), for a browser with the known-browser secret `browser`.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub(super) async fn advance_browser(
        &self,
        pending: PendingSignIn,
        browser: Token,
        client: &Client,
    ) -> Result<SignInOutcome<LoggedIn>, AccountError> {
        let outcome = self.advance(pending, client).await?;
        Ok(outcome.map(|(account, session)| LoggedIn { account, session, browser }))
    }
}
