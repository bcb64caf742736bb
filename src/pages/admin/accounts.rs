//! `/admin/accounts`: finding accounts.

use domain::{AccountId, DeletionMode, RegistrationMode};
use look::pages::AdminAccountsPage;
use rocket::get;
use store::accounts::{AccountsAfter, SearchKey};
use url::form_urlencoded;

use super::staff::Staff;
use super::{AT_ONCE, ONE_MORE, cut, rows};
use crate::flows::administration::{approval, deletion, directory};
use crate::web::{Refusal, Reply};

/// The longest text that is looked for, in bytes: an address has 254 at most (RFC 5321, section 4.5.3.1.3).
const LONGEST: usize = 320;

#[get("/admin/accounts?<q>&<after>&<waiting>&<leaving>")]
pub async fn page(
    staff: Staff<'_>,
    q: Option<&str>,
    after: Option<&str>,
    waiting: Option<&str>,
    leaving: Option<&str>,
) -> Result<Reply, Refusal> {
    if waiting.is_some() {
        return those(&staff, "waiting", after).await;
    }
    if leaving.is_some() {
        return those(&staff, "leaving", after).await;
    }
    let q = q.unwrap_or_default().trim();
    let after = after.and_then(parse);
    let later = after.is_some();
    let roles = rows::RoleNames::read(&staff).await?;
    // Nothing that is longer begins like an address or a name.
    let found = if q.len() > LONGEST || q.contains('\0') {
        store::accounts::AccountsPage::default()
    } else {
        let searched = directory::search(staff.flows().store(), staff.order(""), q, after, AT_ONCE).await;
        match searched {
            Ok(found) => found,
            Err(error) => return staff.problem(error),
        }
    };
    let next = found.next.as_ref().map(|next| query(q, next)).unwrap_or_default();
    let accounts = found.accounts.iter().map(|account| rows::account(&staff.visit, &roles, account));
    let shown = if q.len() > LONGEST { "" } else { q };
    staff.show(AdminAccountsPage {
        here: "accounts",
        q: shown.to_owned(),
        accounts: accounts.collect(),
        next,
        later,
        only: "",
        approves: approves(&staff).await?,
        deletes: deletes(&staff).await?,
    })
}

/// Whether somebody waits for approval, or may.
async fn approves(staff: &Staff<'_>) -> Result<bool, Refusal> {
    if staff.flows().policy().sign_up.mode == RegistrationMode::Approve {
        return Ok(true);
    }
    let waiting = approval::waiting(staff.flows().store(), staff.order(""), AccountId(0), 1).await;
    // Whoever may not ask is refused for the list itself.
    Ok(waiting.is_ok_and(|found| !found.is_empty()))
}

/// Whether somebody asks for an account to be deleted, or may.
async fn deletes(staff: &Staff<'_>) -> Result<bool, Refusal> {
    if staff.flows().policy().deletion_mode == DeletionMode::Ask {
        return Ok(true);
    }
    let asking = deletion::asking(staff.flows().store(), staff.order(""), AccountId(0), 1).await;
    // Whoever may not ask is refused for the list itself.
    Ok(asking.is_ok_and(|found| !found.is_empty()))
}

/// The accounts that wait for approval, or whose owners ask to have them deleted, the oldest first.
async fn those(staff: &Staff<'_>, only: &'static str, after: Option<&str>) -> Result<Reply, Refusal> {
    let after: Option<i64> = after.and_then(|number| number.parse().ok());
    let (store, order, from) = (staff.flows().store(), staff.order(""), AccountId(after.unwrap_or(0)));
    let found = match only {
        "leaving" => deletion::asking(store, order, from, ONE_MORE).await,
        _ => approval::waiting(store, order, from, ONE_MORE).await,
    };
    let mut found = match found {
        Ok(found) => found,
        Err(error) => return staff.problem(error),
    };
    let next = cut(&mut found).map(|last| format!("?{only}=1&after={}", last.id));
    let roles = rows::RoleNames::read(staff).await?;
    staff.show(AdminAccountsPage {
        here: "accounts",
        q: String::new(),
        accounts: found.iter().map(|account| rows::account(&staff.visit, &roles, account)).collect(),
        next: next.unwrap_or_default(),
        later: after.is_some(),
        only,
        approves: true,
        deletes: true,
    })
}

/// What a search goes through, and its word in the address of a page.
const KEYS: [(SearchKey, &str); 4] = [
    (SearchKey::Email, "email"),
    (SearchKey::Username, "username"),
    (SearchKey::Name, "name"),
    (SearchKey::Lastname, "lastname"),
];

fn query(q: &str, next: &AccountsAfter) -> String {
    let by = KEYS.iter().find(|(key, _)| *key == next.by).map_or("email", |(_, word)| word);
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !q.is_empty() {
        query.append_pair("q", q);
    }
    format!("?{}", query.append_pair("after", &format!("{by}.{}", next.id)).finish())
}

fn parse(after: &str) -> Option<AccountsAfter> {
    let (word, id) = after.split_once('.')?;
    let (by, _) = KEYS.iter().find(|(_, known)| *known == word)?;
    Some(AccountsAfter { by: *by, id: AccountId(id.parse().ok()?) })
}
