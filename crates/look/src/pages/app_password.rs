//! A password that was just made for one program: shown once.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};

/// A password that was just made for one program. No other page shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AppPasswordPage {
    /// Which page of the account it belongs to: `security`.
    pub here: &'static str,
    /// What its owner calls it.
    pub name: String,
    /// The API that it is for: `fastsite`, `mirror` or `amadis`.
    pub dialect: &'static str,
    /// What that API is for, in the language of the page.
    pub label: String,
    /// The password: 24 letters and digits in groups of four. The blanks between do not matter.
    pub password: String,
}

impl Page for AppPasswordPage {
    const TEMPLATE: &'static str = "pages/app_password.html";
}

impl PageSamples for AppPasswordPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let made = |name: &str, dialect: &'static str| Self {
            here: "security",
            name: name.to_owned(),
            dialect,
            label: words.sentence(&format!("app-password-{dialect}")),
            password: "WKQ7 2MHD 9TXA 4RCE P8VN 6JBY".to_owned(),
        };
        let samples = vec![
            Sample::of("ordinary", made("Telephone", "fastsite")),
            Sample::of("for mirrors", made("Зеркало в прихожей", "mirror")),
            Sample::of("for a back end", made("Hall", "amadis")),
            Sample::of("hostile", Self { label: HOSTILE.to_owned(), ..made(HOSTILE, "fastsite") }),
            Sample::of("long", made(&long("Telephone"), "fastsite")),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Ada Lovelace")).collect()
    }
}
