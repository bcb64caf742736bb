//! The sentences of the security log, in the language of a visit.

use domain::{EventActor, Factor, Factors, OpeningKind, SecurityEvent, SecurityEventKind};
use look::Argument;

use crate::web::Visit;

/// What happened.
pub fn what(visit: &Visit<'_>, event: &SecurityEvent) -> String {
    let detail = event.detail.as_str();
    let (key, argument) = match event.kind {
        SecurityEventKind::SignedIn if detail != "pages" => ("event-signed-in-app", "door"),
        SecurityEventKind::SignedIn => ("event-signed-in", ""),
        SecurityEventKind::SecondStepRefused => ("event-second-step-refused", ""),
        SecurityEventKind::ProvenAgain => ("event-proven-again", ""),
        SecurityEventKind::ProofRefused => ("event-proof-refused", ""),
        SecurityEventKind::PasswordChanged if detail == "link" => ("event-password-reset", ""),
        SecurityEventKind::PasswordChanged if detail == "generated" => ("event-password-generated", ""),
        SecurityEventKind::PasswordChanged => ("event-password-changed", ""),
        SecurityEventKind::PasswordRemoved => ("event-password-removed", ""),
        SecurityEventKind::AddressChanged => ("event-address-changed", "before"),
        SecurityEventKind::UsernameChanged if detail.is_empty() => ("event-username-chosen", ""),
        SecurityEventKind::UsernameChanged => ("event-username-changed", "before"),
        SecurityEventKind::TotpAdded => ("event-totp-added", ""),
        SecurityEventKind::TotpRemoved => ("event-totp-removed", ""),
        SecurityEventKind::RecoveryCodesMade => ("event-recovery-codes-made", ""),
        SecurityEventKind::RecoveryCodeUsed => ("event-recovery-code-used", ""),
        SecurityEventKind::PasskeyAdded => ("event-passkey-added", "name"),
        SecurityEventKind::PasskeyRefused => ("event-passkey-refused", ""),
        SecurityEventKind::PasskeyRemoved => ("event-passkey-removed", "name"),
        SecurityEventKind::AppPasswordMade => ("event-app-password-made", "name"),
        SecurityEventKind::AppPasswordRevoked => ("event-app-password-revoked", "name"),
        SecurityEventKind::ApplicationPermitted => ("event-application-permitted", "name"),
        SecurityEventKind::ApplicationEnded => ("event-application-ended", "name"),
        SecurityEventKind::IdentityLinked => ("event-identity-linked", "provider"),
        SecurityEventKind::IdentityUnlinked => ("event-identity-unlinked", "provider"),
        SecurityEventKind::BrowserTrusted => ("event-browser-trusted", ""),
        SecurityEventKind::BrowserTrustEnded => ("event-browser-trust-ended", ""),
        SecurityEventKind::DevicePaired => ("event-device-paired", "name"),
        SecurityEventKind::OpeningEnded => (ended(OpeningKind::parse(detail)), ""),
        SecurityEventKind::OpeningsEnded if detail.is_empty() => ("event-openings-ended", ""),
        SecurityEventKind::OpeningsEnded => ("event-sessions-ended", ""),
        SecurityEventKind::RecoveryAsked => ("event-recovery-asked", ""),
        SecurityEventKind::RecoveryCancelled => ("event-recovery-cancelled", ""),
        SecurityEventKind::FactorsRemoved => ("event-factors-removed", ""),
        SecurityEventKind::Denied => ("event-denied", ""),
        SecurityEventKind::Locked => ("event-locked", ""),
        SecurityEventKind::Unlocked => ("event-unlocked", ""),
    };
    let detail = match event.kind {
        // The door stands before the name.
        SecurityEventKind::AppPasswordMade | SecurityEventKind::AppPasswordRevoked => {
            detail.split_once(' ').map_or(detail, |(_, name)| name)
        }
        _ => detail,
    };
    let arguments = [(argument, Argument::Text(detail.into()))];
    let arguments = if argument.is_empty() { &[][..] } else { &arguments[..] };
    visit.view.catalog().text(visit.locale(), key, arguments)
}

/// The sentence for the end of one opening; one that only a newer version knows is any.
fn ended(kind: Option<OpeningKind>) -> &'static str {
    match kind {
        Some(OpeningKind::Session) => "event-ended-session",
        Some(OpeningKind::KnownBrowser) => "event-ended-known-browser",
        Some(OpeningKind::Bearer) => "event-ended-app",
        Some(OpeningKind::Device) => "event-ended-device",
        Some(OpeningKind::UserSecret) => "event-ended-secret",
        Some(OpeningKind::Link) => "event-ended-link",
        Some(OpeningKind::Redirection) => "event-ended-redirection",
        Some(OpeningKind::AppPassword) | None => "event-ended-other",
    }
}

/// Who did it; empty for the account's owner.
pub fn by(visit: &Visit<'_>, actor: &EventActor) -> String {
    let catalog = visit.view.catalog();
    match actor {
        EventActor::Owner => String::new(),
        EventActor::Key(name) => {
            let name = Argument::Text(name.as_str().into());
            catalog.text(visit.locale(), "event-by-key", &[("name", name)])
        }
        EventActor::Operator => catalog.text(visit.locale(), "event-by-operator", &[]),
        EventActor::System => catalog.text(visit.locale(), "event-by-system", &[]),
    }
}

/// By what it was proven.
pub fn factors(visit: &Visit<'_>, factors: Factors) -> String {
    let named = factors.iter().map(|factor| {
        let key = match factor {
            Factor::Password => "factor-password",
            Factor::Totp => "factor-totp",
            Factor::RecoveryCode => "factor-recovery-code",
            Factor::Passkey => "factor-passkey",
            Factor::AppPassword => "factor-app-password",
            Factor::Redirection => "factor-redirection",
            Factor::TrustedBrowser => "factor-trusted-browser",
            Factor::Provider => "factor-provider",
        };
        visit.view.catalog().text(visit.locale(), key, &[])
    });
    named.collect::<Vec<_>>().join(", ")
}
