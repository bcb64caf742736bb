//! `vestibule secrets …`: a new key for the secrets in the database. The server may be running.

use std::error::Error;
use std::process::ExitCode;

use clap::Subcommand;
use domain::OsRandom;
use serde_json::json;

use super::output::Output;
use super::{beside_server, finish};
use crate::compose::{self, Rotated, log_to_stderr};

#[derive(Subcommand)]
pub enum SecretsCommand {
    /// Encrypt every secret anew: with a new key of `secret.key`, or with the first key of the setting
    /// `secret_key`.
    Rotate,
}

/// Runs `command`; prints an error on standard error.
pub fn run(command: SecretsCommand, output: Output) -> ExitCode {
    log_to_stderr();
    finish(obey(command, output))
}

fn obey(command: SecretsCommand, output: Output) -> Result<(), Box<dyn Error>> {
    beside_server(async |config, store| match command {
        SecretsCommand::Rotate => tell(&compose::rotate(&config.settings, store, &OsRandom).await?, output),
    })
}

fn tell(done: &Rotated, output: Output) -> Result<(), Box<dyn Error>> {
    let Rotated { first, resealed, spare, by_setting } = done;
    let spare: Vec<String> = spare.iter().map(ToString::to_string).collect();
    let named = spare.join(", ");
    let then = match (spare.is_empty(), by_setting) {
        (true, _) => String::new(),
        (false, true) => {
            format!("\nNothing needs {named} any more: take it out of the setting `secret_key`.")
        }
        (false, false) => format!("\nNothing needed {named} any more: secret.key has it no longer."),
    };
    let said = format!("The key {first} encrypts from now on; {resealed} secrets were encrypted anew.{then}");
    output.done(&said, &json!({ "key": first.to_string(), "resealed": resealed, "spare": spare }))
}
