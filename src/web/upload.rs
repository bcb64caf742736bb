//! A picture on its way in: straight to a file on disk, after it was asked who sends it.

use std::path::PathBuf;

use rocket::Request;
use rocket::data::Data;
use tokio::io::AsyncSeekExt as _;

use super::Refusal;
use super::fields::{self, Fields, UploadLimits, UploadedFile};
use super::incoming::Incoming;
use crate::domain::{AccountError, InternalError};

/// Where uploads wait and how large they may be.
#[derive(Clone, Debug)]
pub struct UploadRules {
    /// Folder for files without a name, which are gone when they are closed.
    pub folder: PathBuf,
    /// Largest file in bytes.
    pub max_bytes: u64,
}

/// A received file and the text fields that came with it.
pub struct Upload {
    /// The file, rewound; `None` when nothing was chosen.
    pub file: Option<std::fs::File>,
    /// The text fields.
    pub fields: Fields,
}

impl Upload {
    /// Receives the body of `request`. The caller has checked who sends it.
    ///
    /// # Errors
    /// Too large, late, malformed, not multipart; or the disk is full.
    pub async fn receive(
        request: &Request<'_>,
        data: Data<'_>,
        rules: &UploadRules,
    ) -> Result<Self, Refusal> {
        let limits = UploadLimits::for_file(rules.max_bytes);
        let mut waiting = tokio::fs::File::from_std(tempfile::tempfile_in(&rules.folder).map_err(storage)?);
        let content_type = request.headers().get_one("content-type");
        let received = match Incoming::of(request).and_then(Incoming::take) {
            Some(body) => fields::read_upload(body, content_type, limits, &mut waiting).await,
            None => {
                let body = data.open(rocket::data::ByteUnit::Byte(limits.stream_bytes()));
                fields::read_upload(body, content_type, limits, &mut waiting).await
            }
        }?;
        waiting.rewind().await.map_err(storage)?;
        let file = match received.file {
            UploadedFile::Received { .. } => Some(waiting.into_std().await),
            UploadedFile::Absent | UploadedFile::Empty => None,
        };
        Ok(Self { file, fields: received.fields })
    }
}

fn storage(error: std::io::Error) -> Refusal {
    Refusal::Account(AccountError::Unavailable(InternalError::new(error)))
}
