//! What went wrong, by HTTP status.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words};

/// Something went wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorPage {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: String,
    /// Headline.
    pub title: String,
    /// What happened and what to do.
    pub message: String,
    /// Number to quote to the operator; may be empty.
    pub incident: String,
    /// The page of this site to go back to and correct what was sent; may be empty.
    pub back: String,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "pages/error.html";
}

/// The statuses with sentences of their own on the error page.
const STATUSES: &[u16] = &[400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 429, 500, 503];

impl PageSamples for ErrorPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |status: u16, key: String, incident: &str| Self {
            status,
            code: "code".to_owned(),
            title: words.sentence(&format!("error-page-{key}-title")),
            message: words.sentence(&format!("error-page-{key}-message")),
            incident: incident.to_owned(),
            back: String::new(),
        };
        let mut samples: Vec<_> = STATUSES
            .iter()
            .map(|&status| {
                let incident = if status < 500 { "" } else { "0f3a9c12de45" };
                Sample::of(status.to_string(), page(status, status.to_string(), incident))
            })
            .collect();
        samples.push(Sample::of("another status", page(418, "other".to_owned(), "")));
        let form = Self { back: "/user/login".to_owned(), ..page(413, "413".to_owned(), "") };
        samples.push(Sample::of("with a way back to the form", form));
        let hostile = || HOSTILE.to_owned();
        let page = Self {
            status: 500,
            code: hostile(),
            title: hostile(),
            message: hostile(),
            incident: hostile(),
            // A path of this site, always.
            back: String::new(),
        };
        samples.push(Sample::of("hostile", page));
        samples
    }
}
