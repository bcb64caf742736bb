//! The command line.

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

/// Does what the command line says.
pub fn run() -> ExitCode {
    match Arguments::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => compose::run(|_| Ok(Vec::new())),
        Command::Key { command } => keys::run(command),
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

/// Says on standard error why something could not be done.
fn finish(done: Result<(), Box<dyn Error>>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vestibule: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A refusal that no command has words of its own for.
fn fault(error: AccountError) -> Box<dyn Error> {
    match error {
        AccountError::Unavailable(cause) | AccountError::Internal(cause) => cause.to_string().into(),
        other => other.code().into(),
    }
}
