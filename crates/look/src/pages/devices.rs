//! The page of paired devices.

use serde::Serialize;
use utoipa::ToSchema;

use super::{FieldView, TimeView};
use crate::Page;

/// Paired devices, and the code of the next.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevicesPage {
    /// The form.
    pub form: DeviceForm,
    /// The devices, newest first.
    pub devices: Vec<DeviceView>,
}

/// The form that takes a code.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct DeviceForm {
    /// `code`
    pub code: FieldView,
}

/// A paired device.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeviceView {
    /// Number, for removing it.
    pub id: i64,
    /// What it is called; never empty.
    pub name: String,
    /// Since when.
    pub paired_at: TimeView,
    /// Last used.
    pub seen_at: TimeView,
}

impl Page for DevicesPage {
    const TEMPLATE: &'static str = "pages/devices.html";
}
