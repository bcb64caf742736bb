//! SQL for accounts' pictures.

use crate::connection::on;
use crate::{Change, Linked, StoreError, Tx};
use domain::{AccountId, Millis, PictureRef};

/// Gives an account another picture, or the letter picture again.
pub async fn set_picture(
    tx: &mut Tx,
    id: AccountId,
    picture: Option<&PictureRef>,
    now: Millis,
) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("UPDATE accounts SET picture = $1, updated_at = $2 WHERE id = $3")
            .bind(picture.map(PictureRef::to_stored))
            .bind(now.0)
            .bind(id.0)
            .execute(c)
            .await
            .map(drop)
    })?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Whether any account shows this picture.
pub async fn picture_in_use(db: &mut impl Linked, picture: &PictureRef) -> Result<bool, StoreError> {
    let used: i64 = on!(db.link(), c => {
        sqlx::query_scalar("SELECT COUNT(*) FROM accounts WHERE picture = $1")
            .bind(picture.to_stored()).fetch_one(c).await
    })?;
    Ok(used > 0)
}
