//! Webhooks: what of all that happens is told to sites, and the messages that tell it.

use std::fmt;

use super::{EventKind, Millis};

/// Makes [`WebhookEvent`] from one table: the variant and the published name.
macro_rules! webhook_events {
    ($($(#[doc = $about:literal])+ $event:ident => $name:literal;)+) => {
        /// A type of message that sites are sent. Its name is published, and stays.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum WebhookEvent {
            $($(#[doc = $about])+ $event,)+
        }

        impl WebhookEvent {
            /// Every type.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$event),+];

            /// The published name, such as `account.created`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$event => $name,)+
                }
            }
        }
    };
}

webhook_events! {
    /// An account was made.
    AccountCreated => "account.created";
    /// The address of an account was proven.
    AccountVerified => "account.verified";
    /// Address, username, names, language, picture, role or an operator's field was changed.
    AccountChanged => "account.changed";
    /// An account was locked: it is not let in.
    AccountDisabled => "account.disabled";
    /// It is let in again.
    AccountEnabled => "account.enabled";
    /// An account was deleted: nobody but the operator finds it, who can bring it back.
    AccountDeleted => "account.deleted";
    /// The operator brought it back.
    AccountRestored => "account.restored";
    /// The rows of a deleted account are gone for good.
    AccountErased => "account.erased";
    /// The owner said of something that it was not they: all that opened the account has ended.
    AccountDenied => "account.denied";
    /// A browser or a program was signed in.
    SignInCompleted => "sign_in.completed";
    /// The second step of a sign-in with a right password was refused.
    SignInRefused => "sign_in.refused";
    /// The password was changed or taken away.
    PasswordChanged => "password.changed";
    /// A second factor or a passkey was added, removed or used up.
    FactorChanged => "factor.changed";
    /// Somebody asked to have second factors that were lost taken off.
    RecoveryAsked => "recovery.asked";
    /// That was cancelled.
    RecoveryCancelled => "recovery.cancelled";
    /// A device was paired.
    DevicePaired => "device.paired";
    /// Something that opened the account, or all else that did, was ended.
    AccessEnded => "access.ended";
    /// A password for one program was made.
    AppPasswordMade => "app_password.made";
    /// A password for one program was revoked.
    AppPasswordRevoked => "app_password.revoked";
    /// A client of OpenID Connect may know who the owner is.
    ApplicationPermitted => "application.permitted";
    /// It may no more.
    ApplicationEnded => "application.ended";
    /// An account at another provider signs in.
    IdentityLinked => "identity.linked";
    /// It signs in no more.
    IdentityUnlinked => "identity.unlinked";
}

/// The type of the message that only `vestibule webhook test` sends. Nobody subscribes to it.
pub const WEBHOOK_TEST: &str = "webhook.test";

impl WebhookEvent {
    /// What sites are told of an event of this kind; `None` for what is the owner's or the operator's alone.
    pub fn of(kind: EventKind) -> Option<Self> {
        Some(match kind {
            EventKind::Created => Self::AccountCreated,
            EventKind::Verified => Self::AccountVerified,
            EventKind::AddressChanged
            | EventKind::UsernameChanged
            | EventKind::ProfileChanged
            | EventKind::RoleChanged
            | EventKind::Approved
            | EventKind::DeletionAsked
            | EventKind::DeletionDeclined => Self::AccountChanged,
            EventKind::Locked => Self::AccountDisabled,
            EventKind::Unlocked => Self::AccountEnabled,
            EventKind::Deleted => Self::AccountDeleted,
            EventKind::Restored => Self::AccountRestored,
            EventKind::Erased => Self::AccountErased,
            EventKind::Denied => Self::AccountDenied,
            EventKind::SignedIn => Self::SignInCompleted,
            EventKind::SecondStepRefused => Self::SignInRefused,
            EventKind::PasswordChanged | EventKind::PasswordRemoved => Self::PasswordChanged,
            EventKind::TotpAdded
            | EventKind::TotpRemoved
            | EventKind::RecoveryCodesMade
            | EventKind::RecoveryCodeUsed
            | EventKind::PasskeyAdded
            | EventKind::PasskeyRemoved
            | EventKind::FactorsRemoved => Self::FactorChanged,
            EventKind::RecoveryAsked => Self::RecoveryAsked,
            EventKind::RecoveryCancelled => Self::RecoveryCancelled,
            EventKind::DevicePaired => Self::DevicePaired,
            EventKind::OpeningEnded | EventKind::OpeningsEnded => Self::AccessEnded,
            EventKind::AppPasswordMade => Self::AppPasswordMade,
            EventKind::AppPasswordRevoked => Self::AppPasswordRevoked,
            EventKind::ApplicationPermitted => Self::ApplicationPermitted,
            EventKind::ApplicationEnded => Self::ApplicationEnded,
            EventKind::IdentityLinked => Self::IdentityLinked,
            EventKind::IdentityUnlinked => Self::IdentityUnlinked,
            EventKind::ProvenAgain
            | EventKind::ProofRefused
            | EventKind::PasskeyRefused
            | EventKind::BrowserTrusted
            | EventKind::BrowserTrustEnded
            | EventKind::LinkMailed
            | EventKind::TermsAgreed
            | EventKind::DataAsked
            | EventKind::DataDownloaded
            | EventKind::KeyMade
            | EventKind::KeyRevoked
            | EventKind::ClientMade
            | EventKind::ClientSecretRotated
            | EventKind::ClientRevoked
            | EventKind::SecretsRotated
            | EventKind::MailRetried
            | EventKind::WebhookRetried => return None,
        })
    }

    /// The types that `word` stands for: one, a group such as `account.*`, or all for `*`. Empty for a word
    /// that stands for none.
    pub fn named(word: &str) -> Vec<Self> {
        let group = word.strip_suffix(".*");
        let named = |event: &Self| {
            word == "*"
                || event.as_str() == word
                || group
                    .is_some_and(|group| event.as_str().split_once('.').is_some_and(|(of, _)| of == group))
        };
        Self::ALL.into_iter().filter(named).collect()
    }
}

/// A webhook, and what it is told.
#[derive(Clone, Debug)]
pub struct WebhookSubscription {
    /// The name in the settings.
    pub name: String,
    pub events: Vec<WebhookEvent>,
}

/// The number of a delivery: one message to one webhook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub i64);

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A delivery that a worker has leased.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: DeliveryId,
    /// The name of the webhook in the settings.
    pub webhook: String,
    /// The message's own name (`webhook-id`), the same at every try and for every webhook.
    pub message: String,
    /// The published name of its [`WebhookEvent`].
    pub event: String,
    /// What is sent, the same at every try.
    pub body: String,
    /// How often it was leased, this time included.
    pub attempts: i64,
    /// How many tries have failed since it was written or made due by the operator.
    pub failures: i64,
    /// When it was written or made due by the operator.
    pub tried_since: Millis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_one_type_a_group_or_all() {
        assert_eq!(WebhookEvent::named("account.created"), [WebhookEvent::AccountCreated]);
        assert_eq!(WebhookEvent::named("*"), WebhookEvent::ALL);
        let group = WebhookEvent::named("account.*");
        assert_eq!(group.len(), 9);
        assert!(group.iter().all(|event| event.as_str().starts_with("account.")));
        for none in ["", "account", "account.", "acc.*", ".*", "account.made", "*.created", WEBHOOK_TEST] {
            assert_eq!(WebhookEvent::named(none), [], "{none}");
        }
    }

    #[test]
    fn each_type_arises_from_an_event_and_has_a_name_by_the_convention() {
        for event in WebhookEvent::ALL {
            let arises = EventKind::ALL.into_iter().any(|kind| WebhookEvent::of(kind) == Some(event));
            assert!(arises, "{event:?}");
            let plain = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let (group, rest) = event.as_str().split_once('.').unwrap();
            assert!(plain(group) && plain(rest), "{event:?}");
        }
    }
}
