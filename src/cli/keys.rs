//! `vestibule key …`: creating, listing and revoking API keys. The server may be running.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use crate::compose::log_to_stderr;
use crate::flows::api_keys::{self, NewKey, NewKeyError};
use clap::{Args, Subcommand};
use domain::lifetimes::API_KEY_LONGEST;
use domain::{
    AccountError, Actor, ApiKey, ApiKeyName, Clock as _, Millis, OsRandom, Role, Scope, SystemClock,
};
use look::pages::iso;
use serde_json::{Value, json};
use store::Store;

use super::output::{Output, print, value_line};
use super::table::utc;
use super::{beside_server, fault, finish, lasting};

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make a key. It is printed once, alone on standard output, and kept nowhere.
    Create(Create),
    /// List all keys, without their secrets.
    List,
    /// Take a key back: it is dead by the next request.
    Revoke {
        /// The key's name.
        #[arg(allow_hyphen_values = true)]
        name: ApiKeyName,
    },
}

#[derive(Args)]
pub struct Create {
    /// What to call it: letters, digits, dots, hyphens and underscores.
    name: ApiKeyName,
    /// What it may do: accounts:read, accounts:write or password:reset. May be repeated; all of them by
    /// default.
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<Scope>,
    /// When it ends by itself: 90d, 12h, 30m or 2w. Never by default.
    #[arg(long, value_name = "TIME", value_parser = lasting_at_most)]
    expires: Option<Duration>,
    /// A role that it may give, and that an account it changes may have, by name or number. May be repeated;
    /// those below administrator by default.
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
}

/// Runs `command`; prints an error on standard error.
pub fn run(command: KeyCommand, output: Output) -> ExitCode {
    log_to_stderr();
    finish(obey(command, output))
}

fn obey(command: KeyCommand, output: Output) -> Result<(), Box<dyn Error>> {
    beside_server(async |_, store| match command {
        KeyCommand::Create(new) => create(store, new, output).await,
        KeyCommand::List => list(store, output).await,
        KeyCommand::Revoke { name } => revoke(store, &name, output).await,
    })
}

async fn create(store: &Store, new: Create, output: Output) -> Result<(), Box<dyn Error>> {
    let mut scopes = if new.scopes.is_empty() { Scope::ALL.to_vec() } else { new.scopes.clone() };
    scopes.sort_unstable();
    scopes.dedup();
    let roles = match api_keys::named_roles(store, &new.roles).await {
        Ok(roles) => roles,
        Err(error) => return Err(refused(store, &new, error).await),
    };
    let key = NewKey {
        name: new.name.clone(),
        scopes: scopes.clone(),
        roles: roles.iter().map(|(role, _)| *role).collect(),
        expires_in: new.expires,
    };
    let secret = match api_keys::create(store, &SystemClock, &OsRandom, Actor::Operator, &key).await {
        Ok(secret) => secret,
        Err(error) => return Err(refused(store, &new, error).await),
    };
    let ends = new.expires.map_or("it does not end by itself".to_owned(), |lasts| {
        format!("it ends on {}", utc(SystemClock.now().after(lasts)))
    });
    let printed = if output.is_json() {
        value_line(&json!({ "name": new.name.as_str(), "key": secret.reveal() }))
    } else {
        print(&format!("{}\n", secret.reveal()))
    };
    if let Err(error) = printed {
        // Nobody has seen the secret, and it cannot be shown again.
        let taken_back = api_keys::revoke(store, &SystemClock, Actor::Operator, &new.name).await;
        taken_back.map_err(fault)?;
        return Err(format!("the key could not be printed and is revoked: {error}").into());
    }
    if !output.is_json() {
        eprintln!(
            "The key `{}` may do {}, with the roles {}; {ends}. It is not shown again.",
            new.name.as_str(),
            words(&scopes, ", "),
            names(&roles, ", "),
        );
    }
    Ok(())
}

/// Says why a key was not made.
async fn refused(store: &Store, new: &Create, error: NewKeyError) -> Box<dyn Error> {
    match error {
        NewKeyError::RoleUnknown(word) => match api_keys::all_roles(store).await {
            Ok(known) => {
                format!("--role: there is no role `{word}`; there are {}", names(&known, ", ")).into()
            }
            Err(error) => fault(error.into()),
        },
        NewKeyError::NameTaken => {
            let name = new.name.as_str();
            let advice = "revoke it first, or take another name";
            format!("there is a key named `{name}` already: {advice}").into()
        }
        NewKeyError::Forbidden => fault(AccountError::Forbidden),
        NewKeyError::Store(error) => fault(error.into()),
    }
}

async fn list(store: &Store, output: Output) -> Result<(), Box<dyn Error>> {
    let keys = api_keys::list(store).await.map_err(fault)?;
    let known = api_keys::all_roles(store).await.map_err(|error| fault(error.into()))?;
    let now = SystemClock.now();
    let head = ["NAME", "SCOPES", "ROLES", "CREATED", "EXPIRES", "LAST USED", "STATE"];
    output.table(head, keys.iter().map(|key| (row(key, &known, now), value(key))))
}

fn value(key: &ApiKey) -> Value {
    json!({
        "name": key.name,
        "scopes": key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
        "roles": key.roles.iter().map(|role| role.0).collect::<Vec<_>>(),
        "created_at": iso(key.created_at),
        "expires_at": key.expires_at.map(iso),
        "used_at": key.used_at.map(iso),
        "revoked_at": key.revoked_at.map(iso),
    })
}

fn row(key: &ApiKey, known: &[(Role, String)], now: Millis) -> [String; 7] {
    let given: Vec<(Role, String)> = known.iter().filter(|(role, _)| key.may_give(*role)).cloned().collect();
    let state = match key.revoked_at {
        Some(at) => format!("revoked {}", utc(at)),
        None if key.live(now) => "live".to_owned(),
        None => "expired".to_owned(),
    };
    [
        key.name.clone(),
        words(&key.scopes, ","),
        if given.is_empty() { "none".to_owned() } else { names(&given, ",") },
        utc(key.created_at),
        key.expires_at.map_or("never".to_owned(), utc),
        key.used_at.map_or("never".to_owned(), utc),
        state,
    ]
}

/// Characters from which on a word is not repeated: a key has 43.
const SECRET_LENGTH: usize = 32;

async fn revoke(store: &Store, name: &ApiKeyName, output: Output) -> Result<(), Box<dyn Error>> {
    match api_keys::revoke(store, &SystemClock, Actor::Operator, name).await {
        Ok(()) => {
            let said = format!("The key `{}` is revoked.", name.as_str());
            output.done(&said, &json!({ "name": name.as_str(), "revoked": true }))
        }
        Err(AccountError::NotFound) => {
            // What was typed may be the key itself, which is longer than a name as a rule.
            let shown = name.as_str();
            let shown =
                if shown.len() < SECRET_LENGTH { format!("named `{shown}`") } else { "of this name".into() };
            Err(format!("no key {shown} is alive; see `vestibule key list`").into())
        }
        Err(error) => Err(fault(error)),
    }
}

fn words(scopes: &[Scope], between: &str) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(between)
}

fn names(roles: &[(Role, String)], between: &str) -> String {
    roles.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(between)
}

/// Parses a length of at most ten years.
fn lasting_at_most(text: &str) -> Result<Duration, String> {
    lasting::parse(text).filter(|lasts| *lasts <= API_KEY_LONGEST).ok_or_else(|| {
        "should be a number with m, h, d or w, such as 90d, of at most ten years (3650d)".to_owned()
    })
}
