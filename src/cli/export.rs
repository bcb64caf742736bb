//! `vestibule export`: all accounts as JSON lines, for another product or another place.

use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use clap::Args;
use serde_json::json;
use store::Store;
use tokio::sync::mpsc;

use super::output::Output;
use super::{beside_server, fault, finish};
use crate::compose::{self, log_to_stderr, passkey_site};
use crate::config::Config;
use crate::flows::administration::export::{AccountExport, ExportWanted, ExportedPage};

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
        return write(config, store, export, BufWriter::with_capacity(BUFFER, io::stdout())).await.map(drop);
    }
    let shown = export.file.display();
    let file = create(&export.file).map_err(|error| format!("{shown}: {error}"))?;
    let written = async {
        let (count, _) = write(config, store, export, BufWriter::with_capacity(BUFFER, file)).await?;
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

/// How many bytes are written at once.
const BUFFER: usize = 64 << 10;

/// How many pages of accounts wait to be written.
const AHEAD: usize = 2;

/// Writes all accounts, on a thread of its own while the database gives the next. Returns how many there
/// were.
async fn write<W: Write + Send + 'static>(
    config: &Config,
    store: &Store,
    export: &Export,
    to: W,
) -> Result<(u64, W), Box<dyn Error>> {
    let wanted = ExportWanted { hashes: export.with_hashes, factors: export.with_factors };
    let secrets = if export.with_factors { Some(compose::keys_of(config, store).await?) } else { None };
    let site = passkey_site(config).unwrap_or_default();
    let mut accounts = AccountExport::begin(store, secrets.as_ref(), &site, wanted).await.map_err(fault)?;
    let (send, pages) = mpsc::channel(AHEAD);
    let writing = thread::spawn(move || write_pages(pages, to));
    while let Some(page) = accounts.next().await.map_err(fault)? {
        // Whoever writes ends early when nothing can be written.
        if send.send(page).await.is_err() {
            break;
        }
    }
    drop(send);
    let written = writing.join().map_err(|_| "the accounts could not be written")?;
    Ok(written?)
}

fn write_pages<W: Write>(mut pages: mpsc::Receiver<ExportedPage>, mut to: W) -> io::Result<(u64, W)> {
    let mut count = 0;
    while let Some(page) = pages.blocking_recv() {
        for account in page.into_accounts() {
            serde_json::to_writer(&mut to, &account).map_err(io::Error::from)?;
            to.write_all(b"\n")?;
            count += 1;
        }
    }
    to.flush()?;
    Ok((count, to))
}
