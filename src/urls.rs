//! Every path of ours. Mails, pages, doors and redirects take paths from here. Rocket's route attributes must
//! be literals, so a test of the composition root holds that each of them is one of these, and that
//! templates, scripts and samples name no other path.

use url::form_urlencoded;

macro_rules! paths {
    ($($(#[$about:meta])* $name:ident = $path:literal;)+) => {
        #[cfg_attr(not(test), expect(dead_code, reason = "a route that nothing links to is named by its attribute alone"))]
        mod paths {
            $($(#[$about])* pub const $name: &str = $path;)+

            /// All of them.
            pub const PATHS: &[&str] = &[$($name),+];
        }
        pub use paths::*;
    };
}

// A part in angle brackets is any text, as in Rocket's attributes; functions below fill it in.
paths! {
    HOME = "/";
    HEALTH = "/health";
    FAVICON = "/favicon.ico";
    STATIC_FILE = "/static/<hash>/<name..>";

    SIGN_UP = "/user/create";
    SIGN_IN = "/user/login";
    SIGN_OUT = "/user/logout";
    FORGOT = "/user/forgot";
    RESET = "/user/reset";
    VERIFY = "/user/verify";
    SEND_VERIFICATION = "/user/verify/send";
    CONFIRM_ADDRESS = "/user/email";

    // The name that the published themes use.
    PROFILE = "/user/profil";
    CHANGE_PASSWORD = "/user/modify/password";
    // The spelling of the published theme API.
    CHANGE_PASWORD = "/user/modify/pasword";
    CHANGE_USERNAME = "/user/modify/username";
    CHANGE_ADDRESS = "/user/modify/email";
    CHANGE_PROFILE = "/user/modify/profile";
    CHANGE_PICTURE = "/user/modify/pp";
    REMOVE_PICTURE = "/user/modify/pp/remove";
    MODIFY = "/user/modify/<form>";
    END_SESSION = "/user/sessions/end";
    END_OTHER_SESSIONS = "/user/sessions/end-others";
    DEVICES = "/user/devices";
    PAIR_DEVICE = "/user/devices/pair";
    REMOVE_DEVICE = "/user/devices/remove";
    PICTURE = "/user/picture/<id>/<file>";
    INITIAL_PICTURE = "/user/picture/letter/<hue>/<letter>";

    SIBERIAN_CREATE = "/admin/api_account/create";
    SIBERIAN_UPDATE = "/admin/api_account/update";
    SIBERIAN_EXIST = "/admin/api_account/exist";
    SIBERIAN_AUTHENTICATE = "/admin/api_account/authenticate";
    SIBERIAN_FORGOT_PASSWORD = "/admin/api_account/forgotpassword";
    AUTOLOGIN = "/admin/api_account/autologin";

    AMADIS_REGISTER = "/api/user/v1/register";
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

/// Where the mailed link for a new password leads.
pub fn reset(token: &str) -> String {
    with_token(RESET, token)
}

/// Where the mailed link that proves an address leads.
pub fn verify(token: &str) -> String {
    with_token(VERIFY, token)
}

/// Where the mailed link to another address leads.
pub fn confirm_address(token: &str) -> String {
    with_token(CONFIRM_ADDRESS, token)
}

/// Tokens are in the alphabet of base64url, which needs no escapes.
fn with_token(path: &str, token: &str) -> String {
    format!("{path}?token={token}")
}

/// The sign-in form, which leads on to `next`.
pub fn sign_in_then(next: &str) -> String {
    format!("{SIGN_IN}?next={next}")
}

/// A picture at one of its sizes. `id`: the hash of its content.
pub fn picture(id: &str, size: u32, extension: &str) -> String {
    PICTURE.replace("<id>", id).replace("<file>", &format!("{size}.{extension}"))
}

/// The picture made of a name's first letter. `hue`: 0 to 359 degrees.
pub fn initial_picture(hue: u16, letter: &str) -> String {
    INITIAL_PICTURE.replace("<hue>", &hue.to_string()).replace("<letter>", &format!("{letter}.svg"))
}

/// Where siberian sends the browser of somebody who is to be signed in.
pub fn autologin(email: &str, token: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("email", email)
        .append_pair("token", token)
        .finish();
    format!("{AUTOLOGIN}?{query}")
}
