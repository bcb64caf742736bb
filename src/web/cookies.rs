//! Cookies. They are read without copying and written with every protection that the site's scheme allows.

use rocket::Request;

use domain::lifetimes::{KNOWN_BROWSER_COOKIE, NOTICE_COOKIE};

/// The names and attributes of this site's cookies.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    /// `secure` says that the public URL is `https`. Cookie names then begin with `__Host-`, which a
    /// subdomain cannot set.
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    fn name(self, plain: &'static str, host: &'static str) -> &'static str {
        if self.secure { host } else { plain }
    }

    /// Name of the session cookie.
    pub fn session_name(self) -> &'static str {
        self.name("vestibule", "__Host-vestibule")
    }

    /// Name of the cookie by which a browser is known to have signed in before.
    pub fn known_browser_name(self) -> &'static str {
        self.name("vestibule_device", "__Host-vestibule_device")
    }

    /// Name of the cookie that carries the code of a notice over a redirect.
    pub fn notice_name(self) -> &'static str {
        self.name("vestibule_notice", "__Host-vestibule_notice")
    }

    fn write(self, name: &str, value: &str, seconds: u64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }

    /// `Set-Cookie` for a session that lasts `seconds`.
    pub fn session(self, token: &str, seconds: u64) -> String {
        self.write(self.session_name(), token, seconds)
    }

    /// `Set-Cookie` that deletes the session cookie.
    pub fn no_session(self) -> String {
        self.write(self.session_name(), "", 0)
    }

    /// `Set-Cookie` for a known browser.
    pub fn known_browser(self, token: &str) -> String {
        self.write(self.known_browser_name(), token, KNOWN_BROWSER_COOKIE.as_secs())
    }

    /// `Set-Cookie` for a notice.
    pub fn notice(self, code: &str) -> String {
        self.write(self.notice_name(), code, NOTICE_COOKIE.as_secs())
    }

    /// `Set-Cookie` that deletes the notice after it was shown.
    pub fn no_notice(self) -> String {
        self.write(self.notice_name(), "", 0)
    }
}

/// The value of a cookie of this request. Of several cookies with the name, the first counts.
pub fn read<'r>(request: &'r Request<'_>, name: &str) -> Option<&'r str> {
    request.headers().get("cookie").flat_map(|header| header.split(';')).find_map(|pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name).then_some(value)
    })
}
