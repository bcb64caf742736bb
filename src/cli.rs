//! The command line.

mod accounts;
mod advice;
mod audit;
mod backup;
mod clients;
mod config_shown;
mod doctor;
mod export;
mod import;
mod keys;
mod lasting;
mod mail;
mod manual;
mod moving;
mod output;
mod secrets;
mod table;
mod theme;
mod webhook;

use std::error::Error;
use std::process::ExitCode;

use crate::config::{self, Config, StartError};
use clap::{CommandFactory as _, Parser, Subcommand};
use domain::AccountError;
use store::Store;

use crate::compose;
use output::Output;

/// An account server for websites.
#[derive(Parser)]
#[command(version, about, after_help = ABOUT_SETTINGS)]
struct Arguments {
    #[command(flatten)]
    output: Output,
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
    /// Accounts: making, finding and changing them; the first administrator is made here.
    Account {
        #[command(subcommand)]
        command: accounts::AccountCommand,
    },
    /// Invite people: make an account for each address that has none, and mail its owner a link.
    Invite(accounts::Invite),
    /// The audit log: what happened, to whom, by whom and from where.
    Audit(audit::Audit),
    /// Look at settings, folders, database, clock, keys, theme, proxy and mail server, and say what to do.
    Doctor,
    /// Settings as they are in force.
    Config {
        #[command(subcommand)]
        command: config_shown::ConfigCommand,
    },
    /// Secrets in the database: the keys that they are encrypted with.
    Secrets {
        #[command(subcommand)]
        command: secrets::SecretsCommand,
    },
    /// Write everything that a server keeps into one file. The server may be running.
    Backup(backup::BackupArguments),
    /// Put everything of a backup into an empty place.
    Restore(backup::RestoreArguments),
    /// Write all accounts as JSON, an object on each line. The server may be running.
    Export(export::Export),
    /// Take accounts of another product over, with the passwords that their owners have. The server may be
    /// running.
    Import(import::ImportArguments),
    /// Move the whole store to an empty database of the other engine, SQLite or PostgreSQL. The server is not
    /// running.
    Move(moving::MoveArguments),
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
    /// Webhooks: sending a test message to a site, and what waits to be sent.
    Webhook {
        #[command(subcommand)]
        command: webhook::WebhookCommand,
    },
    /// Print what completes commands in a shell, such as `vestibule completions bash`.
    Completions { shell: clap_complete::Shell },
    /// Print the manual page, as `vestibule man | man -l -` shows it.
    Man,
}

/// Parses and runs the command line.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return advice::refuse(&error, &Arguments::command()),
    };
    let output = arguments.output;
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => compose::run(|_| Ok(Vec::new())),
        Command::Key { command } => keys::run(command, output),
        Command::Client { command } => clients::run(command, output),
        Command::Account { command } => accounts::run(command, output),
        Command::Invite(invite) => accounts::invite(&invite, output),
        Command::Audit(audit) => audit::run(&audit, output),
        Command::Doctor => doctor::run(output),
        Command::Config { command } => config_shown::run(&command, output),
        Command::Settings { names } => finish(settings(&names)),
        Command::Mail { command } => mail::run(command, output),
        Command::Webhook { command } => webhook::run(command, output),
        Command::Secrets { command } => secrets::run(command, output),
        Command::Backup(arguments) => backup::backup(&arguments, output),
        Command::Restore(arguments) => backup::restore(&arguments, output),
        Command::Export(export) => export::run(&export, output),
        Command::Import(import) => import::run(&import, output),
        Command::Move(arguments) => moving::run(&arguments, output),
        Command::Completions { shell } => finish(manual::completions(shell, Arguments::command())),
        Command::Man => finish(manual::page(Arguments::command())),
        Command::Theme { command } => theme::run(command),
    }
}

fn settings(names: &[String]) -> Result<(), Box<dyn Error>> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let table = config::markdown(&names).map_err(|name| match config::meant(&name) {
        Some(meant) => format!("there is no setting `{name}`; did you mean `{meant}`?"),
        None => format!("there is no setting `{name}`; `vestibule settings` lists all"),
    })?;
    output::print(&table)
}

/// Does `work` with the settings and the database of a server, which may be running.
fn beside_server(
    work: impl AsyncFnOnce(&Config, &Store) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let config = Config::load()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = servers_store(&config).await?;
        let done = work(&config, &store).await;
        store.close().await;
        done
    })
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
        // Whoever read it has what they wanted.
        Err(error) if output::nobody_reads(error.as_ref()) => ExitCode::SUCCESS,
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
