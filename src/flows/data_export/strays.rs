//! Files that nobody wants any more: their time is over, their account is gone, another took their place, a
//! process was killed while it wrote one, or a restored database does not know them.

use std::io;

use exports::ExportFolder;
use store::{Store, data_exports};

/// Removes them.
///
/// # Errors
/// Those of the folder; what the database cannot say counts as one.
pub(in crate::flows) async fn remove(store: &Store, folder: &ExportFolder) -> io::Result<()> {
    // Before the rows: a file is begun once the row that names it is there.
    let names = folder.names().await?;
    if names.is_empty() {
        return Ok(());
    }
    let mut db = store.read().await.map_err(io::Error::other)?;
    let wanted = data_exports::files(&mut db).await.map_err(io::Error::other)?;
    drop(db);
    for name in names.into_iter().filter(|name| !wanted.contains(name)) {
        folder.remove(&name).await?;
    }
    Ok(())
}
