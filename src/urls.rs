//! Every path of the site. Mails, pages, dialects and redirects take paths from here. Rocket's route
//! attributes must be literals, so a test in `compose` checks that each of them is one of these paths. The
//! test also checks that templates, scripts and samples contain no other path.

use look::NEXT_FIELD;
use url::form_urlencoded;

mod templates;

pub use templates::template;

macro_rules! paths {
    ($($(#[$about:meta])* $name:ident = $path:literal;)+) => {
        #[cfg_attr(not(test), expect(dead_code, reason = "a route that nothing links to is named by its attribute alone"))]
        mod paths {
            $($(#[$about])* pub const $name: &str = $path;)+

            pub const PATHS: &[&str] = &[$($name),+];
        }
        pub use paths::*;
    };
}

// A part in angle brackets is a parameter, as in Rocket's attributes. The functions below fill it in.
paths! {
    HOME = "/";
    HEALTH = "/health";
    READY = "/health/ready";
    SEEN = "/health/seen";
    FAVICON = "/favicon.ico";
    STATIC_FILE = "/static/<hash>/<name..>";

    SIGN_UP = "/user/create";
    SIGN_IN = "/user/login";
    SECOND_STEP = "/user/login/second";
    BEGIN_SECOND_STEP = "/user/login/second/begin";
    SIGN_OUT = "/user/logout";
    CLIENT_SIGN_OUT = "/user/logout/application";
    CONFIRM_CLIENT_SIGN_OUT = "/user/logout/application/confirm";
    FORWARD_AUTH = "/user/session";
    SESSION = "/api/session";
    LOST_FACTORS = "/user/login/lost";
    RECOVER_FACTORS = "/user/recover-factors";
    KEEP_FACTORS_BY_LINK = "/user/recover-factors/cancel";
    FORGOT = "/user/forgot";
    RESET = "/user/reset";
    VERIFY = "/user/verify";
    SEND_VERIFICATION = "/user/verify/send";
    CONFIRM_ADDRESS = "/user/email";
    DECLINE_ADDRESS = "/user/email/decline";
    SWITCH = "/user/switch";

    // The name in the published theme API.
    PROFILE = "/user/profil";
    SECURITY = "/user/security";
    TERMS = "/user/terms";
    DELETE_ACCOUNT = "/user/delete";
    CANCEL_DELETION = "/user/delete/cancel";
    RESTORE_ACCOUNT = "/user/restore";
    PROVE = "/user/prove";
    BEGIN_PROOF = "/user/prove/begin";
    SECURITY_LOG = "/user/security/log";
    SECURITY_EVENT = "/user/security/log/<number>";
    KEEP_FACTORS = "/user/security/recovery/cancel";
    DENY_EVENT = "/user/security/log/deny";
    PASSKEYS = "/user/security/passkeys";
    BEGIN_PASSKEY = "/user/security/passkeys/begin";
    RENAME_PASSKEY = "/user/security/passkeys/rename";
    REMOVE_PASSKEY = "/user/security/passkeys/remove";
    REMOVE_PASSWORD = "/user/security/password/remove";
    PASSKEY_SIGN_IN = "/user/login/passkey";
    BEGIN_PASSKEY_SIGN_IN = "/user/login/passkey/begin";
    AUTHORIZE = "/user/authorize";
    CONSENT = "/user/authorize/consent";
    PROVIDERS = "/user/providers";
    // Each provider has an address of its own, so that none can pass for another.
    PROVIDER_CALLBACK = "/user/providers/<name>/callback";
    IDENTITY = "/user/identity";
    LINK_IDENTITY = "/user/identity/link";
    LINK_PROVIDER = "/user/security/providers";
    UNLINK_PROVIDER = "/user/security/providers/unlink";
    APPLICATIONS = "/user/security/applications";
    END_APPLICATION = "/user/security/applications/end";
    APP_PASSWORDS = "/user/security/app-passwords";
    REVOKE_APP_PASSWORD = "/user/security/app-passwords/revoke";
    CHANGE_PASSWORD = "/user/modify/password";
    // The spelling in the published theme API.
    CHANGE_PASWORD = "/user/modify/pasword";
    CHANGE_USERNAME = "/user/modify/username";
    CHANGE_ADDRESS = "/user/modify/email";
    SEND_ADDRESS_AGAIN = "/user/modify/email/again";
    CANCEL_ADDRESS = "/user/modify/email/cancel";
    PENDING_ADDRESS = "/user/modify/email/<form>";
    CHANGE_PROFILE = "/user/modify/profile";
    CHANGE_PICTURE = "/user/modify/pp";
    REMOVE_PICTURE = "/user/modify/pp/remove";
    MODIFY = "/user/modify/<form>";
    END_SESSION = "/user/sessions/end";
    END_OTHER_SESSIONS = "/user/sessions/end-others";
    TOTP = "/user/security/totp";
    REMOVE_TOTP = "/user/security/totp/remove";
    RECOVERY_CODES = "/user/security/recovery-codes";
    DATA = "/user/data";
    DATA_FILE = "/user/data/file";
    DEVICES = "/user/devices";
    PAIR_DEVICE = "/user/devices/pair";
    REMOVE_DEVICE = "/user/devices/remove";
    END_OPENING = "/user/devices/end";
    END_TRUST = "/user/devices/ask";
    END_OTHER_OPENINGS = "/user/devices/end-others";
    PICTURE = "/user/picture/<id>/<file>";
    INITIAL_PICTURE = "/user/picture/letter/<hue>/<letter>";

    ADMIN = "/admin";
    ADMIN_ACCOUNTS = "/admin/accounts";
    ADMIN_ACCOUNT = "/admin/accounts/<number>";
    ADMIN_ACTION = "/admin/accounts/<number>/<action>";
    ADMIN_INVITATIONS = "/admin/invitations";
    ADMIN_MAIL = "/admin/mail";
    ADMIN_RETRY_MAIL = "/admin/mail/retry";
    ADMIN_WEBHOOKS = "/admin/webhooks";
    ADMIN_RETRY_WEBHOOK = "/admin/webhooks/retry";
    ADMIN_KEYS = "/admin/keys";
    ADMIN_REVOKE_KEY = "/admin/keys/revoke";
    ADMIN_AUDIT = "/admin/audit";
    ADMIN_STATUS = "/admin/status";

    SIBERIAN_CREATE = "/admin/api_account/create";
    SIBERIAN_UPDATE = "/admin/api_account/update";
    SIBERIAN_EXIST = "/admin/api_account/exist";
    SIBERIAN_AUTHENTICATE = "/admin/api_account/authenticate";
    SIBERIAN_FORGOT_PASSWORD = "/admin/api_account/forgotpassword";
    AUTOLOGIN = "/admin/api_account/autologin";

    AMADIS_REGISTER = "/api/user/v1/register";
    AMADIS_SECRET = "/api/user/v1/secret";
    AMADIS_CHANGE_PASSWORD = "/api/user/v1/changepassword";
    AMADIS_RESET_PASSWORD = "/api/user/v1/resetpassword";

    FASTSITE_AUTH = "/api/v1/personal/auth";
    FASTSITE_AUTH_REFRESH = "/api/v1/personal/auth_refresh";
    FASTSITE_REGISTER = "/api/v1/personal/register";
    FASTSITE_RECOVER = "/api/v1/personal/recover";

    MIRROR_REGISTER = "/auth/register";
    MIRROR_LOGIN = "/auth/login";
    MIRROR_PAIR = "/auth/pair";
    MIRROR_DEVICE = "/auth/device";
    MIRROR_EVENTS = "/auth/device/events";

    OAUTH_TOKEN = "/oauth/token";

    OIDC_CONFIGURATION = "/.well-known/openid-configuration";
    OIDC_TOKEN = "/oidc/token";
    OIDC_USER_INFO = "/oidc/userinfo";
    OIDC_INTROSPECT = "/oidc/introspect";
    OIDC_REVOKE = "/oidc/revoke";
    OIDC_KEYS = "/oidc/keys";
    OIDC_PUSH = "/oidc/par";
    OIDC_DEVICE = "/oidc/device";

    OPENAPI = "/api/openapi.json";
    API_DOCS = "/api/docs";
    DEV_MAILS = "/dev/mail";
    DEV_MAIL = "/dev/mail/<name>";
    DEV_MAIL_HTML = "/dev/mail/<name>/html";
}

/// The folder of all static files.
pub const STATIC: &str = "/static";

// Bases of the JSON dialects.
pub const SIBERIAN: &str = "/admin/api_account";
pub const AMADIS: &str = "/api/user/v1";
pub const FASTSITE: &str = "/api/v1/personal";
pub const MIRROR: &str = "/auth";
pub const OAUTH: &str = "/oauth";
pub const OIDC: &str = "/oidc";

/// Path of the mailed link that sets a new password.
pub fn reset(token: &str) -> String {
    with_token(RESET, token)
}

/// Path of the mailed link that verifies an address.
pub fn verify(token: &str) -> String {
    with_token(VERIFY, token)
}

/// Path of the mailed link that changes an address.
pub fn confirm_address(token: &str) -> String {
    with_token(CONFIRM_ADDRESS, token)
}

/// Path of the mailed link that asks to have the second factors taken off.
pub fn recover_factors(token: &str) -> String {
    with_token(RECOVER_FACTORS, token)
}

/// Path of the mailed link that keeps the second factors.
pub fn keep_factors(token: &str) -> String {
    with_token(KEEP_FACTORS_BY_LINK, token)
}

/// Path of the mailed link that brings back an account that its owner has deleted.
pub fn restore(token: &str) -> String {
    with_token(RESTORE_ACCOUNT, token)
}

/// Where the answer of the provider with this name goes.
pub fn provider_callback(name: &str) -> String {
    PROVIDER_CALLBACK.replace("<name>", name)
}

/// The page that asks whether an event was not the account's owner.
pub fn security_event(number: i64) -> String {
    SECURITY_EVENT.replace("<number>", &number.to_string())
}

/// The page of the administration about the account with this number.
pub fn admin_account(number: i64) -> String {
    ADMIN_ACCOUNT.replace("<number>", &number.to_string())
}

/// Whether `path` is a page of the administration, and not a call of the API whose base lies there.
pub fn administers(path: &str) -> bool {
    lies_below(path, ADMIN) && !lies_below(path, SIBERIAN)
}

/// The page that has the form which is sent to `path`.
pub fn page_of_form(path: &str) -> &str {
    match path {
        ADMIN_RETRY_MAIL => ADMIN_MAIL,
        ADMIN_RETRY_WEBHOOK => ADMIN_WEBHOOKS,
        ADMIN_REVOKE_KEY => ADMIN_KEYS,
        // A `GET` of each other form's path shows the form.
        path if administers(path) => path,
        CHANGE_PASSWORD | CHANGE_PASWORD => SECURITY,
        path if lies_below(path, DELETE_ACCOUNT) => DELETE_ACCOUNT,
        path if lies_below(path, SECURITY_LOG) => SECURITY_LOG,
        path if lies_below(path, SECURITY) => SECURITY,
        path if lies_below(path, DEVICES) => DEVICES,
        path if lies_below(path, DATA) => DATA,
        _ => PROFILE,
    }
}

/// Whether a session of somebody who must set up a second factor first serves for `path`.
pub fn serves_set_up(path: &str) -> bool {
    let pages = [SECURITY, TOTP, RECOVERY_CODES, PASSKEYS, BEGIN_PASSKEY];
    // A client is told that it gets nothing yet, and may have such a session ended.
    let for_clients = [AUTHORIZE, CLIENT_SIGN_OUT, CONFIRM_CLIENT_SIGN_OUT];
    // Whoever has no password proves by a mailed link who they are.
    let bases = [PROVE, SIGN_IN, FORGOT, RESET, DELETE_ACCOUNT, RESTORE_ACCOUNT];
    pages.contains(&path)
        || path == SIGN_OUT
        || for_clients.contains(&path)
        || bases.iter().any(|base| lies_below(path, base))
        || path.starts_with("/user/picture/")
}

/// Whether a session of somebody who must agree to the terms of use first serves for `path`.
pub fn serves_terms(path: &str) -> bool {
    // Whoever has a mailed link needs no session for it, and a way back would have its secret.
    let by_link = [RESET, VERIFY, FORGOT, CONFIRM_ADDRESS, RECOVER_FACTORS, RESTORE_ACCOUNT];
    // Whoever does not agree can leave.
    let leaving = [DELETE_ACCOUNT, PROVE];
    [TERMS, SIGN_OUT, AUTHORIZE, CLIENT_SIGN_OUT, CONFIRM_CLIENT_SIGN_OUT].contains(&path)
        || lies_below(path, SIGN_IN)
        || by_link.iter().chain(&leaving).any(|base| lies_below(path, base))
        || path.starts_with("/user/picture/")
}

/// Whether the form that is sent to `path` goes on by itself after its sender has proven who they are. A
/// password among its fields is left out.
pub fn goes_on_after_proof(path: &str) -> bool {
    // Whoever is sent there sends a form: dots and empty parts would lead out of the administration.
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-'));
    AFTER_PROOF.contains(&path) || administers(path) && plain && !path.contains("//")
}

const AFTER_PROOF: [&str; 14] = [
    DENY_EVENT,
    DELETE_ACCOUNT,
    RENAME_PASSKEY,
    REMOVE_PASSKEY,
    REMOVE_PASSWORD,
    APP_PASSWORDS,
    REVOKE_APP_PASSWORD,
    REMOVE_TOTP,
    RECOVERY_CODES,
    CHANGE_ADDRESS,
    LINK_PROVIDER,
    UNLINK_PROVIDER,
    LINK_IDENTITY,
    DATA,
];

/// Whether `path` is `base` or lies below it. Every path lies below `""`.
pub fn lies_below(path: &str, base: &str) -> bool {
    path.strip_prefix(base)
        .is_some_and(|rest| base.is_empty() || rest.is_empty() || rest.starts_with(['/', '?']))
}

/// A token is base64url, which needs no escapes.
fn with_token(path: &str, token: &str) -> String {
    format!("{path}?token={token}")
}

/// The pages that keep the way back: links and forms of each to the others carry it.
pub const WAYS: [&str; 4] = [SIGN_IN, SIGN_UP, FORGOT, PROVIDERS];

/// The sign-in form; after it the browser goes to `next`.
pub fn sign_in_then(next: &str) -> String {
    keeping(SIGN_IN, next)
}

/// The word that leads to the page that says what happens next, after a form that asks for a mail; and the
/// one after sign-up.
pub const REQUESTED: &str = "yes";
pub const WELCOMED: &str = "welcome";

/// The page that says what happens next, after a form at `path` that asks for a mail.
pub fn requested(path: &str, word: &str, next: &str) -> String {
    let query = if next.is_empty() { String::new() } else { keeping("", next).replacen('?', "&", 1) };
    format!("{path}?requested={word}{query}")
}

/// `path` with the way back `next`, which may be empty.
pub fn keeping(path: &str, next: &str) -> String {
    if next.is_empty() {
        return path.to_owned();
    }
    let mut address = format!("{path}?{NEXT_FIELD}=");
    for part in next.split_inclusive('/') {
        let (part, slash) = part.strip_suffix('/').map_or((part, ""), |part| (part, "/"));
        // A slash needs no escape in a query (RFC 3986, section 3.4), and is easier to read.
        address.extend(form_urlencoded::byte_serialize(part.as_bytes()).chain([slash]));
    }
    address
}

/// A rendition of `size` pixels of the picture `id`, the hash of its content.
pub fn picture(id: &str, size: u32, extension: &str) -> String {
    PICTURE.replace("<id>", id).replace("<file>", &format!("{size}.{extension}"))
}

/// The picture of a name's initial, on a background of `hue` degrees (0 to 359).
pub fn initial_picture(hue: u16, letter: &str) -> String {
    INITIAL_PICTURE.replace("<hue>", &hue.to_string()).replace("<letter>", &format!("{letter}.svg"))
}

/// The autologin link, to which siberian's clients redirect a browser.
pub fn autologin(email: &str, token: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("email", email)
        .append_pair("token", token)
        .finish();
    format!("{AUTOLOGIN}?{query}")
}
