//! The second step of a sign-in: a right password or link waits for a code.

use super::grants::Grant;
use super::steps::{Credential, LoggedIn, NotGranted, PendingSignIn, SignIn, SignInOutcome};
use crate::flows::client::Client;
use crate::flows::known_devices::KnownDevices;
use crate::flows::passkeys::PasskeyProof;
use crate::flows::refusals::{refuse_throttled, spend_by_address};
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::SignedIn;
use domain::lifetimes::{PENDING_SIGN_IN, TRUSTED_BROWSER};
use domain::{Account, AccountError, EventKind, Factor, Factors, Field, FieldCode, Token, require_fields};
use limiter::Action;
use serde_json::Value;
use store::pending_sign_ins::{self, NewPendingSignIn, StoredPendingSignIn};
use store::{Tx, accounts, known_browsers, passkeys};

/// Codes that one sign-in may try. The step is closed then, not the account.
const MOST_CODES: i64 = 5;

/// Sign-ins of an account that may wait at once. More end the oldest.
const MOST_PENDING: i64 = 20;

/// The form of the second step, and the browser's cookies.
#[derive(Clone, Copy, Debug)]
pub struct SecondStep<'a> {
    /// The secret of the sign-in that waits.
    pub token: &'a Token,
    /// What is to be the second factor.
    pub answer: SecondAnswer<'a>,
    /// Whether this browser is not to be asked again for a while.
    pub trust: bool,
    /// The known-browser secret of this browser, if it has one.
    pub browser: Option<&'a Token>,
    /// The browser's present session, which the new one replaces.
    pub replaces: Option<&'a SignedIn>,
}

/// What is to be the second factor.
#[derive(Clone, Copy, Debug)]
pub enum SecondAnswer<'a> {
    /// A code, as typed.
    Code(&'a str),
    /// What an authenticator answered.
    Passkey(&'a str),
}

/// A sign-in that waits for its second factor.
#[derive(Debug)]
pub struct Waiting {
    pub account: Account,
    /// Whether one of the account's passkeys may be the second factor.
    pub passkeys: bool,
}

/// What is to be the second factor, as far as it is checked before the account is held.
enum CheckedAnswer<'a> {
    Code(&'a str),
    Passkey(PasskeyProof),
}

/// What became of an answer.
enum Tried {
    Entered(Box<(Account, Token)>),
    Wrong,
    /// It was the last that the sign-in may try, or that had ended.
    Closed,
}

impl SignIn {
    /// Lets a sign-in wait for its second factor, for ten minutes. Its credential is used up. Returns the
    /// secret by which it is resumed, and which opens nothing else.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn suspend(&self, pending: PendingSignIn, client: &Client) -> Result<Token, AccountError> {
        let (id, now) = (pending.account, self.clock.now());
        let token = Token::generate(self.random.as_ref());
        let refused = || pending.credential.refusal();
        let written = self.store.transact_on(id, async |tx| {
            let found = accounts::hold_and_find(tx, id).await?.ok_or_else(refused)?;
            if !found.account.active() {
                return Err(pending.credential.barred());
            }
            if !pending.credential.still_holds(tx, &found, client, now).await? {
                return Err(refused());
            }
            let proof = pending.factors.iter().next().unwrap_or(Factor::Password);
            let new = NewPendingSignIn {
                account_id: id,
                token: &token.digest(),
                proof,
                password_changed_at: found.password_changed_at,
                expires_at: now.after(PENDING_SIGN_IN),
            };
            Ok(pending_sign_ins::insert(tx, &new, MOST_PENDING, now).await?)
        });
        written.await?;
        Ok(token)
    }

    /// The sign-in that waits for its second factor. `None` when it has ended or expired.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn waiting(&self, token: &Token) -> Result<Option<Waiting>, AccountError> {
        let Some((_, account)) = self.find_waiting(token).await? else { return Ok(None) };
        let passkeys =
            self.passkeys.possible() && passkeys::any(&mut self.store.read().await?, account.id).await?;
        Ok(Some(Waiting { account, passkeys }))
    }

    /// What a browser needs for the second step with a passkey of the account.
    ///
    /// # Errors
    /// `TicketSpent` when the sign-in has ended or expired; `Invalid` where the account has no passkey;
    /// `Throttled`.
    pub async fn begin_second_passkey(&self, token: &Token, client: &Client) -> Result<Value, AccountError> {
        let (_, account) = self.find_waiting(token).await?.ok_or(AccountError::TicketSpent)?;
        self.passkeys.begin_for(account.id, None, client).await
    }

    async fn find_waiting(
        &self,
        token: &Token,
    ) -> Result<Option<(StoredPendingSignIn, Account)>, AccountError> {
        let mut db = self.store.read().await?;
        let found = pending_sign_ins::find(&mut db, &token.digest(), self.clock.now()).await?;
        let Some(pending) = found else { return Ok(None) };
        let account = accounts::find(&mut db, pending.account_id).await?.map(|found| found.account);
        Ok(account.filter(Account::active).map(|account| (pending, account)))
    }

    /// Signs a browser in by the second factor of a sign-in that waits.
    ///
    /// # Errors
    /// `Invalid` when the code is wrong. `TicketSpent` when the sign-in has ended, expired, or had too many
    /// wrong codes; `Locked`, `Throttled`.
    pub async fn by_second_factor(
        &self,
        step: &SecondStep<'_>,
        client: &Client,
    ) -> Result<LoggedIn, AccountError> {
        let came_to = self.by_second_factor_uncounted(step, client).await;
        self.counted(Grant::Session, "second_factor", came_to.map(SignInOutcome::Granted))?.granted()
    }

    async fn by_second_factor_uncounted(
        &self,
        step: &SecondStep<'_>,
        client: &Client,
    ) -> Result<LoggedIn, AccountError> {
        if let SecondAnswer::Code(typed) = step.answer {
            require_fields([(Field::FactorCode, typed)])?;
        }
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::TicketUse, client, now)?;
        let (pending, account) = self.find_waiting(step.token).await?.ok_or(AccountError::TicketSpent)?;
        let checked = match step.answer {
            SecondAnswer::Code(typed) => CheckedAnswer::Code(typed),
            SecondAnswer::Passkey(answer) => {
                CheckedAnswer::Passkey(self.passkeys.check_for(account.id, None, answer, client).await?)
            }
        };
        let devices = KnownDevices::of(&mut self.store.read().await?, step.browser, client).await?;
        let subject = self.admission.subject(&self.limiter, account.id, &account.email.key(), client);
        let guesser = devices.guesser(account.id, subject, client);
        let guess = self.limiter.begin_login(now.0, guesser).await.map_err(refuse_throttled)?;
        let browser = step.browser.filter(|_| devices.browser_is_ours()).cloned();
        let browser = browser.unwrap_or_else(|| Token::generate(self.random.as_ref()));
        let tried = self
            .store
            .transact_on(account.id, async |tx| {
                self.try_answer(tx, step, &checked, &pending, &browser, client).await
            })
            .await;
        match tried {
            Ok(Tried::Entered(entered)) => {
                guess.succeeded().await;
                let (account, session) = *entered;
                Ok(LoggedIn { account, session, browser })
            }
            Ok(Tried::Wrong) => {
                guess.failed();
                Err(AccountError::field(Field::FactorCode, FieldCode::FactorCodeWrong))
            }
            Ok(Tried::Closed) => {
                guess.failed();
                Err(AccountError::TicketSpent)
            }
            Err(error) => {
                guess.refund().await;
                Err(match error {
                    NotGranted::Refused(error) => error,
                    NotGranted::Wanted(step) => AccountError::StepWanted(step),
                })
            }
        }
    }

    /// Counts the answer, looks at it and signs in. A wrong one is counted by what this transaction commits.
    async fn try_answer(
        &self,
        tx: &mut Tx,
        step: &SecondStep<'_>,
        checked: &CheckedAnswer<'_>,
        pending: &StoredPendingSignIn,
        browser: &Token,
        client: &Client,
    ) -> Result<Tried, NotGranted> {
        let (id, now) = (pending.account_id, self.clock.now());
        accounts::hold(tx, id).await?;
        let Some(counted) = pending_sign_ins::count_code(tx, pending.number, MOST_CODES).await? else {
            return Ok(Tried::Closed);
        };
        let right = match checked {
            CheckedAnswer::Code(typed) => {
                let used = self.second_factors.use_code(tx, id, typed, client, now).await;
                used.map_err(NotGranted::Refused)?
            }
            CheckedAnswer::Passkey(proof) => proof.settle(tx, now).await?.then_some(Factor::Passkey),
        };
        let Some(factor) = right else {
            let last = counted >= MOST_CODES;
            let why = if last { "closed" } else { "wrong_code" };
            let noted = Noted::by_owner(EventKind::SecondStepRefused, why);
            security_log::note(tx, id, &noted, client, now).await?;
            if last {
                pending_sign_ins::end(tx, pending.number).await?;
            }
            return Ok(if last { Tried::Closed } else { Tried::Wrong });
        };
        let resumed = PendingSignIn {
            account: id,
            credential: Credential::Suspended {
                number: pending.number,
                changed_at: pending.password_changed_at,
            },
            factors: Factors::only(pending.proof).and(factor),
            grant: Grant::Session,
            browser: Some(browser.clone()),
            replaces: step.replaces.map(|old| (old.session.account_id, old.session.id)),
            code: None,
        };
        let entered = self.enter(tx, &resumed, client).await?;
        if step.trust {
            known_browsers::trust(tx, id, &browser.digest(), now.after(TRUSTED_BROWSER)).await?;
            let noted = Noted::by_owner(EventKind::BrowserTrusted, "");
            security_log::note(tx, id, &noted, client, now).await?;
        }
        Ok(Tried::Entered(Box::new(entered)))
    }
}
