//! Weighing a typed password: whose it is, whether it is right, and whether that is enough at this door.

use super::admission::Verdict;
use super::grants::Grant;
use super::steps::{LoginAttempt, SignIn};
use crate::flows::client::Client;
use crate::flows::known_devices::{KnownDevices, stranger};
use crate::flows::passwords::Against;
use crate::flows::refusals::refuse_throttled;
use domain::{
    AccountError, AccountId, AppPassword, AppPasswordId, Audience, Factor, Factors, Password, Step,
    identifier_key,
};
use hasher::Verified;
use limiter::{Attempt, Subject};
use store::accounts::{self, Credentials};
use store::app_passwords;
use store::claims::{self, Claim};

/// What an account that wants a second factor has to show beside its password. Where that is missing, a right
/// password is answered like a wrong one: with the same error, queries and hashes, and counted alike.
#[derive(Clone, Copy, Debug)]
pub(in crate::flows) enum Beside<'a> {
    /// A page asks for it, once the password was right.
    AskedLater,
    /// Nothing that this request has is enough.
    Nothing,
    /// The request came with a bearer of this account. The password must be that account's too.
    Bearer(AccountId),
    /// The door of a program: an app password for this dialect in place of the password, or a code.
    Program { door: Audience, code: &'a str },
}

impl Beside<'_> {
    /// Whether a page asks.
    fn is_page(self) -> bool {
        matches!(self, Self::AskedLater)
    }
}

/// What a typed password is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worth {
    No,
    Password,
    AppPassword(AppPasswordId),
    /// It is worth something if the code is right, and `password` is true.
    IfCode {
        password: bool,
    },
}

/// A typed password that was checked. The limiter still counts it as wrong.
pub(super) struct Weighed {
    pub(super) guess: Attempt,
    pub(super) found: Option<Credentials>,
    pub(super) claim: Option<Claim>,
    pub(super) devices: KnownDevices,
    pub(super) verified: Verified,
    pub(super) right: Worth,
}

/// What was found about whom an attempt names.
struct Known {
    found: Option<Credentials>,
    devices: KnownDevices,
    claim: Option<Claim>,
    app_password: Option<AppPasswordId>,
}

impl SignIn {
    /// Finds the account and checks its password, as a guess that the limiter counts. Computes one hash,
    /// whatever is found.
    ///
    /// # Errors
    /// `Throttled`, `Busy`.
    pub(super) async fn weigh(
        &self,
        attempt: &LoginAttempt<'_>,
        beside: Beside<'_>,
        client: &Client,
    ) -> Result<Weighed, AccountError> {
        let now = self.clock.now();
        let Known { found, devices, claim, app_password } = self.look_up(attempt, beside, client).await?;
        let subject = |id, email_key: &str| self.admission.subject(&self.limiter, id, email_key, client);
        let guesser = match (&found, &claim) {
            (Some(Credentials { account, .. }), _) => {
                devices.guesser(account.id, subject(account.id, &account.email.key()), client)
            }
            (None, Some(claim)) => stranger(subject(claim.account_id, &claim.email_key), client),
            (None, None) => {
                let fingerprint = self.limiter.fingerprint(&identifier_key(attempt.identifier));
                stranger(Subject::UnknownIdentifier(fingerprint), client)
            }
        };
        let guess = self.limiter.begin_login(now.0, guesser).await.map_err(refuse_throttled)?;
        let stored = found.as_ref().and_then(|found| found.password_hash.as_deref());
        let like = || self.limiter.fingerprint(&identifier_key(attempt.identifier));
        let against = stored.map_or_else(|| Against::Nothing { like: like() }, Against::Hash);
        // Bytes that cannot be a password, such as too many, cost the same time.
        let typed = Password::parse(attempt.password.0).ok();
        let account = found.as_ref().map(|found| found.account.id);
        let verified = self.passwords.verify_unspent(typed.as_ref(), against, &guess, account, client);
        let verified = match verified.await {
            Ok(verified) => verified,
            Err(error) => {
                guess.refund().await;
                return Err(error);
            }
        };
        let worth = worth(found.as_ref(), verified.matches, app_password, beside);
        let factors = Factors::only(Factor::Password);
        let verdict = found.as_ref().map(|found| self.admission.of(&found.account, factors, Grant::Session));
        let unproven = matches!(verdict, None | Some(Verdict::Wanted(Step::Verify)));
        // Nobody enters an account that has a claim and is not proven.
        let right = if claim.is_some() && unproven { Worth::No } else { worth };
        Ok(Weighed { guess, found, claim, devices, verified, right })
    }

    /// The account that an attempt names, and what else the answer depends on. The number of queries does not
    /// depend on what is found.
    async fn look_up(
        &self,
        attempt: &LoginAttempt<'_>,
        beside: Beside<'_>,
        client: &Client,
    ) -> Result<Known, AccountError> {
        let mut db = self.store.read().await?;
        let found = accounts::find_named_even_deleted(&mut db, attempt.identifier).await?;
        // A registration finds the address of a deleted account taken like any other.
        let claimed = found.as_ref().map(|found| found.account.id);
        // A page can say that the account is to go. Nobody else finds it.
        let found = found.filter(|Credentials { account, .. }| {
            account.deleted_at.is_none() || beside.is_page() && account.is_leaving()
        });
        let devices = KnownDevices::of(&mut db, attempt.browser, client).await?;
        let id = found.as_ref().map(|found| found.account.id);
        let claim = if self.admission.conceals(client) {
            claims::find(&mut db, claimed, attempt.identifier).await?
        } else {
            None
        };
        let app_password = match beside {
            Beside::Program { door, .. } => {
                let id = id.unwrap_or(AccountId(0));
                let digest = AppPassword::digest(attempt.password.0, id, door);
                app_passwords::find(&mut db, id, door, &digest).await?
            }
            Beside::AskedLater | Beside::Nothing | Beside::Bearer(_) => None,
        };
        Ok(Known { found, devices, claim, app_password })
    }

    /// The error for whoever does not enter, who is counted as having guessed wrong.
    pub(super) async fn refuse(
        &self,
        weighed: Weighed,
        attempt: &LoginAttempt<'_>,
        client: &Client,
    ) -> AccountError {
        let Weighed { guess, claim, found, .. } = weighed;
        match claim {
            Some(claim) => {
                // The claim of the registration that made the account is its own password, of which nobody is
                // told that it is right. Any other claim is answered like one of an address without account.
                let own = found.is_some_and(|found| {
                    found.account.second_factor_at.is_some()
                        && found.password_hash.as_deref() == Some(&claim.password_hash)
                });
                self.answer_claim(attempt, &claim, own, guess, client).await
            }
            None => {
                guess.failed();
                AccountError::InvalidCredentials
            }
        }
    }

    /// Answers whoever does not enter an account that has a claim: that the address is to be proven, to the
    /// password of the last registration; else, and where that is the account's `own` and not enough, that it
    /// was wrong. Whether that registration made the account or found it there changes nothing: neither the
    /// answer, nor the number of hashes, nor what is counted.
    async fn answer_claim(
        &self,
        attempt: &LoginAttempt<'_>,
        claim: &Claim,
        own: bool,
        guess: Attempt,
        client: &Client,
    ) -> AccountError {
        let typed = Password::parse(attempt.password.0).ok();
        // Anybody can make a claim, so its password does not spend from the account's bucket either.
        let stored = Against::Hash(&claim.password_hash);
        let verified = self.passwords.verify_guess(typed.as_ref(), stored, &guess, None, client).await;
        match verified {
            // Anybody can make a claim, so its password ends no delay of the account's.
            Ok(Verified { matches: true, .. }) if !own => {
                guess.failed();
                AccountError::StepWanted(Step::Verify)
            }
            Ok(_) => {
                guess.failed();
                AccountError::InvalidCredentials
            }
            Err(error) => {
                guess.refund().await;
                error
            }
        }
    }
}

/// What a typed password is worth, `matches` saying whether it is the account's.
fn worth(
    found: Option<&Credentials>,
    matches: bool,
    app_password: Option<AppPasswordId>,
    beside: Beside<'_>,
) -> Worth {
    let own = if matches { Worth::Password } else { Worth::No };
    let wants_more = found.is_some_and(|found| found.account.second_factor_at.is_some());
    match beside {
        Beside::AskedLater => own,
        Beside::Bearer(id) if found.is_some_and(|found| found.account.id == id) => own,
        Beside::Bearer(_) => Worth::No,
        Beside::Nothing if wants_more => Worth::No,
        Beside::Nothing => own,
        Beside::Program { code, .. } => match app_password.filter(|_| wants_more) {
            Some(id) => Worth::AppPassword(id),
            None if own == Worth::Password && !wants_more => own,
            None if code.trim().is_empty() => Worth::No,
            // Whether the password is right or wrong, the same is done for a code.
            None => Worth::IfCode { password: matches },
        },
    }
}
