//! Who was invited, and the form that invites more, for the operator's staff.

use serde::Serialize;
use utoipa::ToSchema;

use super::admin_accounts::{AccountRowView, row};
use super::admin_action::roles;
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::{ChoiceView, FieldView};

/// Accounts whose owners have not accepted their invitation yet, and the form that invites more people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdminInvitationsPage {
    /// Which page of the administration it is: `invitations`.
    pub here: &'static str,
    /// The form.
    pub form: InvitationForm,
    /// Who has not come yet, the newest first.
    pub accounts: Vec<AccountRowView>,
    /// The query of the page that goes on; empty if this is the last one.
    pub next: String,
    /// Whether this is not the first page.
    pub later: bool,
}

impl Page for AdminInvitationsPage {
    const TEMPLATE: &'static str = "pages/admin_invitations.html";
    const PANELS: &'static [&'static str] = &["invite", "invited"];
}

/// The form that invites people.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct InvitationForm {
    /// `addresses`: with spaces, commas or line ends between them.
    pub addresses: FieldView,
    /// `role_id`
    pub role: ChoiceView,
}

impl PageSamples for AdminInvitationsPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |accounts| Self {
            here: "invitations",
            form: InvitationForm { addresses: FieldView::default(), role: roles("1") },
            accounts,
            next: String::new(),
            later: false,
        };
        let several = || vec![row(words, 8, "Ada Lovelace", "unproven"), row(words, 7, "Eve", "unproven")];
        let refused = InvitationForm { addresses: words.wrong(HOSTILE), role: roles("1") };
        let hostile = AccountRowView { email: HOSTILE.to_owned(), ..row(words, 1, "Eve", "unproven") };
        let samples = vec![
            Sample::of("several", page(several())),
            Sample::of("nobody", page(Vec::new())),
            Sample::of("just invited", page(several())).with_notice(words.notice("admin_invited")),
            Sample::of("some have accounts", page(several())).with_notice(words.notice("admin_invited_some")),
            Sample::of("all have accounts", page(several()))
                .with_notice(words.notice("admin_invited_nobody")),
            Sample::of(
                "in the middle",
                Self { next: "?before=7".to_owned(), later: true, ..page(several()) },
            ),
            Sample::of("refused", Self { form: refused, ..page(Vec::new()) }).refused(),
            Sample::of("hostile", page(vec![hostile])),
            Sample::of(
                "long",
                page(vec![AccountRowView { email: long("ada"), ..row(words, 1, "Ada", "unproven") }]),
            ),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Grace Hopper").administering()).collect()
    }
}
