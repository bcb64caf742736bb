//! Security: what proves that somebody is the account's owner.

use serde::Serialize;
use utoipa::ToSchema;

use super::authorization::{ApplicationView, scopes};
use super::passkeys::PasskeysView;
use super::profile::{AccountView, PasswordForm, ProfileForms, account};
use super::{ChoiceView, OptionView, ProviderStateView};
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::{FieldView, SecretView, TimeView};
use domain::{FieldCode, Millis};

/// Security: the password of the account, its authenticator app and its recovery codes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SecurityPage {
    /// Which page of the account it is: `security`.
    pub here: &'static str,
    /// The account.
    pub account: AccountView,
    /// The forms of the account's pages. This page has that of the password.
    pub forms: ProfileForms,
    /// The authenticator app and the recovery codes.
    pub factors: SecondFactorsView,
    /// Fewest characters of a password.
    pub password_min: usize,
    /// Whether the account has a password.
    pub has_password: bool,
    /// The passkeys of the account.
    pub passkeys: PasskeysView,
    /// Passwords that were made for one program each.
    pub app_passwords: AppPasswordsView,
    /// Clients of OpenID Connect that may know who the account's owner is.
    pub applications: Vec<ApplicationView>,
    /// Other providers, with the accounts there that sign in. Empty where there is none.
    pub providers: Vec<ProviderStateView>,
    /// Whether the account's owner can delete it, or ask for that.
    pub deletion_offered: bool,
}

/// Passwords that were made for one program each, and the form that makes another.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct AppPasswordsView {
    /// Whether the account may have any: it wants a second factor.
    pub offered: bool,
    /// The form.
    pub form: AppPasswordForm,
    /// Those that were made, the newest first.
    pub made: Vec<AppPasswordView>,
}

/// The form that makes an app password.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct AppPasswordForm {
    /// `name`
    pub name: FieldView,
    /// `dialect`
    pub dialect: ChoiceView,
}

/// A password that was made for one program.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AppPasswordView {
    /// Its number, by which a form revokes it.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// The API that it is for: `fastsite`, `mirror` or `amadis`.
    pub dialect: String,
    /// What that API is for, in the language of the page.
    pub label: String,
    /// The network that it was last used from; may be empty.
    pub place: String,
    /// When it was made.
    pub created_at: TimeView,
    /// Whether it was used.
    pub used: bool,
    /// When it was last used; when it was made, if it was not.
    pub seen_at: TimeView,
}

/// The second factors of the account, apart from passkeys.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct SecondFactorsView {
    /// Whether signing in takes a second factor: then there are recovery codes.
    pub wanted: bool,
    /// Whether an authenticator app is set up.
    pub totp: bool,
    /// Since when; empty without one.
    pub totp_since: TimeView,
    /// How many recovery codes are left.
    pub codes_left: u64,
    /// Whether these are so few that it is time for new ones.
    pub codes_few: bool,
}

/// Whose account the samples show.
pub(super) const ADA: &str = "Ada Lovelace";

impl Page for SecurityPage {
    const TEMPLATE: &'static str = "pages/security.html";
    const PANELS: &'static [&'static str] =
        &["password", "passkeys", "totp", "providers", "app-passwords", "applications"];
}

impl PageSamples for SecurityPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str, name: &str| {
            let mut account = account(words, "ada", name);
            email.clone_into(&mut account.email);
            let (forms, passkeys) = (ProfileForms::default(), PasskeysView::sample(words, &[]));
            let factors = SecondFactorsView::default();
            let app_passwords = AppPasswordsView::default();
            Self {
                here: "security",
                account,
                forms,
                factors,
                password_min: 8,
                has_password: true,
                passkeys,
                app_passwords,
                applications: Vec::new(),
                providers: Vec::new(),
                deletion_offered: true,
            }
        };
        let ada = || page("ada@example.org", ADA);
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
        let with = |form: AppPasswordForm, names: &[&str]| {
            let made = (1..).zip(names).map(|(id, name)| app_password(words, id, name)).collect();
            Self { app_passwords: AppPasswordsView { offered: true, form, made }, ..ada() }
        };
        let form = |name: FieldView, errors| AppPasswordForm { name, dialect: dialects(words, errors) };
        let new = || form(typed(""), Vec::new());
        let allowed = |names: &[&str]| {
            let allowed = (1..).zip(names).map(|(id, name)| ApplicationView {
                id,
                name: (*name).to_owned(),
                scopes: scopes(words),
                created_at: TimeView::day(Millis(1_717_100_000_000), words.dates()),
                used_at: TimeView::day(Millis(1_717_200_000_000), words.dates()),
            });
            Self { applications: allowed.collect(), ..ada() }
        };
        let provided = || Self { providers: ProviderStateView::samples(words), ..ada() };
        let protected = |totp, codes_left| {
            let totp_since = TimeView::day(Millis(1_767_225_600_000), words.dates());
            let factors = SecondFactorsView {
                wanted: true,
                totp,
                totp_since: if totp { totp_since } else { TimeView::default() },
                codes_left,
                codes_few: codes_left <= 3,
            };
            Self { factors, ..ada() }
        };
        vec![
            show("ordinary", ada()),
            show("no app password yet", with(new(), &[])),
            show("two app passwords", with(new(), &["Telephone", "Зеркало в прихожей"])),
            show("twenty app passwords", with(new(), &["Telephone"; 20])),
            show("hostile app password", with(form(typed(HOSTILE), Vec::new()), &[HOSTILE])),
            show("long app password", with(new(), &[&"W".repeat(100)])),
            show("app password refused", with(form(words.wrong("Telephone"), Vec::new()), &[])).refused(),
            show(
                "app password refused twice",
                with(form(words.wrong(HOSTILE), words.wrong("").errors), &["Telephone"]),
            )
            .with_alert(words.counted("fix_the_fields", "count", 2).at("app-passwords")),
            show("too many app passwords at once", with(new(), &["Telephone"]))
                .with_alert(words.counted("throttled", "seconds", 90).at("app-passwords")),
            show("notice app_password_revoked", with(new(), &[]))
                .with_notice(words.notice("app_password_revoked").at("app-passwords")),
            show("applications", allowed(&["Shop", "Forum"])),
            show("applications, hostile", allowed(&[HOSTILE])),
            show("applications, long", allowed(&[&long("Shop ")])),
            show("too many ends at once", allowed(&["Shop"]))
                .with_alert(words.counted("throttled", "seconds", 90).at("applications")),
            // Where it was the last one, its panel is gone.
            show("notice application_ended", ada()).with_notice(words.notice("application_ended")),
            show("providers", provided()),
            show("providers, no password", Self { has_password: false, ..provided() }),
            show("the last that signs in", Self { has_password: false, ..provided() })
                .with_alert(words.refused(&FieldCode::IdentityLast).at("providers")),
            show("notice identity_linked", provided()).with_notice(words.notice("identity_linked")),
            show("notice identity_unlinked", provided()).with_notice(words.notice("identity_unlinked")),
            show("authenticator app", protected(true, 10)),
            show("one recovery code", protected(true, 1)),
            show("no recovery code", protected(true, 0)),
            show("without an authenticator app", protected(false, 3)),
            show("notice totp_added", protected(true, 10)).with_notice(words.notice("totp_added")),
            show("notice totp_removed", ada()).with_notice(words.notice("totp_removed")),
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
            show("address to be proven, factors to be taken off", ada()).unverified().recovering(words),
            show("notice factors_kept", ada()).with_notice(words.notice("factors_kept")),
            show("notice password_changed", ada()).with_notice(words.notice("password_changed")),
            noticed("passkey_added"),
            noticed("passkey_renamed"),
            noticed("passkey_removed"),
            noticed("password_removed"),
        ]
    }
}

/// The choice of a dialect.
fn dialects(words: Words<'_>, errors: Vec<crate::Problem>) -> ChoiceView {
    let option = |(value, selected): (&str, bool)| OptionView {
        value: value.to_owned(),
        label: words.sentence(&format!("app-password-{value}")),
        selected,
    };
    let options = [("fastsite", false), ("mirror", true), ("amadis", false)].map(option).to_vec();
    ChoiceView { value: "mirror".to_owned(), options, errors }
}

/// One that was used from somewhere, or, with an even number, never.
fn app_password(words: Words<'_>, id: i64, name: &str) -> AppPasswordView {
    let used = id % 2 == 1;
    AppPasswordView {
        id,
        name: name.to_owned(),
        dialect: "fastsite".to_owned(),
        label: words.sentence("app-password-fastsite"),
        place: if used { "203.0.113.0/24" } else { "" }.to_owned(),
        created_at: TimeView::day(Millis(1_717_100_000_000), words.dates()),
        used,
        seen_at: TimeView::minute(Millis(1_717_200_000_000), words.dates()),
    }
}
