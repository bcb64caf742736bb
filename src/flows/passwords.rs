//! Hashing, checking and replacing passwords.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::client::Client;
use super::mail::cause;
use super::openings::{Spared, end_everything};
use super::refusals::{refuse_hash, refuse_throttled, spend_by_account, spend_by_address};
use super::security_log::{self, Noted};
use super::sessions::signed_in::SignedIn;
use domain::{
    Account, AccountError, AccountId, Clock, FieldCode, MailKind, Millis, Password, PasswordPolicy,
    SessionId, TypedPassword, Username,
};
use hasher::{HashError, Hasher, Presented, Verified};
use limiter::{Action, Attempt, Device, Guesser, Key, Limiter};
use store::accounts::{self, Credentials};
use store::{Store, StoreError, Tx, account_passwords};

/// Hashes and checks passwords. Every hash is computed here and counted by its client's address first, right
/// or wrong, except a trusted server's. What computes one for an account is counted by the account too: right
/// passwords here, wrong ones as guesses, other hashes by the flow that wants them.
#[derive(Clone)]
pub(super) struct Passwords {
    pub(super) store: Store,
    pub(super) hasher: Arc<Hasher>,
    pub(super) limiter: Limiter,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rules: PasswordPolicy,
    /// Whether the user secret outlives a change of password (`amadis.secret_outlives_password`).
    pub(super) secret_outlives: bool,
}

impl Passwords {
    /// What goes on when the password is replaced: the session in which its owner does it, if it is one, and
    /// the user secret where the operator wants it so.
    pub(super) fn spared(&self, session: Option<SessionId>) -> Spared<'static> {
        Spared { session, browser: None, user_secret: self.secret_outlives }
    }

    /// Computes the hash to store.
    ///
    /// # Errors
    /// `Throttled`; `Busy` when the queue is full or a trusted server has waited too long.
    pub(super) async fn hash(&self, password: &Password, client: &Client) -> Result<String, AccountError> {
        spend_by_address(&self.limiter, Action::PasswordHash, client, self.clock.now())?;
        let hashed = self.hasher.hash(Zeroizing::new(password.as_bytes().to_vec()), client.in_line());
        Ok(client.wait_for(hashed).await.map_err(refuse_hash)?.into_string())
    }

    /// Checks a password that `account`'s owner chose against the rules.
    ///
    /// # Errors
    /// The rule that the password breaks.
    pub(super) fn check_own_choice(
        &self,
        account: &Account,
        chosen: TypedPassword<'_>,
    ) -> Result<Password, FieldCode> {
        let new = Password::parse(chosen.0)?;
        let username = account.username.as_ref().map_or("", Username::as_str);
        let own = [account.email.as_str(), account.email.local_part(), username, &account.name];
        self.rules.check(&new, &own)?;
        Ok(new)
    }

    /// Checks the present password of a signed-in account, and returns the credentials that it is of.
    ///
    /// # Errors
    /// `Invalid` when the password is wrong; `Throttled`, `Busy`.
    pub(super) async fn confirm_own(
        &self,
        who: &SignedIn,
        typed: &Password,
        client: &Client,
    ) -> Result<Credentials, AccountError> {
        let id = who.account().id;
        let found = accounts::find(&mut self.store.read().await?, id).await?;
        let found = found.ok_or(AccountError::Unauthenticated)?;
        // Guesses count per session, so that nobody can guess without end in a browser left unlocked.
        let guesser = Guesser::KnownDevice { account: id.0, device: Device::Session(who.session.id.0) };
        let stored = found.password_hash.as_deref();
        let right = self.is_right(typed, stored, guesser, id, client).await?;
        if right { Ok(found) } else { Err(AccountError::wrong_password()) }
    }

    /// Whether `typed` matches the hash `stored` of `account`. Counts as a guess of `guesser`.
    ///
    /// # Errors
    /// `Throttled`, `Busy`.
    pub(super) async fn is_right(
        &self,
        typed: &Password,
        stored: Option<&str>,
        guesser: Guesser,
        account: AccountId,
        client: &Client,
    ) -> Result<bool, AccountError> {
        let guess = self.limiter.begin_login(self.clock.now().0, guesser).await.map_err(refuse_throttled)?;
        // Whose account it is, is known to whoever comes here.
        let against = stored.map_or(Against::Nothing { like: 0 }, Against::Hash);
        match self.verify_guess(Some(typed), against, &guess, Some(account), client).await {
            Ok(verified) if verified.matches => {
                guess.succeeded().await;
                Ok(true)
            }
            Ok(_) => {
                guess.failed();
                Ok(false)
            }
            Err(error) => {
                guess.refund().await;
                Err(error)
            }
        }
    }

    /// Verifies a password while the guess `_held` is reserved. Dropping the future half-way counts as a
    /// failed guess. A stored hash that is not supported matches nothing. `None` stands for bytes that cannot
    /// be a password: they take the same time and match nothing.
    ///
    /// # Errors
    /// `Throttled` when the address had too many hashes computed, or `account` too many right passwords.
    /// `Busy` when the queue is full or a trusted server has waited too long.
    pub(super) async fn verify_guess(
        &self,
        password: Option<&Password>,
        against: Against<'_>,
        _held: &Attempt,
        account: Option<AccountId>,
        client: &Client,
    ) -> Result<Verified, AccountError> {
        let verified = self.verify_unspent(password, against, _held, account, client).await?;
        if let (Some(account), true) = (account, verified.matches) {
            self.spend_right(account, client)?;
        }
        Ok(verified)
    }

    /// [`verify_guess`](Self::verify_guess), where a right password is not yet enough. The caller counts it
    /// by the account once it is.
    ///
    /// # Errors
    /// As [`verify_guess`](Self::verify_guess).
    pub(super) async fn verify_unspent(
        &self,
        password: Option<&Password>,
        against: Against<'_>,
        _held: &Attempt,
        account: Option<AccountId>,
        client: &Client,
    ) -> Result<Verified, AccountError> {
        let now = self.clock.now();
        // Whoever has the password is refused before the hash. Nobody else can empty this bucket.
        if let (Some(account), false) = (account, client.trusted) {
            let open = self.limiter.check(Action::PasswordHash, Key::Account(account.0), now.0);
            open.map_err(refuse_throttled)?;
        }
        spend_by_address(&self.limiter, Action::PasswordHash, client, now)?;
        let presented = Presented::new(
            password.map_or(&b""[..], Password::as_bytes),
            password.map_or(&b""[..], Password::as_typed),
        );
        let verified = client.wait_for(self.compare(presented, against, client));
        const NO: Verified = Verified { matches: false, needs_rehash: false };
        match verified.await {
            Ok(verified) if password.is_some() => Ok(verified),
            Ok(_) | Err(HashError::Unsupported) => Ok(NO),
            Err(HashError::SecretMissing) => {
                log::error!("the secret that an imported password hash is made with is not in the settings");
                Ok(NO)
            }
            Err(error) => Err(refuse_hash(error)),
        }
    }

    async fn compare(
        &self,
        password: Presented,
        against: Against<'_>,
        client: &Client,
    ) -> Result<Verified, HashError> {
        match against {
            Against::Hash(stored) => self.hasher.verify(password, stored, client.in_line()).await,
            Against::Nothing { like } => self.hasher.verify_unknown(password, like, client.in_line()).await,
        }
    }

    /// Counts a right password of `account`.
    ///
    /// # Errors
    /// `Throttled`.
    pub(super) fn spend_right(&self, account: AccountId, client: &Client) -> Result<(), AccountError> {
        spend_by_account(&self.limiter, Action::PasswordHash, account, client, self.clock.now())
    }
}

/// What a typed password is compared with.
#[derive(Clone, Copy)]
pub(super) enum Against<'a> {
    /// The account's hash.
    Hash(&'a str),
    /// There is no account, or it has no password.
    Nothing {
        /// A number of the name that was typed.
        like: u64,
    },
}

/// A password hash in place of another.
pub(super) struct Replacement<'a> {
    pub(super) old: Option<&'a str>,
    /// When the old password was chosen.
    pub(super) changed_at: Option<Millis>,
    pub(super) new: &'a str,
    /// What goes on when everything else ends.
    pub(super) spared: Spared<'a>,
    /// What is written of it.
    pub(super) noted: Noted<'a>,
}

/// Replaces the password hash of `account` and notifies its owner. Ends everything that opens the account
/// except what is spared. Returns `false`, and ends nothing, when the password has changed meanwhile.
pub(super) async fn replace(
    tx: &mut Tx,
    account: &Account,
    with: &Replacement<'_>,
    client: &Client,
    now: Millis,
) -> Result<bool, StoreError> {
    accounts::hold(tx, account.id).await?;
    // One that was ended meanwhile has the same hash.
    if account_passwords::changed_at(tx, account.id).await? != with.changed_at {
        return Ok(false);
    }
    if !accounts::set_password_hash(tx, account.id, with.old, with.new, true, now).await? {
        return Ok(false);
    }
    end_everything(tx, account.id, with.spared, now).await?;
    security_log::note(tx, account.id, &with.noted, client, now).await?;
    cause::notify(tx, MailKind::PasswordChanged, account, client, now).await?;
    Ok(true)
}
