//! Second factors that were lost: asking to have them taken off, and keeping them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::TimeView;
use domain::Millis;

/// One step of taking lost second factors off, or of keeping them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FactorRecoveryPage {
    /// `lost`: whoever signs in has no factor, and can ask for a link; `sent`: the link is on its way; `ask`:
    /// the link asks; `asked`: it has; `keep`: the link of a notice keeps the factors; `kept`: it has;
    /// `gone`: the link does not work any more.
    pub step: &'static str,
    /// The form of the steps `ask` and `keep`.
    pub form: FactorRecoveryForm,
    /// The address of the account, masked at the steps `lost` and `sent`; may be empty.
    pub email: String,
    /// How many days the owner has to stop it.
    pub days: u64,
    /// When the factors are taken off; of no meaning at the steps `lost`, `sent`, `kept` and `gone`.
    pub until: TimeView,
}

/// The form that uses a link.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct FactorRecoveryForm {
    /// `token`, from the link.
    pub token: String,
}

impl Page for FactorRecoveryPage {
    const TEMPLATE: &'static str = "pages/factor_recovery.html";
}

/// The steps.
const STEPS: [&str; 7] = ["lost", "sent", "ask", "asked", "keep", "kept", "gone"];

impl PageSamples for FactorRecoveryPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |step, email: &str| Self {
            step,
            form: FactorRecoveryForm { token: "Zm9v".repeat(10) },
            email: email.to_owned(),
            days: 3,
            until: TimeView::minute(Millis(1_717_200_000_000), words.dates()),
        };
        let ordinary = |step: &'static str| {
            let email = if step == "gone" { "" } else { "ada@example.org" };
            let sample = Sample::of(step, page(step, email));
            if step == "gone" { sample.with_alert(words.alert("ticket_spent")) } else { sample }
        };
        let mut samples: Vec<_> = STEPS.into_iter().map(ordinary).collect();
        for step in STEPS {
            let form = FactorRecoveryForm { token: HOSTILE.to_owned() };
            samples.push(Sample::of(format!("{step}, hostile"), Self { form, ..page(step, HOSTILE) }));
            samples.push(Sample::of(format!("{step}, long"), page(step, &long("ada@example.org"))));
        }
        for step in ["lost", "ask", "keep"] {
            let waiting = words.counted("throttled", "seconds", 30);
            let state = format!("{step}, too many tries");
            samples.push(Sample::of(state, page(step, "ada@example.org")).with_alert(waiting));
        }
        samples
    }
}
