//! The site as templates see it: what the operator says of it, and what the look has instead.

use super::accent::Accent;
use super::brand::{Brand, Logo};
use super::template::SiteView;
use super::{Facts, Files};

impl Files {
    /// Adds the logo, and the colour at the top of the style sheet that pages load last.
    pub(super) fn add_brand(&mut self, brand: &Brand) {
        if let Some(logo) = &brand.logo {
            self.add_static(logo.name(), logo.content().to_vec().into());
        }
        if let Some(accent) = &brand.accent {
            self.begin_styles(&accent.stylesheet());
        }
    }
}

/// What templates see of the site, on pages or in mails.
#[derive(Debug)]
pub(super) struct Site {
    name: String,
    url: String,
    logo_url: String,
    accent: Accent,
    imprint: String,
    privacy: String,
    help: String,
}

impl Site {
    /// On pages, whose own paths are put below the base path when they are finished.
    pub(super) fn on_pages(facts: &Facts, files: &Files) -> Self {
        let brand = &facts.brand;
        let logo_url = brand.logo.as_ref().and_then(|logo| files.address(&logo.name()));
        // A path of the site itself must not go below the program's.
        let outside =
            |address: &str| if brand.base.is_empty() { address.into() } else { brand.whole(address) };
        let url = if brand.url.is_empty() { "/".to_owned() } else { outside(&brand.url) };
        Self::of(facts, url, logo_url.unwrap_or_default(), outside)
    }

    /// In mails, which need whole addresses. Their readers show no SVG, and load pictures by `https` alone.
    pub(super) fn in_mails(facts: &Facts, files: &Files) -> Self {
        let brand = &facts.brand;
        let Brand { origin, base, .. } = brand;
        let shown = |logo: &&Logo| logo.is_for_mails() && origin.starts_with("https://");
        let logo = brand.logo.as_ref().filter(shown).and_then(|logo| files.address(&logo.name()));
        let logo_url = logo.map(|path| format!("{origin}{base}{path}")).unwrap_or_default();
        let url = if brand.url.is_empty() { format!("{origin}{base}/") } else { brand.whole(&brand.url) };
        Self::of(facts, url, logo_url, |address| brand.whole(address))
    }

    fn of(facts: &Facts, url: String, logo_url: String, address: impl Fn(&str) -> String) -> Self {
        let Brand { accent, imprint, privacy, help, .. } = &facts.brand;
        Self {
            name: facts.site_name.clone(),
            url,
            logo_url,
            accent: accent.clone().unwrap_or_default(),
            imprint: address(imprint),
            privacy: address(privacy),
            help: address(help),
        }
    }

    pub(super) fn view(&self) -> SiteView<'_> {
        let Self { name, url, logo_url, accent, imprint, privacy, help } = self;
        SiteView {
            name,
            url,
            logo_url,
            accent: &accent.light.accent,
            on_accent: &accent.light.on,
            accent_dark: &accent.dark.accent,
            on_accent_dark: &accent.dark.on,
            imprint,
            privacy,
            help,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n rest";

    fn branded(base: &str, logo: &[u8]) -> (Site, Site) {
        let brand = Brand {
            origin: "https://example.org".into(),
            base: base.into(),
            logo: Some(Logo::read(logo.to_vec()).unwrap()),
            accent: Accent::parse("#36c"),
            imprint: "/imprint".into(),
            privacy: "https://law.example/privacy".into(),
            help: "mailto:help@example.org".into(),
            ..Brand::default()
        };
        let facts = Facts { brand, ..Facts::default() };
        let mut files = Files::load(None).unwrap();
        files.add_brand(&facts.brand);
        (Site::on_pages(&facts, &files), Site::in_mails(&facts, &files))
    }

    #[test]
    fn pages_have_paths_and_mails_whole_addresses() {
        let (page, mail) = branded("", PNG);
        assert_eq!((page.url.as_str(), mail.url.as_str()), ("/", "https://example.org/"));
        assert_eq!(
            (page.imprint.as_str(), mail.imprint.as_str()),
            ("/imprint", "https://example.org/imprint")
        );
        assert!(page.logo_url.starts_with("/static/") && page.logo_url.ends_with("/site-logo.png"));
        assert_eq!(mail.logo_url, format!("https://example.org{}", page.logo_url));
        assert_eq!(page.help, mail.help);
        assert_eq!(page.view().accent, "#3366cc");

        // Below a path, an address of the site is not the program's.
        let (page, mail) = branded("/account", SVG);
        assert_eq!((page.url.as_str(), mail.url.as_str()), ("/", "https://example.org/account/"));
        assert_eq!(page.imprint, "https://example.org/imprint");
        assert_eq!(page.privacy, "https://law.example/privacy");
        assert_eq!(mail.logo_url, "");
    }
}
