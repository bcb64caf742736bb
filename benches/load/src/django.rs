//! Django's own way of reading what it has written: `manage.py loaddata`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::process::{Finished, finish, target_folder};

/// The site, its settings and how its Python is fetched.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/django");

/// A Python that has Django.
pub struct Django {
    python: PathBuf,
}

impl Django {
    /// Fetches Django and its driver for PostgreSQL, unless they are there. `None` where they cannot be had.
    pub fn fetch() -> Outcome<Option<Self>> {
        let folder = target_folder()?.join("load/django");
        let fetched = Command::new(Path::new(FOLDER).join("fetch")).arg(&folder).status()?;
        Ok(fetched.success().then(|| Self { python: folder.join("bin/python") }))
    }

    /// Makes the tables of a site in the empty database at `url`.
    pub fn migrate(&self, url: &str) -> Outcome<()> {
        finish(self.manage(url).args(["migrate", "--verbosity", "0"])).map(drop)
    }

    /// Loads a file of `objects` into the tables of an empty site.
    pub fn load(&self, url: &str, file: &Path, objects: usize) -> Outcome<Finished> {
        let done = finish(self.manage(url).arg("loaddata").arg(file))?;
        if !done.printed.contains(&format!("Installed {objects} object(s)")) {
            return Err(format!("loaddata did not load {objects} objects: {}", done.printed).into());
        }
        Ok(done)
    }

    fn manage(&self, url: &str) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(Path::new(FOLDER).join("site.py"));
        command.env("SITE_DATABASE", url).env("PYTHONUTF8", "1").env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}
