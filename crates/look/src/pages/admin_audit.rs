//! The audit log, for the operator's staff.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::{ChoiceView, FieldView, OptionView, TimeView};
use domain::Millis;

/// What happened, to whom, by whom and from where, the newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdminAuditPage {
    /// Which page of the administration it is: `audit`.
    pub here: &'static str,
    /// Which events are looked for.
    pub form: AuditForm,
    /// The events.
    pub events: Vec<AuditEventView>,
    /// The query of the page with older events; empty if there are none.
    pub next: String,
    /// Whether this is not the first page.
    pub later: bool,
    /// How many days an event is kept.
    pub days: u64,
}

impl Page for AdminAuditPage {
    const TEMPLATE: &'static str = "pages/admin_audit.html";
}

/// The form that narrows the log.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct AuditForm {
    /// `account`: to whom: a number, an address or a username.
    pub account: FieldView,
    /// `actor`: who did it, by the word of the kind.
    pub actor: ChoiceView,
    /// `kind`: what happened, by the word of the kind.
    pub kind: ChoiceView,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditEventView {
    /// Its number.
    pub id: i64,
    /// The word of its kind, such as `signed_in`.
    pub kind: String,
    /// What happened, in the language of the page.
    pub what: String,
    /// Who did it, in the language of the page.
    pub by: String,
    /// The number of the account that did it; 0 if none did.
    pub by_account: i64,
    /// The number of the account to which it was done; 0 if it was none.
    pub account: i64,
    /// The name of what is no account, such as an API key; may be empty.
    pub target: String,
    /// More about it, such as `1 to 2` for a role, where the sentence does not say it; may be empty.
    pub detail: String,
    /// Whether it was refused, where its kind does not say so.
    pub refused: bool,
    /// By what it was proven, in the language of the page; may be empty.
    pub factors: String,
    /// Browser or app; may be empty.
    pub browser: String,
    /// The network of whoever asked; may be empty.
    pub place: String,
    /// What whoever did it gave as a reason; may be empty.
    pub reason: String,
    /// When it happened.
    pub at: TimeView,
}

/// An event with everything that one can have.
pub(super) fn audit_event(words: Words<'_>, id: i64) -> AuditEventView {
    AuditEventView {
        id,
        kind: "locked".to_owned(),
        what: words.sentence("event-locked"),
        by: words.sentence("actor-staff"),
        by_account: 1,
        account: 4,
        target: String::new(),
        detail: "1 to 2".to_owned(),
        refused: false,
        factors: String::new(),
        browser: "Firefox on Linux".to_owned(),
        place: "203.0.113.0/24".to_owned(),
        reason: "spam".to_owned(),
        at: TimeView::minute(Millis(1_717_200_000_000), words.dates()),
    }
}

impl PageSamples for AdminAuditPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let option =
            |value: &str, label: String| OptionView { value: value.to_owned(), label, selected: false };
        let form = || AuditForm {
            account: FieldView::default(),
            actor: ChoiceView {
                options: vec![
                    option("", words.sentence("audit-anybody")),
                    option("staff", words.sentence("actor-staff")),
                ],
                ..ChoiceView::default()
            },
            kind: ChoiceView {
                options: vec![option("", words.sentence("audit-anything"))],
                ..ChoiceView::default()
            },
        };
        let page = |events| Self {
            here: "audit",
            form: form(),
            events,
            next: String::new(),
            later: false,
            days: 365,
        };
        let about_a_key = AuditEventView {
            by_account: 0,
            account: 0,
            target: "shop".to_owned(),
            browser: String::new(),
            place: String::new(),
            reason: String::new(),
            ..audit_event(words, 8)
        };
        let refused = AuditEventView {
            refused: true,
            factors: words.sentence("factor-password"),
            ..audit_event(words, 7)
        };
        let several = || vec![audit_event(words, 9), about_a_key.clone(), refused.clone()];
        let hostile = AuditEventView {
            what: HOSTILE.to_owned(),
            by: HOSTILE.to_owned(),
            target: HOSTILE.to_owned(),
            detail: HOSTILE.to_owned(),
            browser: HOSTILE.to_owned(),
            place: HOSTILE.to_owned(),
            reason: HOSTILE.to_owned(),
            ..audit_event(words, 1)
        };
        let wrong = AuditForm { account: words.wrong(HOSTILE), ..form() };
        let samples = vec![
            Sample::of("several", page(several())),
            Sample::of("nothing", page(Vec::new())),
            Sample::of(
                "in the middle",
                Self { next: "?before=7".to_owned(), later: true, ..page(several()) },
            ),
            Sample::of("nobody has this name", Self { form: wrong, ..page(Vec::new()) }).refused(),
            Sample::of("hostile", page(vec![hostile])),
            Sample::of("long", page(vec![AuditEventView { reason: long("spam "), ..audit_event(words, 1) }])),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Grace Hopper").administering()).collect()
    }
}
