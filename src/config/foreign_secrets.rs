//! Secrets of other products' servers: `[default.foreign_secrets]`.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use recipes::Pepper;
use zeroize::Zeroizing;

use super::kind::{SettingKind, kinds};
use super::secret::SecretSetting;

/// What stands before a secret that is bytes.
const BYTES: &str = "base64:";

kinds! {
    BTreeMap<String, SecretSetting> => SettingKind::Section,
}

/// A sentence for each fault.
pub(super) fn problems(entries: &BTreeMap<String, SecretSetting>) -> Vec<String> {
    let wrong = entries.iter().filter(|(_, secret)| read(secret).is_none());
    wrong
        .map(|(name, _)| {
            format!(
                "setting `foreign_secrets.{name}` should be a text, or `{BYTES}` with the base64 of bytes"
            )
        })
        .collect()
}

/// The secrets by their names. Those that are none were refused before.
pub fn secrets(entries: &BTreeMap<String, SecretSetting>) -> BTreeMap<String, Pepper> {
    entries.iter().filter_map(|(name, secret)| Some((name.clone(), read(secret)?))).collect()
}

fn read(secret: &SecretSetting) -> Option<Pepper> {
    let text = secret.reveal();
    let bytes = match text.strip_prefix(BYTES) {
        Some(encoded) => STANDARD.decode(encoded).ok()?,
        None => text.as_bytes().to_vec(),
    };
    (!bytes.is_empty()).then(|| Pepper::new(Zeroizing::new(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_its_text_or_its_bytes() {
        let entries = |text: &str| {
            let secret: SecretSetting = serde_json::from_value(text.into()).unwrap();
            BTreeMap::from([("devise".to_owned(), secret)])
        };
        for right in ["pepper", "base64:cGVwcGVy", "base64"] {
            assert_eq!(problems(&entries(right)), [""; 0], "{right}");
            assert_eq!(secrets(&entries(right)).len(), 1, "{right}");
        }
        for wrong in ["", "base64:", "base64:é", "base64:cGVwcGV"] {
            let problems = problems(&entries(wrong));
            assert!(problems.len() == 1 && problems[0].contains("`foreign_secrets.devise`"), "{problems:?}");
        }
    }
}
