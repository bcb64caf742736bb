//! Signing in by redirection in a browser that is signed in to another account.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};

/// The question whether the browser changes to the account of a link.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SwitchPage {
    /// The address of the account that the browser is signed in to.
    pub present: String,
    /// `email`, the address of the link's account.
    pub email: String,
    /// `token`, the secret of the link.
    pub token: String,
}

impl Page for SwitchPage {
    const TEMPLATE: &'static str = "pages/switch.html";
}

impl PageSamples for SwitchPage {
    fn samples(_: Words<'_>) -> Vec<Sample<Self>> {
        let page = |present: &str, email: &str, token: &str| Self {
            present: present.to_owned(),
            email: email.to_owned(),
            token: token.to_owned(),
        };
        let (ada, bob, token) = ("ada@example.org", "bob@example.org", "Zm9v".repeat(10));
        vec![
            Sample::of("ordinary", page(ada, bob, &token)).seen_by("Ada Lovelace"),
            Sample::of("hostile", page(HOSTILE, HOSTILE, HOSTILE)).seen_by("Ada Lovelace"),
            Sample::of("long", page(&long(ada), &long(bob), &token)).seen_by("Ada Lovelace"),
        ]
    }
}
