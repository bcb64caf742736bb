//! The guard of the pages for the operator's staff.

use domain::{AccountError, AccountId, Actor, Role, Step};
use look::Page;
use rocket::Request;
use rocket::http::Status;
use rocket::outcome::Outcome::{Error, Forward, Success};
use rocket::request::{FromRequest, Outcome};

use crate::flows::administration::directory::{self, Overview};
use crate::flows::administration::{AccountName, Order, OrderError};
use crate::flows::{Client, Services, SignedIn};
use crate::pages::refuse::as_problem_saying;
use crate::pages::shown_again::FormState;
use crate::web::{Form, Refusal, Reply, Visit, note, want_second};

use super::installation::Installation;

/// An administrator who has proven lately who they are, by a second factor unless the operator wants none
/// (`admin.second_factor`).
pub struct Staff<'r> {
    pub visit: Visit<'r>,
    who: SignedIn,
    client: Client,
    proven: bool,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Staff<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let visit = match request.guard::<Visit<'r>>().await {
            Success(visit) => visit,
            Error(error) => return Error(error),
            Forward(status) => return Forward(status),
        };
        let client = visit.client();
        match admitted(&visit) {
            Ok(who) => Success(Self { visit, who, client, proven: true }),
            Err(AccountError::ProofWanted) => {
                if strict(request) {
                    want_second(request);
                }
                match visit.who.clone() {
                    // A form is read first: it goes on after the proof.
                    Some(who) if request.method().supports_payload() => {
                        Success(Self { visit, who, client, proven: false })
                    }
                    _ => Error((note(request, AccountError::ProofWanted.into()), ())),
                }
            }
            Err(error) => Error((note(request, error.into()), ())),
        }
    }
}

/// Whoever is signed in, if they administer.
fn admitted(visit: &Visit<'_>) -> Result<SignedIn, AccountError> {
    let who = visit.require()?;
    let account = who.account();
    if account.role != Role::ADMINISTRATOR {
        return Err(AccountError::Forbidden);
    }
    if strict(visit.request) {
        if account.second_factor_at.is_none() {
            return Err(AccountError::StepWanted(Step::SetUpFactor));
        }
        // A password is no second factor, however lately it was typed.
        if !who.session.proof.prove_a_second() {
            return Err(AccountError::ProofWanted);
        }
    }
    visit.flows.require_proof(who)?;
    Ok(who.clone())
}

/// Whether administrators need a second factor.
fn strict(request: &Request<'_>) -> bool {
    request.rocket().state::<Installation>().is_none_or(|installed| installed.strict)
}

impl Staff<'_> {
    /// The account services.
    pub fn flows(&self) -> &Services {
        self.visit.flows
    }

    /// Whether the account of this number is the administrator's own.
    pub fn is(&self, account: AccountId) -> bool {
        self.who.account().id == account
    }

    /// Refuses the form of a page that was another account's, and of somebody who is still to prove who they
    /// are.
    ///
    /// # Errors
    /// `ProofWanted`, `OtherAccount`.
    pub fn require_own(&self, form: &Form) -> Result<(), Refusal> {
        if !self.proven {
            return Err(AccountError::ProofWanted.into());
        }
        self.visit.require_own(&form.0).map(drop)
    }

    /// What this administrator orders, with the reason that they give. Before a proof they have no right.
    pub fn order<'a>(&'a self, reason: &'a str) -> Order<'a> {
        let actor = if self.proven {
            Actor::Staff(&self.who.session, self.who.account().role)
        } else {
            Actor::Owner(&self.who.session)
        };
        Order { actor, client: Some(&self.client), reason }
    }

    /// The account of this number, which is a part of an address.
    ///
    /// # Errors
    /// `NotFound` where there is none, or what is in the address is no number.
    pub async fn find(&self, number: &str) -> Result<Overview, Refusal> {
        let id = number.parse().map(AccountId).map_err(|_| Refusal::NotFound)?;
        match directory::show(self.flows().store(), self.order(""), &AccountName::Known(id)).await {
            Ok(found) => Ok(found),
            Err(OrderError::Account(error)) => Err(error.into()),
            Err(_) => Err(AccountError::NotFound.into()),
        }
    }

    /// The page, or its values for a program.
    ///
    /// # Errors
    /// `Internal` when the template fails to render.
    pub fn show<P: Page>(&self, page: P) -> Result<Reply, Refusal> {
        self.show_in(FormState::untouched(), page)
    }

    /// The same with a form in this state.
    ///
    /// # Errors
    /// As [`show`](Self::show).
    pub fn show_in<P: Page>(&self, state: FormState, page: P) -> Result<Reply, Refusal> {
        if self.visit.json {
            let values = serde_json::to_value(&page).map_err(domain::InternalError::new);
            return Ok(Reply::json(Status::Ok, &values.map_err(AccountError::Internal)?));
        }
        state.page(&self.visit, page)
    }

    /// The state of a form whose order was refused.
    ///
    /// # Errors
    /// `error` itself where the form is not shown again.
    pub fn refused(&self, error: OrderError) -> Result<FormState, Refusal> {
        let (status, alert) = match error {
            OrderError::Account(error) => return FormState::refused(&self.visit, error),
            error => words(&error),
        };
        let alert = self.visit.view.notice(self.visit.locale(), "alert", alert);
        Ok(FormState::untouched().with_status(status).with_alert(Some(alert)))
    }

    /// The state of a form that wants what somebody else has already, with the alert of this code.
    ///
    /// # Errors
    /// `Forbidden` for a program.
    pub fn conflict(&self, alert: &str) -> Result<FormState, Refusal> {
        if self.visit.json {
            return Err(AccountError::Forbidden.into());
        }
        let alert = self.visit.view.notice(self.visit.locale(), "alert", alert);
        Ok(FormState::untouched().with_status(Status::Conflict).with_alert(Some(alert)))
    }

    /// The answer for a program whose order was refused.
    pub fn problem(&self, error: OrderError) -> Result<Reply, Refusal> {
        match error {
            OrderError::Account(error) => Err(error.into()),
            error => Ok(as_problem_saying(&self.visit, AccountError::Forbidden, words(&error).1, [])),
        }
    }
}

/// The status and the alert of an order that cannot be carried out.
fn words(error: &OrderError) -> (Status, &'static str) {
    match error {
        OrderError::OwnAccount => (Status::Forbidden, "admin_own_account"),
        OrderError::LastAdministrator => (Status::Conflict, "admin_last_administrator"),
        OrderError::Deleted => (Status::Conflict, "admin_deleted"),
        // Pages look accounts up before they name them.
        OrderError::Ambiguous | OrderError::Account(_) => (Status::Conflict, "admin_gone"),
    }
}
