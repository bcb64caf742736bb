//! Restoring a backup into an empty place.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Write as _};
use std::path::PathBuf;

use archive::{Entry, Reader, Unreadable};
use pictures::Rendition;
use serde::de::DeserializeOwned;
use store::Engine;
use store::copies::{Fill, Schema, newest_migration};

use super::contents::{
    BackupContents, BackupForm, BackupHead, EngineName, FORMAT, HEAD, KEY, MANIFEST, Manifest, PICTURES,
    SCHEMA, SQLITE, lines_of, rows_of,
};
use super::fault::BackupFault;
use super::place::{Place, refuse_taken};
use crate::compose::accounts::connect;
use crate::config::{Config, Settings};

/// Where a backup comes from.
#[derive(Clone, Debug)]
pub enum RestoreFrom {
    /// A file, which is read twice: to see whether it is whole, and to restore it.
    File(PathBuf),
    /// Standard input.
    StandardInput,
}

/// The most bytes of an entry that is read at once.
const LONGEST: usize = 32 << 20;

/// Puts everything of a backup in the place of these settings.
///
/// # Errors
/// The place is not empty or cannot be written to, or the backup is damaged, of another engine or of a newer
/// version. Then nothing of it is there.
pub async fn restore(config: &Config, from: &RestoreFrom) -> Result<BackupContents, BackupFault> {
    let settings = &config.settings;
    refuse_taken_by_others(settings)?;
    match from {
        RestoreFrom::File(path) => {
            let named = |fault: BackupFault| match fault {
                BackupFault::Archive(why) => {
                    BackupFault::new(format!("{}: {}", path.display(), in_words(&why)))
                }
                other => other,
            };
            let open =
                || File::open(path).map_err(|error| BackupFault::new(format!("{}: {error}", path.display())));
            let mut reader = Reader::new(open()?);
            let head = read_head(&mut reader, settings);
            // What is damaged may look as if it were made elsewhere.
            if !matches!(head, Err(BackupFault::Archive(_))) {
                reader.verify().map_err(|why| named(why.into()))?;
            }
            head.map_err(named)?;
            restore_from(settings, &mut Reader::new(open()?)).await.map_err(named)
        }
        RestoreFrom::StandardInput => {
            let mut reader = Reader::new(BufReader::new(io::stdin()));
            let done = restore_from(settings, &mut reader).await;
            done.map_err(|fault| {
                // What was read may have been damaged, and the database refused it for that.
                let why = match fault {
                    BackupFault::Archive(why) => why,
                    other => match reader.verify() {
                        Err(why @ (Unreadable::Cut { .. } | Unreadable::Damaged { .. })) => why,
                        _ => return other,
                    },
                };
                BackupFault::new(format!("standard input: {}", in_words(&why)))
            })
        }
    }
}

/// What is not empty is refused before anything is read. A restore that was killed may have left something
/// that the next one takes back.
fn refuse_taken_by_others(settings: &Settings) -> Result<(), BackupFault> {
    if settings.restoring_folder().exists() { Ok(()) } else { refuse_taken(settings) }
}

fn in_words(why: &Unreadable) -> String {
    match why {
        Unreadable::NoArchive => "this is no backup of Vestibule, or its beginning is damaged".to_owned(),
        Unreadable::Cut { .. } | Unreadable::Damaged { .. } => {
            format!("this backup cannot be restored: {why}. Nothing was changed; take another copy of it")
        }
        Unreadable::Io(error) => error.to_string(),
    }
}

/// Reads what stands first, and whether it can be restored here.
fn read_head<R: Read>(reader: &mut Reader<R>, settings: &Settings) -> Result<BackupHead, BackupFault> {
    let first = reader.next_entry()?;
    if first.is_none_or(|entry| entry.name != HEAD) {
        return Err(Unreadable::NoArchive.into());
    }
    let content = reader.content(LONGEST)?;
    let form: BackupForm = parsed(&content, reader)?;
    let newer = || {
        BackupFault::new(format!(
            "this backup was made by a newer version, {}: restore it with that version or a later one",
            form.program
        ))
    };
    if form.format > FORMAT {
        return Err(newer());
    }
    let head: BackupHead = parsed(&content, reader)?;
    if head.migration > newest_migration() {
        return Err(newer());
    }
    let here = if settings.database_file().is_some() { Engine::Sqlite } else { Engine::Postgres };
    if head.engine != EngineName::from(here) {
        let (made, here) = (head.engine.words(), EngineName::from(here).words());
        return Err(BackupFault::new(format!(
            "this backup was made on {made}, and `database_url` leads to {here}: a backup is restored on the engine that \
             it was made on"
        )));
    }
    Ok(head)
}

fn parsed<T: DeserializeOwned, R: Read>(content: &[u8], reader: &Reader<R>) -> Result<T, BackupFault> {
    serde_json::from_slice(content).map_err(|_| reader.damaged().into())
}

async fn restore_from<R: Read>(
    settings: &Settings,
    reader: &mut Reader<R>,
) -> Result<BackupContents, BackupFault> {
    read_head(reader, settings)?;
    if settings.database_file().is_some() {
        let mut place = Place::take(settings)?;
        let (manifest, _) = unpack(settings, reader, &place, None).await?;
        place.name()?;
        place.finish();
        return Ok(BackupContents::new(&manifest, reader.position()));
    }
    let pool = connect(settings).await?;
    let failed = BackupFault::database(settings);
    let restored = async {
        // First, because a database with tables means that what lies in the folder is theirs.
        let mut fill = pool.fill().await.map_err(&failed)?;
        let mut place = Place::take(settings)?;
        let (manifest, schema) = unpack(settings, reader, &place, Some(&mut fill)).await?;
        place.name()?;
        fill.commit(&schema).await.map_err(&failed)?;
        place.finish();
        Ok(BackupContents::new(&manifest, reader.position()))
    };
    let restored = restored.await;
    pool.close().await;
    restored
}

/// Reads everything after the head, in the order in which it was written. Returns the tables that `fill` has
/// got, too.
async fn unpack<R: Read>(
    settings: &Settings,
    reader: &mut Reader<R>,
    place: &Place<'_>,
    fill: Option<&mut Fill>,
) -> Result<(Manifest, Schema), BackupFault> {
    let mut entry = reader.next_entry()?;
    if is(&entry, KEY) {
        place.write_key(&zeroize::Zeroizing::new(reader.content(LONGEST)?))?;
        entry = reader.next_entry()?;
    }
    let (mut filled, mut schema) = (BTreeMap::new(), Schema::default());
    match fill {
        None if is(&entry, SQLITE) => {
            let mut file =
                place.database()?.ok_or_else(|| BackupFault::new("there is no file for the database"))?;
            while let Some(piece) = reader.piece()? {
                file.write_all(piece)?;
            }
            file.sync_all()?;
            entry = reader.next_entry()?;
        }
        Some(fill) if is(&entry, SCHEMA) => {
            schema = parsed(&reader.content(LONGEST)?, reader)?;
            entry = reader.next_entry()?;
            let failed = BackupFault::database(settings);
            fill.run(&schema.before).await.map_err(&failed)?;
            for (number, table) in schema.tables.iter().enumerate() {
                let folder = rows_of(number, &table.name);
                let mut rows = fill.rows(table).await.map_err(&failed)?;
                let mut lines = 1;
                while is(&entry, &lines_of(&folder, lines)) {
                    while let Some(piece) = reader.piece()? {
                        rows.send(piece).await.map_err(&failed)?;
                    }
                    entry = reader.next_entry()?;
                    lines += 1;
                }
                filled.insert(table.name.clone(), rows.finish().await.map_err(&failed)?);
            }
            fill.run(&schema.after).await.map_err(&failed)?;
        }
        _ => return Err(reader.damaged().into()),
    }
    let mut pictures = place.pictures()?;
    while let Some(path) =
        entry.as_ref().and_then(|entry| entry.name.strip_prefix(PICTURES)?.strip_prefix('/'))
    {
        let rendition = Rendition::at(path).ok_or_else(|| reader.damaged())?;
        let mut file = pictures.add(rendition)?;
        while let Some(piece) = reader.piece()? {
            file.write_all(piece)?;
        }
        entry = reader.next_entry()?;
    }
    if !is(&entry, MANIFEST) {
        return Err(reader.damaged().into());
    }
    let manifest: Manifest = parsed(&reader.content(LONGEST)?, reader)?;
    if reader.next_entry()?.is_some() || manifest.pictures != pictures.pictures() {
        return Err(reader.damaged().into());
    }
    if manifest.head.engine == EngineName::Postgres && manifest.tables != filled {
        return Err(BackupFault::new("the database has not taken every row; nothing was changed"));
    }
    pictures.sync()?;
    Ok((manifest, schema))
}

fn is(entry: &Option<Entry>, name: &str) -> bool {
    entry.as_ref().is_some_and(|entry| entry.name == name)
}
