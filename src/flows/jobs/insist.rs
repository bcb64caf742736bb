//! Writing down what became of a job, even while the database fails.

use std::time::Duration;

use domain::lifetimes::JOB_NOTE;
use store::StoreError;
use tokio::time::{Instant, sleep};

/// Retries a write until it succeeds or [`JOB_NOTE`] is over. A message that was sent and is not recorded as
/// sent would be sent twice. `what` names the job, for the log.
pub(in crate::flows) async fn insist<F>(what: &str, write: impl Fn() -> F)
where
    F: Future<Output = Result<(), StoreError>>,
{
    let end = Instant::now() + JOB_NOTE;
    while let Err(error) = write().await {
        if Instant::now() >= end {
            log::error!("what became of {what} was not noted: {error}");
            return;
        }
        sleep(Duration::from_secs(1)).await;
    }
}
