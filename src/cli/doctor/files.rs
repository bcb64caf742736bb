//! Folders, who may enter them, and the space that is left.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::{Access, AtFlags, CWD, accessat};
use rustix::io::Errno;

use super::Diagnosis;
use crate::config::Settings;

/// The bits that let anybody but the owner in.
const OTHERS: u32 = 0o077;

/// On a folder such as `/tmp`, which belongs to everybody.
const STICKY: u32 = 0o1000;

/// Less space than that is an error: the database cannot grow.
const TOO_LITTLE: u64 = 64 << 20;
/// Less than that is a warning.
const LITTLE: u64 = 1 << 30;

/// Looks at the data folder and what lies in it.
pub fn look(settings: &Settings) -> Vec<Diagnosis> {
    let folder = &settings.data_dir;
    let shown = folder.display();
    let Ok(about) = folder.metadata() else {
        return vec![not_there(folder)];
    };
    let mut found = Vec::new();
    if !about.is_dir() {
        return vec![Diagnosis::error(
            "folders",
            format!("{shown} is no folder; `data_dir` should name one"),
        )];
    }
    let own = rustix::process::geteuid().as_raw();
    if about.uid() != own {
        let owner = about.uid();
        let said = format!(
            "{shown} belongs to the user {owner}, and this is {own}: run this as the user that runs the server"
        );
        // Whoever is not root cannot close it, and the server ends there.
        let refused = own != 0 && about.mode() & OTHERS != 0;
        let of_server = format!("{said}; if that is {own}, chown -R {own} {shown}");
        found.push(if refused {
            Diagnosis::error("folders", of_server)
        } else {
            Diagnosis::warning("folders", said)
        });
    }
    found.extend(closed_to_us(folder, FOLDER));
    let folders = [
        settings.pictures_folder(),
        settings.uploads_folder(),
        settings.mail_folder(),
        settings.exports_folder(),
    ];
    for part in folders {
        found.extend(closed_to_us(&part, FOLDER));
    }
    for file in settings.files_of_database().into_iter().chain([settings.secret_key_file().path().to_owned()])
    {
        found.extend(closed_to_us(&file, FILE));
    }
    let key = settings.secret_key_file().path().to_owned();
    found.extend(mode(&key).filter(|mode| mode & OTHERS != 0).map(|mode| {
        let key = key.display();
        let said = format!(
            "{key} could be read by others ({mode:o}), and the server does not start: chmod 600 it, start the server, \
             then `vestibule secrets rotate`"
        );
        Diagnosis::error("folders", said)
    }));
    if mode(folder).is_some_and(|mode| mode & STICKY != 0) {
        let said = format!("{shown} belongs to everybody, and the server does not start: chmod 700 it");
        found.push(Diagnosis::error("folders", said));
    }
    for path in std::iter::once(folder.clone()).chain(settings.database_file()) {
        found.extend(open_to_others(&path));
    }
    if found.is_empty() {
        found.push(Diagnosis::ok("folders", format!("{shown} is closed to others")));
    }
    found.push(disk(folder));
    found
}

/// What the server does in a folder, and with a file.
const FOLDER: Access = Access::READ_OK.union(Access::WRITE_OK).union(Access::EXEC_OK);
const FILE: Access = Access::READ_OK.union(Access::WRITE_OK);

/// The data folder is not there: the server makes it, if it may.
fn not_there(folder: &Path) -> Diagnosis {
    let shown = folder.display();
    let above = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let nearest = above.ancestors().skip(1).find(|above| above.exists());
    let refused = nearest.and_then(|nearest| Some((nearest, may(nearest, FOLDER).err()?)));
    match refused {
        Some((nearest, why)) => Diagnosis::error(
            "folders",
            format!(
                "{shown} is not there, and cannot be made in {}: {why}; make it, and give it to the user that runs the \
                 server",
                nearest.display()
            ),
        ),
        None => {
            let said =
                format!("{shown} is not there; the server makes it when it starts, if this is its folder");
            Diagnosis::warning("folders", said)
        }
    }
}

/// Whether the user that runs this may do so.
fn may(path: &Path, wanted: Access) -> Result<(), Errno> {
    accessat(CWD, path, wanted, AtFlags::EACCESS)
}

/// Says of a path that is there that this user cannot work with it.
fn closed_to_us(path: &Path, wanted: Access) -> Option<Diagnosis> {
    let why = may(path, wanted).err().filter(|why| *why != Errno::NOENT)?;
    let (shown, own) = (path.display(), rustix::process::geteuid().as_raw());
    let said = format!(
        "{shown} cannot be read and written to by the user {own}: {why}; give it to the user that runs the server"
    );
    Some(Diagnosis::error("folders", said))
}

/// Who may do what with a file, if it is there.
fn mode(path: &Path) -> Option<u32> {
    Some(fs::metadata(path).ok()?.permissions().mode() & 0o7777)
}

fn open_to_others(path: &Path) -> Option<Diagnosis> {
    let mode = mode(path)?;
    let shown = path.display();
    (mode & OTHERS != 0).then(|| {
        let said =
            format!("{shown} is open to others ({:o}); the server closes it when it starts", mode & 0o777);
        Diagnosis::warning("folders", said)
    })
}

fn disk(folder: &Path) -> Diagnosis {
    let about = match rustix::fs::statvfs(folder) {
        Ok(about) => about,
        Err(error) => return Diagnosis::warning("disk", format!("the space left is not known: {error}")),
    };
    let left = about.f_bavail.saturating_mul(about.f_frsize);
    let shown = format!("{} MiB are left for {}", left >> 20, folder.display());
    if left < TOO_LITTLE {
        Diagnosis::error("disk", format!("{shown}: make room, nothing can be written soon"))
    } else if left < LITTLE {
        Diagnosis::warning("disk", format!("{shown}: make room"))
    } else {
        Diagnosis::ok("disk", shown)
    }
}
