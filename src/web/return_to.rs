//! The operator's other sites, to which people may be led back.

use rocket::Request;
use url::Url;

use super::cross_origin::PublicOrigin;

/// The longest address of a way back, in bytes.
const LONGEST: usize = 2000;

/// The origins of the operator's sites (`site.return_to`), exactly as browsers send them.
#[derive(Clone, Debug, Default)]
pub struct ReturnTo(Vec<String>);

impl ReturnTo {
    /// The origins as they stand in the settings.
    pub fn new(origins: Vec<String>) -> Self {
        Self(origins)
    }

    /// The list of the site that `request` came to.
    pub fn of<'r>(request: &'r Request<'_>) -> &'r Self {
        const NOWHERE: &ReturnTo = &ReturnTo(Vec::new());
        request.rocket().state().unwrap_or(NOWHERE)
    }

    /// Whether `origin` is one of them.
    pub fn lists(&self, origin: &str) -> bool {
        self.0.iter().any(|listed| listed == origin)
    }
}

/// The way back that `next` names: a path of this site, or a whole address of one of the operator's sites.
/// Anything else is empty: no `//elsewhere`, no `/\elsewhere`, no control characters that a browser would
/// drop before it reads the rest.
pub fn way_back(request: &Request<'_>, next: &str) -> String {
    if !is_plain(next) {
        String::new()
    } else if next.starts_with('/') {
        own_path(next)
    } else {
        address(request, next).unwrap_or_default()
    }
}

/// A path of this site to go on to, else nothing.
pub fn own_path(next: &str) -> String {
    let own = is_plain(next) && next.starts_with('/') && !next.starts_with("//");
    if own { next.to_owned() } else { String::new() }
}

fn is_plain(next: &str) -> bool {
    next.len() <= LONGEST && next.bytes().all(|byte| (0x21..0x7F).contains(&byte) && byte != b'\\')
}

/// A whole address, as the URL standard writes it: what was checked is what browsers get. An address of this
/// site is its path.
fn address(request: &Request<'_>, next: &str) -> Option<String> {
    // The parser adds slashes that are missing.
    let (_, rest) = next.split_once("://")?;
    let url = Url::parse(next).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
    if rest.starts_with('/') || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let origin = url.origin().ascii_serialization();
    if request.rocket().state::<PublicOrigin>().is_some_and(|ours| ours.as_str() == origin) {
        return Some(own_path(&url[url::Position::BeforePath..])).filter(|path| !path.is_empty());
    }
    // Written out it may be longer than it came.
    ReturnTo::of(request).lists(&origin).then(|| url.into()).filter(|url: &String| is_plain(url))
}

#[cfg(test)]
mod tests {
    use rocket::local::blocking::Client;

    use super::*;
    use crate::urls;

    #[test]
    fn only_paths_of_this_site_and_addresses_of_the_operators_sites_are_gone_on_to() {
        let ours = PublicOrigin::new(&Url::parse("https://accounts.example.org").unwrap(), true);
        let sites = ["https://shop.example.org", "http://localhost:5173"].map(str::to_owned).to_vec();
        let rocket = rocket::build().manage(ours).manage(ReturnTo::new(sites));
        let client = Client::debug(rocket).unwrap();
        let request = client.get("/");
        let next = |next: &str| way_back(request.inner(), next);
        let profile = format!("{}?x=1#y", urls::PROFILE);
        for own in [urls::DEVICES, &profile, urls::HOME] {
            assert_eq!(next(own), own);
        }
        for listed in
            ["https://shop.example.org/", "https://shop.example.org/a?b=c#d", "http://localhost:5173/x"]
        {
            assert_eq!(next(listed), listed);
        }
        for (written, read) in [
            ("https://shop.example.org", "https://shop.example.org/"),
            ("HTTPS://Shop.Example.ORG:443/%41?é=".trim_end_matches("é="), "https://shop.example.org/%41?"),
            ("https://shop.example.org/a/../b", "https://shop.example.org/b"),
            ("https://accounts.example.org/shop?x=1#y", "/shop?x=1#y"),
        ] {
            assert_eq!(next(written), read);
        }
        let long = format!("/{}", "a".repeat(LONGEST));
        for other in [
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "evil",
            "",
            "/é",
            &long,
            "https://evil.example",
            "https://shop.example.org.evil.example/",
            "https://shop.example.org@evil.example/",
            "https://evil.example/?https://shop.example.org/",
            "https://ada@shop.example.org/",
            "https://ada:b@shop.example.org/",
            "https://shop.example.org:8443/",
            "http://shop.example.org/",
            "https:shop.example.org/",
            "https:///shop.example.org/",
            "https:\\\\shop.example.org/",
            "https://shop.example.org\\@evil.example/",
            "https://accounts.example.org//evil.example",
            "javascript://shop.example.org/%0aalert(1)",
            "ftp://shop.example.org/",
            "null",
            " https://shop.example.org/",
        ] {
            assert_eq!(next(other), "", "{other}");
        }
    }
}
