//! The calls of the pages.

use domain::{AccountError, Field, FieldCode, Step};
use utoipa::OpenApi;

use super::providers::NewcomerSignUp;
use super::wire::{Problem, ProfileChange, SignUp};
use crate::api::description::Description;

#[derive(OpenApi)]
#[openapi(
    paths(
        super::account::sign_up,
        super::account::sign_in,
        super::proof::second_step,
        super::proof::begin_second_passkey,
        super::proof::begin_proof_by_passkey,
        super::proof::proof,
        super::proof::prove,
        super::proof::end_trust,
        super::terms::terms,
        super::terms::agree_to_terms,
        super::deletion::deletion_offer,
        super::deletion::delete_account,
        super::deletion::cancel_deletion,
        super::deletion::restore_offer,
        super::deletion::restore_account,
        super::account::sign_out,
        super::account::account,
        super::account::security,
        super::account::site_session,
        super::security::calls::security_log,
        super::security::calls::deny_event,
        super::security::calls::keep_factors,
        super::security::calls::request_factor_recovery,
        super::security::calls::factor_recovery_offer,
        super::security::calls::ask_factor_recovery,
        super::security::calls::kept_factors_offer,
        super::security::calls::keep_factors_by_link,
        super::factors::begin_totp,
        super::factors::confirm_totp,
        super::factors::remove_totp,
        super::factors::recovery_codes,
        super::factors::make_recovery_codes,
        super::app_passwords::app_passwords,
        super::app_passwords::make_app_password,
        super::app_passwords::revoke_app_password,
        super::applications::applications,
        super::applications::end_application,
        super::applications::decide_consent,
        super::applications::confirm_client_sign_out,
        super::providers::offered_providers,
        super::providers::leave_for_provider,
        super::providers::newcomer,
        super::providers::sign_up_newcomer,
        super::providers::link_newcomer,
        super::providers::linked_providers,
        super::providers::link_provider,
        super::providers::unlink_provider,
        super::account::change_profile,
        super::account::change_username,
        super::account::change_password,
        super::account::change_address,
        super::account::send_address_again,
        super::account::cancel_address,
        super::account::change_picture,
        super::account::remove_picture,
        super::links::forgot,
        super::links::reset_offer,
        super::links::reset,
        super::links::verification_offer,
        super::links::verify,
        super::links::send_verification,
        super::links::address_offer,
        super::links::confirm_address,
        super::links::decline_address,
        super::passkeys::begin_passkey_sign_in,
        super::passkeys::passkey_sign_in,
        super::passkeys::passkeys,
        super::passkeys::begin_passkey,
        super::passkeys::add_passkey,
        super::passkeys::rename_passkey,
        super::passkeys::remove_passkey,
        super::passkeys::remove_password,
        super::data::data_export,
        super::data::ask_data_export,
        super::account::openings,
        super::account::pair_device,
        super::account::remove_device,
        super::account::end_opening,
        super::account::end_other_openings,
        super::account::end_session,
        super::account::end_other_sessions
    ),
    tags((name = "pages", description = "The site's own pages for programs: a request whose `Accept` prefers \
`application/json` to HTML is answered with JSON. A refusal is a problem document (RFC 9457). A session is the \
cookie that a sign-in sets; keep it as browsers do."))
)]
struct Api;

/// Describes what the pages answer to programs.
pub fn describe() -> Description {
    use AccountError::{
        InvalidCredentials, Locked, NotFound, ProofWanted, StepWanted, TicketSpent, Unauthenticated,
    };
    let refused = AccountError::field;
    Description::of::<Api, Problem>()
        .asks::<SignUp>(|field| field.required && field.sign_up)
        .asks::<NewcomerSignUp>(|field| field.required && field.sign_up)
        .asks::<ProfileChange>(|_| false)
        .refuses(
            "sign_up",
            vec![
                AccountError::RegistrationClosed { by_invitation: false },
                AccountError::RegistrationClosed { by_invitation: true },
                refused(Field::Terms, FieldCode::TermsWanted),
                refused(Field::Email, FieldCode::Required),
                refused(Field::Email, FieldCode::EmailTaken),
                refused(Field::Username, FieldCode::UsernameTaken),
                refused(Field::Password, FieldCode::PasswordTooShort { min: 8 }),
            ],
        )
        .refuses(
            "sign_in",
            vec![
                InvalidCredentials,
                Locked,
                StepWanted(Step::Verify),
                StepWanted(Step::Approval),
                StepWanted(Step::Restore),
                StepWanted(Step::NewPassword),
                StepWanted(Step::SecondFactor),
                refused(Field::Identifier, FieldCode::Required),
            ],
        )
        .refuses(
            "second_step",
            vec![
                TicketSpent,
                Locked,
                refused(Field::FactorCode, FieldCode::FactorCodeWrong),
                refused(Field::Passkey, FieldCode::PasskeyRefused),
            ],
        )
        .refuses(
            "begin_second_passkey",
            vec![TicketSpent, refused(Field::Passkey, FieldCode::PasskeyUnknown)],
        )
        .refuses(
            "begin_proof_by_passkey",
            vec![Unauthenticated, refused(Field::Passkey, FieldCode::PasskeyUnknown)],
        )
        .refuses("proof", vec![Unauthenticated])
        .refuses(
            "prove",
            vec![
                Unauthenticated,
                refused(Field::Password, FieldCode::PasswordWrong),
                refused(Field::FactorCode, FieldCode::FactorCodeWrong),
                refused(Field::Passkey, FieldCode::PasskeyRefused),
            ],
        )
        .refuses("end_trust", vec![Unauthenticated, NotFound])
        .names_no_field("end_trust")
        .refuses("terms", vec![Unauthenticated, NotFound])
        .refuses(
            "agree_to_terms",
            vec![Unauthenticated, NotFound, refused(Field::Terms, FieldCode::TermsWanted)],
        )
        .refuses("sign_out", vec![])
        .refuses("account", vec![Unauthenticated])
        .refuses("security", vec![Unauthenticated])
        .refuses("site_session", vec![Unauthenticated])
        .refuses("security_log", vec![Unauthenticated])
        .refuses("deny_event", vec![Unauthenticated, AccountError::ProofWanted, NotFound])
        .names_no_field("deny_event")
        .refuses("app_passwords", vec![Unauthenticated])
        .refuses(
            "make_app_password",
            vec![
                Unauthenticated,
                ProofWanted,
                StepWanted(Step::SetUpFactor),
                refused(Field::Name, FieldCode::Required),
                refused(Field::Name, FieldCode::AppPasswordsTooMany { most: 20 }),
                refused(Field::Dialect, FieldCode::DialectUnknown),
            ],
        )
        .refuses("revoke_app_password", vec![Unauthenticated, ProofWanted, NotFound])
        .names_no_field("revoke_app_password")
        .refuses("decide_consent", vec![Unauthenticated])
        .names_no_field("decide_consent")
        .refuses("confirm_client_sign_out", vec![])
        .names_no_field("confirm_client_sign_out")
        .refuses("applications", vec![Unauthenticated])
        .refuses("end_application", vec![Unauthenticated, NotFound])
        .names_no_field("end_application")
        .refuses("offered_providers", vec![])
        .refuses(
            "leave_for_provider",
            vec![NotFound, refused(Field::Identity, FieldCode::ProviderUnanswered)],
        )
        .refuses("newcomer", vec![refused(Field::Identity, FieldCode::ProviderLost)])
        .refuses(
            "sign_up_newcomer",
            vec![
                Locked,
                refused(Field::Identity, FieldCode::ProviderLost),
                refused(Field::Email, FieldCode::EmailTaken),
                refused(Field::Username, FieldCode::UsernameTaken),
            ],
        )
        .refuses(
            "link_newcomer",
            vec![
                Unauthenticated,
                ProofWanted,
                refused(Field::Identity, FieldCode::ProviderLost),
                refused(Field::Identity, FieldCode::IdentityTaken),
                refused(Field::Identity, FieldCode::IdentityDouble),
            ],
        )
        .refuses("linked_providers", vec![Unauthenticated])
        .refuses(
            "link_provider",
            vec![
                Unauthenticated,
                ProofWanted,
                NotFound,
                refused(Field::Identity, FieldCode::ProviderUnanswered),
            ],
        )
        .refuses(
            "unlink_provider",
            vec![Unauthenticated, ProofWanted, NotFound, refused(Field::Identity, FieldCode::IdentityLast)],
        )
        .refuses("keep_factors", vec![Unauthenticated, NotFound])
        .refuses("request_factor_recovery", vec![Unauthenticated])
        .refuses("factor_recovery_offer", vec![TicketSpent])
        .refuses("ask_factor_recovery", vec![TicketSpent])
        .names_no_field("ask_factor_recovery")
        .refuses("kept_factors_offer", vec![TicketSpent])
        .refuses("keep_factors_by_link", vec![TicketSpent])
        .names_no_field("keep_factors_by_link")
        .refuses("begin_totp", vec![Unauthenticated, ProofWanted])
        .refuses(
            "confirm_totp",
            vec![
                Unauthenticated,
                ProofWanted,
                NotFound,
                refused(Field::FactorCode, FieldCode::Required),
                refused(Field::FactorCode, FieldCode::FactorCodeWrong),
            ],
        )
        .refuses("remove_totp", vec![Unauthenticated, ProofWanted, NotFound])
        .refuses("recovery_codes", vec![Unauthenticated])
        .refuses("make_recovery_codes", vec![Unauthenticated, ProofWanted, StepWanted(Step::SetUpFactor)])
        .refuses("deletion_offer", vec![Unauthenticated, NotFound])
        .refuses(
            "delete_account",
            vec![Unauthenticated, ProofWanted, NotFound, refused(Field::Role, FieldCode::AdministratorLast)],
        )
        .refuses("cancel_deletion", vec![Unauthenticated, NotFound])
        .refuses("restore_offer", vec![TicketSpent])
        .refuses("restore_account", vec![TicketSpent])
        .names_no_field("restore_account")
        .refuses("send_address_again", vec![Unauthenticated, NotFound])
        .refuses("cancel_address", vec![Unauthenticated, NotFound])
        .refuses(
            "change_profile",
            vec![Unauthenticated, NotFound, refused(Field::Locale, FieldCode::LocaleUnknown)],
        )
        .refuses(
            "change_username",
            vec![
                Unauthenticated,
                NotFound,
                refused(Field::Username, FieldCode::UsernameTaken),
                refused(Field::Username, FieldCode::UsernameReserved),
                refused(Field::Username, FieldCode::UsernameChangedLately { days: 30 }),
            ],
        )
        .refuses(
            "change_password",
            vec![
                Unauthenticated,
                NotFound,
                refused(Field::CurrentPassword, FieldCode::PasswordWrong),
                refused(Field::NewPassword, FieldCode::PasswordTooShort { min: 8 }),
            ],
        )
        .refuses(
            "change_address",
            vec![
                Unauthenticated,
                refused(Field::Email, FieldCode::Required),
                refused(Field::CurrentPassword, FieldCode::PasswordWrong),
            ],
        )
        .refuses(
            "change_picture",
            vec![Unauthenticated, NotFound, refused(Field::Picture, FieldCode::PictureMissing)],
        )
        .refuses("remove_picture", vec![Unauthenticated, NotFound])
        .refuses("forgot", vec![refused(Field::Identifier, FieldCode::Required)])
        .refuses("reset_offer", vec![TicketSpent])
        .refuses(
            "reset",
            vec![TicketSpent, refused(Field::NewPassword, FieldCode::PasswordTooShort { min: 8 })],
        )
        .refuses("verification_offer", vec![TicketSpent])
        .refuses(
            "verify",
            vec![TicketSpent, InvalidCredentials, Locked, refused(Field::Password, FieldCode::Required)],
        )
        .refuses("send_verification", vec![NotFound, refused(Field::Identifier, FieldCode::Required)])
        .refuses("address_offer", vec![TicketSpent])
        .refuses(
            "confirm_address",
            vec![
                TicketSpent,
                InvalidCredentials,
                Locked,
                refused(Field::Password, FieldCode::Required),
                refused(Field::Email, FieldCode::EmailTaken),
            ],
        )
        .refuses("decline_address", vec![TicketSpent])
        .names_no_field("decline_address")
        .refuses("begin_passkey_sign_in", vec![refused(Field::Passkey, FieldCode::PasskeysOff)])
        .refuses(
            "passkey_sign_in",
            vec![
                Locked,
                StepWanted(Step::Verify),
                refused(Field::Passkey, FieldCode::PasskeyUnknown),
                refused(Field::Passkey, FieldCode::PasskeyRefused),
                refused(Field::Passkey, FieldCode::PasskeyExpired),
                refused(Field::Passkey, FieldCode::PasskeyCopied),
            ],
        )
        .refuses("passkeys", vec![Unauthenticated])
        .refuses(
            "begin_passkey",
            vec![
                Unauthenticated,
                ProofWanted,
                refused(Field::Passkey, FieldCode::PasskeysTooMany { max: 20 }),
            ],
        )
        .refuses(
            "add_passkey",
            vec![
                Unauthenticated,
                ProofWanted,
                refused(Field::Passkey, FieldCode::PasskeyRefused),
                refused(Field::Passkey, FieldCode::PasskeyExpired),
                refused(Field::Passkey, FieldCode::PasskeyTaken),
                refused(Field::PasskeyName, FieldCode::TextTooLong { max: 60 }),
            ],
        )
        .refuses(
            "rename_passkey",
            vec![Unauthenticated, NotFound, refused(Field::PasskeyName, FieldCode::Required)],
        )
        .refuses(
            "remove_passkey",
            vec![Unauthenticated, ProofWanted, NotFound, refused(Field::Passkey, FieldCode::PasskeyLast)],
        )
        .refuses(
            "remove_password",
            vec![Unauthenticated, ProofWanted, NotFound, refused(Field::Passkey, FieldCode::PasskeyWanted)],
        )
        .refuses("data_export", vec![Unauthenticated])
        .refuses("ask_data_export", vec![Unauthenticated, ProofWanted])
        .refuses("openings", vec![Unauthenticated])
        .refuses(
            "pair_device",
            vec![Unauthenticated, NotFound, refused(Field::PairingCode, FieldCode::Required)],
        )
        .refuses("remove_device", vec![Unauthenticated, NotFound])
        .names_no_field("remove_device")
        .refuses("end_opening", vec![Unauthenticated, NotFound])
        .names_no_field("end_opening")
        .refuses("end_other_openings", vec![Unauthenticated])
        .refuses("end_session", vec![Unauthenticated, NotFound])
        .names_no_field("end_session")
        .refuses("end_other_sessions", vec![Unauthenticated])
}
