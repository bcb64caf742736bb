//! App passwords as templates see them.

use domain::{AccountError, AppPassword, StoredAppPassword};
use look::pages::{
    AppPasswordForm, AppPasswordView, AppPasswordsView, ChoiceView, FieldView, OptionView, TimeView,
};

use super::shown_again::FormState;
use crate::flows::SignedIn;
use crate::web::Visit;

/// The panel of the security page. `typed` is the name and the dialect of this form, where it was refused.
///
/// # Errors
/// `Unavailable` when the database cannot be reached.
pub async fn panel(
    visit: &Visit<'_>,
    who: &SignedIn,
    state: &FormState,
    typed: Option<(&str, &str)>,
) -> Result<AppPasswordsView, AccountError> {
    let listed = visit.flows.app_passwords.list(who).await?;
    let dates = visit.dates();
    let (name, door) = typed.unwrap_or_default();
    // Another form of the page may have a field of the same name.
    let errors = |field| typed.map(|_| state.secret(visit, field).errors).unwrap_or_default();
    let view = |made: StoredAppPassword| AppPasswordView {
        id: made.id.0,
        label: label(visit, &made.door),
        name: made.name,
        dialect: made.door,
        place: made.place,
        created_at: TimeView::day(made.created_at, dates),
        used: made.seen_at.is_some(),
        seen_at: TimeView::minute(made.seen_at.unwrap_or(made.created_at), dates),
    };
    let options = AppPassword::DOORS.map(|known| OptionView {
        value: known.0.to_owned(),
        label: label(visit, known.0),
        selected: known.0 == door,
    });
    let dialect = ChoiceView { value: door.to_owned(), options: options.to_vec(), errors: errors("dialect") };
    Ok(AppPasswordsView {
        offered: who.account().second_factor_at.is_some(),
        form: AppPasswordForm { name: FieldView { value: name.to_owned(), errors: errors("name") }, dialect },
        made: listed.into_iter().map(view).collect(),
    })
}

/// What a dialect is for, in the language of the visit.
pub fn label(visit: &Visit<'_>, door: &str) -> String {
    let sentence = match door {
        "fastsite" => "app-password-fastsite",
        "mirror" => "app-password-mirror",
        "amadis" => "app-password-amadis",
        other => return other.to_owned(),
    };
    visit.view.catalog().text(visit.locale(), sentence, &[])
}
