//! The column of `accounts` that names the account's picture.

use domain::{AccountId, Millis, PictureRef};

use crate::statement::{execute, only_value};
use crate::{Change, Linked, StoreError, Tx};

/// Changes an account's picture. `None` brings back the picture of its initial.
pub async fn set_picture(
    tx: &mut Tx,
    id: AccountId,
    picture: Option<&PictureRef>,
    now: Millis,
) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET picture = $1, updated_at = $2 WHERE id = $3";
    execute!(tx, sql, picture.map(PictureRef::to_stored), now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Whether any account shows this picture. A picture's files may be removed only when none does.
pub async fn picture_in_use(db: &mut impl Linked, picture: &PictureRef) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM accounts WHERE picture = $1";
    let accounts: i64 = only_value!(db, sql, picture.to_stored())?;
    Ok(accounts > 0)
}
