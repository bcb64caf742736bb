//! The two pages by which a developer reads the mail that became files.

use serde::Serialize;
use utoipa::ToSchema;

use super::TimeView;
use crate::Page;

/// All messages.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevMailsPage {
    /// Newest first.
    pub mails: Vec<DevMailView>,
}

/// A message in the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevMailView {
    /// Name of its file, which its address ends with.
    pub name: String,
    /// The address it went to.
    pub to: String,
    /// One line.
    pub subject: String,
    /// When it was sent.
    pub sent_at: TimeView,
}

impl Page for DevMailsPage {
    const TEMPLATE: &'static str = "pages/dev_mails.html";
}

/// One message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevMailPage {
    /// Its head.
    pub mail: DevMailView,
    /// Its text, line by line.
    pub lines: Vec<DevMailLine>,
}

/// A line of a message's text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevMailLine {
    /// What it says.
    pub text: String,
    /// Path on this site, if it is an address of this site; else empty.
    pub href: String,
}

impl Page for DevMailPage {
    const TEMPLATE: &'static str = "pages/dev_mail.html";
}
