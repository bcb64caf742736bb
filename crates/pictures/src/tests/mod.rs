//! The result of an upload, for good and bad files.

mod colours;
mod fixtures;
mod formats;
mod hostile;
mod orientation;
