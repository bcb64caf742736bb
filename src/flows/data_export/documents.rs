//! The documents for programs. Times are in milliseconds since 1970, as in `docs/export.md`. Digests and
//! secrets are in none: what proves who somebody is stays here.

use domain::{CustomFields, Factor, Millis, OidcScope, Opening, OpeningKind, SecurityEvent, TicketPurpose};
use serde_json::{Value, json};
use store::mail_log::LoggedMail;
use store::outbox::QueuedMail;

use super::own_data::OwnData;
use crate::flows::administration::export::facts_of;
use crate::flows::security_log::shown_actor;

fn millis(at: Option<Millis>) -> Option<i64> {
    at.map(|at| at.0)
}

/// Who its owner is.
pub(super) fn account(data: &OwnData, fields: &CustomFields, locale: &str) -> Value {
    let mut document = facts_of(&data.found, data.role.clone());
    let labels: serde_json::Map<String, Value> =
        fields.iter().map(|field| (field.name.clone(), field.label(locale).into())).collect();
    let sources = data.sources.iter().map(|(product, id)| json!({ "product": product, "id": id }));
    document.insert("display_name".into(), data.found.account.display_name().into());
    document.insert("field_labels".into(), labels.into());
    document.insert("terms_at".into(), millis(data.terms_at).into());
    let wanted = data.address_wanted.as_ref().map(|address| address.as_str());
    document.insert("email_wanted".into(), wanted.into());
    document
        .insert("factor_recovery_due_at".into(), millis(data.found.account.factor_recovery_due_at).into());
    document.insert("deletion_asked_at".into(), millis(data.found.account.deletion_asked_at).into());
    let former = data.former_usernames.iter().map(|former| {
        json!({
            "username": former.username.as_str(),
            "given_up_at": former.given_up_at.0,
            "reserved_until": millis(former.reserved_until),
        })
    });
    document.insert("former_usernames".into(), former.collect::<Vec<_>>().into());
    document.insert("imported_from".into(), sources.collect::<Vec<_>>().into());
    document.into()
}

/// The browsers that are signed in.
pub(super) fn sessions(data: &OwnData) -> Value {
    let sessions = data.sessions.iter().map(|session| {
        json!({
            "id": session.id.0,
            "browser": session.browser_label,
            "place": session.place,
            "created_at": session.created_at.0,
            "seen_at": session.seen_at.0,
            "proven_at": millis(Some(session.proven_at).filter(|at| at.0 > 0)),
            "factors": session.factors.iter().map(Factor::as_str).collect::<Vec<_>>(),
        })
    });
    sessions.collect()
}

/// What else opens the account, and what it knows of programs.
pub(super) fn devices(data: &OwnData) -> Value {
    let of = |kind: OpeningKind| -> Vec<Value> {
        data.openings.iter().filter(|opening| opening.id.kind == kind).map(opening).collect()
    };
    let apps = data.apps.iter().map(|(id, seen)| json!({ "id": id, "seen_at": seen.0 }));
    let places = data.places.iter().map(|known| {
        json!({
            "dialect": known.door,
            "place": known.place,
            "created_at": known.created_at.0,
            "seen_at": known.seen_at.0,
        })
    });
    json!({
        "known_browsers": of(OpeningKind::KnownBrowser),
        "apps": of(OpeningKind::Bearer),
        "paired_devices": of(OpeningKind::Device),
        "user_secrets": of(OpeningKind::UserSecret),
        "mailed_links": of(OpeningKind::Link),
        "redirections": of(OpeningKind::Redirection),
        "known_apps": apps.collect::<Vec<_>>(),
        "known_places": places.collect::<Vec<_>>(),
    })
}

fn opening(opening: &Opening) -> Value {
    json!({
        "id": opening.id.number,
        "dialect": opening.door,
        "name": opening.name,
        "permits": opening.purpose.map(TicketPurpose::as_str),
        "place": opening.place,
        "created_at": opening.created_at.0,
        "seen_at": millis(opening.used.then_some(opening.seen_at)),
        "trusted_until": millis(opening.trusted_until),
    })
}

/// What proves who its owner is: that it is there, and never what it is.
pub(super) fn factors(data: &OwnData) -> Value {
    let passkeys = data.passkeys.iter().map(|passkey| {
        json!({
            "id": passkey.id.0,
            "name": passkey.name,
            "model": passkey.model.name(),
            "place": passkey.place,
            "created_at": passkey.created_at.0,
            "seen_at": millis(passkey.seen_at),
        })
    });
    let app_passwords = data.app_passwords.iter().map(|made| {
        json!({
            "id": made.id.0,
            "name": made.name,
            "dialect": made.door,
            "place": made.place,
            "created_at": made.created_at.0,
            "seen_at": millis(made.seen_at),
        })
    });
    json!({
        "has_password": data.found.password_hash.is_some(),
        "password_changed_at": millis(data.found.password_changed_at),
        "second_factor_at": millis(data.found.account.second_factor_at),
        "totp_since": millis(data.codes.totp_since),
        "recovery_codes": { "left": data.codes.codes_left, "made_at": millis(data.codes.codes_made_at) },
        "passkeys": passkeys.collect::<Vec<_>>(),
        "app_passwords": app_passwords.collect::<Vec<_>>(),
    })
}

/// Who may know who its owner is, and whose accounts sign in.
pub(super) fn applications(data: &OwnData) -> Value {
    let grants = data.grants.iter().map(|grant| {
        json!({
            "id": grant.id.0,
            "name": grant.name,
            "client_id": grant.identifier,
            "scopes": grant.scopes.iter().map(OidcScope::as_str).collect::<Vec<_>>(),
            "created_at": grant.created_at.0,
            "used_at": grant.used_at.0,
        })
    });
    let identities = data.identities.iter().map(|(identity, subject)| {
        json!({
            "provider": identity.issuer,
            "subject": subject,
            "name": identity.handle,
            "created_at": identity.created_at.0,
            "seen_at": millis(identity.seen_at),
        })
    });
    json!({
        "applications": grants.collect::<Vec<_>>(),
        "identities": identities.collect::<Vec<_>>(),
    })
}

/// An event, as the owner's log has it.
pub(super) fn event(event: &SecurityEvent) -> Value {
    let (actor, key) = shown_actor(&event.actor);
    json!({
        "id": event.number,
        "kind": event.kind.as_str(),
        "at": event.at.0,
        "actor": actor,
        "key": key,
        "factors": event.factors.iter().map(Factor::as_str).collect::<Vec<_>>(),
        "label": event.label,
        "place": event.place,
        "detail": event.detail,
    })
}

/// A message that waits or was set aside. What the mail server said of it is the operator's.
pub(super) fn waiting_mail(mail: &QueuedMail) -> Value {
    json!({
        "kind": mail.kind,
        "recipient": mail.recipient,
        "written_at": mail.created_at.0,
        "state": if mail.failed_at.is_some() { "failed" } else { "waiting" },
        "at": mail.failed_at.unwrap_or(mail.due_at).0,
    })
}

/// A message that left.
pub(super) fn logged_mail(mail: &LoggedMail) -> Value {
    json!({
        "kind": mail.kind,
        "recipient": mail.recipient,
        "written_at": mail.created_at.0,
        "state": mail.outcome.as_str(),
        "at": mail.at.0,
    })
}
