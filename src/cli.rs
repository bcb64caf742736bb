//! The command line.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use vestibule::config::Config;
use vestibule::server::{Server, stop_signal};
use vestibule::{Nature, prepare, rocket, server_settings};

/// An account server for websites.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages (the default).
    Serve,
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let Command::Serve = Arguments::parse().command.unwrap_or(Command::Serve);
    log_to_stderr();
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vestibule: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Warnings and our own news. Rocket's lines would show request lines with their queries, sqlx's whole statements.
fn log_to_stderr() {
    env_logger::Builder::new()
        .filter_level(log::LevelFilter::Warn)
        .filter_module("vestibule", log::LevelFilter::Info)
        .filter_module("rocket", log::LevelFilter::Off)
        .filter_module("_", log::LevelFilter::Off)
        .filter_module("sqlx", log::LevelFilter::Error)
        .format(|line, record| {
            // What Rocket's macros put into our own modules, such as each body that was refused.
            if record.target().ends_with("::_") {
                return Ok(());
            }
            let (time, level, target) = (line.timestamp(), record.level(), record.target());
            writeln!(line, "{time} {level:<5} {target}: {}", record.args())
        })
        .init();
}

fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::load()?;
    let workers = config.figment.extract_inner::<usize>("workers").unwrap_or(2).max(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
    runtime.block_on(async {
        prepare(&config).await?;
        let server = Server::bind(rocket(&config, Nature::default())?, server_settings(&config)?).await?;
        match &config.settings.public_url {
            Some(url) => {
                println!("Vestibule listens on {} and is to be opened as {url}", server.local_addr())
            }
            None => println!("Vestibule is ready: open http://{}/", server.local_addr()),
        }
        server.run(stop_signal()).await?;
        Ok(())
    })
}
