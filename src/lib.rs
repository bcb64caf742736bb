//! Vestibule: an account server for websites.
//!
//! The composition root: settings and plug-ins in, a `Rocket<Build>` out, which [`server::Server`] serves.
#![forbid(unsafe_code)]

mod api;
mod cli;
pub mod config;
pub mod flows;
mod logging;
mod mail;
mod pages;
mod plugin;
mod theme;
#[cfg(test)]
mod url_tests;
mod urls;
pub mod web;

pub use ::domain;
pub use ::store;
pub use listener as server;
pub use look as view;
pub use store::on;

/// The outside world: password hashing, limits, pictures, mail.
pub mod infra {
    pub use ::{hasher, limiter, mailer, pictures as picture};
}

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use rocket::fairing::{AdHoc, Fairing, Info, Kind};
use rocket::shield::Shield;
use rocket::{Build, Orbit, Rocket};
use rocket_db_pools::Database as _;
use rocket_dyn_templates::Template;
use url::Url;

use config::{Config, Settings};
use domain::{Clock, OsRandom, PasswordPolicy, Random, SessionLimits, SystemClock};
use flows::{AccountPolicy, Flows, MailParts, Parts};
use infra::hasher::{HashCost, Hasher, HasherSettings};
use infra::limiter::{Limiter, LimiterSettings};
use infra::mailer::KeptMails;
use infra::picture::{DecodeBudget, FolderStorage, Limits, PicturePool, PictureWorkshop};
use server::{Server, ServerSettings, stop_signal};
use store::{Db, DbPool, Migrations, Store};
use view::Renderer;
use web::cookies::Cookies;
use web::{Cors, Dialects, PublicOrigin, SecurityHeaders, UploadRules};

pub use cli::run as command_line;
pub use config::StartError;
pub use logging::log_to_stderr;
pub use mail::mail_parts;
pub use plugin::Plugin;

/// The time and the randomness of a server; tests bring their own.
#[derive(Clone)]
pub struct Nature {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl Default for Nature {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), random: Arc::new(OsRandom) }
    }
}

/// Makes the data folder and brings the database up to date, so that what is wrong with either is said before
/// anything listens.
///
/// # Errors
/// Names the setting that leads nowhere.
pub async fn prepare(config: &Config) -> Result<(), StartError> {
    prepare_with(config, &[]).await
}

/// As [`prepare`], for plug-ins' tables too.
///
/// # Errors
/// Names the setting that leads nowhere, or the plug-in.
pub async fn prepare_with(config: &Config, plugins: &[Plugin]) -> Result<(), StartError> {
    plugin::check(config, plugins)?;
    mail::check(&config.settings)?;
    let store = open_store(config).await?;
    for plugin in plugins {
        migrate(&store, plugin.name, plugin.migrations.as_ref()).await?;
    }
    store.close().await;
    Ok(())
}

/// The database of these settings, brought up to date, in a data folder that is made: one connection, for commands
/// beside a server that may be running.
///
/// # Errors
/// Names the setting that leads nowhere.
pub async fn open_store(config: &Config) -> Result<Store, StartError> {
    let settings = &config.settings;
    settings.make_folders()?;
    let patience = Duration::from_secs(settings.database.patience_seconds);
    let pool = DbPool::connect(&settings.database_address(), 1, patience)
        .await
        .map_err(|error| StartError::setting("database_url", error))?;
    Store::open(pool).await.map_err(|error| StartError::setting("database_url", error))
}

async fn migrate(store: &Store, owner: &str, migrations: Option<&Migrations>) -> Result<(), StartError> {
    let Some(migrations) = migrations else { return Ok(()) };
    let run = store.migrate(migrations).await;
    run.map_err(|error| StartError::new(format!("plug-in `{owner}`: {error}")))
}

/// Builds the whole server from its settings.
///
/// # Errors
/// Names what is wrong with a setting or a theme.
pub fn rocket(config: &Config, nature: Nature) -> Result<Rocket<Build>, StartError> {
    rocket_with(config, nature, Vec::new())
}

/// Builds the whole server, with what `plugins` add to it.
///
/// # Errors
/// As [`rocket`]; names the plug-in that does not go together with the rest.
pub fn rocket_with(
    config: &Config,
    nature: Nature,
    mut plugins: Vec<Plugin>,
) -> Result<Rocket<Build>, StartError> {
    plugin::check(config, &plugins)?;
    let settings = config.settings.clone();
    let facts = mail::facts(&settings);
    let layers: Vec<_> = plugins.iter_mut().map(|plugin| std::mem::take(&mut plugin.layer)).collect();
    let changes: Vec<_> = plugins.iter_mut().map(|plugin| (plugin.name, plugin.migrations.take())).collect();
    let renderer = theme::renderer(&settings, &layers, facts)?;
    let policy = policy(config, &renderer);
    // The engine reads this folder before it asks for templates; all of ours are read already.
    let template_dir = std::env::current_exe().map_err(StartError::new)?;
    let database = rocket::figment::util::map! {
        "url" => rocket::figment::value::Value::from(settings.database_address()),
        "max_connections" => settings.database.connections.into(),
        "connect_timeout" => settings.database.patience_seconds.into(),
    };
    let figment =
        config.figment.clone().merge(("template_dir", template_dir)).merge(("databases.main", database));
    let configured = settings.public_url.is_some();
    let public_url = config.public_url.clone();
    let secure = public_url.scheme() == "https";
    let rules = UploadRules { folder: settings.uploads_folder(), max_mib: settings.picture.max_mib };
    let lent = Arc::new(renderer);
    let (engine, renderer, words) = (lent.clone(), lent.clone(), lent.clone());
    let described = settings.api.docs.0;
    let ours = pages::DIALECTS.into_iter().chain(api::doors().map(|door| door.dialect));
    let dialects = Dialects::new(ours.chain(plugin::dialects(&plugins)));
    let origins = settings.cors.origins.clone();
    let callable = api::doors().filter(|door| door.cross_origin).map(|door| door.dialect.base);
    let rocket = rocket::custom(figment)
        .attach(Database(Db::init()))
        .attach(Template::try_custom(move |engines| Ok(engine.lend(&mut engines.tera)?)))
        .attach(AdHoc::try_on_ignite("public address", move |rocket| async move {
            let listening: Result<rocket::Config, _> = rocket.figment().extract();
            let Ok(listening) = listening else { return Err(rocket) };
            let address = SocketAddr::new(listening.address, listening.port);
            let public_url = match (configured, Url::parse(&format!("http://{address}"))) {
                (false, Ok(listening)) => listening,
                _ => public_url,
            };
            Ok(rocket.manage(PublicOrigin::new(&public_url, configured)))
        }))
        .attach(AdHoc::try_on_ignite("account domain", move |rocket| async move {
            let Some(db) = Db::fetch(&rocket) else { return Err(rocket) };
            let Some(origin) = rocket.state::<PublicOrigin>() else { return Err(rocket) };
            let mail = mail::parts(&settings, origin.as_str(), renderer);
            match assemble(db, &settings, policy, nature, mail, &changes).await {
                Ok(flows) => Ok(rocket.manage(flows)),
                Err(error) => {
                    log::error!("{error}");
                    Err(rocket)
                }
            }
        }))
        .attach(AdHoc::on_liftoff("sweeper and mail", |rocket| {
            Box::pin(async move {
                if let Some(flows) = rocket.state::<Flows>() {
                    flows.sweep.keep();
                    flows.mailing.keep();
                }
            })
        }))
        // Without a policy, in place of Rocket's default shield: `SecurityHeaders` sets its headers.
        .attach(Shield::new())
        .attach(SecurityHeaders { secure })
        .attach(Cors::new(origins, callable.collect()))
        .manage(lent)
        .manage(Cookies::new(secure))
        .manage(rules)
        .manage(dialects)
        .mount("/", pages::routes())
        .mount("/", api::doors().flat_map(|door| (door.routes)()).collect::<Vec<_>>())
        .mount("/", web::asset_routes())
        .register("/", web::catchers());
    let rocket = if described { rocket.attach(api::published(config.fields.clone(), words)) } else { rocket };
    let rocket = if mail::page_wanted(config) {
        let kept = KeptMails::new(config.settings.mail_folder());
        rocket.manage(kept).mount("/", pages::dev_mail_routes())
    } else {
        rocket
    };
    plugin::mount(rocket, plugins)
}

/// Serves until it is told to stop, with the settings of this process and the plug-ins that `plugins` makes of them:
/// the whole of a program. Says on standard error why it does not start.
pub fn run(plugins: impl FnOnce(&Config) -> Result<Vec<Plugin>, StartError>) -> ExitCode {
    log_to_stderr();
    match serve(plugins) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vestibule: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(
    plugins: impl FnOnce(&Config) -> Result<Vec<Plugin>, StartError>,
) -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::load()?;
    let plugins = plugins(&config)?;
    let workers = config.figment.extract_inner::<usize>("workers").unwrap_or(2).max(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
    runtime.block_on(async {
        prepare_with(&config, &plugins).await?;
        let rocket = rocket_with(&config, Nature::default(), plugins)?;
        let server = Server::bind(rocket, server_settings(&config)?).await?;
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

/// Opens the database and closes it: after the mail that is on its way, or what arrived would be sent again.
struct Database(rocket_db_pools::Initializer<Db>);

/// How long the mail that is on its way keeps the program from stopping.
const MAIL_GRACE: Duration = Duration::from_secs(10);

#[rocket::async_trait]
impl Fairing for Database {
    fn info(&self) -> Info {
        Info { name: "database", kind: Kind::Ignite | Kind::Shutdown }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> rocket::fairing::Result {
        self.0.on_ignite(rocket).await
    }

    async fn on_shutdown(&self, rocket: &Rocket<Orbit>) {
        if let Some(flows) = rocket.state::<Flows>() {
            flows.mailing.stop(MAIL_GRACE).await;
        }
        self.0.on_shutdown(rocket).await;
    }
}

/// Where the listener listens and how long it waits.
pub fn server_settings(config: &Config) -> Result<ServerSettings, StartError> {
    let rocket: rocket::Config = config.figment.extract().map_err(StartError::new)?;
    let http = &config.settings.http;
    Ok(ServerSettings {
        address: rocket.address,
        port: rocket.port,
        header_timeout: Duration::from_secs(http.header_seconds),
        keep_alive: Duration::from_secs(http.keep_alive_seconds),
        body_idle_timeout: Duration::from_secs(http.body_seconds),
        max_connections: http.connections,
        drain_limit: (config.settings.picture.max_mib + 1) << 20,
        grace: Duration::from_secs(http.shutdown_seconds),
        access_log: config.settings.log.access.0,
        ..ServerSettings::default()
    })
}

fn policy(config: &Config, renderer: &Renderer) -> AccountPolicy {
    const DAY: u64 = 86_400;
    let settings = &config.settings;
    AccountPolicy {
        password: PasswordPolicy {
            min_length: settings.password.min_length,
            site_name: settings.site.name.clone(),
        },
        session: SessionLimits {
            idle: Duration::from_secs(settings.session.idle_days * DAY),
            absolute: Duration::from_secs(settings.session.absolute_days * DAY),
            touch_every: Duration::from_secs(600),
        },
        cached_sessions: settings.session.cached,
        fields: config.fields.clone(),
        locales: renderer.catalog().locales().map(|locale| locale.as_str().to_owned()).collect(),
        picture_max_mib: settings.picture.max_mib,
        verification: settings.registration.verify,
    }
}

/// Puts the account domain together over an open pool.
async fn assemble(
    db: &Db,
    settings: &Settings,
    policy: AccountPolicy,
    nature: Nature,
    mail: Result<MailParts, StartError>,
    changes: &[(&str, Option<Migrations>)],
) -> Result<Flows, StartError> {
    let store =
        Store::open((**db).clone()).await.map_err(|error| StartError::setting("database_url", error))?;
    for (owner, migrations) in changes {
        migrate(&store, owner, migrations.as_ref()).await?;
    }
    let cost = HashCost::new(settings.password.memory_kib, settings.password.passes)
        .map_err(|error| StartError::setting("password", error))?;
    let default = HasherSettings::default();
    let threads = settings.password.threads.and_then(NonZeroUsize::new).unwrap_or(default.threads);
    let per_thread = NonZeroUsize::new(infra::hasher::DEFAULT_QUEUE_PER_THREAD).unwrap_or(NonZeroUsize::MIN);
    let queue =
        settings.password.queue.and_then(NonZeroUsize::new).unwrap_or(threads.saturating_mul(per_thread));
    let random = nature.random.clone();
    let hasher =
        Hasher::start(&HasherSettings { cost, threads, queue }, Arc::new(move |bytes| random.fill(bytes)))
            .map_err(|error| StartError::setting("password.threads", error))?;
    let limiter =
        if settings.rate_limits.0 { Limiter::new(LimiterSettings::default()) } else { Limiter::off() };
    let limits = Limits {
        max_bytes: settings.picture.max_mib << 20,
        max_pixels: settings.picture.max_megapixels * 1_000_000,
        ..Limits::default()
    };
    let pictures = FolderStorage::open(settings.pictures_folder())
        .map_err(|error| StartError::setting("data_dir", error))?;
    let pictures_at_work =
        PicturePool::start(PictureWorkshop::new(limits, DecodeBudget::default())).map_err(StartError::new)?;
    Ok(Flows::new(Parts {
        store,
        hasher,
        limiter,
        pictures_at_work,
        pictures: Arc::new(pictures),
        mail: mail?,
        clock: nature.clock,
        random: nature.random,
        policy,
    }))
}
