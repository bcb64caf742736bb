//! A message in the outbox: its kind and its recipient, never the secret of its link.

use std::fmt;

use super::{AccountId, Millis, TicketPurpose};

/// The number of a message in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailId(pub i64);

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Makes [`MailKind`] from one table: the variant, the stored word and, if the mail carries one, the link.
macro_rules! mail_kinds {
    ($($(#[doc = $about:literal])+ $kind:ident => $stored:literal $(, $link:ident)?;)+) => {
        /// The subject of a message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum MailKind {
            $($(#[doc = $about])+ $kind,)+
        }

        impl MailKind {
            /// Every kind.
            pub const ALL: [Self; [$($stored),+].len()] = [$(Self::$kind),+];

            /// The word stored in the database.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $stored,)+
                }
            }

            /// The link that mails of this kind carry, if any.
            pub fn link(self) -> Option<MailedLink> {
                match self {
                    $(Self::$kind => mail_kinds!(@link $($link)?),)+
                }
            }
        }
    };
    (@link) => { None };
    (@link $link:ident) => { Some(MailedLink::$link) };
}

mail_kinds! {
    /// Carries a link with which the owner chooses a new password.
    Recovery => "recovery", Recovery;
    /// Carries a link for choosing the first password of an account that staff or a trusted server created.
    Invitation => "invitation", Invitation;
    /// Carries a link that proves the account's address.
    Verification => "verification", Verification;
    /// Carries a link that proves the address to which the account is to change. It is sent to that address.
    AddressChange => "address_change", AddressChange;
    /// Notice: the operator has approved of the account, which can be signed in to now.
    Approved => "approved";
    /// Notice: the password changed.
    PasswordChanged => "password_changed";
    /// Notice: the username changed.
    UsernameChanged => "username_changed";
    /// Notice: codes of an authenticator app were set up.
    TotpAdded => "totp_added";
    /// Notice: codes of an authenticator app were taken off.
    TotpRemoved => "totp_removed";
    /// Notice: new recovery codes were made.
    RecoveryCodesMade => "recovery_codes_made";
    /// Notice: a recovery code was used. The detail is the number of those that are left.
    RecoveryCodeUsed => "recovery_code_used";
    /// Notice to the current address: a change to another address was requested.
    AddressRequested => "address_requested";
    /// Notice to the former address: the account's address changed.
    AddressChanged => "address_changed";
    /// Notice: something new opens the account: a browser or a program signed in that the account did not
    /// know, or a device was paired. Stored rows and the templates of themes keep their older word.
    NewBrowser => "new_device";
    /// Notice: a password was made for one program.
    AppPasswordMade => "app_password_made";
    /// Notice: a password of one program was revoked.
    AppPasswordRevoked => "app_password_revoked";
    /// Notice: somebody wanted this address for another account.
    AddressTaken => "address_taken";
    /// Notice: the owner said of something that happened to the account that it was not they, and everything
    /// that opened it has ended.
    Denied => "denied";
    /// Notice: a passkey was added, which signs in.
    PasskeyAdded => "passkey_added";
    /// Notice: a passkey was removed.
    PasskeyRemoved => "passkey_removed";
    /// Notice: the password was taken away, and passkeys alone sign in.
    PasswordRemoved => "password_removed";
    /// Notice: an account at another provider signs in. The detail is what people call the provider.
    IdentityLinked => "identity_linked";
    /// Notice: it signs in no more. The detail is what people call the provider.
    IdentityUnlinked => "identity_unlinked";
    /// Carries the link by which somebody with the right password, who has lost the second factors, asks to
    /// have them taken off.
    FactorRecovery => "factor_recovery", FactorRecovery;
    /// Notice, at once and every day: the second factors are going to be taken off. Carries the link that
    /// keeps them. The detail is a [`RecoveryNotice`](super::RecoveryNotice).
    FactorRecoveryAsked => "factor_recovery_asked", KeepFactors;
    /// Notice: the second factors stay.
    FactorRecoveryCancelled => "factor_recovery_cancelled";
    /// Notice: all second factors were taken off.
    FactorsRemoved => "factors_removed";
    /// Notice: the account stays, although its owner asked to have it deleted.
    DeletionDeclined => "deletion_declined";
    /// Says that the account was deleted by its owner. Carries the link that brings it back.
    AccountDeleted => "account_deleted", Restore;
    /// Notice: an account that was deleted is there again.
    AccountRestored => "account_restored";
    /// Notice: the account was erased. It is about no account any more.
    AccountErased => "account_erased";
    /// Notice: the file with what the account has is there to be fetched.
    DataReady => "data_ready";
    /// Several notices in one message, because their reader has had enough messages for the moment.
    Digest => "digest";
    /// Not sent to anybody. It is queued when a stranger asks for a mail to an account that does not exist,
    /// so that the request takes the same time.
    Blank => "blank";
}

impl MailKind {
    /// Whether somebody without any right to the account can cause such a message: whoever asks for a link,
    /// or wants the address for another account.
    pub fn anybody_causes(self) -> bool {
        let owners = |link| matches!(link, MailedLink::KeepFactors | MailedLink::Restore);
        self == Self::AddressTaken || self.link().is_some_and(|link| !owners(link))
    }

    /// Whether it is written when the account that it tells of is there no more.
    pub fn outlives_account(self) -> bool {
        self == Self::AccountErased
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(stored: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == stored)
    }
}

/// A link that a message carries. [`lifetimes`](super::lifetimes) says how long each works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailedLink {
    Recovery,
    Invitation,
    Verification,
    AddressChange,
    /// Asks to have the second factors taken off.
    FactorRecovery,
    /// Keeps the second factors.
    KeepFactors,
    /// Brings back an account that its owner has deleted.
    Restore,
}

impl MailedLink {
    /// The purpose of the link's ticket.
    pub const fn purpose(self) -> TicketPurpose {
        match self {
            Self::Recovery => TicketPurpose::Recovery,
            Self::Invitation => TicketPurpose::Invitation,
            Self::Verification => TicketPurpose::Verification,
            Self::AddressChange => TicketPurpose::AddressChange,
            Self::FactorRecovery => TicketPurpose::FactorRecovery,
            Self::KeepFactors => TicketPurpose::KeepFactors,
            Self::Restore => TicketPurpose::Restore,
        }
    }
}

/// The detail of a link that a signed-in owner has just caused, and without which nothing opens the account
/// any more. It is sent however many messages its mailbox has had.
pub const OWNERS_LINK: &str = "by_owner";

/// A message in the outbox.
#[derive(Clone, Debug)]
pub struct Mail {
    pub id: MailId,
    pub kind: MailKind,
    /// The account that the message is about; `None` for a blank.
    pub account_id: Option<AccountId>,
    /// The address that the message is sent to.
    pub recipient: String,
    /// The code of the message's language; `None` for the site's language.
    pub locale: Option<String>,
    /// A further value that the message names, in a form of the program's own. Its meaning depends on `kind`;
    /// it is empty for most kinds.
    pub detail: String,
    /// How often a worker leased the message for sending. Only the last lease may write the outcome.
    pub attempts: i64,
    /// When the message was queued.
    pub created_at: Millis,
    /// The start of the attempts: when the message was queued, or when the operator made it due again.
    pub tried_since: Millis,
}
