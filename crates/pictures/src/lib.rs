#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod budget;
mod crop;
mod decode;
mod error;
mod files;
mod held;
mod id;
mod layout;
mod letter;
mod limits;
mod pool;
mod private;
mod raster;
mod rendition;
mod shrink;
mod source;
mod storage;
mod unpacked;
mod work;
mod workshop;

#[cfg(test)]
mod tests;

pub use budget::DecodeBudget;
pub use crop::Crop;
pub use error::PictureError;
pub use held::{HeldPictures, OpenRendition};
pub use id::{InvalidPictureId, PictureId};
pub use layout::Rendition;
pub use letter::{hue_for, letter_for, letter_svg};
pub use limits::Limits;
pub use pool::{PictureFigures, PicturePool};
pub use rendition::{Picture, PictureFormat, SIZES};
pub use source::PictureSource;
pub use storage::{FolderStorage, PictureStorage, Served, SetAside, StorageFuture};
pub use unpacked::UnpackedPictures;
pub use workshop::PictureWorkshop;
