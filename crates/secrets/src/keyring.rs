//! The keys of a running program.

use std::sync::Arc;

use domain::Random;
use parking_lot::RwLock;
use zeroize::Zeroizing;

use crate::file::KeyFile;
use crate::key::KeyId;
use crate::sealed::{OpenError, SealError, SecretKeys};

/// The keys of a running program, and the file that they came from. When a value is under a key that it does
/// not know, or its first key has been retired, the file is read again: so a rotation needs no restart. Cheap
/// to clone.
#[derive(Clone, Debug)]
pub struct Keyring {
    keys: Arc<RwLock<Arc<SecretKeys>>>,
    file: Option<KeyFile>,
}

impl Keyring {
    /// Keys that change with a restart alone.
    pub fn fixed(keys: SecretKeys) -> Self {
        Self { keys: Arc::new(RwLock::new(Arc::new(keys))), file: None }
    }

    /// The keys that `file` had when it was read.
    pub fn of_file(keys: SecretKeys, file: KeyFile) -> Self {
        Self { file: Some(file), ..Self::fixed(keys) }
    }

    /// The keys of now.
    pub fn keys(&self) -> Arc<SecretKeys> {
        self.keys.read().clone()
    }

    /// As [`SecretKeys::seal`], with the id of the key that sealed.
    ///
    /// # Errors
    /// As [`SecretKeys::seal`].
    pub fn seal(
        &self,
        random: &dyn Random,
        context: &str,
        plain: &[u8],
    ) -> Result<(KeyId, Vec<u8>), SealError> {
        let keys = self.keys();
        Ok((keys.first().id(), keys.seal(random, context, plain)?))
    }

    /// As [`SecretKeys::open`]; reads the file again where the key is not known. That is a small file, once
    /// for a rotation.
    ///
    /// # Errors
    /// As [`SecretKeys::open`].
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        match self.keys().open(context, sealed) {
            Err(OpenError::UnknownKey(id)) if self.read_again() => {
                let keys = self.keys();
                if keys.key(id).is_some() {
                    keys.open(context, sealed)
                } else {
                    Err(OpenError::UnknownKey(id))
                }
            }
            opened => opened,
        }
    }

    /// Reads the file again. Returns `false` where there is none to read, and leaves the keys as they are.
    pub fn read_again(&self) -> bool {
        let Some(file) = &self.file else { return false };
        let Ok(Some(keys)) = file.read() else { return false };
        *self.keys.write() = Arc::new(keys);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;
    use domain::OsRandom;

    #[test]
    fn a_running_program_learns_of_a_rotation_by_the_first_value_under_the_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path().join("secret.key"));
        let old = file.read_or_make(&OsRandom).unwrap();
        let running = Keyring::of_file(old.clone(), file.clone());
        let new = old.led_by(SecretKey::generate(&OsRandom));
        let sealed = new.seal(&OsRandom, "a", b"one").unwrap();
        let unknown = OpenError::UnknownKey(new.first().id());
        assert_eq!(running.open("a", &sealed), Err(unknown));
        let locked = file.lock().unwrap();
        file.replace(&new, &locked, &OsRandom).unwrap();
        assert_eq!(running.open("a", &sealed).unwrap().as_slice(), b"one");
        assert_eq!(running.seal(&OsRandom, "a", b"two").unwrap().0, new.first().id());
        assert_eq!(Keyring::fixed(old).open("a", &sealed), Err(unknown));
    }
}
