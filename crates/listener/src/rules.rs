//! The rules that a request's head must keep before Rocket sees it: those of RFC 9112 that hyper is lenient
//! about, the site's hosts, and a bound on cookies, each of which would be parsed.

use std::net::IpAddr;

use hyper::header::{COOKIE, HOST, TRANSFER_ENCODING};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Version};
use rocket::http::Status;
use rocket::http::uri::Host;

use super::hosts::KnownHosts;

/// The most bytes of all cookies of a request: four of the longest that browsers keep.
const COOKIE_BYTES: usize = 16 * 1024;

/// The most cookies of a request. Browsers keep about 180 for a site.
const COOKIES: usize = 200;

/// The most bytes of a head, and the most headers. Beyond twice as many, hyper refuses the head by itself,
/// with an answer that has no body.
pub(super) const HEAD_BYTES: usize = 32 * 1024;
pub(super) const HEADERS: usize = 100;

/// Why a request is refused, and whether its bytes can be trusted to end where they seem to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) status: Status,
    pub(super) closes: bool,
}

/// The first rule that the head breaks. `sound` says that its lines and sizes are as RFC 9112 wants them.
pub(super) fn broken(
    parts: &Parts,
    sound: bool,
    hosts: Option<&KnownHosts>,
    local: IpAddr,
) -> Option<Broken> {
    if !sound || !hosts_are_sound(parts) || !codings_are_sound(&parts.headers) {
        return Some(Broken { status: Status::BadRequest, closes: true });
    }
    if !is_short(parts) || !cookies_are_few(&parts.headers) {
        return Some(Broken { status: Status::RequestHeaderFieldsTooLarge, closes: false });
    }
    let stray = hosts.is_some_and(|hosts| {
        let host = host(parts);
        let name = host.as_ref().map(|host| host.domain().as_str());
        !hosts.serve(name, parts.uri.path(), local)
    });
    stray.then_some(Broken { status: Status::MisdirectedRequest, closes: false })
}

/// The host that the request is for. That of an absolute target counts before the header (RFC 9112, section
/// 3.2.2).
pub(super) fn host(parts: &Parts) -> Option<Host<'_>> {
    let text = match parts.uri.authority() {
        Some(authority) => authority.as_str().as_bytes(),
        None => parts.headers.get(HOST)?.as_bytes(),
    };
    Host::parse_bytes(text).ok()
}

/// One valid `Host`, which only clients of HTTP/1.0 may leave out (RFC 9112, section 3.2).
fn hosts_are_sound(parts: &Parts) -> bool {
    if parts.uri.authority().is_some_and(|authority| !is_host(authority.as_str().as_bytes())) {
        return false;
    }
    let mut hosts = parts.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => parts.version == Version::HTTP_10,
        (Some(host), None) => is_host(host.as_bytes()),
        (Some(_), Some(_)) => false,
    }
}

/// A name or address with or without a port. A user before it (`user@host`) is none of the field (RFC 9110,
/// section 7.2).
fn is_host(text: &[u8]) -> bool {
    !text.contains(&b'@') && Host::parse_bytes(text).is_ok()
}

/// `chunked` alone, and once. hyper accepts any list that ends with it.
fn codings_are_sound(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        (Some(_), Some(_)) => false,
    }
}

/// Whether the head is within the limits, without the spaces and line ends that hyper has taken off.
fn is_short(parts: &Parts) -> bool {
    let headers = &parts.headers;
    let target = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    // A line has a colon, a space and its end besides.
    let bytes = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    headers.len() <= HEADERS && target + bytes.sum::<usize>() <= HEAD_BYTES
}

fn cookies_are_few(headers: &HeaderMap) -> bool {
    let mut cookies = headers.get_all(COOKIE).iter().map(|cookies| cookies.as_bytes());
    let (mut bytes, mut count) = (0, 0);
    cookies.all(|some| {
        bytes += some.len();
        // The length is checked first, so that a long header is not even searched.
        bytes <= COOKIE_BYTES && {
            count += 1 + some.iter().filter(|byte| **byte == b';').count();
            count <= COOKIES
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(version: Version, target: &str, headers: &[(&str, &str)]) -> Option<u16> {
        let mut request = hyper::Request::builder().version(version).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let hosts = KnownHosts { names: vec!["a".into()], open_paths: Vec::new() };
        broken(&parts, true, Some(&hosts), IpAddr::from([10, 0, 0, 7])).map(|broken| broken.status.code)
    }

    #[test]
    fn a_request_names_one_host_of_ours() {
        let http11 = |headers: &[(&str, &str)]| status(Version::HTTP_11, "/", headers);
        assert_eq!(http11(&[("host", "a")]), None);
        assert_eq!(http11(&[("host", "a:8000")]), None);
        assert_eq!(http11(&[]), Some(400));
        assert_eq!(http11(&[("host", "a"), ("host", "a")]), Some(400));
        assert_eq!(http11(&[("host", "a b")]), Some(400));
        assert_eq!(http11(&[("host", "a/b")]), Some(400));
        assert_eq!(http11(&[("host", "b@a")]), Some(400));
        assert_eq!(status(Version::HTTP_11, "http://b@a/", &[("host", "a")]), Some(400));
        assert_eq!(http11(&[("host", "b")]), Some(421));
        assert_eq!(status(Version::HTTP_11, "http://b/", &[("host", "a")]), Some(421));
        assert_eq!(status(Version::HTTP_11, "http://a/", &[("host", "b")]), None);
        assert_eq!(status(Version::HTTP_10, "/", &[]), Some(421));
        assert_eq!(status(Version::HTTP_10, "/", &[("host", "a")]), None);
    }

    #[test]
    fn a_body_is_coded_by_chunks_alone() {
        for (codings, wanted) in [
            (&["chunked"][..], None),
            (&["Chunked"], None),
            (&["gzip, chunked"], Some(400)),
            (&["chunked, chunked"], Some(400)),
            (&["chunked", "chunked"], Some(400)),
            (&["identity", "chunked"], Some(400)),
            (&[",chunked"], Some(400)),
        ] {
            let mut headers = vec![("host", "a")];
            headers.extend(codings.iter().map(|coding| ("transfer-encoding", *coding)));
            assert_eq!(status(Version::HTTP_11, "/", &headers), wanted, "{codings:?}");
        }
    }

    #[test]
    fn heads_are_short() {
        let long = "x".repeat(HEAD_BYTES - 15);
        assert_eq!(status(Version::HTTP_11, "/", &[("host", "a"), ("x", &long)]), None);
        assert_eq!(status(Version::HTTP_11, "/", &[("host", "a"), ("xy", &long)]), Some(431));
        assert_eq!(
            status(Version::HTTP_11, &format!("/{}", "p".repeat(HEAD_BYTES)), &[("host", "a")]),
            Some(431)
        );
        let many = |count| [&[("host", "a")][..], &vec![("x", "y"); count]].concat();
        assert_eq!(status(Version::HTTP_11, "/", &many(99)), None);
        assert_eq!(status(Version::HTTP_11, "/", &many(100)), Some(431));
    }

    #[test]
    fn cookies_are_few_and_short() {
        let cookies = |text: &str, times: usize| {
            let mut headers = vec![("host", "a")];
            headers.extend(std::iter::repeat_n(("cookie", text), times));
            status(Version::HTTP_11, "/", &headers)
        };
        assert_eq!(cookies("a=1; b=2", 2), None);
        assert_eq!(cookies(&format!("a={}", "x".repeat(16_000)), 1), None);
        assert_eq!(cookies(&format!("a={}", "x".repeat(16_000)), 2), Some(431));
        assert_eq!(cookies(&";".repeat(300), 1), Some(431));
        assert_eq!(cookies("a", 201), Some(431));
    }
}
