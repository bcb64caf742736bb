//! `/admin/status`: how the server does, and its settings.

use std::path::PathBuf;

use look::Argument;
use look::pages::{AdminStatusPage, FactView, TimeView};
use rocket::{State, get};
use store::Engine;

use super::installation::Installation;
use super::rows;
use super::staff::Staff;
use crate::flows::mail::operate;
use crate::flows::webhooks;
use crate::web::{Refusal, Reply};

#[get("/admin/status")]
pub async fn page(staff: Staff<'_>, installed: &State<Installation>) -> Result<Reply, Refusal> {
    let (visit, flows) = (&staff.visit, staff.flows());
    let outbox = operate::counts(flows.store(), staff.order("")).await?;
    let text = |key| rows::text(visit, key);
    let minute = |at| TimeView::minute(at, visit.dates());
    let engine = match flows.store().engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let mut facts = vec![
        FactView::text(text("status-version"), installed.version),
        FactView::text(text("status-database"), engine),
        FactView::text(text("status-waiting"), outbox.waiting.to_string()),
    ];
    facts.extend(outbox.oldest.map(|at| FactView::time(text("status-oldest"), minute(at))));
    facts.push(FactView::text(text("status-failed"), outbox.failed.to_string()));
    let (waiting, failed) = webhooks::operate::counts(flows.store(), staff.order("")).await?;
    facts.push(FactView::text(text("status-webhooks-waiting"), waiting.to_string()));
    facts.push(FactView::text(text("status-webhooks-failed"), failed.to_string()));
    facts.push(match &installed.mail_server {
        Some(server) => FactView::text(text("status-mail-server"), server),
        None => FactView::text(text("status-mail-server"), text("status-mail-files")),
    });
    if installed.mail_server.is_some() {
        let said = match flows.mailing.last_answer() {
            Some(answer) => format!("{} ({})", answer.said, minute(answer.at).text),
            None => text("status-mail-unasked"),
        };
        facts.push(FactView::text(text("status-mail-answer"), said));
    }
    if let Some(left) = space_left(installed.folder.clone()).await {
        let mib = Argument::Number(left >> 20);
        let said = visit.view.catalog().text(visit.locale(), "status-mib", &[("mib", mib)]);
        facts.push(FactView::text(text("status-disk"), said));
    }
    staff.show(AdminStatusPage { here: "status", facts, settings: installed.settings.clone() })
}

/// The bytes that are left for the data folder. A folder far away may answer slowly.
async fn space_left(folder: PathBuf) -> Option<u64> {
    let asked = rocket::tokio::task::spawn_blocking(move || rustix::fs::statvfs(&folder));
    let about = asked.await.ok()?.ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}
