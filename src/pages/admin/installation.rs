//! What is known of the server from its start on.

use std::path::PathBuf;

use look::pages::SettingView;

/// What the composition root knows of the server and does not change.
pub struct Installation {
    /// Whether administrators need a second factor.
    pub strict: bool,
    /// The version of the program.
    pub version: &'static str,
    /// The folder with pictures and keys, and with SQLite the database.
    pub folder: PathBuf,
    /// The mail server, without user and password; `None` where mail becomes files.
    pub mail_server: Option<String>,
    /// The settings, with secrets masked.
    pub settings: Vec<SettingView>,
}
