//! What stays the same on every page for as long as the program runs.

/// Values that a template names, but no request changes.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Name of the site.
    pub site_name: String,
    /// Fewest characters of a password.
    pub password_min: usize,
    /// Largest picture in MiB.
    pub picture_max_mib: u64,
}

impl Default for Facts {
    fn default() -> Self {
        Self { site_name: "Vestibule".into(), password_min: 8, picture_max_mib: 10 }
    }
}

impl Facts {
    /// The value of a template's variable, if it is one of these.
    pub(super) fn get(&self, variable: &str) -> Option<Fact<'_>> {
        match variable {
            "site.name" => Some(Fact::Text(&self.site_name)),
            "page.password_min" => Some(Fact::Number(self.password_min as u64)),
            "page.picture_max_mib" => Some(Fact::Number(self.picture_max_mib)),
            "page.picture_max_bytes" => Some(Fact::Number(self.picture_max_bytes())),
            _ => None,
        }
    }

    /// Largest picture in bytes.
    pub fn picture_max_bytes(&self) -> u64 {
        self.picture_max_mib << 20
    }
}

pub(super) enum Fact<'a> {
    Number(u64),
    Text(&'a str),
}
