//! *My data*: a file with what an account has, for its owner to take along. [`ask`] takes the wish and hands
//! the file out, [`worker`] makes it in the background, [`make`] says what goes into it: [`own_data`] is
//! read, [`documents`] are for programs and [`reading`] is for people. [`strays`] removes files that nobody
//! wants.

mod ask;
mod documents;
mod make;
mod own_data;
mod reading;
pub(in crate::flows) mod strays;
mod worker;

pub use ask::{DataExportState, DataFile, ExportAsked};
pub use worker::DataExports;
