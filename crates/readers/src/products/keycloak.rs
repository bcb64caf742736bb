//! Keycloak: the users of a realm's export.

use recipes::factors::keycloak_otp;

use super::super::context::Context;
use super::super::password::{ForeignPassword, Password, SecretText};
use super::super::record::{Identity, Record};
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::Part;
use super::super::table::{Shape, Table, account, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape::of(&["keycloak"], &[Table::accounts(&["users"], "username", user)]);

const USER: &[(Target, &str)] = &[
    (Target::Id, "id"),
    (Target::Email, "email"),
    (Target::EmailVerified, "emailVerified"),
    (Target::Username, "username"),
    (Target::Firstname, "firstName"),
    (Target::Lastname, "lastName"),
    (Target::CreatedAtMillis, "createdTimestamp"),
    (Target::Enabled, "enabled"),
];

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    // A program's account.
    if row.get("serviceAccountClientId").is_some() {
        return Ok(None);
    }
    let mut record = record(USER, row, "keycloak", context)?;
    if record.id.is_empty() {
        // Users that were written by hand have none, and the name is unique in a realm.
        record.id = row.needed("username")?;
    }
    record.roles = row.texts("realmRoles")?;
    attributes(row, &mut record)?;
    for credential in row.rows("credentials")? {
        take(&credential, &mut record, context)?;
    }
    if context.factors {
        record.factor_lost |= row.flag("totp")? == Some(true);
        // One is enough to ask for.
        record.factor_lost &= record.totp.is_none();
    }
    for link in row.rows("federatedIdentities")? {
        let provider = link.needed("identityProvider")?;
        record.identities.push(Identity { provider, subject: link.id("userId")? });
    }
    account(record)
}

/// Each attribute is a list of texts. Several become lines.
fn attributes(row: &Row, record: &mut Record) -> Result<(), RowFault> {
    let attributes = row.row("attributes")?;
    for name in attributes.keys() {
        let values = attributes.texts(name).map_err(|_| RowFault::Malformed("attributes".to_owned()))?;
        let text = values.join("\n");
        if text.is_empty() {
        } else if name == "locale" {
            record.locale = Some(text);
        } else {
            record.fields.insert(name.to_owned(), text);
        }
    }
    Ok(())
}

fn take(credential: &Row, record: &mut Record, context: &Context) -> Result<(), RowFault> {
    match credential.needed("type")?.as_str() {
        "password" => {
            let mut password =
                ForeignPassword::new(context.recipe("keycloak"), credential.needed("secretData")?);
            password.algorithm = Some(SecretText::new(credential.needed("credentialData")?));
            record.password = Password::Foreign(Box::new(password));
        }
        "otp" if context.factors && record.totp.is_none() => {
            let (secret, data) = (credential.needed("secretData")?, credential.needed("credentialData")?);
            match keycloak_otp(&secret, &data) {
                Ok(totp) => record.totp = Some(totp),
                Err(_) => record.factor_lost = true,
            }
        }
        // Passkeys belong to a site's name, recovery codes are hashed, and what else there is nobody knows.
        _ if context.factors => record.factor_lost = true,
        _ => {}
    }
    Ok(())
}
