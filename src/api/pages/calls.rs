//! The calls of the pages.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use domain::{AccountError, Field, FieldCode, Step};
use utoipa::OpenApi;

use super::wire::{
    Account, Cancelled, Code, Ended, Login, NewAddress, NewPassword, NewUsername, OpeningRow, Openings,
    PairedDevice, Picture, Problem, ProfileChange, Removed, Requested, Row, SignUp, SignedOut,
};
use crate::api::description::Description;

#[derive(OpenApi)]
#[openapi(
    paths(
        sign_up,
        sign_in,
        super::proof::second_step,
        super::proof::proof,
        super::proof::prove,
        super::proof::end_trust,
        sign_out,
        account,
        security,
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
        change_profile,
        change_username,
        change_password,
        change_address,
        send_address_again,
        cancel_address,
        change_picture,
        remove_picture,
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
        openings,
        pair_device,
        remove_device,
        end_opening,
        end_other_openings,
        end_session,
        end_other_sessions
    ),
    tags((name = "pages", description = "The site's own pages for programs: a request whose `Accept` prefers \
`application/json` to HTML is answered with JSON. A refusal is a problem document (RFC 9457). A session is the \
cookie that a sign-in sets; keep it as browsers do."))
)]
struct Api;

/// Describes what the pages answer to programs.
pub fn describe() -> Description {
    use AccountError::{
        Forbidden, InvalidCredentials, Locked, NotFound, ProofWanted, StepWanted, TicketSpent,
        Unauthenticated,
    };
    let refused = AccountError::field;
    Description::of::<Api, Problem>()
        .asks::<SignUp>(|field| field.required && field.sign_up)
        .asks::<ProfileChange>(|_| false)
        .refuses(
            "sign_up",
            vec![
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
                StepWanted(Step::NewPassword),
                StepWanted(Step::SecondFactor),
                refused(Field::Identifier, FieldCode::Required),
            ],
        )
        .refuses(
            "second_step",
            vec![TicketSpent, Locked, refused(Field::FactorCode, FieldCode::FactorCodeWrong)],
        )
        .refuses("proof", vec![Unauthenticated])
        .refuses(
            "prove",
            vec![
                Unauthenticated,
                refused(Field::Password, FieldCode::PasswordWrong),
                refused(Field::FactorCode, FieldCode::FactorCodeWrong),
            ],
        )
        .refuses("end_trust", vec![Unauthenticated, NotFound])
        .names_no_field("end_trust")
        .refuses("sign_out", vec![])
        .refuses("account", vec![Unauthenticated])
        .refuses("security", vec![Unauthenticated])
        .refuses("security_log", vec![Unauthenticated])
        .refuses("deny_event", vec![Unauthenticated, AccountError::ProofWanted, NotFound])
        .names_no_field("deny_event")
        .refuses("app_passwords", vec![Unauthenticated])
        .refuses(
            "make_app_password",
            vec![
                Unauthenticated,
                ProofWanted,
                Forbidden,
                refused(Field::Name, FieldCode::Required),
                refused(Field::Name, FieldCode::AppPasswordsTooMany { most: 20 }),
                refused(Field::Dialect, FieldCode::DialectUnknown),
            ],
        )
        .refuses("revoke_app_password", vec![Unauthenticated, ProofWanted, NotFound])
        .names_no_field("revoke_app_password")
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
        .refuses("make_recovery_codes", vec![Unauthenticated, ProofWanted, NotFound])
        .refuses("send_address_again", vec![Unauthenticated, NotFound])
        .refuses("cancel_address", vec![Unauthenticated, NotFound])
        .refuses(
            "change_profile",
            vec![Unauthenticated, NotFound, refused(Field::Locale, FieldCode::LocaleUnknown)],
        )
        .refuses(
            "change_username",
            vec![Unauthenticated, NotFound, refused(Field::Username, FieldCode::UsernameTaken)],
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

/// Sign up
///
/// Where addresses have to be proven first, the answer is the same for a taken address, and `id` is `null`.
#[utoipa::path(
    post,
    path = "/user/create",
    request_body = SignUp,
    responses((status = 201, description = "The account is there.", body = Account))
)]
fn sign_up() {}

/// Sign in
///
/// The cookie of the answer is the session.
#[utoipa::path(
    post,
    path = "/user/login",
    request_body = Login,
    responses((status = 200, description = "Signed in.", body = Account))
)]
fn sign_in() {}

/// Sign out
///
/// The same without a session.
#[utoipa::path(
    post,
    path = "/user/logout",
    responses((status = 200, description = "Nobody is signed in.", body = SignedOut))
)]
fn sign_out() {}

/// Who is signed in
#[utoipa::path(
    get,
    path = "/user/profil",
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn account() {}

/// Who is signed in, as the page of the password has it
#[utoipa::path(
    get,
    path = "/user/security",
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn security() {}

/// Send the link to the new address again
#[utoipa::path(
    post,
    path = "/user/modify/email/again",
    responses((status = 200, description = "A message is on its way.", body = Requested)),
    security(("session" = []))
)]
fn send_address_again() {}

/// Cancel the change of address
///
/// The mailed link is void.
#[utoipa::path(
    post,
    path = "/user/modify/email/cancel",
    responses((status = 200, description = "The address stays.", body = Cancelled)),
    security(("session" = []))
)]
fn cancel_address() {}

/// Change names, language and fields
#[utoipa::path(
    post,
    path = "/user/modify/profile",
    request_body = ProfileChange,
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn change_profile() {}

/// Change the username
#[utoipa::path(
    post,
    path = "/user/modify/username",
    request_body = NewUsername,
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn change_username() {}

/// Change the password
///
/// The session goes on with another cookie, and every other one ends.
#[utoipa::path(
    post,
    path = "/user/modify/password",
    request_body = NewPassword,
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn change_password() {}

/// Ask for another address
///
/// A link goes to the new address. The answer is the same whoever has it.
#[utoipa::path(
    post,
    path = "/user/modify/email",
    request_body = NewAddress,
    responses((status = 200, description = "A message may be on its way.", body = Requested)),
    security(("session" = []))
)]
fn change_address() {}

/// Change the picture
#[utoipa::path(
    post,
    path = "/user/modify/pp",
    request_body(content = Picture, content_type = "multipart/form-data"),
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn change_picture() {}

/// Remove the picture
#[utoipa::path(
    post,
    path = "/user/modify/pp/remove",
    responses((status = 200, description = "The account.", body = Account)),
    security(("session" = []))
)]
fn remove_picture() {}

/// List what opens the account
///
/// Sessions, known browsers, bearers of the APIs, paired devices and mailed links.
#[utoipa::path(
    get,
    path = "/user/devices",
    responses((status = 200, description = "All of it.", body = Openings)),
    security(("session" = []))
)]
fn openings() {}

/// Pair the device that shows a code
#[utoipa::path(
    post,
    path = "/user/devices/pair",
    request_body = Code,
    responses((status = 200, description = "It is paired.", body = PairedDevice)),
    security(("session" = []))
)]
fn pair_device() {}

/// Unpair a device
#[utoipa::path(
    post,
    path = "/user/devices/remove",
    request_body = Row,
    responses((status = 200, description = "It is unpaired.", body = Removed)),
    security(("session" = []))
)]
fn remove_device() {}

/// End one thing that opens the account
#[utoipa::path(
    post,
    path = "/user/devices/end",
    request_body = OpeningRow,
    responses((status = 200, description = "It has ended.", body = Ended)),
    security(("session" = []))
)]
fn end_opening() {}

/// End all but this session
#[utoipa::path(
    post,
    path = "/user/devices/end-others",
    responses((status = 200, description = "They have ended.", body = Ended)),
    security(("session" = []))
)]
fn end_other_openings() {}

/// End a session
#[utoipa::path(
    post,
    path = "/user/sessions/end",
    request_body = Row,
    responses((status = 200, description = "It has ended.", body = Ended)),
    security(("session" = []))
)]
fn end_session() {}

/// End all other sessions
#[utoipa::path(
    post,
    path = "/user/sessions/end-others",
    responses((status = 200, description = "They have ended.", body = Ended)),
    security(("session" = []))
)]
fn end_other_sessions() {}
