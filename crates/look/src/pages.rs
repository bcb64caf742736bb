//! The pages as types: what each template may name as `page`. All keys are always there.

mod api;
mod dev_mail;
mod devices;
mod recovery;
mod verification;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Dates, Page, Problem};
use domain::Millis;

pub use api::{
    ApiPage, DocumentedAnswer, DocumentedCall, DocumentedCredential, DocumentedDoor, DocumentedExample,
    DocumentedField,
};
pub use dev_mail::{DevMailLine, DevMailPage, DevMailView, DevMailsPage};
pub use devices::{DeviceForm, DeviceView, DevicesPage};
pub use recovery::{ForgotForm, ForgotPage, ResetForm, ResetPage};
pub use verification::{
    AddressForm, AddressPage, VerifyForm, VerifyPage, VerifyRequestForm, VerifyRequestPage,
};

/// One line that was typed, and what is wrong with it.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct FieldView {
    /// To be shown again.
    pub value: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A password: what is wrong with it, never what was typed.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct SecretView {
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A field of the operator.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomFieldView {
    /// Name of the input.
    pub name: String,
    /// What people read.
    pub label: String,
    /// `text`, `email`, `url`, `number`, `date` or `boolean`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// To be shown again.
    pub value: String,
    /// Whether a `boolean` is on.
    pub checked: bool,
    /// Whether it must be filled in.
    pub required: bool,
    /// Longest value in characters.
    pub max_length: usize,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// Sign-up.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignUpPage {
    /// The form.
    pub form: SignUpForm,
    /// Fewest characters of a password.
    pub password_min: usize,
}

/// The sign-up form.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct SignUpForm {
    /// `email`
    pub email: FieldView,
    /// `username`
    pub username: FieldView,
    /// `password`
    pub password: SecretView,
    /// The operator's fields that are asked at sign-up.
    pub fields: Vec<CustomFieldView>,
}

impl Page for SignUpPage {
    const TEMPLATE: &'static str = "pages/sign_up.html";
}

/// Sign-in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignInPage {
    /// The form.
    pub form: SignInForm,
    /// Where to go afterwards; may be empty.
    pub next: String,
    /// Whether forgotten passwords can be recovered by mail.
    pub recovery: bool,
    /// Whether strangers may sign up.
    pub registration: bool,
}

/// The sign-in form.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct SignInForm {
    /// `email`, which takes the username too.
    pub email: FieldView,
    /// `password`
    pub password: SecretView,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "pages/sign_in.html";
}

/// The profile.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfilePage {
    /// The account.
    pub account: AccountView,
    /// All forms of the page.
    pub forms: ProfileForms,
    /// Where the account is signed in, the present browser first.
    pub sessions: Vec<SessionView>,
    /// Fewest characters of a password.
    pub password_min: usize,
    /// Largest picture in MiB.
    pub picture_max_mib: u64,
    /// Largest picture in bytes.
    pub picture_max_bytes: u64,
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "pages/profile.html";
}

/// The account, as its owner sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// Number.
    pub id: i64,
    /// Address.
    pub email: String,
    /// Username; may be empty.
    pub username: String,
    /// Name; may be empty.
    pub name: String,
    /// What to call the person; never empty.
    pub display_name: String,
    /// Picture.
    pub avatar: AvatarView,
    /// Since when.
    pub created_at: TimeView,
}

/// Addresses of a picture.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AvatarView {
    /// 64 px.
    pub small: String,
    /// 128 px.
    pub medium: String,
    /// 256 px.
    pub large: String,
    /// 512 px.
    pub full: String,
    /// Whether it is the person's own picture rather than the letter.
    pub uploaded: bool,
}

/// A moment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimeView {
    /// For `datetime="…"`.
    pub iso: String,
    /// For people, in the language of the page: `31 January 2026`, or to the minute, in UTC.
    pub text: String,
}

impl TimeView {
    /// A moment of which the day matters.
    pub fn day(at: Millis, dates: &Dates) -> Self {
        Self { iso: iso(at), text: dates.day(at) }
    }

    /// A moment of which the hour matters too.
    pub fn minute(at: Millis, dates: &Dates) -> Self {
        Self { iso: iso(at), text: dates.minute(at) }
    }
}

/// `2026-01-31T09:30:00Z` (RFC 3339).
pub fn iso(at: Millis) -> String {
    let at = time::OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000))
        .unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = at.to_hms();
    let mut iso = *b"0000-00-00T00:00:00Z";
    // Every page has several of these, and `format!` would take ten times as long.
    write_digits(&mut iso[0..4], at.year().unsigned_abs());
    for (start, part) in [(5, u8::from(at.month())), (8, at.day()), (11, hour), (14, minute), (17, second)] {
        write_digits(&mut iso[start..start + 2], part.into());
    }
    iso.map(char::from).iter().collect()
}

fn write_digits(places: &mut [u8], number: u32) {
    let mut left = number;
    for place in places.iter_mut().rev() {
        *place = b'0' + (left % 10) as u8;
        left /= 10;
    }
}

/// The forms of the profile page.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ProfileForms {
    /// `/user/modify/profile`
    pub profile: ProfileForm,
    /// `/user/modify/username`
    pub username: UsernameForm,
    /// `/user/modify/email`
    pub email: EmailForm,
    /// `/user/modify/password`
    pub password: PasswordForm,
    /// `/user/modify/pp`
    pub picture: PictureForm,
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

/// One of several.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ChoiceView {
    /// What is chosen; may be empty.
    pub value: String,
    /// What there is.
    pub options: Vec<OptionView>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// One choice.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OptionView {
    /// What is sent.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
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
pub struct PictureForm {
    /// `file`
    pub file: SecretView,
}

/// A browser that is signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// Number, for ending it.
    pub id: i64,
    /// Whether it is this browser.
    pub current: bool,
    /// Browser and system; may be empty.
    pub device: String,
    /// Client address; may be empty.
    pub address: String,
    /// Since when.
    pub created_at: TimeView,
    /// Last used.
    pub seen_at: TimeView,
}

/// Something went wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorPage {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: String,
    /// Headline.
    pub title: String,
    /// What happened and what to do.
    pub message: String,
    /// Number to quote to the operator; may be empty.
    pub incident: String,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "pages/error.html";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_for_machines_and_for_people() {
        let at = TimeView::minute(Millis(1_709_258_403_999), &Dates::of("en-GB").unwrap());
        assert_eq!(
            (at.iso.as_str(), at.text.as_str()),
            ("2024-03-01T02:00:03Z", "1 March 2024 at 02:00 UTC")
        );
        assert_eq!(iso(Millis(0)), "1970-01-01T00:00:00Z");
    }
}
