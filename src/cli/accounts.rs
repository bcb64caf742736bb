//! `vestibule account …`: locking accounts, unlocking them, ending whatever opens them, and taking off second
//! factors that were lost. The server may be running.

use std::error::Error;
use std::process::ExitCode;

use clap::Subcommand;
use domain::{Account, AccountError, AccountId, Actor, EmailAddress, SystemClock};
use store::Store;

use super::table::utc;
use super::{fault, finish, servers_store};
use crate::compose::log_to_stderr;
use crate::config::Config;
use crate::flows::locking::{self, AccountName};

#[derive(Subcommand)]
pub enum AccountCommand {
    /// Lock an account: everything that opens it ends by the next request, and nobody signs in to it.
    Lock {
        /// The account's address or number.
        #[arg(value_name = "ADDRESS|NUMBER", value_parser = account_name)]
        account: AccountName,
    },
    /// Let the owner of a locked account sign in again.
    Unlock {
        /// The account's address or number.
        #[arg(value_name = "ADDRESS|NUMBER", value_parser = account_name)]
        account: AccountName,
    },
    /// End everything that opens an account by the next request. Its password stays.
    EndSessions {
        /// The account's address or number.
        #[arg(value_name = "ADDRESS|NUMBER", value_parser = account_name)]
        account: AccountName,
    },
    /// Take off all second factors of an account whose owner has lost them, and end everything that opens
    /// it. Its password stays. The owner is told by mail.
    RemoveFactors {
        /// The account's address or number.
        #[arg(value_name = "ADDRESS|NUMBER", value_parser = account_name)]
        account: AccountName,
    },
}

/// Runs `command`; prints an error on standard error.
pub fn run(command: AccountCommand) -> ExitCode {
    log_to_stderr();
    finish(obey(command))
}

fn obey(command: AccountCommand) -> Result<(), Box<dyn Error>> {
    let config = Config::load()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = servers_store(&config).await?;
        let done = change(&store, &command).await;
        store.close().await;
        done
    })
}

/// What has ended, as the commands say it.
const ENDED: &str = "Its sessions, its sign-ins in apps, its paired devices, its user secret and the links mailed to it \
                     have ended.";

async fn change(store: &Store, command: &AccountCommand) -> Result<(), Box<dyn Error>> {
    let (clock, actor) = (&SystemClock, Actor::Operator);
    match command {
        AccountCommand::Lock { account } => {
            let locked = locking::lock(store, clock, actor, account).await.map_err(|e| wrong(e, account))?;
            let named = named(&locked.account);
            match locked.before {
                None => eprintln!("{named} is locked. {ENDED}"),
                Some(at) => eprintln!("{named} has been locked since {}. {ENDED}", utc(at)),
            }
        }
        AccountCommand::Unlock { account } => {
            let locked =
                locking::unlock(store, clock, actor, account).await.map_err(|e| wrong(e, account))?;
            let named = named(&locked.account);
            match locked.before {
                Some(at) => eprintln!("{named} is unlocked. It had been locked since {}.", utc(at)),
                None => eprintln!("{named} was not locked."),
            }
        }
        AccountCommand::EndSessions { account } => {
            let ended = locking::end_sessions(store, clock, actor, account).await;
            eprintln!(
                "{}: {ENDED} Its password is as it was.",
                named(&ended.map_err(|e| wrong(e, account))?)
            );
        }
        AccountCommand::RemoveFactors { account } => {
            let removed = locking::remove_factors(store, clock, actor, account).await;
            let removed = removed.map_err(|e| wrong(e, account))?;
            let named = named(&removed);
            if removed.second_factor_at.is_some() {
                eprintln!("{named} has no second factors any more. {ENDED} Its password is as it was.");
            } else {
                eprintln!("{named} had no second factors. Nothing was changed.");
            }
        }
    }
    Ok(())
}

fn named(account: &Account) -> String {
    format!("The account {} ({})", account.id, account.email.as_str())
}

fn wrong(error: AccountError, account: &AccountName) -> Box<dyn Error> {
    match (error, account) {
        (AccountError::NotFound, AccountName::Number(id)) => format!("there is no account {id}").into(),
        (AccountError::NotFound, AccountName::Address(email)) => {
            format!("no account has the address {}", email.as_str()).into()
        }
        (other, _) => fault(other),
    }
}

fn account_name(text: &str) -> Result<AccountName, String> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits).map(|number| AccountName::Number(AccountId(number)));
    number.or_else(|| EmailAddress::parse(text).ok().map(AccountName::Address)).ok_or_else(|| {
        "should be an address such as ada@example.org, or an account's number such as 7".to_owned()
    })
}
