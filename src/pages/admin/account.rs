//! `/admin/accounts/<number>`: one account.

use domain::Millis;
use look::pages::{ActionView, AdminAccountPage, FactView, OpeningView, TimeView};
use rocket::get;

use super::actions::AccountAction;
use super::rows;
use super::staff::Staff;
use crate::flows::ListedOpening;
use crate::flows::administration::directory::Overview;
use crate::flows::administration::latest_of;
use crate::flows::mail::operate;
use crate::pages::openings;
use crate::web::{Refusal, Reply, Visit};

/// How many events the page has.
const EVENTS: usize = 20;
/// How many messages of each kind it has: those that wait, and those that were sent.
const MAILS: i64 = 50;

#[get("/admin/accounts/<number>")]
pub async fn page(staff: Staff<'_>, number: &str) -> Result<Reply, Refusal> {
    let found = staff.find(number).await?;
    let id = found.account.id;
    let (visit, flows, order) = (&staff.visit, staff.flows(), staff.order(""));
    let roles = rows::RoleNames::read(&staff).await?;
    let opened = flows.openings.list_as(order, &found.account).await?;
    let mails = operate::of_account(flows.store(), flows.clock(), order, id, MAILS).await?;
    let events = latest_of(flows.store(), order, id, EVENTS).await?;
    let opened = opened.into_iter().map(|opening| ListedOpening { opening, present: false });
    let own = staff.is(id);
    let actions = AccountAction::ALL.into_iter().filter(|action| action.fits(&found.account, own));
    staff.show(AdminAccountPage {
        here: "accounts",
        account: rows::account(visit, &roles, &found.account),
        facts: facts(&staff, &found),
        fields: found
            .account
            .fields
            .iter()
            .map(|(name, value)| FactView::text(name.clone(), value))
            .collect(),
        factors: factors(&staff, &found),
        openings: opened.map(|listed| opening(visit, listed)).collect(),
        events: events.into_iter().map(|event| rows::event(visit, event)).collect(),
        mails: mails.into_iter().map(|mail| rows::mail(visit, mail)).collect(),
        actions: actions
            .map(|action| ActionView { word: action.word(), label: rows::text(visit, action.title()) })
            .collect(),
    })
}

/// What opens the account of somebody else.
fn opening(visit: &Visit<'_>, listed: ListedOpening) -> OpeningView {
    let view = openings::view(visit, listed);
    if view.kind == "link" {
        OpeningView { what: rows::text(visit, "admin-opening-link"), ..view }
    } else {
        view
    }
}

fn facts(staff: &Staff<'_>, found: &Overview) -> Vec<FactView> {
    let visit = &staff.visit;
    let Overview { account, role, holdings, .. } = found;
    let text = |key| rows::text(visit, key);
    let time = |key, at: Millis| FactView::time(text(key), TimeView::minute(at, visit.dates()));
    let time_or = |key, at: Option<Millis>, never| {
        at.map_or_else(|| FactView::text(text(key), text(never)), |at| time(key, at))
    };
    let mut facts = vec![
        FactView::text(text("admin-fact-role"), role),
        time("admin-fact-created", account.created_at),
        time("admin-fact-changed", account.updated_at),
        time_or("admin-fact-verified", account.verified_at, "admin-fact-no"),
        time_or("admin-fact-signed-in", holdings.signed_in_at, "admin-fact-never"),
    ];
    if let Some(language) = &account.locale {
        facts.push(FactView::text(text("admin-fact-language"), language));
    }
    if let Some(version) = &account.terms {
        facts.push(FactView::text(text("admin-fact-terms"), version));
    }
    facts.extend(found.former_usernames.iter().map(|former| {
        let at = TimeView::day(former.given_up_at, visit.dates());
        FactView::text(
            text("admin-fact-former-username"),
            format!("{} ({})", former.username.as_str(), at.text),
        )
    }));
    facts.extend(account.approval_wanted_at.map(|at| time("admin-fact-waiting", at)));
    facts.extend(account.deletion_asked_at.map(|at| time("admin-fact-deletion-asked", at)));
    facts.extend(account.locked_at.map(|at| time("admin-fact-locked", at)));
    facts.extend(account.deleted_at.map(|at| time("admin-fact-deleted", at)));
    facts
}

fn factors(staff: &Staff<'_>, found: &Overview) -> Vec<FactView> {
    let visit = &staff.visit;
    let holdings = &found.holdings;
    let text = |key| rows::text(visit, key);
    let count = |key, number: i64| FactView::text(text(key), number.to_string());
    let password = match found.password_at {
        Some(at) => FactView::time(text("admin-fact-password"), TimeView::minute(at, visit.dates())),
        None => FactView::text(text("admin-fact-password"), text("admin-fact-none")),
    };
    let totp = text(if holdings.totp { "admin-fact-yes" } else { "admin-fact-no" });
    vec![
        password,
        FactView::text(text("admin-fact-totp"), totp),
        count("admin-fact-passkeys", holdings.passkeys),
        count("admin-fact-recovery-codes", holdings.recovery_codes),
        count("admin-fact-app-passwords", holdings.app_passwords),
        count("admin-fact-providers", holdings.identities),
        count("admin-fact-applications", holdings.applications),
    ]
}
