//! Cookies. They are read without copying and written with every protection that the site's scheme allows.

use rocket::Request;
use url::form_urlencoded;

use domain::MailedLink;
use domain::lifetimes::{
    KNOWN_BROWSER_COOKIE, LANGUAGE_COOKIE, NOTICE_COOKIE, PENDING_SIGN_IN, TYPED_COOKIE,
};

/// The most cookies of one name that are tried. Each that opens nothing costs a query.
pub const MOST_OF_ONE_NAME: usize = 4;

/// The names and attributes of this site's cookies.
#[derive(Clone, Debug)]
pub struct Cookies {
    secure: bool,
    path: String,
    session: String,
    known_browser: String,
    notice: String,
    way_back: String,
    language: String,
    typed: String,
    step: String,
}

impl Cookies {
    /// `name` is that of the session cookie; the others begin with it. `secure` says that the public URL is
    /// `https`. The names begin with `__Host-` then, which a subdomain cannot set, or with `__Secure-` below
    /// the path `base`: a cookie of the host would have the path `/` (RFC 6265bis, section 4.1.3.2).
    pub fn new(name: &str, secure: bool, base: &str) -> Self {
        let prefix = match (secure, base) {
            (false, _) => "",
            (true, "") => "__Host-",
            (true, _) => "__Secure-",
        };
        let session = format!("{prefix}{name}");
        let path = if base.is_empty() { "/".to_owned() } else { base.to_owned() };
        let [known_browser, notice, way_back, language, typed, step] =
            ["device", "notice", "next", "lang", "typed", "step"].map(|part| format!("{session}_{part}"));
        Self { secure, path, session, known_browser, notice, way_back, language, typed, step }
    }

    /// Name of the session cookie.
    pub fn session_name(&self) -> &str {
        &self.session
    }

    /// Name of the cookie by which a browser is known to have signed in before.
    pub fn known_browser_name(&self) -> &str {
        &self.known_browser
    }

    /// Name of the cookie that carries the code of a notice over a redirect.
    pub fn notice_name(&self) -> &str {
        &self.notice
    }

    /// Name of the cookie that keeps the way back while a link is on its way by mail.
    pub fn way_back_name(&self) -> &str {
        &self.way_back
    }

    /// Name of the cookie with the language that a reader chose.
    pub fn language_name(&self) -> &str {
        &self.language
    }

    /// Name of the cookie that keeps the address that somebody typed for the next page.
    pub fn typed_name(&self) -> &str {
        &self.typed
    }

    /// Name of the cookie of a sign-in that waits for its second factor.
    pub fn step_name(&self) -> &str {
        &self.step
    }

    fn write(&self, name: &str, value: &str, seconds: u64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        let path = &self.path;
        format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }

    /// `Set-Cookie` for a session that lasts `seconds`.
    pub fn session(&self, token: &str, seconds: u64) -> String {
        self.write(self.session_name(), token, seconds)
    }

    /// `Set-Cookie` that deletes the session cookie.
    pub fn no_session(&self) -> String {
        self.write(self.session_name(), "", 0)
    }

    /// `Set-Cookie` for a sign-in that waits for its second factor.
    pub fn step(&self, token: &str) -> String {
        self.write(self.step_name(), token, PENDING_SIGN_IN.as_secs())
    }

    /// `Set-Cookie` that deletes it.
    pub fn no_step(&self) -> String {
        self.write(self.step_name(), "", 0)
    }

    /// `Set-Cookie` for a known browser.
    pub fn known_browser(&self, token: &str) -> String {
        self.write(self.known_browser_name(), token, KNOWN_BROWSER_COOKIE.as_secs())
    }

    /// `Set-Cookie` for the code of a language.
    pub fn language(&self, code: &str) -> String {
        self.write(self.language_name(), code, LANGUAGE_COOKIE.as_secs())
    }

    /// `Set-Cookie` for a notice.
    pub fn notice(&self, code: &str) -> String {
        self.write(self.notice_name(), code, NOTICE_COOKIE.as_secs())
    }

    /// `Set-Cookie` that deletes the notice after it was shown.
    pub fn no_notice(&self) -> String {
        self.write(self.notice_name(), "", 0)
    }

    /// `Set-Cookie` for the way back, a path, as long as the mailed link works.
    pub fn way_back(&self, path: &str, link: MailedLink) -> String {
        self.write(self.way_back_name(), &escaped(path), link.lasts().as_secs())
    }

    /// `Set-Cookie` for what somebody typed as address.
    pub fn typed(&self, text: &str) -> String {
        self.write(self.typed_name(), &escaped(text), TYPED_COOKIE.as_secs())
    }

    /// `Set-Cookie` that deletes it.
    pub fn no_typed(&self) -> String {
        self.write(self.typed_name(), "", 0)
    }

    /// `Set-Cookie` that deletes the way back after it was taken.
    pub fn no_way_back(&self) -> String {
        self.write(self.way_back_name(), "", 0)
    }
}

/// A text as the value of a cookie, which a semicolon would end.
fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The values of the cookies with this name, in the order in which the browser sent them. Several have one
/// name where paths or domains differ (RFC 6265, section 5.4), as of two servers on one host.
pub fn read<'r>(request: &'r Request<'_>, name: &'r str) -> impl Iterator<Item = &'r str> {
    let pairs = request.headers().get("cookie").flat_map(|header| header.split(';'));
    pairs.filter_map(move |pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name).then_some(value)
    })
}
