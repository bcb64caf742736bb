//! What the pages take from programs and answer to them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// An account, as its owner sees it.
#[derive(Serialize, ToSchema)]
pub struct Account {
    /// `null` after a sign-up whose address is to be proven first.
    #[schema(example = 1)]
    pub id: Option<i64>,
    #[schema(format = Email, example = "ada@example.org")]
    pub email: String,
    /// Whether the address has been proven.
    #[schema(example = true)]
    pub verified: bool,
    #[schema(example = "ada")]
    pub username: Option<String>,
    /// May be empty.
    #[schema(example = "Ada Lovelace")]
    pub name: String,
    /// What to call the person; never empty.
    #[schema(example = "Ada Lovelace")]
    pub display_name: String,
    /// May be empty.
    #[schema(example = "Ada")]
    pub firstname: String,
    /// May be empty.
    #[schema(example = "Lovelace")]
    pub lastname: String,
    /// `null` follows the browser.
    #[schema(example = "fr")]
    pub locale: Option<String>,
    /// 1 member, 2 editor, 3 administrator, or one of the site's own.
    #[schema(example = 1)]
    pub role: i64,
    /// 256 pixels wide and high.
    #[schema(format = "uri", example = "https://accounts.example.org/user/picture/letter/7/A.svg")]
    pub avatar_url: String,
    /// The operator's fields that have a value.
    #[schema(example = json!({}))]
    pub fields: BTreeMap<String, String>,
}

/// A refusal (RFC 9457).
#[derive(Serialize, ToSchema)]
pub struct Problem {
    #[schema(example = "urn:vestibule:error:unauthenticated")]
    pub r#type: String,
    /// In the reader's language, as `detail` and `errors`.
    #[schema(example = "Please sign in")]
    pub title: String,
    #[schema(example = 401)]
    pub status: u16,
    #[schema(example = "Sign in to open this page.")]
    pub detail: String,
    /// Stable, for programs.
    #[schema(example = "unauthenticated")]
    pub code: String,
    /// By field, what is wrong with it.
    #[schema(example = json!({}))]
    pub errors: BTreeMap<String, Vec<String>>,
    /// The same as stable codes.
    #[schema(example = json!({}))]
    pub codes: Option<BTreeMap<String, Vec<String>>>,
    /// Number of the line in the log, for a fault of the server.
    #[schema(example = "0f3a9c12de45")]
    pub incident: Option<String>,
}

/// Somebody new. The operator's fields that are asked at sign-up come beside these.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct SignUp {
    #[schema(format = Email, max_length = 254, example = "ada@example.org")]
    email: String,
    #[schema(max_length = 40, example = "ada")]
    username: Option<String>,
    #[schema(format = Password, min_length = 1, max_length = 256, example = "correct horse battery")]
    password: String,
    /// `true`: the person agrees to the terms of use. Needed where the site has some.
    #[schema(example = true)]
    terms: Option<bool>,
}

/// Who signs in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct Login {
    /// The address or the username.
    #[schema(max_length = 254, example = "ada@example.org")]
    email: String,
    #[schema(format = Password, min_length = 1, max_length = 1024, example = "correct horse battery")]
    password: String,
}

/// Whom to write to.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct Mailbox {
    /// The address or the username.
    #[schema(example = "ada@example.org")]
    email: String,
}

/// Whom to write to, for whoever is not signed in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct OtherMailbox {
    /// The address or the username. Empty for the account that is signed in.
    #[schema(example = "ada@example.org")]
    email: Option<String>,
}

/// A mailed link, and the password that is chosen by it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct Reset {
    /// From the link.
    #[schema(example = "9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4")]
    token: String,
    #[schema(format = Password, min_length = 1, max_length = 256, example = "another horse battery")]
    npassword: String,
}

/// A mailed link, and whose it is: of who is signed in, or of who knows or chooses the password.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct Proof {
    /// From the link.
    #[schema(example = "9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4")]
    token: String,
    /// The account's password.
    #[schema(format = Password, max_length = 1024, example = "correct horse battery")]
    password: Option<String>,
}

/// A mailed link.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct Link {
    /// From the link.
    #[schema(example = "9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4")]
    token: String,
}

/// The present password and the next one.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct NewPassword {
    #[schema(format = Password, min_length = 1, max_length = 1024, example = "correct horse battery")]
    apassword: String,
    #[schema(format = Password, min_length = 1, max_length = 256, example = "another horse battery")]
    npassword: String,
}

/// Another username.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct NewUsername {
    /// Empty for none.
    #[schema(max_length = 40, example = "ada")]
    username: String,
}

/// Another address, and the present password.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct NewAddress {
    #[schema(format = Email, max_length = 254, example = "countess@example.org")]
    email: String,
    #[schema(format = Password, min_length = 1, max_length = 1024, example = "correct horse battery")]
    apassword: String,
}

/// What is not sent stays. The operator's fields come beside these.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct ProfileChange {
    #[schema(max_length = 100, example = "Ada Lovelace")]
    name: Option<String>,
    #[schema(max_length = 100, example = "Ada")]
    firstname: Option<String>,
    #[schema(max_length = 100, example = "Lovelace")]
    lastname: Option<String>,
    /// Empty follows the browser.
    #[schema(example = "fr")]
    locale: Option<String>,
}

/// A picture, and the square of it to keep, in pixels of the picture; without it, its middle.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct Picture {
    /// A JPEG, PNG, WebP or GIF.
    #[schema(format = Binary, example = "…")]
    file: String,
    #[schema(example = 0)]
    crop_x: Option<i64>,
    #[schema(example = 0)]
    crop_y: Option<i64>,
    #[schema(example = 512)]
    crop_size: Option<i64>,
}

/// What a device shows.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct Code {
    /// Six letters and digits, in any case.
    #[schema(example = "GHT42Q")]
    code: String,
}

/// A row of a list.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct Row {
    #[schema(example = 7)]
    id: i64,
}

/// A row of the list of what opens the account.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct OpeningRow {
    #[schema(example = "session")]
    kind: String,
    #[schema(example = 7)]
    id: i64,
}

/// The session has ended.
#[derive(Serialize, ToSchema)]
pub struct SignedOut {
    #[schema(example = true)]
    pub signed_out: bool,
}

/// A message may be on its way.
#[derive(Serialize, ToSchema)]
pub struct Requested {
    #[schema(example = true)]
    pub requested: bool,
}

/// The change is off.
#[derive(Serialize, ToSchema)]
pub struct Cancelled {
    #[schema(example = true)]
    pub cancelled: bool,
}

/// The link is void.
#[derive(Serialize, ToSchema)]
pub struct Declined {
    #[schema(example = true)]
    pub declined: bool,
}

/// How many ended.
#[derive(Serialize, ToSchema)]
pub struct Ended {
    #[schema(example = 1)]
    pub ended: u64,
}

/// How many are gone.
#[derive(Serialize, ToSchema)]
pub struct Removed {
    #[schema(example = 1)]
    pub removed: u64,
}

/// The device that was paired.
#[derive(Serialize, ToSchema)]
pub struct PairedDevice {
    #[schema(example = "magic-mirror-desktop")]
    pub name: String,
}

/// Whose password the link sets.
#[derive(Serialize, ToSchema)]
pub struct ResetOffer {
    #[schema(format = Email, example = "ada@example.org")]
    pub email: String,
    #[schema(example = true)]
    pub has_password: bool,
}

/// Whose address the link proves.
#[derive(Serialize, ToSchema)]
pub struct VerificationOffer {
    #[schema(format = Email, example = "ada@example.org")]
    pub email: String,
    #[schema(example = true)]
    pub has_password: bool,
    /// Whether that account is signed in here.
    #[schema(example = false)]
    pub signed_in: bool,
}

/// Which address the link gives to whom.
#[derive(Serialize, ToSchema)]
pub struct AddressOffer {
    #[schema(format = Email, example = "countess@example.org")]
    pub email: String,
    /// The account's present address, in part unless it is signed in here.
    #[schema(example = "a…@example.org")]
    pub account: String,
    /// Whether that account is signed in here.
    #[schema(example = false)]
    pub signed_in: bool,
}

/// What opens the account.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "devices": [{
        "id": 7, "name": "magic-mirror-desktop", "paired_at": "2026-11-28T10:00:00Z",
        "seen_at": "2026-11-28T10:00:00Z"
    }],
    "openings": [{
        "kind": "session", "id": 7, "door": "", "name": "Firefox · Linux", "permits": null,
        "place": "127.0.0.1", "created_at": "2026-11-28T10:00:00Z", "seen_at": "2026-11-28T10:00:00Z",
        "current": true
    }]
}))]
pub struct Openings {
    pub devices: Vec<Device>,
    pub openings: Vec<Opening>,
}

/// A paired device.
#[derive(Serialize, ToSchema)]
pub struct Device {
    pub id: i64,
    pub name: String,
    pub paired_at: String,
    pub seen_at: String,
}

/// One thing that opens the account.
#[derive(Serialize, ToSchema)]
pub struct Opening {
    pub kind: String,
    pub id: i64,
    /// The API that it belongs to; may be empty.
    pub door: String,
    /// May be empty.
    pub name: String,
    /// What a mailed link is for.
    pub permits: Option<String>,
    /// The network address that it was last used from; may be empty.
    pub place: String,
    pub created_at: String,
    /// `null` until it is used.
    pub seen_at: Option<String>,
    /// Whether it is what this request came with.
    pub current: bool,
    /// Until when a known browser is not asked for a second factor.
    pub trusted_until: Option<String>,
}
