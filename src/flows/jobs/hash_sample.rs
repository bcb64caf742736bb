//! What the accounts' password hashes cost, for whoever types a name that no account has.

use std::sync::Arc;
use std::time::Duration;

use hasher::Hasher;
use store::{Store, StoreError, accounts};

/// How often the store is looked at: an import changes it at once, and sign-ins over months.
const EVERY: Duration = Duration::from_secs(600);

/// How many accounts are looked at: a recipe that one account in fifty has is among them almost surely.
const SAMPLE: i64 = 256;

/// Has names without an account cost what accounts do, as far as those were imported from another product.
#[derive(Clone)]
pub struct HashSample {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) hasher: Arc<Hasher>,
}

impl HashSample {
    /// Looks at some of the accounts.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn now(&self) -> Result<(), StoreError> {
        let sample = accounts::sample_hashes(&mut self.store.read().await?, SAMPLE).await?;
        self.hasher.imitate(sample.iter().map(String::as_str));
        Ok(())
    }

    /// Starts a task that looks every ten minutes.
    pub fn keep(&self) {
        let sample = self.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(EVERY);
            loop {
                every.tick().await;
                if let Err(error) = sample.now().await {
                    log::warn!("what password hashes cost was not looked at: {error}");
                }
            }
        });
    }
}
