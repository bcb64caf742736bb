//! Several notices in one message, because their reader had enough messages for the moment.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// Notices that came too close together to be sent one by one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DigestMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// What happened, oldest first.
    pub events: Vec<DigestEvent>,
    /// How many more happened before these; often 0.
    pub earlier: u64,
}

/// One thing that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DigestEvent {
    /// When it happened.
    pub at: TimeView,
    /// A sentence that says what.
    pub what: String,
    /// Browser and system, such as `Firefox, Android`; may be empty.
    pub device: String,
}

impl MailTemplate for DigestMail {
    const SUBJECT: &'static str = "mail-digest-subject";
    const TEXT: &'static str = "mail/digest.txt";
    const HTML: &'static str = "mail/digest.html";
}

impl MailSamples for DigestMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let event = |key: &str, device: &str| DigestEvent {
            at: words.mailed_moment(),
            what: words.sentence(key),
            device: device.to_owned(),
        };
        let events = || {
            vec![
                event("mail-digest-new-device", "Firefox, Android"),
                event("mail-digest-new-device", ""),
                event("mail-digest-password-changed", ""),
                event("mail-digest-username-changed", ""),
                event("mail-digest-totp-added", ""),
                event("mail-digest-totp-removed", ""),
                event("mail-digest-recovery-codes-made", ""),
                event("mail-digest-recovery-code-used", ""),
                event("mail-digest-address-requested", ""),
                event("mail-digest-address-changed", ""),
                event("mail-digest-app-password-made", "Firefox, Android"),
                event("mail-digest-app-password-revoked", ""),
                event("mail-digest-address-taken", ""),
                event("mail-digest-denied", ""),
                event("mail-digest-passkey-added", ""),
                event("mail-digest-passkey-removed", ""),
                event("mail-digest-password-removed", ""),
                event("mail-digest-identity-linked", ""),
                event("mail-digest-identity-unlinked", ""),
                event("mail-digest-factors-asked", ""),
                event("mail-digest-factors-kept", ""),
                event("mail-digest-factors-removed", ""),
            ]
        };
        let digest = |events, earlier| Self { link: mailed_link(), events, earlier };
        vec![
            ("one".into(), digest(vec![event("mail-digest-address-taken", "")], 0)),
            ("several".into(), digest(events(), 0)),
            ("more than are listed".into(), digest(events(), 1_234)),
        ]
    }
}
