//! `vestibule webhook …`: testing a site that is told what happens, and listing and retrying what it is to be
//! sent. The server may be running.

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::{AccountError, Clock as _, DeliveryId, Millis, OsRandom, SystemClock};
use look::pages::iso;
use serde_json::{Value, json};
use store::Store;
use store::webhook_deliveries::ListedDelivery;

use super::output::{Output, on_one_line};
use super::table::utc;
use super::{beside_server, fault, finish};
use crate::compose::{log_to_stderr, outbound, webhooks};
use crate::config::Config;
use crate::flows::Webhook;
use crate::flows::administration::Order;
use crate::flows::webhooks::operate;

#[derive(Subcommand)]
pub enum WebhookCommand {
    /// Send one message of the type webhook.test right now, past the list, and say what the site answered.
    Test {
        /// The webhook's name in the settings.
        name: String,
    },
    /// List the messages that wait to be sent and those that were set aside.
    List {
        /// Only those that were set aside.
        #[arg(long)]
        failed: bool,
    },
    /// Have messages sent again at once: what was set aside, and what waits for its next try.
    Retry(RetryDeliveries),
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct RetryDeliveries {
    /// The messages' numbers in the list.
    #[arg(value_parser = number)]
    ids: Vec<i64>,
    /// All of them.
    #[arg(long)]
    all: bool,
}

/// Deliveries that are read at once.
const PAGE: i64 = 500;

/// Runs `command`; prints an error on standard error.
pub fn run(command: WebhookCommand, output: Output) -> ExitCode {
    log_to_stderr();
    finish(obey(command, output))
}

fn obey(command: WebhookCommand, output: Output) -> Result<(), Box<dyn Error>> {
    if let WebhookCommand::Test { name } = &command {
        let config = Config::load()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        return runtime.block_on(test(&config, name, output));
    }
    beside_server(async |config, store| match command {
        WebhookCommand::List { failed } => list(config, store, failed, output).await,
        WebhookCommand::Retry(RetryDeliveries { ids, .. }) if ids.is_empty() => {
            retry_all(store, output).await
        }
        WebhookCommand::Retry(RetryDeliveries { ids, .. }) => retry(store, &ids, output).await,
        WebhookCommand::Test { .. } => Ok(()),
    })
}

async fn test(config: &Config, name: &str, output: Output) -> Result<(), Box<dyn Error>> {
    let hooks = webhooks(&config.settings);
    let Some(hook) = hooks.iter().find(|hook| hook.name == name) else {
        let names: Vec<&str> = hooks.iter().map(|hook| hook.name.as_str()).collect();
        return Err(match names.as_slice() {
            [] => format!("there is no webhook to test: set `webhooks.{name}`, see docs/webhooks.md"),
            names => format!("the settings have no webhook `{name}`; there are {}", names.join(", ")),
        }
        .into());
    };
    eprintln!("Sending to {} …", server_of(hook));
    let answer = operate::send_test(&outbound(&config.settings)?, &SystemClock, &OsRandom, hook).await?;
    if !answer.is_success() {
        return Err(format!("the site does not take the message: it answers {}", answer.status).into());
    }
    let value = json!({ "taken": true, "status": answer.status });
    output.done(&format!("The site has taken the message: it answers {}.", answer.status), &value)
}

/// The server of a webhook. What follows in its address may be a secret.
fn server_of(hook: &Webhook) -> String {
    hook.url.origin().ascii_serialization()
}

async fn list(config: &Config, store: &Store, failed: bool, output: Output) -> Result<(), Box<dyn Error>> {
    let names: Vec<String> = webhooks(&config.settings).into_iter().map(|hook| hook.name).collect();
    let (mut found, mut after) = (Vec::new(), Some(DeliveryId::default()));
    while let Some(last) = after {
        let page = operate::list(store, failed, last, PAGE).await.map_err(fault)?;
        found.extend(page.deliveries);
        after = page.next;
    }
    let now = SystemClock.now();
    let head = ["ID", "WEBHOOK", "EVENT", "ACCOUNT", "WRITTEN", "ATTEMPTS", "STATE", "FAILURE"];
    output.table(head, found.iter().map(|delivery| (row(delivery, &names, now), value(delivery))))
}

fn value(delivery: &ListedDelivery) -> Value {
    json!({
        "id": delivery.id.0,
        "webhook": delivery.webhook,
        "message": delivery.message,
        "event": delivery.event,
        "account_id": delivery.account.0,
        "created_at": iso(delivery.created_at),
        "attempts": delivery.attempts,
        "due_at": iso(delivery.due_at),
        "leased_until": delivery.leased_until.map(iso),
        "failed_at": delivery.failed_at.map(iso),
        "failure": delivery.failure,
    })
}

fn row(delivery: &ListedDelivery, names: &[String], now: Millis) -> [String; 8] {
    let state = match delivery.failed_at {
        Some(at) => format!("set aside {}", utc(at)),
        None if delivery.leased_until.is_some_and(|until| until > now) => "being sent".to_owned(),
        None if !names.contains(&delivery.webhook) => "not in the settings".to_owned(),
        None if delivery.due_at <= now => "due".to_owned(),
        None => format!("due {}", utc(delivery.due_at)),
    };
    [
        delivery.id.to_string(),
        delivery.webhook.clone(),
        delivery.event.clone(),
        delivery.account.to_string(),
        utc(delivery.created_at),
        delivery.attempts.to_string(),
        state,
        on_one_line(&delivery.failure),
    ]
}

async fn retry_all(store: &Store, output: Output) -> Result<(), Box<dyn Error>> {
    let due = operate::retry(store, &SystemClock, Order::of_operator(), None).await.map_err(fault)?;
    output.done(&format!("Messages that are due now: {due}."), &json!({ "due": due }))
}

async fn retry(store: &Store, ids: &[i64], output: Output) -> Result<(), Box<dyn Error>> {
    let mut missing = Vec::new();
    for id in ids {
        match operate::retry(store, &SystemClock, Order::of_operator(), Some(DeliveryId(*id))).await {
            Ok(_) => {}
            Err(AccountError::NotFound) => missing.push(id.to_string()),
            Err(error) => return Err(fault(error)),
        }
    }
    if !missing.is_empty() {
        let missing = missing.join(", ");
        let said = format!("no message {missing} waits or was set aside; see `vestibule webhook list`");
        return Err(said.into());
    }
    let due = ids.len();
    output.done(&format!("Messages that are due now: {due}."), &json!({ "due": due }))
}

fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| "should be a message's number, as `vestibule webhook list` shows it".to_owned())
}
