//! What openings are called.

use domain::{Opening, OpeningKind, TicketPurpose};
use look::{Argument, Catalog, Locale};

/// What an opening is, in this language.
pub fn what(catalog: &Catalog, locale: &Locale, opening: &Opening) -> String {
    let sentence = match opening.id.kind {
        OpeningKind::Session => "opening-session",
        OpeningKind::KnownBrowser => "opening-known-browser",
        OpeningKind::Bearer => "opening-bearer",
        OpeningKind::Device => "opening-device",
        OpeningKind::UserSecret => "opening-user-secret",
        OpeningKind::AppPassword => "opening-app-password",
        OpeningKind::Link => "opening-link",
        OpeningKind::Redirection => "opening-redirection",
    };
    catalog.text(locale, sentence, &[("door", Argument::Text(opening.door.as_str().into()))])
}

/// The name of an opening; a sentence where it has none of its own.
pub fn name(catalog: &Catalog, locale: &Locale, opening: &Opening) -> String {
    if !opening.name.is_empty() {
        return match opening.id.kind {
            // A device and an app password are called what somebody calls them.
            OpeningKind::Device | OpeningKind::AppPassword => opening.name.clone(),
            _ => named_browser(catalog, locale, &opening.name),
        };
    }
    let sentence = match (opening.purpose, opening.id.kind) {
        (Some(TicketPurpose::Recovery), _) => "opening-link-recovery",
        (Some(TicketPurpose::Invitation), _) => "opening-link-invitation",
        (Some(TicketPurpose::Verification), _) => "opening-link-verification",
        (_, OpeningKind::Bearer | OpeningKind::Device) => "opening-unknown-app",
        (_, OpeningKind::UserSecret | OpeningKind::AppPassword) => "opening-unknown-program",
        (
            Some(
                TicketPurpose::Autologin
                | TicketPurpose::AddressChange
                | TicketPurpose::AddressRequest
                | TicketPurpose::FactorRecovery
                | TicketPurpose::KeepFactors
                | TicketPurpose::Restore,
            )
            | None,
            OpeningKind::Session | OpeningKind::KnownBrowser | OpeningKind::Link | OpeningKind::Redirection,
        ) => "session-unknown-device",
    };
    catalog.text(locale, sentence, &[])
}

/// A browser's label as this language has it.
pub fn named_browser(catalog: &Catalog, locale: &Locale, label: &str) -> String {
    let Some((browser, system)) = label.split_once(" · ") else { return label.to_owned() };
    let [browser, system] = [browser, system].map(|name| Argument::Text(name.into()));
    let arguments = [("browser", browser), ("system", system)];
    catalog.text(locale, "opening-browser", &arguments)
}
