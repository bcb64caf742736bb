//! One account, for the operator's staff.

use serde::Serialize;
use utoipa::ToSchema;

use super::admin_accounts::{AccountRowView, row};
use super::admin_audit::{AuditEventView, audit_event};
use super::devices::OpeningView;
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::TimeView;
use domain::Millis;

/// Everything about an account but its secrets.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdminAccountPage {
    /// Which page of the administration it belongs to: `accounts`.
    pub here: &'static str,
    /// The account.
    pub account: AccountRowView,
    /// What it is: role, language, when it was made and changed, when its owner last signed in.
    pub facts: Vec<FactView>,
    /// The operator's fields.
    pub fields: Vec<FactView>,
    /// By what its owner proves who they are, with how many of each.
    pub factors: Vec<FactView>,
    /// What opens it: sessions, programs, devices.
    pub openings: Vec<OpeningView>,
    /// The last things that happened to it, the newest first.
    pub events: Vec<AuditEventView>,
    /// Mail to it that waits, was set aside, or has left the outbox in the last 30 days, the newest first.
    pub mails: Vec<MailView>,
    /// What can be done to it.
    pub actions: Vec<ActionView>,
}

impl Page for AdminAccountPage {
    const TEMPLATE: &'static str = "pages/admin_account.html";
}

/// A fact, as a line of a list.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct FactView {
    /// What it is, in the language of the page.
    pub label: String,
    /// The value, in the language of the page; a time in UTC.
    pub value: String,
    /// For `datetime="…"`, where the value is a time; else empty.
    pub iso: String,
}

impl FactView {
    /// A text.
    pub fn text(label: String, value: impl Into<String>) -> Self {
        Self { label, value: value.into(), iso: String::new() }
    }

    /// A time.
    pub fn time(label: String, at: TimeView) -> Self {
        Self { label, value: at.text, iso: at.iso }
    }
}

/// A message of the outbox, or one that was sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MailView {
    /// Its number.
    pub id: i64,
    /// The word of its kind, such as `verification`.
    pub kind: String,
    /// To whom it goes or went.
    pub recipient: String,
    /// When it was written.
    pub written_at: TimeView,
    /// `waiting`, `sending`, `failed`, `sent`, `held_back` (the mailbox had its messages of the hour) or
    /// `withdrawn` (it was set aside, and its link was made void).
    pub state: &'static str,
    /// The same in the language of the page.
    pub state_text: String,
    /// When it is tried again, or when it was sent, set aside or held back.
    pub at: TimeView,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try failed, in the mail server's words; may be empty.
    pub failure: String,
}

/// A message as most are.
pub(super) fn mail(words: Words<'_>, id: i64, state: &'static str, failure: &str) -> MailView {
    let at = TimeView::minute(Millis(1_717_200_000_000), words.dates());
    MailView {
        id,
        kind: "verification".to_owned(),
        recipient: "ada@example.org".to_owned(),
        written_at: at.clone(),
        state,
        state_text: words.sentence(&format!("mail-{}", state.replace('_', "-"))),
        at,
        attempts: 2,
        failure: failure.to_owned(),
    }
}

/// Something that can be done to an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActionView {
    /// The end of the address of its page, such as `set-role`.
    pub word: &'static str,
    /// What it is called, in the language of the page.
    pub label: String,
}

impl PageSamples for AdminAccountPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let at = TimeView::minute(Millis(1_717_200_000_000), words.dates());
        let fact = |key: &str, value: &str| FactView::text(words.sentence(key), value);
        let actions = [
            ("set-role", "admin-set-role"),
            ("disable", "admin-disable"),
            ("reset-link", "admin-reset-link"),
            ("delete", "admin-delete"),
        ];
        let opening = OpeningView {
            kind: "session",
            id: 1,
            door: "pages".to_owned(),
            name: "Firefox on Linux".to_owned(),
            what: words.sentence("opening-session"),
            place: "203.0.113.0/24".to_owned(),
            created_at: at.clone(),
            seen_at: at.clone(),
            used: true,
            current: false,
            trusted: false,
            folded: false,
        };
        let page = || Self {
            here: "accounts",
            account: row(words, 4, "Ada Lovelace", "proven"),
            facts: vec![
                fact("admin-fact-role", "member"),
                FactView::time(words.sentence("admin-fact-created"), at.clone()),
            ],
            fields: vec![FactView::text("City".to_owned(), "London")],
            factors: vec![fact("admin-fact-passkeys", "2")],
            openings: vec![opening.clone()],
            events: vec![audit_event(words, 9)],
            mails: vec![
                mail(words, 3, "waiting", "451 try again later"),
                mail(words, 2, "sending", ""),
                mail(words, 1, "failed", "550 no such user"),
                mail(words, 1, "sent", ""),
                mail(words, 1, "held_back", ""),
                mail(words, 1, "withdrawn", "550 no such user"),
            ],
            actions: actions
                .iter()
                .map(|(word, key)| ActionView { word, label: words.sentence(key) })
                .collect(),
        };
        let bare = Self {
            facts: Vec::new(),
            fields: Vec::new(),
            factors: Vec::new(),
            openings: Vec::new(),
            events: Vec::new(),
            mails: Vec::new(),
            ..page()
        };
        let hostile = Self {
            account: AccountRowView {
                email: HOSTILE.to_owned(),
                username: HOSTILE.to_owned(),
                name: HOSTILE.to_owned(),
                role: HOSTILE.to_owned(),
                ..row(words, 1, "Eve", "locked")
            },
            facts: vec![FactView::text(HOSTILE.to_owned(), HOSTILE)],
            fields: vec![FactView::text(HOSTILE.to_owned(), HOSTILE)],
            openings: vec![OpeningView { name: HOSTILE.to_owned(), ..opening.clone() }],
            mails: vec![MailView { recipient: HOSTILE.to_owned(), ..mail(words, 1, "failed", HOSTILE) }],
            ..page()
        };
        let lengthy = Self {
            account: AccountRowView {
                email: long("ada"),
                name: long("Ada "),
                ..row(words, 1, "Ada", "proven")
            },
            fields: vec![FactView::text(long("City"), long("London"))],
            ..page()
        };
        let samples = vec![
            Sample::of("ordinary", page()),
            Sample::of("just changed", page()).with_notice(words.notice("admin_done")),
            Sample::of("as it was", page()).with_notice(words.notice("admin_unchanged")),
            Sample::of("nothing", bare),
            Sample::of("hostile", hostile),
            Sample::of("long", lengthy),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Grace Hopper").administering()).collect()
    }
}
