//! The passkeys of an account, as a part of a page.

use serde::Serialize;
use utoipa::ToSchema;

use crate::samples::{Words, typed};
use crate::values::{FieldView, TimeView};
use domain::Millis;

/// The passkeys of an account.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct PasskeysView {
    /// Whether passkeys work at the address of this site.
    pub possible: bool,
    /// The passkeys, the oldest first.
    pub list: Vec<PasskeyView>,
    /// By what browsers know the account; empty before its first passkey.
    pub handle: String,
}

/// A passkey.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PasskeyView {
    /// Its number.
    pub id: i64,
    /// By what browsers know it.
    pub credential: String,
    /// What its owner calls it; never empty.
    pub name: String,
    /// The form with another name.
    pub form: FieldView,
    /// When it was added.
    pub created_at: TimeView,
    /// Whether it was ever used.
    pub used: bool,
    /// When it was last used.
    pub seen_at: TimeView,
    /// The network that it was last used from; may be empty.
    pub place: String,
}

impl PasskeysView {
    /// Passkeys with these names, of which the last was never used.
    pub(super) fn sample(words: Words<'_>, names: &[&str]) -> Self {
        let unnamed = words.sentence("passkeys-unnamed");
        let passkey = |(at, name): (usize, &&str)| PasskeyView {
            id: at as i64 + 1,
            credential: format!("q83vEjRWeJA{at}"),
            name: if name.is_empty() { unnamed.clone() } else { (*name).to_owned() },
            form: typed(name),
            created_at: TimeView::day(Millis(1_717_100_000_000), words.dates()),
            used: at + 1 < names.len(),
            seen_at: TimeView::minute(Millis(1_717_200_000_000), words.dates()),
            place: "2001:db8:1:2::/64".to_owned(),
        };
        let list = names.iter().enumerate().map(passkey).collect();
        Self { possible: true, list, handle: "AAECAwQFBgcICQoLDA0ODw".to_owned() }
    }
}
