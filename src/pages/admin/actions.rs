//! `/admin/accounts/<number>/<action>`: what is done to an account, asked once more with a reason.

use domain::{Account, AccountError, EmailAddress, Field, FieldCode, Role, Username};
use look::pages::{AdminActionForm, AdminActionPage, ChoiceView, FieldView, OptionView};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::rows;
use super::rows::RoleNames;
use super::staff::Staff;
use crate::flows::administration::directory::Overview;
use crate::flows::administration::{AccountName, Order, OrderError, approval, deletion, identity, locking};
use crate::pages::shown_again::FormState;
use crate::urls;
use crate::web::{Form, Refusal, Reply};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// What can be done to an account, in the words of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountAction {
    Approve,
    SetRole,
    Rename,
    SetAddress,
    Verify,
    ResetLink,
    EndSessions,
    RemoveFactors,
    Disable,
    Enable,
    Delete,
    DeclineDeletion,
    Restore,
}

impl AccountAction {
    pub const ALL: [Self; 13] = [
        Self::Approve,
        Self::SetRole,
        Self::Rename,
        Self::SetAddress,
        Self::Verify,
        Self::ResetLink,
        Self::EndSessions,
        Self::RemoveFactors,
        Self::Disable,
        Self::Enable,
        Self::Delete,
        Self::DeclineDeletion,
        Self::Restore,
    ];

    /// The end of the address of its page.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::SetRole => "set-role",
            Self::Rename => "rename",
            Self::SetAddress => "set-address",
            Self::Verify => "verify",
            Self::ResetLink => "reset-link",
            Self::EndSessions => "end-sessions",
            Self::RemoveFactors => "remove-factors",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Delete => "delete",
            Self::DeclineDeletion => "decline-deletion",
            Self::Restore => "restore",
        }
    }

    fn parse(word: &str) -> Result<Self, Refusal> {
        Self::ALL.into_iter().find(|action| action.word() == word).ok_or(Refusal::NotFound)
    }

    /// The key of what it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Approve => "admin-approve",
            Self::SetRole => "admin-set-role",
            Self::Rename => "admin-rename",
            Self::SetAddress => "admin-set-address",
            Self::Verify => "admin-verify",
            Self::ResetLink => "admin-reset-link",
            Self::EndSessions => "admin-end-sessions",
            Self::RemoveFactors => "admin-remove-factors",
            Self::Disable => "admin-disable",
            Self::Enable => "admin-enable",
            Self::Delete => "admin-delete",
            Self::DeclineDeletion => "admin-decline-deletion",
            Self::Restore => "admin-restore",
        }
    }

    /// The key of what it does.
    fn about(self) -> &'static str {
        match self {
            Self::Approve => "admin-approve-about",
            Self::SetRole => "admin-set-role-about",
            Self::Rename => "admin-rename-about",
            Self::SetAddress => "admin-set-address-about",
            Self::Verify => "admin-verify-about",
            Self::ResetLink => "admin-reset-link-about",
            Self::EndSessions => "admin-end-sessions-about",
            Self::RemoveFactors => "admin-remove-factors-about",
            Self::Disable => "admin-disable-about",
            Self::Enable => "admin-enable-about",
            Self::Delete => "admin-delete-about",
            Self::DeclineDeletion => "admin-decline-deletion-about",
            Self::Restore => "admin-restore-about",
        }
    }

    /// What its form asks for besides a reason.
    fn asks(self) -> &'static str {
        match self {
            Self::SetRole => "role",
            Self::Rename => "username",
            Self::SetAddress => "email",
            _ => "",
        }
    }

    /// Whether there is a use for it on an account in this state, which may be the administrator's own.
    pub fn fits(self, account: &Account, own: bool) -> bool {
        let deleted = account.deleted_at.is_some();
        match self {
            Self::SetRole | Self::Disable | Self::Delete if own => false,
            Self::Restore => deleted,
            _ if deleted => false,
            Self::Approve => account.approval_wanted_at.is_some(),
            Self::DeclineDeletion => account.deletion_asked_at.is_some(),
            Self::Verify => account.verified_at.is_none(),
            Self::RemoveFactors => account.second_factor_at.is_some(),
            Self::Disable | Self::ResetLink => account.locked_at.is_none(),
            Self::Enable => account.locked_at.is_some(),
            Self::SetRole | Self::Rename | Self::SetAddress | Self::EndSessions | Self::Delete => true,
        }
    }
}

#[get("/admin/accounts/<number>/<action>")]
pub async fn page(staff: Staff<'_>, number: &str, action: &str) -> Result<Reply, Refusal> {
    let action = AccountAction::parse(action)?;
    let found = staff.find(number).await?;
    let typed = ActionInput {
        role: found.account.role.0.to_string(),
        username: found.account.username.as_ref().map_or("", Username::as_str),
        email: found.account.email.as_str(),
        reason: "",
    };
    show(&staff, &found, action, FormState::untouched(), &typed).await
}

/// What is in the form.
struct ActionInput<'a> {
    role: String,
    username: &'a str,
    email: &'a str,
    reason: &'a str,
}

#[post("/admin/accounts/<number>/<action>", data = "<form>")]
pub async fn submit(staff: Staff<'_>, number: &str, action: &str, form: Form) -> Result<Reply, Refusal> {
    staff.require_own(&form)?;
    let action = AccountAction::parse(action)?;
    let found = staff.find(number).await?;
    let typed = ActionInput {
        role: form.text("role_id")?.to_owned(),
        username: form.text("username")?,
        email: form.text("email")?,
        reason: form.text("reason")?,
    };
    let reason = one_line(typed.reason);
    let whom = AccountName::Known(found.account.id);
    match carry_out(&staff, staff.order(&reason), &whom, action, &typed).await {
        Ok(changed) if staff.visit.json => Ok(Reply::json(Status::Ok, &json!({ "changed": changed }))),
        Ok(changed) => {
            let notice = if changed { "admin_done" } else { "admin_unchanged" };
            let back = urls::admin_account(found.account.id.0);
            Ok(Reply::see_other(back).cookie(staff.visit.cookies.notice(notice)))
        }
        Err(error) if staff.visit.json => staff.problem(error),
        Err(error) => {
            let state = staff.refused(error)?;
            show(&staff, &found, action, state, &typed).await
        }
    }
}

/// Text that stands on one line, and not longer than a reason may be.
fn one_line(text: &str) -> String {
    // What turns the direction of text would make a line of the log read otherwise.
    let turns = |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c });
    plain.collect::<String>().trim().chars().take(LONGEST_REASON).collect()
}

/// Does what the form says. Returns whether anything was changed.
async fn carry_out(
    staff: &Staff<'_>,
    order: Order<'_>,
    whom: &AccountName,
    action: AccountAction,
    typed: &ActionInput<'_>,
) -> Result<bool, OrderError> {
    let (store, clock) = (staff.flows().store(), staff.flows().clock());
    let wrong = |field, code| OrderError::Account(AccountError::field(field, code));
    match action {
        AccountAction::Approve => Ok(approval::approve(store, clock, order, whom).await?.changed),
        AccountAction::SetRole => {
            let role =
                typed.role.parse().map(Role).map_err(|_| wrong(Field::Role, FieldCode::RoleUnknown))?;
            Ok(identity::set_role(store, clock, order, whom, role).await?.changed)
        }
        AccountAction::Rename => {
            let username = Username::parse(typed.username).map_err(|code| wrong(Field::Username, code))?;
            let wanted = (&username, staff.flows().policy().usernames);
            Ok(identity::rename(store, clock, order, whom, wanted).await?.changed)
        }
        AccountAction::SetAddress => {
            let email = EmailAddress::parse(typed.email).map_err(|code| wrong(Field::Email, code))?;
            let wanted = (&email, staff.flows().policy().verification);
            Ok(identity::set_address(store, clock, order, whom, wanted).await?.changed)
        }
        AccountAction::Verify => Ok(identity::verify(store, clock, order, whom).await?.changed),
        AccountAction::ResetLink => identity::mail_reset_link(store, clock, order, whom).await.map(|_| true),
        AccountAction::EndSessions => locking::end_sessions(store, clock, order, whom).await.map(|_| true),
        AccountAction::RemoveFactors => {
            let before = locking::remove_factors(store, clock, order, whom).await?;
            Ok(before.second_factor_at.is_some())
        }
        AccountAction::Disable => Ok(locking::lock(store, clock, order, whom).await?.before.is_none()),
        AccountAction::Enable => Ok(locking::unlock(store, clock, order, whom).await?.before.is_some()),
        AccountAction::Delete => {
            let grace = staff.flows().policy().deletion_grace;
            Ok(deletion::delete(store, clock, order, whom, grace).await?.changed)
        }
        AccountAction::DeclineDeletion => Ok(deletion::decline(store, clock, order, whom).await?.changed),
        AccountAction::Restore => Ok(deletion::restore(store, clock, order, whom).await?.changed),
    }
}

async fn show(
    staff: &Staff<'_>,
    found: &Overview,
    action: AccountAction,
    state: FormState,
    typed: &ActionInput<'_>,
) -> Result<Reply, Refusal> {
    let visit = &staff.visit;
    let roles = RoleNames::read(staff).await?;
    let form = AdminActionForm {
        role: role_choice(&roles, &typed.role, state.secret(visit, "role_id").errors),
        username: state.field(visit, "username", typed.username),
        email: state.field(visit, "email", typed.email),
        reason: FieldView { value: typed.reason.to_owned(), errors: Vec::new() },
    };
    let page = AdminActionPage {
        here: "accounts",
        account: rows::account(visit, &roles, &found.account),
        action: action.word(),
        title: rows::text(visit, action.title()),
        about: about(staff, action),
        asks: action.asks(),
        form,
    };
    staff.show_in(state, page)
}

/// What the action does.
fn about(staff: &Staff<'_>, action: AccountAction) -> String {
    let visit = &staff.visit;
    match action {
        AccountAction::Delete => {
            let days = staff.flows().policy().deletion_grace.as_secs() / 86_400;
            visit.view.counted(visit.locale(), action.about(), "days", days)
        }
        action => rows::text(visit, action.about()),
    }
}

/// The choice of a role.
pub fn role_choice(roles: &RoleNames, chosen: &str, errors: Vec<look::Problem>) -> ChoiceView {
    let option = |(role, name): (&Role, &String)| OptionView {
        value: role.0.to_string(),
        label: name.clone(),
        selected: role.0.to_string() == chosen,
    };
    ChoiceView { value: chosen.to_owned(), options: roles.iter().map(option).collect(), errors }
}
