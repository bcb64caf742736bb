//! Backups: everything that a server keeps, as one archive, and the way back into an empty place.

mod contents;
mod fault;
mod output;
mod pictures;
mod place;
mod restore;
mod unfinished;
mod write;

pub use contents::BackupContents;
pub use fault::BackupFault;
pub use output::BackupTo;
pub use restore::{RestoreFrom, restore};
pub use write::backup;

pub(super) use unfinished::check_restored;
