//! The mails in every state that a reader can meet.

use super::Words;
use crate::mail::{
    AddressChangeMail, AddressChangedMail, AddressRequestedMail, AddressTakenMail, InvitationMail,
    MailTemplate, NewDeviceMail, PasswordChangedMail, RecoveryMail, TestMail, UsernameChangedMail,
    VerificationMail, moment,
};
use crate::pages::TimeView;
use domain::Millis;

/// A mail that shows all its states.
pub trait MailSamples: MailTemplate + Sized {
    /// One of each, with what is the matter with it.
    fn samples(words: Words<'_>) -> Vec<(String, Self)>;
}

fn link() -> String {
    "https://accounts.example.org/user/reset?token=Zm9vYmFy-_0".to_owned()
}

fn at(words: Words<'_>) -> TimeView {
    moment(Millis(1_709_258_403_999), words.dates())
}

impl MailSamples for RecoveryMail {
    fn samples(_: Words<'_>) -> Vec<(String, Self)> {
        let lasting = |hours| Self { link: link(), hours };
        vec![("one hour".into(), lasting(1)), ("a day".into(), lasting(24))]
    }
}

impl MailSamples for InvitationMail {
    fn samples(_: Words<'_>) -> Vec<(String, Self)> {
        let lasting = |days| Self { link: link(), days };
        vec![("one day".into(), lasting(1)), ("a week".into(), lasting(7))]
    }
}

impl MailSamples for TestMail {
    fn samples(_: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: link() })]
    }
}

impl MailSamples for NewDeviceMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let by = |device: &str| Self { link: link(), at: at(words), device: device.to_owned() };
        vec![("a browser".into(), by("Firefox, Android")), ("one without a name".into(), by(""))]
    }
}

macro_rules! lasting_a_day {
    ($($mail:ident),+) => {
        $(impl MailSamples for $mail {
            fn samples(_: Words<'_>) -> Vec<(String, Self)> {
                vec![("ordinary".into(), Self { link: link(), hours: 24 })]
            }
        })+
    };
}
lasting_a_day!(VerificationMail, AddressChangeMail);

macro_rules! notices {
    ($($mail:ident),+) => {
        $(impl MailSamples for $mail {
            fn samples(words: Words<'_>) -> Vec<(String, Self)> {
                vec![("ordinary".into(), Self { link: link(), at: at(words) })]
            }
        })+
    };
}
notices!(
    PasswordChangedMail,
    UsernameChangedMail,
    AddressRequestedMail,
    AddressChangedMail,
    AddressTakenMail
);
