//! The reference from an account to its picture, and the size limits of an upload.

/// The size limits of an uploaded picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureLimits {
    /// The longest file, in MiB.
    pub max_mib: u64,
    /// The maximum number of pixels (width × height), in millions.
    pub max_megapixels: u64,
}

impl PictureLimits {
    /// The longest file, in bytes.
    pub const fn max_bytes(self) -> u64 {
        self.max_mib << 20
    }

    /// Longest form with such a file, in bytes: its other fields have a mebibyte.
    pub const fn max_form_bytes(self) -> u64 {
        self.max_bytes().saturating_add(1 << 20)
    }

    /// Most pixels (width × height).
    pub const fn max_pixels(self) -> u64 {
        self.max_megapixels * 1_000_000
    }
}

impl Default for PictureLimits {
    /// 10 MiB and 50 megapixels, enough for a photograph from any telephone.
    fn default() -> Self {
        Self { max_mib: 10, max_megapixels: 50 }
    }
}

/// A stored picture: the content hash, which is also its path, and the file type of its renditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRef {
    /// The content hash in lower-case hexadecimal digits.
    pub id: String,
    /// The file extension: `jpg` or `png`.
    pub extension: String,
}

impl PictureRef {
    /// Parses the stored form `HASH.EXT`. Returns `None` for other text.
    pub fn parse(stored: &str) -> Option<Self> {
        let (id, extension) = stored.split_once('.')?;
        Some(Self { id: id.to_owned(), extension: extension.to_owned() })
    }

    /// The stored form `HASH.EXT`.
    pub fn to_stored(&self) -> String {
        format!("{}.{}", self.id, self.extension)
    }
}
