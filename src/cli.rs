//! The command line.

mod accounts;
mod keys;
mod mail;
mod table;
mod theme;

use std::error::Error;
use std::process::ExitCode;

use crate::config;
use clap::{Parser, Subcommand};
use domain::AccountError;

use crate::compose;

/// An account server for websites.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages (the default).
    Serve,
    /// API keys, by which trusted servers call.
    Key {
        #[command(subcommand)]
        command: keys::KeyCommand,
    },
    /// Accounts: locking and unlocking them, ending their sessions.
    Account {
        #[command(subcommand)]
        command: accounts::AccountCommand,
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
    /// Mail: testing the way out, and what has not found it.
    Mail {
        #[command(subcommand)]
        command: mail::MailCommand,
    },
}

/// Parses and runs the command line.
pub fn run() -> ExitCode {
    match Arguments::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => compose::run(|_| Ok(Vec::new())),
        Command::Key { command } => keys::run(command),
        Command::Account { command } => accounts::run(command),
        Command::Settings { names } => finish(settings(&names)),
        Command::Mail { command } => mail::run(command),
        Command::Theme { command } => theme::run(command),
    }
}

fn settings(names: &[String]) -> Result<(), Box<dyn Error>> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let table = config::markdown(&names).map_err(|name| format!("there is no setting `{name}`"))?;
    print!("{table}");
    Ok(())
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
