//! Changing one's picture.

use std::fs::File;
use std::str::FromStr as _;
use std::sync::Arc;

use super::login::finish;
use super::{Flows, SignedIn, refuse_throttled};
use crate::domain::{AccountError, Field, FieldCode, InternalError, PictureRef, RENDITION_SIZES};
use crate::infra::limiter::{Action, Key};
use crate::infra::picture::{Crop, Picture, PictureError, PictureId, hue_for, letter_for, letter_svg};
use crate::store::{Engine, accounts};
use crate::urls;

/// The square that was chosen: left and top as a fraction of the upright picture's width and height, side as
/// a fraction of its shorter side.
#[derive(Clone, Copy, Debug)]
pub struct CropRequest {
    /// 0 to 1.
    pub x: f64,
    /// 0 to 1.
    pub y: f64,
    /// Above 0, at most 1.
    pub size: f64,
}

impl Flows {
    /// Whether the account may send a picture now: asked before a large body is read.
    ///
    /// # Errors
    /// `Throttled`.
    pub fn admit_picture(&self, who: &SignedIn) -> Result<(), AccountError> {
        let now = self.parts().clock.now();
        self.parts()
            .limiter
            .take(Action::PictureUpload, Key::Account(who.account().id.0), now.0)
            .map_err(refuse_throttled)
    }

    /// Makes the picture in `file` the account's. The old one goes after the new one is stored.
    ///
    /// # Errors
    /// `Invalid` when it is no picture that can be used.
    pub async fn change_picture(
        &self,
        who: &SignedIn,
        file: File,
        crop: Option<CropRequest>,
    ) -> Result<(), AccountError> {
        let crop = crop.and_then(|crop| Crop::new(crop.x, crop.y, crop.size));
        let picture = self.parts().pictures_at_work.process(file, crop).await;
        let picture = picture.map_err(|error| self.refuse_picture(error))?;
        let reference =
            PictureRef { id: picture.id.to_string(), extension: picture.format.extension().to_owned() };
        let _gate = self.0.picture_gate.lock().await;
        let picture = Arc::new(picture);
        self.keep(&picture).await?;
        self.show_picture(who, Some((&reference, &picture))).await
    }

    /// Shows the letter picture again.
    ///
    /// # Errors
    /// When the database or the storage fails.
    pub async fn remove_picture(&self, who: &SignedIn) -> Result<(), AccountError> {
        let _gate = self.0.picture_gate.lock().await;
        self.show_picture(who, None).await
    }

    async fn keep(&self, picture: &Arc<Picture>) -> Result<(), AccountError> {
        let (storage, picture) = (self.parts().pictures.clone(), picture.clone());
        Ok(blocking(move || storage.put(&picture)).await??)
    }

    async fn show_picture(
        &self,
        who: &SignedIn,
        picture: Option<(&PictureRef, &Arc<Picture>)>,
    ) -> Result<(), AccountError> {
        let parts = self.parts();
        let id = who.account().id;
        let mut tx = parts.store.write().await?;
        let written = async {
            accounts::hold_pictures(&mut tx).await?;
            let before = accounts::find(&mut tx, id).await?.and_then(|found| found.account.picture);
            accounts::set_picture(&mut tx, id, picture.map(|(named, _)| named), parts.clock.now()).await?;
            Ok(before)
        };
        let before = written.await;
        if let (Ok(_), Some((_, picture)), Engine::Postgres) = (&before, picture, parts.store.engine()) {
            // Another instance may have removed the same picture before the lock was ours.
            self.keep(picture).await?;
        }
        let before = finish(before, tx).await?;
        match before {
            Some(before) if Some(&before) != picture.map(|(named, _)| named) => self.clear(&before).await,
            _ => Ok(()),
        }
    }

    /// Removes a picture that no account shows any more. The account shows its new one already, so a file left
    /// behind is no reason to say otherwise.
    async fn clear(&self, picture: &PictureRef) -> Result<(), AccountError> {
        let Ok(id) = PictureId::from_str(&picture.id) else { return Ok(()) };
        let cleared = async {
            let mut tx = self.parts().store.write().await?;
            accounts::hold_pictures(&mut tx).await?;
            if !accounts::picture_in_use(&mut tx, picture).await? {
                let storage = self.parts().pictures.clone();
                blocking(move || storage.remove(&id)).await??;
            }
            tx.rollback().await;
            Ok::<(), AccountError>(())
        };
        if let Err(AccountError::Unavailable(error) | AccountError::Internal(error)) = cleared.await {
            log::warn!("a picture that nobody shows could not be removed: {error}");
        }
        Ok(())
    }

    fn refuse_picture(&self, error: PictureError) -> AccountError {
        let code = match error {
            PictureError::NotAnImage => FieldCode::PictureNotAnImage,
            PictureError::Unreadable => FieldCode::PictureUnreadable,
            PictureError::TooManyPixels { max } => {
                FieldCode::PictureTooManyPixels { max_megapixels: max / 1_000_000 }
            }
            PictureError::TooLarge { .. } => {
                FieldCode::PictureTooLarge { max_mib: self.policy().picture_max_mib }
            }
            error @ PictureError::Storage(_) => return AccountError::Internal(InternalError::new(error)),
        };
        AccountError::field(Field::Picture, code)
    }

    /// The file of a rendition, with its MIME type; never touches the database.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn picture_file(
        &self,
        id: &str,
        size: u32,
    ) -> Result<Option<(&'static str, Vec<u8>)>, AccountError> {
        let Ok(id) = PictureId::from_str(id) else { return Ok(None) };
        if !RENDITION_SIZES.contains(&size) {
            return Ok(None);
        }
        let storage = self.parts().pictures.clone();
        let found = blocking(move || storage.get(&id, size)).await??;
        Ok(found.map(|(format, content)| (format.media_type(), content)))
    }
}

/// Addresses of an account's renditions, smallest first, and whether they are its own picture.
pub fn picture_addresses(
    picture: Option<&PictureRef>,
    account: i64,
    display_name: &str,
) -> ([String; 4], bool) {
    match picture {
        Some(PictureRef { id, extension }) => {
            (RENDITION_SIZES.map(|size| urls::picture(id, size, extension)), true)
        }
        None => {
            let hue = hue_for(account);
            let letter: String = letter_for(display_name)
                .bytes()
                .map(|byte| {
                    if byte.is_ascii_alphanumeric() {
                        char::from(byte).to_string()
                    } else {
                        format!("%{byte:02X}")
                    }
                })
                .collect();
            let address = urls::initial_picture(hue, &letter);
            (RENDITION_SIZES.map(|_| address.clone()), false)
        }
    }
}

/// The letter picture as SVG. `None` when it is not one that an account can have: the address is public.
pub fn letter_picture(letter: &str, hue: u16) -> Option<String> {
    (hue < 360 && letter_for(letter) == letter).then(|| letter_svg(letter, hue))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AccountError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| AccountError::Internal(InternalError::new(error)))
}
