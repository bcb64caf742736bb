//! Cookies. They are read without copying and written with every protection that the site's scheme allows.

use rocket::Request;
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

use domain::MailedLink;
use domain::lifetimes::{
    KNOWN_BROWSER_COOKIE, LANGUAGE_COOKIE, NOTICE_COOKIE, PENDING_IDENTITY, PENDING_SIGN_IN,
    PROVIDER_DEPARTURE, TYPED_COOKIE,
};

/// The most cookies of one name that are tried. Each that opens nothing costs a query.
pub const MOST_OF_ONE_NAME: usize = 4;

/// Which hosts and paths get the cookie of the session, where that is more than this site.
#[derive(Clone, Debug, Default)]
pub struct SessionScope {
    /// The domain whose hosts all get it (RFC 6265, section 4.1.2.3).
    pub domain: Option<String>,
    /// The path below which they do.
    pub path: Option<String>,
}

impl SessionScope {
    /// What the name of the cookie ends with. Browsers keep a cookie of another scope beside it, and would
    /// send both under one name.
    fn mark(&self) -> String {
        if self.domain.is_none() && self.path.is_none() {
            return String::new();
        }
        let scope = format!("{:?} {:?}", self.domain, self.path);
        let digest = Sha256::digest(scope.as_bytes());
        digest.iter().take(3).fold("-".to_owned(), |mark, byte| format!("{mark}{byte:02x}"))
    }
}

/// The names and attributes of this site's cookies.
#[derive(Clone, Debug)]
pub struct Cookies {
    secure: bool,
    path: String,
    session: String,
    session_path: String,
    session_domain: Option<String>,
    known_browser: String,
    notice: String,
    way_back: String,
    language: String,
    typed: String,
    step: String,
    provider: String,
    identity: String,
}

impl Cookies {
    /// `name` is that of the session cookie; the others begin with it. `secure` says that the public URL is
    /// `https`. The names begin with `__Host-` then, which a subdomain cannot set, or with `__Secure-` where
    /// the cookie has a domain or another path than `/` (RFC 6265bis, section 4.1.3.2), as below the path
    /// `base` it has. `scope` is of the session's cookie alone.
    pub fn new(name: &str, secure: bool, base: &str, scope: &SessionScope) -> Self {
        let path = if base.is_empty() { "/".to_owned() } else { base.to_owned() };
        let session_path = scope.path.clone().unwrap_or_else(|| path.clone());
        let session_domain = scope.domain.clone();
        let prefix = |whole_host: bool| match (secure, whole_host) {
            (false, _) => "",
            (true, true) => "__Host-",
            (true, false) => "__Secure-",
        };
        let whole_host = session_domain.is_none() && session_path == "/";
        let session = format!("{}{name}{}", prefix(whole_host), scope.mark());
        let others = prefix(path == "/");
        let [known_browser, notice, way_back, language, typed, step, provider, identity] =
            ["device", "notice", "next", "lang", "typed", "step", "provider", "identity"]
                .map(|part| format!("{others}{name}_{part}"));
        Self {
            secure,
            path,
            session,
            session_path,
            session_domain,
            known_browser,
            notice,
            way_back,
            language,
            typed,
            step,
            provider,
            identity,
        }
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

    /// Name of the cookie of a browser that was sent to another provider.
    pub fn provider_name(&self) -> &str {
        &self.provider
    }

    /// Name of the cookie of a browser that came back from there with somebody whom no account has.
    pub fn identity_name(&self) -> &str {
        &self.identity
    }

    fn write(&self, name: &str, value: &str, seconds: u64) -> String {
        self.write_below(&self.path, name, value, seconds)
    }

    fn write_below(&self, path: &str, name: &str, value: &str, seconds: u64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }

    /// `Set-Cookie` for a session that lasts `seconds`.
    pub fn session(&self, token: &str, seconds: u64) -> String {
        let cookie = self.write_below(&self.session_path, self.session_name(), token, seconds);
        match &self.session_domain {
            Some(domain) => format!("{cookie}; Domain={domain}"),
            None => cookie,
        }
    }

    /// `Set-Cookie` that deletes the session cookie.
    pub fn no_session(&self) -> String {
        self.session("", 0)
    }

    /// `Set-Cookie` for a sign-in that waits for its second factor.
    pub fn step(&self, token: &str) -> String {
        self.write(self.step_name(), token, PENDING_SIGN_IN.as_secs())
    }

    /// `Set-Cookie` that deletes it.
    pub fn no_step(&self) -> String {
        self.write(self.step_name(), "", 0)
    }

    /// `Set-Cookie` for a browser that is sent to another provider.
    pub fn provider(&self, token: &str) -> String {
        self.write(self.provider_name(), token, PROVIDER_DEPARTURE.as_secs())
    }

    /// `Set-Cookie` that deletes it.
    pub fn no_provider(&self) -> String {
        self.write(self.provider_name(), "", 0)
    }

    /// `Set-Cookie` for a browser that came back with somebody whom no account has.
    pub fn identity(&self, token: &str) -> String {
        self.write(self.identity_name(), token, PENDING_IDENTITY.as_secs())
    }

    /// `Set-Cookie` that deletes it.
    pub fn no_identity(&self) -> String {
        self.write(self.identity_name(), "", 0)
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

    /// `Set-Cookie` for the way back as long as the mailed link works.
    pub fn way_back(&self, next: &str, link: MailedLink) -> String {
        self.write(self.way_back_name(), &escaped(next), link.lasts().as_secs())
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
