//! Providers as templates see them, and the page about one that did not say who somebody is.

use domain::{AccountError, Field};
use look::Notice;
use look::pages::{IdentityForm, IdentityPage, ProviderStateView, ProviderView, TimeView, iso};
use serde_json::{Value, json};

use super::shown_again::FormState;
use crate::flows::{Flows, ProviderRefused, ProviderState, SignedIn};
use crate::urls::SIGN_IN;
use crate::web::{Refusal, Reply, Visit};

/// The buttons of the providers.
pub fn offered(flows: &Flows) -> Vec<ProviderView> {
    let button =
        |(name, label): (&str, &str)| ProviderView { name: name.to_owned(), label: label.to_owned() };
    flows.providers.offered().map(button).collect()
}

/// The page about a provider that did not say who somebody is, with what to do. `name` is the provider's, if
/// it may be tried again.
///
/// # Errors
/// The refusal itself where a page says something else, or the request prefers JSON.
pub fn failed(visit: &Visit<'_>, name: &str, refused: ProviderRefused) -> Result<Reply, Refusal> {
    let ProviderRefused { error, next } = refused;
    if visit.json {
        return Err(error.into());
    }
    let alert = alert(visit, &error, "");
    let state = match (alert, error) {
        (Some(alert), error) => FormState::refused(visit, error)?.with_alert(Some(alert)),
        (None, error) => FormState::refused(visit, error)?,
    };
    let mut tried = offered(visit.flows);
    tried.retain(|provider| provider.name == name);
    let page = IdentityPage { providers: tried, ..blank("failed") };
    state.keeping(&next).page(visit, page)
}

/// What is wrong with an account at a provider, in `panel`: nobody has typed it, so no field says it.
pub fn alert(visit: &Visit<'_>, error: &AccountError, panel: &'static str) -> Option<Notice> {
    let AccountError::Invalid(errors) = error else { return None };
    let wrong = errors.iter().find(|error| error.field == Field::Identity)?;
    let look::Problem { code, message } = visit.view.problem(visit.locale(), &wrong.code);
    Some(Notice { code, message, place: panel })
}

/// The panel of the Security page.
///
/// # Errors
/// `Unavailable`.
pub async fn panel(visit: &Visit<'_>, who: &SignedIn) -> Result<Vec<ProviderStateView>, AccountError> {
    let dates = visit.dates();
    let view = |ProviderState { name, label, linked }| match linked {
        Some(identity) => ProviderStateView {
            name,
            label,
            linked: true,
            id: identity.id.0,
            handle: identity.handle,
            created_at: TimeView::day(identity.created_at, dates),
            used: identity.seen_at.is_some(),
            seen_at: TimeView::minute(identity.seen_at.unwrap_or(identity.created_at), dates),
        },
        None => ProviderStateView {
            name,
            label,
            linked: false,
            id: 0,
            handle: String::new(),
            created_at: TimeView::default(),
            used: false,
            seen_at: TimeView::default(),
        },
    };
    Ok(visit.flows.providers.states(who).await?.into_iter().map(view).collect())
}

/// The same as JSON.
///
/// # Errors
/// `Unavailable`.
pub async fn as_json(visit: &Visit<'_>, who: &SignedIn) -> Result<Value, AccountError> {
    let states = visit.flows.providers.states(who).await?.into_iter();
    let listed = states.map(|state| {
        let linked = state.linked.map(|identity| {
            json!({
                "id": identity.id.0,
                "handle": identity.handle,
                "created_at": iso(identity.created_at),
                "seen_at": identity.seen_at.map(iso),
            })
        });
        json!({ "name": state.name, "label": state.label, "linked": linked })
    });
    Ok(listed.collect())
}

/// The answer forgets who has come back to this browser from a provider, if somebody has: the next person at
/// it is another one.
pub fn forgotten(visit: &Visit<'_>, reply: Reply) -> Reply {
    let waits = !visit.sent_tokens(visit.cookies.identity_name()).is_empty();
    if waits { reply.cookie(visit.cookies.no_identity()) } else { reply }
}

/// The page of this step, without anything else.
pub fn blank(step: &'static str) -> IdentityPage {
    IdentityPage {
        step,
        provider: String::new(),
        handle: String::new(),
        email: String::new(),
        sign_in: SIGN_IN.to_owned(),
        form: IdentityForm::default(),
        asks_username: false,
        needs_username: false,
        taken: false,
        waits: false,
        providers: Vec::new(),
    }
}
