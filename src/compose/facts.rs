//! What the settings say of the site, for every page and mail.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use look::{Accent, Brand, Facts, Logo};
use url::Url;

use super::accounts::{picture_limits, relying_party};
use crate::config::{Config, StartError};
use crate::web::base_path;

/// The facts about the site that every page and message may show.
///
/// # Errors
/// Names the setting with the file that cannot be used.
pub fn facts(config: &Config) -> Result<Facts, StartError> {
    let settings = &config.settings;
    Ok(Facts {
        site_name: settings.site.name.clone(),
        password_min: settings.password.min_length,
        picture: settings.picture.limits(),
        picture_webp_megapixels: picture_limits(settings).max_webp_pixels() / 1_000_000,
        locales: settings.locales.clone(),
        passkeys: relying_party(config).is_some(),
        terms: settings.terms.terms().is_some(),
        work: settings.registration.asks_for_work(),
        registration: settings.registration.mode.lets_strangers_in(),
        brand: brand(config)?,
    })
}

fn brand(config: &Config) -> Result<Brand, StartError> {
    let site = &config.settings.site;
    let address = |address: &Option<String>| address.clone().unwrap_or_default();
    Ok(Brand {
        origin: origin(&config.public_url),
        base: base_path(&config.public_url).to_owned(),
        url: address(&site.url),
        logo: site.logo.as_deref().map(logo).transpose()?,
        accent: site.accent.as_deref().and_then(Accent::parse),
        imprint: address(&site.imprint),
        privacy: address(&site.privacy),
        help: address(&site.help),
    })
}

/// Scheme, host and port.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn logo(file: &Path) -> Result<Logo, StartError> {
    let wrong = |why: String| StartError::setting("site.logo", format!("{}: {why}", file.display()));
    let open = || {
        let about = std::fs::metadata(file)?;
        // A pipe would keep the start waiting.
        if !about.is_file() {
            return Err(std::io::Error::other("it is no file"));
        }
        let mut content = Vec::new();
        // One byte more than a logo may have shows that it is too long.
        File::open(file)?.take(Logo::MAX as u64 + 1).read_to_end(&mut content)?;
        Ok(content)
    };
    let content = open().map_err(|error| wrong(error.to_string()))?;
    Logo::read(content).map_err(wrong)
}
