//! `vestibule mail …`: testing the mail server, and listing and retrying messages. The server may be running.

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::{AccountError, Clock as _, EmailAddress, MailId, Millis, SystemClock};
use look::pages::iso;
use mailer::SendError;
use serde_json::{Value, json};
use store::Store;
use store::outbox::QueuedMail;

use super::output::{Output, on_one_line, print, value_line};
use super::table::utc;
use super::{beside_server, fault, finish};
use crate::compose::{log_to_stderr, mail_parts};
use crate::config::Config;
use crate::flows::administration::Order;
use crate::flows::mail::operate::{self, TestError};

#[derive(Subcommand)]
pub enum MailCommand {
    /// Send one message right now, past the outbox, and say what the mail server answered.
    Test {
        /// Whom to send it to.
        #[arg(value_parser = address)]
        address: EmailAddress,
        /// Language of the message: en, fr or ru, or one of the theme's. The site's by default.
        #[arg(long, value_name = "CODE")]
        locale: Option<String>,
    },
    /// List the messages that wait to be sent and those that were set aside.
    List {
        /// Only those that were set aside.
        #[arg(long)]
        failed: bool,
    },
    /// Have messages tried again at once: what was set aside, and what waits for its next try.
    Retry(Retry),
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Retry {
    /// The message's number in the list.
    #[arg(value_parser = number)]
    id: Option<i64>,
    /// All of them.
    #[arg(long)]
    all: bool,
}

/// Runs `command`; prints an error on standard error.
pub fn run(command: MailCommand, output: Output) -> ExitCode {
    log_to_stderr();
    finish(obey(command, output))
}

fn obey(command: MailCommand, output: Output) -> Result<(), Box<dyn Error>> {
    if let MailCommand::Test { address, locale } = &command {
        let config = Config::load()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        return runtime.block_on(test(&config, address, locale.as_deref(), output));
    }
    beside_server(async |_, store| match command {
        MailCommand::List { failed } => list(store, failed, output).await,
        MailCommand::Retry(Retry { id, .. }) => retry(store, id.map(MailId), output).await,
        MailCommand::Test { .. } => Ok(()),
    })
}

async fn test(
    config: &Config,
    to: &EmailAddress,
    locale: Option<&str>,
    output: Output,
) -> Result<(), Box<dyn Error>> {
    let parts = mail_parts(config)?;
    let catalog = parts.renderer.catalog();
    let locale = match locale {
        Some(code) => {
            Some(catalog.find(code).ok_or_else(|| format!("--locale: there is no language `{code}`"))?)
        }
        None => None,
    };
    let Some(url) = &config.settings.smtp.url else {
        return Err("there is no mail server to test: set `smtp.url` (VESTIBULE_SMTP_URL). Until then the server writes each \
                    message into a file"
            .into());
    };
    eprintln!("Sending by {} …", mailer::server_of(url.reveal())?);
    let answer = operate::send_test(&parts, &SystemClock, to, locale).await.map_err(|error| match error {
        TestError::Words(error) => error.to_string(),
        TestError::Server(error) => format!("{}: {error}", what_became_of_it(&error)),
    })?;
    if output.is_json() {
        return value_line(&json!({ "taken": true, "answer": answer }));
    }
    print(&format!("The mail server has taken the message: {}\n", on_one_line(&answer)))
}

fn what_became_of_it(error: &SendError) -> &'static str {
    match error {
        SendError::Rejected(_) => "the mail server refuses the message for good",
        SendError::Deferred(_) => "the mail server does not take the message now",
        SendError::Unclear(_) => "it is not known whether the message was taken",
        SendError::Unreachable(_) => "no mail can be sent",
    }
}

async fn list(store: &Store, failed: bool, output: Output) -> Result<(), Box<dyn Error>> {
    let mails = operate::list(store, failed).await.map_err(fault)?;
    let now = SystemClock.now();
    if mails.is_empty() {
        eprintln!(
            "Nothing waits, and nothing was set aside. What was sent stands on the account's page of /admin."
        );
    }
    let head = ["ID", "KIND", "RECIPIENT", "WRITTEN", "ATTEMPTS", "STATE", "FAILURE"];
    output.table(head, mails.iter().map(|mail| (row(mail, now), value(mail))))
}

fn value(mail: &QueuedMail) -> Value {
    json!({
        "id": mail.id.0,
        "kind": mail.kind,
        "recipient": mail.recipient,
        "created_at": iso(mail.created_at),
        "attempts": mail.attempts,
        "due_at": iso(mail.due_at),
        "leased_until": mail.leased_until.map(iso),
        "failed_at": mail.failed_at.map(iso),
        "failure": mail.failure,
    })
}

fn row(mail: &QueuedMail, now: Millis) -> [String; 7] {
    let state = match mail.failed_at {
        Some(at) => format!("set aside {}", utc(at)),
        None if mail.leased_until.is_some_and(|until| until > now) => "being sent".to_owned(),
        None if mail.due_at <= now => "due".to_owned(),
        None => format!("due {}", utc(mail.due_at)),
    };
    [
        mail.id.to_string(),
        mail.kind.clone(),
        on_one_line(&mail.recipient),
        utc(mail.created_at),
        mail.attempts.to_string(),
        state,
        on_one_line(&mail.failure),
    ]
}

async fn retry(store: &Store, id: Option<MailId>, output: Output) -> Result<(), Box<dyn Error>> {
    match (operate::retry(store, &SystemClock, Order::of_operator(), id).await, id) {
        (Ok(due), Some(id)) => output.done(&format!("The message {id} is due now."), &json!({ "due": due })),
        (Ok(due), None) => output.done(&format!("Messages that are due now: {due}."), &json!({ "due": due })),
        (Err(AccountError::NotFound), Some(id)) => {
            Err(format!("no message {id} waits or was set aside; see `vestibule mail list`").into())
        }
        (Err(error), _) => Err(fault(error)),
    }
}

fn address(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(text).map_err(|_| "should be an address such as ada@example.org".to_owned())
}

fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| "should be a message's number, as `vestibule mail list` shows it".to_owned())
}
