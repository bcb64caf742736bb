//! Other providers, as several pages show them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::samples::{HOSTILE, Words, long};
use crate::values::TimeView;
use domain::Millis;

/// Another provider that people sign in with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderView {
    /// Its name, which the button sends.
    pub name: String,
    /// What people call it.
    pub label: String,
}

impl ProviderView {
    /// The providers of samples.
    pub(super) fn samples() -> Vec<Self> {
        [("google", "Google"), ("university", "Universität"), ("git", HOSTILE)]
            .map(|(name, label)| Self { name: name.to_owned(), label: label.to_owned() })
            .to_vec()
    }
}

/// A provider on the Security page.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderStateView {
    /// Its name; empty where the site does not offer it any more.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Whether an account there signs in.
    pub linked: bool,
    /// The number of that account, by which a form unlinks it; 0 without one.
    pub id: i64,
    /// By what its owner recognises it: an address or a username there; may be empty.
    pub handle: String,
    /// When it was linked; empty without one.
    pub created_at: TimeView,
    /// Whether it has signed in.
    pub used: bool,
    /// When it last signed in; when it was linked, if it has not.
    pub seen_at: TimeView,
}

impl ProviderStateView {
    /// The providers of samples: linked and used, linked, not linked, and gone.
    pub(super) fn samples(words: Words<'_>) -> Vec<Self> {
        let day = TimeView::day(Millis(1_717_100_000_000), words.dates());
        let state = |name: &str, label: &str, handle: &str, id: i64| Self {
            name: name.to_owned(),
            label: label.to_owned(),
            linked: id > 0,
            id,
            handle: handle.to_owned(),
            created_at: if id > 0 { day.clone() } else { TimeView::default() },
            used: id == 1,
            seen_at: if id > 0 { day.clone() } else { TimeView::default() },
        };
        vec![
            state("google", "Google", "ada@example.org", 1),
            state("git", HOSTILE, HOSTILE, 2),
            state("university", "Universität", "", 0),
            state("", "https://id.example.org", &long("ada"), 3),
        ]
    }
}
