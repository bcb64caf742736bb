//! The URLs at which an account's picture is served.

use domain::{Account, PictureRef};
use pictures::{SIZES, hue_for, letter_for};

use crate::urls;

/// The URLs of one account's picture, by the size of the rendition.
#[derive(Clone, Debug)]
pub struct Avatar {
    /// The smallest rendition, for the head of a page.
    pub small: String,
    /// Twice the smallest, for screens of double density.
    pub medium: String,
    /// The rendition that apps and other sites show.
    pub large: String,
    /// The largest rendition.
    pub full: String,
    /// Whether the account has a picture of its own; else every URL is that of the initial picture.
    pub uploaded: bool,
}

impl Avatar {
    /// The picture of `account`, or the initial of the name that it is shown by.
    pub fn of(account: &Account) -> Self {
        let [small, medium, large, full] = match &account.picture {
            Some(PictureRef { id, extension }) => SIZES.map(|size| urls::picture(id, size, extension)),
            None => {
                let initial = initial_url(account);
                SIZES.map(|_| initial.clone())
            }
        };
        Self { small, medium, large, full, uploaded: account.picture.is_some() }
    }
}

fn initial_url(account: &Account) -> String {
    let initial: String =
        letter_for(&account.display_name())
            .bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect();
    urls::initial_picture(hue_for(account.id.0), &initial)
}
