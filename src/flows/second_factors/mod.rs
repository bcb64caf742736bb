//! A placeholder.
use domain::{AccountError, AccountId, Factor, Millis};
use store::Tx;

pub struct SecondFactors;

impl SecondFactors {
    pub(in crate::flows) async fn use_code(
        &self,
        _tx: &mut Tx,
        _account: AccountId,
        _typed: &str,
        _client: &crate::flows::client::Client,
        _now: Millis,
    ) -> Result<Option<Factor>, AccountError> {
        std::future::ready(Ok(None)).await
    }
}
