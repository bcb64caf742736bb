//! The command line.

mod keys;
mod theme;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    match Arguments::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => vestibule::run(|_| Ok(Vec::new())),
        Command::Key { command } => keys::run(command),
        Command::Theme { command } => theme::run(command),
    }
}
