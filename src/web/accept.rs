//! The `Accept…` headers of a request: a page or JSON, and in which language.

use look::{Locale, Renderer};
use requests::accepted_languages;
use rocket::Request;

/// Whether the sender of `request` prefers JSON to a page.
pub fn wants_json(request: &Request<'_>) -> bool {
    requests::wants_json(request.headers().get_one("accept"))
}

/// The best language for the sender of `request`, if it names one that there is.
pub fn wanted_locale<'v>(view: &'v Renderer, request: &Request<'_>) -> Option<&'v Locale> {
    view.catalog().wanted(accepted_languages(request.headers().get_one("accept-language")))
}

/// The best language for the sender of `request`, else the site's.
pub fn reader_locale<'v>(view: &'v Renderer, request: &Request<'_>) -> &'v Locale {
    wanted_locale(view, request).unwrap_or_else(|| view.catalog().fallback())
}

/// The best language for the sender of `request`, else the one of the code `fallback`, else the site's.
pub fn locale_or<'v>(view: &'v Renderer, request: &Request<'_>, fallback: &str) -> &'v Locale {
    let catalog = view.catalog();
    wanted_locale(view, request).or_else(|| catalog.find(fallback)).unwrap_or_else(|| catalog.fallback())
}
