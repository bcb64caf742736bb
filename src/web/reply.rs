//! Answers of the pages and of plug-ins: HTML, JSON, or one of two redirects.

use std::time::Duration;

use rocket::Request;
use rocket::http::Status;
use rocket::response::{self, Responder, Response};
use serde_json::Value;
use url::Url;

use super::cross_origin::PublicOrigin;
use super::headers::{POLICY, policy};
use super::refusal::whole_seconds;

/// Where an answer sends a browser.
#[derive(Debug)]
enum Location {
    /// To one of the program's own paths.
    Own(String),
    /// To a path of the site, as browsers see it: the way back.
    OfSite(String),
}

/// An answer of a page's handler, with its cookies.
#[derive(Debug)]
pub struct Reply {
    status: Status,
    content_type: &'static str,
    body: Vec<u8>,
    location: Option<Location>,
    cookies: Vec<String>,
    retry_after: Option<Duration>,
    bare_referrer: bool,
    frames: bool,
    framed: bool,
    form_to: Option<String>,
    refresh: Option<String>,
}

impl Reply {
    fn new(status: Status, content_type: &'static str, body: Vec<u8>) -> Self {
        let cookies = Vec::new();
        Self {
            status,
            content_type,
            body,
            location: None,
            cookies,
            retry_after: None,
            bare_referrer: false,
            frames: false,
            framed: false,
            form_to: None,
            refresh: None,
        }
    }

    /// An answer with HTML.
    pub fn page(status: Status, html: String) -> Self {
        Self::new(status, "text/html; charset=utf-8", html.into_bytes())
    }

    /// An answer with JSON.
    pub fn json(status: Status, value: &Value) -> Self {
        Self::new(status, "application/json", value.to_string().into_bytes())
    }

    /// A problem document (RFC 9457), where an answer needs cookies too.
    pub fn problem(status: Status, document: &Value) -> Self {
        Self::new(status, "application/problem+json", document.to_string().into_bytes())
    }

    /// 303: a redirect to one of the program's own paths that the browser follows with `GET`.
    pub fn see_other(to: impl Into<String>) -> Self {
        Self { location: Some(Location::Own(to.into())), ..Self::new(Status::SeeOther, "", Vec::new()) }
    }

    /// 303 to a path as browsers see it, which may be another program's on the same host: the way back.
    pub fn back_to(next: impl Into<String>) -> Self {
        Self { location: Some(Location::OfSite(next.into())), ..Self::new(Status::SeeOther, "", Vec::new()) }
    }

    /// 308: send the same `POST` there. The published themes rely on it; it must never be cached, or a
    /// browser would send its next sign-in straight to the second address.
    pub fn again(to: impl Into<String>) -> Self {
        let location = Some(Location::Own(to.into()));
        Self { location, ..Self::new(Status::PermanentRedirect, "", Vec::new()) }
    }

    /// Adds `Retry-After`, rounded up to whole seconds.
    pub fn retry_after(mut self, after: Option<Duration>) -> Self {
        self.retry_after = after;
        self
    }

    /// Sends `Referrer-Policy: strict-origin`, because the page's own URL holds a secret: whoever is linked
    /// to learns the origin alone. `no-referrer` would hide the origin from this site too: browsers send
    /// `Origin: null` with the page's own form then (the Fetch standard, "append a request `Origin` header").
    pub fn with_bare_referrer(mut self) -> Self {
        self.bare_referrer = true;
        self
    }

    /// Allows the page to frame other pages of this site.
    pub fn with_frames(mut self) -> Self {
        self.frames = true;
        self
    }

    /// Allows other pages of this site to frame the page.
    pub fn framed_by_this_site(mut self) -> Self {
        self.framed = true;
        self
    }

    /// Allows the page to send its form to `address`, which is another site's.
    pub fn with_form_to(mut self, address: &str) -> Self {
        self.form_to = Some(address.to_owned());
        self
    }

    /// The page goes on to `address` by itself, without script.
    pub fn going_on_to(mut self, address: String) -> Self {
        self.refresh = Some(address);
        self
    }

    /// Adds a `Set-Cookie` header with this value.
    pub fn cookie(mut self, set_cookie: String) -> Self {
        self.cookies.push(set_cookie);
        self
    }
}

/// What a policy names a form's target by: its origin, or the scheme of an app.
fn form_source(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let own = !matches!(url.scheme(), "https" | "http");
    Some(if own { format!("{}:", url.scheme()) } else { url.origin().ascii_serialization() })
}

impl<'r> Responder<'r, 'static> for Reply {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::new();
        answer.set_status(self.status);
        if !self.content_type.is_empty() {
            answer.set_raw_header("Content-Type", self.content_type);
            // The same URL gives HTML or JSON, in the reader's language.
            answer.set_raw_header("Vary", "Accept, Accept-Language, Cookie");
        }
        answer.set_raw_header("Cache-Control", "no-store");
        if let Some(location) = self.location {
            let location = match location {
                // A plug-in may send a browser to another host.
                Location::Own(path) if path.starts_with('/') && !path.starts_with("//") => {
                    format!("{}{path}", PublicOrigin::base_of(request))
                }
                Location::Own(path) | Location::OfSite(path) => path,
            };
            answer.set_raw_header("Location", location);
        }
        if let Some(after) = self.retry_after {
            answer.set_raw_header("Retry-After", whole_seconds(after).to_string());
        }
        if self.frames {
            answer.set_raw_header("Content-Security-Policy", format!("{POLICY}; frame-src 'self'"));
        } else if let Some(target) = self.form_to.as_deref().and_then(form_source) {
            answer.set_raw_header("Content-Security-Policy", policy(&[target]));
        } else if self.framed {
            let policy = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
            answer.set_raw_header("Content-Security-Policy", policy);
        }
        if let Some(address) = self.refresh {
            answer.set_raw_header("Refresh", format!("0; url={address}"));
        }
        if self.bare_referrer {
            answer.set_raw_header("Referrer-Policy", "strict-origin");
        }
        for cookie in self.cookies {
            answer.adjoin_raw_header("Set-Cookie", cookie);
        }
        answer.set_sized_body(self.body.len(), std::io::Cursor::new(self.body));
        Ok(answer)
    }
}
