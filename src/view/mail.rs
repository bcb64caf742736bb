//! The mails as types: what each template may name as `mail`. Nothing in them was typed by anybody, so that nobody can
//! have this site send their own words to a stranger.

use serde::Serialize;

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
#[derive(Clone, Debug, Serialize)]
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
#[derive(Clone, Debug, Serialize)]
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
#[derive(Clone, Debug, Serialize)]
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
