//! The command line.

mod accounts;
mod advice;
mod clients;
mod keys;
mod mail;
mod secrets;
mod table;
mod theme;

use std::error::Error;
use std::process::ExitCode;

use crate::config::{self, Config, StartError};
use clap::{CommandFactory as _, Parser, Subcommand};
use domain::AccountError;
use store::Store;

use crate::compose;

/// An account server for websites.
#[derive(Parser)]
#[command(version, about, after_help = ABOUT_SETTINGS)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

const ABOUT_SETTINGS: &str = "Settings are no options: they stand in Rocket.toml, or in variables such as ROCKET_PORT and \
                              VESTIBULE_PUBLIC_URL. `vestibule settings` lists them.";

#[derive(Subcommand)]
enum Command {
    /// Serve the pages (the default).
    Serve,
    /// API keys, by which trusted servers call.
    Key {
        #[command(subcommand)]
        command: keys::KeyCommand,
    },
    /// Clients: sites, apps and programs that sign people in here by OpenID Connect.
    Client {
        #[command(subcommand)]
        command: clients::ClientCommand,
    },
    /// Accounts: locking and unlocking them, ending their sessions, taking off lost second factors.
    Account {
        #[command(subcommand)]
        command: accounts::AccountCommand,
    },
    /// Secrets in the database: the keys that they are encrypted with.
    Secrets {
        #[command(subcommand)]
        command: secrets::SecretsCommand,
    },
    /// Themes: making, checking and showing them.
    Theme {
        #[command(subcommand)]
        command: theme::ThemeCommand,
    },
    /// Prints every setting with its variable, default and meaning, as a Markdown table.
    Settings {
        /// Only these, in a short table.
        names: Vec<String>,
    },
    /// Mail: sending a test message, and what waits in the outbox.
    Mail {
        #[command(subcommand)]
        command: mail::MailCommand,
    },
}

/// Parses and runs the command line.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return advice::refuse(&error, &Arguments::command()),
    };
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => compose::run(|_| Ok(Vec::new())),
        Command::Key { command } => keys::run(command),
        Command::Client { command } => clients::run(command),
        Command::Account { command } => accounts::run(command),
        Command::Settings { names } => finish(settings(&names)),
        Command::Mail { command } => mail::run(command),
        Command::Secrets { command } => secrets::run(command),
        Command::Theme { command } => theme::run(command),
    }
}

fn settings(names: &[String]) -> Result<(), Box<dyn Error>> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let table = config::markdown(&names).map_err(|name| match config::meant(&name) {
        Some(meant) => format!("there is no setting `{name}`; did you mean `{meant}`?"),
        None => format!("there is no setting `{name}`; `vestibule settings` lists all"),
    })?;
    print!("{table}");
    Ok(())
}

/// Opens the server's database, and says which one that is, unless it is the usual one in the working folder.
async fn servers_store(config: &Config) -> Result<Store, StartError> {
    if let Some(database) = config.settings.named_database() {
        eprintln!("Database: {database}");
    }
    compose::open_servers_store(config).await
}

/// Returns the exit status of `done`; prints an error on standard error.
fn finish(done: Result<(), Box<dyn Error>>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vestibule: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The message of an error that no command words itself.
fn fault(error: AccountError) -> Box<dyn Error> {
    match error {
        AccountError::Unavailable(cause) | AccountError::Internal(cause) => cause.to_string().into(),
        other => other.code().into(),
    }
}
