//! Firebase: what `auth:export` writes, as JSON or as CSV without a heading.

use std::borrow::Cow;

use super::super::context::Context;
use super::super::password::{Password, SecretText};
use super::super::record::{Fact, Identity, Record};
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::Part;
use super::super::table::{Shape, Table, account, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape {
    columns: Some(COLUMNS),
    ..Shape::of(&["firebase"], &[Table::accounts(&["users"], "localId", user)])
};

/// The first columns of its CSV files. Newer versions write more behind them.
const COLUMNS: &[&str] = &[
    "localId",
    "email",
    "emailVerified",
    "passwordHash",
    "salt",
    "displayName",
    "photoUrl",
    "google.com",
    "google.com email",
    "google.com name",
    "google.com photo",
    "facebook.com",
    "facebook.com email",
    "facebook.com name",
    "facebook.com photo",
    "twitter.com",
    "twitter.com email",
    "twitter.com name",
    "twitter.com photo",
    "github.com",
    "github.com email",
    "github.com name",
    "github.com photo",
    "createdAt",
    "lastSignedInAt",
    "phoneNumber",
    "disabled",
    "customAttributes",
];

const USER: &[(Target, &str)] = &[
    (Target::Id, "localId"),
    (Target::Email, "email"),
    (Target::EmailVerified, "emailVerified"),
    (Target::Name, "displayName"),
    (Target::CreatedAtMillis, "createdAt"),
    (Target::Disabled, "disabled"),
    (Target::Password, "passwordHash"),
    (Target::Salt, "salt"),
    (Target::Field(Cow::Borrowed("phoneNumber")), "phoneNumber"),
    (Target::Field(Cow::Borrowed("photoUrl")), "photoUrl"),
];

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let mut record = record(USER, row, "firebase", context)?;
    if let Password::Foreign(password) = &mut record.password {
        password.value = ordinary(&password.value);
        password.salt = password.salt.as_ref().map(ordinary);
    }
    // What is false is left out.
    if record.disabled == Fact::Unsaid {
        record.disabled = Fact::No;
    }
    record.roles.extend(row.row("customAttributes")?.text("role").ok().flatten());
    identities(row, &mut record)?;
    account(record)
}

/// The service itself writes base64 for URLs, and its export the ordinary one.
fn ordinary(text: &SecretText) -> SecretText {
    SecretText::new(text.as_str().replace('-', "+").replace('_', "/"))
}

fn identities(row: &Row, record: &mut Record) -> Result<(), RowFault> {
    for provider in ["google.com", "facebook.com", "twitter.com", "github.com"] {
        if let Some(subject) = row.text(provider)? {
            record.identities.push(Identity { provider: provider.to_owned(), subject });
        }
    }
    for info in row.rows("providerUserInfo")? {
        let provider = info.needed("providerId")?;
        // These two are the account itself.
        if !matches!(provider.as_str(), "password" | "phone") {
            record.identities.push(Identity { provider, subject: info.id("rawId")? });
        }
    }
    Ok(())
}
