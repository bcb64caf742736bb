//! What somebody who uploads a file gets, for good files and bad ones.

mod colours;
mod fixtures;
mod formats;
mod hostile;
mod orientation;
