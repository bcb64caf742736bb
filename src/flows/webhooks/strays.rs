//! Messages for webhooks that the settings do not have any more.

use domain::lifetimes::WEBHOOK_GIVE_UP;
use domain::{Clock, Millis};
use store::{Store, StoreError, webhook_deliveries};

/// Sets aside what has waited for a webhook that is none of `known` for as long as any message is tried. Not
/// sooner: while the instances of a server get new settings one after another, the others know the webhook.
pub(in crate::flows) async fn set_aside(
    store: &Store,
    clock: &dyn Clock,
    known: &[String],
) -> Result<(), StoreError> {
    let now = clock.now();
    let since: Millis = now.before(WEBHOOK_GIVE_UP);
    let waited_for = webhook_deliveries::waited_for(&mut store.read().await?, since).await?;
    for webhook in waited_for.iter().filter(|webhook| !known.contains(webhook)) {
        let why = "the settings have no such webhook";
        loop {
            let some =
                store.transact(async |tx| webhook_deliveries::set_aside(tx, webhook, since, why, now).await);
            match some.await? {
                0 => break,
                some => log::error!("the webhook `{webhook}`: {some} deliveries are set aside: {why}"),
            }
        }
    }
    Ok(())
}
