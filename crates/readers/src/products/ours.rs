//! Our own export: an object a line, with the neutral names and no others.

use recipes::factors::TotpSecret;
use serde_json::Value;

use super::super::context::Context;
use super::super::factor::{Parameters, recovery_codes, totp, totp_with};
use super::super::own_record::{OwnPasskey, OwnRecord};
use super::super::password::{Password, SecretText};
use super::super::record::{Fact, Identity, Record};
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::Part;
use super::super::table::{Shape, Table, account};

pub(super) const SHAPE: Shape =
    Shape { lines: true, ..Shape::of(&["vestibule"], &[Table::accounts(&["accounts"], "id", make)]) };

const KEYS: &[&str] = &[
    "id",
    "email",
    "email_verified_at",
    "username",
    "name",
    "firstname",
    "lastname",
    "locale",
    "role",
    "fields",
    "created_at",
    "disabled_at",
    "password_hash",
    "totp",
    "recovery_codes",
    "approval_wanted_at",
    "password_expires_at",
    "second_factor_at",
    "identities",
    "passkeys",
    "password_changed_at",
    "picture",
    "terms",
    "updated_at",
    // It follows from the rest.
    "has_password",
];

fn make(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    if let Some(key) = row.keys().find(|key| !KEYS.contains(key)) {
        return Err(RowFault::unknown_key(key));
    }
    let since = |key: &str| match time(row, key)? {
        Some(time) => Ok(Fact::Since(time)),
        None => Ok(if row.has(key) { Fact::No } else { Fact::Unsaid }),
    };
    let mut record = Record {
        id: row.id("id")?,
        email: row.text("email")?,
        email_verified: since("email_verified_at")?,
        username: row.text("username")?,
        name: row.text("name")?,
        firstname: row.text("firstname")?,
        lastname: row.text("lastname")?,
        locale: row.text("locale")?,
        created_at: time(row, "created_at")?,
        disabled: since("disabled_at")?,
        roles: row.text("role")?.into_iter().collect(),
        ..Record::default()
    };
    let fields = row.row("fields")?;
    for name in fields.keys() {
        if let Some(text) = fields.text(name).map_err(|_| RowFault::NotText("fields".to_owned()))? {
            record.fields.insert(name.to_owned(), text);
        }
    }
    for identity in row.rows("identities")? {
        let (provider, subject) = (identity.needed("provider")?, identity.needed("subject")?);
        record.identities.push(Identity { provider, subject });
    }
    if let Some(hash) = row.text("password_hash")? {
        record.password = Password::Ours(SecretText::new(hash));
    }
    let mut own = own_record(row)?;
    if context.factors {
        record.totp = secret(row)?;
        record.recovery_codes = recovery_codes(row, "recovery_codes")?;
        for passkey in row.rows("passkeys")? {
            own.passkeys.push(own_passkey(&passkey)?);
        }
        // A file without factors still says who has one.
        record.factor_lost =
            record.totp.is_none() && own.passkeys.is_empty() && own.second_factor_at.is_some();
    }
    record.own = Some(Box::new(own));
    account(record)
}

fn own_record(row: &Row) -> Result<OwnRecord, RowFault> {
    Ok(OwnRecord {
        updated_at: time(row, "updated_at")?,
        password_changed_at: time(row, "password_changed_at")?,
        password_expires_at: time(row, "password_expires_at")?,
        approval_wanted_at: time(row, "approval_wanted_at")?,
        second_factor_at: time(row, "second_factor_at")?,
        terms: row.text("terms")?,
        picture: row.text("picture")?,
        passkeys: Vec::new(),
    })
}

fn own_passkey(row: &Row) -> Result<OwnPasskey, RowFault> {
    let credential = row.get("credential").filter(|credential| credential.is_object());
    let malformed = || RowFault::Malformed("passkeys".to_owned());
    Ok(OwnPasskey {
        site: row.needed("site")?,
        user_handle: row.needed("user_handle")?,
        credential_id: row.needed("credential_id")?,
        credential: credential.ok_or_else(malformed)?.to_string(),
        model: row.needed("model")?,
        name: row.text("name")?.unwrap_or_default(),
        created_at: time(row, "created_at")?.ok_or_else(malformed)?,
    })
}

/// Milliseconds, or text.
fn time(row: &Row, key: &str) -> Result<Option<i64>, RowFault> {
    if row.get(key).is_some_and(Value::is_number) { row.millis(key) } else { row.time(key) }
}

/// Base32, or an object with the parameters beside it.
fn secret(row: &Row) -> Result<Option<TotpSecret>, RowFault> {
    if !row.get("totp").is_some_and(Value::is_object) {
        return totp(row, "totp");
    }
    let parts = row.row("totp")?;
    let number = |key: &str, usual: u64| parts.get(key).cloned().unwrap_or_else(|| usual.into());
    let digest = parts.text("digest")?;
    let parameters = Parameters {
        secret: &parts.needed("secret")?,
        digest: digest.as_deref().unwrap_or("sha1"),
        digits: number("digits", 6),
        period: number("period", 30),
    };
    totp_with(parameters, "totp").map(Some)
}
