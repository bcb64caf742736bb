//! `vestibule theme new`: writes a small working theme.

use std::path::Path;
use std::process::ExitCode;

use look::theme::CONTRACT;

use super::CommandFailure;

/// The files of a theme that changes the colours, the mark and one block.
const FILES: [(&str, &str); 5] = [
    ("theme.toml", include_str!("new/theme.toml")),
    ("templates/pages/sign_in.html", include_str!("new/sign_in.html")),
    ("templates/pieces/mark.html", include_str!("new/mark.html")),
    ("static/theme.css", include_str!("new/theme.css")),
    ("static/mark.svg", include_str!("new/mark.svg")),
];

pub fn run(folder: &Path) -> Result<ExitCode, CommandFailure> {
    if folder.exists() && (!folder.is_dir() || folder.read_dir()?.next().is_some()) {
        return Err(format!("{} is there already, and not an empty folder", folder.display()).into());
    }
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or("theme");
    let name: String = name.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect();
    for (path, text) in FILES {
        let path = folder.join(path);
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        let text = text.replace("NAME", &name).replace("CONTRACT", &CONTRACT.to_string());
        std::fs::write(&path, text).map_err(failed)?;
        println!("{}", path.display());
    }
    let folder = folder.display();
    eprintln!(
        "Look at it with `vestibule theme dev {folder}`, serve it with `VESTIBULE_THEME={folder} vestibule`."
    );
    Ok(ExitCode::SUCCESS)
}
