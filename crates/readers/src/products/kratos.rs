//! Ory Kratos: identities as its administration's interface takes and gives them, one a line.

use recipes::factors::{RecoveryCodes, TotpSecret};
use serde_json::Value;

use super::super::context::Context;
use super::super::factor::{Parameters, codes_of, take, totp_with};
use super::super::password::{ForeignPassword, Password};
use super::super::record::{Fact, Identity, Record};
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::Part;
use super::super::table::{Shape, Table, account, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape =
    Shape { lines: true, ..Shape::of(&["kratos"], &[Table::accounts(&["identities"], "traits", identity)]) };

fn identity(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [(Target::Id, "id"), (Target::CreatedAt, "created_at")];
    let mut record = record(&columns, row, "kratos", context)?;
    record.disabled = match row.text("state")?.as_deref() {
        None => Fact::Unsaid,
        Some("active") => Fact::No,
        Some(_) => Fact::Yes,
    };
    traits(&row.row("traits")?, &mut record)?;
    for address in row.rows("verifiable_addresses")? {
        if address.text("value")? == record.email {
            record.email_verified = match (address.flag("verified")?, address.time("verified_at")?) {
                (Some(true), Some(at)) => Fact::Since(at),
                (Some(true), None) => Fact::Yes,
                _ => Fact::No,
            };
        }
    }
    // The product's list of identities has none unless they are asked for. Then nobody knows who has which.
    if context.factors && !row.has("credentials") {
        return Err(RowFault::Missing("credentials".to_owned()));
    }
    credentials(&row.row("credentials")?, &mut record, context)?;
    account(record)
}

/// The site chooses the traits. These are the names of the product's examples.
fn traits(traits: &Row, record: &mut Record) -> Result<(), RowFault> {
    record.email = traits.text("email")?;
    record.username = traits.text("username")?;
    if traits.get("name").is_some_and(Value::is_object) {
        let name = traits.row("name")?;
        record.firstname = name.text("first")?;
        record.lastname = name.text("last")?;
    } else {
        record.name = traits.text("name")?;
    }
    if record.id.is_empty() {
        // What is written for its import has no id yet.
        record.id = record.email.clone().unwrap_or_default();
    }
    Ok(())
}

fn credentials(credentials: &Row, record: &mut Record, context: &Context) -> Result<(), RowFault> {
    if let Some(value) = credentials.row("password")?.row("config")?.text("hashed_password")? {
        let password = ForeignPassword::new(context.recipe("kratos"), value);
        record.password = Password::Foreign(Box::new(password));
    }
    for provider in credentials.row("oidc")?.row("config")?.rows("providers")? {
        let (provider, subject) = (provider.needed("provider")?, provider.id("subject")?);
        record.identities.push(Identity { provider, subject });
    }
    if context.factors { factors(credentials, record) } else { Ok(()) }
}

fn factors(credentials: &Row, record: &mut Record) -> Result<(), RowFault> {
    for kind in credentials.keys().filter(|kind| credentials.get(kind).is_some()) {
        let credential = credentials.row(kind)?;
        // A kind that was not asked for is exported without what it is made of.
        let (config, is_bare) = (credential.row("config")?, credential.get("config").is_none());
        match kind {
            // Each of these signs in by itself, and whoever types a password is not asked for it.
            "password" | "oidc" | "saml" | "passkey" | "profile" => {}
            "totp" => match config.text("totp_url")? {
                Some(url) => take(record, otpauth(&url).map(Some))?,
                None => record.factor_lost = true,
            },
            // They are asked for behind a password, even if there is no app.
            "lookup_secret" => {
                // What is written for the product's import names them otherwise.
                let codes = config.rows(if config.has("codes") { "codes" } else { "recovery_codes" })?;
                record.factor_lost |= is_bare || !codes.is_empty();
                record.recovery_codes = unused(&codes);
            }
            // A key with no word of signing in alone is one that belongs to a password.
            "webauthn" => {
                let keys = config.rows("credentials")?;
                let is_behind = |key: &Row| key.flag("is_passwordless") != Ok(Some(true));
                record.factor_lost |= is_bare || keys.iter().any(is_behind);
            }
            // Codes by mail or telephone, instead of a password or behind it: the site's settings say which,
            // and the file does not.
            "code" => record.factor_lost |= credentials.get("password").is_some(),
            _ => record.factor_lost = true,
        }
    }
    // One is enough to ask for.
    record.factor_lost &= record.totp.is_none();
    Ok(())
}

/// The recovery codes that were not used. Without them an account is as safe as before.
fn unused(codes: &[Row]) -> Option<RecoveryCodes> {
    let unused = codes.iter().filter(|code| code.get("used_at").is_none());
    let codes: Result<Vec<String>, _> = unused.map(|code| code.needed("code")).collect();
    codes.and_then(codes_of).ok().flatten()
}

/// What an authenticator app is shown: `otpauth://totp/site:ann?secret=…&algorithm=SHA1&digits=6&period=30`.
fn otpauth(url: &str) -> Result<TotpSecret, RowFault> {
    let wrong = || RowFault::Malformed("totp_url".to_owned());
    let (_, query) =
        url.strip_prefix("otpauth://totp/").and_then(|rest| rest.split_once('?')).ok_or_else(wrong)?;
    let value = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
    };
    let number = |name: &str, usual: u64| match value(name) {
        None => Ok(Value::from(usual)),
        Some(digits) => digits.parse::<u64>().map(Value::from).map_err(|_| wrong()),
    };
    let parameters = Parameters {
        secret: value("secret").ok_or_else(wrong)?,
        digest: value("algorithm").unwrap_or("sha1"),
        digits: number("digits", 6)?,
        period: number("period", 30)?,
    };
    totp_with(parameters, "totp_url")
}
