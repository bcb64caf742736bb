//! Which picture an account shows: a column of `accounts`.

use domain::{AccountId, Millis, PictureRef};

use crate::statement::{execute, only_value};
use crate::{Change, Linked, StoreError, Tx};

/// Gives an account another picture; `None`: the picture of its initial again.
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

/// Whether any account shows this picture.
pub async fn picture_in_use(db: &mut impl Linked, picture: &PictureRef) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM accounts WHERE picture = $1";
    let accounts: i64 = only_value!(db, sql, picture.to_stored())?;
    Ok(accounts > 0)
}
