//! "This was not me": what is going to happen then.

use serde::Serialize;
use utoipa::ToSchema;

use super::security_log::{EventView, event};
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};

/// An event, and what happens if it was not the account's owner.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SecurityEventPage {
    /// Which page of the account it is: `security`.
    pub here: &'static str,
    /// The event.
    pub event: EventView,
    /// The address that the link for another password goes to.
    pub email: String,
    /// Whether the account gets this address back.
    pub restores: bool,
    /// Whether the account is locked in place of a link, because its address of then is another account's.
    pub locks: bool,
}

impl Page for SecurityEventPage {
    const TEMPLATE: &'static str = "pages/security_event.html";
    const PANELS: &'static [&'static str] = &["deny"];
}

impl PageSamples for SecurityEventPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |what: String, email: &str, restores| Self {
            here: "security",
            event: event(words, 7, "signed_in", what),
            email: email.to_owned(),
            restores,
            locks: false,
        };
        let signed_in = || words.sentence("event-signed-in");
        let samples = vec![
            Sample::of("ordinary", page(signed_in(), "ada@example.org", false)),
            Sample::of("the address comes back", page(signed_in(), "ada@example.org", true)),
            Sample::of(
                "the account is locked",
                Self { locks: true, ..page(signed_in(), "ada@example.org", false) },
            ),
            Sample::of("hostile", page(HOSTILE.to_owned(), HOSTILE, true)),
            Sample::of("long", page(long("Ada "), &long("ada@example.org"), true)),
            Sample::of("too many tries", page(signed_in(), "ada@example.org", false))
                .with_alert(words.counted("throttled", "seconds", 90).at("deny")),
            Sample::of("too much to do", page(signed_in(), "ada@example.org", false))
                .with_alert(words.alert("busy").at("deny")),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Ada Lovelace")).collect()
    }
}
