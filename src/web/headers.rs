//! What every answer carries, and the one spelling of every path.

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::uri::Origin;
use rocket::http::{Header, Method};
use rocket::{Data, Request, Response};

/// Scripts and styles from this site alone, forms to this site alone, shown in nobody's frame. `blob:` is the
/// preview of a picture before it is sent.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

struct AskedByHead(bool);

/// Whether `request` came as `HEAD`. Rocket calls it `GET` by the time the handler runs, and what `GET` changes a `HEAD`
/// must not.
pub fn is_head(request: &Request<'_>) -> bool {
    request.local_cache(|| AskedByHead(false)).0
}

/// The fairing at both ends of every request.
pub struct Doorstep {
    /// Whether the site's public address is `https`.
    pub secure: bool,
}

#[rocket::async_trait]
impl Fairing for Doorstep {
    fn info(&self) -> Info {
        Info { name: "doorstep", kind: Kind::Request | Kind::Response }
    }

    /// A slash at the end of a path never matters, nor does any other spelling that the router takes for the same: what
    /// compares paths, such as the choice of a dialect's words, must not see another one either.
    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        request.local_cache(|| AskedByHead(request.method() == Method::Head));
        if let Some(plain) = plainly(request.uri().path().as_str()) {
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
        // Gone through once: asked for by name, each would be hashed letter by letter.
        for header in answer.headers().iter() {
            if header.name == "Content-Security-Policy" {
                own_policy = true;
                framed |= header.value.contains("frame-ancestors 'self'");
            }
            cached |= header.name == "Cache-Control";
            referrer |= header.name == "Referrer-Policy";
            shared |= header.name == "Cross-Origin-Resource-Policy";
        }
        if !own_policy {
            answer.set_header(Header::new("Content-Security-Policy", POLICY));
        }
        if !cached && request.method() != Method::Options {
            answer.set_header(Header::new("Cache-Control", "no-store"));
        }
        if !shared {
            answer.set_header(Header::new("Cross-Origin-Resource-Policy", "same-origin"));
        }
        answer.set_header(Header::new("X-Content-Type-Options", "nosniff"));
        if !referrer {
            // Not `no-referrer`: with it browsers send `Origin: null` on our own forms.
            answer.set_header(Header::new("Referrer-Policy", "same-origin"));
        }
        answer.set_header(Header::new("Cross-Origin-Opener-Policy", "same-origin"));
        // The older header of the same, for browsers that know no other.
        answer.set_header(Header::new("X-Frame-Options", if framed { "SAMEORIGIN" } else { "DENY" }));
        answer.set_header(Header::new("Permissions-Policy", "camera=(), geolocation=(), microphone=()"));
        if self.secure {
            answer
                .set_header(Header::new("Strict-Transport-Security", "max-age=31536000; includeSubDomains"));
        }
    }
}

/// A path in its plain spelling, if it is in another one: single slashes, none at its end, no escapes of characters that
/// need none (RFC 3986 6.2.2.2; dots stay as they are, since they may be directions).
fn plainly(path: &str) -> Option<String> {
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
    use super::plainly;

    #[test]
    fn a_path_has_one_spelling() {
        for plain in ["/", "/auth/login", "/a%20b", "/a%2Fb", "/%2e%2E/x", "/100%", "/%zz", "/%+5"] {
            assert_eq!(plainly(plain), None, "{plain}");
        }
        for (written, plain) in [
            ("//", "/"),
            ("/auth/login/", "/auth/login"),
            ("//auth///login//", "/auth/login"),
            ("/%61uth/l%6Fgin", "/auth/login"),
            ("/a%2Fb%5f/", "/a%2Fb_"),
        ] {
            assert_eq!(plainly(written).as_deref(), Some(plain), "{written}");
        }
    }
}
