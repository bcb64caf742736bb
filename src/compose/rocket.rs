//! Builds a Rocket from the settings, the plug-ins and all parts of the program.

use std::net::SocketAddr;
use std::sync::Arc;

use look::Renderer;
use look::pages::SettingView;
use mailer::KeptMails;
use rocket::fairing::{AdHoc, Fairing, Info, Kind};
use rocket::figment::Figment;
use rocket::figment::util::map;
use rocket::figment::value::Value;
use rocket::shield::Shield;
use rocket::{Build, Orbit, Rocket};
use rocket_db_pools::Database as _;
use rocket_dyn_templates::Template;
use store::{Db, Migrations};
use url::Url;

use super::accounts::{self, ClockAndRandom};
use super::facts::facts;
use super::plugins::{self, Plugin};
use super::{mail, theme};
use crate::config::{Config, SettingInForce, StartError};
use crate::flows::Flows;
use crate::urls;
use crate::web::cookies::{Cookies, SessionScope};
use crate::web::language::KeepsLanguage;
use crate::web::{
    Cors, Dialects, HasAdministration, Observed, Openness, PublicOrigin, RequestFigures, ReturnTo,
    SecurityHeaders, UploadRules, base_path, policy,
};
use crate::{api, pages, web};

/// Builds the whole server from its settings.
///
/// # Errors
/// Names the setting or the theme's file with the error.
pub fn rocket(config: &Config, clock_and_random: ClockAndRandom) -> Result<Rocket<Build>, StartError> {
    rocket_with(config, clock_and_random, Vec::new())
}

/// Builds the server with `plugins`.
///
/// # Errors
/// As [`rocket`]; also names a plug-in that conflicts with the program or another plug-in.
pub fn rocket_with(
    config: &Config,
    clock_and_random: ClockAndRandom,
    mut plugins: Vec<Plugin>,
) -> Result<Rocket<Build>, StartError> {
    plugins::check(config, &plugins)?;
    let settings = &config.settings;
    let secure = config.public_url.scheme() == "https";
    let scope = SessionScope { domain: settings.session.domain.clone(), path: settings.session.path.clone() };
    let layers: Vec<_> = plugins.iter_mut().map(|plugin| std::mem::take(&mut plugin.layer)).collect();
    let migrations = plugins.iter_mut().map(|plugin| (plugin.name, plugin.migrations.take())).collect();
    let renderer = Arc::new(theme::renderer(settings, &layers, facts(config)?)?);
    let mut rocket = ::rocket::custom(figment(config)?)
        .attach(Database(Db::init()))
        .attach(templates_for_plugins(renderer.clone(), &plugins))
        .attach(public_origin(config))
        .attach(account_domain(config, renderer.clone(), clock_and_random, migrations))
        .attach(background_work())
        // This shield has no policies. It replaces Rocket's default shield, because `SecurityHeaders` sets
        // the headers.
        .attach(Shield::new())
        .attach(security_headers(config))
        .attach(KeepsLanguage)
        .attach(cors(config))
        .manage(renderer.clone())
        .manage(Cookies::new(&settings.http.cookie, secure, base_path(&config.public_url), &scope))
        .manage(ReturnTo::new(settings.site.return_to.clone()))
        .manage(UploadRules { folder: settings.uploads_folder(), picture: settings.picture.limits() })
        .manage(dialects(&plugins))
        .mount("/", web::in_turn(pages::routes()))
        .mount("/", web::in_turn(api::doors().flat_map(|door| (door.routes)()).collect()))
        .mount("/", web::asset_routes())
        .register("/", web::catchers());
    if settings.api.docs.0 {
        rocket = rocket.attach(api::published(
            config.fields.clone(),
            renderer,
            base_path(&config.public_url).to_owned(),
            pages::DIALECTS[0],
        ));
    }
    if settings.metrics.address.is_some() || settings.log.access.0 {
        let figures = Arc::new(RequestFigures::default());
        rocket = rocket.attach(Observed(figures.clone())).manage(figures);
    }
    if settings.admin.pages.0 {
        let routes = web::in_turn(pages::admin_routes());
        rocket = rocket.manage(installation(config)).manage(HasAdministration).mount("/", routes);
    }
    if mail::page_wanted(config) {
        rocket = rocket.manage(KeptMails::new(settings.mail_folder())).mount("/", pages::dev_mail_routes());
    }
    plugins::mount(rocket, plugins)
}

/// The configuration that Rocket and the database pool read.
fn figment(config: &Config) -> Result<Figment, StartError> {
    let settings = &config.settings;
    let database = map! {
        "url" => Value::from(settings.database_address()),
        "max_connections" => settings.database.connections.into(),
        "connect_timeout" => settings.database.patience_seconds.into(),
    };
    // `rocket_dyn_templates` requires an existing path. It reads no template there: the renderer copies its
    // own into it.
    let template_dir = std::env::current_exe().map_err(StartError::new)?;
    let figment = config.figment.clone().merge(("template_dir", template_dir));
    // The listener reads that header, and tells Rocket whose request it is.
    Ok(figment.merge(("databases.main", database)).merge(("ip_header", false)))
}

/// Copies the renderer's templates for plug-ins that answer with `rocket_dyn_templates::Template`. Without
/// plug-ins there is no use for the copies.
fn templates_for_plugins(renderer: Arc<Renderer>, plugins: &[Plugin]) -> impl Fairing {
    let renderer = (!plugins.is_empty()).then_some(renderer);
    Template::try_custom(move |engines| {
        if let Some(renderer) = &renderer {
            renderer.copy_into(&mut engines.tera)?;
        }
        Ok(())
    })
}

/// Manages [`PublicOrigin`]: the operator's `public_url`, or else the listener's address.
fn public_origin(config: &Config) -> AdHoc {
    let configured = config.settings.public_url.is_some();
    let public_url = config.public_url.clone();
    AdHoc::try_on_ignite("public origin", move |rocket| async move {
        let listening: Result<::rocket::Config, _> = rocket.figment().extract();
        let Ok(listening) = listening else { return Err(rocket) };
        let address = SocketAddr::new(listening.address, listening.port);
        let public_url = match (configured, Url::parse(&format!("http://{address}"))) {
            (false, Ok(listening)) => listening,
            _ => public_url,
        };
        Ok(rocket.manage(PublicOrigin::new(&public_url, configured)))
    })
}

/// Manages [`Flows`], over the pool that [`Database`] opened.
fn account_domain(
    config: &Config,
    renderer: Arc<Renderer>,
    clock_and_random: ClockAndRandom,
    migrations: Vec<(&'static str, Option<Migrations>)>,
) -> AdHoc {
    let settings = config.settings.clone();
    let policy = accounts::policy(config, &renderer);
    AdHoc::try_on_ignite("account domain", move |rocket| async move {
        let Some(db) = Db::fetch(&rocket) else { return Err(rocket) };
        let Some(origin) = rocket.state::<PublicOrigin>() else { return Err(rocket) };
        let issuer = origin.address("");
        let mail = mail::parts(&settings, &issuer, renderer);
        match accounts::assemble(db, &settings, policy, clock_and_random, mail, issuer, &migrations).await {
            Ok(flows) => Ok(rocket.manage(flows)),
            Err(error) => {
                log::error!("{error}");
                Err(rocket)
            }
        }
    })
}

/// Starts the background work: the removal of expired rows and of second factors that were lost, the sending
/// of mail, the telling of clients that somebody has signed out and of sites what happens, the making of
/// files with what accounts have, and the log of refusals.
fn background_work() -> AdHoc {
    AdHoc::on_liftoff("sweeper and mail", |rocket| {
        Box::pin(async move {
            if let Some(flows) = rocket.state::<Flows>() {
                flows.sweep.keep();
                flows.due_recoveries.keep();
                flows.erasures.keep();
                flows.hash_sample.keep();
                flows.refusal_log.keep();
                flows.mailing.keep();
                flows.logouts.keep();
                flows.webhooks.keep();
                flows.data_exports.keep();
            }
        })
    })
}

/// Lets the operator's origins call the dialects that authenticate by token, and the operator's sites ask who
/// is signed in.
fn cors(config: &Config) -> Cors {
    let callable = api::doors().filter(|door| door.cross_origin).map(|door| door.dialect.base);
    let by_token = Openness::with_tokens(config.settings.cors.origins.clone(), callable.collect());
    let of_sites = vec![urls::SESSION, urls::SIGN_OUT];
    Cors(vec![by_token, Openness::with_cookies(config.settings.site.return_to.clone(), of_sites)])
}

/// The security headers of this site.
pub fn security_headers(config: &Config) -> SecurityHeaders {
    SecurityHeaders { hsts: config.hsts(), policy: policy(&config.settings.site.return_to).leak() }
}

/// What the administration's pages say of the server.
fn installation(config: &Config) -> pages::Installation {
    let settings = &config.settings;
    let shown = |setting: SettingInForce| SettingView {
        name: setting.name,
        value: match setting.value {
            serde_json::Value::String(text) if setting.set => text,
            serde_json::Value::String(text) => plain(&text),
            other => other.to_string(),
        },
        set: setting.set,
    };
    pages::Installation {
        strict: settings.admin.second_factor.0,
        version: env!("CARGO_PKG_VERSION"),
        folder: settings.data_dir.clone(),
        mail_server: settings.smtp.url.as_ref().and_then(|url| mailer::server_of(url.reveal()).ok()),
        settings: config.in_force().into_iter().map(shown).collect(),
    }
}

/// Words of the manual without its marks: `[mail](#mail)` is `mail`.
fn plain(words: &str) -> String {
    let mut parts = words.split("](");
    let mut text = parts.next().unwrap_or_default().replace(['`', '['], "");
    for part in parts {
        let rest = part.split_once(')').map_or(part, |(_, rest)| rest);
        text.push_str(&rest.replace(['`', '['], ""));
    }
    text
}

fn dialects(plugins: &[Plugin]) -> Dialects {
    let ours = pages::DIALECTS.into_iter().chain(api::doors().map(|door| door.dialect));
    Dialects::new(ours.chain(plugins::dialects(plugins)))
}

/// Opens the database, and closes it after the mail being sent is settled. If it closed earlier, a message
/// that the mail server has accepted could not be recorded as sent, and would be sent again.
struct Database(rocket_db_pools::Initializer<Db>);

#[::rocket::async_trait]
impl Fairing for Database {
    fn info(&self) -> Info {
        Info { name: "database", kind: Kind::Ignite | Kind::Shutdown }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> ::rocket::fairing::Result {
        self.0.on_ignite(rocket).await
    }

    async fn on_shutdown(&self, rocket: &Rocket<Orbit>) {
        if let Some(flows) = rocket.state::<Flows>() {
            let grace = domain::lifetimes::MAIL_GRACE;
            let exports = flows.data_exports.stop(domain::lifetimes::DATA_EXPORT_GRACE);
            let jobs = (flows.mailing.stop(grace), flows.logouts.stop(grace), flows.webhooks.stop(grace));
            tokio::join!(jobs.0, jobs.1, jobs.2, exports);
        }
        self.0.on_shutdown(rocket).await;
    }
}
