//! The only file that begins and ends transactions of accounts: `copies/` and `moves/` have those of whole
//! databases.

use domain::AccountId;

use super::connection::Afterwards;
use super::error::is_read_only;
use super::turn::Patience;
use super::{Store, StoreError, Tx};

impl Store {
    /// Runs `work` in a writing transaction. `Ok` commits it and announces its changes to every
    /// [`ChangeListener`](super::ChangeListener); `Err` rolls it back. If the future is dropped early (the
    /// client has left) or panics, the connection is closed, which also rolls back.
    ///
    /// `work` must not touch files or the network: on SQLite every other writer waits for it. Clients take
    /// turns, see [`on_behalf_of`](super::on_behalf_of).
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
        let tx = self.begin(Patience::of(&self.pool)).await?;
        self.run(tx, work).await
    }

    /// As [`transact`](Self::transact), for a write to one account. It waits for the account's other writes
    /// of this instance *before* it takes SQLite's writer or a connection, so that many writes to one account
    /// keep no other account's waiting. Other instances do not know of it: `work` still locks the row, with
    /// [`accounts::hold`](super::accounts::hold), where it reads before it writes.
    ///
    /// # Errors
    /// As [`transact`](Self::transact).
    pub async fn transact_on<T, E: From<StoreError>>(
        &self,
        account: AccountId,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let patience = Patience::of(&self.pool);
        let _turn = self.gates.account(account, patience).await?;
        let tx = self.begin(patience).await?;
        self.run(tx, work).await
    }

    async fn begin(&self, patience: Patience) -> Result<Tx, StoreError> {
        let mut turn = self.gates.writer(patience).await?;
        let mut first = true;
        loop {
            let conn = self.gates.connection(&self.pool, patience).await?;
            let (feed, watch, told) = (self.feed.clone(), self.watch.clone(), self.subscriptions.clone());
            let begun = Tx::begin(conn, &mut turn, patience, feed, watch, told, self.fast.clone());
            match begun.await {
                // SQLite gives a connection that was opened while the file could not be written to no other
                // chance, and the pool may hold several.
                Err(error) if std::mem::take(&mut first) && is_read_only(&error) => {
                    self.pool.close_idle();
                }
                begun => return Ok(begun?),
            }
        }
    }

    async fn run<T, E: From<StoreError>>(
        &self,
        mut tx: Tx,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        match work(&mut tx).await {
            Ok(done) => {
                tx.commit().await?;
                Ok(done)
            }
            Err(refused) => {
                if tx.rollback().await == Afterwards::ReadOnly {
                    self.pool.close_idle();
                }
                Err(refused)
            }
        }
    }
}
