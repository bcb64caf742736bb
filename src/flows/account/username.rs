//! The username: its change by the account's owner, and what it was before.

use super::profile::Profiles;
use crate::flows::client::Client;
use crate::flows::mail::cause;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::{SignedIn, require_session_held};
use domain::{
    AccountError, AccountId, EventKind, Field, FieldCode, FormerUsername, MailKind, Millis, Username,
    UsernameLife, days_until,
};
use limiter::Action;
use store::former_usernames::{self, GivenUp};
use store::{StoreError, Tx, accounts};

/// What an account was called before, and from when on it can be called something else.
#[derive(Clone, Debug, Default)]
pub struct UsernameHistory {
    /// The newest first.
    pub former: Vec<FormerUsername>,
    /// When the owner can choose another; `None` if at once.
    pub next_change: Option<Millis>,
    /// In how many days the owner can choose another once; 0 if at any time.
    pub change_days: u64,
}

impl Profiles {
    /// Replaces the account's username. The former one stays reserved for a while.
    ///
    /// # Errors
    /// `Invalid` when the username breaks a rule, is reserved or is taken, or the last change was too lately;
    /// `Throttled`.
    pub async fn change_username(
        &self,
        who: &SignedIn,
        typed: &str,
        client: &Client,
    ) -> Result<(), AccountError> {
        let now = self.clock.now();
        spend(&self.limiter, Action::SettingsWrite, who.account().id, client, now)?;
        let id = who.account().id;
        let refused = |code| AccountError::field(Field::Username, code);
        let username = Username::parse(typed).map_err(refused)?;
        // Whoever has such a name, or had it, may spell it anew.
        if !self.is_or_was(who, &username).await? {
            self.rules.check_username(&username).map_err(refused)?;
        }
        {
            let mut db = self.store.read().await?;
            let taken = accounts::taken(&mut db, None, Some(&username), Some(id)).await?;
            if !taken.is_empty() {
                return Err(AccountError::taken(taken));
            }
        }
        self.store
            .transact_on(id, async |tx| {
                let found = accounts::hold_and_find(tx, id).await?;
                require_session_held(tx, who).await?;
                let former = found.and_then(|found| found.account.username);
                if former.as_ref() == Some(&username) {
                    return Ok(());
                }
                let another = former.as_ref().is_some_and(|former| former.key() != username.key());
                if another && let Some(last) = former_usernames::last_by_owner(tx, id).await? {
                    let next = self.usernames.next_change(last, now);
                    let lately = |next| FieldCode::UsernameChangedLately { days: days_until(next, now) };
                    next.map_or(Ok(()), |next| Err(refused(lately(next))))?;
                }
                let written = accounts::set_username(tx, id, &username, now).await;
                written.map_err(|error| error.or_taken(Field::Username))?;
                if let Some(former) = former.as_ref().filter(|_| another) {
                    give_up(tx, id, former, true, self.usernames, now).await?;
                }
                let detail = former.as_ref().map_or("", Username::as_str);
                let noted = Noted::by_owner(EventKind::UsernameChanged, detail);
                security_log::note(tx, id, &noted, client, now).await?;
                // A first username replaces nothing, so it needs no notice.
                if former.is_some() {
                    cause::notify(tx, MailKind::UsernameChanged, who.account(), client, now).await?;
                }
                Ok(())
            })
            .await
    }

    async fn is_or_was(&self, who: &SignedIn, username: &Username) -> Result<bool, AccountError> {
        let key = username.key();
        if who.account().username.as_ref().is_some_and(|present| present.key() == key) {
            return Ok(true);
        }
        let history = self.username_history(who).await?;
        Ok(history
            .former
            .iter()
            .any(|former| former.reserved_until.is_some() && former.username.key() == key))
    }

    /// What the account was called, and when its owner can change that again. An account without a username
    /// has never had one.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn username_history(&self, who: &SignedIn) -> Result<UsernameHistory, AccountError> {
        let account = who.account();
        if account.username.is_none() {
            return Ok(UsernameHistory::default());
        }
        let read = || async {
            let mut db = self.store.read().await?;
            Ok::<_, AccountError>(former_usernames::list(&mut db, account.id).await?)
        };
        let mut former = who.state.former_usernames.get_or_try_init(read).await?.clone();
        let now = self.clock.now();
        for name in &mut former {
            name.reserved_until = name.reserved_until.filter(|until| *until > now);
        }
        let last = former.iter().find(|name| name.by_owner).map(|name| name.given_up_at);
        let next_change = last.and_then(|last| self.usernames.next_change(last, now));
        let change_days = days_until(Millis(0).after(self.usernames.change_every), Millis(0));
        Ok(UsernameHistory { former, next_change, change_days })
    }
}

/// Notes that `account` has given `former` up, by its owner or by whoever administers accounts.
pub(in crate::flows) async fn give_up(
    tx: &mut Tx,
    account: AccountId,
    former: &Username,
    by_owner: bool,
    life: UsernameLife,
    now: Millis,
) -> Result<(), StoreError> {
    let given_up = GivenUp { username: former, by_owner, reserved_until: now.after(life.reserved) };
    former_usernames::insert(tx, account, &given_up, now).await
}
