//! What stays the same on every page for as long as the program runs.

use domain::{PasswordPolicy, PictureLimits};

use super::Brand;

/// Values that a template names, but no request changes.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Name of the site.
    pub site_name: String,
    /// Fewest characters of a password.
    pub password_min: usize,
    /// How large an uploaded picture may be.
    pub picture: PictureLimits,
    /// How many pixels a WebP may have, in millions: fewer than the other formats.
    pub picture_webp_megapixels: u64,
    /// The codes of the languages that are offered; all that there are, if it is empty.
    pub locales: Vec<String>,
    /// Whether passkeys work at the address of the site.
    pub passkeys: bool,
    /// Whether there are terms of use, which the sign-up page asks about.
    pub terms: bool,
    /// Whether browsers that sign up do a proof of work.
    pub work: bool,
    /// Whether strangers may sign up.
    pub registration: bool,
    /// How the operator wants the site to be seen.
    pub brand: Brand,
}

impl Default for Facts {
    fn default() -> Self {
        let PasswordPolicy { site_name, min_length, .. } = PasswordPolicy::default();
        Self {
            site_name,
            password_min: min_length,
            picture: PictureLimits::default(),
            picture_webp_megapixels: 11,
            locales: Vec::new(),
            passkeys: true,
            terms: true,
            work: true,
            registration: true,
            brand: Brand::default(),
        }
    }
}

impl Facts {
    /// The value of a template's variable, if it is one of these.
    pub(super) fn get(&self, variable: &str) -> Option<Fact<'_>> {
        match variable {
            "site.name" => Some(Fact::Text(&self.site_name)),
            "page.password_min" => Some(Fact::Number(self.password_min as u64)),
            "page.picture_max_mib" => Some(Fact::Number(self.picture.max_mib)),
            "page.picture_max_bytes" => Some(Fact::Number(self.picture.max_bytes())),
            "page.picture_webp_megapixels" => Some(Fact::Number(self.picture_webp_megapixels)),
            _ => None,
        }
    }
}

pub(super) enum Fact<'a> {
    Number(u64),
    Text(&'a str),
}
