//! `vestibule export`: all accounts as JSON lines, for another product or another place.

use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use store::Store;

use super::output::Output;
use super::{beside_server, fault, finish};
use crate::compose::{self, log_to_stderr};
use crate::config::Config;
use crate::flows::administration::export::{AccountExport, ExportWanted};

/// `vestibule export …`
#[derive(Args)]
pub struct Export {
    /// The file to write, which is not there yet; `-`, the default, is standard output.
    #[arg(default_value = "-")]
    file: PathBuf,
    /// With the hashes of passwords: whoever has them can guess at them.
    #[arg(long)]
    with_hashes: bool,
    /// With the secrets of authenticator apps, in clear, and passkeys.
    #[arg(long)]
    with_factors: bool,
}

/// Writes an object for each account; prints an error on standard error.
pub fn run(export: &Export, output: Output) -> ExitCode {
    log_to_stderr();
    finish(beside_server(async |config, store| obey(config, store, export, output).await))
}

async fn obey(config: &Config, store: &Store, export: &Export, output: Output) -> Result<(), Box<dyn Error>> {
    if export.file.as_os_str() == "-" {
        return write(config, store, export, &mut BufWriter::new(io::stdout().lock())).await.map(drop);
    }
    let shown = export.file.display();
    let file = create(&export.file).map_err(|error| format!("{shown}: {error}"))?;
    let written = async {
        let mut to = BufWriter::new(file);
        let count = write(config, store, export, &mut to).await?;
        to.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok::<_, Box<dyn Error>>(count)
    };
    match written.await {
        Ok(count) => {
            let said = format!("{count} accounts are in {shown}.");
            output.done(&said, &json!({ "accounts": count }))
        }
        Err(error) => {
            // Half of the accounts look like all of them.
            fs::remove_file(&export.file).map_err(|left| format!("{error}; {shown}: {left}"))?;
            Err(error)
        }
    }
}

/// Makes a file that only its owner reads.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes all accounts, and returns how many there were.
async fn write(
    config: &Config,
    store: &Store,
    export: &Export,
    to: &mut impl Write,
) -> Result<u64, Box<dyn Error>> {
    let wanted = ExportWanted { hashes: export.with_hashes, factors: export.with_factors };
    let secrets = if export.with_factors { Some(compose::keys_of(config, store).await?) } else { None };
    let mut accounts = AccountExport::begin(store, secrets.as_ref(), wanted).await.map_err(fault)?;
    let mut count = 0;
    loop {
        let page = accounts.next().await.map_err(fault)?;
        if page.is_empty() {
            to.flush()?;
            return Ok(count);
        }
        for account in page {
            serde_json::to_writer(&mut *to, &account).map_err(io::Error::from)?;
            to.write_all(b"\n")?;
            count += 1;
        }
    }
}
