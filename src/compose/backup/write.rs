//! Making a backup, while servers run.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use archive::Writer;
use domain::Clock;
use pictures::HeldPictures;
use secrets::{KeyFileError, Locked};
use serde::Serialize;
use store::copies::{CopyError, Snapshot, SqliteCopy, newest_migration};
use store::{DbPool, Engine};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::contents::{
    BackupContents, BackupHead, FORMAT, HEAD, KEY, KeyPlace, MANIFEST, Manifest, PICTURES, PartSum, SCHEMA,
    SQLITE, lines_of, rows_of,
};
use super::fault::BackupFault;
use super::output::{BackupOutput, BackupTo, Passing};
use super::pictures::PicturesTaken;
use crate::compose::accounts::connect;
use crate::compose::logging::timestamp;
use crate::config::{Config, Settings};

/// How much is written at once, and about how many bytes of a table's lines are one entry.
const BUFFER: usize = 1 << 20;

/// No file of keys is longer.
const LONGEST_KEY: u64 = 64 << 10;

/// Writes a backup of everything that the server of these settings keeps. The server may be running.
///
/// # Errors
/// The place exists or cannot be written to, or something of the server cannot be read. Then nothing is left.
pub async fn backup(
    config: &Config,
    to: &BackupTo,
    clock: &dyn Clock,
) -> Result<BackupContents, BackupFault> {
    let settings = &config.settings;
    settings.check_database_is_there()?;
    settings.close_database()?;
    let pool = connect(settings).await?;
    let made = make(settings, &pool, to, clock).await;
    pool.close().await;
    made
}

/// The database at one moment.
enum Moment {
    Copy(SqliteCopy, Passing),
    Snapshot(Box<Snapshot>),
}

async fn make(
    settings: &Settings,
    pool: &DbPool,
    to: &BackupTo,
    clock: &dyn Clock,
) -> Result<BackupContents, BackupFault> {
    let migration = pool.migration().await.map_err(|error| settings.wrong_database(error))?;
    if migration > newest_migration() {
        let newer =
            "a newer version of the program has used this database; make the backup with that version";
        return Err(BackupFault::new(newer));
    }
    let output = BackupOutput::begin(to)?;
    let held = HeldPictures::take(settings.pictures_folder()).map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => {
            BackupFault::new("another backup is being made; wait until it has ended")
        }
        _ => BackupFault::new(format!("{}: {error}", settings.pictures_folder().display())),
    })?;
    let made = write(settings, pool, output, &held, migration, clock).await;
    // Whatever became of the backup.
    if let Err(error) = held.release() {
        log::warn!("pictures that were removed meanwhile are still there: {error}");
    }
    made
}

async fn write(
    settings: &Settings,
    pool: &DbPool,
    output: BackupOutput,
    held: &HeldPictures,
    migration: i64,
    clock: &dyn Clock,
) -> Result<BackupContents, BackupFault> {
    let made_at = clock.now().0.div_euclid(1_000);
    let lock = lock_key(settings)?;
    let moment = moment(settings, pool, &output).await?;
    let (secret_key, key) = read_key(settings)?;
    drop(lock);
    let head = BackupHead {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        engine: pool.engine().into(),
        migration,
        made_at: timestamp(
            OffsetDateTime::from_unix_timestamp(made_at).unwrap_or(OffsetDateTime::UNIX_EPOCH),
        ),
        secret_key,
    };
    let time = u64::try_from(made_at).unwrap_or_default();
    let mut writer = Writer::new(BufWriter::with_capacity(BUFFER, output), time);
    writer.append(HEAD, &json(&head)?)?;
    if let Some(key) = key {
        writer.begin_part(KEY);
        writer.append(KEY, &key)?;
    }
    let failed = BackupFault::database(settings);
    let mut taken = PicturesTaken::new(held);
    let tables = match moment {
        Moment::Copy(copy, file) => {
            let tables = copy.tables().map_err(|error| failed(error.into()))?;
            let content = File::open(file.path())?;
            writer.begin_part(SQLITE);
            writer.append_from(SQLITE, content.metadata()?.len(), content)?;
            writer.begin_part(PICTURES);
            copy.pictures(|stored| taken.take(&mut writer, stored))?;
            tables.into_iter().collect()
        }
        Moment::Snapshot(mut snapshot) => {
            let tables = write_rows(&mut snapshot, &mut writer, &failed).await?;
            writer.begin_part(PICTURES);
            snapshot.pictures(|stored| taken.take(&mut writer, stored)).await?;
            tables
        }
    };
    let missing_pictures = taken.finish(&mut writer)?;
    let parts = writer.end_part().iter().map(PartSum::from).collect();
    let manifest = Manifest { head, tables, pictures: taken.written, missing_pictures, parts };
    writer.append(MANIFEST, &json(&manifest)?)?;
    let whole = writer.finish()?;
    whole.to.into_inner().map_err(io::IntoInnerError::into_error)?.keep()?;
    Ok(BackupContents::new(&manifest, whole.bytes))
}

async fn moment(settings: &Settings, pool: &DbPool, output: &BackupOutput) -> Result<Moment, BackupFault> {
    let failed = BackupFault::database(settings);
    match pool.engine() {
        Engine::Postgres => Ok(Moment::Snapshot(Box::new(pool.snapshot().await.map_err(failed)?))),
        Engine::Sqlite => {
            // Beside the archive there must be room anyway. An archive that goes elsewhere leaves the disk of
            // the database.
            let beside_database =
                || settings.copied_database().unwrap_or_else(|| PathBuf::from("copy.sqlite"));
            let file = Passing::make(output.beside().unwrap_or_else(beside_database))?;
            let copy = pool.copy_to(file.path()).await.map_err(failed)?;
            Ok(Moment::Copy(copy, file))
        }
    }
}

/// Writes the tables of PostgreSQL. Returns each with the number of its rows.
async fn write_rows(
    snapshot: &mut Snapshot,
    writer: &mut Writer<impl Write>,
    failed: &impl Fn(CopyError) -> BackupFault,
) -> Result<BTreeMap<String, u64>, BackupFault> {
    let schema = snapshot.schema().await.map_err(failed)?;
    writer.begin_part(SCHEMA);
    writer.append(SCHEMA, &json(&schema)?)?;
    let mut tables = BTreeMap::new();
    let mut lines = Vec::with_capacity(BUFFER);
    for (number, table) in schema.tables.iter().enumerate() {
        let folder = rows_of(number, &table.name);
        writer.begin_part(&folder);
        let mut entries = 0;
        let mut write = |lines: &mut Vec<u8>| {
            entries += 1;
            writer.append(&lines_of(&folder, entries), lines)?;
            lines.clear();
            Ok(())
        };
        let copied = snapshot.rows(table, |piece| {
            lines.extend_from_slice(piece);
            if lines.len() < BUFFER { Ok(()) } else { write(&mut lines) }
        });
        let rows = copied.await.map_err(failed)?;
        if !lines.is_empty() {
            write(&mut lines)?;
        }
        tables.insert(table.name.clone(), rows);
    }
    Ok(tables)
}

/// Keeps the keys from being replaced between the copy of the database and that of the keys.
fn lock_key(settings: &Settings) -> Result<Option<Locked>, BackupFault> {
    let file = settings.secret_key_file();
    if settings.secret_key.is_some() || !file.path().exists() {
        return Ok(None);
    }
    file.lock().map(Some).map_err(|error| wrong_key(settings, error))
}

/// The content of the file of the keys.
type KeyContent = Zeroizing<Vec<u8>>;

fn read_key(settings: &Settings) -> Result<(KeyPlace, Option<KeyContent>), BackupFault> {
    if settings.secret_key.is_some() {
        return Ok((KeyPlace::Setting, None));
    }
    let file = settings.secret_key_file();
    // Read as keys too: what others may read, or what is no key, is not worth keeping in silence.
    if file.read().map_err(|error| wrong_key(settings, error))?.is_none() {
        return Ok((KeyPlace::Nowhere, None));
    }
    let mut content = Zeroizing::new(Vec::new());
    io::Read::read_to_end(&mut io::Read::take(File::open(file.path())?, LONGEST_KEY), &mut content)?;
    Ok((KeyPlace::File, Some(content)))
}

fn wrong_key(settings: &Settings, error: KeyFileError) -> BackupFault {
    BackupFault::new(format!("{}: {error}", settings.secret_key_file().path().display()))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, BackupFault> {
    let mut text = serde_json::to_vec_pretty(value).map_err(BackupFault::new)?;
    text.push(b'\n');
    Ok(text)
}
