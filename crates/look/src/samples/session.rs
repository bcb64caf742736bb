//! A place where somebody is signed in.

use super::Words;
use crate::pages::{SessionView, TimeView};
use domain::Millis;

impl Words<'_> {
    pub(super) fn session(self, number: i64, device: &str, current: bool) -> SessionView {
        SessionView {
            id: number,
            current,
            device: device.to_owned(),
            address: "2001:db8::1".to_owned(),
            created_at: TimeView::day(Millis(1_717_100_000_000), self.dates()),
            seen_at: TimeView::minute(Millis(1_717_200_000_000), self.dates()),
        }
    }
}
