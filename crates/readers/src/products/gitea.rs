//! Gitea and Forgejo.

use std::borrow::Cow;

use super::super::context::Context;
use super::super::password::Password;
use super::super::record::Fact;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape {
    factors_beside: Some(&["two_factor", "webauthn_credential"]),
    ..Shape::of(
        &["gitea", "forgejo"],
        &[
            Table::accounts(&["user"], "passwd_hash_algo", user),
            Table::beside(&["email_address"], "is_activated", address),
            Table::factors(&["two_factor"], "uid", two_factor),
            // The second is of versions before 1.16.
            Table::factors(&["webauthn_credential", "u2f_registration"], "user_id", key),
            Table::beside(&["external_login_user"], "external_id", external),
        ],
    )
};

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    // The same table has organisations (1), names that nobody may take (2 and 3), programs (4), and people of
    // other servers (5, and Forgejo's 6).
    if row.get("type").is_some() && row.id("type")? != "0" {
        return Ok(None);
    }
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::EmailVerified, "is_active"),
        (Target::Username, "name"),
        (Target::Name, "full_name"),
        (Target::Locale, "language"),
        (Target::CreatedAtSeconds, "created_unix"),
        (Target::Disabled, "prohibit_login"),
        (Target::Password, "passwd"),
        (Target::Salt, "salt"),
        (Target::Algorithm, "passwd_hash_algo"),
        (Target::Field(Cow::Borrowed("website")), "website"),
        (Target::Field(Cow::Borrowed("location")), "location"),
    ];
    let mut record = record(&columns, row, "gitea", context)?;
    record.email_verified = proven(record.email_verified);
    // Another server checks the passwords of LDAP (2 and 5), SMTP (3), PAM (4) and SSPI (7). What stands here
    // is a password that it may have had once. An account of OAuth2 (6) has one of its own.
    if row.get("login_type").is_some() && ["2", "3", "4", "5", "7"].contains(&row.id("login_type")?.as_str())
    {
        record.password = Password::None;
    }
    for (flag, role) in [("is_admin", "admin"), ("is_restricted", "restricted")] {
        if row.flag(flag)? == Some(true) {
            record.roles.push(role.to_owned());
        }
    }
    account(record)
}

/// A flag that says no is right. Where the site asks nobody to prove an address, which is the product's own
/// setting, it says yes of all: an operator who did ask maps `email_verified=is_active`.
fn proven(flag: Fact) -> Fact {
    if flag == Fact::No { Fact::No } else { Fact::Unsaid }
}

fn address(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    let verified = proven(row.fact("is_activated")?);
    let primary = row.flag("is_primary")? == Some(true);
    let email = row.needed("email")?;
    additions(row.id("uid")?, vec![Addition::Email { email, verified, primary }])
}

/// An app, whose secret is encrypted with a key of the server's.
fn two_factor(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    lost_of(row.id("uid")?, context)
}

/// A security key, which belongs to the site's name. It is asked for behind a password as well.
fn key(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    lost_of(row.id("user_id")?, context)
}

fn lost_of(user: String, context: &Context) -> Result<Option<Part>, RowFault> {
    if !context.factors {
        return Ok(None);
    }
    additions(user, vec![Addition::FactorLost("second factors of Gitea do not come along".to_owned())])
}

fn external(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    identity(row, "user_id", "provider", "external_id")
}
