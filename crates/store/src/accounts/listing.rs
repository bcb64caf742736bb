//! Every account in the order of the numbers, page by page, with what belongs to it elsewhere: for whoever
//! takes all of them out.

use super::{AccountRow, Credentials, select};
use crate::statement::rows;
use crate::{Linked, StoreError};
use domain::AccountId;

/// At most `most` accounts with numbers above `after`, the oldest first. Deleted ones are left out.
///
/// # Errors
/// `Corrupt` when a column `fields` does not hold a JSON object of strings.
pub async fn list_after(
    db: &mut impl Linked,
    after: AccountId,
    most: i64,
) -> Result<Vec<Credentials>, StoreError> {
    let sql = select!("id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2");
    let found: Vec<AccountRow> = rows!(db, sql, after.0, most)?;
    found.into_iter().map(AccountRow::read).collect()
}
