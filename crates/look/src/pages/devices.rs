//! What opens the account, and the form that pairs another device.

use serde::Serialize;
use utoipa::ToSchema;

use super::authorization::{ScopeView, scopes};
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::{FieldView, TimeView};
use domain::Millis;

/// What opens the account, and the code of the next device.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevicesPage {
    /// Which page of the account it is: `devices`.
    pub here: &'static str,
    /// The form.
    pub form: DeviceForm,
    /// Name of the device that shows the typed code, where it is to be confirmed; else empty.
    pub found: String,
    /// What it would learn, where it is the device of an application; then `found` is the application's name.
    pub scopes: Vec<ScopeView>,
    /// Everything that opens the account: what this browser has first.
    pub openings: Vec<OpeningView>,
    /// How many of the openings a page may fold away.
    pub folded: usize,
    /// Whether a device is paired.
    pub has_devices: bool,
}

impl Page for DevicesPage {
    const TEMPLATE: &'static str = "pages/devices.html";
    const PANELS: &'static [&'static str] = &["openings", "pair"];
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
    /// `session`, `known_browser`, `bearer`, `device`, `user_secret`, `app_password`, `link` or
    /// `redirection`.
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
    /// Whether it was used since it was made.
    pub used: bool,
    /// Whether it is of this browser.
    pub current: bool,
    /// Whether it is a known browser that is not asked for a second factor.
    pub trusted: bool,
    /// Whether it is one of those that a page may fold away.
    pub folded: bool,
}

/// The openings that a page shows at once.
const SHOWN: usize = 5;

impl DevicesPage {
    /// The page of these openings. Known browsers come last and those beyond the fifth are folded away.
    pub fn new(form: DeviceForm, mut openings: Vec<OpeningView>) -> Self {
        openings.sort_by_key(|opening| opening.kind == "known_browser");
        openings.iter_mut().skip(SHOWN).for_each(|opening| opening.folded = true);
        let has_devices = openings.iter().any(|opening| opening.kind == "device");
        let folded = openings.len().saturating_sub(SHOWN);
        let (found, scopes) = (String::new(), Vec::new());
        Self { here: "devices", form, found, scopes, openings, folded, has_devices }
    }
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
            used: true,
            current: false,
            trusted: kind == "known_browser",
            folded: false,
        };
        let own = || OpeningView { current: true, ..opening(1, "session", "pages", "Firefox on Linux") };
        let device = |id: i64, name: &str| opening(id, "device", "mirror", name);
        let form = |code: &str| DeviceForm { code: typed(code) };
        let page = |code: &str, devices: &[&str]| {
            let devices = (2..).zip(devices).map(|(id, name)| device(id, name));
            Self::new(form(code), std::iter::once(own()).chain(devices).collect())
        };
        let every = vec![
            own(),
            OpeningView { current: true, ..opening(1, "known_browser", "pages", "Firefox on Linux") },
            OpeningView { place: String::new(), ..opening(2, "session", "pages", "Safari on iPhone") },
            opening(3, "bearer", "fastsite", "Chrome on Android"),
            device(4, "magic-mirror-desktop"),
            opening(0, "user_secret", "amadis", "curl on Linux"),
            opening(7, "app_password", "mirror", "Telephone"),
            opening(5, "link", "pages", &words.sentence("opening-link-recovery")),
            opening(6, "redirection", "siberian", &words.sentence("session-unknown-device")),
        ];
        let every = Self::new(form(""), every);
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
            Sample::of("of an application", Self { scopes: scopes(words), ..found("Shop") }),
            Sample::of(
                "of an application, hostile",
                Self {
                    scopes: vec![ScopeView { word: "profile", label: HOSTILE.to_owned() }],
                    ..found(HOSTILE)
                },
            ),
            Sample::of("errors everywhere", wrong).refused(),
            Sample::of("hostile", hostile),
            Sample::of("long", page(&long("GHT2QA"), &[&"W".repeat(60)])),
            Sample::of("too many tries", page("GHT2QA", &[]))
                .with_alert(words.counted("throttled_minutes", "minutes", 15).at("pair")),
            Sample::of("sent from another account's page", page("", &[]))
                .with_alert(words.alert("other_account")),
            noticed("device_paired"),
            noticed("device_permitted"),
            noticed("device_denied"),
            noticed("device_removed"),
            noticed("opening_ended"),
            noticed("openings_ended"),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Ada Lovelace")).collect()
    }
}
