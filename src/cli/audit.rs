//! `vestibule audit`: what happened, to whom, by whom and from where.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use domain::{AuditEvent, Clock as _, EventKind, Factor, Millis, SystemClock};
use look::pages::iso;
use serde_json::{Value, json};
use store::Store;
use store::audit_log::AuditQuery;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

use super::accounts::{account_name, refused};
use super::output::{Output, on_one_line, print};
use super::table::utc;
use super::{beside_server, fault, finish};
use crate::compose::log_to_stderr;
use crate::flows::administration::{self, AccountName, AuditLog};

/// `vestibule audit …`
#[derive(Args, Clone, Debug)]
pub struct Audit {
    /// Since when: 90d, 12h, 30m or 2w ago, a date such as 2026-01-31, or a time such as
    /// 2026-01-31T09:30:00Z.
    #[arg(long, value_name = "TIME", value_parser = since)]
    since: Option<Since>,
    /// Who did it: owner, visitor, key, staff, operator or system; key:NAME for one key; or an account, as
    /// its owner or as staff.
    #[arg(long, value_name = "WHO", value_parser = actor)]
    actor: Option<Who>,
    /// To whom it was done: an account's address, number or username.
    #[arg(long, value_name = "ACCOUNT", value_parser = account_name)]
    account: Option<AccountName>,
    /// What happened, such as signed_in or role_changed.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<EventKind>,
}

#[derive(Clone, Copy, Debug)]
enum Since {
    Ago(Duration),
    At(Millis),
}

#[derive(Clone, Debug)]
enum Who {
    Kind(&'static str),
    Key(String),
    Account(AccountName),
}

/// Prints what happened, the oldest first: a line each for people, or a JSON object on each line.
pub fn run(audit: &Audit, output: Output) -> ExitCode {
    log_to_stderr();
    finish(obey(audit, output))
}

fn obey(audit: &Audit, output: Output) -> Result<(), Box<dyn Error>> {
    beside_server(async |_, store| list(store, audit, output).await)
}

async fn list(store: &Store, audit: &Audit, output: Output) -> Result<(), Box<dyn Error>> {
    let query = query(store, audit).await?;
    let mut log = AuditLog::new(store, query);
    loop {
        let events = log.next().await.map_err(fault)?;
        if events.is_empty() {
            return Ok(());
        }
        let lines = events
            .iter()
            .map(|event| if output.is_json() { format!("{}\n", value(event)) } else { line(event) });
        print(&lines.collect::<String>())?;
    }
}

async fn query(store: &Store, audit: &Audit) -> Result<AuditQuery, Box<dyn Error>> {
    let since = match audit.since {
        None => Millis(0),
        Some(Since::Ago(ago)) => SystemClock.now().before(ago),
        Some(Since::At(at)) => at,
    };
    let mut query = AuditQuery { since, ..AuditQuery::default() };
    let number = async |whom: &AccountName| {
        let found =
            administration::number_of(store, whom).await.map_err(|error| refused(error, Some(whom)))?;
        found.ok_or_else(|| Box::<dyn Error>::from("there is no such account"))
    };
    match &audit.actor {
        None => {}
        Some(Who::Kind(word)) => query.actor = Some((*word).to_owned()),
        Some(Who::Key(name)) => {
            query.actor = Some("key".to_owned());
            query.actor_name = Some(name.clone());
        }
        Some(Who::Account(whom)) => query.actor_id = Some(number(whom).await?),
    }
    if let Some(whom) = &audit.account {
        query.account = Some(number(whom).await?);
    }
    query.kind = audit.kind.map(|kind| kind.as_str().to_owned());
    Ok(query)
}

/// Time, who, what, to whom, and whatever else there is to say.
fn line(event: &AuditEvent) -> String {
    let who = match (event.actor_id, event.actor_name.as_str()) {
        (Some(id), _) => format!("{} {id}", event.actor),
        (None, "") => event.actor.clone(),
        (None, name) => format!("{} {name}", event.actor),
    };
    let whom = match (event.account_id, event.target.as_str()) {
        (Some(id), _) => format!("account {id}"),
        (None, target) => target.to_owned(),
    };
    let factors: Vec<&str> = event.factors.iter().map(Factor::as_str).collect();
    let factors = factors.join(",");
    let refused = if event.outcome == "refused" { "refused" } else { "" };
    let more = [
        ("", refused.to_owned()),
        ("by", factors),
        ("with", event.label.clone()),
        ("from", event.origin.clone()),
        ("detail", quoted(&event.detail)),
        ("reason", quoted(&event.reason)),
    ];
    let more: Vec<String> = more
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name} {value}").trim().to_owned())
        .collect();
    let text = format!("{}  {who}  {}  {whom}  {}", utc(event.at), event.kind, more.join("; "));
    format!("{}\n", on_one_line(text.trim_end()))
}

/// What somebody has typed, so that it ends where it ends.
fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\"{}\"", text.replace('"', "'")) }
}

fn value(event: &AuditEvent) -> Value {
    let factors: Vec<&str> = event.factors.iter().map(Factor::as_str).collect();
    json!({
        "id": event.number,
        "at": iso(event.at),
        "kind": event.kind,
        "outcome": event.outcome,
        "actor": event.actor,
        "actor_id": event.actor_id.map(|id| id.0),
        "actor_name": event.actor_name,
        "account_id": event.account_id.map(|id| id.0),
        "target": event.target,
        "factors": factors,
        "label": event.label,
        "origin": event.origin,
        "detail": event.detail,
        "reason": event.reason,
    })
}

fn since(text: &str) -> Result<Since, String> {
    if let Some(ago) = super::lasting::parse(text) {
        return Ok(Since::Ago(ago));
    }
    let at = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| {
        let date = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
        Some(date.midnight().assume_utc())
    });
    at.map(|at| Since::At(Millis(at.unix_timestamp().saturating_mul(1_000)))).ok_or_else(|| {
        "should be a time ago such as 90d or 12h, a date such as 2026-01-31, or a time such as \
         2026-01-31T09:30:00Z"
            .to_owned()
    })
}

fn actor(text: &str) -> Result<Who, String> {
    let words = ["owner", "visitor", "key", "staff", "operator", "system"];
    if let Some(word) = words.into_iter().find(|word| *word == text) {
        return Ok(Who::Kind(word));
    }
    if let Some(name) = text.strip_prefix("key:") {
        return Ok(Who::Key(name.to_owned()));
    }
    account_name(text).map(Who::Account).map_err(|_| {
        "should be owner, visitor, key, staff, operator or system; key:NAME; or an account's address or number"
            .to_owned()
    })
}

fn kind(text: &str) -> Result<EventKind, String> {
    EventKind::parse(text).ok_or_else(|| {
        let known: Vec<&str> = EventKind::ALL.into_iter().map(EventKind::as_str).collect();
        format!("should be one of {}", known.join(", "))
    })
}
