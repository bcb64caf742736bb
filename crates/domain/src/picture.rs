//! How an account refers to its picture, and how large an uploaded one may be.

/// How large an uploaded picture may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureLimits {
    /// Longest file, in MiB.
    pub max_mib: u64,
    /// Most pixels (width × height), in millions.
    pub max_megapixels: u64,
}

impl PictureLimits {
    /// Longest file, in bytes.
    pub const fn max_bytes(self) -> u64 {
        self.max_mib << 20
    }

    /// Most pixels (width × height).
    pub const fn max_pixels(self) -> u64 {
        self.max_megapixels * 1_000_000
    }
}

impl Default for PictureLimits {
    /// 10 MiB and 50 megapixels: any telephone's photograph.
    fn default() -> Self {
        Self { max_mib: 10, max_megapixels: 50 }
    }
}

/// A stored picture: its content hash, which is also its path, and the file type of its renditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRef {
    /// Content hash, lower-case hex.
    pub id: String,
    /// The files' ending: `jpg` or `png`.
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
