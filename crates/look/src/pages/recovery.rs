//! The two pages by which somebody gets a password without knowing the present one.

use serde::Serialize;
use utoipa::ToSchema;

use super::{FieldView, SecretView};
use crate::Page;

/// Asking for the mail.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ForgotPage {
    /// The form.
    pub form: ForgotForm,
    /// Whether it was just sent: then the page says the same to everybody, account or not.
    pub requested: bool,
}

/// The form that asks for the mail.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ForgotForm {
    /// `email`, which takes the username too.
    pub email: FieldView,
}

impl Page for ForgotPage {
    const TEMPLATE: &'static str = "pages/forgot.html";
}

/// Where the mailed link leads.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResetPage {
    /// The form.
    pub form: ResetForm,
    /// Address of the account.
    pub email: String,
    /// Whether the account has a password already; one that was made for somebody has none.
    pub has_password: bool,
    /// Fewest characters of a password.
    pub password_min: usize,
}

/// The form that takes the password.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ResetForm {
    /// `token`, from the link.
    pub token: String,
    /// `npassword`
    pub npassword: SecretView,
}

impl Page for ResetPage {
    const TEMPLATE: &'static str = "pages/reset.html";
}
