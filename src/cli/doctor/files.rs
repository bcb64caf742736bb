//! Folders, who may enter them, and the space that is left.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

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
        let said = format!("{shown} is not there; the server makes it when it starts, if this is its folder");
        return vec![Diagnosis::warning("folders", said)];
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
        found.push(Diagnosis::warning(
            "folders",
            format!(
                "{shown} belongs to the user {owner}, and this is {own}: run this as the user that runs the server"
            ),
        ));
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
