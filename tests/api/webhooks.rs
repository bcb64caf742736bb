//! `vestibule webhook …`: the real program beside a running server.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::support::site::{Behaviour, Site};
use crate::support::{TestApp, until};

both_engines![
    a_test_message_goes_at_once_and_the_answer_is_said,
    the_list_says_what_waits_and_what_was_set_aside,
    what_was_set_aside_is_sent_after_a_retry,
];

const PATIENCE: Duration = Duration::from_secs(20);

/// A server that tells a site of new accounts, and the site.
struct Served {
    app: TestApp,
    site: Site,
}

impl Served {
    async fn new(engine: Engine, behaviour: Behaviour) -> Self {
        let site = Site::new(behaviour).await;
        let app = TestApp::with(engine, &site.settings("shop", "['account.created']")).await;
        Self { app, site }
    }

    /// Runs `vestibule webhook` with the server's settings.
    fn webhook(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .arg("webhook")
            .args(arguments)
            .current_dir(self.app.scratch().folder())
            .env_clear()
            .env("VESTIBULE_DATABASE_URL", &self.app.scratch().url)
            .envs(self.site.variables("shop", "account.created"))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// What it printed and said, after success.
    #[track_caller]
    fn done(&self, arguments: &[&str]) -> (String, String) {
        let output = self.webhook(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        (String::from_utf8(output.stdout).unwrap(), said)
    }

    /// What it said, after a refusal.
    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.webhook(arguments);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{:?}", output.status);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
        String::from_utf8(output.stderr).unwrap()
    }

    #[track_caller]
    fn listed(&self, more: &[&str]) -> Vec<Value> {
        serde_json::from_str(&self.done(&[&["list", "--json"], more].concat()).0).unwrap()
    }

    /// Signs somebody up, and sets the message about them aside as the server would.
    async fn set_aside(&self, name: &str) {
        self.app.signed_up(name).await;
        let failed = format!(
            "SELECT COUNT(*) FROM webhook_deliveries WHERE failures > 0 AND leased_until IS NULL \
             AND account_id = (SELECT id FROM accounts WHERE username = '{name}')"
        );
        // The first of them fails; the site is spared then.
        if self.app.count("SELECT COUNT(*) FROM webhook_deliveries").await == 1 {
            until(PATIENCE, || async { self.app.count(&failed).await == 1 }).await;
        }
        let now = self.app.now();
        self.app.sql(&format!("UPDATE webhook_deliveries SET failed_at = {now}")).await;
    }
}

async fn a_test_message_goes_at_once_and_the_answer_is_said(engine: Engine) {
    let served = Served::new(engine, Behaviour::Answers(204, "")).await;
    let (printed, said) = served.done(&["test", "shop"]);
    assert!(printed.is_empty() && said.contains("The site has taken the message: it answers 204."), "{said}");
    // What follows the host in an address may be a secret.
    assert!(said.contains("http://127.0.0.1:") && !said.contains("/hooks"), "{said}");
    let got = served.site.got().remove(0);
    assert_eq!((&*got.event(), &got.json()["data"]), ("webhook.test", &json!({ "webhook": "shop" })));
    assert!(got.headers["webhook-signature"].starts_with("v1,"), "{got:?}");
    let (printed, _) = served.done(&["--json", "test", "shop"]);
    assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), json!({ "taken": true, "status": 204 }));
    served.site.behaves(Behaviour::Answers(500, ""));
    assert!(served.refused(&["test", "shop"]).contains("it answers 500"));
    assert!(served.refused(&["test", "list"]).contains("no webhook `list`; there are shop"));
}

async fn the_list_says_what_waits_and_what_was_set_aside(engine: Engine) {
    let served = Served::new(engine, Behaviour::Answers(500, "")).await;
    let (printed, _) = served.done(&["list"]);
    assert_eq!(printed.lines().count(), 1, "{printed}");
    served.set_aside("ada").await;
    served.app.signed_up("grace").await;
    let later = served.app.now() + 100 * 365 * 86_400_000;
    served.app.sql(&format!("UPDATE webhook_deliveries SET due_at = {later}")).await;
    let (printed, _) = served.done(&["list"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 3, "{printed}");
    for cell in ["shop", "account.created", "set aside 2026-01-01 00:00 UTC", "it answers 500"] {
        assert!(lines[1].contains(cell), "{printed}");
    }
    assert!(lines[2].contains("due 2125-12-08 00:00 UTC"), "{printed}");
    assert_eq!(served.listed(&["--failed"]).len(), 1);
    let all = served.listed(&[]);
    assert_eq!((&all[0]["failure"], &all[1]["failed_at"]), (&"it answers 500".into(), &Value::Null));
    served.app.sql("UPDATE webhook_deliveries SET webhook = 'former'").await;
    let (printed, _) = served.done(&["list"]);
    assert!(printed.lines().nth(2).unwrap().contains("not in the settings"), "{printed}");
}

async fn what_was_set_aside_is_sent_after_a_retry(engine: Engine) {
    let served = Served::new(engine, Behaviour::Answers(500, "")).await;
    for name in ["ada", "grace", "bob"] {
        served.set_aside(name).await;
    }
    let ids: Vec<String> = served.listed(&["--failed"]).iter().map(|row| row["id"].to_string()).collect();
    served.site.behaves(Behaviour::Answers(204, ""));
    // To the present, which is the command's time.
    let present = std::time::UNIX_EPOCH.elapsed().unwrap() + Duration::from_secs(60);
    served.app.pass(present - Duration::from_millis(u64::try_from(served.app.now()).unwrap()));
    let said = served.refused(&["retry", &ids[0], "999"]);
    assert!(said.contains("no message 999 waits"), "{said}");
    until(PATIENCE, || async { served.listed(&[]).len() == 2 }).await;
    let (_, said) = served.done(&["retry", &ids[1]]);
    assert!(said.contains("due now: 1"), "{said}");
    until(PATIENCE, || async { served.listed(&[]).len() == 1 }).await;
    served.done(&["retry", "--all"]);
    until(PATIENCE, || async { served.listed(&[]).is_empty() }).await;
    let retried = "SELECT COUNT(*) FROM audit_events WHERE kind = 'webhook_retried' AND actor = 'operator'";
    assert_eq!(served.app.count(retried).await, 3);
    assert!(served.refused(&["retry"]).contains("--all"));
}
