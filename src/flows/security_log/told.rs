//! The sentences of the security log.

use domain::{EventActor, EventKind, Factor, Factors, OpeningKind, SecurityEvent};
use look::{Argument, Catalog, Locale};

/// What happened, in this language.
pub fn what(catalog: &Catalog, locale: &Locale, event: &SecurityEvent) -> String {
    let detail = event.detail.as_str();
    let (key, argument) = match event.kind {
        EventKind::SignedIn if detail != "pages" => ("event-signed-in-app", "door"),
        EventKind::SignedIn => ("event-signed-in", ""),
        EventKind::SecondStepRefused => ("event-second-step-refused", ""),
        EventKind::ProvenAgain => ("event-proven-again", ""),
        EventKind::ProofRefused => ("event-proof-refused", ""),
        EventKind::PasswordChanged if detail == "link" => ("event-password-reset", ""),
        EventKind::PasswordChanged if detail == "generated" => ("event-password-generated", ""),
        EventKind::PasswordChanged => ("event-password-changed", ""),
        EventKind::PasswordRemoved => ("event-password-removed", ""),
        EventKind::AddressChanged => ("event-address-changed", "before"),
        EventKind::UsernameChanged if detail.is_empty() => ("event-username-chosen", ""),
        EventKind::UsernameChanged => ("event-username-changed", "before"),
        EventKind::TotpAdded => ("event-totp-added", ""),
        EventKind::TotpRemoved => ("event-totp-removed", ""),
        EventKind::RecoveryCodesMade => ("event-recovery-codes-made", ""),
        EventKind::RecoveryCodeUsed => ("event-recovery-code-used", ""),
        EventKind::PasskeyAdded => ("event-passkey-added", "name"),
        EventKind::PasskeyRefused => ("event-passkey-refused", ""),
        EventKind::PasskeyRemoved => ("event-passkey-removed", "name"),
        EventKind::AppPasswordMade => ("event-app-password-made", "name"),
        EventKind::AppPasswordRevoked => ("event-app-password-revoked", "name"),
        EventKind::ApplicationPermitted => ("event-application-permitted", "name"),
        EventKind::ApplicationEnded => ("event-application-ended", "name"),
        EventKind::IdentityLinked => ("event-identity-linked", "provider"),
        EventKind::IdentityUnlinked => ("event-identity-unlinked", "provider"),
        EventKind::BrowserTrusted => ("event-browser-trusted", ""),
        EventKind::BrowserTrustEnded => ("event-browser-trust-ended", ""),
        EventKind::DevicePaired => ("event-device-paired", "name"),
        EventKind::OpeningEnded => (ended(OpeningKind::parse(detail)), ""),
        EventKind::OpeningsEnded if detail.is_empty() => ("event-openings-ended", ""),
        EventKind::OpeningsEnded => ("event-sessions-ended", ""),
        EventKind::RecoveryAsked => ("event-recovery-asked", ""),
        EventKind::RecoveryCancelled => ("event-recovery-cancelled", ""),
        EventKind::FactorsRemoved => ("event-factors-removed", ""),
        EventKind::Denied => ("event-denied", ""),
        EventKind::Locked => ("event-locked", ""),
        EventKind::Unlocked => ("event-unlocked", ""),
        EventKind::Created => ("event-created", ""),
        EventKind::Approved => ("event-approved", ""),
        EventKind::TermsAgreed => ("event-terms-agreed", ""),
        EventKind::Verified => ("event-verified", ""),
        EventKind::ProfileChanged => ("event-profile-changed", ""),
        EventKind::RoleChanged => ("event-role-changed", ""),
        EventKind::LinkMailed => ("event-link-mailed", ""),
        EventKind::DeletionAsked => ("event-deletion-asked", ""),
        EventKind::DeletionDeclined => ("event-deletion-declined", ""),
        EventKind::Deleted => ("event-deleted", ""),
        EventKind::Erased => ("event-erased", ""),
        EventKind::DataAsked => ("event-data-asked", ""),
        EventKind::DataDownloaded => ("event-data-downloaded", ""),
        EventKind::Restored => ("event-restored", ""),
        // These are about no account: the operator's log alone has them.
        EventKind::KeyMade => ("event-key-made", ""),
        EventKind::KeyRevoked => ("event-key-revoked", ""),
        EventKind::ClientMade => ("event-client-made", ""),
        EventKind::ClientSecretRotated => ("event-client-secret-rotated", ""),
        EventKind::ClientRevoked => ("event-client-revoked", ""),
        EventKind::SecretsRotated => ("event-secrets-rotated", ""),
        EventKind::MailRetried => ("event-mail-retried", ""),
        EventKind::WebhookRetried => ("event-webhook-retried", ""),
    };
    let detail = match event.kind {
        // The door stands before the name.
        EventKind::AppPasswordMade | EventKind::AppPasswordRevoked => {
            detail.split_once(' ').map_or(detail, |(_, name)| name)
        }
        _ => detail,
    };
    let arguments = [(argument, Argument::Text(detail.into()))];
    let arguments = if argument.is_empty() { &[][..] } else { &arguments[..] };
    catalog.text(locale, key, arguments)
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
pub fn by(catalog: &Catalog, locale: &Locale, actor: &EventActor) -> String {
    match actor {
        EventActor::Owner | EventActor::Visitor => String::new(),
        EventActor::Key(name) => {
            let name = Argument::Text(name.as_str().into());
            catalog.text(locale, "event-by-key", &[("name", name)])
        }
        EventActor::Staff(_) | EventActor::Operator => catalog.text(locale, "event-by-operator", &[]),
        EventActor::System => catalog.text(locale, "event-by-system", &[]),
    }
}

/// By what it was proven.
pub fn factors(catalog: &Catalog, locale: &Locale, factors: Factors) -> String {
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
        catalog.text(locale, key, &[])
    });
    named.collect::<Vec<_>>().join(", ")
}
