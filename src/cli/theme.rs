//! `vestibule theme …`: tools for authors of themes.

mod check;
mod chromium;
mod contract;
mod dev;
mod diff;
mod gallery;
mod gallery_folder;
mod missing;
mod new;
mod originals;
mod preview;
mod seen;
mod viewer;

pub use preview::checked;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Subcommand)]
pub enum ThemeCommand {
    /// Write a small theme that works into a new folder.
    New {
        /// The folder, which must not be there yet or be empty.
        folder: PathBuf,
    },
    /// Render every page and mail in every state and language and say what is wrong. Ends with 0 when nothing
    /// is, with 1 when there are errors, with 2 when the check itself cannot be made.
    Check(Check),
    /// Serve every page in every state on loopback, and load it again whenever a file changes.
    Dev(Dev),
    /// Print the theme's files beside ours of the same name, as a diff.
    Diff {
        /// The theme's folder.
        folder: PathBuf,
    },
    /// Write every page in every state and language into a folder of its own, with an index: a page of frames
    /// for each template, by state, language, width, light and dark.
    Gallery(Gallery),
    /// Print a built-in file, such as `pages/profile.html` or `locales/en.ftl`; without a name, list all.
    Show {
        /// The file, by the name that it has in a theme.
        file: Option<String>,
    },
    /// Copy a built-in file into a theme, to be changed there.
    Eject(Eject),
    /// Print the sentences that a language lacks, in English, as a file of `locales/` has them.
    Missing(Missing),
    /// Print what a theme can rely on: every template with its variables, blocks and forms.
    Contract {
        /// `text` for people, `json` for programs, `markdown` for docs/themes.md.
        #[arg(long, value_enum, default_value_t = Listing::Text)]
        format: Listing,
    },
}

#[derive(Args)]
pub struct Check {
    /// The theme's folder.
    folder: PathBuf,
    /// `text` for people, `json` for programs.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// End with 1 when there are warnings too.
    #[arg(long)]
    strict: bool,
    /// Do not open the pages in Chromium, where it is there, to see whether something is hidden.
    #[arg(long)]
    no_browser: bool,
    /// With `--strict`: the code of warnings that do not count, such as `missing-sentence` while somebody
    /// translates. May be given several times.
    #[arg(long, value_name = "CODE", requires = "strict")]
    allow: Vec<String>,
}

#[derive(Args)]
pub struct Dev {
    /// The theme's folder.
    folder: PathBuf,
    /// The port on loopback; 0 lets the system choose.
    #[arg(long, default_value_t = 8001)]
    port: u16,
}

#[derive(Args)]
pub struct Gallery {
    /// The theme's folder.
    folder: PathBuf,
    /// Where to write: a new folder, an empty one, or one that holds a gallery already, which is replaced.
    #[arg(long, value_name = "FOLDER", default_value = "gallery")]
    out: PathBuf,
    /// Take a picture of each page too, light and dark, if Chromium is there: two or three a second.
    #[arg(long)]
    png: bool,
}

#[derive(Args)]
pub struct Eject {
    /// The file, such as `pages/profile.html`.
    file: String,
    /// The theme's folder.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    into: PathBuf,
}

#[derive(Args)]
pub struct Missing {
    /// The code of the language, such as `de`.
    language: String,
    /// The theme whose sentences are there already.
    #[arg(long, value_name = "FOLDER")]
    theme: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Listing {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// As it stands in docs/themes.md.
    Markdown,
}

/// The reason why a command could not run: a message, and exit status 2.
type CommandFailure = Box<dyn std::error::Error>;

pub fn run(command: ThemeCommand) -> ExitCode {
    let done = match command {
        ThemeCommand::New { folder } => new::run(&folder),
        ThemeCommand::Check(check) => check::run(&check),
        ThemeCommand::Dev(dev) => dev::run(&dev),
        ThemeCommand::Diff { folder } => diff::run(&folder),
        ThemeCommand::Gallery(gallery) => gallery::run(&gallery),
        ThemeCommand::Show { file } => originals::show(file.as_deref()),
        ThemeCommand::Eject(eject) => originals::eject(&eject),
        ThemeCommand::Missing(missing) => missing::run(&missing),
        ThemeCommand::Contract { format } => contract::run(format),
    };
    done.unwrap_or_else(|error| {
        eprintln!("vestibule: {error}");
        ExitCode::from(2)
    })
}
