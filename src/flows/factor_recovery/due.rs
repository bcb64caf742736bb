//! The background work: telling owners every day, and taking the factors off when the time is over. Instances
//! do it side by side; the write under the account's lock says which of them tells.

use std::sync::Arc;

use super::removal::remove_factors;
use crate::flows::mail::cause::tell;
use crate::flows::security_log::Noted;
use domain::lifetimes::{
    FACTOR_RECOVERY_LATE, FACTOR_RECOVERY_LOOK, FACTOR_RECOVERY_PUT_OFF, FACTOR_RECOVERY_TELL,
};
use domain::{Account, AccountId, Clock, EventKind, MailKind, Millis, RecoveryNotice};
use store::{Store, StoreError, Tx, accounts, outbox, paired_devices};

/// Accounts that are seen to in one go.
const AT_ONCE: i64 = 100;

/// Most paired devices that are counted.
const COUNTED: i64 = 1_000;

/// Tells and takes off what is due.
#[derive(Clone)]
pub struct DueRecoveries {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) clock: Arc<dyn Clock>,
}

impl DueRecoveries {
    /// Starts a task that looks for what is due.
    pub fn keep(&self) {
        let due = self.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(FACTOR_RECOVERY_LOOK);
            let mut troubled = false;
            loop {
                every.tick().await;
                match due.now().await {
                    Ok(()) => troubled = false,
                    Err(error) if !std::mem::replace(&mut troubled, true) => {
                        log::warn!(
                            "second factors that were asked to be taken off are seen to later: {error}"
                        );
                    }
                    Err(_) => {}
                }
            }
        });
    }

    /// Sees to everything that is due.
    async fn now(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let found = {
            // A read blocks nobody; an unconditional write would delay other writers.
            let mut db = self.store.read().await?;
            accounts::factor_recoveries(&mut db, now.before(FACTOR_RECOVERY_TELL), AT_ONCE, now).await?
        };
        for id in found {
            self.store.transact_on(id, async |tx| see_to(tx, id, now).await).await?;
        }
        Ok(())
    }
}

async fn see_to(tx: &mut Tx, id: AccountId, now: Millis) -> Result<(), StoreError> {
    let Some(found) = accounts::hold_and_find(tx, id).await? else { return Ok(()) };
    let account = found.account;
    let Some(due) = account.factor_recovery_due_at else { return Ok(()) };
    let late = now.before(FACTOR_RECOVERY_LATE);
    if due > now {
        if accounts::tell_factor_recovery(tx, id, now.before(FACTOR_RECOVERY_TELL), now).await? {
            asked_again(tx, &account, None, now).await?;
        }
    } else if due <= late {
        // While nothing ran here, nobody could stop it, and nobody was told.
        let due = now.after(FACTOR_RECOVERY_PUT_OFF);
        if accounts::put_off_factor_recovery(tx, id, late, due, now).await? {
            let account = Account { factor_recovery_due_at: Some(due), ..account };
            asked_again(tx, &account, None, now).await?;
        }
    } else if !outbox::waits(tx, id, MailKind::FactorRecoveryAsked).await?
        && accounts::take_factor_recovery(tx, id, late, now).await?
    {
        let noted = Noted::by_itself(EventKind::FactorsRemoved);
        remove_factors(tx, &account, &noted, now).await?;
    }
    Ok(())
}

/// Writes the message that the factors of `account` are going to be taken off. `locale` is the language for
/// an account that has none of its own.
pub(super) async fn asked_again(
    tx: &mut Tx,
    account: &Account,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    let Some(due) = account.factor_recovery_due_at else { return Ok(()) };
    let devices = paired_devices::list(tx, account.id, COUNTED).await?.len();
    let notice = RecoveryNotice { due, devices: devices as u64 };
    tell(tx, MailKind::FactorRecoveryAsked, account, &notice.to_stored(), locale, now).await
}
