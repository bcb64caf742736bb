//! `/admin/audit`: what happened, to whom, by whom and from where.

use domain::{AccountError, AccountId, EventActor, EventKind};
use look::Problem;
use look::pages::{AdminAuditPage, AuditForm, ChoiceView, FieldView, OptionView};
use rocket::get;
use rocket::http::Status;
use store::audit_log::AuditQuery;
use url::form_urlencoded;

use super::staff::Staff;
use super::{AT_ONCE, rows};
use crate::flows::administration::{AccountName, AuditPage, OrderError, audit_page, number_of};
use crate::pages::shown_again::FormState;
use crate::web::{Refusal, Reply};

#[get("/admin/audit?<account>&<actor>&<kind>&<before>")]
pub async fn page(
    staff: Staff<'_>,
    account: Option<&str>,
    actor: Option<&str>,
    kind: Option<&str>,
    before: Option<&str>,
) -> Result<Reply, Refusal> {
    let typed = account.unwrap_or_default().trim();
    // What the form does not offer is as nothing chosen.
    let actor = actor.filter(|word| EventActor::WORDS.contains(word)).unwrap_or_default();
    let kind = kind.filter(|word| EventKind::parse(word).is_some()).unwrap_or_default();
    let before: Option<i64> = before.and_then(|number| number.parse().ok());
    let (flows, visit) = (staff.flows(), &staff.visit);
    let named = |word: &str| Some(word.to_owned()).filter(|word| !word.is_empty());
    let about = about(&staff, typed).await?;
    if about.is_none() && visit.json {
        return Err(AccountError::NotFound.into());
    }
    let (found, state): (AuditPage, _) = match about {
        Some(account) => {
            let query =
                AuditQuery { account, actor: named(actor), kind: named(kind), ..AuditQuery::default() };
            let found = audit_page(flows.store(), staff.order(""), &query, before, AT_ONCE).await?;
            (found, FormState::untouched())
        }
        None => (AuditPage::default(), FormState::untouched().with_status(Status::UnprocessableEntity)),
    };
    let errors = match about {
        Some(_) => Vec::new(),
        None => {
            vec![Problem { code: "not_found".to_owned(), message: rows::text(visit, "admin-found-none") }]
        }
    };
    let next = found.next.map(|next| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("account", typed), ("actor", actor), ("kind", kind)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("?{}", query.append_pair("before", &next.to_string()).finish())
    });
    let page = AdminAuditPage {
        here: "audit",
        form: AuditForm {
            account: FieldView { value: typed.to_owned(), errors },
            actor: actors(&staff, actor),
            kind: kinds(&staff, kind),
        },
        events: found.events.into_iter().map(|event| rows::event(visit, event)).collect(),
        next: next.unwrap_or_default(),
        later: before.is_some(),
        days: flows.policy().audit_kept.as_secs() / 86_400,
    };
    staff.show_in(state, page)
}

/// The account that was typed: `Some(None)` where nothing was, `None` where nobody has that name. A number
/// counts although its account may be gone: its events stay.
async fn about(staff: &Staff<'_>, typed: &str) -> Result<Option<Option<AccountId>>, Refusal> {
    if typed.is_empty() {
        return Ok(Some(None));
    }
    if let Ok(number) = typed.parse() {
        return Ok(Some(Some(AccountId(number))));
    }
    let Some(name) = AccountName::parse(typed) else { return Ok(None) };
    match number_of(staff.flows().store(), &name).await {
        Ok(found) => Ok(found.map(Some)),
        Err(OrderError::Account(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

fn actors(staff: &Staff<'_>, chosen: &str) -> ChoiceView {
    let visit = &staff.visit;
    let words = EventActor::WORDS.iter().filter_map(|word| {
        // The name of a key is not asked for here.
        let label = match rows::actor_sentence(word)? {
            "actor-key" => rows::text(visit, "audit-any-key"),
            key => rows::text(visit, key),
        };
        Some(((*word).to_owned(), label))
    });
    choice(rows::text(visit, "audit-anybody"), words, chosen)
}

fn kinds(staff: &Staff<'_>, chosen: &str) -> ChoiceView {
    let visit = &staff.visit;
    let mut kinds: Vec<(String, String)> = EventKind::ALL
        .into_iter()
        .map(|kind| (kind.as_str().to_owned(), rows::kind_alone(visit, kind)))
        .collect();
    kinds.sort_by(|one, other| one.1.cmp(&other.1));
    choice(rows::text(visit, "audit-anything"), kinds.into_iter(), chosen)
}

fn choice(any: String, known: impl Iterator<Item = (String, String)>, chosen: &str) -> ChoiceView {
    let options = std::iter::once((String::new(), any)).chain(known);
    let options = options.map(|(value, label)| OptionView { selected: value == chosen, value, label });
    ChoiceView { value: chosen.to_owned(), options: options.collect(), errors: Vec::new() }
}
