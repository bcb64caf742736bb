//! `vestibule account …`: making, finding and changing accounts. The server may be running.

mod create;
mod orders;
mod password;
mod show;

pub use create::{Invite, invite};

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::{AccountError, EmailAddress, Field, FieldCode, FieldError, Role, Username};
use store::Store;

use super::output::Output;
use super::{beside_server, fault, finish};
use crate::compose::log_to_stderr;
use crate::flows::administration::{AccountName, OrderError};
use crate::flows::api_keys;

#[derive(Subcommand)]
pub enum AccountCommand {
    /// Make an account. Its owner is mailed an invitation to choose a password, unless --password is given.
    Create(create::CreateAccount),
    /// List accounts whose address, username or name begins with a text; all of them without one, the newest
    /// first.
    List(show::List),
    /// Show everything about an account but its secrets.
    Show(Whom),
    /// Give an account another role.
    SetRole {
        #[command(flatten)]
        whom: Whom,
        /// The role's name or number, such as `administrator`.
        role: String,
        #[command(flatten)]
        why: Why,
    },
    /// Give an account another username. Its owner is told.
    Rename {
        #[command(flatten)]
        whom: Whom,
        #[arg(value_parser = username)]
        username: Username,
        #[command(flatten)]
        why: Why,
    },
    /// Give an account another address, which is not proven. The former one is told.
    SetAddress {
        #[command(flatten)]
        whom: Whom,
        #[arg(value_parser = address)]
        address: EmailAddress,
        #[command(flatten)]
        why: Why,
    },
    /// Approve of an account that waits for it (`registration.mode`): its owner can sign in, and is told by
    /// mail.
    Approve(WhomAndWhy),
    /// Say that the address of an account is its owner's.
    Verify(WhomAndWhy),
    /// Lock an account: everything that opens it ends by the next request, and nobody signs in to it.
    #[command(visible_alias = "lock")]
    Disable(WhomAndWhy),
    /// Let the owner of a locked account sign in again.
    #[command(visible_alias = "unlock")]
    Enable(WhomAndWhy),
    /// Mail the owner of an account a link to choose a password.
    ResetLink(WhomAndWhy),
    /// End everything that opens an account by the next request. Its password stays.
    EndSessions(WhomAndWhy),
    /// Take off all second factors of an account whose owner has lost them, and end everything that opens
    /// it. Its password stays. The owner is told by mail.
    RemoveFactors(WhomAndWhy),
    /// Delete an account: it is closed and found by nobody at once, and its rows go after
    /// `deletion.grace_days`.
    Delete(WhomAndWhy),
    /// Leave an account as it is whose owner asked you to delete it (`deletion.mode`).
    DeclineDeletion(WhomAndWhy),
    /// Bring back an account that was deleted.
    Restore(WhomAndWhy),
}

/// The account that a command is about.
#[derive(Args, Clone, Debug)]
pub struct Whom {
    /// The account's address, number or username.
    #[arg(value_name = "ACCOUNT", value_parser = account_name)]
    account: AccountName,
}

/// Why it is done.
#[derive(Args, Clone, Debug)]
pub struct Why {
    /// Why, for the audit log.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// The account, and why something is done to it.
#[derive(Args, Clone, Debug)]
pub struct WhomAndWhy {
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    why: Why,
}

/// Runs `command`; prints an error on standard error.
pub fn run(command: AccountCommand, output: Output) -> ExitCode {
    log_to_stderr();
    finish(obey(command, output))
}

fn obey(command: AccountCommand, output: Output) -> Result<(), Box<dyn Error>> {
    beside_server(async |config, store| match &command {
        AccountCommand::Create(new) => create::create(config, store, new, output).await,
        AccountCommand::List(list) => show::list(store, list, output).await,
        AccountCommand::Show(whom) => show::show(store, whom, output).await,
        order => orders::carry_out(config, store, order, output).await,
    })
}

/// The role that a word names.
pub(super) async fn role_named(store: &Store, word: &str) -> Result<Role, Box<dyn Error>> {
    let known = api_keys::all_roles(store).await.map_err(|error| fault(error.into()))?;
    let found = known.iter().find(|(role, name)| name == word || role.0.to_string() == word);
    found.map(|(role, _)| *role).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(_, name)| name.as_str()).collect();
        format!("there is no role `{word}`; there are {}", names.join(", ")).into()
    })
}

/// Says why an order was not carried out.
pub(super) fn refused(error: OrderError, whom: Option<&AccountName>) -> Box<dyn Error> {
    let named = whom.map_or_else(String::new, named);
    match error {
        OrderError::Account(AccountError::NotFound) => format!("there is no {named}").into(),
        OrderError::Account(AccountError::Locked) => format!("the {named} is locked: enable it first").into(),
        OrderError::Account(AccountError::Invalid(errors)) => {
            errors.iter().map(sentence).collect::<Vec<_>>().join("; ").into()
        }
        OrderError::Account(other) => fault(other),
        OrderError::Deleted => {
            format!("the {named} is deleted: `vestibule account restore` brings it back").into()
        }
        OrderError::Ambiguous => {
            "this is the number of one account and the username of another: name its address, or @ and the username"
                .into()
        }
        OrderError::OwnAccount => "nobody does this to their own account".into(),
        OrderError::LastAdministrator => "nobody would be left who administers".into(),
    }
}

/// How an account was named, in the middle of a sentence.
fn named(whom: &AccountName) -> String {
    match whom {
        AccountName::Number(id) | AccountName::Known(id) => format!("account {id}"),
        AccountName::Address(email) => format!("account with the address {}", email.as_str()),
        AccountName::Username(username) => format!("account with the username {}", username.as_str()),
    }
}

/// What is wrong with a field.
fn sentence(error: &FieldError) -> String {
    match (&error.field, &error.code) {
        (Field::Email, FieldCode::EmailTaken) => "another account has this address".to_owned(),
        (Field::Username, FieldCode::UsernameTaken) => {
            "another account has this username, or one that looks like it".to_owned()
        }
        (field, code) => format!("{}: {}", field.name(), in_words(code)),
    }
}

/// What is wrong, by its code: `password too short (8)`.
fn in_words(code: &FieldCode) -> String {
    let words = code.code().replace('_', " ");
    code.argument().map_or_else(|| words.clone(), |(_, number)| format!("{words} ({number})"))
}

pub(super) fn account_name(text: &str) -> Result<AccountName, String> {
    AccountName::parse(text).ok_or_else(|| {
        if text.starts_with('@') {
            return "is no username".to_owned();
        }
        "should be an address such as ada@example.org, an account's number such as 7, or a username (@7 for one \
         that is a number)"
            .to_owned()
    })
}

fn address(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(text).map_err(|_| "should be an address such as ada@example.org".to_owned())
}

fn username(text: &str) -> Result<Username, String> {
    Username::parse(text).map_err(|code| format!("cannot be a username: {}", in_words(&code)))
}
