//! The mails in every state that a reader can meet.

use crate::view::mail::{InvitationMail, MailTemplate, RecoveryMail};

/// A mail that shows all its states.
pub trait MailSamples: MailTemplate + Sized {
    /// One of each, with what is the matter with it.
    fn samples() -> Vec<(String, Self)>;
}

fn link() -> String {
    "https://accounts.example.org/user/reset?token=Zm9vYmFy-_0".to_owned()
}

impl MailSamples for RecoveryMail {
    fn samples() -> Vec<(String, Self)> {
        let lasting = |hours| Self { link: link(), hours };
        vec![("one hour".into(), lasting(1)), ("a day".into(), lasting(24))]
    }
}

impl MailSamples for InvitationMail {
    fn samples() -> Vec<(String, Self)> {
        let lasting = |days| Self { link: link(), days };
        vec![("one day".into(), lasting(1)), ("a week".into(), lasting(7))]
    }
}
