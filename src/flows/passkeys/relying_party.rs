//! This site as authenticators know it. A passkey belongs to the host of `public_url`, and browsers offer it
//! nowhere else.

use std::sync::Arc;

use url::{Host, Url};
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

/// The side that asks for passkeys (W3C Web Authentication, "relying party"). Cheap to clone.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    id: String,
    pub(super) webauthn: Arc<Webauthn>,
}

impl RelyingParty {
    /// The site at `public_url`, which calls itself `name`. `None` where browsers have no passkeys: at an IP
    /// address, and on plain HTTP at other names than localhost.
    pub fn at(public_url: &Url, name: &str) -> Option<Self> {
        let Some(Host::Domain(host)) = public_url.host() else { return None };
        let local = host == "localhost" || host.ends_with(".localhost");
        if public_url.scheme() != "https" && !local {
            return None;
        }
        // Only this origin: neither subdomains nor other ports, as the library has it by itself.
        let webauthn = WebauthnBuilder::new(host, public_url).ok()?.rp_name(name).build().ok()?;
        Some(Self { id: host.to_owned(), webauthn: Arc::new(webauthn) })
    }

    /// The host that passkeys belong to.
    pub fn id(&self) -> &str {
        &self.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_belong_to_the_host_and_to_nothing_that_is_no_name() {
        for (url, id) in [
            ("https://accounts.example.org", Some("accounts.example.org")),
            ("https://accounts.example.org:8443/below/", Some("accounts.example.org")),
            ("https://bücher.example", Some("xn--bcher-kva.example")),
            ("http://localhost:8000", Some("localhost")),
            ("http://shop.localhost", Some("shop.localhost")),
            ("http://accounts.example.org", None),
            ("http://127.0.0.1:8000", None),
            ("https://192.0.2.7", None),
            ("https://[2001:db8::1]", None),
            ("http://notlocalhost", None),
        ] {
            let party = RelyingParty::at(&Url::parse(url).unwrap(), "A site");
            assert_eq!(party.as_ref().map(RelyingParty::id), id, "{url}");
        }
    }
}
