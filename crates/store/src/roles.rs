//! The `roles` table. The first migration inserts three roles; a site may add its own.

use super::statement::only_value;
use super::{Linked, StoreError};
use domain::Role;

/// Whether the table has `role`, so that an account may be given it.
pub async fn exists(db: &mut impl Linked, role: Role) -> Result<bool, StoreError> {
    let found: i64 = only_value!(db, "SELECT COUNT(*) FROM roles WHERE id = $1", role.0)?;
    Ok(found > 0)
}
