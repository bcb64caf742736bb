//! The names that the operator may give to fields.

use domain::TRAP_FIELD;

/// Field names in use by the pages' forms or by a dialect.
const RESERVED: [&str; 29] = [
    "id",
    "email",
    "username",
    "login",
    "password",
    "confirm_password",
    "apassword",
    "npassword",
    "name",
    "firstname",
    "lastname",
    "locale",
    "role_id",
    "user_id",
    "file",
    "crop_x",
    "crop_y",
    "crop_size",
    "next",
    "token",
    "code",
    "avatar_url",
    "created_at",
    "verified_at",
    "_method",
    "fields",
    "terms",
    "proof",
    TRAP_FIELD,
];

/// Whether a field of the operator's may have this name: no form and no published API uses it already.
pub(super) fn is_field_name(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !RESERVED.contains(&name)
}
