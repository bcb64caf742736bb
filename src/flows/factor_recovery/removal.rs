//! The end of all second factors of an account at once.

use super::stop::withdraw;
use crate::flows::mail::cause::tell;
use crate::flows::openings::{Spared, end_everything};
use crate::flows::second_factors::take_all;
use crate::flows::security_log::{self, Noted};
use domain::{Account, MailKind, Millis};
use store::{StoreError, Tx, accounts};

/// Takes off all second factors of `account`, and ends everything that opens it but its password. Its owner
/// is told. `noted` says who did it. A recovery that somebody asked for ends with it.
pub(in crate::flows) async fn remove_factors(
    tx: &mut Tx,
    account: &Account,
    noted: &Noted<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    let id = account.id;
    accounts::end_factor_recovery(tx, id).await?;
    withdraw(tx, id, now).await?;
    end_everything(tx, id, Spared::NOTHING, now).await?;
    take_all(tx, id).await?;
    security_log::note_here(tx, id, noted, now).await?;
    tell(tx, MailKind::FactorsRemoved, account, "", None, now).await
}
