//! `vestibule key …`: creating, listing and revoking API keys. The server may be running.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use crate::compose::{log_to_stderr, open_store};
use crate::config::Config;
use crate::flows::api_keys::{self, NewKey, NewKeyError};
use clap::{Args, Subcommand};
use domain::lifetimes::API_KEY_LONGEST;
use domain::{AccountError, ApiKey, ApiKeyName, Clock as _, Millis, OsRandom, Role, Scope, SystemClock};
use store::Store;

use super::table::{self, utc};
use super::{fault, finish};

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make a key. It is printed once, alone on standard output, and kept nowhere.
    Create(Create),
    /// List all keys, without their secrets.
    List,
    /// Take a key back: it is dead by the next request.
    Revoke {
        /// The key's name.
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
    #[arg(long, value_name = "TIME", value_parser = lasting)]
    expires: Option<Duration>,
    /// The highest role that it may give, and that an account it changes may have.
    #[arg(long, value_name = "ROLE", default_value_t = Role::EDITOR.0)]
    max_role: i64,
}

/// Runs `command`; prints an error on standard error.
pub fn run(command: KeyCommand) -> ExitCode {
    log_to_stderr();
    finish(obey(command))
}

fn obey(command: KeyCommand) -> Result<(), Box<dyn Error>> {
    let config = Config::load()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = open_store(&config).await?;
        let done = match command {
            KeyCommand::Create(new) => create(&store, new).await,
            KeyCommand::List => list(&store).await,
            KeyCommand::Revoke { name } => revoke(&store, &name).await,
        };
        store.close().await;
        done
    })
}

async fn create(store: &Store, new: Create) -> Result<(), Box<dyn Error>> {
    let mut scopes = if new.scopes.is_empty() { Scope::ALL.to_vec() } else { new.scopes };
    scopes.sort_unstable();
    scopes.dedup();
    let key = NewKey {
        name: new.name.clone(),
        scopes: scopes.clone(),
        max_role: Role(new.max_role),
        expires_in: new.expires,
    };
    let secret = match api_keys::create(store, &SystemClock, &OsRandom, &key).await {
        Ok(secret) => secret,
        Err(NewKeyError::RoleUnknown) => {
            return Err(format!("--max-role: there is no role {}", new.max_role).into());
        }
        Err(NewKeyError::NameTaken) => {
            let name = new.name.as_str();
            let advice = "revoke it first, or take another name";
            return Err(format!("there is a key named `{name}` already: {advice}").into());
        }
        Err(NewKeyError::Store(error)) => return Err(fault(error.into())),
    };
    let ends = new.expires.map_or("it does not end by itself".to_owned(), |lasts| {
        format!("it ends on {}", utc(SystemClock.now().after(lasts)))
    });
    let mut out = std::io::stdout();
    if let Err(error) = writeln!(out, "{}", secret.reveal()).and_then(|()| out.flush()) {
        // Nobody has seen the secret, and it cannot be shown again.
        let taken_back = api_keys::revoke(store, &SystemClock, &new.name).await;
        taken_back.map_err(fault)?;
        return Err(format!("the key could not be printed and is revoked: {error}").into());
    }
    eprintln!(
        "The key `{}` may do {}, with roles up to {}; {ends}. It is not shown again.",
        new.name.as_str(),
        words(&scopes, ", "),
        new.max_role
    );
    Ok(())
}

async fn list(store: &Store) -> Result<(), Box<dyn Error>> {
    let keys = api_keys::list(store).await.map_err(fault)?;
    let now = SystemClock.now();
    let head = ["NAME", "SCOPES", "MAX ROLE", "CREATED", "EXPIRES", "LAST USED", "STATE"];
    table::print(head, keys.iter().map(|key| row(key, now)))?;
    Ok(())
}

fn row(key: &ApiKey, now: Millis) -> [String; 7] {
    let state = match key.revoked_at {
        Some(at) => format!("revoked {}", utc(at)),
        None if key.live(now) => "live".to_owned(),
        None => "expired".to_owned(),
    };
    [
        key.name.clone(),
        words(&key.scopes, ","),
        key.max_role.0.to_string(),
        utc(key.created_at),
        key.expires_at.map_or("never".to_owned(), utc),
        key.used_at.map_or("never".to_owned(), utc),
        state,
    ]
}

async fn revoke(store: &Store, name: &ApiKeyName) -> Result<(), Box<dyn Error>> {
    match api_keys::revoke(store, &SystemClock, name).await {
        Ok(()) => {
            eprintln!("The key `{}` is revoked.", name.as_str());
            Ok(())
        }
        Err(AccountError::NotFound) => {
            Err(format!("no key named `{}` is alive; see `vestibule key list`", name.as_str()).into())
        }
        Err(error) => Err(fault(error)),
    }
}

fn words(scopes: &[Scope], between: &str) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(between)
}

/// Parses `90d`, `12h`, `30m` or `2w`.
fn lasting(text: &str) -> Result<Duration, String> {
    let wanted = "should be a number with m, h, d or w, such as 90d, of at most ten years (3650d)";
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[number.len()..] {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return Err(wanted.into()),
    };
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = number.parse::<u64>().ok().filter(|_| digits).and_then(|number| number.checked_mul(unit));
    let lasts = seconds.map(Duration::from_secs);
    lasts.filter(|lasts| !lasts.is_zero() && *lasts <= API_KEY_LONGEST).ok_or_else(|| wanted.into())
}
