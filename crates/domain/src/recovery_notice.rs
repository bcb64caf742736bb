//! What a notice says of second factors that are going to be taken off.

use super::Millis;

/// What the notice says, as it stands in the outbox: `DUE DEVICES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryNotice {
    /// When the factors are taken off.
    pub due: Millis,
    /// How many devices are paired with the account. Strangers chose their names.
    pub devices: u64,
}

impl RecoveryNotice {
    pub fn to_stored(self) -> String {
        format!("{} {}", self.due.0, self.devices)
    }

    /// Reads [`to_stored`](Self::to_stored) back.
    pub fn from_stored(stored: &str) -> Option<Self> {
        let (due, devices) = stored.split_once(' ')?;
        Some(Self { due: Millis(due.parse().ok()?), devices: devices.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_read_back() {
        let notice = RecoveryNotice { due: Millis(1_767_225_600_000), devices: 3 };
        assert_eq!(RecoveryNotice::from_stored(&notice.to_stored()), Some(notice));
        for wrong in ["", "1", "1 x", "x 1"] {
            assert_eq!(RecoveryNotice::from_stored(wrong), None, "{wrong}");
        }
    }
}
