//! Deleting one's own account: what it does, asking for it, and taking it back.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::TimeView;
use domain::Millis;

/// One step of deleting an account, or of bringing it back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountDeletionPage {
    /// `offer`: the account's owner can delete it; `ask`: the owner can ask whoever runs the site to;
    /// `asked`: they are asked; `deleted`: it is deleted; `restore`: a link brings it back; `restored`: it
    /// has; `gone`: the link does not work any more.
    pub step: &'static str,
    /// The form of the step `restore`.
    pub form: AccountDeletionForm,
    /// The address of the account; empty at the steps `deleted`, `restored` and `gone`.
    pub email: String,
    /// How many days a deleted account can be brought back.
    pub days: u64,
    /// For how many days nobody can have its username afterwards; may be 0.
    pub reserved_days: u64,
    /// For how many days the site keeps what happened to it, without who it was.
    pub log_days: u64,
    /// Since when somebody is asked, or when the account is erased; of no meaning at the other steps.
    pub at: TimeView,
}

/// The form that brings an account back.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct AccountDeletionForm {
    /// `token`, from the link.
    pub token: String,
}

impl Page for AccountDeletionPage {
    const TEMPLATE: &'static str = "pages/account_deletion.html";
}

/// The steps.
const STEPS: [&str; 7] = ["offer", "ask", "asked", "deleted", "restore", "restored", "gone"];

impl PageSamples for AccountDeletionPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |step, email: &str| Self {
            step,
            form: AccountDeletionForm { token: "Zm9v".repeat(10) },
            email: email.to_owned(),
            days: 14,
            reserved_days: 90,
            log_days: 365,
            at: TimeView::minute(Millis(1_717_200_000_000), words.dates()),
        };
        let seen = |step: &str, sample: Sample<Self>| match step {
            "offer" | "ask" | "asked" => sample.seen_by("Ada Lovelace"),
            _ => sample,
        };
        let ordinary = |step: &'static str| {
            let email = if ["deleted", "restored", "gone"].contains(&step) { "" } else { "ada@example.org" };
            let sample = seen(step, Sample::of(step, page(step, email)));
            if step == "gone" { sample.with_alert(words.alert("ticket_spent")) } else { sample }
        };
        let mut samples: Vec<_> = STEPS.into_iter().map(ordinary).collect();
        for step in STEPS {
            let form = AccountDeletionForm { token: HOSTILE.to_owned() };
            let hostile = Sample::of(format!("{step}, hostile"), Self { form, ..page(step, HOSTILE) });
            samples.push(seen(step, hostile));
            samples
                .push(seen(step, Sample::of(format!("{step}, long"), page(step, &long("ada@example.org")))));
        }
        let free = Self { reserved_days: 0, days: 1, ..page("offer", "ada@example.org") };
        samples.push(seen("offer", Sample::of("offer, a day, and the username is free at once", free)));
        let last = Sample::of("offer, the last administrator", page("offer", "ada@example.org"));
        samples.push(seen("offer", last.with_alert(words.alert("administrator_last"))));
        for step in ["offer", "restore"] {
            let waiting = words.counted("throttled", "seconds", 30);
            let sample = Sample::of(format!("{step}, too many tries"), page(step, "ada@example.org"));
            samples.push(seen(step, sample.with_alert(waiting)));
        }
        samples
    }
}
