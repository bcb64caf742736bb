//! API keys, for the operator's staff.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::Problem;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::{FieldView, OptionView, TimeView};
use domain::Millis;

/// The API keys, and the form that makes another.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdminKeysPage {
    /// Which page of the administration it is: `keys`.
    pub here: &'static str,
    /// The form.
    pub form: KeyForm,
    /// The keys, the oldest first.
    pub keys: Vec<KeyView>,
    /// The secret of the key that was just made, which no other page shows; else empty.
    pub made: String,
}

impl Page for AdminKeysPage {
    const TEMPLATE: &'static str = "pages/admin_keys.html";
    const PANELS: &'static [&'static str] = &["make", "keys"];
}

/// The form that makes a key.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct KeyForm {
    /// `name`
    pub name: FieldView,
    /// What the key may do: a box each, called `scope.` and the value.
    pub scopes: Vec<OptionView>,
    /// What is wrong with the chosen scopes.
    pub scope_errors: Vec<Problem>,
    /// The roles that it may give: a box each, called `role.` and the value.
    pub roles: Vec<OptionView>,
    /// `days`: after how many days it expires; empty: never.
    pub days: FieldView,
}

/// An API key.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// Its name.
    pub name: String,
    /// What it may do, in words of its own with commas between.
    pub scopes: String,
    /// The names of the roles that it may give.
    pub roles: String,
    /// When it was made.
    pub created_at: TimeView,
    /// Whether it was ever used.
    pub used: bool,
    /// When it was last used.
    pub used_at: TimeView,
    /// Whether it expires.
    pub expires: bool,
    /// When it expires.
    pub expires_at: TimeView,
    /// `live`, `expired` or `revoked`.
    pub state: &'static str,
    /// The same in the language of the page.
    pub state_text: String,
}

impl PageSamples for AdminKeysPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let at = TimeView::day(Millis(1_717_200_000_000), words.dates());
        let option =
            |value: &str, selected| OptionView { value: value.to_owned(), label: value.to_owned(), selected };
        let form = |name: FieldView| KeyForm {
            name,
            scopes: vec![option("accounts:read", true), option("accounts:write", false)],
            scope_errors: Vec::new(),
            roles: vec![option("1", true), option("2", false)],
            days: FieldView::default(),
        };
        let key = |name: &str, state: &'static str, used| KeyView {
            name: name.to_owned(),
            scopes: "accounts:read, accounts:write".to_owned(),
            roles: "member, editor".to_owned(),
            created_at: at.clone(),
            used,
            used_at: at.clone(),
            expires: !used,
            expires_at: at.clone(),
            state,
            state_text: words.sentence(&format!("key-{state}")),
        };
        let page = |keys| Self { here: "keys", form: form(FieldView::default()), keys, made: String::new() };
        let several =
            || vec![key("shop", "live", true), key("wiki", "expired", false), key("old", "revoked", false)];
        let no_scope = KeyForm { scope_errors: words.wrong("").errors, ..form(FieldView::default()) };
        let no_number = KeyForm { days: words.wrong(HOSTILE), ..form(FieldView::default()) };
        let samples = vec![
            Sample::of("several", page(several())),
            Sample::of("nothing", page(Vec::new())),
            Sample::of("just made", Self { made: "WKQ72MHD9TXA4RCEP8VN6JBY".to_owned(), ..page(several()) }),
            Sample::of("just revoked", page(several())).with_notice(words.notice("admin_key_revoked")),
            Sample::of("name refused", Self { form: form(words.wrong(HOSTILE)), ..page(several()) })
                .refused(),
            Sample::of("no scope", Self { form: no_scope, ..page(several()) }).refused(),
            Sample::of("days refused", Self { form: no_number, ..page(several()) }).refused(),
            Sample::of("name taken", page(several())).with_alert(words.alert("admin_key_name_taken")),
            Sample::of("hostile", page(vec![key(HOSTILE, "live", true)])),
            Sample::of("long", page(vec![key(&long("shop"), "live", true)])),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Grace Hopper").administering()).collect()
    }
}
