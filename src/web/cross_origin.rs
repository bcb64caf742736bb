//! Protection against cross-site requests, by the algorithm of Go 1.25's `http.CrossOriginProtection`. Forms
//! need no hidden token.

use rocket::Request;
use rocket::http::Method;
use url::Url;

/// Where the site's pages are: their origin, and the path that all of theirs begin with.
#[derive(Clone, Debug)]
pub struct PublicOrigin {
    origin: String,
    base: String,
    configured: bool,
}

impl PublicOrigin {
    /// `configured` says that the operator set `public_url`. Without it a request's own `Host` is trusted,
    /// because a developer's machine has several names.
    pub fn new(public_url: &Url, configured: bool) -> Self {
        let base = base_path(public_url).to_owned();
        Self { origin: public_url.origin().ascii_serialization(), base, configured }
    }

    /// The origin, such as `https://www.example.org`.
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// The base path, such as `/account`; empty where the site has the whole host. A browser's paths begin
    /// with it, the program's own (`urls`) do not.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The address of one of the program's own paths, such as `https://www.example.org/account/user/login`.
    pub fn address(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.base)
    }

    /// The base path of the site that `request` came to.
    pub fn base_of<'r>(request: &'r Request<'_>) -> &'r str {
        request.rocket().state::<Self>().map_or("", Self::base)
    }

    /// The program's own path, with its query, of the page of this site that led to `request`, by its
    /// `Referer`.
    pub fn referring_path<'r>(&self, request: &'r Request<'_>) -> Option<&'r str> {
        let header = |name| request.headers().get_one(name);
        let referer = header("Referer")?;
        let host_at = referer.find("://")? + "://".len();
        let path_at = host_at + referer[host_at..].find('/')?;
        let (origin, path) = referer.split_at(path_at);
        let ours =
            if self.configured { origin == self.origin } else { header("Host") == Some(&origin[host_at..]) };
        path.strip_prefix(self.base.as_str()).filter(|path| ours && path.starts_with('/'))
    }
}

/// The path of a public URL without a slash at its end; empty for a whole host.
pub fn base_path(public_url: &Url) -> &str {
    public_url.path().trim_end_matches('/')
}

/// Whether `request` is a write that another site's page sent.
pub fn cross_site(request: &Request<'_>, ours: &PublicOrigin) -> bool {
    if matches!(request.method(), Method::Get | Method::Head | Method::Options) {
        return false;
    }
    let header = |name| request.headers().get_one(name);
    let origin = header("Origin");
    if origin == Some(ours.as_str()) && ours.configured {
        return false;
    }
    match header("Sec-Fetch-Site") {
        Some("same-origin" | "none") => false,
        Some(_) => true,
        // `Sec-Fetch-Site` is missing from browsers before 2023 and from programs. Programs send no `Origin`
        // either.
        None => match origin {
            None => false,
            Some(origin) if ours.configured => origin != ours.as_str(),
            Some(origin) => {
                let host = header("Host").unwrap_or_default();
                origin.split_once("://").is_none_or(|(_, from)| from != host)
            }
        },
    }
}
