//! The pages by which somebody proves an address.

use serde::Serialize;
use utoipa::ToSchema;

use super::{FieldView, SecretView};
use crate::Page;

/// The address is still to be proven: where to ask for the link once more.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerifyRequestPage {
    /// The form.
    pub form: VerifyRequestForm,
    /// Whether it was just sent; then the page says what happens next, in place of the form.
    pub requested: bool,
}

/// The form that asks for the link.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct VerifyRequestForm {
    /// `email`, which takes the username too.
    pub email: FieldView,
}

impl Page for VerifyRequestPage {
    const TEMPLATE: &'static str = "pages/verify_request.html";
}

/// Where the link in the mail leads.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerifyPage {
    /// The forms, which share the secret of the link.
    pub form: VerifyForm,
    /// The address that is proven.
    pub email: String,
    /// Whether this browser is signed in to the account, so that a button suffices.
    pub signed_in: bool,
    /// Whether the account has a password.
    pub has_password: bool,
    /// Fewest characters of a password.
    pub password_min: usize,
}

/// The forms that prove an address.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct VerifyForm {
    /// `token`, the secret of the link.
    pub token: String,
    /// `password`, the one that was chosen at sign-up.
    pub password: SecretView,
    /// `npassword`, a new one.
    pub npassword: SecretView,
}

impl Page for VerifyPage {
    const TEMPLATE: &'static str = "pages/verify.html";
}

/// Where the link leads that went to an account's new address.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressPage {
    /// The form.
    pub form: AddressForm,
    /// The new address; empty: the link does not work, and there is no form.
    pub email: String,
}

/// The form that confirms a new address.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct AddressForm {
    /// `token`, the secret of the link.
    pub token: String,
}

impl Page for AddressPage {
    const TEMPLATE: &'static str = "pages/address.html";
}
