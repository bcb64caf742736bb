//! `/admin/invitations`: who was invited, and inviting more.

use domain::{AccountError, AccountId, EmailAddress, Field, FieldCode, ProfileChange, Role};
use look::pages::{AdminInvitationsPage, FieldView, InvitationForm};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::rows::RoleNames;
use super::staff::Staff;
use super::{ONE_MORE, actions, cut, rows};
use crate::flows::administration::creation::{self, WantedAccount};
use crate::flows::administration::{OrderError, directory};
use crate::pages::shown_again::FormState;
use crate::urls::ADMIN_INVITATIONS;
use crate::web::{Form, Refusal, Reply};

#[get("/admin/invitations?<before>")]
pub async fn page(staff: Staff<'_>, before: Option<&str>) -> Result<Reply, Refusal> {
    show(&staff, before, FormState::untouched(), ("", "1")).await
}

async fn show(
    staff: &Staff<'_>,
    before: Option<&str>,
    state: FormState,
    (addresses, role): (&str, &str),
) -> Result<Reply, Refusal> {
    let before: Option<i64> = before.and_then(|number| number.parse().ok());
    let roles = RoleNames::read(staff).await?;
    let from = AccountId(before.unwrap_or(i64::MAX));
    let mut found = match directory::invited(staff.flows().store(), staff.order(""), from, ONE_MORE).await {
        Ok(found) => found,
        Err(error) => return staff.problem(error),
    };
    let next = cut(&mut found).map(|last| format!("?before={}", last.id));
    let visit = &staff.visit;
    // The form's field is no address of an account; its errors are those of each address in it.
    let form = InvitationForm {
        addresses: FieldView { value: addresses.to_owned(), errors: state.secret(visit, "email").errors },
        role: actions::role_choice(&roles, role, state.secret(visit, "role_id").errors),
    };
    let page = AdminInvitationsPage {
        here: "invitations",
        form,
        accounts: found.iter().map(|account| rows::account(visit, &roles, account)).collect(),
        next: next.unwrap_or_default(),
        later: before.is_some(),
    };
    staff.show_in(state, page)
}

/// Invites everybody whose address has no account. An address that is none invites nobody.
#[post("/admin/invitations", data = "<form>")]
pub async fn submit(staff: Staff<'_>, form: Form) -> Result<Reply, Refusal> {
    staff.require_own(&form)?;
    let (typed, role) = (form.text("addresses")?, form.text("role_id")?);
    let outcome = match read(typed, role) {
        Ok((people, role)) => invite(&staff, people, role).await,
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok((invited, had)) if staff.visit.json => {
            Ok(Reply::json(Status::Ok, &json!({ "invited": invited, "had_accounts": had })))
        }
        Ok((invited, had)) => {
            let notice = match (invited.is_empty(), had.is_empty()) {
                (true, _) => "admin_invited_nobody",
                (false, true) => "admin_invited",
                (false, false) => "admin_invited_some",
            };
            Ok(Reply::see_other(ADMIN_INVITATIONS).cookie(staff.visit.cookies.notice(notice)))
        }
        Err(error) if staff.visit.json => staff.problem(error),
        Err(error) => {
            let state = staff.refused(error)?;
            show(&staff, None, state, (typed, role)).await
        }
    }
}

/// The people and the role of the form. The largest body of a form bounds how many they are.
fn read(typed: &str, role: &str) -> Result<(Vec<EmailAddress>, Role), AccountError> {
    let role =
        role.parse().map(Role).map_err(|_| AccountError::field(Field::Role, FieldCode::RoleUnknown))?;
    let words = typed.split([' ', ',', ';', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    let people: Result<Vec<EmailAddress>, FieldCode> = words.map(EmailAddress::parse).collect();
    let refused = |code| AccountError::field(Field::Email, code);
    let people = people.map_err(refused)?;
    if people.is_empty() { Err(refused(FieldCode::Required)) } else { Ok((people, role)) }
}

/// The numbers of the accounts that were made, and the addresses that had accounts.
async fn invite(
    staff: &Staff<'_>,
    people: Vec<EmailAddress>,
    role: Role,
) -> Result<(Vec<i64>, Vec<String>), OrderError> {
    let (store, clock) = (staff.flows().store(), staff.flows().clock());
    let (mut invited, mut had) = (Vec::new(), Vec::new());
    for email in people {
        let address = email.as_str().to_owned();
        let wanted = WantedAccount {
            email,
            username: None,
            profile: ProfileChange::default(),
            role,
            password_hash: None,
            verified: false,
        };
        match creation::create(store, clock, staff.order(""), &wanted).await {
            Ok(account) => invited.push(account.id.0),
            Err(OrderError::Account(AccountError::Invalid(errors)))
                if errors.iter().all(|error| error.code == FieldCode::EmailTaken) =>
            {
                had.push(address);
            }
            Err(error) => return Err(error),
        }
    }
    Ok((invited, had))
}
