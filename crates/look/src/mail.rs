//! The mails as types: what each template may name as `mail`. Nothing in them was typed by anybody, so that nobody can
//! have this site send their own words to a stranger.

use serde::Serialize;
use utoipa::ToSchema;

use super::Dates;
use super::pages::TimeView;
use domain::Millis;

/// A mail: its sentences and templates.
pub trait MailTemplate: Serialize {
    /// Key of the subject, which names the site as `$site`.
    const SUBJECT: &'static str;
    /// Name of the template of its text below `templates/`.
    const TEXT: &'static str;
    /// Name of the template of its HTML below `templates/`.
    const HTML: &'static str;
}

/// A mail in its reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// For those who read text.
    pub text: String,
    /// For everybody else.
    pub html: String,
}

/// Somebody asked for a new password.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecoveryMail {
    /// Where to choose it.
    pub link: String,
    /// How many hours the link works.
    pub hours: u64,
}

impl MailTemplate for RecoveryMail {
    const SUBJECT: &'static str = "mail-recovery-subject";
    const TEXT: &'static str = "mail/recovery.txt";
    const HTML: &'static str = "mail/recovery.html";
}

/// An operator tries whether mail arrives.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TestMail {
    /// Where the site is.
    pub link: String,
}

impl MailTemplate for TestMail {
    const SUBJECT: &'static str = "mail-test-subject";
    const TEXT: &'static str = "mail/test.txt";
    const HTML: &'static str = "mail/test.html";
}

/// Somebody made an account for the reader.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitationMail {
    /// Where to choose its password.
    pub link: String,
    /// How many days the link works.
    pub days: u64,
}

impl MailTemplate for InvitationMail {
    const SUBJECT: &'static str = "mail-invitation-subject";
    const TEXT: &'static str = "mail/invitation.txt";
    const HTML: &'static str = "mail/invitation.html";
}

/// Somebody made an account with the reader's address.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerificationMail {
    /// Where to confirm it.
    pub link: String,
    /// How many hours the link works.
    pub hours: u64,
}

impl MailTemplate for VerificationMail {
    const SUBJECT: &'static str = "mail-verification-subject";
    const TEXT: &'static str = "mail/verification.txt";
    const HTML: &'static str = "mail/verification.html";
}

/// Somebody wants to use the reader's address for an account that has another.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressChangeMail {
    /// Where to confirm it.
    pub link: String,
    /// How many hours the link works.
    pub hours: u64,
}

impl MailTemplate for AddressChangeMail {
    const SUBJECT: &'static str = "mail-address-change-subject";
    const TEXT: &'static str = "mail/address_change.txt";
    const HTML: &'static str = "mail/address_change.html";
}

/// When something happened. A message in English keeps to ASCII, so the narrow space of its dates is a plain one.
pub fn moment(at: Millis, dates: &Dates) -> TimeView {
    let moment = TimeView::minute(at, dates);
    TimeView { text: moment.text.replace('\u{202f}', " "), ..moment }
}

/// The password was changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PasswordChangedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for PasswordChangedMail {
    const SUBJECT: &'static str = "mail-password-changed-subject";
    const TEXT: &'static str = "mail/password_changed.txt";
    const HTML: &'static str = "mail/password_changed.html";
}

/// The username was changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UsernameChangedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for UsernameChangedMail {
    const SUBJECT: &'static str = "mail-username-changed-subject";
    const TEXT: &'static str = "mail/username_changed.txt";
    const HTML: &'static str = "mail/username_changed.html";
}

/// The account is to have another address than the reader's.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressRequestedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for AddressRequestedMail {
    const SUBJECT: &'static str = "mail-address-requested-subject";
    const TEXT: &'static str = "mail/address_requested.txt";
    const HTML: &'static str = "mail/address_requested.html";
}

/// The account has another address than the reader's now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressChangedMail {
    /// The site.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for AddressChangedMail {
    const SUBJECT: &'static str = "mail-address-changed-subject";
    const TEXT: &'static str = "mail/address_changed.txt";
    const HTML: &'static str = "mail/address_changed.html";
}

/// A browser signed in that the account did not know.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewDeviceMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
    /// Browser and system, such as `Firefox, Android`; may be empty.
    pub device: String,
}

impl MailTemplate for NewDeviceMail {
    const SUBJECT: &'static str = "mail-new-device-subject";
    const TEXT: &'static str = "mail/new_device.txt";
    const HTML: &'static str = "mail/new_device.html";
}

/// Somebody wanted the reader's address for another account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressTakenMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for AddressTakenMail {
    const SUBJECT: &'static str = "mail-address-taken-subject";
    const TEXT: &'static str = "mail/address_taken.txt";
    const HTML: &'static str = "mail/address_taken.html";
}
