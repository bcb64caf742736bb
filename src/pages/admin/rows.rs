//! Accounts, mail and events as the templates of the administration see them.

use std::collections::BTreeMap;

use domain::{
    Account, AccountError, AccountId, AuditEvent, EventActor, EventKind, Factors, Millis, Outcome, Role,
    SecurityEvent, Username,
};
use look::Argument;
use look::pages::{AccountRowView, AuditEventView, MailView, TimeView};
use store::mail_log::MailOutcome;
use store::outbox::QueuedMail;

use super::staff::Staff;
use crate::flows::api_keys;
use crate::flows::mail::operate::MailOfAccount;
use crate::flows::told;
use crate::pages::openings::named_browser;
use crate::web::Visit;

/// The sentence of `key`.
pub fn text(visit: &Visit<'_>, key: &str) -> String {
    visit.view.catalog().text(visit.locale(), key, &[])
}

/// The names of the roles.
pub struct RoleNames(BTreeMap<Role, String>);

impl RoleNames {
    /// # Errors
    /// `Unavailable`.
    pub async fn read(staff: &Staff<'_>) -> Result<Self, AccountError> {
        Ok(Self(api_keys::all_roles(staff.flows().store()).await?.into_iter().collect()))
    }

    /// The name of a role; its number where it was removed.
    pub fn of(&self, role: Role) -> String {
        self.0.get(&role).cloned().unwrap_or_else(|| role.0.to_string())
    }

    /// All of them, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (&Role, &String)> {
        self.0.iter()
    }
}

/// An account, as a row of a list.
pub fn account(visit: &Visit<'_>, roles: &RoleNames, account: &Account) -> AccountRowView {
    let (state, sentence) = match account {
        Account { deleted_at: Some(_), .. } => ("deleted", "account-deleted"),
        Account { locked_at: Some(_), .. } => ("locked", "account-locked"),
        Account { deletion_asked_at: Some(_), .. } => ("leaving", "account-leaving"),
        Account { approval_wanted_at: Some(_), .. } => ("waiting", "account-waiting"),
        Account { verified_at: Some(_), .. } => ("proven", "account-proven"),
        _ => ("unproven", "account-unproven"),
    };
    AccountRowView {
        id: account.id.0,
        email: account.email.as_str().to_owned(),
        username: account.username.as_ref().map_or("", Username::as_str).to_owned(),
        name: account.display_name(),
        role: roles.of(account.role),
        state,
        state_text: text(visit, sentence),
        created_at: TimeView::day(account.created_at, visit.dates()),
    }
}

/// A message about an account.
pub fn mail(visit: &Visit<'_>, mail: MailOfAccount) -> MailView {
    match mail {
        MailOfAccount::Queued(mail) => queued(visit, mail),
        MailOfAccount::Logged(mail) => {
            let (state, sentence) = match mail.outcome {
                MailOutcome::Sent => ("sent", "mail-sent"),
                MailOutcome::HeldBack => ("held_back", "mail-held-back"),
                MailOutcome::Withdrawn => ("withdrawn", "mail-withdrawn"),
            };
            MailView {
                id: mail.id.0,
                kind: mail.kind,
                recipient: mail.recipient,
                written_at: TimeView::minute(mail.created_at, visit.dates()),
                state,
                state_text: text(visit, sentence),
                at: TimeView::minute(mail.at, visit.dates()),
                attempts: mail.attempts,
                failure: mail.failure,
            }
        }
    }
}

/// The state of a message that a worker sends, and the key of what it is called.
pub fn waiting(
    visit: &Visit<'_>,
    failed_at: Option<Millis>,
    leased_until: Option<Millis>,
) -> (&'static str, &'static str) {
    match (failed_at, leased_until) {
        (Some(_), _) => ("failed", "mail-failed"),
        (None, Some(until)) if until > visit.flows.now() => ("sending", "mail-sending"),
        (None, _) => ("waiting", "mail-waiting"),
    }
}

/// A message of the outbox.
pub fn queued(visit: &Visit<'_>, mail: QueuedMail) -> MailView {
    let (state, sentence) = waiting(visit, mail.failed_at, mail.leased_until);
    MailView {
        id: mail.id.0,
        kind: mail.kind,
        recipient: mail.recipient,
        written_at: TimeView::minute(mail.created_at, visit.dates()),
        state,
        state_text: text(visit, sentence),
        at: TimeView::minute(mail.failed_at.unwrap_or(mail.due_at), visit.dates()),
        attempts: mail.attempts,
        failure: mail.failure,
    }
}

/// Something that happened.
pub fn event(visit: &Visit<'_>, event: AuditEvent) -> AuditEventView {
    let what = match EventKind::parse(&event.kind) {
        Some(kind) => what(visit, kind, &event),
        // A newer version wrote it.
        None => event.kind.clone(),
    };
    // Some kinds say by themselves that something was refused.
    let done = EventKind::parse(&event.kind).is_none_or(|kind| kind.outcome() != Outcome::Refused);
    let refused = done && event.outcome == Outcome::Refused.as_str();
    // The door of browsers needs no name.
    let said = event.detail == "pages" || what.contains(&event.detail);
    let detail = if said { String::new() } else { event.detail.clone() };
    let about = event.account_id.map_or(0, |id| id.0);
    let by = event.actor_id.map_or(0, |id| id.0);
    AuditEventView {
        id: event.number,
        what,
        by: actor(visit, &event),
        // Who an owner is, the account says.
        by_account: if by == about { 0 } else { by },
        account: about,
        target: event.target,
        detail,
        refused,
        factors: told::factors(visit.view.catalog(), visit.locale(), event.factors),
        browser: named_browser(visit, &event.label),
        place: event.origin,
        reason: event.reason,
        at: TimeView::minute(event.at, visit.dates()),
        kind: event.kind,
    }
}

fn what(visit: &Visit<'_>, kind: EventKind, event: &AuditEvent) -> String {
    told::what(
        visit.view.catalog(),
        visit.locale(),
        &SecurityEvent {
            number: event.number,
            account_id: event.account_id.unwrap_or(AccountId(0)),
            kind,
            actor: EventActor::System,
            factors: event.factors,
            label: String::new(),
            place: String::new(),
            detail: event.detail.clone(),
            at: event.at,
        },
    )
}

fn actor(visit: &Visit<'_>, event: &AuditEvent) -> String {
    match actor_sentence(&event.actor) {
        Some("actor-key") => {
            let name = Argument::Text(event.actor_name.as_str().into());
            visit.view.catalog().text(visit.locale(), "actor-key", &[("name", name)])
        }
        Some(key) => text(visit, key),
        None => event.actor.clone(),
    }
}

/// The sentence of a kind of actor.
pub fn actor_sentence(word: &str) -> Option<&'static str> {
    Some(match word {
        "owner" => "actor-owner",
        "visitor" => "actor-visitor",
        "key" => "actor-key",
        "staff" => "actor-staff",
        "operator" => "actor-operator",
        "system" => "actor-system",
        _ => return None,
    })
}

/// The kind of event alone, as a choice of the log's form has it.
pub fn kind_alone(visit: &Visit<'_>, kind: EventKind) -> String {
    let bare = AuditEvent {
        number: 0,
        at: Millis(0),
        kind: String::new(),
        outcome: String::new(),
        actor: String::new(),
        actor_id: None,
        actor_name: String::new(),
        account_id: None,
        target: String::new(),
        factors: Factors::default(),
        label: String::new(),
        origin: String::new(),
        detail: match kind {
            // The door that needs no name, and all that can end.
            EventKind::SignedIn => "pages".to_owned(),
            EventKind::OpeningsEnded => String::new(),
            _ => "-".to_owned(),
        },
        reason: String::new(),
    };
    let said = what(visit, kind, &bare);
    // What a sentence names follows a colon or a semicolon.
    let end = said.find([':', ';']).unwrap_or(said.len());
    said[..end].trim_end().to_owned()
}
