//! How the server does, for the operator's staff.

use serde::Serialize;
use utoipa::ToSchema;

use super::admin_account::FactView;
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};

/// The state of the server and its settings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdminStatusPage {
    /// Which page of the administration it is: `status`.
    pub here: &'static str,
    /// Version, database, queues, disk and mail server.
    pub facts: Vec<FactView>,
    /// The settings, in the order of the manual. Secrets are masked.
    pub settings: Vec<SettingView>,
}

impl Page for AdminStatusPage {
    const TEMPLATE: &'static str = "pages/admin_status.html";
}

/// A setting.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SettingView {
    /// Its name, such as `session.idle_days`.
    pub name: String,
    /// The value that it has.
    pub value: String,
    /// Whether the settings' file or a variable says so; otherwise it is the default.
    pub set: bool,
}

impl PageSamples for AdminStatusPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let setting = |name: &str, value: &str, set| SettingView {
            name: name.to_owned(),
            value: value.to_owned(),
            set,
        };
        let page = |facts, settings| Self { here: "status", facts, settings };
        let facts = vec![
            FactView::text(words.sentence("status-version"), "1.0.0"),
            FactView::text(words.sentence("status-database"), "SQLite"),
        ];
        let settings = vec![
            setting("public_url", "\"https://accounts.example.org\"", true),
            setting("session.idle_days", "30", false),
        ];
        let samples = vec![
            Sample::of("ordinary", page(facts, settings)),
            Sample::of(
                "hostile",
                page(
                    vec![FactView::text(HOSTILE.to_owned(), HOSTILE)],
                    vec![setting(HOSTILE, HOSTILE, true)],
                ),
            ),
            Sample::of(
                "long",
                page(vec![FactView::text(long("mail"), long("no "))], vec![setting("x", &long("y"), true)]),
            ),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Grace Hopper").administering()).collect()
    }
}
