//! What a message says. `docs/webhooks/events.schema.json` describes it for its readers, and a test holds
//! what is sent against that.

use domain::{Account, AccountId, EventActor, EventKind, Factors, Millis};
use look::pages::iso;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The body of a message, in the shape that Standard Webhooks recommends.
#[derive(Serialize)]
struct WebhookPayload<'a> {
    #[serde(rename = "type")]
    event: &'a str,
    timestamp: String,
    data: &'a Map<String, Value>,
}

/// The text of a message of the type `event`.
pub(super) fn text(event: &str, at: Millis, data: &Map<String, Value>) -> String {
    let milliseconds = at.0.rem_euclid(1_000);
    let timestamp = format!("{}.{milliseconds:03}Z", iso(at).trim_end_matches('Z'));
    // A map of texts and numbers is always written.
    serde_json::to_string(&WebhookPayload { event, timestamp, data }).unwrap_or_default()
}

/// Whom a message is about, and who did it.
pub(super) fn about(account: AccountId, actor: &EventActor) -> Map<String, Value> {
    let mut by = Map::from_iter([("kind".to_owned(), actor.as_str().into())]);
    match actor {
        EventActor::Key(name) => drop(by.insert("name".into(), name.as_str().into())),
        EventActor::Staff(id) => drop(by.insert("account_id".into(), id.0.into())),
        EventActor::Owner | EventActor::Visitor | EventActor::Operator | EventActor::System => {}
    }
    Map::from_iter([("account_id".to_owned(), account.0.into()), ("actor".to_owned(), by.into())])
}

/// The account as a message shows it.
pub(super) fn account(account: &Account) -> Value {
    json!({
        "email": account.email.as_str(),
        "email_verified": account.verified_at.is_some(),
        "username": account.username.as_ref().map(domain::Username::as_str),
        "name": account.display_name(),
        "locale": account.locale,
        "role": account.role.0,
        "disabled": account.locked_at.is_some(),
        "awaits_approval": account.approval_wanted_at.is_some(),
    })
}

/// What messages of an event say beside that. `detail` and `label` are those of its row in the log.
pub(super) fn facts(kind: EventKind, factors: Factors, detail: &str, label: &str) -> Value {
    let named = |factor: &str, change: &str| json!({ "factor": factor, "change": change });
    let passkey = |change: &str| json!({ "factor": "passkey", "change": change, "name": detail });
    let app_password = || {
        let (door, name) = detail.split_once(' ').unwrap_or((detail, ""));
        json!({ "door": door, "name": name })
    };
    match kind {
        EventKind::AddressChanged => json!({ "changed": "email", "former_email": detail }),
        EventKind::UsernameChanged => {
            let former = Some(detail).filter(|former| !former.is_empty());
            json!({ "changed": "username", "former_username": former })
        }
        EventKind::RoleChanged => {
            let former = detail.split(' ').next().and_then(|former| former.parse::<i64>().ok());
            json!({ "changed": "role", "former_role": former })
        }
        EventKind::Approved => json!({ "changed": "approval" }),
        EventKind::DeletionAsked => json!({ "changed": "deletion", "asked": true }),
        EventKind::DeletionDeclined => json!({ "changed": "deletion", "asked": false }),
        EventKind::ProfileChanged => json!({ "changed": "profile" }),
        EventKind::SignedIn => {
            let factors: Vec<&str> = factors.iter().map(domain::Factor::as_str).collect();
            json!({ "door": detail, "factors": factors, "device": label })
        }
        EventKind::SecondStepRefused => json!({ "reason": detail, "device": label }),
        EventKind::PasswordChanged if detail.is_empty() => json!({ "how": "changed" }),
        EventKind::PasswordChanged => json!({ "how": detail }),
        EventKind::PasswordRemoved => json!({ "how": "removed" }),
        EventKind::TotpAdded => named("totp", "added"),
        EventKind::TotpRemoved => named("totp", "removed"),
        EventKind::RecoveryCodesMade => named("recovery_codes", "added"),
        EventKind::RecoveryCodeUsed => {
            json!({ "factor": "recovery_codes", "change": "used", "left": detail.parse::<i64>().ok() })
        }
        EventKind::PasskeyAdded => passkey("added"),
        EventKind::PasskeyRemoved => passkey("removed"),
        EventKind::FactorsRemoved => named("all", "removed"),
        EventKind::DevicePaired | EventKind::ApplicationPermitted | EventKind::ApplicationEnded => {
            json!({ "name": detail })
        }
        EventKind::IdentityLinked | EventKind::IdentityUnlinked => json!({ "provider": detail }),
        EventKind::OpeningEnded => json!({ "what": detail, "all": false }),
        EventKind::OpeningsEnded => {
            json!({ "what": Some(detail).filter(|what| !what.is_empty()), "all": true })
        }
        EventKind::AppPasswordMade | EventKind::AppPasswordRevoked => app_password(),
        _ => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: EventKind, detail: &str) -> Value {
        facts(kind, Factors::default(), detail, "")
    }

    #[test]
    fn a_detail_of_the_log_becomes_values_with_names() {
        let changed = said(EventKind::RoleChanged, "1 to 3");
        assert_eq!(changed, json!({ "changed": "role", "former_role": 1 }));
        assert_eq!(said(EventKind::UsernameChanged, "")["former_username"], Value::Null);
        assert_eq!(said(EventKind::UsernameChanged, "ada")["former_username"], "ada");
        assert_eq!(said(EventKind::AppPasswordMade, "siberian My radio")["name"], "My radio");
        assert_eq!(said(EventKind::OpeningsEnded, "")["what"], Value::Null);
        assert_eq!(said(EventKind::PasswordChanged, "link")["how"], "link");
        assert_eq!(said(EventKind::RecoveryCodeUsed, "7")["left"], 7);
    }

    #[test]
    fn a_message_has_type_time_and_data_in_this_order() {
        let data = about(AccountId(7), &EventActor::Key("shop".into()));
        let said = text("account.deleted", Millis(1_767_225_600_042), &data);
        let data = r#"{"account_id":7,"actor":{"kind":"key","name":"shop"}}"#;
        let time = "2026-01-01T00:00:00.042Z";
        assert_eq!(said, format!(r#"{{"type":"account.deleted","timestamp":"{time}","data":{data}}}"#));
    }
}
