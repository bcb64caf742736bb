//! Finding accounts, and looking at one.

use std::error::Error;

use clap::Args;
use domain::{Account, AccountId, FormerUsername, Millis, Role, Username};
use look::pages::iso;
use serde_json::{Value, json};
use store::Store;
use store::accounts::AccountsAfter;

use super::{Whom, refused};
use crate::cli::fault;
use crate::cli::output::{Output, on_one_line, print};
use crate::cli::table::utc;
use crate::flows::administration::directory::{self, Overview};
use crate::flows::administration::{Order, approval, deletion};
use crate::flows::api_keys;

/// Accounts that are listed unless more are wanted.
const LISTED: usize = 50;

/// Accounts that are read from the database at once.
const AT_ONCE: usize = 500;

/// The columns of a list.
const HEAD: [&str; 7] = ["NUMBER", "ADDRESS", "USERNAME", "NAME", "ROLE", "CREATED", "STATE"];

#[derive(Args, Clone, Debug)]
pub struct List {
    /// The beginning of an address, a username, a name or a last name.
    #[arg(default_value = "", hide_default_value = true)]
    beginning: String,
    /// How many accounts at most.
    #[arg(long, value_name = "NUMBER", default_value_t = LISTED, conflicts_with = "all")]
    limit: usize,
    /// Those that wait for approval, the oldest first.
    #[arg(long, conflicts_with = "beginning")]
    waiting: bool,
    /// Those whose owners ask you to delete them (`deletion.mode`), the oldest first.
    #[arg(long, conflicts_with_all = ["beginning", "waiting"])]
    leaving: bool,
    /// All of them.
    #[arg(long)]
    all: bool,
}

/// Lists accounts.
///
/// # Errors
/// The database fails, or standard output cannot be written to.
pub async fn list(store: &Store, list: &List, output: Output) -> Result<(), Box<dyn Error>> {
    let roles = api_keys::all_roles(store).await.map_err(|error| fault(error.into()))?;
    let rows_of = |accounts: &[Account]| {
        accounts.iter().map(|account| (row(account, &roles), account_value(account))).collect::<Vec<_>>()
    };
    if list.waiting || list.leaving {
        let most = if list.all { i64::MAX } else { i64::try_from(list.limit).unwrap_or(i64::MAX) };
        let (order, from) = (Order::of_operator(), AccountId(0));
        let found = match list.leaving {
            true => deletion::asking(store, order, from, most).await,
            false => approval::waiting(store, order, from, most).await,
        };
        let found = found.map_err(|error| refused(error, None))?;
        return output.table(HEAD, rows_of(&found).into_iter());
    }
    let (mut after, mut left): (Option<AccountsAfter>, usize) =
        (None, if list.all { usize::MAX } else { list.limit });
    let mut found = Vec::new();
    loop {
        let most = left.min(AT_ONCE);
        let page = directory::list(store, Order::of_operator(), &list.beginning, after, most).await;
        let page = page.map_err(|error| refused(error, None))?;
        left -= page.accounts.len();
        found.extend(rows_of(&page.accounts));
        after = page.next;
        if after.is_none() || left == 0 {
            break;
        }
    }
    let listed = found.len();
    output.table(HEAD, found.into_iter())?;
    if after.is_some() && !output.is_json() {
        eprintln!("These are the first {listed}; --all lists all, --limit that many.");
    }
    Ok(())
}

fn row(account: &Account, roles: &[(Role, String)]) -> [String; 7] {
    let role = roles.iter().find(|(role, _)| *role == account.role);
    let role = role.map_or_else(|| account.role.0.to_string(), |(_, name)| name.clone());
    [
        account.id.to_string(),
        on_one_line(account.email.as_str()),
        account.username.as_ref().map_or("", Username::as_str).to_owned(),
        on_one_line(&account.display_name()),
        role,
        utc(account.created_at),
        state(account),
    ]
}

fn state(account: &Account) -> String {
    if let Some(at) = account.deleted_at {
        return format!("deleted {}", utc(at));
    }
    if let Some(at) = account.locked_at {
        return format!("locked {}", utc(at));
    }
    if let Some(at) = account.deletion_asked_at {
        return format!("asks to be deleted since {}", utc(at));
    }
    if let Some(at) = account.approval_wanted_at {
        return format!("waits since {}", utc(at));
    }
    if account.verified_at.is_some() { "proven".to_owned() } else { "not proven".to_owned() }
}

/// Shows an account.
///
/// # Errors
/// There is none, the database fails, or standard output cannot be written to.
pub async fn show(store: &Store, whom: &Whom, output: Output) -> Result<(), Box<dyn Error>> {
    let found = directory::show(store, Order::of_operator(), &whom.account).await;
    let found = found.map_err(|error| refused(error, Some(&whom.account)))?;
    if output.is_json() {
        return crate::cli::output::value_line(&overview_value(&found));
    }
    let lines = lines(&found);
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let text: String =
        lines.iter().map(|(name, value)| format!("{name:width$}  {}\n", on_one_line(value))).collect();
    print(&text)
}

fn lines(found: &Overview) -> Vec<(String, String)> {
    let Overview { account, role, password_at, holdings, former_usernames } = found;
    let at = |at: Option<Millis>, never: &str| at.map_or_else(|| never.to_owned(), utc);
    let mut lines: Vec<(String, String)> = [
        ("number", account.id.to_string()),
        ("address", account.email.as_str().to_owned()),
        ("proven", at(account.verified_at, "no")),
        ("username", account.username.as_ref().map_or("", Username::as_str).to_owned()),
        ("name", account.display_name()),
        ("role", role.clone()),
        ("language", account.locale.clone().unwrap_or_default()),
        ("terms", account.terms.clone().unwrap_or_default()),
        ("created", utc(account.created_at)),
        ("changed", utc(account.updated_at)),
        ("last sign-in", at(holdings.signed_in_at, "none that the log knows")),
        ("state", state(account)),
        ("password", at(*password_at, "none")),
        ("second factor", at(account.second_factor_at, "none")),
        ("authenticator app", if holdings.totp { "yes" } else { "no" }.to_owned()),
        ("passkeys", holdings.passkeys.to_string()),
        ("recovery codes", holdings.recovery_codes.to_string()),
        ("app passwords", holdings.app_passwords.to_string()),
        ("providers", holdings.identities.to_string()),
        ("sessions", holdings.sessions.to_string()),
        ("programs", holdings.programs.to_string()),
        ("paired devices", holdings.paired_devices.to_string()),
        ("known browsers", holdings.known_browsers.to_string()),
        ("applications", holdings.applications.to_string()),
        ("mail in the outbox", holdings.mails.to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    lines.extend(former_usernames.iter().map(|former| ("former username".to_owned(), former_line(former))));
    lines.extend(account.fields.iter().map(|(name, value)| (format!("field {name}"), value.clone())));
    lines
}

fn former_line(former: &FormerUsername) -> String {
    let name = former.username.as_str();
    match former.reserved_until {
        Some(until) => format!("{name}, until {}; reserved until {}", utc(former.given_up_at), utc(until)),
        None => format!("{name}, until {}", utc(former.given_up_at)),
    }
}

fn former_value(former: &FormerUsername) -> Value {
    json!({
        "username": former.username.as_str(),
        "given_up_at": iso(former.given_up_at),
        "reserved_until": former.reserved_until.map(iso),
        "by_owner": former.by_owner,
    })
}

fn overview_value(found: &Overview) -> Value {
    let Overview { account, role, password_at, holdings, former_usernames } = found;
    let mut value = account_value(account);
    let more = json!({
        "role_name": role,
        "password_at": password_at.map(iso),
        "second_factor_at": account.second_factor_at.map(iso),
        "factor_recovery_due_at": account.factor_recovery_due_at.map(iso),
        "fields": account.fields,
        "signed_in_at": holdings.signed_in_at.map(iso),
        "factors": {
            "totp": holdings.totp,
            "passkeys": holdings.passkeys,
            "recovery_codes": holdings.recovery_codes,
            "app_passwords": holdings.app_passwords,
            "identities": holdings.identities,
        },
        "openings": {
            "sessions": holdings.sessions,
            "programs": holdings.programs,
            "paired_devices": holdings.paired_devices,
            "known_browsers": holdings.known_browsers,
            "applications": holdings.applications,
        },
        "mails": holdings.mails,
        "former_usernames": former_usernames.iter().map(former_value).collect::<Vec<_>>(),
    });
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
    value
}

/// The facts of an account, for programs.
pub fn account_value(account: &Account) -> Value {
    let AccountId(number) = account.id;
    json!({
        "id": number,
        "email": account.email.as_str(),
        "username": account.username.as_ref().map(Username::as_str),
        "name": account.name,
        "firstname": account.firstname,
        "lastname": account.lastname,
        "locale": account.locale,
        "role": account.role.0,
        "created_at": iso(account.created_at),
        "updated_at": iso(account.updated_at),
        "verified_at": account.verified_at.map(iso),
        "terms": account.terms,
        "approval_wanted_at": account.approval_wanted_at.map(iso),
        "locked_at": account.locked_at.map(iso),
        "deletion_asked_at": account.deletion_asked_at.map(iso),
        "deleted_by_owner": account.deleted_by_owner,
        "deleted_at": account.deleted_at.map(iso),
    })
}
