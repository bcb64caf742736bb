//! The rules of accounts. A flow takes a command and returns an outcome or an [`AccountError`]. Flows contain
//! no HTTP and no SQL, and use templates only for mail and for what people take home.
//!
//! Each service is a small struct of its dependencies. [`Flows`] bundles the services and adds no rule.

mod account;
pub mod administration;
mod avatar;
mod client;
mod data_export;
mod doctors_proof;
mod factor_recovery;
mod jobs;
mod keys;
mod known_devices;
mod links;
pub mod mail;
pub mod oidc;
mod openings;
mod own_deletion;
mod paired;
mod parts;
mod passkeys;
mod passwords;
mod policy;
mod providers;
mod refusals;
mod sealed_time;
mod second_factors;
mod security_log;
mod services;
mod sessions;
mod sign_in;
pub mod webhooks;

#[cfg(test)]
mod fixture;

use std::ops::Deref;
use std::sync::Arc;

pub use account::{
    CropRequest, NewRegistration, PasswordInput, Pictures, ProfileInput, Profiles, Registered, Registrations,
    letter_picture,
};
pub use administration::{AccountChange, Administration, Erasures, NewAccount};
pub use avatar::Avatar;
pub use client::Client;
pub use data_export::{DataExportState, DataExports, DataFile, ExportAsked};
pub use doctors_proof::{DoctorsProof, prove as doctors_proof};
pub use factor_recovery::{DueRecoveries, FactorRecovery};
pub use jobs::{HashSample, RefusalLog, Sweep};
pub use keys::{
    ApiKeys, AppPasswords, Bearers, PresentedKey, ResetCaller, ResetOutcome, UserSecrets, api_keys,
};
pub use links::{AddressOffer, AddressProof, LinkRequest, Links, OwnerProof, VerificationOffer};
pub use mail::{MailParts, Mailing};
pub use openings::{ListedOpening, Openings, words as opening_words};
pub use own_deletion::{DeletionOutcome, OwnDeletion};
pub use paired::{DeviceNews, DeviceStatus, FetchedBearer, PairedDevices, Pairer};
pub use parts::Parts;
pub use passkeys::{NewlyAdded, OwnPasskeys, Passkeys, RelyingParty, refused_credential};
pub use policy::AccountPolicy;
pub use providers::{
    Arrived, ProviderRefused, ProviderReturn, ProviderSignUp, ProviderState, Providers, SignedUp,
    WaitingIdentity, Wish,
};
pub use second_factors::{SecondFactors, resealing};
pub use security_log::{AddressAfter, SecurityLog, shown_actor, told};
pub use services::Services;
pub use sessions::{Proofs, Sessions, SignedIn};
pub use sign_in::{
    Grant, LoggedIn, LoginAttempt, PasskeyLogin, SecondAnswer, SecondStep, SignIn, SignInOutcome, TicketLogin,
};
pub use webhooks::{Webhook, Webhooks};

use tokio::sync::Notify;

use account::proof_of_work::ProofOfWork;
use jobs::leased::Worker;
use mail::cause::Notices;
use oidc::{Logouts, Oidc, SigningKeys};
use passwords::Passwords;
use sign_in::admission::Admission;
use sign_in::grants::Grants;

/// The services, shared. Cheap to clone.
#[derive(Clone)]
pub struct Flows(Arc<Services>);

impl Deref for Flows {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

impl Flows {
    /// Builds the services and subscribes their caches to changes in the store.
    pub fn new(parts: Parts) -> Self {
        let Parts {
            store,
            hasher,
            limiter,
            pictures_at_work,
            pictures,
            exports,
            secrets,
            mail,
            clock,
            random,
            outbound,
            issuer,
            policy,
            providers,
            webhooks,
        } = parts;
        let verification = policy.verification;
        let hasher = Arc::new(hasher);
        let terms = policy.sign_up.terms.as_ref().map(|terms| Arc::from(terms.version.as_str()));
        let admission = Admission { verification, strict: policy.factors_required.clone(), terms };
        let grants = Grants { random: random.clone(), sign_ins: Arc::default() };
        let notices = Notices { store: store.clone(), verification, clock: clock.clone() };
        let passwords = Passwords {
            store: store.clone(),
            hasher: hasher.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            rules: policy.password.clone(),
            secret_outlives: policy.secret_outlives_password,
        };
        let passkeys = Passkeys {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            random: random.clone(),
            relying_party: policy.passkeys.clone(),
        };
        let bearers = Bearers {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            random: random.clone(),
            admission: admission.clone(),
        };
        let keys = Arc::new(ApiKeys::new(store.clone(), clock.clone()));
        let (mailer, renderer) = (mail.mailer.clone(), mail.renderer.clone());
        let mailing = Arc::new(Mailing::new(store.clone(), clock.clone(), random.clone(), mail));
        let second_factors = Arc::new(SecondFactors {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            random: random.clone(),
            secrets: secrets.clone(),
        });
        let doctors_proof = DoctorsProof { secrets: secrets.clone(), clock: clock.clone() };
        let signing_keys = Arc::new(SigningKeys::new(store.clone(), clock.clone(), random.clone(), secrets));
        let logouts = Arc::new(Logouts {
            store: store.clone(),
            clock: clock.clone(),
            random: random.clone(),
            signing_keys: signing_keys.clone(),
            outbound: outbound.clone(),
            issuer,
            worker: Worker::new(),
        });
        let told = webhooks.iter().map(|hook| hook.name.clone()).collect();
        let webhooks = Webhooks::new(store.clone(), clock.clone(), random.clone(), outbound, webhooks);
        let sign_in = Arc::new(SignIn {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            random: random.clone(),
            passwords: passwords.clone(),
            passkeys: passkeys.clone(),
            admission: admission.clone(),
            grants: grants.clone(),
            notices: notices.clone(),
            second_factors: second_factors.clone(),
        });
        let registration = Arc::new(Registrations {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            passwords: passwords.clone(),
            sign_in: sign_in.clone(),
            mailer: mailer.clone(),
            admission: admission.clone(),
            grants: grants.clone(),
            notices: notices.clone(),
            fields: policy.fields.clone(),
            verification,
            rules: policy.sign_up.clone(),
            work: ProofOfWork::new(&doctors_proof.secrets, &clock, &random, policy.sign_up.bots),
        });
        let links = Arc::new(Links {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            passwords: passwords.clone(),
            notices: notices.clone(),
            mailer: mailer.clone(),
            verification,
            random: random.clone(),
            rules: policy.sign_up.clone(),
        });
        let data_exports = Arc::new(DataExports {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            random: random.clone(),
            folder: exports.clone(),
            pictures: pictures.clone(),
            renderer,
            fields: policy.fields.clone(),
            openings: Openings {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                limits: policy.session,
            },
            worker: Worker::new(),
            asked: Notify::new(),
        });
        let pictures = Arc::new(Pictures {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            pool: pictures_at_work,
            storage: pictures,
            max_mib: policy.picture.max_mib,
        });
        let services = Services {
            sessions: Sessions::new(
                store.clone(),
                limiter.clone(),
                clock.clone(),
                policy.session,
                policy.cached_sessions,
            ),
            proofs: Proofs {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                random: random.clone(),
                passwords: passwords.clone(),
                second_factors: second_factors.clone(),
                passkeys: passkeys.clone(),
            },
            openings: Openings {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                limits: policy.session,
            },
            factor_recovery: FactorRecovery {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                waits: policy.factor_recovery,
            },
            due_recoveries: DueRecoveries { store: store.clone(), clock: clock.clone() },
            security_log: SecurityLog {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
            },
            profile: Profiles {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                random: random.clone(),
                passwords: passwords.clone(),
                verification,
                rules: policy.sign_up.clone(),
                usernames: policy.usernames,
                fields: policy.fields.clone(),
                locales: policy.locales.clone(),
            },
            pictures: pictures.clone(),
            paired: Arc::new(PairedDevices::new(
                store.clone(),
                limiter.clone(),
                clock.clone(),
                random.clone(),
                bearers.clone(),
                notices.clone(),
            )),
            passkeys,
            app_passwords: AppPasswords {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                random: random.clone(),
            },
            oidc: Oidc {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                random: random.clone(),
                admission: admission.clone(),
                fields: policy.fields.clone(),
                signing_keys,
            },
            logouts,
            providers: Providers {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                random: random.clone(),
                sign_in: sign_in.clone(),
                registration: registration.clone(),
                admission: admission.clone(),
                all: providers.into(),
            },
            user_secrets: UserSecrets {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                random: random.clone(),
                passwords: passwords.clone(),
                admission: admission.clone(),
                grants: grants.clone(),
                bearers: bearers.clone(),
                sign_in: sign_in.clone(),
                links: links.clone(),
                notices,
            },
            administration: Administration {
                store: store.clone(),
                clock: clock.clone(),
                passwords,
                grants,
                registration: registration.clone(),
                sign_in: sign_in.clone(),
                links: links.clone(),
                keys: keys.clone(),
                fields: policy.fields.clone(),
                verification,
            },
            mailing: mailing.clone(),
            webhooks: Arc::new(webhooks),
            data_exports,
            sweep: Sweep {
                store: store.clone(),
                clock: clock.clone(),
                limits: policy.session,
                audit_kept: policy.audit_kept,
                webhooks: told,
                exports,
            },
            doctors_proof,
            own_deletion: OwnDeletion {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                random: random.clone(),
                mode: policy.deletion_mode,
                grace: policy.deletion_grace,
            },
            erasures: Erasures {
                store: store.clone(),
                clock: clock.clone(),
                pictures: pictures.clone(),
                grace: policy.deletion_grace,
                usernames: policy.usernames,
            },
            hash_sample: HashSample { store: store.clone(), hasher: hasher.clone() },
            refusal_log: RefusalLog { limiter, hasher, mailing },
            sign_in,
            second_factors,
            registration,
            links,
            bearers,
            keys,
            store,
            clock,
            random,
            policy,
            admission,
        };
        Self(Arc::new(services))
    }
}
