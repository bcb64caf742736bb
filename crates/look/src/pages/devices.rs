//! What opens the account, and the form that pairs another device.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::{FieldView, TimeView};
use domain::Millis;

/// What opens the account, and the code of the next device.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevicesPage {
    /// The form.
    pub form: DeviceForm,
    /// Name of the device that shows the typed code, where it is to be confirmed; else empty.
    pub found: String,
    /// Everything that opens the account: what this browser has first.
    pub openings: Vec<OpeningView>,
}

impl Page for DevicesPage {
    const TEMPLATE: &'static str = "pages/devices.html";
}

/// The form that takes a code.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct DeviceForm {
    /// `code`
    pub code: FieldView,
}

/// One thing that opens the account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpeningView {
    /// `session`, `known_browser`, `bearer`, `device`, `user_secret`, `link` or `redirection`.
    pub kind: &'static str,
    /// Number among those of its kind; with the kind it names what a form ends.
    pub id: i64,
    /// The door that it opens: `pages`, or the name of an API.
    pub door: String,
    /// Browser, app or device, or what a link permits; never empty.
    pub name: String,
    /// What it is, in the language of the page.
    pub what: String,
    /// The network that it was last used from, such as `203.0.113.0/24`; may be empty.
    pub place: String,
    /// When it was made.
    pub created_at: TimeView,
    /// When it was last used.
    pub seen_at: TimeView,
    /// Whether it is of this browser.
    pub current: bool,
}

impl PageSamples for DevicesPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let opening = |id: i64, kind: &'static str, door: &str, name: &str| OpeningView {
            kind,
            id,
            door: door.to_owned(),
            name: name.to_owned(),
            what: words.sentence("opening-device"),
            place: "2001:db8:1:2::/64".to_owned(),
            created_at: TimeView::day(Millis(1_717_100_000_000), words.dates()),
            seen_at: TimeView::minute(Millis(1_717_200_000_000), words.dates()),
            current: false,
        };
        let own = || OpeningView { current: true, ..opening(1, "session", "pages", "Firefox · Linux") };
        let device = |id: i64, name: &str| opening(id, "device", "mirror", name);
        let page = |code: &str, devices: &[&str]| Self {
            form: DeviceForm { code: typed(code) },
            found: String::new(),
            openings: std::iter::once(own())
                .chain((2..).zip(devices).map(|(id, name)| device(id, name)))
                .collect(),
        };
        let every = Self {
            openings: vec![
                own(),
                OpeningView { current: true, ..opening(1, "known_browser", "pages", "Firefox · Linux") },
                OpeningView { place: String::new(), ..opening(2, "session", "pages", "Safari · iPhone") },
                opening(3, "bearer", "fastsite", "Chrome · Android"),
                device(4, "magic-mirror-desktop"),
                opening(0, "user_secret", "amadis", "curl · Linux"),
                opening(5, "link", "pages", &words.sentence("opening-link-recovery")),
                opening(6, "redirection", "siberian", &words.sentence("session-unknown-device")),
            ],
            ..page("", &[])
        };
        let hostile = Self {
            openings: vec![OpeningView {
                door: HOSTILE.to_owned(),
                what: HOSTILE.to_owned(),
                place: HOSTILE.to_owned(),
                ..device(1, HOSTILE)
            }],
            ..page(HOSTILE, &[])
        };
        let wrong = Self { form: DeviceForm { code: words.wrong(HOSTILE) }, ..page("", &["hall"]) };
        let found = |name: &str| Self { found: name.to_owned(), ..page("GHT2QA", &["hall"]) };
        let noticed = |code: &str| {
            Sample::of(format!("notice {code}"), page("", &["magic-mirror-desktop"]))
                .with_notice(words.notice(code))
        };
        let samples = vec![
            Sample::of("this browser alone", page("", &[])),
            Sample::of("two devices", page("", &["magic-mirror-desktop", "Зеркало в прихожей"])),
            Sample::of("one of every kind", every),
            Sample::of("many devices", page("", &["mirror"; 100])),
            Sample::of("to be confirmed", found("magic-mirror-desktop")),
            Sample::of(
                "to be confirmed, hostile",
                Self { form: DeviceForm { code: typed(HOSTILE) }, ..found(HOSTILE) },
            ),
            Sample::of("errors everywhere", wrong).refused(),
            Sample::of("hostile", hostile),
            Sample::of("long", page(&long("GHT2QA"), &[&"W".repeat(60)])),
            Sample::of("too many tries", page("GHT2QA", &[])).with_alert(words.counted(
                "throttled_minutes",
                "minutes",
                15,
            )),
            Sample::of("sent from another account's page", page("", &[]))
                .with_alert(words.alert("other_account")),
            noticed("device_paired"),
            noticed("device_removed"),
            noticed("opening_ended"),
            noticed("openings_ended"),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Ada Lovelace")).collect()
    }
}
