//! Changing one's picture.

use std::fs::File;
use std::str::FromStr as _;
use std::sync::Arc;

use crate::flows::refusals::refuse_throttled;
use crate::flows::sessions::signed_in::SignedIn;
use domain::{AccountError, Clock, Field, FieldCode, InternalError, PictureRef};
use limiter::{Action, Key, Limiter};
use pictures::{
    Crop, PictureError, PictureId, PicturePool, PictureStorage, SIZES, Served, letter_for, letter_svg,
};
use store::{Store, accounts};

/// Pictures of accounts.
pub struct Pictures {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) pool: PicturePool,
    pub(in crate::flows) storage: Arc<dyn PictureStorage>,
    /// Largest upload in MiB, for the sentence that says so.
    pub(in crate::flows) max_mib: u64,
}

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

impl Pictures {
    /// Whether the account may send a picture now: asked before a large body is read.
    ///
    /// # Errors
    /// `Throttled`.
    pub fn admit(&self, who: &SignedIn) -> Result<(), AccountError> {
        let now = self.clock.now();
        self.limiter
            .take(Action::PictureUpload, Key::Account(who.account().id.0), now.0)
            .map_err(refuse_throttled)
    }

    /// Makes the picture in `file` the account's. The old one goes after the new one is stored.
    ///
    /// # Errors
    /// `Invalid` when it is no picture that can be used.
    pub async fn change(
        &self,
        who: &SignedIn,
        file: File,
        crop: Option<CropRequest>,
    ) -> Result<(), AccountError> {
        let crop = crop.and_then(|crop| Crop::new(crop.x, crop.y, crop.size));
        let picture = self.pool.process(file, crop).await;
        let picture = Arc::new(picture.map_err(|error| self.refuse(error))?);
        let reference =
            PictureRef { id: picture.id.to_string(), extension: picture.format.extension().to_owned() };
        let storage = &self.storage;
        storage.put(picture.clone()).await?;
        let before = self.name(who, Some(&reference)).await?;
        // Another account may have stopped showing the same picture, and removed its files before this one
        // named it.
        if storage.serve(&picture.id, SIZES[0]).await?.is_none() {
            storage.put(picture).await?;
        }
        self.remove_unused(before.filter(|before| *before != reference)).await;
        Ok(())
    }

    /// Shows the letter picture again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn remove(&self, who: &SignedIn) -> Result<(), AccountError> {
        let before = self.name(who, None).await?;
        self.remove_unused(before).await;
        Ok(())
    }

    /// Writes which picture the account shows, and gives the one that it showed before.
    async fn name(
        &self,
        who: &SignedIn,
        picture: Option<&PictureRef>,
    ) -> Result<Option<PictureRef>, AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        self.store
            .transact(async |tx| {
                // Of two changes at once, each removes the picture that it replaced.
                accounts::hold(tx, id).await?;
                let before = accounts::find(tx, id).await?.and_then(|found| found.account.picture);
                accounts::set_picture(tx, id, picture, now).await?;
                Ok(before)
            })
            .await
    }

    /// Removes a picture that no account shows any more. The account shows its new one already, so files left
    /// behind are no reason to refuse the change: they are logged.
    async fn remove_unused(&self, picture: Option<PictureRef>) {
        let Some(picture) = picture else { return };
        let removed = self.remove_unless_named(&picture).await;
        if let Err(AccountError::Unavailable(error) | AccountError::Internal(error)) = removed {
            log::warn!("a picture that nobody shows could not be removed: {error}");
        }
    }

    async fn remove_unless_named(&self, picture: &PictureRef) -> Result<(), AccountError> {
        let Ok(id) = PictureId::from_str(&picture.id) else { return Ok(()) };
        if self.is_named(picture).await? {
            return Ok(());
        }
        let storage = &self.storage;
        let Some(removed) = storage.remove(&id).await? else { return Ok(()) };
        // An account may have named it between the question and the removal. Where that cannot be known, it
        // stays.
        match self.is_named(picture).await {
            Ok(false) => Ok(()),
            Ok(true) | Err(_) => Ok(storage.put(Arc::new(removed)).await?),
        }
    }

    async fn is_named(&self, picture: &PictureRef) -> Result<bool, AccountError> {
        Ok(accounts::picture_in_use(&mut self.store.read().await?, picture).await?)
    }

    fn refuse(&self, error: PictureError) -> AccountError {
        let code = match error {
            PictureError::NotAnImage => FieldCode::PictureNotAnImage,
            PictureError::Unreadable => FieldCode::PictureUnreadable,
            PictureError::TooManyPixels { max } => {
                FieldCode::PictureTooManyPixels { max_megapixels: max / 1_000_000 }
            }
            PictureError::TooLarge { .. } => FieldCode::PictureTooLarge { max_mib: self.max_mib },
            error @ PictureError::Storage(_) => return AccountError::Internal(InternalError::new(error)),
        };
        AccountError::field(Field::Picture, code)
    }

    /// A rendition as it is served. Never asks the database.
    ///
    /// # Errors
    /// `Unavailable` when the storage fails.
    pub async fn serve(&self, id: &str, size: u32) -> Result<Option<Served>, AccountError> {
        let Ok(id) = PictureId::from_str(id) else { return Ok(None) };
        Ok(self.storage.serve(&id, size).await?)
    }
}

/// The letter picture as SVG. `None` when it is not one that an account can have: the address is public.
pub fn letter_picture(letter: &str, hue: u16) -> Option<String> {
    (hue < 360 && letter_for(letter) == letter).then(|| letter_svg(letter, hue))
}
