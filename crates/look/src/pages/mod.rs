//! The pages, one file each: the type that the template sees as `page`, the name of the template, and the
//! samples. Every variable of a page always exists.
//!
//! A new page is a file, its `mod` line and a line of the list. (The `mod` lines are outside the macro
//! because `cargo fmt` formats only files that it finds through plain `mod` lines.)

mod account_deletion;
mod address;
mod admin_account;
mod admin_accounts;
mod admin_action;
mod admin_audit;
mod admin_invitations;
mod admin_keys;
mod admin_mail;
mod admin_status;
mod admin_webhooks;
mod api;
mod app_password;
mod authorization;
mod check_email;
mod data;
mod dev_mail;
mod dev_mails;
mod devices;
mod error;
mod factor_recovery;
mod forgot;
mod identity;
mod passkeys;
mod profile;
mod prove;
mod providers;
mod recovery_codes;
mod reset;
mod second_step;
mod security;
mod security_event;
mod security_log;
mod sign_in;
mod sign_up;
mod switch;
mod terms;
mod totp;
mod verify;
mod verify_request;

use crate::registry::{RegistryEntry, page};

pub use passkeys::{PasskeyView, PasskeysView};
pub use providers::{ProviderStateView, ProviderView};

pub use crate::values::{
    ChoiceView, CustomFieldView, FieldView, OptionView, SecretView, TermsView, TimeView, iso,
};

macro_rules! pages {
    ($($module:ident::$page:ident),+ $(,)?) => {
        $(pub use $module::*;)+

        /// Every page.
        pub(crate) static PAGES: &[RegistryEntry] = &[$(page::<$page>()),+];
    };
}

// In the order in which a new user meets them.
pages![
    sign_up::SignUpPage,
    sign_in::SignInPage,
    second_step::SecondStepPage,
    forgot::ForgotPage,
    check_email::CheckEmailPage,
    reset::ResetPage,
    factor_recovery::FactorRecoveryPage,
    verify_request::VerifyRequestPage,
    verify::VerifyPage,
    address::AddressPage,
    switch::SwitchPage,
    identity::IdentityPage,
    authorization::AuthorizationPage,
    profile::ProfilePage,
    security::SecurityPage,
    prove::ProvePage,
    terms::TermsPage,
    security_log::SecurityLogPage,
    security_event::SecurityEventPage,
    app_password::AppPasswordPage,
    totp::TotpPage,
    recovery_codes::RecoveryCodesPage,
    devices::DevicesPage,
    account_deletion::AccountDeletionPage,
    data::DataPage,
    admin_accounts::AdminAccountsPage,
    admin_account::AdminAccountPage,
    admin_action::AdminActionPage,
    admin_invitations::AdminInvitationsPage,
    admin_mail::AdminMailPage,
    admin_webhooks::AdminWebhooksPage,
    admin_keys::AdminKeysPage,
    admin_audit::AdminAuditPage,
    admin_status::AdminStatusPage,
    api::ApiPage,
    dev_mails::DevMailsPage,
    dev_mail::DevMailPage,
    error::ErrorPage,
];
