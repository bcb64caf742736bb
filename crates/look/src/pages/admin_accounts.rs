//! Finding accounts, for the operator's staff.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::TimeView;
use domain::Millis;

/// Accounts, and the form that finds them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdminAccountsPage {
    /// Which page of the administration it is: `accounts`.
    pub here: &'static str,
    /// What was looked for: the beginning of an address, a username or a name, or a number; may be empty.
    pub q: String,
    /// The accounts that were found.
    pub accounts: Vec<AccountRowView>,
    /// The query of the page that goes on; empty if this is the last one.
    pub next: String,
    /// Whether this is not the first page.
    pub later: bool,
    /// `waiting`: these are the accounts that wait for approval; `leaving`: those whose owners ask to have
    /// them deleted. Empty where they were looked for.
    pub only: &'static str,
    /// Whether accounts wait for approval here.
    pub approves: bool,
    /// Whether owners ask for their accounts to be deleted here.
    pub deletes: bool,
}

impl Page for AdminAccountsPage {
    const TEMPLATE: &'static str = "pages/admin_accounts.html";
}

/// An account in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountRowView {
    /// Its number.
    pub id: i64,
    /// Its address.
    pub email: String,
    /// Its username; may be empty.
    pub username: String,
    /// The name to address its owner by.
    pub name: String,
    /// The name of its role.
    pub role: String,
    /// `proven`, `unproven`, `waiting` (for approval), `leaving` (its owner asks to have it deleted),
    /// `locked` or `deleted`.
    pub state: &'static str,
    /// The same in the language of the page.
    pub state_text: String,
    /// When it was made.
    pub created_at: TimeView,
}

/// An account as most are.
pub(super) fn row(words: Words<'_>, id: i64, name: &str, state: &'static str) -> AccountRowView {
    AccountRowView {
        id,
        email: format!("{}@example.org", name.split(' ').next().unwrap_or_default().to_lowercase()),
        username: "ada".to_owned(),
        name: name.to_owned(),
        role: "member".to_owned(),
        state,
        state_text: words.sentence(&format!("account-{state}")),
        created_at: TimeView::day(Millis(1_717_200_000_000), words.dates()),
    }
}

impl PageSamples for AdminAccountsPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |accounts| Self {
            here: "accounts",
            q: String::new(),
            accounts,
            next: String::new(),
            later: false,
            only: "",
            approves: false,
            deletes: false,
        };
        let several = vec![
            row(words, 4, "Ada Lovelace", "proven"),
            row(words, 3, "Eve", "unproven"),
            row(words, 5, "Linus", "waiting"),
            row(words, 2, "Mallory", "locked"),
            AccountRowView { username: String::new(), ..row(words, 1, "Bob", "deleted") },
        ];
        let hostile = AccountRowView {
            email: HOSTILE.to_owned(),
            username: HOSTILE.to_owned(),
            name: HOSTILE.to_owned(),
            role: HOSTILE.to_owned(),
            ..row(words, 1, "Eve", "proven")
        };
        let lengthy = AccountRowView {
            email: long("ada"),
            username: long("ada"),
            name: long("Ada "),
            ..row(words, 1, "Ada", "proven")
        };
        let samples = vec![
            Sample::of("several", page(several.clone())),
            Sample::of("with approval", Self { approves: true, ..page(several.clone()) }),
            Sample::of(
                "waiting",
                Self { only: "waiting", approves: true, ..page(vec![row(words, 5, "Linus", "waiting")]) },
            ),
            Sample::of("with deletions", Self { deletes: true, ..page(several.clone()) }),
            Sample::of(
                "leaving",
                Self { only: "leaving", deletes: true, ..page(vec![row(words, 6, "Grace", "leaving")]) },
            ),
            Sample::of("nobody leaves", Self { only: "leaving", deletes: true, ..page(Vec::new()) }),
            Sample::of("nobody waits", Self { only: "waiting", approves: true, ..page(Vec::new()) }),
            Sample::of("nothing found", Self { q: "zoe".to_owned(), ..page(Vec::new()) }),
            Sample::of(
                "in the middle",
                Self {
                    q: "a".to_owned(),
                    next: "?q=a&after=email.7".to_owned(),
                    later: true,
                    ..page(several)
                },
            ),
            Sample::of("hostile", Self { q: HOSTILE.to_owned(), ..page(vec![hostile]) }),
            Sample::of("long", Self { q: long("a"), ..page(vec![lengthy]) }),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Grace Hopper").administering()).collect()
    }
}
