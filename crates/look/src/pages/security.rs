//! Security: what proves that somebody is the account's owner.

use serde::Serialize;
use utoipa::ToSchema;

use super::passkeys::PasskeysView;
use super::profile::{AccountView, PasswordForm, ProfileForms, account};
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::SecretView;
use domain::FieldCode;

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
    /// Whether the account has a password.
    pub has_password: bool,
    /// The passkeys of the account.
    pub passkeys: PasskeysView,
}

impl Page for SecurityPage {
    const TEMPLATE: &'static str = "pages/security.html";
    const PANELS: &'static [&'static str] = &["password", "passkeys"];
}

impl PageSamples for SecurityPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str, name: &str| {
            let mut account = account(words, "ada", name);
            email.clone_into(&mut account.email);
            let (forms, passkeys) = (ProfileForms::default(), PasskeysView::sample(words, &[]));
            Self { here: "security", account, forms, password_min: 8, has_password: true, passkeys }
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
        let passkeys = |names: &[&str]| Self { passkeys: PasskeysView::sample(words, names), ..ada() };
        let both = || words.counted("fix_the_fields", "count", 2).at("password");
        let noticed = |code: &str| {
            show(&format!("notice {code}"), passkeys(&["Bitwarden"])).with_notice(words.notice(code))
        };
        vec![
            show("ordinary", ada()),
            show("address to be proven", ada()).unverified(),
            show("new password refused", refused(SecretView::default(), wrong(), ada())).refused(),
            show("errors everywhere", refused(wrong(), wrong(), ada())).with_alert(both()),
            show("hostile", refused(wrong(), wrong(), page(HOSTILE, HOSTILE))).with_alert(both()),
            show("long", page(&long("ada@example.org"), &long("Adalovelace"))),
            show("passkeys", passkeys(&["Bitwarden", "Firefox · Linux", ""])),
            show("passkeys, hostile", passkeys(&[HOSTILE])),
            show("passkeys, long", passkeys(&[&"W".repeat(60), &long("Ключ")])),
            show("no passkeys here", Self { passkeys: PasskeysView::default(), ..ada() }),
            show("no password", Self { has_password: false, ..passkeys(&["Bitwarden"]) }),
            show("name refused", {
                let mut page = passkeys(&["Bitwarden", "YubiKey"]);
                if let Some(second) = page.passkeys.list.last_mut() {
                    second.form = words.wrong(HOSTILE);
                }
                page
            })
            .refused(),
            show("last passkey", Self { has_password: false, ..passkeys(&["Bitwarden"]) })
                .with_alert(words.refused(&FieldCode::PasskeyLast).at("passkeys")),
            show("too many tries", ada())
                .with_alert(words.counted("throttled", "seconds", 90).at("password")),
            show("too much to do", ada()).with_alert(words.alert("busy").at("password")),
            show("sent from another account's page", ada()).with_alert(words.alert("other_account")),
            show("notice password_changed", ada()).with_notice(words.notice("password_changed")),
            noticed("passkey_added"),
            noticed("passkey_renamed"),
            noticed("passkey_removed"),
            noticed("password_removed"),
        ]
    }
}
