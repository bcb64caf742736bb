//! The rest of an account that was one of ours: its row's times, its picture, and its passkeys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AccountId, AuthenticatorModel, Millis, PictureRef};
use readers::{OwnPasskey, OwnRecord};
use store::accounts::{self, EarlierRow};
use store::passkeys::{self, NewPasskey};
use store::{StoreError, Tx};

use super::Import;
use super::row::{Rules, Wanted, WantedOwn, WantedPasskey, sane};
use crate::flows::passkeys::{is_readable, sign_count};

impl Rules {
    /// Reads what our own export says beyond other products'. A passkey of another host works nowhere here,
    /// and is a factor that is lost.
    pub(super) fn read_own(&self, wanted: &mut Wanted, own: &OwnRecord) {
        let picture = own.picture.as_deref().and_then(PictureRef::parse);
        let here = picture.filter(|picture| (self.has_picture)(picture));
        if own.picture.is_some() && here.is_none() {
            wanted.left_out.push("picture");
        }
        let read = |passkey| self.read_passkey(passkey);
        let passkeys: Vec<_> = own.passkeys.iter().filter(|_| self.factors).filter_map(read).collect();
        if self.factors && passkeys.len() < own.passkeys.len() {
            wanted.left_out.push("passkey");
            wanted.factor_lost |= wanted.totp.is_none() && passkeys.is_empty();
        }
        let past = |at: Option<i64>| at.and_then(|at| sane(at, self.now));
        let row = EarlierRow {
            updated_at: past(own.updated_at),
            password_changed_at: past(own.password_changed_at),
            password_expires_at: own.password_expires_at.map(Millis),
            // Whoever waits for approval is not let in by moving.
            approval_wanted_at: own.approval_wanted_at.map(|at| sane(at, self.now).unwrap_or(self.now)),
            second_factor_at: past(own.second_factor_at).filter(|_| self.factors),
            terms: own.terms.clone(),
            picture: here,
        };
        wanted.own = Some(WantedOwn { row, passkeys });
    }

    fn read_passkey(&self, passkey: &OwnPasskey) -> Option<WantedPasskey> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| !bytes.is_empty());
        if self.site.as_ref() != Some(&passkey.site) || !is_readable(&passkey.credential) {
            return None;
        }
        Some(WantedPasskey {
            user_handle: bytes(&passkey.user_handle)?,
            credential_id: bytes(&passkey.credential_id)?,
            credential: passkey.credential.clone(),
            model: AuthenticatorModel(bytes(&passkey.model)?.try_into().ok()?),
            name: passkey.name.clone(),
            created_at: Millis(passkey.created_at),
        })
    }
}

impl Import<'_> {
    /// Makes a new account what it was where it came from. Returns whether one of its passkeys is somebody
    /// else's here.
    pub(super) async fn restore_own(
        &self,
        tx: &mut Tx,
        id: AccountId,
        own: &WantedOwn,
    ) -> Result<bool, StoreError> {
        let mut taken = false;
        for passkey in &own.passkeys {
            taken |= !self.take_passkey(tx, id, passkey).await?;
        }
        accounts::restore_row(tx, id, &own.row).await?;
        if taken && !passkeys::any(tx, id).await? {
            self.lose_factor(tx, id).await?;
        }
        Ok(taken)
    }

    /// Adds a passkey, unless an account here is known by it or by its handle.
    async fn take_passkey(
        &self,
        tx: &mut Tx,
        id: AccountId,
        passkey: &WantedPasskey,
    ) -> Result<bool, StoreError> {
        let known = passkeys::known_by_handle(tx, &passkey.user_handle).await?;
        if known.is_some_and(|owner| owner != id)
            || passkeys::find_by_credential(tx, &passkey.credential_id).await?.is_some()
        {
            return Ok(false);
        }
        passkeys::set_handle(tx, id, &passkey.user_handle).await?;
        let new = NewPasskey {
            account_id: id,
            credential_id: &passkey.credential_id,
            credential: &passkey.credential,
            sign_count: sign_count(&passkey.credential),
            model: passkey.model,
            name: &passkey.name,
        };
        passkeys::insert(tx, &new, passkey.created_at).await?;
        Ok(true)
    }
}
