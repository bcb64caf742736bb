//! Paired devices, and the form that pairs another one.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::{FieldView, TimeView};
use domain::Millis;

/// Paired devices, and the code of the next.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevicesPage {
    /// The form.
    pub form: DeviceForm,
    /// The devices, newest first.
    pub devices: Vec<DeviceView>,
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

/// A paired device.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeviceView {
    /// Number of the device, for removing it.
    pub id: i64,
    /// Name; never empty.
    pub name: String,
    /// When it was paired.
    pub paired_at: TimeView,
    /// When it was last used.
    pub seen_at: TimeView,
}

impl PageSamples for DevicesPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let device = |id: i64, name: &str| DeviceView {
            id,
            name: name.to_owned(),
            paired_at: TimeView::day(Millis(1_717_100_000_000), words.dates()),
            seen_at: TimeView::minute(Millis(1_717_200_000_000), words.dates()),
        };
        let page = |code: &str, devices: &[&str]| Self {
            form: DeviceForm { code: typed(code) },
            devices: (1..).zip(devices).map(|(id, name)| device(id, name)).collect(),
        };
        let wrong = Self { form: DeviceForm { code: words.wrong(HOSTILE) }, ..page("", &["hall"]) };
        let noticed = |code: &str| {
            Sample::of(format!("notice {code}"), page("", &["magic-mirror-desktop"]))
                .with_notice(words.notice(code))
        };
        let samples = vec![
            Sample::of("no devices", page("", &[])),
            Sample::of("two devices", page("", &["magic-mirror-desktop", "Зеркало в прихожей"])),
            Sample::of("many devices", page("", &["mirror"; 100])),
            Sample::of("errors everywhere", wrong).with_alert(words.counted("fix_the_fields", "count", 1)),
            Sample::of("hostile", page(HOSTILE, &[HOSTILE])),
            Sample::of("long", page(&long("GHT2QA"), &[&"W".repeat(60)])),
            Sample::of("too many tries", page("GHT2QA", &[])).with_alert(words.counted(
                "throttled_minutes",
                "minutes",
                15,
            )),
            noticed("device_paired"),
            noticed("device_removed"),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Ada Lovelace")).collect()
    }
}
