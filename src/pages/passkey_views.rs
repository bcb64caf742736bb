//! Passkeys as templates and programs see them, and what an authenticator answered.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AccountError, Field, FieldCode, Passkey, PasskeyId};
use look::Notice;
use look::pages::{FieldView, PasskeyView, PasskeysView, TimeView, iso};
use serde_json::{Value, json};

use super::shown_again::FormState;
use crate::flows::OwnPasskeys;
use crate::web::{Form, Refusal, Visit};

/// The answer of an authenticator, as a JSON object or as its text.
///
/// # Errors
/// `Malformed` when the field came twice, or is neither.
pub fn credential(form: &Form) -> Result<&str, Refusal> {
    Ok(form.0.object("credential").map_err(|_| Refusal::Malformed)?.unwrap_or_default())
}

/// What is wrong with a passkey, in `panel`: nobody has typed it, so no field says it.
pub fn alert(visit: &Visit<'_>, error: &AccountError, panel: &'static str) -> Option<Notice> {
    let AccountError::Invalid(errors) = error else { return None };
    let wrong = errors.iter().find(|error| error.field == Field::Passkey)?;
    // A form without an answer is what a script sends where it could not ask for one.
    let code = if wrong.code == FieldCode::Required { &FieldCode::PasskeyRefused } else { &wrong.code };
    let look::Problem { code, message } = visit.view.problem(visit.locale(), code);
    Some(Notice { code, message, place: panel })
}

/// The passkeys, as the template sees them.
pub fn view(
    visit: &Visit<'_>,
    own: &OwnPasskeys,
    state: &FormState,
    typed: Option<(PasskeyId, &str)>,
) -> PasskeysView {
    let dates = visit.dates();
    let passkey = |passkey: &Passkey| {
        let refused = typed.filter(|(id, _)| *id == passkey.id);
        PasskeyView {
            id: passkey.id.0,
            credential: URL_SAFE_NO_PAD.encode(&passkey.credential_id),
            name: match passkey.name.as_str() {
                "" => visit.view.catalog().text(visit.locale(), "passkeys-unnamed", &[]),
                name => name.to_owned(),
            },
            form: match refused {
                Some((_, typed)) => state.field(visit, "name", typed),
                None => FieldView { value: passkey.name.clone(), errors: Vec::new() },
            },
            created_at: TimeView::day(passkey.created_at, dates),
            used: passkey.seen_at.is_some(),
            seen_at: TimeView::minute(passkey.seen_at.unwrap_or(passkey.created_at), dates),
            place: passkey.place.clone(),
        }
    };
    PasskeysView {
        possible: visit.flows.passkeys.possible(),
        list: own.passkeys.iter().map(passkey).collect(),
        handle: own.handle.as_ref().map(|handle| URL_SAFE_NO_PAD.encode(handle)).unwrap_or_default(),
    }
}

/// A passkey as JSON.
pub fn as_json(passkey: &Passkey) -> Value {
    json!({
        "id": passkey.id.0,
        "name": passkey.name,
        "model": passkey.model.name(),
        "credential_id": URL_SAFE_NO_PAD.encode(&passkey.credential_id),
        "created_at": iso(passkey.created_at),
        "seen_at": passkey.seen_at.map(iso),
        "place": passkey.place,
    })
}
