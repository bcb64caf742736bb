//! The file with what the account has, for its owner to take along.

use serde::Serialize;
use utoipa::ToSchema;

use super::security::ADA;
use crate::Page;
use crate::samples::{PageSamples, Sample, Words};
use crate::values::TimeView;
use domain::Millis;

/// The owner of an account asks for a file with what it has, and fetches it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DataPage {
    /// Which page of the account it is: `security`.
    pub here: &'static str,
    /// `none` before anybody asked, `making` while the file is made, `ready` while it can be fetched,
    /// `failed` if it could not be made.
    pub state: &'static str,
    /// When it was asked for; empty if it was not.
    pub asked_at: TimeView,
    /// Until when it can be fetched; empty where it cannot.
    pub until: TimeView,
    /// How large it is, in the language of the page; empty where there is none.
    pub size: String,
    /// Whether another one can be asked for now.
    pub may_ask: bool,
    /// From when it can; empty where it can now.
    pub again_at: TimeView,
    /// Whether a message says when it is there: one goes to an address that was proven.
    pub mailed: bool,
    /// How many days it is kept.
    pub days: u64,
}

impl Page for DataPage {
    const TEMPLATE: &'static str = "pages/data.html";
    const PANELS: &'static [&'static str] = &["data"];
}

impl PageSamples for DataPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let at = |days: i64| TimeView::minute(Millis(1_717_200_000_000 + days * 86_400_000), words.dates());
        let none = || Self {
            here: "security",
            state: "none",
            asked_at: TimeView::default(),
            until: TimeView::default(),
            size: String::new(),
            may_ask: true,
            again_at: TimeView::default(),
            mailed: true,
            days: 7,
        };
        let making = || Self { state: "making", asked_at: at(0), may_ask: false, again_at: at(1), ..none() };
        let ready = || Self {
            state: "ready",
            asked_at: at(0),
            until: at(7),
            size: words.renderer.counted(words.locale, "data-size-kilobytes", "size", 37),
            may_ask: false,
            again_at: at(1),
            ..none()
        };
        let failed = || Self { state: "failed", asked_at: at(0), ..none() };
        let samples = vec![
            Sample::of("nothing asked", none()),
            Sample::of("nothing asked, address not proven", Self { mailed: false, ..none() }),
            Sample::of("being made", making()),
            Sample::of("being made, address not proven", Self { mailed: false, ..making() }),
            Sample::of("notice data_asked", making()).with_notice(words.notice("data_asked")),
            Sample::of("ready", ready()),
            Sample::of(
                "ready, another may be asked for",
                Self { may_ask: true, again_at: TimeView::default(), ..ready() },
            ),
            Sample::of("not made", failed()),
            Sample::of("asked too soon", ready()).with_alert(words.alert("data_asked_lately").at("data")),
            Sample::of("too many tries", none())
                .with_alert(words.counted("throttled", "seconds", 90).at("data")),
            Sample::of("too much to do", none()).with_alert(words.alert("busy").at("data")),
        ];
        samples.into_iter().map(|sample| sample.seen_by(ADA)).collect()
    }
}
