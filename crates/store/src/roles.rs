//! Roles: three are there from the first migration, a site may add its own.

use super::connection::on;
use super::{Linked, StoreError};
use domain::Role;

/// Whether `role` exists.
pub async fn exists(db: &mut impl Linked, role: Role) -> Result<bool, StoreError> {
    let found: i64 = on!(db.link(), c => {
        sqlx::query_scalar("SELECT COUNT(*) FROM roles WHERE id = $1").bind(role.0).fetch_one(c).await
    })?;
    Ok(found > 0)
}
