//! `vestibule secrets …`: a new key for the secrets in the database. The server may be running.

use std::error::Error;
use std::process::ExitCode;

use clap::Subcommand;
use domain::OsRandom;

use super::{finish, servers_store};
use crate::compose::{self, Rotated, log_to_stderr};
use crate::config::Config;

#[derive(Subcommand)]
pub enum SecretsCommand {
    /// Encrypt every secret anew: with a new key of `secret.key`, or with the first key of the setting
    /// `secret_key`.
    Rotate,
}

/// Runs `command`; prints an error on standard error.
pub fn run(command: SecretsCommand) -> ExitCode {
    log_to_stderr();
    finish(obey(command))
}

fn obey(command: SecretsCommand) -> Result<(), Box<dyn Error>> {
    let config = Config::load()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = servers_store(&config).await?;
        let done = match command {
            SecretsCommand::Rotate => compose::rotate(&config.settings, &store, &OsRandom).await,
        };
        store.close().await;
        tell(&done?);
        Ok(())
    })
}

fn tell(done: &Rotated) {
    let Rotated { first, resealed, spare, by_setting } = done;
    eprintln!("The key {first} encrypts from now on; {resealed} secrets were encrypted anew.");
    let spare = spare.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (spare.is_empty(), by_setting) {
        (true, _) => {}
        (false, true) => {
            eprintln!("Nothing needs {spare} any more: take it out of the setting `secret_key`.")
        }
        (false, false) => eprintln!("Nothing needed {spare} any more: secret.key has it no longer."),
    }
}
