//! Where the folder of pictures has what: `ab/cdef…/256.jpg` for a rendition, where `abcdef…` is the id.

use std::path::{Path, PathBuf};

use super::{PictureFormat, PictureId, SIZES};

/// The folder of the pictures that are set aside, in the root: `.removed/abcdef….1-0/256.jpg`.
pub(super) const REMOVED: &str = ".removed";

/// A file of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rendition {
    /// The picture.
    pub id: PictureId,
    /// The side in pixels, one of [`SIZES`].
    pub size: u32,
    /// The encoding.
    pub format: PictureFormat,
}

impl Rendition {
    /// Its path below the folder of pictures, with `/`.
    pub fn path(&self) -> String {
        let id = self.id.to_string();
        let (first, rest) = id.split_at(2);
        format!("{first}/{rest}/{}", file_name(self.size, self.format))
    }

    /// The rendition with this path; `None` when none has it.
    pub fn at(path: &str) -> Option<Self> {
        let (folder, file) = path.rsplit_once('/')?;
        let (size, extension) = file.split_once('.')?;
        let size = SIZES.into_iter().find(|known| known.to_string() == size)?;
        let format = PictureFormat::ALL.into_iter().find(|format| format.extension() == extension)?;
        let rendition = Self { id: folder.replace('/', "").parse().ok()?, size, format };
        (rendition.path() == path).then_some(rendition)
    }
}

/// The folder of one picture. An id consists of hexadecimal digits, so the path never leaves the root.
pub(super) fn folder_in(root: &Path, id: &PictureId) -> PathBuf {
    let id = id.to_string();
    let (first, rest) = id.split_at(2);
    root.join(first).join(rest)
}

pub(super) fn file_name(size: u32, format: PictureFormat) -> String {
    format!("{size}.{}", format.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_one_rendition_and_no_other_path_does() {
        let id = PictureId::of(&[(64, vec![1])]);
        let path = Rendition { id, size: 256, format: PictureFormat::Png }.path();
        assert_eq!(Rendition::at(&path).map(|found| (found.id, found.size)), Some((id, 256)));
        let name = id.to_string();
        let (first, rest) = name.split_at(2);
        for other in [
            String::new(),
            format!("{name}/256.png"),
            format!("{first}/{rest}/257.png"),
            format!("{first}/{rest}/0256.png"),
            format!("{first}/{rest}/256.gif"),
            format!("{first}/{rest}/256.png/"),
            format!("/{first}/{rest}/256.png"),
            format!("{first}//{rest}/256.png"),
            format!("../{first}/{rest}/256.png"),
            format!("{}/{rest}/256.png", first.to_uppercase() + "A"),
        ] {
            assert_eq!(Rendition::at(&other), None, "{other}");
        }
    }
}
