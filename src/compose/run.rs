//! Runs a server from the settings.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use domain::OsRandom;
use listener::{KnownHosts, Server, ServerSettings, stop_signal};
use store::Store;

use super::accounts::{self, ClockAndRandom, open_store};
use super::alone::Alone;
use super::logging::{log_to_stderr, write_as, write_end, write_ready};
use super::mail;
use super::metrics::Metrics;
use super::plugins::{self, Plugin};
use super::rocket::{rocket_with, security_headers};
use super::{secret_keys, supervisor};
use crate::config::{Config, StartError};
use crate::urls::{FORWARD_AUTH, HEALTH, READY};
use crate::web::base_path;

/// Makes the data folder and brings the database up to date, so that an error in either is reported before
/// anything listens.
///
/// # Errors
/// Names the setting with the wrong value.
pub async fn prepare(config: &Config) -> Result<(), StartError> {
    prepare_with(config, &[]).await
}

/// As [`prepare`], and runs the migrations of `plugins`.
///
/// # Errors
/// Names the setting with the wrong value, or the plug-in with the error.
pub async fn prepare_with(config: &Config, plugins: &[Plugin]) -> Result<(), StartError> {
    prepared(config, plugins).await?.close().await;
    Ok(())
}

async fn prepared(config: &Config, plugins: &[Plugin]) -> Result<Store, StartError> {
    plugins::check(config, plugins)?;
    mail::check(config)?;
    accounts::outbound(&config.settings)?;
    let store = open_store(config).await?;
    for plugin in plugins {
        accounts::migrate(&store, plugin.name, plugin.migrations.as_ref()).await?;
    }
    // Whoever cannot read what is encrypted learns of it here, and not from the first person who signs in.
    secret_keys::keyring(&config.settings, &store, &OsRandom).await?;
    Ok(store)
}

/// A complete program: serves until it gets a stop signal, with the settings of this process. `plugins` makes
/// the plug-ins from the settings. An error that prevents the start is printed on standard error.
pub fn run(plugins: impl FnOnce(&Config) -> Result<Vec<Plugin>, StartError>) -> ExitCode {
    log_to_stderr();
    // Called before any thread starts. With huge pages each thread's heap would occupy at least 2 MiB.
    memory::disable_huge_pages();
    match serve(plugins) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            write_end(&error);
            ExitCode::FAILURE
        }
    }
}

fn serve(
    plugins: impl FnOnce(&Config) -> Result<Vec<Plugin>, StartError>,
) -> Result<(), Box<dyn std::error::Error>> {
    let handed = supervisor::socket()?;
    let config = Config::load()?;
    write_as(&config.settings.log);
    let plugins = plugins(&config)?;
    config.settings.make_folders()?;
    let _alone = Alone::take(&config.settings)?;
    let workers = config.figment.extract_inner::<usize>("workers").unwrap_or(2).max(1);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .event_interval(TASKS_BETWEEN_LOOKS)
        .global_queue_interval(TASKS_BETWEEN_LOOKS)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store = prepared(&config, &plugins).await?;
        warn(&config, &plugins);
        store.begin_generation().await.map_err(|error| config.settings.wrong_database(error))?;
        store.close().await;
        let metrics = Metrics::bind(&config.settings).await?;
        let rocket = metrics.watch(rocket_with(&config, ClockAndRandom::default(), plugins)?);
        let by = if handed.is_some() { ", a socket that was handed over" } else { "" };
        let server = match handed {
            Some(socket) => Server::on(socket, rocket, server_settings(&config)?).await?,
            None => Server::bind(rocket, server_settings(&config)?).await?,
        };
        metrics.answer(server.connections());
        let ready = match &config.settings.public_url {
            Some(url) => {
                format!("Vestibule listens on {}{by} and is to be opened as {url}", server.local_addr())
            }
            None => format!("Vestibule is ready: open http://{}/", reachable(server.local_addr())),
        };
        write_ready(ready);
        supervisor::ready();
        let stop = async {
            stop_signal().await;
            supervisor::stopping();
        };
        Ok(server.run(stop).await?)
    })
}

/// Logs what is unsafe and what has no effect.
fn warn(config: &Config, plugins: &[Plugin]) {
    for exposure in config.exposures(mail::page_wanted(config)) {
        log::warn!("{exposure}");
    }
    for warning in config.warnings() {
        log::warn!("{warning}");
    }
    if accounts::relying_party(config).is_none() {
        log::info!(
            "passkeys are off at {}: browsers have them where `public_url` is a name with https, or http://localhost",
            config.public_url
        );
    }
    if plugins.is_empty() {
        for section in config.plugin_sections() {
            log::warn!("setting `plugins.{section}` has no effect: this program has no plug-ins");
        }
    }
}

/// An address that a browser on this machine can open: `0.0.0.0` and `::` stand for all of its addresses.
fn reachable(listens_on: SocketAddr) -> SocketAddr {
    let ip = match listens_on.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    SocketAddr::new(ip, listens_on.port())
}

/// How many tasks a thread runs before it looks for news from the network and from other threads. While a
/// client sends without a pause there is always a task to run, and with Tokio's 61 each step of everybody
/// else's request would wait for as many of that client's.
const TASKS_BETWEEN_LOOKS: u32 = 4;

/// The requests of one address that are under way at once, for each core: enough to keep the core busy.
const UNDER_WAY_FOR_EACH_CORE: usize = 2;

/// The listener's part of the settings: its address, its time-outs, and the bytes it drains.
///
/// # Errors
/// Names the setting of Rocket's with the wrong value.
pub fn server_settings(config: &Config) -> Result<ServerSettings, StartError> {
    let rocket: rocket::Config = config.figment.extract().map_err(StartError::new)?;
    let http = &config.settings.http;
    // Without `public_url` the server answers to any name: a developer's machine has several.
    let site = config.settings.public_url.as_ref().and(config.public_url.host_str());
    let hosts = site.map(|site| KnownHosts {
        names: std::iter::once(site.to_owned()).chain(http.hosts.iter().cloned()).collect(),
        open_paths: ["", base_path(&config.public_url)]
            .iter()
            .flat_map(|base| [HEALTH, READY, FORWARD_AUTH].map(|path| format!("{base}{path}")))
            .collect(),
    });
    let headers = security_headers(config);
    let own_headers = headers.of_every_answer().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let defaults = ServerSettings::default();
    Ok(ServerSettings {
        address: rocket.address,
        port: rocket.port,
        header_timeout: Duration::from_secs(http.header_seconds),
        keep_alive: Duration::from_secs(http.keep_alive_seconds),
        body_idle_timeout: Duration::from_secs(http.body_seconds),
        answer_min_rate: http.answer_rate,
        max_connections: http.connections,
        max_connections_each: http.connections_each,
        // Without limits everybody may have any number under way: tests and benchmarks are one address.
        under_way_each: config.settings.rate_limits.0.then(|| UNDER_WAY_FOR_EACH_CORE * cores),
        buffer_bytes: http.buffers_mib << 20,
        client_header: config.client_header(),
        hosts,
        base: base_path(&config.public_url).to_owned(),
        everywhere: [HEALTH, READY].map(str::to_owned).into(),
        own_headers: own_headers.collect(),
        drain_limit: config.settings.picture.limits().max_form_bytes().max(defaults.drain_limit),
        grace: Duration::from_secs(http.shutdown_seconds),
        access_log: config.settings.log.access.0,
        ..defaults
    })
}
