//! The security log: what happened to the account.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::TimeView;
use domain::Millis;

/// What happened to the account, the newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SecurityLogPage {
    /// Which page of the account it is: `security`.
    pub here: &'static str,
    /// What happened.
    pub events: Vec<EventView>,
    /// The number below which there is more; 0 if there is not.
    pub older: i64,
    /// Whether newer events are on another page.
    pub later: bool,
    /// How many days an event is kept.
    pub days: u64,
}

impl Page for SecurityLogPage {
    const TEMPLATE: &'static str = "pages/security_log.html";
    const PANELS: &'static [&'static str] = &["log"];
}

/// Something that happened to the account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventView {
    /// Its number.
    pub id: i64,
    /// The word of its kind, such as `signed_in`.
    pub kind: &'static str,
    /// What happened, in the language of the page.
    pub what: String,
    /// Who did it, in the language of the page; empty for the account's owner.
    pub by: String,
    /// By what it was proven, in the language of the page; may be empty.
    pub factors: String,
    /// Browser or app; may be empty.
    pub browser: String,
    /// The network that it came from, such as `203.0.113.0/24`; may be empty.
    pub place: String,
    /// When it happened.
    pub at: TimeView,
}

/// An event with everything that one can have.
pub(super) fn event(words: Words<'_>, id: i64, kind: &'static str, what: String) -> EventView {
    EventView {
        id,
        kind,
        what,
        by: String::new(),
        factors: words.sentence("factor-password"),
        browser: "Firefox on Linux".to_owned(),
        place: "2001:db8:1:2::/64".to_owned(),
        at: TimeView::minute(Millis(1_717_200_000_000), words.dates()),
    }
}

impl PageSamples for SecurityLogPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let own = |id, kind, key: &str| event(words, id, kind, words.sentence(key));
        let quiet = |event: EventView| EventView {
            factors: String::new(),
            browser: String::new(),
            place: String::new(),
            ..event
        };
        let page = |events| Self { here: "security", events, older: 0, later: false, days: 90 };
        let several = || {
            let operator = words.sentence("event-by-operator");
            vec![
                own(9, "signed_in", "event-signed-in"),
                EventView {
                    factors: format!(
                        "{}, {}",
                        words.sentence("factor-password"),
                        words.sentence("factor-totp")
                    ),
                    ..own(8, "proven_again", "event-proven-again")
                },
                EventView { factors: String::new(), ..own(7, "password_changed", "event-password-changed") },
                EventView { by: operator, ..quiet(own(6, "openings_ended", "event-openings-ended")) },
                quiet(own(5, "factors_removed", "event-factors-removed")),
            ]
        };
        let hostile = EventView {
            what: HOSTILE.to_owned(),
            by: HOSTILE.to_owned(),
            factors: HOSTILE.to_owned(),
            browser: HOSTILE.to_owned(),
            place: HOSTILE.to_owned(),
            ..own(1, "device_paired", "event-signed-in")
        };
        let lengthy = EventView {
            what: long("Ada "),
            by: long("shop"),
            browser: long("W"),
            ..own(1, "device_paired", "event-signed-in")
        };
        let fifty = (1..=50).rev().map(|id| own(id, "signed_in", "event-signed-in")).collect();
        let samples = vec![
            Sample::of("several", page(several())),
            Sample::of("nothing", page(Vec::new())),
            Sample::of("in the middle", Self { older: 51, later: true, ..page(fifty) }),
            Sample::of("the oldest", Self { later: true, ..page(several()) }),
            Sample::of("hostile", page(vec![hostile])),
            Sample::of("long", page(vec![lengthy])),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Ada Lovelace")).collect()
    }
}
