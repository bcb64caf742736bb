//! The settings as a Markdown table, for `docs/operating.md` and the README.

use super::Settings;
use super::describe::{Declared, DescribeSetting as _, SettingRow};

/// Rocket's settings that have an effect here. Rocket checks them itself.
pub(super) const ROCKETS_OWN: [&str; 10] = [
    "address",
    "port",
    "workers",
    "ident",
    "ip_header",
    "limits",
    "log_level",
    "cli_colors",
    "temp_dir",
    "plugins",
];

/// Rocket's settings that have no effect here, each with its replacement.
pub(super) const WITHOUT_EFFECT: [(&str, &str); 7] = [
    ("tls", "a reverse proxy that speaks TLS"),
    ("keep_alive", "http.keep_alive_seconds"),
    ("shutdown", "http.shutdown_seconds"),
    ("max_blocking", "nothing: it is the runtime's own"),
    ("proxy_proto_header", "public_url"),
    ("template_dir", "theme"),
    ("databases", "database_url"),
];

/// Name, variable, default and meaning of Rocket's settings in the table.
const BESIDE_OURS: [(&str, &str, &str, &str); 5] = [
    ("address", "ROCKET_ADDRESS", "`127.0.0.1`", "The IP that it listens on."),
    ("port", "ROCKET_PORT", "`8000`", "The port that it listens on."),
    ("workers", "ROCKET_WORKERS", "the number of cores", "Threads that answer requests."),
    (
        "ip_header",
        "ROCKET_IP_HEADER",
        "`false`",
        "The header in which *your* proxy puts the client's IP, such as `\"X-Real-IP\"`; see \
         [behind a reverse proxy](#behind-a-reverse-proxy). Without a proxy leave it off, or anybody may claim to be \
         anybody.",
    ),
    (
        "plugins.NAME",
        "VESTIBULE_PLUGINS__NAME",
        "none",
        "Settings of a [plug-in](plugins.md), for the program that has it.",
    ),
];

/// The names of Rocket's settings in the table.
pub(super) fn listed_of_rocket() -> impl Iterator<Item = &'static str> {
    BESIDE_OURS.into_iter().map(|(name, ..)| name).filter(|name| !name.contains('.'))
}

fn rows() -> Vec<SettingRow> {
    let mut rows: Vec<SettingRow> = BESIDE_OURS
        .map(|(name, variable, default, meaning)| SettingRow {
            name: name.to_owned(),
            variables: vec![variable.to_owned()],
            default: default.to_owned(),
            bounds: String::new(),
            meaning: meaning.to_owned(),
        })
        .into();
    Settings::default().describe(&Declared::ALL, &mut rows);
    rows
}

/// Every setting with its default in words.
pub(super) fn defaults() -> impl Iterator<Item = (String, String)> {
    rows().into_iter().map(|row| (row.name, row.default.replace('`', "")))
}

/// The table of all settings, or a short table of the settings `names`.
///
/// # Errors
/// The first of `names` that is not a setting.
pub fn markdown(names: &[&str]) -> Result<String, String> {
    let rows = rows();
    if names.is_empty() {
        let mut table =
            String::from("| setting | variable | default | values | meaning |\n|---|---|---|---|---|\n");
        for row in rows {
            let variables = row.written_variables();
            let SettingRow { name, default, bounds, meaning, .. } = row;
            table += &format!("| `{name}` | {variables} | {default} | {bounds} | {meaning} |\n");
        }
        return Ok(table);
    }
    let mut table = String::from("| setting | variable | default |\n|---|---|---|\n");
    for name in names {
        let row = rows.iter().find(|row| row.name == *name).ok_or_else(|| (*name).to_owned())?;
        table += &format!("| `{}` | {} | {} |\n", row.name, row.written_variables(), row.default);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text between the command's mark in `text` and the next blank line.
    fn table_of<'a>(text: &'a str, command: &str) -> &'a str {
        let (_, rest) = text.split_once(&format!("<!-- {command} -->\n")).expect("the mark");
        rest.split_once("\n\n").map_or(rest, |(table, _)| table).trim_end()
    }

    #[test]
    fn the_documents_have_the_tables_that_the_command_prints() {
        let operating = include_str!("../../docs/operating.md");
        let full = "vestibule settings";
        assert_eq!(
            table_of(operating, full),
            markdown(&[]).unwrap().trim_end(),
            "paste what `{full}` prints"
        );

        let readme = include_str!("../../README.md");
        let start = readme.find("<!-- vestibule settings ").expect("the mark");
        let command =
            readme[start..].lines().next().unwrap().trim_start_matches("<!-- ").trim_end_matches(" -->");
        let names: Vec<&str> = command.split_whitespace().skip(2).collect();
        let short = markdown(&names).unwrap();
        assert_eq!(table_of(readme, command), short.trim_end(), "paste what `{command}` prints");
    }

    #[test]
    fn every_row_says_what_its_setting_does() {
        let rows = rows();
        for row in &rows {
            assert!(row.meaning.ends_with('.') && !row.default.is_empty(), "{row:?}");
            assert!(!row.meaning.contains('|') && !row.default.contains('|'), "{row:?}");
        }
        let variables = |name: &str| {
            let row = rows.iter().find(|row| row.name == name).unwrap();
            row.written_variables()
        };
        let both = "`VESTIBULE_PASSWORD_MIN_LENGTH` `VESTIBULE_PASSWORD__MIN_LENGTH`";
        assert_eq!(variables("password.min_length"), both);
        assert_eq!(variables("smtp.url"), "`VESTIBULE_SMTP_URL` `VESTIBULE_SMTP__URL`");
        assert_eq!(variables("locale"), "`VESTIBULE_LOCALE`");
        assert_eq!(variables("fields.NAME"), "`VESTIBULE_FIELDS__NAME`");
        assert_eq!(variables("port"), "`ROCKET_PORT`");
    }
}
