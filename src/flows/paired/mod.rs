//! Pairing of devices without a keyboard (after RFC 8628). The device shows a code, a signed-in person types
//! it, and the device gets a bearer of its own.

mod claim;
mod news;
mod start;
mod streams;

pub use claim::Pairer;
pub use news::DeviceNews;
pub use start::{DeviceStatus, FetchedBearer, PairedDevices};
