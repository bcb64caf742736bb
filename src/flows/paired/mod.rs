//! Devices without a keyboard that are paired with an account (after RFC 8628): one shows a code, somebody
//! who is signed in types it, and the device is given a bearer of its own.

mod claim;
mod news;
mod start;
mod streams;

pub use claim::Pairer;
pub use news::DeviceNews;
pub use start::{DeviceStatus, FetchedBearer, PairedDevices};
