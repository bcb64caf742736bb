//! Setting up an authenticator app.

use serde::Serialize;
use utoipa::ToSchema;

use super::security::ADA;
use crate::Page;
use crate::samples::{PageSamples, Sample, Words};
use crate::values::SecretView;

/// Setting up an authenticator app: a picture to scan, the same as text, and the code that confirms it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TotpPage {
    /// Which page of the account it is: `security`.
    pub here: &'static str,
    /// The picture that the app scans.
    pub picture: QrView,
    /// The secret in groups of four, for who types it.
    pub secret: String,
    /// An address that opens an app on this device with the secret.
    pub link: String,
    /// The form.
    pub form: TotpForm,
}

impl Page for TotpPage {
    const TEMPLATE: &'static str = "pages/totp.html";
}

/// The form that confirms the app.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct TotpForm {
    /// `code`
    pub code: SecretView,
}

/// A QR code, for an SVG of `size` by `size` units with the white margin that readers want.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct QrView {
    /// Width and height in modules, with the margin.
    pub size: u64,
    /// The dark modules as the `d` of a path; empty where there is no picture.
    pub path: String,
}

impl PageSamples for TotpPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |code: SecretView, picture: QrView| {
            Self {
            here: "security",
            picture,
            secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".into(),
            link: "otpauth://totp/Example:ada@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example"
                .into(),
            form: TotpForm { code },
        }
        };
        let drawn = || QrView { size: 29, path: SAMPLE.into() };
        let show = |state: &str, page: Self| Sample::of(state, page).seen_by(ADA);
        vec![
            show("ordinary", page(SecretView::default(), drawn())),
            show("without a picture", page(SecretView::default(), QrView::default())),
            show("wrong code", page(words.wrong_secret(), drawn())).refused(),
            show("too many tries", page(SecretView::default(), drawn())).with_alert(words.counted(
                "throttled",
                "seconds",
                90,
            )),
        ]
    }
}

/// The three finder patterns of a small QR code.
const SAMPLE: &str = "M4,4h7v1h-7zM4,5h1v1h-1zM10,5h1v1h-1zM4,6h1v1h-1zM6,6h3v1h-3zM10,6h1v1h-1zM4,7h1v1h-1zM6,7h3v1h-3z\
                      M10,7h1v1h-1zM4,8h1v1h-1zM6,8h3v1h-3zM10,8h1v1h-1zM4,9h1v1h-1zM10,9h1v1h-1zM4,10h7v1h-7z\
                      M18,4h7v1h-7zM18,5h1v5h-1zM24,5h1v5h-1zM20,6h3v3h-3zM18,10h7v1h-7z\
                      M4,18h7v1h-7zM4,19h1v5h-1zM10,19h1v5h-1zM6,20h3v3h-3zM4,24h7v1h-7z\
                      M12,12h2v1h-2zM16,13h3v2h-3zM13,16h1v4h-1zM19,19h2v2h-2zM22,22h1v3h-1z";
