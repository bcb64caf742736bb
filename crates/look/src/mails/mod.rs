//! The mails, one file each: the type that the templates see as `mail`, the names of the templates, and the
//! samples. A mail contains no typed text, so that an attacker cannot make the site send their words to a
//! stranger.
//!
//! A new mail is a file, its `mod` line and a line of the list.

mod account_deleted;
mod account_erased;
mod account_restored;
mod address_change;
mod address_changed;
mod address_requested;
mod address_taken;
mod app_password_made;
mod app_password_revoked;
mod approved;
mod data_ready;
mod deletion_declined;
mod denied;
mod digest;
mod factor_recovery;
mod factor_recovery_asked;
mod factor_recovery_cancelled;
mod factors_removed;
mod identity_linked;
mod identity_unlinked;
mod invitation;
mod new_browser;
mod passkey_added;
mod passkey_removed;
mod password_changed;
mod password_removed;
mod recovery;
mod recovery_code_used;
mod recovery_codes_made;
mod test;
mod totp_added;
mod totp_removed;
mod username_changed;
mod verification;

use crate::registry::{RegistryEntry, mail};

macro_rules! mails {
    ($($module:ident::$mail:ident),+ $(,)?) => {
        $(pub use $module::*;)+

        /// Every mail.
        pub(crate) static MAILS: &[RegistryEntry] = &[$(mail::<$mail>()),+];
    };
}

mails![
    recovery::RecoveryMail,
    invitation::InvitationMail,
    verification::VerificationMail,
    approved::ApprovedMail,
    address_change::AddressChangeMail,
    address_requested::AddressRequestedMail,
    address_changed::AddressChangedMail,
    address_taken::AddressTakenMail,
    password_changed::PasswordChangedMail,
    username_changed::UsernameChangedMail,
    passkey_added::PasskeyAddedMail,
    passkey_removed::PasskeyRemovedMail,
    password_removed::PasswordRemovedMail,
    identity_linked::IdentityLinkedMail,
    identity_unlinked::IdentityUnlinkedMail,
    totp_added::TotpAddedMail,
    totp_removed::TotpRemovedMail,
    recovery_codes_made::RecoveryCodesMadeMail,
    recovery_code_used::RecoveryCodeUsedMail,
    new_browser::NewBrowserMail,
    factor_recovery::FactorRecoveryMail,
    factor_recovery_asked::FactorRecoveryAskedMail,
    factor_recovery_cancelled::FactorRecoveryCancelledMail,
    factors_removed::FactorsRemovedMail,
    denied::DeniedMail,
    app_password_made::AppPasswordMadeMail,
    app_password_revoked::AppPasswordRevokedMail,
    deletion_declined::DeletionDeclinedMail,
    account_deleted::AccountDeletedMail,
    account_restored::AccountRestoredMail,
    account_erased::AccountErasedMail,
    data_ready::DataReadyMail,
    digest::DigestMail,
    test::TestMail,
];
