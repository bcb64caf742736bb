//! The routes, pages, sentences and tables that another crate adds to the server. See docs/plugins.md.

use look::{Layer, embedded};
use rocket::http::uri::Origin;
use rocket::{Build, Rocket, Route};
use rust_embed::RustEmbed;
use store::Migrations;
use store::erasure::Fate;

use crate::config::{Config, StartError};
use crate::web::{Dialect, in_turn};

type Attachment = Box<dyn FnOnce(Rocket<Build>) -> Rocket<Build> + Send>;

/// The contributions of a plug-in. A plug-in cannot replace anything: if a name is taken, the server does not
/// start, and the error names both owners.
pub struct Plugin {
    pub(super) name: &'static str,
    pub(super) layer: Layer,
    pub(super) migrations: Option<Migrations>,
    fates: Vec<(&'static str, Fate)>,
    dialects: Vec<Dialect>,
    mounts: Vec<(&'static str, Vec<Route>)>,
    attachments: Vec<Attachment>,
}

impl Plugin {
    /// An empty plug-in. Its `name` has 1 to 40 characters, of a-z, 0-9 and _, and begins with a letter. Its
    /// settings `[default.plugins.NAME]` and the table of its migrations are named after it.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            layer: Layer { owner: name, ..Layer::default() },
            migrations: None,
            fates: Vec::new(),
            dialects: Vec::new(),
            mounts: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// Mounts routes below `base`, such as `/plugin/notes`.
    pub fn mount(mut self, base: &'static str, routes: impl Into<Vec<Route>>) -> Self {
        self.mounts.push((base, routes.into()));
        self
    }

    /// Words refusals of requests below the dialect's base: failed guards, 404, 405, panics. Refusals
    /// elsewhere are worded as those of the built-in pages, as HTML or as `application/problem+json`.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialects.push(dialect);
        self
    }

    /// Adds templates: `*.html` and `*.txt`. Keep them in a folder with the plug-in's name. A theme's
    /// template of the same path replaces the plug-in's, and can extend it as `builtin/PATH`.
    pub fn templates<E: RustEmbed>(mut self) -> Self {
        self.layer.templates.extend(embedded::<E>());
        self
    }

    /// Adds sentences: `en.ftl` and other languages. Begin their keys with the plug-in's name. A file is
    /// ignored if neither the program nor the theme has its language.
    pub fn locales<E: RustEmbed>(mut self) -> Self {
        self.layer.locales.extend(embedded::<E>());
        self
    }

    /// Adds files below `/static/`, for `{{ asset(path="…") }}`.
    pub fn statics<E: RustEmbed>(mut self) -> Self {
        self.layer.statics.extend(embedded::<E>());
        self
    }

    /// Runs these migrations at every start, after the program's own. The files are `0001_what_it_does.sql`
    /// and so on, with the same numbers and names for SQLite and PostgreSQL. Never change a migration that
    /// has been run.
    pub fn migrations<S: RustEmbed, P: RustEmbed>(mut self) -> Self {
        self.migrations = Some(Migrations::of_plugin::<S, P>(self.name));
        self
    }

    /// Says of each table of its migrations what becomes of its rows when an account is erased: `Fate::Gone`
    /// where they go with the account's row (a foreign key with `ON DELETE CASCADE`), `Fate::Unrelated` where
    /// none is about an account. The server does not start with a table that is not named.
    pub fn erases(mut self, fates: &[(&'static str, Fate)]) -> Self {
        self.fates.extend(fates);
        self
    }

    /// A table whose rows' end is not said, or said as only the program's own can be.
    fn unsaid_table(&self) -> Option<String> {
        let said = |table: &str| {
            let fate = self.fates.iter().find(|(named, _)| *named == table).map(|(_, fate)| *fate);
            matches!(fate, Some(Fate::Gone | Fate::Unrelated))
        };
        let tables = self.migrations.as_ref().map(Migrations::tables).unwrap_or_default();
        tables.into_iter().find(|table| !said(table))
    }

    /// Attaches fairings and managed state. The fairings of `Flows`, the database and the templates ignite
    /// first.
    pub fn attach(mut self, attach: impl FnOnce(Rocket<Build>) -> Rocket<Build> + Send + 'static) -> Self {
        self.attachments.push(Box::new(attach));
        self
    }

    fn fault(&self, why: impl std::fmt::Display) -> StartError {
        StartError::new(format!("plug-in `{}`: {why}", self.name))
    }
}

/// Checks the plug-ins before anything is built.
///
/// # Errors
/// A plug-in's name is malformed or used twice, settings name an unknown plug-in, migrations differ between
/// the engines, or a table is not among those whose rows' end is said.
pub fn check(config: &Config, plugins: &[Plugin]) -> Result<(), StartError> {
    for (at, plugin) in plugins.iter().enumerate() {
        if !is_name(plugin.name) {
            return Err(plugin.fault("a name is of a-z, 0-9 and _, begins with a letter and has 40 at most"));
        }
        if plugins.iter().take(at).any(|other| other.name == plugin.name) {
            return Err(plugin.fault("there are two of this name"));
        }
        if plugin.migrations.as_ref().is_some_and(|migrations| !migrations.agree()) {
            return Err(plugin.fault("its migrations for SQLite and PostgreSQL differ in number or name"));
        }
        if let Some(table) = plugin.unsaid_table() {
            return Err(plugin.fault(format!(
                "say with `erases` what becomes of the rows of its table `{table}` when an account is erased"
            )));
        }
    }
    let known = |section: &String| plugins.iter().any(|plugin| plugin.name == section);
    // A program without plug-ins may share a settings file with a program that has some.
    match config.plugin_sections().into_iter().find(|section| !plugins.is_empty() && !known(section)) {
        Some(section) => {
            Err(StartError::setting(&format!("plugins.{section}"), "there is no plug-in of this name"))
        }
        None => Ok(()),
    }
}

fn is_name(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

pub fn dialects(plugins: &[Plugin]) -> impl Iterator<Item = Dialect> + '_ {
    plugins.iter().flat_map(|plugin| plugin.dialects.iter().copied())
}

/// Adds the plug-ins' routes, fairings and state to a server that is complete without them.
///
/// # Errors
/// A route's path is taken, a dialect covers routes of others, or a base is not a path.
pub fn mount(mut rocket: Rocket<Build>, plugins: Vec<Plugin>) -> Result<Rocket<Build>, StartError> {
    for mut plugin in plugins {
        for dialect in &plugin.dialects {
            let base: Vec<&str> = segments(dialect.base).collect();
            let below =
                |route: &&Route| segments(route.uri.path()).zip(&base).all(|(one, other)| one == *other);
            let long = |route: &&Route| segments(route.uri.path()).count() >= base.len();
            if let Some(route) = rocket.routes().filter(long).find(below) {
                return Err(plugin.fault(format!(
                    "the base `{}` of its dialect `{}` holds {route}, which is not its own",
                    dialect.base, dialect.name
                )));
            }
        }
        let mut mounted = Vec::new();
        for (base, mut routes) in std::mem::take(&mut plugin.mounts) {
            if base.len() > 1 && base.ends_with('/') || Origin::parse(base).is_err() {
                return Err(plugin.fault(format!("`{base}` is no path such as /plugin/{}", plugin.name)));
            }
            for route in &mut routes {
                let named = route.name.as_deref().unwrap_or("route");
                route.name = Some(format!("{}::{named}", plugin.name).into());
                let path = format!("{base}{}", route.uri.path());
                let same = |other: &&Route| other.method == route.method && overlap(other.uri.path(), &path);
                if let Some(other) = rocket.routes().find(same) {
                    return Err(plugin.fault(format!("{} {path} would stand before {other}", route.method)));
                }
            }
            mounted.push((base, routes));
        }
        // Mounted after the comparison: a plug-in's own routes may share a path if their ranks differ.
        for (base, routes) in mounted {
            rocket = rocket.mount(base, in_turn(routes));
        }
        for attach in plugin.attachments {
            rocket = attach(rocket);
        }
    }
    Ok(rocket)
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Whether a path exists that matches both routes.
fn overlap(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (segments(one), segments(other));
    let dynamic = |segment: &str| segment.starts_with('<');
    let trailing = |segment: &str| segment.starts_with('<') && segment.ends_with("..>");
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(rest), _) | (_, Some(rest)) if trailing(rest) => return true,
            (Some(one), Some(other)) if one == other || dynamic(one) || dynamic(other) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_paths_overlap_where_one_address_matches_both() {
        for (one, other) in [
            ("/a/b", "/a/b"),
            ("/a/<name>", "/a/b"),
            ("/a/b/<id>/<file>", "/<a>/<b>/<c>/<d>"),
            ("/static/<hash>/<name..>", "/static/a/b/c"),
            ("/<all..>", "/"),
            ("/a/b", "/<all..>"),
            ("/", "/"),
        ] {
            assert!(overlap(one, other) && overlap(other, one), "{one} {other}");
        }
        for (one, other) in [("/a/b", "/a"), ("/a/<name>", "/a"), ("/plugin/<x>", "/a/<x>")] {
            assert!(!overlap(one, other) && !overlap(other, one), "{one} {other}");
        }
    }

    #[test]
    fn a_name_fits_into_a_table_and_a_setting() {
        for name in ["notes", "n", "guest_book2"] {
            assert!(is_name(name), "{name}");
        }
        for name in
            ["", "Notes", "2notes", "_notes", "no-tes", "notes; DROP TABLE accounts", "é", &"n".repeat(41)]
        {
            assert!(!is_name(name), "{name}");
        }
    }
}
