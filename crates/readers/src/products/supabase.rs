//! Supabase: the tables of its schema `auth`.

use std::borrow::Cow;

use recipes::factors::discourse_totp;

use super::super::context::Context;
use super::super::record::Fact;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, lost, nothing, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape {
    factors_beside: Some(&["mfa_factors"]),
    ..Shape::of(
        &["supabase"],
        &[
            Table::accounts(&["users", "auth_users"], "encrypted_password", user),
            Table::beside(&["identities", "auth_identities"], "provider_id", identity_row),
            Table::factors(&["mfa_factors", "auth_mfa_factors"], "factor_type", factor),
            // What is under way, what sessions were made of, and passkeys: those sign in by themselves, and
            // whoever types a password is asked for none.
            Table::beside(
                &[
                    "mfa_challenges",
                    "auth_mfa_challenges",
                    "mfa_amr_claims",
                    "auth_mfa_amr_claims",
                    "webauthn_challenges",
                    "auth_webauthn_challenges",
                    "webauthn_credentials",
                    "auth_webauthn_credentials",
                ],
                "",
                nothing,
            ),
        ],
    )
};

const USER: &[(Target, &str)] = &[
    (Target::Id, "id"),
    (Target::Email, "email"),
    (Target::EmailVerified, "email_confirmed_at"),
    (Target::CreatedAt, "created_at"),
    (Target::Disabled, "deleted_at"),
    (Target::DisabledUntil, "banned_until"),
    (Target::Password, "encrypted_password"),
    (Target::Field(Cow::Borrowed("phone")), "phone"),
];

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let mut record = record(USER, row, "supabase", context)?;
    if row.time("deleted_at")?.is_some() {
        record.disabled = row.fact("deleted_at")?;
    }
    let shown = row.row("raw_user_meta_data")?;
    record.name = match shown.text("full_name") {
        Ok(Some(name)) => Some(name),
        _ => shown.text("name").ok().flatten(),
    };
    // The app writes this one, and the person the other.
    record.roles.extend(row.row("raw_app_meta_data")?.text("role").ok().flatten());
    if record.disabled == Fact::Unsaid && row.has("banned_until") {
        record.disabled = Fact::No;
    }
    account(record)
}

fn identity_row(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    // These two are the account itself.
    if matches!(row.needed("provider")?.as_str(), "email" | "phone") {
        return Ok(None);
    }
    identity(row, "user_id", "provider", "provider_id")
}

fn factor(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let (user, kind) = (row.id("user_id")?, row.needed("factor_type")?);
    // A set-up that was not finished asks for no code.
    if !context.factors || row.text("status")?.as_deref() == Some("unverified") {
        return Ok(None);
    }
    let found = match kind.as_str() {
        // It may be encrypted with a key of the server's.
        "totp" => discourse_totp(&row.needed("secret")?).map_or_else(lost, Addition::Totp),
        // Passkeys belong to a site's name.
        _ => Addition::FactorLost("only secrets of authenticator apps come along".to_owned()),
    };
    additions(user, vec![found])
}
