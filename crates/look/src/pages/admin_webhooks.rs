//! Messages to the operator's sites, for administrators.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::TimeView;
use domain::Millis;

/// Messages that wait, and messages that were set aside.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdminWebhooksPage {
    /// Which page of the administration it is: `webhooks`.
    pub here: &'static str,
    /// Whether only what was set aside is listed.
    pub failed: bool,
    /// The messages, the oldest first.
    pub deliveries: Vec<DeliveryView>,
    /// The query of the page that goes on; empty if this is the last one.
    pub next: String,
    /// Whether this is not the first page.
    pub later: bool,
}

impl Page for AdminWebhooksPage {
    const TEMPLATE: &'static str = "pages/admin_webhooks.html";
    const PANELS: &'static [&'static str] = &["deliveries"];
}

/// A message to a site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Its number.
    pub id: i64,
    /// The name of the webhook in the settings.
    pub webhook: String,
    /// The type of its event, such as `account.created`.
    pub event: String,
    /// The number of the account that it is about.
    pub account: i64,
    /// When it was written.
    pub written_at: TimeView,
    /// `waiting`, `sending` or `failed`.
    pub state: &'static str,
    /// The same in the language of the page.
    pub state_text: String,
    /// When it is tried again, or was set aside.
    pub at: TimeView,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try failed; may be empty.
    pub failure: String,
}

impl PageSamples for AdminWebhooksPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let at = TimeView::minute(Millis(1_717_200_000_000), words.dates());
        let delivery = |id, state: &'static str, failure: &str| DeliveryView {
            id,
            webhook: "shop".to_owned(),
            event: "account.created".to_owned(),
            account: 4,
            written_at: at.clone(),
            state,
            state_text: words.sentence(&format!("mail-{state}")),
            at: at.clone(),
            attempts: 2,
            failure: failure.to_owned(),
        };
        let page = |deliveries| Self {
            here: "webhooks",
            failed: false,
            deliveries,
            next: String::new(),
            later: false,
        };
        let several = || {
            vec![
                delivery(1, "failed", "the site answers 500"),
                delivery(2, "waiting", ""),
                delivery(3, "sending", ""),
            ]
        };
        let hostile = DeliveryView {
            webhook: HOSTILE.to_owned(),
            event: HOSTILE.to_owned(),
            ..delivery(1, "failed", HOSTILE)
        };
        let samples = vec![
            Sample::of("several", page(several())),
            Sample::of("nothing", page(Vec::new())),
            Sample::of("set aside", Self { failed: true, ..page(several()) }),
            Sample::of("just tried again", page(several()))
                .with_notice(words.notice("admin_webhook_retried")),
            Sample::of("in the middle", Self { next: "?after=3".to_owned(), later: true, ..page(several()) }),
            Sample::of("hostile", page(vec![hostile])),
            Sample::of("long", page(vec![delivery(1, "failed", &long("no "))])),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Grace Hopper").administering()).collect()
    }
}
