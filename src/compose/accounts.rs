//! Builds the account services from the settings.

use std::fmt::Display;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use domain::lifetimes::{SESSION_TOUCH, days};
use domain::{Clock, OsRandom, PasswordPolicy, Random, ReservedNames, Role, SessionLimits, SystemClock};
use exports::ExportFolder;
use hasher::{HashCost, Hasher, HasherSettings};
use limiter::{Limiter, LimiterSettings};
use look::Renderer;
use outbound::Outbound;
use pictures::{DecodeBudget, FolderStorage, Limits, PicturePool, PictureWorkshop};
use providers::Provider;
use store::{Db, DbPool, Migrations, Store};

use super::backup::check_restored;
use super::secret_keys::keyring;
use super::webhooks;
use crate::config::{Config, Settings, StartError, foreign_secrets};
use crate::flows::{AccountPolicy, Flows, MailParts, Parts, RelyingParty, api_keys};

/// The clock and the random generator of a server. Tests bring their own.
#[derive(Clone)]
pub struct ClockAndRandom {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The generator of tokens and salts.
    pub random: Arc<dyn Random>,
}

impl Default for ClockAndRandom {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), random: Arc::new(OsRandom) }
    }
}

/// The limits of an uploaded picture.
pub fn picture_limits(settings: &Settings) -> Limits {
    let picture = settings.picture.limits();
    Limits { max_bytes: picture.max_bytes(), max_pixels: picture.max_pixels(), ..Limits::default() }
}

/// Creates the data folder, opens the database of these settings and runs the migrations. The pool has one
/// connection.
///
/// # Errors
/// Names the setting with the wrong value.
pub async fn open_store(config: &Config) -> Result<Store, StartError> {
    let settings = &config.settings;
    settings.make_folders()?;
    check_restored(settings, None).await?;
    let pool = connect(settings).await?;
    check_restored(settings, Some(&pool)).await?;
    let store = Store::open(pool).await.map_err(|error| settings.wrong_database(error))?;
    webhooks::subscribe(&store, settings, Arc::new(OsRandom));
    Ok(store)
}

/// Opens the database that a server has made, for a command that may run beside that server. Makes neither a
/// database nor a data folder.
///
/// # Errors
/// Names the setting with the wrong value, and the database that is not there.
pub async fn open_servers_store(config: &Config) -> Result<Store, StartError> {
    let settings = &config.settings;
    settings.check_database_is_there()?;
    // A command needs no data folder, and a `data` that stands where it is typed may be somebody else's.
    settings.close_database()?;
    let pool = connect(settings).await?;
    let state = store::schema_state(&pool).await.map_err(|error| settings.wrong_database(error))?;
    if state.pending > 0 {
        // A server of that version may be running, and would not understand what became of its tables.
        return Err(StartError::new(
            "the database is of an earlier version of this program: start the server once, which brings it up to date",
        ));
    }
    let store = Store::open_used(pool).await.map_err(|error| settings.wrong_database(error))?;
    webhooks::subscribe(&store, settings, Arc::new(OsRandom));
    Ok(store)
}

/// One connection to the database, as it is.
///
/// # Errors
/// Names the setting with the wrong value.
pub(super) async fn connect(settings: &Settings) -> Result<DbPool, StartError> {
    let patience = Duration::from_secs(settings.database.patience_seconds);
    let pool = DbPool::connect(&settings.database_address(), 1, patience)
        .await
        .map_err(|error| settings.wrong_database(error))?;
    pool.check_pooler().await.map_err(|error| settings.wrong_database(error))?;
    Ok(pool)
}

/// Runs the migrations of the plug-in `owner`.
///
/// # Errors
/// Names the plug-in if a migration fails, or was changed after it had run.
pub async fn migrate(store: &Store, owner: &str, migrations: Option<&Migrations>) -> Result<(), StartError> {
    let Some(migrations) = migrations else { return Ok(()) };
    let run = store.migrate(migrations).await;
    run.map_err(|error| StartError::new(format!("plug-in `{owner}`: {error}")))
}

/// The site as passkeys know it; `None` where they cannot work.
pub fn relying_party(config: &Config) -> Option<RelyingParty> {
    RelyingParty::at(&config.public_url, &config.settings.site.name)
}

/// The host that passkeys belong to; `None` where they cannot work.
pub fn passkey_site(config: &Config) -> Option<String> {
    relying_party(config).map(|party| party.id().to_owned())
}

/// Usernames that nobody chooses.
pub fn reserved_names(config: &Config) -> ReservedNames {
    let Settings { registration, site, .. } = &config.settings;
    registration.rules(&site.name, &config.public_url, None).reserved
}

/// The rules of passwords.
pub fn password_policy(config: &Config) -> PasswordPolicy {
    PasswordPolicy {
        min_length: config.settings.password.min_length,
        site_name: config.settings.site.name.clone(),
        host: config.public_url.host_str().unwrap_or_default().to_owned(),
    }
}

/// What a hash costs.
///
/// # Errors
/// Names the section with the wrong value.
fn hash_cost(settings: &Settings) -> Result<HashCost, StartError> {
    HashCost::new(settings.password.memory_kib, settings.password.passes)
        .map_err(|error| StartError::setting("password", error))
}

/// A hasher for one hash at a time, for commands.
///
/// # Errors
/// Names the section with the wrong value; no thread can be started.
pub fn single_hasher(settings: &Settings) -> Result<Hasher, StartError> {
    let one = NonZeroUsize::MIN;
    let hasher = HasherSettings { cost: hash_cost(settings)?, threads: one, queue: one, share: one };
    Hasher::start(&hasher, Arc::new(|bytes| OsRandom.fill(bytes)))
        .map_err(|error| StartError::setting("password.threads", error))
}

/// The rules of the account services.
pub fn policy(config: &Config, renderer: &Renderer) -> AccountPolicy {
    let settings = &config.settings;
    AccountPolicy {
        password: password_policy(config),
        secret_outlives_password: settings.amadis.secret_outlives_password.0,
        // Their names are looked up in the database.
        factors_required: Arc::from([]),
        session: SessionLimits {
            idle: days(settings.session.idle_days),
            absolute: days(settings.session.absolute_days),
            touch_every: SESSION_TOUCH,
        },
        factor_recovery: settings.second_factor.recovery(),
        cached_sessions: settings.session.cached,
        fields: config.fields.clone(),
        locales: renderer.catalog().locales().map(|locale| locale.as_str().to_owned()).collect(),
        picture: settings.picture.limits(),
        verification: settings.registration.verify,
        audit_kept: days(settings.audit.days),
        deletion_mode: settings.deletion.mode,
        deletion_grace: days(settings.deletion.grace_days),
        usernames: settings.username.life(),
        sign_up_username: settings.registration.username,
        sign_up: settings.registration.rules(&settings.site.name, &config.public_url, settings.terms.terms()),
        passkeys: relying_party(config),
    }
}

/// The roles that must have a second factor.
///
/// # Errors
/// Names the setting when there is no such role.
async fn required_roles(store: &Store, settings: &Settings) -> Result<Arc<[Role]>, StartError> {
    let words = &settings.second_factor.required;
    if words.is_empty() {
        return Ok(Arc::from([]));
    }
    let known = api_keys::all_roles(store).await;
    let known = known.map_err(|error| StartError::setting("database_url", error))?;
    let named = |word: &String| {
        let found = known.iter().find(|(role, name)| name == word || role.0.to_string() == *word);
        found.map(|(role, _)| *role).ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|(_, name)| name.as_str()).collect();
            let said = format!("there is no role `{word}`; there are {}", names.join(", "));
            StartError::setting("second_factor.required", said)
        })
    };
    words.iter().map(named).collect()
}

/// What calls other servers.
///
/// # Errors
/// Names the setting with the wrong value.
pub fn outbound(settings: &Settings) -> Result<Outbound, StartError> {
    let Some(file) = &settings.outbound.ca_file else { return Outbound::new(None).map_err(StartError::new) };
    let wrong =
        |why: &dyn Display| StartError::setting("outbound.ca_file", format!("{}: {why}", file.display()));
    let pem = std::fs::read(file).map_err(|error| wrong(&error))?;
    Outbound::new(Some(&pem)).map_err(|error| wrong(&error))
}

/// Builds the account services over an open pool.
///
/// # Errors
/// Names the setting or the plug-in that prevents the start.
pub async fn assemble(
    db: &Db,
    settings: &Settings,
    mut policy: AccountPolicy,
    clock_and_random: ClockAndRandom,
    mail: Result<MailParts, StartError>,
    issuer: String,
    changes: &[(&str, Option<Migrations>)],
) -> Result<Flows, StartError> {
    let store =
        Store::open((**db).clone()).await.map_err(|error| StartError::setting("database_url", error))?;
    webhooks::subscribe(&store, settings, clock_and_random.random.clone());
    for (owner, migrations) in changes {
        migrate(&store, owner, migrations.as_ref()).await?;
    }
    policy.factors_required = required_roles(&store, settings).await?;
    let secrets = keyring(settings, &store, clock_and_random.random.as_ref()).await?;
    let cost = hash_cost(settings)?;
    let default = HasherSettings::default();
    let threads = settings.password.threads.and_then(NonZeroUsize::new).unwrap_or(default.threads);
    let per_thread = NonZeroUsize::new(hasher::DEFAULT_QUEUE_PER_THREAD).unwrap_or(NonZeroUsize::MIN);
    let queue =
        settings.password.queue.and_then(NonZeroUsize::new).unwrap_or(threads.saturating_mul(per_thread));
    let random = clock_and_random.random.clone();
    // Tests and benchmarks, which switch the limits off, are one client that may have the whole queue.
    let share = if settings.rate_limits.0 { HasherSettings::quarter(queue) } else { queue };
    let hasher = HasherSettings { cost, threads, queue, share };
    let hasher = Hasher::start(&hasher, Arc::new(move |bytes| random.fill(bytes)))
        .map_err(|error| StartError::setting("password.threads", error))?
        .with_secrets(foreign_secrets::secrets(&settings.foreign_secrets));
    let rates = settings.rates.rates();
    let limiter = if settings.rate_limits.0 {
        Limiter::new(LimiterSettings { rates, ..LimiterSettings::default() })
    } else {
        Limiter::off()
    };
    let limits = picture_limits(settings);
    let pictures = FolderStorage::open(settings.pictures_folder())
        .map_err(|error| StartError::setting("data_dir", error))?;
    let pictures_at_work =
        PicturePool::start(PictureWorkshop::new(limits, DecodeBudget::default())).map_err(StartError::new)?;
    let outbound = outbound(settings)?;
    let provider = |settings| Provider::new(settings, outbound.clone());
    let providers = settings.other_providers().into_iter().map(provider).collect();
    Ok(Flows::new(Parts {
        store,
        hasher,
        limiter,
        pictures_at_work,
        pictures: Arc::new(pictures),
        exports: ExportFolder::at(settings.exports_folder()),
        secrets,
        mail: mail?,
        clock: clock_and_random.clock,
        random: clock_and_random.random,
        outbound,
        issuer,
        policy,
        providers,
        webhooks: webhooks::webhooks(settings),
    }))
}
