//! What the operator's staff do to an account, asked once more.

use serde::Serialize;
use utoipa::ToSchema;

use super::admin_accounts::{AccountRowView, row};
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::{ChoiceView, FieldView, OptionView};

/// Says what an action does to an account, and asks for what it needs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdminActionPage {
    /// Which page of the administration it belongs to: `accounts`.
    pub here: &'static str,
    /// The account.
    pub account: AccountRowView,
    /// The end of the address that the form is sent to, such as `set-role`.
    pub action: &'static str,
    /// What the action is called, in the language of the page.
    pub title: String,
    /// What it does, in the language of the page.
    pub about: String,
    /// What it asks for besides a reason: `role`, `username`, `email`, or nothing.
    pub asks: &'static str,
    /// The form.
    pub form: AdminActionForm,
}

impl Page for AdminActionPage {
    const TEMPLATE: &'static str = "pages/admin_action.html";
}

/// The form of an action.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct AdminActionForm {
    /// `role_id`
    pub role: ChoiceView,
    /// `username`
    pub username: FieldView,
    /// `email`
    pub email: FieldView,
    /// `reason`: for the audit log.
    pub reason: FieldView,
}

/// The roles of a fresh database.
pub(super) fn roles(chosen: &str) -> ChoiceView {
    let option = |(value, label): (&str, &str)| OptionView {
        value: value.to_owned(),
        label: label.to_owned(),
        selected: value == chosen,
    };
    let options = [("1", "member"), ("2", "editor"), ("3", "administrator")].map(option);
    ChoiceView { value: chosen.to_owned(), options: options.to_vec(), errors: Vec::new() }
}

impl PageSamples for AdminActionPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |action: &'static str, asks: &'static str| Self {
            here: "accounts",
            account: row(words, 4, "Ada Lovelace", "proven"),
            action,
            title: words.sentence(&format!("admin-{action}")),
            about: words.renderer.counted(words.locale, &format!("admin-{action}-about"), "days", 14),
            asks,
            form: AdminActionForm { role: roles("1"), ..AdminActionForm::default() },
        };
        let wrong = |value: &str| AdminActionForm {
            role: ChoiceView { errors: words.wrong("").errors, ..roles("9") },
            username: words.wrong(value),
            email: words.wrong(value),
            reason: FieldView { value: value.to_owned(), errors: Vec::new() },
        };
        let mut samples: Vec<Sample<Self>> = [
            ("set-role", "role"),
            ("rename", "username"),
            ("set-address", "email"),
            ("disable", ""),
            ("delete", ""),
        ]
        .map(|(action, asks)| Sample::of(action, page(action, asks)))
        .into();
        samples
            .push(Sample::of("role refused", Self { form: wrong(""), ..page("set-role", "role") }).refused());
        samples.push(
            Sample::of("username refused", Self { form: wrong("a b"), ..page("rename", "username") })
                .refused(),
        );
        samples.push(
            Sample::of("address refused", Self { form: wrong(HOSTILE), ..page("set-address", "email") })
                .refused(),
        );
        for code in ["admin_own_account", "admin_last_administrator", "admin_deleted"] {
            samples.push(Sample::of(code, page("delete", "")).with_alert(words.alert(code)));
        }
        let account = AccountRowView { name: long("Ada "), ..row(words, 4, "Ada", "proven") };
        samples.push(Sample::of("long", Self { account, ..page("disable", "") }));
        samples.into_iter().map(|sample| sample.seen_by("Grace Hopper").administering()).collect()
    }
}
