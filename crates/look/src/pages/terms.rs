//! Agreeing to the terms of use, which have changed since somebody signed up.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words};

/// Asks whoever is signed in to agree to the terms of use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TermsPage {
    /// Where they can be read.
    pub url: String,
    /// Their version, which the form sends.
    pub version: String,
    /// Whether the reader has agreed to an earlier version.
    pub changed: bool,
    /// Whether the reader has agreed to this one.
    pub agreed: bool,
    /// Where to go afterwards; may be empty.
    pub next: String,
}

impl Page for TermsPage {
    const TEMPLATE: &'static str = "pages/terms.html";
}

impl PageSamples for TermsPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |changed, agreed| Self {
            url: "/terms".to_owned(),
            version: "2026-11".to_owned(),
            changed,
            agreed,
            next: String::new(),
        };
        let samples = vec![
            Sample::of("changed", page(true, false)),
            Sample::of(
                "never asked",
                Self { next: "/user/devices?a=1&b=2".to_owned(), ..page(false, false) },
            ),
            Sample::of("agreed", page(false, true)),
            Sample::of("hostile", Self { next: HOSTILE.to_owned(), ..page(true, false) }),
            Sample::of("too many tries", page(true, false))
                .with_alert(words.counted("throttled", "seconds", 30))
                .waiting(30),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Ada Lovelace")).collect()
    }
}
