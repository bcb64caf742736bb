//! Content negotiation: the `Accept` and `Accept-Language` headers of a request.

use look::{Locale, Renderer};
use requests::accepted_languages;
use rocket::Request;

/// Whether `request` prefers JSON to HTML.
pub fn wants_json(request: &Request<'_>) -> bool {
    requests::wants_json(request.headers().get_one("accept"))
}

/// The language of the site that `request` prefers; `None` if it accepts none of them.
pub fn wanted_locale<'v>(view: &'v Renderer, request: &Request<'_>) -> Option<&'v Locale> {
    view.catalog().wanted(accepted_languages(request.headers().get_one("accept-language")))
}

/// The language of the site that `request` prefers, else `fallback`, else the site's default.
pub fn locale_or<'v>(view: &'v Renderer, request: &Request<'_>, fallback: &str) -> &'v Locale {
    let catalog = view.catalog();
    wanted_locale(view, request).or_else(|| catalog.find(fallback)).unwrap_or_else(|| catalog.fallback())
}
