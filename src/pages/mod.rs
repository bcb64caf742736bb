//! The browser's dialect, `/user/*`: the pages of the published theme API, and the same as JSON.

mod account_deletion;
mod addresses;
mod admin;
mod app_password_views;
mod app_passwords;
mod applications;
mod authorization;
mod autologin;
mod back;
mod bare;
mod client_sign_out;
mod data;
mod dev_mail;
mod devices;
mod fields;
mod identity;
mod login;
mod lost_factors;
mod openings;
mod passkey_login;
mod passkey_views;
mod passkeys;
mod pending_address;
mod picture;
mod profile;
mod prove;
mod provider_links;
mod provider_views;
mod providers;
mod recovery;
mod recovery_codes;
mod refuse;
mod registration;
mod second_step;
mod security;
mod security_log;
mod seen;
mod sessions;
mod settings;
mod show;
mod shown_again;
mod signed_in;
mod site_session;
mod terms;
mod totp;
mod typed;
mod verification;
mod way_back;

use domain::AccountError;
use rocket::{Route, get, routes};

use crate::urls;
use crate::web::{Dialect, Refusal, Reply, Visit};

pub use admin::Installation;
pub use dev_mail::routes as dev_mail_routes;
pub use refuse::refuse;

/// Paths that no JSON dialect owns are refused with pages. So is the autologin path, which lies below a
/// dialect's base but is opened by a person. Proxies and scripts that ask who is signed in get no page.
pub const DIALECTS: [Dialect; 4] = [
    Dialect { name: "pages", base: "", refuse },
    Dialect { name: "autologin", base: urls::AUTOLOGIN, refuse },
    Dialect { name: "forward auth", base: urls::FORWARD_AUTH, refuse: site_session::refuse },
    Dialect { name: "session", base: urls::SESSION, refuse: refuse::refuse_as_json },
];

/// All routes of the pages.
pub fn routes() -> Vec<Route> {
    let mut all = routes![
        home,
        health,
        ready,
        seen::seen,
        registration::form,
        registration::submit,
        login::form,
        login::submit,
        login::logout,
        site_session::headers,
        site_session::json,
        second_step::page,
        second_step::submit,
        second_step::begin,
        terms::page,
        terms::agree,
        account_deletion::page,
        account_deletion::submit,
        account_deletion::cancel,
        account_deletion::stray,
        account_deletion::link,
        account_deletion::restore,
        prove::page,
        prove::submit,
        prove::begin,
        passkey_login::begin,
        passkey_login::submit,
        passkey_login::stray,
        lost_factors::lost,
        lost_factors::request,
        lost_factors::link,
        lost_factors::ask,
        lost_factors::keep_link,
        lost_factors::keep_by_link,
        lost_factors::keep,
        lost_factors::stray,
        recovery::forgot,
        recovery::request,
        recovery::reset,
        recovery::choose,
        verification::link,
        verification::prove,
        verification::send,
        verification::stray,
        addresses::request,
        pending_address::again,
        pending_address::cancel,
        pending_address::stray,
        addresses::link,
        addresses::confirm,
        addresses::decline,
        addresses::stray,
        autologin::enter,
        autologin::switch,
        autologin::stray,
        profile::page,
        profile::settle,
        security::page,
        security_log::page,
        security_log::event,
        security_log::deny,
        passkeys::list,
        passkeys::begin,
        passkeys::add,
        passkeys::rename,
        passkeys::stray_rename,
        passkeys::remove,
        passkeys::stray_remove,
        passkeys::remove_password,
        passkeys::stray_password,
        app_passwords::list,
        app_passwords::make,
        app_passwords::revoke,
        app_passwords::stray,
        providers::list,
        providers::leave,
        providers::back,
        identity::page,
        identity::sign_up,
        identity::link,
        identity::stray,
        provider_links::list,
        provider_links::link,
        provider_links::unlink,
        provider_links::stray,
        applications::list,
        applications::end,
        applications::stray,
        authorization::page,
        authorization::by_post,
        authorization::decide,
        authorization::stray,
        client_sign_out::page,
        client_sign_out::by_post,
        client_sign_out::confirm,
        client_sign_out::stray,
        totp::page,
        totp::confirm,
        totp::remove,
        totp::stray,
        recovery_codes::make,
        recovery_codes::left,
        settings::password,
        settings::pasword,
        settings::username,
        settings::profile,
        settings::stray,
        devices::page,
        devices::pair,
        devices::stray,
        devices::remove,
        data::page,
        data::ask,
        data::file,
        openings::end,
        openings::end_others,
        openings::end_trust,
        sessions::end,
        sessions::end_others,
        picture::change,
        picture::remove,
        picture::rendition,
        picture::letter,
    ];
    call_of_pages(&mut all);
    all
}

/// The routes of the pages for administrators.
pub fn admin_routes() -> Vec<Route> {
    let mut all = routes![
        admin::home,
        admin::accounts::page,
        admin::account::page,
        admin::actions::page,
        admin::actions::submit,
        admin::invitations::page,
        admin::invitations::submit,
        admin::mail::page,
        admin::mail::retry,
        admin::mail::stray,
        admin::webhooks::page,
        admin::webhooks::retry,
        admin::webhooks::stray,
        admin::keys::page,
        admin::keys::make,
        admin::keys::revoke,
        admin::keys::stray,
        admin::audit::page,
        admin::status::page,
    ];
    call_of_pages(&mut all);
    all
}

fn call_of_pages(routes: &mut [Route]) {
    for route in routes {
        route.name = route.name.as_ref().map(|name| format!("pages::{name}").into());
    }
}

#[get("/")]
fn home(visit: Visit<'_>) -> Reply {
    Reply::see_other(if visit.who.is_some() { urls::PROFILE } else { urls::SIGN_IN })
}

/// Health check for load balancers: 200 while the database answers.
#[get("/health")]
async fn health(visit: Visit<'_>) -> Result<Reply, Refusal> {
    visit.flows.store().ping().await.map_err(AccountError::from)?;
    Ok(Reply::json(rocket::http::Status::Ok, &serde_json::json!({ "status": "ok" })))
}

/// Whether this instance can do its work: 200 while the database takes writes.
#[get("/health/ready")]
async fn ready(visit: Visit<'_>) -> Result<Reply, Refusal> {
    visit.flows.store().try_write().await.map_err(AccountError::from)?;
    Ok(Reply::json(rocket::http::Status::Ok, &serde_json::json!({ "status": "ok" })))
}
