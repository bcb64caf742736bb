//! The name of a picture: a hash of its renditions, so that a picture's URL always shows the same content.

use std::{error::Error, fmt, str::FromStr};

use sha2::{Digest, Sha256};

/// A SHA-256 over the sizes and bytes of all renditions, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PictureId([u8; 32]);

impl PictureId {
    /// The id of these renditions (side in pixels, encoded bytes).
    pub(super) fn of(renditions: &[(u32, Vec<u8>)]) -> Self {
        let mut hash = Sha256::new();
        for (size, bytes) in renditions {
            hash.update(size.to_be_bytes());
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for PictureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PictureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PictureId({self})")
    }
}

impl FromStr for PictureId {
    type Err = InvalidPictureId;

    /// Accepts exactly the text that `Display` writes: each picture has one URL, and no other text reaches
    /// the storage.
    fn from_str(text: &str) -> Result<Self, InvalidPictureId> {
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
            return Err(InvalidPictureId);
        };
        let mut id = [0; 32];
        if pairs.len() != id.len() {
            return Err(InvalidPictureId);
        }
        for (byte, &[high, low]) in id.iter_mut().zip(pairs) {
            *byte = digit(high)? << 4 | digit(low)?;
        }
        Ok(Self(id))
    }
}

fn digit(character: u8) -> Result<u8, InvalidPictureId> {
    match character {
        b'0'..=b'9' => Ok(character - b'0'),
        b'a'..=b'f' => Ok(character - b'a' + 10),
        _ => Err(InvalidPictureId),
    }
}

/// The text is not a picture's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidPictureId;

impl fmt::Display for InvalidPictureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a picture id is 64 lower-case hexadecimal digits")
    }
}

impl Error for InvalidPictureId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_writes() {
        let id = PictureId::of(&[(64, vec![1, 2, 3])]);
        let text = id.to_string();
        assert_eq!(text.len(), 64);
        assert_eq!(text.parse(), Ok(id));
    }

    #[test]
    fn other_content_has_another_id() {
        let id = PictureId::of(&[(64, vec![1, 2]), (128, vec![3])]);
        assert_ne!(id, PictureId::of(&[(64, vec![1]), (128, vec![2, 3])]));
        assert_ne!(id, PictureId::of(&[(64, vec![1, 2]), (256, vec![3])]));
    }

    #[test]
    fn anything_else_is_no_id() {
        let id = PictureId::of(&[]).to_string();
        let others = [
            "".to_owned(),
            id.to_uppercase(),
            id[..63].to_owned(),
            id[..62].to_owned(),
            format!("{id}0"),
            format!("{id}00"),
            format!("{}..", &id[..62]),
            format!("{}/a", &id[..62]),
            format!("{}é", &id[..62]),
            "../".repeat(21) + "a",
            format!(" {}", &id[..63]),
        ];
        for text in others {
            assert_eq!(text.parse::<PictureId>(), Err(InvalidPictureId), "{text}");
        }
    }
}
