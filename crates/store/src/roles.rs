//! The `roles` table. The first migration inserts three roles; a site may add its own.

use super::fast::{Parameter, fast_row};
use super::statement::{only_value, rows};
use super::{Linked, Store, StoreError};
use domain::Role;

/// Whether the table has `role`, so that an account may be given it.
pub async fn exists(db: &mut impl Linked, role: Role) -> Result<bool, StoreError> {
    let found: i64 = only_value!(db, "SELECT COUNT(*) FROM roles WHERE id = $1", role.0)?;
    Ok(found > 0)
}

fast_row! {
    struct RoleRow {
        name: String,
    }
}

/// The name of `role`; the number of one that was removed from the table.
pub async fn name(store: &Store, role: Role) -> Result<String, StoreError> {
    let sql = "SELECT name FROM roles WHERE id = $1";
    let found: Option<RoleRow> = store.fast_row(sql, &[Parameter::Number(role.0)]).await?;
    Ok(found.map_or_else(|| role.0.to_string(), |row| row.name))
}

/// All roles with their names, in the order of their numbers.
pub async fn list(db: &mut impl Linked) -> Result<Vec<(Role, String)>, StoreError> {
    let found: Vec<(i64, String)> = rows!(db, "SELECT id, name FROM roles ORDER BY id")?;
    Ok(found.into_iter().map(|(id, name)| (Role(id), name)).collect())
}
