//! The recovery codes, once.

use serde::Serialize;
use utoipa::ToSchema;

use super::security::ADA;
use crate::Page;
use crate::samples::{PageSamples, Sample, Words};

/// New recovery codes. They are shown once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecoveryCodesPage {
    /// Which page of the account it is: `security`.
    pub here: &'static str,
    /// The codes, each in groups of four.
    pub codes: Vec<String>,
    /// The address of the same as a text file, which is in the page itself.
    pub file: String,
    /// The account's address, for whoever prints the page.
    pub email: String,
}

impl Page for RecoveryCodesPage {
    const TEMPLATE: &'static str = "pages/recovery_codes.html";
}

impl PageSamples for RecoveryCodesPage {
    fn samples(_: Words<'_>) -> Vec<Sample<Self>> {
        let codes =
            ["2345-6789-ABCD-EFGH", "JKLM-NPQR-STUV-WXYZ", "ZYXW-VUTS-RQPN-MLKJ", "HGFE-DCBA-9876-5432"];
        let page = |email: &str| Self {
            here: "security",
            codes: codes.iter().cycle().take(10).map(|code| (*code).to_owned()).collect(),
            file: "data:text/plain;charset=utf-8,2345-6789-ABCD-EFGH".into(),
            email: email.to_owned(),
        };
        vec![
            Sample::of("ordinary", page("ada@example.org")).seen_by(ADA),
            Sample::of("long", page(&crate::samples::long("ada@example.org"))).seen_by(ADA),
            Sample::of("hostile", page(crate::samples::HOSTILE)).seen_by(crate::samples::HOSTILE),
        ]
    }
}
