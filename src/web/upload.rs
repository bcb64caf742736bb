//! Uploads. The file is written to disk while it arrives.

use std::path::PathBuf;

use domain::{AccountError, Field, FieldCode, InternalError, PictureLimits};
use listener::Incoming;
use requests::{Fields, UploadLimits, UploadedFile};
use rocket::Request;
use rocket::data::Data;
use tokio::io::AsyncSeekExt as _;

use super::refusal::Refusal;

/// Where uploads are written, and how large they may be.
#[derive(Clone, Debug)]
pub struct UploadRules {
    /// Folder for unnamed files, which the system removes when they are closed.
    pub folder: PathBuf,
    /// Bounds on a picture.
    pub picture: PictureLimits,
}

impl UploadRules {
    /// Largest file in bytes.
    pub fn max_bytes(&self) -> u64 {
        self.picture.max_bytes()
    }

    fn too_large(&self) -> AccountError {
        AccountError::field(Field::Picture, FieldCode::PictureTooLarge { max_mib: self.picture.max_mib })
    }
}

/// An upload that has arrived: its file on disk, and its text fields.
pub struct SpooledUpload {
    /// The file, rewound; `None` when nothing was chosen.
    pub file: Option<std::fs::File>,
    pub fields: Fields,
}

impl SpooledUpload {
    /// Receives the body of `request`. The caller has authorised the sender already.
    ///
    /// # Errors
    /// `Invalid` for the field of the picture when the file is too large, so that the page shows it at the
    /// field. `TimedOut`, `Malformed`, `UnsupportedMediaType`; `Unavailable` when the disk is full.
    pub async fn receive(
        request: &Request<'_>,
        data: Data<'_>,
        rules: &UploadRules,
    ) -> Result<Self, Refusal> {
        let limits = UploadLimits::for_file(rules.max_bytes());
        let incoming = Incoming::of(request);
        // Reading would have a client that waits for `100 Continue` send what is too much for certain.
        let declared = incoming.and_then(Incoming::content_length);
        if declared.is_some_and(|bytes| bytes > limits.stream_bytes()) {
            return Err(rules.too_large().into());
        }
        let mut spooled = tokio::fs::File::from_std(tempfile::tempfile_in(&rules.folder).map_err(storage)?);
        let content_type = request.headers().get_one("content-type");
        let received = match incoming.and_then(Incoming::take) {
            Some(body) => requests::read_upload(body, content_type, limits, &mut spooled).await,
            None => {
                let body = data.open(rocket::data::ByteUnit::Byte(limits.stream_bytes()));
                requests::read_upload(body, content_type, limits, &mut spooled).await
            }
        };
        let received = received.map_err(|error| match Refusal::from(error) {
            Refusal::TooLarge => rules.too_large().into(),
            other => other,
        })?;
        spooled.rewind().await.map_err(storage)?;
        let file = match received.file {
            UploadedFile::Received { .. } => Some(spooled.into_std().await),
            UploadedFile::Absent | UploadedFile::Empty => None,
        };
        Ok(Self { file, fields: received.fields })
    }
}

fn storage(error: std::io::Error) -> Refusal {
    Refusal::Account(AccountError::Unavailable(InternalError::new(error)))
}
