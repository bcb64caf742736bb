//! What the owner of an account asks for and fetches.

use std::path::PathBuf;

use domain::lifetimes::{DATA_EXPORT_AGAIN, KEEP_DATA_EXPORT};
use domain::{AccountError, EventKind, InternalError, Millis};
use limiter::Action;
use store::accounts;
use store::data_exports::{self, DataExport};

use super::worker::DataExports;
use crate::flows::client::Client;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session};

/// What became of the owner's wish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataExportState {
    /// When it was asked for; `None` where nothing was, or what was is no more kept.
    pub asked_at: Option<Millis>,
    /// The file, once it is there: its length in bytes, and until when it can be fetched.
    pub ready: Option<(u64, Millis)>,
    /// Whether it could not be made.
    pub failed: bool,
    /// From when another one can be asked for; `None` where it can be now.
    pub again_at: Option<Millis>,
}

impl DataExportState {
    /// The state in a word: `none`, `making`, `ready` or `failed`.
    pub fn word(&self) -> &'static str {
        match self {
            Self { asked_at: None, .. } => "none",
            Self { failed: true, .. } => "failed",
            Self { ready: Some(_), .. } => "ready",
            Self { ready: None, .. } => "making",
        }
    }
}

/// What a wish came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportAsked {
    /// It is going to be made.
    Taken,
    /// The last one was asked for too recently.
    TooSoon {
        /// From when another one can be.
        again_at: Millis,
    },
}

/// A file that its owner fetches.
#[derive(Clone, Debug)]
pub struct DataFile {
    pub path: PathBuf,
    /// In bytes.
    pub length: u64,
    /// When it was made.
    pub made_at: Millis,
}

/// From when another one can be asked for; `None` where it can be now. One that could not be made is no
/// reason to wait.
fn again_at(last: Option<&DataExport>, now: Millis) -> Option<Millis> {
    let last = last.filter(|last| last.failed_at.is_none())?;
    Some(last.asked_at.after(DATA_EXPORT_AGAIN)).filter(|again| *again > now)
}

/// Until when it can be fetched; `None` where it cannot.
fn kept_until(export: &DataExport, now: Millis) -> Option<Millis> {
    let until = export.ready_at?.after(KEEP_DATA_EXPORT);
    Some(until).filter(|until| *until > now)
}

impl DataExports {
    /// What became of what the owner of this session asked for.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn state(&self, who: &SignedIn) -> Result<DataExportState, AccountError> {
        let now = self.clock.now();
        let found = data_exports::find(&mut self.store.read().await?, who.account().id).await?;
        let Some(export) = found else { return Ok(DataExportState::default()) };
        let again_at = again_at(Some(&export), now);
        let asked = DataExportState {
            asked_at: Some(export.asked_at),
            failed: export.failed_at.is_some(),
            again_at,
            ready: None,
        };
        if export.ready_at.is_none() {
            return Ok(asked);
        }
        // One that is no more kept, or was lost with its disk, is as none.
        let Some(until) = kept_until(&export, now) else { return Ok(DataExportState::default()) };
        let file = self.folder.find(&export.file).await.map_err(unavailable)?;
        Ok(match file {
            Some(file) => DataExportState { ready: Some((file.length, until)), ..asked },
            None => DataExportState { failed: true, again_at: None, ..asked },
        })
    }

    /// Asks for a file with what the account of this session has. It is made in the background.
    ///
    /// # Errors
    /// `ProofWanted`; `Unauthenticated` when the session has ended; `Throttled`.
    pub async fn ask(&self, who: &SignedIn, client: &Client) -> Result<ExportAsked, AccountError> {
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let id = who.account().id;
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        let lost = self.state(who).await?.failed;
        let asked = self.store.transact_on(id, async |tx| {
            require_session(tx, who).await?;
            // Of two wishes at once, on whichever instance, the second finds the first.
            accounts::hold(tx, id).await?;
            let last = data_exports::find(tx, id).await?;
            if let Some(again_at) = again_at(last.as_ref().filter(|_| !lost), now) {
                return Ok(ExportAsked::TooSoon { again_at });
            }
            data_exports::ask(tx, id, client.locale.as_deref(), now).await?;
            security_log::note(tx, id, &Noted::by_owner(EventKind::DataAsked, ""), client, now).await?;
            Ok::<_, AccountError>(ExportAsked::Taken)
        });
        let asked = asked.await?;
        if asked == ExportAsked::Taken {
            self.wake();
        }
        Ok(asked)
    }

    /// The file of the account of this session. A session alone is not enough: whoever finds an open browser
    /// would take everything along at once. `client` is who fetches it; without, it is only looked at.
    ///
    /// # Errors
    /// `ProofWanted`; `NotFound` where there is none; `Unauthenticated` when the session has ended;
    /// `Throttled`.
    pub async fn fetch(&self, who: &SignedIn, client: Option<&Client>) -> Result<DataFile, AccountError> {
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let id = who.account().id;
        if let Some(client) = client {
            spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        }
        let found = data_exports::find(&mut self.store.read().await?, id).await?;
        let export = found.filter(|export| kept_until(export, now).is_some());
        let (Some(export), Some(made_at)) = (&export, export.as_ref().and_then(|export| export.ready_at))
        else {
            return Err(AccountError::NotFound);
        };
        let file = self.folder.find(&export.file).await.map_err(unavailable)?;
        let file = file.ok_or(AccountError::NotFound)?;
        if let Some(client) = client {
            let noted = self.store.transact_on(id, async |tx| {
                require_session(tx, who).await?;
                let noted = Noted::by_owner(EventKind::DataDownloaded, "");
                Ok::<_, AccountError>(security_log::note(tx, id, &noted, client, now).await?)
            });
            noted.await?;
        }
        Ok(DataFile { path: file.path, length: file.length, made_at })
    }
}

fn unavailable(error: std::io::Error) -> AccountError {
    AccountError::Unavailable(InternalError::new(error))
}

#[cfg(test)]
mod tests {
    use domain::AccountId;

    use super::*;

    #[test]
    fn another_one_can_be_asked_for_a_day_later_or_when_the_last_failed() {
        let (asked, day) = (Millis(1_000), Millis(1_000 + 86_400_000));
        let last = DataExport {
            account: AccountId(1),
            locale: None,
            asked_at: asked,
            attempts: 0,
            file: String::new(),
            ready_at: None,
            failed_at: None,
        };
        assert_eq!(again_at(None, asked), None);
        assert_eq!(again_at(Some(&last), asked), Some(day));
        assert_eq!(again_at(Some(&last), Millis(day.0 - 1)), Some(day));
        assert_eq!(again_at(Some(&last), day), None);
        let failed = DataExport { failed_at: Some(asked), ..last.clone() };
        assert_eq!(again_at(Some(&failed), asked), None);
        let ready = DataExport { ready_at: Some(asked), ..last };
        let until = asked.after(KEEP_DATA_EXPORT);
        assert_eq!(kept_until(&ready, Millis(until.0 - 1)), Some(until));
        assert_eq!((kept_until(&ready, until), kept_until(&failed, asked)), (None, None));
    }
}
