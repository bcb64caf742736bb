//! Commands that change an account.

use std::error::Error;

use domain::{Account, Clock as _, EmailAddress, SystemClock, Username};
use serde_json::{Value, json};
use store::Store;

use super::show::account_value;
use super::{AccountCommand, WhomAndWhy, refused, role_named};
use crate::cli::output::{Output, on_one_line};
use crate::cli::table::utc;
use crate::config::Config;
use crate::flows::administration::{AccountName, Order, Ordered, approval, deletion, identity, locking};

/// What has ended, as the commands say it.
const ENDED: &str = "Its sessions, its sign-ins in apps, its paired devices, its user secret and the links mailed to it \
                     have ended.";

/// Does what `command` says.
///
/// # Errors
/// It was refused, or standard output cannot be written to.
pub async fn carry_out(
    config: &Config,
    store: &Store,
    command: &AccountCommand,
    output: Output,
) -> Result<(), Box<dyn Error>> {
    let (clock, operator) = (&SystemClock, Order::of_operator());
    match command {
        AccountCommand::SetRole { whom, role, why } => {
            let whom = &whom.account;
            let wanted = role_named(store, role).await?;
            let order = operator.because(&why.reason);
            let done = identity::set_role(store, clock, order, whom, wanted).await;
            let Ordered { account, changed } = done.map_err(|error| refused(error, Some(whom)))?;
            let said = if changed { "has" } else { "had already" };
            say(output, &account, changed, &format!("{said} the role {role}."))
        }
        AccountCommand::Rename { whom, username, why } => {
            let (whom, life) = (&whom.account, config.settings.username.life());
            let done =
                identity::rename(store, clock, operator.because(&why.reason), whom, (username, life)).await;
            let Ordered { account, changed } = done.map_err(|error| refused(error, Some(whom)))?;
            let name = account.username.as_ref().map_or("", Username::as_str);
            let said = if changed { "is called" } else { "was called already" };
            say(output, &account, changed, &format!("{said} {name}."))
        }
        AccountCommand::SetAddress { whom, address, why } => {
            set_address(config, store, operator.because(&why.reason), (&whom.account, address), output).await
        }
        AccountCommand::Approve(given) => {
            let (whom, order) = split(given);
            let done = approval::approve(store, clock, order, whom).await;
            let Ordered { account, changed } = done.map_err(|error| refused(error, Some(whom)))?;
            let said = if changed { "is approved of. Its owner is told by mail." } else { "did not wait." };
            say(output, &account, changed, said)
        }
        AccountCommand::Verify(given) => {
            let (whom, order) = split(given);
            let done = identity::verify(store, clock, order, whom).await;
            let Ordered { account, changed } = done.map_err(|error| refused(error, Some(whom)))?;
            let account =
                Account { verified_at: account.verified_at.or_else(|| Some(clock.now())), ..account };
            let said = if changed { "counts as proven." } else { "was proven already." };
            say(output, &account, changed, &format!("has an address that {said}"))
        }
        AccountCommand::Disable(given) => {
            let (whom, order) = split(given);
            let done = locking::lock(store, clock, order, whom).await;
            let locked = done.map_err(|error| refused(error, Some(whom)))?;
            let said = match locked.before {
                None => format!("is locked. {ENDED}"),
                Some(at) => format!("has been locked since {}. {ENDED}", utc(at)),
            };
            let account =
                Account { locked_at: locked.before.or_else(|| Some(clock.now())), ..locked.account };
            say(output, &account, locked.before.is_none(), &said)
        }
        AccountCommand::Enable(given) => {
            let (whom, order) = split(given);
            let done = locking::unlock(store, clock, order, whom).await;
            let locked = done.map_err(|error| refused(error, Some(whom)))?;
            let said = match locked.before {
                Some(at) => format!("is unlocked. It had been locked since {}.", utc(at)),
                None => "was not locked.".to_owned(),
            };
            let account = Account { locked_at: None, ..locked.account };
            say(output, &account, locked.before.is_some(), &said)
        }
        AccountCommand::ResetLink(given) => {
            let (whom, order) = split(given);
            let done = identity::mail_reset_link(store, clock, order, whom).await;
            let account = done.map_err(|error| refused(error, Some(whom)))?;
            say(output, &account, true, "is mailed a link to choose a password; see `vestibule mail list`.")
        }
        AccountCommand::EndSessions(given) => {
            let (whom, order) = split(given);
            let done = locking::end_sessions(store, clock, order, whom).await;
            let account = done.map_err(|error| refused(error, Some(whom)))?;
            say(output, &account, true, &format!("is opened by nothing. {ENDED} Its password is as it was."))
        }
        AccountCommand::RemoveFactors(given) => {
            let (whom, order) = split(given);
            let done = locking::remove_factors(store, clock, order, whom).await;
            let account = done.map_err(|error| refused(error, Some(whom)))?;
            let had = account.second_factor_at.is_some();
            let said = if had {
                format!("has no second factors any more. {ENDED} Its password is as it was.")
            } else {
                "had no second factors. Nothing was changed.".to_owned()
            };
            say(output, &account, had, &said)
        }
        AccountCommand::Delete(given) => {
            let (whom, order) = split(given);
            let days = config.settings.deletion.grace_days;
            let done = deletion::delete(store, clock, order, whom, domain::lifetimes::days(days)).await;
            let Ordered { account, changed } = done.map_err(|error| refused(error, Some(whom)))?;
            let account = Account { deleted_at: Some(clock.now()), ..account };
            let said = format!("is deleted. It can be restored for {days} days, then its rows go.");
            say(output, &account, changed, &said)
        }
        AccountCommand::DeclineDeletion(given) => {
            let (whom, order) = split(given);
            let done = deletion::decline(store, clock, order, whom).await;
            let Ordered { account, changed } = done.map_err(|error| refused(error, Some(whom)))?;
            let said = if changed { "stays. Its owner is told by mail." } else { "was not to be deleted." };
            say(output, &account, changed, said)
        }
        AccountCommand::Restore(given) => {
            let (whom, order) = split(given);
            let done = deletion::restore(store, clock, order, whom).await;
            let Ordered { account, changed } = done.map_err(|error| refused(error, Some(whom)))?;
            let account = Account { deleted_at: None, ..account };
            let said = if changed {
                "is there again; its owner signs in anew. Links that were mailed to it have ended: `vestibule account reset-link` mails another."
            } else {
                "was not deleted."
            };
            say(output, &account, changed, said)
        }
        // The caller has done these.
        AccountCommand::Create(_) | AccountCommand::List(_) | AccountCommand::Show(_) => Ok(()),
    }
}

async fn set_address(
    config: &Config,
    store: &Store,
    order: Order<'_>,
    (whom, address): (&AccountName, &EmailAddress),
    output: Output,
) -> Result<(), Box<dyn Error>> {
    let wanted = (address, config.settings.registration.verify);
    let done = identity::set_address(store, &SystemClock, order, whom, wanted).await;
    let Ordered { account, changed } = done.map_err(|error| refused(error, Some(whom)))?;
    let said = match (changed, account.verified_at) {
        (false, _) => "had this address already.",
        (true, None) => "has another address, which is not proven.",
        (true, Some(_)) => "writes its address another way.",
    };
    say(output, &account, changed, said)
}

fn split(given: &WhomAndWhy) -> (&AccountName, Order<'_>) {
    (&given.whom.account, Order::of_operator().because(&given.why.reason))
}

/// Says what became of an account.
fn say(output: Output, account: &Account, changed: bool, said: &str) -> Result<(), Box<dyn Error>> {
    let address = on_one_line(account.email.as_str());
    let value: Value = json!({ "changed": changed, "account": account_value(account) });
    output.done(&format!("The account {} ({address}) {said}", account.id), &value)
}
