//! The profile: the account, and the forms that change it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::{ChoiceView, CustomFieldView, FieldView, OptionView, SecretView, TimeView};
use domain::Millis;

/// The profile: picture, names, language, username and address.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfilePage {
    /// Which page of the account it is: `profile`.
    pub here: &'static str,
    /// The account.
    pub account: AccountView,
    /// The address that was asked for and is not proven yet; may be empty.
    pub pending_email: String,
    /// What the account was called before, the newest first.
    pub former_usernames: Vec<FormerUsernameView>,
    /// When the username can be changed again, if that is not yet; else empty.
    pub username_change: TimeView,
    /// In how many days the username can be changed once; 0 if at any time, or if there is none yet.
    pub username_change_days: u64,
    /// All forms of the page.
    pub forms: ProfileForms,
    /// Fewest characters of a password, for pages of contract 1.
    pub password_min: usize,
    /// Largest picture in MiB.
    pub picture_max_mib: u64,
    /// Largest picture in bytes.
    pub picture_max_bytes: u64,
    /// Most pixels of a WebP, in millions. The other formats may have more.
    pub picture_webp_megapixels: u64,
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "pages/profile.html";
    const PANELS: &'static [&'static str] = &["picture", "profile", "username", "email"];
}

/// The account, as its owner sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// Number of the account.
    pub id: i64,
    /// E-mail address.
    pub email: String,
    /// Whether the address is proven.
    pub verified: bool,
    /// Whether the account has a password, which forms ask for then.
    pub has_password: bool,
    /// Whether the address is still to be proven. Neither, where the site does not ask for that.
    pub unverified: bool,
    /// Username; may be empty.
    pub username: String,
    /// Name; may be empty.
    pub name: String,
    /// What to call the person; never empty.
    pub display_name: String,
    /// URLs of the picture.
    pub avatar: AvatarView,
    /// When the account was made.
    pub created_at: TimeView,
}

/// A username that the account had.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FormerUsernameView {
    /// The username.
    pub username: String,
    /// When it was given up.
    pub given_up_at: TimeView,
    /// Whether nobody else can have it, and it still signs in.
    pub reserved: bool,
    /// Until when; empty where it is not.
    pub reserved_until: TimeView,
}

/// URLs of a picture.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AvatarView {
    /// 64 × 64 px.
    pub small: String,
    /// 128 × 128 px.
    pub medium: String,
    /// 256 × 256 px.
    pub large: String,
    /// 512 × 512 px.
    pub full: String,
    /// Whether the person uploaded it; else it shows the initial of the name.
    pub uploaded: bool,
}

/// The forms of the pages of the account.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ProfileForms {
    /// `/user/modify/profile`
    pub profile: ProfileForm,
    /// `/user/modify/username`
    pub username: UsernameForm,
    /// `/user/modify/email`
    pub email: EmailForm,
    /// `/user/modify/password`, for pages of contract 1. Where it is refused, `pages/security.html` is shown.
    pub password: PasswordForm,
    /// `/user/modify/pp`
    pub picture: PictureUploadForm,
}

/// Names, language and the operator's fields.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ProfileForm {
    /// `name`
    pub name: FieldView,
    /// `firstname`
    pub firstname: FieldView,
    /// `lastname`
    pub lastname: FieldView,
    /// `locale`
    pub locale: ChoiceView,
    /// The operator's fields.
    pub fields: Vec<CustomFieldView>,
}

/// The username form.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct UsernameForm {
    /// `username`
    pub username: FieldView,
}

/// The form that asks for another address.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct EmailForm {
    /// `email`, the new one.
    pub email: FieldView,
    /// `apassword`, the present password.
    pub apassword: SecretView,
}

/// The password form.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct PasswordForm {
    /// `apassword`, the present one.
    pub apassword: SecretView,
    /// `npassword`, the new one.
    pub npassword: SecretView,
}

/// The picture form.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct PictureUploadForm {
    /// `file`
    pub file: SecretView,
}

/// The notices that the profile page shows after a redirect, by key.
pub(crate) const NOTICES: &[&str] = &[
    "welcome",
    "password_changed",
    "picture_changed",
    "picture_removed",
    "username_changed",
    "profile_changed",
    "session_ended",
    "sessions_ended",
    "verification_sent",
    "verified",
    "address_requested",
    "address_sent_again",
    "address_cancelled",
    "address_changed",
    "password_reset_elsewhere",
    "verified_elsewhere",
    "address_changed_elsewhere",
];

impl PageSamples for ProfilePage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let ada = || profile(words, "ada", "Ada Lovelace", false);
        let show = |state: &str, page: Self| {
            let viewer = page.account.display_name.clone();
            Sample::of(state, page).seen_by(&viewer)
        };
        let mut newcomer = profile(words, "", "newcomer", false);
        newcomer.account.name.clear();
        newcomer.account.avatar = initial_picture();
        newcomer.forms.profile.name.value.clear();
        let mut fields = ada();
        fields.forms.profile.fields = words.custom_fields("", "", false);
        let mut filled_fields = ada();
        filled_fields.forms.profile.fields = words.custom_fields("2024-05-31", "", false);
        let mut unproven = ada();
        (unproven.account.verified, unproven.account.unverified) = (false, true);
        let mut renamed = ada();
        renamed.former_usernames =
            vec![former_username(words, "countess", true), former_username(words, "augusta", false)];
        renamed.username_change = renamed.former_usernames[0].reserved_until.clone();
        let pending = |email: &str| Self { pending_email: email.to_owned(), ..ada() };
        let mut hostile = profile(words, HOSTILE, HOSTILE, true);
        hostile.forms.profile.fields = words.custom_fields(HOSTILE, HOSTILE, true);
        hostile.former_usernames = vec![former_username(words, HOSTILE, true)];
        let mut endless = profile(words, &"W".repeat(40), &long("Adalovelace"), false);
        endless.former_usernames = vec![former_username(words, &"M".repeat(40), true)];
        let mut samples = vec![
            show("ordinary", ada()),
            show("new, without username, name and picture", newcomer),
            show("custom fields", fields),
            show("custom fields, filled", filled_fields),
            show("address to be proven", unproven).unverified(),
            show("called something else before", renamed),
            show("another address asked for", pending("countess@example.org")),
            show("another address asked for, hostile", pending(HOSTILE)),
            show("another address asked for, long", pending(&long("countess@example.org"))),
            show("errors everywhere", profile(words, "a b", "Ada", true))
                .with_alert(words.counted("fix_the_fields", "count", 4).at("profile")),
            show("hostile", hostile).with_alert(words.counted("fix_the_fields", "count", 6).at("email")),
            show("long", endless),
            show("too many tries", ada())
                .with_alert(words.counted("throttled", "seconds", 90).at("username")),
            show("too much to do", ada()).with_alert(words.alert("busy").at("email")),
            show("sent from another account's page", ada()).with_alert(words.alert("other_account")),
        ];
        samples.extend(
            NOTICES.iter().map(|code| show(&format!("notice {code}"), ada()).with_notice(words.notice(code))),
        );
        samples
    }
}

fn initial_picture() -> AvatarView {
    let address = || "/user/picture/letter/7/N.svg".to_owned();
    AvatarView { small: address(), medium: address(), large: address(), full: address(), uploaded: false }
}

/// An account, as samples show it.
pub(super) fn account(words: Words<'_>, username: &str, name: &str) -> AccountView {
    AccountView {
        id: 7,
        email: "ada@example.org".to_owned(),
        verified: true,
        has_password: true,
        unverified: false,
        username: username.to_owned(),
        name: name.to_owned(),
        display_name: name.to_owned(),
        avatar: uploaded_picture(),
        created_at: TimeView::day(Millis(1_717_100_000_000), words.dates()),
    }
}

fn uploaded_picture() -> AvatarView {
    let address = |size: u32| format!("/user/picture/{}/{size}.jpg", "0f".repeat(32));
    AvatarView {
        small: address(64),
        medium: address(128),
        large: address(256),
        full: address(512),
        uploaded: true,
    }
}

fn former_username(words: Words<'_>, username: &str, reserved: bool) -> FormerUsernameView {
    let day = |at| TimeView::day(Millis(at), words.dates());
    FormerUsernameView {
        username: username.to_owned(),
        given_up_at: day(1_717_100_000_000),
        reserved,
        reserved_until: if reserved { day(1_724_900_000_000) } else { TimeView::default() },
    }
}

fn profile(words: Words<'_>, username: &str, name: &str, wrong: bool) -> ProfilePage {
    let line = |value: &str| if wrong { words.wrong(value) } else { typed(value) };
    let secret = || if wrong { words.wrong_secret() } else { SecretView::default() };
    let option =
        |value: &str, label: String| OptionView { value: value.to_owned(), label, selected: value == "fr" };
    let catalog = words.renderer.catalog();
    let named =
        catalog.locales().map(|locale| option(locale.as_str(), catalog.text(locale, "locale-name", &[])));
    let automatic = option("", words.sentence("locale-automatic"));
    let locale = ChoiceView {
        value: "fr".to_owned(),
        options: std::iter::once(automatic).chain(named).collect(),
        errors: secret().errors,
    };
    ProfilePage {
        here: "profile",
        account: AccountView {
            email: if wrong { HOSTILE.to_owned() } else { "ada@example.org".to_owned() },
            ..account(words, username, name)
        },
        pending_email: String::new(),
        former_usernames: Vec::new(),
        username_change: TimeView::default(),
        username_change_days: 30,
        forms: ProfileForms {
            profile: ProfileForm {
                name: line(name),
                firstname: line(name),
                lastname: line(name),
                locale,
                fields: Vec::new(),
            },
            username: UsernameForm { username: line(username) },
            email: EmailForm { email: line(""), apassword: secret() },
            password: PasswordForm::default(),
            picture: PictureUploadForm { file: secret() },
        },
        password_min: 8,
        picture_max_mib: 10,
        picture_max_bytes: 10 << 20,
        picture_webp_megapixels: 11,
    }
}
