//! The command line.

mod keys;

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
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    match Arguments::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => vestibule::run(|_| Ok(Vec::new())),
        Command::Key { command } => keys::run(command),
    }
}
