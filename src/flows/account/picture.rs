//! Changes of picture by the account's owner.

use std::fs::File;
use std::str::FromStr as _;
use std::sync::Arc;

use crate::flows::client::Client;
use crate::flows::refusals::spend;
use crate::flows::sessions::signed_in::{SignedIn, require_session};
use crate::flows::webhooks::cause::tell_changed;
use domain::{AccountError, Clock, EventActor, Field, FieldCode, InternalError, PictureRef};
use limiter::{Action, ClientIp, Limiter};
use pictures::{
    Crop, PictureError, PictureFigures, PictureId, PicturePool, PictureStorage, SIZES, Served, letter_for,
    letter_svg,
};
use store::{Store, accounts};

pub struct Pictures {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) pool: PicturePool,
    pub(in crate::flows) storage: Arc<dyn PictureStorage>,
    /// Largest upload in MiB, quoted in the refusal.
    pub(in crate::flows) max_mib: u64,
}

/// The crop that the user chose. `x` and `y` are fractions of the upright picture's width and height; `size`
/// is a fraction of its shorter side.
#[derive(Clone, Copy, Debug)]
pub struct CropRequest {
    /// From 0 to 1.
    pub x: f64,
    /// From 0 to 1.
    pub y: f64,
    /// Side, above 0 and at most 1.
    pub size: f64,
}

impl Pictures {
    /// Counts an upload against the limits of the account and of the address. Called before the request body
    /// is read.
    ///
    /// # Errors
    /// `Throttled` above the limit.
    pub fn admit(&self, who: &SignedIn, client: &Client) -> Result<(), AccountError> {
        spend(&self.limiter, Action::PictureUpload, who.account().id, client, self.clock.now())
    }

    /// What the threads for pictures do and have done.
    pub fn figures(&self) -> PictureFigures {
        self.pool.figures()
    }

    /// Stores the picture in `file` and shows it for the account. The previous picture is removed afterwards,
    /// unless another account shows the same one.
    ///
    /// # Errors
    /// `Invalid` when the file is not a usable picture, `Busy` when too many pictures wait, `Unavailable`
    /// when the storage fails.
    pub async fn change(
        &self,
        who: &SignedIn,
        client: &Client,
        file: File,
        crop: Option<CropRequest>,
    ) -> Result<(), AccountError> {
        let crop = crop.and_then(|crop| Crop::new(crop.x, crop.y, crop.size));
        let picture = self.pool.process(ClientIp::from(client.ip).number(), file, crop).await;
        let picture = Arc::new(picture.map_err(|error| self.refuse(error))?);
        let reference =
            PictureRef { id: picture.id.to_string(), extension: picture.format.extension().to_owned() };
        let storage = &self.storage;
        storage.put(picture.clone()).await?;
        let before = self.name(who, Some(&reference)).await?;
        // `put` may have found the files already stored for another account. That account may have dropped
        // the picture, and its files, before `name` wrote ours; so store them again.
        if storage.serve(&picture.id, SIZES[0]).await?.is_none() {
            storage.put(picture).await?;
        }
        self.remove_unused(before.filter(|before| *before != reference)).await;
        Ok(())
    }

    /// Returns the account to the picture of its initial.
    ///
    /// # Errors
    /// `Throttled`; `Unavailable` when the database fails.
    pub async fn remove(&self, who: &SignedIn, client: &Client) -> Result<(), AccountError> {
        spend(&self.limiter, Action::SettingsWrite, who.account().id, client, self.clock.now())?;
        let before = self.name(who, None).await?;
        self.remove_unused(before).await;
        Ok(())
    }

    /// Writes the account's picture and returns the previous one.
    async fn name(
        &self,
        who: &SignedIn,
        picture: Option<&PictureRef>,
    ) -> Result<Option<PictureRef>, AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        self.store
            .transact_on(id, async |tx| {
                // The lock gives each of two concurrent changes the picture that it replaced, so each removes
                // its own.
                require_session(tx, who).await?;
                let before = accounts::find(tx, id).await?.and_then(|found| found.account.picture);
                accounts::set_picture(tx, id, picture, now).await?;
                if before.as_ref() != picture {
                    tell_changed(tx, id, "picture", &EventActor::Owner, now).await?;
                }
                Ok(before)
            })
            .await
    }

    /// Removes the files of `picture` unless an account still shows them. The account already shows its new
    /// picture, so a failure here is logged and does not refuse the change.
    pub(in crate::flows) async fn remove_unused(&self, picture: Option<PictureRef>) {
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
        let Some(aside) = storage.set_aside(&id).await? else { return Ok(()) };
        // An account may have named it between the question and the removal. Where that cannot be known, it
        // stays.
        match self.is_named(picture).await {
            Ok(false) => Ok(storage.discard(aside).await?),
            Ok(true) | Err(_) => Ok(storage.restore(aside).await?),
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
            PictureError::Busy { retry_after } => return AccountError::Busy { retry_after },
            error @ PictureError::Storage(_) => return AccountError::Internal(InternalError::new(error)),
        };
        AccountError::field(Field::Picture, code)
    }

    /// Reads a rendition of `size` pixels. Does not query the database.
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
