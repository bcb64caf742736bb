//! Security: what proves that somebody is the account's owner.

use serde::Serialize;
use utoipa::ToSchema;

use super::profile::{AccountView, PasswordForm, ProfileForms, account};
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::SecretView;

/// Security: the password of the account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SecurityPage {
    /// Which page of the account it is: `security`.
    pub here: &'static str,
    /// The account.
    pub account: AccountView,
    /// The forms of the account's pages. This page has that of the password.
    pub forms: ProfileForms,
    /// Fewest characters of a password.
    pub password_min: usize,
}

impl Page for SecurityPage {
    const TEMPLATE: &'static str = "pages/security.html";
    const PANELS: &'static [&'static str] = &["password"];
}

impl PageSamples for SecurityPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str, name: &str| {
            let mut account = account(words, "ada", name);
            email.clone_into(&mut account.email);
            Self { here: "security", account, forms: ProfileForms::default(), password_min: 8 }
        };
        let ada = || page("ada@example.org", "Ada Lovelace");
        let show = |state: &str, page: Self| {
            let viewer = page.account.display_name.clone();
            Sample::of(state, page).seen_by(&viewer)
        };
        let refused = |current: SecretView, new: SecretView, page: Self| {
            let password = PasswordForm { apassword: current, npassword: new };
            Self { forms: ProfileForms { password, ..ProfileForms::default() }, ..page }
        };
        let wrong = || words.wrong_secret();
        let both = || words.counted("fix_the_fields", "count", 2).at("password");
        vec![
            show("ordinary", ada()),
            show("address to be proven", ada()).unverified(),
            show("new password refused", refused(SecretView::default(), wrong(), ada())).refused(),
            show("errors everywhere", refused(wrong(), wrong(), ada())).with_alert(both()),
            show("hostile", refused(wrong(), wrong(), page(HOSTILE, HOSTILE))).with_alert(both()),
            show("long", page(&long("ada@example.org"), &long("Adalovelace"))),
            show("too many tries", ada())
                .with_alert(words.counted("throttled", "seconds", 90).at("password")),
            show("too much to do", ada()).with_alert(words.alert("busy").at("password")),
            show("sent from another account's page", ada()).with_alert(words.alert("other_account")),
            show("notice password_changed", ada()).with_notice(words.notice("password_changed")),
        ]
    }
}
