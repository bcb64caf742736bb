//! The security headers of every answer, and the normalisation of paths.

use std::time::{Duration, Instant};

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::uri::Origin;
use rocket::http::{Header, Method};
use rocket::{Data, Request, Response};

/// Allows scripts, styles and forms of this site only, and no framing. A form's answer may lead to the
/// operator's other sites, see [`policy`]. `blob:` is for the preview of a
/// picture before its upload.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' blob:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// [`POLICY`] for a site whose forms may lead to these origins. Chromium holds `form-action` against the
/// redirects after a form too.
pub fn policy(return_to: &[String]) -> String {
    let targets: String = return_to.iter().map(|origin| format!(" {origin}")).collect();
    POLICY.replace("form-action 'self'", &format!("form-action 'self'{targets}"))
}

/// How a request came.
struct Asked {
    by_head: bool,
    /// When Rocket got it.
    at: Instant,
}

fn asked<'r>(request: &'r Request<'_>) -> &'r Asked {
    request.local_cache(|| Asked { by_head: false, at: Instant::now() })
}

/// Whether `request` came as `HEAD`. Rocket has turned it into `GET` when the handler runs, but a `HEAD` must
/// not make the changes that the `GET` makes.
pub fn is_head(request: &Request<'_>) -> bool {
    asked(request).by_head
}

/// How long `request` has been worked at: since its head and its small body were there.
pub fn time_since_asked(request: &Request<'_>) -> Duration {
    asked(request).at.elapsed()
}

/// The fairing that normalises the path of every request, and adds the security headers that an answer does
/// not set itself.
pub struct SecurityHeaders {
    /// The value of `Strict-Transport-Security`, if it is sent.
    pub hsts: Option<&'static str>,
    /// The value of `Content-Security-Policy`, as [`policy`] makes it. It lasts as long as the program, so
    /// that no answer copies it.
    pub policy: &'static str,
}

#[rocket::async_trait]
impl Fairing for SecurityHeaders {
    fn info(&self) -> Info {
        Info { name: "security headers", kind: Kind::Request | Kind::Response }
    }

    /// Normalises the path. Rocket's router ignores a trailing slash and needless escapes, and the choice of
    /// a dialect by path must agree with the router.
    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        request.local_cache(|| Asked { by_head: request.method() == Method::Head, at: Instant::now() });
        if let Some(plain) = normalized(request.uri().path().as_str()) {
            let target = match request.uri().query() {
                Some(query) => format!("{plain}?{query}"),
                None => plain,
            };
            if let Ok(uri) = Origin::parse_owned(target) {
                request.set_uri(uri);
            }
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, answer: &mut Response<'r>) {
        let [mut own_policy, mut framed, mut cached, mut referrer, mut shared] = [false; 5];
        // One pass over the headers: a look-up by name would hash the name without case each time.
        for header in answer.headers().iter() {
            if header.name == "Content-Security-Policy" {
                own_policy = true;
                framed |= header.value.contains("frame-ancestors 'self'");
            }
            cached |= header.name == "Cache-Control";
            referrer |= header.name == "Referrer-Policy";
            shared |= header.name == "Cross-Origin-Resource-Policy";
        }
        for (name, value) in self.of_every_answer() {
            let value = match name {
                "Content-Security-Policy" if own_policy => continue,
                "Cache-Control" if cached || request.method() == Method::Options => continue,
                "Cross-Origin-Resource-Policy" if shared => continue,
                "Referrer-Policy" if referrer => continue,
                "X-Frame-Options" if framed => "SAMEORIGIN",
                _ => value,
            };
            answer.set_header(Header::new(name, value));
        }
    }
}

impl SecurityHeaders {
    /// The headers of an answer that sets none of them itself, such as the listener's own refusals.
    pub fn of_every_answer(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        let always = [
            ("Content-Security-Policy", self.policy),
            ("Cache-Control", "no-store"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("X-Content-Type-Options", "nosniff"),
            // `no-referrer` would make browsers send `Origin: null` with our own forms.
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            // For browsers without `frame-ancestors`.
            ("X-Frame-Options", "DENY"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ];
        always.into_iter().chain(self.hsts.map(|hsts| ("Strict-Transport-Security", hsts)))
    }
}

/// The normalised path, if it differs from `path`: single slashes, no trailing slash, no escapes of
/// unreserved characters (RFC 3986, section 6.2.2.2). Escaped dots stay escaped, because `..` would climb.
fn normalized(path: &str) -> Option<String> {
    let plain_already = !path.contains("//") && !path.contains('%') && (path == "/" || !path.ends_with('/'));
    if plain_already {
        return None;
    }
    let mut plain = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        plain.push('/');
        let mut parts = segment.split('%');
        plain.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let escaped =
                part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).map(char::from);
            match escaped.filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '~')) {
                Some(c) => {
                    plain.push(c);
                    plain.push_str(part.get(2..).unwrap_or_default());
                }
                None => {
                    plain.push('%');
                    plain.push_str(part);
                }
            }
        }
    }
    if plain.is_empty() {
        plain.push('/');
    }
    (plain != path).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::normalized;

    #[test]
    fn a_path_has_one_spelling() {
        for plain in ["/", "/auth/login", "/a%20b", "/a%2Fb", "/%2e%2E/x", "/100%", "/%zz", "/%+5"] {
            assert_eq!(normalized(plain), None, "{plain}");
        }
        for (written, plain) in [
            ("//", "/"),
            ("/auth/login/", "/auth/login"),
            ("//auth///login//", "/auth/login"),
            ("/%61uth/l%6Fgin", "/auth/login"),
            ("/a%2Fb%5f/", "/a%2Fb_"),
        ] {
            assert_eq!(normalized(written).as_deref(), Some(plain), "{written}");
        }
    }
}
