//! `vestibule backup` and `vestibule restore`: everything that a server keeps as one file, and the way back.

use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::SystemClock;

use super::finish;
use super::output::Output;
use crate::compose::{self, BackupContents, BackupFault, BackupTo, RestoreFrom, log_to_stderr};
use crate::config::Config;

#[derive(Args)]
pub struct BackupArguments {
    /// The file to write, which is not there yet; `-` is standard output.
    file: PathBuf,
}

#[derive(Args)]
pub struct RestoreArguments {
    /// The backup; `-` is standard input.
    file: PathBuf,
}

/// Makes a backup; prints an error on standard error.
pub fn backup(arguments: &BackupArguments, output: Output) -> ExitCode {
    log_to_stderr();
    done(make(arguments, output))
}

/// Restores a backup; prints an error on standard error.
pub fn restore(arguments: &RestoreArguments, output: Output) -> ExitCode {
    log_to_stderr();
    done(put_back(arguments, output))
}

/// Whoever closed the pipe wants no more, and no word about it.
fn done(done: Result<(), Box<dyn Error>>) -> ExitCode {
    match done {
        Err(error) if matches!(error.downcast_ref(), Some(BackupFault::Closed)) => ExitCode::FAILURE,
        other => finish(other),
    }
}

fn is_dash(file: &Path) -> bool {
    file.as_os_str() == "-"
}

fn make(arguments: &BackupArguments, output: Output) -> Result<(), Box<dyn Error>> {
    let to_output = is_dash(&arguments.file);
    if to_output && io::stdout().is_terminal() {
        return Err("a backup is no text: name a file, or lead standard output into a program".into());
    }
    let to = if to_output { BackupTo::StandardOutput } else { BackupTo::File(arguments.file.clone()) };
    let config = Config::load()?;
    let made = runtime()?.block_on(compose::backup(&config, &to, &SystemClock))?;
    let place = if to_output { "standard output".to_owned() } else { arguments.file.display().to_string() };
    let said = format!("The backup is whole: {}, in {place} ({} bytes).", in_words(&made), made.bytes);
    tell(output.is_json(), to_output, &made, &said)?;
    for warning in warnings(&made) {
        eprintln!("{warning}");
    }
    Ok(())
}

fn put_back(arguments: &RestoreArguments, output: Output) -> Result<(), Box<dyn Error>> {
    let from_input = is_dash(&arguments.file);
    let from =
        if from_input { RestoreFrom::StandardInput } else { RestoreFrom::File(arguments.file.clone()) };
    let config = Config::load()?;
    let restored = runtime()?.block_on(compose::restore(&config, &from))?;
    let settings = &config.settings;
    let data = std::path::absolute(&settings.data_dir).unwrap_or_else(|_| settings.data_dir.clone());
    let said = format!(
        "Restored as of {}: {}, into {}{}. Start the server now.",
        restored.made_at,
        in_words(&restored),
        data.display(),
        settings.named_database().map(|database| format!(" and {database}")).unwrap_or_default(),
    );
    tell(output.is_json(), false, &restored, &said)?;
    for warning in warnings(&restored) {
        eprintln!("{warning}");
    }
    Ok(())
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn in_words(contents: &BackupContents) -> String {
    let BackupContents { accounts, pictures, rows, tables, .. } = contents;
    format!("{accounts} accounts, {pictures} pictures, {rows} rows of {tables} tables")
}

fn warnings(contents: &BackupContents) -> Vec<String> {
    let mut warnings = Vec::new();
    if contents.key_is_in_setting() {
        let kept =
            "The keys of the setting `secret_key` are not in it: keep them yourself, in another place.";
        warnings.push(kept.to_owned());
    }
    if contents.missing_pictures > 0 {
        warnings.push(format!(
            "{} pictures that accounts have are not in it, because their files are missing.",
            contents.missing_pictures
        ));
    }
    warnings
}

/// Says what was done: as JSON on standard output, or on standard error where that has the backup.
fn tell(json: bool, on_errors: bool, contents: &BackupContents, said: &str) -> Result<(), Box<dyn Error>> {
    if !json {
        eprintln!("{said}");
        return Ok(());
    }
    let line = serde_json::to_string(contents)?;
    if on_errors {
        eprintln!("{line}");
    } else {
        writeln!(io::stdout(), "{line}").map_err(BackupFault::from)?;
    }
    Ok(())
}
