//! Events: what happened, to whom and by whom. The operator reads all of them in the audit log, the owner of
//! an account those about it.

use super::{AccountId, Actor, Factors, Millis};

/// Makes [`EventKind`] from one table: the variant and the stored word.
macro_rules! kinds {
    ($($(#[doc = $about:literal])+ $kind:ident => $stored:literal;)+) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind {
            $($(#[doc = $about])+ $kind,)+
        }

        impl EventKind {
            /// Every kind.
            pub const ALL: [Self; [$($stored),+].len()] = [$(Self::$kind),+];

            /// The word in the database and in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $stored,)+
                }
            }
        }
    };
}

kinds! {
    /// A browser or a program was signed in. The detail is the door.
    SignedIn => "signed_in";
    /// The second step of a sign-in with a right password was refused. The detail says why.
    SecondStepRefused => "second_step_refused";
    /// The owner proved once more who they are.
    ProvenAgain => "proven_again";
    /// Somebody who was asked once more who they are gave a wrong answer. The detail says which:
    /// `wrong_password` or `wrong_code`.
    ProofRefused => "proof_refused";
    /// The password was changed. The detail says how: `link` by a mailed link, `generated` where a program
    /// got one that was drawn; else it is empty.
    PasswordChanged => "password_changed";
    /// The password was taken away: passkeys alone sign in.
    PasswordRemoved => "password_removed";
    /// The address was changed. The detail is the address before.
    AddressChanged => "address_changed";
    /// The username was changed. The detail is the username before; empty for the first.
    UsernameChanged => "username_changed";
    /// Codes of an authenticator app were set up.
    TotpAdded => "totp_added";
    /// Codes of an authenticator app were taken off.
    TotpRemoved => "totp_removed";
    /// Recovery codes were made.
    RecoveryCodesMade => "recovery_codes_made";
    /// A recovery code was used. The detail is the number of those that are left.
    RecoveryCodeUsed => "recovery_code_used";
    /// A passkey was added. The detail is its name.
    PasskeyAdded => "passkey_added";
    /// A passkey was removed. The detail is its name.
    PasskeyRemoved => "passkey_removed";
    /// A passkey was refused. The detail says why.
    PasskeyRefused => "passkey_refused";
    /// An app password was made. The detail is its door and its name.
    AppPasswordMade => "app_password_made";
    /// An app password was revoked. The detail is its door and its name.
    AppPasswordRevoked => "app_password_revoked";
    /// A client of OpenID Connect may know who the owner is. The detail is its name.
    ApplicationPermitted => "application_permitted";
    /// It may no more. The detail is its name.
    ApplicationEnded => "application_ended";
    /// An account at another provider signs in. The detail is what people call the provider.
    IdentityLinked => "identity_linked";
    /// It signs in no more. The detail is what people call the provider.
    IdentityUnlinked => "identity_unlinked";
    /// A browser is not asked for a second factor any more.
    BrowserTrusted => "browser_trusted";
    /// A browser is asked again.
    BrowserTrustEnded => "browser_trust_ended";
    /// A device was paired. The detail is its name.
    DevicePaired => "device_paired";
    /// Something that opened the account was ended. The detail is the word of its [`OpeningKind`].
    ///
    /// [`OpeningKind`]: super::OpeningKind
    OpeningEnded => "opening_ended";
    /// Whatever else opened the account was ended. The detail is the word of a kind if only that was.
    OpeningsEnded => "openings_ended";
    /// Somebody with the password and the mailbox asked to have the factors taken off.
    RecoveryAsked => "recovery_asked";
    /// That was cancelled.
    RecoveryCancelled => "recovery_cancelled";
    /// All second factors were taken off at once.
    FactorsRemoved => "factors_removed";
    /// The owner said of an event that it was not they. The detail is that event's number.
    Denied => "denied";
    /// The account was locked.
    Locked => "locked";
    /// The account was unlocked.
    Unlocked => "unlocked";
    /// The account was made. The detail is the door; where the operator made it, the number of its role, such
    /// as `role 3`.
    Created => "created";
    /// The operator has approved of the account.
    Approved => "approved";
    /// The owner agreed to the terms of use. The detail is their version.
    TermsAgreed => "terms_agreed";
    /// The address was proven. The detail says how: `link`, `provider`, or empty where an operator says so.
    Verified => "verified";
    /// Names, language or the operator's fields were changed.
    ProfileChanged => "profile_changed";
    /// The role was changed. The detail are the numbers of both, such as `1 to 3`.
    RoleChanged => "role_changed";
    /// A link was mailed on somebody else's order. The detail is the kind of mail.
    LinkMailed => "link_mailed";
    /// The owner asked the operator to delete the account.
    DeletionAsked => "deletion_asked";
    /// That was taken back, or the operator does not do it.
    DeletionDeclined => "deletion_declined";
    /// The account was deleted: its rows go when its time is over.
    Deleted => "deleted";
    /// The deletion was taken back in time.
    Restored => "restored";
    /// The rows of a deleted account are gone.
    Erased => "erased";
    /// The owner asked for a file with what the account has.
    DataAsked => "data_asked";
    /// That file was fetched.
    DataDownloaded => "data_downloaded";
    /// An API key was made. The target is its name, the detail its scopes.
    KeyMade => "key_made";
    /// An API key was revoked. The target is its name.
    KeyRevoked => "key_revoked";
    /// A client of OpenID Connect was made. The target is its name.
    ClientMade => "client_made";
    /// A client of OpenID Connect got another secret. The target is its name.
    ClientSecretRotated => "client_secret_rotated";
    /// A client of OpenID Connect was revoked. The target is its name.
    ClientRevoked => "client_revoked";
    /// The secrets in the database were encrypted anew.
    SecretsRotated => "secrets_rotated";
    /// Mail was made due at once. The target is the number of the message; empty for all of them.
    MailRetried => "mail_retried";
    /// Messages to sites were made due at once. The target is the number of the delivery; empty for all of
    /// them.
    WebhookRetried => "webhook_retried";
}

impl EventKind {
    /// Whether it takes back a request to have the second factors taken off. The request rests on the
    /// password and the address of then, and on nobody having a factor; and whoever ends everything ends it
    /// too.
    pub fn ends_recovery(self) -> bool {
        match self {
            Self::PasswordChanged
            | Self::PasswordRemoved
            | Self::AddressChanged
            | Self::TotpAdded
            | Self::TotpRemoved
            | Self::RecoveryCodesMade
            | Self::PasskeyAdded
            | Self::PasskeyRemoved
            | Self::OpeningsEnded
            | Self::FactorsRemoved
            | Self::Denied
            | Self::Deleted
            | Self::Locked => true,
            Self::SignedIn
            | Self::SecondStepRefused
            | Self::ProvenAgain
            | Self::ProofRefused
            | Self::PasskeyRefused
            | Self::UsernameChanged
            | Self::AppPasswordMade
            | Self::AppPasswordRevoked
            | Self::ApplicationPermitted
            | Self::ApplicationEnded
            | Self::IdentityLinked
            | Self::IdentityUnlinked
            | Self::BrowserTrusted
            | Self::BrowserTrustEnded
            | Self::DevicePaired
            | Self::RecoveryCodeUsed
            | Self::OpeningEnded
            | Self::RecoveryAsked
            | Self::RecoveryCancelled
            | Self::Created
            | Self::Approved
            | Self::TermsAgreed
            | Self::Verified
            | Self::ProfileChanged
            | Self::RoleChanged
            | Self::LinkMailed
            | Self::DeletionAsked
            | Self::DeletionDeclined
            | Self::Restored
            | Self::Erased
            | Self::DataAsked
            | Self::DataDownloaded
            | Self::KeyMade
            | Self::KeyRevoked
            | Self::ClientMade
            | Self::ClientSecretRotated
            | Self::ClientRevoked
            | Self::SecretsRotated
            | Self::MailRetried
            | Self::WebhookRetried
            | Self::Unlocked => false,
        }
    }

    /// What became of it, where nothing else is said: some kinds are refusals.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::SecondStepRefused | Self::ProofRefused | Self::PasskeyRefused => Outcome::Refused,
            _ => Outcome::Done,
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What became of what somebody wanted to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused, and nothing was changed.
    Refused,
}

impl Outcome {
    /// The word in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Done, Self::Refused].into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// Who caused an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventActor {
    /// Whoever was taken for the owner.
    Owner,
    /// Somebody who was not signed in, and wanted something of somebody else's account.
    Visitor,
    /// The API key with this name.
    Key(String),
    /// The member of the operator's staff who has this account.
    Staff(AccountId),
    /// Somebody at the operator's command line.
    Operator,
    /// The program by itself.
    System,
}

impl EventActor {
    /// The words of all kinds of actors.
    pub const WORDS: [&'static str; 6] = ["owner", "visitor", "key", "staff", "operator", "system"];

    /// The word in the database and in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Visitor => "visitor",
            Self::Key(_) => "key",
            Self::Staff(_) => "staff",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }

    /// The name of the key; empty for everybody else.
    pub fn name(&self) -> &str {
        match self {
            Self::Key(name) => name,
            Self::Owner | Self::Visitor | Self::Staff(_) | Self::Operator | Self::System => "",
        }
    }

    /// The account of staff; `None` for everybody else.
    pub fn staff(&self) -> Option<AccountId> {
        match self {
            Self::Staff(id) => Some(*id),
            Self::Owner | Self::Visitor | Self::Key(_) | Self::Operator | Self::System => None,
        }
    }

    /// Reads [`as_str`](Self::as_str), [`name`](Self::name) and [`staff`](Self::staff) back.
    pub fn parse(word: &str, name: String, staff: Option<AccountId>) -> Option<Self> {
        match word {
            "owner" => Some(Self::Owner),
            "visitor" => Some(Self::Visitor),
            "key" => Some(Self::Key(name)),
            "staff" => staff.map(Self::Staff),
            "operator" => Some(Self::Operator),
            "system" => Some(Self::System),
            _ => None,
        }
    }
}

impl From<Actor<'_>> for EventActor {
    fn from(actor: Actor<'_>) -> Self {
        match actor {
            Actor::Owner(_) => Self::Owner,
            Actor::Key(key) => Self::Key(key.name.clone()),
            Actor::Staff(session, _) => Self::Staff(session.account_id),
            Actor::Operator => Self::Operator,
        }
    }
}

/// An event, as its owner sees it.
#[derive(Clone, Debug)]
pub struct SecurityEvent {
    /// The number of its row. Later events have higher numbers.
    pub number: i64,
    pub account_id: AccountId,
    pub kind: EventKind,
    pub actor: EventActor,
    /// By what a sign-in was proven; empty for other events.
    pub factors: Factors,
    /// Browser or app; may be empty.
    pub label: String,
    /// The network; may be empty.
    pub place: String,
    /// A value whose meaning depends on `kind`; may be empty.
    pub detail: String,
    pub at: Millis,
}

/// An event, as the operator sees it.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// The number of its row. Later events have higher numbers.
    pub number: i64,
    pub at: Millis,
    /// The word of its [`EventKind`]; another version of the program may have written one that this one does
    /// not know.
    pub kind: String,
    /// The word of its [`Outcome`].
    pub outcome: String,
    /// The word of its [`EventActor`].
    pub actor: String,
    /// The account of an owner or of staff.
    pub actor_id: Option<AccountId>,
    /// Which key; may be empty.
    pub actor_name: String,
    /// To whom.
    pub account_id: Option<AccountId>,
    /// The name of what is no account, such as a key; may be empty.
    pub target: String,
    /// By what a sign-in was proven.
    pub factors: Factors,
    /// Browser or app of an owner; may be empty.
    pub label: String,
    /// The network of whoever asked; may be empty.
    pub origin: String,
    /// A value whose meaning depends on `kind`; may be empty.
    pub detail: String,
    /// What whoever did it gave as a reason; may be empty.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_actors_are_read_back_from_their_words() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
        for actor in [
            EventActor::Owner,
            EventActor::Visitor,
            EventActor::Key("shop".into()),
            EventActor::Staff(AccountId(7)),
            EventActor::Operator,
            EventActor::System,
        ] {
            let read = EventActor::parse(actor.as_str(), actor.name().to_owned(), actor.staff());
            assert_eq!(read, Some(actor));
        }
        assert_eq!(EventActor::parse("burglar", String::new(), None), None);
        for outcome in [Outcome::Done, Outcome::Refused] {
            assert_eq!(Outcome::parse(outcome.as_str()), Some(outcome));
        }
    }
}
