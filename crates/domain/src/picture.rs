//! How an account refers to its picture: by the content hash that is also its address.

/// A stored picture: which content, and the file type of its renditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRef {
    /// Content hash, lower-case hex.
    pub id: String,
    /// File ending: `jpg` or `png`.
    pub extension: String,
}

impl PictureRef {
    /// Reads the stored form `HASH.EXT`.
    pub fn parse(stored: &str) -> Option<Self> {
        let (id, extension) = stored.split_once('.')?;
        Some(Self { id: id.to_owned(), extension: extension.to_owned() })
    }

    /// The stored form `HASH.EXT`.
    pub fn to_stored(&self) -> String {
        format!("{}.{}", self.id, self.extension)
    }
}
