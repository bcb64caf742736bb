//! The only file that begins and ends transactions.

use super::{Store, StoreError, Tx};

impl Store {
    /// Runs `work` in a writing transaction. `Ok` commits it and announces its changes to every
    /// [`ChangeListener`](super::ChangeListener); `Err` rolls it back. If the future is dropped early (the
    /// client has left) or panics, the connection is closed, which also rolls back.
    ///
    /// `work` must not touch files or the network: on SQLite every other writer waits for it.
    ///
    /// ```
    /// # use vestibule_store::{Store, accounts};
    /// # use domain::{AccountError, AccountId, Millis, Username};
    /// # async fn rename(store: &Store, id: AccountId, name: &Username, now: Millis)
    /// # -> Result<(), AccountError> {
    /// store
    ///     .transact(async |tx| {
    ///         accounts::hold(tx, id).await?;
    ///         let found = accounts::find(tx, id).await?.ok_or(AccountError::NotFound)?;
    ///         Ok(accounts::set_username(tx, found.account.id, name, now).await?)
    ///     })
    ///     .await
    /// # }
    /// ```
    ///
    /// # Errors
    /// The error of `work`, or the failure of the beginning or the commit. In each case nothing was written.
    pub async fn transact<T, E: From<StoreError>>(
        &self,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut tx = self.begin().await?;
        match work(&mut tx).await {
            Ok(done) => {
                tx.commit().await?;
                Ok(done)
            }
            Err(refused) => {
                tx.rollback().await;
                Err(refused)
            }
        }
    }

    async fn begin(&self) -> Result<Tx, StoreError> {
        let permit = match &self.writer {
            Some(writer) => {
                let turn = tokio::time::timeout(self.pool.patience(), writer.clone().acquire_owned());
                let turn = turn.await.map_err(|_| StoreError::from(sqlx::Error::PoolTimedOut))?;
                Some(turn.map_err(|_| StoreError::closed())?)
            }
            None => None,
        };
        Tx::begin(self.pool.acquire().await?, permit, self.feed.clone(), self.watch.clone()).await
    }
}
